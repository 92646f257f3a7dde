/* A create request: what it must say in each product (providers/circle.md, A4, A5, A10, A11, A16). */
#include "cmd/sandbox/circle.h"

#define TRAVEL_LIMIT 3000 /* whole units from which a US originator is named (A10) */
#define REAIS_A_DOLLAR 5  /* the rate of USD -> BRL (assumed) */
#define DESTINATION_MAX 64

bool circle_purpose_known(struct text purpose)
{
	int64_t number;

	/* PMT000 to PMT030; 006 belongs to another product and is rejected here (A11). */
	return purpose.len == 6 && text_starts(purpose, TEXT("PMT")) &&
	       text_number((struct text){purpose.ptr + 3, 3}, 30, &number) && number != 6;
}

static bool amount_is(struct decimal amount, uint64_t whole, uint64_t hundredths)
{
	return amount.whole == whole && amount.atto == hundredths * (DECIMAL_ONE / 100);
}

enum circle_outcome circle_outcome_of(
	enum circle_entity entity, const struct circle_detail *detail, struct decimal amount)
{
	if (detail->product == CIRCLE_BOOK) {
		if (detail->identities.ptr != NULL)
			return CIRCLE_COMPLETE;
		if (entity != CIRCLE_LLC)
			return CIRCLE_DENIED;
		return amount.whole >= TRAVEL_LIMIT && circle_chain_travels(detail->chain) ? CIRCLE_DENIED
											   : CIRCLE_COMPLETE;
	}
	if (amount_is(amount, 6, 21))
		return CIRCLE_COMPLETE_RETURNED;
	if (amount_is(amount, 6, 37))
		return CIRCLE_FAILED_RETURNED;
	return amount_is(amount, 6, 53) ? CIRCLE_FAILED : CIRCLE_COMPLETE;
}

/* Whose values A18 lists by code are refused after the body as such is found valid. */
struct wanted {
	const json_t *amount_value;
	struct text type;
	struct text destination;
	struct text to_currency;
	bool negative;
};

static void money_read(struct circle_call *call, struct circle_order *order, struct wanted *wanted)
{
	static const struct circle_field amount_field = {"amount", true, 32};
	static const struct circle_field currency_field = {"currency", true, 16};
	const json_t *money = circle_object(call, call->root, "", "amount", true);
	struct text amount;

	if (money == NULL)
		return;
	amount = circle_string(call, money, "amount.", &amount_field);
	order->payout.currency = circle_string(call, money, "amount.", &currency_field);
	if (amount.ptr == NULL)
		return;
	if (!circle_amount_parse(amount, &order->amount, &wanted->negative)) {
		circle_wrong(call, "pattern_mismatch", "amount.amount", json_object_get(money, "amount"),
			"{\"pattern\":\"^[0-9]+(\\\\.[0-9]{1,2})?$\"}",
			"amount.amount must be digits with at most two after a point");
		return;
	}
	decimal_write(&order->amount_text, order->amount);
	order->payout.amount = buf_text(&order->amount_text);
}

/* The given amount, or the worked out one. */
static void to_amount_read(struct circle_call *call, struct circle_order *order, struct wanted *wanted)
{
	static const struct circle_field amount_field = {"amount", false, 32};
	static const struct circle_field currency_field = {"currency", true, 16};
	const json_t *money = circle_object(call, call->root, "", "toAmount", false);
	struct decimal to = order->amount;
	struct text amount;
	bool negative = false;
	int i;

	if (money == NULL)
		return;
	amount = circle_string(call, money, "toAmount.", &amount_field);
	wanted->to_currency = circle_string(call, money, "toAmount.", &currency_field);
	if (amount.ptr != NULL && (!circle_amount_parse(amount, &to, &negative) || negative))
		circle_wrong(call, "pattern_mismatch", "toAmount.amount", json_object_get(money, "amount"), NULL,
			"toAmount.amount must be an amount");
	if (amount.ptr == NULL && text_is(wanted->to_currency, "BRL") && !text_is(order->payout.currency, "BRL"))
		for (i = 1; i < REAIS_A_DOLLAR; i++)
			to = decimal_add(to, order->amount);
	decimal_write(&order->to_amount_text, to);
	order->detail.to_amount = buf_text(&order->to_amount_text);
	order->detail.to_currency = wanted->to_currency;
}

static void destination_read(struct circle_call *call, struct circle_order *order, struct wanted *wanted)
{
	static const char *const types[] = {"wire", "cubix", "pix", "sepa", "sepa_instant"};
	static const char *const legacy_types[] = {"address_book", "wire", "ach", "sepa"};
	static const struct circle_field type_field = {"type", true, 32};
	static const struct circle_field id_field = {"id", true, DESTINATION_MAX};
	const json_t *destination = circle_object(call, call->root, "", "destination", true);
	bool known = false;
	size_t i;

	if (destination == NULL)
		return;
	wanted->type = circle_string(call, destination, "destination.", &type_field);
	wanted->destination = circle_string(call, destination, "destination.", &id_field);
	if (wanted->type.ptr == NULL)
		return;
	for (i = 0; !call->legacy && i < sizeof(types) / sizeof(types[0]); i++)
		known = known || text_is(wanted->type, types[i]);
	for (i = 0; call->legacy && i < sizeof(legacy_types) / sizeof(legacy_types[0]); i++)
		known = known || text_is(wanted->type, legacy_types[i]);
	if (!known)
		circle_wrong(call, "invalid_value", "destination.type", json_object_get(destination, "type"), NULL,
			"destination.type is not one of the types");
	order->detail.product = !call->legacy                           ? CIRCLE_BUSINESS
				: text_is(wanted->type, "address_book") ? CIRCLE_BOOK
									: CIRCLE_LEGACY;
}

/* One originator (A10), written into the buffer with its documented members. */
static void identity_read(struct circle_call *call, const json_t *identity, const char *place, struct buf *out)
{
	static const struct circle_field fields[] = {{"type", true, 16}, {"name", true, 1024}};
	static const struct circle_field address_fields[] = {
		{"line1", true, 1024},
		{"line2", false, 1024},
		{"city", true, 1024},
		{"district", false, 16},
		{"postalCode", true, 16},
		{"country", true, 2},
	};
	const json_t *addresses = json_object_get(identity, "addresses");
	struct text type = document_string(json_object_get(identity, "type"));
	char prefix[96];
	char member[96];
	size_t i;

	snprintf(prefix, sizeof(prefix), "%s.", place);
	circle_fields(call, identity, prefix, fields, 2, out);
	snprintf(member, sizeof(member), "%s.type", place);
	if (type.ptr != NULL && !text_is(type, "individual") && !text_is(type, "business"))
		circle_wrong(call, "invalid_value", member, json_object_get(identity, "type"), NULL,
			"%s must be individual or business", member);
	snprintf(member, sizeof(member), "%s.addresses", place);
	if (json_array_size(addresses) == 0)
		circle_wrong(call, "required", member, NULL, NULL, "%s may not be empty", member);
	out->len--; /* open it again */
	buf_addz(out, ",\"addresses\":[");
	for (i = 0; i < json_array_size(addresses); i++) {
		if (i > 0)
			buf_addc(out, ',');
		snprintf(prefix, sizeof(prefix), "%s.addresses[%zu].", place, i);
		circle_fields(call, json_array_get(addresses, i), prefix, address_fields,
			sizeof(address_fields) / sizeof(address_fields[0]), out);
	}
	buf_addz(out, "]}");
}

static void source_read(struct circle_call *call, struct circle_order *order)
{
	static const struct circle_field type_field = {"type", true, 16};
	static const struct circle_field id_field = {"id", true, 36};
	const json_t *source = circle_object(call, call->root, "", "source", false);
	const json_t *identities = json_object_get(source, "identities");
	struct text type;
	char place[40];
	size_t i;

	order->detail.wallet = TEXT(CIRCLE_MASTER_WALLET);
	if (source == NULL)
		return;
	type = circle_string(call, source, "source.", &type_field);
	order->detail.wallet = circle_string(call, source, "source.", &id_field);
	if (type.ptr != NULL && !text_is(type, "wallet"))
		circle_wrong(call, "invalid_value", "source.type", json_object_get(source, "type"), NULL,
			"source.type must be wallet");
	/* Travel rule data belong to the stablecoin product alone. */
	if (order->detail.product != CIRCLE_BOOK || json_array_size(identities) == 0)
		return;
	for (i = 0; i < json_array_size(identities); i++) {
		buf_addc(&order->identities, i == 0 ? '[' : ',');
		snprintf(place, sizeof(place), "source.identities[%zu]", i);
		identity_read(call, json_array_get(identities, i), place, &order->identities);
	}
	buf_addc(&order->identities, ']');
	order->detail.identities = buf_text(&order->identities);
}

/* A legacy payout goes to an end user, whose address is required (A5). */
static void metadata_read(struct circle_call *call, const struct circle_order *order)
{
	static const struct circle_field field = {"beneficiaryEmail", true, 320};
	const json_t *metadata;
	struct text email;

	if (order->detail.product != CIRCLE_LEGACY)
		return;
	metadata = circle_object(call, call->root, "", "metadata", true);
	if (metadata == NULL)
		return;
	email = circle_string(call, metadata, "metadata.", &field);
	if (email.ptr != NULL && (memchr(email.ptr, '@', email.len) == NULL || email.len < 3))
		circle_wrong(call, "pattern_mismatch", "metadata.beneficiaryEmail",
			json_object_get(metadata, "beneficiaryEmail"), NULL,
			"metadata.beneficiaryEmail must be an email address");
}

static bool currencies_check(struct circle_call *call, const struct circle_order *order, const struct wanted *wanted)
{
	struct text currency = order->payout.currency;
	enum circle_product product = order->detail.product;
	bool known = product == CIRCLE_BUSINESS
			     ? circle_currency_fiat(currency)
			     : text_is(currency, "USD") || (product == CIRCLE_BOOK && text_is(currency, "EUR"));
	bool pair = wanted->to_currency.ptr == NULL || text_equal(currency, wanted->to_currency) ||
		    (product == CIRCLE_BUSINESS && text_is(currency, "USD") && text_is(wanted->to_currency, "BRL"));

	if (wanted->negative || decimal_is_zero(order->amount))
		return circle_refuse(call, CIRCLE_AMOUNT_NOT_POSITIVE, "The amount must be greater than 0.");
	return (known && pair) ||
	       circle_refuse(call, CIRCLE_CURRENCY_UNSUPPORTED, "The currency is not supported for this operation.");
}

static bool recipient_check(struct circle_call *call, struct circle_order *order, const struct wanted *wanted)
{
	struct circle_recipient recipient;

	switch (circle_recipient_find(call, wanted->destination, &recipient, order->destination)) {
	case CIRCLE_RECIPIENT_ACTIVE:
		order->detail.chain = recipient.chain;
		order->payout.destination = (struct text){order->destination, UUID_LEN};
		return true;
	case CIRCLE_RECIPIENT_PENDING:
	case CIRCLE_RECIPIENT_INACTIVE:
		return circle_refuse(call, CIRCLE_DESTINATION_INACTIVE, "The destination is not active.");
	case CIRCLE_RECIPIENT_UNKNOWN:
		break;
	}
	return circle_refuse(call, CIRCLE_DESTINATION_UNKNOWN, "The destination was not found.");
}

/* A bank account that is still pending may be paid (assumed: nothing says that it may not). */
static bool destination_check(struct circle_call *call, struct circle_order *order, const struct wanted *wanted)
{
	const struct circle_wire *wire;

	if (order->detail.product == CIRCLE_BOOK)
		return recipient_check(call, order, wanted);
	wire = text_is(wanted->type, "wire") ? circle_wire_find(call->state, wanted->destination, call->legacy) : NULL;
	if (wire == NULL)
		return circle_refuse(call, CIRCLE_DESTINATION_UNKNOWN, "The destination was not found.");
	order->payout.destination = wire->id;
	order->detail.destination_name = wire->description;
	return true;
}

static bool wallet_check(struct circle_call *call, struct circle_order *order)
{
	const struct balance *balance = circle_balance(call->sandbox, order->detail.wallet, order->payout.currency);
	const struct balance *master = circle_balance(call->sandbox, TEXT(CIRCLE_MASTER_WALLET), TEXT("USD"));
	struct decimal fee = options_fee(call->sandbox->options, PROVIDER_CIRCLE, TEXT("USD"));
	struct decimal needed = order->amount;

	if (balance == NULL)
		return circle_refuse(call, CIRCLE_WALLET_UNKNOWN, "The source wallet was not found.");
	circle_credits_settle(call);
	order->detail.fee = fee;
	if (balance == master)
		needed = decimal_add(needed, fee);
	if (decimal_compare(balance->held, needed) >= 0 && decimal_compare(master->held, fee) >= 0)
		return true;
	return circle_refuse(call, CIRCLE_FUNDS_SHORT, "The source wallet has insufficient funds.");
}

/* Required in Singapore and France; elsewhere it must be right where it is given (A5, A18). */
static bool purpose_check(struct circle_call *call, struct circle_order *order)
{
	const json_t *value = json_object_get(call->root, "purposeOfTransfer");

	if (order->detail.product != CIRCLE_BOOK)
		return true;
	if (value == NULL || json_is_null(value))
		return call->entity == CIRCLE_LLC ||
		       circle_refuse(call, CIRCLE_PURPOSE_WRONG, "purposeOfTransfer is required.");
	order->detail.purpose = document_string(value);
	return circle_purpose_known(order->detail.purpose) ||
	       circle_refuse(call, CIRCLE_PURPOSE_WRONG, "purposeOfTransfer is not valid.");
}

bool circle_order_read(struct circle_call *call, struct circle_order *order)
{
	struct wanted wanted = {.negative = false};

	order->payout.provider = PROVIDER_CIRCLE;
	order->payout.key = (struct text){call->key, UUID_LEN};
	destination_read(call, order, &wanted);
	money_read(call, order, &wanted);
	to_amount_read(call, order, &wanted);
	source_read(call, order);
	metadata_read(call, order);
	if (!circle_checked(call) || !currencies_check(call, order, &wanted) ||
		!destination_check(call, order, &wanted) || !purpose_check(call, order) || !wallet_check(call, order))
		return false;
	order->detail.outcome = circle_outcome_of(call->entity, &order->detail, order->amount);
	return true;
}

void circle_order_release(struct circle_order *order)
{
	buf_release(&order->amount_text);
	buf_release(&order->to_amount_text);
	buf_release(&order->identities);
}
