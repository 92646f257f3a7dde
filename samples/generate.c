/*
 * generate-payouts: a payout file of any size on standard output, for demonstrations and measurements. The same options
 * give the same bytes; a row has about 169. Every row has a reference and an address of its own; addresses satisfy
 * their checksums, and nobody holds their keys. It shares no code with payrun, so that each of the two finds the
 * other's mistakes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/generate.h"

#define HASH_SIZE 20
#define VERSIONED_SIZE (1 + HASH_SIZE)
#define CHECKED_SIZE (VERSIONED_SIZE + 4)
#define ADDRESS_SIZE 64
#define OUTPUT_BYTES (1 << 20)

enum form { FORM_BASE58, FORM_HEX };

/* What is paid, how often (shares of 100), in which decimals, to which form of address. */
struct asset {
	const char *code;
	unsigned share;
	unsigned decimals;
	uint64_t most; /* whole units */
	enum form form;
	uint8_t version; /* of base58check */
};

static const struct asset assets[] = {
	{"USDT_TRX", 50, 2, 900, FORM_BASE58, 0x41},
	{"USDC", 15, 2, 900, FORM_HEX, 0},
	{"USDT", 10, 2, 900, FORM_HEX, 0},
	{"BTC", 8, 8, 1, FORM_BASE58, 0x00},
	{"ETH", 7, 6, 3, FORM_HEX, 0},
	{"TRX", 5, 2, 4000, FORM_BASE58, 0x41},
	{"XDG", 5, 2, 9000, FORM_BASE58, 0x1e},
};

static const char *const names[] = {"Jane Appleseed", "Nguyễn Thị Minh Khai", "Carlos Mendes Ltda",
	"Müller & Söhne GmbH", "Harbour Lights Publishing", "Αλέξανδρος Παππάς", "Petra Novotna", "Siobhán O’Brien",
	"Okonkwo and Daughters", "Иванова Анна", "Tom van der Berg", "山田 太郎", "Greenfield Translations",
	"محمد الأحمد", "Maria Rossi", "Łukasz Wiśniewski", "Amsterdam Print Works", "김민준", "Elif Demir",
	"José Ángström-Peña", "Hill Street Studio", "राजेश कुमार", "Anders Holm", "王小明", "Northern Freight Partners",
	"Çağlar Şahin", "Fatou Diop", "דוד כהן", "Blue Door Architects", "Thị Hồng Nhung Ltd", "John Smith",
	"Zoë Guðmundsdóttir"};

static const char *const works[] = {"translation of the annual report", "hosting and support, second half",
	"design of packaging and labels", "consulting on customs and freight", "field interviews and their analysis",
	"repair of two looms and a press"};

/* SplitMix64: its finishing step is a bijection, so distinct numbers give distinct results. */
uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

uint64_t draw(struct generator *generator)
{
	generator->state += UINT64_C(0x9e3779b97f4a7c15);
	return mix(generator->state);
}

uint64_t draw_below(struct generator *generator, uint64_t limit)
{
	return draw(generator) % limit;
}

static void put_number(uint8_t *out, uint64_t number)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(number >> (8 * (7 - i)));
}

/* The row's number stands in the first half, mixed: two rows of one seed can't share an address. */
static void draw_hash(struct generator *generator, uint64_t number, uint8_t hash[HASH_SIZE])
{
	uint8_t rest[8];

	put_number(hash, mix(number ^ mix(generator->settings.seed)));
	put_number(hash + 8, draw(generator));
	put_number(rest, draw(generator));
	memcpy(hash + 16, rest, HASH_SIZE - 16);
}

static bool sha256(struct generator *generator, const uint8_t *bytes, size_t len, uint8_t out[32])
{
	return EVP_DigestInit_ex2(generator->context, generator->digest, NULL) == 1 &&
	       EVP_DigestUpdate(generator->context, bytes, len) == 1 &&
	       EVP_DigestFinal_ex(generator->context, out, NULL) == 1;
}

/* Two digits of base 58 a step: 58 * 58 * 255 and what is carried fit 32 bits with room. */
static void base58_text(const uint8_t bytes[CHECKED_SIZE], char out[ADDRESS_SIZE])
{
	static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	uint8_t number[CHECKED_SIZE];
	char digits[ADDRESS_SIZE];
	size_t from = 0, zeros = 0, count = 0;

	memcpy(number, bytes, sizeof(number));
	while (zeros < CHECKED_SIZE && bytes[zeros] == 0)
		zeros++;
	for (from = zeros; from < CHECKED_SIZE;) {
		uint32_t rest = 0;

		for (size_t i = from; i < CHECKED_SIZE; i++) {
			rest = rest * 256 + number[i];
			number[i] = (uint8_t)(rest / (58 * 58) & 0xff);
			/* The quotient of a step is below 256, for the rest before it was below 58 * 58. */
			rest %= 58 * 58;
		}
		digits[count++] = alphabet[rest % 58];
		digits[count++] = alphabet[rest / 58];
		while (from < CHECKED_SIZE && number[from] == 0)
			from++;
	}
	while (count > 0 && digits[count - 1] == alphabet[0])
		count--;
	memset(out, alphabet[0], zeros);
	for (size_t i = 0; i < count; i++)
		out[zeros + i] = digits[count - 1 - i];
	out[zeros + count] = '\0';
}

static bool draw_address(
	struct generator *generator, const struct asset *asset, uint64_t number, char out[ADDRESS_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t bytes[CHECKED_SIZE], digest[32];

	bytes[0] = asset->version;
	draw_hash(generator, number, bytes + 1);
	if (asset->form == FORM_HEX) {
		memcpy(out, "0x", 2);
		for (size_t i = 0; i < HASH_SIZE; i++) {
			out[2 + 2 * i] = hex[bytes[1 + i] >> 4];
			out[3 + 2 * i] = hex[bytes[1 + i] & 15];
		}
		out[2 + 2 * HASH_SIZE] = '\0';
		return true;
	}
	if (!sha256(generator, bytes, VERSIONED_SIZE, digest) || !sha256(generator, digest, sizeof(digest), digest))
		return false;
	memcpy(bytes + VERSIONED_SIZE, digest, CHECKED_SIZE - VERSIONED_SIZE);
	base58_text(bytes, out);
	return true;
}

static const struct asset *draw_asset(struct generator *generator)
{
	uint64_t at = draw_below(generator, 100);
	size_t i = 0;

	for (; at >= assets[i].share; i++)
		at -= assets[i].share;
	return &assets[i];
}

/* Amounts that end in .91 or .92 fail or are canceled in the sandbox: --outcomes keeps them. */
static void draw_amount(struct generator *generator, const struct asset *asset, char out[AMOUNT_SIZE])
{
	uint64_t unit = 1, whole, part;

	for (unsigned i = 0; i < asset->decimals; i++)
		unit *= 10;
	whole = draw_below(generator, asset->most);
	part = 1 + draw_below(generator, unit - 1);
	if (!generator->settings.outcomes && (part == unit / 100 * 91 || part == unit / 100 * 92))
		part = unit / 2;
	(void)snprintf(out, AMOUNT_SIZE, "%" PRIu64 ".%0*" PRIu64, whole, (int)asset->decimals, part);
}

struct row {
	char reference[32];
	char address[ADDRESS_SIZE];
	char amount[AMOUNT_SIZE];
	const char *currency;
};

const char *draw_name(struct generator *generator)
{
	return names[draw_below(generator, sizeof(names) / sizeof(names[0]))];
}

const char *draw_work(struct generator *generator)
{
	return works[draw_below(generator, sizeof(works) / sizeof(works[0]))];
}

/* One mistake a bad row, each of another kind; every kind is one error of payrun. */
static void spoil(struct generator *generator, struct row *row)
{
	char *last = row->address + strlen(row->address) - 1;

	switch (draw_below(generator, 7)) {
	case 0:
		row->reference[0] = '\0';
		break;
	case 1:
		(void)snprintf(row->amount, sizeof(row->amount), "17.123456789");
		break;
	case 2:
		(void)snprintf(row->amount, sizeof(row->amount), "0.00");
		break;
	case 3:
		(void)snprintf(row->amount, sizeof(row->amount), "%s", "17.5O");
		break;
	case 4:
		(void)snprintf(row->amount, sizeof(row->amount), "%s", "\"1,234\"");
		break;
	case 5:
		row->currency = "USDT_XYZ";
		break;
	default: /* a hexadecimal address has no checksum, but a length */
		if (row->address[0] == '0')
			*last = '\0';
		else
			*last = *last == 'a' ? 'b' : 'a';
		break;
	}
}

bool draw_asset_cells(struct generator *generator, uint64_t number, struct asset_cells *cells)
{
	const struct asset *asset = draw_asset(generator);

	cells->currency = asset->code;
	draw_amount(generator, asset, cells->amount);
	return draw_address(generator, asset, number, cells->address);
}

static bool write_row(struct generator *generator, uint64_t number)
{
	const struct asset *asset = draw_asset(generator);
	const char *name = draw_name(generator), *work = draw_work(generator);
	struct row row = {.currency = asset->code};

	(void)snprintf(row.reference, sizeof(row.reference), "INV-2026-%08" PRIu64, number);
	draw_amount(generator, asset, row.amount);
	if (!draw_address(generator, asset, number, row.address))
		return false;
	if (generator->settings.bad > 0 && draw_below(generator, 100) < generator->settings.bad)
		spoil(generator, &row);
	return printf("%s,%s,%s,%s,%s,\"Invoice 2026-%08" PRIu64 ", %s; order %04u, %s\"\n", row.reference,
		       generator->settings.channel, row.address, row.amount, row.currency, number, name,
		       (unsigned)draw_below(generator, 10000), work) > 0;
}

static bool write_file(struct generator *generator)
{
	uint64_t first = generator->settings.start;

	bool mixed = generator->settings.mixed;

	if (!(mixed ? mixed_header() : puts("reference,channel,wallet_address,amount,currency,description") >= 0))
		return false;
	for (uint64_t i = 0; i < generator->settings.rows; i++)
		if (!(mixed ? mixed_row(generator, first + i) : write_row(generator, first + i)))
			return false;
	return fflush(stdout) == 0;
}

/* Decimal digits only. */
static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end = NULL;
	unsigned long long value;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || value > most)
		return false;
	*number = value;
	return true;
}

static bool read_option(struct settings *settings, const char *name, const char *value)
{
	uint64_t bad;

	if (strcmp(name, "--rows") == 0)
		return read_number(value, UINT64_C(99999999), &settings->rows);
	if (strcmp(name, "--start") == 0)
		return read_number(value, UINT64_C(99999999), &settings->start);
	if (strcmp(name, "--seed") == 0)
		return read_number(value, UINT64_MAX, &settings->seed);
	if (strcmp(name, "--bad") == 0 && read_number(value, 100, &bad)) {
		settings->bad = (unsigned)bad;
		return true;
	}
	if (strcmp(name, "--channel") == 0 && value != NULL && strpbrk(value, ",\"\r\n") == NULL) {
		settings->channel = value;
		return true;
	}
	return false;
}

static const char usage[] =
	"usage: generate-payouts [--rows N (1000)] [--seed N (1)] [--start N (1)] [--bad PERCENT (0)]\n"
	"                        [--channel NAME (calypso) | --mixed] [--outcomes]\n"
	"Writes a CSV file of N payouts, the first with number --start, to standard output. --mixed pays them through\n"
	"the channels circle, circle-wire, mollie, pontis and calypso; none of its rows is bad. --outcomes lets some\n"
	"amounts be those that the sandbox fails and cancels.\n";

static bool read_options(struct settings *settings, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--outcomes") == 0 || strcmp(argv[i], "--mixed") == 0) {
			*(argv[i][2] == 'm' ? &settings->mixed : &settings->outcomes) = true;
			continue;
		}
		if (!read_option(settings, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return false;
		i++;
	}
	return !settings->mixed || settings->bad == 0;
}

int main(int argc, char **argv)
{
	struct generator generator = {.settings = {.rows = 1000, .seed = 1, .start = 1, .channel = "calypso"}};
	int code = 1;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return fputs(usage, stdout) < 0 ? 1 : 0;
	if (!read_options(&generator.settings, argc, argv)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	generator.state = mix(generator.settings.seed ^ mix(generator.settings.start));
	generator.digest = EVP_MD_fetch(NULL, "SHA256", NULL);
	generator.context = EVP_MD_CTX_new();
	if (generator.digest == NULL || generator.context == NULL || setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES) != 0)
		(void)fputs("generate-payouts: no SHA-256 or no memory\n", stderr);
	else if (!write_file(&generator))
		perror("generate-payouts: writing");
	else
		code = 0;
	EVP_MD_CTX_free(generator.context);
	EVP_MD_free(generator.digest);
	return code;
}
