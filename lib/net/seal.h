/*
 * Signatures and seals: the only place where private keys meet data. Floor 2.
 */
#ifndef NET_SEAL_H
#define NET_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Lower-case hex of HMAC-SHA512 (128 digits and a NUL), of HMAC-SHA256 (64 and a NUL). The key is used as its bytes. */
void seal_hmac_sha512(struct text key, struct text message, char out[129]);
void seal_hmac_sha256(struct text key, struct text message, char out[65]);

#endif
