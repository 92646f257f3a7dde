/*
 * Questions that stand before a claim, or are asked in several pieces: the balance that is the amount, the look-up
 * before the first send on a channel new to the journal, the pages of a list, a session that ended meanwhile.
 */
#include "base/bounds.h"
#include "stages/loop.h"
#include "values/content.h"
#include "values/money.h"

enum prepared question_of_balance(struct task *task)
{
	const struct adapter *adapter = task->lane->adapter;
	if (adapter->needs_balance == NULL || task->before.payload.len > 0 || !adapter->needs_balance(&task->call))
		return PREPARED;
	if (task->fixed) {
		task->call.amount_minor = task->fixed_minor;
		return PREPARED;
	}
	task->operation = OPERATION_FUNDS;
	task_push(&task->lane->again, task); /* it needs a grant of its own */
	return PREPARED_NOT_YET;
}

/* What the balance has is the amount. Nothing in it: as when the provider says so of a payout. */
bool question_balance(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	bool told = outcome_asked(answer, receipt, &outcome) && receipt->balance_count > 0;
	enum money_verdict worth = MONEY_BAD_SYNTAX;
	if (told)
		worth = money_parse(receipt->balances[0].amount, task->call.decimals, '.', &task->fixed_minor);
	outcome.after = task->attempt;
	task->fixed = worth == MONEY_VALID;
	if (worth == MONEY_BAD_NOT_POSITIVE) {
		outcome.effect = EFFECT_NO_FUNDS;
		outcome.at_queue_end = true;
		outcome.code = "CHANNEL_BALANCE";
		outcome.cure = "top up the balance, then `payrun resume`";
		outcome.why = TEXT("the balance is empty");
	}
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	exchange_effect(loop, task, &outcome, answer, now);
	if (task->fixed)
		return exchange_approve(loop, task, now);
	exchange_wait(loop, task, &outcome, now);
	return false;
}

#define DATE_AGAIN_MS 250

/* --- is it cured? ------------------------------------------------------------------------------------------------- */

/* Funds prove something where the refusal was for want of them, and they are those that this row is paid from. */
static bool funds_prove(const struct task *task)
{
	return task->lane->adapter->has_funds && text_is(task->before.reason_code, "AM04") &&
	       content_get(task->call.content, "source_wallet").len == 0;
}

enum prepared question_of_cure(struct loop *loop, struct task *task)
{
	struct text refused = plan_earlier_refusal(task->lane->adapter, &task->before, loop->started_utc_ms);
	if (refused.len == 0)
		return PREPARED;
	if (loop->options->cured || task->cure == CURE_SEEN) {
		task->call.cured_refusal = refused;
		return PREPARED;
	}
	if (task->cure != CURE_NOT_ASKED || !funds_prove(task))
		return PREPARED; /* the same refusal again is one more, and no end */
	task->operation = OPERATION_FUNDS;
	task->cure = CURE_ASKED;
	task_push(&task->lane->again, task); /* it needs a grant of its own */
	return PREPARED_NOT_YET;
}

/* What the funds must cover: this payout, and those of the lane that are on their way. */
static bool amount_wanted(const struct loop *loop, const struct task *task, int64_t *wanted)
{
	*wanted = task->call.amount_minor;
	for (const struct task *other = loop->tasks; other != NULL; other = other->older)
		if (other != task && other->lane == task->lane && other->attempt.state == PAYOUT_SENDING &&
			other->operation == OPERATION_CREATE && text_equal(other->call.currency, task->call.currency) &&
			!money_add(wanted, other->call.amount_minor))
			return false;
	return true;
}

static bool funds_of(const struct task *task, const struct receipt *receipt, int64_t *minor)
{
	enum money_verdict worth;
	for (int i = 0; i < receipt->balance_count; i++) {
		if (!text_equal(receipt->balances[i].currency, task->call.currency))
			continue;
		worth = money_parse(receipt->balances[i].amount, task->call.decimals, '.', minor);
		if (worth == MONEY_BAD_NOT_POSITIVE)
			*minor = 0;
		return worth == MONEY_VALID || worth == MONEY_BAD_NOT_POSITIVE;
	}
	return false;
}

/* Funds that do not suffice: it isn't even sent. Funds that nobody tells: it is sent, and may be refused again. */
bool question_cure(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	int64_t funds = 0, wanted = 0;
	bool answered = answer->outcome == HTTP_ANSWERED;
	bool told = answered && receipt->verdict == VERDICT_ACCEPTED && funds_of(task, receipt, &funds);
	bool suffice = told && amount_wanted(loop, task, &wanted) && funds >= wanted;
	(void)outcome_asked(answer, receipt, &outcome);
	outcome.after = task->attempt;
	task->cure = suffice ? CURE_SEEN : answered ? CURE_NOT_SEEN : CURE_NOT_ASKED;
	if (answered && !told)
		outcome.effect = EFFECT_NONE; /* payouts need no right to read balances */
	if (told && !suffice) {
		outcome.effect = EFFECT_NO_FUNDS;
		outcome.at_queue_end = true;
		outcome.code = "CHANNEL_BALANCE";
		outcome.cure = "top up the balance, then `payrun resume`";
		outcome.why = TEXT("the balance does not suffice for what it refused before");
	}
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	exchange_effect(loop, task, &outcome, answer, now);
	if (suffice || (answered && !told))
		return exchange_approve(loop, task, now);
	exchange_wait(loop, task, &outcome, now);
	return false;
}

/* --- what is the time? -------------------------------------------------------------------------------------------- */

static void come_again(struct lane *lane, const struct task *task, int64_t due_ms)
{
	struct waiting_row row = {.due_ms = due_ms, .attempt = task->attempt.id, .tries = task->tries};
	lane_wait(lane, &lane->waiting, row);
}

enum prepared question_of_date(struct loop *loop, struct task *task, const struct moment *now)
{
	struct lane *lane = task->lane;
	bool login = lane->adapter->has_session && !lane_logged_in(lane, now);
	if (!login && (!lane->adapter->has_funds || lane->date == DATE_ASKED))
		return PREPARED;
	if (login || lane->date == DATE_ASKING) { /* the login's answer has a date as well */
		come_again(lane, task, now->mono_ms + DATE_AGAIN_MS);
		loop_task_free(loop, task);
		return PREPARED_NOT_YET;
	}
	lane->date = DATE_ASKING;
	task->dating = true;
	task->operation = OPERATION_FUNDS;
	task_push(&lane->again, task); /* it needs a grant of its own */
	return PREPARED_NOT_YET;
}

/* Whatever else it says: payouts need no right to read balances. */
bool question_dated(struct loop *loop, struct task *task, const struct http_answer *answer, const struct moment *now)
{
	struct outcome outcome;
	bool answered = answer->outcome == HTTP_ANSWERED;
	struct receipt nothing = {.code = "", .reason_code = "", .cure = ""};
	(void)outcome_asked(answer, &nothing, &outcome);
	outcome.after = task->attempt;
	if (answered)
		outcome.effect = EFFECT_NONE;
	task->lane->date = answered ? DATE_ASKED : DATE_NOT_ASKED;
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	exchange_effect(loop, task, &outcome, answer, now);
	if (answered)
		come_again(task->lane, task, now->mono_ms);
	else
		exchange_wait(loop, task, &outcome, now);
	return false;
}

/* The look-up before the first send on a channel that is new to the journal, and of what is its own: what a restored
 * journal may have forgotten, and what was sent and a person called not sent. */
bool question_first(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	bool there = outcome_asked(answer, receipt, &outcome);
	bool own = task->attempt.sends > 0 || task->lane->recovered_ms != 0;
	if (there && own && task->call.amount_minor > 0)
		return exchange_adopt(loop, task, answer, receipt, now);
	outcome.after = task->attempt;
	if (there) {
		outcome.effect = EFFECT_STOP_SENDS;
		outcome.code = "JOURNAL_BEHIND";
		outcome.cure = "another journal has paid it: use that one. Only a payout that is not the one paid "
			       "there may have "
			       "a reference of its own";
		outcome.why = TEXT("the provider has a payout under the key of one that this journal never sent");
	}
	bool absent = receipt != NULL && receipt->verdict == VERDICT_NOT_FOUND;
	task->asked_first = absent;
	if (absent)
		outcome.effect = EFFECT_EXECUTED;
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	exchange_effect(loop, task, &outcome, answer, now);
	if (absent)
		return exchange_approve(loop, task, now);
	exchange_wait(loop, task, &outcome, now);
	return false;
}

/* A question that was turned away with its session is asked once more with the next one. */
bool question_turned_away(struct loop *loop, struct task *task, const struct receipt *receipt, const struct moment *now)
{
	struct lane *lane = task->lane;
	if (lane->login == NULL || receipt == NULL || receipt->verdict != VERDICT_SESSION_EXPIRED)
		return false;
	login_ended(loop, task, now);
	if (task->again || lane->stopped)
		return false;
	task->again = true;
	task_push(&lane->again, task);
	return true;
}

/* A look-up through a list goes on behind its page. */
bool question_next_page(struct task *task, const struct receipt *receipt)
{
	if (task->operation != OPERATION_LOOKUP || receipt == NULL || receipt->verdict != VERDICT_UNKNOWN ||
		receipt->next_cursor.len == 0 || task->lane->stopped || ++task->pages >= BOUND_LIST_PAGES)
		return false;
	task->call.cursor = receipt->next_cursor;
	task_push(&task->lane->again, task);
	return true;
}
