/*
 * A network in memory, and a run over it: a fake of net/http in the program that includes it. A request leaves when
 * admit() lets it, and then, and only then, the claim behind it has to be durable. Time passes only here. Included by
 * one .c file of a program.
 */
#ifndef TESTS_FAKE_NETWORK_H
#define TESTS_FAKE_NETWORK_H

#include <sys/random.h>

#include "net/http.h"
#include "stages/submit.h"
#include "tests/fake_provider.h"

/* The loop draws its back-off from it: the same each time. */
ssize_t getrandom(void *bytes, size_t len, unsigned flags)
{
	(void)flags;
	memset(bytes, 0x5a, len);
	if (len == SEAL_NONCE_SIZE) /* no two nonces are the same */
		memcpy(bytes, &(int64_t){++fake.nonces_drawn}, sizeof(int64_t));
	return (ssize_t)len;
}

struct http {
	struct http_callbacks callbacks;
	struct http_exchange exchanges[FAKE_EXCHANGES];
	int count;
};

/* --- the network ------------------------------------------------------------------------------------------------- */

struct http *http_open(const struct http_options *options, struct fault *fault)
{
	struct http *http = memory_new(sizeof *http);
	(void)fault;
	http->callbacks = *options->callbacks;
	return http;
}

void http_close(struct http *http)
{
	free(http);
}

int http_active(const struct http *http)
{
	return http->count;
}

static struct fake_call calls[FAKE_EXCHANGES]; /* beside the exchanges */

bool http_start(struct http *http, const struct http_request *request, int64_t timeout_ms, const char *ca_file,
	void *exchange_context, struct fault *fault)
{
	(void)timeout_ms, (void)ca_file;
	if (fake.start_fails)
		return fault_set(fault, FAULT_OPERATION, "", NULL, "no such certificates");
	assert(http->count < FAKE_EXCHANGES && request->body.len == sizeof calls[0]);
	memcpy(&calls[http->count], request->body.ptr, sizeof calls[0]);
	http->exchanges[http->count++] = (struct http_exchange){
		.context = exchange_context, .leaves_ms = fake.now.mono_ms + fake.connect_ms, .answers_ms = INT64_MAX};
	return true;
}

/* The bytes of a create are on the wire: its claim must be durable, and the bytes those that were frozen. */
static void assert_claimed(const struct fake_call *call)
{
	for (int i = 0; i < fake_journal.count; i++) {
		const struct attempt *row = &fake_journal.durable[i];
		if (memcmp(&row->key, &call->key, sizeof call->key) != 0)
			continue;
		if (row->state != PAYOUT_SENDING)
			fail_msg("row %d left as %s", i + 1, state_name(row->state));
		assert_true(row->open_since != 0 && row->sends > 0);
		assert_true(text_equal(row->payload, call->payload));
		return;
	}
	fail_msg("a key of nobody left");
}

static void assert_bank_claimed(const struct fake_call *call)
{
	for (int i = 0; i < fake_journal.durable_destination_count; i++) {
		const struct destination *row = &fake_journal.durable_destinations[i];
		if (memcmp(&row->key, &call->key, sizeof call->key) == 0) {
			assert_int_equal(row->state, DESTINATION_SENDING);
			assert_true(row->open_since != 0 && row->sends > 0);
			return;
		}
	}
	fail_msg("a destination of nobody left");
}

static void leave(struct http *http, int at)
{
	struct http_exchange *exchange = &http->exchanges[at];
	const struct fake_call *call = &calls[at];
	exchange->answer =
		(struct http_answer){.outcome = HTTP_ANSWERED, .status = 200, .code = "", .retry_after_ms = -1};
	exchange->receipt = (struct receipt){.code = "", .reason_code = "", .cure = "", .state = PAYOUT_ACCEPTED};
	exchange->answers_ms = fake.now.mono_ms + fake.answer_ms;
	enum fate fate = FATE_TAKEN;
	if (fake.fate != NULL && call->operation == OPERATION_CREATE)
		fate = fake.fate(call, fake.creates + 1);
	else if (fake.fate != NULL && call->operation == OPERATION_PREPARE)
		fate = fake.fate(call, fake.prepares + 1);
	else if (fake.fate != NULL && call->operation == OPERATION_DESTINATION)
		fate = fake.fate(call, fake.asked_banks + 1);
	if (fate == FATE_NOT_SENT || fate == FATE_UNTRUSTED) {
		be_lost(&exchange->answer, HTTP_NOT_SENT, fate == FATE_NOT_SENT ? "NETWORK_CONNECT" : "NETWORK_TLS");
		exchange->answer.untrusted = fate == FATE_UNTRUSTED;
		return;
	}
	if (!http->callbacks.admit(http->callbacks.context, exchange->context)) {
		be_lost(&exchange->answer, HTTP_NOT_SENT, "");
		exchange->answer.not_admitted = true;
		fake.refused_admits++;
		return;
	}
	exchange->admitted = true;
	if (fake.date_off_ms != INT64_MIN)
		exchange->answer.date_ms = fake.now.utc_ms + fake.date_off_ms;
	note_nonce(call);
	if (call->operation == OPERATION_CREATE)
		assert_claimed(call);
	if (call->operation == OPERATION_PREPARE)
		assert_bank_claimed(call);
	if (turned_away(exchange, call))
		return;
	if (call->operation == OPERATION_SESSION) {
		do_login(exchange, call);
	} else if (call->operation == OPERATION_PREPARE || call->operation == OPERATION_DESTINATION) {
		fake.prepares += call->operation == OPERATION_PREPARE;
		fake.asked_banks += call->operation == OPERATION_DESTINATION;
		do_bank(exchange, call, fate);
	} else if (call->operation == OPERATION_FUNDS) {
		fake.funds_asked++;
		exchange->receipt.verdict = VERDICT_ACCEPTED;
		exchange->receipt.balances[0].amount = text_of(fake.funds);
		exchange->receipt.balance_count = 1;
	} else if (call->operation == OPERATION_CREATE) {
		assert_bank(call);
		assert_alone(call);
		fake.creates++;
		do_create(exchange, call, fate);
	} else {
		fake.lookups += call->operation == OPERATION_LOOKUP;
		fake.statuses += call->operation == OPERATION_STATUS;
		do_question(exchange, call);
	}
}

/* Ends the exchanges whose time has come; how many. */
static int answer_due(struct http *http)
{
	int ended = 0;
	for (int i = 0; i < http->count;) {
		if (http->exchanges[i].answers_ms > fake.now.mono_ms) {
			i++;
			continue;
		}
		struct http_exchange exchange = http->exchanges[i];
		http->count--;
		memmove(&http->exchanges[i], &http->exchanges[i + 1],
			(size_t)(http->count - i) * sizeof http->exchanges[0]);
		memmove(&calls[i], &calls[i + 1], (size_t)(http->count - i) * sizeof calls[0]);
		exchange.answer.body = (struct text){(const char *)&exchange.receipt, sizeof exchange.receipt};
		http->callbacks.done(http->callbacks.context, exchange.context, &exchange.answer);
		ended++;
	}
	return ended;
}

/* Puts the exchanges whose time has come on the wire; how many. */
static int leave_due(struct http *http)
{
	int left = 0;
	for (int i = 0; i < http->count; i++) {
		struct http_exchange *exchange = &http->exchanges[i];
		if (exchange->answers_ms == INT64_MAX && exchange->leaves_ms <= fake.now.mono_ms) {
			leave(http, i);
			left++;
		}
	}
	return left;
}

bool http_push(struct http *http, struct fault *fault)
{
	(void)fault;
	if (!fake.dead && !fake_journal.dead)
		leave_due(http);
	return true;
}

bool http_run(struct http *http, int64_t timeout_ms, int wake_fd, struct fault *fault)
{
	int64_t next = fake.now.mono_ms + (timeout_ms > 0 ? timeout_ms : 0);
	int happened = 0;
	(void)wake_fd;
	fake.runs++;
	if (fake.turn != NULL)
		fake.turn();
	if (fake.dead || fake_journal.dead) {
		http->count = 0; /* the process is gone, and its connections */
		return false;
	}
	happened += leave_due(http);
	for (int i = 0; i < http->count; i++) {
		struct http_exchange *exchange = &http->exchanges[i];
		int64_t due = exchange->answers_ms == INT64_MAX ? exchange->leaves_ms : exchange->answers_ms;
		next = due < next ? due : next;
	}
	if (next > fake.now.mono_ms)
		fake_pass(next - fake.now.mono_ms);
	happened += answer_due(http);
	if (happened == 0 && timeout_ms <= 1)
		fake.idle_turns++;
	if (fake.run_fails) /* as after some sockets were served */
		return fault_set(fault, FAULT_OPERATION, "", NULL, "the network library failed");
	return true;
}

/* --- a run ------------------------------------------------------------------------------------------------------- */

static struct {
	struct channel channels[FAKE_CHANNELS];
	struct config config;
	struct stage stage;
	struct stop stop;
	struct log log;
	struct submit_options options;
	struct submit_result result;
	struct fault fault;
} run;

/* A channel that the journal knows; rate a second, 0: no limit. */
static struct channel *fake_channel(const char *name, enum provider_id provider, int64_t rate, int workers)
{
	struct channel *channel = &run.channels[run.config.channel_count++];
	snprintf(channel->name, sizeof channel->name, "%s", name);
	channel->provider = provider;
	channel->rate_count = rate;
	channel->rate_period_ms = 1000;
	channel->burst = rate;
	channel->rate_group = channel->name;
	channel->workers = workers;
	channel->timeout_ms = 30000;
	fake_journal.channels[fake_journal.channel_count++] = channel->name;
	return channel;
}

static inline void run_open(void)
{
	fake_open();
	memset(&run, 0, sizeof run);
	run.config.channels = run.channels;
	log_init(&run.log, -1, LOG_ERROR_LEVEL);
	run.stop.wake_fd = -1;
	run.options = (struct submit_options){.send = true, .wait_limit_ms = 900000, .rate_count = -1};
}

static enum submit_end run_submit(void)
{
	memset(&run.fault, 0, sizeof run.fault);
	memset(&run.stage, 0, sizeof run.stage);
	run.stage.config = &run.config;
	run.stage.journal = &fake_journal;
	run.stage.clock = &fake.clock;
	run.stage.log = &run.log;
	run.stage.stop = &run.stop;
	return submit_run(&run.stage, &run.options, &run.result, &run.fault);
}

#define SECOND INT64_C(1000)
#define MINUTE INT64_C(60000)

static inline int open_run(void **state)
{
	(void)state;
	run_open();
	return 0;
}

static inline int close_run(void **state)
{
	(void)state;
	int64_t idle = fake.idle_turns, runs = fake.runs;
	fake_journal_close();
	if (idle > 20 + runs / 10)
		print_error("%lld of %lld turns did nothing and did not rest\n", (long long)idle, (long long)runs);
	return idle > 20 + runs / 10;
}

static inline void add_rows(int count, int64_t channel)
{
	for (int i = 0; i < count; i++)
		fake_row(PAYOUT_READY, channel, 1);
}

static inline struct attempt *add_unknown(int64_t channel, int64_t sent_ago_ms)
{
	struct attempt *row = fake_row(PAYOUT_UNKNOWN, channel, 1);
	row->sends = 1;
	row->open_since = row->last_sent = row->submitted_at = fake.now.utc_ms - sent_ago_ms;
	row->open_boot = TEXT("boot-a");
	row->open_boot_ms = fake.now.boot_ms - sent_ago_ms;
	row->payload = TEXT("{\"amount\":101}");
	fake_keep(row);
	return row;
}

static inline const struct notice *notice_of(const char *code, const char *channel)
{
	for (int i = 0; i < run.stage.notice_count; i++)
		if (strcmp(run.stage.notices[i].code, code) == 0 && strcmp(run.stage.notices[i].channel, channel) == 0)
			return &run.stage.notices[i];
	return NULL;
}

#endif
