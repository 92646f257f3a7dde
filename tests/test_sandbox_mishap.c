#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/mishap.h"

#define CREATE "/calypso/api/v1/payout/create"

static bool parse(const char *body, struct mishap *mishap, struct buf *error)
{
	struct document document = {0};
	bool parsed;

	assert_true(document_parse(&document, text_of(body)));
	buf_reset(error);
	parsed = mishap_parse(&document, mishap, error);
	document_release(&document);
	return parsed;
}

static void stage(struct mishaps *mishaps, const char *body)
{
	struct buf error = {0};
	struct mishap mishap;

	if (!parse(body, &mishap, &error))
		fail_msg("%s: %s", body, buf_str(&error));
	assert_true(mishaps_add(mishaps, &mishap));
	buf_release(&error);
}

static enum mishap_kind strike(struct mishaps *mishaps, const char *path)
{
	struct mishap struck;

	return mishaps_strike(mishaps, PROVIDER_CALYPSO, path, &struck) ? struck.kind : MISHAP_NONE;
}

static void nth_strikes_that_request_once(void **state)
{
	struct mishaps mishaps = {0};

	(void)state;
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":3}");
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_RESET);
	for (int i = 0; i < 10; i++)
		assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
}

static void a_path_narrows_what_is_counted(void **state)
{
	struct mishaps mishaps = {0};

	(void)state;
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"500\",\"nth\":2,\"path\":\"/payout/create\"}");
	assert_int_equal(strike(&mishaps, "/calypso/api/v1/payout"), MISHAP_NONE);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
	assert_int_equal(strike(&mishaps, "/calypso/api/v1/payout"), MISHAP_NONE);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_500);
}

static void two_that_are_due_strike_one_after_the_other(void **state)
{
	struct mishaps mishaps = {0};

	(void)state;
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"close\",\"nth\":1}");
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"timeout\",\"nth\":1}");
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_CLOSE);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_TIMEOUT);
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
}

static unsigned struck_of_10000(struct mishaps *mishaps)
{
	unsigned count = 0;

	for (int i = 0; i < 10000; i++)
		count += strike(mishaps, CREATE) != MISHAP_NONE;
	return count;
}

static void a_rate_strikes_about_so_often_and_the_same_under_one_seed(void **state)
{
	struct mishaps mishaps = {0};
	unsigned first;

	(void)state;
	mishaps_clear_all(&mishaps, 5);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"close\",\"rate\":0.25}");
	first = struck_of_10000(&mishaps);
	assert_in_range(first, 2300, 2700);
	mishaps_clear_all(&mishaps, 5);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"close\",\"rate\":0.25}");
	assert_int_equal(struck_of_10000(&mishaps), first);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"none\"}");
	assert_int_equal(struck_of_10000(&mishaps), 0);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"close\",\"rate\":1}");
	assert_int_equal(struck_of_10000(&mishaps), 10000);
	mishaps_clear_all(&mishaps, 5);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"close\",\"rate\":0}");
	assert_int_equal(struck_of_10000(&mishaps), 0);
}

static void a_date_skew_stays_and_strikes_nothing(void **state)
{
	struct mishaps mishaps = {0};

	(void)state;
	assert_int_equal(mishaps_skew(&mishaps, PROVIDER_CALYPSO), 0);
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"date\",\"skew_ms\":90000}");
	stage(&mishaps, "{\"provider\":\"calypso\",\"kind\":\"date\",\"skew_ms\":-61000}");
	assert_int_equal(strike(&mishaps, CREATE), MISHAP_NONE);
	assert_int_equal(mishaps_skew(&mishaps, PROVIDER_CALYPSO), -61000);
	assert_int_equal(mishaps_skew(&mishaps, PROVIDER_CIRCLE), 0);
	assert_int_equal(mishaps.count, 1);
}

static void members_have_defaults(void **state)
{
	struct buf error = {0};
	struct mishap mishap;

	(void)state;
	assert_true(parse("{\"provider\":\"calypso\",\"kind\":\"slow\",\"nth\":1}", &mishap, &error));
	assert_int_equal(mishap.delay_ms, 2000);
	assert_false(mishap.after_commit);
	assert_true(parse("{\"provider\":\"calypso\",\"kind\":\"429\",\"nth\":1}", &mishap, &error));
	assert_int_equal(mishap.retry_after_s, 1);
	assert_true(parse("{\"provider\":\"calypso\",\"kind\":429,\"nth\":1,\"after_commit\":false}", &mishap, &error));
	assert_int_equal(mishap.kind, MISHAP_429);
	assert_true(parse("{\"provider\":\"calypso\",\"kind\":\"close_after\",\"nth\":1}", &mishap, &error));
	assert_true(mishap.after_commit);
	assert_true(parse("{\"provider\":\"calypso\",\"kind\":\"wrong\",\"nth\":1}", &mishap, &error));
	assert_string_equal(mishap.field, "all");
	buf_release(&error);
}

static void what_can_not_be_staged_is_refused_with_the_choices(void **state)
{
	static const struct {
		const char *body;
		const char *says;
	} cases[] = {
		{"{}", "provider must be one of: circle"},
		{"{\"provider\":\"circl\",\"kind\":\"reset\",\"nth\":1}", "provider must be one of"},
		{"{\"provider\":\"calypso\",\"kind\":\"rest\",\"nth\":1}", "kind must be one of: none, reset"},
		{"{\"provider\":\"calypso\",\"kind\":428,\"nth\":1}", "kind must be one of"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\"}", "either nth"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1,\"rate\":1}", "either nth"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":0}", "from 1"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1.5}", "from 1"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"rate\":1.1}", "from 0 to 1"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"rate\":\"1\"}", "from 0 to 1"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1,\"after\":true}", "no member after; it takes"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1,\"after_commit\":1}", "true or false"},
		{"{\"provider\":\"calypso\",\"kind\":\"429\",\"nth\":1,\"after_commit\":true}",
			"no member after_commit"},
		{"{\"provider\":\"calypso\",\"kind\":\"401\",\"nth\":1,\"after_commit\":true}",
			"no member after_commit"},
		{"{\"provider\":\"calypso\",\"kind\":\"redirect\",\"nth\":1,\"after_commit\":true}",
			"no member after_commit"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1,\"delay_ms\":5}", "no member delay_ms"},
		{"{\"provider\":\"calypso\",\"kind\":\"slow\",\"nth\":1,\"delay_ms\":-5}", "delay_ms must be"},
		{"{\"provider\":\"calypso\",\"kind\":\"date\",\"nth\":1,\"skew_ms\":5}", "no member nth"},
		{"{\"provider\":\"calypso\",\"kind\":\"date\"}", "skew_ms must be"},
		{"{\"provider\":\"calypso\",\"kind\":\"wrong\",\"nth\":1,\"field\":\"state\"}", "field must be one of"},
		{"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":1,\"path\":5}", "path must be"},
		{"{\"provider\":\"pontis\",\"kind\":\"duplicate_webhook\",\"nth\":1}", "pontis sends no webhooks"},
		{"{\"provider\":\"calypso\",\"kind\":\"out_of_order_webhook\",\"nth\":1,\"after_commit\":true}",
			"no member after_commit"},
	};
	struct buf error = {0};
	struct mishap mishap;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (parse(cases[i].body, &mishap, &error))
			fail_msg("%s was taken", cases[i].body);
		if (strstr(buf_str(&error), cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].body, buf_str(&error));
	}
	buf_release(&error);
}

static void there_is_an_end_to_what_can_be_staged(void **state)
{
	struct mishaps mishaps = {0};
	struct mishap mishap = {.kind = MISHAP_CLOSE, .provider = PROVIDER_CALYPSO, .countdown = 1000};

	(void)state;
	for (int i = 0; i < MISHAPS_MAX; i++)
		assert_true(mishaps_add(&mishaps, &mishap));
	assert_false(mishaps_add(&mishaps, &mishap));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nth_strikes_that_request_once),
		cmocka_unit_test(a_path_narrows_what_is_counted),
		cmocka_unit_test(two_that_are_due_strike_one_after_the_other),
		cmocka_unit_test(a_rate_strikes_about_so_often_and_the_same_under_one_seed),
		cmocka_unit_test(a_date_skew_stays_and_strikes_nothing),
		cmocka_unit_test(members_have_defaults),
		cmocka_unit_test(what_can_not_be_staged_is_refused_with_the_choices),
		cmocka_unit_test(there_is_an_end_to_what_can_be_staged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
