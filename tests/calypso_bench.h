/* The calypso half without a socket: requests are signed and go into its exchange. For the tests of it alone. */
#ifndef TESTS_CALYPSO_BENCH_H
#define TESTS_CALYPSO_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/calypso.h"
#include "cmd/sandbox/exchange.h"

#define TRON "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR"
#define EVM "0x52908400098527886E0F7030069857D2E4169EE7"
#define BITCOIN "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
#define DOGE "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"
#define KEY1 "123e4567-e89b-42d3-a456-426614174000"
#define KEY2 "123e4567-e89b-42d3-a456-426614174001"

#define SETTLE_MS 100000 /* far above what a slow machine takes for a test */

/* A sandbox without a socket: requests go into its exchange, signed as a client signs. */
struct bench {
	struct options options;
	struct sandbox sandbox;
	struct exchange exchange;
	EVP_MAC_CTX *mac;
	struct buf body;
	char sign[CALYPSO_SIGN_HEX + 1];
	const char *method; /* of the next request; NULL: POST */
};

static inline int bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->options.settle_after_ms = SETTLE_MS;
	bench->options.seed = 1;
	sandbox_init(&bench->sandbox, &bench->options);
	bench->mac = calypso_mac_new("sandbox-calypso-secret");
	*state = bench;
	return 0;
}

static inline int bench_close(void **state)
{
	struct bench *bench = *state;

	exchange_release(&bench->exchange);
	sandbox_release(&bench->sandbox);
	EVP_MAC_CTX_free(bench->mac);
	buf_release(&bench->body);
	free(bench);
	return 0;
}

/* Sends what is in bench->body; the answer's body. */
static inline const char *send(struct bench *bench, const char *path)
{
	struct request *request = &bench->exchange.request;

	calypso_sign(bench->mac, buf_text(&bench->body), bench->sign);
	memset(request, 0, sizeof(*request));
	request->method = bench->method == NULL ? "POST" : bench->method;
	bench->method = NULL;
	request->path = path;
	request->body = buf_text(&bench->body);
	request->headers[request->header_count++] = (struct header){"key", "sandbox-calypso"};
	request->headers[request->header_count++] = (struct header){"sign", bench->sign};
	request->headers[request->header_count++] = (struct header){"content-type", "application/json"};
	exchange_run(&bench->sandbox, &bench->exchange);
	return buf_str(&bench->exchange.response.body);
}

static inline const char *call(struct bench *bench, const char *path, const char *payload)
{
	buf_reset(&bench->body);
	buf_addf(&bench->body, "{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":%lld,\"payload\":%s}",
		(long long)sandbox_real_ms(&bench->sandbox), payload);
	return send(bench, path);
}

static inline const char *create(struct bench *bench, const char *amount, const char *key)
{
	char payload[512];

	snprintf(payload, sizeof(payload),
		"{\"depositAddress\":\"" TRON "\",\"amount\":%s,\"currency\":\"USDT_TRX\",\"idempotencyKey\":\"%s\","
		"\"externalId\":\"row-1\"}",
		amount, key);
	return call(bench, "/calypso/api/v1/payout/create", payload);
}

static inline const char *find(struct bench *bench, const char *key)
{
	char payload[128];

	snprintf(payload, sizeof(payload), "{\"idempotencyKey\":\"%s\"}", key);
	return call(bench, "/calypso/api/v1/payout", payload);
}

static inline void has(const char *body, const char *part)
{
	if (strstr(body, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, body);
}

static inline void stage(struct bench *bench, const char *kind, const char *more)
{
	struct mishap mishap;
	struct buf error = {0};
	struct buf body = {0};

	buf_addf(&body, "{\"provider\":\"calypso\",\"kind\":\"%s\",\"nth\":1%s}", kind, more);
	assert_true(document_parse(&bench->sandbox.document, buf_text(&body)));
	assert_true(mishap_parse(&bench->sandbox.document, &mishap, &error));
	assert_true(mishaps_add(&bench->sandbox.mishaps, &mishap));
	buf_release(&body);
	buf_release(&error);
}

#endif
