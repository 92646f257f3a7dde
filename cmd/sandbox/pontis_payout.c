/* Payouts: create, status, and what becomes of them (providers/pontis.md, sections 1.4, 1.5, 1.8). */
#include "cmd/sandbox/pontis.h"

#include <assert.h>
#include <stdio.h>

#define ACCOUNT "a42b69dcd78f" /* the first part of every id */

/* What a payout passes through: the first half of its time, the next two quarters, from its due time, and from as long
 * after that as it took. */
enum course {
	COURSE_COMPLETED = 0,
	COURSE_NO_FUNDS,
	COURSE_NO_RECIPIENT,
	COURSE_STUCK,
	COURSE_NETWORK,
	COURSE_APPROVAL,
	COURSE_FAILED,
	COURSE_REJECTED,
	COURSE_CANCELED,
	COURSE_REVERSED,
};

static const struct course_row {
	const char *states[5];
	const char *message; /* of its last state when that is a bad end; NULL: it is none */
	const char *cents;   /* the amount that asks for it (section 1.8) */
	const char *word;    /* the recipient's name that does (assumed: no trigger is documented for these) */
} courses[] = {
	[COURSE_COMPLETED] = {{"pending", "processing", "processing", "completed", "completed"}, NULL, NULL,
		"completed"},
	[COURSE_NO_FUNDS] = {{"pending", "processing", "processing", "failed", "failed"}, "Insufficient funds", "01",
		NULL},
	[COURSE_NO_RECIPIENT] = {{"pending", "processing", "processing", "failed", "failed"}, "Recipient not found",
		"02", NULL},
	[COURSE_STUCK] = {{"pending", "pending", "pending", "pending", "pending"}, NULL, "03", "pending"},
	[COURSE_NETWORK] = {{"pending", "processing", "processing", "failed", "failed"}, "Network error", "04", NULL},
	[COURSE_APPROVAL] = {{"pending_approval", "pending", "processing", "completed", "completed"}, NULL, NULL,
		"pending_approval"},
	[COURSE_FAILED] = {{"pending", "processing", "processing", "failed", "failed"}, "Payout failed", NULL,
		"failed"},
	[COURSE_REJECTED] = {{"pending_approval", "pending_approval", "pending_approval", "rejected", "rejected"},
		"Rejected by an approver", NULL, "rejected"},
	[COURSE_CANCELED] = {{"pending", "pending", "pending", "canceled", "canceled"}, "Canceled by an operator", NULL,
		"canceled"},
	[COURSE_REVERSED] = {{"pending", "processing", "processing", "completed", "reversed"},
		"Returned by the recipient's bank", NULL, "reversed"},
};
#define COURSES (sizeof(courses) / sizeof(courses[0]))

/* What the ledger has no column for. */
struct detail {
	const struct course_row *course;
	struct decimal amount;
};

unsigned pontis_course(struct text amount, struct text name)
{
	struct text cents = {amount.ptr + amount.len - 2, 2};
	struct text word = pontis_name_word(name);
	unsigned course = COURSE_COMPLETED;
	unsigned i;

	for (i = 0; i < COURSES; i++) {
		if (courses[i].word != NULL && text_equal_nocase(word, text_of(courses[i].word)))
			return i;
		if (courses[i].cents != NULL && text_is(cents, courses[i].cents))
			course = i;
	}
	return course;
}

const char *pontis_payout_state(const struct payout *payout, int64_t now_ms)
{
	const struct course_row *course = ((const struct detail *)payout->detail)->course;
	int64_t span_ms = payout->due_ms - payout->start_ms;

	if (now_ms < payout->start_ms + span_ms / 2)
		return course->states[0];
	if (now_ms < payout->start_ms + span_ms / 2 + span_ms / 4)
		return course->states[1];
	if (now_ms < payout->due_ms)
		return course->states[2];
	return course->states[now_ms < payout->due_ms + span_ms ? 3 : 4];
}

/* Money of payouts that have come to a bad end by now; before any look at a balance. */
static void giveback(struct pontis_call *call)
{
	int64_t now_ms = sandbox_now_ms(call->sandbox);
	const struct payout *payout;

	while ((payout = due_take(&call->state->giveback, now_ms)) != NULL) {
		const struct detail *detail = payout->detail;

		balance_give(balance_of(&call->sandbox->balances, PROVIDER_PONTIS, payout->currency), detail->amount);
	}
}

/* sb_ACCOUNT_CENTS_TIME_NUMBER, by the shape of the sample. Odd multiples run through all numbers, so that no id comes
 * twice in one second; seconds go on when the program is started again. */
static void id_make(struct pontis_call *call, struct pontis_order *order)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	int64_t seconds = sandbox_real_ms(call->sandbox) / 1000;
	char time[7];
	size_t at;

	for (at = sizeof(time) - 1; at-- > 0; seconds /= 36)
		time[at] = digits[seconds % 36];
	time[sizeof(time) - 1] = '\0';
	call->state->last_id += UINT32_C(0x9e3779b1);
	snprintf(order->id, sizeof(order->id), "sb_" ACCOUNT "_%02u_%s_%08x",
		(unsigned)(order->amount.atto / (DECIMAL_ONE / 100)), time, (unsigned)call->state->last_id);
	order->payout.id = text_of(order->id);
}

/* Assumed triggers: a recipient named "sandbox CODE" is refused with that code. rate_moved refuses a key once, since
 * the documentation has it both ways. */
static bool name_check(struct pontis_call *call, const struct pontis_order *order)
{
	struct pontis_state *state = call->state;
	enum pontis_error error;

	if (!pontis_refusal_named(pontis_name_word(order->name), &error))
		return true;
	if (error == PONTIS_RATE_MOVED) {
		if (map_get(&state->moved, order->payout.key) != NULL)
			return true;
		if (!call->request->dry)
			map_put(&state->moved, text_copy(&state->memory, order->payout.key), state);
	}
	return pontis_refuse(call->response, error, "Staged by the recipient's name");
}

static bool funds_check(struct pontis_call *call, const struct pontis_order *order)
{
	struct balance *balance = balance_of(&call->sandbox->balances, PROVIDER_PONTIS, order->payout.currency);
	struct buf held = {NULL, 0, 0};

	giveback(call);
	if (decimal_compare(balance->held, order->amount) >= 0)
		return true;
	decimal_write(&held, balance->held);
	pontis_refuse(call->response, PONTIS_FUNDS, "Insufficient funds: %s available", buf_str(&held));
	buf_release(&held);
	return false;
}

static const struct payout *order_commit(
	struct pontis_call *call, const struct pontis_order *order, const struct detail *detail)
{
	struct ledger *ledger = &call->sandbox->ledger;
	struct balance *balance = balance_of(&call->sandbox->balances, PROVIDER_PONTIS, order->payout.currency);
	struct detail *kept = arena_alloc(&ledger->memory, sizeof(*kept));
	const struct payout *payout;
	struct payout added = order->payout;
	bool taken = balance_take(balance, order->amount);

	assert(taken); /* funds_check has looked */
	*kept = *detail;
	added.detail = kept;
	payout = ledger_add(ledger, &added);
	if (order->course == COURSE_REVERSED)
		due_add(&call->state->giveback, payout->due_ms + payout->due_ms - payout->start_ms, payout);
	else if (detail->course->message != NULL)
		due_add(&call->state->giveback, payout->due_ms, payout);
	return payout;
}

static void payout_answer(
	struct pontis_call *call, unsigned status, const struct payout *payout, const char *state, bool message)
{
	const struct detail *detail = payout->detail;
	struct buf *body = &call->response->body;
	struct payout_other other;

	response_json(call->response, status);
	buf_addz(body, "{\"ok\":true,\"data\":{\"transaction_id\":");
	buf_add_json(body, payout_shown(payout, call->request->wrong, &other)->id);
	buf_addf(body, ",\"status\":\"%s\"", state);
	if (message) {
		buf_addz(body, ",\"status_message\":");
		if (detail->course->message != NULL && strcmp(state, detail->course->states[4]) == 0)
			buf_add_json(body, text_of(detail->course->message));
		else
			buf_addz(body, "null");
	}
	buf_addz(body, "}}");
}

void pontis_create(struct pontis_call *call)
{
	const struct payout *payout;
	struct pontis_order order;
	struct detail detail;

	memset(&order, 0, sizeof(order));
	if (!pontis_order_read(call, &order))
		goto out;
	/* Whatever else the request says now (assumed), with status 200 (assumed; 201 and 200 are both success), in the
	 * words of the first answer. */
	payout = ledger_by_key(&call->sandbox->ledger, PROVIDER_PONTIS, order.payout.key);
	if (payout != NULL) {
		const struct detail *known = payout->detail;

		payout_answer(call, 200, payout, known->course->states[0], false);
		goto out;
	}
	if (!name_check(call, &order) || !funds_check(call, &order))
		goto out;
	id_make(call, &order);
	order.payout.created_utc_ms = sandbox_real_ms(call->sandbox);
	order.payout.start_ms = sandbox_now_ms(call->sandbox);
	order.payout.due_ms = order.payout.start_ms + call->sandbox->options->settle_after_ms;
	detail = (struct detail){&courses[order.course], order.amount};
	order.payout.detail = &detail;
	payout = call->request->dry ? &order.payout : order_commit(call, &order, &detail);
	payout_answer(call, 201, payout, detail.course->states[0], false);
out:
	buf_release(&order.digits);
}

void pontis_find(struct pontis_call *call)
{
	const struct payout *payout;
	char uuid[UUID_LEN];
	struct text id;

	if (!pontis_string(call, call->payload, "transaction_id", &id))
		return;
	if (!text_starts(id, TEXT("sb_")) && !uuid_parse(id, uuid)) {
		pontis_refuse(call->response, PONTIS_VALIDATION, "transaction_id must be a UUID or begin with sb_");
		return;
	}
	payout = ledger_by_id(&call->sandbox->ledger, PROVIDER_PONTIS, id);
	if (payout == NULL) {
		pontis_refuse(call->response, PONTIS_NOT_FOUND, "There is no such payout");
		return;
	}
	payout_answer(call, 200, payout, pontis_payout_state(payout, sandbox_now_ms(call->sandbox)), true);
}
