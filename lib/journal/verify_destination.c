/* Every destination against the events that moved it, and its key derived anew. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "journal/destination_inside.h"
#include "journal/verify.h"

struct replay {
	struct verify *verify;
	const struct destination *real;
	struct destination made; /* what the events give; texts in the arena */
	struct arena arena;
	int64_t *seqs;
	size_t count, cap;
	bool broken;
};

static void tell(struct replay *replay, const char *what)
{
	replay->broken = true;
	verify_break(replay->verify, "JOURNAL_STATE", "destination %lld: %s", (long long)replay->real->id, what);
}

static void take_step(void *context, const struct cell *row)
{
	int64_t *step = context;

	step[0] = row[5].number;
	step[1] = row[6].number;
}

static bool collect(struct replay *replay, struct fault *fault)
{
	int64_t step[2] = {0, 0};
	bool found = false;

	replay->count = 0;
	for (int64_t seq = replay->real->last_event; seq != 0; seq = step[1]) {
		if (!store_one(replay->verify->journal, EVENT_GET, CELLS(cell_number(seq)), take_step, step, &found,
			    fault))
			return false;
		if (!found || step[0] != 0 || step[1] >= seq) {
			tell(replay, "its events do not lead back to the first");
			return true;
		}
		if (replay->count == replay->cap) {
			replay->cap = replay->cap == 0 ? 16 : 2 * replay->cap;
			replay->seqs = memory_grow(replay->seqs, replay->cap * sizeof(*replay->seqs));
		}
		replay->seqs[replay->count++] = seq;
	}
	replay->verify->destination_moves += (int64_t)replay->count;
	return true;
}

static bool apply_value(struct replay *replay, const struct destination_column *column, const json_t *value)
{
	char *place = (char *)&replay->made + column->offset;
	struct text text;
	int64_t number;

	if (value == NULL)
		return true;
	if (column->text) {
		text = (struct text){json_string_value(value), json_string_length(value)};
		text = text_copy(&replay->arena, text);
		memcpy(place, &text, sizeof(text));
		return json_is_string(value);
	}
	number = json_integer_value(value);
	memcpy(place, &number, sizeof(number));
	return json_is_integer(value);
}

/* It speaks of this body, and at the beginning of this channel and key. */
static bool is_of(const struct replay *replay, const json_t *evidence)
{
	char hex[2 * SHA256_SIZE + 1], key[KEY_TEXT_SIZE];
	const char *body = json_string_value(json_object_get(evidence, "body_sha256"));
	const char *told = json_string_value(json_object_get(evidence, "key"));

	text_hex(replay->real->body_sha256, SHA256_SIZE, hex);
	key_text(&replay->real->key, key);
	if (body == NULL || strcmp(body, hex) != 0)
		return false;
	return replay->made.version > 0 ||
	       (told != NULL && strcmp(told, key) == 0 &&
		       json_integer_value(json_object_get(evidence, "channel")) == replay->real->channel);
}

static bool apply_evidence(struct replay *replay, struct text evidence)
{
	size_t count;
	const struct destination_column *columns = destination_columns(&count);
	json_t *object = json_loadb(evidence.ptr, evidence.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	bool ok = json_is_object(object) && is_of(replay, object);

	for (size_t i = 0; ok && i < count; i++)
		ok = apply_value(replay, &columns[i], json_object_get(object, columns[i].name));
	json_decref(object);
	return ok;
}

static bool follows(const struct replay *replay, struct text from, enum destination_state to)
{
	enum destination_state known;

	if (replay->made.version == 0)
		return from.len == 0 && to == DESTINATION_UNKNOWN;
	return destination_state_parse(from, &known) && known == replay->made.state &&
	       destination_move_allowed(known, to);
}

static void apply(void *context, const struct cell *row)
{
	struct replay *replay = context;
	struct text fields[EVENT_FIELDS];
	enum destination_state to;

	if (!event_split(row[7].text, fields) || !text_is(fields[FIELD_KIND], "destination") ||
		!destination_state_parse(fields[FIELD_TO], &to)) {
		tell(replay, "one of its events is damaged");
		return;
	}
	if (event_number(fields[FIELD_VERSION]) != replay->made.version + 1 ||
		event_number(fields[FIELD_ATTEMPT]) != replay->real->number ||
		!follows(replay, fields[FIELD_FROM], to) ||
		!apply_evidence(replay, event_unescape(fields[FIELD_EVIDENCE], &replay->verify->scratch))) {
		tell(replay, "one of its events does not follow on the one before");
		return;
	}
	replay->made.version++;
	replay->made.state = to;
}

static void compare(struct replay *replay)
{
	size_t count;
	const struct destination_column *columns = destination_columns(&count);
	const struct destination *real = replay->real, *made = &replay->made;

	if (made->state != real->state || made->version != real->version)
		tell(replay, "its events end elsewhere than its state");
	for (size_t i = 0; i < count && !replay->broken; i++) {
		const char *a = (const char *)real + columns[i].offset, *b = (const char *)made + columns[i].offset;
		struct text x = {NULL, 0}, y = {NULL, 0};

		if (columns[i].text) {
			memcpy(&x, a, sizeof(x));
			memcpy(&y, b, sizeof(y));
		}
		if (columns[i].text ? !text_equal(x, y) : memcmp(a, b, sizeof(int64_t)) != 0)
			tell(replay, columns[i].name);
	}
}

static bool check_key(struct replay *replay, struct fault *fault)
{
	struct key key;

	if (!destination_key(replay->verify->journal, replay->real, &key, fault))
		return false;
	if (memcmp(&key, &replay->real->key, sizeof(key)) != 0)
		verify_break(replay->verify, "JOURNAL_KEY", "destination %lld has another key than its body gives",
			(long long)replay->real->id);
	return true;
}

static bool replay_one(struct replay *replay, struct fault *fault)
{
	bool found = false;

	arena_reset(&replay->arena);
	replay->broken = false;
	replay->made = (struct destination){.version = 0};
	if (!check_key(replay, fault) || !collect(replay, fault))
		return false;
	for (size_t i = replay->count; i-- > 0 && !replay->broken;)
		if (!store_one(replay->verify->journal, EVENT_GET, CELLS(cell_number(replay->seqs[i])), apply, replay,
			    &found, fault))
			return false;
	if (!replay->broken)
		compare(replay);
	return true;
}

struct wanted {
	struct arena *arena;
	struct destination destination;
};

static void take_wanted(void *context, const struct cell *row)
{
	struct wanted *wanted = context;

	destination_take(row, wanted->arena, &wanted->destination);
}

bool verify_destinations(struct verify *verify, struct fault *fault)
{
	struct wanted wanted = {&verify->arena, {0}};
	struct replay replay = {.verify = verify, .real = &wanted.destination};
	bool found = true, ok = true;

	for (int64_t after = 0; ok && found; after = wanted.destination.id) {
		arena_reset(&verify->arena);
		ok = store_one(verify->journal, DESTINATION_NEXT, CELLS(cell_number(after), cell_number(-1)),
			take_wanted, &wanted, &found, fault);
		if (ok && found)
			ok = replay_one(&replay, fault);
	}
	if (ok && verify->destination_events != verify->destination_moves)
		verify_break(verify, "JOURNAL_STATE",
			"there are %lld events of destinations for %lld that destinations lead to",
			(long long)verify->destination_events, (long long)verify->destination_moves);
	arena_release(&replay.arena);
	free(replay.seqs);
	return ok;
}
