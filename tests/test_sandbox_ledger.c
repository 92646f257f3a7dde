#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/balance.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/ledger.h"
#include "cmd/sandbox/tally.h"

static struct payout example(const char *id, const char *key)
{
	return (struct payout){
		.provider = PROVIDER_CALYPSO,
		.id = text_of(id),
		.key = text_of(key),
		.reference = TEXT("row \"1\""),
		.amount = TEXT("12.5"),
		.currency = TEXT("TRX"),
		.destination = TEXT("T1"),
	};
}

static void every_payout_is_found_by_id_and_key_among_many(void **state)
{
	struct ledger ledger = {0};
	char id[32];
	char key[32];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct payout payout;

		snprintf(id, sizeof(id), "id-%d", i);
		snprintf(key, sizeof(key), "key-%d", i);
		payout = example(id, key);
		ledger_add(&ledger, &payout);
	}
	assert_int_equal(ledger.count, 20000);
	for (int i = 0; i < 20000; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		snprintf(key, sizeof(key), "key-%d", i);
		assert_ptr_equal(ledger_by_id(&ledger, PROVIDER_CALYPSO, text_of(id)), ledger.payouts[i]);
		assert_ptr_equal(ledger_by_key(&ledger, PROVIDER_CALYPSO, text_of(key)), ledger.payouts[i]);
	}
	assert_null(ledger_by_id(&ledger, PROVIDER_CALYPSO, TEXT("id-20000")));
	assert_null(ledger_by_id(&ledger, PROVIDER_MOLLIE, TEXT("id-1")));
	assert_null(ledger_by_key(&ledger, PROVIDER_CALYPSO, TEXT("")));
	ledger_clear(&ledger);
	assert_int_equal(ledger.count, 0);
	assert_null(ledger_by_id(&ledger, PROVIDER_CALYPSO, TEXT("id-1")));
	ledger_release(&ledger);
}

static void payouts_without_a_key_are_all_kept(void **state)
{
	struct ledger ledger = {0};
	struct payout first = example("1", "");
	struct payout second = example("2", "");

	(void)state;
	ledger_add(&ledger, &first);
	ledger_add(&ledger, &second);
	assert_int_equal(ledger.count, 2);
	ledger_release(&ledger);
}

static void a_wrong_answer_differs_in_the_named_field_alone(void **state)
{
	struct payout payout = example("7", "k1");
	struct payout_other other;
	const struct payout *shown = payout_shown(&payout, "amount", &other);

	(void)state;
	assert_ptr_equal(payout_shown(&payout, NULL, &other), &payout);
	assert_true(text_is(shown->amount, "12.1"));
	assert_true(text_is(shown->id, "7"));
	assert_true(text_is(shown->key, "k1"));
	shown = payout_shown(&payout, "all", &other);
	assert_true(text_is(shown->id, "1"));
	assert_true(text_is(shown->key, "k2"));
	assert_false(text_equal(shown->amount, payout.amount));
	assert_false(text_equal(shown->destination, payout.destination));
	assert_true(text_is(payout.amount, "12.5"));
	assert_true(payout_field_known(TEXT("reference")));
	assert_false(payout_field_known(TEXT("state")));
}

static void a_balance_gives_no_more_than_it_holds(void **state)
{
	struct balances balances = {0};
	struct balance *balance;

	(void)state;
	balance_set(&balances, PROVIDER_CALYPSO, TEXT("TRX"), (struct decimal){10, 0});
	balance = balance_of(&balances, PROVIDER_CALYPSO, TEXT("TRX"));
	assert_true(balance_take(balance, (struct decimal){9, DECIMAL_ONE / 2}));
	assert_false(balance_take(balance, (struct decimal){1, 0}));
	assert_true(balance_take(balance, (struct decimal){0, DECIMAL_ONE / 2}));
	assert_true(decimal_is_zero(balance->held));
	balance_give(balance, (struct decimal){3, 0});
	assert_int_equal(balance->held.whole, 3);
	balances_reset(&balances);
	assert_int_equal(balance->held.whole, 10);
	assert_int_equal(balance_of(&balances, PROVIDER_CALYPSO, TEXT("BTC"))->held.whole, 1000000000);
	balances_release(&balances);
}

static void what_is_due_comes_earliest_first_and_never_too_soon(void **state)
{
	struct due due = {0};
	static const int items[1000];
	uint32_t random = 7;
	int64_t last = -1;
	size_t taken = 0;
	const int *item;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		random = random * 1103515245 + 12345;
		due_add(&due, (int64_t)(random >> 16) % 5000, &items[i]);
	}
	for (int64_t now = 0; now < 5000; now++) {
		while (due.count > 0 && due.entries[0].at_ms <= now) {
			int64_t at = due.entries[0].at_ms;

			item = due_take(&due, now);
			assert_non_null(item);
			assert_true(at >= last && at <= now);
			last = at;
			taken++;
		}
		assert_null(due_take(&due, now));
	}
	assert_int_equal(taken, 1000);
	due_release(&due);
}

static void requests_are_counted_by_path_and_outcome(void **state)
{
	struct tally tally = {0};
	struct buf buf = {0};
	char path[32];

	(void)state;
	tally_add(&tally, "/a", "200");
	tally_add(&tally, "/a", "close");
	tally_add(&tally, "/a", "200");
	tally_add(&tally, "/b", "400");
	tally_write(&buf, &tally);
	assert_string_equal(
		buf_str(&buf), "{\"requests\":{\n\"/a\":{\"200\":2,\"close\":1},\n\"/b\":{\"400\":1}},\"total\":4}\n");
	for (int i = 0; i < 3 * TALLY_PATHS; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		tally_add(&tally, path, "404");
	}
	assert_int_equal(tally.count, TALLY_PATHS + 1);
	assert_int_equal(tally.total, 4 + 3 * TALLY_PATHS);
	buf_release(&buf);
	tally_release(&tally);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_payout_is_found_by_id_and_key_among_many),
		cmocka_unit_test(payouts_without_a_key_are_all_kept),
		cmocka_unit_test(a_wrong_answer_differs_in_the_named_field_alone),
		cmocka_unit_test(a_balance_gives_no_more_than_it_holds),
		cmocka_unit_test(what_is_due_comes_earliest_first_and_never_too_soon),
		cmocka_unit_test(requests_are_counted_by_path_and_outcome),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
