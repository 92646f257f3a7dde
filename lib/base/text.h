/*
 * A slice of text somebody else owns, and what untrusted text needs before it is used or shown.
 * Floor 0. UTF-8 where a function says so; len is bytes. A slice is valid as long as its owner's memory.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

struct text {
	const char *ptr; /* not ended by NUL unless its owner says so; NULL only when len is 0 */
	size_t len;
};

#define TEXT(literal) ((struct text){"" literal, sizeof(literal) - 1})

struct text text_of(const char *string); /* NULL gives the empty text */
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *string);
bool text_equal_nocase(struct text a, struct text b); /* ASCII letters only */
int text_compare(struct text a, struct text b);       /* byte order, shorter first */
bool text_starts(struct text a, struct text prefix);

/* Trims TAB, SPACE, NBSP and BOM at both ends (contract, section 3). */
struct text text_trim(struct text text);

/* True when it is well-formed UTF-8; else *bad is the offset of the first bad byte (bad may be NULL). */
bool text_utf8(struct text text, size_t *bad);

/* Number of code points of well-formed UTF-8. */
size_t text_points(struct text text);

/* Next code point at *offset of well-formed UTF-8, which moves on; -1 at the end. */
int32_t text_next(struct text text, size_t *offset);

/* True when a code point is of Unicode category Cc, Cf, Cs, Co, Zl or Zp: never in a reference, never shown as it is.
 */
bool text_point_hidden(int32_t point);

/* True of a decimal digit of any script but ASCII's own (category Nd); of a currency sign (category Sc). */
bool text_point_digit(int32_t point);
bool text_point_currency(int32_t point);

/* What a code point is, as far as callers tell them apart. Marks are those that stand on a letter (Mn, Me). */
enum text_category { TEXT_OTHER = 0, TEXT_MARK, TEXT_FORMAT, TEXT_PRIVATE, TEXT_UNASSIGNED };
enum text_category text_category(int32_t point);

/* True when every byte is printable ASCII: nearly every field is nothing else. */
bool text_printable(struct text text);

/* True when it is well-formed UTF-8, in NFC, and every code point shows: so is nearly all text, and one pass sees it.
 * False says only that a closer look is needed. */
bool text_plain(struct text text);

/* NFC of well-formed UTF-8: the same slice when it is ASCII or already NFC, else a copy in the arena. */
struct text text_nfc(struct arena *arena, struct text text);

/* NFKC, case folded, leading zeros of digit runs dropped: what makes two references look alike (DUPLICATE_SUSPECTED).
 */
struct text text_lookalike(struct arena *arena, struct text text);

/* A NUL-ended copy in the arena. */
char *text_string(struct arena *arena, struct text text);
struct text text_copy(struct arena *arena, struct text text);

/* Case folded NFC, to find a text in another whatever the case. Bytes that are not UTF-8: the same slice. */
struct text text_fold(struct arena *arena, struct text text);

/* Adds it as a terminal may show it: control, format and bidirectional characters and bytes that are not UTF-8 as
 * \xNN or \u{N}, everything else as it is; cut after max code points with "..." (0: never cut). */
void text_show(struct buf *buf, struct text text, size_t max);

/* Adds it so that a terminal is not driven by it: control characters but TAB and line ends, and what turns text around,
 * as text_show() writes them; letters and joiners of any script as they are. Bytes that are not UTF-8 as \xNN. */
void text_harmless(struct buf *buf, struct text text);

/* Adds it as a string of JSON, quotes included: what can't be seen is escaped, so that the document may be read on a
 * terminal and says the same. Bytes that are not UTF-8 are the caller's. */
void text_json(struct buf *buf, struct text text);

/* Adds four stars and the last four code points; of a text of fewer than eight only the last half is shown. */
void text_mask(struct buf *buf, struct text text);

/* Edits (insert, delete, replace, swap of neighbours) from a to b, counted up to max; more is max + 1. ASCII. */
size_t text_distance(struct text a, struct text b, size_t max);

/* True when the word is one of a list, whose words stand between spaces and commas. No empty word is. */
bool text_lists(struct text list, struct text word);

/* True for 8-4-4-4-12 hex digits in either case, of any version. */
bool text_is_uuid(struct text text);

/* Hex digits to bytes: true when text is exactly 2 * len hex digits. */
bool text_unhex(struct text text, void *bytes, size_t len);
void text_hex(const void *bytes, size_t len, char *out); /* lower case, 2 * len + 1 bytes */

/* A whole decimal number without sign, at most max: true when it is one. */
bool text_number(struct text text, int64_t max, int64_t *number);

#endif
