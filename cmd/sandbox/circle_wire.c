/* Linked bank accounts, of the business and of the legacy product (providers/circle.md, A6). */
#include "cmd/sandbox/circle.h"

#include <openssl/evp.h>

const struct circle_wire *circle_wire_find(const struct circle_state *state, struct text id, bool legacy)
{
	char key[UUID_LEN];
	const struct circle_wire *wire;

	if (!uuid_parse(id, key))
		return NULL;
	wire = map_get(&state->wires_by_id, (struct text){key, UUID_LEN});
	return wire != NULL && wire->legacy == legacy ? wire : NULL;
}

void circle_wire_write(const struct circle_call *call, struct buf *body, const struct circle_wire *wire)
{
	bool complete = sandbox_now_ms(call->sandbox) >= wire->due_ms;

	buf_addz(body, "{\"id\":");
	buf_add_json(body, wire->id);
	buf_addf(body, ",\"type\":\"wire\",\"status\":\"%s\"", complete ? "complete" : "pending");
	circle_member(body, "description", wire->description);
	circle_member(body, "trackingRef", wire->tracking_ref);
	circle_member(body, "fingerprint", wire->fingerprint);
	buf_addz(body, ",\"transferTypesInfo\":{\"wire\":{\"currencies\":[\"USD\",\"EUR\"]},"
		       "\"rtgs\":{\"currencies\":[\"USD\"]}},\"virtualAccountEnabled\":false");
	circle_member_json(body, "billingDetails", wire->billing);
	circle_member_json(body, "bankAddress", wire->bank);
	circle_member_date(body, "createDate", wire->created_utc_ms);
	circle_member_date(
		body, "updateDate", wire->created_utc_ms + (complete ? call->sandbox->options->settle_after_ms : 0));
	buf_addc(body, '}');
}

/* "SANDBOX BANK ****0010" */
static void description_write(struct buf *out, const struct circle_wire_order *order)
{
	struct text account = order->account;

	if (order->bank_name.len > 0)
		buf_addt(out, order->bank_name);
	else
		buf_addz(out, "SANDBOX BANK");
	buf_addz(out, " ****");
	buf_addt(out, (struct text){account.ptr + account.len - 4, 4});
}

/* The same for the same account, whoever links it and how often. */
static void fingerprint_of(const struct circle_wire_order *order, char out[UUID_SIZE])
{
	struct buf account = {NULL, 0, 0};

	buf_addt(&account, order->routing);
	buf_addc(&account, '/');
	buf_addt(&account, order->account);
	uuid_of("fingerprint", buf_text(&account), out);
	buf_release(&account);
}

static struct circle_wire *wire_keep(struct circle_state *state, const struct circle_wire *wire)
{
	struct circle_wire *kept = arena_alloc(&state->memory, sizeof(*kept));

	*kept = *wire;
	kept->id = text_copy(&state->memory, wire->id);
	kept->description = text_copy(&state->memory, wire->description);
	kept->tracking_ref = text_copy(&state->memory, wire->tracking_ref);
	kept->fingerprint = text_copy(&state->memory, wire->fingerprint);
	kept->billing = text_copy(&state->memory, wire->billing);
	kept->bank = text_copy(&state->memory, wire->bank);
	list_add(&state->wires, kept);
	map_put(&state->wires_by_id, kept->id, kept);
	return kept;
}

/* wrong: as request->wrong; a staged wrong answer names another account, where the id is asked to be wrong. */
static void wire_answer(struct circle_call *call, unsigned status, const struct circle_wire *wire, const char *wrong)
{
	struct payout payout = {.id = wire->id};
	struct payout_other other;
	struct circle_wire shown = *wire;

	shown.id = payout_shown(&payout, wrong, &other)->id;
	circle_wire_write(call, circle_data(call, status), &shown);
	circle_data_end(call);
}

void circle_wire_create(struct circle_call *call)
{
	struct circle_wire_order order;
	struct circle_wire wire;
	struct buf description = {NULL, 0, 0};
	char id[UUID_SIZE];
	char fingerprint[UUID_SIZE];
	char tracking_ref[16] = "CIR00000000";
	size_t i;

	memset(&order, 0, sizeof(order));
	if (!circle_wire_read(call, &order))
		goto out;
	uuid_new(id);
	fingerprint_of(&order, fingerprint);
	for (i = 0; i < 8; i++)
		tracking_ref[i + 3] = (char)(id[i] >= 'a' ? id[i] - 'a' + 'A' : id[i]);
	description_write(&description, &order);
	wire = (struct circle_wire){
		.legacy = call->legacy,
		.id = text_of(id),
		.description = buf_text(&description),
		.tracking_ref = text_of(tracking_ref),
		.fingerprint = text_of(fingerprint),
		.billing = buf_text(&order.billing),
		.bank = buf_text(&order.bank),
		.created_utc_ms = sandbox_real_ms(call->sandbox),
		/* A new one is always shown as pending first. */
		.due_ms = INT64_MAX,
	};
	wire_answer(call, 201, &wire, NULL);
	if (!call->request->dry) {
		struct circle_wire *kept = wire_keep(call->state, &wire);

		circle_key_bind(call, NULL);
		kept->due_ms = sandbox_now_ms(call->sandbox) + call->sandbox->options->settle_after_ms;
		circle_notice_plan(call, kept, CIRCLE_WIRE_CHANGED, kept->due_ms);
	}
	if (call->request->wrong != NULL)
		wire_answer(call, 201, &wire, call->request->wrong);
out:
	circle_wire_order_release(&order);
	buf_release(&description);
}

static const struct circle_wire *wire_of_path(struct circle_call *call)
{
	const struct circle_wire *wire = circle_wire_find(call->state, call->id, call->legacy);

	if (wire == NULL)
		circle_refuse_status(call->response, 404, "Not found.");
	return wire;
}

void circle_wire_get(struct circle_call *call)
{
	const struct circle_wire *wire = wire_of_path(call);

	if (wire != NULL)
		wire_answer(call, 200, wire, call->request->wrong);
}

/* All of them: no paging is documented for it. */
void circle_wire_list(struct circle_call *call)
{
	const struct list *wires = &call->state->wires;
	struct buf *body = circle_data(call, 200);
	bool first = true;
	size_t i;

	buf_addc(body, '[');
	for (i = wires->count; i-- > 0;) {
		const struct circle_wire *wire = wires->items[i];

		if (wire->legacy != call->legacy)
			continue;
		if (!first)
			buf_addc(body, ',');
		first = false;
		circle_wire_write(call, body, wire);
	}
	buf_addc(body, ']');
	circle_data_end(call);
}

/* Members and values assumed: payouts do not need them. */
void circle_wire_instructions(struct circle_call *call)
{
	const struct circle_wire *wire = wire_of_path(call);
	const char *given = request_argument(call->request, "currency");
	const char *currency = given == NULL ? "USD" : given;
	struct buf *body;

	if (wire == NULL)
		return;
	if (strcmp(currency, "USD") != 0 && strcmp(currency, "EUR") != 0) {
		circle_wrong(call, "invalid_value", "currency", NULL, NULL, "currency must be USD or EUR");
		circle_checked(call);
		return;
	}
	body = circle_data(call, 200);
	buf_addz(body, "{\"trackingRef\":");
	buf_add_json(body, wire->tracking_ref);
	buf_addf(body,
		",\"beneficiary\":{\"name\":\"PAYRUN SANDBOX\",\"address1\":\"1 MAIN STREET\","
		"\"address2\":\"BOSTON MA 02201 US\"},\"virtualAccountEnabled\":false,\"beneficiaryBank\":{"
		"\"name\":\"SANDBOX BANK\",\"address\":\"1 MONEY STREET\",\"city\":\"NEW YORK\","
		"\"postalCode\":\"10001\",\"country\":\"US\",\"swiftCode\":\"SNDBUS33\","
		"\"routingNumber\":\"121000248\",\"accountNumber\":\"1000000001\",\"currency\":\"%s\"}}",
		currency);
	circle_data_end(call);
}
