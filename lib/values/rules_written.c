/* Rules of how an amount is written: each says what it looks like, and which option would read it. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "values/currency.h"
#include "values/rules_run.h"

static bool is_verdict(const struct rules_run *run, enum money_verdict verdict)
{
	return run->amount_judged && run->amount == verdict;
}

/* What a profile says of amounts, or would have to say. */
static const struct amount_style plain = {.decimal_mark = '.'};

static const struct amount_style *style_of(const struct rules_run *run)
{
	return run->rules->amounts != NULL ? run->rules->amounts : &plain;
}

static const char *mark_name(char mark)
{
	return mark == '.' ? "point" : "comma";
}

static const char *other_mark(const struct rules_run *run)
{
	return mark_name(run->rules->decimal_mark == '.' ? ',' : '.');
}

static const char *plain_cure(const struct rules_run *run)
{
	return run->rules->decimal_mark == '.' ? "write digits alone, with a point before the decimals: 1234.50"
					       : "write digits alone, with a comma before the decimals: 1234,50";
}

/* A list that grows: "a, b and c" is not known before its end, so that commas do. */
static void list_add(struct buf *list, const char *item)
{
	buf_addz(list, list->len > 0 ? ", " : "");
	buf_addz(list, item);
}

/* Marks of another kind of groups than those that are told. */
static void tell_groups(
	const struct rules_run *run, const struct amount_look *look, struct buf *has, struct buf *options)
{
	static const struct {
		char grouping;
		const char *name;
	} names[] = {{'.', "point"}, {',', "comma"}, {'\'', "apostrophe"}, {' ', "space"}};
	bool indian = look->groups == AMOUNT_INDIAN;

	if (look->groups == AMOUNT_NO_GROUPS)
		return;
	if (look->groups == AMOUNT_UNEVEN || (indian && look->grouping != ',')) {
		list_add(has, "marks between digits that are no groups of three");
		return;
	}
	list_add(has, "marks for thousands");
	if (look->grouping == run->rules->decimal_mark && look->mark == '\0')
		list_add(options, look->grouping == '.' ? "decimal = comma" : "decimal = point");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].grouping != look->grouping)
			continue;
		list_add(options, "grouping = ");
		buf_addz(options, indian ? "indian" : names[i].name);
	}
}

/* What the sign stands for is never proposed: who follows that would pay what the row says, not what is meant. */
static void tell_sign(struct rules_run *run, const struct amount_look *look, struct buf *has, struct buf *options)
{
	if (look->sign.len == 0)
		return;
	list_add(has, "a currency in its cell");
	list_add(options, "currency_sign = ");
	buf_addz(options, currency_find(look->sign) != NULL ? "" : "CODE ");
	buf_addz(options, finding_quote(run->findings, look->sign));
}

static void tell_minus(
	const struct rules_run *run, const struct amount_look *look, struct buf *has, struct buf *options)
{
	if (look->plus)
		list_add(has, "a plus sign");
	if (look->minus == AMOUNT_NO_MINUS || style_of(run)->debit)
		return;
	list_add(has, look->minus == AMOUNT_BRACKETS       ? "brackets, which stand for a minus"
		      : look->minus == AMOUNT_MINUS_BEHIND ? "a minus behind it"
							   : "a minus before it");
	list_add(options, "sign = debit-negative");
}

/* What a person can read and payrun is not told to. False: there is nothing of the kind. */
static bool tell_parts(struct rules_run *run, const struct rule *rule, const struct amount_look *look)
{
	struct buf has = {0}, options = {0};
	bool mark = look->mark != '\0' && look->mark != run->rules->decimal_mark, told;
	const char *cure;

	if (mark) {
		list_add(&has, look->mark == ',' ? "a decimal comma" : "a decimal point");
		list_add(&options, look->mark == ',' ? "decimal = comma" : "decimal = point");
	}
	tell_groups(run, look, &has, &options);
	tell_sign(run, look, &has, &options);
	tell_minus(run, look, &has, &options);
	told = has.len > 0;
	if (options.len == 0 || look->plus || look->groups == AMOUNT_UNEVEN)
		cure = plain_cure(run);
	else if (text_is(buf_text(&has), "a decimal comma") || text_is(buf_text(&has), "a decimal point"))
		cure = finding_text(run->findings, "if the whole file writes its decimals so, say --decimal %s",
			mark_name(look->mark));
	else
		cure = finding_text(run->findings, "%s; if the whole file is written so, say %s in its profile",
			plain_cure(run), buf_str(&options));
	if (told)
		rules_found(run, rule, "amount", cure, "'%s' is not a plain decimal number: it has %s",
			rules_show(run, COLUMN_AMOUNT), buf_str(&has));
	buf_release(&has);
	buf_release(&options);
	return told;
}

void rules_amount_syntax(struct rules_run *run, const struct rule *rule)
{
	struct amount_look look;

	if (!is_verdict(run, MONEY_BAD_SYNTAX))
		return;
	if (run->amount_unit_unknown) {
		rules_found(run, rule, "amount", "take amounts = minor out of the profile of such a file",
			"what the smallest unit of %s is can't be told", run->payout->currency);
		return;
	}
	look = amount_look(run->payout->cells[COLUMN_AMOUNT]);
	if (look.other_digits)
		rules_found(run, rule, "amount", "type it with the digits 0 to 9", "'%s' has digits of another script",
			rules_show(run, COLUMN_AMOUNT));
	else if (look.exponent)
		rules_found(run, rule, "amount",
			"take the amount from its source and write all its digits; a spreadsheet may have left some "
			"out",
			"'%s' is written with an exponent", rules_show(run, COLUMN_AMOUNT));
	else if (!look.readable || !tell_parts(run, rule, &look))
		rules_found(run, rule, "amount", plain_cure(run), "'%s' is not a plain decimal number",
			rules_show(run, COLUMN_AMOUNT));
}

void rules_amount_sign(struct rules_run *run, const struct rule *rule)
{
	if (run->amount_sign.len > 0)
		rules_found(run, rule, "amount", "correct the one that is wrong, or currency_sign in the profile",
			"'%s' stands in the amount, and the currency is %s",
			finding_quote(run->findings, run->amount_sign), run->payout->currency);
}

void rules_amount_all(struct rules_run *run, const struct rule *rule)
{
	if (run->payout->all && !run->terms->allows_all)
		rules_found(run, rule, "amount", "write the amount, or say allow_all = yes for the channel",
			"channel %s does not pay all that a balance has", run->terms->channel->name);
}

void rules_amount_ambiguous(struct rules_run *run, const struct rule *rule)
{
	struct text text = run->payout->cells[COLUMN_AMOUNT];
	char other = run->rules->decimal_mark == '.' ? ',' : '.';
	size_t first = 0, mark = 0;

	if (!is_verdict(run, MONEY_BAD_AMBIGUOUS))
		return;
	/* The digits alone: a sign that a profile allows may stand around them. */
	while (mark < text.len && text.ptr[mark] != other) {
		first = text.ptr[mark] < '0' || text.ptr[mark] > '9' ? mark + 1 : first;
		mark++;
	}
	rules_found(run, rule, "amount",
		finding_text(run->findings,
			"write no mark for thousands; if the whole file writes its decimals so, say --decimal %s",
			other_mark(run)),
		"'%s' could be %.*s%.*s or %.*s.%.*s", rules_show(run, COLUMN_AMOUNT), (int)(mark - first),
		text.ptr + first, 3, text.ptr + mark + 1, (int)(mark - first), text.ptr + first, 3,
		text.ptr + mark + 1);
}

void rules_amount_positive(struct rules_run *run, const struct rule *rule)
{
	struct amount_look look;

	if (!is_verdict(run, MONEY_BAD_NOT_POSITIVE))
		return;
	look = amount_look(run->payout->cells[COLUMN_AMOUNT]);
	if (look.zero)
		rules_found(run, rule, "amount", "correct the amount, or take the row off",
			"'%s' is not more than zero", rules_show(run, COLUMN_AMOUNT));
	else if (style_of(run)->debit)
		rules_found(run, rule, "amount",
			"take the row off if it is no payment; else correct it, or take sign out of the profile",
			"'%s' has no minus, as the profile says that what is to be paid has",
			rules_show(run, COLUMN_AMOUNT));
	else
		rules_found(run, rule, "amount",
			"correct the amount, or take the row off; where what is to be paid is negative in the whole "
			"file, "
			"say sign = debit-negative in its profile",
			"'%s' is not more than zero", rules_show(run, COLUMN_AMOUNT));
}

#define GROUPING_CURE "; if the point groups thousands, say decimal = comma and grouping = point in a profile"

/* 1.234 where nothing was said: the point is the decimal mark by the contract, but need not be what was meant. */
static bool could_group(const struct rules_run *run)
{
	return !run->rules->decimal_told && amount_look(run->payout->cells[COLUMN_AMOUNT]).groups == AMOUNT_THREES;
}

void rules_amount_decimals(struct rules_run *run, const struct rule *rule)
{
	if (!is_verdict(run, MONEY_BAD_DECIMALS))
		return;
	if (style_of(run)->minor)
		rules_found(run, rule, "amount",
			"write it in the smallest unit, or take amounts = minor out of the profile",
			"'%s' has decimals, and the profile says that amounts are in the smallest unit",
			rules_show(run, COLUMN_AMOUNT));
	else
		rules_found(run, rule, "amount",
			finding_text(run->findings, "write at most %u decimals; payrun does not round%s",
				run->payout->decimals, could_group(run) ? GROUPING_CURE : ""),
			"'%s' has more decimals than %s, which has %u", rules_show(run, COLUMN_AMOUNT),
			run->payout->currency, run->payout->decimals);
}

void rules_amount_size(struct rules_run *run, const struct rule *rule)
{
	if (is_verdict(run, MONEY_BAD_TOO_LARGE))
		rules_found(run, rule, "amount", "correct the amount", "'%s' is more than can be counted",
			rules_show(run, COLUMN_AMOUNT));
}
