#include "stages/preview.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "values/money.h"

static bool is_of(const struct receive_sum *sum, const struct payout *payout)
{
	return sum->decimals == payout->decimals && strcmp(sum->currency, payout->currency) == 0 &&
	       strcmp(sum->channel, payout->terms->channel->name) == 0;
}

static int sum_of(struct preview *preview, const struct payout *payout)
{
	struct receive_sum *sum;

	if (preview->last < preview->sum_count && is_of(&preview->sums[preview->last], payout))
		return preview->last;
	for (int i = 0; i < preview->sum_count; i++)
		if (is_of(&preview->sums[i], payout))
			return preview->last = i;
	if (preview->sum_count == RECEIVE_SUMS_MAX)
		return -1;
	sum = &preview->sums[preview->sum_count];
	*sum = (struct receive_sum){.decimals = payout->decimals};
	snprintf(sum->currency, sizeof(sum->currency), "%s", payout->currency);
	snprintf(sum->channel, sizeof(sum->channel), "%s", payout->terms->channel->name);
	return preview->last = preview->sum_count++;
}

static int64_t power(unsigned digits)
{
	int64_t value = 1;

	while (digits-- > 0)
		value *= 10;
	return value;
}

/* As numbers, whatever the currency: a preview has no rates. */
static bool larger(int64_t minor, unsigned decimals, const struct receive_large *than)
{
	int64_t unit = power(decimals), than_unit = power(than->decimals);

	if (decimals == than->decimals)
		return minor > than->minor;
	if (minor / unit != than->minor / than_unit)
		return minor / unit > than->minor / than_unit;
	return minor % unit * power(MONEY_DECIMALS_MAX - decimals) >
	       than->minor % than_unit * power(MONEY_DECIMALS_MAX - than->decimals);
}

static void large_add(struct preview *preview, const struct payout *payout, int64_t index)
{
	int at = preview->large_count;
	struct buf shown = {0};

	if (at == PREVIEW_LARGE_MAX) {
		if (!larger(payout->amount_minor, payout->decimals, &preview->large[at - 1]))
			return;
		at--;
	} else {
		preview->large_count++;
	}
	for (; at > 0 && larger(payout->amount_minor, payout->decimals, &preview->large[at - 1]); at--) {
		preview->large[at] = preview->large[at - 1];
		preview->large_index[at] = preview->large_index[at - 1];
	}
	preview->large[at] =
		(struct receive_large){.row = payout->row, .decimals = payout->decimals, .minor = payout->amount_minor};
	preview->large_index[at] = index;
	snprintf(preview->large[at].currency, sizeof(preview->large[at].currency), "%s", payout->currency);
	text_show(&shown, payout->reference, BOUND_REFERENCE_POINTS);
	snprintf(preview->large[at].reference, sizeof(preview->large[at].reference), "%s", buf_str(&shown));
	buf_release(&shown);
}

uint16_t preview_add(struct preview *preview, const struct payout *payout, int64_t index)
{
	int at = sum_of(preview, payout);

	large_add(preview, payout, index);
	if (at < 0) {
		preview->full = true;
		return MARK_NO_SUM;
	}
	preview->sums[at].count++;
	(void)money_add(&preview->sums[at].minor, payout->amount_minor); /* beyond int64: the totals refuse the file */
	return (uint16_t)at;
}

void preview_hold(struct preview *preview, const struct mark *mark)
{
	if (mark->sum == MARK_NO_SUM)
		return;
	preview->sums[mark->sum].held_count++;
	(void)money_add(&preview->sums[mark->sum].held_minor, mark->minor);
}

void preview_drop(struct preview *preview, const struct mark *mark)
{
	if (mark->sum == MARK_NO_SUM)
		return;
	preview->sums[mark->sum].count--;
	preview->sums[mark->sum].minor -= mark->minor;
	if (mark->state == PAYOUT_HELD) {
		preview->sums[mark->sum].held_count--;
		preview->sums[mark->sum].held_minor -= mark->minor;
	}
}

bool preview_tell(
	const struct preview *preview, const struct marks *marks, struct receive_result *result, struct fault *fault)
{
	for (int i = 0; i < preview->sum_count; i++) {
		struct receive_sum *sum = &result->sums[result->sum_count];

		if (preview->sums[i].count == 0)
			continue;
		*sum = preview->sums[i];
		result->sum_count++;
		if (result->held == result->good) { /* as when all of a batch waits for approval */
			sum->held_count = sum->count;
			sum->held_minor = sum->minor;
		}
	}
	for (int i = 0; i < preview->large_count && result->largest_count < RECEIVE_LARGEST; i++) {
		struct mark mark;

		if (!marks_get(marks, preview->large_index[i], &mark, fault))
			return false;
		if (mark.state == PAYOUT_HELD || mark.state == PAYOUT_READY)
			result->largest[result->largest_count++] = preview->large[i];
	}
	return true;
}
