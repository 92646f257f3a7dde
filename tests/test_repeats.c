#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sorter.h"
#include "stages/fingerprint.h"
#include "stages/repeats.h"

static const char *folder(void)
{
	const char *name = getenv("TMPDIR");

	return name != NULL && *name != '\0' ? name : "/tmp";
}

/* A digest that depends on a number alone and is spread like a hash. */
static void digest_of(uint64_t number, uint8_t digest[16])
{
	uint64_t words[2] = {number * UINT64_C(0x9E3779B97F4A7C15), number};

	words[0] ^= words[0] >> 29;
	memcpy(digest, words, 16);
}

struct seen {
	int64_t members, groups, last_group;
	int64_t sum_index; /* of all members */
	struct repeat first[8];
	bool in_order;
	struct repeat last;
};

static bool see(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct seen *seen = context;

	(void)fault;
	if (seen->members == 0)
		seen->in_order = true;
	else if (repeat->group == seen->last.group)
		seen->in_order = seen->in_order &&
				 (repeat->file > seen->last.file ||
					 (repeat->file == seen->last.file && repeat->index > seen->last.index));
	else
		seen->in_order = seen->in_order && repeat->group == seen->last.group + 1;
	if (seen->members < 8)
		seen->first[seen->members] = *repeat;
	seen->members++;
	seen->groups = repeat->group;
	seen->sum_index += repeat->index;
	seen->last = *repeat;
	return true;
}

/* rows rows whose digest is that of (row % distinct). */
static void run(int64_t rows, uint64_t distinct, struct seen *seen)
{
	struct fault fault = {0};
	struct repeats *repeats = repeats_open(folder());
	uint8_t digest[16];

	memset(seen, 0, sizeof(*seen));
	for (int64_t i = 0; i < rows; i++) {
		digest_of((uint64_t)i % distinct, digest);
		assert_true(repeats_add(repeats, digest, 0, i, i + 2, &fault));
	}
	assert_true(repeats_each(repeats, false, see, seen, &fault));
	repeats_close(repeats);
}

static void finds_every_member_of_every_group_whatever_the_number_of_rows(void **state)
{
	static const struct {
		int64_t rows;
		uint64_t distinct;
		int64_t members, groups;
	} table[] = {
		{0, 1, 0, 0},
		{1, 1, 0, 0},
		{2, 2, 0, 0},
		{2, 1, 2, 1},
		{3, 1, 3, 1},
		{1000, 1000, 0, 0},
		{1000, 999, 2, 1},
		{131072, 131072, 0, 0},
		{131073, 131072, 2, 1}, /* the second member is the first row of the second run */
		{300000, 150000, 300000, 150000},
		{300000, 299990, 20, 10},
		{300000, 1, 300000, 1}, /* all equal */
		{400000, 2, 400000, 2},
		{700001, 700000, 2, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct seen seen;

		run(table[i].rows, table[i].distinct, &seen);
		assert_int_equal(seen.members, table[i].members);
		assert_int_equal(seen.groups, table[i].groups);
		if (seen.members > 0)
			assert_true(seen.in_order);
	}
}

static void names_file_index_and_row_of_each_member(void **state)
{
	struct fault fault = {0};
	struct repeats *repeats = repeats_open(folder());
	struct seen seen = {0};
	uint8_t digest[16];

	(void)state;
	for (int file = 0; file < 3; file++)
		for (int64_t i = 0; i < 100; i++) {
			digest_of(i == 7 ? 77777 : (uint64_t)(file * 1000 + i), digest);
			assert_true(repeats_add(repeats, digest, file, i, i * 2 + 2, &fault));
		}
	for (int pass = 0; pass < 2; pass++) { /* it may be asked twice */
		memset(&seen, 0, sizeof(seen));
		assert_true(repeats_each(repeats, false, see, &seen, &fault));
		assert_int_equal(seen.members, 3);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(seen.first[i].file, i);
			assert_int_equal(seen.first[i].index, 7);
			assert_int_equal(seen.first[i].row, 16);
			assert_int_equal(seen.first[i].group, 1);
		}
	}
	repeats_close(repeats);
}

static void differs_in_any_bit_is_no_repeat(void **state)
{
	struct fault fault = {0};
	struct repeats *repeats = repeats_open(folder());
	struct seen seen = {0};
	uint8_t digest[16] = {0};

	(void)state;
	for (int bit = 0; bit < 128; bit++) {
		memset(digest, 0, sizeof(digest));
		digest[bit / 8] = (uint8_t)(1 << bit % 8);
		assert_true(repeats_add(repeats, digest, 0, bit, bit, &fault));
	}
	assert_true(repeats_each(repeats, false, see, &seen, &fault));
	assert_int_equal(seen.members, 0);
	repeats_close(repeats);
}

static void groups_by_half_a_digest_too(void **state)
{
	static const uint8_t digests[5][16] = {
		{1, 2, 3, 4, 5, 6, 7, 8, 1},
		{1, 2, 3, 4, 5, 6, 7, 8, 2},
		{1, 2, 3, 4, 5, 6, 7, 9, 1},
		{9},
		{9},
	};
	struct fault fault = {0};
	struct repeats *repeats = repeats_open(folder());
	struct seen seen = {0};

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_true(repeats_add(repeats, digests[i], 0, i, i, &fault));
	assert_true(repeats_each(repeats, false, see, &seen, &fault));
	assert_int_equal(seen.groups, 1);
	assert_int_equal(seen.members, 2);
	assert_int_equal(seen.first[0].index, 3);
	memset(&seen, 0, sizeof(seen));
	assert_true(repeats_each(repeats, true, see, &seen, &fault));
	assert_int_equal(seen.groups, 2);
	assert_int_equal(seen.members, 4);
	assert_int_equal(seen.sum_index, 0 + 1 + 3 + 4);
	repeats_close(repeats);
}

static bool refuse(void *context, const struct repeat *repeat, struct fault *fault)
{
	(void)context;
	(void)repeat;
	return fault_set(fault, FAULT_OPERATION, "", NULL, "enough");
}

static void ends_when_the_caller_fails_and_when_the_folder_is_missing(void **state)
{
	struct fault fault = {0};
	struct repeats *repeats = repeats_open(folder());
	uint8_t digest[16] = {0};
	bool fine = true;

	(void)state;
	assert_true(repeats_add(repeats, digest, 0, 0, 2, &fault));
	assert_true(repeats_add(repeats, digest, 0, 1, 3, &fault));
	assert_false(repeats_each(repeats, false, refuse, NULL, &fault));
	assert_string_equal(fault.message, "enough");
	repeats_close(repeats);

	fault = (struct fault){0};
	repeats = repeats_open("/nonexistent/folder");
	for (int64_t i = 0; fine && i < 400000; i++)
		fine = repeats_add(repeats, digest, 0, i, i, &fault);
	assert_false(fine);
	assert_non_null(strstr(fault.message, "/nonexistent/folder"));
	repeats_close(repeats);
}

/* Keys that are no digests: ascending, descending, in saw teeth; equal keys keep the order in which they were added. */
static void sorts_keys_that_are_no_digests_and_keeps_the_order_of_equals(void **state)
{
	const uint64_t rows = 400000;

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		struct fault fault = {0};
		struct sorter *sorter = sorter_new(folder());
		struct record record = {0}, last = {0};
		uint64_t count = 0;
		bool found;

		for (uint64_t i = 0; i < rows; i++) {
			record.key[1] = kind == 0 ? i : kind == 1 ? rows - i : i % 1000;
			record.value[0] = i;
			assert_true(sorter_add(sorter, &record, &fault));
		}
		assert_true(sorter_rewind(sorter, &fault));
		for (;; last = record, count++) {
			assert_true(sorter_next(sorter, &record, &found, &fault));
			if (!found)
				break;
			assert_true(count == 0 || last.key[1] < record.key[1] ||
				    (last.key[1] == record.key[1] && last.value[0] < record.value[0]));
		}
		assert_int_equal(count, rows);
		sorter_free(sorter);
	}
}

/* As OpenSSL's SIPHASH has them with c-rounds:1 d-rounds:3 size:16: key 00..0f, message 00 01 02 ... */
static void fingerprints_are_those_of_another_siphash(void **state)
{
	static const struct {
		size_t len;
		const char *hex;
	} table[] = {
		{0, "e77ebcb22788a5befd62db6add303001"},
		{1, "fc6f370460d3eda85e0573cc2b2ff063"},
		{2, "75787f090569839b855bc9548c6aea95"},
		{7, "1084b923f2aae0c3a62f2ec80848ab77"},
		{8, "aa12fee1d5e3dab4724f16ab35f9c799"},
		{9, "81ddb8042cf33994f4720e0094137c42"},
		{15, "c17e5505b2bd526c2921cdec1e7e0109"},
	};
	static const uint8_t secret[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct fingerprint fingerprint;
	char message[16], hex[33];
	uint8_t digest[16];

	(void)state;
	fingerprint_fixed(&fingerprint, secret);
	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (char)i;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		fingerprint_of(&fingerprint, (struct text){message, table[i].len}, digest);
		text_hex(digest, sizeof(digest), hex);
		assert_string_equal(hex, table[i].hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_member_of_every_group_whatever_the_number_of_rows),
		cmocka_unit_test(names_file_index_and_row_of_each_member),
		cmocka_unit_test(differs_in_any_bit_is_no_repeat),
		cmocka_unit_test(groups_by_half_a_digest_too),
		cmocka_unit_test(ends_when_the_caller_fails_and_when_the_folder_is_missing),
		cmocka_unit_test(sorts_keys_that_are_no_digests_and_keeps_the_order_of_equals),
		cmocka_unit_test(fingerprints_are_those_of_another_siphash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
