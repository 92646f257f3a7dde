/*
 * Body: what the journal keeps of a payout's content: a salt, the content packed, and their digest, which r(n) of
 * CONTRACT section 10 is made of. Floor 2. It needs no journal: a thread beside the journal's may make bodies ahead,
 * each with a maker of its own.
 */
#ifndef JOURNAL_BODY_H
#define JOURNAL_BODY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/sha256.h"
#include "base/text.h"

struct journal_body {
	uint8_t digest[SHA256_SIZE];           /* of salt and content */
	struct text bytes;                     /* the salt, then the content packed */
	int64_t name_field, destination_field; /* number of the content's field that has the value, 0: none */
};

struct body_maker;

struct body_maker *body_maker_new(void);
void body_maker_free(struct body_maker *maker); /* NULL is fine */
/* Its bytes lie in buf, which is emptied first. False where no random numbers can be drawn. */
MUST_CHECK bool body_make(struct body_maker *maker, struct text content, struct text name, struct text destination,
	struct buf *buf, struct journal_body *body, struct fault *fault);

#endif
