#include "stages/control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "values/money.h"
#include "values/report_line.h"

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

/* What is expected, and by whom. */
struct expected {
	const char *said;       /* "expected", "the file says" */
	const char *count_cure; /* of CONTROL_COUNT */
	const char *total_cure;
};

static const struct expected by_options = {"expected",
	"check that the file is whole and the right one, or correct --expect-count",
	"check that the file is whole and the right one, or correct --expect-total"};
static const struct expected by_file = {"its control says",
	"check that the file is whole; who made it must say what it should hold",
	"check that the file is whole; who made it must say what it should hold"};

/* As reports show it: an asset's without trailing zeros. */
static void add_amount(struct buf *buf, const char *currency, int64_t minor, unsigned decimals)
{
	struct report_total total = {.decimals = decimals, .minor = minor};

	snprintf(total.currency, sizeof(total.currency), "%s", currency);
	report_total_amount(buf, &total);
}

static bool total_check(const struct control *control, const struct expected *expected, const char *currency,
	const struct reader_total *total, struct findings *findings)
{
	struct text amount = total->amount;
	struct buf got = {0};
	unsigned decimals;
	int64_t minor;
	bool same;

	if (!total_of(control, currency, &minor, &decimals))
		return false; /* said as AMOUNT_TOO_LARGE */
	money_text(&got, minor, total->minor ? 0 : decimals);
	same = money_same_text(buf_text(&got), amount);
	if (!same && !total->minor) {
		buf_reset(&got);
		add_amount(&got, currency, minor, decimals);
	}
	if (!same && control->unreadable > 0)
		buf_addf(
			&got, ", without %" PRId64 " rows whose amount or currency can't be read", control->unreadable);
	if (!same)
		finding_add(findings, FINDING_ERROR, "CONTROL_TOTAL", "amount", expected->total_cure,
			"the rows add up to %s %s, %s %.*s", currency, buf_str(&got), expected->said,
			(int)(amount.len < 64 ? amount.len : 64), amount.ptr);
	buf_release(&got);
	return same;
}

static bool count_check(
	const struct control *control, const struct expected *expected, int64_t count, struct findings *findings)
{
	if (count < 0 || count == control->rows)
		return true;
	finding_add(findings, FINDING_ERROR, "CONTROL_COUNT", "", expected->count_cure,
		"the file has %" PRId64 " rows, %s %" PRId64, control->rows, expected->said, count);
	return false;
}

static bool options_check(
	const struct control *control, const struct receive_options *options, struct findings *findings)
{
	bool agree = count_check(control, &by_options, options->expect_count, findings);

	for (int i = 0; i < options->expect_total_count; i++)
		agree = total_check(control, &by_options, options->expect_totals[i].currency,
				&(struct reader_total){.amount = options->expect_totals[i].amount}, findings) &&
			agree;
	return agree;
}

/* The one currency that all rows have; NULL: they have several. */
static const char *only_currency(const struct control *control)
{
	for (int i = 1; i < control->count; i++)
		if (strcmp(control->sums[i].currency, control->sums[0].currency) != 0)
			return NULL;
	return control->count > 0 ? control->sums[0].currency : "";
}

static bool batch_total_check(
	const struct control *control, const struct reader_total *total, struct findings *findings)
{
	char *named = text_string(findings->arena, total->currency);
	const char *currency = total->currency.len > 0 ? named : only_currency(control);

	for (char *letter = named; *letter != '\0'; letter++)
		if (*letter >= 'a' && *letter <= 'z')
			*letter = (char)(*letter - 'a' + 'A');
	if (currency != NULL)
		return total_check(control, &by_file, currency, total, findings);
	finding_add(findings, FINDING_ERROR, "CONTROL_TOTAL", "amount",
		"make a file for each currency, or name the currency of the total: control.currency in the profile",
		"the rows are in several currencies, and the file's total names none");
	return false;
}

static bool batch_check(const struct control *control, const struct reader_batch *batch, struct findings *findings)
{
	int64_t line = findings->line;
	bool agree;

	findings->line = batch->line;
	agree = count_check(control, &by_file, batch->count, findings);
	for (size_t i = 0; i < batch->total_count; i++)
		agree = batch_total_check(control, &batch->totals[i], findings) && agree;
	findings->line = line;
	return agree;
}

/* True when all that was added can be counted. */
static bool sums_check(const struct control *control, struct findings *findings)
{
	bool fine = !control->full;

	for (int i = 0; i < control->count; i++) {
		if (!control->sums[i].overflow)
			continue;
		fine = false;
		finding_add(findings, FINDING_ERROR, "AMOUNT_TOO_LARGE", "amount", "split the file",
			"the amounts in %s add up to more than can be counted", control->sums[i].currency);
	}
	if (control->full)
		finding_add(findings, FINDING_ERROR, "FILE_TOO_LARGE", "currency", "split the file by currency",
			"the file has more than %d currencies", CONTROL_SUMS_MAX);
	return fine;
}

bool control_asked(const struct receive_options *options, const struct reader_batch *batch)
{
	return options->expect_count >= 0 || options->expect_total_count > 0 ||
	       (batch != NULL && (batch->count >= 0 || batch->total_count > 0));
}

bool control_check(const struct control *control, const struct receive_options *options,
	const struct reader_batch *batch, struct findings *findings)
{
	bool asked = control_asked(options, batch);
	bool agree = sums_check(control, findings);

	agree = options_check(control, options, findings) && agree;
	agree = (batch == NULL || batch_check(control, batch, findings)) && agree;
	return asked && agree;
}
