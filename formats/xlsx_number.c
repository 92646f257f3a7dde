#include "formats/xlsx_number.h"

#include <stdint.h>
#include <string.h>

#include "formats/json_number.h"

#define DIGITS_MAX 17   /* that a double is written with */
#define DECIMALS_MAX 40 /* behind the point: wide enough for a quotient of 54 bits in the integers below */
#define LIMBS 8
#define DOUBLE_BITS 53

/* --- integers of 256 bits ----------------------------------------------------------------------------------------- */

struct wide {
	uint32_t limb[LIMBS]; /* lowest first */
};

static struct wide wide_of(uint64_t number)
{
	return (struct wide){.limb = {(uint32_t)number, (uint32_t)(number >> 32)}};
}

static void multiply(struct wide *wide, uint32_t by)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < LIMBS; i++) {
		carry += (uint64_t)wide->limb[i] * by;
		wide->limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void shift_left(struct wide *wide, unsigned bits)
{
	for (; bits > 0; bits--)
		multiply(wide, 2);
}

static void halve(struct wide *wide)
{
	for (size_t i = 0; i < LIMBS; i++)
		wide->limb[i] = wide->limb[i] >> 1 | (i + 1 < LIMBS ? wide->limb[i + 1] << 31 : 0);
}

static int compare(const struct wide *a, const struct wide *b)
{
	for (size_t i = LIMBS; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

static void subtract(struct wide *from, const struct wide *other)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < LIMBS; i++) {
		uint64_t step = (uint64_t)from->limb[i] - other->limb[i] - borrow;

		from->limb[i] = (uint32_t)step;
		borrow = step >> 63;
	}
}

/* --- doubles ------------------------------------------------------------------------------------------------------ */

/* over / under to the nearest integer, half to even; below 2^55. */
static uint64_t quotient(struct wide over, struct wide under)
{
	struct wide step = under;
	uint64_t result = 0;
	int order;

	shift_left(&step, DOUBLE_BITS + 1);
	for (int i = DOUBLE_BITS + 1; i >= 0; i--, halve(&step)) {
		if (compare(&over, &step) < 0)
			continue;
		subtract(&over, &step);
		result |= UINT64_C(1) << i;
	}
	shift_left(&over, 1);
	order = compare(&over, &under);
	return result + (order > 0 || (order == 0 && (result & 1) != 0) ? 1 : 0);
}

/* Are a and b, both over 10^decimals, the same double? Scaled so that a has the 53 bits of one. */
static bool same_double(uint64_t a, uint64_t b, unsigned decimals)
{
	struct wide over = wide_of(a), other = wide_of(b), under = wide_of(1), top;

	for (; decimals > 0; decimals--)
		multiply(&under, 10);
	for (;;) {
		top = under;
		shift_left(&top, DOUBLE_BITS - 1);
		if (compare(&over, &top) >= 0)
			break;
		shift_left(&over, 1);
		shift_left(&other, 1);
	}
	for (;;) {
		top = under;
		shift_left(&top, DOUBLE_BITS);
		if (compare(&over, &top) < 0)
			break;
		shift_left(&under, 1);
	}
	return quotient(over, under) == quotient(other, under);
}

/* --- numbers of more digits than are sure ------------------------------------------------------------------------- */

struct decimal {
	bool negative;
	uint64_t digits;
	int count;        /* of digits, without zeros at the front */
	int64_t exponent; /* of ten */
};

static bool take_digits(struct text token, size_t *at, bool behind, struct decimal *decimal)
{
	size_t start = *at;

	for (; *at < token.len && token.ptr[*at] >= '0' && token.ptr[*at] <= '9'; ++*at) {
		if (decimal->count == DIGITS_MAX)
			return false;
		decimal->digits = decimal->digits * 10 + (uint64_t)(token.ptr[*at] - '0');
		decimal->count += decimal->digits > 0 ? 1 : 0;
		decimal->exponent -= behind ? 1 : 0;
	}
	return *at > start;
}

static bool take_exponent(struct text token, size_t at, struct decimal *decimal)
{
	struct text digits;
	int64_t exponent;
	bool negative = at < token.len && token.ptr[at] == '-';

	at += at < token.len && (token.ptr[at] == '-' || token.ptr[at] == '+');
	digits = (struct text){token.ptr + at, token.len - at};
	if (!text_number(digits, 400, &exponent))
		return false;
	decimal->exponent += negative ? -exponent : exponent;
	return true;
}

static bool take_decimal(struct text token, struct decimal *decimal)
{
	size_t at = token.len > 0 && token.ptr[0] == '-' ? 1 : 0;

	*decimal = (struct decimal){.negative = at == 1};
	if (!take_digits(token, &at, false, decimal))
		return false;
	if (at < token.len && token.ptr[at] == '.') {
		at++;
		if (!take_digits(token, &at, true, decimal))
			return false;
	}
	if (at < token.len && (token.ptr[at] == 'e' || token.ptr[at] == 'E'))
		return take_exponent(token, at + 1, decimal);
	return at == token.len;
}

/* To as many digits as are sure, where that is the same double. */
static bool round_same(struct decimal *decimal)
{
	uint64_t power = 1, rounded;

	for (int i = JSON_NUMBER_DIGITS; i < decimal->count; i++)
		power *= 10;
	if (decimal->exponent > 0 || decimal->exponent < -DECIMALS_MAX)
		return false;
	rounded = (decimal->digits + power / 2) / power * power;
	if (!same_double(decimal->digits, rounded, (unsigned)-decimal->exponent))
		return false;
	decimal->digits = rounded;
	return true;
}

bool xlsx_number_plain(struct text token, char mark, struct buf *out)
{
	struct decimal decimal;
	struct buf again = {0};
	bool fine;

	if (json_number_plain(token, mark, out))
		return true;
	if (!take_decimal(token, &decimal) || decimal.count <= JSON_NUMBER_DIGITS || !round_same(&decimal))
		return false;
	buf_addf(&again, "%s%llue%lld", decimal.negative ? "-" : "", (unsigned long long)decimal.digits,
		(long long)decimal.exponent);
	fine = json_number_plain(buf_text(&again), mark, out);
	buf_release(&again);
	return fine;
}
