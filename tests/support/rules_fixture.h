/*
 * A row and the rules that look at it: channels of three kinds, good rows to change, and what was found.
 */
#ifndef TESTS_SUPPORT_RULES_FIXTURE_H
#define TESTS_SUPPORT_RULES_FIXTURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "values/rules.h"

#define TRON_ADDRESS "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR"
#define EVM_ADDRESS "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"

/* calypso-main: own asset codes, paid to a chain. The same with `schedule = provider`. wire: bank details, as circle
 * has them. pontis: recipient fields. */
extern const struct terms calypso_terms;
extern const struct terms scheduled_terms;
extern const struct terms wire_terms;
extern const struct terms pontis_terms;
/* pontis-pay: all that pontis wants, with the table of recipient fields and a default currency. */
extern const struct terms pontis_pay_terms;
/* circle-wire: a beneficiary_id or bank details, as a bank in DE (IBAN), US (routing number), JP and others
 * (BIC) or EG (either) has them. circle-book: a beneficiary_id and a purpose. */
extern const struct terms circle_wire_terms;
extern const struct terms circle_book_terms;
/* As circle-book for an entity in Singapore and in the US, whose channels don't say who pays. */
extern const struct terms circle_sg_terms;
extern const struct terms circle_us_terms;
/* mollie: pays EUR and HUF from bal_own where the row names no balance. mollie-all: takes ALL as an amount. */
extern const struct terms mollie_terms;
extern const struct terms mollie_all_terms;

struct fixture {
	struct rules rules;
	struct rules_day day;
	struct row row;
	struct arena arena;
	struct payout payout;
	struct findings findings;
	bool good;
};

/* cmocka's: *state is a struct fixture. Today is 2026-11-20 in UTC, the namespace acme. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* Good rows of calypso-main and wire: INV-1, 12.50, on line 47. */
void fixture_calypso_row(struct fixture *fixture);
void fixture_wire_row(struct fixture *fixture);
/* Good rows of circle-wire: accounts in Germany, in the US, in Japan. And one of circle-book. */
void fixture_iban_row(struct fixture *fixture);
void fixture_us_row(struct fixture *fixture);
void fixture_bic_row(struct fixture *fixture);
void fixture_book_row(struct fixture *fixture);

/* A good row of pontis-pay: as wire's, in default currency to an Indian account. */
void fixture_pontis_row(struct fixture *fixture);

/* A good row of mollie: from its own balance. */
void fixture_mollie_row(struct fixture *fixture);

void fixture_set(struct fixture *fixture, enum column column, const char *value);
void fixture_recipient(struct fixture *fixture, const char *name, const char *value);

/* A limit of calypso-main; NULL: none. */
void fixture_limit(enum channel_limit limit, const char *setting);

/* Runs the rules over the row. */
void fixture_check(struct fixture *fixture);
/* The first finding of a code and field, or NULL. */
const struct finding *fixture_found(const struct fixture *fixture, const char *code, const char *field);

#endif
