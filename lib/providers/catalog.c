#include "providers/catalog.h"

#include <assert.h>
#include <stddef.h>

#include "providers/calypso.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"
#include "providers/settings.h"

static const struct adapter *const adapters[PROVIDER_COUNT] = {
	[PROVIDER_CIRCLE] = &circle_adapter,
	[PROVIDER_MOLLIE] = &mollie_adapter,
	[PROVIDER_PONTIS] = &pontis_adapter,
	[PROVIDER_CALYPSO] = &calypso_adapter,
};

const struct adapter *catalog_adapter(enum provider_id provider)
{
	assert(provider < PROVIDER_COUNT);
	return adapters[provider];
}

const struct provider_settings *catalog_settings(int *count)
{
	*count = PROVIDER_SETTINGS_COUNT;
	return provider_settings;
}

int64_t adapter_window_ms(const struct adapter *adapter, const struct channel *channel)
{
	int64_t own_ms;

	if (adapter->window_ms > 0 && clock_duration_parse(channel_setting(channel, "repeat_window"), &own_ms) &&
		own_ms > adapter->window_ms)
		return own_ms;
	return adapter->window_ms;
}

const char *operation_name(enum operation operation)
{
	static const char *const names[OPERATION_COUNT] = {
		"session", "prepare", "create", "lookup", "list", "status", "cancel", "funds", "destination", "fees"};
	assert(operation < OPERATION_COUNT);
	return names[operation];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"unknown", "accepted", "refused", "not_executed", "channel_stop",
		"no_funds", "throttled", "session_expired", "not_found", "mismatch"};
	assert((size_t)verdict < sizeof(names) / sizeof(names[0]));
	return names[verdict];
}
