#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/channel.h"

static void a_provider_reads_back_from_its_name(void **state)
{
	(void)state;
	for (enum provider_id i = PROVIDER_NONE + 1; i < PROVIDER_COUNT; i++)
		assert_int_equal(provider_parse(text_of(provider_name(i))), i);
	assert_string_equal(provider_name(PROVIDER_CALYPSO), "calypso");
	assert_string_equal(provider_name(PROVIDER_NONE), "");
}

static void no_other_name_is_a_provider(void **state)
{
	(void)state;
	assert_int_equal(provider_parse(TEXT("")), PROVIDER_NONE);
	assert_int_equal(provider_parse(TEXT("Circle")), PROVIDER_NONE);
	assert_int_equal(provider_parse(TEXT("circle ")), PROVIDER_NONE);
	assert_int_equal(PROVIDER_NONE, 0);
}

static void a_setting_is_found_by_its_name_or_empty(void **state)
{
	struct setting_value settings[] = {{"key", TEXT("k"), false}, {"secret", TEXT("s"), true}};
	const struct channel channel = {.settings = settings, .setting_count = 2};

	(void)state;
	assert_true(text_is(channel_setting(&channel, "secret"), "s"));
	assert_int_equal(channel_setting(&channel, "account").len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_reads_back_from_its_name),
		cmocka_unit_test(no_other_name_is_a_provider),
		cmocka_unit_test(a_setting_is_found_by_its_name_or_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
