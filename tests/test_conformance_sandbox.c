/*
 * Every adapter before payrun-sandbox, in every mode, over real HTTP: the same assertions for all of them, by what each
 * says it can (PROTOCOL, sections 4 and 5). Adapter and sandbox half were written without a look at the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/support/stand.h"
#include "values/money.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MINUTE_MS INT64_C(60000)
#define DAY_MS (1440 * MINUTE_MS)
#define ID_SIZE 130

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

static void check(bool fine, const char *what)
{
	if (!fine)
		fail_msg("%s: %s: %s, HTTP %d %s\n%.*s\n%s", stand.subject->name, what,
			verdict_name(stand.receipt.verdict), stand.answer.status, stand.answer.error,
			(int)stand.receipt.reason.len, stand.receipt.reason.ptr,
			stand.body.len > 0 ? stand.body.data : "");
}

static void each_subject(void (*law)(void))
{
	for (size_t i = 0; i < stand_subject_count; i++) {
		stand_begin(&stand, &stand_subjects[i]);
		law();
	}
}

/* Creates the payout of the stand; its id. */
static void create(char id[ID_SIZE])
{
	const struct receipt *receipt = stand_ask(&stand, OPERATION_CREATE);

	check(receipt->verdict == VERDICT_ACCEPTED && receipt->provider_id.len > 0, "not accepted");
	check(receipt->state == PAYOUT_ACCEPTED || receipt->state == PAYOUT_PAID, "accepted, and yet");
	snprintf(id, ID_SIZE, "%.*s", (int)receipt->provider_id.len, receipt->provider_id.ptr);
}

/* --- creating --------------------------------------------------------------------------------------------------- */

static void creates(void)
{
	char id[ID_SIZE];

	create(id);
	check(stand_ledger(&stand, id) == 1, "not in the ledger once");
	check(!stand.receipt.replayed, "a first answer is no replay");
}

static void a_payout_is_created_as_it_was_asked_for(void **state)
{
	(void)state;
	each_subject(creates);
}

/* The original result, or an error that says the key exists: the money moved once. */
static void creates_again(void)
{
	char id[ID_SIZE];

	create(id);
	for (int i = 0; i < 3; i++) {
		const struct receipt *receipt = stand_ask(&stand, OPERATION_CREATE);

		if (stand.adapter->repeats_safely)
			check(receipt->verdict == VERDICT_ACCEPTED && text_is(receipt->provider_id, id),
				"not the original result");
		else
			check(receipt->verdict == VERDICT_UNKNOWN && receipt->key_known &&
					text_is(receipt->provider_code, stand.adapter->key_known_code),
				"a known key");
		check(stand_ledger(&stand, id) == 1, "not in the ledger once");
	}
}

static void the_same_key_again_pays_nothing_again(void **state)
{
	(void)state;
	each_subject(creates_again);
}

/* Another request under the same key, as two journals of one namespace would make it. */
static void collides(void)
{
	struct call call;
	struct key key;
	char id[ID_SIZE];

	create(id);
	call = stand.call;
	key = call.key;
	stand.call.amount_minor += 100;
	buf_reset(&stand.payload);
	stand.adapter->freeze(&stand.call, &stand.payload);
	stand.call.payload = buf_text(&stand.payload);
	stand_ask(&stand, OPERATION_CREATE);
	if (stand.receipt.verdict == VERDICT_ACCEPTED)
		check(text_is(stand.receipt.provider_id, id), "two payouts of one key");
	else
		check(stand.receipt.verdict == VERDICT_UNKNOWN ||
				(stand.receipt.verdict == VERDICT_MISMATCH &&
					strcmp(stand.receipt.code, "KEY_COLLISION") == 0),
			"another request of the same key");
	stand.call = call;
	assert_memory_equal(&key, &stand.call.key, sizeof(key));
	check(stand_ledger(&stand, id) == 1, "not in the ledger once");
}

static void a_key_never_makes_two_payouts(void **state)
{
	(void)state;
	each_subject(collides);
}

/* --- asking ----------------------------------------------------------------------------------------------------- */

static void looks_up(void)
{
	char id[ID_SIZE];

	if (!stand.adapter->looks_up)
		return;
	/* before it is sent: long enough ago to be conclusive where time counts, and then not */
	stand.call.open_since_utc_ms = stand.call.last_sent_utc_ms =
		clock_now(&stand.world.clock).utc_ms - 100 * MINUTE_MS;
	check(stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_NOT_FOUND, "never sent");
	create(id);
	check(stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_ACCEPTED, "sent, and not found");
	check(text_is(stand.receipt.provider_id, id), "another one was found");
	stand_payout(&stand, 0);
	stand.call.open_since_utc_ms = stand.call.last_sent_utc_ms =
		clock_now(&stand.world.clock).utc_ms - 100 * MINUTE_MS;
	check(stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_NOT_FOUND, "not sent, but another one was");
}

static void a_look_up_finds_what_was_sent_and_nothing_else(void **state)
{
	(void)state;
	each_subject(looks_up);
}

/* Asks for the status until it is final; the sandbox's clock goes on meanwhile. */
static enum payout_state end_of(const char *id)
{
	stand.call.provider_id = text_of(id);
	for (int i = 0; i < 30; i++) {
		stand_ask(&stand, OPERATION_STATUS);
		check(stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id), "no status");
		check(stand.receipt.provider_status.len > 0, "no word of the provider");
		if (stand.receipt.state != PAYOUT_ACCEPTED)
			return stand.receipt.state;
		stand_advance(&stand, DAY_MS / 2);
	}
	check(false, "never final");
	return PAYOUT_UNKNOWN;
}

static void is_paid(void)
{
	char id[ID_SIZE];

	create(id);
	check(end_of(id) == PAYOUT_PAID, "not paid");
	check(stand.receipt.reason_code[0] == '\0' && !stand.receipt.return_pending, "paid, and yet");
}

static void a_payout_is_paid_in_time(void **state)
{
	(void)state;
	each_subject(is_paid);
}

static void is_failed(void)
{
	char id[ID_SIZE];

	if (stand.subject->fails_minor == 0)
		return;
	stand_payout(&stand, stand.subject->fails_minor);
	create(id);
	check(end_of(id) == PAYOUT_FAILED, "not failed");
	check(stand.receipt.reason_code[0] != '\0', "failed without a reason");
}

static void a_payout_that_fails_says_why(void **state)
{
	(void)state;
	each_subject(is_failed);
}

/* One that is nobody's: a digit more or less. */
static void asks_for_nobody(void)
{
	static const enum operation operations[] = {OPERATION_STATUS, OPERATION_DESTINATION, OPERATION_CANCEL};
	char id[ID_SIZE];
	size_t last;

	create(id);
	last = strlen(id) - 1;
	id[last] = id[last] == '7' ? '8' : '7';
	stand.call.provider_id = text_of(id);
	stand_ask(&stand, OPERATION_STATUS);
	check(stand.receipt.verdict == VERDICT_UNKNOWN, "the status of nobody");
	for (size_t i = 1; i < COUNT(operations); i++) {
		struct adapter_request request = {0};
		bool has = stand.adapter->build(operations[i], &stand.call, &stand.arena, &request);

		buf_release(&request.url);
		buf_release(&request.body);
		if (has && stand_ask(&stand, operations[i])->verdict != VERDICT_UNKNOWN)
			check(false, operation_name(operations[i]));
	}
}

static void what_is_not_known_changes_nothing(void **state)
{
	(void)state;
	each_subject(asks_for_nobody);
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
		check(!found, "listed twice");
		check(money_same_text(listed->amount, buf_text(&amount)), "the amount of the list");
		check(text_equal(listed->currency, stand.call.currency), "the currency of the list");
		found = true;
	}
	buf_release(&amount);
	return found;
}

static void is_listed(void)
{
	struct buf cursor = {0};
	char id[ID_SIZE];
	size_t found = 0;

	if (!stand.adapter->lists)
		return;
	create(id);
	stand.call.from_utc_ms = clock_now(&stand.world.clock).utc_ms - DAY_MS;
	for (int page = 0; page < 10; page++) {
		check(stand_ask(&stand, OPERATION_LIST)->verdict == VERDICT_ACCEPTED, "no list");
		found += lists(id);
		if (stand.receipt.next_cursor.len == 0)
			break;
		buf_reset(&cursor);
		buf_addt(&cursor, stand.receipt.next_cursor);
		stand.call.cursor = buf_text(&cursor);
	}
	check(stand.receipt.next_cursor.len == 0, "a list without an end");
	check(found == 1, "not listed once");
	buf_release(&cursor);
}

static void a_list_has_what_was_created(void **state)
{
	(void)state;
	each_subject(is_listed);
}

static void is_canceled(void)
{
	char id[ID_SIZE];

	if (!stand.adapter->cancels)
		return;
	create(id);
	stand.call.provider_id = text_of(id);
	stand_ask(&stand, OPERATION_CANCEL);
	check(stand.receipt.verdict == VERDICT_ACCEPTED && stand.receipt.state == PAYOUT_CANCELED, "not canceled");
	stand_ask(&stand, OPERATION_CANCEL);
	check(stand.receipt.verdict == VERDICT_REFUSED || stand.receipt.state == PAYOUT_CANCELED, "canceled twice");
	check(end_of(id) == PAYOUT_CANCELED, "paid all the same");
	stand_payout(&stand, 0);
	create(id);
	check(end_of(id) == PAYOUT_PAID, "not paid");
	stand_ask(&stand, OPERATION_CANCEL);
	check(stand.receipt.verdict == VERDICT_REFUSED && stand.receipt.state != PAYOUT_CANCELED, "canceled too late");
}

static void what_is_not_on_its_way_can_be_called_off(void **state)
{
	(void)state;
	each_subject(is_canceled);
}

static void tells_funds(void)
{
	if (!stand.adapter->has_funds)
		return;
	stand.call = (struct call){.channel = &stand.channel, .session = stand.call.session};
	stand_ask(&stand, OPERATION_FUNDS);
	check(stand.receipt.verdict == VERDICT_ACCEPTED, "no funds");
	/* an API key of Mollie may not read them; that it works is what is told then */
	check(stand.receipt.balance_count > 0 || stand.receipt.reason.len > 0, "neither balances nor why not");
	for (int i = 0; i < stand.receipt.balance_count; i++)
		check(stand.receipt.balances[i].currency.len > 0 &&
				money_same_text(stand.receipt.balances[i].amount, stand.receipt.balances[i].amount),
			"a balance that can't be read");
}

static void funds_are_told_where_the_provider_has_them(void **state)
{
	(void)state;
	each_subject(tells_funds);
}

static void has_destination(void)
{
	struct adapter_request request = {0};
	char id[ID_SIZE];
	bool made = stand.destination.len > 0 && stand.call.destination_id.len > 0;

	snprintf(id, sizeof(id), "%s", made ? buf_str(&stand.destination) : "");
	stand.call.provider_id = text_of(id);
	if (!made || !stand.adapter->build(OPERATION_DESTINATION, &stand.call, &stand.arena, &request))
		return;
	buf_release(&request.url);
	buf_release(&request.body);
	for (int i = 0; i < 30 && stand.receipt.state != PAYOUT_PAID; i++) {
		stand.call.payload = TEXT("");
		stand_ask(&stand, OPERATION_DESTINATION);
		check(stand.receipt.verdict == VERDICT_ACCEPTED && text_is(stand.receipt.provider_id, id),
			"no destination");
		stand_advance(&stand, DAY_MS / 2);
	}
	check(stand.receipt.state == PAYOUT_PAID, "may not be paid to");
}

static void a_destination_that_was_made_may_be_paid_to(void **state)
{
	(void)state;
	each_subject(has_destination);
}

/* --- credentials ------------------------------------------------------------------------------------------------ */

static void set(const char *name, const char *value)
{
	for (size_t i = 0; i < stand.channel.setting_count; i++)
		if (strcmp(stand.settings[i].name, name) == 0)
			stand.settings[i].value = text_of(value);
}

static bool names_credentials(const char *code)
{
	return strcmp(code, "CHANNEL_AUTH") == 0 || strcmp(code, "CHANNEL_SIGNATURE") == 0;
}

static void is_turned_away(void)
{
	enum operation first = stand.adapter->has_session ? OPERATION_SESSION : OPERATION_CREATE;
	const char *const(*wrong)[2] = stand.subject->wrong;

	check(wrong[0][0] != NULL, "no wrong credentials");
	for (size_t i = 0; wrong[i][0] != NULL; i++) {
		stand_begin(&stand, stand.subject);
		set(wrong[i][0], wrong[i][1]);
		stand_ask(&stand, first);
		check(stand.receipt.verdict == VERDICT_CHANNEL_STOP && names_credentials(stand.receipt.code),
			wrong[i][0]);
		stand_ask(&stand, OPERATION_CREATE);
		/* who is logged in needs no password again */
		if (stand.receipt.verdict != VERDICT_ACCEPTED)
			check(stand_ledger(&stand, NULL) == 0, "turned away, and yet paid");
		else
			check(stand.adapter->has_session && stand_ledger(&stand, NULL) == 1, wrong[i][0]);
		if (!stand.adapter->has_funds)
			continue;
		stand.call.content = TEXT("");
		check(stand_ask(&stand, OPERATION_FUNDS)->verdict == VERDICT_CHANNEL_STOP, "funds of a stranger");
	}
}

static void wrong_credentials_stop_the_channel_and_pay_nothing(void **state)
{
	(void)state;
	each_subject(is_turned_away);
}

static void token_is_foreign(void)
{
	if (!stand.adapter->has_session)
		return;
	stand.call.session = TEXT("eyJhbGciOiJIUzI1NiJ9.e30.foreign");
	stand_ask(&stand, OPERATION_CREATE);
	check(stand.receipt.verdict == VERDICT_CHANNEL_STOP || stand.receipt.verdict == VERDICT_SESSION_EXPIRED,
		"a foreign token");
	check(stand_ledger(&stand, NULL) == 0, "paid to a stranger");
	stand_login(&stand);
	stand_fault(&stand, "expire_session", ",\"nth\":1");
	check(stand_ask(&stand, OPERATION_CREATE)->verdict == VERDICT_SESSION_EXPIRED, "an expired token");
	check(stand_ledger(&stand, NULL) == 0, "paid without a session");
	stand_login(&stand);
	check(stand_ask(&stand, OPERATION_CREATE)->verdict == VERDICT_ACCEPTED, "after a login");
}

static void a_session_that_ended_is_told_from_a_stranger(void **state)
{
	(void)state;
	each_subject(token_is_foreign);
}

/* --- faults ----------------------------------------------------------------------------------------------------- */

/* Every kind that strikes a request (CONTRACT, section 9), and what is known after it. */
static const struct {
	const char *kind;
	bool lost; /* no whole answer */
	enum verdict verdict, other;
	bool never; /* not executed, and takes no after_commit */
	const char *more;
} faults[] = {
	{"reset", true, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"close", true, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"timeout", true, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"truncate", true, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"garbage", false, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"500", false, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"502", false, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"503", false, VERDICT_UNKNOWN, VERDICT_UNKNOWN, false, ""},
	{"slow", false, VERDICT_ACCEPTED, VERDICT_ACCEPTED, false, ",\"delay_ms\":20"},
	{"429", false, VERDICT_THROTTLED, VERDICT_THROTTLED, true, ",\"retry_after\":3"},
	{"401", false, VERDICT_CHANNEL_STOP, VERDICT_SESSION_EXPIRED, true, ""},
	{"redirect", false, VERDICT_UNKNOWN, VERDICT_UNKNOWN, true, ""},
	{"wrong", false, VERDICT_MISMATCH, VERDICT_MISMATCH, false, ",\"field\":\"amount\""},
};

/* As stages/ would go on after an unknown outcome: by a look-up where it comes first, else by the same key again. */
static void settles(char id[ID_SIZE])
{
	id[0] = '\0';
	if (stand.adapter->lookup_before_resend && stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_ACCEPTED) {
		snprintf(id, ID_SIZE, "%.*s", (int)stand.receipt.provider_id.len, stand.receipt.provider_id.ptr);
		return;
	}
	if (stand.adapter->lookup_before_resend)
		check(stand.receipt.verdict == VERDICT_NOT_FOUND, "neither found nor not");
	create(id);
}

/* What is executed may be so after its client gave up. */
static bool in_ledger(bool executed)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; executed && i < 6000 && stand_ledger(&stand, NULL) == 0; i++)
		nanosleep(&pause, NULL);
	return stand_ledger(&stand, NULL) == (size_t)executed;
}

static void strike(size_t f, bool after_commit)
{
	char more[96], id[ID_SIZE];
	bool executed = after_commit || strcmp(faults[f].kind, "slow") == 0;

	stand_begin(&stand, stand.subject);
	snprintf(more, sizeof(more), ",\"nth\":1%s%s", faults[f].more, after_commit ? ",\"after_commit\":true" : "");
	stand_fault(&stand, faults[f].kind, more);
	stand.timeout_ms = strcmp(faults[f].kind, "timeout") == 0 ? 300 : stand.timeout_ms;
	stand_ask(&stand, OPERATION_CREATE);
	stand.timeout_ms = 60000;
	stand_struck(&stand);
	check(stand.answer.outcome == (faults[f].lost ? HTTP_LOST : HTTP_ANSWERED), faults[f].kind);
	check(stand.receipt.verdict == faults[f].verdict || stand.receipt.verdict == faults[f].other, faults[f].kind);
	if (faults[f].verdict == VERDICT_THROTTLED)
		check(stand.answer.retry_after_ms == 3000, "Retry-After");
	if (strcmp(faults[f].kind, "wrong") != 0)
		check(in_ledger(executed), faults[f].kind);
	stand_login(&stand);
	settles(id);
	check(stand_ledger(&stand, id) == 1, faults[f].kind);
}

/* Whether a fault can be told apart from an answer: PontisGlobe repeats nothing of a payout, so a wrong one can't. */
static bool can_strike(size_t f)
{
	return strcmp(faults[f].kind, "wrong") != 0 || stand.adapter->provider != PROVIDER_PONTIS;
}

static void is_struck(void)
{
	for (size_t f = 0; f < COUNT(faults); f++) {
		if (!can_strike(f))
			continue;
		strike(f, false);
		if (!faults[f].never)
			strike(f, true);
	}
}

static void no_fault_pays_twice_or_is_taken_for_an_answer(void **state)
{
	(void)state;
	each_subject(is_struck);
}

/* The connection dies under a request that goes out on it: the request may have been executed. */
static void dies_under_the_next(void)
{
	char id[ID_SIZE];

	stand_fault(&stand, "close_after", ",\"nth\":1");
	create(id);
	stand_freeze(&stand);
	for (int i = 0; i < 2; i++) {
		stand_ask(&stand, OPERATION_CREATE);
		check(stand.answer.outcome != HTTP_NOT_SENT, "sent, and yet called not sent");
		if (stand.answer.outcome == HTTP_ANSWERED)
			break;
	}
	check(stand_ledger(&stand, NULL) <= 1, "paid twice");
}

static void a_connection_that_dies_is_not_called_not_sent(void **state)
{
	(void)state;
	each_subject(dies_under_the_next);
}

static void date_is_off(void)
{
	int64_t off;

	stand_fault(&stand, "date", ",\"skew_ms\":7200000");
	stand_ask(&stand, OPERATION_CREATE);
	off = stand.answer.date_ms - clock_now(&stand.world.clock).utc_ms;
	check(stand.answer.date_ms != 0 && off > 5400000, "a Date that is off is told");
}

static void a_date_that_is_off_is_read(void **state)
{
	(void)state;
	each_subject(date_is_off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payout_is_created_as_it_was_asked_for),
		cmocka_unit_test(the_same_key_again_pays_nothing_again),
		cmocka_unit_test(a_key_never_makes_two_payouts),
		cmocka_unit_test(a_look_up_finds_what_was_sent_and_nothing_else),
		cmocka_unit_test(a_payout_is_paid_in_time),
		cmocka_unit_test(a_payout_that_fails_says_why),
		cmocka_unit_test(what_is_not_known_changes_nothing),
		cmocka_unit_test(a_list_has_what_was_created),
		cmocka_unit_test(what_is_not_on_its_way_can_be_called_off),
		cmocka_unit_test(funds_are_told_where_the_provider_has_them),
		cmocka_unit_test(a_destination_that_was_made_may_be_paid_to),
		cmocka_unit_test(wrong_credentials_stop_the_channel_and_pay_nothing),
		cmocka_unit_test(a_session_that_ended_is_told_from_a_stranger),
		cmocka_unit_test(no_fault_pays_twice_or_is_taken_for_an_answer),
		cmocka_unit_test(a_connection_that_dies_is_not_called_not_sent),
		cmocka_unit_test(a_date_that_is_off_is_read),
	};

	return cmocka_run_group_tests_name("conformance before the sandbox", tests, begin, end);
}
