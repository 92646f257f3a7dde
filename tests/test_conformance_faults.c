/*
 * Every adapter before payrun-sandbox when something is wrong: credentials, sessions, and each fault that the sandbox
 * can stage (CONTRACT, section 9). As test_conformance_sandbox.c: the same assertions for all of them.
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

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

	stand_check(&stand, wrong[0][0] != NULL, "no wrong credentials");
	for (size_t i = 0; wrong[i][0] != NULL; i++) {
		stand_begin(&stand, stand.subject);
		set(wrong[i][0], wrong[i][1]);
		stand_ask(&stand, first);
		stand_check(&stand,
			stand.receipt.verdict == VERDICT_CHANNEL_STOP && names_credentials(stand.receipt.code),
			wrong[i][0]);
		stand_ask(&stand, OPERATION_CREATE);
		/* who is logged in needs no password again */
		if (stand.receipt.verdict != VERDICT_ACCEPTED)
			stand_check(&stand, stand_ledger(&stand, NULL) == 0, "turned away, and yet paid");
		else
			stand_check(&stand, stand.adapter->has_session && stand_ledger(&stand, NULL) == 1, wrong[i][0]);
		if (!stand.adapter->has_funds)
			continue;
		stand.call.content = TEXT("");
		stand_check(&stand, stand_ask(&stand, OPERATION_FUNDS)->verdict == VERDICT_CHANNEL_STOP,
			"funds of a stranger");
	}
}

static void wrong_credentials_stop_the_channel_and_pay_nothing(void **state)
{
	(void)state;
	stand_each(&stand, is_turned_away);
}

static void token_is_foreign(void)
{
	if (!stand.adapter->has_session)
		return;
	stand.call.session = TEXT("eyJhbGciOiJIUzI1NiJ9.e30.foreign");
	stand_ask(&stand, OPERATION_CREATE);
	stand_check(&stand,
		stand.receipt.verdict == VERDICT_CHANNEL_STOP || stand.receipt.verdict == VERDICT_SESSION_EXPIRED,
		"a foreign token");
	stand_check(&stand, stand_ledger(&stand, NULL) == 0, "paid to a stranger");
	stand_login(&stand);
	stand_fault(&stand, "expire_session", ",\"nth\":1");
	stand_check(
		&stand, stand_ask(&stand, OPERATION_CREATE)->verdict == VERDICT_SESSION_EXPIRED, "an expired token");
	stand_check(&stand, stand_ledger(&stand, NULL) == 0, "paid without a session");
	stand_login(&stand);
	stand_check(&stand, stand_ask(&stand, OPERATION_CREATE)->verdict == VERDICT_ACCEPTED, "after a login");
}

static void a_session_that_ended_is_told_from_a_stranger(void **state)
{
	(void)state;
	stand_each(&stand, token_is_foreign);
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
static void settles(char id[STAND_ID_SIZE])
{
	id[0] = '\0';
	if (stand.adapter->lookup_before_resend && stand_ask(&stand, OPERATION_LOOKUP)->verdict == VERDICT_ACCEPTED) {
		snprintf(id, STAND_ID_SIZE, "%.*s", (int)stand.receipt.provider_id.len, stand.receipt.provider_id.ptr);
		return;
	}
	if (stand.adapter->lookup_before_resend)
		stand_check(&stand, stand.receipt.verdict == VERDICT_NOT_FOUND, "neither found nor not");
	stand_create(&stand, id);
}

/* What is executed may be so after its client gave up. */
static bool in_ledger(bool executed)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; executed && i < 6000 && stand_ledger(&stand, NULL) == 0; i++)
		nanosleep(&pause, NULL);
	return stand_ledger(&stand, NULL) == (size_t)executed;
}

/* A request that is never answered ends by our own timeout; on a slow machine it may do so before it has left. */
static void ask_until_struck(bool hangs)
{
	int64_t usual_ms = stand.timeout_ms;

	for (int64_t ms = 300; ms < usual_ms; ms *= 4) {
		stand.timeout_ms = hangs ? ms : usual_ms;
		stand_ask(&stand, OPERATION_CREATE);
		stand.timeout_ms = usual_ms;
		if (stand_struck(&stand))
			return;
	}
	stand_check(&stand, false, "a fault that never struck");
}

static void strike(size_t f, bool after_commit)
{
	char more[96], id[STAND_ID_SIZE];
	bool executed = after_commit || strcmp(faults[f].kind, "slow") == 0;

	stand_begin(&stand, stand.subject);
	snprintf(more, sizeof(more), ",\"nth\":1%s%s", faults[f].more, after_commit ? ",\"after_commit\":true" : "");
	stand_fault(&stand, faults[f].kind, more);
	ask_until_struck(strcmp(faults[f].kind, "timeout") == 0);
	stand_check(&stand, stand.answer.outcome == (faults[f].lost ? HTTP_LOST : HTTP_ANSWERED), faults[f].kind);
	stand_check(&stand, stand.receipt.verdict == faults[f].verdict || stand.receipt.verdict == faults[f].other,
		faults[f].kind);
	if (faults[f].verdict == VERDICT_THROTTLED)
		stand_check(&stand, stand.answer.retry_after_ms == 3000, "Retry-After");
	if (strcmp(faults[f].kind, "wrong") != 0)
		stand_check(&stand, in_ledger(executed), faults[f].kind);
	stand_login(&stand);
	settles(id);
	stand_check(&stand, stand_ledger(&stand, id) == 1, faults[f].kind);
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
	stand_each(&stand, is_struck);
}

/* The connection dies under a request that goes out on it: the request may have been executed. */
static void dies_under_the_next(void)
{
	char id[STAND_ID_SIZE];

	stand_fault(&stand, "close_after", ",\"nth\":1");
	stand_create(&stand, id);
	stand_freeze(&stand);
	for (int i = 0; i < 2; i++) {
		stand_ask(&stand, OPERATION_CREATE);
		stand_check(&stand, stand.answer.outcome != HTTP_NOT_SENT, "sent, and yet called not sent");
		if (stand.answer.outcome == HTTP_ANSWERED)
			break;
	}
	stand_check(&stand, stand_ledger(&stand, NULL) <= 1, "paid twice");
}

static void a_connection_that_dies_is_not_called_not_sent(void **state)
{
	(void)state;
	stand_each(&stand, dies_under_the_next);
}

static void date_is_off(void)
{
	int64_t off;

	stand_fault(&stand, "date", ",\"skew_ms\":7200000");
	stand_ask(&stand, OPERATION_CREATE);
	off = stand.answer.date_ms - clock_now(&stand.world.clock).utc_ms;
	stand_check(&stand, stand.answer.date_ms != 0 && off > 5400000, "a Date that is off is told");
}

static void a_date_that_is_off_is_read(void **state)
{
	(void)state;
	stand_each(&stand, date_is_off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_credentials_stop_the_channel_and_pay_nothing),
		cmocka_unit_test(a_session_that_ended_is_told_from_a_stranger),
		cmocka_unit_test(no_fault_pays_twice_or_is_taken_for_an_answer),
		cmocka_unit_test(a_connection_that_dies_is_not_called_not_sent),
		cmocka_unit_test(a_date_that_is_off_is_read),
	};

	return cmocka_run_group_tests_name("faults before the sandbox", tests, begin, end);
}
