/*
 * The answers of Calypso: its states and error codes as tables, and what they make of a receipt. Floor 2. Part of the
 * calypso adapter alone.
 */
#ifndef PROVIDERS_CALYPSO_READ_H
#define PROVIDERS_CALYPSO_READ_H

#include "providers/adapter.h"

/* As adapter.read. */
void calypso_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt);
/* As adapter.word. */
bool calypso_word(size_t index, struct adapter_word *word);

#endif
