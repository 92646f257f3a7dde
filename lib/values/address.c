#include "values/address.h"

#include <string.h>

#include "values/base58.h"
#include "values/bech32.h"
#include "values/keccak.h"

#define EVM_DIGITS 40

struct kind {
	enum address_kind kind;
	const char *name;
};

static const struct kind kinds[] = {
	{ADDRESS_BITCOIN, "bitcoin"},
	{ADDRESS_EVM, "evm"},
	{ADDRESS_TRON, "tron"},
	{ADDRESS_DOGECOIN, "dogecoin"},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/*
 * Networks by the version byte of their base58check addresses. First characters and lengths follow from the version:
 * they tell a wrong kind of text from a typing error. Litecoin's and Bitcoin Cash's old forms use Bitcoin's own
 * versions, and Dogecoin's test network shares some of Bitcoin's: no check tells those apart.
 */
struct base58_network {
	uint8_t version;
	enum address_kind kind;
	bool test;
	uint8_t min; /* characters */
	uint8_t max;
	const char *first;
	const char *name;
};

static const struct base58_network base58_networks[] = {
	{0x00, ADDRESS_BITCOIN, false, 25, 34, "1", "bitcoin"},
	{0x05, ADDRESS_BITCOIN, false, 34, 34, "3", "bitcoin"},
	{0x41, ADDRESS_TRON, false, 34, 34, "T", "tron"},
	{0x1e, ADDRESS_DOGECOIN, false, 34, 34, "D", "dogecoin"},
	{0x16, ADDRESS_DOGECOIN, false, 34, 34, "9A", "dogecoin"},
	{0x6f, ADDRESS_BITCOIN, true, 34, 34, "mn", "bitcoin testnet"},
	{0xc4, ADDRESS_BITCOIN, true, 35, 35, "2", "bitcoin testnet"},
	{0x71, ADDRESS_DOGECOIN, true, 34, 34, "n", "dogecoin testnet"},
	{0xa0, ADDRESS_TRON, true, 35, 35, "2", "tron testnet"},
	{0x30, ADDRESS_NONE, false, 34, 34, "L", "litecoin"},
	{0x32, ADDRESS_NONE, false, 34, 34, "M", "litecoin"},
	{0x4c, ADDRESS_NONE, false, 34, 34, "X", "dash"},
};
#define BASE58_NETWORKS (sizeof(base58_networks) / sizeof(base58_networks[0]))

struct segwit_network {
	const char *hrp;
	enum address_kind kind;
	bool test;
	const char *name;
};

static const struct segwit_network segwit_networks[] = {
	{"bc", ADDRESS_BITCOIN, false, "bitcoin"},
	{"tb", ADDRESS_BITCOIN, true, "bitcoin testnet"},
	{"bcrt", ADDRESS_BITCOIN, true, "bitcoin regtest"},
	{"ltc", ADDRESS_NONE, false, "litecoin"},
};
#define SEGWIT_NETWORKS (sizeof(segwit_networks) / sizeof(segwit_networks[0]))

static const struct address_look look_nothing = {ADDRESS_NONE, false, ""};
static const struct address_look look_unknown = {ADDRESS_NONE, false, "another network"};
static const struct address_look look_evm = {ADDRESS_EVM, false, "evm"};

enum address_kind address_kind_parse(struct text text)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (text_is(text, kinds[i].name))
			return kinds[i].kind;
	}
	return ADDRESS_NONE;
}

const char *address_kind_name(enum address_kind kind)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].kind == kind)
			return kinds[i].name;
	}
	return "";
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static char lower(char c)
{
	return is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* EIP-55: a letter is upper case exactly where the same digit of the hash of the lower-case text is 8 or more. */
static bool evm_case_right(const char *digits, const char *lowered)
{
	uint8_t hash[KECCAK256_SIZE];

	keccak256(lowered, EVM_DIGITS, hash);
	for (size_t i = 0; i < EVM_DIGITS; i++) {
		const unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15u;

		if (lowered[i] >= 'a' && is_upper(digits[i]) != (nibble >= 8))
			return false;
	}
	return true;
}

static enum address_verdict evm_check(struct text text, struct address_look *look)
{
	char lowered[EVM_DIGITS];
	unsigned wrong = 0, uppers = 0, lowers = 0;

	if (text.len != EVM_DIGITS + 2 || text.ptr[0] != '0' || text.ptr[1] != 'x')
		return ADDRESS_BAD_SYNTAX;
	/* No branch a character: letters and digits follow no pattern, and wrong guesses cost more than all the rest.
	 */
	for (size_t i = 0; i < EVM_DIGITS; i++) {
		const unsigned c = (unsigned char)text.ptr[i + 2];
		const unsigned low = c | 0x20;
		const unsigned letter = low - 'a' < 6;

		lowered[i] = (char)low;
		wrong |= !letter & (c - '0' >= 10);
		uppers |= letter & (c != low);
		lowers |= letter & (c == low);
	}
	if (wrong)
		return ADDRESS_BAD_SYNTAX;
	if (uppers && lowers && !evm_case_right(text.ptr + 2, lowered))
		return ADDRESS_BAD_CHECKSUM;
	*look = look_evm;
	return ADDRESS_VALID;
}

/* True when it begins and is as long as an address of the kind's own network. */
static bool base58_shape(enum address_kind kind, struct text text)
{
	if (text.len == 0 || !base58_text_valid(text))
		return false;
	for (size_t i = 0; i < BASE58_NETWORKS; i++) {
		const struct base58_network *network = &base58_networks[i];

		if (network->kind == kind && !network->test && text.len >= network->min && text.len <= network->max &&
			strchr(network->first, text.ptr[0]) != NULL)
			return true;
	}
	return false;
}

static enum address_verdict judge(enum address_kind kind, const struct address_look *look)
{
	return kind != ADDRESS_NONE && look->kind == kind && !look->test ? ADDRESS_VALID : ADDRESS_OTHER_NETWORK;
}

/* Any base58check address. What is not valid is judged as one of the wanted kind. */
static enum address_verdict base58_check(
	enum address_kind kind, struct text text, struct sha256 *sha, struct address_look *look)
{
	uint8_t bytes[BASE58_VERSIONED_SIZE];

	if (base58_check_decode(text, sha, bytes) != BASE58_VALID)
		return base58_shape(kind, text) ? ADDRESS_BAD_CHECKSUM : ADDRESS_BAD_SYNTAX;
	*look = look_unknown;
	for (size_t i = 0; i < BASE58_NETWORKS; i++) {
		const struct base58_network *network = &base58_networks[i];

		if (network->version == bytes[0])
			*look = (struct address_look){network->kind, network->test, network->name};
	}
	return judge(kind, look);
}

static const struct segwit_network *segwit_network_find(const char *hrp)
{
	for (size_t i = 0; i < SEGWIT_NETWORKS; i++) {
		if (strcmp(segwit_networks[i].hrp, hrp) == 0)
			return &segwit_networks[i];
	}
	return NULL;
}

static bool starts_nocase(struct text text, const char *prefix)
{
	const size_t len = strlen(prefix);

	return text.len >= len && text_equal_nocase((struct text){text.ptr, len}, text_of(prefix));
}

/* Any bech32 address. That of a coin without a row above may be no segwit address, but its checksum is the same. */
static enum address_verdict bech32_check(enum address_kind kind, struct text text, struct address_look *look)
{
	struct bech32 bech32;
	struct segwit segwit;
	const struct segwit_network *network;
	const enum bech32_verdict verdict = segwit_decode(text, &segwit);

	if (verdict == BECH32_VALID) {
		network = segwit_network_find(segwit.hrp);
		*look = network == NULL ? look_unknown
					: (struct address_look){network->kind, network->test, network->name};
		return judge(kind, look);
	}
	if (kind == ADDRESS_BITCOIN && starts_nocase(text, "bc1"))
		return verdict == BECH32_BAD_CHECKSUM ? ADDRESS_BAD_CHECKSUM : ADDRESS_BAD_SYNTAX;
	if (bech32_decode(text, &bech32) != BECH32_VALID || segwit_network_find(bech32.hrp) != NULL)
		return ADDRESS_BAD_SYNTAX;
	*look = look_unknown;
	return ADDRESS_OTHER_NETWORK;
}

static enum address_verdict own_check(
	enum address_kind kind, struct text text, struct sha256 *sha, struct address_look *look)
{
	switch (kind) {
	case ADDRESS_BITCOIN:
		if (starts_nocase(text, "bc1"))
			return bech32_check(kind, text, look);
		return base58_check(kind, text, sha, look);
	case ADDRESS_TRON:
	case ADDRESS_DOGECOIN:
		return base58_check(kind, text, sha, look);
	case ADDRESS_EVM:
		return evm_check(text, look);
	case ADDRESS_NONE:
		break;
	}
	return ADDRESS_BAD_SYNTAX;
}

static bool valid_elsewhere(struct text text, struct sha256 *sha, struct address_look *look)
{
	return evm_check(text, look) == ADDRESS_VALID ||
	       bech32_check(ADDRESS_NONE, text, look) == ADDRESS_OTHER_NETWORK ||
	       base58_check(ADDRESS_NONE, text, sha, look) == ADDRESS_OTHER_NETWORK;
}

enum address_verdict address_check(
	enum address_kind kind, struct text text, struct sha256 *sha, struct address_look *look)
{
	struct address_look found = look_nothing;
	enum address_verdict verdict = own_check(kind, text, sha, &found);

	if (verdict < ADDRESS_OTHER_NETWORK && valid_elsewhere(text, sha, &found))
		verdict = ADDRESS_OTHER_NETWORK;
	if (look != NULL)
		*look = found;
	return verdict;
}

struct text address_canonical(enum address_kind kind, struct text text, char out[ADDRESS_CANONICAL_MAX])
{
	bool changed = false;

	if (text.len > ADDRESS_CANONICAL_MAX ||
		!(kind == ADDRESS_EVM || (kind == ADDRESS_BITCOIN && starts_nocase(text, "bc1"))))
		return text;
	for (size_t i = 0; i < text.len; i++) {
		out[i] = lower(text.ptr[i]);
		changed |= out[i] != text.ptr[i];
	}
	return changed ? (struct text){out, text.len} : text;
}
