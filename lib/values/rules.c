#include "values/rules.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "values/content.h"
#include "values/rules_run.h"

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

bool rules_has_sound(const struct rules_run *run, enum column column)
{
	return rules_has(run, column) && (run->marks.spoiled & COLUMN_SET(column)) == 0;
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
	if (!rules->undigested && run->row->origin.payment != 0)
		content_digest_undated(rules->sha, payout->content, payout->content_digest);
	else if (!rules->undigested)
		content_digest(rules->sha, payout->content, payout->content_digest);
	if (payout->reference.len > 0)
		payout->key = key_derive(
			rules->sha, rules->namespace_text, run->terms->channel->provider, payout->reference, 1);
}

/* Rules of a row come first in the table. Each finding bears its rule. */
static void rules_apply(struct rules_run *run)
{
	struct findings *findings = run->findings;
	size_t count, told = findings->count;

	for (const struct rule *rule = rules_list(&count); rule->check != NULL; rule++) {
		if (rule->check == rules_national && run->national_count == 0)
			break; /* these are many, and stand last */
		rule->check(run, rule);
		for (; told < findings->count; told++)
			findings->items[told].rule = rule->id;
	}
}

bool rules_check(const struct rules *rules, const struct row *row, struct arena *arena, struct payout *payout,
	struct findings *findings)
{
	struct rules_run run;

	memset(&run, 0, offsetof(struct rules_run, ibans)); /* the rest is large, and of few rows */
	run.rules = rules;
	run.row = row;
	run.arena = arena;
	run.payout = payout;
	run.findings = findings;
	empty_payout(payout, row);
	rules_cells_read(&run);
	payout->terms = run.terms;
	payout->reference = text_copy(arena, payout->cells[COLUMN_REFERENCE]);
	rules_amount_judge(&run);
	rules_place_judge(&run);
	rules_bank_judge(&run);
	rules_national_judge(&run);
	rules_apply(&run);
	if (findings->errors > 0 || row->refused != 0)
		return false;
	assert(run.terms != NULL && payout->all == (payout->amount_minor == 0) && payout->currency[0] != '\0');
	complete(&run);
	return true;
}
