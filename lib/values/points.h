/*
 * What the code points of a text show: characters that can't be seen, that turn the text around, that belong to no
 * text, and letters of scripts that look alike in one word (Unicode, UTS 39 and UAX 9). Floor 1, pure.
 */
#ifndef VALUES_POINTS_H
#define VALUES_POINTS_H

#include <stdint.h>

#include "base/text.h"

/* Bits of what a text holds; 0: nothing of note. */
enum point_kind {
	POINT_CONTROL = 1 << 0, /* Cc: also line breaks and TAB */
	POINT_HIDDEN = 1 << 1,  /* shown as nothing: zero-width, soft hyphen, direction marks, selectors, fillers */
	POINT_TURNS =
		1 << 2, /* overrides, embeddings and isolates of direction: what is shown is not what is written */
	POINT_SECRET = 1 << 3,    /* tag characters: a text nobody sees inside another; line and paragraph separators */
	POINT_LOST = 1 << 4,      /* U+FFFD: a character was lost before */
	POINT_NOBODYS = 1 << 5,   /* private use and noncharacters: they mean nothing to anybody else */
	POINT_UNKNOWN = 1 << 6,   /* assigned to nothing, as far as this program's Unicode goes */
	POINT_BLANK = 1 << 7,     /* inside the text: no-break and other blanks than SPACE */
	POINT_STACKED = 1 << 8,   /* more than POINT_STACK_MAX marks on one letter */
	POINT_MIXED = 1 << 9,     /* Latin, Greek, Cyrillic or Armenian letters in one word */
	POINT_MOJIBAKE = 1 << 10, /* UTF-8 that was read as Windows-1252: "MÃ¼ller" */
};
typedef unsigned point_kinds;

#define POINT_STACK_MAX 8

/* Of well-formed UTF-8. Zero-width joiners beside letters of scripts that need them, and selectors on Han letters, are
 * nothing of note. */
point_kinds points_look(struct text text);

/* The first code point of one of the kinds (of POINT_CONTROL to POINT_BLANK); -1 when there is none. */
int32_t points_first(struct text text, point_kinds kinds);

/* The first word whose letters are mixed, or the first characters of mojibake; empty when there is none. */
struct text points_mixed_word(struct text text);
struct text points_mojibake(struct text text);

#endif
