#include "providers/answer.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_lexer.h"
#include "values/money.h"

json_t *answer_parse(struct text body, struct arena *arena)
{
	char *quoted = arena_alloc(arena, json_quoted_max(body, TEXT("")) + 1);
	size_t len;

	if (!json_quote_numbers(body, TEXT(""), ANSWER_DEPTH_MAX, quoted, &len))
		return NULL;
	return json_loadb(quoted, len, JSON_REJECT_DUPLICATES, NULL);
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
