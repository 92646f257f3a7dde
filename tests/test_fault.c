#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <errno.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/fault.h"

static void keeps_the_first_fault(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_false(
		fault_set(&fault, FAULT_REFUSED, "FILE_EMPTY", "Send a file with rows.", "%s is %s", "a.csv", "empty"));
	assert_false(fault_set(&fault, FAULT_USAGE, "DISK_FULL", NULL, "second"));
	errno = ENOSPC;
	assert_false(fault_errno(&fault, FAULT_BREAK, "DISK_FULL", NULL, "third"));
	assert_true(fault.set);
	assert_int_equal(fault.kind, FAULT_REFUSED);
	assert_string_equal(fault.code, "FILE_EMPTY");
	assert_string_equal(fault.message, "a.csv is empty");
	assert_string_equal(fault.cure, "Send a file with rows.");
	assert_string_equal(fault.channel, "");
}

static void adds_the_reason_of_errno_and_leaves_errno_alone(void **state)
{
	struct fault fault = {0};

	(void)state;
	errno = ENOENT;
	assert_false(fault_errno(&fault, FAULT_OPERATION, "", NULL, "could not read %s", "x"));
	assert_string_equal(fault.message, "could not read x: No such file or directory");
	assert_int_equal(errno, ENOENT);
	assert_string_equal(fault.cure, "");
}

static void cuts_a_long_message_between_characters(void **state)
{
	struct fault fault = {0};
	char *longer = malloc(2 * sizeof(fault.message) + 2);
	size_t size = 2 * sizeof(fault.message);

	(void)state;
	longer[0] = 'x'; /* so that the limit falls inside a two-byte character */
	for (size_t i = 0; i < size; i += 2)
		memcpy(longer + 1 + i, "\xC3\xA4", 2);
	longer[size + 1] = '\0';
	fault_set(&fault, FAULT_USAGE, longer, longer, "%s", longer);
	assert_int_equal(strlen(fault.message), sizeof(fault.message) - 1);
	assert_int_equal(strlen(fault.cure), sizeof(fault.cure) - 1);
	fault = (struct fault){0};
	fault_set(&fault, FAULT_USAGE, "C", NULL, "x%s", longer);
	assert_int_equal(strlen(fault.message), sizeof(fault.message) - 2);
	assert_int_equal((unsigned char)fault.message[sizeof(fault.message) - 3], 0xA4);
	free(longer);
}

static void the_reason_of_a_full_message_is_cut_too(void **state)
{
	struct fault fault = {0};
	char filler[sizeof(fault.message) - 4];

	(void)state;
	memset(filler, 'x', sizeof(filler) - 1);
	filler[sizeof(filler) - 1] = '\0';
	errno = EIO;
	fault_errno(&fault, FAULT_OPERATION, "", NULL, "%s", filler);
	assert_int_equal(strlen(fault.message), sizeof(fault.message) - 1);
}

static void names_its_channel(void **state)
{
	struct fault fault = {0};

	(void)state;
	fault_channel(&fault, "eu");
	fault_channel(&fault, NULL);
	assert_string_equal(fault.channel, "eu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_first_fault),
		cmocka_unit_test(adds_the_reason_of_errno_and_leaves_errno_alone),
		cmocka_unit_test(cuts_a_long_message_between_characters),
		cmocka_unit_test(the_reason_of_a_full_message_is_cut_too),
		cmocka_unit_test(names_its_channel),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
