#include "cmd/payrun/summary.h"

#include <inttypes.h>
#include <string.h>

#include "cmd/payrun/doc.h"
#include "values/currency.h"
#include "values/money.h"

void summary_amount(struct buf *buf, const char *currency, int64_t minor, unsigned decimals)
{
	if (currency_find(text_of(currency)) != NULL)
		money_text(buf, minor, decimals);
	else
		money_text_short(buf, minor, decimals);
}

void summary_counts(struct buf *buf, const int64_t counts[PAYOUT_STATES])
{
	bool any = false;
	for (int state = 0; state < PAYOUT_STATES; state++) {
		if (counts[state] == 0)
			continue;
		buf_addf(buf, "%s%" PRId64 " %s", any ? ", " : "", counts[state], state_name((enum payout_state)state));
		any = true;
	}
	if (!any)
		buf_addz(buf, "no payouts");
}

static void say_total(struct output *output, const char *name, const struct journal_total *total)
{
	struct buf amount = {0};
	summary_amount(&amount, total->currency, total->minor, total->decimals);
	output_say(output, "  %-10s %10" PRId64 "  %22s %s\n", name, total->count, buf_str(&amount), total->currency);
	buf_release(&amount);
}

static void say_sums(struct output *output, const struct journal_sums *sums)
{
	for (int i = 0; i < sums->in_count; i++) {
		say_total(output, "in", &sums->in[i]);
		for (int j = 0; j < sums->by_state_count; j++)
			/* One code may be two assets: USDT counts in two decimals at one provider, in six at another.
			 */
			if (strcmp(sums->by_state[j].currency, sums->in[i].currency) == 0 &&
				sums->by_state[j].decimals == sums->in[i].decimals)
				say_total(output, state_name(sums->by_state[j].state), &sums->by_state[j]);
	}
	output_say(output, sums->balanced ? "  the sums agree\n" : "  THE SUMS DO NOT AGREE\n");
}

static void add_totals(struct buf *json, const struct journal_sums *sums)
{
	struct buf amount = {0};
	doc_name(json, "totals");
	doc_open(json, '[');
	for (int i = 0; i < sums->by_state_count; i++) {
		const struct journal_total *total = &sums->by_state[i];
		buf_reset(&amount);
		summary_amount(&amount, total->currency, total->minor, total->decimals);
		doc_open(json, '{');
		doc_member_string(json, "currency", total->currency);
		doc_member_string(json, "state", state_name(total->state));
		doc_member_number(json, "count", total->count);
		doc_member(json, "amount", buf_text(&amount));
		doc_close(json, '}');
	}
	doc_close(json, ']');
	doc_member_bool(json, "balanced", sums->balanced);
	buf_release(&amount);
}

void summary_counts_json(struct buf *json, const int64_t counts[PAYOUT_STATES])
{
	doc_open(json, '{');
	for (int state = 0; state < PAYOUT_STATES; state++)
		if (counts[state] > 0)
			doc_member_number(json, state_name((enum payout_state)state), counts[state]);
	doc_close(json, '}');
}

static void open_batch(struct buf *json, const struct journal_batch *batch, bool is_new)
{
	char hex[2 * SHA256_SIZE + 1];
	text_hex(batch->sha256, SHA256_SIZE, hex);
	doc_open(json, '{');
	doc_member_string(json, "id", batch->name);
	doc_member(json, "file", batch->file);
	doc_member_string(json, "sha256", hex);
	doc_member_time(json, "received_at", batch->received_at);
	doc_member(json, "received_by", batch->received_by);
	doc_member_bool(json, "new", is_new);
	doc_member_number(json, "rows", batch->rows);
}

static void add_reports(struct program *program, const struct summary *summary)
{
	struct buf *json = &program->output.batches;
	doc_name(json, "reports");
	doc_open(json, '[');
	for (int i = 0; i < summary->report_count; i++) {
		doc_value(json, text_of(summary->reports[i]));
		output_say(&program->output, "  report ");
		output_show(&program->output, text_of(summary->reports[i]));
		output_say(&program->output, "\n");
	}
	doc_close(json, ']');
}

bool summary_returns(struct program *program, int64_t batch, struct buf *json, struct fault *fault)
{
	struct journal *journal = program->session.journal;
	struct arena arena = {0};
	struct attempt attempt;
	int64_t id = 0, count = 0;
	bool found = false, done = true;
	while ((done = journal_return_next(journal, id, &id, fault)) && id != 0) {
		arena_reset(&arena);
		if (!(done = journal_attempt_get(journal, id, &arena, &attempt, &found, fault)))
			break;
		count += found && (batch == 0 || attempt.batch == batch);
	}
	if (count > 0)
		output_say(&program->output, "  return pending %8" PRId64 "\n", count);
	doc_member_number(json, "return_pending", count);
	arena_release(&arena);
	return done;
}

bool summary_batch(struct program *program, int64_t id, const struct summary *summary)
{
	struct journal *journal = program->session.journal;
	struct output *output = &program->output;
	struct arena arena = {0};
	struct fault fault = {0};
	struct journal_batch batch;
	struct journal_sums sums;
	int64_t counts[PAYOUT_STATES] = {0};
	bool done = journal_batch_get(journal, id, &arena, &batch, &fault) &&
		    journal_sums_shown(journal, id, &arena, &sums, &fault);
	if (!done) {
		program_fault(program, &fault);
		goto out;
	}
	for (int i = 0; i < sums.by_state_count; i++)
		counts[sums.by_state[i].state] += sums.by_state[i].count;
	output_say(output, "%s  ", batch.name);
	output_show(output, batch.file);
	output_say(output, "  %" PRId64 " rows\n", batch.rows);
	say_sums(output, &sums);
	open_batch(&output->batches, &batch, summary->is_new);
	add_totals(&output->batches, &sums);
	doc_name(&output->batches, "by_state");
	summary_counts_json(&output->batches, counts);
	done = summary_returns(program, id, &output->batches, &fault);
	if (!done)
		program_fault(program, &fault);
	add_reports(program, summary);
	doc_close(&output->batches, '}');
	if (!sums.balanced)
		exit_note(&program->notes, CODE_BREAK);
out:
	arena_release(&arena);
	return done;
}

bool summary_line(struct program *program, const struct journal_batch *batch)
{
	struct output *output = &program->output;
	struct fault fault = {0};
	struct buf shown = {0};
	char received[CLOCK_ISO_SIZE];
	int64_t counts[PAYOUT_STATES];
	if (output->json) {
		struct summary none = {.is_new = false};
		return summary_batch(program, batch->id, &none);
	}
	if (!journal_counts(program->session.journal, batch->id, counts, &fault)) {
		program_fault(program, &fault);
		return false;
	}
	clock_iso_s(batch->received_at, received);
	summary_counts(&shown, counts);
	output_say(output, "%-16s %s  %8" PRId64 " rows  %s  ", batch->name, received, batch->rows, buf_str(&shown));
	output_show(output, batch->file);
	output_say(output, "\n");
	buf_release(&shown);
	return true;
}

void summary_head(struct program *program)
{
	int64_t seq;
	char hash[65];
	journal_head(program->session.journal, &seq, hash);
	output_say(&program->output, "head %" PRId64 " %s\n", seq, hash);
	doc_member_string(&program->output.members, "head", hash);
	doc_member_number(&program->output.members, "head_seq", seq);
}

void summary_exit(struct program *program, const struct account *account, bool final, int64_t past, bool held_as_asked)
{
	const int64_t *counts = account->counts;
	exit_notes *notes = &program->notes;
	bool open = counts[PAYOUT_READY] + counts[PAYOUT_SENDING] > 0 || counts[PAYOUT_UNKNOWN] > past;
	if (past > 0)
		exit_note(notes, CODE_PERSON);
	if (open || account->held_date > 0 || (account->held_option > 0 && !held_as_asked) ||
		(final && counts[PAYOUT_ACCEPTED] > 0))
		exit_note(notes, CODE_UNFINISHED);
	if (account->held_approval > 0 && !held_as_asked)
		exit_note(notes, CODE_APPROVAL);
	if (counts[PAYOUT_REJECTED] + counts[PAYOUT_FAILED] + counts[PAYOUT_RETURNED] + counts[PAYOUT_CANCELED] > 0)
		exit_note(notes, CODE_SOME_BAD);
}
