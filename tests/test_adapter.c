/* The conformance run of all adapters: their recorded exchanges (tests/support/scene.h), and what holds for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "providers/catalog.h"
#include "tests/support/scene.h"

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	int adapters = 0;

	(void)state;
	for (int provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++) {
		const struct adapter *adapter = catalog_adapter((enum provider_id)provider);

		if (adapter == NULL)
			continue;
		adapters++;
		print_message("%s: %zu exchanges\n", adapter->name, scene_run_all(adapter));
	}
	assert_true(adapters >= 1);
}

/* What every adapter must say about itself. */
static void every_adapter_is_whole(void **state)
{
	int count;
	const struct provider_settings *settings = catalog_settings(&count);

	(void)state;
	assert_int_equal(count, PROVIDER_COUNT - 1);
	for (int i = 0; i < count; i++) {
		const struct adapter *adapter = catalog_adapter(settings[i].provider);

		assert_int_equal(settings[i].has_adapter, adapter != NULL);
		assert_non_null(settings[i].default_url);
		assert_non_null(settings[i].test_hosts);
		if (adapter == NULL)
			continue;
		assert_int_equal(adapter->provider, settings[i].provider);
		assert_string_equal(adapter->name, provider_name(adapter->provider));
		assert_true(adapter->terms != NULL && adapter->check != NULL && adapter->identity != NULL);
		assert_true(adapter->freeze != NULL && adapter->build != NULL && adapter->read != NULL);
		/* exactly one way to settle an unknown: a look-up, or the same key within a window */
		assert_true(adapter->looks_up || (adapter->repeats_safely && adapter->window_ms > 0));
		assert_true(!adapter->lookup_before_resend || adapter->looks_up);
	}
	assert_null(catalog_adapter(PROVIDER_NONE));
}

/* Whatever comes back that is not the provider's own word proves nothing. */
static void no_adapter_takes_noise_for_an_answer(void **state)
{
	static const char *const bodies[] = {"", "null", "true", "12", "\"id\"", "[]", "{}", "[{\"id\":\"1\"}]",
		"{\"id\":null}", "{\"id\":\"\"}", "{\"id\":{}}", "{\"id\":[1]}", "{\"id\":true}", "{\"id\":\"a b\"}",
		"{\"id\":\"\\n\"}", "{\"id\":\"1\"", "{\"id\":\"1\"}}", "{\"id\":\"1\",\"id\":\"1\"}", "{'id':'1'}",
		"<html><body>502 Bad Gateway</body></html>", "\xff\xfe{\"id\":\"1\"}", "{\"id\":\"\xff\"}",
		"{\"id\":01}", "{\"id\":1e}", "{1:\"id\"}", "{\"error\":\"unauthorized\"}", "OK", "\xef\xbb\xbf{}"};
	static const int statuses[] = {200, 201, 204, 301, 302, 307, 400, 402, 406, 408, 409, 410, 418, 422, 425, 451,
		500, 501, 502, 503, 504, 520, 599};
	static const enum operation operations[] = {
		OPERATION_CREATE, OPERATION_LOOKUP, OPERATION_STATUS, OPERATION_FUNDS};

	(void)state;
	for (int provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++) {
		const struct adapter *adapter = catalog_adapter((enum provider_id)provider);
		struct channel channel = {.name = "test", .mode = "", .base_url = "http://127.0.0.1"};
		struct call call = {.channel = &channel,
			.payload = TEXT("{\"amount\":1,\"currency\":\"ETH\"}"),
			.currency = TEXT("ETH"),
			.provider_id = TEXT("1")};
		struct arena arena = {0};

		if (adapter == NULL)
			continue;
		for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++)
			for (size_t s = 0; s < sizeof(statuses) / sizeof(statuses[0]); s++)
				for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
					struct http_answer answer = {.outcome = HTTP_ANSWERED,
						.status = statuses[s],
						.body = text_of(bodies[b]),
						.retry_after_ms = -1};
					struct receipt receipt;

					adapter->read(operations[o], &call, &answer, &arena, &receipt);
					if (receipt.verdict != VERDICT_UNKNOWN)
						fail_msg("%s %s %d %s: %s", adapter->name,
							operation_name(operations[o]), statuses[s], bodies[b],
							verdict_name(receipt.verdict));
					arena_reset(&arena);
				}
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
		cmocka_unit_test(every_adapter_is_whole),
		cmocka_unit_test(no_adapter_takes_noise_for_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
