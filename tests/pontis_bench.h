/* The pontis half without a socket, on a clock that the test moves; requests are sealed, signed and go into its
 * exchange. For the tests of it alone. */
#ifndef TESTS_PONTIS_BENCH_H
#define TESTS_PONTIS_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/exchange.h"
#include "cmd/sandbox/pontis.h"
#include "cmd/sandbox/pontis_seal.h"
#include "tests/pontis_blob.h"

#define SETTLE_MS 100000
#define NOW_MS INT64_C(1800000000000)
#define LOGIN "/pontis/api/v1/user/login"
#define SEND "/pontis/api/v1/payouts/sendPayoutRequest"
#define STATUS "/pontis/api/v1/payouts/getPayoutStatus"
#define KEY1 "7f3c4d2a-8b1e-4f6a-9c2d-1a5b8e3f7d4c"
#define GOOD_LOGIN "{\"email\":\"ops@example.com\",\"password\":\"sandbox\"}"
#define PH "\"country_code\":\"PH\",\"currency_code\":\"PHP\",\"payment_method\":\"bank_local\""
#define JUAN "\"recipient_details\":{\"name\":\"Juan dela Cruz\",\"account_number\":\"1234567890\"}"

struct bench {
	struct options options;
	struct sandbox sandbox;
	struct exchange exchange;
	int64_t now_ms;
	struct buf body;
	char token[512];
	unsigned status;
	/* What a test makes wrong in the next request; NULL: nothing. */
	const char *api_key;
	const char *timestamp;
	const char *sign;
	const char *authorization;
	const char *type;
	const char *raw; /* the whole body */
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

static inline const char * or (const char *given, const char *usual)
{
	return given != NULL ? given : usual;
}

static inline void envelope(
	struct bench *bench, const char *payload, const char *timestamp, char sign[PONTIS_SIGN_HEX + 1])
{
	static const unsigned char iv[12] = {1, 2, 3};
	char *blob = blob_new(payload, strlen(payload), iv);
	unsigned char secret[32];

	for (unsigned i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)(0x20 + i);
	pontis_sign(secret, text_of(timestamp), text_of(blob), sign);
	buf_reset(&bench->body);
	buf_addf(&bench->body, "{\"data\":\"%s\"}", blob);
	free(blob);
}

/* The answer's body. */
static inline const char *call(struct bench *bench, const char *path, const char *payload)
{
	struct request *request = &bench->exchange.request;
	char sign[PONTIS_SIGN_HEX + 1];
	char bearer[600];
	char now[24];

	snprintf(now, sizeof(now), "%lld", (long long)(bench->now_ms / 1000));
	snprintf(bearer, sizeof(bearer), "Bearer %s", bench->token);
	envelope(bench, payload, or (bench->timestamp, now), sign);
	memset(request, 0, sizeof(*request));
	request->method = "POST";
	request->path = path;
	request->body = bench->raw != NULL ? text_of(bench->raw) : buf_text(&bench->body);
	request->headers[0] = (struct header){"content-type", or (bench->type, "application/json")};
	request->headers[1] = (struct header){"x-api-key", or (bench->api_key, "sandbox-pontis")};
	request->headers[2] = (struct header){"x-timestamp", or (bench->timestamp, now)};
	request->headers[3] = (struct header){"x-signature", or (bench->sign, sign)};
	request->headers[4] = (struct header){"authorization", or (bench->authorization, bearer)};
	request->header_count = strcmp(path, LOGIN) == 0 ? 4 : 5;
	exchange_run(&bench->sandbox, &bench->exchange);
	bench->api_key = bench->timestamp = bench->sign = bench->authorization = bench->type = bench->raw = NULL;
	bench->status = bench->exchange.response.status;
	return buf_str(&bench->exchange.response.body);
}

static inline void has(const char *body, const char *part)
{
	if (strstr(body, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, body);
}

static inline void refused(struct bench *bench, const char *body, unsigned status, const char *code)
{
	char part[96];

	snprintf(part, sizeof(part), "\"error\":{\"code\":\"%s\",\"message\":\"", code);
	if (bench->status != status)
		fail_msg("status %u: %s", bench->status, body);
	has(body, "{\"ok\":false,\"request_id\":\"01K");
	has(body, part);
}

/* Copies the text of a member out of the last answer. */
static inline void member(struct bench *bench, const char *name, char *out, size_t size)
{
	const char *at = strstr(buf_str(&bench->exchange.response.body), name);
	size_t i;

	assert_non_null(at);
	at += strlen(name) + 3;
	for (i = 0; i + 1 < size && at[i] != '"'; i++)
		out[i] = at[i];
	out[i] = '\0';
}

static inline void login(struct bench *bench)
{
	has(call(bench, LOGIN, GOOD_LOGIN), "{\"ok\":true,\"data\":{\"access_token\":\"");
	assert_int_equal(bench->status, 200);
	has(buf_str(&bench->exchange.response.body), "\",\"token_type\":\"Bearer\",\"expires_in\":900}}");
	member(bench, "access_token", bench->token, sizeof(bench->token));
}

static inline const char *pay(struct bench *bench, int key, const char *amount, const char *name)
{
	char payload[512];

	snprintf(payload, sizeof(payload),
		"{\"idempotency_key\":\"7f3c4d2a-8b1e-4f6a-9c2d-%012d\"," PH ",\"source_amount\":\"%s\","
		"\"recipient_details\":{\"name\":\"%s\",\"account_number\":\"1234567890\"}}",
		key, amount, name);
	return call(bench, SEND, payload);
}

static inline const char *status_of(struct bench *bench, const char *id)
{
	char payload[128];

	snprintf(payload, sizeof(payload), "{\"transaction_id\":\"%s\"}", id);
	return call(bench, STATUS, payload);
}

static inline void stage(struct bench *bench, const char *kind, const char *more)
{
	struct mishap mishap;
	struct buf error = {0};
	struct buf body = {0};

	buf_addf(&body, "{\"provider\":\"pontis\",\"kind\":\"%s\",\"nth\":1%s}", kind, more);
	assert_true(document_parse(&bench->sandbox.document, buf_text(&body)));
	assert_true(mishap_parse(&bench->sandbox.document, &mishap, &error));
	assert_true(mishaps_add(&bench->sandbox.mishaps, &mishap));
	buf_release(&body);
	buf_release(&error);
}

#endif
