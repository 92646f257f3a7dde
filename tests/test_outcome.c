/* What an answer makes of a payout: PROTOCOL section 4 as tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stages/outcome.h"

#define T0 INT64_C(1800000000000)

static const struct adapter asks = {.name = "asks", .looks_up = true, .key_known_code = "016"};
static const struct moment now = {.utc_ms = T0, .mono_ms = 1000, .boot_ms = 5000000};

/* As claimed from ready, or from unknown where an earlier send is open. */
static void claimed(bool earlier_open, struct attempt *before, struct attempt *sending)
{
	*before = (struct attempt){.id = 7, .number = 1, .state = earlier_open ? PAYOUT_UNKNOWN : PAYOUT_READY};
	if (earlier_open) {
		before->sends = 1;
		before->open_since = T0 - 60000;
		before->last_sent = T0 - 60000;
		before->submitted_at = T0 - 60000;
	}
	*sending = *before;
	sending->state = PAYOUT_SENDING;
	sending->sends++;
	sending->last_sent = T0 - 100;
	if (!earlier_open) {
		sending->open_since = T0 - 100;
		sending->submitted_at = T0 - 100;
	}
}

static struct http_answer answered(void)
{
	return (struct http_answer){.outcome = HTTP_ANSWERED, .status = 200, .code = "", .retry_after_ms = -1};
}

static struct receipt receipt_of(enum verdict verdict)
{
	return (struct receipt){
		.verdict = verdict,
		.provider_id = verdict == VERDICT_ACCEPTED ? TEXT("p-1") : (struct text){0},
		.state = PAYOUT_ACCEPTED,
		.provider_code = verdict == VERDICT_ACCEPTED ? (struct text){0} : TEXT("001"),
		.code = "",
		.reason_code = "",
		.cure = "",
	};
}

static void every_verdict_on_create_with_and_without_an_earlier_send(void **state)
{
	(void)state;
	static const struct {
		enum verdict verdict;
		bool earlier_open;
		enum payout_state to;
		bool open; /* afterwards */
		enum channel_effect effect;
	} table[] = {
		{VERDICT_ACCEPTED, false, PAYOUT_ACCEPTED, false, EFFECT_EXECUTED},
		{VERDICT_ACCEPTED, true, PAYOUT_ACCEPTED, false, EFFECT_EXECUTED},
		{VERDICT_REFUSED, false, PAYOUT_FAILED, false, EFFECT_EXECUTED},
		{VERDICT_REFUSED, true, PAYOUT_UNKNOWN, true, EFFECT_EXECUTED},
		{VERDICT_NOT_EXECUTED, false, PAYOUT_READY, false, EFFECT_BACK_OFF},
		{VERDICT_NOT_EXECUTED, true, PAYOUT_UNKNOWN, true, EFFECT_BACK_OFF},
		{VERDICT_CHANNEL_STOP, false, PAYOUT_READY, false, EFFECT_STOP},
		{VERDICT_CHANNEL_STOP, true, PAYOUT_UNKNOWN, true, EFFECT_STOP},
		{VERDICT_NO_FUNDS, false, PAYOUT_READY, false, EFFECT_NO_FUNDS},
		{VERDICT_NO_FUNDS, true, PAYOUT_UNKNOWN, true, EFFECT_NO_FUNDS},
		{VERDICT_THROTTLED, false, PAYOUT_READY, false, EFFECT_THROTTLED},
		{VERDICT_THROTTLED, true, PAYOUT_UNKNOWN, true, EFFECT_THROTTLED},
		{VERDICT_MISMATCH, false, PAYOUT_UNKNOWN, true, EFFECT_STOP_SENDS},
		{VERDICT_MISMATCH, true, PAYOUT_UNKNOWN, true, EFFECT_STOP_SENDS},
		{VERDICT_UNKNOWN, false, PAYOUT_UNKNOWN, true, EFFECT_BACK_OFF},
		{VERDICT_NOT_FOUND, false, PAYOUT_UNKNOWN, true, EFFECT_BACK_OFF},
		{VERDICT_SESSION_EXPIRED, false, PAYOUT_UNKNOWN, true, EFFECT_BACK_OFF},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt before, sending;
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(table[i].verdict);
		claimed(table[i].earlier_open, &before, &sending);
		outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
		if (outcome.after.state != table[i].to || (outcome.after.open_since != 0) != table[i].open ||
			outcome.effect != table[i].effect || !outcome.moved)
			fail_msg("row %zu: state %s, open %d, effect %d", i, state_name(outcome.after.state),
				outcome.after.open_since != 0, (int)outcome.effect);
		assert_int_equal(outcome.after.sends, sending.sends);
		if (table[i].earlier_open && table[i].open)
			assert_int_equal(outcome.after.open_since, before.open_since);
	}
}

static void what_was_lost_is_unknown_and_what_never_left_goes_back(void **state)
{
	(void)state;
	for (int earlier = 0; earlier < 2; earlier++) {
		struct attempt before, sending;
		struct outcome outcome;
		struct http_answer answer = {.outcome = HTTP_LOST, .code = "NETWORK_TIMEOUT", .retry_after_ms = -1};
		claimed(earlier, &before, &sending);
		outcome_create(&asks, &before, &sending, &answer, NULL, &now, &outcome);
		assert_int_equal(outcome.after.state, PAYOUT_UNKNOWN);
		assert_int_equal(outcome.after.sends, sending.sends);
		assert_int_equal(outcome.after.open_since, sending.open_since);
		answer.outcome = HTTP_NOT_SENT;
		outcome_create(&asks, &before, &sending, &answer, NULL, &now, &outcome);
		assert_int_equal(outcome.after.state, earlier ? PAYOUT_UNKNOWN : PAYOUT_READY);
		assert_int_equal(outcome.after.sends, before.sends);
		assert_int_equal(outcome.after.open_since, before.open_since);
		assert_int_equal(outcome.after.submitted_at, before.submitted_at);
		assert_true(outcome.not_sent);
	}
}

static void an_untrusted_certificate_stops_the_channel(void **state)
{
	(void)state;
	struct attempt before, sending;
	struct outcome outcome;
	struct http_answer answer = {
		.outcome = HTTP_NOT_SENT, .code = "NETWORK_TLS", .untrusted = true, .retry_after_ms = -1};
	claimed(false, &before, &sending);
	outcome_create(&asks, &before, &sending, &answer, NULL, &now, &outcome);
	assert_int_equal(outcome.effect, EFFECT_STOP);
	assert_int_equal(outcome.after.state, PAYOUT_READY);
}

static void a_marked_replay_speaks_for_every_send(void **state)
{
	(void)state;
	struct attempt before, sending;
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_REFUSED);
	receipt.replayed = true;
	claimed(true, &before, &sending);
	outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
	assert_int_equal(outcome.after.state, PAYOUT_FAILED);
	assert_int_equal(outcome.after.open_since, 0);
}

static void a_later_state_is_a_second_move(void **state)
{
	(void)state;
	static const enum payout_state later[] = {PAYOUT_PAID, PAYOUT_FAILED, PAYOUT_CANCELED};
	for (size_t i = 0; i < 3; i++) {
		struct attempt before, sending;
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(VERDICT_ACCEPTED);
		receipt.state = later[i];
		claimed(false, &before, &sending);
		outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
		assert_int_equal(outcome.after.state, PAYOUT_ACCEPTED);
		assert_true(outcome.later);
		assert_int_equal(outcome.later_state, later[i]);
	}
}

static void retry_after_is_kept(void **state)
{
	(void)state;
	struct attempt before, sending;
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_THROTTLED);
	answer.retry_after_ms = 7000;
	claimed(false, &before, &sending);
	outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
	assert_int_equal(outcome.wait_ms, 7000);
	assert_int_equal(outcome.after.not_before, T0 + 7000);
}

static struct attempt unknown_attempt(const char *refusal, int64_t refused_at, int64_t sent_at, int64_t sends)
{
	return (struct attempt){.id = 7,
		.number = 1,
		.state = PAYOUT_UNKNOWN,
		.sends = sends,
		.open_since = sent_at,
		.last_sent = sent_at,
		.last_refusal = text_of(refusal),
		.last_refusal_at = refused_at};
}

static void a_look_up_that_finds_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *refusal;
		int64_t refused_ago, sent_ago, sends;
		bool resend, moved, person;
		int64_t wait_ms;
	} table[] = {
		{"", 0, 1000, 1, true, false, false, -1},           /* never refused: create again under the same key */
		{"001", 5000, 1000, 2, true, false, false, -1},     /* the refusal was of an earlier send */
		{"001", 500, 1000, 2, false, true, false, -1},      /* the last send was refused: nothing is there */
		{"016", 5000, 6000, 1, false, false, false, 55000}, /* the key is known: only look-ups */
		{"016", 60000, 61000, 1, false, false, false, 540000},
		{"016", 600000, 601000, 1, false, true, false, -1}, /* sent exactly once: failed */
		{"016", 600000, 601000, 2, false, false, true, -1}, /* else a person */
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt unknown = unknown_attempt(table[i].refusal,
			table[i].refusal[0] ? T0 - table[i].refused_ago : 0, T0 - table[i].sent_ago, table[i].sends);
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(VERDICT_NOT_FOUND);
		outcome_lookup(&asks, &unknown, &answer, &receipt, &now, &outcome);
		if (outcome.resend != table[i].resend || outcome.moved != table[i].moved ||
			outcome.person != table[i].person || outcome.wait_ms != table[i].wait_ms)
			fail_msg("row %zu: resend %d moved %d person %d wait %lld", i, outcome.resend, outcome.moved,
				outcome.person, (long long)outcome.wait_ms);
		if (outcome.moved)
			assert_int_equal(outcome.after.state, PAYOUT_FAILED);
	}
}

static void a_look_up_without_an_answer_changes_nothing(void **state)
{
	(void)state;
	static const enum verdict verdicts[] = {VERDICT_UNKNOWN, VERDICT_REFUSED, VERDICT_NOT_EXECUTED,
		VERDICT_THROTTLED, VERDICT_CHANNEL_STOP, VERDICT_MISMATCH, VERDICT_SESSION_EXPIRED, VERDICT_NO_FUNDS};
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		struct attempt unknown = unknown_attempt("", 0, T0 - 1000, 1);
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(verdicts[i]);
		outcome_lookup(&asks, &unknown, &answer, &receipt, &now, &outcome);
		assert_false(outcome.moved);
		assert_false(outcome.resend);
		assert_true(outcome.effect != EFFECT_EXECUTED);
	}
}

static void a_status_call_moves_only_on_the_providers_word(void **state)
{
	(void)state;
	static const struct {
		enum verdict verdict;
		enum payout_state said;
		bool moved;
	} table[] = {
		{VERDICT_ACCEPTED, PAYOUT_ACCEPTED, false},
		{VERDICT_ACCEPTED, PAYOUT_PAID, true},
		{VERDICT_ACCEPTED, PAYOUT_FAILED, true},
		{VERDICT_ACCEPTED, PAYOUT_CANCELED, true},
		{VERDICT_NOT_FOUND, PAYOUT_ACCEPTED, false},
		{VERDICT_REFUSED, PAYOUT_FAILED, false},
		{VERDICT_UNKNOWN, PAYOUT_PAID, false},
		{VERDICT_MISMATCH, PAYOUT_PAID, false},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt accepted = {.id = 7, .number = 1, .state = PAYOUT_ACCEPTED, .provider_id = TEXT("p-1")};
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(table[i].verdict);
		receipt.state = table[i].said;
		outcome_status(&accepted, &answer, &receipt, &now, &outcome);
		if (outcome.moved != table[i].moved || (outcome.moved && outcome.after.state != table[i].said))
			fail_msg("row %zu: moved %d to %s", i, outcome.moved, state_name(outcome.after.state));
	}
}

static void an_earlier_attempt_that_lives_takes_the_place(void **state)
{
	(void)state;
	static const struct {
		enum payout_state was;
		enum verdict verdict;
		enum payout_state said;
		enum earlier earlier;
		bool moved;
	} table[] = {
		{PAYOUT_FAILED, VERDICT_NOT_FOUND, PAYOUT_ACCEPTED, EARLIER_DEAD, false},
		{PAYOUT_FAILED, VERDICT_ACCEPTED, PAYOUT_FAILED, EARLIER_DEAD, false},
		{PAYOUT_CANCELED, VERDICT_ACCEPTED, PAYOUT_CANCELED, EARLIER_DEAD, false},
		{PAYOUT_FAILED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, EARLIER_ALIVE, true},
		{PAYOUT_FAILED, VERDICT_ACCEPTED, PAYOUT_PAID, EARLIER_ALIVE, true},
		{PAYOUT_CANCELED, VERDICT_ACCEPTED, PAYOUT_PAID, EARLIER_ALIVE, false},
		{PAYOUT_FAILED, VERDICT_UNKNOWN, PAYOUT_ACCEPTED, EARLIER_UNCERTAIN, false},
		{PAYOUT_FAILED, VERDICT_REFUSED, PAYOUT_ACCEPTED, EARLIER_UNCERTAIN, false},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt earlier = {.id = 7, .number = 1, .state = table[i].was};
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(table[i].verdict);
		receipt.state = table[i].said;
		if (outcome_earlier(&earlier, &answer, &receipt, &now, &outcome) != table[i].earlier ||
			outcome.moved != table[i].moved)
			fail_msg("row %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict_on_create_with_and_without_an_earlier_send),
		cmocka_unit_test(what_was_lost_is_unknown_and_what_never_left_goes_back),
		cmocka_unit_test(an_untrusted_certificate_stops_the_channel),
		cmocka_unit_test(a_marked_replay_speaks_for_every_send),
		cmocka_unit_test(a_later_state_is_a_second_move),
		cmocka_unit_test(retry_after_is_kept),
		cmocka_unit_test(a_look_up_that_finds_nothing),
		cmocka_unit_test(a_look_up_without_an_answer_changes_nothing),
		cmocka_unit_test(a_status_call_moves_only_on_the_providers_word),
		cmocka_unit_test(an_earlier_attempt_that_lives_takes_the_place),
	};
	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
