/*
 * The table of all rules. Those of a row come first, in the order in which their findings are told. A new rule needs a
 * case in tests/rules (of a row) or a folder under tests/golden (of a file): `make lint` asks for it.
 */
#include <stddef.h>

#include "values/rules_run.h"

#define CONTRACT_3 "payrun: files in"
#define CONTRACT_1 "payrun: commands"
#define PROTOCOL_6 "payrun: destinations"
#define ISO_3166 "ISO 3166-1"
#define ISO_4217 "ISO 4217"
#define UTF_8 "Unicode, table 3-7"
#define IBANS "ISO 13616, ISO 7064"
#define BANKS "the provider's own field sets"
#define RECIPIENTS "the provider's reference, as far as it is published"
#define EXAMPLES "payrun: template"
#define ADDRESSES "EIP-55, base58check, BIP-173, BIP-350"
#define CONTRACT_2 "payrun: batches"
#define CONTRACT_4 "payrun: duplicates"
#define CONTRACT_8 "payrun.conf(5)"
#define RFC_4180 "RFC 4180"
#define RFC_8259 "RFC 8259"
#define ABA "ABA routing numbers"
#define RBI "Reserve Bank of India"
#define MOLLIE_DAY "Mollie's create-payout reference: one pending payout a balance and day"

/* id, fields, code, severity, provider, countries, source, check */
/* clang-format off */
static const struct rule table[] = {
	{"example-row", "reference, beneficiary_id, iban, account_number, wallet_address, balance_id", "EXAMPLE_ROW",
		FINDING_ERROR, "", "", EXAMPLES, rules_example_row},
	{"channel-required", "channel", "FIELD_REQUIRED", FINDING_ERROR, "", "", CONTRACT_3, rules_channel_required},
	{"channel-known", "channel", "CHANNEL_UNKNOWN", FINDING_ERROR, "", "", CONTRACT_3, rules_channel_known},
	{"channel-conflict", "channel", "FIELD_CONFLICT", FINDING_ERROR, "", "", CONTRACT_1, rules_channel_conflict},
	{"column-twice", "*", "HEADER_DUPLICATE", FINDING_ERROR, "", "", CONTRACT_3, rules_column_twice},
	{"column-unresolved", "source_currency, currency_code", "HEADER_UNKNOWN", FINDING_WARNING, "", "", CONTRACT_3,
		rules_column_unresolved},
	{"reference-required", "reference", "FIELD_REQUIRED", FINDING_ERROR, "", "", CONTRACT_3, rules_reference_required},
	{"amount-required", "amount", "FIELD_REQUIRED", FINDING_ERROR, "", "", CONTRACT_3, rules_amount_required},
	{"column-required", "*", "FIELD_REQUIRED", FINDING_ERROR, "", "", CONTRACT_3, rules_column_required},
	{"destination-conflict", "beneficiary_id", "FIELD_CONFLICT", FINDING_ERROR, "", "", PROTOCOL_6,
		rules_destination_conflict},
	{"money-not-sent", "iban, account_number, routing_number, bic, ifsc, bank_*, wallet_address, target_currency",
		"FIELD_NOT_SENT", FINDING_ERROR, "", "", CONTRACT_3, rules_money_not_sent},
	{"column-not-sent", "*", "FIELD_NOT_SENT", FINDING_WARNING, "", "", CONTRACT_3, rules_column_not_sent},
	{"recipient-money-not-sent", "recipient.*", "FIELD_NOT_SENT", FINDING_ERROR, "", "", CONTRACT_3,
		rules_recipient_money_not_sent},
	{"recipient-not-sent", "recipient.*", "FIELD_NOT_SENT", FINDING_WARNING, "", "", CONTRACT_3,
		rules_recipient_not_sent},

	{"text-encoding", "*", "FIELD_CHARACTERS", FINDING_ERROR, "", "", UTF_8, rules_text_encoding},
	{"text-control", "*", "FIELD_CHARACTERS", FINDING_ERROR, "", "", CONTRACT_3, rules_text_control},
	{"text-hidden", "reference, identifiers and codes", "FIELD_CHARACTERS", FINDING_ERROR, "", "", CONTRACT_3,
		rules_text_hidden},
	{"name-hidden", "names, addresses and texts for people", "FIELD_CHARACTERS", FINDING_WARNING, "", "", CONTRACT_3,
		rules_name_hidden},
	{"text-damaged", "*", "FIELD_DAMAGED", FINDING_ERROR, "", "", CONTRACT_3, rules_text_damaged},
	{"text-error", "*", "FIELD_DAMAGED", FINDING_ERROR, "", "", CONTRACT_3, rules_text_error},
	{"number-shortened", "reference, account_number", "FIELD_DAMAGED", FINDING_ERROR, "", "", CONTRACT_3,
		rules_number_shortened},
	{"reference-length", "reference", "FIELD_TOO_LONG", FINDING_ERROR, "", "", CONTRACT_3, rules_reference_length},

	{"currency-unknown", "currency, target_currency", "CURRENCY_UNKNOWN", FINDING_ERROR, "", "", ISO_4217,
		rules_currency_unknown},
	{"currency-withdrawn", "currency, target_currency", "CURRENCY_WITHDRAWN", FINDING_ERROR, "", "", ISO_4217,
		rules_currency_withdrawn},
	{"currency-unsupported", "currency, target_currency", "CURRENCY_UNSUPPORTED", FINDING_ERROR, "", "", CONTRACT_3,
		rules_currency_unsupported},
	{"amount-syntax", "amount", "AMOUNT_SYNTAX", FINDING_ERROR, "", "", CONTRACT_3, rules_amount_syntax},
	{"amount-sign", "amount", "FIELD_CONFLICT", FINDING_ERROR, "", "", CONTRACT_8, rules_amount_sign},
	{"amount-all", "amount", "AMOUNT_SYNTAX", FINDING_ERROR, "mollie", "", CONTRACT_3, rules_amount_all},
	{"amount-ambiguous", "amount", "AMOUNT_AMBIGUOUS", FINDING_ERROR, "", "", CONTRACT_3, rules_amount_ambiguous},
	{"amount-positive", "amount", "AMOUNT_NOT_POSITIVE", FINDING_ERROR, "", "", CONTRACT_3, rules_amount_positive},
	{"amount-decimals", "amount", "AMOUNT_DECIMALS", FINDING_ERROR, "", "", ISO_4217, rules_amount_decimals},
	{"amount-size", "amount", "AMOUNT_TOO_LARGE", FINDING_ERROR, "", "", CONTRACT_3, rules_amount_size},
	{"amount-limit", "amount", "AMOUNT_LIMIT", FINDING_ERROR, "", "", CONTRACT_8, rules_amount_limit},

	{"country-unknown", "country, bank_country", "COUNTRY_UNKNOWN", FINDING_ERROR, "", "", ISO_3166,
		rules_country_unknown},
	{"country-reserved", "country, bank_country", "COUNTRY_RESERVED", FINDING_ERROR, "", "", ISO_3166,
		rules_country_reserved},
	{"address-syntax", "wallet_address", "ADDRESS_SYNTAX", FINDING_ERROR, "", "", ADDRESSES, rules_address_syntax},
	{"address-checksum", "wallet_address", "ADDRESS_CHECKSUM", FINDING_ERROR, "", "", ADDRESSES,
		rules_address_checksum},
	{"address-network", "wallet_address", "ADDRESS_NETWORK", FINDING_ERROR, "", "", ADDRESSES, rules_address_network},
	{"date-syntax", "execution_date", "DATE_SYNTAX", FINDING_ERROR, "", "", "ISO 8601", rules_date_syntax},
	{"date-past", "execution_date", "DATE_PAST", FINDING_ERROR, "", "", CONTRACT_3, rules_date_past},

	{"destination-required", "beneficiary_id", "FIELD_REQUIRED", FINDING_ERROR, "circle", "", CONTRACT_3,
		rules_destination_required},
	{"bank-required", "iban, account_number, bank_*, beneficiary_name, address", "FIELD_REQUIRED", FINDING_ERROR,
		"circle", "", BANKS, rules_bank_required},
	{"bank-not-sent", "iban, account_number, routing_number, bic", "FIELD_NOT_SENT", FINDING_ERROR, "circle", "", BANKS,
		rules_bank_not_sent},
	{"bank-spare", "bic", "FIELD_NOT_SENT", FINDING_WARNING, "circle", "", BANKS, rules_bank_spare},
	{"bank-country", "bank_country", "COUNTRY_UNSUPPORTED", FINDING_ERROR, "circle", "", BANKS, rules_bank_country},
	{"bank-conflict", "bank_country", "FIELD_CONFLICT", FINDING_ERROR, "", "", IBANS, rules_bank_conflict},
	{"district-required", "district", "FIELD_REQUIRED", FINDING_ERROR, "circle", "CA, US", BANKS,
		rules_district_required},
	{"district-syntax", "district", "DISTRICT_SYNTAX", FINDING_ERROR, "circle", "CA, US", BANKS, rules_district_syntax},
	{"iban-country", "iban", "IBAN_COUNTRY", FINDING_ERROR, "", "", IBANS, rules_iban_country},
	{"iban-length", "iban", "IBAN_LENGTH", FINDING_ERROR, "", "", IBANS, rules_iban_length},
	{"iban-structure", "iban", "IBAN_STRUCTURE", FINDING_ERROR, "", "", IBANS, rules_iban_structure},
	{"iban-checksum", "iban", "IBAN_CHECKSUM", FINDING_ERROR, "", "", IBANS, rules_iban_checksum},
	{"bic-syntax", "bic", "BIC_SYNTAX", FINDING_ERROR, "", "", "ISO 9362", rules_bic_syntax},
	{"bic-country", "bic", "BIC_COUNTRY", FINDING_ERROR, "", "", "ISO 9362", rules_bic_country},
	{"routing-length", "routing_number", "ROUTING_LENGTH", FINDING_ERROR, "", "US", ABA,
		rules_routing_length},
	{"routing-checksum", "routing_number", "ROUTING_CHECKSUM", FINDING_ERROR, "", "US", ABA,
		rules_routing_checksum},
	{"ifsc-syntax", "ifsc", "IFSC_SYNTAX", FINDING_ERROR, "", "IN", RBI, rules_ifsc_syntax},

	{"recipient-required", "account_number, ifsc, recipient.*", "FIELD_REQUIRED", FINDING_ERROR, "pontis", "",
		RECIPIENTS, rules_recipient_required},
	{"recipient-ifsc", "recipient.ifsc", "IFSC_SYNTAX", FINDING_ERROR, "pontis", "IN", RBI,
		rules_recipient_ifsc},
	{"recipient-conflict", "recipient.name, recipient.account_number, recipient.ifsc", "FIELD_CONFLICT", FINDING_ERROR,
		"pontis", "", CONTRACT_3, rules_recipient_conflict},
	{"recipient-country", "country", "COUNTRY_UNSUPPORTED", FINDING_WARNING, "pontis", "", RECIPIENTS,
		rules_recipient_country},
	{"recipient-method", "payment_method", "METHOD_UNKNOWN", FINDING_WARNING, "pontis", "", RECIPIENTS,
		rules_recipient_method},

	{"purpose-required", "purpose", "PURPOSE_REQUIRED", FINDING_ERROR, "circle", "", CONTRACT_3,
		rules_purpose_required},
	{"purpose-unknown", "purpose", "PURPOSE_UNKNOWN", FINDING_ERROR, "circle", "", "the provider's list",
		rules_purpose_unknown},
	{"purpose-unsupported", "purpose", "PURPOSE_UNSUPPORTED", FINDING_ERROR, "circle", "", "the provider's list",
		rules_purpose_unsupported},
	{"id-syntax", "beneficiary_id", "ID_SYNTAX", FINDING_ERROR, "circle", "", "RFC 9562", rules_id_syntax},
	{"balance-syntax", "balance_id", "ID_SYNTAX", FINDING_ERROR, "mollie", "", "Mollie's OpenAPI", rules_balance_syntax},
	{"email-syntax", "email", "EMAIL_SYNTAX", FINDING_ERROR, "", "", "RFC 5321", rules_email_syntax},
	{"column-length", "*", "FIELD_TOO_LONG", FINDING_ERROR, "", "", "the provider's own limits", rules_column_length},
	{"column-short", "account_number", "FIELD_TOO_SHORT", FINDING_ERROR, "", "", "the provider's own limits",
		rules_column_short},

	/* From here on rules of a whole file, and of a row beside others: the readers and the stages judge them. */
	{"file-empty", "", "FILE_EMPTY", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"file-encoding", "", "FILE_ENCODING", FINDING_ERROR, "", "", UTF_8, NULL},
	{"file-size", "", "FILE_TOO_LARGE", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"file-changed", "", "FILE_CHANGED", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"csv-quotes", "", "CSV_SYNTAX", FINDING_ERROR, "", "", RFC_4180, NULL},
	{"csv-delimiter", "", "CSV_DELIMITER", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"csv-fields", "", "CSV_FIELD_COUNT", FINDING_ERROR, "", "", RFC_4180, NULL},
	{"header-missing", "*", "HEADER_MISSING", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"header-twice", "*", "HEADER_DUPLICATE", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"header-near", "*", "HEADER_UNKNOWN", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"header-kept", "", "HEADER_UNKNOWN", FINDING_WARNING, "", "", CONTRACT_3, NULL},
	{"header-meaning", "*", "HEADER_MEANING", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"json-syntax", "", "JSON_SYNTAX", FINDING_ERROR, "", "", RFC_8259, NULL},
	{"json-twice", "*", "JSON_DUPLICATE_KEY", FINDING_ERROR, "", "", RFC_8259, NULL},
	{"json-type", "*", "JSON_TYPE", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"control-count", "", "CONTROL_COUNT", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"control-total", "amount", "CONTROL_TOTAL", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"total-size", "", "AMOUNT_TOO_LARGE", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"control-syntax", "control.totals", "AMOUNT_SYNTAX", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"batch-channel", "channel", "FIELD_CONFLICT", FINDING_ERROR, "", "", CONTRACT_1, NULL},
	{"batch-id-form", "batch_id", "FIELD_CHARACTERS", FINDING_ERROR, "", "", CONTRACT_2, NULL},
	{"batch-id-twice", "batch_id", "BATCH_ID_NOT_USED", FINDING_WARNING, "", "", CONTRACT_2, NULL},
	{"batch-id-taken", "", "BATCH_ID_TAKEN", FINDING_ERROR, "", "", CONTRACT_2, NULL},
	{"batch-options", "", "BATCH_OPTIONS", FINDING_ERROR, "", "", CONTRACT_2, NULL},
	{"batch-known", "", "BATCH_KNOWN", FINDING_WARNING, "", "", CONTRACT_2, NULL},
	{"corrects-same", "", "CORRECTS_SAME", FINDING_ERROR, "", "", CONTRACT_2, NULL},
	{"batch-limit", "amount", "AMOUNT_LIMIT", FINDING_ERROR, "", "", CONTRACT_8, NULL},
	{"day-limit", "amount", "AMOUNT_LIMIT", FINDING_WARNING, "", "", CONTRACT_8, NULL},
	{"reference-repeated", "reference", "REFERENCE_REPEATED", FINDING_ERROR, "", "", CONTRACT_4, NULL},
	{"reference-conflict", "reference", "REFERENCE_CONFLICT", FINDING_ERROR, "", "", CONTRACT_4, NULL},
	{"reference-known", "reference", "REFERENCE_DUPLICATE", FINDING_WARNING, "", "", CONTRACT_4, NULL},
	{"failed-before", "reference", "FAILED_BEFORE", FINDING_ERROR, "", "", CONTRACT_4, NULL},
	{"duplicate-suspected", "", "DUPLICATE_SUSPECTED", FINDING_WARNING, "", "", CONTRACT_3, NULL},
	{"duplicate-refused", "", "DUPLICATE_SUSPECTED", FINDING_ERROR, "", "", CONTRACT_3, NULL},
	{"batch-suspected", "", "BATCH_SUSPECTED", FINDING_WARNING, "", "", CONTRACT_3, NULL},
	{"balance-repeated", "balance_id", "BALANCE_REPEATED", FINDING_WARNING, "mollie", "", MOLLIE_DAY, NULL},
	{"balance-emptied", "balance_id", "BALANCE_REPEATED", FINDING_ERROR, "mollie", "", CONTRACT_3, NULL},
};
/* clang-format on */

const struct rule *rules_list(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}
