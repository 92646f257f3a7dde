#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "tests/support/asking.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_ANSWER OK_HEAD "Content-Length: 2\r\n\r\n{}"

static const struct peer_route routes[] = {
	{.path = "/ok", .answer = OK_ANSWER},
	{.path = "/hang", .end = PEER_HANG},
	{.path = "/redirect", .answer = "HTTP/1.1 307 Moved\r\nLocation: /ok?secret=1\r\nContent-Length: 0\r\n\r\n"},
	{.path = "/throttled", .answer = "HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"},
	{.path = "/told",
		.answer = "HTTP/1.1 503 No\r\nDate: Fri, 20 Nov 2026 08:30:00 GMT\r\n"
			  "Retry-After: Fri, 20 Nov 2026 08:32:00 GMT\r\nContent-Type: application/hal+json; "
			  "charset=utf-8\r\nIdempotent-Replayed: true\r\nContent-Length: 2\r\n\r\n{}"},
	{.path = "/continue", .answer = "HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n" OK_ANSWER},
	{.path = "/401", .answer = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"},
};

static int set_up(void **state)
{
	return asking_begin(state, routes, sizeof(routes) / sizeof(routes[0]));
}

static void a_whole_answer_is_answered(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/ok");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
	assert_int_equal(seen.answer.status, 200);
	assert_string_equal(seen.body, "{}");
	assert_true(seen.answer.is_json);
	assert_false(seen.answer.replayed);
	assert_int_equal(seen.answer.retry_after_ms, -1);
	assert_int_equal(seen.admits, 1);
	assert_int_equal(peer_requests(asking->peer, NULL), 1);
}

static void the_request_is_what_was_asked_and_nothing_more(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};
	char wanted[512];

	asking_post(asking, &seen, "/ok?x=1");
	snprintf(wanted, sizeof(wanted),
		"POST /ok?x=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: payrun/test\r\nAccept: */*\r\n"
		"Content-Type: application/json\r\nKey: k\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
		peer_port(asking->peer));
	assert_string_equal(peer_last(asking->peer), wanted);
}

static void methods_follow_one_another_on_a_handle(void **state)
{
	struct asking *asking = *state;
	static const struct {
		const char *method, *body, *first, *last;
	} cases[] = {
		{"POST", "{\"a\":1}", "POST /ok ", "Content-Length: 7\r\n\r\n{\"a\":1}"},
		{"GET", "", "GET /ok ", "Key: k\r\n\r\n"},
		{"DELETE", "{}", "DELETE /ok ", "Content-Length: 2\r\n\r\n{}"},
		{"GET", "", "GET /ok ", "Key: k\r\n\r\n"},
		{"DELETE", "", "DELETE /ok ", "Key: k\r\n\r\n"},
		{"POST", "", "POST /ok ", "Content-Length: 0\r\n\r\n"},
	};
	char url[128];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", peer_port(asking->peer));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen seen = {0};
		const char *last;

		asking_exchange(
			asking->http, &seen, cases[i].method, url, text_of(cases[i].body), ASKING_TIMEOUT_MS, NULL);
		assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
		last = peer_last(asking->peer);
		assert_memory_equal(last, cases[i].first, strlen(cases[i].first));
		assert_string_equal(last + strlen(last) - strlen(cases[i].last), cases[i].last);
	}
	assert_int_equal(peer_connections(asking->peer), 1);
}

static void a_redirect_is_an_answer_and_not_followed(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/redirect");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
	assert_int_equal(seen.answer.status, 307);
	assert_string_equal(seen.answer.location, "/ok");
	assert_int_equal(peer_requests(asking->peer, "/ok"), 0);
	assert_int_equal(peer_requests(asking->peer, NULL), 1);
}

static void a_401_is_an_answer_and_not_tried_again(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/401");
	assert_int_equal(seen.answer.status, 401);
	assert_int_equal(peer_requests(asking->peer, NULL), 1);
}

static void the_headers_of_an_answer_are_read(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/throttled");
	assert_int_equal(seen.answer.status, 429);
	assert_int_equal(seen.answer.retry_after_ms, 7000);
	assert_false(seen.answer.is_json);
	asking_post(asking, &seen, "/told");
	assert_int_equal(seen.answer.status, 503);
	assert_int_equal(seen.answer.retry_after_ms, 120000);
	assert_int_equal(seen.answer.date_ms, INT64_C(1795163400000));
	assert_true(seen.answer.is_json);
	assert_true(seen.answer.replayed);
	asking_post(asking, &seen, "/continue");
	assert_int_equal(seen.answer.status, 200);
	assert_int_equal(seen.answer.retry_after_ms, -1); /* of the 100, not of the answer */
}

static void a_request_that_could_smuggle_is_refused(void **state)
{
	struct asking *asking = *state;
	static const struct http_request bad[] = {
		{.method = "POST", .url = "http://127.0.0.1/", .headers = {{"Key", "a\r\nX: b"}}, .header_count = 1},
		{.method = "POST", .url = "http://127.0.0.1/", .headers = {{"Key", "a\nb"}}, .header_count = 1},
		{.method = "POST", .url = "http://127.0.0.1/", .headers = {{"Key: x\r\nY", "b"}}, .header_count = 1},
		{.method = "POST", .url = "http://127.0.0.1/", .headers = {{"", "b"}}, .header_count = 1},
		{.method = "POST", .url = "http://127.0.0.1/", .header_count = HTTP_HEADERS_MAX + 1},
		{.method = "POST", .url = "http://127.0.0.1/a b"},
		{.method = "POST", .url = "http://127.0.0.1/a\r\nX: b"},
		{.method = "POST /x", .url = "http://127.0.0.1/"},
		{.method = "POST", .url = "file:///etc/passwd"},
		{.method = "POST", .url = "ftp://127.0.0.1/"},
		{.method = "POST", .url = "gopher://127.0.0.1/"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct seen seen = {0};
		struct fault fault = {0};

		assert_false(http_start(asking->http, &bad[i], ASKING_TIMEOUT_MS, NULL, &seen, &fault));
		assert_true(fault.set);
		assert_int_equal(http_active(asking->http), 0);
		assert_int_equal(seen.dones, 0);
	}
}

static void the_environment_sets_no_proxy(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	asking_post(asking, &seen, "/ok");
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
}

static void a_byte_on_the_wake_descriptor_ends_the_wait(void **state)
{
	struct asking *asking = *state;
	struct fault fault = {0};
	int ends[2];
	int64_t before = clock_now(&asking->clock).mono_ms;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_true(http_run(asking->http, 10000, ends[0], &fault));
	assert_true(clock_now(&asking->clock).mono_ms - before < 5000);
	assert_true(http_run(asking->http, 20, -1, &fault));
	close(ends[0]);
	close(ends[1]);
}

static void closing_ends_what_runs_without_a_word(void **state)
{
	struct asking *asking = *state;
	struct http_options options = {
		.callbacks = &asking_callbacks, .clock = &asking->clock, .connections = 1, .user_agent = "payrun/test"};
	struct http_request request = {.method = "POST"};
	struct fault fault = {0};
	struct seen seen = {0};
	struct http *http = http_open(&options, &fault);
	char url[128];

	assert_non_null(http);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/hang", peer_port(asking->peer));
	request.url = url;
	assert_true(http_start(http, &request, ASKING_TIMEOUT_MS, NULL, &seen, &fault));
	for (int i = 0; i < 100 && peer_requests(asking->peer, "/hang") == 0; i++)
		assert_true(http_run(http, 10, -1, &fault));
	http_close(http);
	assert_int_equal(seen.dones, 0);
	http_close(NULL);
}

/* done() starts the next one: as submit's loop does. */
struct chain {
	struct http *http;
	const char *url;
	int left;
	int answered;
};

static bool chain_admit(void *context, void *exchange_context)
{
	(void)context, (void)exchange_context;
	return true;
}

static void chain_done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct chain *chain = context;
	struct http_request request = {.method = "POST", .url = chain->url, .body = TEXT("{}")};
	struct fault fault = {0};

	chain->answered += answer->outcome == HTTP_ANSWERED;
	if (chain->left-- > 0)
		assert_true(http_start(chain->http, &request, ASKING_TIMEOUT_MS, NULL, exchange_context, &fault));
}

static void done_may_start_the_next_and_connections_are_kept(void **state)
{
	struct asking *asking = *state;
	struct chain chain = {.left = 1000};
	struct http_callbacks own = {.admit = chain_admit, .done = chain_done, .context = &chain};
	struct http_options options = {
		.callbacks = &own, .clock = &asking->clock, .connections = 8, .user_agent = "payrun/test"};
	struct fault fault = {0};
	char url[128];
	struct http_request request = {.method = "POST", .url = url, .body = TEXT("{}")};

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", peer_port(asking->peer));
	chain.url = url;
	chain.http = http_open(&options, &fault);
	assert_non_null(chain.http);
	for (int i = 0; i < 8; i++)
		assert_true(http_start(chain.http, &request, ASKING_TIMEOUT_MS, NULL, NULL, &fault));
	asking_run(chain.http);
	http_close(chain.http);
	assert_int_equal(chain.answered, 1008);
	assert_int_equal(peer_requests(asking->peer, "/ok"), 1008);
	assert_int_equal(peer_connections(asking->peer), 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, asking_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_whole_answer_is_answered),
		TEST(the_request_is_what_was_asked_and_nothing_more),
		TEST(methods_follow_one_another_on_a_handle),
		TEST(a_redirect_is_an_answer_and_not_followed),
		TEST(a_401_is_an_answer_and_not_tried_again),
		TEST(the_headers_of_an_answer_are_read),
		TEST(a_request_that_could_smuggle_is_refused),
		TEST(the_environment_sets_no_proxy),
		TEST(a_byte_on_the_wake_descriptor_ends_the_wait),
		TEST(closing_ends_what_runs_without_a_word),
		TEST(done_may_start_the_next_and_connections_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
