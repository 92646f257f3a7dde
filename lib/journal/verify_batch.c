#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "journal/receiving.h"
#include "journal/verify.h"
#include "values/provider.h"

struct batch_check {
	struct verify *verify;
	const struct journal_batch *batch;
	struct sums sums; /* as received */
	struct sha256 *references;
	uint8_t running[SHA256_SIZE];
	int64_t rows, last_row;
	bool purged;
	int64_t channel; /* the one whose provider is at hand */
	enum provider_id provider;
};

static void tell(struct batch_check *check, const char *code, const struct journal_payout *payout, const char *what)
{
	verify_break(check->verify, code, "batch %s row %lld: %s", check->batch->name, (long long)payout->row, what);
}

/* --- a row ------------------------------------------------------------------------------------------------------- */

static bool provider_of(struct batch_check *check, int64_t channel, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_channel found = {.id = 0};
	bool known = false, ok;

	if (channel == check->channel)
		return true;
	ok = journal_channel_get(check->verify->journal, channel, &arena, &found, &known, fault);
	check->provider = ok && known ? provider_parse(text_of(found.provider)) : PROVIDER_NONE;
	check->channel = channel;
	arena_release(&arena);
	return ok;
}

struct keyed {
	int64_t channel;
	uint8_t key[KEY_SIZE];
	bool whole;
};

static void take_keyed(void *context, const struct cell *row)
{
	struct keyed *keyed = context;

	keyed->channel = row[0].number;
	keyed->whole = row[1].text.len == KEY_SIZE;
	if (keyed->whole)
		memcpy(keyed->key, row[1].text.ptr, KEY_SIZE);
}

static bool check_key(struct batch_check *check, const struct journal_payout *payout, int64_t number,
	const struct keyed *keyed, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	struct key key;
	int64_t owner = 0;
	bool found = false;

	if (!provider_of(check, keyed->channel, fault) ||
		!store_number(journal, ATTEMPT_BY_KEY, CELLS(cell_bytes(keyed->key, KEY_SIZE)), &owner, &found, fault))
		return false;
	key = key_derive(journal->sha, text_of(journal->namespace_text), check->provider, payout->reference, number);
	if (!keyed->whole || memcmp(key.bytes, keyed->key, KEY_SIZE) != 0)
		tell(check, "JOURNAL_KEY", payout, "the key is not the one its reference gives");
	if (!found || owner != attempt_id(payout->id, number))
		tell(check, "JOURNAL_KEY", payout, "the key is not registered as its own");
	return true;
}

static void take_attempt(void *context, const struct cell *row)
{
	attempt_take(row, NULL, context);
}

/* A row that says ALL has its amount from its first claim on. */
static bool check_fixed(
	struct batch_check *check, const struct journal_payout *payout, int64_t number, struct fault *fault)
{
	struct attempt attempt = {.sends = 0};
	bool found = false;

	if (payout->amount_minor != 0)
		return true;
	if (!store_one(check->verify->journal, ATTEMPT_BY_ID, CELLS(cell_number(attempt_id(payout->id, number))),
		    take_attempt, &attempt, &found, fault))
		return false;
	if (attempt.sends > 0 && attempt.fixed_minor == 0)
		tell(check, "JOURNAL_STATE", payout, "it was sent without an amount");
	return true;
}

/* The reference is bound to the row, or to the first of those that it corrects. */
static bool check_reference(struct batch_check *check, const struct journal_payout *payout, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	int64_t owner = 0, root = 0;
	bool bound = false;

	if (!store_number(journal, PAYOUT_BY_REF, CELLS(cell_text(payout->reference)), &owner, &bound, fault) ||
		!correction_root(journal, payout->id, &root, fault))
		return false;
	if (!bound || owner != root)
		tell(check, "JOURNAL_REFERENCE", payout, "its reference is not bound to it");
	return true;
}

/* Attempts that this row does not have belong to another row of the same payout. */
static bool elsewhere(struct batch_check *check, int64_t payout, int64_t number, bool *found, struct fault *fault)
{
	struct attempt attempt;
	struct arena arena = {0};
	bool ok = journal_attempt_number(check->verify->journal, payout, number, &arena, &attempt, found, fault);

	arena_release(&arena);
	return ok;
}

/* The current attempt is the newest that did not give way to an earlier one. */
static bool check_standing(
	struct batch_check *check, const struct journal_payout *payout, int64_t first, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	struct arena arena = {0};
	struct attempt attempt;
	int64_t current = 0, last = 0, stands = 0;
	bool found = false, ok = attempts_standing(journal, payout->id, &current, &last, fault);

	for (int64_t number = last; ok && stands == 0 && number >= first; number--) {
		ok = journal_attempt_get(journal, attempt_id(payout->id, number), &arena, &attempt, &found, fault);
		if (found && !attempt_gave_way(&attempt))
			stands = number;
	}
	if (ok && current != (stands != 0 ? stands : last))
		tell(check, "JOURNAL_STATE", payout, "its state is not that of the attempt that counts");
	arena_release(&arena);
	return ok;
}

/* A row that pays has its reference, attempts and their keys; any other has none of them. */
static bool check_bindings(struct batch_check *check, const struct journal_payout *payout, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	bool live = payout->state == PAYOUT_HELD || payout->state == PAYOUT_READY;
	struct keyed keyed = {.channel = 0};
	int64_t current = 1, last = 1, corrects = 0, first = 1;
	bool there = false, other = false;

	if ((live && !check_reference(check, payout, fault)) ||
		!attempts_standing(journal, payout->id, &current, &last, fault) ||
		!correction_of(journal, payout->id, &corrects, &first, fault))
		return false;
	for (int64_t number = first; number <= last; number++) {
		if (!store_one(journal, ATTEMPT_KEY, CELLS(cell_number(attempt_id(payout->id, number))), take_keyed,
			    &keyed, &there, fault))
			return false;
		other = false;
		if (live && !there && number > first && !elsewhere(check, payout->id, number, &other, fault))
			return false;
		if (there != live && !other)
			tell(check, "JOURNAL_STATE", payout,
				live ? "an attempt is missing" : "it has an attempt, though it is not to be paid");
		if (live && there &&
			!(check_key(check, payout, number, &keyed, fault) && check_fixed(check, payout, number, fault)))
			return false;
	}
	return !live || last == 1 || check_standing(check, payout, first, fault);
}

/* What is kept beside the content repeats it. */
static void check_content(struct batch_check *check, const struct journal_payout *payout)
{
	struct text amount = content_get(payout->content, "amount");
	struct text currency = content_get(payout->content, "currency");
	char minor[32];

	snprintf(minor, sizeof(minor), "%" PRId64, payout->amount_minor);
	if (text_is(amount, "ALL")) /* known with the claim */
		snprintf(minor, sizeof(minor), "%s", payout->amount_minor == 0 ? "ALL" : "");
	if ((amount.len > 0 && payout->state != PAYOUT_REJECTED && !text_is(amount, minor)) ||
		(currency.len > 0 && payout->state != PAYOUT_REJECTED && !text_equal(currency, payout->currency)))
		tell(check, "JOURNAL_CONTENT", payout, "amount or currency are not those of its content");
}

static bool check_row(struct batch_check *check, const struct cell *row, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	struct journal_payout payout;
	struct text salt, packed;
	uint8_t digest[SHA256_SIZE];

	payout_take(journal, row, NULL, &payout);
	if (payout.batch != check->batch->id || payout.row <= check->last_row || payout.state > PAYOUT_READY)
		tell(check, "JOURNAL_CONTENT", &payout, "it is not in its place");
	check->last_row = payout.row;
	check->rows++;
	body_split(&row[12], &salt, &packed);
	check->purged = check->purged || salt.len == 0;
	if (salt.len > 0) {
		content_salted(journal->sha, (const uint8_t *)salt.ptr, payout.content, digest);
		content_running(journal->sha, check->running, digest);
		check_content(check, &payout);
	}
	sha256_add_field(check->references, payout.reference);
	if (!sums_add(&check->sums, payout.currency, payout.decimals, payout.state, 1, payout.amount_minor))
		tell(check, "JOURNAL_SUMS", &payout, "the amounts up to here are more than can be counted");
	return check_bindings(check, &payout, fault);
}

static bool check_rows(struct batch_check *check, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	struct store_cursor *cursor = store_query(journal, PAYOUT_RANGE,
		CELLS(cell_number(check->batch->first_payout), cell_number(check->batch->last_payout)), fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		ok = check_row(check, row, fault);
	journal->backend->done(cursor);
	return ok;
}

/* --- a batch ----------------------------------------------------------------------------------------------------- */

struct found_event {
	struct buf *evidence;
	bool found, many;
};

static bool see_event(void *context, const struct journal_event *event)
{
	struct found_event *found = context;
	struct text fields[EVENT_FIELDS];

	if (!event_split(event->line, fields) || !text_is(fields[FIELD_KIND], "receive"))
		return true;
	found->many = found->found;
	found->found = true;
	event_unescape(fields[FIELD_EVIDENCE], found->evidence);
	return true;
}

static bool find_receive_event(struct verify *verify, int64_t batch, struct found_event *found, struct fault *fault)
{
	struct journal *journal = verify->journal;
	const struct cell *row = NULL;
	struct store_cursor *cursor =
		store_query(journal, EVENT_ROW_LIST, CELLS(cell_number(batch), cell_number(0)), fault);
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		const struct cell *event = NULL;
		struct store_cursor *one = store_query(journal, EVENT_GET, CELLS(cell_number(row[0].number)), fault);

		ok = one != NULL && journal->backend->next(one, &event, fault);
		if (ok && event != NULL) {
			struct journal_event seen = {.seq = event[0].number, .line = event[7].text};

			see_event(found, &seen);
		}
		journal->backend->done(one);
	}
	journal->backend->done(cursor);
	return ok;
}

/* Of a purged batch the digest cannot be made again: the event's own word for it stands. */
static void digest_of_event(struct text evidence, const char *name, uint8_t digest[SHA256_SIZE])
{
	const char *at = evidence.len > 0 ? strstr(evidence.ptr, name) : NULL;

	if (at != NULL && strlen(at) >= strlen(name) + 2 * SHA256_SIZE)
		(void)text_unhex((struct text){at + strlen(name), 2 * SHA256_SIZE}, digest, SHA256_SIZE);
}

/* What the message said of itself and of the rows, where the batch came as one. */
static bool digest_message(struct batch_check *check, bool *there, uint8_t digest[SHA256_SIZE], struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	const struct journal_batch *batch = check->batch;
	struct store_cursor *cursor = NULL;
	const struct cell *row = NULL;
	struct arena arena = {0};
	struct origin_message message;
	struct sha256 *sha;
	bool ok = journal_message_get(journal, batch->id, &arena, &message, there, fault);

	if (!ok || !*there) {
		arena_release(&arena);
		return ok;
	}
	sha = sha256_new();
	message_digest_begin(sha, &message);
	cursor = origins_query(journal, batch->id, batch->first_payout, batch->last_payout, fault);
	ok = cursor != NULL;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		struct origin origin;

		origin_take(row, &origin);
		message_digest_add(sha, row[0].number - batch->first_payout, &origin);
	}
	journal->backend->done(cursor);
	sha256_end(sha, digest);
	sha256_free(sha);
	arena_release(&arena);
	return ok;
}

static bool compare_evidence(struct batch_check *check, struct text said, struct fault *fault)
{
	struct verify *verify = check->verify;
	struct receive_facts facts = {.rows = check->rows,
		.control = check->batch->control,
		.held = check->batch->held_by_option,
		.sha256 = check->batch->sha256,
		.digest = check->running,
		.sums = &check->sums};
	uint8_t message[SHA256_SIZE];
	bool there = false;

	if (!digest_message(check, &there, message, fault))
		return false;
	if (check->purged)
		digest_of_event(said, "\"digest\":\"", check->running);
	if (check->purged)
		digest_of_event(said, "\"message\":\"", message);
	if (there)
		facts.message = message;
	sha256_end(check->references, facts.references);
	receive_evidence(&verify->journal->evidence, &facts);
	if (!text_equal(said, buf_text(&verify->journal->evidence)))
		verify_break(verify, "JOURNAL_CONTENT",
			"batch %s is not what was received: rows, amounts, references or contents have changed",
			check->batch->name);
	return true;
}

static bool compare_totals(struct batch_check *check, struct fault *fault)
{
	struct journal *journal = check->verify->journal;
	struct sums kept = {0};
	struct journal_sums now;
	const struct cell *row = NULL;
	struct store_cursor *cursor = store_query(journal, TOTAL_LIST, CELLS(cell_number(check->batch->id)), fault);
	bool ok = cursor != NULL, fits = true;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		fits = sums_add(&kept, row[1].text, (unsigned)row[2].number, (enum payout_state)row[3].number,
			       row[4].number, row[5].number) &&
		       fits;
	journal->backend->done(cursor);
	sums_sort(&kept);
	if (ok && (!fits || !sums_equal(&kept, &check->sums)))
		verify_break(check->verify, "JOURNAL_SUMS", "the totals of batch %s are not those of its rows",
			check->batch->name);
	sums_release(&kept);
	arena_reset(&check->verify->arena);
	ok = ok && journal_sums(journal, check->batch->id, &check->verify->arena, &now, fault);
	if (ok && !now.balanced)
		verify_break(check->verify, "JOURNAL_SUMS", "the sums of batch %s do not balance", check->batch->name);
	return ok;
}

static bool check_batch(struct batch_check *check, struct fault *fault)
{
	struct verify *verify = check->verify;
	struct found_event event = {.evidence = &verify->scratch};

	check->references = sha256_new();
	sha256_begin(check->references);
	if (!check_rows(check, fault))
		return false;
	sums_sort(&check->sums);
	if (check->rows != check->batch->rows ||
		check->rows != check->batch->last_payout - check->batch->first_payout + 1)
		verify_break(verify, "JOURNAL_CONTENT", "batch %s has %lld rows, %lld were received",
			check->batch->name, (long long)check->rows, (long long)check->batch->rows);
	if (!find_receive_event(verify, check->batch->id, &event, fault))
		return false;
	if (!event.found || event.many)
		verify_break(verify, "JOURNAL_CHAIN", "batch %s has %s event that received it", check->batch->name,
			event.many ? "more than one" : "no");
	else if (!compare_evidence(check, buf_text(&verify->scratch), fault))
		return false;
	return compare_totals(check, fault);
}

struct batches {
	struct verify *verify;
	struct fault *fault;
	bool ok;
};

static bool each_batch(void *context, const struct journal_batch *batch)
{
	struct batches *batches = context;
	struct batch_check check = {.verify = batches->verify, .batch = batch};

	batches->ok = check_batch(&check, batches->fault);
	sha256_free(check.references);
	sums_release(&check.sums);
	return batches->ok;
}

bool verify_batches(struct verify *verify, struct fault *fault)
{
	struct batches batches = {verify, fault, true};

	return journal_batch_each(verify->journal, each_batch, &batches, fault) && batches.ok;
}
