#include "providers/answer.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_lexer.h"
#include "values/money.h"

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* jansson takes a body apart byte by byte, which costs more than anything else that is done with an answer. What has no
 * escapes - so have nearly all - needs nothing but its tokens; a body that is not so, or in any way odd, is jansson's.
 * Tests hold both ways against each other. */
#define PLAIN_NAME_SIZE 64

struct plain {
	struct json_lexer lexer;
	enum json_token token; /* the one at hand */
	int depth;
};

static void advance(struct plain *plain)
{
	plain->token = json_next(&plain->lexer);
	if (plain->lexer.why != NULL)
		plain->token = TOKEN_BAD;
}

static bool is_mark(const struct plain *plain, char mark)
{
	return plain->token == TOKEN_MARK && json_mark(&plain->lexer) == mark;
}

static struct text token_text(const struct plain *plain)
{
	const struct json_lexer *lexer = &plain->lexer;

	return (struct text){lexer->in.ptr + lexer->start, lexer->at - lexer->start};
}

/* Without its quotes. */
static struct text string_text(const struct plain *plain)
{
	struct text text = token_text(plain);

	return (struct text){text.ptr + 1, text.len - 2};
}

static json_t *plain_value(struct plain *plain);

/* A name, its colon and its value. */
static bool plain_member(struct plain *plain, json_t *object)
{
	char name[PLAIN_NAME_SIZE];
	json_t *value;

	if (plain->token != TOKEN_STRING || string_text(plain).len >= sizeof(name))
		return false;
	memcpy(name, string_text(plain).ptr, string_text(plain).len);
	name[string_text(plain).len] = '\0';
	advance(plain);
	if (!is_mark(plain, ':') || json_object_get(object, name) != NULL)
		return false;
	advance(plain);
	value = plain_value(plain);
	return value != NULL && json_object_set_new_nocheck(object, name, value) == 0;
}

static bool plain_item(struct plain *plain, json_t *array)
{
	json_t *value = plain_value(plain);

	return value != NULL && json_array_append_new(array, value) == 0;
}

/* Behind the mark that opens it, as far as the one that closes it. */
static bool plain_members(struct plain *plain, json_t *whole, bool (*one)(struct plain *plain, json_t *whole), char end)
{
	advance(plain);
	if (is_mark(plain, end))
		return true;
	for (;; advance(plain)) {
		if (!one(plain, whole))
			return false;
		if (!is_mark(plain, ','))
			return is_mark(plain, end);
	}
}

static json_t *plain_whole(struct plain *plain)
{
	bool object = is_mark(plain, '{');
	json_t *whole = object ? json_object() : json_array();

	if (++plain->depth <= ANSWER_DEPTH_MAX &&
		plain_members(plain, whole, object ? plain_member : plain_item, object ? '}' : ']')) {
		plain->depth--;
		return whole;
	}
	json_decref(whole);
	return NULL;
}

static json_t *plain_word(struct text word)
{
	if (word.ptr[0] == 't')
		return json_true();
	return word.ptr[0] == 'f' ? json_false() : json_null();
}

/* Leaves the token behind it at hand; NULL for anything odd. */
static json_t *plain_value(struct plain *plain)
{
	json_t *value = NULL;

	if (plain->token == TOKEN_STRING)
		value = json_stringn_nocheck(string_text(plain).ptr, string_text(plain).len);
	else if (plain->token == TOKEN_NUMBER)
		value = json_stringn_nocheck(token_text(plain).ptr, token_text(plain).len);
	else if (plain->token == TOKEN_WORD)
		value = plain_word(token_text(plain));
	else if (is_mark(plain, '{') || is_mark(plain, '['))
		value = plain_whole(plain);
	if (value != NULL)
		advance(plain);
	return value;
}

static json_t *parse_plain(struct text body)
{
	struct plain plain = {.lexer = {.in = body}};
	json_t *root = NULL;

	if (body.len == 0 || memchr(body.ptr, '\\', body.len) != NULL || !text_utf8(body, NULL))
		return NULL;
	advance(&plain);
	if (is_mark(&plain, '{') || is_mark(&plain, '['))
		root = plain_value(&plain);
	if (root == NULL || plain.token == TOKEN_END)
		return root;
	json_decref(root);
	return NULL;
}

json_t *answer_parse_any(struct text body, struct arena *arena)
{
	char *quoted = arena_alloc(arena, json_quoted_max(body, TEXT("")) + 1);
	size_t len;

	if (!json_quote_numbers(body, TEXT(""), ANSWER_DEPTH_MAX, quoted, &len))
		return NULL;
	return json_loadb(quoted, len, JSON_REJECT_DUPLICATES, NULL);
}

json_t *answer_parse(struct text body, struct arena *arena)
{
	json_t *root = parse_plain(body);

	return root != NULL ? root : answer_parse_any(body, arena);
}

/* --- members ------------------------------------------------------------------------------------------------------ */

struct text answer_text(const json_t *object, const char *name)
{
	const json_t *member = json_object_get(object, name);

	if (!json_is_string(member))
		return TEXT("");
	return (struct text){json_string_value(member), json_string_length(member)};
}

bool answer_has(const json_t *object, const char *name)
{
	const json_t *member = json_object_get(object, name);

	return member != NULL && !json_is_null(member);
}

const json_t *answer_object(const json_t *object, const char *name)
{
	const json_t *member = json_object_get(object, name);

	return json_is_object(member) ? member : NULL;
}

const json_t *answer_array(const json_t *object, const char *name)
{
	const json_t *member = json_object_get(object, name);

	return json_is_array(member) ? member : NULL;
}

struct text answer_decimal(const json_t *object, const char *name)
{
	struct text text = answer_text(object, name);

	/* equal to itself: it is a number */
	return money_same_text(text, text) ? text : TEXT("");
}

#define SECONDS_LEN 19 /* YYYY-MM-DDTHH:MM:SS */

/* Z, +HH:MM or -HH:MM: how far the zone is before UTC. */
static bool zone_parse(struct text zone, int64_t *ahead_ms)
{
	int64_t hours, minutes;

	*ahead_ms = 0;
	if (text_is(zone, "Z"))
		return true;
	if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || zone.ptr[3] != ':' ||
		!text_number((struct text){zone.ptr + 1, 2}, 23, &hours) ||
		!text_number((struct text){zone.ptr + 4, 2}, 59, &minutes))
		return false;
	*ahead_ms = (hours * 60 + minutes) * 60000 * (zone.ptr[0] == '-' ? -1 : 1);
	return true;
}

bool answer_time(const json_t *object, const char *name, int64_t *utc_ms)
{
	struct text text = answer_text(object, name);
	char seconds[SECONDS_LEN + 1];
	size_t at = SECONDS_LEN;
	int64_t ahead_ms, fraction_ms = 0;

	if (text.len <= SECONDS_LEN)
		return false;
	memcpy(seconds, text.ptr, SECONDS_LEN);
	seconds[SECONDS_LEN] = 'Z';
	if (!clock_iso_parse((struct text){seconds, sizeof(seconds)}, utc_ms))
		return false;
	if (text.ptr[at] == '.') {
		for (int64_t unit = 100; ++at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; unit /= 10)
			fraction_ms += unit * (text.ptr[at] - '0');
		if (at == SECONDS_LEN + 1)
			return false;
	}
	if (!zone_parse((struct text){text.ptr + at, text.len - at}, &ahead_ms))
		return false;
	*utc_ms += fraction_ms - ahead_ms;
	return true;
}
