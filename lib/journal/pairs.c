#include "journal/pairs.h"

#include <string.h>

struct sides {
	struct journal_payout own, other;
	struct attempt latest;
	bool sent; /* the other has an attempt */
};

/* Both digests without the date where one came in a message, which names a day whether one is meant or not. */
static bool undate(struct journal *journal, struct arena *arena, struct sides *sides, struct fault *fault)
{
	struct origin origin;
	bool own = false, other = false;

	if (!journal_origin_get(journal, &sides->own, arena, &origin, &own, fault) ||
		!journal_origin_get(journal, &sides->other, arena, &origin, &other, fault))
		return false;
	if (!own && !other)
		return true;
	content_digest_undated(journal->sha, sides->own.content, sides->own.content_digest);
	content_digest_undated(journal->sha, sides->other.content, sides->other.content_digest);
	return true;
}

static bool load(struct journal *journal, enum statement list, int64_t own, int64_t other, struct arena *arena,
	struct sides *sides, struct fault *fault)
{
	bool found_own = false, found_other = false;

	/* A reference is bound to the row that had it first; who has it now may be a correction of that. */
	if (list == CLASH_LIST && !journal_payout_current(journal, other, &other, fault))
		return false;
	if (!journal_payout_get(journal, own, arena, &sides->own, &found_own, fault) ||
		!journal_payout_get(journal, other, arena, &sides->other, &found_other, fault) ||
		!journal_attempt_of(journal, other, arena, &sides->latest, &sides->sent, fault))
		return false;
	if (!found_own || !found_other)
		return fault_set(fault, FAULT_OPERATION, "JOURNAL_CORRUPT", "run `payrun verify`",
			"a payout of the journal %s is missing", journal->path);
	return list != CLASH_LIST || undate(journal, arena, sides, fault);
}

/* Suspects were listed as rows that pay. One of the same batch may have been rejected since, for looking like this
 * one: both are suspects, whichever was told first. */
static bool counts(const struct sides *sides, enum statement list)
{
	bool other_counts = sides->other.state >= PAYOUT_HELD || sides->other.batch == sides->own.batch;

	if (list == CLASH_LIST)
		return true;
	return sides->own.state >= PAYOUT_HELD && other_counts &&
	       !text_equal(sides->own.reference, sides->other.reference);
}

static bool tell(struct journal *journal, const struct sides *sides,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, bool *more,
	struct fault *fault)
{
	const char *name = "";
	struct journal_clash clash = {
		.payout = sides->own.id,
		.row = sides->own.row,
		.line = sides->own.line,
		.reference = sides->own.reference,
		.other = sides->other.id,
		.other_row = sides->other.row,
		.other_reference = sides->other.reference,
		.other_state = sides->sent ? sides->latest.state : sides->other.state,
		.other_attempt = sides->sent ? sides->latest.number : 0,
		.other_batch_id = sides->other.batch,
		.same_channel = sides->own.channel == sides->other.channel,
		.same_content = sides->own.channel == sides->other.channel && sides->other.content.len > 0 &&
				memcmp(sides->own.content_digest, sides->other.content_digest, SHA256_SIZE) == 0,
	};

	if (!batch_name(journal, sides->other.batch, &name, fault))
		return false;
	clash.other_batch = text_of(name);
	*more = each(context, &clash, fault);
	return !fault->set;
}

bool pairs_each(struct journal *journal, enum statement list,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault)
{
	const struct backend *backend = journal->backend;
	struct store_cursor *cursor = store_query(journal, list, NO_CELLS, fault);
	const struct cell *row = NULL;
	struct arena arena = {0};
	struct sides sides;
	bool ok = cursor != NULL, more = true;

	while (ok && more && (ok = backend->next(cursor, &row, fault)) && row != NULL) {
		arena_reset(&arena);
		ok = load(journal, list, row[0].number, row[1].number, &arena, &sides, fault) &&
		     (!counts(&sides, list) || tell(journal, &sides, each, context, &more, fault));
	}
	arena_release(&arena);
	backend->done(cursor);
	return ok;
}
