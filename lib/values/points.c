#include "values/points.h"

#include <stdbool.h>
#include <stddef.h>

#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER 0x200D

struct range {
	int32_t first, last;
};

static bool is_in(int32_t point, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && point >= ranges[i].first; i++)
		if (point <= ranges[i].last)
			return true;
	return false;
}
#define IN(point, ranges) is_in(point, ranges, sizeof(ranges) / sizeof((ranges)[0]))

/* --- kinds of one code point ------------------------------------------------------------------------------------- */

static bool turns(int32_t point)
{
	return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

static bool is_secret(int32_t point)
{
	return point == 0x2028 || point == 0x2029 || (point >= 0xFFF9 && point <= 0xFFFB) ||
	       (point >= 0xE0000 && point <= 0xE007F);
}

static bool is_selector(int32_t point)
{
	return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
}

static bool is_han(int32_t point)
{
	static const struct range ranges[] = {
		{0x3005, 0x3007}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};

	return IN(point, ranges);
}

/* Arabic to Myanmar, Khmer and Mongolian: joiners make a difference there that readers see. */
static bool joins(int32_t point)
{
	return (point >= 0x0600 && point <= 0x109F) || (point >= 0x1780 && point <= 0x18AF);
}

static bool is_blank(int32_t point)
{
	return point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F ||
	       point == 0x205F || point == 0x3000 || point == 0x2800;
}

/* A letter or mark that a font shows as nothing: fillers of Hangul, joiners of letters, selectors. */
static bool is_filler(int32_t point)
{
	static const struct range ranges[] = {{0x034F, 0x034F}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
		{0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xE0100, 0xE01EF}};

	return IN(point, ranges);
}

static bool is_nobodys(int32_t point, enum text_category category)
{
	return category == TEXT_PRIVATE || (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

static point_kinds hidden_kind(int32_t point, int32_t before, int32_t after)
{
	if ((point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) && (joins(before) || joins(after)))
		return 0;
	return is_selector(point) && is_han(before) ? 0 : POINT_HIDDEN;
}

/* Of a code point from U+00A0 on; its neighbours are -1 at the ends. */
static point_kinds kind_of(int32_t point, int32_t before, int32_t after)
{
	enum text_category category;

	if (point < 0x0300)
		return point == 0xA0 ? POINT_BLANK : point == 0xAD ? POINT_HIDDEN : 0;
	if (is_blank(point))
		return POINT_BLANK;
	if (point == 0xFFFD)
		return POINT_LOST;
	if (turns(point))
		return POINT_TURNS;
	if (is_secret(point))
		return POINT_SECRET;
	category = text_category(point);
	if (is_nobodys(point, category))
		return POINT_NOBODYS;
	if (category == TEXT_UNASSIGNED)
		return POINT_UNKNOWN;
	if (category == TEXT_FORMAT || is_filler(point))
		return hidden_kind(point, before, after);
	return 0;
}

/* --- scripts ------------------------------------------------------------------------------------------------------ */

enum script { SCRIPT_NONE = 0, SCRIPT_LATIN = 1, SCRIPT_GREEK = 2, SCRIPT_CYRILLIC = 4, SCRIPT_ARMENIAN = 8 };

/* Only scripts whose letters pass for one another; all others go with any. */
static unsigned script_of(int32_t point)
{
	if (point < 0x80)
		return (point | 0x20) >= 'a' && (point | 0x20) <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
	if (point < 0x0370)
		return point >= 0xC0 && point < 0x02B0 && point != 0xD7 && point != 0xF7 ? SCRIPT_LATIN : SCRIPT_NONE;
	if (point < 0x0400)
		return point == 0x037E || point == 0x0387 ? SCRIPT_NONE : SCRIPT_GREEK;
	if (point < 0x0530)
		return SCRIPT_CYRILLIC;
	if (point < 0x0590)
		return SCRIPT_ARMENIAN;
	if (point >= 0x1C80 && point < 0x1C90)
		return SCRIPT_CYRILLIC;
	if (point >= 0x1E00 && point < 0x2000)
		return point < 0x1F00 ? SCRIPT_LATIN : SCRIPT_GREEK;
	if ((point >= 0xFF21 && point <= 0xFF3A) || (point >= 0xFF41 && point <= 0xFF5A))
		return SCRIPT_LATIN;
	return point >= 0xA640 && point < 0xA6A0 ? SCRIPT_CYRILLIC : SCRIPT_NONE;
}

/* What ends a word: other ASCII than letters, digits and apostrophes, and blanks. */
static bool ends_word(int32_t point)
{
	if (point >= 0x80)
		return is_blank(point) || (point >= 0x2010 && point <= 0x2018) || (point >= 0x3001 && point <= 0x3002);
	return !((point >= '0' && point <= '9') || script_of(point) != SCRIPT_NONE || point == '\'');
}

static bool is_mixed(unsigned scripts)
{
	return (scripts & (scripts - 1)) != 0;
}

struct text points_mixed_word(struct text text)
{
	size_t start = 0, at = 0, before = 0;
	unsigned scripts = 0;
	int32_t point;

	while (before = at, (point = text_next(text, &at)) >= 0) {
		if (!ends_word(point)) {
			scripts |= script_of(point);
			continue;
		}
		if (is_mixed(scripts))
			break;
		start = at;
		scripts = 0;
	}
	return is_mixed(scripts) ? (struct text){text.ptr + start, before - start} : TEXT("");
}

/* --- mojibake ----------------------------------------------------------------------------------------------------- */

/* First bytes of the sequences for Latin, Greek and Cyrillic letters, as Windows-1252 shows them: Â Ã Ä Å Î Ï Ð Ñ */
static bool is_lead(int32_t point)
{
	return (point >= 0xC2 && point <= 0xC5) || (point >= 0xCE && point <= 0xD1);
}

/* What Windows-1252 shows for bytes 80 to BF. Its letters among them follow the leads in real words, all but Ã. */
static bool is_continuation(int32_t point, int32_t lead)
{
	static const int32_t marks[] = {0x201A, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x2039, 0x2018, 0x201C,
		0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x203A, 0x20AC};
	static const int32_t letters[] = {0x0160, 0x0152, 0x017D, 0x0161, 0x0153, 0x017E, 0x0178, 0x0192};

	if (point >= 0x80 && point <= 0xBF)
		return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (point == marks[i])
			return true;
	for (size_t i = 0; lead == 0xC3 && i < sizeof(letters) / sizeof(letters[0]); i++)
		if (point == letters[i])
			return true;
	return false;
}

static bool is_mojibake(int32_t point, int32_t next)
{
	return is_lead(point) ? is_continuation(next, point) : point == 0xE2 && next == 0x20AC;
}

struct text points_mojibake(struct text text)
{
	size_t at = 0, start = 0, before = 0;
	int32_t point, last = -1;

	while (before = at, (point = text_next(text, &at)) >= 0) {
		if (last >= 0 && is_mojibake(last, point))
			return (struct text){text.ptr + start, at - start};
		last = point;
		start = before;
	}
	return TEXT("");
}

/* --- all of a text ------------------------------------------------------------------------------------------------ */

static int32_t peek(struct text text, size_t at)
{
	return text_next(text, &at);
}

struct look {
	point_kinds kinds;
	unsigned scripts; /* of the word at hand */
	unsigned stack;   /* marks on the letter at hand */
};

static void look_at(struct look *look, int32_t before, int32_t point, int32_t after)
{
	if (point < 0xA0)
		look->kinds |= point < 0x20 || point >= 0x7F ? (point_kinds)POINT_CONTROL : 0;
	else
		look->kinds |= kind_of(point, before, after);
	if (ends_word(point))
		look->scripts = 0;
	else
		look->scripts |= script_of(point);
	if (is_mixed(look->scripts))
		look->kinds |= POINT_MIXED;
	if (point < 0x0300 || text_category(point) != TEXT_MARK)
		look->stack = 0;
	else if (++look->stack > POINT_STACK_MAX)
		look->kinds |= POINT_STACKED;
	if (point >= 0xC2 && point <= 0xE2 && is_mojibake(point, after))
		look->kinds |= POINT_MOJIBAKE;
}

/* As look_at() has it, for the most of all letters. */
static void look_at_ascii(struct look *look, unsigned char byte)
{
	unsigned char small = byte | 0x20;

	look->stack = 0;
	if (small >= 'a' && small <= 'z') {
		look->scripts |= SCRIPT_LATIN;
		look->kinds |= is_mixed(look->scripts) ? (point_kinds)POINT_MIXED : 0;
	} else if ((byte < '0' || byte > '9') && byte != '\'') {
		look->scripts = 0;
		look->kinds |= byte < 0x20 || byte == 0x7F ? (point_kinds)POINT_CONTROL : 0;
	}
}

point_kinds points_look(struct text text)
{
	struct look look = {0};
	int32_t before = -1, point;
	size_t at = 0;

	while (at < text.len) {
		unsigned char byte = (unsigned char)text.ptr[at];

		if (byte < 0x80) {
			look_at_ascii(&look, byte);
			before = byte;
			at++;
			continue;
		}
		point = text_next(text, &at);
		look_at(&look, before, point, peek(text, at));
		before = point;
	}
	return look.kinds;
}

int32_t points_first(struct text text, point_kinds kinds)
{
	int32_t before = -1, point;
	size_t at = 0;

	while ((point = text_next(text, &at)) >= 0) {
		point_kinds kind = point >= 0xA0                   ? kind_of(point, before, peek(text, at))
				   : point < 0x20 || point >= 0x7F ? (point_kinds)POINT_CONTROL
								   : 0;
		if ((kind & kinds) != 0)
			return point;
		before = point;
	}
	return -1;
}
