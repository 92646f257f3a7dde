#include "tests/sandbox_mollie_bench.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/sandbox/post.h"

#define MINUTE_MS INT64_C(60000)

/* Sends events named by single letters. */
static void send_all(struct bench *bench, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		struct buf head = {0};
		struct buf body = {0};
		char type[] = {*letters, '\0'};

		buf_addc(&body, *letters);
		courier_send(&bench->sandbox, PROVIDER_MOLLIE, type, TEXT("http://127.0.0.1:1/"), &head, &body);
	}
}

/* What is to be delivered now, by letters; each delivery is answered with a status. */
static void delivers(struct bench *bench, const char *wanted, unsigned status)
{
	char found[32] = "";
	struct parcel *parcel;

	while ((parcel = courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox))) != NULL) {
		size_t len = strlen(found);

		snprintf(found + len, sizeof(found) - len, "%s", buf_str(&parcel->body));
		courier_done(&bench->sandbox, parcel, status);
	}
	assert_string_equal(found, wanted);
}

static void events_go_out_in_their_order(void **state)
{
	struct bench *bench = *state;
	char letters[101] = "";

	assert_int_equal(courier_next_ms(&bench->sandbox.courier), INT64_MAX);
	send_all(bench, "abc");
	assert_int_equal(courier_next_ms(&bench->sandbox.courier), INT64_MIN);
	delivers(bench, "abc", 200);
	assert_int_equal(courier_next_ms(&bench->sandbox.courier), INT64_MAX);
	memset(letters, 'x', 100);
	for (int i = 0; i < 3; i++)
		send_all(bench, letters);
	for (int i = 0; i < 250; i++)
		parcel_free(courier_take(&bench->sandbox.courier, 0));
	send_all(bench, "abc");
	for (int i = 0; i < 50; i++)
		parcel_free(courier_take(&bench->sandbox.courier, 0));
	delivers(bench, "abc", 204);
}

static void a_fault_doubles_an_event_or_lets_the_next_overtake_it(void **state)
{
	struct bench *bench = *state;

	stage(bench, "duplicate_webhook", "");
	send_all(bench, "ab");
	delivers(bench, "aab", 200);
	stage(bench, "duplicate_webhook", ",\"path\":\"c\"");
	stage(bench, "out_of_order_webhook", ",\"path\":\"a\"");
	/* Requests do not use them up. */
	bench_get(bench, "/payouts", "");
	assert_int_equal(bench->sandbox.mishaps.count, 2);
	send_all(bench, "abcd");
	delivers(bench, "baccd", 200);
	assert_int_equal(bench->sandbox.mishaps.count, 0);
}

static void an_event_that_nothing_overtakes_comes_late(void **state)
{
	struct bench *bench = *state;

	stage(bench, "out_of_order_webhook", "");
	stage(bench, "out_of_order_webhook", "");
	send_all(bench, "ab");
	/* The first may wait no longer than until the second does. */
	delivers(bench, "a", 200);
	sandbox_advance(&bench->sandbox, COURIER_ASIDE_MS - 1);
	delivers(bench, "", 200);
	assert_int_equal(courier_next_ms(&bench->sandbox.courier), NOW_MS + COURIER_ASIDE_MS);
	sandbox_advance(&bench->sandbox, 1);
	delivers(bench, "b", 200);
}

static void what_is_not_taken_is_tried_again_as_the_provider_says(void **state)
{
	static const int64_t minutes[] = {0, 1, 3, 7, 15, 31, 60, 120, 240, 1560};
	struct bench *bench = *state;
	int64_t passed_ms = 0;

	send_all(bench, "a");
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		if (i > 0) {
			sandbox_advance(&bench->sandbox, minutes[i] * MINUTE_MS - passed_ms - 1);
			delivers(bench, "", 500);
			sandbox_advance(&bench->sandbox, 1);
		}
		passed_ms = minutes[i] * MINUTE_MS;
		delivers(bench, "a", i % 2 == 0 ? 500 : 0);
	}
	assert_int_equal(courier_next_ms(&bench->sandbox.courier), INT64_MAX);
	assert_int_equal(provider_calypso.delivery->retry_ms(1), 30000);
	assert_int_equal(provider_calypso.delivery->retry_ms(5), 240000);
	assert_int_equal(provider_calypso.delivery->retry_ms(18), 125430000);
	assert_int_equal(provider_calypso.delivery->retry_ms(19), -1);
	/* Calypso takes 200 alone. */
	assert_int_equal(provider_calypso.delivery->status_to, 200);
}

static void a_reset_forgets_what_is_under_way(void **state)
{
	struct bench *bench = *state;

	send_all(bench, "a");
	delivers(bench, "a", 500);
	stage(bench, "out_of_order_webhook", ",\"path\":\"c\"");
	send_all(bench, "bc");
	sandbox_reset(&bench->sandbox);
	assert_int_equal(courier_next_ms(&bench->sandbox.courier), INT64_MAX);
	sandbox_advance(&bench->sandbox, HOUR_MS);
	delivers(bench, "", 200);
}

/* --- on a real socket --- */

struct wire {
	struct sandbox sandbox;
	struct options options;
	struct post *post;
	int epoll_fd;
	int listen_fd;
	uint16_t port;
};

static int wire_open(void **state)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	wire->options.seed = 1;
	sandbox_init(&wire->sandbox, &wire->options);
	wire->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	wire->post = post_new(&wire->sandbox, wire->epoll_fd);
	wire->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(wire->listen_fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(wire->listen_fd, 8), 0);
	assert_int_equal(getsockname(wire->listen_fd, (struct sockaddr *)&address, &len), 0);
	wire->port = ntohs(address.sin_port);
	*state = wire;
	return 0;
}

static int wire_close(void **state)
{
	struct wire *wire = *state;

	post_free(wire->post);
	sandbox_release(&wire->sandbox);
	close(wire->listen_fd);
	close(wire->epoll_fd);
	free(wire);
	return 0;
}

static void wire_send(struct wire *wire, const char *path, size_t body_len)
{
	struct buf head = {0};
	struct buf body = {0};
	char url[64];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", (unsigned)wire->port, path);
	buf_addz(&head, "X-Test: 1\r\n");
	memset(buf_room(&body, body_len), 'b', body_len);
	body.len += body_len;
	courier_send(&wire->sandbox, PROVIDER_MOLLIE, "type", text_of(url), &head, &body);
}

/* Lets the post work until a descriptor can be read. */
static void wire_work(struct wire *wire, int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	while (post_turn(wire->post), poll(&ready, 1, 5) == 0)
		;
}

/* Takes one request whole, and answers it. */
static void wire_take(struct wire *wire, size_t body_len, const char *answer, struct buf *request)
{
	char head[64];
	size_t want;
	int fd;

	wire_work(wire, wire->listen_fd);
	fd = accept(wire->listen_fd, NULL, NULL);
	assert_true(fd >= 0);
	buf_reset(request);
	snprintf(head, sizeof(head), "Content-Length: %zu\r\n", body_len);
	for (want = SIZE_MAX; request->len < want;) {
		ssize_t len;

		wire_work(wire, fd);
		len = recv(fd, buf_room(request, 65536), 65536, 0);
		assert_true(len > 0);
		request->len += (size_t)len;
		if (strstr(buf_str(request), "\r\n\r\n") != NULL)
			want = (size_t)(strstr(buf_str(request), "\r\n\r\n") - buf_str(request)) + 4 + body_len;
	}
	has(buf_str(request), head);
	if (answer[0] != '\0')
		assert_int_equal(send(fd, answer, strlen(answer), MSG_NOSIGNAL), (ssize_t)strlen(answer));
	close(fd);
}

/* Until nothing is under way. */
static void wire_settle(struct wire *wire)
{
	while (post_turn(wire->post), post_wait_ms(wire->post) >= 0 && post_wait_ms(wire->post) <= POST_TIMEOUT_MS)
		poll(NULL, 0, 1);
}

static void a_parcel_is_posted_whole_and_in_turn(void **state)
{
	struct wire *wire = *state;
	struct buf request = {0};

	wire_send(wire, "/hook?x=1", 3);
	wire_send(wire, "", 3000000);
	wire_take(wire, 3, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", &request);
	has(buf_str(&request), "POST /hook?x=1 HTTP/1.1\r\nHost: 127.0.0.1:");
	has(buf_str(&request), "\r\nConnection: close\r\nContent-Length: 3\r\nX-Test: 1\r\n\r\nbbb");
	wire_take(wire, 3000000, "HTTP/1.0 204 No Content\r\n\r\n", &request);
	has(buf_str(&request), "POST / HTTP/1.1\r\n");
	wire_settle(wire);
	assert_int_equal(post_wait_ms(wire->post), -1);
	buf_release(&request);
}

static void a_receiver_that_fails_is_asked_again_a_minute_later(void **state)
{
	static const char *const answers[] = {"HTTP/1.1 500 Oh\r\n\r\n", "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n",
		"hello\r\n\r\n", "HTTP/1.1 2", ""};
	struct wire *wire = *state;
	struct buf request = {0};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		wire_send(wire, "/", 3);
		wire_take(wire, 3, answers[i], &request);
		wire_settle(wire);
		assert_int_equal(wire->sandbox.courier.retries.count, 1);
		sandbox_advance(&wire->sandbox, MINUTE_MS);
		wire_take(wire, 3, "HTTP/1.1 200 OK\r\n\r\n", &request);
		wire_settle(wire);
		assert_int_equal(wire->sandbox.courier.retries.count, 0);
	}
	buf_release(&request);
}

static void only_this_machine_is_reached_and_over_plain_http(void **state)
{
	static const char *const urls[] = {"https://127.0.0.1:1/", "http://example.org/",
		"http://127.0.0.1.example.org/", "http://127.0.0.1@example.org/", "http://127.0.0.1:0/",
		"http://127.0.0.1:65536/", "http://localhost:/", "http://127.0.0.1:1/"};
	struct wire *wire = *state;

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct buf head = {0};
		struct buf body = {0};

		courier_send(&wire->sandbox, PROVIDER_MOLLIE, "type", text_of(urls[i]), &head, &body);
		wire_settle(wire);
		assert_int_equal(wire->sandbox.courier.retries.count, i + 1);
	}
}

static void a_reset_under_way_does_not_bring_a_parcel_back(void **state)
{
	struct wire *wire = *state;
	struct buf request = {0};

	wire_send(wire, "/", 3);
	wire_work(wire, wire->listen_fd);
	sandbox_reset(&wire->sandbox);
	wire_take(wire, 3, "HTTP/1.1 500 Oh\r\n\r\n", &request);
	wire_settle(wire);
	assert_int_equal(wire->sandbox.courier.retries.count, 0);
	buf_release(&request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(events_go_out_in_their_order, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			a_fault_doubles_an_event_or_lets_the_next_overtake_it, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(an_event_that_nothing_overtakes_comes_late, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			what_is_not_taken_is_tried_again_as_the_provider_says, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_reset_forgets_what_is_under_way, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_parcel_is_posted_whole_and_in_turn, wire_open, wire_close),
		cmocka_unit_test_setup_teardown(
			a_receiver_that_fails_is_asked_again_a_minute_later, wire_open, wire_close),
		cmocka_unit_test_setup_teardown(
			only_this_machine_is_reached_and_over_plain_http, wire_open, wire_close),
		cmocka_unit_test_setup_teardown(a_reset_under_way_does_not_bring_a_parcel_back, wire_open, wire_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
