/* A section [channel NAME]. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "config/loader.h"
#include "config/url.h"

#define TIMEOUT_MIN_MS 1000
#define TIMEOUT_MAX_MS 600000
#define RATE_MAX 1000000 /* requests of a period: beyond any provider and any machine */
#define SETTING_NAME_SHOWN 80

/* A channel while its section is read. */
struct draft {
	struct channel *channel;
	const struct provider_settings *provider;
	const struct section *section;
	bool burst_given;
	int url_line;
};

static char *keep(struct loader *loader, struct text text)
{
	return text_string(&loader->memory->arena, text);
}

bool config_rate_parse(struct text text, int64_t *count, int64_t *period_ms)
{
	bool minute = text.len > 2 && text.ptr[text.len - 1] == 'm';

	*count = 0;
	*period_ms = 1000;
	if (text_is(text, "none"))
		return true;
	if (text.len < 3 || text.ptr[text.len - 2] != '/' || (!minute && text.ptr[text.len - 1] != 's'))
		return false;
	*period_ms = minute ? 60000 : 1000;
	return text_number((struct text){text.ptr, text.len - 2}, RATE_MAX, count) && *count > 0;
}

/* --- keys of every channel ---------------------------------------------------------------------------------------- */

/* Read before all others: the other keys depend on it. */
static bool take_provider(struct loader *loader, const struct entry *entry, void *target)
{
	(void)loader;
	(void)entry;
	(void)target;
	return true;
}

static bool take_base_url(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;

	draft->channel->base_url = keep(loader, entry->value);
	draft->url_line = entry->line;
	return true;
}

static bool take_rate(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;

	if (!config_rate_parse(entry->value, &draft->channel->rate_count, &draft->channel->rate_period_ms))
		return loader_bad_value(loader, entry, "N/s, N/m or none");
	return true;
}

static bool take_burst(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;

	draft->burst_given = true;
	if (!text_number(entry->value, RATE_MAX, &draft->channel->burst) || draft->channel->burst == 0)
		return loader_bad_value(loader, entry, "a whole number from 1");
	return true;
}

static bool take_rate_group(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;

	if (!loader_name_valid(entry->value, CHANNEL_NAME_SIZE - 1))
		return loader_bad_value(loader, entry, "1 to 63 of A-Z a-z 0-9 . _ -");
	draft->channel->rate_group = keep(loader, entry->value);
	return true;
}

static bool take_workers(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;
	int64_t workers;

	if (!text_number(entry->value, BOUND_WORKERS, &workers) || workers == 0)
		return loader_bad_value(loader, entry, "a whole number from 1 to 256");
	draft->channel->workers = (int)workers;
	return true;
}

static bool take_timeout(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;
	int64_t *timeout_ms = &draft->channel->timeout_ms;

	if (!clock_duration_parse(entry->value, timeout_ms) || *timeout_ms < TIMEOUT_MIN_MS ||
		*timeout_ms > TIMEOUT_MAX_MS)
		return loader_bad_value(loader, entry, "a duration from 1s to 10m");
	return true;
}

static bool take_ca_file(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;

	draft->channel->ca_file = loader_path(loader, loader->config->folder, entry->value.ptr);
	return true;
}

static bool take_limit(struct loader *loader, const struct entry *entry, void *target)
{
	struct draft *draft = target;
	int which = 0;

	while (strcmp(entry->name, channel_limit_name((enum channel_limit)which)) != 0)
		which++;
	const char *expected = limit_parse(entry->value, &draft->channel->limits[which]);
	return expected == NULL || loader_bad_value(loader, entry, expected);
}

static const struct config_key keys[] = {
	{"provider", take_provider},
	{"base_url", take_base_url},
	{"rate", take_rate},
	{"burst", take_burst},
	{"rate_group", take_rate_group},
	{"workers", take_workers},
	{"timeout", take_timeout},
	{"ca_file", take_ca_file},
	{"limit_per_payout", take_limit},
	{"limit_per_batch", take_limit},
	{"limit_per_day", take_limit},
	{"limit_per_beneficiary_day", take_limit},
	{NULL, NULL},
};

/* --- settings of its provider ------------------------------------------------------------------------------------- */

static bool is_prefix(const struct setting *setting)
{
	return setting->name[strlen(setting->name) - 1] == '.';
}

static const struct setting *find_setting(const struct provider_settings *provider, struct text name)
{
	for (int i = 0; i < provider->count; i++) {
		const struct setting *setting = &provider->settings[i];

		if (is_prefix(setting) ? text_starts(name, text_of(setting->name)) : text_is(name, setting->name))
			return setting;
	}
	return NULL;
}

static bool is_choice(struct text value, const char *choices)
{
	while (choices != NULL && *choices != '\0') {
		size_t len = strcspn(choices, " ");

		if (text_equal(value, (struct text){choices, len}))
			return true;
		choices += len + strspn(choices + len, " ");
	}
	return false;
}

static bool take_asset(struct loader *loader, const struct entry *entry, struct channel *channel, size_t prefix)
{
	struct text code = {entry->name + prefix, strlen(entry->name) - prefix};
	enum asset_setting result = asset_table_set(&channel->assets, code, entry->value);
	char shown[PLACE_SHOWN];

	if (result == ASSET_SETTING_DONE)
		return true;
	return place_fault(&loader->place, entry->line,
		"Write currency.CODE = DECIMALS KIND, as in currency.USDT_TRX = 6 tron.", "%s = %s: %s", entry->name,
		place_show(shown, entry->value), asset_setting_text(result));
}

static bool check_setting(
	struct loader *loader, const struct entry *entry, const struct setting *setting, struct channel *channel)
{
	char expected[200];
	int64_t ms;

	switch (setting->kind) {
	case SETTING_CHOICE:
		snprintf(expected, sizeof(expected), "one of: %s", setting->choices);
		return is_choice(entry->value, setting->choices) || loader_bad_value(loader, entry, expected);
	case SETTING_DURATION:
		return clock_duration_parse(entry->value, &ms) ||
		       loader_bad_value(loader, entry, "a duration such as 30s, 5m or 2h");
	case SETTING_YES_NO:
		return is_choice(entry->value, "yes no") || loader_bad_value(loader, entry, "yes or no");
	case SETTING_ASSET:
		return take_asset(loader, entry, channel, strlen(setting->name));
	case SETTING_TEXT:
	case SETTING_SECRET:
	default:
		return true;
	}
}

static bool take_setting(
	struct loader *loader, const struct entry *entry, const struct setting *setting, struct channel *channel)
{
	struct setting_value *value = &channel->settings[channel->setting_count];

	if (!setting->enforced)
		return loader_not_enforced(loader, entry->line, entry->name);
	if (!check_setting(loader, entry, setting, channel))
		return false;
	value->name = keep(loader, text_of(entry->name));
	value->secret = setting->kind == SETTING_SECRET;
	if (!value->secret)
		value->value = (struct text){keep(loader, entry->value), entry->value.len};
	else if (!secret_read(&loader->memory->secrets, entry, loader->config->folder, &loader->place, &value->value))
		return false;
	channel->setting_count++;
	return true;
}

/* A key of another provider is told as such; else the nearest of those it may have. */
static bool unknown_key(struct loader *loader, const struct entry *entry, const struct draft *draft)
{
	const struct config_options *options = loader->options;
	struct nearest nearest = {.name = text_of(entry->name)};
	char shown[PLACE_SHOWN], section[CHANNEL_NAME_SIZE + 32];

	for (int i = 0; i < options->provider_count; i++)
		if (find_setting(&options->providers[i], text_of(entry->name)) != NULL)
			return place_fault(&loader->place, entry->line, "Take the line out, or correct the provider.",
				"%s is a key of %s, not of %s", place_show(shown, text_of(entry->name)),
				provider_name(options->providers[i].provider),
				provider_name(draft->provider->provider));
	for (const struct config_key *key = keys; key->name != NULL; key++)
		nearest_try(&nearest, key->name);
	for (int i = 0; i < draft->provider->count; i++)
		if (!is_prefix(&draft->provider->settings[i]))
			nearest_try(&nearest, draft->provider->settings[i].name);
	snprintf(section, sizeof(section), "a channel of %s", provider_name(draft->provider->provider));
	return loader_unknown_key(loader, entry, nearest.best, section);
}

static bool take(struct loader *loader, const struct entry *entry, struct draft *draft)
{
	const struct config_key *key = loader_key(keys, text_of(entry->name));
	const struct setting *setting;

	if (key != NULL && key->take == NULL)
		return loader_not_enforced(loader, entry->line, key->name);
	if (key != NULL)
		return key->take(loader, entry, draft);
	setting = find_setting(draft->provider, text_of(entry->name));
	if (setting != NULL)
		return take_setting(loader, entry, setting, draft->channel);
	return unknown_key(loader, entry, draft);
}

/* --- the channel as a whole --------------------------------------------------------------------------------------- */

static bool find_provider(struct loader *loader, struct draft *draft)
{
	const struct entry *entry = entries_find(&loader->entries, draft->section, "provider");

	if (entry == NULL)
		return place_fault(&loader->place, draft->section->line,
			"Add provider = circle, mollie, pontis or calypso.", "the channel %s has no provider",
			draft->channel->name);
	draft->channel->provider = provider_parse(entry->value);
	if (draft->channel->provider == PROVIDER_NONE)
		return loader_bad_value(loader, entry, "circle, mollie, pontis or calypso");
	for (int i = 0; i < loader->options->provider_count; i++)
		if (loader->options->providers[i].provider == draft->channel->provider)
			draft->provider = &loader->options->providers[i];
	if (draft->provider != NULL && draft->provider->has_adapter)
		return true;
	place_fault(&loader->place, entry->line, "Take the channel out, or use a version that can pay through it.",
		"the provider %s is known, but this version has no adapter for it",
		provider_name(draft->channel->provider));
	return false;
}

static bool is_test_host(const struct provider_settings *provider, const char *host)
{
	for (size_t i = 0; provider->test_hosts != NULL && provider->test_hosts[i] != NULL; i++)
		if (strcmp(provider->test_hosts[i], host) == 0)
			return true;
	return false;
}

static bool finish_url(struct loader *loader, struct draft *draft)
{
	struct channel *channel = draft->channel;
	const char *given = channel->base_url != NULL ? channel->base_url : draft->provider->default_url;
	int line = draft->url_line > 0 ? draft->url_line : draft->section->line;
	char shown[PLACE_SHOWN], host[URL_HOST_SIZE + 16];
	const char *wrong;
	struct url url;

	if (given == NULL)
		return place_fault(&loader->place, line, "Add base_url = https://HOST.",
			"the channel %s has no base_url", channel->name);
	wrong = url_parse(text_of(given), &url);
	if (wrong != NULL)
		return place_fault(&loader->place, line,
			"Write the address of the API alone: https://HOST or https://HOST/PATH.",
			"base_url = %s: it %s", place_show(shown, text_of(given)), wrong);
	if (!url.https && !url.loopback)
		return place_fault(&loader->place, line, "Write https://; plain http is for programs on this machine.",
			"base_url = %s: credentials would go over the network in the clear",
			place_show(shown, text_of(given)));
	channel->base_url = keep(loader, url.base);
	if (url.port_given && !url.loopback)
		snprintf(host, sizeof(host), strchr(url.host, ':') != NULL ? "[%s]:%d" : "%s:%d", url.host, url.port);
	else
		snprintf(host, sizeof(host), "%s", url.host);
	channel->host = keep(loader, text_of(host));
	channel->testmode = text_is(channel_setting(channel, "testmode"), "yes");
	channel->sandbox = url.loopback || is_test_host(draft->provider, url.host) || channel->testmode;
	return true;
}

static bool finish_rate(struct loader *loader, struct draft *draft)
{
	struct channel *channel = draft->channel;

	if (channel->rate_count == 0 && draft->burst_given)
		return place_fault(&loader->place, draft->section->line, "Take burst out, or give a rate.",
			"the channel %s has a burst without a rate to be a burst of", channel->name);
	if (!draft->burst_given)
		channel->burst = channel->rate_count > 0 ? channel->rate_count : 1;
	if (channel->rate_group == NULL)
		channel->rate_group = channel->name;
	return true;
}

/* Sets its name; false: it has none that is allowed. */
static bool take_name(struct loader *loader, const struct section *section, struct text name, struct channel *channel)
{
	char shown[PLACE_SHOWN];

	if (!loader_name_valid(name, CHANNEL_NAME_SIZE - 1))
		return place_fault(&loader->place, section->line, "Write [channel NAME].",
			"%s is no name of a channel: 1 to 63 of A-Z a-z 0-9 . _ -", place_show(shown, name));
	memcpy(channel->name, name.ptr, name.len);
	return true;
}

bool loader_take_channel(struct loader *loader, const struct section *section, struct text name)
{
	struct config *config = loader->config;
	struct channel *channel = &config->channels[config->channel_count];
	struct draft draft = {.channel = channel, .section = section};

	if (loader->config->channel_count == BOUND_CHANNELS)
		return place_fault(&loader->place, section->line, "Split the configuration.",
			"there are more than %d channels", BOUND_CHANNELS);
	*channel = (struct channel){
		.mode = "", .rate_count = 5, .rate_period_ms = 1000, .workers = 8, .timeout_ms = 30000};
	if (!take_name(loader, section, name, channel) || !find_provider(loader, &draft))
		return false;
	assert(draft.provider != NULL);
	if (channel->provider == PROVIDER_CALYPSO)
		asset_table_calypso(&channel->assets);
	channel->settings = arena_alloc(&loader->memory->arena, (section->count + 1) * sizeof(struct setting_value));
	for (size_t i = 0; i < section->count; i++)
		if (!take(loader, &loader->entries.entries[section->first + i], &draft))
			return false;
	if (!finish_url(loader, &draft) || !finish_rate(loader, &draft))
		return false;
	if (channel_setting(channel, "mode").len > 0)
		channel->mode = channel_setting(channel, "mode").ptr;
	loader->channel_lines[config->channel_count++] = section->line;
	return true;
}
