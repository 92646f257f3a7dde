/*
 * Blockchain addresses: is this text an address of the network that the asset is paid on.
 * Floor 1. Pure but for the SHA-256 context, which the caller owns and keeps. Text is untrusted, already trimmed; any
 * bytes and any length are safe. Sources: EIP-55; base58check as in Bitcoin; BIP-173 and BIP-350.
 * A check finds typing errors; it can't know that somebody holds the key.
 */
#ifndef VALUES_ADDRESS_H
#define VALUES_ADDRESS_H

#include <stdbool.h>

#include "base/text.h"

struct sha256;

/* The form an address has. EVM is one form for all its chains (ethereum, bsc, polygon): no check tells them apart. */
enum address_kind { ADDRESS_NONE = 0, ADDRESS_BITCOIN, ADDRESS_EVM, ADDRESS_TRON, ADDRESS_DOGECOIN };

/* "bitcoin", "evm", "tron", "dogecoin" in exactly this spelling; anything else is ADDRESS_NONE. */
enum address_kind address_kind_parse(struct text text);
/* The same names; "" for ADDRESS_NONE. */
const char *address_kind_name(enum address_kind kind);

enum address_verdict {
	ADDRESS_BAD_SYNTAX = 0, /* ADDRESS_SYNTAX: length, first letter or characters are not those of the kind */
	ADDRESS_BAD_CHECKSUM,   /* ADDRESS_CHECKSUM: looks like the kind, but a character is wrong */
	ADDRESS_OTHER_NETWORK,  /* ADDRESS_NETWORK: a valid address, but of another kind or a test network */
	ADDRESS_VALID,
};

/* What a text turned out to be, for the message of a finding. */
struct address_look {
	enum address_kind kind; /* ADDRESS_NONE: valid on a network that payrun doesn't know */
	bool test;              /* a test network */
	const char *network;    /* constant text: "bitcoin", "bitcoin testnet", "evm", "litecoin", "another network" */
};

/*
 * Checks an address against the kind its asset wants; ADDRESS_NONE as kind accepts nothing.
 * evm: 0x and 40 hex digits; in one case no checksum is there to check, in mixed case it must satisfy EIP-55.
 * bitcoin: 1..., 3..., bc1q... and bc1p... . tron: 34 characters, T... . dogecoin: D..., 9... and A... .
 * *look (may be NULL) is set for ADDRESS_VALID and ADDRESS_OTHER_NETWORK, else it is empty with network "".
 */
enum address_verdict address_check(
	enum address_kind kind, struct text text, struct sha256 *sha, struct address_look *look);

#define ADDRESS_CANONICAL_MAX 90

/* The form in which two valid addresses of a kind are equal exactly when they are the same destination: evm and bech32
 * in lower case, base58 as it is. Gives the text itself or, when a letter had to change, a slice of out. */
struct text address_canonical(enum address_kind kind, struct text text, char out[ADDRESS_CANONICAL_MAX]);

#endif
