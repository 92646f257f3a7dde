/*
 * The words of a provider in its answers: which rows of an adapter's tables an answer meets. For the tests.
 */
#ifndef TESTS_SUPPORT_WORDS_H
#define TESTS_SUPPORT_WORDS_H

#include <jansson.h>

#include "base/buf.h"
#include "providers/adapter.h"

/* Each text or number that the answer has at `where`; one empty text where it has none. At most max; how many. The
 * tree is one of answer_parse(), or NULL. */
size_t words_at(const json_t *answer, const char *where, struct text *values, size_t max);

/* Whether this answer meets this row: none before it at the same place fits. */
bool words_meet(const struct adapter *adapter, size_t row, enum operation operation, int status, const json_t *answer);

/* "error.code 401 = jwt_expired", as tests/exchanges/NAME/documented has it. */
void words_name(const struct adapter_word *word, struct buf *name);

#endif
