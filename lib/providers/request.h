/*
 * What the adapters' requests have in common. Floor 2.
 */
#ifndef PROVIDERS_REQUEST_H
#define PROVIDERS_REQUEST_H

#include "providers/adapter.h"

/* Adds name=value, escaped, behind ? or &; nothing when the value is empty. */
void request_add_query(struct buf *url, const char *name, struct text value);

/* Adds "name":value as the next member of a JSON object that has begun; the empty text is a value like any other. */
void request_add_member(struct buf *body, const char *name, struct text value);
/* The same, but nothing when the value is empty. */
void request_add_filled(struct buf *body, const char *name, struct text value);
/* Adds "name": of a member whose value the caller writes. */
void request_add_name(struct buf *body, const char *name);

/* One word of visible ASCII, as a header's value must be. */
bool request_word_valid(struct text text);

#endif
