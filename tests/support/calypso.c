#include "tests/support/calypso.h"

#include <assert.h>

#define ACCOUNT "0x00000000000000000000000000000000000000aA"
struct setting_value calypso_settings[4] = {
	{"account", {ACCOUNT, sizeof(ACCOUNT) - 1}, false},
	{"key", {"public", 6}, true},
	{"secret", {"s3cr3t", 6}, true},
	{"schedule", {"", 0}, false},
};

struct channel calypso_channel = {
	.name = "calypso",
	.provider = PROVIDER_CALYPSO,
	.mode = "",
	.base_url = "https://api.calypso.money",
	.settings = calypso_settings,
	.setting_count = 4,
};

struct call calypso_call(void)
{
	struct call call = {
		.channel = &calypso_channel,
		.reference = TEXT("row-1"),
		.currency = TEXT("USDT_TRX"),
		.amount_minor = 12500000,
		.decimals = 6,
		.payload = TEXT(CALYPSO_PAYLOAD),
		.provider_id = TEXT("4711"),
		.now_utc_ms = INT64_C(1748023400000),
	};
	bool parsed;

	asset_table_calypso(&calypso_channel.assets);
	parsed = key_parse(TEXT("79a296b3-9bb7-49b8-8ad1-618161d6f7b1"), &call.key);
	assert(parsed);
	return call;
}
