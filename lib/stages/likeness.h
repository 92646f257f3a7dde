/*
 * Likeness: digests by which a payout that may be paid already is noticed (DUPLICATE_SUSPECTED, CONTRACT section 3).
 * Floor 3, pure. They stand in journals: what they are made of never changes.
 */
#ifndef STAGES_LIKENESS_H
#define STAGES_LIKENESS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "stages/fingerprint.h"
#include "values/payout.h"

#define LIKENESS_SIZE 8

/* The bytes by which two payouts are alike: F(destination) F(amount in minor units) F(decimals) F(currency). In the
 * arena. */
struct text likeness_text(struct arena *arena, const struct payout *payout);

/* The digests that stand in a journal are fingerprints under a secret of its namespace, SHA-256( F("payrun-like-1")
 * F(namespace) ): the same in every run. A collision is a suspicion too many, and nothing worse. */
void likeness_init(struct fingerprint *fingerprint, struct sha256 *sha, struct text namespace_text);
void likeness_of(const struct fingerprint *fingerprint, struct arena *arena, const struct payout *payout,
	uint8_t digest[LIKENESS_SIZE]);
/* Of a reference's look-alike form. */
void likeness_reference(const struct fingerprint *fingerprint, struct arena *arena, struct text reference,
	uint8_t digest[LIKENESS_SIZE]);

#endif
