#include "journal/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/tick.h"
#include "journal/inside.h"

/* --- the end of the chain ---------------------------------------------------------------------------------------- */

static void take_chain(void *context, const struct cell *row)
{
	struct chain *chain = context;

	chain->seq = row[0].number;
	chain->newest_ms = row[2].number;
	assert(row[1].text.len == SHA256_SIZE);
	text_hex(row[1].text.ptr, SHA256_SIZE, chain->hash);
}

bool chain_read(const struct journal *journal, struct chain *chain, struct fault *fault)
{
	const struct backend *backend = journal->backend;
	struct store_cursor *cursor = backend->query(journal->store, EVENT_LAST, NO_CELLS, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL && backend->next(cursor, &row, fault);

	*chain = (struct chain){0};
	memset(chain->hash, '0', sizeof(chain->hash) - 1);
	if (row != NULL)
		take_chain(chain, row);
	backend->done(cursor);
	return ok;
}

/* Outside a transaction others may have added to it. */
static struct chain chain_now(const struct journal *journal)
{
	struct fault ignored = {0};
	struct chain chain;

	return !journal->writing && chain_read(journal, &chain, &ignored) ? chain : journal->chain;
}

void journal_head(const struct journal *journal, int64_t *seq, char hash[65])
{
	struct chain chain = chain_now(journal);

	*seq = chain.seq;
	memcpy(hash, chain.hash, sizeof(chain.hash));
}

int64_t journal_newest_event_ms(const struct journal *journal)
{
	return chain_now(journal).newest_ms;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void add_field(struct buf *line, struct text text)
{
	size_t plain = 0;

	buf_addc(line, '\t');
	while (plain < text.len && text.ptr[plain] != '\t' && text.ptr[plain] != '\n' && text.ptr[plain] != '\\')
		plain++;
	buf_add(line, text.ptr, plain);
	for (size_t i = plain; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == '\t')
			buf_add(line, "\\t", 2);
		else if (byte == '\n')
			buf_add(line, "\\n", 2);
		else if (byte == '\\')
			buf_add(line, "\\\\", 2);
		else
			buf_addc(line, byte);
	}
}

static void add_number(struct buf *line, int64_t number)
{
	buf_addc(line, '\t');
	if (number != 0)
		buf_addi(line, number);
}

/* The fields of CONTRACT section 10, in its order. */
static void write_line(struct journal *journal, const struct event *event, const char *name)
{
	struct buf *line = &journal->line;

	buf_reset(line);
	buf_addi(line, journal->chain.seq + 1);
	add_field(line, text_of(journal->iso));
	add_field(line, text_of(event->kind));
	add_field(line, text_of(name));
	add_number(line, event->row);
	add_number(line, event->number);
	add_number(line, event->version);
	add_field(line, text_of(event->from));
	add_field(line, text_of(event->to));
	add_field(line, event->evidence);
	buf_addc(line, '\t');
	buf_add(line, journal->who.data, journal->who.len);
	add_field(line, event->reason);
	buf_addc(line, '\t');
	buf_add(line, journal->chain.hash, sizeof(journal->chain.hash) - 1);
}

bool event_write(struct journal *journal, const struct event *event, struct fault *fault)
{
	int64_t now = clock_now(journal->clock).utc_ms;
	struct chain *chain = &journal->chain;
	uint8_t hash[SHA256_SIZE];
	const char *name = "";

	assert(journal->writing);
	if (event->batch != 0 && !batch_name(journal, event->batch, &name, fault))
		return false;
	if (journal->iso_ms != now) {
		clock_iso_ms(now, journal->iso);
		journal->iso_ms = now;
	}
	write_line(journal, event, name);
	sha256_of(journal->sha, journal->line.data, journal->line.len, hash);
	chain->seq++;
	chain->newest_ms = now > chain->newest_ms ? now : chain->newest_ms;
	text_hex(hash, sizeof(hash), chain->hash);
	if (!store_run(journal, EVENT_ADD,
		    CELLS(cell_number(chain->seq), cell_bytes(hash, sizeof(hash)), cell_number(chain->newest_ms),
			    cell_number(event->batch), cell_number(event->row), cell_number(event->attempt),
			    cell_number(event->previous), cell_text(buf_text(&journal->line))),
		    NULL, fault))
		return false;
	return event->attempt != 0 || event->batch == 0 ||
	       store_run(journal, EVENT_ROW_ADD,
		       CELLS(cell_number(event->batch), cell_number(event->row), cell_number(chain->seq)), NULL, fault);
}

bool journal_event_add(struct journal *journal, const char *kind, int64_t batch, int64_t row, int64_t attempt,
	struct text evidence, struct text reason, struct fault *fault)
{
	struct event event = {.kind = kind,
		.batch = batch,
		.row = row,
		.number = attempt,
		.from = "",
		.to = "",
		.evidence = evidence,
		.reason = reason};
	bool ok;

	tick("event.before_add");
	ok = event_write(journal, &event, fault);
	tick("event.add");
	return ok;
}

static void take_name(void *context, const struct cell *row)
{
	struct text name = row[1].text;
	char *out = context;

	assert(name.len <= 40);
	memcpy(out, name.ptr, name.len);
	out[name.len] = '\0';
}

bool batch_name(struct journal *journal, int64_t id, const char **name, struct fault *fault)
{
	size_t place = (size_t)id % BATCH_NAMES;
	bool found = true;

	if (journal->batch_names[place].id != id) {
		journal->batch_names[place].id = 0;
		if (!store_one(journal, BATCH_BY_ID, CELLS(cell_number(id)), take_name,
			    journal->batch_names[place].name, &found, fault))
			return false;
		assert(found);
		journal->batch_names[place].id = id;
	}
	*name = journal->batch_names[place].name;
	return true;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct reader {
	bool (*each)(void *context, const struct journal_event *event);
	void *context;
};

static bool give(const struct reader *reader, const struct cell *row)
{
	struct journal_event event = {.seq = row[0].number, .line = row[7].text};

	text_hex(row[1].text.ptr, row[1].text.len < SHA256_SIZE ? row[1].text.len : SHA256_SIZE, event.hash);
	return reader->each(reader->context, &event);
}

static bool each_from(
	struct journal *journal, int64_t from_seq, int64_t batch, const struct reader *reader, struct fault *fault)
{
	const struct cell *row = NULL;
	struct store_cursor *cursor =
		store_query(journal, EVENT_FROM, CELLS(cell_number(from_seq), cell_number(batch)), fault);
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		if (!give(reader, row))
			break;
	journal->backend->done(cursor);
	return ok;
}

/* The events of one row: how many they are depends on its own history alone. */
struct found {
	int64_t *seqs;
	size_t count, cap;
};

static void found_add(struct found *found, int64_t seq)
{
	if (found->count == found->cap) {
		found->cap = found->cap == 0 ? 64 : 2 * found->cap;
		found->seqs = memory_grow(found->seqs, found->cap * sizeof(*found->seqs));
	}
	found->seqs[found->count++] = seq;
}

static int compare_seqs(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool find_loose(struct journal *journal, int64_t batch, int64_t row, struct found *found, struct fault *fault)
{
	const struct cell *cells = NULL;
	struct store_cursor *cursor =
		store_query(journal, EVENT_ROW_LIST, CELLS(cell_number(batch), cell_number(row)), fault);
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &cells, fault)) && cells != NULL)
		found_add(found, cells[0].number);
	journal->backend->done(cursor);
	return ok;
}

static void take_previous(void *context, const struct cell *row)
{
	*(int64_t *)context = row[6].number;
}

/* The chain of each attempt leads back from its last event. */
static bool find_moves(struct journal *journal, int64_t payout, struct found *found, struct fault *fault)
{
	struct arena arena = {0};
	struct attempt attempt = {.id = 0};
	bool ok = true, more = true, known = true;

	for (int64_t number = 1; ok && more; number++) {
		ok = journal_attempt_number(journal, payout, number, &arena, &attempt, &more, fault);
		for (int64_t seq = ok && more ? attempt.last_event : 0; ok && seq != 0;) {
			found_add(found, seq);
			ok = store_one(
				     journal, EVENT_GET, CELLS(cell_number(seq)), take_previous, &seq, &known, fault) &&
			     known;
		}
	}
	arena_release(&arena);
	return ok || fault->set ||
	       fault_set(fault, FAULT_OPERATION, "JOURNAL_CORRUPT", "run `payrun verify`",
		       "an event of the journal %s is missing", journal->path);
}

struct giving {
	const struct reader *reader;
	bool more;
};

static void take_event(void *context, const struct cell *row)
{
	struct giving *giving = context;

	giving->more = give(giving->reader, row);
}

static bool each_of_row(struct journal *journal, int64_t from_seq, int64_t batch, int64_t row,
	const struct reader *reader, struct fault *fault)
{
	struct found found = {0};
	struct giving giving = {reader, true};
	int64_t payout = 0;
	bool known = false, ok;

	ok = find_loose(journal, batch, row, &found, fault) && payout_of_row(journal, batch, row, &payout, fault) &&
	     (payout == 0 || find_moves(journal, payout, &found, fault));
	if (found.count > 0)
		qsort(found.seqs, found.count, sizeof(*found.seqs), compare_seqs);
	for (size_t i = 0; ok && giving.more && i < found.count; i++)
		if (found.seqs[i] >= from_seq)
			ok = store_one(journal, EVENT_GET, CELLS(cell_number(found.seqs[i])), take_event, &giving,
				&known, fault);
	free(found.seqs);
	return ok;
}

bool journal_event_each(struct journal *journal, int64_t from_seq, int64_t batch, int64_t row,
	bool (*each)(void *context, const struct journal_event *), void *context, struct fault *fault)
{
	struct reader reader = {each, context};

	return batch != 0 && row != 0 ? each_of_row(journal, from_seq, batch, row, &reader, fault)
				      : each_from(journal, from_seq, batch, &reader, fault);
}
