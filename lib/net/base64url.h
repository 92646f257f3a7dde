/*
 * base64url (RFC 4648, section 5): written without padding, read with it or without. Floor 2. Pure.
 */
#ifndef NET_BASE64URL_H
#define NET_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"

void base64url_add(struct buf *buf, const void *bytes, size_t len);

/* Adds the bytes behind the text. False, and nothing is added, for anything that no encoder writes: another character,
 * a lone one, wrong padding, bits left over that are not zero. */
bool base64url_parse(struct text text, struct buf *buf);

#endif
