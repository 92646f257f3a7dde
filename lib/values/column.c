#include "values/column.h"

#include <assert.h>
#include <string.h>

#define FOLDED_MAX 64 /* longer than any name; a longer header is unknown */

/* Every name a header may have. The first of a column is its own; the others are what it is also accepted as. A name
 * without a column means different things in different tools. */
struct name {
	struct text name;
	enum column column;
};

#define NAME(literal, column)                                                                                          \
	{                                                                                                              \
		{literal, sizeof(literal) - 1}, column                                                                 \
	}

static const struct name known[] = {
	NAME("reference", COLUMN_REFERENCE),
	NAME("channel", COLUMN_CHANNEL),
	NAME("amount", COLUMN_AMOUNT),
	NAME("currency", COLUMN_CURRENCY),
	NAME("target_currency", COLUMN_TARGET_CURRENCY),
	NAME("country", COLUMN_COUNTRY),
	NAME("beneficiary_name", COLUMN_BENEFICIARY_NAME),
	NAME("beneficiary_id", COLUMN_BENEFICIARY_ID),
	NAME("iban", COLUMN_IBAN),
	NAME("account_number", COLUMN_ACCOUNT_NUMBER),
	NAME("routing_number", COLUMN_ROUTING_NUMBER),
	NAME("bic", COLUMN_BIC),
	NAME("ifsc", COLUMN_IFSC),
	NAME("bank_name", COLUMN_BANK_NAME),
	NAME("bank_city", COLUMN_BANK_CITY),
	NAME("bank_country", COLUMN_BANK_COUNTRY),
	NAME("wallet_address", COLUMN_WALLET_ADDRESS),
	NAME("line1", COLUMN_LINE1),
	NAME("line2", COLUMN_LINE2),
	NAME("city", COLUMN_CITY),
	NAME("district", COLUMN_DISTRICT),
	NAME("postal_code", COLUMN_POSTAL_CODE),
	NAME("email", COLUMN_EMAIL),
	NAME("purpose", COLUMN_PURPOSE),
	NAME("description", COLUMN_DESCRIPTION),
	NAME("execution_date", COLUMN_EXECUTION_DATE),
	NAME("source_of_funds", COLUMN_SOURCE_OF_FUNDS),
	NAME("source_wallet", COLUMN_SOURCE_WALLET),
	NAME("payment_method", COLUMN_PAYMENT_METHOD),
	NAME("payment_network", COLUMN_PAYMENT_NETWORK),
	NAME("balance_id", COLUMN_BALANCE_ID),
	NAME("address", COLUMN_ADDRESS),
	NAME("source_currency", COLUMN_SOURCE_CURRENCY),
	NAME("currency_code", COLUMN_CURRENCY_CODE),

	NAME("reference_id", COLUMN_REFERENCE),
	NAME("ref_code", COLUMN_REFERENCE),
	NAME("sender_item_id", COLUMN_REFERENCE),
	NAME("request_id", COLUMN_REFERENCE),
	NAME("external_id", COLUMN_REFERENCE),
	NAME("end_to_end_id", COLUMN_REFERENCE),
	NAME("payment_amount", COLUMN_AMOUNT),
	NAME("service_amount", COLUMN_AMOUNT),
	NAME("instructed_amount", COLUMN_AMOUNT),
	NAME("ccy", COLUMN_CURRENCY),
	NAME("destination_currency", COLUMN_TARGET_CURRENCY),
	NAME("country_code", COLUMN_COUNTRY),
	NAME("beneficiary_country", COLUMN_COUNTRY),
	NAME("recipient_country", COLUMN_COUNTRY),
	NAME("name", COLUMN_BENEFICIARY_NAME),
	NAME("recipient_name", COLUMN_BENEFICIARY_NAME),
	NAME("account_holder_name", COLUMN_BENEFICIARY_NAME),
	NAME("recipient_id", COLUMN_BENEFICIARY_ID),
	NAME("destination_id", COLUMN_BENEFICIARY_ID),
	NAME("aba", COLUMN_ROUTING_NUMBER),
	NAME("sort_code", COLUMN_ROUTING_NUMBER),
	NAME("swift", COLUMN_BIC),
	NAME("swift_code", COLUMN_BIC),
	NAME("bic_swift", COLUMN_BIC),
	NAME("deposit_address", COLUMN_WALLET_ADDRESS),
	NAME("address_line_1", COLUMN_LINE1),
	NAME("address_line_2", COLUMN_LINE2),
	NAME("state", COLUMN_DISTRICT),
	NAME("postcode", COLUMN_POSTAL_CODE),
	NAME("zip", COLUMN_POSTAL_CODE),
	NAME("beneficiary_email", COLUMN_EMAIL),
	NAME("recipient_email", COLUMN_EMAIL),
	NAME("purpose_code", COLUMN_PURPOSE),
	NAME("purpose_of_transfer", COLUMN_PURPOSE),
	NAME("purpose_of_payment", COLUMN_PURPOSE),
	NAME("payment_reference", COLUMN_DESCRIPTION),
	NAME("remittance_information", COLUMN_DESCRIPTION),
	NAME("narrative", COLUMN_DESCRIPTION),
	NAME("comment", COLUMN_DESCRIPTION),
	NAME("note", COLUMN_DESCRIPTION),
	NAME("memo", COLUMN_DESCRIPTION),
	NAME("scheduled_date", COLUMN_EXECUTION_DATE),

	NAME("account", COLUMN_AMBIGUOUS),
	NAME("amount_currency", COLUMN_AMBIGUOUS),
	NAME("source_amount", COLUMN_AMBIGUOUS),
	NAME("target_amount", COLUMN_AMBIGUOUS),
	NAME("transfer_amount", COLUMN_AMBIGUOUS),
	NAME("dest_amount", COLUMN_AMBIGUOUS),
	NAME("fixed_side", COLUMN_AMBIGUOUS),
	NAME("amount_cents", COLUMN_AMBIGUOUS),
	NAME("amount_minor", COLUMN_AMBIGUOUS),
	NAME("value_date", COLUMN_AMBIGUOUS),
	NAME("payee_id", COLUMN_AMBIGUOUS),
	NAME("tag", COLUMN_AMBIGUOUS),
	NAME("memo_id", COLUMN_AMBIGUOUS),
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

struct folded {
	char bytes[FOLDED_MAX];
	size_t len;
};

static char lower(char byte)
{
	return (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

/* Without case, spaces, '_' and '-'. False: longer than any name. */
static bool fold(struct text text, struct folded *folded)
{
	folded->len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == ' ' || byte == '_' || byte == '-')
			continue;
		if (folded->len == FOLDED_MAX)
			return false;
		folded->bytes[folded->len++] = lower(byte);
	}
	return true;
}

static struct text folded_text(const struct folded *folded)
{
	return (struct text){folded->bytes, folded->len};
}

static const struct name *find_exact(struct text header)
{
	struct folded name;

	for (size_t i = 0; i < KNOWN; i++)
		if (fold(known[i].name, &name) && text_equal(folded_text(&name), header))
			return &known[i];
	return NULL;
}

static size_t edits_allowed(size_t len)
{
	return len < 5 ? 0 : len < 8 ? 1 : 2;
}

/* The nearest name that is near enough, the first of equals; NULL when none is. */
static const struct name *find_near(struct text header)
{
	const struct name *nearest = NULL;
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < KNOWN; i++) {
		struct folded name;
		size_t allowed, edits;

		if (!fold(known[i].name, &name))
			continue;
		allowed = edits_allowed(name.len);
		edits = allowed > 0 ? text_distance(header, folded_text(&name), allowed) : SIZE_MAX;
		if (edits <= allowed && edits < best) {
			best = edits;
			nearest = &known[i];
		}
	}
	return nearest;
}

/* recipient.X and payrun_X. A long X doesn't fold, so the header is looked at as it is. */
static bool has_prefix(struct text header, struct text prefix)
{
	return header.len > prefix.len && text_equal_nocase((struct text){header.ptr, prefix.len}, prefix);
}

static bool find_prefixed(struct text header, enum column *column)
{
	const struct text own = TEXT("payrun");
	struct folded folded;

	if (has_prefix(header, TEXT("recipient."))) {
		*column = COLUMN_RECIPIENT;
		return true;
	}
	if (!has_prefix(header, own) || strchr("_- ", header.ptr[own.len]) == NULL)
		return false;
	*column = COLUMN_OWN;
	if (fold(header, &folded) && text_is(folded_text(&folded), "payrunreference"))
		*column = COLUMN_OWN_REFERENCE;
	return true;
}

struct text column_text(enum column column)
{
	assert(column < COLUMN_CELLS);
	assert(known[column].column == column);
	return known[column].name;
}

const char *column_name(enum column column)
{
	return column_text(column).ptr;
}

/* What stands in each column (CONTRACT, section 3). */
static const char *const meanings[COLUMN_COUNT] = {
	[COLUMN_REFERENCE] = "the sender's own unique name of the payout, 1 to 64 characters",
	[COLUMN_CHANNEL] = "configured channel to pay through",
	[COLUMN_AMOUNT] = "decimal text with a point: 1250.00; on mollie channels with allow_all also ALL",
	[COLUMN_CURRENCY] = "ISO 4217, or the provider's own code (USDT_TRX)",
	[COLUMN_TARGET_CURRENCY] = "what the beneficiary gets, where it differs",
	[COLUMN_COUNTRY] = "the beneficiary's, ISO 3166-1 alpha-2",
	[COLUMN_BENEFICIARY_NAME] = "who is paid",
	[COLUMN_BENEFICIARY_ID] = "a destination that the provider knows already",
	[COLUMN_IBAN] = "bank account",
	[COLUMN_ACCOUNT_NUMBER] = "bank account",
	[COLUMN_ROUTING_NUMBER] = "of the bank",
	[COLUMN_BIC] = "of the bank",
	[COLUMN_IFSC] = "of the bank's branch, India",
	[COLUMN_BANK_NAME] = "of the bank",
	[COLUMN_BANK_CITY] = "of the bank",
	[COLUMN_BANK_COUNTRY] = "of the bank",
	[COLUMN_WALLET_ADDRESS] = "blockchain address",
	[COLUMN_LINE1] = "postal address",
	[COLUMN_LINE2] = "postal address",
	[COLUMN_CITY] = "postal address",
	[COLUMN_DISTRICT] = "postal address",
	[COLUMN_POSTAL_CODE] = "postal address",
	[COLUMN_EMAIL] = "the beneficiary's",
	[COLUMN_PURPOSE] = "purpose code",
	[COLUMN_DESCRIPTION] = "text for the beneficiary",
	[COLUMN_EXECUTION_DATE] = "pay on this day: 2026-11-20",
	[COLUMN_SOURCE_OF_FUNDS] = "as the provider uses it",
	[COLUMN_SOURCE_WALLET] = "as the provider uses it",
	[COLUMN_PAYMENT_METHOD] = "as the provider uses it",
	[COLUMN_PAYMENT_NETWORK] = "as the provider uses it",
	[COLUMN_BALANCE_ID] = "the own balance that pays: bal_...",
};

const char *column_meaning(enum column column)
{
	assert(column < COLUMN_COUNT);
	return meanings[column];
}

enum column column_find(struct text header, const char **near_name)
{
	const struct name *name;
	struct folded folded;
	enum column column;

	if (near_name != NULL)
		*near_name = NULL;
	header = text_trim(header);
	if (find_prefixed(header, &column))
		return column;
	if (!fold(header, &folded) || folded.len == 0)
		return COLUMN_UNKNOWN;
	header = folded_text(&folded);
	name = find_exact(header);
	if (name != NULL)
		return name->column;
	name = find_near(header);
	if (name == NULL)
		return COLUMN_UNKNOWN;
	if (near_name != NULL)
		*near_name = name->name.ptr;
	return COLUMN_MISSPELT;
}

/* The next byte of a name as names are compared; 0 at the end. */
static char folded_next(struct text name, size_t *at)
{
	while (*at < name.len && (name.ptr[*at] == ' ' || name.ptr[*at] == '_' || name.ptr[*at] == '-'))
		++*at;
	if (*at == name.len)
		return '\0';
	return lower(name.ptr[(*at)++]);
}

bool column_name_is(struct text name, const char *other)
{
	struct text same = text_of(other);
	size_t at = 0, same_at = 0;
	char byte;

	do {
		byte = folded_next(name, &at);
		if (byte != folded_next(same, &same_at))
			return false;
	} while (byte != '\0');
	return true;
}

bool column_name_near(struct text name, const char *other)
{
	struct folded a, b;
	size_t allowed;

	if (!fold(name, &a) || !fold(text_of(other), &b))
		return false;
	allowed = edits_allowed(b.len);
	return allowed > 0 && text_distance(folded_text(&a), folded_text(&b), allowed) <= allowed;
}

enum column column_resolve(enum column column, enum provider_id provider)
{
	switch ((int)column) {
	case COLUMN_ADDRESS:
		return provider == PROVIDER_CALYPSO ? COLUMN_WALLET_ADDRESS : COLUMN_LINE1;
	case COLUMN_SOURCE_CURRENCY:
		return provider == PROVIDER_PONTIS ? COLUMN_CURRENCY : COLUMN_UNKNOWN;
	case COLUMN_CURRENCY_CODE:
		return provider == PROVIDER_PONTIS ? COLUMN_TARGET_CURRENCY : COLUMN_UNKNOWN;
	default:
		return column;
	}
}

bool column_known(size_t index, struct text *name, enum column *column)
{
	if (index >= KNOWN)
		return false;
	*name = known[index].name;
	*column = known[index].column;
	return true;
}
