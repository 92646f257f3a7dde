#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/exchange.h"

#define PAYOUTS 20000

static void fill(struct sandbox *sandbox)
{
	char id[24];

	for (int i = 0; i < PAYOUTS; i++) {
		static const uint64_t detail[64]; /* COMPLETED, as the calypso half reads it */
		struct payout payout = {.provider = PROVIDER_CALYPSO, .amount = TEXT("1.5"), .detail = detail};

		snprintf(id, sizeof(id), "%d", i);
		payout.id = text_of(id);
		ledger_add(&sandbox->ledger, &payout);
	}
}

static void ask(struct sandbox *sandbox, struct exchange *exchange, const char *method, const char *path)
{
	memset(&exchange->request, 0, sizeof(exchange->request));
	exchange->request.method = method;
	exchange->request.path = path;
	exchange_run(sandbox, exchange);
}

static void a_long_ledger_is_whole_whatever_the_size_of_its_pieces(void **state)
{
	static const size_t pieces[] = {7, 1000, 65536};
	static const struct options options = {.seed = 1};
	struct sandbox sandbox;
	struct exchange exchange = {0};
	char piece[65536];

	(void)state;
	sandbox_init(&sandbox, &options);
	fill(&sandbox);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct document document = {0};
		struct buf body = {0};
		const json_t *payouts;
		ssize_t len;

		ask(&sandbox, &exchange, "GET", "/_/ledger");
		assert_int_equal(exchange.response.status, 200);
		while ((len = exchange.response.read(exchange.response.context, piece, pieces[i])) > 0)
			buf_add(&body, piece, (size_t)len);
		assert_int_equal(len, 0);
		assert_true(document_parse(&document, buf_text(&body)));
		payouts = json_object_get(document.root, "payouts");
		assert_int_equal(json_array_size(payouts), PAYOUTS);
		assert_true(
			text_is(document_string(json_object_get(json_array_get(payouts, PAYOUTS - 1), "id")), "19999"));
		document_release(&document);
		buf_release(&body);
	}
	exchange_release(&exchange);
	sandbox_release(&sandbox);
}

static void a_reset_ends_a_ledger_that_is_being_read(void **state)
{
	static const struct options options = {.seed = 1};
	struct sandbox sandbox;
	struct exchange reader = {0};
	struct exchange other = {0};
	char piece[4096];
	ssize_t len;

	(void)state;
	sandbox_init(&sandbox, &options);
	fill(&sandbox);
	ask(&sandbox, &reader, "GET", "/_/ledger");
	assert_true(reader.response.read(reader.response.context, piece, sizeof(piece)) > 0);
	ask(&sandbox, &other, "POST", "/_/reset");
	assert_int_equal(other.response.status, 200);
	while ((len = reader.response.read(reader.response.context, piece, sizeof(piece))) > 0)
		;
	assert_int_equal(len, -1);
	exchange_release(&reader);
	exchange_release(&other);
	sandbox_release(&sandbox);
}

static void a_path_that_is_not_text_is_refused(void **state)
{
	static const struct options options = {.seed = 1};
	struct sandbox sandbox;
	struct exchange exchange = {0};

	(void)state;
	sandbox_init(&sandbox, &options);
	ask(&sandbox, &exchange, "GET", "/_/\xff");
	assert_int_equal(exchange.response.status, 400);
	ask(&sandbox, &exchange, "GET", "/calypsoo");
	assert_int_equal(exchange.response.status, 404);
	exchange_release(&exchange);
	sandbox_release(&sandbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_ledger_is_whole_whatever_the_size_of_its_pieces),
		cmocka_unit_test(a_reset_ends_a_ledger_that_is_being_read),
		cmocka_unit_test(a_path_that_is_not_text_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
