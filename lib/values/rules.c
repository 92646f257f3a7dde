#include "values/rules.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "values/content.h"
#include "values/rules_run.h"

#define CONTRACT_3 "CONTRACT.md, section 3"
#define CONTRACT_1 "CONTRACT.md, section 1"
#define PROTOCOL_6 "PROTOCOL.md, section 6"
#define ISO_3166 "ISO 3166-1"
#define ISO_4217 "ISO 4217"
#define UTF_8 "Unicode, table 3-7"
#define IBANS "ISO 13616, ISO 7064"
#define BANKS "CONTRACT.md, section 3, and the provider's own field sets"
#define RECIPIENTS "tables/pontis_recipient.csv"
#define EXAMPLES "values/template.h"
#define ADDRESSES "EIP-55, base58check, BIP-173, BIP-350"

/* clang-format off */
static const struct rule table[] = {
	{"example-row", "reference, beneficiary_id, iban, account_number, wallet_address, balance_id", "EXAMPLE_ROW",
		FINDING_ERROR, "", EXAMPLES, rules_example_row},
	{"channel-required", "channel", "FIELD_REQUIRED", FINDING_ERROR, "", CONTRACT_3, rules_channel_required},
	{"channel-known", "channel", "CHANNEL_UNKNOWN", FINDING_ERROR, "", CONTRACT_3, rules_channel_known},
	{"channel-conflict", "channel", "FIELD_CONFLICT", FINDING_ERROR, "", CONTRACT_1, rules_channel_conflict},
	{"column-twice", "*", "HEADER_DUPLICATE", FINDING_ERROR, "", CONTRACT_3, rules_column_twice},
	{"column-unresolved", "source_currency, currency_code", "HEADER_UNKNOWN", FINDING_WARNING, "", CONTRACT_3,
		rules_column_unresolved},
	{"reference-required", "reference", "FIELD_REQUIRED", FINDING_ERROR, "", CONTRACT_3, rules_reference_required},
	{"amount-required", "amount", "FIELD_REQUIRED", FINDING_ERROR, "", CONTRACT_3, rules_amount_required},
	{"column-required", "*", "FIELD_REQUIRED", FINDING_ERROR, "", CONTRACT_3, rules_column_required},
	{"destination-conflict", "beneficiary_id", "FIELD_CONFLICT", FINDING_ERROR, "", PROTOCOL_6,
		rules_destination_conflict},
	{"money-not-sent", "iban, account_number, routing_number, bic, ifsc, bank_*, wallet_address, target_currency",
		"FIELD_NOT_SENT", FINDING_ERROR, "", CONTRACT_3, rules_money_not_sent},
	{"column-not-sent", "*", "FIELD_NOT_SENT", FINDING_WARNING, "", CONTRACT_3, rules_column_not_sent},
	{"recipient-money-not-sent", "recipient.*", "FIELD_NOT_SENT", FINDING_ERROR, "", CONTRACT_3,
		rules_recipient_money_not_sent},
	{"recipient-not-sent", "recipient.*", "FIELD_NOT_SENT", FINDING_WARNING, "", CONTRACT_3,
		rules_recipient_not_sent},

	{"text-encoding", "*", "FIELD_CHARACTERS", FINDING_ERROR, "", UTF_8, rules_text_encoding},
	{"text-control", "*", "FIELD_CHARACTERS", FINDING_ERROR, "", CONTRACT_3, rules_text_control},
	{"text-hidden", "reference, identifiers and codes", "FIELD_CHARACTERS", FINDING_ERROR, "", CONTRACT_3,
		rules_text_hidden},
	{"name-hidden", "names, addresses and texts for people", "FIELD_CHARACTERS", FINDING_WARNING, "", CONTRACT_3,
		rules_name_hidden},
	{"text-damaged", "*", "FIELD_DAMAGED", FINDING_ERROR, "", CONTRACT_3, rules_text_damaged},
	{"text-error", "*", "FIELD_DAMAGED", FINDING_ERROR, "", CONTRACT_3, rules_text_error},
	{"number-shortened", "reference, account_number", "FIELD_DAMAGED", FINDING_ERROR, "", CONTRACT_3,
		rules_number_shortened},
	{"reference-length", "reference", "FIELD_TOO_LONG", FINDING_ERROR, "", CONTRACT_3, rules_reference_length},

	{"currency-unknown", "currency, target_currency", "CURRENCY_UNKNOWN", FINDING_ERROR, "", ISO_4217,
		rules_currency_unknown},
	{"currency-withdrawn", "currency, target_currency", "CURRENCY_WITHDRAWN", FINDING_ERROR, "", ISO_4217,
		rules_currency_withdrawn},
	{"currency-unsupported", "currency, target_currency", "CURRENCY_UNSUPPORTED", FINDING_ERROR, "", CONTRACT_3,
		rules_currency_unsupported},
	{"amount-syntax", "amount", "AMOUNT_SYNTAX", FINDING_ERROR, "", CONTRACT_3, rules_amount_syntax},
	{"amount-all", "amount", "AMOUNT_SYNTAX", FINDING_ERROR, "mollie", CONTRACT_3, rules_amount_all},
	{"amount-ambiguous", "amount", "AMOUNT_AMBIGUOUS", FINDING_ERROR, "", CONTRACT_3, rules_amount_ambiguous},
	{"amount-positive", "amount", "AMOUNT_NOT_POSITIVE", FINDING_ERROR, "", CONTRACT_3, rules_amount_positive},
	{"amount-decimals", "amount", "AMOUNT_DECIMALS", FINDING_ERROR, "", ISO_4217, rules_amount_decimals},
	{"amount-size", "amount", "AMOUNT_TOO_LARGE", FINDING_ERROR, "", CONTRACT_3, rules_amount_size},
	{"amount-limit", "amount", "AMOUNT_LIMIT", FINDING_ERROR, "", "CONTRACT, section 8", rules_amount_limit},

	{"country-unknown", "country, bank_country", "COUNTRY_UNKNOWN", FINDING_ERROR, "", ISO_3166,
		rules_country_unknown},
	{"country-reserved", "country, bank_country", "COUNTRY_RESERVED", FINDING_ERROR, "", ISO_3166,
		rules_country_reserved},
	{"address-syntax", "wallet_address", "ADDRESS_SYNTAX", FINDING_ERROR, "", ADDRESSES, rules_address_syntax},
	{"address-checksum", "wallet_address", "ADDRESS_CHECKSUM", FINDING_ERROR, "", ADDRESSES, rules_address_checksum},
	{"address-network", "wallet_address", "ADDRESS_NETWORK", FINDING_ERROR, "", ADDRESSES, rules_address_network},
	{"date-syntax", "execution_date", "DATE_SYNTAX", FINDING_ERROR, "", "ISO 8601", rules_date_syntax},
	{"date-past", "execution_date", "DATE_PAST", FINDING_ERROR, "", CONTRACT_3, rules_date_past},

	{"destination-required", "beneficiary_id", "FIELD_REQUIRED", FINDING_ERROR, "circle", CONTRACT_3,
		rules_destination_required},
	{"bank-required", "iban, account_number, bank_*, beneficiary_name, address", "FIELD_REQUIRED", FINDING_ERROR,
		"circle", BANKS, rules_bank_required},
	{"bank-not-sent", "iban, account_number, routing_number, bic", "FIELD_NOT_SENT", FINDING_ERROR, "circle", BANKS,
		rules_bank_not_sent},
	{"bank-spare", "bic", "FIELD_NOT_SENT", FINDING_WARNING, "circle", BANKS, rules_bank_spare},
	{"bank-country", "bank_country", "COUNTRY_UNSUPPORTED", FINDING_ERROR, "circle", BANKS, rules_bank_country},
	{"bank-conflict", "bank_country", "FIELD_CONFLICT", FINDING_ERROR, "", IBANS, rules_bank_conflict},
	{"district-required", "district", "FIELD_REQUIRED", FINDING_ERROR, "circle", BANKS, rules_district_required},
	{"district-syntax", "district", "DISTRICT_SYNTAX", FINDING_ERROR, "circle", BANKS, rules_district_syntax},
	{"iban-country", "iban", "IBAN_COUNTRY", FINDING_ERROR, "", IBANS, rules_iban_country},
	{"iban-length", "iban", "IBAN_LENGTH", FINDING_ERROR, "", IBANS, rules_iban_length},
	{"iban-structure", "iban", "IBAN_STRUCTURE", FINDING_ERROR, "", IBANS, rules_iban_structure},
	{"iban-checksum", "iban", "IBAN_CHECKSUM", FINDING_ERROR, "", IBANS, rules_iban_checksum},
	{"bic-syntax", "bic", "BIC_SYNTAX", FINDING_ERROR, "", "ISO 9362", rules_bic_syntax},
	{"bic-country", "bic", "BIC_COUNTRY", FINDING_ERROR, "", "ISO 9362", rules_bic_country},
	{"routing-length", "routing_number", "ROUTING_LENGTH", FINDING_ERROR, "", "ABA routing numbers",
		rules_routing_length},
	{"routing-checksum", "routing_number", "ROUTING_CHECKSUM", FINDING_ERROR, "", "ABA routing numbers",
		rules_routing_checksum},
	{"ifsc-syntax", "ifsc", "IFSC_SYNTAX", FINDING_ERROR, "", "Reserve Bank of India", rules_ifsc_syntax},

	{"recipient-required", "account_number, ifsc, recipient.*", "FIELD_REQUIRED", FINDING_ERROR, "pontis", RECIPIENTS,
		rules_recipient_required},
	{"recipient-ifsc", "recipient.ifsc", "IFSC_SYNTAX", FINDING_ERROR, "pontis", "Reserve Bank of India",
		rules_recipient_ifsc},
	{"recipient-conflict", "recipient.name, recipient.account_number, recipient.ifsc", "FIELD_CONFLICT", FINDING_ERROR,
		"pontis", CONTRACT_3, rules_recipient_conflict},
	{"recipient-country", "country", "COUNTRY_UNSUPPORTED", FINDING_WARNING, "pontis", RECIPIENTS,
		rules_recipient_country},
	{"recipient-method", "payment_method", "METHOD_UNKNOWN", FINDING_WARNING, "pontis", RECIPIENTS,
		rules_recipient_method},

	{"purpose-required", "purpose", "PURPOSE_REQUIRED", FINDING_ERROR, "circle", CONTRACT_3, rules_purpose_required},
	{"purpose-unknown", "purpose", "PURPOSE_UNKNOWN", FINDING_ERROR, "circle", "the provider's list",
		rules_purpose_unknown},
	{"purpose-unsupported", "purpose", "PURPOSE_UNSUPPORTED", FINDING_ERROR, "circle", "the provider's list",
		rules_purpose_unsupported},
	{"id-syntax", "beneficiary_id", "ID_SYNTAX", FINDING_ERROR, "circle", "RFC 9562", rules_id_syntax},
	{"balance-syntax", "balance_id", "ID_SYNTAX", FINDING_ERROR, "mollie", "M-OAS", rules_balance_syntax},
	{"email-syntax", "email", "EMAIL_SYNTAX", FINDING_ERROR, "", "RFC 5321", rules_email_syntax},
	{"column-length", "*", "FIELD_TOO_LONG", FINDING_ERROR, "", "the provider's own limits", rules_column_length},
	{"column-short", "account_number", "FIELD_TOO_SHORT", FINDING_ERROR, "", "the provider's own limits",
		rules_column_short},
};
/* clang-format on */
#define RULES (sizeof(table) / sizeof(table[0]))

const struct rule *rules_list(size_t *count)
{
	*count = RULES;
	return table;
}

/* Account numbers and addresses show their last four only. */
static bool is_masked(enum column column)
{
	return column == COLUMN_IBAN || column == COLUMN_ACCOUNT_NUMBER || column == COLUMN_WALLET_ADDRESS;
}

const char *rules_show(struct rules_run *run, enum column column)
{
	struct text cell = run->payout->cells[column];

	return is_masked(column) ? finding_mask(run->findings, cell) : finding_quote(run->findings, cell);
}

bool rules_has(const struct rules_run *run, enum column column)
{
	return run->payout->cells[column].len > 0;
}

enum column rules_next(column_set *set)
{
	unsigned column = (unsigned)__builtin_ctzll(*set);

	*set &= *set - 1;
	return (enum column)column;
}

void rules_found(
	struct rules_run *run, const struct rule *rule, const char *field, const char *cure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	finding_addv(run->findings, rule->severity, rule->code, field, cure, format, list);
	va_end(list);
}

/* The recipient fields are left as they are: recipient_count says how many of them count, and there is room for many.
 */
static void empty_payout(struct payout *payout, const struct row *row)
{
	memset(payout->cells, 0, sizeof(payout->cells));
	payout->recipient_count = 0;
	payout->row = row->number;
	payout->line = row->line;
	payout->terms = NULL;
	payout->reference = TEXT("");
	payout->amount_minor = 0;
	payout->all = false;
	payout->decimals = 0;
	memset(payout->currency, 0, sizeof(payout->currency));
	memset(payout->target_currency, 0, sizeof(payout->target_currency));
	payout->destination = TEXT("");
	payout->content = TEXT("");
	memset(payout->content_digest, 0, sizeof(payout->content_digest));
	memset(&payout->key, 0, sizeof(payout->key));
	payout->release_at_utc_ms = 0;
}

static struct text amount_digits(struct arena *arena, int64_t minor)
{
	char digits[20];
	size_t at = sizeof(digits);

	for (; minor > 0; minor /= 10)
		digits[--at] = (char)('0' + minor % 10);
	return text_copy(arena, (struct text){digits + at, sizeof(digits) - at});
}

/* What only a row without errors has: content, digest, destination, key. */
static void complete(struct rules_run *run)
{
	struct payout *payout = run->payout;
	const struct rules *rules = run->rules;

	payout->cells[COLUMN_CHANNEL] = text_of(run->terms->channel->name);
	payout->cells[COLUMN_REFERENCE] = payout->reference;
	payout->cells[COLUMN_AMOUNT] = payout->all ? TEXT(RULES_ALL) : amount_digits(run->arena, payout->amount_minor);
	if (!rules->unkeyed)
		content_own(run->arena, payout);
	/* After content_own(): the cells are the payout's own then, and the destination may be one of them. */
	payout->destination = rules_destination(run);
	if (rules->unkeyed)
		return;
	if (!rules->undigested)
		content_digest(rules->sha, payout->content, payout->content_digest);
	if (payout->reference.len > 0)
		payout->key = key_derive(
			rules->sha, rules->namespace_text, run->terms->channel->provider, payout->reference, 1);
}

bool rules_check(const struct rules *rules, const struct row *row, struct arena *arena, struct payout *payout,
	struct findings *findings)
{
	struct rules_run run = {.rules = rules, .row = row, .arena = arena, .payout = payout, .findings = findings};

	empty_payout(payout, row);
	rules_cells_read(&run);
	payout->terms = run.terms;
	payout->reference = text_copy(arena, payout->cells[COLUMN_REFERENCE]);
	rules_amount_judge(&run);
	rules_place_judge(&run);
	rules_bank_judge(&run);
	for (size_t i = 0; i < RULES; i++)
		table[i].check(&run, &table[i]);
	if (findings->errors > 0 || row->refused != 0)
		return false;
	assert(run.terms != NULL && payout->all == (payout->amount_minor == 0) && payout->currency[0] != '\0');
	complete(&run);
	return true;
}
