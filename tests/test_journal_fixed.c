/* Amounts that are fixed with the claim (ALL): where they stand, how the sums balance, what verify sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/support/journal_box.h"

static void must(struct journal_box *box, bool done)
{
	if (!done)
		fail_msg("%s %s", box->fault.code, box->fault.message);
}

/* A batch of a row that says ALL, INV-1, and a plain one, INV-2. */
static int64_t receive_all(struct journal_box *box)
{
	struct journal_batch batch = box_begin_batch(box, "b1");
	static const char content[] = "\0\0\0\6amount\0\0\0\3ALL\0\0\0\10currency\0\0\0\10USDT_TRX";
	struct journal_payout all = box_row(box, 2, "INV-1"), plain = box_row(box, 3, "INV-2");

	all.amount_minor = 0;
	all.content = (struct text){content, sizeof(content) - 1};
	must(box, journal_payout_add(box->journal, &all, &box->fault));
	must(box, journal_payout_add(box->journal, &plain, &box->fault));
	must(box, journal_batch_seal(box->journal, &batch, &box->fault));
	must(box, journal_commit(box->journal, &box->fault));
	return batch.id;
}

static struct attempt claim_with(struct journal_box *box, int64_t payout, int64_t fixed_minor)
{
	struct attempt before = box_attempt(box, payout), after = before;
	int64_t recovered = 0;

	if (!journal_lease_ours(box->journal))
		must(box, journal_lease_take(box->journal, 0, NULL, NULL, &recovered, &box->fault));
	after.state = PAYOUT_SENDING;
	after.sends++;
	after.fixed_minor = fixed_minor;
	after.open_since = after.last_sent = after.submitted_at = box->now.utc_ms;
	after.payload = TEXT("{\"amount\":\"7.50\"}");
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

static void expect_sums(struct journal_box *box, int64_t batch, int64_t in, int64_t ready, int64_t sending)
{
	struct journal_sums sums;
	int64_t of[PAYOUT_STATES] = {0};

	must(box, journal_sums_shown(box->journal, batch, &box->arena, &sums, &box->fault));
	assert_true(sums.balanced);
	assert_int_equal(sums.in_count, 1);
	assert_int_equal(sums.in[0].count, 2);
	assert_int_equal(sums.in[0].minor, in);
	for (int i = 0; i < sums.by_state_count; i++)
		of[sums.by_state[i].state] = sums.by_state[i].minor;
	assert_int_equal(of[PAYOUT_READY], ready);
	assert_int_equal(of[PAYOUT_SENDING], sending);
}

static bool first_line(void *context, const struct journal_line *line)
{
	*(int64_t *)context = line->payout.amount_minor;
	return false;
}

static void a_fixed_amount_is_in_the_sums_and_in_the_line(void **state)
{
	struct journal_box box;
	int64_t amount = -1;

	(void)state;
	box_open(&box);
	int64_t batch = receive_all(&box);
	expect_sums(&box, batch, 1250, 1250, 0);
	assert_string_equal(box_verify(&box, ""), "");
	claim_with(&box, box_payout(&box, "INV-1"), 750);
	expect_sums(&box, batch, 2000, 1250, 750);
	expect_sums(&box, 0, 2000, 1250, 750);
	must(&box, journal_line_each(box.journal, batch, first_line, &amount, &box.fault));
	assert_int_equal(amount, 750);
	assert_int_equal(box_attempt(&box, box_payout(&box, "INV-1")).fixed_minor, 750);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_new_attempt_has_no_amount_before_its_own_claim(void **state)
{
	struct journal_box box;
	struct attempt failed, added;
	struct key key = {.bytes = {1}};
	enum move_result result = MOVE_LOST;
	struct sha256 *sha = sha256_new();

	(void)state;
	box_open(&box);
	int64_t batch = receive_all(&box);
	failed = claim_with(&box, box_payout(&box, "INV-1"), 750);
	struct attempt after = failed;
	after.state = PAYOUT_FAILED;
	after.payload = TEXT("");
	assert_int_equal(box_move(&box, &failed, &after), MOVE_DONE);
	key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-1"), 2);
	must(&box, journal_begin(box.journal, &box.fault));
	must(&box, journal_attempt_add(box.journal, &after, &key, PAYOUT_HELD, TEXT(""), &added, &result, &box.fault));
	must(&box, journal_commit(box.journal, &box.fault));
	assert_int_equal(result, MOVE_DONE);
	expect_sums(&box, batch, 1250, 1250, 0);
	assert_string_equal(box_verify(&box, ""), "");
	sha256_free(sha);
	box_close(&box);
}

static void an_amount_that_was_fixed_behind_the_back_of_the_events_is_seen(void **state)
{
	static const struct {
		const char *sql;
		bool refused;
	} changes[] = {
		{"UPDATE attempts SET fixed_minor = 900 WHERE id = 1", true},
		{"DROP TRIGGER attempts_fixed; UPDATE attempts SET fixed_minor = 900 WHERE id = 1", false},
		{"DROP TRIGGER attempts_fixed; UPDATE attempts SET fixed_minor = 0 WHERE id = 1", false},
		{"UPDATE attempts SET fixed_minor = 1 WHERE id = 2", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct journal_box box;

		box_open(&box);
		receive_all(&box);
		claim_with(&box, box_payout(&box, "INV-1"), 750);
		assert_int_equal(box_sql(&box, changes[i].sql), !changes[i].refused);
		if (changes[i].refused)
			assert_string_equal(box_verify(&box, ""), "");
		else
			assert_string_not_equal(box_verify(&box, ""), "");
		box_close(&box);
	}
}

static void an_amount_is_fixed_only_where_the_row_has_none_and_before_it_is_sent(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	receive_all(&box);
	claim_with(&box, box_payout(&box, "INV-2"), 5);
	assert_string_equal(box_verify(&box, ""), "JOURNAL_STATE");
	box_close(&box);
	box_open(&box);
	receive_all(&box);
	claim_with(&box, box_payout(&box, "INV-1"), 0);
	assert_string_equal(box_verify(&box, ""), "JOURNAL_STATE");
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fixed_amount_is_in_the_sums_and_in_the_line),
		cmocka_unit_test(a_new_attempt_has_no_amount_before_its_own_claim),
		cmocka_unit_test(an_amount_that_was_fixed_behind_the_back_of_the_events_is_seen),
		cmocka_unit_test(an_amount_is_fixed_only_where_the_row_has_none_and_before_it_is_sent),
	};
	return cmocka_run_group_tests_name("journal: fixed amounts", tests, NULL, NULL);
}
