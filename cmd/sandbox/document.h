/*
 * A JSON body whose numbers keep their exact text. Floor 5, sandbox.
 * jansson reads every real into a double, so each number token is replaced by its index before jansson sees the body,
 * and the index leads back to the token. Zero-initialise it, release it with document_release; it may be parsed again
 * and again. Values and slices are valid until the next parse; the body's bytes must live as long.
 */
#ifndef SANDBOX_DOCUMENT_H
#define SANDBOX_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

struct document {
	json_t *root; /* an object */
	struct buf rewritten;
	struct text *numbers; /* the tokens, by index */
	size_t count;
	size_t cap;
	char error[160]; /* of the last parse that failed */
};

/* False, with the reason in error: not JSON (RFC 8259), a member twice, not UTF-8, or not an object. */
bool document_parse(struct document *document, struct text body);

/* The token of a number; the empty text for any other value, NULL included. */
struct text document_number(const struct document *document, const json_t *value);
/* The bytes of a string; the empty text for any other value, NULL included. */
struct text document_string(const json_t *value);

/* A member that is a whole number from 0 to max. False: missing or anything else. */
bool document_whole(const struct document *document, const json_t *value, int64_t max, int64_t *whole);

/* SHA-256 of a head and of what the last parsed document says, in whatever order its members came, but for one of them
 * (NULL: all). */
void document_digest(const struct document *document, const char *head, const char *without, unsigned char digest[32]);

void document_release(struct document *document);

#endif
