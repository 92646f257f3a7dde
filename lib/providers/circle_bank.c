/* Bank accounts: what they need, the body that creates one, and what Circle tells of one (circle.md, A6). */
#include <assert.h>
#include <string.h>

#include "providers/answer.h"
#include "providers/circle_parts.h"
#include "providers/echo.h"
#include "providers/receipt.h"
#include "providers/request.h"
#include "values/content.h"
#include "values/iban.h"
#include "values/tables.inc"

#define ADDRESS                                                                                                        \
	(COLUMN_SET(COLUMN_BENEFICIARY_NAME) | COLUMN_SET(COLUMN_CITY) | COLUMN_SET(COLUMN_COUNTRY) |                  \
		COLUMN_SET(COLUMN_LINE1) | COLUMN_SET(COLUMN_POSTAL_CODE) | COLUMN_SET(COLUMN_BANK_COUNTRY))
#define BANK_PLACE (COLUMN_SET(COLUMN_BANK_NAME) | COLUMN_SET(COLUMN_BANK_CITY) | COLUMN_SET(COLUMN_BANK_COUNTRY))
#define ACCOUNT COLUMN_SET(COLUMN_ACCOUNT_NUMBER)

#define ROW(country, us, iban, bic, source)                                                                            \
	{country, (us)*BANK_FORM_SET(BANK_FORM_US) | (iban)*BANK_FORM_SET(BANK_FORM_IBAN) |                            \
			  (bic)*BANK_FORM_SET(BANK_FORM_BIC)},
static const struct bank_country countries[] = {TABLES_CIRCLE_COUNTRIES_ROWS(ROW)};
#undef ROW

const struct bank_terms circle_bank_terms = {
	.forms =
		{
			[BANK_FORM_US] =
				{
					.required = ADDRESS | ACCOUNT | COLUMN_SET(COLUMN_ROUTING_NUMBER),
					.carried = BANK_PLACE | ACCOUNT | COLUMN_SET(COLUMN_ROUTING_NUMBER),
					.spare = COLUMN_SET(COLUMN_BIC),
				},
			[BANK_FORM_IBAN] =
				{
					.required = ADDRESS | COLUMN_SET(COLUMN_IBAN) | COLUMN_SET(COLUMN_BANK_CITY),
					.carried = BANK_PLACE | COLUMN_SET(COLUMN_IBAN),
					.spare = COLUMN_SET(COLUMN_BIC),
				},
			[BANK_FORM_BIC] =
				{
					.required = ADDRESS | ACCOUNT | COLUMN_SET(COLUMN_BIC) |
						    COLUMN_SET(COLUMN_BANK_CITY) | COLUMN_SET(COLUMN_BANK_NAME),
					.carried = BANK_PLACE | ACCOUNT | COLUMN_SET(COLUMN_BIC),
				},
		},
	.countries = countries,
	.country_count = sizeof(countries) / sizeof(countries[0]),
	.further = BANK_FORM_SET(BANK_FORM_IBAN) | BANK_FORM_SET(BANK_FORM_BIC),
	.district_countries = "CA US",
};

const struct column_limit circle_limits[] = {
	{COLUMN_ACCOUNT_NUMBER, 6, 35},
	{COLUMN_BENEFICIARY_NAME, 0, 1024},
	{COLUMN_LINE1, 0, 1024},
	{COLUMN_LINE2, 0, 1024},
	{COLUMN_CITY, 0, 1024},
	{COLUMN_DISTRICT, 0, 16},
	{COLUMN_POSTAL_CODE, 0, 16},
	{COLUMN_BANK_NAME, 0, 35},
	{COLUMN_BANK_CITY, 0, 35},
	{COLUMN_SOURCE_WALLET, 0, 36},
};
const size_t circle_limit_count = sizeof(circle_limits) / sizeof(circle_limits[0]);

/* --- the body that creates one ---------------------------------------------------------------------------------- */

static struct text cell(const struct call *call, enum column column)
{
	return content_get(call->content, column_name(column));
}

static column_set filled_bank(const struct call *call)
{
	column_set filled = 0;

	for (int i = 0; i < COLUMN_COUNT; i++) {
		enum column column = (enum column)i;

		if ((COLUMN_SET(column) & COLUMN_SET_BANK) != 0 && cell(call, column).len > 0)
			filled |= COLUMN_SET(column);
	}
	return filled;
}

static void add_iban(const struct call *call, struct buf *body)
{
	char out[IBAN_MAX];

	request_add_member(body, "iban", iban_canonical(cell(call, COLUMN_IBAN), out));
}

static void add_account(const struct call *call, enum column routing, struct buf *body)
{
	request_add_member(body, "accountNumber", cell(call, COLUMN_ACCOUNT_NUMBER));
	request_add_member(body, "routingNumber", cell(call, routing));
}

struct member {
	const char *name;
	enum column column;
};

static void add_object(
	const struct call *call, const char *name, const struct member *members, size_t count, struct buf *body)
{
	request_add_name(body, name);
	buf_addc(body, '{');
	for (size_t i = 0; i < count; i++)
		request_add_filled(body, members[i].name, cell(call, members[i].column));
	buf_addc(body, '}');
}

static const struct member billing[] = {
	{"name", COLUMN_BENEFICIARY_NAME},
	{"city", COLUMN_CITY},
	{"country", COLUMN_COUNTRY},
	{"line1", COLUMN_LINE1},
	{"line2", COLUMN_LINE2},
	{"district", COLUMN_DISTRICT},
	{"postalCode", COLUMN_POSTAL_CODE},
};

static const struct member bank[] = {
	{"bankName", COLUMN_BANK_NAME},
	{"city", COLUMN_BANK_CITY},
	{"country", COLUMN_BANK_COUNTRY},
};

bool circle_destination(const struct call *call, struct buf *body)
{
	column_set filled = filled_bank(call);
	bank_forms forms = bank_forms_of(
		&circle_bank_terms, channel_setting(call->channel, "countries"), cell(call, COLUMN_BANK_COUNTRY));
	enum bank_form form = bank_form_choose(forms, filled);

	if (circle_mode(call->channel)->banks == NULL || cell(call, COLUMN_BENEFICIARY_ID).len > 0 ||
		form == BANK_FORM_NONE)
		return false;
	buf_addc(body, '{');
	if (form == BANK_FORM_IBAN)
		add_iban(call, body);
	else
		add_account(call, form == BANK_FORM_US ? COLUMN_ROUTING_NUMBER : COLUMN_BIC, body);
	add_object(call, "billingDetails", billing, sizeof(billing) / sizeof(billing[0]), body);
	add_object(call, "bankAddress", bank, sizeof(bank) / sizeof(bank[0]), body);
	buf_addc(body, '}');
	return true;
}

/* --- what Circle tells of one ----------------------------------------------------------------------------------- */

/* Any other word is a state that can't be paid to yet. */
static const struct {
	const char *word;
	enum payout_state state;
} statuses[] = {
	{"pending", PAYOUT_ACCEPTED},
	{"complete", PAYOUT_PAID},
	{"failed", PAYOUT_FAILED},
};

#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))

size_t circle_bank_words(size_t index, struct adapter_word *word)
{
	if (index < STATUSES)
		*word = (struct adapter_word){
			.where = "data.status", .word = statuses[index].word, .of_destination = true};
	return STATUSES;
}

/* "WELLS FARGO BANK, NA ****0010": the account itself is never told. A description without such an end says nothing. */
static bool same_last_four(const struct call *call, struct text told, struct text asked)
{
	(void)call;
	if (told.len < 8 || memcmp(told.ptr + told.len - 8, "****", 4) != 0 || asked.len < 4)
		return true;
	return text_equal_nocase(
		(struct text){told.ptr + told.len - 4, 4}, (struct text){asked.ptr + asked.len - 4, 4});
}

/* Circle may write names and places in its own way, so only what names whom and where is compared. */
static const struct echo echoes[] = {
	{"description", "accountNumber", same_last_four, true},
	{"description", "iban", same_last_four, true},
	{"billingDetails.name", NULL, echo_same_nocase, false},
	{"billingDetails.country", NULL, echo_same_text, false},
	{"bankAddress.country", NULL, echo_same_text, false},
};

void circle_read_bank(enum operation operation, const struct call *call, const json_t *data, struct arena *arena,
	struct receipt *receipt)
{
	struct text id = answer_text(data, "id"), word = answer_text(data, "status");

	if (operation == OPERATION_DESTINATION && !text_equal_nocase(id, call->provider_id)) {
		receipt_mismatch(
			receipt, TEXT("Circle answered with another bank account than the one that was asked about"));
		return;
	}
	if (call->payload.len > 0 && !echoes_fit(call, CIRCLE, data, echoes, sizeof(echoes) / sizeof(echoes[0]),
					     call->payload, arena, receipt))
		return;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	receipt->provider_status = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
	receipt->state = PAYOUT_ACCEPTED;
	for (size_t i = 0; i < STATUSES; i++)
		if (text_is(word, statuses[i].word))
			receipt->state = statuses[i].state;
	if (receipt->state == PAYOUT_FAILED) {
		receipt->reason_code = "AC03";
		receipt->reason = TEXT("Circle could not link the bank account");
	}
}
