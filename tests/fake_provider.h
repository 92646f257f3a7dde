/*
 * Providers in memory, and a clock: a fake of the catalogue in the program that includes it. What a provider does with
 * a request and what comes back is scripted. Included by one .c file of a program.
 */
#ifndef TESTS_FAKE_PROVIDER_H
#define TESTS_FAKE_PROVIDER_H

#include "net/http.h"
#include "providers/catalog.h"
#include "tests/fake_journal.h"

#define FAKE_ASKS PROVIDER_CALYPSO    /* looks up, refuses a key that it knows */
#define FAKE_REPEATS PROVIDER_PONTIS  /* the same key again gives the first result for an hour, then pays again */
#define FAKE_PREPARES PROVIDER_CIRCLE /* as FAKE_REPEATS, but pays to destinations that were prepared */
#define FAKE_LISTS PROVIDER_MOLLIE    /* as FAKE_REPEATS; a list tells later; one live payout for each balance */
#define FAKE_REST_MS INT64_C(4200000)
#define FAKE_BANKS 256
#define FAKE_WINDOW_MS INT64_C(3600000)
#define FAKE_LEDGER 8192
#define FAKE_EXCHANGES 600

/* What becomes of a request. */
enum fate {
	FATE_TAKEN = 0,   /* done, and answered */
	FATE_LOST_BEFORE, /* not done, no answer */
	FATE_LOST_AFTER,  /* done, no answer */
	FATE_NOT_SENT,    /* no connection */
	FATE_UNTRUSTED,   /* no connection: the certificate */
	FATE_THROTTLED,   /* 429 */
	FATE_AWAY,        /* 503, not done */
	FATE_REFUSED,     /* definitely refused */
	FATE_NO_FUNDS,    /* the balance is empty */
	FATE_STOP,        /* the channel's credentials are wrong */
	FATE_MISMATCH,    /* done, and answered for another payout */
	FATE_GARBLED,     /* done, and answered with what nobody can read */
	FATE_SAME_ID,     /* done, and answered with the id of the first payout */
	FATE_NO_ID,       /* done, and answered without an id */
	FATE_STOP_ONE,    /* its balance is stopped */
	FATE_REST,        /* refused for now, and the same again for 70 minutes */
	FATE_COUNT,
};

struct fake_payout {
	struct key key;
	int64_t reference; /* of the payout, whatever attempt */
	enum provider_id provider;
	enum payout_state state;
	int64_t created_ms;
	int64_t amount_minor;
	char balance[16];
	int id;
};

struct fake_bank { /* a destination that a provider prepared */
	struct key key;
	int64_t created_ms;
	char id[16];
	int64_t named; /* payouts that name it */
};

struct http_exchange {
	void *context;
	struct http_answer answer;
	struct receipt receipt;
	enum operation operation;
	enum provider_id provider;
	int64_t leaves_ms, answers_ms; /* monotonic */
	bool admitted;
};

struct fake_call { /* what build() tells the fake network */
	enum operation operation;
	enum provider_id provider;
	struct key key;
	struct text provider_id;
	char session[16], balance[16], cured[16];
	int64_t page, last_sent;
	uint8_t nonce[SEAL_NONCE_SIZE];
	int64_t amount_minor;
	int64_t reference;
	char channel[CHANNEL_NAME_SIZE];
	struct text payload;
};

struct fake {
	struct clock clock;
	struct moment now;
	int64_t true_ms;  /* the time of the world, whatever clocks are set to */
	bool clock_ticks; /* each reading takes a millisecond */

	struct fake_payout ledger[FAKE_LEDGER];
	int ledger_count;
	char ids[FAKE_LEDGER][16];
	enum payout_state settles; /* what a new payout is at once */

	/* the script */
	enum fate (*fate)(const struct fake_call *call, int64_t number);
	int64_t creates, lookups, statuses; /* that left */
	int64_t refused_admits;
	int64_t answer_ms, connect_ms; /* how long each takes */
	int64_t retry_after_ms;
	int64_t date_off_ms; /* the provider's clock; INT64_MIN: no Date header */
	const char *refusal;
	const char *stop_code; /* of FATE_STOP; NULL: CHANNEL_AUTH */
	bool run_fails, start_fails, dead;
	/* FAKE_LISTS */
	int64_t initiates_after_ms; /* until then a payout has its balance for itself */
	int64_t list_pages;         /* of its list, before the one that tells */
	int64_t pages_read, funds_asked;
	bool fixes; /* amounts are what balances have */
	const char *funds;
	/* destinations of FAKE_PREPARES */
	int64_t banks_wanted; /* payouts share so many bank accounts; 0: they name none */
	struct fake_bank banks[FAKE_BANKS];
	int bank_count;
	int64_t prepares, asked_banks; /* that left */
	int64_t bank_pending_ms;       /* so long a new one is pending */
	bool banks_fail;               /* after that time */
	/* sessions of FAKE_REPEATS: its requests need one, and are sealed */
	bool sessions;
	int64_t session_life_ms; /* as told */
	int64_t logins;          /* that left; the token of the last good one is "t-N" */
	int64_t session_good, session_since_ms;
	int64_t turned_away; /* requests whose session had ended */
	bool sessions_end;   /* at once */
	uint8_t nonces[FAKE_EXCHANGES][SEAL_NONCE_SIZE];
	int nonce_count;
	int64_t nonces_drawn;
	void (*turn)(void);       /* called by each http_run */
	int64_t idle_turns, runs; /* turns that asked for no wait, and nothing happened */
};

static struct fake fake;

static struct moment fake_read(const struct clock *clock)
{
	(void)clock;
	if (fake.clock_ticks) {
		fake.true_ms++;
		fake.now.utc_ms++;
		fake.now.mono_ms++;
		fake.now.boot_ms++;
	}
	return fake.now;
}

static void fake_pass(int64_t ms)
{
	fake.true_ms += ms;
	fake.now.utc_ms += ms;
	fake.now.mono_ms += ms;
	fake.now.boot_ms += ms;
}

static void fake_open(void)
{
	memset(&fake, 0, sizeof fake);
	fake.now = (struct moment){.utc_ms = INT64_C(1800000000000), .mono_ms = 1000000, .boot_ms = 5000000};
	fake.clock.read = fake_read;
	snprintf(fake.clock.boot_id, sizeof fake.clock.boot_id, "boot-a");
	fake.settles = PAYOUT_ACCEPTED;
	fake.answer_ms = 20;
	fake.date_off_ms = INT64_MIN;
	fake.retry_after_ms = -1;
	fake.session_life_ms = 900000;
	fake.refusal = "001";
	fake_journal_open(&fake.clock);
}

/* --- the provider ------------------------------------------------------------------------------------------------ */

static struct fake_payout *ledger_find(const struct fake_call *call)
{
	for (int i = 0; i < fake.ledger_count; i++) {
		struct fake_payout *payout = &fake.ledger[i];
		bool same = call->provider_id.len > 0 ? text_is(call->provider_id, fake.ids[i])
						      : memcmp(&payout->key, &call->key, sizeof call->key) == 0;
		if (same && payout->provider == call->provider)
			return payout;
	}
	return NULL;
}

static struct fake_payout *ledger_add(const struct fake_call *call)
{
	assert(fake.ledger_count < FAKE_LEDGER);
	struct fake_payout *payout = &fake.ledger[fake.ledger_count];
	*payout = (struct fake_payout){.key = call->key,
		.reference = call->reference,
		.provider = call->provider,
		.state = fake.settles,
		.created_ms = fake.true_ms,
		.amount_minor = call->amount_minor,
		.id = fake.ledger_count};
	memcpy(payout->balance, call->balance, sizeof payout->balance);
	snprintf(fake.ids[fake.ledger_count], sizeof fake.ids[0], "p-%d", fake.ledger_count + 1);
	fake.ledger_count++;
	return payout;
}

/* It has its balance for itself. */
static bool is_live(const struct fake_payout *payout)
{
	return payout->state == PAYOUT_ACCEPTED && fake.true_ms - payout->created_ms < fake.initiates_after_ms;
}

static void assert_alone(const struct fake_call *call)
{
	for (int i = 0; i < fake.ledger_count && call->provider == FAKE_LISTS; i++)
		if (strcmp(fake.ledger[i].balance, call->balance) == 0 && is_live(&fake.ledger[i]) &&
			memcmp(&fake.ledger[i].key, &call->key, sizeof call->key) != 0)
			fail_msg("two live payouts on %s", call->balance);
}

static void say_payout(struct receipt *receipt, const struct fake_payout *payout)
{
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_of(fake.ids[payout->id]);
	receipt->state = payout->state;
	if (payout->provider == FAKE_LISTS)
		receipt->provider_status = is_live(payout) ? TEXT("requested") : TEXT("initiated");
}

/* Done, or what the key's second use gives. */
static void create(const struct fake_call *call, struct receipt *receipt)
{
	struct fake_payout *known = ledger_find(call);
	if (known != NULL && call->provider == FAKE_ASKS) {
		receipt->provider_code = TEXT("016");
		receipt->key_known = true;
		return;
	}
	if (known != NULL && fake.true_ms - known->created_ms < FAKE_WINDOW_MS)
		say_payout(receipt, known);
	else
		say_payout(receipt, ledger_add(call));
}

static void be_lost(struct http_answer *answer, enum http_outcome outcome, const char *code)
{
	answer->outcome = outcome;
	answer->date_ms = 0;
	answer->code = code;
	snprintf(answer->error, sizeof answer->error, "lost");
}

static void refuse_with(struct receipt *receipt, enum verdict verdict, const char *number, const char *code)
{
	receipt->verdict = verdict;
	receipt->provider_code = text_of(number);
	receipt->code = code;
	receipt->reason = TEXT("no");
}

static void do_create(struct http_exchange *exchange, const struct fake_call *call, enum fate fate)
{
	struct receipt *receipt = &exchange->receipt;
	switch (fate) {
	case FATE_TAKEN:
		create(call, receipt);
		break;
	case FATE_LOST_AFTER:
		create(call, receipt);
		be_lost(&exchange->answer, HTTP_LOST, "NETWORK_TIMEOUT");
		break;
	case FATE_LOST_BEFORE:
		be_lost(&exchange->answer, HTTP_LOST, "");
		break;
	case FATE_THROTTLED:
		receipt->verdict = VERDICT_THROTTLED;
		exchange->answer.retry_after_ms = fake.retry_after_ms;
		break;
	case FATE_AWAY:
		exchange->answer.retry_after_ms = fake.retry_after_ms;
		break;
	case FATE_REFUSED:
		refuse_with(receipt, VERDICT_REFUSED, fake.refusal, "");
		break;
	case FATE_NO_FUNDS:
		refuse_with(receipt, VERDICT_NO_FUNDS, "402", "CHANNEL_BALANCE");
		receipt->reason_code = "AM04";
		if (strcmp(call->cured, "402") == 0)
			refuse_with(receipt, VERDICT_REFUSED, "402", "KEY_SPENT");
		break;
	case FATE_STOP:
		refuse_with(
			receipt, VERDICT_CHANNEL_STOP, "002", fake.stop_code != NULL ? fake.stop_code : "CHANNEL_AUTH");
		break;
	case FATE_MISMATCH:
		create(call, receipt);
		refuse_with(receipt, VERDICT_MISMATCH, "", "ANSWER_MISMATCH");
		break;
	case FATE_GARBLED:
		create(call, receipt);
		*receipt = (struct receipt){.code = "", .reason_code = "", .cure = ""};
		break;
	case FATE_SAME_ID:
		create(call, receipt);
		receipt->provider_id = text_of(fake.ids[0]);
		break;
	case FATE_NO_ID:
		create(call, receipt);
		receipt->provider_id = (struct text){0};
		break;
	case FATE_STOP_ONE:
		refuse_with(receipt, VERDICT_CHANNEL_STOP, "422", "CHANNEL_BLOCKED");
		receipt->stops = text_of(call->balance);
		break;
	case FATE_REST:
		refuse_with(receipt, VERDICT_NO_FUNDS, "422", "CHANNEL_BALANCE");
		receipt->rest_ms = FAKE_REST_MS;
		break;
	case FATE_NOT_SENT:
	case FATE_UNTRUSTED:
	case FATE_COUNT:
		fail_msg("it left already");
	}
}

static struct fake_bank *bank_find(struct text id, const struct key *key)
{
	for (int i = 0; i < fake.bank_count; i++)
		if (id.len > 0 ? text_is(id, fake.banks[i].id)
			       : memcmp(&fake.banks[i].key, key, sizeof *key) == 0 &&
					 fake.true_ms - fake.banks[i].created_ms < FAKE_WINDOW_MS)
			return &fake.banks[i];
	return NULL;
}

static void say_bank(struct receipt *receipt, const struct fake_bank *bank)
{
	bool pending = fake.true_ms - bank->created_ms < fake.bank_pending_ms;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_of(bank->id);
	receipt->state = pending ? PAYOUT_ACCEPTED : fake.banks_fail ? PAYOUT_FAILED : PAYOUT_PAID;
}

/* The same key again gives the first result for an hour, then creates again. */
static void create_bank(const struct fake_call *call, struct receipt *receipt)
{
	struct fake_bank *bank = bank_find((struct text){0}, &call->key);
	if (bank == NULL) {
		assert(fake.bank_count < FAKE_BANKS);
		bank = &fake.banks[fake.bank_count++];
		*bank = (struct fake_bank){.key = call->key, .created_ms = fake.true_ms};
		snprintf(bank->id, sizeof bank->id, "d-%d", fake.bank_count);
	}
	say_bank(receipt, bank);
}

/* A creation of a destination, or a question about one. */
static void do_bank(struct http_exchange *exchange, const struct fake_call *call, enum fate fate)
{
	struct receipt *receipt = &exchange->receipt;
	if (call->operation == OPERATION_DESTINATION && fate == FATE_TAKEN) {
		const struct fake_bank *bank = bank_find(call->provider_id, NULL);
		assert_non_null(bank);
		say_bank(receipt, bank);
	} else if (fate == FATE_TAKEN) {
		create_bank(call, receipt);
	} else if (fate == FATE_LOST_AFTER) {
		create_bank(call, receipt);
		be_lost(&exchange->answer, HTTP_LOST, "");
	} else if (fate == FATE_LOST_BEFORE) {
		be_lost(&exchange->answer, HTTP_LOST, "");
	} else if (fate == FATE_REFUSED) {
		refuse_with(receipt, VERDICT_REFUSED, "2", "");
	} else if (fate == FATE_THROTTLED) {
		receipt->verdict = VERDICT_THROTTLED;
	} else if (fate == FATE_STOP) {
		refuse_with(receipt, VERDICT_CHANNEL_STOP, "401", "CHANNEL_AUTH");
	}
}

/* A payout names a destination that may be paid to. */
static void assert_bank(const struct fake_call *call)
{
	static const char name[] = "\"to\":\"";
	char payload[200], *end;
	if (call->provider != FAKE_PREPARES)
		return;
	snprintf(payload, sizeof payload, "%.*s", (int)call->payload.len, call->payload.ptr);
	char *at = strstr(payload, name);
	if (at == NULL) {
		assert_true(fake.banks_wanted == 0 || call->reference % 2 == 1);
		return;
	}
	at += sizeof name - 1;
	end = strchr(at, '"');
	assert_non_null(end);
	*end = '\0';
	struct text id = text_of(at);
	struct fake_bank *bank = bank_find(id, NULL);
	assert_non_null(bank);
	assert_true(fake.true_ms - bank->created_ms >= fake.bank_pending_ms && !fake.banks_fail);
	bank->named++;
}

/* A login. */
static void do_login(struct http_exchange *exchange, const struct fake_call *call)
{
	struct receipt *receipt = &exchange->receipt;
	static char token[16];
	fake.logins++;
	enum fate fate = fake.fate != NULL ? fake.fate(call, fake.logins) : FATE_TAKEN;
	if (fate == FATE_LOST_BEFORE) {
		be_lost(&exchange->answer, HTTP_LOST, "NETWORK_TIMEOUT");
	} else if (fate == FATE_STOP) {
		refuse_with(receipt, VERDICT_CHANNEL_STOP, "401", "CHANNEL_AUTH");
	} else if (fate == FATE_TAKEN) {
		fake.session_good = fake.logins;
		fake.session_since_ms = fake.true_ms;
		snprintf(token, sizeof token, "t-%lld", (long long)fake.session_good);
		receipt->verdict = VERDICT_ACCEPTED;
		receipt->session = text_of(token);
		receipt->session_expires_ms = fake.now.utc_ms + fake.session_life_ms;
	}
}

/* The provider looks at the session before anything else. True: it is none. */
static bool turned_away(struct http_exchange *exchange, const struct fake_call *call)
{
	char good[16];
	snprintf(good, sizeof good, "t-%lld", (long long)fake.session_good);
	if (!fake.sessions || call->provider != FAKE_REPEATS || call->operation == OPERATION_SESSION)
		return false;
	if (strcmp(call->session, good) == 0 && !fake.sessions_end &&
		fake.true_ms - fake.session_since_ms < fake.session_life_ms)
		return false;
	exchange->receipt.verdict = VERDICT_SESSION_EXPIRED;
	fake.turned_away++;
	return true;
}

/* No two sealed requests have the same nonce. */
static void note_nonce(const struct fake_call *call)
{
	if (!fake.sessions || call->provider != FAKE_REPEATS || fake.nonce_count == FAKE_EXCHANGES)
		return;
	for (int i = 0; i < fake.nonce_count; i++)
		assert_memory_not_equal(fake.nonces[i], call->nonce, SEAL_NONCE_SIZE);
	memcpy(fake.nonces[fake.nonce_count++], call->nonce, SEAL_NONCE_SIZE);
}

/* False: the answer is behind this page, or it is too early for one. */
static bool list_tells(const struct fake_call *call, struct receipt *receipt, const struct fake_payout *known)
{
	static char cursor[24];
	if (call->page < fake.list_pages) {
		snprintf(cursor, sizeof cursor, "%lld", (long long)call->page + 1);
		receipt->next_cursor = text_of(cursor);
		return false;
	}
	if (known != NULL || call->last_sent == 0 || fake.now.utc_ms - call->last_sent >= FAKE_REST_MS)
		return true;
	receipt->ask_again_utc_ms = call->last_sent + FAKE_REST_MS;
	return false;
}

static void do_question(struct http_exchange *exchange, const struct fake_call *call)
{
	struct receipt *receipt = &exchange->receipt;
	enum fate fate = fake.fate != NULL ? fake.fate(call, fake.lookups + fake.statuses) : FATE_TAKEN;
	const struct fake_payout *known = ledger_find(call);
	if (fate == FATE_THROTTLED) {
		receipt->verdict = VERDICT_THROTTLED;
		exchange->answer.retry_after_ms = fake.retry_after_ms;
	} else if (fate == FATE_MISMATCH) {
		refuse_with(receipt, VERDICT_MISMATCH, "", "ANSWER_MISMATCH");
	} else if (fate == FATE_STOP) {
		refuse_with(receipt, VERDICT_CHANNEL_STOP, "002", "CHANNEL_AUTH");
	} else if (fate == FATE_AWAY || fate == FATE_GARBLED) {
		exchange->answer.retry_after_ms = fake.retry_after_ms;
	} else if (fate != FATE_TAKEN) {
		be_lost(&exchange->answer, HTTP_LOST, "");
	} else if (call->provider == FAKE_LISTS && call->operation == OPERATION_LOOKUP &&
		   !list_tells(call, receipt, known)) {
		fake.pages_read++;
	} else if (known != NULL) {
		say_payout(receipt, known);
	} else {
		receipt->verdict = VERDICT_NOT_FOUND;
	}
}

#include "tests/fake_adapters.h"

#endif
