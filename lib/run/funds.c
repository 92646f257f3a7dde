#include "run/funds.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "providers/catalog.h"
#include "values/money.h"
#include "values/payout.h"

#define NEED_ROWS 256 /* of one read of the journal */

/* Equal amounts of a line have equal fees. */
struct funds_amount {
	int line;
	int64_t minor;
	int64_t count;
};

void funds_init(struct funds *funds, struct stage *stage)
{
	memset(funds, 0, sizeof *funds);
	funds->stage = stage;
	funds->lines = memory_new(sizeof *funds->lines * FUNDS_LINES_MAX);
	funds->amounts = memory_new(sizeof *funds->amounts * FUNDS_AMOUNTS_MAX);
	funds->channel_count = stage->config->channel_count;
	for (int i = 0; i < funds->channel_count; i++)
		funds->channels[i].channel = &stage->config->channels[i];
}

void funds_release(struct funds *funds)
{
	free(funds->lines);
	free(funds->amounts);
	arena_release(&funds->arena);
	memset(funds, 0, sizeof *funds);
}

/* --- what is needed ----------------------------------------------------------------------------------------------- */

static struct text balance_of(const struct channel *channel, struct text content)
{
	const struct adapter *adapter = catalog_adapter(channel->provider);
	struct call call = {.channel = channel, .content = content};

	return adapter != NULL && adapter->pays_from != NULL ? adapter->pays_from(&call) : TEXT("");
}

static bool is_line(
	const struct funds_line *line, const struct channel *channel, struct text balance, struct text currency)
{
	return line->channel == channel && text_is(currency, line->currency) && text_equal(line->balance, balance);
}

/* The line, a new one where there is none; NULL: there is no room. */
static struct funds_line *line_of(
	struct funds *funds, const struct channel *channel, struct text balance, struct text currency)
{
	if (funds->last < funds->count && is_line(&funds->lines[funds->last], channel, balance, currency))
		return &funds->lines[funds->last];
	for (funds->last = 0; funds->last < funds->count; funds->last++)
		if (is_line(&funds->lines[funds->last], channel, balance, currency))
			return &funds->lines[funds->last];
	if (funds->count == FUNDS_LINES_MAX || currency.len >= CURRENCY_SIZE)
		return NULL;
	struct funds_line *line = &funds->lines[funds->count++];
	*line = (struct funds_line){.channel = channel, .balance = text_copy(&funds->arena, balance)};
	memcpy(line->currency, currency.ptr, currency.len);
	return line;
}

static int amount_compare(const struct funds_amount *amount, int line, int64_t minor)
{
	if (amount->line != line)
		return amount->line < line ? -1 : 1;
	return (amount->minor > minor) - (amount->minor < minor);
}

/* Kept in order, for the search. Where there is no room the fees of the line are asked for its sum. */
static void add_amount(struct funds *funds, struct funds_line *line, int64_t minor)
{
	int place = (int)(line - funds->lines), low = 0, high = funds->amount_count;
	while (low < high) {
		int middle = low + (high - low) / 2;
		if (amount_compare(&funds->amounts[middle], place, minor) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < funds->amount_count && amount_compare(&funds->amounts[low], place, minor) == 0) {
		funds->amounts[low].count++;
		return;
	}
	if (funds->amount_count == FUNDS_AMOUNTS_MAX) {
		line->fees_at_least = true;
		return;
	}
	memmove(&funds->amounts[low + 1], &funds->amounts[low],
		(size_t)(funds->amount_count++ - low) * sizeof *funds->amounts);
	funds->amounts[low] = (struct funds_amount){place, minor, 1};
}

void funds_need(struct funds *funds, const struct channel *channel, struct text content, struct text currency,
	unsigned decimals, int64_t amount_minor)
{
	ptrdiff_t place = channel - funds->stage->config->channels;
	struct funds_line *line = line_of(funds, channel, balance_of(channel, content), currency);
	assert(place >= 0 && place < funds->channel_count);
	funds->channels[place].concerned = true;
	if (line == NULL || !decimal_add(&line->needed, decimal_of(amount_minor, decimals))) {
		funds->left_out++;
		return;
	}
	if (line->count++ == 0) {
		line->decimals = decimals;
		line->least_minor = amount_minor;
		line->content = text_copy(&funds->arena, content);
	}
	if (amount_minor < line->least_minor)
		line->least_minor = amount_minor;
	if (catalog_adapter(channel->provider)->has_fees)
		add_amount(funds, line, amount_minor);
}

/* --- of a batch --------------------------------------------------------------------------------------------------- */

/* The configured channel of one of the journal; *channel NULL: there is none of that name. */
static bool find_channel(struct funds *funds, int64_t id, const struct channel **channel, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_channel known;
	bool found = false, fine = journal_channel_get(funds->stage->journal, id, &arena, &known, &found, fault);
	*channel = fine && found ? config_channel(funds->stage->config, text_of(known.name)) : NULL;
	arena_release(&arena);
	return fine;
}

static bool need_attempt(struct funds *funds, const struct attempt *attempt, struct arena *arena, struct fault *fault)
{
	struct journal_payout payout;
	const struct channel *channel;
	bool found = false;
	if (attempt->state == PAYOUT_UNKNOWN || attempt->state == PAYOUT_SENDING) {
		funds->unknown++;
		return true;
	}
	if (!find_channel(funds, attempt->channel, &channel, fault) ||
		!journal_payout_get(funds->stage->journal, attempt->payout, arena, &payout, &found, fault))
		return false;
	if (!found || channel == NULL || catalog_adapter(channel->provider) == NULL)
		funds->left_out++;
	else
		funds_need(funds, channel, payout.content, payout.currency, payout.decimals,
			payout.amount_minor + attempt->fixed_minor);
	return true;
}

bool funds_need_batch(struct funds *funds, int64_t batch, struct fault *fault)
{
	struct attempt_filter filter = {.batch = batch,
		.states = STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_HELD) | STATE_SET(PAYOUT_UNKNOWN) |
			  STATE_SET(PAYOUT_SENDING),
		.newest_only = true};
	struct attempt *list = memory_new(sizeof *list * NEED_ROWS);
	struct arena arena = {0};
	int count = NEED_ROWS;
	bool fine = true;
	while (fine && count == NEED_ROWS) {
		arena_reset(&arena);
		if (stage_stopped(funds->stage))
			fine = fault_set(fault, FAULT_STOPPED, "", "Run it again.", "stopped by a signal");
		fine = fine &&
		       journal_attempt_list(funds->stage->journal, &filter, &arena, list, NEED_ROWS, &count, fault);
		for (int i = 0; fine && i < count; i++)
			fine = need_attempt(funds, &list[i], &arena, fault);
		if (fine && count > 0)
			filter.after = list[count - 1].id;
	}
	arena_release(&arena);
	free(list);
	return fine;
}

static void tally_row(void *context, const struct payout *payout)
{
	funds_need(context, payout->terms->channel, payout->content, text_of(payout->currency), payout->decimals,
		payout->amount_minor);
}

static bool tally_batch(void *context, int64_t batch, struct fault *fault)
{
	return funds_need_batch(context, batch, fault);
}

struct receive_tally funds_tally_rows(struct funds *funds)
{
	return (struct receive_tally){.row = tally_row, .context = funds};
}

struct receive_tally funds_tally_batch(struct funds *funds)
{
	return (struct receive_tally){.batch = tally_batch, .context = funds};
}

/* --- what is there ------------------------------------------------------------------------------------------------ */

struct asking {
	struct funds *funds;
	struct ask *ask;
	struct funds_channel *to;
	const struct adapter *adapter;
	struct arena arena; /* of one answer */
	struct fault *fault;
};

/* One question. False: there is no use in going on with this channel, or at all where a fault of ours is set. */
static bool ask_channel_for(
	struct asking *asking, enum operation operation, struct call *call, struct ask_answer *answer)
{
	enum ask_end end =
		ask_one(asking->ask, asking->to->channel, operation, call, &asking->arena, answer, asking->fault);
	if (end == ASK_ANSWERED && answer->receipt.verdict == VERDICT_ACCEPTED)
		return true;
	if (end == ASK_STOPPED)
		fault_set(asking->fault, FAULT_STOPPED, "", "Run it again.", "stopped by a signal");
	else if (end != ASK_FAULT)
		ask_fault(asking->to->channel, end, answer, &asking->to->fault);
	return false;
}

static void take_balance(struct asking *asking, struct text balance, const struct balance *told)
{
	struct funds_line *line = line_of(asking->funds, asking->to->channel, balance, told->currency);
	struct decimal available;
	if (line == NULL || !decimal_parse(told->amount, &available))
		return;
	line->told = line->listed = true;
	line->available = available;
	line->pending_told = decimal_parse(told->pending, &line->pending);
}

/* What was listed as nothing is nothing. */
static void end_balances(struct asking *asking, bool of_one, struct text balance)
{
	for (int i = 0; i < asking->funds->count; i++) {
		struct funds_line *line = &asking->funds->lines[i];
		if (line->channel == asking->to->channel && (!of_one || text_equal(line->balance, balance)))
			line->told = true;
	}
}

/* All pages. content: of a payout whose balance is asked for, where the adapter tells of one at a time. */
static bool ask_balances(struct asking *asking, struct text content)
{
	bool each = asking->adapter->funds_each;
	struct call call = {.channel = asking->to->channel, .content = content};
	struct text balance = balance_of(asking->to->channel, content);
	struct ask_answer answer;
	struct buf cursor = {0};
	bool fine = true, more = true;
	for (int pages = 0; fine && more && pages < BOUND_LIST_PAGES; pages++) {
		arena_reset(&asking->arena);
		call.cursor = buf_text(&cursor);
		fine = ask_channel_for(asking, OPERATION_FUNDS, &call, &answer);
		for (int i = 0; fine && i < answer.receipt.balance_count; i++)
			take_balance(
				asking, each ? balance : answer.receipt.balances[i].id, &answer.receipt.balances[i]);
		more = fine && answer.receipt.next_cursor.len > 0;
		buf_reset(&cursor);
		if (more)
			buf_addt(&cursor, answer.receipt.next_cursor);
		else if (fine && answer.receipt.balance_count == 0 && answer.receipt.reason.len > 0 && pages == 0)
			asking->to->untold = text_copy(&asking->funds->arena, answer.receipt.reason);
	}
	if (fine && asking->to->untold.len == 0)
		end_balances(asking, each, balance);
	buf_release(&cursor);
	return fine;
}

/* Each balance that some payout is paid from, and the channel's own. */
static bool ask_each(struct asking *asking)
{
	struct funds *funds = asking->funds;
	int needs = funds->count;
	if (!ask_balances(asking, TEXT("")))
		return false;
	for (int i = 0; asking->adapter->funds_each && i < needs; i++)
		if (funds->lines[i].channel == asking->to->channel && !funds->lines[i].told &&
			!ask_balances(asking, funds->lines[i].content))
			return false;
	return true;
}

/* --- fees --------------------------------------------------------------------------------------------------------- */

struct fee_round {
	struct fee_question questions[FEE_QUESTIONS_MAX];
	int lines[FEE_QUESTIONS_MAX];
	int64_t counts[FEE_QUESTIONS_MAX];
	size_t count;
};

/* What the sender is debited beyond the amount, for so many payouts. Where not each payout was asked for the larger of
 * what is certain counts: the fee of the sum, and that of the smallest one for each. */
static bool add_fee(
	struct funds_line *line, const struct fee_question *question, const struct fee_answer *answer, int64_t count)
{
	struct decimal beyond, fee, all = line->fees_at_least ? (struct decimal){0, 0} : line->fees;
	if (!decimal_parse(answer->amount, &beyond) || !decimal_parse(answer->fee, &fee) ||
		!decimal_add(&beyond, fee) ||
		!decimal_subtract(&beyond, decimal_of(question->amount_minor, question->decimals)) ||
		!decimal_add_times(&all, beyond, count))
		return false;
	if (!line->fees_at_least || decimal_compare(all, line->fees) > 0)
		line->fees = all;
	return true;
}

/* Asks what stands in the round and empties it. */
static bool ask_round(struct asking *asking, struct fee_round *round)
{
	struct call call = {
		.channel = asking->to->channel, .fee_questions = round->questions, .fee_question_count = round->count};
	struct ask_answer answer;
	if (round->count == 0)
		return true;
	arena_reset(&asking->arena);
	if (!ask_channel_for(asking, OPERATION_FEES, &call, &answer))
		return false;
	assert(answer.receipt.fee_count == round->count);
	for (size_t i = 0; i < round->count; i++) {
		struct funds_line *line = &asking->funds->lines[round->lines[i]];
		line->fees_told = add_fee(line, &round->questions[i], &answer.receipt.fees[i], round->counts[i]);
	}
	round->count = 0;
	return true;
}

static bool ask_amount(struct asking *asking, struct fee_round *round, int place, int64_t minor, int64_t count)
{
	const struct funds_line *line = &asking->funds->lines[place];
	round->questions[round->count] = (struct fee_question){text_of(line->currency), minor, line->decimals};
	round->lines[round->count] = place;
	round->counts[round->count++] = count;
	return round->count < FEE_QUESTIONS_MAX || ask_round(asking, round);
}

/* The sum of a line as one amount, where it can be written as one, and its smallest one. */
static bool ask_bounds(struct asking *asking, struct fee_round *round, int place)
{
	const struct funds_line *line = &asking->funds->lines[place];
	struct buf text = {0};
	int64_t minor = 0;
	decimal_text(&text, line->needed, 0);
	bool written = money_parse(buf_text(&text), line->decimals, '.', &minor) == MONEY_VALID;
	buf_release(&text);
	return (!written || ask_amount(asking, round, place, minor, 1)) &&
	       ask_amount(asking, round, place, line->least_minor, line->count);
}

static bool ask_fees(struct asking *asking)
{
	struct funds *funds = asking->funds;
	struct fee_round round = {.count = 0};
	for (int i = 0; i < funds->count; i++)
		if (funds->lines[i].channel == asking->to->channel && funds->lines[i].fees_at_least &&
			!ask_bounds(asking, &round, i))
			return false;
	for (int i = 0; i < funds->amount_count; i++) {
		const struct funds_amount *amount = &funds->amounts[i];
		const struct funds_line *line = &funds->lines[amount->line];
		if (line->channel == asking->to->channel && !line->fees_at_least &&
			!ask_amount(asking, &round, amount->line, amount->minor, amount->count))
			return false;
	}
	return ask_round(asking, &round);
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* False: a fault of our own. */
static bool ask_one_channel(struct asking *asking)
{
	struct funds_channel *to = asking->to;
	asking->adapter = catalog_adapter(to->channel->provider);
	if (asking->adapter == NULL || !asking->adapter->has_funds) {
		struct buf why = {0};
		buf_addf(&why, "%s tells no balances", provider_name(to->channel->provider));
		to->untold = text_copy(&asking->funds->arena, buf_text(&why));
		buf_release(&why);
		return true;
	}
	to->asked = true;
	if (ask_each(asking) && asking->adapter->has_fees)
		(void)ask_fees(asking);
	return !asking->fault->set;
}

static bool same_credentials(const struct channel *a, const struct channel *b)
{
	for (size_t i = 0; i < a->setting_count; i++)
		if (a->settings[i].secret && !text_equal(a->settings[i].value, channel_setting(b, a->settings[i].name)))
			return false;
	return a->provider == b->provider && strcmp(a->base_url, b->base_url) == 0;
}

/* Two channels may be two ways to pay from one balance. */
static bool same_balance(const struct funds_line *a, const struct funds_line *b)
{
	return strcmp(a->currency, b->currency) == 0 && text_equal(a->balance, b->balance) &&
	       (a->channel == b->channel || same_credentials(a->channel, b->channel));
}

static void conclude(const struct funds *funds, struct funds_line *line)
{
	struct decimal by = {0, 0};
	if (!line->told || line->count == 0 || !decimal_subtract(&by, line->available))
		return;
	for (int i = 0; i < funds->count; i++) {
		const struct funds_line *other = &funds->lines[i];
		if (other->count == 0 || !same_balance(line, other))
			continue;
		line->shared = line->shared || other != line;
		if (!decimal_add(&by, other->needed) || (other->fees_told && !decimal_add(&by, other->fees)))
			return;
	}
	line->is_short = decimal_compare(by, (struct decimal){0, 0}) > 0;
	line->short_by = by;
}

static int line_compare(const void *a, const void *b)
{
	const struct funds_line *one = a, *other = b;
	if (one->channel != other->channel)
		return one->channel < other->channel ? -1 : 1;
	int order = text_compare(one->balance, other->balance);
	return order != 0 ? order : strcmp(one->currency, other->currency);
}

bool funds_ask(struct funds *funds, struct ask *ask, bool all, struct fault *fault)
{
	struct asking asking = {.funds = funds, .ask = ask, .fault = fault};
	bool fine = true;
	for (int i = 0; fine && i < funds->channel_count; i++) {
		asking.to = &funds->channels[i];
		if (all || asking.to->concerned)
			fine = ask_one_channel(&asking);
	}
	arena_release(&asking.arena);
	for (int i = 0; i < funds->count; i++)
		conclude(funds, &funds->lines[i]);
	qsort(funds->lines, (size_t)funds->count, sizeof *funds->lines, line_compare);
	return fine;
}

bool funds_short(const struct funds *funds)
{
	for (int i = 0; i < funds->count; i++)
		if (funds->lines[i].is_short)
			return true;
	return false;
}
