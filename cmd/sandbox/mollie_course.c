/* What becomes of a payout, and what a sender can ask for (providers/mollie.md, B5, B7, B13). */
#include "cmd/sandbox/mollie.h"

#define R MOLLIE_REQUESTED
#define I MOLLIE_INITIATED
#define P MOLLIE_PROCESSING
#define C MOLLIE_COMPLETED
#define F MOLLIE_FAILED

/* The usual one first. The documentation has no trigger for any of the others (B13): the contract has two amounts, and
 * the words are ours. */
static const struct mollie_course courses[] = {
	{"completed", {R, I, P, C, C}, NULL},
	{"bank_processing_failed", {R, I, P, F, F}, "bank_processing_failed"},
	{"returned", {R, I, P, C, F}, "returned"},
	{"failed", {R, I, P, F, F}, "failed"},
	{"expired", {R, R, R, F, F}, "expired"},
	{"insufficient_funds", {R, F, F, F, F}, "insufficient_funds"},
	{"invalid_request", {R, F, F, F, F}, "invalid_request"},
	{"organization_inactive", {R, F, F, F, F}, "organization_inactive"},
	{"payouts_blocked", {R, F, F, F, F}, "payouts_blocked"},
	{"balance_not_found", {R, F, F, F, F}, "balance_not_found"},
	{"requested", {R, R, R, R, R}, NULL},
	{"initiated", {R, I, I, I, I}, NULL},
	{"processing-at-bank", {R, I, P, P, P}, NULL},
};
#define COURSES (sizeof(courses) / sizeof(courses[0]))
#define COURSE_BANK 1
#define COURSE_RETURNED 2

#undef R
#undef I
#undef P
#undef C
#undef F

/* Creations that are refused: the immediate failures of B7 (texts and fields assumed there), and statuses that nothing
 * else here leads to. */
static const struct {
	const char *word;
	unsigned status;
	const char *field;
	const char *detail;
} refusals[] = {
	{"422-scheduled", 422, "balanceId", "A payout is already scheduled for the next business day on this balance."},
	{"422-funds", 422, "amount", "The balance has insufficient funds."},
	{"422-inactive", 422, "balanceId", "The balance is not active."},
	{"422-blocked", 422, "balanceId", "Payouts are blocked for this organization."},
	{"422-refunds", 422, "balanceId", "The balance has queued refunds."},
	{"422-negative", 422, "balanceId", "A balance of this organization is below the negative threshold."},
	{"422-account", 422, "balanceId", "The bank account of the balance is invalid or not configured."},
	{"422-suspended", 422, NULL, "The account is suspended."},
	{"400", 400, NULL, "The request is malformed."},
	{"403", 403, NULL, "You have no right to this resource."},
	{"404", 404, NULL, "There is no such resource."},
	{"409", 409, NULL, "A call like this one was made before."},
	{"410", 410, NULL, "The resource is no longer there."},
	{"500", 500, NULL, "An internal error occurred."},
	{"503", 503, NULL, "The service is not available."},
};

struct text mollie_word(struct text description)
{
	static const struct text mark = {"sandbox ", 8};
	const char *end;

	if (!text_starts(description, mark))
		return (struct text){NULL, 0};
	description = (struct text){description.ptr + mark.len, description.len - mark.len};
	end = memchr(description.ptr, ' ', description.len);
	return end == NULL ? description : (struct text){description.ptr, (size_t)(end - description.ptr)};
}

bool mollie_refusal_staged(struct mollie_call *call, struct text description)
{
	struct text word = mollie_word(description);
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (!text_is(word, refusals[i].word))
			continue;
		mollie_refuse(call->response, refusals[i].status, refusals[i].field, "%s", refusals[i].detail);
		return true;
	}
	return false;
}

const struct mollie_course *mollie_course_of(struct decimal amount, struct text description)
{
	struct text word = mollie_word(description);
	size_t i;

	for (i = 0; i < COURSES; i++)
		if (text_is(word, courses[i].word))
			return &courses[i];
	if (decimal_compare(amount, (struct decimal){13, 0}) == 0)
		return &courses[COURSE_BANK];
	if (decimal_compare(amount, (struct decimal){14, 0}) == 0)
		return &courses[COURSE_RETURNED];
	return &courses[0];
}

int64_t mollie_phase_ms(const struct payout *entry, unsigned phase)
{
	int64_t span_ms = entry->due_ms - entry->start_ms;

	switch (phase) {
	case 0:
		return entry->start_ms;
	case 1:
		return entry->start_ms + span_ms / 2;
	case 2:
		return entry->start_ms + span_ms / 2 + span_ms / 4;
	case 3:
		return entry->due_ms;
	default:
		return entry->due_ms + span_ms;
	}
}

enum mollie_status mollie_status(const struct mollie_payout *payout, int64_t now_ms)
{
	unsigned phase = MOLLIE_PHASES - 1;

	if (payout->canceled)
		return MOLLIE_CANCELED;
	while (phase > 0 && now_ms < mollie_phase_ms(payout->entry, phase))
		phase--;
	return payout->course->statuses[phase];
}
