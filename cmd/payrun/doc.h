/*
 * A document: JSON written piece by piece into a buffer. Floor 5. Commas come by themselves: what stands before
 * decides, so that an object, an array or a bare list of elements or members can be continued at any time.
 */
#ifndef PAYRUN_DOC_H
#define PAYRUN_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

void doc_open(struct buf *buf, char bracket);
void doc_close(struct buf *buf, char bracket);
void doc_name(struct buf *buf, const char *name);
/* What is no UTF-8 is shown escaped. */
void doc_value(struct buf *buf, struct text text);
void doc_number(struct buf *buf, int64_t number);
void doc_bool(struct buf *buf, bool value);
/* JSON that was written elsewhere. */
void doc_raw(struct buf *buf, struct text json);

/* A member of a name and a value. */
void doc_member(struct buf *buf, const char *name, struct text text);
void doc_member_string(struct buf *buf, const char *name, const char *string);
void doc_member_number(struct buf *buf, const char *name, int64_t number);
void doc_member_bool(struct buf *buf, const char *name, bool value);
/* ISO 8601 to the second; null where ms is 0. */
void doc_member_time(struct buf *buf, const char *name, int64_t utc_ms);

#endif
