#include "stages/allowance.h"

#include <stdlib.h>
#include <string.h>

#include "base/tick.h"
#include "journal/spending.h"
#include "stages/loop.h"
#include "values/money.h"

#define MINUTE_MS 60000

int64_t allowance_today(struct allowance_day *kept, const char *zone, int64_t utc_ms)
{
	int64_t minute = utc_ms / MINUTE_MS;
	char date[11];

	if (kept->day != 0 && kept->minute == minute)
		return kept->day;
	if (!clock_zone_date(
		    zone != NULL ? zone : "UTC", utc_ms, date)) /* a zone that does not exist ends in config_load() */
		abort();
	kept->minute = minute;
	kept->day = 0;
	for (int i = 0; date[i] != '\0'; i++)
		if (date[i] != '-')
			kept->day = 10 * kept->day + (date[i] - '0');
	return kept->day;
}

void allowance_amount(struct buf *buf, const char *currency, int64_t minor, unsigned decimals)
{
	if (currency_find(text_of(currency)) != NULL)
		money_text(buf, minor, decimals);
	else
		money_text_short(buf, minor, decimals);
}

/* --- before a claim ----------------------------------------------------------------------------------------------- */

/* A payout in the way of a limit. */
struct blocked {
	enum channel_limit limit;
	char currency[CURRENCY_SIZE];
	unsigned decimals;
	int64_t minor; /* of the payout */
	int64_t most;  /* that the limit allows; where it names the currency */
	int64_t spent; /* of it, today */
	bool unnamed;
};

static const char *const codes[CHANNEL_LIMITS] = {
	[CHANNEL_LIMIT_PAYOUT] = "LIMIT_PER_PAYOUT",
	[CHANNEL_LIMIT_BATCH] = "LIMIT_PER_BATCH",
	[CHANNEL_LIMIT_DAY] = "LIMIT_PER_DAY",
	[CHANNEL_LIMIT_BENEFICIARY_DAY] = "LIMIT_PER_BENEFICIARY_DAY",
};

/* It would not pass on any day: a limit was lowered since it was received, or the amount was not known then. */
static void tell_never(struct loop *loop, const struct channel *channel, const struct blocked *blocked)
{
	const char *name = channel_limit_name(blocked->limit);
	struct buf amount = {0}, most = {0};

	allowance_amount(&amount, blocked->currency, blocked->minor, blocked->decimals);
	allowance_amount(&most, blocked->currency, blocked->most, blocked->decimals);
	stage_notice(loop->stage, true, codes[blocked->limit], channel->name,
		"have the limit changed in payrun.conf and `payrun resume`, or `payrun cancel` what it stops",
		blocked->unnamed ? "channel %s: %s allows no %s; a payout of %s was not sent%s"
				 : "channel %s: %s %s: a payout of %s is more than its %s and was not sent",
		channel->name, name, blocked->currency, buf_str(&amount), blocked->unnamed ? "" : buf_str(&most));
	buf_release(&amount);
	buf_release(&most);
}

static void tell_today(struct loop *loop, const struct channel *channel, const struct blocked *blocked)
{
	const char *name = channel_limit_name(blocked->limit);
	bool each = blocked->limit == CHANNEL_LIMIT_BENEFICIARY_DAY;
	struct buf amount = {0}, most = {0}, spent = {0};

	allowance_amount(&amount, blocked->currency, blocked->minor, blocked->decimals);
	allowance_amount(&most, blocked->currency, blocked->most, blocked->decimals);
	allowance_amount(&spent, blocked->currency, blocked->spent, blocked->decimals);
	stage_notice(loop->stage, false, codes[blocked->limit], channel->name,
		"They stay ready: `payrun resume` sends them on a day that has room for them.",
		"channel %s: %s %s %s: %s of it is spent today%s; payouts that do not fit wait, one of %s is the first",
		channel->name, name, blocked->currency, buf_str(&most), buf_str(&spent),
		each ? " on one beneficiary" : "", buf_str(&amount));
	buf_release(&amount);
	buf_release(&most);
	buf_release(&spent);
}

static bool is_daily(enum channel_limit limit)
{
	return limit == CHANNEL_LIMIT_DAY || limit == CHANNEL_LIMIT_BENEFICIARY_DAY;
}

static bool ask_spent(struct loop *loop, struct task *task, int64_t today, struct blocked *blocked)
{
	struct lane *lane = task->lane;
	struct journal *journal = loop->stage->journal;
	bool each = lane->channel->limits[CHANNEL_LIMIT_BENEFICIARY_DAY].given, fine;

	tick("allowance.before_ask");
	fine = lane->counted_day == today || journal_spending_count(journal, lane->id, today, each, loop->fault);
	lane->counted_day = fine ? today : 0;
	if (fine && blocked->limit == CHANNEL_LIMIT_DAY)
		fine = journal_spent(
			journal, lane->id, today, task->call.currency, blocked->decimals, &blocked->spent, loop->fault);
	else if (fine)
		fine = journal_spent_on(journal, &task->before, today, &blocked->spent, loop->fault);
	tick("allowance.asked");
	return fine;
}

/* One limit; false in *fits, and told, where the payout does not. */
static bool ask_limit(struct loop *loop, struct task *task, int64_t today, struct blocked *blocked, bool *fits)
{
	const struct channel *channel = task->lane->channel;
	enum limit_verdict verdict =
		limit_of(&channel->limits[blocked->limit], task->call.currency, blocked->decimals, &blocked->most);

	if (verdict == LIMIT_NONE)
		return true;
	blocked->unnamed = verdict == LIMIT_UNNAMED;
	*fits = !blocked->unnamed && blocked->minor <= blocked->most;
	if (!*fits)
		tell_never(loop, channel, blocked);
	if (!*fits || !is_daily(blocked->limit))
		return true;
	if (!ask_spent(loop, task, today, blocked))
		return false;
	*fits = blocked->spent <= blocked->most - blocked->minor;
	if (!*fits)
		tell_today(loop, channel, blocked);
	return true;
}

/* A resend spends nothing more: its first claim counts. */
enum prepared allowance_claim(struct loop *loop, struct task *task, const struct moment *now)
{
	int64_t today = allowance_today(&loop->today, loop->stage->config->timezone, now->utc_ms);
	struct blocked blocked = {
		.decimals = task->call.decimals, .minor = task->fixed ? task->fixed_minor : task->call.amount_minor};
	bool fits = true;

	if (task->before.state != PAYOUT_READY)
		return PREPARED;
	if (task->call.currency.len < sizeof(blocked.currency) && task->call.currency.len > 0)
		memcpy(blocked.currency, task->call.currency.ptr, task->call.currency.len);
	for (int i = 0; fits && i < CHANNEL_LIMITS; i++) {
		blocked.limit = (enum channel_limit)i;
		if (!ask_limit(loop, task, today, &blocked, &fits)) {
			loop_task_free(loop, task);
			loop_break(loop);
			return PREPARED_FAILED;
		}
	}
	if (fits)
		return PREPARED;
	occupy_moved(loop, &task->before); /* others may have what it needs */
	loop_task_free(loop, task);
	return PREPARED_NOT_YET;
}
