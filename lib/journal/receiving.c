#include "journal/receiving.h"

#include <assert.h>
#include <stdlib.h>

#include "base/tick.h"

void receiving_end(struct journal *journal)
{
	struct receiving *receiving = journal->receiving;

	if (receiving == NULL)
		return;
	sorter_free(receiving->keys);
	for (int i = 0; i < SIMILAR_KINDS; i++)
		sorter_free(receiving->similar[i]);
	sha256_free(receiving->references);
	buf_release(&receiving->bytes);
	sums_release(&receiving->sums);
	free(receiving);
	journal->receiving = NULL;
}

/* --- sums -------------------------------------------------------------------------------------------------------- */

bool receiving_count(struct receiving *receiving, const struct journal_payout *payout, enum payout_state state,
	int64_t count, struct fault *fault)
{
	return sums_add(&receiving->sums, payout->currency, payout->decimals, state, count,
		       count * payout->amount_minor) ||
	       fault_set(fault, FAULT_REFUSED, "AMOUNT_TOO_LARGE", "split the file",
		       "the amounts in %.*s add up to more than can be counted", (int)payout->currency.len,
		       payout->currency.ptr);
}

/* --- rows written together --------------------------------------------------------------------------------------- */

struct rows {
	struct store_source source;
	const struct receiving *receiving;
	const struct waiting *row;
	size_t at;
	bool attempts_only; /* rows that get an attempt */
};

static bool has_attempt(enum payout_state state)
{
	return state == PAYOUT_HELD || state == PAYOUT_READY;
}

static bool next_row(struct store_source *source, bool *found, struct fault *fault)
{
	struct rows *rows = (struct rows *)source;

	(void)fault;
	while (rows->at < rows->receiving->waiting_count) {
		rows->row = &rows->receiving->waiting[rows->at++];
		if (rows->attempts_only && !has_attempt(rows->row->state))
			continue;
		*found = true;
		return true;
	}
	*found = false;
	return true;
}

static struct text piece_text(const struct rows *rows, struct piece piece)
{
	return (struct text){buf_str(&rows->receiving->bytes) + piece.offset, piece.len};
}

/* A value of the content is kept as the number of its field. */
static struct cell field_cell(const struct rows *rows, int64_t field, struct piece piece)
{
	return field > 0 ? cell_number(field) : cell_text(piece_text(rows, piece));
}

static void payout_cell(const struct store_source *source, int column, struct cell *cell)
{
	const struct rows *rows = (const struct rows *)source;
	const struct waiting *row = rows->row;
	struct text content = piece_text(rows, row->content);

	switch (column) {
	case 0:
		*cell = cell_number(row->id);
		break;
	case 1:
		*cell = cell_number(rows->receiving->batch);
		break;
	case 2:
		*cell = cell_number(row->row);
		break;
	case 3:
		*cell = cell_number(row->line);
		break;
	case 4:
		*cell = cell_number(row->channel);
		break;
	case 5:
		*cell = cell_text(piece_text(rows, row->reference));
		break;
	case 6:
		*cell = cell_text(piece_text(rows, row->currency));
		break;
	case 7:
		*cell = cell_number(row->decimals);
		break;
	case 8:
		*cell = cell_number(row->amount_minor);
		break;
	case 9:
		*cell = cell_number((int64_t)row->state);
		break;
	case 10:
		*cell = cell_number(row->original);
		break;
	case 11:
		*cell = cell_number(row->not_before);
		break;
	case 12:
		*cell = cell_text(piece_text(rows, row->reason_code));
		break;
	case 13:
		*cell = cell_text(piece_text(rows, row->reason));
		break;
	case 14:
		*cell = field_cell(rows, row->name_field, row->name);
		break;
	case 15:
		*cell = field_cell(rows, row->destination_field, row->destination);
		break;
	case 16:
		*cell = cell_bytes(row->salt, sizeof(row->salt));
		break;
	default:
		*cell = cell_bytes(content.ptr, content.len);
		break;
	}
}

static void attempt_cell(const struct store_source *source, int column, struct cell *cell)
{
	const struct rows *rows = (const struct rows *)source;
	const struct waiting *row = rows->row;

	switch (column) {
	case 0:
		*cell = cell_number(row->id);
		break;
	case 1:
		*cell = cell_number(rows->receiving->batch);
		break;
	case 2:
		*cell = cell_number(row->row);
		break;
	case 3:
		*cell = cell_number(row->channel);
		break;
	case 4:
		*cell = cell_bytes(row->key.bytes, sizeof(row->key.bytes));
		break;
	default:
		*cell = cell_number((int64_t)row->state);
		break;
	}
}

bool receiving_flush(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct rows payouts = {.source = {next_row, payout_cell}, .receiving = receiving};
	struct rows attempts = {.source = {next_row, attempt_cell}, .receiving = receiving, .attempts_only = true};
	bool ok;

	if (receiving->waiting_count == 0)
		return true;
	tick("receiving.before_flush");
	ok = journal->backend->append(journal->store, PAYOUT_APPEND, &payouts.source, NULL, fault) &&
	     journal->backend->append(journal->store, ATTEMPT_APPEND, &attempts.source, NULL, fault);
	tick("receiving.flush");
	receiving->waiting_count = 0;
	buf_reset(&receiving->bytes);
	return ok;
}
