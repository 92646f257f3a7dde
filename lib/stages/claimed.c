/* A payout as its claim has it: what is frozen with the first one, and what every one changes. */
#include "stages/loop.h"

struct text claimed_payload(struct task *task)
{
	if (task->before.payload.len > 0)
		return task->before.payload;
	struct buf payload = {0};
	task->lane->adapter->freeze(&task->call, &payload);
	struct text copy = text_copy(&task->arena, buf_text(&payload));
	buf_release(&payload);
	return copy;
}

struct attempt claimed_attempt(const struct loop *loop, const struct task *task, const struct moment *now)
{
	struct attempt after = task->before;
	after.payload = task->before.payload.len > 0 ? text_of("") : task->call.payload;
	after.state = PAYOUT_SENDING;
	if (task->fixed && after.fixed_minor == 0)
		after.fixed_minor = task->fixed_minor;
	after.sends++;
	after.last_sent = now->utc_ms;
	if (task->before.state == PAYOUT_READY)
		after.claim_day = loop->today.day; /* as allowance_claim() found it */
	after.not_before = 0;
	if (text_starts(after.reason_code, TEXT("DESTINATION_")))
		after.reason_code = after.reason = text_of(""); /* it waits no longer */
	if (after.submitted_at == 0)
		after.submitted_at = now->utc_ms;
	if (after.open_since == 0) {
		after.open_since = now->utc_ms;
		after.open_boot_ms = now->boot_ms;
		after.open_boot = text_of(loop->stage->clock->boot_id);
	}
	return after;
}
