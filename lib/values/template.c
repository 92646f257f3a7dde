#include "values/template.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "values/example.h"
#include "values/recipient.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct making {
	const struct terms *terms;
	struct arena *arena;
	struct template *template;
};

/* What banks of other countries than the example's own need besides. */
static const struct {
	enum bank_form form;
	const char *country, *city, *district, *postal_code;
} banks[] = {
	{BANK_FORM_US, "US", "New York", "NY", "10001"},
	{BANK_FORM_IBAN, "DE", "Berlin", "", "10115"},
	{BANK_FORM_BIC, "IN", "Mumbai", "", "400001"},
};

/* What beneficiaries of the countries of tables/pontis_recipient.csv get. */
static const struct {
	const char *country, *currency;
} currencies[] = {{"IN", "INR"}, {"PH", "PHP"}};

static bool carries(const struct making *making, enum column column)
{
	return ((making->terms->carried | making->terms->required) & COLUMN_SET(column)) != 0;
}

static void put(const struct making *making, struct row *row, enum column column, struct text value)
{
	if (carries(making, column) || column == COLUMN_REFERENCE || column == COLUMN_CHANNEL)
		row->cells[column] = value;
}

static void put_example(const struct making *making, struct row *row, column_set columns)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if ((columns & COLUMN_SET(i)) != 0 && row->cells[i].len == 0)
			put(making, row, (enum column)i, example_value((enum column)i));
}

static struct text first_word(struct text list)
{
	size_t len = 0;

	while (len < list.len && list.ptr[len] != ' ' && list.ptr[len] != ',')
		len++;
	return (struct text){list.ptr, len};
}

static struct text currency_of(const struct terms *terms)
{
	if (terms->default_currency.len > 0)
		return terms->default_currency;
	return terms->currencies.len > 0 ? first_word(terms->currencies) : TEXT("EUR");
}

/* EXAMPLE-1, the channel, an amount, and what every row of the channel has to have. */
static struct row *add_row(struct making *making)
{
	struct template *template = making->template;
	struct row *row = &template->rows[template->row_count];
	struct buf reference = {0}, amount = {0};

	assert(template->row_count < TEMPLATE_ROWS_MAX);
	template->row_count++;
	row->number = (int64_t) template->row_count + 1;
	row->line = row->number;
	buf_addf(&reference, "%s%zu", EXAMPLE_PREFIX, template->row_count);
	put(making, row, COLUMN_REFERENCE, text_copy(making->arena, buf_text(&reference)));
	buf_release(&reference);
	put(making, row, COLUMN_CHANNEL, text_of(making->terms->channel->name));
	/* Equal ones to one destination would look like payouts made twice. */
	buf_addf(&amount, "%zu", template->row_count * 100);
	put(making, row, COLUMN_AMOUNT, text_copy(making->arena, buf_text(&amount)));
	buf_release(&amount);
	put(making, row, COLUMN_CURRENCY, currency_of(making->terms));
	put(making, row, COLUMN_DESCRIPTION, example_value(COLUMN_DESCRIPTION));
	if (making->terms->purposes == PURPOSE_CIRCLE)
		put(making, row, COLUMN_PURPOSE, example_value(COLUMN_PURPOSE));
	return row;
}

/* A known destination, then an account in each form that banks have. */
static void add_banks(struct making *making)
{
	put_example(making, add_row(making), making->terms->required | COLUMN_SET(COLUMN_BENEFICIARY_ID));
	for (size_t i = 0; i < COUNT(banks); i++) {
		struct row *row = add_row(making);
		struct text country = text_of(banks[i].country);

		put(making, row, COLUMN_COUNTRY, country);
		put(making, row, COLUMN_BANK_COUNTRY, country);
		put(making, row, COLUMN_CITY, text_of(banks[i].city));
		put(making, row, COLUMN_BANK_CITY, text_of(banks[i].city));
		put(making, row, COLUMN_DISTRICT, text_of(banks[i].district));
		put(making, row, COLUMN_POSTAL_CODE, text_of(banks[i].postal_code));
		put_example(making, row, making->terms->required);
		put_example(making, row, making->terms->bank->forms[banks[i].form].required);
	}
}

static struct text paid_currency(const char *country)
{
	for (size_t i = 0; i < COUNT(currencies); i++)
		if (strcmp(currencies[i].country, country) == 0)
			return text_of(currencies[i].currency);
	return TEXT("USD");
}

static bool is_listed(const struct template *template, struct text name)
{
	for (size_t i = 0; i < template->recipient_count; i++)
		if (text_equal(template->recipient[i], name))
			return true;
	return false;
}

/* A field that has no column of its own becomes one of recipient.X. */
static void add_field(struct making *making, struct row *row, const struct recipient_field *field)
{
	struct template *template = making->template;
	struct text name = text_of(field->field);
	enum column column = recipient_column(name);

	if (column != COLUMN_COUNT) {
		put(making, row, column, example_value(column));
		return;
	}
	if (!is_listed(template, name)) {
		assert(template->recipient_count < ROW_RECIPIENT_MAX);
		template->recipient[template->recipient_count++] = name;
	}
	if (field->required == 1)
		row->recipient[row->recipient_count++] =
			(struct row_recipient){name, text_of(field->form[0] != '\0' ? "EXAM0000000" : "Example")};
}

/* What each country wants by each method. */
static void add_recipients(struct making *making)
{
	const char *country, *method;

	for (size_t i = 0; recipient_method(i, &country, &method); i++) {
		struct row *row = add_row(making);
		const struct recipient_field *field;
		size_t at = 0;

		put(making, row, COLUMN_COUNTRY, text_of(country));
		put(making, row, COLUMN_PAYMENT_METHOD, text_of(method));
		put(making, row, COLUMN_TARGET_CURRENCY, paid_currency(country));
		put_example(making, row, making->terms->required);
		while ((field = recipient_next(text_of(country), text_of(method), &at)) != NULL)
			add_field(making, row, field);
	}
}

/* An asset of each kind of address that the channel's list has, the first of its kind. */
static void add_assets(struct making *making)
{
	const struct asset_table *assets = &making->terms->channel->assets;

	for (size_t i = 0; i < assets->count; i++) {
		const struct asset *asset = &assets->assets[i];
		bool known = false;
		struct row *row;

		for (size_t j = 0; j < i; j++)
			known = known || assets->assets[j].kind == asset->kind;
		if (known)
			continue;
		row = add_row(making);
		put(making, row, COLUMN_CURRENCY, text_of(asset->code));
		put(making, row, COLUMN_WALLET_ADDRESS, example_address(asset->kind));
		put_example(making, row, making->terms->required);
	}
}

static void add_column(struct template *template, column_set *listed, enum column column)
{
	if ((*listed & COLUMN_SET(column)) != 0)
		return;
	*listed |= COLUMN_SET(column);
	template->columns[template->column_count++] = column;
}

static void add_columns(const struct making *making)
{
	struct template *template = making->template;
	column_set listed = 0;

	add_column(template, &listed, COLUMN_REFERENCE);
	add_column(template, &listed, COLUMN_CHANNEL);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if ((making->terms->required & COLUMN_SET(i)) != 0)
			add_column(template, &listed, (enum column)i);
	template->required_count = template->column_count;
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (carries(making, (enum column)i))
			add_column(template, &listed, (enum column)i);
}

void template_make(const struct terms *terms, struct arena *arena, struct template *template)
{
	struct making making = {.terms = terms, .arena = arena, .template = template};

	memset(template, 0, sizeof(*template));
	add_columns(&making);
	if (terms->bank != NULL)
		add_banks(&making);
	else if (terms->recipient_table)
		add_recipients(&making);
	else if (terms->own_assets)
		add_assets(&making);
	else
		put_example(&making, add_row(&making), terms->required);
}

struct text template_recipient(const struct row *row, struct text name)
{
	for (size_t i = 0; i < row->recipient_count; i++)
		if (text_equal(row->recipient[i].name, name))
			return row->recipient[i].value;
	return TEXT("");
}
