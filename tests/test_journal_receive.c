#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/pack.h"
#include "tests/support/journal_box.h"

/* --- packing ----------------------------------------------------------------------------------------------------- */

static void field(struct buf *buf, const char *name, size_t len, char byte)
{
	unsigned char prefix[4] = {0, 0, 0, (unsigned char)strlen(name)};

	buf_add(buf, prefix, 4);
	buf_addz(buf, name);
	prefix[1] = (unsigned char)(len >> 16);
	prefix[2] = (unsigned char)(len >> 8);
	prefix[3] = (unsigned char)len;
	buf_add(buf, prefix, 4);
	for (size_t i = 0; i < len; i++)
		buf_addc(buf, byte);
}

static void expect_round_trip(struct text content)
{
	struct buf packed = {0}, content_again = {0};

	pack_write(&packed, content, NULL, 0);
	assert_true(pack_read(&content_again, buf_text(&packed)));
	assert_true(text_equal(content, buf_text(&content_again)));
	buf_release(&packed);
	buf_release(&content_again);
}

static void what_is_packed_comes_back_byte_by_byte(void **state)
{
	struct buf content = {0}, packed = {0};
	struct pack_search searches[2] = {{TEXT("aaaaa"), 0}, {TEXT("nowhere"), 0}};
	struct text value;

	(void)state;
	expect_round_trip(TEXT(""));
	expect_round_trip(TEXT("no fields at all"));
	expect_round_trip(TEXT("\0\0\0\1x\0\0\0\2y")); /* cut short */
	expect_round_trip(TEXT("\0\0\0\0\0\0\0\1y"));  /* a field without a name */
	expect_round_trip(TEXT("\377\377\377\377x"));
	field(&content, "amount", 5, 'a');
	field(&content, "recipient.ifsc", 200, 'b'); /* a name that has no number */
	field(&content, "wallet_address", 70000, 'c');
	field(&content, "amount", 1, 'd'); /* out of order and twice */
	expect_round_trip(buf_text(&content));
	pack_write(&packed, buf_text(&content), searches, 2);
	assert_int_equal(searches[0].field, 1);
	assert_int_equal(searches[1].field, 0);
	assert_true(packed.len < content.len);
	assert_true(pack_field(buf_text(&packed), 1, &value) && text_is(value, "aaaaa"));
	assert_true(pack_field(buf_text(&packed), 4, &value) && text_is(value, "d"));
	assert_false(pack_field(buf_text(&packed), 5, &value));
	/* Damaged packed bytes are refused, never overrun. */
	for (size_t cut = 1; cut < 300; cut++) {
		struct buf ignored = {0};

		(void)pack_read(&ignored, (struct text){packed.data, cut});
		buf_release(&ignored);
	}
	buf_release(&content);
	buf_release(&packed);
}

/* --- references that are bound already --------------------------------------------------------------------------- */

struct told {
	struct journal_box *box;
	int count;
	struct journal_clash clashes[20];
	char texts[20][3][60];
	enum payout_state restate; /* PAYOUT_UNKNOWN: leave as it is */
	bool other_too;
	int stop_after;
};

static bool tell(void *context, const struct journal_clash *clash, struct fault *fault)
{
	struct told *told = context;

	assert_true(told->count < 20);
	told->clashes[told->count] = *clash;
	snprintf(told->texts[told->count][0], 60, "%.*s", (int)clash->reference.len, clash->reference.ptr);
	snprintf(told->texts[told->count][1], 60, "%.*s", (int)clash->other_reference.len, clash->other_reference.ptr);
	snprintf(told->texts[told->count][2], 60, "%.*s", (int)clash->other_batch.len, clash->other_batch.ptr);
	told->count++;
	if (told->restate != PAYOUT_UNKNOWN && !journal_payout_restate(told->box->journal, clash->payout, told->restate,
						       TEXT("CODE"), TEXT("because"), clash->other, fault))
		return false;
	if (told->other_too && !journal_payout_restate(told->box->journal, clash->other, told->restate, TEXT("CODE"),
				       TEXT("because"), clash->payout, fault))
		return false;
	return told->stop_after == 0 || told->count < told->stop_after;
}

static int64_t add(struct journal_box *box, int64_t row, const char *reference, enum payout_state state)
{
	struct journal_payout payout = box_row(box, row, reference);

	payout.state = state;
	assert_true(journal_payout_add(box->journal, &payout, &box->fault));
	return payout.id;
}

static void seal(struct journal_box *box, struct journal_batch *batch)
{
	assert_true(journal_batch_seal(box->journal, batch, &box->fault));
	assert_true(journal_commit(box->journal, &box->fault));
	assert_string_equal(box_verify(box, ""), "");
}

static void rows_whose_reference_is_bound_are_told_in_order(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box, .restate = PAYOUT_DUPLICATE};
	struct journal_batch batch;
	struct journal_payout changed;
	struct journal_sums sums;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 9);
	box_claim(&box, box_payout(&box, "INV-7"));
	batch = box_begin_batch(&box, "b2");
	add(&box, 2, "NEW-1", PAYOUT_READY);
	add(&box, 3, "INV-7", PAYOUT_READY);
	add(&box, 4, "INV-9", PAYOUT_REJECTED); /* rejected rows ask for nothing */
	changed = box_row(&box, 5, "INV-2");
	changed.content = TEXT("\0\0\0\4city\0\0\0\4Rome");
	assert_true(journal_payout_add(box.journal, &changed, &box.fault));
	add(&box, 6, "NEW-2", PAYOUT_HELD);
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 2);
	assert_int_equal(told.clashes[0].row, 3);
	assert_string_equal(told.texts[0][0], "INV-7");
	assert_string_equal(told.texts[0][2], "b1");
	assert_int_equal(told.clashes[0].other_row, 8);
	assert_int_equal(told.clashes[0].other_state, PAYOUT_SENDING);
	assert_int_equal(told.clashes[0].other_attempt, 1);
	assert_true(told.clashes[0].same_content);
	assert_string_equal(told.texts[1][0], "INV-2");
	assert_false(told.clashes[1].same_content);
	told.count = 0;
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 0); /* all were settled */
	seal(&box, &batch);
	assert_int_equal(batch.rows, 5);
	assert_true(journal_sums(box.journal, batch.id, &box.arena, &sums, &box.fault));
	assert_true(sums.balanced);
	assert_int_equal(box_payout(&box, "INV-7"), 7); /* still the first one's */
	box_close(&box);
}

static void a_reference_twice_in_one_file_is_told_with_the_first(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box, .restate = PAYOUT_REJECTED, .other_too = true};
	struct journal_batch batch;
	struct journal_payout payout;
	int64_t first;
	bool found;

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	first = add(&box, 2, "A", PAYOUT_READY);
	add(&box, 3, "B", PAYOUT_READY);
	add(&box, 4, "A", PAYOUT_READY);
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 1);
	assert_int_equal(told.clashes[0].other, first);
	assert_string_equal(told.texts[0][2], "b1");
	assert_true(journal_payout_get(box.journal, first, &box.arena, &payout, &found, &box.fault));
	assert_int_equal(payout.state, PAYOUT_REJECTED);
	assert_true(text_is(payout.reason_code, "CODE") && text_is(payout.reason, "because"));
	seal(&box, &batch);
	/* Nobody has A: it is free for a corrected file. */
	batch = box_receive(&box, "b2", "X", 1);
	batch = box_begin_batch(&box, "b3");
	add(&box, 2, "A", PAYOUT_READY);
	seal(&box, &batch);
	box_close(&box);
}

static void a_reference_given_back_is_bound_by_the_row_that_stays(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box};
	struct journal_batch batch;
	int64_t first, second;

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	first = add(&box, 2, "A", PAYOUT_READY);
	second = add(&box, 3, "A", PAYOUT_READY);
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 1);
	assert_true(journal_payout_restate(box.journal, first, PAYOUT_REJECTED, TEXT("C"), TEXT("r"), 0, &box.fault));
	seal(&box, &batch);
	assert_int_equal(box_payout(&box, "A"), second);
	box_close(&box);
}

static void a_clash_that_nobody_settles_cannot_be_sealed(void **state)
{
	struct journal_box box;
	struct journal_batch batch;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	batch = box_begin_batch(&box, "b2");
	add(&box, 2, "INV-1", PAYOUT_READY);
	assert_false(journal_batch_seal(box.journal, &batch, &box.fault));
	assert_true(box.fault.set);
	journal_rollback(box.journal);
	box.fault = (struct fault){0};
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

/* Two keys can only be equal when the references are: the constraint stands all the same. */
static void a_key_is_used_once_whatever_the_reference(void **state)
{
	struct journal_box box;
	struct journal_batch batch;
	struct journal_payout payout;

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	payout = box_row(&box, 2, "A");
	assert_true(journal_payout_add(box.journal, &payout, &box.fault));
	payout.reference = TEXT("B");
	assert_true(journal_payout_add(box.journal, &payout, &box.fault));
	assert_false(journal_batch_seal(box.journal, &batch, &box.fault));
	journal_rollback(box.journal);
	box_close(&box);
}

static void references_in_any_order_are_bound(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box, .restate = PAYOUT_REJECTED};
	struct journal_batch batch;
	char reference[40];

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	for (int64_t i = 0; i < 2000; i++) { /* 7919 is prime: no order at all */
		snprintf(reference, sizeof(reference), "R-%lld", (long long)(i * 7919 % 2000));
		add(&box, i + 2, reference, PAYOUT_READY);
	}
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 0);
	seal(&box, &batch);
	batch = box_begin_batch(&box, "b2");
	for (int64_t i = 0; i < 1000; i++) {
		snprintf(reference, sizeof(reference), "S-%lld", (long long)(i * 7919 % 1000));
		add(&box, i + 2, i == 777 ? "R-5" : reference, PAYOUT_READY);
	}
	assert_true(journal_clash_each(box.journal, batch.id, tell, &told, &box.fault));
	assert_int_equal(told.count, 1);
	assert_int_equal(told.clashes[0].row, 779);
	seal(&box, &batch);
	box_close(&box);
}

/* --- look-alikes ------------------------------------------------------------------------------------------------- */

static int64_t add_alike(
	struct journal_box *box, int64_t row, const char *reference, const char *likeness, const char *lookalike)
{
	struct journal_payout payout = box_row(box, row, reference);

	memset(payout.likeness, 0, 8);
	memset(payout.lookalike, 0, 8);
	memcpy(payout.likeness, likeness, strlen(likeness));
	memcpy(payout.lookalike, lookalike, strlen(lookalike));
	assert_true(journal_payout_add(box->journal, &payout, &box->fault));
	return payout.id;
}

static void rows_like_others_are_told_once_each(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box};
	struct journal_batch batch;
	int64_t old_time;

	(void)state;
	box_open(&box);
	old_time = box.now.utc_ms;
	batch = box_begin_batch(&box, "b1");
	add_alike(&box, 2, "A-1", "dest-1", "a-1");
	add_alike(&box, 3, "A-2", "dest-2", "a-2");
	seal(&box, &batch);
	box.now.utc_ms += 1000;
	batch = box_begin_batch(&box, "b2");
	add_alike(&box, 2, "B-1", "dest-9", "b-1"); /* like nobody */
	add_alike(&box, 3, "B-2", "dest-2", "b-2"); /* destination, amount and currency of A-2 */
	add_alike(&box, 4, "a-1", "dest-8", "a-1"); /* its reference looks like A-1 */
	add_alike(&box, 5, "B-3", "dest-7", "b-3"); /* like B-4 of the same file */
	add_alike(&box, 6, "B-4", "dest-7", "b-4");
	add_alike(&box, 7, "B-5", "", "");
	add_alike(&box, 8, "B-6", "", ""); /* no digest: like nobody */
	assert_true(journal_suspect_each(box.journal, batch.id, old_time, tell, &told, &box.fault));
	assert_int_equal(told.count, 4);
	assert_string_equal(told.texts[0][0], "B-2");
	assert_string_equal(told.texts[0][1], "A-2");
	assert_string_equal(told.texts[0][2], "b1");
	assert_string_equal(told.texts[1][0], "a-1");
	assert_string_equal(told.texts[1][1], "A-1");
	assert_string_equal(told.texts[2][0], "B-3");
	assert_string_equal(told.texts[2][1], "B-4");
	assert_string_equal(told.texts[3][0], "B-4");
	assert_string_equal(told.texts[3][1], "B-3");
	/* Only what was received since then counts. */
	told.count = 0;
	assert_true(journal_suspect_each(box.journal, batch.id, old_time + 1, tell, &told, &box.fault));
	assert_int_equal(told.count, 2);
	/* Held for it, and sealed so. */
	told = (struct told){.box = &box, .restate = PAYOUT_HELD};
	assert_true(journal_suspect_each(box.journal, batch.id, old_time, tell, &told, &box.fault));
	assert_int_equal(told.count, 4);
	seal(&box, &batch);
	assert_int_equal(box_attempt(&box, box_payout(&box, "B-2")).state, PAYOUT_HELD);
	assert_int_equal(box_attempt(&box, box_payout(&box, "B-1")).state, PAYOUT_READY);
	box_close(&box);
}

static void rows_that_pay_nobody_are_like_nobody(void **state)
{
	struct journal_box box;
	struct told told = {.box = &box};
	struct journal_batch batch;
	int64_t first;

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	first = add_alike(&box, 2, "A-1", "dest-1", "");
	add_alike(&box, 3, "A-2", "dest-1", "");
	add_alike(&box, 4, "A-3", "dest-1", "");
	assert_true(journal_payout_restate(box.journal, first, PAYOUT_REJECTED, TEXT("C"), TEXT(""), 0, &box.fault));
	assert_true(journal_suspect_each(box.journal, batch.id, 0, tell, &told, &box.fault));
	assert_int_equal(told.count, 2);
	assert_string_equal(told.texts[0][0], "A-2");
	assert_string_equal(told.texts[0][1], "A-3");
	seal(&box, &batch);
	batch = box_begin_batch(&box, "b2");
	add_alike(&box, 2, "B-1", "dest-1", "");
	told.count = 0;
	assert_true(journal_suspect_each(box.journal, batch.id, 0, tell, &told, &box.fault));
	assert_int_equal(told.count, 1); /* the rejected first one is passed over */
	assert_string_equal(told.texts[0][1], "A-2");
	seal(&box, &batch);
	box_close(&box);
}

struct counted {
	int64_t count;
	int64_t sum;
};

static bool count_all(void *context, const struct journal_clash *clash, struct fault *fault)
{
	struct counted *counted = context;

	(void)fault;
	counted->count++;
	counted->sum += clash->row;
	return true;
}

/* Against a plain comparison of all with all: big with big, big with small, small with big. */
static void large_and_small_batches_find_the_same_as_all_with_all(void **state)
{
	static const int64_t sizes[][2] = {{5000, 5000}, {5000, 40}, {40, 5000}};
	char likeness[24], reference[40];

	(void)state;
	for (size_t round = 0; round < 3; round++) {
		struct journal_box box;
		struct journal_batch batch;
		struct counted counted = {0}, wanted = {0};

		box_open(&box);
		for (int k = 0; k < 2; k++) {
			batch = box_begin_batch(&box, k == 0 ? "b1" : "b2");
			for (int64_t i = 0; i < sizes[round][k]; i++) {
				/* b1: multiples of 3; b2: multiples of 2 */
				snprintf(likeness, sizeof(likeness), "%08lld", (long long)(i * (k == 0 ? 3 : 2)));
				snprintf(reference, sizeof(reference), "%c-%lld", "AB"[k], (long long)i);
				add_alike(&box, i + 2, reference, likeness, "");
				if (k == 1 && i * 2 % 3 == 0 && i * 2 / 3 < sizes[round][0]) {
					wanted.count++;
					wanted.sum += i + 2;
				}
			}
			if (k == 0)
				seal(&box, &batch);
		}
		assert_true(journal_suspect_each(box.journal, batch.id, 0, count_all, &counted, &box.fault));
		assert_int_equal(counted.count, wanted.count);
		assert_int_equal(counted.sum, wanted.sum);
		seal(&box, &batch);
		box_close(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_back_byte_by_byte),
		cmocka_unit_test(rows_whose_reference_is_bound_are_told_in_order),
		cmocka_unit_test(a_reference_twice_in_one_file_is_told_with_the_first),
		cmocka_unit_test(a_reference_given_back_is_bound_by_the_row_that_stays),
		cmocka_unit_test(a_clash_that_nobody_settles_cannot_be_sealed),
		cmocka_unit_test(a_key_is_used_once_whatever_the_reference),
		cmocka_unit_test(references_in_any_order_are_bound),
		cmocka_unit_test(rows_like_others_are_told_once_each),
		cmocka_unit_test(rows_that_pay_nobody_are_like_nobody),
		cmocka_unit_test(large_and_small_batches_find_the_same_as_all_with_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
