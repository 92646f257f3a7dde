#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/receiving.h"
#include "values/money.h"

/* --- finding ----------------------------------------------------------------------------------------------------- */

static void batch_take(const struct cell *row, struct arena *arena, struct journal_batch *batch)
{
	struct text name = row[1].text;

	assert(name.len < sizeof(batch->name) && row[3].text.len == SHA256_SIZE);
	*batch = (struct journal_batch){
		.id = row[0].number,
		.file = keep(arena, row[2].text),
		.size = row[4].number,
		.received_at = row[5].number,
		.received_by = keep(arena, row[6].text),
		.format = keep(arena, row[7].text),
		.channel_option = keep(arena, row[8].text),
		.profile_option = keep(arena, row[9].text),
		.rows = row[10].number,
		.held_by_option = row[11].number != 0,
		.control = row[12].number != 0,
		.first_payout = row[13].number,
		.last_payout = row[14].number,
	};
	memcpy(batch->name, name.ptr, name.len);
	memcpy(batch->sha256, row[3].text.ptr, SHA256_SIZE);
}

/* The first of the rows a query gives, and how many there are: none, one, many. */
static bool find(struct journal *journal, enum statement statement, const struct cell *args, size_t count,
	struct arena *arena, struct journal_batch *batch, enum journal_find *found, struct fault *fault)
{
	const struct backend *backend = journal->backend;
	struct store_cursor *cursor = backend->query(journal->store, statement, args, count, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL && backend->next(cursor, &row, fault);

	*found = JOURNAL_FIND_NONE;
	if (row != NULL) {
		batch_take(row, arena, batch);
		*found = JOURNAL_FIND_ONE;
		ok = backend->next(cursor, &row, fault);
		if (row != NULL)
			*found = JOURNAL_FIND_MANY;
	}
	backend->done(cursor);
	return ok;
}

bool journal_batch_find(struct journal *journal, struct text name, struct arena *arena, struct journal_batch *batch,
	enum journal_find *found, struct fault *fault)
{
	char end[sizeof(batch->name) + 1];
	bool ok;

	*found = JOURNAL_FIND_NONE;
	if (name.len == 0 || name.len >= sizeof(batch->name))
		return true;
	ok = find(journal, BATCH_BY_NAME, CELLS(cell_text(name)), arena, batch, found, fault);
	if (!ok || *found == JOURNAL_FIND_ONE)
		return ok;
	if (text_is(name, "last"))
		return find(journal, BATCH_LAST, NO_CELLS, arena, batch, found, fault);
	/* '\x7f' follows every character a batch id may have. */
	memcpy(end, name.ptr, name.len);
	end[name.len] = '\x7f';
	return find(journal, BATCH_BY_PREFIX, CELLS(cell_text(name), cell_text((struct text){end, name.len + 1})),
		arena, batch, found, fault);
}

bool journal_batch_find_sha256(struct journal *journal, const uint8_t sha256[SHA256_SIZE], struct arena *arena,
	struct journal_batch *batch, enum journal_find *found, struct fault *fault)
{
	return find(journal, BATCH_BY_SHA256, CELLS(cell_bytes(sha256, SHA256_SIZE)), arena, batch, found, fault);
}

bool journal_batch_get(
	struct journal *journal, int64_t id, struct arena *arena, struct journal_batch *batch, struct fault *fault)
{
	enum journal_find found;

	return find(journal, BATCH_BY_ID, CELLS(cell_number(id)), arena, batch, &found, fault) &&
	       (found == JOURNAL_FIND_ONE ||
		       fault_set(fault, FAULT_OPERATION, "", "run `payrun status` for the batches",
			       "the journal %s has no batch number %lld", journal->path, (long long)id));
}

bool journal_batch_each(struct journal *journal, bool (*each)(void *context, const struct journal_batch *),
	void *context, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_batch batch = {0};
	enum journal_find found = JOURNAL_FIND_ONE;
	bool ok = true;

	/* One by one, so that each may ask anything else meanwhile. */
	while (ok && found == JOURNAL_FIND_ONE) {
		arena_reset(&arena);
		ok = find(journal, BATCH_AFTER, CELLS(cell_number(batch.id)), &arena, &batch, &found, fault);
		if (ok && found == JOURNAL_FIND_ONE && !each(context, &batch))
			break;
	}
	arena_release(&arena);
	return ok;
}

/* --- beginning --------------------------------------------------------------------------------------------------- */

static void receiving_begin(struct journal *journal, int64_t batch, int64_t first_payout)
{
	struct receiving *receiving = memory_new(sizeof(*receiving));

	receiving->batch = batch;
	receiving->first_payout = receiving->next_payout = first_payout;
	receiving->keys = sorter_new(journal->folder);
	for (int i = 0; i < SIMILAR_KINDS; i++)
		receiving->similar[i] = sorter_new(journal->folder);
	receiving->references = sha256_new();
	receiving->maker = body_maker_new();
	sha256_begin(receiving->references);
	journal->receiving = receiving;
}

static void take_ids(void *context, const struct cell *row)
{
	int64_t *ids = context;

	ids[0] = row[0].number;
	ids[1] = row[1].number;
	ids[2] = row[2].number;
}

static bool batch_insert(struct journal *journal, const struct journal_batch *batch, struct fault *fault)
{
	return store_run(journal, BATCH_ADD,
		CELLS(cell_number(batch->id), cell_text(text_of(batch->name)), cell_text(batch->file),
			cell_bytes(batch->sha256, SHA256_SIZE), cell_number(batch->size),
			cell_number(batch->received_at), cell_text(batch->received_by), cell_text(batch->format),
			cell_text(batch->channel_option), cell_text(batch->profile_option),
			cell_number(batch->held_by_option), cell_number(batch->control)),
		NULL, fault);
}

bool journal_batch_add(struct journal *journal, struct journal_batch *batch, bool *taken, struct fault *fault)
{
	int64_t ids[3] = {0, 0, 0}, known = 0;
	bool found = false;

	assert(journal->writing && journal->receiving == NULL && batch->name[0] != '\0');
	*taken = false;
	if (!store_number(journal, BATCH_BY_NAME, CELLS(cell_text(text_of(batch->name))), &known, taken, fault) ||
		*taken)
		return *taken;
	if (!store_one(journal, BATCH_NEXT_IDS, NO_CELLS, take_ids, ids, &found, fault))
		return false;
	batch->id = ids[0];
	batch->received_at = clock_now(journal->clock).utc_ms;
	batch->received_by = text_of(journal->actor.user);
	tick("batch.before_add");
	if (!batch_insert(journal, batch, fault) || !store_run(journal, RECEIVE_CLEAR_CLASHES, NO_CELLS, NULL, fault) ||
		!store_run(journal, RECEIVE_CLEAR_CORRECTED, NO_CELLS, NULL, fault) ||
		!store_run(journal, RECEIVE_CLEAR_SUSPECTS, NO_CELLS, NULL, fault))
		return false;
	tick("batch.add");
	receiving_begin(journal, ids[0], ids[1]);
	journal->receiving->first_note = journal->receiving->next_note = ids[2];
	return batch->message == NULL || message_add(journal, batch, fault);
}

/* --- sealing ----------------------------------------------------------------------------------------------------- */

struct keys {
	struct store_source source;
	struct sorter *sorter;
	uint8_t key[KEY_SIZE];
	struct cell cells[2];
};

static bool next_key(struct store_source *source, bool *found, struct fault *fault)
{
	struct keys *keys = (struct keys *)source;
	struct record record;

	if (!sorter_next(keys->sorter, &record, found, fault))
		return false;
	if (!*found)
		return true;
	for (int i = 0; i < 8; i++) {
		keys->key[i] = (uint8_t)(record.key[0] >> (56 - 8 * i));
		keys->key[8 + i] = (uint8_t)(record.key[1] >> (56 - 8 * i));
	}
	keys->cells[0] = cell_bytes(keys->key, sizeof(keys->key));
	keys->cells[1] = cell_number((int64_t)record.value[0]);
	return true;
}

/* References in their order were bound already, or are now; keys follow in theirs. */
static bool bind_all(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct keys keys = {.source = {next_key, keys.cells}, .sorter = receiving->keys};
	int64_t added = 0;

	/* Also what was skipped before, in case the row it clashed with gave the reference back. */
	if (receiving->bound + receiving->corrected < receiving->live) {
		receiving->unbound_from = receiving->first_payout;
		if (!receiving_bind(journal, fault))
			return false;
	}
	if (receiving->bound + receiving->corrected != receiving->live)
		return fault_set(fault, FAULT_OPERATION, "", "report this as a fault of payrun",
			"%lld references of the batch belong to other payouts",
			(long long)(receiving->live - receiving->bound - receiving->corrected));
	if (receiving->corrected > 0 && !store_run(journal, CORRECTED_UNMAKE, NO_CELLS, NULL, fault))
		return false;
	if (!sorter_rewind(receiving->keys, fault) ||
		!journal->backend->append(
			journal->store, receiving->restated ? KEY_APPEND_BUT : KEY_APPEND, &keys.source, &added, fault))
		return false;
	assert(added == receiving->live - receiving->corrected);
	return true;
}

static bool add_totals(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;

	sums_sort(&receiving->sums);
	for (size_t i = 0; i < receiving->sums.count; i++) {
		const struct journal_total *total = &receiving->sums.totals[i];

		if (!store_run(journal, TOTAL_ADD,
			    CELLS(cell_number(receiving->batch), cell_text(text_of(total->currency)),
				    cell_number(total->decimals), cell_number((int64_t)total->state),
				    cell_number(total->count), cell_number(total->minor)),
			    NULL, fault))
			return false;
	}
	return true;
}

static void totals_evidence(struct buf *buf, const struct journal_total *totals, size_t count)
{
	json_name(buf, "totals");
	buf_addc(buf, '[');
	for (size_t i = 0; i < count; i++) {
		if (buf->data[buf->len - 1] != '[')
			buf_addc(buf, ',');
		buf_addz(buf, "{\"amount\":\"");
		money_text(buf, totals[i].minor, totals[i].decimals);
		buf_addz(buf, "\",\"count\":");
		buf_addi(buf, totals[i].count);
		buf_addz(buf, ",\"currency\":");
		buf_add_json(buf, text_of(totals[i].currency));
		buf_addz(buf, ",\"state\":\"");
		buf_addz(buf, state_name(totals[i].state));
		buf_addz(buf, "\"}");
	}
	buf_addc(buf, ']');
}

static void add_hex_member(struct buf *buf, const char *name, const uint8_t digest[SHA256_SIZE])
{
	json_name(buf, name);
	buf_addc(buf, '"');
	buf_add_hex(buf, digest, SHA256_SIZE);
	buf_addc(buf, '"');
}

void receive_evidence(struct buf *buf, const struct receive_facts *facts)
{
	buf_reset(buf);
	buf_addc(buf, '{');
	json_name(buf, "control");
	buf_addz(buf, facts->control ? "true" : "false");
	add_hex_member(buf, "digest", facts->digest);
	json_name(buf, "held");
	buf_addz(buf, facts->held ? "true" : "false");
	if (facts->message != NULL)
		add_hex_member(buf, "message", facts->message);
	add_hex_member(buf, "references", facts->references);
	json_name(buf, "rows");
	buf_addi(buf, facts->rows);
	add_hex_member(buf, "sha256", facts->sha256);
	totals_evidence(buf, facts->sums->totals, facts->sums->count);
	buf_addc(buf, '}');
}

static bool receive_event(struct journal *journal, const struct journal_batch *batch, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct receive_facts facts = {.rows = batch->rows,
		.control = batch->control,
		.held = batch->held_by_option,
		.sha256 = batch->sha256,
		.digest = receiving->running,
		.sums = &receiving->sums};
	struct event event = {.kind = "receive", .batch = batch->id, .from = "", .to = ""};
	uint8_t message[SHA256_SIZE];

	sha256_end(receiving->references, facts.references);
	if (receiving->message != NULL) {
		sha256_end(receiving->message, message);
		facts.message = message;
	}
	receive_evidence(&journal->evidence, &facts);
	event.evidence = buf_text(&journal->evidence);
	return event_write(journal, &event, fault);
}

bool journal_batch_seal(struct journal *journal, struct journal_batch *batch, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;

	assert(receiving != NULL && receiving->batch == batch->id);
	batch->first_payout = receiving->first_payout;
	batch->last_payout = receiving->next_payout - 1;
	batch->rows = receiving->next_payout - receiving->first_payout;
	tick("batch.before_seal");
	if (!receiving_flush(journal, fault) || !bind_all(journal, fault) || !similar_keep(journal, fault) ||
		!add_totals(journal, fault) || !receive_event(journal, batch, fault) ||
		(receiving->corrected > 0 && !corrections_seal(journal, fault)) ||
		!store_run(journal, BATCH_SEAL,
			CELLS(cell_number(batch->id), cell_number(batch->rows), cell_number(batch->first_payout),
				cell_number(batch->last_payout), cell_number(batch->control)),
			NULL, fault))
		return false;
	tick("batch.seal");
	journal->held = receiving->held;
	journal->held.batch = batch->id;
	receiving_end(journal);
	return true;
}
