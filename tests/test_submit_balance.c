/*
 * One live payout for each balance, look-ups through a list, refusals that rest, amounts that are what a balance has
 * (PROTOCOL section 5, mollie), against fakes in memory. That no two are live at once is asserted by the fake provider.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

static void balances(int rows, int64_t count)
{
	fake_channel("m", FAKE_LISTS, 0, 8);
	fake_journal.balances = count;
	fake_journal.received_ms[1] = fake.now.utc_ms;
	fake.initiates_after_ms = 20 * SECOND;
	add_rows(rows, 1);
}

/* Something of the channel was sent days before, so that it is not new to the journal. */
static void known_channel(void)
{
	struct attempt *paid = fake_row(PAYOUT_PAID, 1, 1);
	paid->sends = 1;
	paid->submitted_at = fake.now.utc_ms - 48 * 60 * MINUTE;
	fake_keep(paid);
}

static void rows_of_one_balance_go_one_after_the_other(void **state)
{
	(void)state;
	balances(0, 3);
	known_channel();
	add_rows(9, 1);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 9);
	assert_int_equal(fake.ledger_count, 9);
	assert_true(fake.now.mono_ms - begun >= 2 * 20 * SECOND);
	assert_true(fake.now.mono_ms - begun < 10 * MINUTE);
}

static void what_an_earlier_run_left_live_counts(void **state)
{
	(void)state;
	balances(0, 1);
	struct attempt *live = fake_row(PAYOUT_ACCEPTED, 1, 1);
	struct fake_call call = {.provider = FAKE_LISTS, .key = live->key, .balance = {"bal-0"}};
	ledger_add(&call);
	live->provider_id = text_of(fake.ids[0]);
	live->provider_status = TEXT("requested");
	fake_keep(live);
	add_rows(1, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.ledger_count, 2);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
	assert_true(fake.statuses > 0);
	assert_true(text_is(fake_journal.durable[0].provider_status, "initiated"));
}

static void another_channel_of_the_provider_counts_too(void **state)
{
	(void)state;
	fake_channel("m", FAKE_LISTS, 0, 8);
	fake_channel("n", FAKE_LISTS, 0, 8);
	fake_journal.balances = 1;
	fake.initiates_after_ms = 5 * SECOND;
	add_rows(2, 1);
	add_rows(2, 2);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 4);
}

static enum fate first_is_lost(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 1 ? FATE_LOST_AFTER : FATE_TAKEN;
}

/* Inside the window too: a key that the provider forgot too early is not paid twice. */
static void what_the_list_has_is_not_sent_again_inside_the_window(void **state)
{
	(void)state;
	balances(0, 1);
	known_channel();
	add_rows(3, 1);
	fake.fate = first_is_lost;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake.ledger_count, 3);
	assert_int_equal(fake.creates, 3);
	assert_int_equal(fake.lookups, 1);
}

static enum fate first_never_arrives(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 1 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

static void what_the_list_lacks_is_sent_again_inside_the_window_while_others_wait(void **state)
{
	(void)state;
	balances(0, 1);
	known_channel();
	add_rows(3, 1);
	fake.fate = first_never_arrives;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake.ledger_count, 3);
	assert_int_equal(fake.creates, 4);
	assert_int_equal(fake.lookups, 1);
}

static void what_a_person_called_not_sent_is_looked_for_first(void **state)
{
	(void)state;
	balances(0, 4);
	known_channel();
	struct attempt *rows[2];
	for (int i = 0; i < 2; i++) {
		rows[i] = add_unknown(1, 2 * FAKE_WINDOW_MS);
		rows[i]->state = PAYOUT_READY;
		rows[i]->open_since = 0;
		fake_keep(rows[i]);
	}
	struct fake_call call = {.provider = FAKE_LISTS, .key = rows[0]->key, .balance = {"bal-2"}};
	ledger_add(&call);
	fake.ledger[0].created_ms -= 2 * FAKE_WINDOW_MS;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
	assert_int_equal(fake.ledger_count, 2);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake.lookups, 2);
}

static void after_the_window_the_list_tells(void **state)
{
	(void)state;
	balances(0, 4);
	known_channel();
	struct attempt *there = add_unknown(1, 2 * FAKE_WINDOW_MS);
	struct fake_call call = {.provider = FAKE_LISTS, .key = there->key, .balance = {"bal-2"}};
	ledger_add(&call);
	fake.ledger[0].created_ms -= 2 * FAKE_WINDOW_MS;
	add_unknown(1, 2 * FAKE_WINDOW_MS); /* never arrived */
	fake.list_pages = 3;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
	assert_int_equal(fake.ledger_count, 2);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake.lookups, 8);
	assert_int_equal(fake_journal.durable[2].sends, 2);
}

static void too_early_for_the_list_nobody_sends(void **state)
{
	(void)state;
	balances(0, 2);
	known_channel();
	add_unknown(1, 52 * MINUTE); /* the window is closed, the list not yet conclusive */
	add_rows(1, 1);
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 1); /* of the other balance */
	assert_int_equal(fake.lookups, 1);
	fake_pass(20 * MINUTE);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
}

static void rows_behind_one_that_waits_for_long_do_not_sit_the_limit_out(void **state)
{
	(void)state;
	balances(0, 1);
	known_channel();
	add_unknown(1, 52 * MINUTE);
	add_rows(2, 1);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 0);
	assert_true(fake.now.mono_ms - begun < MINUTE);
	assert_int_equal(fake_count(PAYOUT_READY), 2);
}

static enum fate first_balance_is_stopped(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_CREATE && strcmp(call->balance, "bal-1") == 0 ? FATE_STOP_ONE : FATE_TAKEN;
}

static void a_stopped_balance_leaves_the_others(void **state)
{
	(void)state;
	balances(0, 2);
	known_channel();
	add_rows(5, 1);
	fake.initiates_after_ms = 0;
	fake.fate = first_balance_is_stopped;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_READY), 2);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake.creates, 4);
	assert_non_null(notice_of("CHANNEL_BLOCKED", "m"));
	assert_true(notice_of("CHANNEL_BLOCKED", "m")->person);
}

static enum fate first_rests(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 1 ? FATE_REST : FATE_TAKEN;
}

static void after_a_refusal_nothing_is_sent_for_its_rest(void **state)
{
	(void)state;
	balances(0, 1);
	known_channel();
	add_rows(1, 1);
	fake.fate = first_rests;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake_journal.durable[1].not_before, fake_journal.durable[1].last_sent + 20 + FAKE_REST_MS);
	fake_pass(FAKE_REST_MS);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
}

static void an_amount_is_what_the_balance_has(void **state)
{
	(void)state;
	balances(0, 3);
	known_channel();
	add_rows(2, 1);
	fake.fixes = true;
	fake.funds = "7.50";
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.funds_asked, 2);
	assert_true(text_is(fake_journal.durable[1].payload, "{\"amount\":750}"));
	assert_int_equal(fake_journal.durable[1].fixed_minor, 750);
}

static enum fate first_is_not_sent(const struct fake_call *call, int64_t number)
{
	(void)number;
	if (call->operation != OPERATION_CREATE || strcmp(fake.funds, "7.50") != 0)
		return FATE_TAKEN;
	fake.funds = "9.00";
	return FATE_NOT_SENT;
}

static void an_amount_is_fixed_once_whatever_the_balance_has_later(void **state)
{
	(void)state;
	balances(0, 3);
	known_channel();
	add_rows(1, 1);
	fake.fixes = true;
	fake.funds = "7.50";
	fake.fate = first_is_not_sent;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.funds_asked, 1);
	assert_int_equal(fake_journal.durable[1].fixed_minor, 750);
	assert_true(text_is(fake_journal.durable[1].payload, "{\"amount\":750}"));
}

static void an_empty_balance_fixes_no_amount(void **state)
{
	(void)state;
	balances(0, 30);
	known_channel();
	add_rows(1, 1);
	fake.fixes = true;
	fake.funds = "0.00";
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake_count(PAYOUT_READY), 1);
	assert_non_null(notice_of("CHANNEL_BALANCE", "m"));
}

static void on_a_channel_new_to_the_journal_first_sends_are_looked_up(void **state)
{
	(void)state;
	balances(3, 10);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.lookups, 3);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
}

static void a_run_cut_short_does_not_make_the_rest_of_its_file_known(void **state)
{
	(void)state;
	balances(4, 10);
	run.options.limit = 1;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	int64_t lookups = fake.lookups;
	run.options.limit = 0;
	fake_pass(47 * 60 * MINUTE);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.lookups, lookups + 3);
	assert_int_equal(fake.ledger_count, 4);
}

static void a_channel_is_new_for_a_day(void **state)
{
	static const struct {
		int64_t hours;
		int64_t lookups;
	} later[] = {{1, 1}, {23, 1}, {25, 0}};
	(void)state;
	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		close_run(state);
		run_open();
		balances(1, 10);
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_int_equal(fake.lookups, 1);
		fake_pass(later[i].hours * 60 * MINUTE);
		add_rows(1, 1);
		fake_journal.rows[1].batch = 2;
		fake_keep(&fake_journal.rows[1]);
		fake_journal.received_ms[2] = fake.now.utc_ms;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_int_equal(fake.lookups, 1 + later[i].lookups);
		assert_int_equal(fake.creates, 2);
	}
}

static void on_a_new_channel_a_row_whose_balance_is_taken_is_not_looked_up_meanwhile(void **state)
{
	(void)state;
	balances(3, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake.lookups, 3);
}

static void a_row_that_a_limit_leaves_alone_does_not_keep_its_balance(void **state)
{
	struct channel *channel;

	(void)state;
	balances(4, 1);
	channel = &run.channels[0];
	assert_null(limit_parse(TEXT("*:none"), &channel->limits[CHANNEL_LIMIT_BATCH]));
	channel->limits[CHANNEL_LIMIT_PAYOUT] = (struct limit){
		.given = true, .count = 1, .amounts = {{.currency = "", .whole = 1, .fraction = 1000000}}};
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1); /* 1.01; the others are more */
	assert_int_equal(fake_count(PAYOUT_READY), 3);
	assert_true(fake.now.mono_ms - begun < 5 * MINUTE);
}

static void what_another_journal_paid_is_not_paid_again(void **state)
{
	(void)state;
	balances(3, 10);
	struct fake_call call = {.provider = FAKE_LISTS, .key = fake_journal.rows[0].key, .balance = {"bal-1"}};
	ledger_add(&call);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_READY);
	assert_non_null(notice_of("JOURNAL_BEHIND", "m"));
	for (int i = 1; i < fake.ledger_count; i++)
		assert_memory_not_equal(&fake.ledger[i].key, &fake.ledger[0].key, sizeof(struct key));
}

static void ledger_has(int row, const char *balance)
{
	struct fake_call call = {.provider = FAKE_LISTS, .key = fake_journal.rows[row].key};
	snprintf(call.balance, sizeof call.balance, "%s", balance);
	ledger_add(&call);
}

static void what_a_restored_journal_forgot_is_found_and_not_paid_again(void **state)
{
	(void)state;
	balances(0, 2);
	known_channel();
	add_rows(2, 1); /* of a file that is received again */
	ledger_has(1, "bal-0");
	fake_journal.recovered_ms = fake.now.utc_ms - 40 * 24 * 60 * MINUTE;
	fake_journal.received_ms[1] = fake.now.utc_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.ledger_count, 2);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_ACCEPTED);
	assert_int_equal(fake_journal.durable[1].sends, 1);
	assert_true(fake_journal.durable[1].provider_id.len > 0);
	assert_int_equal(fake_journal.durable[1].open_since, 0);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
}

static void an_attempt_that_a_restored_journal_forgot_is_looked_up_after_the_earlier_ones(void **state)
{
	(void)state;
	balances(0, 1);
	known_channel();
	struct attempt *failed = fake_row(PAYOUT_FAILED, 1, 1);
	failed->sends = 1;
	failed->submitted_at = failed->last_sent = fake.now.utc_ms - 30 * 60 * MINUTE;
	fake_keep(failed);
	fake_row(PAYOUT_READY, 1, 2);
	ledger_has(2, "bal-0");
	fake_journal.recovered_ms = fake.now.utc_ms - 60 * MINUTE;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake.lookups, 2);
	assert_int_equal(fake_journal.durable[2].state, PAYOUT_ACCEPTED);
}

static enum fate some_are_lost(const struct fake_call *call, int64_t number)
{
	if (call->operation != OPERATION_CREATE)
		return FATE_TAKEN;
	return number % 3 == 1 ? FATE_LOST_AFTER : number % 3 == 2 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

static void a_crash_anywhere_pays_none_twice(void **state)
{
	(void)state;
	for (int64_t at = 1;; at++) {
		close_run(state);
		run_open();
		balances(0, 2);
		known_channel();
		add_rows(4, 1);
		fake.initiates_after_ms = SECOND;
		fake.fate = at % 2 == 1 ? some_are_lost : NULL;
		fake_journal.die_at = at;
		bool died = run_submit() == SUBMIT_FAILED;
		if (died) {
			fake_journal_recover();
			assert_int_equal(run_submit(), SUBMIT_DONE);
		}
		assert_int_equal(fake_count(PAYOUT_ACCEPTED), 4);
		assert_int_equal(fake.ledger_count, 4);
		if (!died)
			return;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(rows_of_one_balance_go_one_after_the_other),
		T(what_an_earlier_run_left_live_counts),
		T(another_channel_of_the_provider_counts_too),
		T(what_the_list_has_is_not_sent_again_inside_the_window),
		T(what_the_list_lacks_is_sent_again_inside_the_window_while_others_wait),
		T(what_a_person_called_not_sent_is_looked_for_first),
		T(after_the_window_the_list_tells),
		T(too_early_for_the_list_nobody_sends),
		T(rows_behind_one_that_waits_for_long_do_not_sit_the_limit_out),
		T(a_stopped_balance_leaves_the_others),
		T(after_a_refusal_nothing_is_sent_for_its_rest),
		T(an_amount_is_what_the_balance_has),
		T(an_amount_is_fixed_once_whatever_the_balance_has_later),
		T(an_empty_balance_fixes_no_amount),
		T(on_a_channel_new_to_the_journal_first_sends_are_looked_up),
		T(a_run_cut_short_does_not_make_the_rest_of_its_file_known),
		T(a_channel_is_new_for_a_day),
		T(on_a_new_channel_a_row_whose_balance_is_taken_is_not_looked_up_meanwhile),
		T(a_row_that_a_limit_leaves_alone_does_not_keep_its_balance),
		T(what_another_journal_paid_is_not_paid_again),
		T(what_a_restored_journal_forgot_is_found_and_not_paid_again),
		T(an_attempt_that_a_restored_journal_forgot_is_looked_up_after_the_earlier_ones),
		T(a_crash_anywhere_pays_none_twice),
	};
	return cmocka_run_group_tests_name("submit_balance", tests, NULL, NULL);
}
