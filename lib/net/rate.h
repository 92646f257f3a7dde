/*
 * The rate limiter: so many requests in a period, measured at the grant. Floor 2. No threads, no sleep: it tells when.
 *
 * In no window of one period are more than max(rate, burst) granted, and no more than `rate` once the burst is spent.
 * It starts with an empty burst, so that a restart gives nothing extra. Times are monotonic nanoseconds.
 */
#ifndef NET_RATE_H
#define NET_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate;

/* count requests in period_ms, up to burst at once; count 0: no limit. */
struct rate *rate_new(int64_t count, int64_t period_ms, int64_t burst, int64_t now_ns);
void rate_free(struct rate *rate);

/* Takes one grant if there is one now. */
bool rate_take(struct rate *rate, int64_t now_ns);
/* Gives back a grant whose request was never handed to the network: not possible, on purpose: a grant is spent. */

/* Grants that will be there within the next ns nanoseconds, at most max. */
int64_t rate_available(const struct rate *rate, int64_t now_ns, int64_t within_ns, int64_t max);
/* When the next grant is there (now_ns or earlier: at once). */
int64_t rate_next(const struct rate *rate, int64_t now_ns);
/* 429, Retry-After: nothing before this moment; only ever later than what holds already. */
void rate_block(struct rate *rate, int64_t until_ns);

#endif
