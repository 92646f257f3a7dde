/* The mixed file: each row is paid through one of five channels, with the columns that its provider wants. */
#include "samples/generate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CELL_SIZE 192
#define SHARED_ROWS 64 /* wires of so many rows in a row go to one account */

#define COLUMNS                                                                                                        \
	C(reference)                                                                                                   \
	C(channel)                                                                                                     \
	C(amount)                                                                                                      \
	C(currency)                                                                                                    \
	C(target_currency)                                                                                             \
	C(beneficiary_name)                                                                                            \
	C(beneficiary_id)                                                                                              \
	C(country)                                                                                                     \
	C(line1)                                                                                                       \
	C(city)                                                                                                        \
	C(district)                                                                                                    \
	C(postal_code)                                                                                                 \
	C(iban)                                                                                                        \
	C(account_number)                                                                                              \
	C(routing_number)                                                                                              \
	C(bic)                                                                                                         \
	C(ifsc)                                                                                                        \
	C(bank_name)                                                                                                   \
	C(bank_city)                                                                                                   \
	C(bank_country)                                                                                                \
	C(wallet_address)                                                                                              \
	C(balance_id)                                                                                                  \
	C(payment_method)                                                                                              \
	C(purpose)                                                                                                     \
	C(description)

#define C(name) name,
enum column { COLUMNS COLUMN_COUNT };
#undef C
#define C(name) #name,
static const char *const column_names[COLUMN_COUNT] = {COLUMNS};
#undef C

struct cells {
	char text[COLUMN_COUNT][CELL_SIZE];
};

static void set(struct cells *cells, enum column column, const char *text)
{
	(void)snprintf(cells->text[column], CELL_SIZE, "%s", text);
}

/* Two decimals, from 10.00 on; no two of 80000 rows in a row have the same, so that none looks like another. */
static void set_amount(struct cells *cells, uint64_t number, unsigned cents)
{
	(void)snprintf(cells->text[amount], CELL_SIZE, "%" PRIu64 ".%02u", 10 + number / 100 % 800, cents);
}

static unsigned cents_of(uint64_t number)
{
	return (unsigned)(number % 100);
}

static void digits(char *out, uint64_t from, size_t count)
{
	for (size_t i = 0; i < count; i++, from = mix(from + 1))
		out[i] = (char)('0' + from % 10);
	out[count] = '\0';
}

/* --- circle, address_book ------------------------------------------------------------------------------------------
 */

static void fill_circle(struct generator *generator, uint64_t number, struct cells *cells)
{
	static const char *const purposes[] = {"PMT001", "PMT002", "PMT008", "PMT017", "PMT000"};
	uint64_t high = mix(number ^ mix(generator->settings.seed)), low = draw(generator);

	set(cells, channel, "circle");
	set_amount(cells, number, cents_of(number));
	set(cells, currency, draw_below(generator, 4) == 0 ? "EUR" : "USD");
	/* None begins with 00000000 or ffffffff: those are unknown and inactive in the sandbox. */
	(void)snprintf(cells->text[beneficiary_id], CELL_SIZE, "%08x-%04x-4%03x-%04x-%012" PRIx64,
		(unsigned)(high >> 32 & 0x7fffffff) | 0x10000000, (unsigned)(high >> 16 & 0xffff),
		(unsigned)(high & 0xfff), 0x8000 | (unsigned)(low >> 48 & 0x3fff), low & UINT64_C(0xffffffffffff));
	set(cells, purpose, purposes[draw_below(generator, sizeof(purposes) / sizeof(purposes[0]))]);
}

/* --- circle, wire --------------------------------------------------------------------------------------------------
 */

static void set_iban(struct cells *cells, uint64_t account)
{
	char bban[19];
	unsigned rest = 0;

	digits(bban, account, 18);
	for (size_t i = 0; i < 18; i++)
		rest = (rest * 10 + (unsigned)(bban[i] - '0')) % 97;
	rest = (rest * 1000000 + 131400) % 97; /* DE00 */
	(void)snprintf(cells->text[iban], CELL_SIZE, "DE%02u%s", 98 - rest, bban);
}

/* A Federal Reserve district, and digits whose sum by 3, 7 and 1 ends in a zero. */
static void set_routing(struct cells *cells, uint64_t account)
{
	static const unsigned weights[] = {3, 7, 1, 3, 7, 1, 3, 7};
	char text[10];
	unsigned sum = 0;

	digits(text, account, 8);
	memcpy(text, "11", 2);
	for (size_t i = 0; i < 8; i++)
		sum += weights[i] * (unsigned)(text[i] - '0');
	text[8] = (char)('0' + (10 - sum % 10) % 10);
	text[9] = '\0';
	set(cells, routing_number, text);
}

static void set_bank(struct cells *cells, uint64_t account)
{
	static const struct {
		const char *country, *city, *district, *postal_code, *bank;
	} places[] = {{"DE", "Berlin", "", "10115", "Spreebank"}, {"US", "Boston", "MA", "02108", "Harbor Bank"},
		{"JP", "大阪", "", "530-0001", "大阪湾銀行"}};
	size_t at = (size_t)(account % 3);

	set(cells, country, places[at].country);
	set(cells, bank_country, places[at].country);
	set(cells, city, places[at].city);
	set(cells, bank_city, places[at].city);
	set(cells, district, places[at].district);
	set(cells, postal_code, places[at].postal_code);
	set(cells, bank_name, places[at].bank);
	if (at == 0)
		set_iban(cells, account);
	else
		digits(cells->text[account_number], account, at == 2 ? 7 : 12); /* Japan: seven */
	if (at == 1)
		set_routing(cells, account);
	else if (at == 2)
		set(cells, bic, "OSWNJPJT");
}

/* With --outcomes one of fifty fails, to an account of its own: such wires have all the same amount. */
static void fill_wire(struct generator *generator, uint64_t number, struct cells *cells)
{
	bool fails = draw_below(generator, 50) == 0 && generator->settings.outcomes;
	uint64_t group = fails ? number ^ UINT64_C(1) << 40 : number / SHARED_ROWS;
	uint64_t account = mix((group ^ generator->settings.seed) + UINT64_C(0x9e3779b97f4a7c15));

	set(cells, channel, "circle-wire");
	if (fails)
		set(cells, amount, "6.53");
	else
		set_amount(cells, number, cents_of(number));
	set(cells, currency, "USD");
	(void)snprintf(cells->text[beneficiary_name], CELL_SIZE, "Dépôt №%" PRIu64 " GmbH", account % 100000);
	(void)snprintf(cells->text[line1], CELL_SIZE, "%" PRIu64 " Market Street", 1 + account % 400);
	set_bank(cells, account);
}

/* --- mollie --------------------------------------------------------------------------------------------------------
 */

/* A balance pays one payout at a time, so each row has one of its own. */
static void fill_mollie(struct generator *generator, uint64_t number, struct cells *cells)
{
	static const char *const currencies[] = {"EUR", "GBP", "CHF", "SEK", "USD", "PLN"};
	const char *code = currencies[draw_below(generator, sizeof(currencies) / sizeof(currencies[0]))];

	set(cells, channel, "mollie");
	if (draw_below(generator, 20) == 0 && generator->settings.outcomes)
		set(cells, amount, "13.00"); /* fails */
	else
		set_amount(cells, number + 1000, cents_of(number));
	set(cells, currency, code);
	(void)snprintf(cells->text[balance_id], CELL_SIZE, "bal_%c%c%c_%08" PRIu64, code[0] | 32, code[1] | 32,
		code[2] | 32, number);
	(void)snprintf(cells->text[description], CELL_SIZE, "Payout %08" PRIu64 ", %s", number, draw_work(generator));
}

/* --- pontis --------------------------------------------------------------------------------------------------------
 */

/* .01, .02 and .04 fail in the sandbox, .03 would be pending for ever. */
static unsigned pontis_cents(struct generator *generator, uint64_t number)
{
	unsigned cents = cents_of(number);

	return cents == 3 || (cents < 5 && !generator->settings.outcomes) ? 5 : cents;
}

static void fill_pontis(struct generator *generator, uint64_t number, struct cells *cells)
{
	bool india = draw_below(generator, 2) == 0;

	set(cells, channel, "pontis");
	set_amount(cells, number, pontis_cents(generator, number));
	set(cells, currency, "USDT");
	set(cells, target_currency, india ? "INR" : "PHP");
	set(cells, country, india ? "IN" : "PH");
	set(cells, payment_method, india ? "imps" : "bank_local");
	set(cells, beneficiary_name, draw_name(generator));
	(void)snprintf(cells->text[account_number], CELL_SIZE, "7%011" PRIu64, number);
	if (india)
		(void)snprintf(cells->text[ifsc], CELL_SIZE, "EXMP0%06u", (unsigned)draw_below(generator, 1000000));
	set(cells, purpose, "services");
}

/* --- calypso -------------------------------------------------------------------------------------------------------
 */

static bool fill_calypso(struct generator *generator, uint64_t number, struct cells *cells)
{
	struct asset_cells drawn;

	if (!draw_asset_cells(generator, number, &drawn))
		return false;
	set(cells, channel, "calypso");
	set(cells, amount, drawn.amount);
	set(cells, currency, drawn.currency);
	set(cells, wallet_address, drawn.address);
	(void)snprintf(
		cells->text[description], CELL_SIZE, "Invoice 2026-%08" PRIu64 ", %s", number, draw_name(generator));
	return true;
}

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

bool mixed_header(void)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (printf("%s%s", i > 0 ? "," : "", column_names[i]) < 0)
			return false;
	return putchar('\n') != EOF;
}

static bool write_cells(const struct cells *cells)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		const char *quote = strchr(cells->text[i], ',') != NULL ? "\"" : "";

		if (printf("%s%s%s%s", i > 0 ? "," : "", quote, cells->text[i], quote) < 0)
			return false;
	}
	return putchar('\n') != EOF;
}

bool mixed_row(struct generator *generator, uint64_t number)
{
	struct cells cells = {.text = {""}};
	uint64_t share = draw_below(generator, 100);

	(void)snprintf(cells.text[reference], CELL_SIZE, "MIX-2026-%08" PRIu64, number);
	if (share < 25)
		fill_circle(generator, number, &cells);
	else if (share < 35)
		fill_wire(generator, number, &cells);
	else if (share < 40)
		fill_mollie(generator, number, &cells);
	else if (share < 60)
		fill_pontis(generator, number, &cells);
	else if (!fill_calypso(generator, number, &cells))
		return false;
	return write_cells(&cells);
}
