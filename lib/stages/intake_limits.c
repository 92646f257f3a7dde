/* What the limits of channels say of a file as a whole: too much for one batch, more than the day has room for. */
#include <inttypes.h>
#include <string.h>

#include "base/tick.h"
#include "journal/spending.h"
#include "stages/allowance.h"
#include "stages/intake.h"

static struct receive_limit *limit_new(struct receive_result *result)
{
	struct receive_limit *limit = &result->limits[result->limit_count];

	if (result->limit_count == RECEIVE_LIMITS_MAX)
		return NULL;
	result->limit_count++;
	return limit;
}

/* The channel's number in the journal; 0 where it was not used yet. */
static bool channel_find(struct journal *journal, const char *name, int64_t *id, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_channel channel;
	bool found = true, fine = true;

	for (*id = 1; fine && found; ++*id) {
		fine = journal_channel_get(journal, *id, &arena, &channel, &found, fault);
		if (fine && found && strcmp(channel.name, name) == 0)
			break;
	}
	if (!found)
		*id = 0;
	arena_release(&arena);
	return fine;
}

static bool ask_spent(const struct intake *intake, struct receive_limit *limit, struct fault *fault)
{
	struct journal *journal = intake->taker.row != NULL ? intake->stage->journal : NULL;
	struct allowance_day day = {0};
	int64_t today = allowance_today(&day, intake->rules.timezone, intake->rules.now_utc_ms), channel = 0;
	bool fine;

	if (journal == NULL)
		return true;
	tick("intake.before_spent");
	limit->spent = 0;
	fine = channel_find(journal, limit->channel, &channel, fault) &&
	       (channel == 0 || journal_spent(journal, channel, today, text_of(limit->currency), limit->decimals,
					&limit->spent, fault));
	tick("intake.spent");
	return fine;
}

static const char *shown(struct intake *intake, const struct receive_limit *limit, int64_t minor)
{
	struct buf buf = {0};
	const char *text;

	allowance_amount(&buf, limit->currency, minor, limit->decimals);
	text = text_string(&intake->file_arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

/* Which rows would have to go nobody can tell: the file is refused. */
static void judge_batch(struct intake *intake, const struct receive_limit *limit)
{
	if (limit->minor > limit->most)
		intake_refuse_with(intake, "AMOUNT_LIMIT", "amount",
			"split the file, or have limit_per_batch of the channel raised",
			"the %s of channel %s add up to %s, more than its limit_per_batch of %s", limit->currency,
			limit->channel, shown(intake, limit, limit->minor), shown(intake, limit, limit->most));
}

/* What does not fit waits: no error, but worth to know before. */
static void judge_day(struct intake *intake, const struct receive_limit *limit)
{
	int64_t spent = limit->spent > 0 ? limit->spent : 0;
	int64_t left = spent < limit->most ? limit->most - spent : 0;

	if (limit->minor > left)
		finding_add(&intake->file, FINDING_WARNING, "AMOUNT_LIMIT", "amount",
			"what the day has no room for stays ready; `payrun resume` sends it on another day",
			"the %s of channel %s add up to %s; limit_per_day leaves %s%s", limit->currency, limit->channel,
			shown(intake, limit, limit->minor), shown(intake, limit, left),
			limit->spent >= 0 ? " of today" : " a day");
}

static bool judge(struct intake *intake, const struct receive_sum *sum, enum channel_limit which, struct fault *fault)
{
	const struct channel *channel = config_channel(intake->stage->config, text_of(sum->channel));
	struct receive_limit made = {.decimals = sum->decimals, .limit = which, .minor = sum->minor, .spent = -1};
	struct receive_limit *limit;

	memcpy(made.channel, sum->channel, sizeof(made.channel));
	memcpy(made.currency, sum->currency, sizeof(made.currency));
	/* A currency that is not named was refused row by row. */
	if (limit_of(&channel->limits[which], text_of(sum->currency), sum->decimals, &made.most) != LIMIT_AMOUNT)
		return true;
	if (which == CHANNEL_LIMIT_DAY && !ask_spent(intake, &made, fault))
		return false;
	if (which == CHANNEL_LIMIT_DAY)
		judge_day(intake, &made);
	else
		judge_batch(intake, &made);
	limit = limit_new(intake->result);
	if (limit != NULL)
		*limit = made;
	return true;
}

bool intake_limits(struct intake *intake, struct fault *fault)
{
	static const enum channel_limit of_files[] = {CHANNEL_LIMIT_BATCH, CHANNEL_LIMIT_DAY};
	const struct preview *preview = &intake->preview;

	for (int i = 0; i < preview->sum_count; i++)
		for (size_t k = 0; k < sizeof(of_files) / sizeof(of_files[0]); k++)
			if (preview->sums[i].count > 0 && !judge(intake, &preview->sums[i], of_files[k], fault))
				return false;
	return true;
}
