/*
 * A journal in memory under the real interface, as far as the loop of submit uses it, so that a test can make a commit
 * fail, move a row beside the run, take the lease away, or let the process die at any call. It takes the place of
 * lib/journal in the program that includes it, and asserts what journal.h asserts. Included by one .c file of a
 * program.
 */
#ifndef TESTS_FAKE_JOURNAL_H
#define TESTS_FAKE_JOURNAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "journal/destination.h"
#include "journal/journal.h"
#include "journal/spending.h"
#include "stages/lane.h"

#define FAKE_ROWS 8192
#define FAKE_CHANNELS 8
#define FAKE_DESTINATIONS 512

struct journal {
	const struct clock *clock;
	struct attempt rows[FAKE_ROWS];    /* as this run sees them */
	struct attempt durable[FAKE_ROWS]; /* as they are after a crash */
	bool touched[FAKE_ROWS];           /* differs in the open transaction */
	int count;
	const char *channels[FAKE_CHANNELS];
	int channel_count;
	struct destination destinations[FAKE_DESTINATIONS], durable_destinations[FAKE_DESTINATIONS];
	int destination_count, durable_destination_count;
	bool rejected;          /* batch 1 */
	int64_t balances;       /* payouts name so many; 0: none */
	int64_t recovered_ms;   /* 0: never */
	int64_t received_ms[3]; /* batches 1 and 2, UTC */
	struct arena texts;
	int64_t newest_ms;
	bool writing, leased, dead;
	int64_t calls, die_at;                   /* the call at which the process dies; 0: never */
	int64_t commits, fail_commit;            /* the commit that fails; 0: none */
	int64_t reads;                           /* of attempts and payouts */
	int most_sending;                        /* at any commit */
	void (*beside)(struct journal *journal); /* another process, between two transactions */
};

static struct journal fake_journal;

static void fake_journal_open(const struct clock *clock)
{
	memset(&fake_journal, 0, sizeof fake_journal);
	fake_journal.clock = clock;
	fake_journal.leased = true;
}

static void fake_journal_close(void)
{
	arena_release(&fake_journal.texts);
}

/* Adds a row, durable; number > 1 is a further attempt of the payout of the row before it. */
static struct attempt *fake_row(enum payout_state state, int64_t channel, int64_t number)
{
	struct journal *journal = &fake_journal;
	assert(journal->count < FAKE_ROWS);
	struct attempt *row = &journal->rows[journal->count++];
	*row = (struct attempt){
		.id = journal->count, .number = number, .batch = 1, .channel = channel, .state = state, .version = 1};
	row->payout = number > 1 ? row[-1].payout : row->id;
	row->row = row->payout + 1;
	memcpy(row->key.bytes, &row->id, sizeof row->id);
	journal->durable[journal->count - 1] = *row;
	return row;
}

/* After a change by the test itself. */
static void fake_keep(const struct attempt *row)
{
	fake_journal.durable[row->id - 1] = *row;
}

static inline int fake_count(enum payout_state state)
{
	int count = 0;
	for (int i = 0; i < fake_journal.count; i++)
		count += fake_journal.durable[i].state == state;
	return count;
}

static bool refused(struct fault *fault)
{
	return fault_set(fault, FAULT_OPERATION, "DISK_FULL", NULL, "the journal failed");
}

/* False once the process is dead. */
static bool alive(struct journal *journal, struct fault *fault)
{
	if (journal->die_at > 0 && ++journal->calls >= journal->die_at)
		journal->dead = true;
	return !journal->dead || refused(fault);
}

static void undo(struct journal *journal)
{
	for (int i = 0; i < journal->count; i++)
		if (journal->touched[i]) {
			journal->rows[i] = journal->durable[i];
			journal->touched[i] = false;
		}
	memcpy(journal->destinations, journal->durable_destinations, sizeof journal->destinations);
	journal->destination_count = journal->durable_destination_count;
	journal->writing = false;
}

/* Another process takes over, or the same one starts again: what was sending is unknown. */
static inline void fake_journal_recover(void)
{
	struct journal *journal = &fake_journal;
	undo(journal);
	journal->dead = false;
	journal->die_at = journal->calls = 0;
	journal->fail_commit = 0;
	journal->leased = true;
	for (int i = 0; i < journal->destination_count; i++)
		if (journal->destinations[i].state == DESTINATION_SENDING) {
			journal->destinations[i].state = DESTINATION_UNKNOWN;
			journal->destinations[i].version++;
			journal->durable_destinations[i] = journal->destinations[i];
		}
	for (int i = 0; i < journal->count; i++) {
		struct attempt *row = &journal->rows[i];
		if (row->state == PAYOUT_SENDING) {
			row->state = PAYOUT_UNKNOWN;
			row->version++;
			journal->durable[i] = *row;
		}
	}
}

bool journal_begin(struct journal *journal, struct fault *fault)
{
	assert(!journal->writing);
	if (!alive(journal, fault))
		return false;
	if (journal->beside != NULL)
		journal->beside(journal);
	journal->writing = true;
	return true;
}

bool journal_commit(struct journal *journal, struct fault *fault)
{
	assert(journal->writing);
	journal->commits++;
	if (!alive(journal, fault) || journal->commits == journal->fail_commit) {
		undo(journal);
		return refused(fault);
	}
	journal->writing = false;
	memcpy(journal->durable_destinations, journal->destinations, sizeof journal->destinations);
	journal->durable_destination_count = journal->destination_count;
	int sending = 0;
	for (int i = 0; i < journal->count; i++) {
		if (journal->touched[i])
			journal->durable[i] = journal->rows[i];
		journal->touched[i] = false;
		sending += journal->durable[i].state == PAYOUT_SENDING;
	}
	if (sending > journal->most_sending)
		journal->most_sending = sending;
	return true;
}

void journal_rollback(struct journal *journal)
{
	undo(journal);
}

int64_t journal_newest_event_ms(const struct journal *journal)
{
	return journal->newest_ms;
}

bool journal_lease_ours(const struct journal *journal)
{
	return journal->leased;
}

bool journal_channel_bind(struct journal *journal, struct journal_channel *channel, struct fault *fault)
{
	for (int i = 0; i < journal->channel_count; i++)
		if (strcmp(journal->channels[i], channel->name) == 0)
			channel->id = i + 1;
	assert(channel->id > 0);
	return alive(journal, fault);
}

bool journal_channel_same(struct journal *journal, const struct journal_channel *channel, struct fault *fault)
{
	(void)channel;
	return alive(journal, fault);
}

bool journal_channel_get(struct journal *journal, int64_t id, struct arena *arena, struct journal_channel *channel,
	bool *found, struct fault *fault)
{
	(void)arena;
	*found = id <= journal->channel_count;
	if (*found)
		*channel = (struct journal_channel){.id = id, .name = journal->channels[id - 1]};
	return alive(journal, fault);
}

static bool is_newest(const struct journal *journal, const struct attempt *row)
{
	return row->id == journal->count || journal->rows[row->id].payout != row->payout;
}

bool journal_attempt_list(struct journal *journal, const struct attempt_filter *filter, struct arena *arena,
	struct attempt *list, int max, int *count, struct fault *fault)
{
	*count = 0;
	for (int64_t i = filter->after; i < journal->count && *count < max; i++) {
		const struct attempt *row = &journal->rows[i];
		if ((filter->channel == 0 || row->channel == filter->channel) &&
			(filter->states & STATE_SET(row->state)) != 0 &&
			(!filter->newest_only || is_newest(journal, row)))
			attempt_copy(&list[(*count)++], row, arena);
	}
	journal->reads++;
	return alive(journal, fault);
}

bool journal_attempt_get(struct journal *journal, int64_t id, struct arena *arena, struct attempt *attempt, bool *found,
	struct fault *fault)
{
	*found = true;
	attempt_copy(attempt, &journal->rows[id - 1], arena);
	journal->reads++;
	return alive(journal, fault);
}

bool journal_attempt_number(struct journal *journal, int64_t payout, int64_t number, struct arena *arena,
	struct attempt *attempt, bool *found, struct fault *fault)
{
	return journal_attempt_get(journal, payout + number - 1, arena, attempt, found, fault);
}

bool journal_return_next(struct journal *journal, int64_t after, int64_t *attempt, struct fault *fault)
{
	*attempt = 0;
	for (int64_t i = after; i < journal->count && *attempt == 0; i++)
		if (journal->rows[i].return_pending != 0)
			*attempt = i + 1;
	return alive(journal, fault);
}

bool journal_payout_corrects(
	struct journal *journal, int64_t payout, int64_t *corrects, int64_t *number, struct fault *fault)
{
	(void)payout;
	*corrects = 0;
	*number = 1;
	return alive(journal, fault);
}

bool journal_recovered_ms(struct journal *journal, int64_t *utc_ms, struct fault *fault)
{
	*utc_ms = journal->recovered_ms;
	return alive(journal, fault);
}

bool journal_batch_get(
	struct journal *journal, int64_t id, struct arena *arena, struct journal_batch *batch, struct fault *fault)
{
	(void)arena;
	assert(id == 1 || id == 2);
	*batch = (struct journal_batch){.id = id, .received_at = journal->received_ms[id]};
	return alive(journal, fault);
}

bool journal_payout_get(struct journal *journal, int64_t id, struct arena *arena, struct journal_payout *payout,
	bool *found, struct fault *fault)
{
	struct buf reference = {0};
	*found = true;
	*payout = (struct journal_payout){.id = id, .batch = 1, .row = id + 1, .amount_minor = 100 + id, .decimals = 2};
	buf_addf(&reference, "R-%lld", (long long)id);
	payout->reference = text_copy(arena, buf_text(&reference));
	buf_reset(&reference);
	if (journal->balances > 0)
		buf_addf(&reference, "bal-%lld", (long long)(id % journal->balances));
	payout->content = text_copy(arena, buf_text(&reference));
	buf_release(&reference);
	journal->reads++;
	return alive(journal, fault);
}

bool journal_event_each(struct journal *journal, int64_t from_seq, int64_t batch, int64_t row,
	bool (*each)(void *context, const struct journal_event *), void *context, struct fault *fault)
{
	const struct journal_event event = {.seq = 1, .line = TEXT("1\ttime\treject\tb1")};
	assert(from_seq == 1 && row == JOURNAL_NO_ROW);
	if (journal->rejected && batch == 1)
		each(context, &event);
	return alive(journal, fault);
}

bool journal_counts(struct journal *journal, int64_t batch, int64_t counts[PAYOUT_STATES], struct fault *fault)
{
	(void)batch;
	memset(counts, 0, PAYOUT_STATES * sizeof *counts);
	for (int i = 0; i < journal->count; i++)
		counts[journal->rows[i].state] += is_newest(journal, &journal->rows[i]);
	return alive(journal, fault);
}

/* What rows claimed on the day are worth, of one payout or (0) of all. */
static int64_t fake_spent(const struct journal *journal, int64_t channel, int64_t day, int64_t payout)
{
	static const state_set spending = STATE_SET(PAYOUT_SENDING) | STATE_SET(PAYOUT_UNKNOWN) |
					  STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_PAID) |
					  STATE_SET(PAYOUT_RETURNED);
	int64_t minor = 0;
	for (int i = 0; i < journal->count; i++) {
		const struct attempt *row = &journal->rows[i];
		if (row->channel == channel && row->claim_day == day && (spending & STATE_SET(row->state)) != 0 &&
			(payout == 0 || row->payout == payout))
			minor += 100 + row->payout;
	}
	return minor;
}

bool journal_spending_count(
	struct journal *journal, int64_t channel, int64_t day, bool beneficiaries, struct fault *fault)
{
	(void)channel;
	(void)beneficiaries;
	assert(journal->writing && day > 0);
	return alive(journal, fault);
}

bool journal_spent(struct journal *journal, int64_t channel, int64_t day, struct text currency, unsigned decimals,
	int64_t *minor, struct fault *fault)
{
	(void)currency;
	(void)decimals;
	*minor = fake_spent(journal, channel, day, 0);
	return alive(journal, fault);
}

/* Each payout has a beneficiary of its own. */
bool journal_spent_on(
	struct journal *journal, const struct attempt *attempt, int64_t day, int64_t *minor, struct fault *fault)
{
	*minor = fake_spent(journal, attempt->channel, day, attempt->payout);
	return alive(journal, fault);
}

static bool id_taken(const struct journal *journal, const struct attempt *after)
{
	for (int i = 0; i < journal->count && after->provider_id.len > 0; i++)
		if (i != after->id - 1 && journal->rows[i].channel == after->channel &&
			text_equal(journal->rows[i].provider_id, after->provider_id))
			return true;
	return false;
}

bool journal_move(struct journal *journal, const struct attempt *before, struct attempt *after, struct text evidence,
	enum move_result *result, struct fault *fault)
{
	struct attempt *row = &journal->rows[before->id - 1];
	(void)evidence;
	assert(journal->writing && before->id == after->id && before->version == after->version);
	assert(before->state == after->state || state_move_allowed(before->state, after->state));
	assert(after->state != PAYOUT_SENDING || after->sends == before->sends + 1);
	assert(after->payload.len == 0 || before->payload.len == 0 || text_equal(before->payload, after->payload));
	*result = MOVE_LOST;
	if (!alive(journal, fault))
		return false;
	if (id_taken(journal, after)) {
		*result = MOVE_TAKEN;
		return true;
	}
	if (row->version != before->version)
		return true;
	struct attempt kept = *after;
	if (kept.payload.len == 0)
		kept.payload = row->payload;
	kept.version++;
	attempt_copy(row, &kept, &journal->texts);
	journal->touched[before->id - 1] = true;
	after->version = kept.version;
	int64_t now = clock_now(journal->clock).utc_ms;
	journal->newest_ms = now > journal->newest_ms ? now : journal->newest_ms;
	*result = MOVE_DONE;
	return true;
}

bool journal_destination_find(struct journal *journal, int64_t channel, const uint8_t body_sha256[SHA256_SIZE],
	struct arena *arena, struct destination *destination, bool *found, struct fault *fault)
{
	(void)arena;
	*found = false;
	for (int i = journal->destination_count; i-- > 0 && !*found;)
		if (journal->destinations[i].channel == channel &&
			memcmp(journal->destinations[i].body_sha256, body_sha256, SHA256_SIZE) == 0) {
			*destination = journal->destinations[i];
			*found = true;
		}
	return alive(journal, fault);
}

bool journal_destination_add(struct journal *journal, int64_t channel, const uint8_t body_sha256[SHA256_SIZE],
	struct arena *arena, struct destination *destination, struct fault *fault)
{
	struct destination last;
	bool found;
	assert(journal->writing && journal->destination_count < FAKE_DESTINATIONS);
	if (!journal_destination_find(journal, channel, body_sha256, arena, &last, &found, fault))
		return false;
	struct destination *added = &journal->destinations[journal->destination_count++];
	*added = (struct destination){.id = journal->destination_count,
		.channel = channel,
		.number = found ? last.number + 1 : 1,
		.version = 1};
	memcpy(added->body_sha256, body_sha256, SHA256_SIZE);
	added->key.bytes[0] = 0xDE;
	memcpy(added->key.bytes + 1, &added->id, sizeof added->id);
	*destination = *added;
	return true;
}

bool journal_destination_move(struct journal *journal, const struct destination *before, struct destination *after,
	enum move_result *result, struct fault *fault)
{
	struct destination *row = &journal->destinations[before->id - 1];
	assert(journal->writing && before->version == after->version && row->version == before->version);
	assert(before->state != after->state);
	assert(after->state != DESTINATION_SENDING || after->sends == before->sends + 1);
	if (!alive(journal, fault))
		return false;
	after->version++;
	*row = *after;
	struct text *const texts[] = {&row->open_boot, &row->provider_id, &row->provider_status, &row->provider_code,
		&row->reason_code, &row->reason};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i]->len > 0)
			*texts[i] = text_copy(&journal->texts, *texts[i]);
	int64_t now = clock_now(journal->clock).utc_ms;
	journal->newest_ms = now > journal->newest_ms ? now : journal->newest_ms;
	*result = MOVE_DONE;
	return true;
}

#endif
