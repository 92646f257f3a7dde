/* Payouts: create, get, list, cancel, and their money (providers/mollie.md, B3, B5, B13). */
#include "cmd/sandbox/mollie.h"

#include <assert.h>

/* The money leaves when the payout is initiated (B13) and comes back when one that had left fails. A payout that waits
 * is its balance's only one, so what was there at its creation still is. */
static void move_add(struct mollie_state *state, const struct mollie_payout *payout)
{
	const enum mollie_status *statuses = payout->course->statuses;
	unsigned phase;

	if (statuses[1] != MOLLIE_INITIATED)
		return;
	due_add(&state->moves, mollie_phase_ms(payout->entry, 1), payout);
	for (phase = 2; phase < MOLLIE_PHASES && statuses[phase] != MOLLIE_FAILED; phase++)
		;
	if (phase < MOLLIE_PHASES)
		due_add(&state->moves, mollie_phase_ms(payout->entry, phase), payout);
}

void mollie_money_settle(struct mollie_call *call)
{
	int64_t now_ms = sandbox_now_ms(call->sandbox);
	const struct mollie_payout *due;

	while ((due = due_take(&call->state->moves, now_ms)) != NULL) {
		struct mollie_payout *payout = map_get(&call->state->payouts_by_id, due->entry->id);
		bool taken;

		if (payout->canceled)
			continue;
		if (payout->charged) {
			balance_give(payout->balance->money, payout->amount);
			continue;
		}
		taken = balance_take(payout->balance->money, payout->amount);
		assert(taken);
		payout->charged = true;
	}
}

static const struct mollie_payout *order_commit(struct mollie_call *call, const struct mollie_order *order)
{
	struct ledger *ledger = &call->sandbox->ledger;
	struct mollie_state *state = call->state;
	struct mollie_payout *payout = arena_alloc(&ledger->memory, sizeof(*payout));
	struct payout entry = order->entry;

	*payout = order->payout;
	payout->description = ledger_text(ledger, payout->description);
	entry.detail = payout;
	payout->entry = ledger_add(ledger, &entry);
	list_add(&state->payouts, payout);
	map_put(&state->payouts_by_id, payout->entry->id, payout);
	list_add(&payout->balance->payouts, payout);
	move_add(state, payout);
	mollie_event_plan(call, payout);
	call->created = payout;
	return payout;
}

void mollie_payout_create(struct mollie_call *call)
{
	struct mollie_order order;
	struct payout *entry = &order.entry;

	memset(&order, 0, sizeof(order));
	if (!mollie_order_read(call, &order))
		goto out;
	mollie_id_make("payout_", order.id);
	decimal_write(&order.digits, order.payout.amount);
	entry->provider = PROVIDER_MOLLIE;
	entry->id = text_of(order.id);
	entry->key = text_of(request_header(call->request, "Idempotency-Key"));
	entry->reference = order.payout.description;
	entry->amount = buf_text(&order.digits);
	entry->created_utc_ms = sandbox_real_ms(call->sandbox);
	entry->start_ms = sandbox_now_ms(call->sandbox);
	entry->due_ms = entry->start_ms + call->sandbox->options->settle_after_ms;
	order.payout.entry = entry;
	mollie_payout_created(call, call->request->dry ? &order.payout : order_commit(call, &order));
out:
	buf_release(&order.digits);
}

/* NULL after the refusal: there is none of this id in this mode. */
static struct mollie_payout *payout_find(struct mollie_call *call)
{
	struct mollie_payout *payout = map_get(&call->state->payouts_by_id, call->id);

	if (payout != NULL && payout->balance->mode == call->mode)
		return payout;
	mollie_refuse(call->response, 404, NULL, "No entity exists with token '%.*s'", (int)call->id.len, call->id.ptr);
	return NULL;
}

void mollie_payout_get(struct mollie_call *call)
{
	const struct mollie_payout *payout = payout_find(call);

	if (payout != NULL)
		mollie_payout_write(call, mollie_answer(call, 200), payout, false, sandbox_now_ms(call->sandbox));
}

void mollie_payout_cancel(struct mollie_call *call)
{
	struct mollie_payout *payout = payout_find(call);
	int64_t now_ms = sandbox_now_ms(call->sandbox);
	struct mollie_payout canceled;

	if (payout == NULL)
		return;
	if (mollie_status(payout, now_ms) != MOLLIE_REQUESTED) {
		mollie_refuse(call->response, 409, NULL, "The payout cannot be canceled in its current state.");
		return;
	}
	canceled = *payout;
	canceled.canceled = true;
	canceled.canceled_ms = now_ms;
	if (!call->request->dry) {
		*payout = canceled;
		courier_announce(
			&call->sandbox->courier, PROVIDER_MOLLIE, payout->entry, MOLLIE_MOMENT_CANCELED, now_ms);
	}
	mollie_payout_write(call, mollie_answer(call, 200), &canceled, false, now_ms);
}

static bool list_match(const struct mollie_call *call, const void *item)
{
	return ((const struct mollie_payout *)item)->balance->mode == call->mode;
}

static struct text list_id(const void *item)
{
	return ((const struct mollie_payout *)item)->entry->id;
}

static void list_write(const struct mollie_call *call, struct buf *body, const void *item)
{
	mollie_payout_write(call, body, item, true, sandbox_now_ms(call->sandbox));
}

/* A balance that is not there has no payouts (assumed; the list has no error for it). */
void mollie_payout_list(struct mollie_call *call)
{
	static const struct list none = {NULL, 0, 0};
	const char *id = request_argument(call->request, "balanceId");
	const struct mollie_balance *balance = mollie_balance_seen(call, text_of(id));
	const struct mollie_query query = {
		.resources = "payouts",
		.page = "list-payouts",
		.sortable = true,
		.list = id == NULL        ? &call->state->payouts
			: balance == NULL ? &none
					  : &balance->payouts,
		.match = list_match,
		.id = list_id,
		.write = list_write,
	};

	if (id != NULL && (strncmp(id, "bal_", 4) != 0 || id[4] == '\0'))
		mollie_refuse(call->response, 400, "balanceId", "The balance id is invalid.");
	else
		mollie_list_answer(call, &query);
}
