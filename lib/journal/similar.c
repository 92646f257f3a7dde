#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/pairs.h"
#include "journal/receiving.h"

/*
 * Which payouts look alike: for each batch and kind the sorted digests of its rows, in pieces of a few kilobytes. An
 * index over all payouts would cost every row as much as its key; these cost a tenth, and only the batches of the last
 * days are ever compared.
 */

#define ENTRY_BYTES 12    /* digest, then the row's place in its batch from 0, both big-endian */
#define PIECE_ENTRIES 670 /* a page holds them; more would leave the rest of a second one empty */

struct entry {
	uint64_t digest;
	int64_t payout;
};

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void put_entry(struct buf *piece, uint64_t digest, uint64_t place)
{
	uint8_t bytes[ENTRY_BYTES];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(digest >> (56 - 8 * i));
	for (int i = 0; i < 4; i++)
		bytes[8 + i] = (uint8_t)(place >> (24 - 8 * i));
	buf_add(piece, bytes, sizeof(bytes));
}

/* The database orders signed numbers. */
static int64_t as_signed(uint64_t digest)
{
	return (int64_t)(digest ^ (UINT64_C(1) << 63));
}

static bool add_piece(
	struct journal *journal, enum similar_kind kind, uint64_t last, struct buf *piece, struct fault *fault)
{
	bool ok = piece->len == 0 || store_run(journal, SIMILAR_ADD,
					     CELLS(cell_number(journal->receiving->batch), cell_number((int64_t)kind),
						     cell_number(as_signed(last)), cell_bytes(piece->data, piece->len)),
					     NULL, fault);

	buf_reset(piece);
	return ok;
}

static bool keep_kind(struct journal *journal, enum similar_kind kind, struct buf *piece, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct record record = {{0, 0}, {0, 0}};
	uint64_t last = 0;
	bool found = true, ok = sorter_rewind(receiving->similar[kind], fault);

	while (ok && (ok = sorter_next(receiving->similar[kind], &record, &found, fault)) && found) {
		put_entry(piece, record.key[0], record.value[0] - (uint64_t)receiving->first_payout);
		last = record.key[0];
		if (piece->len == PIECE_ENTRIES * ENTRY_BYTES)
			ok = add_piece(journal, kind, last, piece, fault);
	}
	return ok && add_piece(journal, kind, last, piece, fault);
}

bool similar_keep(struct journal *journal, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct buf piece = {0};
	bool ok = true;

	if (receiving->similar_kept)
		return true;
	tick("similar.before_keep");
	for (int kind = 0; ok && kind < SIMILAR_KINDS; kind++)
		ok = keep_kind(journal, (enum similar_kind)kind, &piece, fault);
	tick("similar.keep");
	receiving->similar_kept = true;
	buf_release(&piece);
	return ok;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct side { /* the entries of one batch and kind, in their order */
	int64_t batch, first_payout;
	enum similar_kind kind;
	int64_t piece; /* id of the one at hand */
	struct buf bytes;
	size_t at;
	bool ended;
};

static struct entry side_entry(const struct side *side)
{
	const uint8_t *bytes = (const uint8_t *)side->bytes.data + side->at;
	struct entry entry = {0, 0};

	for (int i = 0; i < 8; i++)
		entry.digest = entry.digest << 8 | bytes[i];
	for (int i = 8; i < ENTRY_BYTES; i++)
		entry.payout = entry.payout << 8 | bytes[i];
	entry.payout += side->first_payout;
	return entry;
}

static void take_piece(void *context, const struct cell *row)
{
	struct side *side = context;

	side->piece = row[0].number;
	side->at = 0;
	buf_reset(&side->bytes);
	buf_addt(&side->bytes, row[1].text);
}

static bool side_load(
	struct journal *journal, struct side *side, enum statement statement, int64_t where, struct fault *fault)
{
	bool found = false;
	bool ok = store_one(journal, statement,
		CELLS(cell_number(side->batch), cell_number((int64_t)side->kind), cell_number(where)), take_piece, side,
		&found, fault);

	side->ended = !found || side->bytes.len < ENTRY_BYTES;
	return ok;
}

static bool side_next(struct journal *journal, struct side *side, struct fault *fault)
{
	side->at += ENTRY_BYTES;
	return side->at + ENTRY_BYTES <= side->bytes.len || side_load(journal, side, SIMILAR_NEXT, side->piece, fault);
}

/* Goes on to the first entry whose digest is not below this one. */
static bool side_seek(struct journal *journal, struct side *side, uint64_t digest, struct fault *fault)
{
	struct side last = *side;

	if (side->bytes.len >= ENTRY_BYTES) {
		last.at = side->bytes.len - ENTRY_BYTES;
		if (side_entry(&last).digest < digest &&
			!side_load(journal, side, SIMILAR_AT, as_signed(digest), fault))
			return false;
	} else if (!side_load(journal, side, SIMILAR_AT, as_signed(digest), fault)) {
		return false;
	}
	while (!side->ended && side_entry(side).digest < digest)
		if (!side_next(journal, side, fault))
			return false;
	return true;
}

static bool side_start(struct journal *journal, struct side *side, int64_t batch, int64_t first_payout,
	enum similar_kind kind, struct fault *fault)
{
	side->batch = batch;
	side->first_payout = first_payout;
	side->kind = kind;
	side->ended = false;
	buf_reset(&side->bytes);
	return side_seek(journal, side, 0, fault);
}

/* --- comparing --------------------------------------------------------------------------------------------------- */

static void take_state(void *context, const struct cell *row)
{
	*(int64_t *)context = row[1].number;
}

/* A rejected or duplicate row pays nobody. */
static bool pays(struct journal *journal, int64_t payout, bool *yes, struct fault *fault)
{
	int64_t state = PAYOUT_REJECTED;
	bool found = false;

	if (!store_one(journal, PAYOUT_ROW, CELLS(cell_number(payout)), take_state, &state, &found, fault))
		return false;
	*yes = found && (state == PAYOUT_HELD || state == PAYOUT_READY);
	return true;
}

static bool suspect(struct journal *journal, int64_t payout, int64_t other, struct fault *fault)
{
	return store_run(journal, SUSPECT_ADD, CELLS(cell_number(payout), cell_number(other)), NULL, fault);
}

/* Rows of the batch itself: every one of a group has another beside it. */
static bool compare_inside(struct journal *journal, struct side *own, struct fault *fault)
{
	struct entry first = {0, 0}; /* of the group: the first that pays; payout 0: none yet */
	bool yes = false;

	while (!own->ended) {
		struct entry entry = side_entry(own);
		bool last;

		if (!side_next(journal, own, fault))
			return false;
		if (entry.digest != first.digest)
			first = (struct entry){entry.digest, 0};
		last = own->ended || side_entry(own).digest != entry.digest;
		if (last && first.payout == 0)
			continue; /* alone, as most are: nothing to ask */
		if (!pays(journal, entry.payout, &yes, fault))
			return false;
		if (!yes)
			continue;
		if (first.payout == 0)
			first = entry;
		else if (!suspect(journal, entry.payout, first.payout, fault) ||
			 !suspect(journal, first.payout, entry.payout, fault))
			return false;
	}
	return true;
}

/* The first payout of the other side with this digest that pays; 0: none. */
static bool find_other(
	struct journal *journal, struct side *other, uint64_t digest, int64_t *payout, struct fault *fault)
{
	bool yes = false;

	*payout = 0;
	while (!other->ended && side_entry(other).digest == digest) {
		if (!pays(journal, side_entry(other).payout, &yes, fault))
			return false;
		if (yes) {
			*payout = side_entry(other).payout;
			return true;
		}
		if (!side_next(journal, other, fault))
			return false;
	}
	return true;
}

/* Both sides leap to each other's digests, so that the smaller one sets the cost. */
static bool compare_with(struct journal *journal, struct side *own, struct side *other, struct fault *fault)
{
	int64_t found = 0;
	uint64_t digest;
	bool ok = true;

	while (ok && !own->ended && !other->ended) {
		digest = side_entry(own).digest;
		ok = side_seek(journal, other, digest, fault);
		if (!ok || other->ended)
			break;
		if (side_entry(other).digest != digest) {
			ok = side_seek(journal, own, side_entry(other).digest, fault);
			continue;
		}
		ok = find_other(journal, other, digest, &found, fault);
		while (ok && !own->ended && side_entry(own).digest == digest) {
			ok = (found == 0 || suspect(journal, side_entry(own).payout, found, fault)) &&
			     side_next(journal, own, fault);
		}
	}
	return ok;
}

static bool compare_kind(struct journal *journal, enum similar_kind kind, int64_t since, struct fault *fault)
{
	const struct receiving *receiving = journal->receiving;
	struct side own = {0}, other = {0};
	struct store_cursor *batches =
		store_query(journal, BATCH_SINCE, CELLS(cell_number(since), cell_number(receiving->batch)), fault);
	const struct cell *row = NULL;
	bool ok = batches != NULL &&
		  side_start(journal, &own, receiving->batch, receiving->first_payout, kind, fault) &&
		  compare_inside(journal, &own, fault);

	while (ok && (ok = journal->backend->next(batches, &row, fault)) && row != NULL)
		ok = side_start(journal, &own, receiving->batch, receiving->first_payout, kind, fault) &&
		     side_start(journal, &other, row[0].number, row[1].number, kind, fault) &&
		     compare_with(journal, &own, &other, fault);
	journal->backend->done(batches);
	buf_release(&own.bytes);
	buf_release(&other.bytes);
	return ok;
}

bool journal_suspect_each(struct journal *journal, int64_t batch, int64_t since,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault)
{
	bool ok;

	assert(journal->receiving != NULL && journal->receiving->batch == batch);
	ok = receiving_flush(journal, fault) && similar_keep(journal, fault) &&
	     store_run(journal, RECEIVE_CLEAR_SUSPECTS, NO_CELLS, NULL, fault);
	for (int kind = 0; ok && kind < SIMILAR_KINDS; kind++)
		ok = compare_kind(journal, (enum similar_kind)kind, since, fault);
	return ok && pairs_each(journal, SUSPECT_LIST, each, context, fault);
}
