#include "cmd/sandbox/provider.h"

const struct provider *const providers[PROVIDER_COUNT] = {
	[PROVIDER_CIRCLE] = &provider_circle,
	[PROVIDER_MOLLIE] = &provider_mollie,
	[PROVIDER_PONTIS] = &provider_pontis,
	[PROVIDER_CALYPSO] = &provider_calypso,
};

const struct provider *provider_named(struct text name)
{
	unsigned i;

	for (i = 0; i < PROVIDER_COUNT; i++)
		if (providers[i] != NULL && text_is(name, providers[i]->name))
			return providers[i];
	return NULL;
}

const struct provider *provider_of_path(const char *path)
{
	unsigned i;

	for (i = 0; i < PROVIDER_COUNT; i++) {
		size_t len;

		if (providers[i] == NULL)
			continue;
		len = strlen(providers[i]->base_path);
		if (strncmp(path, providers[i]->base_path, len) == 0 && (path[len] == '/' || path[len] == '\0'))
			return providers[i];
	}
	return NULL;
}

const char *provider_names(void)
{
	return "circle, mollie, pontis or calypso";
}
