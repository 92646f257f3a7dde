#include "cmd/sandbox/decimal.h"

#include <assert.h>

#define PLACES 18
#define EXPONENT_MAX 9999 /* beyond it no digit could count; also keeps the arithmetic small */

static const uint64_t power[PLACES + 1] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
};

static bool is_digit(struct text text, size_t at)
{
	return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

static size_t digits_end(struct text text, size_t at)
{
	while (is_digit(text, at))
		at++;
	return at;
}

/* Reads what follows "e"; false when it is not an exponent or absurdly large. */
static bool exponent_parse(struct text text, size_t at, int64_t *exponent)
{
	bool negative = false;
	size_t end;
	int64_t value = 0;

	if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
		negative = text.ptr[at++] == '-';
	end = digits_end(text, at);
	if (end == at || end != text.len)
		return false;
	for (; at < end; at++) {
		value = value * 10 + (text.ptr[at] - '0');
		if (value > EXPONENT_MAX)
			return false;
	}
	*exponent = negative ? -value : value;
	return true;
}

/* Adds digit * 10^place. Zeros count nowhere, so that any number of them may stand at either end. */
static bool digit_add(struct decimal *decimal, char digit, int64_t place)
{
	uint64_t value = (uint64_t)(digit - '0');

	if (value == 0)
		return true;
	if (place >= PLACES || place < -PLACES)
		return false;
	if (place >= 0)
		decimal->whole += value * power[place];
	else
		decimal->atto += value * power[PLACES + place];
	return true;
}

bool decimal_parse(struct text text, struct decimal *decimal)
{
	size_t whole_end = digits_end(text, 0);
	size_t end = whole_end;
	int64_t exponent = 0;
	size_t at;

	*decimal = (struct decimal){0, 0};
	if (whole_end == 0)
		return false;
	if (end < text.len && text.ptr[end] == '.') {
		end = digits_end(text, whole_end + 1);
		if (end == whole_end + 1)
			return false;
	}
	if (end < text.len) {
		if (text.ptr[end] != 'e' && text.ptr[end] != 'E')
			return false;
		if (!exponent_parse(text, end + 1, &exponent))
			return false;
	}
	for (at = 0; at < whole_end; at++)
		if (!digit_add(decimal, text.ptr[at], (int64_t)(whole_end - at) - 1 + exponent))
			return false;
	for (at = whole_end + 1; at < end; at++)
		if (!digit_add(decimal, text.ptr[at], (int64_t)whole_end - (int64_t)at + exponent))
			return false;
	return true;
}

unsigned decimal_places(struct decimal decimal)
{
	unsigned places = PLACES;

	if (decimal.atto == 0)
		return 0;
	while (decimal.atto % 10 == 0) {
		decimal.atto /= 10;
		places--;
	}
	return places;
}

void decimal_write(struct buf *buf, struct decimal decimal)
{
	unsigned places = decimal_places(decimal);
	unsigned at;

	buf_addi(buf, (int64_t)decimal.whole);
	if (places == 0)
		return;
	buf_addc(buf, '.');
	for (at = 1; at <= places; at++)
		buf_addc(buf, (char)('0' + decimal.atto / power[PLACES - at] % 10));
}

void decimal_write_money(struct buf *buf, struct decimal decimal)
{
	unsigned places = decimal_places(decimal);

	decimal_write(buf, decimal);
	if (places < 2)
		buf_addz(buf, places == 0 ? ".00" : "0");
}

bool decimal_is_zero(struct decimal decimal)
{
	return decimal.whole == 0 && decimal.atto == 0;
}

int decimal_compare(struct decimal a, struct decimal b)
{
	if (a.whole != b.whole)
		return a.whole < b.whole ? -1 : 1;
	if (a.atto != b.atto)
		return a.atto < b.atto ? -1 : 1;
	return 0;
}

struct decimal decimal_add(struct decimal a, struct decimal b)
{
	struct decimal sum = {a.whole + b.whole, a.atto + b.atto};

	if (sum.atto >= DECIMAL_ONE) {
		sum.atto -= DECIMAL_ONE;
		sum.whole++;
	}
	assert(sum.whole < DECIMAL_ONE);
	return sum;
}

struct decimal decimal_subtract(struct decimal a, struct decimal b)
{
	struct decimal rest;

	assert(decimal_compare(a, b) >= 0);
	rest.whole = a.whole - b.whole;
	rest.atto = a.atto - b.atto;
	if (a.atto < b.atto) {
		rest.atto += DECIMAL_ONE;
		rest.whole--;
	}
	return rest;
}
