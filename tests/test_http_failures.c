#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bounds.h"

#include "tests/support/asking.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_ANSWER OK_HEAD "Content-Length: 2\r\n\r\n{}"

static const struct peer_route routes[] = {
	{.path = "/ok", .answer = OK_ANSWER},
	{.path = "/then-closed", .answer = OK_ANSWER, .end = PEER_CLOSE},
	{.path = "/close", .end = PEER_CLOSE},
	{.path = "/reset", .end = PEER_RESET},
	{.path = "/reset-in-body", .answer = OK_HEAD "Content-Length: 100\r\n\r\n{\"id\":", .end = PEER_RESET},
	{.path = "/torn", .answer = OK_HEAD "Content-Length: 100\r\n\r\n{\"id\":\"1\"}", .end = PEER_CLOSE},
	{.path = "/torn-chunk",
		.answer = OK_HEAD "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"id\":\"1\"}",
		.end = PEER_CLOSE},
	{.path = "/torn-header", .answer = "HTTP/1.1 200 OK\r\nContent-Le", .end = PEER_CLOSE},
	{.path = "/large", .answer = OK_HEAD "\r\n", .padding = 2 * BOUND_ANSWER_BYTES, .end = PEER_CLOSE},
	{.path = "/large-declared",
		.answer = OK_HEAD "Content-Length: 2097152\r\n\r\n",
		.padding = 2 * BOUND_ANSWER_BYTES,
		.end = PEER_CLOSE},
	{.path = "/just-fits",
		.answer = OK_HEAD "Content-Length: 1048576\r\n\r\n",
		.padding = BOUND_ANSWER_BYTES,
		.end = PEER_KEEP},
	{.path = "/headers",
		.answer = "HTTP/1.1 200 OK\r\n",
		.repeated = "X-Many: 0123456789012345678901234567890123456789\r\n",
		.repeats = 3000,
		.end = PEER_CLOSE},
	{.path = "/garbage", .answer = "SSH-2.0-dropbear\r\n\r\n{\"id\":\"1\"}", .end = PEER_CLOSE},
	{.path = "/status-999", .answer = "HTTP/1.1 999 What\r\nContent-Length: 2\r\n\r\n{}"},
	{.path = "/slow", .answer = OK_ANSWER, .wait_ms = 1500},
	{.path = "/hang", .end = PEER_HANG},
};

static int set_up(void **state)
{
	return asking_begin(state, routes, sizeof(routes) / sizeof(routes[0]));
}

static void an_answer_that_is_not_whole_is_lost(void **state)
{
	static const char *const paths[] = {"/close", "/reset", "/reset-in-body", "/torn", "/torn-chunk",
		"/torn-header", "/large", "/large-declared", "/headers", "/garbage", "/status-999"};
	struct asking *asking = *state;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct seen seen = {0};

		asking_post(asking, &seen, paths[i]);
		if (seen.answer.outcome != HTTP_LOST)
			fail_msg("%s: outcome %d status %d", paths[i], (int)seen.answer.outcome, seen.answer.status);
		assert_int_equal(seen.answer.status, 0);
		assert_int_equal(seen.answer.body.len, 0);
		assert_true(seen.answer.error[0] != '\0');
		assert_int_equal(peer_requests(asking->peer, paths[i]), 1);
	}
}

static void an_answer_of_just_the_cap_is_read(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/just-fits");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
	assert_int_equal(seen.body_len, BOUND_ANSWER_BYTES);
}

/* The trap: libcurl re-sends a POST by itself when a reused connection ends before any answer byte. */
static void a_reused_connection_that_closes_after_commit_is_lost_and_asked_once(void **state)
{
	static const char *const paths[] = {"/close", "/reset"};
	struct asking *asking = *state;

	for (size_t i = 0; i < 2; i++) {
		struct seen seen = {0};
		int connections;

		asking_post(asking, &seen, "/ok");
		connections = peer_connections(asking->peer);
		asking_post(asking, &seen, paths[i]);
		assert_int_equal(seen.answer.outcome, HTTP_LOST);
		assert_int_equal(seen.admits, 1);
		assert_int_equal(peer_requests(asking->peer, paths[i]), 1);
		assert_true(peer_connections(asking->peer) <= connections + 1); /* it did try again, and was refused */
		assert_non_null(i == 0 ? strstr(seen.answer.error, "not sent twice") : seen.answer.error);
	}
}

static void a_connection_found_dead_before_the_request_is_replaced(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_post(asking, &seen, "/then-closed");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
	usleep(50000);
	asking_post(asking, &seen, "/ok");
	assert_int_equal(seen.answer.outcome, HTTP_ANSWERED);
	assert_int_equal(peer_requests(asking->peer, "/ok"), 1);
	assert_int_equal(peer_connections(asking->peer), 2);
}

static void what_is_not_admitted_never_leaves(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {.refused = true};

	asking_post(asking, &seen, "/ok");
	assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
	assert_true(seen.answer.not_admitted);
	assert_string_equal(seen.answer.code, "");
	assert_int_equal(seen.admits, 1);
	usleep(50000);
	assert_int_equal(peer_requests(asking->peer, NULL), 0);
	/* nor on a connection that already stands */
	seen.refused = false;
	asking_post(asking, &seen, "/ok");
	seen.refused = true;
	asking_post(asking, &seen, "/close");
	assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
	usleep(50000);
	assert_int_equal(peer_requests(asking->peer, "/close"), 0);
}

static void time_outs_tell_what_may_have_left(void **state)
{
	static const char *const paths[] = {"/slow", "/hang"};
	struct asking *asking = *state;
	char url[128];

	for (size_t i = 0; i < 2; i++) {
		struct seen seen = {0};

		snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", peer_port(asking->peer), paths[i]);
		asking_exchange(asking->http, &seen, "POST", url, TEXT("{}"), 200, NULL);
		assert_int_equal(seen.answer.outcome, HTTP_LOST);
		assert_string_equal(seen.answer.code, "NETWORK_TIMEOUT");
		assert_int_equal(peer_requests(asking->peer, paths[i]), 1);
	}
}

/* A port on which nobody listens: bound by us, so that nobody else takes it meanwhile. */
static int closed_port(int *fd)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);

	*fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &len), 0);
	return ntohs(address.sin_port);
}

static void a_refused_connection_is_proven_not_sent(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};
	char url[128];
	int fd, port = closed_port(&fd);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/ok", port);
	asking_exchange(asking->http, &seen, "POST", url, TEXT("{}"), ASKING_TIMEOUT_MS, NULL);
	close(fd);
	assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
	assert_string_equal(seen.answer.code, "NETWORK_CONNECT");
	assert_int_equal(seen.admits, 0);
	assert_false(seen.answer.not_admitted);
}

/* A listener whose queue is full drops further hellos, as a firewall does. */
static void a_connection_that_never_stands_is_proven_not_sent(void **state)
{
	static const char *const schemes[] = {"http", "https"};
	struct asking *asking = *state;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd, fill[8], port = closed_port(&fd);

	assert_int_equal(listen(fd, 0), 0);
	address.sin_port = htons((uint16_t)port);
	for (int i = 0; i < 8; i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(fill[i], (struct sockaddr *)&address, sizeof(address));
	}
	for (int i = 0; i < 2; i++) {
		struct seen seen = {0};
		char url[128];

		snprintf(url, sizeof(url), "%s://127.0.0.1:%d/ok", schemes[i], port);
		asking_exchange(asking->http, &seen, "POST", url, TEXT("{}"), 300, NULL);
		assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
		assert_string_equal(seen.answer.code, "NETWORK_CONNECT");
		assert_int_equal(seen.admits, 0);
	}
	for (int i = 0; i < 8; i++)
		close(fill[i]);
	close(fd);
}

static void an_unknown_host_is_proven_not_sent(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};

	asking_exchange(
		asking->http, &seen, "POST", "http://nonexistent.invalid/ok", TEXT("{}"), ASKING_TIMEOUT_MS, NULL);
	assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
	assert_string_equal(seen.answer.code, "NETWORK_RESOLVE");
	assert_int_equal(seen.admits, 0);
}

static void tls_to_a_plain_port_is_proven_not_sent(void **state)
{
	struct asking *asking = *state;
	struct seen seen = {0};
	char url[128];

	/* the peer takes the TLS hello for a request that never ends */
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/ok", peer_port(asking->peer));
	asking_exchange(asking->http, &seen, "POST", url, TEXT("{}"), 300, NULL);
	assert_int_equal(seen.answer.outcome, HTTP_NOT_SENT);
	assert_string_equal(seen.answer.code, "NETWORK_TLS");
	assert_false(seen.answer.untrusted);
	assert_int_equal(seen.admits, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, asking_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_that_is_not_whole_is_lost),
		TEST(an_answer_of_just_the_cap_is_read),
		TEST(a_reused_connection_that_closes_after_commit_is_lost_and_asked_once),
		TEST(a_connection_found_dead_before_the_request_is_replaced),
		TEST(what_is_not_admitted_never_leaves),
		TEST(time_outs_tell_what_may_have_left),
		TEST(a_refused_connection_is_proven_not_sent),
		TEST(a_connection_that_never_stands_is_proven_not_sent),
		TEST(an_unknown_host_is_proven_not_sent),
		TEST(tls_to_a_plain_port_is_proven_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
