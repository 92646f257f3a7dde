/* The currencies of section 2.9 and the form of their networks' addresses. */
#include "cmd/sandbox/calypso.h"

enum network { NETWORK_BITCOIN = 0, NETWORK_EVM, NETWORK_TRON, NETWORK_DOGECOIN };
#define NETWORKS 4

static const struct calypso_currency currencies[] = {
	{"BTC", NETWORK_BITCOIN, 8},
	{"ETH", NETWORK_EVM, 18},
	{"USDT", NETWORK_EVM, 6},
	{"USDC", NETWORK_EVM, 6},
	{"DAI", NETWORK_EVM, 18},
	{"FRAX", NETWORK_EVM, 18},
	{"BUSD_ETH", NETWORK_EVM, 18},
	{"TRX", NETWORK_TRON, 6},
	{"USDT_TRX", NETWORK_TRON, 6},
	{"USDC_TRX", NETWORK_TRON, 6},
	{"BNB", NETWORK_EVM, 18},
	{"BUSD", NETWORK_EVM, 18},
	{"USDT_BSC", NETWORK_EVM, 18},
	{"MATIC", NETWORK_EVM, 18},
	{"USDT_MATIC", NETWORK_EVM, 6},
	{"XDG", NETWORK_DOGECOIN, 8},
};
#define CURRENCIES (sizeof(currencies) / sizeof(currencies[0]))

static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char bech32[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
static const char hex[] = "0123456789abcdefABCDEF";

/* The forms an address of a network may have. */
static const struct address_form {
	enum network network;
	const char *prefix;
	const char *alphabet; /* of what follows the prefix */
	size_t min_len;       /* of the whole */
	size_t max_len;
} forms[] = {
	{NETWORK_BITCOIN, "1", base58, 26, 35},
	{NETWORK_BITCOIN, "3", base58, 26, 35},
	{NETWORK_BITCOIN, "bc1", bech32, 14, 74},
	{NETWORK_EVM, "0x", hex, 42, 42},
	{NETWORK_TRON, "T", base58, 34, 34},
	{NETWORK_DOGECOIN, "D", base58, 33, 34},
	{NETWORK_DOGECOIN, "A", base58, 33, 34},
	{NETWORK_DOGECOIN, "9", base58, 33, 34},
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

const struct calypso_currency *calypso_currency_at(size_t index)
{
	return index < CURRENCIES ? &currencies[index] : NULL;
}

const struct calypso_currency *calypso_currency_find(struct text code)
{
	size_t i;

	for (i = 0; i < CURRENCIES; i++)
		if (text_is(code, currencies[i].code))
			return &currencies[i];
	return NULL;
}

static bool form_fits(const struct address_form *form, struct text address)
{
	size_t at = strlen(form->prefix);

	if (address.len < form->min_len || address.len > form->max_len)
		return false;
	if (!text_starts(address, text_of(form->prefix)))
		return false;
	for (; at < address.len; at++)
		if (strchr(form->alphabet, address.ptr[at]) == NULL)
			return false;
	return true;
}

enum calypso_fit calypso_address_fit(const struct calypso_currency *currency, struct text address)
{
	enum calypso_fit fit = CALYPSO_NO_ADDRESS;
	size_t i;

	for (i = 0; i < FORMS; i++) {
		if (!form_fits(&forms[i], address))
			continue;
		if (forms[i].network == (enum network)currency->network)
			return CALYPSO_FITS;
		fit = CALYPSO_OTHER_NETWORK;
	}
	return fit;
}
