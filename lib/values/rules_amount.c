/* Rules of currencies and of the amount. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "values/rules_run.h"

/* What a currency field turned out to be; decimals are those of a code that is known, payable here or not. */
struct judged {
	enum code_verdict verdict;
	const struct asset *asset;
	int decimals; /* -1: not known */
};

static struct judged judge_iso(struct text code)
{
	const struct currency *currency = currency_find(code);
	const char *name;

	if (currency != NULL)
		return (struct judged){.verdict = currency->decimals < 0 ? CODE_UNSUPPORTED : CODE_VALID,
			.decimals = currency->decimals};
	return (struct judged){
		.verdict = currency_withdrawn(code, &name) != NULL ? CODE_WITHDRAWN : CODE_UNKNOWN, .decimals = -1};
}

/* Where the channel's currencies are known. */
static bool currency_paid(const struct rules_run *run, struct text code)
{
	return run->terms == NULL || run->terms->currencies.len == 0 || text_lists(run->terms->currencies, code);
}

/* USD/BRL: the beneficiary gets another currency than the sender pays. */
static bool exchange_made(const struct rules_run *run, struct text from, struct text to)
{
	char pair[7];

	if (run->terms->currencies.len == 0 || text_equal(from, to) || from.len != 3 || to.len != 3)
		return true;
	memcpy(pair, from.ptr, 3);
	pair[3] = '/';
	memcpy(pair + 4, to.ptr, 3);
	return text_lists(run->terms->exchanges, (struct text){pair, sizeof(pair)});
}

/* The currency that an empty field stands for need not be one of ISO 4217. */
static bool is_default(const struct rules_run *run, struct text code)
{
	return run->terms != NULL && run->terms->default_currency.len > 0 &&
	       text_equal(code, run->terms->default_currency);
}

/* Amounts go to the provider with fewer decimals than the currency has. */
static bool is_too_fine(const struct rules_run *run, int decimals)
{
	return run->terms != NULL && run->terms->default_currency.len > 0 &&
	       decimals > (int)run->terms->amount_decimals;
}

static struct judged judge_code(const struct rules_run *run, struct text code, bool own_assets)
{
	struct judged judged;

	if (own_assets) {
		const struct asset *asset = asset_find(&run->terms->channel->assets, code);

		if (asset != NULL)
			return (struct judged){.verdict = CODE_VALID, .asset = asset, .decimals = asset->decimals};
	}
	if (is_default(run, code))
		return (struct judged){.verdict = CODE_VALID, .decimals = (int)run->terms->amount_decimals};
	judged = judge_iso(code);
	if (judged.verdict == CODE_VALID &&
		(own_assets || !currency_paid(run, code) || is_too_fine(run, judged.decimals)))
		judged.verdict = CODE_UNSUPPORTED;
	/* Without a channel nobody knows whose codes these are. */
	if (run->terms == NULL && judged.verdict != CODE_VALID)
		judged.verdict = CODE_UNJUDGED;
	return judged;
}

static void keep_code(char out[CURRENCY_SIZE], struct text code)
{
	assert(code.len < CURRENCY_SIZE);
	memcpy(out, code.ptr, code.len);
	memset(out + code.len, 0, CURRENCY_SIZE - code.len);
}

/* As the file's profile says that its amounts are written. */
static enum money_verdict read_styled(struct rules_run *run, struct text code, int decimals, int64_t *minor)
{
	const struct amount_style *style = run->rules->amounts;
	unsigned counted = decimals >= 0 ? (unsigned)decimals : MONEY_DECIMALS_MAX;
	struct amount amount = amount_read(style, run->payout->cells[COLUMN_AMOUNT], counted, code);

	*minor = amount.minor;
	if (!amount.sign_fits && decimals >= 0)
		run->amount_sign = amount.sign;
	/* What payrun counts an asset in need not be its chain's smallest unit. */
	run->amount_unit_unknown = style->minor && decimals >= 0 && (run->asset != NULL || currency_find(code) == NULL);
	return run->amount_unit_unknown ? MONEY_BAD_SYNTAX : amount.verdict;
}

/* Without known decimals the amount's form can still be judged, so that one more run need not tell it. */
static void judge_amount(struct rules_run *run, struct text code, int decimals)
{
	struct payout *payout = run->payout;
	const struct rules *rules = run->rules;
	unsigned counted = decimals >= 0 ? (unsigned)decimals : MONEY_DECIMALS_MAX;
	int64_t minor = 0;

	if (!rules_has(run, COLUMN_AMOUNT) || (run->row->refused & COLUMN_SET(COLUMN_AMOUNT)) != 0)
		return;
	if (run->terms != NULL && run->terms->has_all && text_is(payout->cells[COLUMN_AMOUNT], RULES_ALL)) {
		payout->all = true;
		return;
	}
	run->amount_judged = true;
	run->amount = rules->amounts != NULL
			      ? read_styled(run, code, decimals, &minor)
			      : money_parse(payout->cells[COLUMN_AMOUNT], counted, rules->decimal_mark, &minor);
	/* The other mark groups thousands then, which is not read without being told. */
	if (run->amount == MONEY_BAD_AMBIGUOUS && rules->decimal_told)
		run->amount = MONEY_BAD_SYNTAX;
	if (decimals >= 0)
		payout->amount_minor = minor;
	else if (run->amount == MONEY_BAD_TOO_LARGE ||
		 (run->amount == MONEY_BAD_DECIMALS && (rules->amounts == NULL || !rules->amounts->minor)))
		run->amount = MONEY_VALID;
}

void rules_amount_judge(struct rules_run *run)
{
	struct payout *payout = run->payout;
	struct text code = payout->cells[COLUMN_CURRENCY], target = payout->cells[COLUMN_TARGET_CURRENCY];
	struct judged judged = {.decimals = -1};

	if ((run->filled & COLUMN_SET(COLUMN_CURRENCY)) == 0 && run->terms != NULL)
		code = run->terms->default_currency;
	if (code.len > 0)
		judged = judge_code(run, code, run->terms != NULL && run->terms->own_assets);
	run->currency = judged.verdict;
	run->asset = judged.asset;
	if (judged.decimals >= 0) {
		keep_code(payout->currency, code);
		payout->decimals = (unsigned)judged.decimals;
	}
	judge_amount(run, code, judged.decimals);
	if (target.len == 0 || run->terms == NULL || (run->terms->carried & COLUMN_SET(COLUMN_TARGET_CURRENCY)) == 0)
		return;
	run->target_currency = judge_iso(target).verdict;
	if (run->target_currency == CODE_VALID && run->currency == CODE_VALID && !exchange_made(run, code, target))
		run->target_currency = CODE_UNSUPPORTED;
	if (run->target_currency == CODE_VALID && !text_equal(target, code))
		keep_code(payout->target_currency, target);
}

/* Both currency fields, by their verdict. */
static enum code_verdict verdict_of(const struct rules_run *run, enum column column)
{
	return column == COLUMN_CURRENCY ? run->currency : run->target_currency;
}

static const enum column currency_columns[] = {COLUMN_CURRENCY, COLUMN_TARGET_CURRENCY};

static bool uses_assets(const struct rules_run *run, enum column column)
{
	return column == COLUMN_CURRENCY && run->terms->own_assets;
}

static const char *asset_names(struct rules_run *run)
{
	const struct asset_table *table = &run->terms->channel->assets;
	const char *names = "";

	for (size_t i = 0; i < table->count; i++)
		names = finding_text(run->findings, "%s%s%s", names, i > 0 ? ", " : "", table->assets[i].code);
	return names;
}

/* The code of the channel's list that is one edit away, when there is just one. */
static const char *asset_near(const struct asset_table *table, struct text code)
{
	const char *found = NULL;

	if (code.len < 5 || code.len > ASSET_TEXT_SIZE)
		return NULL;
	for (size_t i = 0; i < table->count; i++) {
		if (text_distance(code, text_of(table->assets[i].code), 1) > 1)
			continue;
		if (found != NULL)
			return NULL;
		found = table->assets[i].code;
	}
	return found;
}

static const char *meant_asset(const struct rules_run *run, struct text code)
{
	const struct asset_table *table = &run->terms->channel->assets;
	const struct asset *asset = asset_suggest(table, code);

	return asset != NULL ? asset->code : asset_near(table, code);
}

static const char *meant_currency(struct text code)
{
	const struct currency *currency;
	char upper[3];

	if (code.len != sizeof(upper))
		return NULL;
	for (size_t i = 0; i < sizeof(upper); i++)
		upper[i] = (char)(code.ptr[i] >= 'a' && code.ptr[i] <= 'z' ? code.ptr[i] - 'a' + 'A' : code.ptr[i]);
	currency = currency_find((struct text){upper, sizeof(upper)});
	return currency != NULL ? currency->code : NULL;
}

static const char *cure_unknown(struct rules_run *run, enum column column)
{
	struct text code = run->payout->cells[column];
	bool assets = uses_assets(run, column);
	const char *meant = assets ? meant_asset(run, code) : meant_currency(code);

	if (meant != NULL)
		return finding_text(run->findings, "did you mean %s? Write %s", meant, meant);
	if (assets)
		return finding_text(run->findings, "use one of: %s", asset_names(run));
	if (column == COLUMN_CURRENCY && run->terms->default_currency.len > 0)
		return finding_text(run->findings, "leave it empty for %s, or write a code of ISO 4217 in capitals",
			run->terms->default_currency.ptr);
	return "write a three-letter code of ISO 4217 in capitals";
}

void rules_currency_unknown(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < 2; i++) {
		enum column column = currency_columns[i];

		if (verdict_of(run, column) == CODE_UNKNOWN)
			rules_found(run, rule, column_name(column), cure_unknown(run, column),
				"'%s' is no known currency", rules_show(run, column));
	}
}

void rules_currency_withdrawn(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < 2; i++) {
		enum column column = currency_columns[i];
		struct text code = run->payout->cells[column];
		const char *name = "", *since, *successor;

		if (verdict_of(run, column) != CODE_WITHDRAWN)
			continue;
		since = currency_withdrawn(code, &name);
		successor = currency_successor(code);
		rules_found(run, rule, column_name(column),
			successor != NULL ? finding_text(run->findings, "write %s and the amount in it", successor)
					  : "write the currency that took its place, and the amount in it",
			"%s (%s) is no currency any more since %s", rules_show(run, column), name, since);
	}
}

static const char *cure_unsupported(struct rules_run *run, enum column column)
{
	struct text currencies = run->terms->currencies, exchanges = run->terms->exchanges;

	if (uses_assets(run, column))
		return finding_text(run->findings, "use one of: %s", asset_names(run));
	if (currencies.len == 0)
		return "use a currency that is paid in";
	if (column == COLUMN_CURRENCY)
		return finding_text(run->findings, "use one of: %.*s", (int)currencies.len, currencies.ptr);
	if (exchanges.len == 0)
		return "empty the field: the beneficiary gets what is paid";
	return finding_text(
		run->findings, "empty the field; exchanged is only %.*s", (int)exchanges.len, exchanges.ptr);
}

void rules_currency_unsupported(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < 2; i++) {
		enum column column = currency_columns[i];

		if (verdict_of(run, column) != CODE_UNSUPPORTED)
			continue;
		rules_found(run, rule, column_name(column), cure_unsupported(run, column), "%s can't pay %s",
			provider_name(run->terms->channel->provider), rules_show(run, column));
	}
}

static bool is_valid(const struct rules_run *run)
{
	return run->amount_judged && run->amount == MONEY_VALID;
}

static const char *shown_amount(struct rules_run *run, int64_t minor)
{
	struct buf buf = {0};
	const char *text;

	if (run->asset != NULL)
		money_text_short(&buf, minor, run->payout->decimals);
	else
		money_text(&buf, minor, run->payout->decimals);
	text = finding_text(run->findings, "%s", buf_str(&buf));
	buf_release(&buf);
	return text;
}

/* What one payout alone is too large for could never be sent: not within its batch, not on any day. */
void rules_amount_limit(struct rules_run *run, const struct rule *rule)
{
	const struct payout *payout = run->payout;

	if (run->terms == NULL || payout->currency[0] == '\0' || !is_valid(run))
		return;
	for (int i = 0; i < CHANNEL_LIMITS; i++) {
		const struct channel *channel = run->terms->channel;
		const char *name = channel_limit_name((enum channel_limit)i);
		int64_t most = 0;
		enum limit_verdict verdict =
			limit_of(&channel->limits[i], text_of(payout->currency), payout->decimals, &most);

		if (verdict == LIMIT_NONE || (verdict == LIMIT_AMOUNT && payout->amount_minor <= most))
			continue;
		if (verdict == LIMIT_UNNAMED)
			rules_found(run, rule, "amount",
				finding_text(run->findings, "name %s in %s of the channel, or *:none for all others",
					payout->currency, name),
				"%s of channel %s allows no %s", name, channel->name, payout->currency);
		else
			rules_found(run, rule, "amount",
				finding_text(
					run->findings, "pay less at a time, or have %s of the channel raised", name),
				"%s %s is more than %s of channel %s, %s", shown_amount(run, payout->amount_minor),
				payout->currency, name, channel->name, shown_amount(run, most));
		return;
	}
}
