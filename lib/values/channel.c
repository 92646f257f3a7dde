#include "values/channel.h"

struct text channel_setting(const struct channel *channel, const char *name)
{
	for (size_t i = 0; i < channel->setting_count; i++)
		if (text_is(text_of(name), channel->settings[i].name))
			return channel->settings[i].value;
	return TEXT("");
}
