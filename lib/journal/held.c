#include "journal/held.h"

#include <string.h>

void held_add(struct held *held, struct text reason_code, int64_t count)
{
	size_t i = 0;

	while (i < held->reason_count && !text_is(reason_code, held->reasons[i].code))
		i++;
	held->unknown = held->unknown || i == HELD_REASONS || reason_code.len >= HELD_CODE_SIZE;
	if (held->unknown)
		return;
	if (i == held->reason_count) {
		held->reasons[held->reason_count++].count = 0;
		if (reason_code.len > 0)
			memcpy(held->reasons[i].code, reason_code.ptr, reason_code.len);
		held->reasons[i].code[reason_code.len] = '\0';
	}
	held->reasons[i].count += count;
}

bool held_each(
	const struct held *held, int64_t batch, void (*each)(void *context, struct text reason_code), void *context)
{
	if (batch == 0 || held->batch != batch || held->unknown)
		return false;
	for (size_t i = 0; i < held->reason_count; i++)
		for (int64_t left = held->reasons[i].count; left > 0; left--)
			each(context, text_of(held->reasons[i].code));
	return true;
}
