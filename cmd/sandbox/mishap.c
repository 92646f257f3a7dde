#include "cmd/sandbox/mishap.h"

#include "cmd/sandbox/decimal.h"

/* splitmix64: any seed will do, 0 included. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t value = *state += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

static bool path_ends(const char *path, const char *end)
{
	size_t path_len = strlen(path);
	size_t end_len = strlen(end);

	return path_len >= end_len && strcmp(path + path_len - end_len, end) == 0;
}

static void drop(struct mishaps *mishaps, size_t index)
{
	mishaps->count--;
	memmove(&mishaps->list[index], &mishaps->list[index + 1],
		(mishaps->count - index) * sizeof(mishaps->list[index]));
}

bool mishaps_add(struct mishaps *mishaps, const struct mishap *mishap)
{
	size_t i = mishaps->count;

	/* A second date skew replaces the first: two can't both be true. */
	while (i-- > 0) {
		const struct mishap *old = &mishaps->list[i];

		if (old->provider == mishap->provider &&
			(mishap->kind == MISHAP_NONE || (mishap->kind == MISHAP_DATE && old->kind == MISHAP_DATE)))
			drop(mishaps, i);
	}
	if (mishap->kind == MISHAP_NONE)
		return true;
	if (mishaps->count == MISHAPS_MAX)
		return false;
	mishaps->list[mishaps->count++] = *mishap;
	return true;
}

/* Whether it is this one's turn; counts down. The generator moves for each matching request of a rate, struck or not,
 * so that a run depends on the seed and the requests alone. */
static bool turn(struct mishaps *mishaps, struct mishap *mishap)
{
	if (mishap->countdown == 0)
		return random_next(&mishaps->random) % DECIMAL_ONE < mishap->rate_atto;
	if (mishap->countdown > 1) {
		mishap->countdown--;
		return false;
	}
	return true;
}

/* What a staged fault waits for. */
enum prey { PREY_REQUEST = 0, PREY_EVENT, PREY_NONE };

static enum prey prey_of(enum mishap_kind kind)
{
	if (kind == MISHAP_DUPLICATE_WEBHOOK || kind == MISHAP_OUT_OF_ORDER_WEBHOOK)
		return PREY_EVENT;
	return kind == MISHAP_DATE ? PREY_NONE : PREY_REQUEST;
}

static bool strike(
	struct mishaps *mishaps, enum provider_id provider, enum prey prey, const char *path, struct mishap *struck)
{
	size_t chosen = mishaps->count;
	size_t i;

	for (i = 0; i < mishaps->count; i++) {
		struct mishap *mishap = &mishaps->list[i];

		if (mishap->provider != provider || prey_of(mishap->kind) != prey || !path_ends(path, mishap->path))
			continue;
		if (turn(mishaps, mishap) && chosen == mishaps->count)
			chosen = i;
	}
	if (chosen == mishaps->count)
		return false;
	*struck = mishaps->list[chosen];
	if (struck->countdown > 0)
		drop(mishaps, chosen);
	return true;
}

bool mishaps_strike(struct mishaps *mishaps, enum provider_id provider, const char *path, struct mishap *struck)
{
	return strike(mishaps, provider, PREY_REQUEST, path, struck);
}

bool mishaps_strike_event(struct mishaps *mishaps, enum provider_id provider, const char *type, struct mishap *struck)
{
	return strike(mishaps, provider, PREY_EVENT, type, struck);
}

int64_t mishaps_skew(const struct mishaps *mishaps, enum provider_id provider)
{
	size_t i;

	for (i = 0; i < mishaps->count; i++)
		if (mishaps->list[i].kind == MISHAP_DATE && mishaps->list[i].provider == provider)
			return mishaps->list[i].skew_ms;
	return 0;
}

void mishaps_clear_all(struct mishaps *mishaps, uint64_t seed)
{
	mishaps->count = 0;
	mishaps->random = seed;
}
