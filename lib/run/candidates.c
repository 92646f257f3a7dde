#include "run/candidates.h"

#include <string.h>

#include "base/bounds.h"
#include "config/config.h"
#include "providers/catalog.h"
#include "run/ask.h"
#include "run/people.h"
#include "values/money.h"

#define BEFORE_MS (10 * 60 * 1000) /* clocks may differ: the list is read from so long before the first send */
#define LIST_PAGES 40

/* Its amount and currency, and not a payout that the journal knows already. */
static bool fits(struct session *session, const struct candidates *candidates, const struct listed *listed, bool *yes,
	struct fault *fault)
{
	const struct journal_payout *payout = &candidates->payout;
	enum journal_find found = JOURNAL_FIND_NONE;
	int64_t minor = 0, known = 0;
	*yes = text_equal(listed->currency, payout->currency) &&
	       money_parse(listed->amount, payout->decimals, '.', &minor) == MONEY_VALID &&
	       minor == payout->amount_minor;
	if (*yes && !journal_payout_find(session->journal, listed->provider_id, &known, &found, fault))
		return false;
	*yes = *yes && found == JOURNAL_FIND_NONE;
	return true;
}

static bool take_page(
	struct session *session, struct candidates *candidates, const struct receipt *receipt, struct fault *fault)
{
	for (size_t i = 0; i < receipt->listed_count; i++) {
		bool yes = false;
		if (!fits(session, candidates, &receipt->listed[i], &yes, fault))
			return false;
		if (yes && candidates->count < CANDIDATES_MAX)
			candidates->list[candidates->count++] = receipt->listed[i];
	}
	return true;
}

static bool no_answer(enum ask_end end, const struct ask_answer *answer, struct fault *fault)
{
	struct buf why = {0};
	text_show(&why, end == ASK_ANSWERED ? answer->receipt.reason : text_of(answer->error), 200);
	fault_set(fault, FAULT_STOPPED, answer->code, "Run it again when the provider answers.",
		"the provider's list could not be read: %s", why.len > 0 ? buf_str(&why) : "no usable answer");
	buf_release(&why);
	return false;
}

static bool read_list(struct session *session, const struct channel *channel, struct ask *ask, struct call *call,
	struct candidates *candidates, struct arena *arena, struct fault *fault)
{
	for (int page = 0; page < LIST_PAGES; page++) {
		struct ask_answer *answer = arena_alloc(arena, sizeof *answer);
		enum ask_end end = ask_one(ask, channel, OPERATION_LIST, call, arena, answer, fault);
		if (end == ASK_FAULT)
			return false;
		if (end != ASK_ANSWERED || answer->receipt.verdict != VERDICT_ACCEPTED)
			return no_answer(end, answer, fault);
		if (!take_page(session, candidates, &answer->receipt, fault))
			return false;
		candidates->whole = answer->receipt.next_cursor.len == 0;
		if (candidates->whole)
			return true;
		call->cursor = answer->receipt.next_cursor;
	}
	return true;
}

static bool ask_list(struct session *session, const struct channel *channel, const struct attempt *attempt,
	struct candidates *candidates, struct arena *arena, struct fault *fault)
{
	struct call call;
	struct ask *ask = NULL;
	bool done = ask_fill(&session->stage, channel, attempt, arena, &call, fault);
	if (!done)
		return false;
	call.from_utc_ms = attempt->open_since > BEFORE_MS ? attempt->open_since - BEFORE_MS : 0;
	ask = ask_open(&session->stage, fault);
	done = ask != NULL && read_list(session, channel, ask, &call, candidates, arena, fault);
	ask_close(ask);
	return done;
}

bool candidates_find(struct session *session, const char *name, struct arena *arena, struct candidates *candidates,
	struct fault *fault)
{
	struct attempt attempt;
	bool found = false;
	memset(candidates, 0, sizeof *candidates);
	if (!people_find_unknown(session, name, arena, &attempt, fault) ||
		!journal_payout_get(session->journal, attempt.payout, arena, &candidates->payout, &found, fault))
		return false;
	const struct channel *channel = ask_channel(&session->stage, attempt.channel, fault);
	if (channel == NULL)
		return false;
	const struct adapter *adapter = catalog_adapter(channel->provider);
	candidates->channel = channel->name;
	candidates->provider = adapter->name;
	candidates->looks_up = adapter->looks_up;
	candidates->lists = adapter->lists && !adapter->looks_up;
	return !candidates->lists || ask_list(session, channel, &attempt, candidates, arena, fault);
}
