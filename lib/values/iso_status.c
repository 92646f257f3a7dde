#include "values/iso_status.h"

#include <assert.h>
#include <stddef.h>

#define TABLES_WANT_STATUS_REASON
#include "values/tables.inc"

static const char names[ISO_STATUSES][5] = {
	[ISO_PDNG] = "PDNG",
	[ISO_RJCT] = "RJCT",
	[ISO_CANC] = "CANC",
	[ISO_ACTC] = "ACTC",
	[ISO_ACCP] = "ACCP",
	[ISO_ACSP] = "ACSP",
	[ISO_ACSC] = "ACSC",
	[ISO_PART] = "PART",
};

/*
 * What is known, and no more. A provider's "complete" is ACSC, settled on the debtor's side: that the beneficiary's
 * account was credited (ACCC) nobody told. A returned payout was settled once, but what it asked for did not happen;
 * banks report it as RJCT with the reason of the return, and neither version has a code of its own.
 */
static const struct {
	enum iso_status status;
	const char *reason;
} states[PAYOUT_STATES] = {
	[PAYOUT_UNKNOWN] = {ISO_PDNG, NULL},
	[PAYOUT_REJECTED] = {ISO_RJCT, "NARR"},
	[PAYOUT_DUPLICATE] = {ISO_RJCT, "AM05"},
	[PAYOUT_HELD] = {ISO_PDNG, NULL},
	[PAYOUT_READY] = {ISO_ACCP, NULL},
	[PAYOUT_SENDING] = {ISO_PDNG, NULL},
	[PAYOUT_ACCEPTED] = {ISO_ACSP, NULL},
	[PAYOUT_PAID] = {ISO_ACSC, NULL},
	[PAYOUT_FAILED] = {ISO_RJCT, "MS03"},
	[PAYOUT_RETURNED] = {ISO_RJCT, "MS03"},
	[PAYOUT_CANCELED] = {ISO_CANC, "DS02"},
};

/* The first row that fits gives the reason; one without a field fits all fields. A code that ends in * is a family. */
static const struct {
	const char *code, *field, *reason;
} findings[] = {
	{"AMOUNT_DECIMALS", NULL, "CH20"},
	{"AMOUNT_TOO_LARGE", NULL, "AM02"},
	{"AMOUNT_LIMIT", NULL, "AM14"},
	{"AMOUNT_*", NULL, "AM12"},
	{"CURRENCY_UNSUPPORTED", NULL, "AM03"},
	{"CURRENCY_*", NULL, "AM11"},
	{"COUNTRY_UNKNOWN", NULL, "BE11"},
	{"COUNTRY_RESERVED", NULL, "BE11"},
	{"PURPOSE_*", NULL, "FF07"},
	{"IBAN_CHECKSUM", NULL, "AC03"},
	{"IBAN_*", NULL, "AC01"},
	{"ACCOUNT_LENGTH", NULL, "AC01"},
	{"ACCOUNT_*", NULL, "AC03"},
	{"PIX_*", NULL, "BE23"},
	{"BIC_SYNTAX", NULL, "RC01"},
	{"BIC_*", NULL, "RC07"},
	{"ROUTING_*", NULL, "RC10"},
	{"IFSC_*", NULL, "RC10"},
	{"ADDRESS_*", NULL, "AC03"}, /* of a chain: the account of the beneficiary there */
	{"DISTRICT_*", NULL, "BE04"},
	{"ID_SYNTAX", NULL, "BE17"},
	{"LEI_*", NULL, "BE17"},
	{"TAX_ID_*", NULL, "RR06"},
	{"CREDITOR_REFERENCE", NULL, "RR09"},
	{"TRAVEL_RULE", NULL, "RR04"},
	{"EMAIL_*", NULL, "BE18"},
	{"DATE_PAST", NULL, "CH04"},
	{"DATE_*", NULL, "DT01"},
	{"REFERENCE_DUPLICATE", NULL, "AM05"},
	{"REFERENCE_*", NULL, "DU04"},
	{"FAILED_BEFORE", NULL, "DU04"},
	{"DUPLICATE_SUSPECTED", NULL, "AM05"},
	{"BATCH_SUSPECTED", NULL, "AM05"},
	{"BATCH_ID_TAKEN", NULL, "DU01"},
	{"BATCH_KNOWN", NULL, "DU01"},
	{"CONTROL_COUNT", NULL, "AM18"},
	{"CONTROL_TOTAL", NULL, "AM10"},
	{"CHANNEL_BALANCE", NULL, "AM04"},
	{"CHANNEL_LIMIT", NULL, "AM14"},
	{"METHOD_*", NULL, "CH16"},
	{"ELEMENT_*", NULL, "CH17"},
	{"FIELD_NOT_SENT", NULL, "CH17"},
	{"FIELD_*", "amount", "AM12"},
	{"FIELD_*", "currency", "AM11"},
	{"FIELD_*", "reference", "FF08"},
	{"FIELD_REQUIRED", "beneficiary_name", "BE22"},
	{"FIELD_*", "beneficiary_name", "BE21"},
	{"FIELD_*", "iban", "AC03"},
	{"FIELD_*", "account_number", "AC03"},
	{"FIELD_*", "wallet_address", "AC03"},
	{"FIELD_*", "bic", "RC07"},
	{"FIELD_*", "routing_number", "RC10"},
	{"FIELD_*", "ifsc", "RC10"},
	{"FIELD_*", "country", "BE11"},
	{"FIELD_*", "purpose", "FF07"},
	{"FIELD_*", "execution_date", "DT01"},
	{"FIELD_*", "email", "BE18"},
	{"FIELD_*", "line1", "BE04"},
	{"FIELD_*", "city", "BE04"},
	{"FIELD_*", "postal_code", "BE04"},
	{"FIELD_*", "district", "BE04"},
	{"FIELD_REQUIRED", NULL, "CH21"},
	{"FIELD_*", NULL, "CH16"},
	{"MESSAGE_*", NULL, "FF01"},
	{"XML_*", NULL, "FF01"},
	{"XLSX_*", NULL, "FF01"},
	{"SHEET_*", NULL, "FF01"},
	{"JSON_*", NULL, "FF01"},
	{"CSV_*", NULL, "FF01"},
	{"HEADER_*", NULL, "FF01"},
	{"FILE_*", NULL, "FF01"},
};

#define FINDINGS (sizeof(findings) / sizeof(findings[0]))

const char *iso_status_name(enum iso_status status)
{
	assert(status < ISO_STATUSES);
	return names[status];
}

enum iso_status iso_status_of_state(enum payout_state state, bool cancels)
{
	assert(state < PAYOUT_STATES);
	return states[state].status == ISO_CANC && !cancels ? ISO_RJCT : states[state].status;
}

enum iso_status iso_status_of_repeat(enum payout_state original)
{
	return state_live(original) ? states[original].status : ISO_RJCT;
}

enum iso_status iso_status_of_group(const int64_t counts[ISO_STATUSES])
{
	int64_t accepted = 0, refused = counts[ISO_RJCT] + counts[ISO_CANC];
	enum iso_status least = ISO_STATUSES;

	for (enum iso_status status = ISO_ACTC; status <= ISO_ACSC; status++) {
		accepted += counts[status];
		if (counts[status] > 0 && least == ISO_STATUSES)
			least = status;
	}
	if (accepted == 0)
		return refused > 0 && counts[ISO_PDNG] == 0 ? ISO_RJCT : ISO_PDNG;
	return refused + counts[ISO_PDNG] > 0 ? ISO_PART : least;
}

bool iso_reason_known(struct text code)
{
	size_t first = 0, count = tables_status_reason_count;

	while (count > 1) {
		size_t half = count / 2;

		first = text_compare(text_of(tables_status_reason[first + half][0]), code) <= 0 ? first + half : first;
		count -= half;
	}
	return text_is(code, tables_status_reason[first][0]);
}

static bool fits(const char *pattern, struct text code)
{
	struct text family = text_of(pattern);

	if (family.ptr[family.len - 1] != '*')
		return text_equal(family, code);
	return text_starts(code, (struct text){family.ptr, family.len - 1});
}

const char *iso_reason_of_finding(struct text code, struct text field)
{
	for (size_t i = 0; i < FINDINGS; i++)
		if (fits(findings[i].code, code) && (findings[i].field == NULL || text_is(field, findings[i].field)))
			return findings[i].reason;
	return "NARR";
}

const char *iso_reason_of_state(enum payout_state state)
{
	assert(state < PAYOUT_STATES);
	return states[state].reason;
}
