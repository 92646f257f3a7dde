/* Everything that reads one value from a text: what is taken is printed, and the print must be the same value. */
#include "tests/fuzz/fuzz_tools.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "config/config.h"
#include "config/url.h"
#include "formats/json_number.h"
#include "net/base64url.h"
#include "values/address.h"
#include "values/asset.h"
#include "values/bank.h"
#include "values/base58.h"
#include "values/bech32.h"
#include "values/column.h"
#include "values/country.h"
#include "values/currency.h"
#include "values/decimal.h"
#include "values/iban.h"
#include "values/key.h"
#include "values/limit.h"
#include "values/money.h"
#include "values/purpose.h"

struct trial {
	struct text text;
	unsigned choice;
	struct sha256 *sha;
	struct arena *arena;
	struct buf *out; /* empty */
};

static struct text printed(struct trial *trial)
{
	struct text copy = text_copy(trial->arena, buf_text(trial->out));

	buf_reset(trial->out);
	return copy;
}

/* The text with another digit at one place: no check digit may overlook it. False: there is no digit there. */
static bool mistyped(struct trial *trial, struct text text, char *out)
{
	size_t at = text.len > 0 ? trial->choice % text.len : 0;

	if (text.len == 0 || text.ptr[at] < '0' || text.ptr[at] > '9')
		return false;
	memcpy(out, text.ptr, text.len);
	out[at] = out[at] == '9' ? '0' : (char)(out[at] + 1);
	return true;
}

/* --- amounts ------------------------------------------------------------------------------------------------------ */

static void try_money(struct trial *trial)
{
	unsigned decimals = trial->choice % (MONEY_DECIMALS_MAX + 1);
	char mark = trial->choice % 2 == 0 ? '.' : ',';
	int64_t minor = 0, again = 0;
	struct text text;

	if (money_parse(trial->text, decimals, mark, &minor) != MONEY_VALID)
		return;
	never_text(minor <= 0, "an amount that pays nothing", trial->text);
	money_text(trial->out, minor, decimals);
	text = printed(trial);
	never_text(money_parse(text, decimals, '.', &again) != MONEY_VALID || again != minor, "another amount", text);
	never_text(mark == '.' && !money_same_text(trial->text, text), "not the same amount", trial->text);
	money_text_short(trial->out, minor, decimals);
	text = printed(trial);
	never_text(
		money_parse(text, decimals, '.', &again) != MONEY_VALID || again != minor, "another short one", text);
}

static void try_decimal(struct trial *trial)
{
	struct decimal decimal, again, sum;
	struct text text;

	if (!decimal_parse(trial->text, &decimal))
		return;
	decimal_text(trial->out, decimal, trial->choice % 19);
	text = printed(trial);
	never_text(!decimal_parse(text, &again) || decimal_compare(decimal, again) != 0, "another decimal", text);
	never_text(!money_same_text(trial->text, text), "not the same decimal", trial->text);
	sum = decimal;
	if (decimal_add(&sum, decimal_of(1, 2)) && decimal_subtract(&sum, decimal_of(1, 2)))
		never_text(decimal_compare(sum, decimal) != 0, "a sum and back is another decimal", trial->text);
}

static void try_number(struct trial *trial)
{
	int64_t number = 0, again = 0;
	struct text text;

	if (text_number(trial->text, INT64_MAX, &number)) {
		buf_addf(trial->out, "%lld", (long long)number);
		text = printed(trial);
		never_text(!text_number(text, INT64_MAX, &again) || again != number, "another number", text);
	}
	if (json_number_plain(trial->text, '.', trial->out)) {
		text = printed(trial);
		never_text(!money_same_text(trial->text, text), "another number of JSON", text);
	}
	never_text(trial->out->len > 0, "no number, and something is added", trial->text);
}

/* --- banks and places --------------------------------------------------------------------------------------------- */

static void try_iban(struct trial *trial)
{
	char out[IBAN_MAX], twice[IBAN_MAX], wrong[IBAN_MAX];
	struct text iban = iban_canonical(trial->text, out);
	struct iban_look look;

	never_text(!text_equal(iban_canonical(iban, twice), iban), "two electronic forms", iban);
	if (iban_check(iban, &look) != IBAN_VALID)
		return;
	for (size_t i = 0; i < iban.len; i++)
		never_text(!(iban.ptr[i] >= '0' && iban.ptr[i] <= '9') && !(iban.ptr[i] >= 'A' && iban.ptr[i] <= 'Z'),
			"an IBAN with other characters", iban);
	never_text((size_t)look.length != iban.len, "an IBAN of another length", iban);
	if (mistyped(trial, iban, wrong))
		never_text(iban_check((struct text){wrong, iban.len}, NULL) == IBAN_VALID, "a wrong digit", iban);
}

static void try_bank(struct trial *trial)
{
	char wrong[9];
	const char *name, *hint;

	if (bic_check(trial->text) == BIC_VALID) {
		never_text(trial->text.len != 8 && trial->text.len != 11, "a BIC of another length", trial->text);
		never_text(country_check(bic_country(trial->text), &name, &hint) == COUNTRY_BAD_UNKNOWN,
			"a BIC of no country", trial->text);
	}
	if (routing_check(trial->text) == ROUTING_VALID) {
		never_text(trial->text.len != 9, "a routing number of another length", trial->text);
		if (mistyped(trial, trial->text, wrong))
			never_text(
				routing_check((struct text){wrong, 9}) == ROUTING_VALID, "a wrong digit", trial->text);
	}
	never_text(ifsc_valid(trial->text) && trial->text.len != 11, "an IFSC of another length", trial->text);
}

static bool is_known(enum column column)
{
	return column != COLUMN_UNKNOWN && column != COLUMN_MISSPELT;
}

static void try_codes(struct trial *trial)
{
	const char *name = NULL, *hint = NULL, *near = NULL;
	const struct currency *currency = currency_find(trial->text);
	enum column column;

	never_text(currency != NULL && !text_is(trial->text, currency->code), "another currency", trial->text);
	hint = currency_successor(trial->text);
	never_text(hint != NULL && currency_find(text_of(hint)) == NULL, "no successor", trial->text);
	(void)currency_withdrawn(trial->text, &name);
	hint = NULL;
	if (country_check(trial->text, &name, &hint) != COUNTRY_VALID && hint != NULL)
		never_text(
			country_check(text_of(hint), &name, &near) != COUNTRY_VALID, "a hint to nowhere", trial->text);
	(void)purpose_check(trial->choice % 2 == 0 ? PURPOSE_CIRCLE : PURPOSE_ANY, trial->text, &name);
	near = NULL;
	column = column_find(trial->text, &near);
	if (column == COLUMN_MISSPELT)
		never_text(near == NULL || !is_known(column_find(text_of(near), NULL)), "near to nothing", trial->text);
	else if (column < COLUMN_CELLS)
		never_text(column_find(column_text(column), NULL) != column, "another column", trial->text);
}

/* --- time --------------------------------------------------------------------------------------------------------- */

static void try_time(struct trial *trial)
{
	char text[CLOCK_ISO_SIZE], date[11];
	int64_t utc_ms = 0, again = 0;

	if (clock_iso_parse(trial->text, &utc_ms)) {
		clock_iso_ms(utc_ms, text);
		never_text(!clock_iso_parse(text_of(text), &again) || again != utc_ms, "another moment", trial->text);
	}
	if (clock_date_valid(trial->text)) {
		never_text(!clock_zone_midnight("UTC", trial->text, &utc_ms), "a day without a midnight", trial->text);
		never_text(!clock_zone_date("UTC", utc_ms, date) || !text_is(trial->text, date), "another day",
			trial->text);
	}
	if (clock_duration_parse(trial->text, &utc_ms))
		never_text(utc_ms <= 0, "a duration of nothing", trial->text);
	(void)clock_http_date_parse(trial->text, &utc_ms);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static void try_address(struct trial *trial)
{
	char out[ADDRESS_CANONICAL_MAX], twice[ADDRESS_CANONICAL_MAX];
	struct address_look look;
	int valid = 0;

	for (int kind = ADDRESS_NONE; kind <= ADDRESS_DOGECOIN; kind++) {
		struct text canonical;

		if (address_check((enum address_kind)kind, trial->text, trial->sha, &look) != ADDRESS_VALID)
			continue;
		valid++;
		never_text(look.kind != (enum address_kind)kind || look.test, "another kind of address", trial->text);
		canonical = address_canonical((enum address_kind)kind, trial->text, out);
		never_text(address_check((enum address_kind)kind, canonical, trial->sha, NULL) != ADDRESS_VALID,
			"its canonical form is no address", trial->text);
		never_text(!text_equal(address_canonical((enum address_kind)kind, canonical, twice), canonical),
			"two canonical forms", trial->text);
	}
	never_text(valid > 1, "an address of two kinds", trial->text);
}

static void try_encodings(struct trial *trial)
{
	uint8_t bytes[BASE58_TEXT_MAX], versioned[BASE58_VERSIONED_SIZE];
	struct bech32 bech32;
	struct segwit segwit;
	size_t len = 0;

	if (base58_decode(trial->text, bytes, sizeof(bytes), &len))
		never_text(!base58_text_valid(trial->text), "bytes of no base58", trial->text);
	if (base58_check_decode(trial->text, trial->sha, versioned) == BASE58_VALID)
		never_text(
			len != BASE58_VERSIONED_SIZE || memcmp(bytes, versioned, len) != 0, "other bytes", trial->text);
	if (segwit_decode(trial->text, &segwit) == BECH32_VALID)
		never_text(bech32_decode(trial->text, &bech32) != BECH32_VALID || strcmp(bech32.hrp, segwit.hrp) != 0,
			"segwit that is no bech32", trial->text);
	if (base64url_parse(trial->text, trial->out)) {
		struct text raw = printed(trial), again, plain = trial->text;

		base64url_add(trial->out, raw.ptr, raw.len);
		again = printed(trial);
		while (plain.len > 0 && plain.ptr[plain.len - 1] == '=')
			plain.len--;
		never_text(!text_equal(again, plain), "two base64url texts of the same bytes", trial->text);
	}
	buf_reset(trial->out);
}

static void try_asset(struct trial *trial)
{
	static struct asset_table table;
	const struct asset *asset;

	asset_table_calypso(&table);
	asset = asset_find(&table, trial->text);
	never_text(asset != NULL && !text_is(trial->text, asset->code), "another asset", trial->text);
	(void)asset_suggest(&table, trial->text);
}

/* --- keys and settings -------------------------------------------------------------------------------------------- */

static void try_key(struct trial *trial)
{
	char text[KEY_TEXT_SIZE];
	struct key key, again;

	if (!key_parse(trial->text, &key))
		return;
	key_text(&key, text);
	never_text(!text_equal_nocase(text_of(text), trial->text), "another key", trial->text);
	never_text(
		!key_parse(text_of(text), &again) || memcmp(&key, &again, sizeof(key)) != 0, "two keys", trial->text);
	never_text(!text_is_uuid(trial->text), "a key that is no UUID", trial->text);
}

static void try_settings(struct trial *trial)
{
	int64_t count = 0, period_ms = 0, minor = 0;
	struct limit limit = {0};
	struct url url;

	if (config_rate_parse(trial->text, &count, &period_ms))
		never_text(
			count < 0 || period_ms < 0 || (count > 0 && period_ms == 0), "a rate of no time", trial->text);
	if (limit_parse(trial->text, &limit) == NULL)
		for (int i = 0; i < limit.count; i++)
			never_text(limit_of(&limit, text_of(limit.amounts[i].currency), trial->choice % 9, &minor) !=
						   LIMIT_AMOUNT ||
					   minor < 0,
				"a limit of nothing", trial->text);
	if (url_parse(trial->text, &url) == NULL)
		never_text(url.port < 1 || url.port > 65535 || url.host[0] == '\0', "a URL to nowhere", trial->text);
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

static void see_shown(struct trial *trial)
{
	struct text shown = printed(trial);
	size_t at = 0;

	never_text(!text_utf8(shown, NULL), "a terminal gets bytes that are no text", trial->text);
	for (int32_t point = text_next(shown, &at); point >= 0; point = text_next(shown, &at))
		never_text(text_point_hidden(point), "a terminal gets what it would obey", trial->text);
}

static void try_text(struct trial *trial)
{
	struct text nfc, look, fold, trimmed = text_trim(trial->text);

	never_text(!text_equal(text_trim(trimmed), trimmed), "trimmed twice", trial->text);
	text_show(trial->out, trial->text, trial->choice % 40);
	see_shown(trial);
	fold = text_fold(trial->arena, trial->text);
	if (!text_utf8(trial->text, NULL)) {
		never_text(text_plain(trial->text), "plain, and no UTF-8", trial->text);
		return;
	}
	never_text(!text_equal(text_fold(trial->arena, fold), fold), "folded twice", trial->text);
	nfc = text_nfc(trial->arena, trial->text);
	never_text(!text_equal(text_nfc(trial->arena, nfc), nfc), "composed twice", trial->text);
	never_text(text_plain(trial->text) && !text_equal(nfc, trial->text), "plain, and not NFC", trial->text);
	look = text_lookalike(trial->arena, trial->text);
	never_text(!text_equal(text_lookalike(trial->arena, nfc), look), "NFC looks otherwise", trial->text);
	text_mask(trial->out, trial->text);
	never_text(!text_utf8(printed(trial), NULL), "masked to no text", trial->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static void (*const trials[])(struct trial *) = {try_money, try_decimal, try_number, try_iban, try_bank,
		try_codes, try_time, try_address, try_encodings, try_asset, try_key, try_settings, try_text};
	static struct sha256 *sha;
	struct text left = {(const char *)data, len};
	struct arena arena = {0};
	struct buf out = {0};
	struct trial trial = {.arena = &arena, .out = &out};

	if (sha == NULL)
		sha = sha256_new();
	trial.sha = sha;
	trial.choice = choose(&left);
	trial.text = left;
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
		trials[i](&trial);
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
