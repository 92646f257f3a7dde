/* Rules of recipient fields, on channels whose provider wants other ones for each country and method. */
#include "values/recipient.h"
#include "values/rules_run.h"

static bool is_judged(const struct rules_run *run)
{
	return run->terms != NULL && run->terms->recipient_table;
}

static struct text country_of(const struct rules_run *run)
{
	return run->payout->cells[COLUMN_COUNTRY];
}

static struct text method_of(const struct rules_run *run)
{
	return run->payout->cells[COLUMN_PAYMENT_METHOD];
}

/* The value of recipient.X. A cell that can't be read is no value, and is told elsewhere. */
static const struct row_recipient *find(const struct rules_run *run, const char *name)
{
	for (size_t i = 0; i < run->payout->recipient_count; i++)
		if (text_is(run->payout->recipient[i].name, name))
			return &run->payout->recipient[i];
	return NULL;
}

/* A field that a column of its own fills, or recipient.X. */
static bool is_filled(const struct rules_run *run, const char *name)
{
	enum column column = recipient_column(text_of(name));

	if (column != COLUMN_COUNT && (run->filled & COLUMN_SET(column)) != 0)
		return true;
	return find(run, name) != NULL;
}

const char *rules_place_field(struct rules_run *run, const struct rules_place *place)
{
	if (place->column != NULL)
		return place->column;
	return finding_text(run->findings, "recipient.%s", finding_quote(run->findings, place->recipient));
}

/* As a finding names it: the column, where there is one. */
static const char *shown_name(struct rules_run *run, const char *name)
{
	enum column column = recipient_column(text_of(name));

	return column != COLUMN_COUNT ? column_name(column) : finding_text(run->findings, "recipient.%s", name);
}

void rules_recipient_required(struct rules_run *run, const struct rule *rule)
{
	const struct recipient_field *field;
	size_t at = 0;

	if (!is_judged(run))
		return;
	while ((field = recipient_next(country_of(run), method_of(run), &at)) != NULL) {
		enum column column = recipient_column(text_of(field->field));
		bool told = column != COLUMN_COUNT && (run->terms->required & COLUMN_SET(column)) != 0;

		if (field->required != 1 || told || is_filled(run, field->field))
			continue;
		rules_found(run, rule, shown_name(run, field->field), "fill it", "%s can't pay to %s by %s without %s",
			provider_name(run->terms->channel->provider), rules_show(run, COLUMN_COUNTRY),
			rules_show(run, COLUMN_PAYMENT_METHOD), shown_name(run, field->field));
	}
}

/* The columns themselves have rules of their own. */
void rules_recipient_ifsc(struct rules_run *run, const struct rule *rule)
{
	const struct recipient_field *field;
	size_t at = 0;

	if (!is_judged(run))
		return;
	while ((field = recipient_next(country_of(run), method_of(run), &at)) != NULL) {
		const struct row_recipient *given = find(run, field->field);

		if (given != NULL && given->value.len > 0 && !recipient_fits(field, given->value))
			rules_found(run, rule, finding_text(run->findings, "recipient.%s", field->field),
				"write four capitals, a zero and six capitals or digits: HDFC0000001",
				"'%s' has not the form of an IFSC", finding_quote(run->findings, given->value));
	}
}

/* A column and recipient.X would be one member of the request; a name is the column's alone. */
void rules_recipient_conflict(struct rules_run *run, const struct rule *rule)
{
	if (!is_judged(run))
		return;
	for (size_t i = 0; i < run->payout->recipient_count; i++) {
		enum column column = recipient_column(run->payout->recipient[i].name);

		if (column != COLUMN_COUNT && ((run->filled | run->terms->required) & COLUMN_SET(column)) != 0)
			rules_found(run, rule, "recipient",
				finding_text(run->findings, "use the column %s alone", column_name(column)),
				"recipient.%s and %s mean the same",
				finding_quote(run->findings, run->payout->recipient[i].name), column_name(column));
	}
}

static enum recipient_verdict judge(const struct rules_run *run)
{
	column_set bad = run->country_unknown | run->country_reserved;

	if (!is_judged(run) || !rules_has(run, COLUMN_COUNTRY) || !rules_has(run, COLUMN_PAYMENT_METHOD) ||
		(bad & COLUMN_SET(COLUMN_COUNTRY)) != 0)
		return RECIPIENT_KNOWN;
	return recipient_check(country_of(run), method_of(run));
}

/* Not known to us is not unpaid by the provider: its list is not published. */
void rules_recipient_country(struct rules_run *run, const struct rule *rule)
{
	if (judge(run) == RECIPIENT_BAD_COUNTRY)
		rules_found(run, rule, "country",
			"make sure that the provider pays there, and that the row has all that it wants",
			"what %s wants for payouts to %s is not published; the fields go as they are",
			provider_name(run->terms->channel->provider), rules_show(run, COLUMN_COUNTRY));
}

void rules_recipient_method(struct rules_run *run, const struct rule *rule)
{
	struct buf methods = {0};

	if (judge(run) != RECIPIENT_BAD_METHOD)
		return;
	recipient_methods(country_of(run), &methods);
	rules_found(run, rule, "payment_method",
		finding_text(run->findings, "make sure that it is right; known ones for %s are %s",
			rules_show(run, COLUMN_COUNTRY), buf_str(&methods)),
		"'%s' is no payment method that is known for %s", rules_show(run, COLUMN_PAYMENT_METHOD),
		rules_show(run, COLUMN_COUNTRY));
	buf_release(&methods);
}

void rules_recipient_currency(struct rules_run *run, const struct rule *rule)
{
	struct text target = run->payout->cells[COLUMN_TARGET_CURRENCY];
	const char *currency;

	if (!is_judged(run) || run->target_currency != CODE_VALID)
		return;
	currency = recipient_currency(country_of(run));
	if (currency != NULL && !text_is(target, currency))
		rules_found(run, rule, "target_currency",
			finding_text(run->findings, "write %s, or correct the country", currency),
			"%s is paid out in %s, as far as is known", rules_show(run, COLUMN_COUNTRY), currency);
}

/* Where a row without an account number or IBAN pays to is told by all of its recipient fields. */
struct text rules_recipient_destination(const struct rules_run *run)
{
	static const char *const accounts[] = {"account_number", "iban"};
	const struct payout *payout = run->payout;
	struct buf joined = {0};
	struct text destination;

	for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++)
		if (find(run, accounts[i]) != NULL)
			return find(run, accounts[i])->value;
	for (size_t i = 0; i < payout->recipient_count; i++) {
		buf_addz(&joined, i > 0 ? " " : "");
		buf_addt(&joined, payout->recipient[i].value);
	}
	destination = text_copy(run->arena, buf_text(&joined));
	buf_release(&joined);
	return destination;
}
