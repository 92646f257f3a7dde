/*
 * Recorded exchanges. A folder per provider, tests/exchanges/NAME, holds files *.exchange: what a call is about, the
 * request it must make, the answer, and the receipt it must give. A new case needs no C. Lines:
 *
 *     # what it shows
 *     name: value      of the call (see call_set), or setting.NAME; those of the folder's `defaults` come first
 *     sealed: text     what must come out when the request's body is opened with encryption_secret
 *     > line           the request as it must be: method and URL, headers, an empty line, body; none: not compared
 *     < line           the answer: status, headers, an empty line, body; none: the request alone is compared
 *     = name: value    the receipt, whole: what is not written here must be empty
 */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include "providers/adapter.h"

/* Each fails the test that runs where an exchange is not as it was recorded. */
void scene_run(const struct adapter *adapter, const char *defaults, const char *path);
/* All of the adapter's folder; how many there were. */
size_t scene_run_all(const struct adapter *adapter);

#endif
