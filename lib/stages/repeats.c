#include "stages/repeats.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/sorter.h"

#define INDEX_BITS 48 /* of a row within its file; the file takes the other 16 */

struct repeats {
	struct sorter *sorter;
	bool swept; /* all digests were gone through, and ... */
	bool none;  /* ... no two began with the same 8 bytes */
};

struct repeats *repeats_open(const char *folder)
{
	struct repeats *repeats = memory_new(sizeof(*repeats));

	repeats->sorter = sorter_new(folder);
	return repeats;
}

void repeats_close(struct repeats *repeats)
{
	if (repeats == NULL)
		return;
	sorter_free(repeats->sorter);
	free(repeats);
}

bool repeats_add(
	struct repeats *repeats, const uint8_t digest[16], int file, int64_t index, int64_t row, struct fault *fault)
{
	struct record record;

	assert(file >= 0 && file <= REPEATS_FILES_MAX && index >= 0 && index < INT64_C(1) << INDEX_BITS);
	memcpy(record.key, digest, sizeof(record.key));
	record.value[0] = (uint64_t)file << INDEX_BITS | (uint64_t)index;
	record.value[1] = (uint64_t)row;
	return sorter_add(repeats->sorter, &record, fault);
}

static bool same_key(const struct record *a, const struct record *b, bool half)
{
	return a->key[0] == b->key[0] && (half || a->key[1] == b->key[1]);
}

static struct repeat member(const struct record *record, int64_t group)
{
	return (struct repeat){
		.group = group,
		.file = (int)(record->value[0] >> INDEX_BITS),
		.index = (int64_t)(record->value[0] & ((UINT64_C(1) << INDEX_BITS) - 1)),
		.row = (int64_t)record->value[1],
	};
}

struct sweep {
	struct record last;
	bool any, in_group, half;
	int64_t group;
	bool (*each)(void *context, const struct repeat *repeat, struct fault *fault);
	void *context;
};

/* The record is equal to the last one. */
static bool take_equal(struct sweep *sweep, const struct record *record, struct fault *fault)
{
	struct repeat repeat;

	if (!sweep->in_group) {
		sweep->in_group = true;
		repeat = member(&sweep->last, ++sweep->group);
		if (!sweep->each(sweep->context, &repeat, fault))
			return false;
	}
	repeat = member(record, sweep->group);
	return sweep->each(sweep->context, &repeat, fault);
}

bool repeats_each(struct repeats *repeats, bool half,
	bool (*each)(void *context, const struct repeat *repeat, struct fault *fault), void *context,
	struct fault *fault)
{
	struct sweep sweep = {.half = half, .each = each, .context = context};
	struct record record;
	bool found, none = true;

	if (repeats->swept && repeats->none)
		return true;
	if (!sorter_rewind(repeats->sorter, fault))
		return false;
	for (;; sweep.last = record, sweep.any = true) {
		if (!sorter_next(repeats->sorter, &record, &found, fault))
			return false;
		if (!found)
			break;
		none = none && !(sweep.any && same_key(&sweep.last, &record, true));
		if (!sweep.any || !same_key(&sweep.last, &record, half))
			sweep.in_group = false;
		else if (!take_equal(&sweep, &record, fault))
			return false;
	}
	repeats->swept = true;
	repeats->none = none;
	return true;
}
