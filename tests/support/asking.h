/*
 * An http and a peer for it, and exchanges run to their end, for the tests of net/http.
 */
#ifndef TESTS_SUPPORT_ASKING_H
#define TESTS_SUPPORT_ASKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/http.h"
#include "tests/support/peer.h"

#define ASKING_TIMEOUT_MS 5000

/* What became of one exchange, copied out of done(). */
struct seen {
	int admits;
	int dones;
	bool refused;              /* admit() says no */
	struct http_answer answer; /* its body is gone */
	char body[4096];
	size_t body_len;
};

struct asking {
	struct clock clock;
	struct peer *peer;
	struct http *http;
};

extern const struct http_callbacks asking_callbacks; /* for a struct seen as exchange context */

/* As set-up and tear-down of a cmocka test. */
int asking_begin(void **state, const struct peer_route *routes, size_t count);
int asking_end(void **state);

/* Runs until nothing is active. */
void asking_run(struct http *http);
/* One exchange with two headers, run to its end. */
void asking_exchange(struct http *http, struct seen *seen, const char *method, const char *url, struct text body,
	int64_t timeout_ms, const char *ca_file);
/* POST of a small body to a path of the peer; only `refused` of seen is kept. */
void asking_post(struct asking *asking, struct seen *seen, const char *path);

#endif
