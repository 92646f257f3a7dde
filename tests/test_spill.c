#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stages/spill.h"

static const char *folder(void)
{
	const char *name = getenv("TMPDIR");

	return name != NULL && *name != '\0' ? name : "/tmp";
}

static void add(struct spill *spill, int64_t row, int order, size_t padding)
{
	struct fault fault = {0};
	char message[8192];
	int len = snprintf(message, sizeof(message), "%lld.%d.", (long long)row, order);
	struct finding finding = {.row = row,
		.line = row + 1,
		.field = order % 2 == 0 ? "amount" : "",
		.code = "AMOUNT_SYNTAX",
		.severity = order % 2 == 0 ? FINDING_ERROR : FINDING_WARNING,
		.message = message,
		.cure = "cure it"};

	memset(message + len, 'x', padding);
	message[(size_t)len + padding] = '\0';
	assert_true(spill_add(spill, &finding, &fault));
}

/* Reads all: in order of rows, then as added; whole. */
static int64_t read_all(struct spill *spill)
{
	struct fault fault = {0};
	struct spill_item item;
	int64_t count = 0, last_row = 0;
	int last_order = -1;
	bool found;

	assert_true(spill_rewind(spill, &fault));
	for (;; count++) {
		long long row;
		int order;

		assert_true(spill_next(spill, &item, &found, &fault));
		if (!found)
			return count;
		assert_int_equal(item.kind, SPILL_FINDING);
		assert_int_equal(sscanf(item.finding.message, "%lld.%d.", &row, &order), 2);
		assert_int_equal(item.row, row);
		assert_int_equal(item.finding.row, row);
		assert_int_equal(item.finding.line, row + 1);
		assert_string_equal(item.finding.code, "AMOUNT_SYNTAX");
		assert_string_equal(item.finding.field, order % 2 == 0 ? "amount" : "");
		assert_int_equal(item.finding.severity, order % 2 == 0 ? FINDING_ERROR : FINDING_WARNING);
		assert_string_equal(item.finding.cure, "cure it");
		assert_true(row > last_row || (row == last_row && order > last_order));
		last_row = row;
		last_order = order;
	}
}

static void gives_findings_in_order_of_rows_then_as_they_were_added(void **state)
{
	static const struct {
		int64_t rows;
		int64_t step; /* the second and third findings come in steps through the rows, as repeats do */
		size_t padding;
	} table[] = {
		{0, 1, 0}, {1, 1, 0}, {10, 3, 0}, {1000, 7, 10}, {30000, 7919, 100}, /* several runs out of order */
		{3000, 1301, 8000}, /* records longer than a window may be */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct spill *spill = spill_new(folder());
		int64_t rows = table[i].rows;

		for (int64_t row = 1; row <= rows; row++)
			add(spill, row, 0, table[i].padding);
		for (int order = 1; order <= 2; order++)
			for (int64_t j = 0, row = 0; j < rows; j++, row = (row + table[i].step) % rows)
				add(spill, row + 1, order, table[i].padding);
		assert_int_equal(read_all(spill), rows * 3);
		assert_int_equal(read_all(spill), rows * 3); /* and once more */
		spill_free(spill);
	}
}

static void keeps_references_beside_findings(void **state)
{
	struct fault fault = {0};
	struct spill *spill = spill_new(folder());
	struct spill_item item;
	bool found;

	(void)state;
	assert_true(spill_reference(spill, 2, TEXT("B/0123456789abcdef/1"), &fault));
	add(spill, 3, 0, 0);
	add(spill, 2, 1, 0);
	assert_true(spill_rewind(spill, &fault));
	assert_true(spill_next(spill, &item, &found, &fault) && found);
	assert_int_equal(item.kind, SPILL_REFERENCE);
	assert_int_equal(item.row, 2);
	assert_true(text_is(item.reference, "B/0123456789abcdef/1"));
	assert_true(spill_next(spill, &item, &found, &fault) && found);
	assert_int_equal(item.row, 2);
	assert_true(spill_next(spill, &item, &found, &fault) && found);
	assert_int_equal(item.row, 3);
	assert_true(spill_next(spill, &item, &found, &fault) && !found);
	spill_free(spill);
}

static void says_where_it_could_not_write(void **state)
{
	struct fault fault = {0};
	struct spill *spill = spill_new("/nonexistent/folder");

	(void)state;
	add(spill, 1, 0, 0);
	assert_false(spill_rewind(spill, &fault));
	assert_non_null(strstr(fault.message, "/nonexistent/folder"));
	spill_free(spill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_findings_in_order_of_rows_then_as_they_were_added),
		cmocka_unit_test(keeps_references_beside_findings),
		cmocka_unit_test(says_where_it_could_not_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
