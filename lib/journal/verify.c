#include "journal/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void verify_break(struct verify *verify, const char *code, const char *format, ...)
{
	char message[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(message, sizeof(message), format, list);
	va_end(list);
	verify->breaks++;
	verify->each(verify->context, code, message);
}

static void damage(void *context, const char *message)
{
	verify_break(context, "JOURNAL_CORRUPT", "the database says of itself: %s", message);
}

/* What is behind its head may still be whole: a break like any other. */
static bool check_head_file(struct verify *verify, struct fault *fault)
{
	struct fault behind = {0};
	bool same_folder;

	if (journal_head_check(verify->journal, &same_folder, &behind))
		return true;
	if (behind.kind != FAULT_BREAK) {
		*fault = behind;
		return false;
	}
	verify_break(verify, behind.code, "%s", behind.message);
	return true;
}

static void tell_count(
	struct verify *verify, const char *code, const char *what, int64_t have, const char *of, int64_t want)
{
	if (have != want)
		verify_break(verify, code, "there are %lld %s for %lld %s", (long long)have, what, (long long)want, of);
}

static bool count(struct verify *verify, enum statement statement, int64_t *number, struct fault *fault)
{
	bool found;

	return store_number(verify->journal, statement, NO_CELLS, number, &found, fault);
}

/* What no row asks for: references, keys and events that belong to nothing. */
static bool check_leftovers(struct verify *verify, struct fault *fault)
{
	const struct backend *backend = verify->journal->backend;
	struct store_cursor *cursor = store_query(verify->journal, REF_LOOSE, NO_CELLS, fault);
	const struct cell *row = NULL;
	int64_t keys = 0, attempts = 0, moves = 0;
	bool ok = cursor != NULL;

	while (ok && (ok = backend->next(cursor, &row, fault)) && row != NULL)
		verify_break(verify, "JOURNAL_REFERENCE",
			"a reference is bound to payout %lld, which does not carry it", (long long)row[0].number);
	backend->done(cursor);
	if (!ok || !count(verify, KEY_COUNT, &keys, fault) || !count(verify, ATTEMPT_COUNT, &attempts, fault) ||
		!count(verify, MOVE_COUNT, &moves, fault))
		return false;
	tell_count(verify, "JOURNAL_KEY", "keys", keys, "attempts", attempts);
	tell_count(verify, "JOURNAL_STATE", "moves among the events", moves, "that attempts lead to", verify->moves);
	return true;
}

static bool check_provider_ids(struct verify *verify, struct fault *fault)
{
	const struct backend *backend = verify->journal->backend;
	struct store_cursor *cursor = store_query(verify->journal, PROVIDER_ID_LOOSE, NO_CELLS, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	while (ok && (ok = backend->next(cursor, &row, fault)) && row != NULL)
		verify_break(verify, "JOURNAL_PROVIDER_ID",
			"attempt %lld of payout %lld has the provider id %.*s, which is "
			"not registered as its own",
			(long long)(row[0].number >> ATTEMPT_ID_SHIFT) + 1,
			(long long)(row[0].number & ATTEMPT_PAYOUT_MASK), (int)row[1].text.len, row[1].text.ptr);
	backend->done(cursor);
	return ok;
}

bool journal_verify(struct journal *journal, struct text expected_head,
	void (*each)(void *context, const char *code, const char *message), void *context, int64_t *breaks,
	struct fault *fault)
{
	struct verify verify = {.journal = journal, .each = each, .context = context, .expected_head = expected_head};
	bool moment = !journal->writing && !journal->reading; /* a run may go on writing meanwhile */
	bool ok = (!moment || journal_read_begin(journal, fault)) &&
		  journal->backend->check(journal->store, damage, &verify, fault) && verify_chain(&verify, fault) &&
		  check_head_file(&verify, fault) && verify_batches(&verify, fault) &&
		  verify_attempts(&verify, fault) && verify_destinations(&verify, fault) &&
		  verify_spending(&verify, fault) && check_leftovers(&verify, fault) &&
		  check_provider_ids(&verify, fault);

	if (moment)
		journal_read_end(journal);
	*breaks = verify.breaks;
	arena_release(&verify.arena);
	buf_release(&verify.scratch);
	return ok;
}
