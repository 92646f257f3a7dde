#include "values/template_codes.h"

#include <assert.h>
#include <string.h>

#include "values/country.h"
#include "values/currency.h"
#include "values/recipient.h"

/* Once in a column. */
static void add(struct template_codes *codes, enum column column, struct text code, struct text meaning)
{
	for (size_t i = 0; i < codes->count; i++)
		if (codes->list[i].column == column && text_equal(codes->list[i].code, code))
			return;
	assert(codes->count < TEMPLATE_CODES_MAX);
	codes->list[codes->count++] = (struct template_code){column, code, meaning};
}

static void add_country(struct template_codes *codes, enum column column, struct text alpha2)
{
	const char *name = "", *hint;

	country_check(alpha2, &name, &hint);
	add(codes, column, alpha2, text_of(name));
}

static void add_currency(struct template_codes *codes, enum column column, struct text code)
{
	const struct currency *currency = currency_find(code);

	add(codes, column, code, text_of(currency != NULL ? currency->name : ""));
}

/* The next word of a list whose words stand between spaces and commas; empty at the end. */
static struct text next_word(struct text *list)
{
	struct text word = {list->ptr, 0};

	while (list->len > 0 && (list->ptr[0] == ' ' || list->ptr[0] == ','))
		*list = (struct text){list->ptr + 1, list->len - 1};
	word.ptr = list->ptr;
	while (word.len < list->len && word.ptr[word.len] != ' ' && word.ptr[word.len] != ',')
		word.len++;
	*list = (struct text){list->ptr + word.len, list->len - word.len};
	return word;
}

static void add_currencies(const struct terms *terms, struct template_codes *codes)
{
	const struct asset_table *assets = &terms->channel->assets;
	struct text list = terms->currencies, word;

	for (size_t i = 0; terms->own_assets && i < assets->count; i++)
		add(codes, COLUMN_CURRENCY, text_of(assets->assets[i].code), text_of(assets->assets[i].chain));
	while (!terms->own_assets && (word = next_word(&list)).len > 0)
		add_currency(codes, COLUMN_CURRENCY, word);
}

/* "USD/BRL": BRL, and what is paid in itself. */
static void add_targets(const struct terms *terms, struct template_codes *codes)
{
	struct text list = terms->exchanges, word;

	while ((word = next_word(&list)).len > 0) {
		const char *slash = memchr(word.ptr, '/', word.len);
		size_t at = slash != NULL ? (size_t)(slash - word.ptr) + 1 : 0;

		add_currency(codes, COLUMN_TARGET_CURRENCY, (struct text){word.ptr + at, word.len - at});
	}
	list = terms->currencies;
	while (terms->exchanges.len > 0 && (word = next_word(&list)).len > 0)
		add_currency(codes, COLUMN_TARGET_CURRENCY, word);
}

/* The countries of banks; where others are allowed too, the list says less than the rule and is left out. */
static void add_bank_countries(const struct terms *terms, struct template_codes *codes)
{
	const struct bank_terms *bank = terms->bank;
	struct text list = terms->bank_countries, word;

	for (size_t i = 0; i < bank->country_count; i++)
		add_country(codes, COLUMN_BANK_COUNTRY, text_of(bank->countries[i].alpha2));
	while ((word = next_word(&list)).len > 0)
		add_country(codes, COLUMN_BANK_COUNTRY, word);
}

static void add_recipient_countries(struct template_codes *codes)
{
	const char *country, *method;

	for (size_t i = 0; recipient_method(i, &country, &method); i++)
		add_country(codes, COLUMN_COUNTRY, text_of(country));
}

/* Which countries take a method is its meaning, where there is one alone. */
static void add_methods(struct template_codes *codes)
{
	const char *country, *method;

	for (size_t i = 0; recipient_method(i, &country, &method); i++)
		add(codes, COLUMN_PAYMENT_METHOD, text_of(method), TEXT(""));
}

void template_codes_make(const struct terms *terms, struct template_codes *codes)
{
	const char *code, *meaning;
	size_t at = 0;

	codes->count = 0;
	add(codes, COLUMN_CHANNEL, text_of(terms->channel->name), TEXT(""));
	add_currencies(terms, codes);
	add_targets(terms, codes);
	if (terms->recipient_table)
		add_recipient_countries(codes);
	if (terms->bank != NULL)
		add_bank_countries(terms, codes);
	while (purpose_next(terms->purposes, &at, &code, &meaning))
		add(codes, COLUMN_PURPOSE, text_of(code), text_of(meaning));
	if (terms->recipient_table)
		add_methods(codes);
}
