/*
 * One row on its way through the rules: what is known of it so far. Floor 1, for the files rules*.c alone.
 * First the cells are read (rules_cells_read), then the values in them are judged, then every rule of the table looks
 * at what was found: a rule mostly tests a bit or a verdict, for most rows break none.
 */
#ifndef VALUES_RULES_RUN_H
#define VALUES_RULES_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "values/address.h"
#include "values/asset.h"
#include "values/bank.h"
#include "values/damage.h"
#include "values/iban.h"
#include "values/money.h"
#include "values/national.h"
#include "values/rules.h"

enum code_verdict { CODE_EMPTY = 0, CODE_UNKNOWN, CODE_WITHDRAWN, CODE_UNSUPPORTED, CODE_UNJUDGED, CODE_VALID };
enum date_verdict { DATE_EMPTY = 0, DATE_BAD_SYNTAX, DATE_BAD_PAST, DATE_VALID };

/* What clean text showed. Bits of columns; for recipient fields bits of their place. */
struct rules_marks {
	uint64_t not_utf8; /* such a cell is empty from here on */
	uint64_t control;
	uint64_t odd;     /* other characters that points.h tells of */
	uint64_t foreign; /* an account's name with other characters than ASCII */
	uint64_t damaged; /* by a spreadsheet or a script (damage.h), for certain */
	uint64_t zeros;   /* a long number that may have lost its last digits */
	uint64_t spoiled; /* one of these makes it an error: the value in it is not judged as well */
};

struct rules_run;

/* Where an IBAN or a BIC may stand: its column, a recipient field, a column of account numbers. */
#define RULES_PLACES 4
struct rules_place {
	const char *column;    /* or NULL: */
	struct text recipient; /* X of recipient.X */
	struct text cell;
};
/* As a finding names it; in the arena of the findings. */
const char *rules_place_field(struct rules_run *run, const struct rules_place *place);

struct rules_iban {
	struct rules_place place;
	enum iban_verdict verdict;
	struct iban_look look;
};
struct rules_bic {
	struct rules_place place;
	enum bic_verdict verdict;
};

#define RULES_NATIONAL_MAX 16 /* further ones wait until these are corrected */
struct rules_national {
	struct rules_place place;
	const struct national *national;
	enum national_verdict verdict;
};

struct rules_run {
	const struct rules *rules;
	const struct row *row;
	struct arena *arena;
	struct payout *payout; /* its cells are the clean ones: trimmed, NFC */
	struct findings *findings;
	const struct terms *terms; /* NULL: the row's channel is missing or unknown */
	column_set filled;         /* the file's cell holds something, readable or not */
	column_set twice;          /* two cells lead to the column */
	column_set unresolved;     /* of the columns behind COLUMN_COUNT: filled, and unknown to the row's provider */
	uint64_t recipient_twice;
	struct rules_marks marks;
	struct rules_marks recipient_marks;

	enum code_verdict currency;
	enum code_verdict target_currency;
	const struct asset *asset; /* of the currency, on channels with their own */
	bool amount_judged;        /* there is an amount to judge, and the reader did not refuse it already */
	enum money_verdict amount;
	struct text
		amount_sign; /* the currency sign in it, which stands for another currency than the row's; or empty */
	bool amount_unit_unknown; /* minor units of a code that ISO 4217 doesn't have */
	column_set country_unknown;
	column_set country_reserved;
	bool address_judged;
	enum address_verdict address;
	struct address_look look;
	enum date_verdict date;

	size_t iban_count;
	size_t bic_count;
	bool routing_judged;
	enum routing_verdict routing;
	enum bank_form bank_form; /* how the row names its account, on channels with terms of banks */
	bool bank_country_unpaid;
	size_t national_count;

	/* From here on only what the counts say has a value. */
	struct rules_iban ibans[RULES_PLACES];
	struct rules_bic bics[RULES_PLACES];
	struct rules_national national[RULES_NATIONAL_MAX]; /* broken forms and check digits of one country */
};

#define RULES_ALL "ALL" /* as amount */

/* Adds the finding of a broken rule: code and severity are the rule's. */
void rules_found(struct rules_run *run, const struct rule *rule, const char *field, const char *cure,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A cell as a message may show it: quoted, account numbers and addresses masked. */
const char *rules_show(struct rules_run *run, enum column column);

/* True when the file fills the column, and this run could read it. */
bool rules_has(const struct rules_run *run, enum column column);
/* The same of a cell whose text is as it should be: one that is damaged has been told, and its value says nothing. */
bool rules_has_sound(const struct rules_run *run, enum column column);

/* Cells that name an account, a bank or a beneficiary at the provider: nothing but ASCII. */
#define RULES_ACCOUNT_COLUMNS                                                                                          \
	(COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_IBAN) | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) |             \
		COLUMN_SET(COLUMN_ROUTING_NUMBER) | COLUMN_SET(COLUMN_BIC) | COLUMN_SET(COLUMN_IFSC) |                 \
		COLUMN_SET(COLUMN_SOURCE_WALLET) | COLUMN_SET(COLUMN_BALANCE_ID))
/* Of a recipient field: RULES_ACCOUNT_COLUMNS, or another number that people are known by. */
bool rules_recipient_is_account(struct text name);
/* What damaged a cell, by the kind of its column. */
enum damage rules_damage(enum column column, struct text text);

/* The lowest column of a set, and the set without it. */
enum column rules_next(column_set *set);

void rules_cells_read(struct rules_run *run);
void rules_amount_judge(struct rules_run *run); /* currencies, then the amount */
void rules_place_judge(struct rules_run *run);  /* countries, address, date */
void rules_bank_judge(struct rules_run *run);   /* after the countries: bank details */
void rules_national_judge(struct rules_run *run);

/* The country whose bank is paid: bank_country; on channels that carry recipient fields country. Empty when it is not
 * known or no country. */
struct text rules_paid_country(const struct rules_run *run);
/* True when the row's channel takes the column, or may take it as far as is known. */
bool rules_carried(const struct rules_run *run, enum column column);

/* What identifies where the money of a whole payout goes. */
struct text rules_destination(const struct rules_run *run);
/* The same of a row whose columns name no account, by its recipient fields; empty when it has none. */
struct text rules_recipient_destination(const struct rules_run *run);

/* The checks of the table, by the file they stand in. */
void rules_example_row(struct rules_run *run, const struct rule *rule);
void rules_channel_required(struct rules_run *run, const struct rule *rule);
void rules_channel_known(struct rules_run *run, const struct rule *rule);
void rules_channel_conflict(struct rules_run *run, const struct rule *rule);
void rules_column_twice(struct rules_run *run, const struct rule *rule);
void rules_column_unresolved(struct rules_run *run, const struct rule *rule);
void rules_reference_required(struct rules_run *run, const struct rule *rule);
void rules_amount_required(struct rules_run *run, const struct rule *rule);
void rules_column_required(struct rules_run *run, const struct rule *rule);
void rules_destination_conflict(struct rules_run *run, const struct rule *rule);
void rules_money_not_sent(struct rules_run *run, const struct rule *rule);
void rules_column_not_sent(struct rules_run *run, const struct rule *rule);
void rules_recipient_money_not_sent(struct rules_run *run, const struct rule *rule);
void rules_recipient_not_sent(struct rules_run *run, const struct rule *rule);

void rules_text_encoding(struct rules_run *run, const struct rule *rule);
void rules_text_control(struct rules_run *run, const struct rule *rule);
void rules_text_hidden(struct rules_run *run, const struct rule *rule);
void rules_name_hidden(struct rules_run *run, const struct rule *rule);
void rules_name_lost(struct rules_run *run, const struct rule *rule);
void rules_text_foreign(struct rules_run *run, const struct rule *rule);
void rules_text_blank(struct rules_run *run, const struct rule *rule);
void rules_text_scripts(struct rules_run *run, const struct rule *rule);
void rules_text_lost(struct rules_run *run, const struct rule *rule);
void rules_text_mojibake(struct rules_run *run, const struct rule *rule);
void rules_name_replaced(struct rules_run *run, const struct rule *rule);
void rules_text_damaged(struct rules_run *run, const struct rule *rule);
void rules_text_shortened(struct rules_run *run, const struct rule *rule);
void rules_text_error(struct rules_run *run, const struct rule *rule);
void rules_text_apostrophe(struct rules_run *run, const struct rule *rule);
void rules_text_nothing(struct rules_run *run, const struct rule *rule);
void rules_text_date(struct rules_run *run, const struct rule *rule);
void rules_number_day(struct rules_run *run, const struct rule *rule);
void rules_number_shortened(struct rules_run *run, const struct rule *rule);
void rules_number_fraction(struct rules_run *run, const struct rule *rule);
void rules_number_grouped(struct rules_run *run, const struct rule *rule);
void rules_number_zeros(struct rules_run *run, const struct rule *rule);
void rules_number_zeros_text(struct rules_run *run, const struct rule *rule);
void rules_reference_length(struct rules_run *run, const struct rule *rule);

void rules_currency_unknown(struct rules_run *run, const struct rule *rule);
void rules_currency_withdrawn(struct rules_run *run, const struct rule *rule);
void rules_currency_unsupported(struct rules_run *run, const struct rule *rule);
void rules_amount_syntax(struct rules_run *run, const struct rule *rule);
void rules_amount_sign(struct rules_run *run, const struct rule *rule);
void rules_amount_all(struct rules_run *run, const struct rule *rule);
void rules_amount_ambiguous(struct rules_run *run, const struct rule *rule);
void rules_amount_positive(struct rules_run *run, const struct rule *rule);
void rules_amount_decimals(struct rules_run *run, const struct rule *rule);
void rules_amount_size(struct rules_run *run, const struct rule *rule);
void rules_amount_limit(struct rules_run *run, const struct rule *rule);

void rules_country_unknown(struct rules_run *run, const struct rule *rule);
void rules_country_reserved(struct rules_run *run, const struct rule *rule);
void rules_address_syntax(struct rules_run *run, const struct rule *rule);
void rules_address_checksum(struct rules_run *run, const struct rule *rule);
void rules_address_network(struct rules_run *run, const struct rule *rule);
void rules_date_syntax(struct rules_run *run, const struct rule *rule);
void rules_date_past(struct rules_run *run, const struct rule *rule);

void rules_iban_country(struct rules_run *run, const struct rule *rule);
void rules_iban_length(struct rules_run *run, const struct rule *rule);
void rules_iban_structure(struct rules_run *run, const struct rule *rule);
void rules_iban_checksum(struct rules_run *run, const struct rule *rule);
void rules_bic_syntax(struct rules_run *run, const struct rule *rule);
void rules_bic_country(struct rules_run *run, const struct rule *rule);
void rules_bic_test(struct rules_run *run, const struct rule *rule);
void rules_account_abroad(struct rules_run *run, const struct rule *rule);
void rules_national(struct rules_run *run, const struct rule *rule);
void rules_network_conflict(struct rules_run *run, const struct rule *rule);
void rules_address_contract(struct rules_run *run, const struct rule *rule);
void rules_amount_fraction(struct rules_run *run, const struct rule *rule);
void rules_amount_scheme(struct rules_run *run, const struct rule *rule);
void rules_travel(struct rules_run *run, const struct rule *rule);
void rules_lei(struct rules_run *run, const struct rule *rule);
void rules_creditor_reference(struct rules_run *run, const struct rule *rule);
void rules_routing_length(struct rules_run *run, const struct rule *rule);
void rules_routing_checksum(struct rules_run *run, const struct rule *rule);
void rules_ifsc_syntax(struct rules_run *run, const struct rule *rule);
void rules_bank_conflict(struct rules_run *run, const struct rule *rule);
void rules_bank_country(struct rules_run *run, const struct rule *rule);
void rules_destination_required(struct rules_run *run, const struct rule *rule);
void rules_bank_required(struct rules_run *run, const struct rule *rule);
void rules_bank_not_sent(struct rules_run *run, const struct rule *rule);
void rules_bank_spare(struct rules_run *run, const struct rule *rule);
void rules_district_required(struct rules_run *run, const struct rule *rule);
void rules_district_syntax(struct rules_run *run, const struct rule *rule);

void rules_recipient_required(struct rules_run *run, const struct rule *rule);
void rules_recipient_ifsc(struct rules_run *run, const struct rule *rule);
void rules_recipient_conflict(struct rules_run *run, const struct rule *rule);
void rules_recipient_country(struct rules_run *run, const struct rule *rule);
void rules_recipient_currency(struct rules_run *run, const struct rule *rule);
void rules_recipient_method(struct rules_run *run, const struct rule *rule);

void rules_purpose_required(struct rules_run *run, const struct rule *rule);
void rules_purpose_unknown(struct rules_run *run, const struct rule *rule);
void rules_purpose_unlikely(struct rules_run *run, const struct rule *rule);
void rules_purpose_unsupported(struct rules_run *run, const struct rule *rule);
void rules_id_syntax(struct rules_run *run, const struct rule *rule);
void rules_balance_syntax(struct rules_run *run, const struct rule *rule);
void rules_email_syntax(struct rules_run *run, const struct rule *rule);
void rules_column_length(struct rules_run *run, const struct rule *rule);
void rules_column_short(struct rules_run *run, const struct rule *rule);

#endif
