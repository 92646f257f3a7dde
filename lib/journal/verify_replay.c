#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "journal/verify.h"

#define AT_A_TIME 64

/*
 * Each attempt leads back through its own events, the newest first. They are read into one array, which grows with the
 * history of a single attempt, and applied from the oldest on.
 */
struct replay {
	struct verify *verify;
	const struct attempt *real;
	struct attempt made; /* what the events give; texts in the arena */
	struct arena arena;
	int64_t *seqs;
	size_t count, cap;
	char payload_sha256[2 * SHA256_SIZE + 1];
	struct text corrects; /* as its first event has it */
	bool broken;
};

static void tell(struct replay *replay, const char *what, const char *detail)
{
	const char *name = "";
	struct fault ignored = {0};

	replay->broken = true;
	if (!batch_name(replay->verify->journal, replay->real->batch, &name, &ignored))
		name = "?";
	verify_break(replay->verify, "JOURNAL_STATE", "batch %s row %lld attempt %lld: %s%s", name,
		(long long)replay->real->row, (long long)replay->real->number, what, detail);
}

static void remember(struct replay *replay, int64_t seq)
{
	if (replay->count == replay->cap) {
		replay->cap = replay->cap == 0 ? 64 : 2 * replay->cap;
		replay->seqs = memory_grow(replay->seqs, replay->cap * sizeof(*replay->seqs));
	}
	replay->seqs[replay->count++] = seq;
}

struct step {
	int64_t attempt, previous;
};

static void take_step(void *context, const struct cell *row)
{
	*(struct step *)context = (struct step){row[5].number, row[6].number};
}

static bool collect(struct replay *replay, struct fault *fault)
{
	struct step step = {0, 0};
	bool found = false;

	replay->count = 0;
	for (int64_t seq = replay->real->last_event; seq != 0; seq = step.previous) {
		if (!store_one(replay->verify->journal, EVENT_GET, CELLS(cell_number(seq)), take_step, &step, &found,
			    fault))
			return false;
		if (!found || step.attempt != replay->real->id || step.previous >= seq) {
			tell(replay, "its events do not lead back to the first", "");
			return true;
		}
		remember(replay, seq);
	}
	replay->verify->moves += (int64_t)replay->count;
	return true;
}

static bool apply_value(struct replay *replay, const struct move_column *column, const json_t *value)
{
	char *place = (char *)&replay->made + column->offset;
	struct text text;
	int64_t number;

	if (column->text) {
		if (!json_is_string(value))
			return false;
		text = text_copy(&replay->arena, (struct text){json_string_value(value), json_string_length(value)});
		memcpy(place, &text, sizeof(text));
		return true;
	}
	if (!json_is_integer(value))
		return false;
	number = json_integer_value(value);
	memcpy(place, &number, sizeof(number));
	return true;
}

static bool apply_evidence(struct replay *replay, struct text evidence)
{
	size_t count;
	const struct move_column *columns = move_columns(&count);
	json_t *object;
	const json_t *payload;
	bool ok = true;

	if (evidence.len == 0)
		return true;
	object = json_loadb(evidence.ptr, evidence.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	if (!json_is_object(object)) {
		json_decref(object);
		return false;
	}
	for (size_t i = 0; ok && i < count; i++) {
		const json_t *value = json_object_get(object, columns[i].name);

		ok = value == NULL || apply_value(replay, &columns[i], value);
	}
	payload = json_object_get(object, "payload_sha256");
	if (payload != NULL && json_string_length(payload) == 2 * SHA256_SIZE)
		memcpy(replay->payload_sha256, json_string_value(payload), sizeof(replay->payload_sha256));
	if (replay->made.version == 0 && json_is_string(json_object_get(object, "corrects")))
		replay->corrects =
			text_copy(&replay->arena, text_of(json_string_value(json_object_get(object, "corrects"))));
	json_decref(object);
	return ok;
}

static bool follows(const struct replay *replay, enum payout_state from, enum payout_state to)
{
	bool first = replay->made.version == 0; /* the event that starts attempt 2, 3, ... */

	if (first)
		return (from == PAYOUT_FAILED || from == PAYOUT_RETURNED || from == PAYOUT_CANCELED) &&
		       (to == PAYOUT_READY || to == PAYOUT_HELD);
	return from == replay->made.state && (from == to || state_move_allowed(from, to));
}

static void apply(struct replay *replay, const struct cell *row)
{
	struct text fields[EVENT_FIELDS];
	enum payout_state from, to;

	if (!event_split(row[7].text, fields) || !state_parse(fields[FIELD_FROM], &from) ||
		!state_parse(fields[FIELD_TO], &to)) {
		tell(replay, "one of its events is damaged", "");
		return;
	}
	if (event_number(fields[FIELD_VERSION]) != replay->made.version + 1 ||
		event_number(fields[FIELD_ROW]) != replay->real->row || !follows(replay, from, to) ||
		!apply_evidence(replay, event_unescape(fields[FIELD_EVIDENCE], &replay->verify->scratch))) {
		tell(replay, "one of its events does not follow on the one before", "");
		return;
	}
	replay->made.version++;
	replay->made.state = to;
}

static void take_event(void *context, const struct cell *row)
{
	apply(context, row);
}

static void take_state(void *context, const struct cell *row)
{
	*(int64_t *)context = row[1].number;
}

/* Attempt 1 begins as the row was received; a later one with its own first event. */
static bool begin(struct replay *replay, struct fault *fault)
{
	int64_t state = PAYOUT_UNKNOWN;
	bool found = true;

	replay->made = (struct attempt){.version = 0};
	replay->payload_sha256[0] = '\0';
	replay->corrects = TEXT("");
	if (replay->real->number > 1)
		return true;
	if (!store_one(replay->verify->journal, PAYOUT_ROW, CELLS(cell_number(replay->real->payout)), take_state,
		    &state, &found, fault))
		return false;
	if (!found)
		tell(replay, "it has no payout", "");
	replay->made.version = 1;
	replay->made.state = (enum payout_state)state;
	return true;
}

static void compare(struct replay *replay)
{
	size_t count;
	const struct move_column *columns = move_columns(&count);
	const struct attempt *real = replay->real, *made = &replay->made;

	if (made->state != real->state || made->version != real->version)
		tell(replay, "its events end elsewhere than its state ", state_name(real->state));
	for (size_t i = 0; i < count && !replay->broken; i++)
		if (!move_same(real, made, &columns[i]))
			tell(replay, "its events give another value for ", columns[i].name);
}

struct frozen {
	struct journal *journal;
	uint8_t made[SHA256_SIZE];
	uint8_t kept[SHA256_SIZE];
	bool purged;
};

static void take_payload(void *context, const struct cell *row)
{
	struct frozen *frozen = context;

	frozen->purged = row[0].text.len == 0;
	sha256_of(frozen->journal->sha, row[0].text.ptr, row[0].text.len, frozen->made);
	if (row[1].text.len == SHA256_SIZE)
		memcpy(frozen->kept, row[1].text.ptr, SHA256_SIZE);
}

static bool compare_payload(struct replay *replay, struct fault *fault)
{
	struct frozen frozen = {.journal = replay->verify->journal};
	char hex[2 * SHA256_SIZE + 1] = "";
	bool found = false;

	if (!store_one(replay->verify->journal, PAYLOAD_GET, CELLS(cell_number(replay->real->id)), take_payload,
		    &frozen, &found, fault))
		return false;
	if (found)
		text_hex(frozen.kept, SHA256_SIZE, hex);
	if (strcmp(hex, replay->payload_sha256) != 0 ||
		(found && !frozen.purged && memcmp(frozen.made, frozen.kept, SHA256_SIZE) != 0))
		tell(replay, "its payload is not the one that was frozen", "");
	return true;
}

/* Which row an attempt corrects is what its first event says. */
static bool compare_correction(struct replay *replay, struct fault *fault)
{
	struct journal *journal = replay->verify->journal;
	struct journal_payout corrected;
	struct buf name = {0};
	int64_t corrects = 0, number = 1;
	bool found = false, ok = correction_of(journal, replay->real->payout, &corrects, &number, fault);

	if (ok && corrects != 0 && number == replay->real->number)
		ok = journal_payout_get(journal, corrects, &replay->arena, &corrected, &found, fault) &&
		     (!found || correction_name(journal, &corrected, &name, fault));
	if (ok && !text_equal(replay->corrects, buf_text(&name)))
		tell(replay, "its first event names another row that it corrects", "");
	buf_release(&name);
	return ok;
}

static void take_amount(void *context, const struct cell *row)
{
	*(int64_t *)context = row[8].number;
}

/* An amount is fixed where the row has none of its own, before the first send. */
static bool compare_amount(struct replay *replay, struct fault *fault)
{
	const struct attempt *real = replay->real;
	int64_t amount_minor = 0;
	bool found = false;

	if (real->fixed_minor == 0)
		return true;
	if (!store_one(replay->verify->journal, PAYOUT_BY_ID, CELLS(cell_number(real->payout)), take_amount,
		    &amount_minor, &found, fault))
		return false;
	if (amount_minor != 0)
		tell(replay, "its amount was fixed, though its row has one", "");
	return true;
}

static bool replay_one(struct replay *replay, struct fault *fault)
{
	bool found = false;

	arena_reset(&replay->arena);
	replay->broken = false;
	if (!collect(replay, fault) || replay->broken || !begin(replay, fault))
		return replay->broken;
	for (size_t i = replay->count; i-- > 0 && !replay->broken;)
		if (!store_one(replay->verify->journal, EVENT_GET, CELLS(cell_number(replay->seqs[i])), take_event,
			    replay, &found, fault))
			return false;
	if (!replay->broken)
		compare(replay);
	if (!replay->broken && replay->real->number > 1 && !compare_correction(replay, fault))
		return false;
	return replay->broken || (compare_payload(replay, fault) && compare_amount(replay, fault));
}

bool verify_attempts(struct verify *verify, struct fault *fault)
{
	struct replay replay = {.verify = verify};
	struct attempt_filter filter = {.after = 0};
	struct attempt list[AT_A_TIME];
	int count = AT_A_TIME;
	bool ok = true;

	while (ok && count == AT_A_TIME) {
		arena_reset(&verify->arena);
		ok = journal_attempt_list(verify->journal, &filter, &verify->arena, list, AT_A_TIME, &count, fault);
		for (int i = 0; ok && i < count; i++) {
			replay.real = &list[i];
			ok = replay_one(&replay, fault);
			filter.after = list[i].id;
		}
	}
	arena_release(&replay.arena);
	free(replay.seqs);
	return ok;
}
