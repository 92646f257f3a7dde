/*
 * generate-payouts: what its two kinds of files draw from. The same options give the same bytes.
 */
#ifndef SAMPLES_GENERATE_H
#define SAMPLES_GENERATE_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>

#define ADDRESS_SIZE 64
#define AMOUNT_SIZE 32

struct settings {
	uint64_t rows;
	uint64_t seed;
	uint64_t start;
	unsigned bad; /* per cent */
	bool outcomes;
	bool mixed;
	const char *channel;
};

struct generator {
	struct settings settings;
	uint64_t state;
	EVP_MD *digest;
	EVP_MD_CTX *context;
};

uint64_t mix(uint64_t x);
uint64_t draw(struct generator *generator);
uint64_t draw_below(struct generator *generator, uint64_t limit);
const char *draw_name(struct generator *generator);
const char *draw_work(struct generator *generator);

/* What Calypso needs of row number `number`; false: no SHA-256. */
struct asset_cells {
	char address[ADDRESS_SIZE];
	char amount[AMOUNT_SIZE];
	const char *currency;
};
bool draw_asset_cells(struct generator *generator, uint64_t number, struct asset_cells *cells);

/* A file for several channels (mixed.c). False: it could not be written. */
bool mixed_header(void);
bool mixed_row(struct generator *generator, uint64_t number);

#endif
