/*
 * The IBAN (ISO 13616): lengths and structures of the registry's countries, check digits by ISO 7064 mod 97-10.
 * Floor 1, pure. Its electronic form has capitals and digits only.
 */
#ifndef VALUES_IBAN_H
#define VALUES_IBAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define IBAN_MAX 34 /* characters (ISO 13616) */

enum iban_verdict {
	IBAN_BAD_COUNTRY = 0, /* its first two letters are no country of the registry */
	IBAN_BAD_LENGTH,
	IBAN_BAD_STRUCTURE, /* a letter where a digit belongs, another character */
	IBAN_BAD_CHECKSUM,  /* also 00, 01 and 99, which fit mod 97 but are never given */
	IBAN_VALID,
};

struct iban_look {
	char country[3];        /* the first two characters, "" where they are none */
	const char *name;       /* of the country, "" when unknown */
	int length;             /* of its IBANs, 0 when unknown */
	const char *unofficial; /* name of a country whose numbers look like IBANs and are not in the registry, or "" */
	char uses[3];           /* for a territory: the country with whose letters its IBANs begin; else "" */
};

/* The electronic form of an IBAN as people write it: spaces dropped, letters in capitals. Other characters stay. It
 * stands in out, or is the text itself where that is longer than any IBAN. */
struct text iban_canonical(struct text iban, char out[IBAN_MAX]);

/* Judges the electronic form; look may be NULL. */
enum iban_verdict iban_check(struct text iban, struct iban_look *look);

/* True when an IBAN that begins with iban_country may belong to a bank in country: the same, or a territory that uses
 * the other's (GB for Jersey, FR for Martinique). Two letters each. */
bool iban_covers(struct text iban_country, struct text country);

/* True for a country of the registry whose banks belong to SEPA, and for the territories that use its IBANs. */
bool iban_sepa(struct text country);

#endif
