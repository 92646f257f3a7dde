/* What Circle answers: its exchanges (tests/exchanges/circle), and what decides between an answer's status and its code
 * (providers/circle.md, A9; PROTOCOL, section 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "providers/circle.h"
#include "tests/support/scene.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	(void)state;
	print_message("circle: %zu exchanges\n", scene_run_all(&circle_adapter));
}

static struct arena arena; /* of the last receipt */

static struct receipt read_as(enum operation operation, int status, const char *body)
{
	struct channel channel = {.name = "circle", .provider = PROVIDER_CIRCLE, .mode = "wire", .base_url = ""};
	struct call call = {.channel = &channel, .payload = TEXT("{\"x\":\"1\"}"), .provider_id = TEXT("1")};
	struct http_answer answer = {
		.outcome = HTTP_ANSWERED, .status = status, .body = text_of(body), .retry_after_ms = -1};
	struct receipt receipt;

	arena_reset(&arena);
	circle_adapter.read(operation, &call, &answer, &arena, &receipt);
	return receipt;
}

/* Where the status leaves it open, 400, 404 and 409, the code decides: so does no other status. */
static void a_code_decides_under_three_statuses_alone(void **state)
{
	static const int decided[] = {400, 404, 409};
	static const struct {
		int status;
		enum verdict verdict;
	} others[] = {{200, VERDICT_UNKNOWN}, {201, VERDICT_UNKNOWN}, {302, VERDICT_UNKNOWN},
		{401, VERDICT_CHANNEL_STOP}, {402, VERDICT_UNKNOWN}, {403, VERDICT_CHANNEL_STOP},
		{405, VERDICT_CHANNEL_STOP}, {408, VERDICT_UNKNOWN}, {410, VERDICT_UNKNOWN},
		{415, VERDICT_CHANNEL_STOP}, {422, VERDICT_UNKNOWN}, {425, VERDICT_UNKNOWN}, {429, VERDICT_THROTTLED},
		{500, VERDICT_UNKNOWN}, {502, VERDICT_UNKNOWN}, {503, VERDICT_UNKNOWN}, {504, VERDICT_UNKNOWN}};
	static const char body[] = "{\"code\":5004,\"message\":\"no\"}";

	(void)state;
	for (size_t i = 0; i < COUNT(decided); i++)
		assert_int_equal(read_as(OPERATION_CREATE, decided[i], body).verdict, VERDICT_REFUSED);
	for (size_t i = 0; i < COUNT(others); i++)
		if (read_as(OPERATION_CREATE, others[i].status, body).verdict != others[i].verdict)
			fail_msg("%d", others[i].status);
	arena_release(&arena);
}

/* A refused question proves nothing about a payout, whatever its code would say of a create. */
static void no_code_refuses_a_question(void **state)
{
	static const enum operation questions[] = {
		OPERATION_STATUS, OPERATION_LIST, OPERATION_FUNDS, OPERATION_DESTINATION};
	static const int statuses[] = {400, 409};
	char body[64];

	(void)state;
	for (int code = -2; code < 6000; code++) {
		snprintf(body, sizeof(body), "{\"code\":%d,\"message\":\"no\"}", code);
		for (size_t q = 0; q < COUNT(questions); q++)
			for (size_t s = 0; s < COUNT(statuses); s++) {
				enum verdict wanted =
					code == 1 || code == 3 || code == 401 ? VERDICT_CHANNEL_STOP : VERDICT_UNKNOWN;

				if (read_as(questions[q], statuses[s], body).verdict != wanted)
					fail_msg("%d", code);
			}
	}
	arena_release(&arena);
}

/* A number near to a listed one is not that one. */
static void codes_are_compared_whole(void **state)
{
	static const char *const bodies[] = {"{\"code\":50040,\"message\":\"no\"}",
		"{\"code\":5004.5,\"message\":\"no\"}", "{\"code\":-5004,\"message\":\"no\"}",
		"{\"code\":\"5004 \",\"message\":\"no\"}", "{\"code\":\"x\",\"message\":\"no\"}", "{\"code\":5004}",
		"{\"code\":5004,\"message\":null}", "{\"code\":null,\"message\":\"no\"}",
		"{\"code\":[5004],\"message\":\"no\"}", "{\"error\":{\"code\":5004,\"message\":\"no\"}}",
		"[{\"code\":5004,\"message\":\"no\"}]"};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++)
		if (read_as(OPERATION_CREATE, 400, bodies[i]).verdict != VERDICT_UNKNOWN)
			fail_msg("%s", bodies[i]);
	assert_int_equal(read_as(OPERATION_CREATE, 400, "{\"code\":5004,\"message\":\"\"}").verdict, VERDICT_REFUSED);
	arena_release(&arena);
}

static void noise_in_an_envelope_is_no_success(void **state)
{
	static const char *const bodies[] = {"{\"data\":null}", "{\"data\":1}", "{\"data\":\"id\"}", "{\"data\":true}",
		"{\"data\":[1]}", "{\"data\":{}}", "{\"data\":{\"id\":null}}", "{\"data\":{\"id\":{}}}",
		"{\"data\":{\"id\":\"a b\"}}", "{\"data\":{\"id\":\"\"}}", "{\"data\":[{\"id\":\"\"}]}",
		"{\"data\":{\"available\":{}}}", "{\"data\":{\"id\":\"1\",\"id\":\"1\"}}", "{\"Data\":{\"id\":\"1\"}}"};
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_PREPARE, OPERATION_STATUS,
		OPERATION_LIST, OPERATION_FUNDS, OPERATION_DESTINATION, OPERATION_LOOKUP, OPERATION_CANCEL};
	static const int statuses[] = {200, 201, 400, 409, 500};

	(void)state;
	for (size_t b = 0; b < COUNT(bodies); b++)
		for (size_t o = 0; o < COUNT(operations); o++)
			for (size_t s = 0; s < COUNT(statuses); s++)
				if (read_as(operations[o], statuses[s], bodies[b]).verdict != VERDICT_UNKNOWN)
					fail_msg("%s %d %s", operation_name(operations[o]), statuses[s], bodies[b]);
	arena_release(&arena);
}

static void has_no_operation_that_circle_lacks(void **state)
{
	static const enum operation lacking[] = {OPERATION_SESSION, OPERATION_LOOKUP, OPERATION_CANCEL};
	struct channel channel = {.name = "circle", .provider = PROVIDER_CIRCLE, .mode = "wire", .base_url = ""};
	struct call call = {.channel = &channel, .payload = TEXT("{\"x\":1}"), .provider_id = TEXT("1")};
	struct adapter_request request = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(lacking); i++)
		assert_false(circle_adapter.build(lacking[i], &call, &arena, &request));
	assert_true(circle_adapter.build(OPERATION_DESTINATION, &call, &arena, &request));
	channel.mode = "address_book"; /* recipients are created at Circle's own */
	assert_false(circle_adapter.build(OPERATION_PREPARE, &call, &arena, &request));
	assert_false(circle_adapter.build(OPERATION_DESTINATION, &call, &arena, &request));
	buf_release(&request.url);
	buf_release(&request.body);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
		cmocka_unit_test(a_code_decides_under_three_statuses_alone),
		cmocka_unit_test(no_code_refuses_a_question),
		cmocka_unit_test(codes_are_compared_whole),
		cmocka_unit_test(noise_in_an_envelope_is_no_success),
		cmocka_unit_test(has_no_operation_that_circle_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
