/* The bytes of a payrun.conf: loaded, or refused with the file's name and harmless words; twice, with the same result.
 */
#include "tests/fuzz/fuzz_place.h"

static char conf_path[450];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_open();
	snprintf(conf_path, sizeof(conf_path), "%s/tried.conf", folder);
	return 0;
}

static void see_harmless(const char *string)
{
	struct text text = text_of(string);
	size_t at = 0;

	never(!text_utf8(text, NULL), "words that are no text", string);
	for (int32_t point = text_next(text, &at); point >= 0; point = text_next(text, &at))
		never(text_point_hidden(point), "words that a terminal would obey", string);
}

static struct config *load(struct fault *fault)
{
	struct config_options options = {.path = conf_path};
	struct config *loaded;

	*fault = (struct fault){0};
	options.providers = catalog_settings(&options.provider_count);
	loaded = config_load(&options, fault);
	never(loaded == NULL && !fault->set, "refused without a word", "");
	never(loaded == NULL && fault->kind != FAULT_USAGE, "another kind of fault", fault->message);
	never(loaded == NULL && strstr(fault->message, "tried.conf") == NULL, "where is it wrong?", fault->message);
	see_harmless(fault->message);
	see_harmless(fault->cure);
	for (int i = 0; loaded != NULL && i < loaded->warning_count; i++)
		see_harmless(loaded->warnings[i]);
	return loaded;
}

static void see_config(const struct config *loaded)
{
	static struct terms terms[BOUND_CHANNELS];
	struct stage tried = stage;
	struct fault fault = {0};

	never(loaded->namespace_text == NULL || loaded->namespace_text[0] == '\0', "no namespace", "");
	for (int i = 0; i < loaded->channel_count; i++) {
		const struct channel *channel = &loaded->channels[i];

		never(config_channel(loaded, text_of(channel->name)) != channel, "a channel twice", channel->name);
		never(channel->base_url == NULL || channel->base_url[0] == '\0', "a channel to nowhere", channel->name);
	}
	for (int i = 0; i < loaded->profile_count; i++)
		never(config_profile(loaded, text_of(loaded->profiles[i].name)) != &loaded->profiles[i],
			"a profile twice", loaded->profiles[i].name);
	tried.config = loaded;
	if (!stage_terms(&tried, terms, &fault))
		see_harmless(fault.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fault fault, again_fault;
	struct config *loaded, *again;

	put(conf_path, (struct text){(const char *)data, len});
	loaded = load(&fault);
	again = load(&again_fault);
	never((loaded == NULL) != (again == NULL) || strcmp(fault.message, again_fault.message) != 0, "another result",
		again_fault.message);
	if (loaded != NULL)
		see_config(loaded);
	config_free(loaded);
	config_free(again);
	return 0;
}
