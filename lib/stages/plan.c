#include "stages/plan.h"

#include "base/bounds.h"

int64_t plan_backoff_ms(int n, uint64_t random)
{
	int64_t span = BOUND_BACKOFF_FIRST_MS;
	for (int i = 0; i < n && span < BOUND_BACKOFF_MAX_MS; i++)
		span *= 2;
	if (span > BOUND_BACKOFF_MAX_MS)
		span = BOUND_BACKOFF_MAX_MS;
	return 1 + (int64_t)(random % (uint64_t)span);
}

int64_t plan_age_ms(const struct attempt *attempt, const struct moment *now, const char *boot_id)
{
	if (attempt->open_since == 0)
		return 0;
	int64_t age = now->utc_ms - attempt->open_since;
	if (boot_id[0] != '\0' && text_is(attempt->open_boot, boot_id)) {
		int64_t boot_age = now->boot_ms - attempt->open_boot_ms;
		if (boot_age > age)
			age = boot_age;
	}
	return age < 0 ? 0 : age;
}

bool plan_window_open(
	const struct plan_window *window, const struct attempt *attempt, const struct moment *now, const char *boot_id)
{
	if (window->clock_doubted)
		return false;
	/* A clock that stands before the send was set back: its differences prove nothing. */
	if (attempt->open_since > now->utc_ms)
		return false;
	bool rebooted = boot_id[0] == '\0' || !text_is(attempt->open_boot, boot_id);
	if (attempt->open_since != 0 && rebooted && !window->clock_seen)
		return false;
	int64_t age = plan_age_ms(attempt, now, boot_id);
	return age + window->timeout_ms + BOUND_WINDOW_MARGIN_MS < window->window_ms;
}

bool plan_repeats(const struct adapter *adapter, const struct plan_window *window, const struct attempt *unknown,
	const struct moment *now, const char *boot_id)
{
	return adapter->repeats_safely && !adapter->lookup_before_resend && unknown->payload.len > 0 &&
	       plan_window_open(window, unknown, now, boot_id);
}

static enum step step_of_unknown(const struct adapter *adapter, const struct plan_window *window,
	const struct attempt *attempt, const struct moment *now, const char *boot_id)
{
	/* Also inside a window: what it finds needs no resend, and what a provider forgot too early is not paid twice.
	 */
	if (adapter->looks_up)
		return STEP_LOOKUP;
	if (plan_repeats(adapter, window, attempt, now, boot_id))
		return STEP_SEND;
	struct plan_window seen = *window;
	seen.clock_seen = true;
	return plan_repeats(adapter, &seen, attempt, now, boot_id) ? STEP_DATE : STEP_PERSON;
}

enum step plan_step(const struct adapter *adapter, const struct plan_window *window, const struct attempt *attempt,
	const struct moment *now, const char *boot_id, int64_t *due_utc_ms)
{
	*due_utc_ms = 0;
	if (attempt->not_before > now->utc_ms) {
		*due_utc_ms = attempt->not_before;
		return STEP_WAIT;
	}
	if (attempt->state == PAYOUT_UNKNOWN)
		return step_of_unknown(adapter, window, attempt, now, boot_id);
	return attempt->number > 1 ? STEP_EARLIER : STEP_SEND;
}

enum inquiry plan_inquiry(const struct adapter *adapter, const struct attempt *earlier)
{
	if (earlier->provider_id.len > 0)
		return INQUIRY_STATUS;
	if (adapter->looks_up)
		return INQUIRY_LOOKUP;
	if (earlier->sends == 0)
		return INQUIRY_NONE;
	/* Its last send definitely refused, and nothing open: there is nothing that could be alive. Called off since,
	 * or failed by that. */
	bool refused = earlier->last_refusal_at > 0 && earlier->last_refusal_at >= earlier->last_sent;
	bool ended = earlier->state == PAYOUT_FAILED || earlier->state == PAYOUT_CANCELED;
	return refused && ended && earlier->open_since == 0 ? INQUIRY_NONE : INQUIRY_PERSON;
}

struct text plan_earlier_refusal(const struct adapter *adapter, const struct attempt *ready, int64_t begun_utc_ms)
{
	bool seen = adapter->spends_keys && ready->state == PAYOUT_READY && ready->sends > 0 &&
		    ready->open_since == 0 && ready->last_sent < begun_utc_ms;
	return seen ? ready->provider_code : text_of("");
}

static const int64_t known_key_looks_ms[] = {5000, 60000, 600000};

int64_t plan_known_key_due(int64_t refused_at, int64_t asked)
{
	for (size_t i = 0; i < sizeof known_key_looks_ms / sizeof *known_key_looks_ms; i++) {
		int64_t due = refused_at + known_key_looks_ms[i];
		if (asked < due)
			return due;
	}
	return 0;
}
