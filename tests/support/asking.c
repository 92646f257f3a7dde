#include "tests/support/asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>

static bool seen_admit(void *context, void *exchange_context)
{
	struct seen *seen = exchange_context;

	(void)context;
	seen->admits++;
	return !seen->refused;
}

static void seen_done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct seen *seen = exchange_context;

	(void)context;
	seen->dones++;
	seen->answer = *answer;
	seen->body_len = answer->body.len;
	snprintf(seen->body, sizeof(seen->body), "%.*s", (int)answer->body.len, answer->body.ptr);
}

const struct http_callbacks asking_callbacks = {.admit = seen_admit, .done = seen_done};

int asking_begin(void **state, const struct peer_route *routes, size_t count)
{
	struct asking *asking = calloc(1, sizeof(*asking));
	struct http_options options = {
		.callbacks = &asking_callbacks, .clock = &asking->clock, .connections = 8, .user_agent = "payrun/test"};
	struct fault fault = {0};

	signal(SIGPIPE, SIG_IGN);
	clock_system(&asking->clock);
	asking->peer = peer_start(routes, count);
	asking->http = http_open(&options, &fault);
	*state = asking;
	return asking->http != NULL ? 0 : -1;
}

int asking_end(void **state)
{
	struct asking *asking = *state;

	http_close(asking->http);
	peer_stop(asking->peer);
	free(asking);
	return 0;
}

void asking_run(struct http *http)
{
	struct fault fault = {0};

	while (http_active(http) > 0)
		assert_true(http_run(http, 1000, -1, &fault));
}

void asking_exchange(struct http *http, struct seen *seen, const char *method, const char *url, struct text body,
	int64_t timeout_ms, const char *ca_file)
{
	struct http_request request = {
		.method = method,
		.url = url,
		.headers = {{"Content-Type", "application/json"}, {"Key", "k"}},
		.header_count = 2,
		.body = body,
	};
	struct fault fault = {0};

	assert_true(http_start(http, &request, timeout_ms, ca_file, seen, &fault));
	asking_run(http);
	assert_int_equal(seen->dones, 1);
}

void asking_post(struct asking *asking, struct seen *seen, const char *path)
{
	char url[128];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", peer_port(asking->peer), path);
	*seen = (struct seen){.refused = seen->refused};
	asking_exchange(asking->http, seen, "POST", url, TEXT("{\"a\":1}"), ASKING_TIMEOUT_MS, NULL);
}
