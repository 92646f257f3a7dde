#include "net/rate.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/arena.h"

#define RATE_MAX 1000000 /* of count and burst: more than one thread can send, and the ring stays below 8 MB */
#define PERIOD_MAX_MS INT64_C(3600000)
#define NS_PER_MS INT64_C(1000000)

/*
 * Two checks stand side by side. A token bucket paces: it holds up to burst tokens and gains count a period. The ring
 * of the last grants guards every window: without it a full bucket followed by its own refill would let burst + count
 * through in one period. While `bursting` the ring guards max(count, burst), else count; bursting ends when the bucket
 * runs empty and comes back only with a full one, so that a burst, once spent, is really over.
 *
 * One token is period_ns units of level, and a nanosecond adds count units: all in whole numbers, nothing is lost to
 * rounding at 3 a second.
 */
struct rate {
	int64_t count; /* 0: no limit */
	int64_t period_ns;
	int64_t burst;
	int64_t level;   /* units in the bucket, at most burst * period_ns */
	int64_t last_ns; /* when level was true */
	int64_t blocked_until_ns;
	bool bursting;
	size_t ring_size;   /* max(count, burst) */
	size_t ring_next;   /* where the next grant goes */
	size_t ring_filled; /* grants remembered, at most ring_size */
	int64_t *ring;
};

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	if (value < low)
		return low;
	return value > high ? high : value;
}

struct rate *rate_new(int64_t count, int64_t period_ms, int64_t burst, int64_t now_ns)
{
	struct rate *rate = memory_new(sizeof(*rate));

	rate->count = clamp(count, 0, RATE_MAX);
	rate->burst = clamp(burst, 1, RATE_MAX);
	rate->period_ns = clamp(period_ms, 1, PERIOD_MAX_MS) * NS_PER_MS;
	rate->last_ns = now_ns;
	rate->blocked_until_ns = now_ns;
	if (rate->count > 0) {
		rate->ring_size = (size_t)(rate->count > rate->burst ? rate->count : rate->burst);
		rate->ring = memory_new(rate->ring_size * sizeof(*rate->ring));
	}
	return rate;
}

void rate_free(struct rate *rate)
{
	if (rate == NULL)
		return;
	free(rate->ring);
	free(rate);
}

/* What the bucket holds at a moment; a clock that stands behind adds nothing. */
static int64_t level_at(const struct rate *rate, int64_t now_ns)
{
	int64_t full = rate->burst * rate->period_ns;
	int64_t elapsed = now_ns - rate->last_ns;

	if (elapsed <= 0)
		return rate->level;
	if (elapsed >= (full - rate->level) / rate->count + 1)
		return full;
	return clamp(rate->level + elapsed * rate->count, 0, full);
}

static size_t guard_of(const struct rate *rate, int64_t level)
{
	bool bursting = rate->bursting || level == rate->burst * rate->period_ns;

	return bursting ? rate->ring_size : (size_t)rate->count;
}

/* The time of the nth newest grant, n from 1 to ring_filled. */
static int64_t grant_time(const struct rate *rate, size_t n)
{
	assert(n >= 1 && n <= rate->ring_filled);
	return rate->ring[(rate->ring_next + rate->ring_size - n) % rate->ring_size];
}

/* When the window has room for one more under a guard. */
static int64_t window_free_ns(const struct rate *rate, size_t guard)
{
	if (rate->ring_filled < guard)
		return rate->last_ns;
	return grant_time(rate, guard) + rate->period_ns;
}

bool rate_take(struct rate *rate, int64_t now_ns)
{
	int64_t full = rate->burst * rate->period_ns;

	if (now_ns < rate->blocked_until_ns)
		return false;
	if (rate->count == 0)
		return true;
	if (now_ns < rate->last_ns)
		now_ns = rate->last_ns;
	rate->level = level_at(rate, now_ns);
	rate->last_ns = now_ns;
	if (rate->level == full)
		rate->bursting = true;
	if (rate->level < rate->period_ns || window_free_ns(rate, guard_of(rate, rate->level)) > now_ns)
		return false;
	rate->level -= rate->period_ns;
	if (rate->level < rate->period_ns)
		rate->bursting = false;
	rate->ring[rate->ring_next] = now_ns;
	rate->ring_next = (rate->ring_next + 1) % rate->ring_size;
	if (rate->ring_filled < rate->ring_size)
		rate->ring_filled++;
	return true;
}

/* Room in the window that ends at a moment: the guard less the grants still inside it. They are in order of time. */
static int64_t window_room(const struct rate *rate, int64_t end_ns)
{
	size_t guard = guard_of(rate, level_at(rate, end_ns));
	size_t low = 0, high = rate->ring_filled < guard ? rate->ring_filled : guard;

	while (low < high) {
		size_t middle = low + (high - low + 1) / 2;

		if (grant_time(rate, middle) + rate->period_ns > end_ns)
			low = middle;
		else
			high = middle - 1;
	}
	return (int64_t)(guard - low);
}

int64_t rate_available(const struct rate *rate, int64_t now_ns, int64_t within_ns, int64_t max)
{
	int64_t end_ns = now_ns + clamp(within_ns, 0, PERIOD_MAX_MS * NS_PER_MS);
	int64_t tokens, room;

	if (end_ns < rate->blocked_until_ns || end_ns < rate->last_ns || max <= 0)
		return 0;
	if (now_ns < rate->last_ns)
		now_ns = rate->last_ns;
	if (rate->count == 0)
		return max;
	/* tokens taken on the way make room for others, so the gain of the span is not capped by the burst; a span of
	 * whole periods is counted by periods, which keeps the product small */
	tokens = level_at(rate, now_ns) + (end_ns - now_ns) % rate->period_ns * rate->count;
	tokens = tokens / rate->period_ns + (end_ns - now_ns) / rate->period_ns * rate->count;
	room = window_room(rate, end_ns) + (end_ns - now_ns) / rate->period_ns * rate->count;
	return clamp(tokens < room ? tokens : room, 0, max);
}

int64_t rate_next(const struct rate *rate, int64_t now_ns)
{
	int64_t at_ns = now_ns > rate->last_ns ? now_ns : rate->last_ns;
	int64_t level, lacking, free_ns;

	if (at_ns < rate->blocked_until_ns)
		at_ns = rate->blocked_until_ns;
	if (rate->count == 0)
		return at_ns;
	level = level_at(rate, at_ns);
	lacking = rate->period_ns - level;
	if (lacking > 0)
		at_ns += (lacking + rate->count - 1) / rate->count;
	free_ns = window_free_ns(rate, guard_of(rate, level_at(rate, at_ns)));
	return free_ns > at_ns ? free_ns : at_ns;
}

void rate_block(struct rate *rate, int64_t until_ns)
{
	if (until_ns <= rate->blocked_until_ns)
		return;
	rate->blocked_until_ns = until_ns;
	if (rate->count == 0 || until_ns <= rate->last_ns)
		return;
	/* whoever asked for a pause gets no burst after it: one request at the end of it, then the pace */
	rate->level = clamp(level_at(rate, until_ns), 0, rate->period_ns);
	rate->last_ns = until_ns;
	rate->bursting = false;
}
