/*
 * Thousands of small histories of submit, drawn from a seed: providers that lose, refuse, throttle and garble,
 * processes that die at any call of the journal, clocks that are set back, machines that start again, rows that others
 * move. After every life the money is counted. PAYRUN_SEEDS=FIRST-LAST chooses others; a failure names its seed.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

static uint64_t state_of_random;

static int64_t draw(int64_t below)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return (int64_t)((state_of_random >> 11) % (uint64_t)below);
}

static bool chance(int64_t percent)
{
	return draw(100) < percent;
}

static int64_t trouble; /* percent */
static bool clock_was_set;
static int64_t seed;
static int life;

static enum fate random_fate(const struct fake_call *call, int64_t number)
{
	(void)call, (void)number;
	if (!chance(trouble))
		return FATE_TAKEN;
	fake.retry_after_ms = chance(50) ? -1 : draw(20) * SECOND;
	fake.answer_ms = chance(5) ? draw(15 * SECOND) : 1 + draw(200);
	fake.date_off_ms = chance(3) ? 2 * MINUTE : chance(50) ? 0 : INT64_MIN;
	/* What stops a channel for a life is rarer. */
	static const enum fate rare[] = {FATE_STOP, FATE_MISMATCH, FATE_UNTRUSTED, FATE_NO_FUNDS};
	static const enum fate common[] = {FATE_LOST_BEFORE, FATE_LOST_AFTER, FATE_NOT_SENT, FATE_THROTTLED, FATE_AWAY,
		FATE_REFUSED, FATE_GARBLED, FATE_NO_ID};
	return chance(4) ? rare[draw(sizeof rare / sizeof *rare)] : common[draw(sizeof common / sizeof *common)];
}

/* Somebody else: touches a row that nobody sends just now. */
static void somebody(struct journal *journal)
{
	struct attempt *row = &journal->rows[draw(journal->count)];
	if (!chance(5) || row->state == PAYOUT_SENDING)
		return;
	row->version++;
	if (row->state == PAYOUT_READY && row->sends == 0 && chance(20))
		row->state = PAYOUT_CANCELED;
	fake_keep(row);
}

static void something(void)
{
	if (chance(1) && chance(10))
		fake_journal.dead = true;
	if (chance(1) && chance(5))
		run.stop.count = 1;
	if (chance(1) && chance(5)) {
		fake.now.utc_ms += chance(50) ? draw(90 * MINUTE) : -draw(90 * MINUTE);
		clock_was_set = true;
	}
}

static void build(void)
{
	static const char *const names[] = {"a", "b", "c"};
	int64_t channels = 1 + draw(3);
	run_open();
	for (int64_t i = 0; i < channels; i++) {
		struct channel *channel = fake_channel(names[i], chance(60) ? FAKE_ASKS : FAKE_REPEATS,
			chance(40) ? 0 : 1 + draw(30), (int)(1 + draw(6)));
		if (chance(30))
			channel->rate_group = "shared";
		if (chance(10))
			channel->rate_period_ms = 20 * SECOND;
	}
	for (int64_t left = 1 + draw(40); left > 0; left--) {
		struct attempt *row = fake_row(PAYOUT_READY, 1 + draw(channels), 1);
		if (chance(10)) {
			row->not_before = fake.now.utc_ms + draw(5 * MINUTE);
			fake_keep(row);
		} else if (chance(10)) {
			row->state = chance(50) ? PAYOUT_FAILED : PAYOUT_CANCELED;
			row->sends = draw(2);
			struct fake_call call = {.provider = run.channels[row->channel - 1].provider,
				.key = row->key,
				.reference = 100 + row->payout};
			if (row->sends > 0 && chance(30)) {
				struct fake_payout *payout = ledger_add(&call);
				if (chance(50))
					row->provider_id = text_of(fake.ids[payout->id]);
				else if (call.provider == FAKE_REPEATS)
					row->sends = 1;
			}
			fake_keep(row);
			fake_row(PAYOUT_READY, row->channel, 2);
		}
	}
}

static const char *where(const char *what, const struct attempt *row)
{
	static char text[200];
	snprintf(text, sizeof text,
		"seed %lld, life %d: row %lld (%s, %lld sends): %s; end %d, not before %lld, now %lld", (long long)seed,
		life, (long long)row->id, state_name(row->state), (long long)row->sends, what, (int)run.result.end,
		(long long)row->not_before, (long long)fake.now.utc_ms);
	return text;
}

static const struct fake_payout *in_ledger(const struct attempt *row)
{
	for (int i = 0; i < fake.ledger_count; i++)
		if (memcmp(&fake.ledger[i].key, &row->key, sizeof row->key) == 0)
			return &fake.ledger[i];
	return NULL;
}

/* What the journal says of a row is what the provider did. */
static void count_row(const struct attempt *row)
{
	const struct fake_payout *paid = in_ledger(row);
	bool first = row->number == 1 && row->id < fake_journal.count &&
		     fake_journal.durable[row->id].payout == row->payout; /* and there is a second */
	if (first)
		return;
	switch (row->state) {
	case PAYOUT_READY:
	case PAYOUT_FAILED:
	case PAYOUT_CANCELED:
		if (paid != NULL)
			fail_msg("%s", where("it is at the provider", row));
		break;
	case PAYOUT_ACCEPTED:
	case PAYOUT_PAID:
		if (paid == NULL || !text_is(row->provider_id, fake.ids[paid->id]))
			fail_msg("%s", where("it is not at the provider under this id", row));
		break;
	case PAYOUT_UNKNOWN:
	case PAYOUT_SENDING:
		if (row->open_since == 0 || row->sends == 0)
			fail_msg("%s", where("nothing is open", row));
		break;
	case PAYOUT_HELD:
	case PAYOUT_RETURNED:
	case PAYOUT_REJECTED:
	case PAYOUT_DUPLICATE:
	case PAYOUT_STATES:
		fail_msg("%s", where("how did it get there?", row));
	}
}

static void count_money(void)
{
	int paid[FAKE_ROWS] = {0};
	for (int i = 0; i < fake.ledger_count; i++)
		if (++paid[fake.ledger[i].reference - 100] > 1)
			fail_msg("seed %lld, life %d: payout %lld is paid twice", (long long)seed, life,
				(long long)fake.ledger[i].reference - 100);
	for (int i = 0; i < fake_journal.count; i++)
		count_row(&fake_journal.durable[i]);
}

static void live(bool last)
{
	fake.fate = random_fate;
	fake.turn = last ? NULL : something;
	fake.run_fails = false;
	fake.clock_ticks = chance(30);
	fake_journal.beside = last ? NULL : somebody;
	fake_journal.die_at = last || chance(40) ? 0 : 1 + draw(300);
	trouble = last ? 0 : draw(60);
	fake.connect_ms = last || chance(90) ? 0 : draw(12 * SECOND);
	fake.answer_ms = 1 + draw(100);
	if (last) {
		fake.date_off_ms = 0;
		fake.now.utc_ms += 4 * 60 * MINUTE; /* wherever the clock was set to: what waits for a time may go */
	}
	run.stop.count = 0;
	run.options.limit = last || chance(80) ? 0 : 1 + draw(10);
	enum submit_end end = run_submit();
	bool died = fake_journal.dead;
	if (!died && end != SUBMIT_FAILED && fake_count(PAYOUT_SENDING) > 0)
		fail_msg("seed %lld, life %d: a row was left sending", (long long)seed, life);
	if (end == SUBMIT_FAILED && !died)
		fail_msg("seed %lld, life %d: failed: %s %s", (long long)seed, life, run.fault.code, run.fault.message);
	count_money();
	fake_journal_recover();
	if (chance(30))
		fake_pass(draw(chance(50) ? 2 * FAKE_WINDOW_MS : 30 * SECOND));
	/* The machine starts again. With its wall clock set back as well, nobody could tell how old a send is. */
	if (chance(20) && !clock_was_set) {
		fake.clock.boot_id[5] = (char)('a' + draw(26));
		fake.now.boot_ms = draw(MINUTE);
	}
}

/* With the last life all trouble is over: what is left has a reason. */
static void count_rest(void)
{
	int64_t unknown = 0, ready = 0;
	for (int i = 0; i < fake_journal.count; i++) {
		const struct attempt *row = &fake_journal.durable[i];
		bool asks = run.channels[row->channel - 1].provider == FAKE_ASKS;
		unknown += row->state == PAYOUT_UNKNOWN;
		ready += row->state == PAYOUT_READY;
		if (asks && row->state == PAYOUT_READY && row->number == 1)
			fail_msg("%s", where("it was never sent", row));
		if (asks && row->state == PAYOUT_UNKNOWN && run.result.stopped_channels == 0 &&
			!text_is(row->last_refusal, "016"))
			fail_msg("%s", where("it was never settled", row));
	}
	if (unknown + ready == run.result.unknown_past || run.result.stopped_channels > 0)
		return;
	for (int i = 0; i < fake_journal.count; i++)
		print_error("%s\n", where(text_string(&fake_journal.texts, fake_journal.durable[i].last_refusal),
					    &fake_journal.durable[i]));
	fail_msg("seed %lld: %lld rows are left, %lld are said to need a person", (long long)seed,
		(long long)(unknown + ready), (long long)run.result.unknown_past);
}

static void history(int64_t number)
{
	seed = number;
	state_of_random = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (int i = 0; i < 8; i++)
		draw(2);
	build();
	clock_was_set = false;
	int lives = (int)(1 + draw(5));
	for (life = 1; life <= lives; life++)
		live(false);
	live(true);
	count_rest();
	fake_journal_close();
}

static void whatever_happens_each_payout_is_paid_at_most_once_and_the_journal_knows(void **state)
{
	(void)state;
	long long first = 1, last = 2000;
	const char *chosen = getenv("PAYRUN_SEEDS");
	if (chosen != NULL)
		assert_int_equal(sscanf(chosen, "%lld-%lld", &first, &last), 2);
	for (int64_t number = first; number <= last; number++)
		history(number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_happens_each_payout_is_paid_at_most_once_and_the_journal_knows),
	};
	return cmocka_run_group_tests_name("submit_random", tests, NULL, NULL);
}
