/*
 * Questions that stand before a claim, or are asked in several pieces: the balance that is the amount, the look-up
 * before the first send on a channel new to the journal, the pages of a list, a session that ended meanwhile.
 */
#include "base/bounds.h"
#include "stages/loop.h"
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

/* The look-up before the first send on a channel that is new to the journal. */
bool question_first(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	bool there = outcome_asked(answer, receipt, &outcome);
	outcome.after = task->attempt;
	if (there) {
		outcome.effect = EFFECT_STOP_SENDS;
		outcome.code = "JOURNAL_BEHIND";
		outcome.cure =
			"another journal has paid through this channel: use that one, or give this file's payouts "
			"references of their own";
		outcome.why = TEXT("the provider has a payout under the key of one that this journal never sent");
	}
	bool absent = receipt != NULL && receipt->verdict == VERDICT_NOT_FOUND;
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
