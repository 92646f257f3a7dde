#include "journal/spending.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/spending_inside.h"
#include "values/money.h"

/* Bound to the journal: the digest of an account number is of no use anywhere else. */
static void beneficiary_digest(
	const struct journal *journal, struct text destination, uint8_t beneficiary[BENEFICIARY_BYTES])
{
	uint8_t digest[SHA256_SIZE];

	sha256_begin(journal->sha);
	sha256_add_field(journal->sha, TEXT("payrun-beneficiary-1"));
	sha256_add_field(journal->sha, text_of(journal->id));
	sha256_add_field(journal->sha, destination);
	sha256_end(journal->sha, digest);
	memcpy(beneficiary, digest, BENEFICIARY_BYTES);
}

void spent_take(const struct journal *journal, const struct cell *row, struct spent *money)
{
	struct text salt, packed;

	body_split(&row[4], &salt, &packed);
	*money = (struct spent){.currency = row[0].text, .decimals = row[1].number, .minor = row[2].number};
	beneficiary_digest(journal, text_or_field(&row[3], packed), money->beneficiary);
}

struct store_cursor *spent_claims(struct journal *journal, int64_t channel, int64_t day, struct fault *fault)
{
	return store_query(journal, SPENT_CLAIMS,
		CELLS(cell_number(channel), cell_number(day), cell_number((int64_t)SPENDING_STATES)), fault);
}

/* --- counting ---------------------------------------------------------------------------------------------------- */

/* How a day is counted; false in *counted: not at all. */
static bool day_get(
	struct journal *journal, int64_t channel, int64_t day, bool *counted, bool *beneficiaries, struct fault *fault)
{
	int64_t each = 0;
	bool ok = store_number(
		journal, SPENT_DAY_GET, CELLS(cell_number(channel), cell_number(day)), &each, counted, fault);

	*beneficiaries = each != 0;
	return ok;
}

static bool add(struct journal *journal, int64_t channel, int64_t day, const struct spent *money, int64_t minor,
	bool beneficiaries, struct fault *fault)
{
	const struct cell beneficiary[] = {nobody(), beneficiary_cell(money->beneficiary)};
	bool ok = true;

	for (int i = 0; ok && i < (beneficiaries ? 2 : 1); i++)
		ok = store_run(journal, SPENT_ADD,
			CELLS(cell_number(channel), cell_number(day), beneficiary[i], cell_text(money->currency),
				cell_number(money->decimals), cell_number(minor)),
			NULL, fault);
	return ok;
}

struct wanted {
	struct journal *journal;
	int64_t channel, day, sign, minor;
	bool beneficiaries;
	struct fault *fault;
	bool ok;
};

static void add_payout(void *context, const struct cell *row)
{
	struct wanted *wanted = context;
	struct spent money;

	spent_take(wanted->journal, row, &money);
	wanted->ok = add(wanted->journal, wanted->channel, wanted->day, &money, wanted->sign * money.minor,
		wanted->beneficiaries, wanted->fault);
}

static bool change(struct journal *journal, const struct attempt *attempt, int64_t sign, struct fault *fault)
{
	struct wanted wanted = {.journal = journal,
		.channel = attempt->channel,
		.day = attempt->claim_day,
		.sign = sign,
		.fault = fault,
		.ok = true};
	bool counted = false, found = false;

	if (!day_get(journal, attempt->channel, attempt->claim_day, &counted, &wanted.beneficiaries, fault))
		return false;
	return !counted ||
	       (store_one(journal, SPENT_MONEY, CELLS(cell_number(attempt->id)), add_payout, &wanted, &found, fault) &&
		       wanted.ok);
}

static bool spends(const struct attempt *attempt)
{
	return attempt->claim_day != 0 && (SPENDING_STATES & STATE_SET(attempt->state)) != 0;
}

bool spending_moved(
	struct journal *journal, const struct attempt *before, const struct attempt *after, struct fault *fault)
{
	bool was = spends(before), is = spends(after), ok;

	if (was == is && (!is || before->claim_day == after->claim_day))
		return true;
	tick("spending.before_change");
	ok = (!was || change(journal, before, -1, fault)) && (!is || change(journal, after, 1, fault));
	tick("spending.change");
	return ok;
}

static bool add_claims(struct journal *journal, int64_t channel, int64_t day, bool beneficiaries, struct fault *fault)
{
	struct store_cursor *cursor = spent_claims(journal, channel, day, fault);
	const struct cell *row = NULL;
	struct spent money;
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		spent_take(journal, row, &money);
		ok = add(journal, channel, day, &money, money.minor, beneficiaries, fault);
	}
	journal->backend->done(cursor);
	return ok;
}

bool journal_spending_count(
	struct journal *journal, int64_t channel, int64_t day, bool beneficiaries, struct fault *fault)
{
	bool counted = false, each = false;

	assert(journal->writing && day > 0);
	if (!day_get(journal, channel, day, &counted, &each, fault))
		return false;
	if (counted && (each || !beneficiaries))
		return true;
	return store_run(journal, SPENT_CLEAR, CELLS(cell_number(channel), cell_number(day)), NULL, fault) &&
	       add_claims(journal, channel, day, beneficiaries, fault) &&
	       store_run(journal, SPENT_DAY_SET,
		       CELLS(cell_number(channel), cell_number(day), cell_number(beneficiaries)), NULL, fault);
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static bool sum_claims(struct journal *journal, int64_t channel, int64_t day, struct text currency, unsigned decimals,
	int64_t *minor, struct fault *fault)
{
	struct store_cursor *cursor = spent_claims(journal, channel, day, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		if (text_equal(row[0].text, currency) && row[1].number == (int64_t)decimals &&
			!money_add(minor, row[2].number))
			*minor = INT64_MAX;
	journal->backend->done(cursor);
	return ok;
}

bool journal_spent(struct journal *journal, int64_t channel, int64_t day, struct text currency, unsigned decimals,
	int64_t *minor, struct fault *fault)
{
	bool counted = false, each = false, found = false;

	*minor = 0;
	if (!day_get(journal, channel, day, &counted, &each, fault))
		return false;
	if (!counted)
		return sum_claims(journal, channel, day, currency, decimals, minor, fault);
	return store_number(journal, SPENT_GET,
		CELLS(cell_number(channel), cell_number(day), nobody(), cell_text(currency),
			cell_number((int64_t)decimals)),
		minor, &found, fault);
}

static void ask_payout(void *context, const struct cell *row)
{
	struct wanted *wanted = context;
	struct spent spent;
	bool found = false;

	spent_take(wanted->journal, row, &spent);
	wanted->ok = store_number(wanted->journal, SPENT_GET,
		CELLS(cell_number(wanted->channel), cell_number(wanted->day), beneficiary_cell(spent.beneficiary),
			cell_text(spent.currency), cell_number(spent.decimals)),
		&wanted->minor, &found, wanted->fault);
}

bool journal_spent_on(
	struct journal *journal, const struct attempt *attempt, int64_t day, int64_t *minor, struct fault *fault)
{
	struct wanted wanted = {
		.journal = journal, .channel = attempt->channel, .day = day, .fault = fault, .ok = true};
	bool counted = false, each = false, found = false;

	*minor = 0;
	if (!day_get(journal, attempt->channel, day, &counted, &each, fault))
		return false;
	assert(counted && each);
	if (!store_one(journal, SPENT_MONEY, CELLS(cell_number(attempt->id)), ask_payout, &wanted, &found, fault))
		return false;
	*minor = wanted.minor;
	return wanted.ok;
}
