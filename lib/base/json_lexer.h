/*
 * JSON by its tokens (RFC 8259): where each begins and ends, and what is wrong with it, before a parser sees it.
 * Floor 0. Pure: bytes are looked at in place, and whether they are UTF-8 is not. It knows no nesting.
 */
#ifndef BASE_JSON_LEXER_H
#define BASE_JSON_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum json_token {
	TOKEN_BAD = 0, /* none starts here, or its end is not sure: what follows can't be told apart */
	TOKEN_CUT,     /* the bytes end before it does; with more of them it is looked for again */
	TOKEN_END,     /* of the bytes: white space was left */
	TOKEN_MARK,    /* one of { } [ ] : , */
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_WORD, /* true, false, null */
};

struct json_lexer {
	struct text in;
	size_t at;       /* where the next token is looked for: behind the last one */
	bool more;       /* bytes may follow `in`: a token that touches its end is TOKEN_CUT */
	size_t start;    /* of the token found last */
	const char *why; /* what is wrong, of TOKEN_BAD or of a token whose end is sure all the same; else NULL */
	size_t bad;      /* where; an offset in `in` */
	bool nul;        /* the string holds \u0000 */
};

enum json_token json_next(struct json_lexer *lexer);

/* The first byte of the token found last; of a mark, the mark. */
char json_mark(const struct json_lexer *lexer);

/* A copy in which every number token stands in quotes, behind `mark`: a parser that reads numbers into doubles then
 * sees the same characters as text. out has room for json_quoted_max() bytes; *len of them are written. False: bytes
 * that are no tokens, a number where no value ends, or more than depth_max objects and arrays within one another. */
bool json_quote_numbers(struct text json, struct text mark, int depth_max, char *out, size_t *len);
size_t json_quoted_max(struct text json, struct text mark);
/* Where a byte of that copy stands in json. */
size_t json_unquoted(struct text json, struct text mark, size_t at);

#endif
