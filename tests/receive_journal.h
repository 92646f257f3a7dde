/* The place of receive_place.h with a journal, and what a test asks of it. */
#ifndef TESTS_RECEIVE_JOURNAL_H
#define TESTS_RECEIVE_JOURNAL_H

#include "tests/receive_place.h"

#define DAY_MS INT64_C(86400000)

static inline struct place *place_with_journal(const char *settings)
{
	struct place *place = place_open();

	configure(place, settings);
	open_journal(place);
	return place;
}

static inline enum receive_verdict receive(struct place *place, const struct receive_options *options)
{
	struct finding_sink sink = sink_of_place(place);
	enum receive_verdict verdict = receive_file(&place->stage, options, &sink, &place->result, &place->fault);

	if (verdict == RECEIVE_FAULT && !place->fault.set)
		fail_msg("a fault without words");
	assert_int_equal(place->result.verdict, verdict);
	return verdict;
}

static inline enum receive_verdict receive_text(struct place *place, const char *name, const char *rows)
{
	struct buf csv = {0};
	struct receive_options options;

	buf_addf(&csv, "%s\n%s", HEAD, rows);
	options = options_of(put(place, name, buf_str(&csv)));
	options.on_error = ON_ERROR_SKIP;
	buf_release(&csv);
	return receive(place, &options);
}

static inline bool add_line(void *context, const struct journal_line *line)
{
	struct buf *lines = context;

	buf_addf(lines, "%lld ", (long long)line->payout.row);
	buf_addt(lines, line->payout.reference);
	buf_addf(lines, " %s ", state_name(line->state));
	buf_addt(lines, line->payout.reason_code);
	buf_addf(lines, " %lld %s\n", (long long)line->payout.amount_minor,
		line->channel != NULL ? line->channel->name : "-");
	return true;
}

/* "2 A-1 ready  12500000 main\n" a row */
static inline const char *lines_of(struct place *place, int64_t batch)
{
	static struct buf lines;
	struct fault fault = {0};

	buf_reset(&lines);
	must(journal_line_each(place->stage.journal, batch, add_line, &lines, &fault), &fault);
	return buf_str(&lines);
}

static inline bool count_batch(void *context, const struct journal_batch *batch)
{
	(void)batch;
	++*(int *)context;
	return true;
}

static inline int batches_of(struct place *place)
{
	struct fault fault = {0};
	int count = 0;

	must(journal_batch_each(place->stage.journal, count_batch, &count, &fault), &fault);
	return count;
}

static inline void tell_break(void *context, const char *code, const char *message)
{
	(void)context;
	print_error("%s %s\n", code, message);
}

/* Nothing that verify looks at is broken, and the sums agree. */
static inline void expect_sound(struct place *place)
{
	struct fault fault = {0};
	struct arena arena = {0};
	struct journal_sums sums;
	int64_t breaks = 0;

	must(journal_verify(place->stage.journal, TEXT(""), tell_break, NULL, &breaks, &fault), &fault);
	assert_int_equal(breaks, 0);
	must(journal_sums(place->stage.journal, 0, &arena, &sums, &fault), &fault);
	assert_true(sums.balanced);
	arena_release(&arena);
}

#endif
