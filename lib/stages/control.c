#include "stages/control.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "values/money.h"

bool control_options_check(const struct receive_options *options, struct fault *fault)
{
	for (int i = 0; i < options->expect_total_count; i++) {
		const struct expected_total *expected = &options->expect_totals[i];

		if (!money_same_text(expected->amount, expected->amount))
			return fault_set(fault, FAULT_USAGE, "", "write it as --expect-total USD=1234.50",
				"the total expected for %s is no decimal number: %.*s", expected->currency,
				(int)(expected->amount.len < 64 ? expected->amount.len : 64), expected->amount.ptr);
	}
	return true;
}

static bool is_of(const struct control_sum *sum, const char *currency, unsigned decimals)
{
	return sum->decimals == decimals && strcmp(sum->currency, currency) == 0;
}

static struct control_sum *sum_of(struct control *control, const char *currency, unsigned decimals)
{
	if (control->last < control->count && is_of(&control->sums[control->last], currency, decimals))
		return &control->sums[control->last];
	for (int i = 0; i < control->count; i++)
		if (is_of(&control->sums[i], currency, decimals)) {
			control->last = i;
			return &control->sums[i];
		}
	if (control->count == CONTROL_SUMS_MAX)
		return NULL;
	control->last = control->count;
	control->sums[control->count] = (struct control_sum){.decimals = decimals};
	memcpy(control->sums[control->count].currency, currency, strlen(currency) + 1);
	return &control->sums[control->count++];
}

void control_add(struct control *control, const char *currency, unsigned decimals, int64_t minor)
{
	struct control_sum *sum;

	control->rows++;
	if (currency[0] == '\0') {
		control->unreadable++;
		return;
	}
	sum = sum_of(control, currency, decimals);
	if (sum == NULL) {
		control->full = true;
		return;
	}
	sum->count++;
	if (!money_add(&sum->minor, minor))
		sum->overflow = true;
}

/* One sum for a currency, in the finest of its decimals; false where it does not fit. */
static bool total_of(const struct control *control, const char *currency, int64_t *minor, unsigned *decimals)
{
	*minor = 0;
	*decimals = 0;
	for (int i = 0; i < control->count; i++)
		if (strcmp(control->sums[i].currency, currency) == 0 && control->sums[i].decimals > *decimals)
			*decimals = control->sums[i].decimals;
	for (int i = 0; i < control->count; i++) {
		const struct control_sum *sum = &control->sums[i];
		int64_t scaled = sum->minor;

		if (strcmp(sum->currency, currency) != 0)
			continue;
		for (unsigned digits = sum->decimals; digits < *decimals; digits++)
			if (__builtin_mul_overflow(scaled, 10, &scaled))
				return false;
		if (sum->overflow || !money_add(minor, scaled))
			return false;
	}
	return true;
}

static bool total_check(const struct control *control, const struct expected_total *expected, struct findings *findings)
{
	struct buf got = {0};
	unsigned decimals;
	int64_t minor;
	bool same;

	if (!total_of(control, expected->currency, &minor, &decimals))
		return false; /* said as AMOUNT_TOO_LARGE */
	money_text(&got, minor, decimals);
	same = money_same_text(buf_text(&got), expected->amount);
	if (!same && control->unreadable > 0)
		buf_addf(
			&got, ", without %" PRId64 " rows whose amount or currency can't be read", control->unreadable);
	if (!same)
		finding_add(findings, FINDING_ERROR, "CONTROL_TOTAL", "amount",
			"check that the file is whole and the right one, or correct --expect-total",
			"the rows add up to %s %s, expected %.*s", expected->currency, buf_str(&got),
			(int)(expected->amount.len < 64 ? expected->amount.len : 64), expected->amount.ptr);
	buf_release(&got);
	return same;
}

bool control_check(const struct control *control, const struct receive_options *options, struct findings *findings)
{
	bool asked = options->expect_count >= 0 || options->expect_total_count > 0;
	bool agree = true;

	for (int i = 0; i < control->count; i++) {
		if (!control->sums[i].overflow)
			continue;
		agree = false;
		finding_add(findings, FINDING_ERROR, "AMOUNT_TOO_LARGE", "amount", "split the file",
			"the amounts in %s add up to more than can be counted", control->sums[i].currency);
	}
	if (control->full) {
		agree = false;
		finding_add(findings, FINDING_ERROR, "FILE_TOO_LARGE", "currency", "split the file by currency",
			"the file has more than %d currencies", CONTROL_SUMS_MAX);
	}
	if (options->expect_count >= 0 && options->expect_count != control->rows) {
		agree = false;
		finding_add(findings, FINDING_ERROR, "CONTROL_COUNT", "",
			"check that the file is whole and the right one, or correct --expect-count",
			"the file has %" PRId64 " rows, expected %" PRId64, control->rows, options->expect_count);
	}
	for (int i = 0; i < options->expect_total_count; i++)
		agree = total_check(control, &options->expect_totals[i], findings) && agree;
	return asked && agree;
}
