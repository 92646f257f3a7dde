/* Rules of which fields a row has: its channel, what the channel wants, and what it can't carry. */
#include "values/example.h"
#include "values/rules_run.h"

/* What payrun itself uses, whoever the provider is. */
#define OWN_COLUMNS                                                                                                    \
	(COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_CHANNEL) | COLUMN_SET(COLUMN_AMOUNT) |                       \
		COLUMN_SET(COLUMN_EXECUTION_DATE))

/* Where the money goes and what arrives there: nobody may believe that such a field was followed. */
#define MONEY_COLUMNS (COLUMN_SET_BANK | COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_TARGET_CURRENCY))

static const char *provider_of(const struct rules_run *run)
{
	return provider_name(run->terms->channel->provider);
}

/* A row of a template that nobody replaced, or only in part: once a row, however many fields say so. */
void rules_example_row(struct rules_run *run, const struct rule *rule)
{
	static const enum column destinations[] = {
		COLUMN_BENEFICIARY_ID, COLUMN_IBAN, COLUMN_ACCOUNT_NUMBER, COLUMN_WALLET_ADDRESS, COLUMN_BALANCE_ID};
	const struct text *cells = run->payout->cells;

	if (example_reference(cells[COLUMN_REFERENCE])) {
		rules_found(run, rule, "reference", "put a payout of your own in its place, or take the row out",
			"the row is an example of the template");
		return;
	}
	for (size_t i = 0; i < sizeof(destinations) / sizeof(destinations[0]); i++)
		if (example_destination(destinations[i], cells[destinations[i]])) {
			rules_found(run, rule, column_name(destinations[i]),
				"write where your payout goes, or take the row out",
				"%s is the one of the template's example; nobody can be paid there",
				column_name(destinations[i]));
			return;
		}
}

/* A value that the reader could not make out was given, too. */
static bool given(const struct rules_run *run, enum column column)
{
	return ((run->filled | run->row->refused) & COLUMN_SET(column)) != 0;
}

void rules_channel_required(struct rules_run *run, const struct rule *rule)
{
	if (run->terms == NULL && !rules_has(run, COLUMN_CHANNEL) && !given(run, COLUMN_CHANNEL))
		rules_found(run, rule, "channel", "fill the column, or name the channel with --channel",
			"the row names no channel");
}

void rules_channel_known(struct rules_run *run, const struct rule *rule)
{
	if (run->terms != NULL || !rules_has(run, COLUMN_CHANNEL))
		return;
	rules_found(run, rule, "channel",
		run->rules->channel_names != NULL && run->rules->channel_names[0] != '\0'
			? finding_text(run->findings, "use one of: %s", run->rules->channel_names)
			: "configure it in payrun.conf",
		"no channel '%s' is configured", rules_show(run, COLUMN_CHANNEL));
}

/* A row that names another channel than the command may have come into the wrong file. */
void rules_channel_conflict(struct rules_run *run, const struct rule *rule)
{
	const struct terms *fixed = run->rules->fixed;

	if (fixed == NULL || !rules_has(run, COLUMN_CHANNEL) ||
		text_is(run->payout->cells[COLUMN_CHANNEL], fixed->channel->name))
		return;
	rules_found(run, rule, "channel", "leave out --channel (or the file's own), or empty the field",
		"the row names channel '%s', the command or the file %s", rules_show(run, COLUMN_CHANNEL),
		fixed->channel->name);
}

void rules_column_twice(struct rules_run *run, const struct rule *rule)
{
	column_set twice = run->twice;

	while (twice != 0) {
		enum column column = rules_next(&twice);

		rules_found(run, rule, column_name(column), "keep one of them", "two fields of the row mean %s",
			column_name(column));
	}
	for (size_t i = 0; run->recipient_twice != 0 && i < run->payout->recipient_count; i++)
		if ((run->recipient_twice >> i & 1) != 0)
			rules_found(run, rule, "recipient", "keep one of them",
				"two fields of the row mean recipient.%s",
				finding_quote(run->findings, run->payout->recipient[i].name));
}

void rules_column_unresolved(struct rules_run *run, const struct rule *rule)
{
	column_set unresolved = run->unresolved;

	while (unresolved != 0) {
		enum column column = rules_next(&unresolved);

		rules_found(run, rule, column_name(column), "use the column currency or target_currency",
			"%s has no meaning on %s rows; the field is not used", column_name(column), provider_of(run));
	}
}

void rules_reference_required(struct rules_run *run, const struct rule *rule)
{
	if (!given(run, COLUMN_REFERENCE) && !run->rules->references_optional)
		rules_found(run, rule, "reference", "give each payout a name of its own, for good",
			"the reference is empty");
}

void rules_amount_required(struct rules_run *run, const struct rule *rule)
{
	if (!given(run, COLUMN_AMOUNT))
		rules_found(run, rule, "amount", "fill it, or take the row off", "the amount is empty");
}

void rules_column_required(struct rules_run *run, const struct rule *rule)
{
	column_set missing;

	if (run->terms == NULL)
		return;
	missing = run->terms->required;
	if (run->terms->default_currency.len == 0)
		missing |= COLUMN_SET(COLUMN_CURRENCY);
	missing &= ~run->filled & ~run->row->refused & ~OWN_COLUMNS;
	while (missing != 0) {
		enum column column = rules_next(&missing);

		rules_found(run, rule, column_name(column), "fill it", "%s can't pay without %s", provider_of(run),
			column_name(column));
	}
}

void rules_destination_conflict(struct rules_run *run, const struct rule *rule)
{
	bool is_carried = run->terms == NULL || (run->terms->carried & COLUMN_SET(COLUMN_BENEFICIARY_ID)) != 0;

	/* Where no beneficiary_id is sent, it leads nowhere: FIELD_NOT_SENT says so. */
	if (is_carried && (run->filled & COLUMN_SET(COLUMN_BENEFICIARY_ID)) != 0 &&
		(run->filled & COLUMN_SET_BANK) != 0)
		rules_found(run, rule, "beneficiary_id", "keep the one that is meant",
			"the row names a known beneficiary and bank details as well");
}

/* The columns of a set that are filled and that the channel doesn't carry. */
static column_set not_sent(const struct rules_run *run, column_set among)
{
	return run->terms == NULL ? 0 : run->filled & among & ~run->terms->carried & ~OWN_COLUMNS;
}

static void tell_not_sent(struct rules_run *run, const struct rule *rule, column_set columns, const char *cure)
{
	while (columns != 0) {
		enum column column = rules_next(&columns);

		rules_found(run, rule, column_name(column), cure, "%s has no place for %s", provider_of(run),
			column_name(column));
	}
}

void rules_money_not_sent(struct rules_run *run, const struct rule *rule)
{
	column_set columns = not_sent(run, MONEY_COLUMNS);

	if (columns != 0)
		tell_not_sent(run, rule, columns, "empty the field, or pay the row through another channel");
}

/* This one may stand in every row of a file, so its message is made of nothing. */
void rules_column_not_sent(struct rules_run *run, const struct rule *rule)
{
	static const char *const messages[PROVIDER_COUNT] = {
		[PROVIDER_NONE] = "the provider has no place for this field; it is kept, and not sent",
		[PROVIDER_CIRCLE] = "circle has no place for this field; it is kept, and not sent",
		[PROVIDER_MOLLIE] = "mollie has no place for this field; it is kept, and not sent",
		[PROVIDER_PONTIS] = "pontis has no place for this field; it is kept, and not sent",
		[PROVIDER_CALYPSO] = "calypso has no place for this field; it is kept, and not sent",
	};
	column_set columns = not_sent(run, ~MONEY_COLUMNS);

	while (columns != 0)
		finding_add_plain(run->findings, rule->severity, rule->code, column_name(rules_next(&columns)),
			"nothing to do, unless the beneficiary should see it", messages[run->terms->channel->provider]);
}

/* recipient.ifsc and the like name the account as much as the column does. */
static bool names_account(struct text name)
{
	enum column column = column_find(name, NULL);

	return column < COLUMN_COUNT && (COLUMN_SET(column) & MONEY_COLUMNS) != 0;
}

static void tell_recipient(struct rules_run *run, const struct rule *rule, bool account)
{
	if (run->payout->recipient_count == 0 || run->terms == NULL || run->terms->carries_recipient)
		return;
	for (size_t i = 0; i < run->payout->recipient_count; i++)
		if (names_account(run->payout->recipient[i].name) == account)
			rules_found(run, rule, "recipient", "empty the field, or pay the row through pontis",
				"%s has no place for recipient.%s", provider_of(run),
				finding_quote(run->findings, run->payout->recipient[i].name));
}

void rules_recipient_money_not_sent(struct rules_run *run, const struct rule *rule)
{
	tell_recipient(run, rule, true);
}

void rules_recipient_not_sent(struct rules_run *run, const struct rule *rule)
{
	tell_recipient(run, rule, false);
}
