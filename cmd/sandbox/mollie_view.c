/* The payout object (providers/mollie.md, B5). */
#include "cmd/sandbox/mollie.h"

/* Statuses, and their own reason codes and messages. */
static const struct {
	const char *name;
	const char *code;
	const char *message;
} statuses[] = {
	[MOLLIE_REQUESTED] = {"requested", "requested", "The payout was requested."},
	[MOLLIE_INITIATED] = {"initiated", "initiated", "The payout was initiated."},
	[MOLLIE_PROCESSING] = {"processing-at-bank", "processing_at_bank", "The bank is processing the payout."},
	[MOLLIE_COMPLETED] = {"completed", "completed", "The payout was completed."},
	[MOLLIE_FAILED] = {"failed", "failed", "The payout failed."},
	[MOLLIE_CANCELED] = {"canceled", "canceled", "The payout was canceled."},
};

const char *mollie_payout_state(const struct payout *payout, int64_t now_ms)
{
	return statuses[mollie_status(payout->detail, now_ms)].name;
}

int64_t mollie_moment_utc_ms(const struct payout *entry, int64_t at_ms)
{
	return entry->created_utc_ms + at_ms - entry->start_ms;
}

/* The first phase up to now in which the payout is past a status, or is of it; 0: none. */
static unsigned phase_initiated(const struct mollie_payout *payout, int64_t now_ms)
{
	unsigned phase;

	for (phase = 1; phase < MOLLIE_PHASES && now_ms >= mollie_phase_ms(payout->entry, phase); phase++)
		if (payout->course->statuses[phase] != MOLLIE_REQUESTED)
			return phase;
	return 0;
}

static unsigned phase_completed(const struct mollie_payout *payout, int64_t now_ms)
{
	unsigned phase;

	for (phase = 1; phase < MOLLIE_PHASES && now_ms >= mollie_phase_ms(payout->entry, phase); phase++)
		if (payout->course->statuses[phase] == MOLLIE_COMPLETED)
			return phase;
	return 0;
}

static void phase_date(struct buf *body, const char *name, const struct mollie_payout *payout, unsigned phase)
{
	buf_addf(body, ",\"%s\":", name);
	if (phase == 0 || payout->canceled)
		buf_addz(body, "null");
	else
		mollie_date(body, mollie_moment_utc_ms(payout->entry, mollie_phase_ms(payout->entry, phase)));
}

static void status_write(struct buf *body, const struct mollie_payout *payout, int64_t now_ms)
{
	enum mollie_status status = mollie_status(payout, now_ms);
	const char *code = statuses[status].code;

	if (status == MOLLIE_FAILED)
		code = payout->course->reason;
	buf_addf(body, ",\"status\":\"%s\",\"statusReason\":{\"code\":\"%s\",\"message\":\"%s\"},\"createdAt\":",
		statuses[status].name, code, statuses[status].message);
	mollie_date(body, payout->entry->created_utc_ms);
	phase_date(body, "initiatedAt", payout, phase_initiated(payout, now_ms));
	phase_date(body, "completedAt", payout, phase_completed(payout, now_ms));
	buf_addz(body, ",\"canceledAt\":");
	if (payout->canceled)
		mollie_date(body, mollie_moment_utc_ms(payout->entry, payout->canceled_ms));
	else
		buf_addz(body, "null");
}

void mollie_payout_write(const struct mollie_call *call, struct buf *body, const struct mollie_payout *payout,
	bool listed, int64_t now_ms)
{
	struct payout_other other;
	const struct payout *shown = payout_shown(payout->entry, call->request->wrong, &other);
	struct decimal amount = payout->amount;

	(void)decimal_parse(shown->amount, &amount);
	buf_addz(body, "{\"resource\":\"payout\",\"id\":");
	buf_add_json(body, shown->id);
	buf_addf(body, ",\"mode\":\"%s\",\"balanceId\":", payout->balance->mode == MOLLIE_LIVE ? "live" : "test");
	buf_add_json(body, shown->destination);
	buf_addz(body, ",\"amount\":");
	mollie_money(body, amount, shown->currency);
	buf_addz(body, ",\"description\":");
	if (payout->description.ptr == NULL && shown == payout->entry)
		buf_addz(body, "null");
	else
		buf_add_json(body, shown->reference);
	status_write(body, payout, now_ms);
	buf_addz(body, ",\"_links\":{");
	mollie_link_self(call, body, "payouts", shown->id);
	if (!listed)
		mollie_link_documentation(body, "get-payout");
	buf_addz(body, "}}");
}

void mollie_payout_created(struct mollie_call *call, const struct mollie_payout *payout)
{
	struct mollie_payout first = *payout;
	static const struct mollie_course waiting = {NULL, {MOLLIE_REQUESTED}, NULL};

	first.canceled = false;
	first.course = &waiting;
	mollie_payout_write(call, mollie_answer(call, 201), &first, false, payout->entry->start_ms);
}
