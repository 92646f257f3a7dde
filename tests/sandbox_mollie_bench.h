/* The mollie half without a socket, on a clock that the test moves; requests go into its exchange. For the tests of it
 * alone. */
#ifndef TESTS_SANDBOX_MOLLIE_BENCH_H
#define TESTS_SANDBOX_MOLLIE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/exchange.h"
#include "cmd/sandbox/mollie.h"

#define SETTLE_MS 100000
#define NOW_MS INT64_C(1800000000000) /* 2027-01-15T08:00:00Z */
#define HOUR_MS INT64_C(3600000)
#define API_KEY "Bearer test_sandbox_mollie"
#define TOKEN "Bearer access_sandbox_mollie"

struct bench {
	struct options options;
	struct sandbox sandbox;
	struct exchange exchange;
	int64_t now_ms;
	const char *bearer;
	const char *type;
	char path[256];  /* of the last request, which a slow answer needs to the end */
	const char *key; /* Idempotency-Key of the next POST; NULL: none */
	char made[40];   /* the last key bench_pay made */
	int keys;        /* made so far */
	unsigned status; /* of the last answer */
	char id[40];     /* of the last payout an answer began with */
	struct buf body; /* of the last create */
	char next[256];  /* id that _links.next of the last list named, or "" */
	char previous[256];
};

static inline struct moment bench_read(const struct clock *clock)
{
	const struct bench *bench = clock->context;

	return (struct moment){bench->now_ms, bench->now_ms, bench->now_ms};
}

static inline int bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->options.settle_after_ms = SETTLE_MS;
	bench->options.seed = 1;
	bench->now_ms = NOW_MS;
	bench->bearer = API_KEY;
	bench->type = "application/json";
	sandbox_init(&bench->sandbox, &bench->options);
	bench->sandbox.clock.read = bench_read;
	bench->sandbox.clock.context = bench;
	*state = bench;
	return 0;
}

static inline int bench_close(void **state)
{
	struct bench *bench = *state;

	exchange_release(&bench->exchange);
	sandbox_release(&bench->sandbox);
	buf_release(&bench->body);
	free(bench);
	return 0;
}

static inline const char *bench_header(const struct bench *bench, const char *name)
{
	const struct response *response = &bench->exchange.response;
	size_t i;

	for (i = 0; i < response->header_count; i++)
		if (strcmp(response->headers[i].name, name) == 0)
			return response->headers[i].value;
	return NULL;
}

/* Adds an argument of the query to the next request. */
static inline void bench_argument(struct bench *bench, const char *name, const char *value)
{
	struct request *request = &bench->exchange.request;

	request->arguments[request->argument_count++] = (struct header){name, value};
}

/* path is below /mollie/v2; body NULL: none. The answer's body. */
static inline const char *bench_send(struct bench *bench, const char *method, const char *path, const char *body)
{
	static const char opening[] = "{\"resource\":\"payout\",\"id\":\"";
	struct request *request = &bench->exchange.request;
	const char *answer;

	snprintf(bench->path, sizeof(bench->path), "/mollie/v2%s", path);
	request->method = method;
	request->path = bench->path;
	request->body = text_of(body);
	request->header_count = 0;
	if (bench->bearer != NULL)
		request->headers[request->header_count++] = (struct header){"authorization", bench->bearer};
	if (bench->type != NULL)
		request->headers[request->header_count++] = (struct header){"content-type", bench->type};
	if (bench->key != NULL)
		request->headers[request->header_count++] = (struct header){"idempotency-key", bench->key};
	request->headers[request->header_count++] = (struct header){"host", "127.0.0.1:8400"};
	request->dry = false;
	request->wrong = NULL;
	exchange_run(&bench->sandbox, &bench->exchange);
	request->argument_count = 0;
	bench->key = NULL;
	bench->status = bench->exchange.response.status;
	answer = buf_str(&bench->exchange.response.body);
	if (strncmp(answer, opening, sizeof(opening) - 1) == 0)
		snprintf(bench->id, sizeof(bench->id), "%.28s", answer + sizeof(opening) - 1);
	return answer;
}

static inline const char *bench_get(struct bench *bench, const char *path, const char *id)
{
	char whole[160];

	snprintf(whole, sizeof(whole), "%s%s%s", path, id[0] == '\0' ? "" : "/", id);
	return bench_send(bench, "GET", whole, NULL);
}

static inline const char *bench_cancel(struct bench *bench, const char *id)
{
	char whole[160];

	snprintf(whole, sizeof(whole), "/payouts/%s", id);
	return bench_send(bench, "DELETE", whole, NULL);
}

/* A create under a key; amount NULL: everything there is. */
static inline const char *bench_pay_as(
	struct bench *bench, const char *key, const char *balance, const char *amount, const char *description)
{
	buf_reset(&bench->body);
	buf_addf(&bench->body, "{\"balanceId\":\"%s\"", balance);
	if (amount != NULL)
		buf_addf(&bench->body, ",\"amount\":{\"currency\":\"EUR\",\"value\":\"%s\"}", amount);
	if (description != NULL)
		buf_addf(&bench->body, ",\"description\":\"%s\"", description);
	buf_addc(&bench->body, '}');
	bench->key = key;
	return bench_send(bench, "POST", "/payouts", buf_str(&bench->body));
}

/* ... under a new one, which is in bench->made. */
static inline const char *bench_pay(
	struct bench *bench, const char *balance, const char *amount, const char *description)
{
	snprintf(bench->made, sizeof(bench->made), "9b32e3b9-f9b6-4229-97a3-%012d", ++bench->keys);
	return bench_pay_as(bench, bench->made, balance, amount, description);
}

static inline void has(const char *body, const char *part)
{
	if (strstr(body, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, body);
}

static inline void has_not(const char *body, const char *part)
{
	if (strstr(body, part) != NULL)
		fail_msg("%s\nis in\n%s", part, body);
}

/* The whole envelope; field NULL: it names none. */
static inline void refused(struct bench *bench, unsigned status, const char *title, const char *field)
{
	const char *body = buf_str(&bench->exchange.response.body);
	char part[96];

	if (bench->status != status)
		fail_msg("status %u: %s", bench->status, body);
	assert_string_equal(bench->exchange.response.content_type, "application/hal+json");
	snprintf(part, sizeof(part), "{\"status\":%u,\"title\":\"%s\",\"detail\":\"", status, title);
	has(body, part);
	has(body, ",\"_links\":{\"documentation\":{\"href\":\"https://docs.mollie.com/errors\","
		  "\"type\":\"text/html\"}}}");
	snprintf(part, sizeof(part), ",\"field\":\"%s\",", field == NULL ? "" : field);
	if (field == NULL)
		has_not(body, ",\"field\":");
	else
		has(body, part);
}

static inline void unprocessable(struct bench *bench, const char *field)
{
	refused(bench, 422, "Unprocessable Entity", field);
}

/* The state of the last payout, as a look at it says. */
static inline void status_is(struct bench *bench, const char *status, const char *reason)
{
	char part[128];

	snprintf(part, sizeof(part), "\"status\":\"%s\",\"statusReason\":{\"code\":\"%s\",\"message\":\"", status,
		reason);
	has(bench_get(bench, "/payouts", bench->id), part);
	assert_int_equal(bench->status, 200);
}

/* What the test balance holds, seen with the access token. */
static inline void holds(struct bench *bench, const char *balance, const char *value)
{
	const char *bearer = bench->bearer;
	char part[96];

	bench->bearer = TOKEN;
	bench_argument(bench, "testmode", "true");
	snprintf(part, sizeof(part), "\"availableAmount\":{\"currency\":\"EUR\",\"value\":\"%s\"}", value);
	has(bench_get(bench, "/balances", balance), part);
	bench->bearer = bearer;
}

static inline void stage(struct bench *bench, const char *kind, const char *more)
{
	struct mishap mishap;
	struct buf error = {0};
	struct buf body = {0};

	buf_addf(&body, "{\"provider\":\"mollie\",\"kind\":\"%s\",\"nth\":1%s}", kind, more);
	assert_true(document_parse(&bench->sandbox.document, buf_text(&body)));
	assert_true(mishap_parse(&bench->sandbox.document, &mishap, &error));
	assert_true(mishaps_add(&bench->sandbox.mishaps, &mishap));
	buf_release(&body);
	buf_release(&error);
}

#endif
