/*
 * The canonical content of a payout and its digests (CONTRACT, sections 3 and 10). Floor 1.
 * Content is F(name) F(value) F(name) F(value) ... over the non-empty canonical columns other than reference and
 * channel, in byte order of their names, values trimmed and NFC, amount in minor units. It is kept in the journal, and
 * read back from there to build a request.
 */
#ifndef VALUES_CONTENT_H
#define VALUES_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/text.h"

#define CONTENT_SALT_SIZE 16

struct arena;
struct payout;

/* Adds the content bytes of a payout. */
void content_write(struct buf *buf, const struct payout *payout);
/* Writes the content into the arena as payout->content; its cells and recipient fields become slices of that, so that
 * the row they came from may go. Reference and channel are not in the content and stay. */
void content_own(struct arena *arena, struct payout *payout);

/* Reads field after field: name and value at *offset, which moves on. False at the end or when it is damaged. */
bool content_next(struct text content, size_t *offset, struct text *name, struct text *value);
/* The value of one canonical name ("wallet_address", "recipient.ifsc"), empty when it is not there. */
struct text content_get(struct text content, const char *name);

/* SHA-256( F("payrun-row-1") content ): two rows have the same content when this and the channel are equal. Its first
 * 16 hex digits are F of the reference of a file without references. */
void content_digest(struct sha256 *sha, struct text content, uint8_t digest[SHA256_SIZE]);
/* The same without execution_date: of a row that came in a message. A message always names a day, and one that is
 * corrected names the day of its correction: it is the same payout on either. */
void content_digest_undated(struct sha256 *sha, struct text content, uint8_t digest[SHA256_SIZE]);
/* d = SHA-256( F("payrun-content-1") F(salt) F(content) ) */
void content_salted(
	struct sha256 *sha, const uint8_t salt[CONTENT_SALT_SIZE], struct text content, uint8_t digest[SHA256_SIZE]);
/* r(n) = SHA-256( r(n-1) d(n) ), in place. */
void content_running(struct sha256 *sha, uint8_t running[SHA256_SIZE], const uint8_t digest[SHA256_SIZE]);

#endif
