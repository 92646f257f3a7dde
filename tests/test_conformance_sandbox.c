/*
 * Every adapter before payrun-sandbox, in every mode, over real HTTP: the same assertions for all of them, by what each
 * says it can (PROTOCOL, sections 4 and 5). Adapter and sandbox half were written without a look at the other. What
 * goes wrong on the way: test_conformance_faults.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/stand.h"
#include "values/money.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)

static struct stand stand;

static int begin(void **state)
{
	(void)state;
	stand_open(&stand);
	return 0;
}

static int end(void **state)
{
	(void)state;
	stand_close(&stand);
	return 0;
}

/* --- creating --------------------------------------------------------------------------------------------------- */

static void creates(void)
{
	char id[STAND_ID_SIZE];

	stand_create(&stand, id);
	stand_check(&stand, stand_ledger(&stand, id) == 1, "not in the ledger once");
	stand_check(&stand, !stand.receipt.replayed, "a first answer is no replay");
}

static void a_payout_is_created_as_it_was_asked_for(void **state)
{
	(void)state;
	stand_each(&stand, creates);
}

/* The sandbox has in its ledger what it read. */
static void creates_each_amount(void)
{
	static const int64_t amounts[] = {1, 10, 99, 100, 101, 1000000, 9999999};
	char id[STAND_ID_SIZE];

	for (size_t i = 0; i < COUNT(amounts); i++) {
		stand_begin(&stand, stand.subject);
		stand_payout(&stand, amounts[i]);
		stand_create(&stand, id);
		stand_check(&stand, stand_ledger(&stand, id) == 1, "not in the ledger once");
	}
}

static void every_digit_of_an_amount_arrives(void **state)
{
	(void)state;
	stand_each(&stand, creates_each_amount);
}

/* The original result, or an error that says the key exists: the money moved once. */
static void creates_again(void)
{
	char id[STAND_ID_SIZE];

	stand_create(&stand, id);
	for (int i = 0; i < 3; i++) {
		const struct receipt *receipt = stand_ask(&stand, OPERATION_CREATE);

		if (stand.adapter->repeats_safely)
			stand_check(&stand, receipt->verdict == VERDICT_ACCEPTED && text_is(receipt->provider_id, id),
				"not the original result");
		else
			stand_check(&stand,
				receipt->verdict == VERDICT_UNKNOWN && receipt->key_known &&
					text_is(receipt->provider_code, stand.adapter->key_known_code),
				"a known key");
		stand_check(&stand, stand_ledger(&stand, id) == 1, "not in the ledger once");
	}
}

static void the_same_key_again_pays_nothing_again(void **state)
{
	(void)state;
	stand_each(&stand, creates_again);
}

/* For as long as the adapter says; and where a look-up comes after that, it still finds what was sent. */
static void creates_within_its_window(void)
{
	char id[STAND_ID_SIZE];

	stand_create(&stand, id);
	if (stand.adapter->repeats_safely) {
		stand_advance(&stand, stand.adapter->window_ms - MINUTE_MS);
		stand_ask(&stand, OPERATION_CREATE);
		stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id),
			"not the original result");
	}
	stand_advance(&stand, DAY_MS);
	if (stand.adapter->looks_up) {
		stand.call.open_since_utc_ms = stand.call.last_sent_utc_ms = clock_now(&stand.world.clock).utc_ms;
		stand_ask(&stand, OPERATION_LOOKUP);
		stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id),
			"not found after its window");
	}
	stand_check(&stand, stand_ledger(&stand, id) == 1, "not in the ledger once");
}

static void a_window_is_one_in_which_the_provider_repeats_itself(void **state)
{
	(void)state;
	stand_each(&stand, creates_within_its_window);
}

/* Another request under the same key, as two journals of one namespace would make it. */
static void collides(void)
{
	struct call call;
	struct key key;
	char id[STAND_ID_SIZE];

	stand_create(&stand, id);
	call = stand.call;
	key = call.key;
	stand.call.amount_minor += 100;
	buf_reset(&stand.payload);
	stand.adapter->freeze(&stand.call, &stand.payload);
	stand.call.payload = buf_text(&stand.payload);
	stand_ask(&stand, OPERATION_CREATE);
	if (stand.receipt.verdict == VERDICT_ACCEPTED)
		stand_check(&stand, text_is(stand.receipt.provider_id, id), "two payouts of one key");
	else
		stand_check(&stand,
			stand.receipt.verdict == VERDICT_UNKNOWN ||
				(stand.receipt.verdict == VERDICT_MISMATCH &&
					strcmp(stand.receipt.code, "KEY_COLLISION") == 0),
			"another request of the same key");
	stand.call = call;
	assert_memory_equal(&key, &stand.call.key, sizeof(key));
	stand_check(&stand, stand_ledger(&stand, id) == 1, "not in the ledger once");
}

static void a_key_never_makes_two_payouts(void **state)
{
	(void)state;
	stand_each(&stand, collides);
}

/* --- asking ----------------------------------------------------------------------------------------------------- */

static void looks_up(void)
{
	char id[STAND_ID_SIZE];

	if (!stand.adapter->looks_up)
		return;
	/* before it is sent: long enough ago to be conclusive where time counts, and then not */
	stand.call.open_since_utc_ms = stand.call.last_sent_utc_ms =
		clock_now(&stand.world.clock).utc_ms - 100 * MINUTE_MS;
	stand_check(&stand, stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_NOT_FOUND, "never sent");
	stand_create(&stand, id);
	stand_check(&stand, stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_ACCEPTED, "sent, and not found");
	stand_check(&stand, text_is(stand.receipt.provider_id, id), "another one was found");
	stand_payout(&stand, 0);
	stand.call.open_since_utc_ms = stand.call.last_sent_utc_ms =
		clock_now(&stand.world.clock).utc_ms - 100 * MINUTE_MS;
	stand_check(&stand, stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_NOT_FOUND,
		"not sent, but another one was");
}

static void a_look_up_finds_what_was_sent_and_nothing_else(void **state)
{
	(void)state;
	stand_each(&stand, looks_up);
}

/* Asks for the status until it is final; the sandbox's clock goes on meanwhile. */
static enum payout_state end_of(const char *id)
{
	stand.call.provider_id = text_of(id);
	for (int i = 0; i < 30; i++) {
		stand_ask(&stand, OPERATION_STATUS);
		stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id),
			"no status");
		stand_check(&stand, stand.receipt.provider_status.len > 0, "no word of the provider");
		if (stand.receipt.state != PAYOUT_ACCEPTED)
			return stand.receipt.state;
		stand_advance(&stand, DAY_MS / 2);
	}
	stand_check(&stand, false, "never final");
	return PAYOUT_UNKNOWN;
}

static void is_paid(void)
{
	char id[STAND_ID_SIZE];

	stand_create(&stand, id);
	stand_check(&stand, end_of(id) == PAYOUT_PAID, "not paid");
	stand_check(&stand, stand.receipt.reason_code[0] == '\0' && !stand.receipt.return_pending, "paid, and yet");
}

static void a_payout_is_paid_in_time(void **state)
{
	(void)state;
	stand_each(&stand, is_paid);
}

static void is_failed(void)
{
	char id[STAND_ID_SIZE];

	if (stand.subject->fails_minor == 0)
		return;
	stand_payout(&stand, stand.subject->fails_minor);
	stand_create(&stand, id);
	stand_check(&stand, end_of(id) == PAYOUT_FAILED, "not failed");
	stand_check(&stand, stand.receipt.reason_code[0] != '\0', "failed without a reason");
}

static void a_payout_that_fails_says_why(void **state)
{
	(void)state;
	stand_each(&stand, is_failed);
}

/* One that is nobody's: a digit more or less. */
static void asks_for_nobody(void)
{
	static const enum operation operations[] = {OPERATION_STATUS, OPERATION_DESTINATION, OPERATION_CANCEL};
	char id[STAND_ID_SIZE];
	size_t last;

	stand_create(&stand, id);
	last = strlen(id) - 1;
	id[last] = id[last] == '7' ? '8' : '7';
	stand.call.provider_id = text_of(id);
	stand_ask(&stand, OPERATION_STATUS);
	stand_check(&stand, stand.receipt.verdict == VERDICT_UNKNOWN, "the status of nobody");
	for (size_t i = 1; i < COUNT(operations); i++) {
		struct adapter_request request = {0};
		bool has = stand.adapter->build(operations[i], &stand.call, &stand.arena, &request);

		buf_release(&request.url);
		buf_release(&request.body);
		if (has && stand_ask(&stand, operations[i])->verdict != VERDICT_UNKNOWN)
			stand_check(&stand, false, operation_name(operations[i]));
	}
}

static void what_is_not_known_changes_nothing(void **state)
{
	(void)state;
	stand_each(&stand, asks_for_nobody);
}

static bool lists(const char *id)
{
	struct buf amount = {0};
	bool found = false;

	money_text(&amount, stand.call.amount_minor, stand.call.decimals);
	for (size_t i = 0; i < stand.receipt.listed_count; i++) {
		const struct listed *listed = &stand.receipt.listed[i];

		if (!text_is(listed->provider_id, id))
			continue;
		stand_check(&stand, !found, "listed twice");
		stand_check(&stand, money_same_text(listed->amount, buf_text(&amount)), "the amount of the list");
		stand_check(&stand, text_equal(listed->currency, stand.call.currency), "the currency of the list");
		found = true;
	}
	buf_release(&amount);
	return found;
}

static void is_listed(void)
{
	struct buf cursor = {0};
	char id[STAND_ID_SIZE];
	size_t found = 0;

	if (!stand.adapter->lists)
		return;
	stand_create(&stand, id);
	stand.call.from_utc_ms = clock_now(&stand.world.clock).utc_ms - DAY_MS;
	for (int page = 0; page < 10; page++) {
		stand_check(&stand, stand_ask(&stand, OPERATION_LIST)->verdict == VERDICT_ACCEPTED, "no list");
		found += lists(id);
		if (stand.receipt.next_cursor.len == 0)
			break;
		buf_reset(&cursor);
		buf_addt(&cursor, stand.receipt.next_cursor);
		stand.call.cursor = buf_text(&cursor);
	}
	stand_check(&stand, stand.receipt.next_cursor.len == 0, "a list without an end");
	stand_check(&stand, found == 1, "not listed once");
	buf_release(&cursor);
}

static void a_list_has_what_was_created(void **state)
{
	(void)state;
	stand_each(&stand, is_listed);
}

static void is_canceled(void)
{
	char id[STAND_ID_SIZE];

	if (!stand.adapter->cancels)
		return;
	stand_create(&stand, id);
	stand.call.provider_id = text_of(id);
	stand_ask(&stand, OPERATION_CANCEL);
	stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED && stand.receipt.state == PAYOUT_CANCELED,
		"not canceled");
	stand_ask(&stand, OPERATION_CANCEL);
	stand_check(&stand, stand.receipt.verdict == VERDICT_REFUSED || stand.receipt.state == PAYOUT_CANCELED,
		"canceled twice");
	stand_check(&stand, end_of(id) == PAYOUT_CANCELED, "paid all the same");
	stand_payout(&stand, 0);
	stand_create(&stand, id);
	stand_check(&stand, end_of(id) == PAYOUT_PAID, "not paid");
	stand_ask(&stand, OPERATION_CANCEL);
	stand_check(&stand, stand.receipt.verdict == VERDICT_REFUSED && stand.receipt.state != PAYOUT_CANCELED,
		"canceled too late");
}

static void what_is_not_on_its_way_can_be_called_off(void **state)
{
	(void)state;
	stand_each(&stand, is_canceled);
}

static void tells_funds(void)
{
	if (!stand.adapter->has_funds)
		return;
	stand.call = (struct call){.channel = &stand.channel, .session = stand.call.session};
	stand_ask(&stand, OPERATION_FUNDS);
	stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED, "no funds");
	/* an API key of Mollie may not read them; that it works is what is told then */
	stand_check(&stand, stand.receipt.balance_count > 0 || stand.receipt.reason.len > 0,
		"neither balances nor why not");
	for (int i = 0; i < stand.receipt.balance_count; i++)
		stand_check(&stand,
			stand.receipt.balances[i].currency.len > 0 &&
				money_same_text(stand.receipt.balances[i].amount, stand.receipt.balances[i].amount),
			"a balance that can't be read");
}

static void funds_are_told_where_the_provider_has_them(void **state)
{
	(void)state;
	stand_each(&stand, tells_funds);
}

static void tells_fees(void)
{
	struct fee_question questions[] = {
		{stand.call.currency, stand.call.amount_minor, stand.call.decimals}, {stand.call.currency, 1, 2}};

	if (!stand.adapter->has_fees)
		return;
	stand.call.fee_questions = questions;
	stand.call.fee_question_count = COUNT(questions);
	stand_ask(&stand, OPERATION_FEES);
	stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED, "no fees");
	stand_check(&stand, stand.receipt.fee_count == COUNT(questions), "not a fee for each question");
	for (size_t i = 0; i < stand.receipt.fee_count; i++)
		stand_check(&stand, money_same_text(stand.receipt.fees[i].fee, stand.receipt.fees[i].fee),
			"a fee that can't be read");
}

static void fees_are_told_for_each_amount_where_the_provider_has_them(void **state)
{
	(void)state;
	stand_each(&stand, tells_fees);
}

static void has_destination(void)
{
	char id[STAND_ID_SIZE];
	bool made = stand.destination.len > 0 && stand.call.destination_id.len > 0;

	snprintf(id, sizeof(id), "%s", made ? buf_str(&stand.destination) : "");
	stand.call.provider_id = text_of(id);
	if (!made)
		return;
	for (int i = 0; i < 30 && stand.receipt.state != PAYOUT_PAID; i++) {
		stand.call.payload = TEXT("");
		stand_ask(&stand, OPERATION_DESTINATION);
		stand_check(&stand, stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id),
			"no destination");
		stand_advance(&stand, DAY_MS / 2);
	}
	stand_check(&stand, stand.receipt.state == PAYOUT_PAID, "may not be paid to");
}

static void a_destination_that_was_made_may_be_paid_to(void **state)
{
	(void)state;
	stand_each(&stand, has_destination);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payout_is_created_as_it_was_asked_for),
		cmocka_unit_test(every_digit_of_an_amount_arrives),
		cmocka_unit_test(the_same_key_again_pays_nothing_again),
		cmocka_unit_test(a_window_is_one_in_which_the_provider_repeats_itself),
		cmocka_unit_test(a_key_never_makes_two_payouts),
		cmocka_unit_test(a_look_up_finds_what_was_sent_and_nothing_else),
		cmocka_unit_test(a_payout_is_paid_in_time),
		cmocka_unit_test(a_payout_that_fails_says_why),
		cmocka_unit_test(what_is_not_known_changes_nothing),
		cmocka_unit_test(a_list_has_what_was_created),
		cmocka_unit_test(what_is_not_on_its_way_can_be_called_off),
		cmocka_unit_test(funds_are_told_where_the_provider_has_them),
		cmocka_unit_test(fees_are_told_for_each_amount_where_the_provider_has_them),
		cmocka_unit_test(a_destination_that_was_made_may_be_paid_to),
	};

	return cmocka_run_group_tests_name("conformance before the sandbox", tests, begin, end);
}
