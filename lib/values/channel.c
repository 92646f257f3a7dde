#include "values/channel.h"

struct text channel_setting(const struct channel *channel, const char *name)
{
	for (size_t i = 0; i < channel->setting_count; i++)
		if (text_is(text_of(name), channel->settings[i].name))
			return channel->settings[i].value;
	return TEXT("");
}

const char *channel_limit_name(enum channel_limit limit)
{
	static const char *const names[CHANNEL_LIMITS] = {
		[CHANNEL_LIMIT_PAYOUT] = "limit_per_payout",
		[CHANNEL_LIMIT_BATCH] = "limit_per_batch",
		[CHANNEL_LIMIT_DAY] = "limit_per_day",
		[CHANNEL_LIMIT_BENEFICIARY_DAY] = "limit_per_beneficiary_day",
	};

	return names[limit];
}
