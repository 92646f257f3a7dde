/*
 * A growing byte buffer, always ended by a NUL that len does not count.
 * Floor 0. Zero-initialise it, release it with buf_release. A failed allocation aborts (the journal makes that safe).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct buf {
	char *data; /* NULL until the first byte is added */
	size_t len;
	size_t cap;
};

void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_addz(struct buf *buf, const char *string);
void buf_addt(struct buf *buf, struct text text);
void buf_addc(struct buf *buf, char byte);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *buf, const char *format, __builtin_va_list list) __attribute__((format(printf, 2, 0)));

/* Decimal digits of a number, without stdio. */
void buf_addi(struct buf *buf, int64_t number);

/* Lower-case hex of bytes. */
void buf_add_hex(struct buf *buf, const void *bytes, size_t len);

/* A JSON string with its quotes; input must be UTF-8, control characters are escaped. */
void buf_add_json(struct buf *buf, struct text text);

/* Percent-encodes all but the unreserved characters of RFC 3986 (2.3): a part of a path or a value of a query. */
void buf_add_percent(struct buf *buf, struct text text);

/* Makes room for len more bytes and returns where they go; the caller adds to buf->len what it wrote. */
char *buf_room(struct buf *buf, size_t len);

/* Empties it and keeps the memory. */
void buf_reset(struct buf *buf);
void buf_release(struct buf *buf);

/* Overwrites the whole allocation, then releases it; for secrets. */
void buf_wipe(struct buf *buf);

/* The content as a C string: "" when nothing was ever added. */
const char *buf_str(const struct buf *buf);
struct text buf_text(const struct buf *buf);

#endif
