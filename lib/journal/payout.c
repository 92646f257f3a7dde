#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/pack.h"
#include "journal/receiving.h"

#define WAITING_BYTES (256u * 1024u) /* rows are written when their text takes this much, even if they are few */

/* --- adding ------------------------------------------------------------------------------------------------------ */

static struct piece add_piece(struct buf *bytes, struct text text)
{
	struct piece piece = {(uint32_t)bytes->len, (uint32_t)text.len};

	buf_addt(bytes, text);
	return piece;
}

static void add_waiting(
	struct receiving *receiving, const struct journal_payout *payout, int64_t note, const struct journal_body *body)
{
	struct waiting *row = &receiving->waiting[receiving->waiting_count++];
	struct buf *bytes = &receiving->bytes;

	*row = (struct waiting){.id = payout->id,
		.row = payout->row,
		.line = payout->line,
		.channel = payout->channel,
		.amount_minor = payout->amount_minor,
		.note = note,
		.state = payout->state,
		.decimals = payout->decimals,
		.name_field = body->name_field,
		.destination_field = body->destination_field,
		.key = payout->key};
	row->reference = add_piece(bytes, payout->reference);
	row->currency = add_piece(bytes, payout->currency);
	row->body = add_piece(bytes, body->bytes);
	if (row->name_field == 0)
		row->name = add_piece(bytes, payout->beneficiary_name);
	if (row->destination_field == 0)
		row->destination = add_piece(bytes, payout->destination);
	if (payout->origin == NULL)
		return;
	receiving->origins++;
	row->payment = payout->origin->payment;
	row->instruction_id = add_piece(bytes, payout->origin->instruction_id);
	row->end_to_end_id = add_piece(bytes, payout->origin->end_to_end_id);
	row->uetr = add_piece(bytes, payout->origin->uetr);
	row->regulatory = add_piece(bytes, payout->origin->regulatory);
}

static bool add_digest(struct sorter *sorter, const uint8_t digest[8], int64_t id, struct fault *fault)
{
	struct record record = {.value = {(uint64_t)id, 0}};

	for (int i = 0; i < 8; i++)
		record.key[0] = record.key[0] << 8 | digest[i];
	return record.key[0] == 0 || sorter_add(sorter, &record, fault);
}

/* What is written in order of its key, once all rows are known. */
static bool add_sorted(struct receiving *receiving, const struct journal_payout *payout, struct fault *fault)
{
	struct record key = {.value = {(uint64_t)payout->id, 0}};

	for (int i = 0; i < 8; i++) {
		key.key[0] = key.key[0] << 8 | payout->key.bytes[i];
		key.key[1] = key.key[1] << 8 | payout->key.bytes[8 + i];
	}
	return sorter_add(receiving->keys, &key, fault) &&
	       add_digest(receiving->similar[SIMILAR_LIKENESS], payout->likeness, payout->id, fault) &&
	       add_digest(receiving->similar[SIMILAR_LOOKALIKE], payout->lookalike, payout->id, fault);
}

bool journal_payout_add(struct journal *journal, struct journal_payout *payout, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	bool live = payout->state == PAYOUT_HELD || payout->state == PAYOUT_READY;
	struct note note = {.reason_code = payout->reason_code,
		.reason = payout->reason,
		.original = payout->original,
		.not_before = payout->not_before};
	const struct journal_body *body = payout->body;
	struct journal_body made;

	assert(receiving != NULL && !receiving->similar_kept);
	assert(live || payout->state == PAYOUT_REJECTED || payout->state == PAYOUT_DUPLICATE);
	assert(payout->amount_minor >= 0 && (!live || (payout->reference.len > 0 && payout->channel > 0)));
	payout->id = receiving->next_payout++;
	payout->batch = receiving->batch;
	if (body == NULL && !body_make(receiving->maker, payout->content, payout->beneficiary_name, payout->destination,
				    &receiving->body, &made, fault))
		return false;
	if (body == NULL)
		body = &made;
	if (!receiving_note(journal, &note, fault) || !receiving_count(receiving, payout, payout->state, 1, fault) ||
		(live && !add_sorted(receiving, payout, fault)))
		return false;
	receiving->live += live;
	content_running(journal->sha, receiving->running, body->digest);
	sha256_add_field(receiving->references, payout->reference);
	add_waiting(receiving, payout, note.id, body);
	if (payout->origin != NULL && !origin_add(journal, payout->id - receiving->first_payout, payout->origin, fault))
		return false;
	return (receiving->waiting_count < WAITING_ROWS && receiving->bytes.len < WAITING_BYTES) ||
	       receiving_flush(journal, fault);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct text text_or_field(const struct cell *cell, struct text packed)
{
	struct text value = TEXT("");

	if (cell->kind == CELL_TEXT)
		return cell->text;
	(void)pack_field(packed, cell->number, &value); /* of a purged row: "" */
	return value;
}

void body_split(const struct cell *cell, struct text *salt, struct text *packed)
{
	bool there = cell->text.len >= CONTENT_SALT_SIZE;

	*salt = there ? (struct text){cell->text.ptr, CONTENT_SALT_SIZE} : TEXT("");
	*packed = there ? (struct text){cell->text.ptr + CONTENT_SALT_SIZE, cell->text.len - CONTENT_SALT_SIZE}
			: TEXT("");
}

void payout_take(struct journal *journal, const struct cell *row, struct arena *arena, struct journal_payout *payout)
{
	struct text salt, packed;

	body_split(&row[12], &salt, &packed);
	*payout = (struct journal_payout){
		.id = row[0].number,
		.batch = row[1].number,
		.row = row[2].number,
		.line = row[3].number,
		.channel = row[4].number,
		.reference = keep(arena, row[5].text),
		.currency = keep(arena, row[6].text),
		.decimals = (unsigned)row[7].number,
		.amount_minor = row[8].number,
		.state = (enum payout_state)row[9].number,
		.beneficiary_name = keep(arena, text_or_field(&row[10], packed)),
		.destination = keep(arena, text_or_field(&row[11], packed)),
		.reason_code = keep(arena, row[13].text),
		.reason = keep(arena, row[14].text),
		.original = row[15].number,
		.not_before = row[16].number,
	};
	buf_reset(&journal->content);
	(void)pack_read(&journal->content, packed); /* damage shows in the digests that verify recomputes */
	payout->content = keep(arena, buf_text(&journal->content));
}

struct wanted {
	struct journal *journal;
	struct arena *arena;
	struct journal_payout *payout;
};

static void take_wanted(void *context, const struct cell *row)
{
	struct wanted *wanted = context;
	struct journal *journal = wanted->journal;

	payout_take(journal, row, wanted->arena, wanted->payout);
	content_digest(journal->sha, wanted->payout->content, wanted->payout->content_digest);
}

bool journal_payout_get(struct journal *journal, int64_t id, struct arena *arena, struct journal_payout *payout,
	bool *found, struct fault *fault)
{
	struct wanted wanted = {journal, arena, payout};

	if (journal->receiving != NULL && !receiving_flush(journal, fault))
		return false;
	return store_one(journal, PAYOUT_BY_ID, CELLS(cell_number(id)), take_wanted, &wanted, found, fault);
}

/* Rows of a batch ascend with their ids, both without a gap in the ids: halving finds one. */
bool payout_of_row(struct journal *journal, int64_t batch, int64_t row, int64_t *payout, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_batch found;
	int64_t low, high, at = 0;
	bool known = false, ok = journal_batch_get(journal, batch, &arena, &found, fault);

	*payout = 0;
	low = ok ? found.first_payout : 1;
	high = ok ? found.last_payout : 0;
	while (ok && low <= high) {
		int64_t middle = low + (high - low) / 2;

		ok = store_number(journal, PAYOUT_ROW, CELLS(cell_number(middle)), &at, &known, fault);
		if (ok && known && at == row) {
			*payout = middle;
			break;
		}
		if (at < row)
			low = middle + 1;
		else
			high = middle - 1;
	}
	arena_release(&arena);
	return ok;
}

/* --- finding ----------------------------------------------------------------------------------------------------- */

static bool find_by_provider_id(
	struct journal *journal, struct text name, int64_t *payout, enum journal_find *found, struct fault *fault)
{
	const struct backend *backend = journal->backend;
	struct store_cursor *cursor = store_query(journal, CHANNEL_IDENTITIES, NO_CELLS, fault);
	const struct cell *row = NULL;
	int64_t attempt = 0;
	bool ok = cursor != NULL, known = false;

	while (ok && (ok = backend->next(cursor, &row, fault)) && row != NULL) {
		ok = store_number(journal, ATTEMPT_BY_PROVIDER_ID, CELLS(cell_number(row[0].number), cell_text(name)),
			&attempt, &known, fault);
		if (!ok || !known)
			continue;
		attempt &= ATTEMPT_PAYOUT_MASK;
		if (*found == JOURNAL_FIND_NONE || (*found == JOURNAL_FIND_ONE && *payout == attempt))
			*found = JOURNAL_FIND_ONE;
		else
			*found = JOURNAL_FIND_MANY;
		*payout = attempt;
	}
	backend->done(cursor);
	return ok;
}

bool journal_payout_find(
	struct journal *journal, struct text name, int64_t *payout, enum journal_find *found, struct fault *fault)
{
	struct key key;
	bool known = false, bound;

	*found = JOURNAL_FIND_NONE;
	*payout = 0;
	if (!store_number(journal, PAYOUT_BY_REF, CELLS(cell_text(name)), payout, &known, fault))
		return false;
	bound = known;
	if (!known && key_parse(name, &key) &&
		!store_number(journal, ATTEMPT_BY_KEY, CELLS(cell_bytes(key.bytes, sizeof(key.bytes))), payout, &known,
			fault))
		return false;
	if (known) {
		*payout &= ATTEMPT_PAYOUT_MASK;
		*found = JOURNAL_FIND_ONE;
		return !bound || journal_payout_current(journal, *payout, payout, fault);
	}
	return find_by_provider_id(journal, name, payout, found, fault);
}
