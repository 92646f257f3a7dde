#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/journal_box.h"

/* --- the table of PROTOCOL section 2, written down a second time -------------------------------------------------- */

struct allowed {
	enum payout_state from;
	enum payout_state to[6];
	int count;
};

static const struct allowed table[] = {
	{PAYOUT_HELD, {PAYOUT_READY, PAYOUT_CANCELED}, 2},
	{PAYOUT_READY, {PAYOUT_SENDING, PAYOUT_CANCELED}, 2},
	{PAYOUT_SENDING, {PAYOUT_ACCEPTED, PAYOUT_FAILED, PAYOUT_UNKNOWN, PAYOUT_READY}, 4},
	{PAYOUT_UNKNOWN, {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_FAILED, PAYOUT_READY, PAYOUT_PAID}, 5},
	{PAYOUT_ACCEPTED, {PAYOUT_PAID, PAYOUT_FAILED, PAYOUT_RETURNED, PAYOUT_CANCELED}, 4},
	{PAYOUT_PAID, {PAYOUT_RETURNED, PAYOUT_FAILED, PAYOUT_CANCELED}, 3},
	{PAYOUT_FAILED, {PAYOUT_ACCEPTED, PAYOUT_PAID}, 2},
};

static bool in_table(enum payout_state from, enum payout_state to)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		for (int k = 0; table[i].from == from && k < table[i].count; k++)
			if (table[i].to[k] == to)
				return true;
	return from == to; /* columns recorded without a move */
}

/* The ways to each state from ready (held rows start as such). */
static const enum payout_state ways[PAYOUT_STATES][5] = {
	[PAYOUT_SENDING] = {PAYOUT_SENDING},
	[PAYOUT_UNKNOWN] = {PAYOUT_SENDING, PAYOUT_UNKNOWN},
	[PAYOUT_ACCEPTED] = {PAYOUT_SENDING, PAYOUT_ACCEPTED},
	[PAYOUT_PAID] = {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_PAID},
	[PAYOUT_FAILED] = {PAYOUT_SENDING, PAYOUT_FAILED},
	[PAYOUT_RETURNED] = {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_RETURNED},
	[PAYOUT_CANCELED] = {PAYOUT_CANCELED},
};

static struct attempt step_to(struct journal_box *box, struct attempt before, enum payout_state to)
{
	struct attempt after = before;

	after.state = to;
	if (to == PAYOUT_SENDING) {
		after.sends++;
		after.open_since = box->now.utc_ms;
	}
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

static struct attempt bring_to(struct journal_box *box, int64_t payout, enum payout_state state)
{
	struct attempt attempt = box_attempt(box, payout);

	for (int i = 0; attempt.state != state && i < 5; i++)
		attempt = step_to(box, attempt, ways[state][i]);
	assert_int_equal(attempt.state, state);
	return attempt;
}

/* How a child process ends that tries a move: 0 done, SIGABRT refused by the assertion. */
static int try_in_child(struct journal_box *box, const struct attempt *before, enum payout_state to)
{
	const struct rlimit no_core = {0, 0};
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct attempt after = *before;
		enum move_result result;
		struct fault fault = {0};

		setrlimit(RLIMIT_CORE, &no_core);
		assert_non_null(freopen("/dev/null", "w", stderr));
		signal(SIGABRT, SIG_DFL);
		after.state = to;
		if (to == PAYOUT_SENDING && before->state != PAYOUT_SENDING)
			after.sends++;
		after.open_since = box->now.utc_ms;
		_exit(journal_move(box->journal, before, &after, TEXT(""), &result, &fault) && result == MOVE_DONE ? 0
														   : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* Every pair of states: the ones of the table pass, all others die. The journal is one in memory of the child: what it
 * writes is never committed. */
static void only_moves_of_the_table_exist(void **state)
{
	static const enum payout_state with_attempt[] = {PAYOUT_UNKNOWN, PAYOUT_HELD, PAYOUT_READY, PAYOUT_SENDING,
		PAYOUT_ACCEPTED, PAYOUT_PAID, PAYOUT_FAILED, PAYOUT_RETURNED, PAYOUT_CANCELED};
	struct journal_box box;
	struct journal_batch batch;
	struct attempt attempt;
	struct journal_payout row;
	int64_t recovered;
	char reference[32];
	int forbidden = 0;

	(void)state;
	box_open(&box);
	assert_true(journal_lease_take(box.journal, 0, NULL, NULL, &recovered, &box.fault));
	batch = box_begin_batch(&box, "b1");
	for (size_t i = 0; i < sizeof(with_attempt) / sizeof(with_attempt[0]); i++) {
		snprintf(reference, sizeof(reference), "R-%s", state_name(with_attempt[i]));
		row = box_row(&box, (int64_t)i + 2, reference);
		row.state = with_attempt[i] == PAYOUT_HELD ? PAYOUT_HELD : PAYOUT_READY;
		assert_true(journal_payout_add(box.journal, &row, &box.fault));
	}
	assert_true(journal_batch_seal(box.journal, &batch, &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	for (size_t i = 0; i < sizeof(with_attempt) / sizeof(with_attempt[0]); i++) {
		snprintf(reference, sizeof(reference), "R-%s", state_name(with_attempt[i]));
		attempt = bring_to(&box, box_payout(&box, reference), with_attempt[i]);
		assert_true(journal_begin(box.journal, &box.fault));
		for (int to = 0; to < PAYOUT_STATES; to++) {
			bool allowed = in_table(attempt.state, (enum payout_state)to);
			int ended = try_in_child(&box, &attempt, (enum payout_state)to);

			if (ended != (allowed ? 0 : SIGABRT))
				print_error("%s to %s: %d\n", state_name(attempt.state),
					state_name((enum payout_state)to), ended);
			assert_int_equal(ended, allowed ? 0 : SIGABRT);
			forbidden += !allowed;
		}
		journal_rollback(box.journal);
	}
	assert_int_equal(forbidden, 9 * PAYOUT_STATES - 9 - 22);
	box_close(&box);
}

static void a_claim_needs_the_lease(void **state)
{
	struct journal_box box;
	struct attempt attempt;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	attempt = box_attempt(&box, box_payout(&box, "INV-1"));
	assert_true(journal_begin(box.journal, &box.fault));
	assert_int_equal(try_in_child(&box, &attempt, PAYOUT_SENDING), SIGABRT);
	assert_int_equal(try_in_child(&box, &attempt, PAYOUT_CANCELED), 0);
	journal_rollback(box.journal);
	box_close(&box);
}

/* --- compare and set --------------------------------------------------------------------------------------------- */

static void a_move_from_an_old_version_is_lost(void **state)
{
	struct journal_box box;
	struct attempt first, second, moved;
	int64_t seq_before, seq_after;
	char hash[65];

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	first = second = box_attempt(&box, box_payout(&box, "INV-1"));
	moved = first;
	moved.state = PAYOUT_CANCELED;
	assert_int_equal(box_move(&box, &first, &moved), MOVE_DONE);
	assert_int_equal(moved.version, 2);
	journal_head(box.journal, &seq_before, hash);
	moved = second;
	moved.state = PAYOUT_CANCELED;
	assert_int_equal(box_move(&box, &second, &moved), MOVE_LOST);
	journal_head(box.journal, &seq_after, hash);
	assert_int_equal(seq_before, seq_after); /* nothing was written */
	assert_int_equal(moved.version, 1);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void of_two_connections_one_wins(void **state)
{
	struct journal_box box;
	struct journal *other;
	struct attempt mine, theirs;
	struct attempt before;
	enum move_result result = MOVE_DONE;
	struct fault fault = {0};

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	other = journal_open(&box.options, &box.fault);
	assert_non_null(other);
	before = box_attempt(&box, box_payout(&box, "INV-1"));
	mine = theirs = before;
	mine.state = theirs.state = PAYOUT_CANCELED;
	assert_int_equal(box_move(&box, &before, &mine), MOVE_DONE);
	assert_true(journal_begin(other, &fault));
	assert_true(journal_move(other, &before, &theirs, TEXT(""), &result, &fault));
	assert_int_equal(result, MOVE_LOST);
	/* What the other one adds follows on what this one added. */
	assert_true(journal_event_add(other, "notice", 0, 0, 0, TEXT(""), TEXT("from the other"), &fault));
	assert_true(journal_commit(other, &fault));
	journal_close(other);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_writer_waits_for_its_turn_and_then_says_so(void **state)
{
	struct journal_box box;
	struct journal *other;
	struct fault fault = {0};

	(void)state;
	box_open(&box);
	other = journal_open(&box.options, &box.fault);
	assert_non_null(other);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_false(journal_begin(other, &fault)); /* five seconds later */
	assert_string_equal(fault.code, "JOURNAL_LOCKED");
	assert_int_equal(fault.kind, FAULT_LOCKED);
	assert_true(fault.cure[0] != '\0');
	journal_rollback(box.journal);
	fault = (struct fault){0};
	assert_true(journal_begin(other, &fault));
	journal_rollback(other);
	journal_close(other);
	box_close(&box);
}

/* --- what a move keeps ------------------------------------------------------------------------------------------- */

static void every_column_comes_back_as_it_was_moved(void **state)
{
	struct journal_box box;
	struct attempt before, after, read;
	bool found;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	before = box_claim(&box, box_payout(&box, "INV-1"));
	after = before;
	after.state = PAYOUT_ACCEPTED;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.not_before = 11;
	after.last_refusal = TEXT("005");
	after.last_refusal_at = 12;
	after.provider_id = TEXT("prov-1");
	after.provider_status = TEXT("IN \"PROGRESS\"");
	after.provider_code = TEXT("c\tode");
	after.reason_code = TEXT("AC04");
	after.reason = TEXT("Konto geschl\xc3\xb6ssen \\ line\nbreak");
	after.tracking_ref = TEXT("t");
	after.fee = TEXT("0.10");
	after.fee_currency = TEXT("USD");
	after.target_amount = TEXT("9.99");
	after.fx_rate = TEXT("1.1");
	after.returned_amount = TEXT("3");
	after.accepted_at = 13;
	after.settled_at = 14;
	after.returned_at = 15;
	assert_int_equal(box_move(&box, &before, &after), MOVE_DONE);
	box_reopen(&box);
	assert_true(journal_attempt_get(box.journal, after.id, &box.arena, &read, &found, &box.fault));
	assert_true(found);
	assert_int_equal(read.version, 3);
	assert_int_equal(read.not_before, 11);
	assert_int_equal(read.sends, 1);
	assert_int_equal(read.open_since, 0);
	assert_int_equal(read.last_sent, box.now.utc_ms);
	assert_int_equal(read.accepted_at + read.settled_at + read.returned_at, 42);
	assert_true(text_equal(read.provider_code, after.provider_code));
	assert_true(text_equal(read.reason, after.reason));
	assert_true(text_is(read.fx_rate, "1.1") && text_is(read.returned_amount, "3"));
	assert_true(text_is(read.payload, "{\"amount\":\"12.50\"}"));
	assert_memory_equal(&read.key, &before.key, KEY_SIZE);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void what_is_no_utf8_is_kept_as_it_may_be_shown(void **state)
{
	struct journal_box box;
	struct attempt before, after;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	before = box_claim(&box, box_payout(&box, "INV-1"));
	after = before;
	after.state = PAYOUT_UNKNOWN;
	after.reason = TEXT("caf\xe9");
	after.provider_status = TEXT("a\0b");
	assert_int_equal(box_move(&box, &before, &after), MOVE_DONE);
	assert_true(text_is(after.reason, "caf\\xe9") || text_is(after.reason, "caf\\xE9"));
	after = box_attempt(&box, before.payout);
	assert_int_equal(after.provider_status.len, 3);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_payload_is_frozen_at_the_first_send(void **state)
{
	struct journal_box box;
	struct attempt sent, unknown, again;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	sent = box_claim(&box, box_payout(&box, "INV-1"));
	unknown = sent;
	unknown.state = PAYOUT_UNKNOWN;
	assert_int_equal(box_move(&box, &sent, &unknown), MOVE_DONE);
	again = box_attempt(&box, sent.payout);
	assert_true(text_is(again.payload, "{\"amount\":\"12.50\"}"));
	assert_false(box_sql(&box, "UPDATE payloads SET payload = x'00'"));
	assert_false(box_sql(&box, "INSERT OR REPLACE INTO payloads SELECT attempt, x'00', sha256 FROM payloads"));
	assert_false(box_sql(&box, "DELETE FROM payloads"));
	again = box_claim(&box, sent.payout);
	assert_int_equal(again.sends, 2);
	assert_int_equal(again.open_since, sent.open_since);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_provider_id_belongs_to_one_payout(void **state)
{
	struct journal_box box;
	struct attempt first, second, after;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	first = box_claim(&box, box_payout(&box, "INV-1"));
	second = box_claim(&box, box_payout(&box, "INV-2"));
	after = first;
	after.state = PAYOUT_ACCEPTED;
	after.provider_id = TEXT("same");
	assert_int_equal(box_move(&box, &first, &after), MOVE_DONE);
	after = second;
	after.state = PAYOUT_ACCEPTED;
	after.provider_id = TEXT("same");
	assert_int_equal(box_move(&box, &second, &after), MOVE_TAKEN);
	assert_int_equal(box_attempt(&box, second.payout).state, PAYOUT_SENDING); /* nothing was written */
	after.provider_id = TEXT("other");
	assert_int_equal(box_move(&box, &second, &after), MOVE_DONE);
	assert_false(box_sql(&box, "UPDATE provider_ids SET attempt = 9"));
	assert_false(box_sql(&box, "DELETE FROM provider_ids"));
	assert_false(box_sql(&box, "INSERT INTO provider_ids VALUES (1, 'same', 7)"));
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static struct attempt end_failed(struct journal_box *box, int64_t payout)
{
	struct attempt before = box_claim(box, payout), after = before;

	after.state = PAYOUT_FAILED;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.reason_code = TEXT("AC04");
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

static void a_new_attempt_has_its_own_key_and_starts_anew(void **state)
{
	struct journal_box box;
	struct attempt failed, added, late;
	struct sha256 *sha = sha256_new();
	struct key key;
	enum move_result result;
	struct attempt_filter filter = {.newest_only = true};
	struct attempt list[8];
	int count;
	struct journal_sums sums;

	(void)state;
	box_open(&box);
	filter.batch = box_receive(&box, "b1", "INV", 3).id;
	failed = end_failed(&box, box_payout(&box, "INV-2"));
	key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-2"), 2);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_attempt_add(
		box.journal, &failed, &key, PAYOUT_READY, TEXT("asked by anna"), &added, &result, &box.fault));
	assert_int_equal(result, MOVE_DONE);
	assert_true(journal_attempt_add(
		box.journal, &failed, &key, PAYOUT_READY, TEXT("again"), &late, &result, &box.fault));
	assert_int_equal(result, MOVE_LOST); /* it is no longer the latest */
	assert_true(journal_commit(box.journal, &box.fault));
	assert_int_equal(added.number, 2);
	assert_int_equal(box_attempt(&box, failed.payout).number, 2);
	assert_int_equal(box_payout(&box, "INV-2"), failed.payout); /* the reference stays bound */
	assert_true(journal_attempt_list(box.journal, &filter, &box.arena, list, 8, &count, &box.fault));
	assert_int_equal(count, 3); /* 1 and 3, then the second attempt of 2 */
	assert_int_equal(list[2].number, 2);
	filter.newest_only = false;
	assert_true(journal_attempt_list(box.journal, &filter, &box.arena, list, 8, &count, &box.fault));
	assert_int_equal(count, 4);
	assert_true(journal_sums(box.journal, filter.batch, &box.arena, &sums, &box.fault));
	assert_true(sums.balanced);
	assert_int_equal(sums.by_state_count, 1); /* all ready: the failed attempt counts no more */
	failed = end_failed(&box, failed.payout);
	assert_int_equal(failed.number, 2);
	assert_string_equal(box_verify(&box, ""), "");
	sha256_free(sha);
	box_close(&box);
}

static void attempts_are_listed_by_batch_channel_state_and_place(void **state)
{
	struct journal_box box;
	struct attempt_filter filter = {.states = STATE_SET(PAYOUT_READY)};
	struct attempt list[4];
	int64_t seen = 0;
	int count = 4;
	struct journal_batch batch;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "A", 5);
	batch = box_receive(&box, "b2", "B", 10);
	box_claim(&box, box_payout(&box, "B-3"));
	filter.batch = batch.id;
	filter.channel = box.channel;
	for (; count == 4; seen += count) {
		assert_true(journal_attempt_list(box.journal, &filter, &box.arena, list, 4, &count, &box.fault));
		for (int i = 0; i < count; i++) {
			assert_true(list[i].id > filter.after);
			assert_int_equal(list[i].batch, batch.id);
			filter.after = list[i].id;
		}
	}
	assert_int_equal(seen, 9);
	filter = (struct attempt_filter){.states = STATE_SET(PAYOUT_SENDING), .with_payload = true};
	assert_true(journal_attempt_list(box.journal, &filter, &box.arena, list, 4, &count, &box.fault));
	assert_int_equal(count, 1);
	assert_true(list[0].payload.len > 0);
	filter.channel = box.channel + 1;
	assert_true(journal_attempt_list(box.journal, &filter, &box.arena, list, 4, &count, &box.fault));
	assert_int_equal(count, 0);
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_moves_of_the_table_exist),
		cmocka_unit_test(a_claim_needs_the_lease),
		cmocka_unit_test(a_move_from_an_old_version_is_lost),
		cmocka_unit_test(of_two_connections_one_wins),
		cmocka_unit_test(a_writer_waits_for_its_turn_and_then_says_so),
		cmocka_unit_test(every_column_comes_back_as_it_was_moved),
		cmocka_unit_test(what_is_no_utf8_is_kept_as_it_may_be_shown),
		cmocka_unit_test(a_payload_is_frozen_at_the_first_send),
		cmocka_unit_test(a_provider_id_belongs_to_one_payout),
		cmocka_unit_test(a_new_attempt_has_its_own_key_and_starts_anew),
		cmocka_unit_test(attempts_are_listed_by_batch_channel_state_and_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
