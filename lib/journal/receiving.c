#include "journal/receiving.h"

#include <assert.h>
#include <stdlib.h>

#include "base/tick.h"

#define FLUSHES_CACHED 16 /* each writes some 15 pages; the cache has a thousand */

void receiving_end(struct journal *journal)
{
	struct receiving *receiving = journal->receiving;

	if (receiving == NULL)
		return;
	sorter_free(receiving->keys);
	for (int i = 0; i < SIMILAR_KINDS; i++)
		sorter_free(receiving->similar[i]);
	sha256_free(receiving->references);
	sha256_free(receiving->message);
	body_maker_free(receiving->maker);
	buf_release(&receiving->body);
	buf_release(&receiving->bytes);
	arena_release(&receiving->note_texts);
	sums_release(&receiving->sums);
	free(receiving);
	journal->receiving = NULL;
}

/* --- sums -------------------------------------------------------------------------------------------------------- */

bool receiving_count(struct receiving *receiving, const struct journal_payout *payout, enum payout_state state,
	int64_t count, struct fault *fault)
{
	if (state == PAYOUT_HELD)
		held_add(&receiving->held, payout->reason_code, count);
	return sums_add(&receiving->sums, payout->currency, payout->decimals, state, count,
		       count * payout->amount_minor) ||
	       fault_set(fault, FAULT_REFUSED, "AMOUNT_TOO_LARGE", "split the file",
		       "the amounts in %.*s add up to more than can be counted", (int)payout->currency.len,
		       payout->currency.ptr);
}

/* --- notes ------------------------------------------------------------------------------------------------------- */

static bool same_note(const struct receiving *receiving, const struct note *note)
{
	const struct note *last = &receiving->note;

	return last->id != 0 && last->original == note->original && last->not_before == note->not_before &&
	       text_equal(last->reason_code, note->reason_code) && text_equal(last->reason, note->reason);
}

bool receiving_note(struct journal *journal, struct note *note, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;

	note->id = 0;
	if (note->reason_code.len == 0 && note->reason.len == 0 && note->original == 0 && note->not_before == 0)
		return true;
	if (!same_note(receiving, note)) {
		arena_reset(&receiving->note_texts);
		receiving->note = (struct note){.id = receiving->next_note++,
			.reason_code = text_copy(&receiving->note_texts, note->reason_code),
			.reason = text_copy(&receiving->note_texts, note->reason),
			.original = note->original,
			.not_before = note->not_before};
		if (!store_run(journal, NOTE_ADD,
			    CELLS(cell_number(receiving->note.id), cell_text(note->reason_code),
				    cell_text(note->reason), cell_number(note->original),
				    cell_number(note->not_before)),
			    NULL, fault))
			return false;
	}
	note->id = receiving->note.id;
	return true;
}

/* --- rows written together --------------------------------------------------------------------------------------- */

static bool has_attempt(enum payout_state state)
{
	return state == PAYOUT_HELD || state == PAYOUT_READY;
}

struct rows { /* those of the waiting rows that one statement takes */
	struct store_source source;
	const struct receiving *receiving;
	bool (*takes)(const struct waiting *row);
	void (*fill)(struct rows *rows, const struct waiting *row);
	size_t at;
	struct cell cells[14];
};

static bool next_row(struct store_source *source, bool *found, struct fault *fault)
{
	struct rows *rows = (struct rows *)source;

	(void)fault;
	for (*found = false; !*found && rows->at < rows->receiving->waiting_count; rows->at++) {
		const struct waiting *row = &rows->receiving->waiting[rows->at];

		*found = rows->takes == NULL || rows->takes(row);
		if (*found)
			rows->fill(rows, row);
	}
	return true;
}

static struct text piece_text(const struct rows *rows, struct piece piece)
{
	return (struct text){rows->receiving->bytes.data + piece.offset, piece.len};
}

static struct cell piece_cell(const struct rows *rows, struct piece piece)
{
	return cell_text(piece_text(rows, piece));
}

/* A value of the content is kept as the number of its field. */
static struct cell field_cell(const struct rows *rows, int64_t field, struct piece piece)
{
	return field > 0 ? cell_number(field) : piece_cell(rows, piece);
}

static void fill_payout(struct rows *rows, const struct waiting *row)
{
	struct text body = piece_text(rows, row->body);
	struct cell *cells = rows->cells;

	cells[0] = cell_number(row->id);
	cells[1] = cell_number(rows->receiving->batch);
	cells[2] = cell_number(row->row);
	cells[3] = cell_number(row->line);
	cells[4] = cell_number(row->channel);
	cells[5] = piece_cell(rows, row->reference);
	cells[6] = piece_cell(rows, row->currency);
	cells[7] = cell_number(row->decimals);
	cells[8] = cell_number(row->amount_minor);
	cells[9] = cell_number((int64_t)row->state);
	cells[10] = cell_number(row->note);
	cells[11] = field_cell(rows, row->name_field, row->name);
	cells[12] = field_cell(rows, row->destination_field, row->destination);
	cells[13] = cell_bytes(body.ptr, body.len);
}

static bool takes_attempt(const struct waiting *row)
{
	return has_attempt(row->state);
}

static void fill_attempt(struct rows *rows, const struct waiting *row)
{
	rows->cells[0] = cell_number(row->id);
	rows->cells[1] = cell_number(rows->receiving->batch);
	rows->cells[2] = cell_number(row->row);
	rows->cells[3] = cell_number(row->channel);
	rows->cells[4] = cell_bytes(row->key.bytes, sizeof(row->key.bytes));
	rows->cells[5] = cell_number((int64_t)row->state);
}

static void fill_reference(struct rows *rows, const struct waiting *row)
{
	rows->cells[0] = piece_cell(rows, row->reference);
	rows->cells[1] = cell_number(row->id);
}

static bool append(struct journal *journal, enum statement statement, bool (*takes)(const struct waiting *row),
	void (*fill)(struct rows *rows, const struct waiting *row), int64_t *added, struct fault *fault)
{
	struct rows rows = {
		.source = {next_row, rows.cells}, .receiving = journal->receiving, .takes = takes, .fill = fill};

	return journal->backend->append(journal->store, statement, &rows.source, added, fault);
}

static bool takes_origin(const struct waiting *row)
{
	return row->payment != 0;
}

static void fill_origin(struct rows *rows, const struct waiting *row)
{
	rows->cells[0] = cell_number(row->id);
	rows->cells[1] = cell_number(row->payment);
	rows->cells[2] = piece_cell(rows, row->instruction_id);
	rows->cells[3] = piece_cell(rows, row->end_to_end_id);
	rows->cells[4] = piece_cell(rows, row->uetr);
	rows->cells[5] = piece_cell(rows, row->regulatory);
}

static bool append_origins(struct journal *journal, struct fault *fault)
{
	if (journal->receiving->origins == 0)
		return true;
	journal->receiving->origins = 0;
	return append(journal, ORIGIN_APPEND, takes_origin, fill_origin, NULL, fault);
}

/* References that come nearly sorted, as most files have them, are bound at once: neighbours meet the same pages. */
static bool nearly_sorted(const struct receiving *receiving)
{
	struct text last = TEXT("");
	int descents = 0;

	for (size_t i = 0; i < receiving->waiting_count; i++) {
		struct piece piece = receiving->waiting[i].reference;
		struct text reference = {receiving->bytes.data + piece.offset, piece.len};

		descents += text_compare(reference, last) < 0;
		last = reference;
	}
	return descents <= 2;
}

static bool bind_some(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	int64_t added = 0;

	if (receiving->unbound_from != 0)
		return true;
	if (!nearly_sorted(receiving)) {
		receiving->unbound_from = receiving->waiting[0].id; /* from here on all together, sorted, at the end */
		return true;
	}
	if (!append(journal, REF_APPEND, takes_attempt, fill_reference, &added, fault))
		return false;
	receiving->bound += added;
	return true;
}

static void ignore(void *context, const struct cell *row)
{
	(void)context;
	(void)row;
}

/* Pages that will be changed again: the last ones of events, batches and notes at the seal, and in the tables that grow
 * the inner page before the last one, when that one is split. A page that leaves the cache and is changed again goes
 * into the log twice, and then the commit reads the whole log to sum it anew. A look now and then keeps them. */
static bool keep_in_cache(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	bool found;

	return ++receiving->flushes % FLUSHES_CACHED != 0 ||
	       (store_one(journal, RECEIVE_LOOK_BACK, CELLS(cell_number(receiving->next_payout)), ignore, NULL, &found,
			fault) &&
		       store_one(journal, BATCH_NEXT_IDS, NO_CELLS, ignore, NULL, &found, fault) &&
		       store_one(journal, EVENT_LAST, NO_CELLS, ignore, NULL, &found, fault) &&
		       store_one(journal, EVENT_ROW_LIST, CELLS(cell_number(receiving->batch), cell_number(0)), ignore,
			       NULL, &found, fault));
}

bool receiving_flush(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	bool ok;

	if (receiving->waiting_count == 0)
		return true;
	tick("receiving.before_flush");
	ok = append(journal, PAYOUT_APPEND, NULL, fill_payout, NULL, fault) &&
	     append(journal, ATTEMPT_APPEND, takes_attempt, fill_attempt, NULL, fault) &&
	     append_origins(journal, fault) && bind_some(journal, fault) && keep_in_cache(journal, fault);
	tick("receiving.flush");
	receiving->waiting_count = 0;
	buf_reset(&receiving->bytes);
	return ok;
}

bool receiving_bind(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	int64_t first, added = 0;

	if (!receiving_flush(journal, fault))
		return false;
	first = receiving->unbound_from != 0 ? receiving->unbound_from : receiving->next_payout;
	if (!store_run(journal, REF_BIND, CELLS(cell_number(first), cell_number(receiving->next_payout - 1)), &added,
		    fault))
		return false;
	receiving->bound += added;
	return true;
}
