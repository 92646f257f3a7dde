/*
 * The answers of PontisGlobe: its statuses and error codes as tables, and what they make of a receipt. Floor 2. Part of
 * the pontis adapter alone.
 */
#ifndef PROVIDERS_PONTIS_READ_H
#define PROVIDERS_PONTIS_READ_H

#include "providers/adapter.h"

/* As adapter.read. */
void pontis_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt);
/* As adapter.word. */
bool pontis_word(size_t index, struct adapter_word *word);

#endif
