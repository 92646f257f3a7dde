#include "providers/settings.h"

#include <stddef.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define WEBHOOK_SECRET                                                                                                 \
	{                                                                                                              \
		"webhook_secret", SETTING_SECRET, NULL, false, "secret of the provider's webhooks"                     \
	}

static const struct setting circle[] = {
	{"mode", SETTING_CHOICE, "wire legacy address_book", true, "which of Circle's payout products"},
	{"api_key", SETTING_SECRET, NULL, true, "API key"},
	{"source_wallet", SETTING_TEXT, NULL, true, "id of the wallet that pays"},
	{"entity", SETTING_TEXT, NULL, true, "country of the Circle entity: us, sg, fr, ..."},
	{"repeat_window", SETTING_DURATION, NULL, true, "how long the same key gives the original result"},
	{"currencies", SETTING_TEXT, NULL, true,
		"currencies that can be paid, where Circle takes others than the usual"},
	{"exchanges", SETTING_TEXT, NULL, true, "pairs that can be exchanged, as USD/BRL"},
	{"countries", SETTING_TEXT, NULL, true, "countries of banks that Circle pays to besides those known here"},
	{"originator_type", SETTING_CHOICE, "business individual", true,
		"who pays, for the travel rule (address_book)"},
	{"originator_name", SETTING_TEXT, NULL, true, "its name"},
	{"originator_line1", SETTING_TEXT, NULL, true, "its street"},
	{"originator_line2", SETTING_TEXT, NULL, true, "more of its street"},
	{"originator_city", SETTING_TEXT, NULL, true, "its city"},
	{"originator_district", SETTING_TEXT, NULL, true, "its state, with US and CA"},
	{"originator_postal_code", SETTING_TEXT, NULL, true, "its postal code"},
	{"originator_country", SETTING_TEXT, NULL, true, "its country, two letters"},
	WEBHOOK_SECRET,
};

static const struct setting mollie[] = {
	{"api_key", SETTING_SECRET, NULL, true, "API key or access token"},
	{"balance", SETTING_TEXT, NULL, true, "balance that pays where the row names none"},
	{"testmode", SETTING_YES_NO, NULL, true, "send testmode with every request"},
	{"allow_all", SETTING_YES_NO, NULL, true, "allow ALL as an amount"},
	WEBHOOK_SECRET,
};

static const struct setting pontis[] = {
	{"api_key", SETTING_SECRET, NULL, true, "API key"},
	{"email", SETTING_TEXT, NULL, true, "login"},
	{"password", SETTING_SECRET, NULL, true, "password of the login"},
	{"encryption_secret", SETTING_SECRET, NULL, true, "key of the bodies (AES-256-GCM), base64url"},
	{"hmac_secret", SETTING_SECRET, NULL, true, "key of the signatures, base64url"},
	{"repeat_window", SETTING_DURATION, NULL, true, "how long the same key gives the original result"},
	WEBHOOK_SECRET,
};

static const struct setting calypso[] = {
	{"account", SETTING_TEXT, NULL, true, "the account that pays, 0x and 40 hex digits"},
	{"key", SETTING_SECRET, NULL, true, "public API key (header Key)"},
	{"secret", SETTING_SECRET, NULL, true, "secret key of the signatures"},
	{"schedule", SETTING_CHOICE, "payrun provider", true, "who holds a payout until its execution date"},
	{"currency.", SETTING_ASSET, NULL, true, "a currency code: decimals and kind of address"},
	WEBHOOK_SECRET,
};

/* Documented test hosts: providers/circle.md and pontis.md of the specification. Mollie's is told by testmode or its
 * key; Calypso's was not found. */
static const char *const circle_hosts[] = {"api-sandbox.circle.com", NULL};
static const char *const pontis_hosts[] = {"sandbox.pontisglobe.com", NULL};
static const char *const no_hosts[] = {NULL};

const struct provider_settings provider_settings[PROVIDER_SETTINGS_COUNT] = {
	{PROVIDER_CIRCLE, true, circle, COUNT(circle), circle_hosts, "https://api.circle.com"},
	{PROVIDER_MOLLIE, true, mollie, COUNT(mollie), no_hosts, "https://api.mollie.com"},
	{PROVIDER_PONTIS, true, pontis, COUNT(pontis), pontis_hosts, "https://api.pontisglobe.com"},
	{PROVIDER_CALYPSO, true, calypso, COUNT(calypso), no_hosts, "https://api.calypso.money"},
};
