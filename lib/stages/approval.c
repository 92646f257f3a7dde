#include "stages/approval.h"

#include <inttypes.h>
#include <string.h>

#include "values/money.h"

/* minor x 10^(to - from); false beyond int64. */
static bool scale(int64_t *minor, unsigned from, unsigned to)
{
	for (; from < to; from++)
		if (__builtin_mul_overflow(*minor, 10, minor))
			return false;
	return true;
}

/* All sums in the currency of sums[at], whatever their decimals; false beyond int64. */
static bool add_up(const struct journal_total *sums, int count, int at, unsigned *decimals, int64_t *minor)
{
	*decimals = 0;
	*minor = 0;
	for (int i = 0; i < count; i++)
		if (strcmp(sums[i].currency, sums[at].currency) == 0 && sums[i].decimals > *decimals)
			*decimals = sums[i].decimals;
	for (int i = 0; i < count; i++) {
		int64_t one = sums[i].minor;

		if (strcmp(sums[i].currency, sums[at].currency) == 0 &&
			(!scale(&one, sums[i].decimals, *decimals) || !money_add(minor, one)))
			return false;
	}
	return true;
}

static bool is_above(const struct config *config, const struct journal_total *sums, int count, int at)
{
	int64_t minor = 0, most = 0;
	unsigned decimals = 0;

	if (!add_up(sums, count, at, &decimals, &minor))
		return true;
	return limit_of(&config->approve_above, text_of(sums[at].currency), decimals, &most) != LIMIT_AMOUNT ||
	       minor > most;
}

bool approval_wanted(const struct config *config, const struct journal_total *sums, int count)
{
	if (config->approve == APPROVE_NEVER)
		return false;
	for (int i = 0; i < count; i++)
		if (sums[i].count > 0 && (config->approve == APPROVE_ALWAYS || is_above(config, sums, count, i)))
			return true;
	return false;
}

void approval_setting(const struct config *config, struct buf *buf)
{
	const struct limit *above = &config->approve_above;

	buf_addz(buf, "approve = ");
	if (config->approve != APPROVE_ABOVE) {
		buf_addz(buf, config->approve == APPROVE_ALWAYS ? "always" : "never");
		return;
	}
	buf_addz(buf, "above:");
	for (int i = 0; i < above->count; i++) {
		int64_t fraction = above->amounts[i].fraction;

		buf_addf(buf, "%s%s %" PRId64, i > 0 ? "," : "", above->amounts[i].currency, above->amounts[i].whole);
		if (fraction > 0) {
			buf_addc(buf, '.');
			for (int64_t unit = 10000000; fraction > 0; unit /= 10) {
				buf_addc(buf, (char)('0' + fraction / unit));
				fraction %= unit;
			}
		}
	}
}

void approval_names(const struct config *config, struct buf *buf)
{
	int count = config->approver_count;

	if (count == 0)
		buf_addz(buf, "anybody");
	for (int i = 0; i < count; i++)
		buf_addf(buf, "%s%s", i == 0 ? "" : i == count - 1 ? " or " : ", ", config->approvers[i]);
}

struct text event_field(struct text line, enum event_place place)
{
	for (int number = (int)place; line.len > 0; number--) {
		const char *tab = memchr(line.ptr, '\t', line.len);
		size_t len = tab != NULL ? (size_t)(tab - line.ptr) : line.len;

		if (number == 0)
			return (struct text){line.ptr, len};
		line = (struct text){line.ptr + len + (tab != NULL), line.len - len - (tab != NULL)};
	}
	return line;
}

static bool find_reject(void *context, const struct journal_event *event)
{
	bool *closed = context;

	*closed = text_is(event_field(event->line, EVENT_KIND), "reject");
	return !*closed;
}

bool approval_closed(struct journal *journal, int64_t batch, bool *closed, struct fault *fault)
{
	*closed = false;
	return journal_event_each(journal, 1, batch, JOURNAL_NO_ROW, find_reject, closed, fault);
}
