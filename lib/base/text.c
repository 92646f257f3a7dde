#include "base/text.h"

#include <string.h>

#include "base/arena.h"

struct text text_of(const char *string)
{
	return (struct text){string, string != NULL ? strlen(string) : 0};
}

bool text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool text_is(struct text a, const char *string)
{
	return text_equal(a, text_of(string));
}

static unsigned char lower(char byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

bool text_equal_nocase(struct text a, struct text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

int text_compare(struct text a, struct text b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool text_starts(struct text a, struct text prefix)
{
	return a.len >= prefix.len && (prefix.len == 0 || memcmp(a.ptr, prefix.ptr, prefix.len) == 0);
}

/* Bytes of the blank that text starts with, or 0. */
static size_t blank_first(struct text text)
{
	unsigned char byte = (unsigned char)text.ptr[0];

	if (byte == ' ' || byte == '\t')
		return 1;
	if (byte == 0xC2 && text.len >= 2 && (unsigned char)text.ptr[1] == 0xA0)
		return 2;
	if (byte == 0xEF && text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0)
		return 3;
	return 0;
}

static size_t blank_last(struct text text)
{
	const char *end = text.ptr + text.len;
	unsigned char byte = (unsigned char)end[-1];

	if (byte == ' ' || byte == '\t')
		return 1;
	if (byte == 0xA0 && text.len >= 2 && (unsigned char)end[-2] == 0xC2)
		return 2;
	if (byte == 0xBF && text.len >= 3 && memcmp(end - 3, "\xEF\xBB\xBF", 3) == 0)
		return 3;
	return 0;
}

struct text text_trim(struct text text)
{
	size_t blank;

	while (text.len > 0 && (blank = blank_first(text)) > 0) {
		text.ptr += blank;
		text.len -= blank;
	}
	while (text.len > 0 && (blank = blank_last(text)) > 0)
		text.len -= blank;
	return text;
}

char *text_string(struct arena *arena, struct text text)
{
	char *string = arena_alloc(arena, text.len + 1);

	if (text.len > 0)
		memcpy(string, text.ptr, text.len);
	return string;
}

struct text text_copy(struct arena *arena, struct text text)
{
	return (struct text){text_string(arena, text), text.len};
}

static size_t smallest(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment over three rolling rows: `above` is the row before, `older` the one before that. */
static size_t distance(struct text a, struct text b, size_t *older, size_t *above, size_t *row)
{
	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *spare = older;

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t replaced = above[j - 1] + (a.ptr[i - 1] != b.ptr[j - 1]);

			row[j] = smallest(replaced, smallest(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1])
				row[j] = smallest(row[j], older[j - 2] + 1);
		}
		older = above;
		above = row;
		row = spare;
	}
	return above[b.len];
}

size_t text_distance(struct text a, struct text b, size_t max)
{
	struct arena scratch = {0};
	size_t edits = a.len > b.len ? a.len - b.len : b.len - a.len;
	size_t row = (b.len + 1) * sizeof(size_t);

	if (edits > max)
		return max + 1;
	edits = distance(a, b, arena_alloc(&scratch, row), arena_alloc(&scratch, row), arena_alloc(&scratch, row));
	arena_release(&scratch);
	return edits > max ? max + 1 : edits;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

bool text_unhex(struct text text, void *bytes, size_t len)
{
	unsigned char *out = bytes;

	if (text.len % 2 != 0 || text.len / 2 != len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (hex_value(text.ptr[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)(hex_value(text.ptr[2 * i]) * 16 + hex_value(text.ptr[2 * i + 1]));
	return true;
}

void text_hex(const void *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *in = bytes;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

bool text_number(struct text text, int64_t max, int64_t *number)
{
	int64_t sum = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int digit = text.ptr[i] - '0';

		if (digit < 0 || digit > 9 || sum > (max - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (sum > max)
		return false;
	*number = sum;
	return true;
}

static bool separates(char byte)
{
	return byte == ' ' || byte == ',';
}

bool text_lists(struct text list, struct text word)
{
	for (size_t at = 0, end; at < list.len; at = end + 1) {
		for (end = at; end < list.len && !separates(list.ptr[end]); end++)
			;
		if (end > at && text_equal((struct text){list.ptr + at, end - at}, word))
			return true;
	}
	return false;
}

bool text_is_uuid(struct text text)
{
	if (text.len != 36)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char byte = text.ptr[i];
		bool digit =
			(byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');

		if (dash ? byte != '-' : !digit)
			return false;
	}
	return true;
}
