#include "net/header.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"

#define MS_PER_SECOND 1000

static void take_retry(struct header *header, struct text value)
{
	int64_t seconds = HEADER_RETRY_MAX_MS / MS_PER_SECOND, date_ms;
	size_t digits = 0;

	if (clock_http_date_parse(value, &date_ms)) {
		if (date_ms > header->retry_date_ms)
			header->retry_date_ms = date_ms;
		return;
	}
	while (digits < value.len && isdigit((unsigned char)value.ptr[digits]))
		digits++;
	if (digits == 0 || digits != value.len)
		return;
	/* a number too large for us still asks for a long pause: the longest we know */
	(void)text_number(value, seconds, &seconds);
	if (seconds > header->retry_seconds)
		header->retry_seconds = seconds;
}

static void take_date(struct header *header, struct text value)
{
	int64_t date_ms;

	if (clock_http_date_parse(value, &date_ms))
		header->date_ms = date_ms;
}

static void take_type(struct header *header, struct text value)
{
	const char *end = value.len > 0 ? memchr(value.ptr, ';', value.len) : NULL;
	struct text type = text_trim((struct text){value.ptr, end != NULL ? (size_t)(end - value.ptr) : value.len});
	struct text tail = {type.len > 5 ? type.ptr + type.len - 5 : NULL, type.len > 5 ? 5 : 0};

	header->is_json = text_equal_nocase(type, TEXT("application/json")) || text_equal_nocase(tail, TEXT("+json"));
}

static void take_replayed(struct header *header, struct text value)
{
	header->replayed = text_equal_nocase(value, TEXT("true"));
}

/* Where a redirect leads is for a message only; its query may carry what is nobody's business. */
static void take_location(struct header *header, struct text value)
{
	size_t len = 0;

	while (len < value.len && len < sizeof(header->location) - 1 && value.ptr[len] > ' ' && value.ptr[len] < 0x7f &&
		value.ptr[len] != '?' && value.ptr[len] != '#')
		len++;
	memcpy(header->location, value.ptr, len);
	header->location[len] = '\0';
}

static const struct {
	const char *name;
	void (*take)(struct header *header, struct text value);
} known[] = {
	{"retry-after", take_retry},
	{"date", take_date},
	{"content-type", take_type},
	{"idempotent-replayed", take_replayed},
	{"location", take_location},
};

void header_line(struct header *header, struct text line)
{
	const char *colon;
	struct text name, value;

	header->bytes += line.len;
	while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
		line.len--;
	if (text_starts(line, TEXT("HTTP/"))) {
		*header = (struct header){.bytes = header->bytes, .retry_seconds = -1};
		return;
	}
	if (line.len == 0)
		header->ended = true;
	if (header->ended || (colon = memchr(line.ptr, ':', line.len)) == NULL)
		return;
	name = (struct text){line.ptr, (size_t)(colon - line.ptr)};
	value = text_trim((struct text){colon + 1, line.len - name.len - 1});
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_equal_nocase(name, text_of(known[i].name)))
			known[i].take(header, value);
}

int64_t header_retry_ms(const struct header *header, int64_t now_utc_ms)
{
	int64_t delay_ms = header->retry_seconds >= 0 ? header->retry_seconds * MS_PER_SECOND : -1;
	int64_t from_ms = header->date_ms != 0 ? header->date_ms : now_utc_ms;

	if (header->retry_date_ms == 0)
		return delay_ms;
	if (header->retry_date_ms - from_ms > delay_ms)
		delay_ms = header->retry_date_ms - from_ms;
	if (delay_ms < 0)
		return 0; /* a date in the past: now */
	return delay_ms > HEADER_RETRY_MAX_MS ? HEADER_RETRY_MAX_MS : delay_ms;
}

bool header_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}

bool header_value_valid(const char *value)
{
	for (const char *at = value; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return true;
}
