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
	outcome_wait(&outcome, &now, 400);
	assert_int_equal(outcome.after.not_before, T0 + 7000);
}

/* Back-off, or Retry-After where it is longer; a look-up's own times stay. */
static void waits_the_longer_of_back_off_and_retry_after(void **state)
{
	(void)state;
	static const struct {
		enum channel_effect effect;
		int64_t said_ms, backoff_ms, wait_ms;
	} table[] = {
		{EFFECT_THROTTLED, -1, 400, 400},
		{EFFECT_THROTTLED, 0, 400, 400},
		{EFFECT_THROTTLED, 7000, 400, 7000},
		{EFFECT_THROTTLED, 7000, 9000, 9000},
		{EFFECT_BACK_OFF, -1, 400, 400},
		{EFFECT_BACK_OFF, 0, 400, 400},
		{EFFECT_BACK_OFF, 7000, 400, 7000},
		{EFFECT_EXECUTED, 55000, 60000, 55000},
		{EFFECT_EXECUTED, -1, 300, 300},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct outcome outcome = {.effect = table[i].effect, .wait_ms = table[i].said_ms, .moved = true};
		outcome_wait(&outcome, &now, table[i].backoff_ms);
		if (outcome.wait_ms != table[i].wait_ms)
			fail_msg("row %zu: waits %lld", i, (long long)outcome.wait_ms);
		assert_int_equal(
			outcome.after.not_before, table[i].effect == EFFECT_THROTTLED ? T0 + table[i].wait_ms : 0);
	}
}

/* What the provider's word is not: an assert on it would be a way to stop us. */
static void an_acceptance_without_an_id_or_with_a_strange_state_is_read_with_care(void **state)
{
	(void)state;
	struct attempt before, sending, unknown = {.id = 7, .number = 1, .state = PAYOUT_UNKNOWN, .sends = 1};
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_ACCEPTED);
	claimed(false, &before, &sending);
	receipt.provider_id = (struct text){0};
	outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
	assert_int_equal(outcome.after.state, PAYOUT_UNKNOWN);
	outcome_lookup(&asks, &unknown, &answer, &receipt, &now, &outcome);
	assert_false(outcome.moved);
	assert_false(outcome.resend);
	receipt = receipt_of(VERDICT_ACCEPTED);
	static const enum payout_state strange[] = {PAYOUT_UNKNOWN, PAYOUT_READY, PAYOUT_SENDING, PAYOUT_HELD};
	for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
		receipt.state = strange[i];
		outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
		assert_int_equal(outcome.after.state, PAYOUT_ACCEPTED);
		assert_false(outcome.later);
	}
}

/* A refusal that the channel is to blame for leaves no trace that a look-up could take for the row's end. */
static void a_row_refused_for_the_channels_sake_is_sent_again_once_a_look_up_found_nothing(void **state)
{
	(void)state;
	static const enum verdict verdicts[] = {VERDICT_CHANNEL_STOP, VERDICT_NO_FUNDS, VERDICT_THROTTLED};
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		struct attempt before, sending;
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(verdicts[i]), nothing = receipt_of(VERDICT_NOT_FOUND);
		claimed(true, &before, &sending);
		outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
		assert_int_equal(outcome.after.state, PAYOUT_UNKNOWN);
		struct attempt unknown = outcome.after;
		outcome_lookup(&asks, &unknown, &answer, &nothing, &now, &outcome);
		assert_true(outcome.resend);
		assert_false(outcome.moved);
	}
}

static void what_was_refused_before_is_forgotten_once_it_is_accepted(void **state)
{
	(void)state;
	struct attempt before, sending;
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_ACCEPTED);
	claimed(true, &before, &sending);
	sending.last_refusal = TEXT("001");
	sending.last_refusal_at = T0 - 5000;
	sending.provider_code = TEXT("001");
	sending.reason = TEXT("no");
	sending.reason_code = TEXT("AM04");
	sending.settled_at = T0 - 5000;
	outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
	assert_int_equal(outcome.after.last_refusal.len, 0);
	assert_int_equal(outcome.after.provider_code.len, 0);
	assert_int_equal(outcome.after.reason.len, 0);
	assert_int_equal(outcome.after.reason_code.len, 0);
	assert_int_equal(outcome.after.settled_at, 0);
}

/* What is counted in a row: acceptances, whatever the state, and refusals, but not the same one of the same payout. */
static void refusals_and_acceptances_are_told_apart_from_the_rest(void **state)
{
	(void)state;
	static const struct {
		enum verdict verdict;
		enum payout_state said;
		const char *before; /* the payout's last refusal */
		bool accepted;
		const char *refusal;
	} table[] = {
		{VERDICT_ACCEPTED, PAYOUT_ACCEPTED, "", true, ""},
		{VERDICT_ACCEPTED, PAYOUT_PAID, "", true, ""},
		{VERDICT_REFUSED, PAYOUT_ACCEPTED, "", false, "001"},
		{VERDICT_REFUSED, PAYOUT_ACCEPTED, "001", false, ""},
		{VERDICT_REFUSED, PAYOUT_ACCEPTED, "002", false, "001"},
		{VERDICT_NO_FUNDS, PAYOUT_ACCEPTED, "", false, "001"},
		{VERDICT_THROTTLED, PAYOUT_ACCEPTED, "", false, ""},
		{VERDICT_UNKNOWN, PAYOUT_ACCEPTED, "", false, ""},
		{VERDICT_MISMATCH, PAYOUT_ACCEPTED, "", false, ""},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt before, sending;
		struct outcome outcome;
		struct http_answer answer = answered();
		struct receipt receipt = receipt_of(table[i].verdict);
		receipt.state = table[i].said;
		claimed(true, &before, &sending);
		before.last_refusal = text_of(table[i].before);
		outcome_create(&asks, &before, &sending, &answer, &receipt, &now, &outcome);
		if (outcome.accepted != table[i].accepted || !text_is(outcome.refusal, table[i].refusal))
			fail_msg("row %zu: accepted %d, refusal %.*s", i, outcome.accepted, (int)outcome.refusal.len,
				outcome.refusal.ptr);
	}
}

static void an_answer_about_another_id_stops_the_channel_and_moves_nothing(void **state)
{
	(void)state;
	struct attempt accepted = {.id = 7, .number = 1, .state = PAYOUT_ACCEPTED, .provider_id = TEXT("p-1")};
	struct attempt failed = {.id = 8, .number = 1, .state = PAYOUT_FAILED, .provider_id = TEXT("p-1")};
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_ACCEPTED);
	receipt.provider_id = TEXT("p-2");
	receipt.state = PAYOUT_PAID;
	outcome_status(&accepted, &answer, &receipt, &now, &outcome);
	assert_false(outcome.moved);
	assert_int_equal(outcome.effect, EFFECT_STOP_SENDS);
	assert_int_equal(outcome_earlier(&failed, &answer, &receipt, &now, &outcome), EARLIER_UNCERTAIN);
	assert_true(outcome.person);
}

static void a_look_up_that_answers_for_another_payout_needs_a_person(void **state)
{
	(void)state;
	struct attempt unknown = {.id = 7, .number = 1, .state = PAYOUT_UNKNOWN, .sends = 1, .open_since = T0 - 1000};
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_MISMATCH);
	outcome_lookup(&asks, &unknown, &answer, &receipt, &now, &outcome);
	assert_true(outcome.person);
	assert_int_equal(outcome.effect, EFFECT_STOP_SENDS);
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
		{PAYOUT_RETURNED, VERDICT_ACCEPTED, PAYOUT_RETURNED, EARLIER_DEAD, false},
		{PAYOUT_PAID, VERDICT_ACCEPTED, PAYOUT_PAID, EARLIER_ALIVE, false},
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
	/* Nothing under an id that the provider gave itself proves nothing. */
	struct attempt known = {.id = 7, .number = 1, .state = PAYOUT_FAILED, .provider_id = TEXT("p-1")};
	struct outcome outcome;
	struct http_answer answer = answered();
	struct receipt receipt = receipt_of(VERDICT_NOT_FOUND);
	assert_int_equal(outcome_earlier(&known, &answer, &receipt, &now, &outcome), EARLIER_UNCERTAIN);
	assert_true(outcome.person);
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
		cmocka_unit_test(waits_the_longer_of_back_off_and_retry_after),
		cmocka_unit_test(an_acceptance_without_an_id_or_with_a_strange_state_is_read_with_care),
		cmocka_unit_test(a_row_refused_for_the_channels_sake_is_sent_again_once_a_look_up_found_nothing),
		cmocka_unit_test(what_was_refused_before_is_forgotten_once_it_is_accepted),
		cmocka_unit_test(refusals_and_acceptances_are_told_apart_from_the_rest),
		cmocka_unit_test(an_answer_about_another_id_stops_the_channel_and_moves_nothing),
		cmocka_unit_test(a_look_up_that_answers_for_another_payout_needs_a_person),
		cmocka_unit_test(a_look_up_that_finds_nothing),
		cmocka_unit_test(a_look_up_without_an_answer_changes_nothing),
		cmocka_unit_test(a_status_call_moves_only_on_the_providers_word),
		cmocka_unit_test(an_earlier_attempt_that_lives_takes_the_place),
	};
	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
