/* What an address book entry must say (providers/circle.md, A5, A9 and A10). */
#include "cmd/sandbox/circle.h"

#include <openssl/evp.h>

/* How addresses of a chain look; light: form and alphabet, no checksums. */
enum address_form { FORM_ANY = 0, FORM_EVM, FORM_STELLAR, FORM_SOLANA, FORM_ALGORAND, FORM_RIPPLE, FORM_LONG_HEX };

static const struct chain {
	const char *name;
	enum address_form form;
	bool travels; /* a travel-rule chain (A10) */
} chains[] = {
	{"ALGO", FORM_ALGORAND, true},
	{"APTOS", FORM_LONG_HEX, true},
	{"ARB", FORM_EVM, true},
	{"ARC", FORM_EVM, true},
	{"AVAX", FORM_EVM, true},
	{"BASE", FORM_EVM, true},
	{"CELO", FORM_EVM, true},
	{"ETH", FORM_EVM, true},
	{"HBAR", FORM_ANY, false},
	{"NEAR", FORM_ANY, true},
	{"NOBLE", FORM_ANY, false},
	{"OP", FORM_EVM, true},
	{"PAH", FORM_ANY, false},
	{"POLY", FORM_EVM, true},
	{"SOL", FORM_SOLANA, true},
	{"SUI", FORM_LONG_HEX, false},
	{"UNI", FORM_EVM, false},
	{"XLM", FORM_STELLAR, true},
	{"XRP", FORM_RIPPLE, true},
	{"ZKS", FORM_EVM, false},
};
#define CHAINS (sizeof(chains) / sizeof(chains[0]))

static const struct chain *chain_find(struct text name)
{
	size_t i;

	for (i = 0; i < CHAINS; i++)
		if (text_is(name, chains[i].name))
			return &chains[i];
	return NULL;
}

bool circle_chain_travels(struct text chain)
{
	const struct chain *found = chain_find(chain);

	return found != NULL && found->travels;
}

static bool made_of(struct text text, const char *alphabet)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] == '\0' || strchr(alphabet, text.ptr[i]) == NULL)
			return false;
	return true;
}

static bool hex_address(struct text address, size_t min, size_t max)
{
	return text_starts(address, TEXT("0x")) && address.len >= min + 2 && address.len <= max + 2 &&
	       made_of((struct text){address.ptr + 2, address.len - 2}, "0123456789abcdefABCDEF");
}

bool circle_address_fits(struct text chain, struct text address)
{
	static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const struct chain *found = chain_find(chain);

	switch (found == NULL ? FORM_ANY : found->form) {
	case FORM_EVM:
		return hex_address(address, 40, 40);
	case FORM_LONG_HEX:
		return hex_address(address, 1, 64);
	case FORM_STELLAR:
		return address.len == 56 && address.ptr[0] == 'G' && made_of(address, base32);
	case FORM_ALGORAND:
		return address.len == 58 && made_of(address, base32);
	case FORM_SOLANA:
		return address.len >= 32 && address.len <= 44 && made_of(address, base58);
	case FORM_RIPPLE:
		return address.len >= 25 && address.len <= 35 && address.ptr[0] == 'r' && made_of(address, base58);
	case FORM_ANY:
		return address.len > 0;
	}
	return false;
}

static bool printable(struct text text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return false;
	return text.len > 0;
}

/* Members and values of identity and ownership beyond the error codes' own words are assumed. */
static bool identity_check(struct circle_call *call, const json_t *identity)
{
	struct text type = document_string(json_object_get(identity, "type"));

	if (!json_is_object(identity))
		return circle_refuse(call, CIRCLE_IDENTITY_MISSING, "identity is required.");
	if (text_is(type, "business"))
		return document_string(json_object_get(identity, "businessName")).len > 0 ||
		       circle_refuse(call, CIRCLE_BUSINESS_NAME_MISSING, "identity.businessName is required.");
	if (!text_is(type, "individual"))
		return circle_refuse(call, CIRCLE_IDENTITY_TYPE, "identity.type must be individual or business.");
	if (document_string(json_object_get(identity, "firstName")).len == 0)
		return circle_refuse(call, CIRCLE_FIRST_NAME_MISSING, "identity.firstName is required.");
	return document_string(json_object_get(identity, "lastName")).len > 0 ||
	       circle_refuse(call, CIRCLE_LAST_NAME_MISSING, "identity.lastName is required.");
}

static bool ownership_check(struct circle_call *call, const json_t *ownership)
{
	const json_t *custody = json_object_get(ownership, "custodyType");
	const json_t *vasp = json_object_get(ownership, "vaspId");
	struct text type = document_string(custody);
	struct text owner = document_string(json_object_get(ownership, "type"));

	if (!json_is_object(ownership))
		return circle_refuse(call, CIRCLE_OWNERSHIP_MISSING, "ownership is required.");
	if (!text_is(owner, "self") && !text_is(owner, "third_party"))
		return circle_refuse(call, CIRCLE_OWNERSHIP_TYPE, "ownership.type must be self or third_party.");
	if (custody == NULL || json_is_null(custody))
		return circle_refuse(call, CIRCLE_CUSTODY_MISSING, "ownership.custodyType is required.");
	if (text_is(type, "self_hosted"))
		return vasp == NULL || json_is_null(vasp) ||
		       circle_refuse(call, CIRCLE_VASP_NOT_ALLOWED, "A self-hosted address has no vaspId.");
	if (!text_is(type, "hosted"))
		return circle_refuse(call, CIRCLE_CUSTODY_TYPE, "ownership.custodyType must be hosted or self_hosted.");
	if (vasp == NULL || json_is_null(vasp))
		return circle_refuse(call, CIRCLE_VASP_MISSING, "ownership.vaspId is required.");
	return circle_vasp_known(document_string(vasp)) ||
	       circle_refuse(call, CIRCLE_VASP_WRONG, "ownership.vaspId is not known.");
}

static struct text json_keep(struct circle_call *call, const json_t *value)
{
	char *dumped;
	struct text kept;

	if (!json_is_object(value))
		return (struct text){NULL, 0};
	dumped = json_dumps(value, JSON_COMPACT);
	kept = text_copy(&call->state->memory, text_of(dumped));
	free(dumped);
	return kept;
}

/* Its values are texts: numbers of a document are indexes and could not be echoed. */
bool circle_metadata_read(struct circle_call *call, struct text *metadata)
{
	json_t *object = json_object_get(call->root, "metadata");
	const char *name;
	json_t *value;

	circle_object(call, call->root, "", "metadata", true);
	json_object_foreach(object, name, value)
	{
		char place[96];

		snprintf(place, sizeof(place), "metadata.%.80s", name);
		if (!json_is_string(value) && !json_is_null(value))
			circle_wrong(call, "invalid_value", place, value, NULL, "%s must be a string", place);
	}
	if (call->error_count > 0)
		return circle_checked(call);
	*metadata = json_keep(call, object);
	return true;
}

/* Singapore and France say who gets it (A10); others may, and it is kept. */
static bool owner_read(struct circle_call *call, struct circle_recipient *recipient)
{
	const json_t *identity = json_object_get(call->root, "identity");
	const json_t *ownership = json_object_get(call->root, "ownership");

	if (call->entity != CIRCLE_LLC && (!identity_check(call, identity) || !ownership_check(call, ownership)))
		return false;
	recipient->identity = json_keep(call, identity);
	recipient->ownership = json_keep(call, ownership);
	return true;
}

bool circle_recipient_read(struct circle_call *call, struct circle_recipient *recipient)
{
	static const struct circle_field chain = {"chain", true, 16};
	static const struct circle_field address = {"address", true, 256};
	static const struct circle_field tag = {"addressTag", false, 64};

	recipient->chain = circle_string(call, call->root, "", &chain);
	recipient->address = circle_string(call, call->root, "", &address);
	recipient->tag = circle_string(call, call->root, "", &tag);
	if (!circle_metadata_read(call, &recipient->metadata))
		return false;
	if (chain_find(recipient->chain) == NULL)
		return circle_refuse(call, CIRCLE_CHAIN_UNSUPPORTED, "The chain is not supported.");
	if (!printable(recipient->address))
		return circle_refuse(call, CIRCLE_ADDRESS_INVALID, "The address is not valid.");
	if (!circle_address_fits(recipient->chain, recipient->address))
		return circle_refuse(call, CIRCLE_ADDRESS_CHAIN, "The address is not valid for the chain.");
	return owner_read(call, recipient);
}
