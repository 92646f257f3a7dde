/*
 * Fingerprint: 16 bytes of a text under a secret drawn at the start (SipHash-1-3 with 128 bits), for finding repeats
 * within one run of the program. Floor 3. A third of the time of SHA-256, and nobody can prepare a file whose texts
 * collide. Never kept: another run has another secret.
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

MUST_CHECK bool fingerprint_draw(struct fingerprint *fingerprint, struct fault *fault);
void fingerprint_of(const struct fingerprint *fingerprint, struct text text, uint8_t digest[16]);

#endif
