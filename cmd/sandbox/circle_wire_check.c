/* What a bank account must say to be linked (providers/circle.md, A6). */
#include "cmd/sandbox/circle.h"

/* The three field sets. */
enum field_set { SET_US = 0, SET_IBAN, SET_OTHER };

static const struct circle_field billing_fields[] = {
	{"name", true, 1024}, {"line1", true, 1024}, {"line2", false, 1024}, {"city", true, 1024},
	{"district", false, 16}, {"postalCode", true, 16}, {"country", true, 1024}, /* its form has codes of its own */
};

/* bankName and city are required by some sets: see bank_read. */
static const struct circle_field bank_fields[] = {
	{"bankName", false, 35},
	{"line1", false, 35},
	{"line2", false, 35},
	{"city", false, 35},
	{"district", false, 16},
	{"country", true, 1024},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Countries whose accounts are linked by IBAN (A6, option 2). */
static const char iban_countries[] = "AD AT AZ BE BG HR DK EE FI FR DE GI GR GT VA HU IS IE IL IT JO LV LI LT LU MT MC "
				     "NL NO PL PT RO SM SK SI ES SE CH TR AE GB VG";

bool circle_country_iban(struct text country)
{
	size_t i;

	for (i = 0; country.len == 2 && i + 2 <= sizeof(iban_countries) - 1; i += 3)
		if (memcmp(iban_countries + i, country.ptr, 2) == 0)
			return true;
	return false;
}

/* Nine digits, weighted 3 7 1, their sum a multiple of 10. */
bool circle_aba_valid(struct text text)
{
	static const int weights[] = {3, 7, 1};
	int sum = 0;
	size_t i;

	if (!circle_digits(text, 9, 9))
		return false;
	for (i = 0; i < 9; i++)
		sum += (text.ptr[i] - '0') * weights[i % 3];
	return sum > 0 && sum % 10 == 0;
}

static bool is_upper(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool is_upper_or_digit(char byte)
{
	return is_upper(byte) || (byte >= '0' && byte <= '9');
}

/* Four characters of the bank, two of a country, two of the place, perhaps three of the branch. */
bool circle_bic_valid(struct text text)
{
	size_t i;

	if (text.len != 8 && text.len != 11)
		return false;
	for (i = 0; i < text.len; i++)
		if (!is_upper_or_digit(text.ptr[i]))
			return false;
	return circle_country_known((struct text){text.ptr + 4, 2});
}

/* The check digits make the number, its first four characters last and letters as 10 to 35, 1 modulo 97. */
bool circle_iban_valid(struct text text)
{
	unsigned rest = 0;
	size_t i;

	if (text.len < 15 || text.len > 34 || !circle_country_known((struct text){text.ptr, 2}))
		return false;
	for (i = 0; i < text.len; i++) {
		char byte = text.ptr[(i + 4) % text.len];

		if (!is_upper_or_digit(byte))
			return false;
		rest = is_upper(byte) ? (rest * 100 + (unsigned)(byte - 'A') + 10) % 97
				      : (rest * 10 + (unsigned)(byte - '0')) % 97;
	}
	return rest == 1;
}

static enum field_set set_of(const struct circle_call *call)
{
	const json_t *bank = json_object_get(call->root, "bankAddress");
	struct text country = document_string(json_object_get(bank, "country"));

	if (json_object_get(call->root, "iban") != NULL)
		return SET_IBAN;
	if (text_is(country, "US"))
		return SET_US;
	return circle_country_iban(country) ? SET_IBAN : SET_OTHER;
}

static void account_number_read(struct circle_call *call, struct circle_wire_order *order)
{
	static const struct circle_field field = {"accountNumber", true, 1024};
	const json_t *value = json_object_get(call->root, "accountNumber");

	order->account = circle_string(call, call->root, "", &field);
	if (order->account.ptr != NULL && (order->account.len < 6 || order->account.len > 35))
		circle_wrong(call, "length_outside_bounds", "accountNumber", value, "{\"min\":6,\"max\":35}",
			"accountNumber size must be between 6 and 35");
}

static void routing_read(struct circle_call *call, struct circle_wire_order *order, enum field_set set)
{
	static const struct circle_field field = {"routingNumber", true, 1024};
	const json_t *value = json_object_get(call->root, "routingNumber");

	order->routing = circle_string(call, call->root, "", &field);
	if (order->routing.ptr == NULL)
		return;
	if (set == SET_US && !circle_aba_valid(order->routing))
		circle_wrong(call, "invalid_value", "routingNumber", value, NULL,
			"routingNumber must be an ABA routing number");
	if (set == SET_OTHER && !circle_bic_valid(order->routing))
		circle_wrong(call, "invalid_value", "routingNumber", value, NULL, "routingNumber must be a BIC");
}

/* An account number beside an IBAN is one too many (assumed). */
static void iban_read(struct circle_call *call, struct circle_wire_order *order)
{
	static const struct circle_field field = {"iban", true, 1024};
	const json_t *number = json_object_get(call->root, "accountNumber");

	order->account = circle_string(call, call->root, "", &field);
	if (order->account.ptr != NULL && !circle_iban_valid(order->account))
		circle_wrong(call, "invalid_value", "iban", json_object_get(call->root, "iban"), NULL,
			"iban must be an IBAN");
	if (number != NULL && !json_is_null(number))
		circle_wrong(call, "not_required", "accountNumber", number, NULL,
			"accountNumber must not stand beside iban");
}

static void bank_read(struct circle_call *call, struct circle_wire_order *order, enum field_set set)
{
	const json_t *bank = circle_object(call, call->root, "", "bankAddress", true);
	struct circle_field fields[COUNT(bank_fields)];
	size_t i;

	if (bank == NULL)
		return;
	memcpy(fields, bank_fields, sizeof(fields));
	for (i = 0; i < COUNT(fields); i++) {
		if (strcmp(fields[i].name, "city") == 0)
			fields[i].required = set != SET_US;
		if (strcmp(fields[i].name, "bankName") == 0)
			fields[i].required = set == SET_OTHER;
	}
	circle_fields(call, bank, "bankAddress.", fields, COUNT(fields), &order->bank);
	order->bank_name = document_string(json_object_get(bank, "bankName"));
}

bool circle_wire_read(struct circle_call *call, struct circle_wire_order *order)
{
	enum field_set set = set_of(call);
	const json_t *billing = circle_object(call, call->root, "", "billingDetails", true);

	if (set == SET_IBAN) {
		iban_read(call, order);
	} else {
		account_number_read(call, order);
		routing_read(call, order, set);
	}
	if (billing != NULL)
		circle_fields(call, billing, "billingDetails.", billing_fields, COUNT(billing_fields), &order->billing);
	bank_read(call, order, set);
	return circle_checked(call) && circle_place_check(call, billing, "billingDetails", true) &&
	       circle_place_check(call, json_object_get(call->root, "bankAddress"), "bankAddress", false);
}

void circle_wire_order_release(struct circle_wire_order *order)
{
	buf_release(&order->billing);
	buf_release(&order->bank);
}
