#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/certificate.h"

#include "tests/support/asking.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_ANSWER OK_HEAD "Content-Length: 2\r\n\r\n{}"

static const struct peer_route routes[] = {
	{.path = "/ok", .answer = OK_ANSWER},
};

static int set_up(void **state)
{
	return asking_begin(state, routes, sizeof(routes) / sizeof(routes[0]));
}

/* --- TLS -------------------------------------------------------------------------------------------------------- */

static enum MHD_Result secure_answer(void *context, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_len, void **request)
{
	static char none[] = "";
	int *requests = context;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)url, (void)method, (void)version, (void)upload;
	if (*request == NULL || *upload_len > 0) {
		*request = none;
		*upload_len = 0;
		return MHD_YES;
	}
	(*requests)++;
	response = MHD_create_response_from_buffer(0, none, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

static struct MHD_Daemon *secure_start(const struct certificate *certificate, int *requests, char url[64])
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL,
		secure_answer, requests, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_HTTPS_MEM_CERT, certificate->pem,
		MHD_OPTION_HTTPS_MEM_KEY, certificate->key_pem, MHD_OPTION_END);

	if (daemon != NULL)
		snprintf(
			url, 64, "https://127.0.0.1:%d/", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	return daemon;
}

static void a_certificate_nobody_vouches_for_is_untrusted_and_not_sent(void **state)
{
	static const struct {
		const char *host;
		long days;
		bool trusted; /* once its file is given */
	} cases[] = {{"127.0.0.1", 30, true}, {"127.0.0.2", 30, false}, {"127.0.0.1", -1, false}};
	struct asking *asking = *state;
	char path[256], url[64];

	snprintf(path, sizeof(path), "%s/payrun-ca-%d.pem", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
		(int)getpid());
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct certificate certificate;
		struct seen before = {0}, with = {0}, after = {0};
		struct fault fault = {0};
		int requests = 0;
		struct MHD_Daemon *daemon;

		certificate_make(&certificate, cases[i].host, cases[i].days);
		/* each case its own file name: a bundle is read once */
		path[strlen(path) - 5] = (char)('0' + i);
		assert_true(file_replace(path, text_of(certificate.pem), false, &fault));
		daemon = secure_start(&certificate, &requests, url);
		if (daemon == NULL) {
			print_message("SKIPPED: libmicrohttpd has no TLS here\n");
			certificate_release(&certificate);
			skip();
		}
		asking_exchange(asking->http, &before, "POST", url, TEXT("{}"), ASKING_TIMEOUT_MS, NULL);
		asking_exchange(asking->http, &with, "POST", url, TEXT("{}"), ASKING_TIMEOUT_MS, path);
		/* what one channel trusts does not open a connection for another */
		asking_exchange(asking->http, &after, "POST", url, TEXT("{}"), ASKING_TIMEOUT_MS, NULL);
		MHD_stop_daemon(daemon);
		unlink(path);
		certificate_release(&certificate);

		assert_int_equal(before.answer.outcome, HTTP_NOT_SENT);
		assert_string_equal(before.answer.code, "NETWORK_TLS");
		assert_true(before.answer.untrusted);
		assert_int_equal(before.admits, 0);
		assert_int_equal(with.answer.outcome, cases[i].trusted ? HTTP_ANSWERED : HTTP_NOT_SENT);
		assert_int_equal(with.answer.untrusted, !cases[i].trusted);
		assert_int_equal(after.answer.outcome, HTTP_NOT_SENT);
		assert_true(after.answer.untrusted);
		assert_int_equal(requests, cases[i].trusted ? 1 : 0);
	}
}

static void a_missing_certificate_file_is_a_fault(void **state)
{
	struct asking *asking = *state;
	struct http_request request = {.method = "POST", .url = "https://127.0.0.1/"};
	struct fault fault = {0};

	assert_false(http_start(asking->http, &request, ASKING_TIMEOUT_MS, "/nonexistent/ca.pem", NULL, &fault));
	assert_true(fault.set);
	assert_non_null(strstr(fault.message, "/nonexistent/ca.pem"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, asking_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_certificate_nobody_vouches_for_is_untrusted_and_not_sent),
		TEST(a_missing_certificate_file_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
