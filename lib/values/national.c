#include "values/national.h"

#include <assert.h>
#include <string.h>

#include "values/bank.h"
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VALUE_MAX 40 /* characters without separators; none is longer than 34 */

#define ROW(country, form_rule, check_rule, column, fields, form, separators, check, name, what, example)              \
	{country, form_rule, check_rule, column, fields, form, separators, check, name, what},
static const struct national nationals[] = {TABLES_NATIONAL_ROWS(ROW)};
#undef ROW

static unsigned order(const char *alpha2)
{
	return (unsigned)(unsigned char)alpha2[0] << 8 | (unsigned char)alpha2[1];
}

/* The table is sorted by country. */
static size_t first_of(unsigned country)
{
	size_t first = 0, count = COUNT(nationals);

	while (count > 0) {
		size_t half = count / 2;

		if (order(nationals[first + half].country) < country) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return first;
}

const struct national *national_next(struct text country, size_t *at)
{
	size_t index;

	if (country.len != 2)
		return NULL;
	index = first_of(order(country.ptr)) + *at;
	if (index >= COUNT(nationals) || order(nationals[index].country) != order(country.ptr))
		return NULL;
	(*at)++;
	return &nationals[index];
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_capital(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool are_digits(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.ptr[i]))
			return false;
	return value.len > 0;
}

/* Without what stands between its characters; NULL-ended nowhere. Empty when it is too long for any of them. */
static struct text bare(struct text value, const char *separators, char out[VALUE_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		char byte = value.ptr[i];

		if (byte != '\0' && strchr(separators, byte) != NULL && i > 0 && i + 1 < value.len)
			continue;
		if (len == VALUE_MAX)
			return (struct text){out, 0};
		out[len++] = byte;
	}
	return (struct text){out, len};
}

static bool is_kind(char byte, char kind)
{
	switch (kind) {
	case 'n':
		return is_digit(byte);
	case 'c':
		return is_digit(byte) || is_capital(byte);
	case 'k':
		return is_digit(byte) || byte == 'K';
	default:
		return kind == 'p';
	}
}

static size_t number_at(const char **form)
{
	size_t number = 0;

	for (; is_digit(**form); (*form)++)
		number = 10 * number + (size_t)(**form - '0');
	return number;
}

/* One of a form's alternatives: groups of a count or a range and a kind; a range takes what the groups behind it leave.
 * *least: the characters that it has at least. */
static bool fits_one(const char *form, struct text value, size_t *least)
{
	size_t at = 0, behind = 0;
	const char *group = form;

	*least = 0;
	while (*group != '\0' && *group != ',') {
		*least += number_at(&group);
		if (*group == '-') {
			group++;
			(void)number_at(&group);
		}
		group++;
	}
	behind = *least;
	while (*form != '\0' && *form != ',') {
		size_t low = number_at(&form), high = low, count;

		if (*form == '-') {
			form++;
			high = number_at(&form);
		}
		behind -= low;
		count = value.len >= at + behind ? value.len - at - behind : 0;
		if (count > high)
			count = high;
		if (count < low)
			return false;
		for (; count > 0; count--, at++)
			if (!is_kind(value.ptr[at], *form))
				return false;
		form++;
	}
	return at == value.len;
}

static enum national_verdict judge_form(const char *form, struct text value)
{
	bool too_short = are_digits(value);

	for (;;) {
		const char *next = strchr(form, ',');
		size_t least;

		if (fits_one(form, value, &least))
			return NATIONAL_VALID;
		too_short = too_short && value.len < least;
		if (next == NULL)
			return too_short ? NATIONAL_BAD_SHORT : NATIONAL_BAD_FORM;
		form = next + 1;
	}
}

/* --- check digits ------------------------------------------------------------------------------------------------ */

/* Digits, and letters as 10 to 35, of a number modulo 97. */
static unsigned modulo_97(struct text value, size_t first, unsigned rest)
{
	for (size_t i = first; i < value.len; i++) {
		char byte = value.ptr[i];

		if (is_digit(byte))
			rest = (10 * rest + (unsigned)(byte - '0')) % 97;
		else
			rest = (100 * rest + (unsigned)(byte - 'A') + 10) % 97;
	}
	return rest;
}

bool national_lei(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_digit(value.ptr[i]) && (i >= 18 || !is_capital(value.ptr[i])))
			return false;
	return value.len == 20 && modulo_97(value, 0, 0) == 1;
}

bool national_creditor_reference(struct text value, bool *looks)
{
	char out[VALUE_MAX];
	struct text reference = bare(value, " ", out);

	*looks = reference.len >= 5 && reference.len <= 25 && memcmp(reference.ptr, "RF", 2) == 0 &&
		 is_digit(reference.ptr[2]) && is_digit(reference.ptr[3]);
	for (size_t i = 4; *looks && i < reference.len; i++)
		*looks = is_kind(reference.ptr[i], 'c');
	if (!*looks)
		return false;
	return modulo_97((struct text){reference.ptr, 4}, 0, modulo_97(reference, 4, 0)) == 1;
}

/* Weights 3, 7, 1 over 17 digits; of each product the last digit counts. */
static bool clabe_fits(struct text value)
{
	static const int weights[] = {3, 7, 1};
	int sum = 0;

	for (size_t i = 0; i < 17; i++)
		sum += weights[i % 3] * (value.ptr[i] - '0') % 10;
	return (10 - sum % 10) % 10 == value.ptr[17] - '0';
}

/* A block's last digit: weights 3, 1, 7, 9 from the right. */
static bool cbu_block_fits(const char *digits, size_t count)
{
	static const int weights[] = {3, 1, 7, 9};
	int sum = 0;

	for (size_t i = 0; i + 1 < count; i++)
		sum += weights[(count - 2 - i) % 4] * (digits[i] - '0');
	return (10 - sum % 10) % 10 == digits[count - 1] - '0';
}

static bool cbu_fits(struct text value)
{
	return cbu_block_fits(value.ptr, 8) && cbu_block_fits(value.ptr + 8, 14);
}

/* One digit modulo 11: the weights go down to 2, and begin again at the highest one. Letters count by their place in
 * ASCII, as the alphanumeric CNPJ has it (IN RFB 2229/2024). */
static int modulo_11_digit(const char *at, size_t count, int highest)
{
	int sum = 0, rest;

	for (size_t i = 0; i < count; i++)
		sum += (at[i] - '0') * (2 + (int)(count - 1 - i) % (highest - 1));
	rest = sum % 11;
	return rest < 2 ? 0 : 11 - rest;
}

static bool all_equal(struct text value)
{
	for (size_t i = 1; i < value.len; i++)
		if (value.ptr[i] != value.ptr[0])
			return false;
	return true;
}

static bool cpf_fits(struct text value)
{
	return !all_equal(value) && modulo_11_digit(value.ptr, 9, 11) == value.ptr[9] - '0' &&
	       modulo_11_digit(value.ptr, 10, 11) == value.ptr[10] - '0';
}

static bool cnpj_fits(struct text value)
{
	return !all_equal(value) && modulo_11_digit(value.ptr, 12, 9) == value.ptr[12] - '0' &&
	       modulo_11_digit(value.ptr, 13, 9) == value.ptr[13] - '0';
}

static bool br_tax_fits(struct text value)
{
	return value.len == 11 ? cpf_fits(value) : cnpj_fits(value);
}

static bool rut_fits(struct text value)
{
	int sum = 0, digit;
	size_t count = value.len - 1;

	for (size_t i = 0; i < count; i++)
		sum += (value.ptr[i] - '0') * (2 + (int)(count - 1 - i) % 6);
	digit = 11 - sum % 11;
	if (digit == 10)
		return value.ptr[count] == 'K';
	return value.ptr[count] == (digit == 11 ? '0' : (char)('0' + digit));
}

static bool aba_fits(struct text value)
{
	return routing_check(value) == ROUTING_VALID;
}

/* --- what is no form of so many characters ---------------------------------------------------------------------- */

/* 0, institution and branch as payments have them; or branch, a dash and institution as cheques have them. */
static bool ca_routing_is(struct text value)
{
	char out[VALUE_MAX];

	if (value.len == 9 && value.ptr[5] == '-')
		return are_digits(bare(value, "-", out)) && bare(value, "-", out).len == 8;
	return value.len == 9 && value.ptr[0] == '0' && are_digits(value);
}

static bool cnaps_is(struct text value)
{
	if (text_starts(value, TEXT("C/N")))
		value = (struct text){value.ptr + 3, value.len - 3};
	else if (text_starts(value, TEXT("CN")))
		value = (struct text){value.ptr + 2, value.len - 2};
	return value.len == 12 && are_digits(value);
}

#define PIX_EMAIL_MAX 77

static bool is_pix_email(struct text value)
{
	const char *at = memchr(value.ptr, '@', value.len);
	size_t before = at != NULL ? (size_t)(at - value.ptr) : 0;

	return at != NULL && before > 0 && before + 1 < value.len && value.len <= PIX_EMAIL_MAX &&
	       memchr(at + 1, '@', value.len - before - 1) == NULL && memchr(value.ptr, ' ', value.len) == NULL;
}

/* +55, an area of two digits, and a number of eight or nine. */
static bool is_pix_phone(struct text value)
{
	return text_starts(value, TEXT("+55")) && (value.len == 13 || value.len == 14) &&
	       are_digits((struct text){value.ptr + 1, value.len - 1});
}

/* A random UUID of version 4 in small letters. */
static bool is_pix_random(struct text value)
{
	if (!text_is_uuid(value) || value.ptr[14] != '4' || strchr("89ab", value.ptr[19]) == NULL)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (is_capital(value.ptr[i]))
			return false;
	return true;
}

static bool pix_is(struct text value)
{
	char out[VALUE_MAX];
	struct text number;

	if (value.len == 0)
		return false;
	if (is_pix_email(value) || is_pix_phone(value) || is_pix_random(value))
		return true;
	number = bare(value, "./-", out);
	if (judge_form("11n", number) == NATIONAL_VALID)
		return cpf_fits(number);
	return judge_form("12c2n", number) == NATIONAL_VALID && cnpj_fits(number);
}

/* An entry has a form and then maybe check digits, or no form and a function that says what it is. */
static const struct {
	const char *name;
	bool (*fits)(struct text value);
} checks[] = {
	{"aba", aba_fits},
	{"br_tax", br_tax_fits},
	{"ca_routing", ca_routing_is},
	{"cbu", cbu_fits},
	{"clabe", clabe_fits},
	{"cnaps", cnaps_is},
	{"cnpj", cnpj_fits},
	{"cpf", cpf_fits},
	{"pix", pix_is},
	{"rut", rut_fits},
};

static bool check_fits(const char *name, struct text value)
{
	size_t i = 0;

	while (i < COUNT(checks) && strcmp(checks[i].name, name) != 0)
		i++;
	assert(i < COUNT(checks));
	return checks[i].fits(value);
}

enum national_verdict national_check(const struct national *national, struct text value)
{
	char out[VALUE_MAX] = "";
	enum national_verdict verdict;

	if (national->form[0] == '\0')
		return check_fits(national->check, value) ? NATIONAL_VALID : NATIONAL_BAD_FORM;
	value = bare(value, national->separators, out);
	verdict = judge_form(national->form, value);
	if (verdict != NATIONAL_VALID || national->check[0] == '\0')
		return verdict;
	return check_fits(national->check, value) ? NATIONAL_VALID : NATIONAL_BAD_CHECK;
}
