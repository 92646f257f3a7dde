/*
 * The same program without a journal: rows are read, checked, keyed, frozen and sent by payrun's own code, and their
 * answers are read; nothing is remembered. What payrun's submit is slower than this is the price of paying once.
 *   no_journal CONFIG CHANNEL FILE CONNECTIONS    sends every row; prints payouts, accepted ones and ms
 *   no_journal CONFIG CHANNEL FILE 0              sends nothing; prints each row's signature and body, separated by a
 * TAB
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "config/config.h"
#include "formats/reader.h"
#include "net/http.h"
#include "providers/adapter.h"
#include "providers/catalog.h"
#include "values/rules.h"

#define CONNECTIONS_MAX 256
#define ROUND_MS 1000

struct slot {
	struct arena arena;
	struct payout payout;
	struct buf payload;
	struct call call;
	bool busy;
};

struct bench {
	struct config *config;
	const struct channel *channel;
	const struct adapter *adapter;
	struct terms terms;
	struct rules rules;
	struct rules_day day;
	struct clock clock;
	struct source *source;
	struct reader *reader;
	struct http *http;
	struct slot *slots;
	int connections;
	int64_t sent, accepted;
	bool at_end;
	bool failed;
	struct fault fault;
};

static bool open_config(struct bench *bench, const char *path, const char *name)
{
	struct config_options options = {.path = path};

	options.providers = catalog_settings(&options.provider_count);
	bench->config = config_load(&options, &bench->fault);
	if (bench->config == NULL)
		return false;
	bench->channel = config_channel(bench->config, text_of(name));
	bench->adapter = bench->channel != NULL ? catalog_adapter(bench->channel->provider) : NULL;
	return bench->adapter != NULL && bench->adapter->terms(bench->channel, &bench->terms);
}

static bool open_file(struct bench *bench, const char *path)
{
	const struct reader_options options = {0};
	struct rules *rules = &bench->rules;

	clock_system(&bench->clock);
	bench->terms.channel = bench->channel;
	rules->namespace_text = text_of(bench->config->namespace_text);
	rules->timezone = bench->config->timezone;
	rules->now_utc_ms = clock_now(&bench->clock).utc_ms;
	rules->decimal_mark = '.';
	rules->fixed = &bench->terms;
	rules->sha = sha256_new();
	rules->day = &bench->day;
	if (!clock_zone_date(rules->timezone, rules->now_utc_ms, rules->today))
		return false;
	bench->source = source_open(path, &bench->fault);
	if (bench->source == NULL)
		return false;
	bench->reader = reader_csv.open(bench->source, &options, &bench->fault);
	return bench->reader != NULL;
}

/* The next good row as a call with its frozen payload; false at the end. */
static bool next_call(struct bench *bench, struct slot *slot)
{
	struct findings findings;
	struct row row;

	for (;;) {
		arena_reset(&slot->arena);
		findings_begin(&findings, &slot->arena, 0, 0);
		if (reader_csv.next(bench->reader, &row, &findings, &bench->fault) != READER_ROW)
			return false;
		if (rules_check(&bench->rules, &row, &slot->arena, &slot->payout, &findings))
			break;
	}
	slot->call = (struct call){.channel = bench->channel,
		.content = slot->payout.content,
		.reference = slot->payout.reference,
		.currency = text_of(slot->payout.currency),
		.amount_minor = slot->payout.amount_minor,
		.decimals = slot->payout.decimals,
		.key = slot->payout.key};
	buf_reset(&slot->payload);
	bench->adapter->freeze(&slot->call, &slot->payload);
	slot->call.payload = buf_text(&slot->payload);
	slot->call.now_utc_ms = clock_now(&bench->clock).utc_ms;
	return true;
}

static bool build(struct bench *bench, struct slot *slot, struct adapter_request *request)
{
	memset(request, 0, sizeof(*request));
	if (!bench->adapter->build(OPERATION_CREATE, &slot->call, &slot->arena, request))
		return false;
	request->http.url = buf_str(&request->url);
	request->http.body = buf_text(&request->body);
	return true;
}

static void send_next(struct bench *bench, struct slot *slot)
{
	struct adapter_request request;

	slot->busy = false;
	if (bench->at_end || !next_call(bench, slot)) {
		bench->at_end = true;
		return;
	}
	slot->busy = build(bench, slot, &request) && http_start(bench->http, &request.http, bench->channel->timeout_ms,
							     bench->channel->ca_file, slot, &bench->fault);
	bench->failed = bench->failed || !slot->busy;
	bench->sent++;
	buf_release(&request.url);
	buf_release(&request.body);
}

static bool admit(void *context, void *exchange_context)
{
	(void)context;
	(void)exchange_context;
	return true;
}

static void done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct bench *bench = context;
	struct slot *slot = exchange_context;

	if (answer->outcome == HTTP_ANSWERED) {
		struct receipt *receipt = arena_alloc(&slot->arena, sizeof(*receipt));

		bench->adapter->read(OPERATION_CREATE, &slot->call, answer, &slot->arena, receipt);
		bench->accepted += receipt->verdict == VERDICT_ACCEPTED;
	}
	send_next(bench, slot);
}

static bool any_busy(const struct bench *bench)
{
	for (int i = 0; i < bench->connections; i++)
		if (bench->slots[i].busy)
			return true;
	return false;
}

static bool send_all(struct bench *bench)
{
	const struct http_callbacks callbacks = {admit, done, bench};
	const struct http_options options = {&callbacks, &bench->clock, bench->connections, "payrun-bench"};
	int64_t begin_ms = clock_now(&bench->clock).mono_ms;

	bench->http = http_open(&options, &bench->fault);
	if (bench->http == NULL)
		return false;
	for (int i = 0; i < bench->connections; i++)
		send_next(bench, &bench->slots[i]);
	while (!bench->failed && any_busy(bench))
		if (!http_run(bench->http, ROUND_MS, -1, &bench->fault))
			return false;
	printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", bench->sent, bench->accepted,
		clock_now(&bench->clock).mono_ms - begin_ms);
	return !bench->failed && bench->accepted == bench->sent;
}

static bool print_all(struct bench *bench)
{
	struct slot *slot = &bench->slots[0];
	struct adapter_request request;

	while (next_call(bench, slot)) {
		const char *sign = "";

		if (!build(bench, slot, &request))
			return false;
		for (int i = 0; i < request.http.header_count; i++)
			if (strcmp(request.http.headers[i].name, "Sign") == 0)
				sign = request.http.headers[i].value;
		printf("%s\t%.*s\n", sign, (int)request.http.body.len, request.http.body.ptr);
		buf_release(&request.url);
		buf_release(&request.body);
	}
	return fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	int64_t connections;

	if (argc != 5 || !text_number(text_of(argv[4]), CONNECTIONS_MAX, &connections)) {
		(void)fputs("usage: no_journal CONFIG CHANNEL FILE CONNECTIONS\n", stderr);
		return 2;
	}
	bench.connections = (int)connections;
	bench.slots = calloc((size_t)CONNECTIONS_MAX, sizeof(*bench.slots));
	if (bench.slots == NULL || !open_config(&bench, argv[1], argv[2]) || !open_file(&bench, argv[3]) ||
		!(connections > 0 ? send_all(&bench) : print_all(&bench))) {
		(void)fprintf(stderr, "no_journal: %s\n",
			bench.fault.message[0] != '\0' ? bench.fault.message : "not every payout was accepted");
		return 1;
	}
	return 0;
}
