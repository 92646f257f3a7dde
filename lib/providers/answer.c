#include "providers/answer.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "values/money.h"

struct lexer {
	struct text in;
	size_t at;
	char *out;
	size_t len;
	int depth;
};

static void copy(struct lexer *lexer, size_t count)
{
	memcpy(lexer->out + lexer->len, lexer->in.ptr + lexer->at, count);
	lexer->len += count;
	lexer->at += count;
}

static int byte_at(const struct lexer *lexer, size_t at)
{
	return at < lexer->in.len ? (unsigned char)lexer->in.ptr[at] : -1;
}

static size_t skip_digits(const struct lexer *lexer, size_t at)
{
	while (byte_at(lexer, at) >= '0' && byte_at(lexer, at) <= '9')
		at++;
	return at;
}

/* The end of the number token that begins at a place (RFC 8259, section 6); 0 when it is none. */
static size_t number_end(const struct lexer *lexer, size_t at)
{
	size_t from;

	at += byte_at(lexer, at) == '-';
	from = at;
	at = skip_digits(lexer, at);
	if (at == from || (at > from + 1 && byte_at(lexer, from) == '0'))
		return 0;
	if (byte_at(lexer, at) == '.') {
		from = ++at;
		at = skip_digits(lexer, at);
		if (at == from)
			return 0;
	}
	if (byte_at(lexer, at) == 'e' || byte_at(lexer, at) == 'E') {
		at++;
		at += byte_at(lexer, at) == '+' || byte_at(lexer, at) == '-';
		from = at;
		at = skip_digits(lexer, at);
		if (at == from)
			return 0;
	}
	return at;
}

/* Puts a number token in quotes. One that stands as a name ({1: 2}) or touches a word (1e, 0x1, true1) is no JSON and
 * must not become it by the quotes. */
static bool take_number(struct lexer *lexer)
{
	size_t end = number_end(lexer, lexer->at), next = end;

	if (end == 0)
		return false;
	while (byte_at(lexer, next) == ' ' || byte_at(lexer, next) == '\t' || byte_at(lexer, next) == '\n' ||
		byte_at(lexer, next) == '\r')
		next++;
	if (byte_at(lexer, next) != ',' && byte_at(lexer, next) != ']' && byte_at(lexer, next) != '}')
		return false;
	lexer->out[lexer->len++] = '"';
	copy(lexer, end - lexer->at);
	lexer->out[lexer->len++] = '"';
	return true;
}

static bool take_string(struct lexer *lexer)
{
	size_t end = lexer->at + 1;

	while (byte_at(lexer, end) != '"' && byte_at(lexer, end) >= 0)
		end += byte_at(lexer, end) == '\\' ? 2 : 1;
	if (end >= lexer->in.len)
		return false;
	copy(lexer, end + 1 - lexer->at);
	return true;
}

static bool take_one(struct lexer *lexer)
{
	int byte = byte_at(lexer, lexer->at);

	if (byte == '"')
		return take_string(lexer);
	if (byte == '-' || (byte >= '0' && byte <= '9'))
		return take_number(lexer);
	if (byte == '{' || byte == '[')
		lexer->depth++;
	else if (byte == '}' || byte == ']')
		lexer->depth--;
	copy(lexer, 1);
	return lexer->depth <= ANSWER_DEPTH_MAX;
}

json_t *answer_parse(struct text body, struct arena *arena)
{
	/* quotes add two bytes to a token, and a token has at least one and a neighbour */
	struct lexer lexer = {.in = body, .out = arena_alloc(arena, 2 * body.len + 2)};

	while (lexer.at < body.len)
		if (!take_one(&lexer))
			return NULL;
	return json_loadb(lexer.out, lexer.len, JSON_REJECT_DUPLICATES, NULL);
}

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
