/* The half of text.h that knows Unicode. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Where the run of ASCII ends that goes on at len, eight bytes at a time: nearly every field is nothing else. */
static size_t ascii_len(struct text text, size_t len)
{
	while (text.len - len >= 8) {
		uint64_t word;

		memcpy(&word, text.ptr + len, 8);
		if ((word & HIGH_BITS) != 0)
			break;
		len += 8;
	}
	while (len < text.len && (unsigned char)text.ptr[len] < 0x80)
		len++;
	return len;
}

/* Bytes of the well-formed sequence at ptr (Unicode, table 3-7), or 0. */
static inline size_t sequence_len(const char *ptr, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)ptr;
	unsigned char first = bytes[0], low = 0x80, high = 0xBF;
	size_t len = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;

	if (len > left || len == 0)
		return 0;
	if (len == 1)
		return 1;
	if (first == 0xE0)
		low = 0xA0; /* shorter forms exist below */
	else if (first == 0xED)
		high = 0x9F; /* surrogates above */
	else if (first == 0xF0)
		low = 0x90;
	else if (first == 0xF4)
		high = 0x8F; /* beyond U+10FFFF */
	if (bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((bytes[i] & 0xC0) != 0x80)
			return 0;
	return len;
}

bool text_utf8(struct text text, size_t *bad)
{
	size_t offset = ascii_len(text, 0);

	while (offset < text.len) {
		size_t len = sequence_len(text.ptr + offset, text.len - offset);

		if (len == 0) {
			if (bad != NULL)
				*bad = offset;
			return false;
		}
		offset += len;
		if (offset < text.len && (unsigned char)text.ptr[offset] < 0x80)
			offset = ascii_len(text, offset);
	}
	return true;
}

size_t text_points(struct text text)
{
	size_t offset = ascii_len(text, 0);
	size_t points = offset;

	for (; offset < text.len; offset++)
		points += ((unsigned char)text.ptr[offset] & 0xC0) != 0x80;
	return points;
}

static inline int32_t point_at(const char *ptr, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)ptr;
	int32_t point = len == 1 ? bytes[0] : bytes[0] & (0x7F >> len);

	for (size_t i = 1; i < len; i++)
		point = point << 6 | (bytes[i] & 0x3F);
	return point;
}

int32_t text_next(struct text text, size_t *offset)
{
	size_t at = *offset, len;

	if (at >= text.len)
		return -1;
	len = sequence_len(text.ptr + at, text.len - at);
	assert(len > 0);
	*offset += len;
	return point_at(text.ptr + at, len);
}

bool text_point_hidden(int32_t point)
{
	utf8proc_category_t category;

	if (point >= 0x20 && point < 0x7F)
		return false;
	category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
	       category == UTF8PROC_CATEGORY_CS || category == UTF8PROC_CATEGORY_CO ||
	       category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool text_point_digit(int32_t point)
{
	return point >= 0x80 && utf8proc_category(point) == UTF8PROC_CATEGORY_ND;
}

bool text_point_currency(int32_t point)
{
	return utf8proc_category(point) == UTF8PROC_CATEGORY_SC;
}

enum text_category text_category(int32_t point)
{
	switch ((int)utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return TEXT_MARK;
	case UTF8PROC_CATEGORY_CF:
		return TEXT_FORMAT;
	case UTF8PROC_CATEGORY_CO:
		return TEXT_PRIVATE;
	case UTF8PROC_CATEGORY_CN:
		return TEXT_UNASSIGNED;
	default:
		return TEXT_OTHER;
	}
}

/* Maps through utf8proc into the arena. Its only failures are memory and text that is not UTF-8, which callers check.
 */
static struct text map(struct arena *arena, struct text text, int options)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t len = utf8proc_map(
		(const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &mapped, (utf8proc_option_t)options);
	struct text result;

	if (len == UTF8PROC_ERROR_NOMEM)
		abort();
	assert(len >= 0);
	result = (struct text){(const char *)mapped, (size_t)len};
	if (!text_equal(result, text))
		text = text_copy(arena, result);
	free(mapped);
	return text;
}

/* Runs of code points that stay as they are under NFC whatever stands beside them: they neither come apart nor join
 * what is before them, nor change places with it (NFC_Quick_Check is Yes, the combining class 0). Marks are in none.
 * Ordered.
 */
static const struct settled {
	int32_t first, last;
	bool hides; /* there are hidden ones among them */
} settled[] = {
	{0x0370, 0x0373, false}, {0x0375, 0x037D, false}, {0x037F, 0x0386, false}, /* Greek, */
	{0x0388, 0x0482, false}, {0x048A, 0x058F, false},                          /* Cyrillic, Armenian, */
	{0x05D0, 0x060F, true}, {0x061B, 0x064A, true},                            /* Hebrew, Arabic */
	{0x0904, 0x0939, false}, {0x0E01, 0x0E30, false},                          /* letters of Devanagari and Thai */
	{0x1E00, 0x1EFF, false}, {0x2010, 0x20CF, true},                           /* Vietnamese, punctuation */
	{0x3001, 0x3029, false}, {0x3030, 0x3098, false}, {0x309B, 0x30FF, false}, /* kana */
	{0x4E00, 0x9FFF, false}, {0xAC00, 0xD7A3, false}, {0xFF01, 0xFF9F, false}, /* Han, Hangul, full width */
};
#define SETTLED (sizeof(settled) / sizeof(settled[0]))
#define SETTLED_EAST 11 /* those from U+3000 on */

static inline const struct settled *settled_find(int32_t point)
{
	for (size_t i = point < 0x3000 ? 0 : SETTLED_EAST; i < SETTLED && point >= settled[i].first; i++)
		if (point <= settled[i].last)
			return &settled[i];
	return NULL;
}

struct text text_nfc(struct arena *arena, struct text text)
{
	size_t offset = ascii_len(text, 0);

	/* Everything below U+0300, whose first byte is 0xCC, is NFC already. */
	while (offset < text.len)
		if ((unsigned char)text.ptr[offset] < 0xCC)
			offset++;
		else if (settled_find(text_next(text, &offset)) == NULL)
			return map(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	return text;
}

/* Of a sequence that is not ASCII; 0 for one that wants a closer look. */
static inline size_t plain_len(const char *ptr, size_t left)
{
	size_t len = sequence_len(ptr, left);
	const struct settled *range;
	int32_t point;

	if (len == 0)
		return 0;
	point = point_at(ptr, len);
	if (point < 0x0300) /* behind the controls, all but the soft hyphen */
		return point >= 0xA0 && point != 0xAD ? len : 0;
	range = settled_find(point);
	return range != NULL && !(range->hides && text_point_hidden(point)) ? len : 0;
}

/* Where the run of printable ASCII ends that goes on at `at`, eight bytes at a time. */
static inline size_t printable_end(struct text text, size_t at)
{
	while (text.len - at >= 8) {
		uint64_t word, below, deletes;

		memcpy(&word, text.ptr + at, 8);
		below = word - ONES * 0x20; /* a byte below 0x20 borrows from its high bit */
		deletes = (word ^ (ONES * 0x7F)) - ONES;
		if (((word | below | deletes) & HIGH_BITS) != 0)
			break;
		at += 8;
	}
	while (at < text.len && text.ptr[at] >= 0x20 && text.ptr[at] < 0x7F)
		at++;
	return at;
}

bool text_printable(struct text text)
{
	return printable_end(text, 0) == text.len;
}

bool text_plain(struct text text)
{
	size_t at = 0, len;

	while ((at = printable_end(text, at)) < text.len) {
		if ((unsigned char)text.ptr[at] < 0x80)
			return false;
		len = plain_len(text.ptr + at, text.len - at);
		if (len == 0)
			return false;
		at += len;
	}
	return true;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

struct text text_lookalike(struct arena *arena, struct text text)
{
	char *out;
	size_t len = 0;
	bool in_number = false; /* a digit that counts has been kept in this run */

	if (ascii_len(text, 0) < text.len)
		text = map(arena, text,
			UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	out = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		bool more = i + 1 < text.len && is_digit(text.ptr[i + 1]);

		if (byte == '0' && !in_number && more)
			continue;
		in_number = is_digit(byte);
		out[len++] = (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
	}
	return (struct text){out, len};
}

struct text text_fold(struct arena *arena, struct text text)
{
	size_t ascii = ascii_len(text, 0);
	char *out;

	if (ascii < text.len && text_utf8(text, NULL))
		return map(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
	if (ascii < text.len)
		return text;
	out = text_string(arena, text);
	for (size_t i = 0; i < text.len; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] - 'A' + 'a');
	return (struct text){out, text.len};
}

/* Also what a font shows as nothing, though it is a letter or a mark to Unicode (Default_Ignorable_Code_Point). */
static bool shown_as_nothing(int32_t point)
{
	return text_point_hidden(point) || (point >= 0x80 && utf8proc_get_property(point)->ignorable);
}

/* Adds what stands at offset, shown; returns the bytes it took. */
static size_t show_one(struct buf *buf, struct text text, size_t offset)
{
	size_t len = sequence_len(text.ptr + offset, text.len - offset);
	size_t after = offset;
	int32_t point;

	if (len == 0) {
		buf_addf(buf, "\\x%02x", (unsigned)(unsigned char)text.ptr[offset]);
		return 1;
	}
	point = text_next(text, &after);
	if (!shown_as_nothing(point))
		buf_add(buf, text.ptr + offset, len);
	else if (point < 0x80)
		buf_addf(buf, "\\x%02x", (unsigned)point);
	else
		buf_addf(buf, "\\u{%x}", (unsigned)point);
	return len;
}

void text_show(struct buf *buf, struct text text, size_t max)
{
	size_t shown = 0;

	for (size_t offset = 0; offset < text.len;) {
		size_t run = printable_end(text, offset) - offset;

		if (max > 0 && shown == max) {
			buf_addz(buf, "...");
			return;
		}
		if (max > 0 && run > max - shown)
			run = max - shown;
		if (run == 0) {
			offset += show_one(buf, text, offset);
			shown++;
			continue;
		}
		buf_add(buf, text.ptr + offset, run);
		offset += run;
		shown += run;
	}
}

/* What a terminal acts on rather than shows. */
static bool acts(int32_t point)
{
	if (point < 0xA0)
		return (point < 0x20 && point != '\t' && point != '\n' && point != '\r') || point >= 0x7F;
	return point == 0x061C || point == 0x200E || point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

void text_harmless(struct buf *buf, struct text text)
{
	for (size_t offset = 0, len; offset < text.len; offset += len) {
		len = printable_end(text, offset) - offset;
		if (len > 0) {
			buf_add(buf, text.ptr + offset, len);
			continue;
		}
		len = sequence_len(text.ptr + offset, text.len - offset);
		if (len == 0 || acts(point_at(text.ptr + offset, len)))
			len = show_one(buf, text, offset);
		else
			buf_add(buf, text.ptr + offset, len);
	}
}

static void add_json_escape(struct buf *buf, int32_t point)
{
	if (point > 0xFFFF) {
		point -= 0x10000;
		buf_addf(buf, "\\u%04x\\u%04x", (unsigned)(0xD800 + (point >> 10)),
			(unsigned)(0xDC00 + (point & 0x3FF)));
	} else {
		buf_addf(buf, "\\u%04x", (unsigned)point);
	}
}

void text_json(struct buf *buf, struct text text)
{
	size_t offset = 0;
	int32_t point;

	if (ascii_len(text, 0) == text.len || !text_utf8(text, NULL)) {
		buf_add_json(buf, text);
		return;
	}
	buf_addc(buf, '"');
	for (size_t from = 0; (point = text_next(text, &offset)) >= 0; from = offset) {
		if (point == '"' || point == '\\')
			buf_addc(buf, '\\');
		if (text_point_hidden(point))
			add_json_escape(buf, point);
		else
			buf_add(buf, text.ptr + from, offset - from);
	}
	buf_addc(buf, '"');
}

void text_mask(struct buf *buf, struct text text)
{
	size_t points = text_points(text);
	size_t shown = points >= 8 ? 4 : points / 2;
	size_t start = text.len;

	for (size_t left = shown; left > 0 && start > 0;) {
		start--;
		if (((unsigned char)text.ptr[start] & 0xC0) != 0x80)
			left--;
	}
	buf_addz(buf, "****");
	text_show(buf, (struct text){text.ptr + start, text.len - start}, 0);
}
