#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "run/funds.h"
#include "tests/support/peer.h"

#define ACCOUNT "0x00000000000000000000000000000000000000aa"
#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define FEE(amount, currency, held, fee)                                                                               \
	"{\"amount\":" amount ",\"currency\":\"" currency                                                              \
	"\",\"opType\":\"WITHDRAWAL\",\"feeSender\":{\"amount\":" held ",\"fee\":" fee "}}"

static struct setting_value calypso_settings[] = {
	{"account", {ACCOUNT, sizeof(ACCOUNT) - 1}, false}, {"key", {"k", 1}, true}, {"secret", {"s", 1}, true}};
static struct setting_value circle_settings[] = {{"api_key", {"K", 1}, true}};

struct scenery {
	struct channel channels[3];
	struct config config;
	struct clock clock;
	struct stop stop;
	struct stage stage;
	struct peer *peer;
	char urls[2][64];
	struct funds funds;
};

static void set_up(struct scenery *scenery, const struct peer_route *routes, size_t count)
{
	memset(scenery, 0, sizeof(*scenery));
	scenery->peer = peer_start(routes, count);
	snprintf(scenery->urls[0], 64, "http://127.0.0.1:%d/calypso", peer_port(scenery->peer));
	snprintf(scenery->urls[1], 64, "http://127.0.0.1:%d/circle", peer_port(scenery->peer));
	scenery->channels[0] = (struct channel){.name = "calypso",
		.provider = PROVIDER_CALYPSO,
		.mode = "",
		.base_url = scenery->urls[0],
		.timeout_ms = 20000,
		.settings = calypso_settings,
		.setting_count = 3};
	scenery->channels[1] = (struct channel){.name = "wire",
		.provider = PROVIDER_CIRCLE,
		.mode = "wire",
		.base_url = scenery->urls[1],
		.timeout_ms = 20000,
		.settings = circle_settings,
		.setting_count = 1};
	scenery->channels[2] = scenery->channels[1];
	snprintf(scenery->channels[2].name, CHANNEL_NAME_SIZE, "book");
	scenery->channels[2].mode = "address_book";
	scenery->config = (struct config){.channels = scenery->channels, .channel_count = 3};
	clock_system(&scenery->clock);
	scenery->stop.wake_fd = -1;
	scenery->stage = (struct stage){
		.config = &scenery->config, .clock = &scenery->clock, .stop = &scenery->stop, .user_agent = "test/1"};
	funds_init(&scenery->funds, &scenery->stage);
}

static void ask(struct scenery *scenery, bool all)
{
	struct fault fault = {0};
	struct ask *asker = ask_open(&scenery->stage, &fault);

	assert_non_null(asker);
	assert_true(funds_ask(&scenery->funds, asker, all, &fault));
	ask_close(asker);
}

static void tear_down(struct scenery *scenery)
{
	funds_release(&scenery->funds);
	peer_stop(scenery->peer);
}

static void need(struct scenery *scenery, int channel, const char *currency, unsigned decimals, int64_t minor)
{
	funds_need(&scenery->funds, &scenery->channels[channel], TEXT(""), text_of(currency), decimals, minor);
}

static const struct funds_line *line_of(const struct scenery *scenery, int channel, const char *currency)
{
	for (int i = 0; i < scenery->funds.count; i++)
		if (scenery->funds.lines[i].channel == &scenery->channels[channel] &&
			strcmp(scenery->funds.lines[i].currency, currency) == 0)
			return &scenery->funds.lines[i];
	fail_msg("no line %s", currency);
	return NULL;
}

static void assert_decimal(struct decimal decimal, const char *wanted)
{
	struct buf buf = {0};

	decimal_text(&buf, decimal, 0);
	assert_string_equal(buf_str(&buf), wanted);
	buf_release(&buf);
}

static void fees_of_each_amount_are_added_as_often_as_it_stands(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/calypso/api/v1/account",
			.end = PEER_CLOSE,
			.answer = OK "{\"account\":\"" ACCOUNT "\",\"balances\":[{\"currency\":\"ETH\",\"amount\":"
				     "3.000000000000000002}]}"},
		{.path = "/calypso/api/v1/tariff/extended-fee",
			.end = PEER_CLOSE,
			.answer = OK "{\"items\":[" FEE("0.5", "ETH", "0.5", "0.000000000000000001") "," FEE(
				"2", "ETH", "2.25", "0.25") "]}"},
	};
	struct scenery scenery;
	const struct funds_line *line;

	(void)state;
	set_up(&scenery, routes, 2);
	need(&scenery, 0, "ETH", 8, 50000000);
	need(&scenery, 0, "ETH", 8, 200000000);
	need(&scenery, 0, "ETH", 8, 50000000);
	ask(&scenery, false);
	line = line_of(&scenery, 0, "ETH");
	assert_int_equal(line->count, 3);
	assert_decimal(line->needed, "3");
	assert_true(line->told && line->listed && line->fees_told && !line->fees_at_least);
	assert_decimal(line->fees, "0.500000000000000002");
	assert_true(line->is_short && funds_short(&scenery.funds));
	assert_decimal(line->short_by, "0.5");
	assert_non_null(strstr(peer_last(scenery.peer), "{\"baseAmount\":0.5,\"currency\":\"ETH\""));
	tear_down(&scenery);
}

static void what_is_there_to_the_last_unit_is_enough(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/calypso/api/v1/account",
			.end = PEER_CLOSE,
			.answer = OK "{\"account\":\"" ACCOUNT "\",\"balances\":[{\"currency\":\"BTC\",\"amount\":"
				     "1.1}]}"},
		{.path = "/calypso/api/v1/tariff/extended-fee",
			.end = PEER_CLOSE,
			.answer = OK "{\"items\":[" FEE("1", "BTC", "1", "0.1") "]}"},
	};
	struct scenery scenery;

	(void)state;
	set_up(&scenery, routes, 2);
	need(&scenery, 0, "BTC", 8, 100000000);
	ask(&scenery, false);
	assert_false(funds_short(&scenery.funds));
	assert_true(line_of(&scenery, 0, "BTC")->told);
	tear_down(&scenery);
}

static void a_currency_that_the_provider_does_not_list_is_not_there(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/circle/v1/businessAccount/balances",
			.end = PEER_CLOSE,
			.answer = OK "{\"data\":{\"available\":[{\"amount\":\"5.00\",\"currency\":\"EUR\"}],"
				     "\"unsettled\":[{\"amount\":\"7.00\",\"currency\":\"EUR\"}]}}"},
	};
	struct scenery scenery;

	(void)state;
	set_up(&scenery, routes, 1);
	need(&scenery, 1, "USD", 2, 100);
	ask(&scenery, false);
	assert_true(line_of(&scenery, 1, "USD")->told);
	assert_false(line_of(&scenery, 1, "USD")->listed);
	assert_decimal(line_of(&scenery, 1, "USD")->short_by, "1");
	assert_decimal(line_of(&scenery, 1, "EUR")->pending, "7");
	assert_false(line_of(&scenery, 1, "EUR")->is_short);
	tear_down(&scenery);
}

static void channels_of_one_balance_need_it_together(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/circle/v1/businessAccount/balances",
			.end = PEER_CLOSE,
			.answer = OK "{\"data\":{\"available\":[{\"amount\":\"5.00\",\"currency\":\"USD\"}]}}"},
	};
	struct scenery scenery;

	(void)state;
	set_up(&scenery, routes, 1);
	need(&scenery, 1, "USD", 2, 300);
	need(&scenery, 2, "USD", 2, 250);
	ask(&scenery, false);
	for (int i = 1; i <= 2; i++) {
		assert_true(line_of(&scenery, i, "USD")->is_short && line_of(&scenery, i, "USD")->shared);
		assert_decimal(line_of(&scenery, i, "USD")->short_by, "0.5");
	}
	tear_down(&scenery);
}

static void a_provider_without_an_answer_leaves_its_channel_untold(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/calypso/api/v1/account",
			.end = PEER_CLOSE,
			.answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
				  "{\"errorCode\":\"002\",\"message\":\"Invalid API key\"}"},
		{.path = "/circle/v1/businessAccount/balances", .answer = NULL, .end = PEER_CLOSE},
	};
	struct scenery scenery;

	(void)state;
	set_up(&scenery, routes, 2);
	need(&scenery, 0, "BTC", 8, 1);
	need(&scenery, 1, "USD", 2, 1);
	ask(&scenery, false);
	assert_false(line_of(&scenery, 0, "BTC")->told);
	assert_false(funds_short(&scenery.funds));
	assert_int_equal(scenery.funds.channels[0].fault.kind, FAULT_PERSON);
	assert_string_equal(scenery.funds.channels[0].fault.code, "CHANNEL_AUTH");
	assert_int_equal(scenery.funds.channels[1].fault.kind, FAULT_STOPPED);
	assert_false(scenery.funds.channels[2].asked); /* nothing is paid through it */
	tear_down(&scenery);
}

/* More different amounts than are asked for: the fees together are not less than that of the sum, nor than the smallest
 * one each time. */
static void fees_of_too_many_amounts_are_told_as_far_as_they_are_certain(void **state)
{
	static const struct peer_route routes[] = {
		{.path = "/calypso/api/v1/account",
			.end = PEER_CLOSE,
			.answer = OK "{\"account\":\"" ACCOUNT "\",\"balances\":[]}"},
		{.path = "/calypso/api/v1/tariff/extended-fee",
			.end = PEER_CLOSE,
			.answer = OK
			"{\"items\":[" FEE("2003001", "TRX", "2003001", "3") "," FEE("1", "TRX", "1", "0.5") "]}"},
	};
	struct scenery scenery;

	(void)state;
	set_up(&scenery, routes, 2);
	for (int64_t i = 1; i <= FUNDS_AMOUNTS_MAX + 1; i++)
		need(&scenery, 0, "TRX", 6, i * 1000000);
	ask(&scenery, false);
	assert_decimal(line_of(&scenery, 0, "TRX")->needed, "2003001");
	assert_true(line_of(&scenery, 0, "TRX")->fees_told && line_of(&scenery, 0, "TRX")->fees_at_least);
	assert_decimal(line_of(&scenery, 0, "TRX")->fees, "1000.5"); /* 2001 times a half */
	assert_decimal(line_of(&scenery, 0, "TRX")->short_by, "2004001.5");
	assert_int_equal(peer_requests(scenery.peer, "/calypso/api/v1/tariff/extended-fee"), 1);
	tear_down(&scenery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fees_of_each_amount_are_added_as_often_as_it_stands),
		cmocka_unit_test(what_is_there_to_the_last_unit_is_enough),
		cmocka_unit_test(a_currency_that_the_provider_does_not_list_is_not_there),
		cmocka_unit_test(channels_of_one_balance_need_it_together),
		cmocka_unit_test(a_provider_without_an_answer_leaves_its_channel_untold),
		cmocka_unit_test(fees_of_too_many_amounts_are_told_as_far_as_they_are_certain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
