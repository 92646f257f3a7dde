/*
 * Likeness: digests by which a payout that may be paid already is noticed (DUPLICATE_SUSPECTED, CONTRACT section 3).
 * Floor 3, pure. They stand in journals: what they are made of never changes.
 */
#ifndef STAGES_LIKENESS_H
#define STAGES_LIKENESS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "values/payout.h"

#define LIKENESS_SIZE 8

/* The bytes by which two payouts are alike: F(destination) F(amount in minor units) F(decimals) F(currency). In the
 * arena. */
struct text likeness_text(struct arena *arena, const struct payout *payout);
/* The first bytes of their SHA-256. */
void likeness_of(struct sha256 *sha, struct arena *arena, const struct payout *payout, uint8_t digest[LIKENESS_SIZE]);
/* The first bytes of the SHA-256 of a reference's look-alike form. */
void likeness_reference(struct sha256 *sha, struct arena *arena, struct text reference, uint8_t digest[LIKENESS_SIZE]);

#endif
