/*
 * One JSON value as its tokens come: does it keep to the grammar of RFC 8259, and where does it end? Floor 2. Pure.
 * Where a token is out of place but every bracket finds its partner, the end is sure all the same, and what follows can
 * be read. Offsets are those of the lexer.
 */
#ifndef FORMATS_JSON_SCAN_H
#define FORMATS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_lexer.h"

#define JSON_DEPTH_MAX 32 /* a payout needs three, a document of them five */

/* NONE: null, or nothing yet; WORD: true or false. */
enum json_kind { KIND_NONE = 0, KIND_OBJECT, KIND_ARRAY, KIND_STRING, KIND_NUMBER, KIND_WORD };

enum json_expect { EXPECT_VALUE = 0, EXPECT_VALUE_OR_END, EXPECT_NAME, EXPECT_NAME_OR_END, EXPECT_COLON, EXPECT_MORE };

/* Zero-initialised it waits for the first token of a value. */
struct json_scan {
	enum json_kind kind;
	const char *wrong; /* the first thing that is; a literal; NULL: nothing */
	size_t wrong_at;
	bool nul; /* a string holds \u0000 */
	size_t nul_at;
	bool numbers; /* there are some */

	enum json_expect expect;
	unsigned depth;   /* objects and arrays that are open */
	uint64_t objects; /* bit of a depth: what is open there is an object */
};

enum json_step {
	SCAN_LOST = 0, /* the end of the value is not sure: see wrong */
	SCAN_MORE,
	SCAN_DONE,
};

/* Takes the token that the lexer found last. */
enum json_step json_scan_take(struct json_scan *scan, const struct json_lexer *lexer, enum json_token token);

/* A name is to come, or the end of the object. */
bool json_scan_wants_name(const struct json_scan *scan);

/* "a number", for a message. */
const char *json_kind_name(enum json_kind kind);

#endif
