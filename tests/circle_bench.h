/* The circle half without a socket: requests go into its exchange. For the tests of it alone. */
#ifndef TESTS_CIRCLE_BENCH_H
#define TESTS_CIRCLE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/circle.h"
#include "cmd/sandbox/exchange.h"

#define SETTLE_MS 100000 /* far above what a slow machine takes for a test */
#define RECIPIENT "9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001"

struct bench {
	struct options options;
	struct sandbox sandbox;
	struct exchange exchange;
	const char *bearer;
	unsigned status; /* of the last answer */
	int keys;        /* given so far */
	char key[40];
	char id[40]; /* data.id of the last answer that had one */
	struct buf body;
};

static inline int bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->options.settle_after_ms = SETTLE_MS;
	bench->options.seed = 1;
	bench->bearer = "Bearer SANDBOX_CIRCLE_KEY";
	sandbox_init(&bench->sandbox, &bench->options);
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

/* Adds an argument of the query to the next request. */
static inline void bench_argument(struct bench *bench, const char *name, const char *value)
{
	struct request *request = &bench->exchange.request;

	request->arguments[request->argument_count++] = (struct header){name, value};
}

/* path is below /circle; body NULL: none. The answer's body. */
static inline const char *bench_send(struct bench *bench, const char *method, const char *path, const char *body)
{
	static const char opening[] = "{\"data\":{\"id\":\"";
	struct request *request = &bench->exchange.request;
	char whole[256];
	const char *answer;

	snprintf(whole, sizeof(whole), "/circle%s", path);
	request->method = method;
	request->path = whole;
	request->body = text_of(body);
	request->header_count = 0;
	if (bench->bearer != NULL)
		request->headers[request->header_count++] = (struct header){"authorization", bench->bearer};
	request->headers[request->header_count++] = (struct header){"content-type", "application/json"};
	request->headers[request->header_count++] = (struct header){"host", "127.0.0.1:8400"};
	request->dry = false;
	request->wrong = NULL;
	exchange_run(&bench->sandbox, &bench->exchange);
	request->argument_count = 0;
	bench->status = bench->exchange.response.status;
	answer = buf_str(&bench->exchange.response.body);
	if (strncmp(answer, opening, sizeof(opening) - 1) == 0)
		snprintf(bench->id, sizeof(bench->id), "%.36s", answer + sizeof(opening) - 1);
	return answer;
}

/* POST with a new key; members follow idempotencyKey, without braces. */
static inline const char *bench_post(struct bench *bench, const char *path, const char *members)
{
	snprintf(bench->key, sizeof(bench->key), "6ae62bf2-bd71-49ce-a599-%012d", ++bench->keys);
	buf_reset(&bench->body);
	buf_addf(&bench->body, "{\"idempotencyKey\":\"%s\",%s}", bench->key, members);
	return bench_send(bench, "POST", path, buf_str(&bench->body));
}

/* The last POST once more. */
static inline const char *bench_again(struct bench *bench, const char *path)
{
	return bench_send(bench, "POST", path, buf_str(&bench->body));
}

static inline const char *bench_get(struct bench *bench, const char *path, const char *id)
{
	char whole[160];

	snprintf(whole, sizeof(whole), "%s%s%s", path, id[0] == '\0' ? "" : "/", id);
	return bench_send(bench, "GET", whole, NULL);
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

static inline void bench_refused(struct bench *bench, unsigned status, int code)
{
	char part[32];

	snprintf(part, sizeof(part), "{\"code\":%d,", code);
	has(buf_str(&bench->exchange.response.body), part);
	assert_int_equal(bench->status, status);
}

#define BILLING                                                                                                        \
	"\"billingDetails\":{\"name\":\"Satoshi Nakamoto\",\"city\":\"Boston\",\"country\":\"US\","                    \
	"\"line1\":\"100 Money Street\",\"district\":\"MA\",\"postalCode\":\"01234\"}"
#define US_WIRE                                                                                                        \
	"\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\"," BILLING                                      \
	",\"bankAddress\":{\"country\":\"US\",\"bankName\":\"WELLS FARGO BANK, NA\"}"

/* Links the American account; its id is bench->id. */
static inline void bench_wire(struct bench *bench, bool legacy)
{
	bench_post(bench, legacy ? "/v1/banks/wires" : "/v1/businessAccount/banks/wires", US_WIRE);
	assert_int_equal(bench->status, 201);
}

/* What a payout of each product says; wire is the id of an account. */
static inline const char *bench_pay(struct bench *bench, const char *wire, const char *amount)
{
	char members[256];

	snprintf(members, sizeof(members),
		"\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},\"amount\":{\"amount\":\"%s\",\"currency\":\"USD\"}",
		wire, amount);
	return bench_post(bench, "/v1/businessAccount/payouts", members);
}

static inline const char *bench_book(struct bench *bench, const char *recipient, const char *amount, const char *more)
{
	char members[1024];

	snprintf(members, sizeof(members),
		"\"destination\":{\"type\":\"address_book\",\"id\":\"%s\"},\"amount\":{\"amount\":\"%s\","
		"\"currency\":\"USD\"}%s",
		recipient, amount, more);
	return bench_post(bench, "/v1/payouts", members);
}

#endif
