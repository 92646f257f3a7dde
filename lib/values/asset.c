#include "values/asset.h"

#include <assert.h>
#include <string.h>

#include "values/tables.inc"

/* A row of tables/calypso_currencies.csv. */
struct listed {
	const char *code;
	const char *name;
	const char *chain;
	uint8_t chain_decimals;
	uint8_t decimals;
	const char *kind;
};

#define ROW(code, asset, chain, decimals, payrun_decimals, address_kind, status)                                       \
	{code, asset, chain, decimals, payrun_decimals, address_kind},
static const struct listed calypso[] = {TABLES_CALYPSO_CURRENCIES_ROWS(ROW)};
#undef ROW

static void copy(char out[ASSET_TEXT_SIZE], struct text text)
{
	assert(text.len < ASSET_TEXT_SIZE);
	memset(out, 0, ASSET_TEXT_SIZE);
	if (text.len > 0)
		memcpy(out, text.ptr, text.len);
}

static bool decimals_parse(struct text text, uint8_t *decimals)
{
	int64_t number;

	if (text.len > 2 || !text_number(text, ASSET_CHAIN_DECIMALS_MAX, &number))
		return false;
	*decimals = (uint8_t)number;
	return true;
}

/* A row that can't be used is a fault of this program: the table is part of it. */
static void add_listed(struct asset_table *table, const struct listed *listed)
{
	struct asset *asset = &table->assets[table->count];

	assert(table->count < ASSET_TABLE_MAX);
	*asset = (struct asset){
		.decimals = listed->decimals,
		.chain_decimals = listed->chain_decimals,
		.kind = address_kind_parse(text_of(listed->kind)),
	};
	copy(asset->code, text_of(listed->code));
	copy(asset->name, text_of(listed->name));
	copy(asset->chain, text_of(listed->chain));
	assert(asset->kind != ADDRESS_NONE);
	assert(asset->decimals <= ASSET_DECIMALS_MAX && asset->decimals <= asset->chain_decimals);
	table->count++;
}

void asset_table_calypso(struct asset_table *table)
{
	table->count = 0;
	for (size_t i = 0; i < sizeof(calypso) / sizeof(calypso[0]); i++)
		add_listed(table, &calypso[i]);
}

static bool code_valid(struct text code)
{
	if (code.len == 0 || code.len >= ASSET_TEXT_SIZE)
		return false;
	for (size_t i = 0; i < code.len; i++) {
		const char c = code.ptr[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
			c != '-' && c != '.')
			return false;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the first word off the text. */
static struct text next_word(struct text *text)
{
	struct text word;

	while (text->len > 0 && is_blank(text->ptr[0]))
		*text = (struct text){text->ptr + 1, text->len - 1};
	word = (struct text){text->ptr, 0};
	while (word.len < text->len && !is_blank(word.ptr[word.len]))
		word.len++;
	*text = (struct text){text->ptr + word.len, text->len - word.len};
	return word;
}

static struct asset *find(struct asset_table *table, struct text code)
{
	const struct asset *asset = asset_find(table, code);

	return asset == NULL ? NULL : &table->assets[asset - table->assets];
}

enum asset_setting asset_table_set(struct asset_table *table, struct text code, struct text setting)
{
	const struct text decimals_word = next_word(&setting);
	const struct text kind_word = next_word(&setting);
	const enum address_kind kind = address_kind_parse(kind_word);
	struct asset *asset;
	uint8_t chain_decimals;

	if (!code_valid(code))
		return ASSET_SETTING_BAD_CODE;
	if (kind_word.len == 0 || next_word(&setting).len != 0)
		return ASSET_SETTING_BAD_SYNTAX;
	if (!decimals_parse(decimals_word, &chain_decimals))
		return ASSET_SETTING_BAD_DECIMALS;
	if (kind == ADDRESS_NONE)
		return ASSET_SETTING_BAD_KIND;
	asset = find(table, code);
	if (asset == NULL) {
		if (table->count == ASSET_TABLE_MAX)
			return ASSET_SETTING_FULL;
		asset = &table->assets[table->count++];
		*asset = (struct asset){.kind = kind};
		copy(asset->code, code);
		copy(asset->name, code);
	}
	if (asset->kind != kind) /* another chain than the listed one, and the setting doesn't name it */
		copy(asset->chain, (struct text){NULL, 0});
	asset->kind = kind;
	asset->chain_decimals = chain_decimals;
	asset->decimals = chain_decimals < ASSET_DECIMALS_MAX ? chain_decimals : ASSET_DECIMALS_MAX;
	asset->configured = true;
	return ASSET_SETTING_DONE;
}

const char *asset_setting_text(enum asset_setting setting)
{
	switch (setting) {
	case ASSET_SETTING_BAD_CODE:
		return "an asset's code has 1 to 15 letters, digits, '_', '-' or '.'";
	case ASSET_SETTING_BAD_SYNTAX:
		return "an asset is set as DECIMALS KIND, for example \"6 tron\"";
	case ASSET_SETTING_BAD_DECIMALS:
		return "the decimals of an asset are a number from 0 to 36";
	case ASSET_SETTING_BAD_KIND:
		return "the kind of address is bitcoin, evm, tron or dogecoin";
	case ASSET_SETTING_FULL:
		return "a channel has room for 64 assets";
	case ASSET_SETTING_DONE:
		break;
	}
	return "";
}

const struct asset *asset_find(const struct asset_table *table, struct text code)
{
	char key[ASSET_TEXT_SIZE];

	if (code.len == 0 || code.len >= ASSET_TEXT_SIZE ||
		code.ptr[code.len - 1] == '\0') /* a NUL looks like padding */
		return NULL;
	copy(key, code);
	for (size_t i = 0; i < table->count; i++) {
		if (memcmp(table->assets[i].code, key, sizeof(key)) == 0)
			return &table->assets[i];
	}
	return NULL;
}

const struct asset *asset_suggest(const struct asset_table *table, struct text code)
{
	const struct asset *same = NULL;
	const struct asset *named = NULL;
	size_t same_count = 0;
	size_t named_count = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct asset *asset = &table->assets[i];

		if (text_equal_nocase(code, text_of(asset->code))) {
			same = asset;
			same_count++;
		}
		if (text_equal_nocase(code, text_of(asset->name))) {
			named = asset;
			named_count++;
		}
	}
	if (same_count > 0)
		return same_count == 1 ? same : NULL;
	return named_count == 1 ? named : NULL;
}
