/*
 * Fingerprint: 16 bytes of a text under a secret (SipHash-1-3 with 128 bits), for finding what repeats. Floor 3. A
 * quarter of the time of SHA-256; nobody who does not know the secret can prepare texts that collide.
 */
#ifndef STAGES_FINGERPRINT_H
#define STAGES_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"

struct fingerprint {
	uint64_t secret[2];
};

/* A secret at random: fingerprints for this run of the program. */
MUST_CHECK bool fingerprint_draw(struct fingerprint *fingerprint, struct fault *fault);
/* A secret of 16 given bytes: fingerprints that may be kept. */
void fingerprint_fixed(struct fingerprint *fingerprint, const uint8_t secret[16]);
void fingerprint_of(const struct fingerprint *fingerprint, struct text text, uint8_t digest[16]);

#endif
