#include "tests/circle_bench.h"

static const char *link_of(const struct bench *bench)
{
	for (size_t i = 0; i < bench->exchange.response.header_count; i++)
		if (strcmp(bench->exchange.response.headers[i].name, "Link") == 0)
			return bench->exchange.response.headers[i].value;
	return "";
}

/* The whole amounts of a list in its order. */
static const char *amounts_of(const char *body, char out[256])
{
	static const char mark[] = "\"amount\":{\"amount\":\"";

	out[0] = '\0';
	while ((body = strstr(body, mark)) != NULL) {
		size_t len = strlen(out);

		body += sizeof(mark) - 1;
		snprintf(out + len, 256 - len, "%.*s ", (int)strcspn(body, "."), body);
	}
	return out;
}

static void lists_are_newest_first_by_page_and_filter(void **state)
{
	struct bench *bench = *state;
	char ids[8][40];
	char amounts[256];
	char amount[16];

	for (int i = 0; i < 7; i++) {
		snprintf(amount, sizeof(amount), "%d", i + 1);
		bench_book(bench, i == 3 ? "9c4f1d3e-0a51-4c70-8f6b-51a2a7f00002" : RECIPIENT, amount, "");
		snprintf(ids[i + 1], sizeof(ids[0]), "%s", bench->id);
	}
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "7 6 5 4 3 2 1 ");
	has_not(link_of(bench), "next");
	bench_argument(bench, "pageSize", "3");
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "7 6 5 ");
	has(link_of(bench), ids[5]);
	has(link_of(bench), "<http://127.0.0.1:8400/circle/v1/payouts?pageSize=3&pageAfter=");
	has(link_of(bench), "rel=\"next\"");
	has_not(link_of(bench), "rel=\"prev\"");
	bench_argument(bench, "pageSize", "3");
	bench_argument(bench, "pageAfter", ids[5]);
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "4 3 2 ");
	has(link_of(bench), "rel=\"prev\"");
	bench_argument(bench, "pageAfter", ids[2]);
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "1 ");
	has_not(link_of(bench), "rel=\"next\"");
	bench_argument(bench, "pageBefore", ids[2]);
	bench_argument(bench, "pageSize", "2");
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "4 3 ");
	bench_argument(bench, "destination", RECIPIENT);
	bench_argument(bench, "pageSize", "4");
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "7 6 5 3 ");
	has(link_of(bench), ids[3]);
	bench_argument(bench, "status", "failed");
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "");
	bench_argument(bench, "status", "failed");
	bench_argument(bench, "status", "pending");
	assert_string_equal(amounts_of(bench_get(bench, "/v1/payouts", ""), amounts), "7 6 5 4 3 2 1 ");
	bench_argument(bench, "from", "2001-01-01T00:00:00Z");
	bench_argument(bench, "to", "2001-01-02T00:00:00.000Z");
	assert_string_equal(bench_get(bench, "/v1/payouts", ""), "{\"data\":[]}");
	bench_argument(bench, "source", "212000");
	assert_string_equal(bench_get(bench, "/v1/payouts", ""), "{\"data\":[]}");
	assert_string_equal(bench_get(bench, "/v1/businessAccount/payouts", ""), "{\"data\":[]}");
}

static void searches_that_do_not_fit_are_refused(void **state)
{
	static const struct {
		const char *name;
		const char *value;
		const char *name2;
		const char *value2;
		int code;
	} cases[] = {
		{"status", "done", NULL, NULL, 2},
		{"type", "dog", NULL, NULL, 2},
		{"type", "address_book", "type", "wire", 5012},
		{"source", "main", NULL, NULL, 5013},
		{"pageSize", "0", NULL, NULL, 2},
		{"pageSize", "x", NULL, NULL, 2},
		{"pageAfter", RECIPIENT, NULL, NULL, 2},
		{"pageBefore", "x", NULL, NULL, 2},
		{"from", "yesterday", NULL, NULL, 2},
		{"to", "2026-13-01T00:00:00Z", NULL, NULL, 2},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_argument(bench, cases[i].name, cases[i].value);
		if (cases[i].name2 != NULL)
			bench_argument(bench, cases[i].name2, cases[i].value2);
		bench_get(bench, "/v1/payouts", "");
		bench_refused(bench, 400, cases[i].code);
	}
	bench_argument(bench, "pageSize", "100000");
	bench_get(bench, "/v1/payouts", "");
	assert_int_equal(bench->status, 200);
}

int main(void)
{
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
		WITH_BENCH(lists_are_newest_first_by_page_and_filter),
		WITH_BENCH(searches_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
