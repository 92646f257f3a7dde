/*
 * The JSON of a provider's answer: read without a number ever becoming a double, and its members as text. Floor 2.
 * jansson reads every real into a double, so a small lexer first turns each number token into a string of the same
 * characters: 12.50 and "12.50" are then the same text. Answers are untrusted.
 */
#ifndef PROVIDERS_ANSWER_H
#define PROVIDERS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/arena.h"
#include "base/text.h"

#define ANSWER_DEPTH_MAX 32 /* objects and arrays within one another: three times what any provider documents */

/* One JSON object or array and nothing after it; NULL for anything else: other bytes, a member twice, too deep, not
 * UTF-8, a NUL. The caller gives it back with json_decref(). The arena is scratch. */
json_t *answer_parse(struct text body, struct arena *arena);
/* The same by jansson alone; for answer_parse() and its test. */
json_t *answer_parse_any(struct text body, struct arena *arena);

/* All of these take any value or NULL as object, and text lives as long as the tree. */

/* A string or number as text; empty when it is missing, null or of another type. */
struct text answer_text(const json_t *object, const char *name);
/* True when the member is there and not null. */
bool answer_has(const json_t *object, const char *name);
/* A member that is an object or an array; NULL otherwise. */
const json_t *answer_object(const json_t *object, const char *name);
const json_t *answer_array(const json_t *object, const char *name);
/* A number or the text of one, exactly as it was written; empty otherwise. */
struct text answer_decimal(const json_t *object, const char *name);
/* A moment of ISO 8601 with Z or a numeric offset, with or without a fraction of a second, in UTC ms. */
bool answer_time(const json_t *object, const char *name, int64_t *utc_ms);

#endif
