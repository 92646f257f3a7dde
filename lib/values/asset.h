/*
 * The assets of a channel: a provider's own codes (USDT_TRX), their decimals, and the kind of address each is paid to.
 * Floor 1. A table is made once from the provider's list, then the channel's `currency.CODE` settings add to it or
 * override it; afterwards it only is read. It lives in the caller's memory and has no heap. Copying one is fine, but
 * pointers into it stay with the original.
 */
#ifndef VALUES_ASSET_H
#define VALUES_ASSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "values/address.h"

#define ASSET_TEXT_SIZE 16          /* bytes of a code or a name with its NUL; the rest of the array is zero */
#define ASSET_TABLE_MAX 64          /* assets of one channel: four times the provider's list */
#define ASSET_DECIMALS_MAX 8        /* an asset with more decimals is counted in 10^-8 (DESIGN) */
#define ASSET_CHAIN_DECIMALS_MAX 36 /* as a setting may say; 18 is usual, the rest is room */

struct asset {
	char code[ASSET_TEXT_SIZE];  /* the provider's: "USDT_TRX" */
	char name[ASSET_TEXT_SIZE];  /* what it is: "USDT"; the code itself for one that only a setting knows */
	char chain[ASSET_TEXT_SIZE]; /* "tron"; "" where a setting said only the kind of address */
	uint8_t decimals;            /* payrun counts in 10^-decimals */
	uint8_t chain_decimals;      /* of the chain itself */
	enum address_kind kind;      /* never ADDRESS_NONE */
	bool configured;             /* set by the channel, not by the provider's list */
};

struct asset_table {
	struct asset assets[ASSET_TABLE_MAX];
	size_t count;
};

/* Empties the table and fills it with calypso's list (tables/calypso_currencies.csv). */
void asset_table_calypso(struct asset_table *table);

enum asset_setting {
	ASSET_SETTING_BAD_CODE = 0, /* not 1 to 15 of A-Z a-z 0-9 _ - . */
	ASSET_SETTING_BAD_SYNTAX,   /* not two words */
	ASSET_SETTING_BAD_DECIMALS, /* not a number from 0 to ASSET_CHAIN_DECIMALS_MAX */
	ASSET_SETTING_BAD_KIND,     /* no kind of address */
	ASSET_SETTING_FULL,         /* more than ASSET_TABLE_MAX */
	ASSET_SETTING_DONE,
};

/* A channel's `currency.CODE = DECIMALS KIND` ("6 tron"): adds the asset or overrides the listed one. Unless done the
 * table is as it was. */
enum asset_setting asset_table_set(struct asset_table *table, struct text code, struct text setting);
/* What is wrong with the setting, as a part of a sentence; "" when done. */
const char *asset_setting_text(enum asset_setting setting);

/* The asset of a code, spelt exactly so; NULL: there is none. Some nanoseconds: it runs once a row. */
const struct asset *asset_find(const struct asset_table *table, struct text code);

/* For the cure of an unknown code: the asset whose code differs only in case, else the one asset of that name (DOGE is
 * XDG); NULL when there is none or more than one. */
const struct asset *asset_suggest(const struct asset_table *table, struct text code);

#endif
