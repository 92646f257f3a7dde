#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "providers/answer.h"
#include "providers/echo.h"

static const struct echo echoes[] = {
	{"amount.value", "amount", echo_same_decimal, false},
	{"currency", NULL, echo_same_text, false},
	{"to.id", "id", echo_same_nocase, true},
};

static const struct {
	const char *answer;
	const char *reason; /* of the mismatch; NULL: it fits */
} cases[] = {
	{"{\"amount\":{\"value\":12.500},\"currency\":\"EUR\",\"to\":{\"id\":\"ABCDEFGH1234\"}}", NULL},
	{"{}", NULL},
	{"{\"amount\":null,\"currency\":null,\"to\":{}}", NULL},
	{"{\"amount\":{\"value\":null},\"other\":1}", NULL},
	{"{\"amount\":{\"value\":12.51}}", "Bank's answer has amount.value 12.51, asked for was 12.50"},
	{"{\"amount\":12.50}", "Bank's answer has amount.value , asked for was 12.50"},
	{"{\"amount\":{\"value\":{}}}", "Bank's answer has amount.value , asked for was 12.50"},
	{"{\"currency\":\"\"}", "Bank's answer has currency , asked for was EUR"},
	{"{\"currency\":\"eur\"}", "Bank's answer has currency eur, asked for was EUR"},
	{"{\"currency\":true}", "Bank's answer has currency , asked for was EUR"},
	{"{\"to\":{\"id\":\"abcdefgh9999\"}}", "Bank's answer has to.id ****9999, asked for was ****1234"},
};

static void what_an_answer_repeats_is_what_was_asked(void **state)
{
	struct channel channel = {.name = "test"};
	struct call call = {.channel = &channel};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct receipt receipt = {.code = ""};
		json_t *answer = answer_parse(text_of(cases[i].answer), &arena);
		bool fit = echoes_fit(&call, "Bank", answer, echoes, 3,
			TEXT("{\"amount\":\"12.50\",\"currency\":\"EUR\",\"id\":\"abcdefgh1234\"}"), &arena, &receipt);

		if (fit != (cases[i].reason == NULL) || (!fit && !text_is(receipt.reason, cases[i].reason)))
			fail_msg("case %zu: %s", i, fit ? "fits" : text_string(&arena, receipt.reason));
		assert_int_equal(receipt.verdict, fit ? VERDICT_UNKNOWN : VERDICT_MISMATCH);
		json_decref(answer);
	}
	arena_release(&arena);
}

static void what_was_not_asked_is_not_compared(void **state)
{
	struct channel channel = {.name = "test"};
	struct call call = {.channel = &channel};
	struct receipt receipt = {.code = ""};
	struct arena arena = {0};
	json_t *answer = answer_parse(text_of(cases[4].answer), &arena);

	(void)state;
	assert_true(echoes_fit(&call, "Bank", answer, echoes, 3, TEXT("{\"currency\":\"EUR\"}"), &arena, &receipt));
	assert_int_equal(receipt.verdict, VERDICT_UNKNOWN);
	json_decref(answer);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_answer_repeats_is_what_was_asked),
		cmocka_unit_test(what_was_not_asked_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
