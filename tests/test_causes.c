#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stages/causes.h"

struct told {
	int count;
	char message[400];
	char code[64];
};

static void take(void *context, const struct finding *finding)
{
	struct told *told = context;

	told->count++;
	snprintf(told->message, sizeof(told->message), "%s", finding->message);
	snprintf(told->code, sizeof(told->code), "%s", finding->code);
	assert_int_equal(finding->row, 0);
}

static struct finding finding_of(int64_t row, const char *field, const char *message)
{
	return (struct finding){.row = row,
		.line = row,
		.field = field,
		.code = "FIELD_REQUIRED",
		.message = message,
		.cure = "fill it"};
}

static void a_cause_that_most_of_many_rows_share_is_told_once(void **state)
{
	static const struct {
		int64_t rows, with;
		bool shared;
		const char *message;
	} table[] = {
		{19, 19, false, ""}, /* a short file is told row by row */
		{20, 10, false, ""}, /* half is not most */
		{20, 11, true, "11 of 20 rows: the country is empty"},
		{20, 20, true, "all 20 rows: the country is empty"},
		{1000, 501, true, "501 of 1000 rows: the country is empty"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct causes *causes = causes_new();
		struct told told = {0};
		struct arena arena = {0};
		struct finding finding = finding_of(2, "country", "the country is empty");
		struct finding other = finding_of(2, "amount", "the amount is empty");

		for (int64_t row = 2; row < 2 + table[i].with; row++) {
			finding.row = row;
			causes_count(causes, &finding);
		}
		causes_count(causes, &other);
		assert_int_equal(causes_shared(causes, table[i].rows, &finding), table[i].shared);
		assert_false(causes_shared(causes, table[i].rows, &other));
		causes_each(causes, table[i].rows, &arena, take, &told);
		assert_int_equal(told.count, table[i].shared ? 1 : 0);
		assert_string_equal(told.message, table[i].message);
		arena_release(&arena);
		causes_free(causes);
	}
}

static void different_words_are_told_with_the_first_of_them(void **state)
{
	struct causes *causes = causes_new();
	struct told told = {0};
	struct arena arena = {0};
	char message[64];

	(void)state;
	for (int64_t row = 2; row < 32; row++) {
		struct finding finding = finding_of(row, "amount", message);

		snprintf(message, sizeof(message), "'%lld,50' has a comma", (long long)row);
		causes_count(causes, &finding);
		causes_count(causes, &finding); /* twice in a row is one row */
	}
	causes_each(causes, 30, &arena, take, &told);
	assert_string_equal(told.message, "all 30 rows: '2,50' has a comma (row 2; the others likewise)");
	assert_string_equal(told.code, "FIELD_REQUIRED");
	arena_release(&arena);
	causes_free(causes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cause_that_most_of_many_rows_share_is_told_once),
		cmocka_unit_test(different_words_are_told_with_the_first_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
