/* The sums of counted days, made again from the attempts. */
#include <stdlib.h>
#include <string.h>

#include "base/sorter.h"
#include "journal/spending_inside.h"
#include "journal/verify.h"
#include "values/money.h"

#define CURRENCIES_MAX 256 /* of one day on one channel: as many as a file may have */

/* The sums of one day, made again: sorted by beneficiary, then by the place of the currency in the list. */
struct again {
	struct verify *verify;
	int64_t channel, day;
	bool beneficiaries;
	struct sorter *sorter;
	struct {
		char code[CURRENCY_SIZE];
		int64_t decimals;
	} currencies[CURRENCIES_MAX];
	uint64_t count;
	int64_t groups; /* whose sum is not 0 */
};

static void tell(const struct again *again)
{
	verify_break(again->verify, "JOURNAL_LIMITS", "the sums of channel %lld on %lld are not those of its claims",
		(long long)again->channel, (long long)again->day);
}

static bool currency_place(struct again *again, const struct spent *money, uint64_t *place)
{
	for (*place = 0; *place < again->count; ++*place)
		if (again->currencies[*place].decimals == money->decimals &&
			text_is(money->currency, again->currencies[*place].code))
			return true;
	if (again->count == CURRENCIES_MAX || money->currency.len >= CURRENCY_SIZE)
		return false;
	memcpy(again->currencies[*place].code, money->currency.ptr, money->currency.len);
	again->currencies[*place].decimals = money->decimals;
	again->count++;
	return true;
}

static bool make(struct again *again, bool *readable, struct fault *fault)
{
	struct journal *journal = again->verify->journal;
	struct store_cursor *cursor = spent_claims(journal, again->channel, again->day, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	*readable = true;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		struct record record = {.key = {0, 0}};
		struct spent money;

		spent_take(journal, row, &money);
		*readable = *readable && currency_place(again, &money, &record.key[1]);
		record.value[0] = (uint64_t)money.minor;
		ok = sorter_add(again->sorter, &record, fault); /* key 0: of the channel as a whole */
		for (int i = 0; i < BENEFICIARY_BYTES; i++)
			record.key[0] = record.key[0] << 8 | money.beneficiary[i];
		ok = ok && (!again->beneficiaries || sorter_add(again->sorter, &record, fault));
	}
	journal->backend->done(cursor);
	return ok;
}

static bool compare_group(
	struct again *again, const struct record *group, int64_t minor, bool *same, struct fault *fault)
{
	struct journal *journal = again->verify->journal;
	uint8_t digest[BENEFICIARY_BYTES];
	int64_t kept = 0;
	bool found = false;

	if (minor == 0)
		return true;
	again->groups++;
	for (int i = 0; i < BENEFICIARY_BYTES; i++)
		digest[i] = (uint8_t)(group->key[0] >> (56 - 8 * i));
	if (!store_number(journal, SPENT_GET,
		    CELLS(cell_number(again->channel), cell_number(again->day),
			    group->key[0] != 0 ? beneficiary_cell(digest) : nobody(),
			    cell_text(text_of(again->currencies[group->key[1]].code)),
			    cell_number(again->currencies[group->key[1]].decimals)),
		    &kept, &found, fault))
		return false;
	*same = *same && found && kept == minor;
	return true;
}

static bool compare(struct again *again, bool *same, struct fault *fault)
{
	struct journal *journal = again->verify->journal;
	struct record record, group = {.key = {0, 0}};
	int64_t minor = 0, kept = 0;
	bool found = true, any = false, ok = sorter_rewind(again->sorter, fault);

	while (ok && found) {
		ok = sorter_next(again->sorter, &record, &found, fault);
		if (ok && any && (!found || memcmp(record.key, group.key, sizeof(group.key)) != 0)) {
			ok = compare_group(again, &group, minor, same, fault);
			minor = 0;
		}
		if (ok && found && !money_add(&minor, (int64_t)record.value[0]))
			*same = false;
		group = record;
		any = true;
	}
	ok = ok && store_number(journal, SPENT_COUNT, CELLS(cell_number(again->channel), cell_number(again->day)),
			   &kept, &found, fault);
	*same = *same && kept == again->groups;
	return ok;
}

static bool verify_day(struct verify *verify, const struct cell *row, struct fault *fault)
{
	const char *folder = getenv("TMPDIR");
	struct again *again = memory_new(sizeof(*again));
	bool readable = true, same = true, ok;

	again->verify = verify;
	again->channel = row[0].number;
	again->day = row[1].number;
	again->beneficiaries = row[2].number != 0;
	again->sorter = sorter_new(folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	ok = make(again, &readable, fault) && (!readable || compare(again, &same, fault));
	if (ok && (!readable || !same))
		tell(again);
	sorter_free(again->sorter);
	free(again);
	return ok;
}

bool verify_spending(struct verify *verify, struct fault *fault)
{
	struct store_cursor *cursor = store_query(verify->journal, SPENT_DAY_LIST, NO_CELLS, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	while (ok && (ok = verify->journal->backend->next(cursor, &row, fault)) && row != NULL)
		ok = verify_day(verify, row, fault);
	verify->journal->backend->done(cursor);
	return ok;
}
