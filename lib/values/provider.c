#include "values/provider.h"

static const char *const names[PROVIDER_COUNT] = {
	[PROVIDER_NONE] = "",
	[PROVIDER_CIRCLE] = "circle",
	[PROVIDER_MOLLIE] = "mollie",
	[PROVIDER_PONTIS] = "pontis",
	[PROVIDER_CALYPSO] = "calypso",
};

const char *provider_name(enum provider_id provider)
{
	return provider < PROVIDER_COUNT ? names[provider] : "";
}

enum provider_id provider_parse(struct text name)
{
	for (enum provider_id i = PROVIDER_NONE + 1; i < PROVIDER_COUNT; i++)
		if (text_is(name, names[i]))
			return i;
	return PROVIDER_NONE;
}
