/*
 * Recover where a look-up reads a list (mollie): nothing found counts only when what the journal forgot could be in it.
 * The provider's answers are lists that this program makes; a real journal stands behind its head.
 */
#include "tests/receive_journal.h"

#include <time.h>

#include "providers/catalog.h"
#include "run/ask.h"
#include "run/recover.h"

#define MINUTE INT64_C(60000)
#define MOLLIE                                                                                                         \
	"[channel m]\nprovider = mollie\nbase_url = http://127.0.0.1:9/mollie\napi_key = access_x\ntestmode = "        \
	"yes\nallow_all = yes\n"
#define MOLLIE_HEAD "reference,channel,amount,currency,balance_id"
/* No look-up. */
#define CIRCLE                                                                                                         \
	"[channel m]\nprovider = circle\nmode = address_book\nbase_url = http://127.0.0.1:9/circle\napi_key = x\n"     \
	"source_wallet = 1000000001\n"
#define CIRCLE_HEAD "reference,channel,amount,currency,beneficiary_id"

/* --- a fake of run/ask.h ------------------------------------------------------------------------------------------ */

static struct {
	struct stage *stage;
	struct buf entries; /* of the list */
	int count;
	int asked;
	int64_t open_since_ms, last_sent_ms; /* of the last question */
	bool beside;                         /* a person moves the next one that recover looks at */
} fake;

struct ask *ask_open(struct stage *stage, struct fault *fault)
{
	(void)fault;
	fake.stage = stage;
	return (struct ask *)&fake;
}

void ask_close(struct ask *ask)
{
	(void)ask;
}

enum ask_end ask_one(struct ask *ask, const struct channel *channel, enum operation operation, struct call *call,
	struct arena *arena, struct ask_answer *answer, struct fault *fault)
{
	struct buf body = {0};
	struct http_answer http = {.outcome = HTTP_ANSWERED, .status = 200, .code = "", .retry_after_ms = -1};

	(void)ask, (void)channel, (void)fault;
	assert_int_equal(operation, OPERATION_LOOKUP);
	memset(answer, 0, sizeof(*answer));
	call->now_utc_ms = clock_now(fake.stage->clock).utc_ms;
	fake.asked++;
	fake.open_since_ms = call->open_since_utc_ms;
	fake.last_sent_ms = call->last_sent_utc_ms;
	buf_addf(&body, "{\"count\":%d,\"_embedded\":{\"payouts\":[%s]},\"_links\":{\"next\":null}}", fake.count,
		buf_str(&fake.entries));
	http.body = buf_text(&body);
	http.date_ms = call->now_utc_ms;
	catalog_adapter(channel->provider)->read(operation, call, &http, arena, &answer->receipt);
	buf_release(&body);
	return ASK_ANSWERED;
}

/* As approve does beside it: held becomes ready. */
static bool move_beside(struct journal *journal, const struct attempt *attempt, struct fault *fault)
{
	struct attempt after = *attempt;
	enum move_result result = MOVE_LOST;

	fake.beside = false;
	after.payload = TEXT("");
	after.state = PAYOUT_READY;
	if (attempt->state == PAYOUT_READY)
		after.reason = TEXT("looked at");
	return journal_begin(journal, fault) && journal_move(journal, attempt, &after, TEXT(""), &result, fault) &&
	       journal_commit(journal, fault) && result == MOVE_DONE;
}

bool ask_fill(struct stage *stage, const struct channel *channel, const struct attempt *attempt, struct arena *arena,
	struct call *call, struct fault *fault)
{
	struct journal_payout payout;
	struct buf payload = {0};
	bool found = false;

	memset(call, 0, sizeof(*call));
	if (!journal_payout_get(stage->journal, attempt->payout, arena, &payout, &found, fault) ||
		(fake.beside && !move_beside(stage->journal, attempt, fault)))
		return false;
	call->channel = channel;
	call->content = payout.content;
	call->currency = payout.currency;
	call->amount_minor = payout.amount_minor + attempt->fixed_minor;
	call->decimals = payout.decimals;
	call->key = attempt->key;
	call->open_since_utc_ms = attempt->open_since;
	call->last_sent_utc_ms = attempt->last_sent;
	catalog_adapter(channel->provider)->freeze(call, &payload);
	call->payload = text_copy(arena, buf_text(&payload));
	buf_release(&payload);
	return true;
}

const struct channel *ask_channel(struct stage *stage, int64_t id, struct fault *fault)
{
	(void)id, (void)fault;
	return config_channel(stage->config, TEXT("m"));
}

/* --- a journal behind its head ------------------------------------------------------------------------------------ */

static int64_t real_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A journal with these rows; the run that it forgot has written the head now. */
static struct place *place_behind_at(const char *settings, const char *head, const char *rows, bool hold)
{
	struct place *place = place_with_journal(settings);
	struct receive_options options;
	struct buf text = {0};
	int64_t recovered = 0;

	memset(&fake, 0, sizeof(fake));
	place->now.utc_ms = real_now_ms();
	buf_addf(&text, "%s\n%s", head, rows);
	options = options_of(put(place, "pay.csv", buf_str(&text)));
	options.hold = hold;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	must(journal_lease_take(place->stage.journal, 0, NULL, NULL, &recovered, &place->fault), &place->fault);
	buf_reset(&text);
	buf_addf(&text, "%s\t99\t%064d\n", journal_id(place->stage.journal), 7);
	put(place, "head", buf_str(&text));
	buf_release(&text);
	return place;
}

static struct place *place_behind(const char *rows)
{
	return place_behind_at(MOLLIE, MOLLIE_HEAD, rows, false);
}

static struct recover_result recover(struct place *place)
{
	struct recover_options options = {.wait_limit_ms = 0};
	struct recover_result result;
	bool same = false;

	must(run_recover(&place->stage, &options, &result, &place->fault), &place->fault);
	assert_int_equal(result.accepted, journal_head_check(place->stage.journal, &same, &(struct fault){0}));
	return result;
}

static struct attempt attempt_of(struct place *place, int64_t payout)
{
	static struct arena arena;
	struct attempt attempt;
	bool found = false;

	arena_reset(&arena);
	must(journal_attempt_of(place->stage.journal, payout, &arena, &attempt, &found, &place->fault), &place->fault);
	assert_true(found);
	attempt.provider_id = (struct text){0};
	arena_release(&arena);
	return attempt;
}

static void leave(struct place *place)
{
	expect_sound(place);
	buf_release(&fake.entries);
	place_close(place);
}

/* An entry of the list with the tag of the payout's key. */
static void list_entry(struct place *place, int64_t payout, const char *amount)
{
	struct attempt attempt = attempt_of(place, payout);
	char created[CLOCK_ISO_SIZE];

	clock_iso_s(place->now.utc_ms - 5 * MINUTE, created);
	buf_addf(&fake.entries,
		"{\"resource\":\"payout\",\"id\":\"payout_1\",\"mode\":\"test\",\"balanceId\":\"bal_x\",\"amount\":"
		"{\"currency\":\"EUR\",\"value\":\"%s\"},\"description\":\"[",
		amount);
	buf_add_hex(&fake.entries, attempt.key.bytes, 6);
	buf_addf(&fake.entries,
		"]\",\"status\":\"requested\",\"statusReason\":{\"code\":\"requested\"},\"createdAt\":\"%.19s+00:00\"}",
		created);
	fake.count++;
}

static void what_may_have_been_sent_minutes_ago_is_not_taken_for_absent(void **state)
{
	struct place *place = place_behind("A,m,5,EUR,bal_x\nB,m,6,EUR,bal_y\n");
	int64_t head_ms = real_now_ms(), again_ms = -1;
	struct recover_result result;

	(void)state;
	place->now.utc_ms += MINUTE;
	result = recover(place);
	assert_int_equal(result.early, 2);
	assert_int_equal(result.absent + result.unclear, 0);
	assert_false(result.accepted);
	assert_in_range(result.again_utc_ms, head_ms + 70 * MINUTE - 5000, head_ms + 70 * MINUTE + 15000);
	assert_true(fake.open_since_ms != 0);
	place->now.utc_ms = result.again_utc_ms - 1;
	assert_int_equal(recover(place).early, 2);
	assert_true(journal_recovered_ms(place->stage.journal, &again_ms, &place->fault) && again_ms == 0);
	place->now.utc_ms = result.again_utc_ms;
	result = recover(place);
	assert_int_equal(result.absent, 2);
	assert_true(result.accepted);
	assert_int_equal(attempt_of(place, 1).state, PAYOUT_READY);
	assert_int_equal(attempt_of(place, 1).sends, 0);
	leave(place);
}

static void without_a_head_file_the_time_begins_with_the_first_recover(void **state)
{
	static const char *const heads[] = {NULL, "", "0123\t1\tabc\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct place *place = place_behind("A,m,5,EUR,bal_x\n");
		struct recover_result result;

		if (heads[i] == NULL)
			unlink(path_of(place, "head"));
		else
			put(place, "head", heads[i]);
		place->now.utc_ms += 100 * MINUTE; /* whatever stood there may have been written a moment ago */
		result = recover(place);
		assert_int_equal(result.early, 1);
		assert_in_range(result.again_utc_ms, place->now.utc_ms + 70 * MINUTE - 1000,
			place->now.utc_ms + 70 * MINUTE + 1000);
		result = recover(place); /* the mark was put there in real time: 100 minutes ago */
		assert_int_equal(result.absent, 1);
		assert_true(result.accepted);
		leave(place);
	}
}

static int64_t recovered_ms(struct place *place)
{
	int64_t utc_ms = 0;

	must(journal_recovered_ms(place->stage.journal, &utc_ms, &place->fault), &place->fault);
	return utc_ms;
}

static void what_is_in_the_list_is_found_at_once(void **state)
{
	struct place *place = place_behind("A,m,5,EUR,bal_x\n");
	struct recover_result result;

	(void)state;
	list_entry(place, 1, "5.00");
	assert_true(recovered_ms(place) == 0);
	result = recover(place);
	assert_int_equal(result.found, 1);
	assert_true(result.accepted);
	assert_true(recovered_ms(place) == place->now.utc_ms); /* what was received later may have been sent before */
	assert_int_equal(attempt_of(place, 1).state, PAYOUT_ACCEPTED);
	leave(place);
}

static void the_amount_of_all_is_what_the_list_says(void **state)
{
	struct place *place = place_behind("A,m,ALL,EUR,bal_x\n");
	struct recover_result result;
	struct journal_sums sums;
	struct arena arena = {0};

	(void)state;
	list_entry(place, 1, "812.34");
	result = recover(place);
	assert_int_equal(result.found, 1);
	assert_int_equal(attempt_of(place, 1).fixed_minor, 81234);
	must(journal_sums(place->stage.journal, 0, &arena, &sums, &place->fault), &place->fault);
	assert_true(sums.balanced && sums.in[0].minor == 81234);
	arena_release(&arena);
	leave(place);
}

static void what_was_unknown_may_have_been_sent_again(void **state)
{
	struct place *place = place_behind("A,m,5,EUR,bal_x\n");
	struct attempt before = attempt_of(place, 1), after = before;
	enum move_result moved = MOVE_LOST;
	int64_t first_ms = place->now.utc_ms - 3 * MINUTE;

	(void)state;
	after.state = PAYOUT_SENDING;
	after.sends = 1;
	after.open_since = after.last_sent = first_ms;
	after.payload = TEXT("{}");
	must(journal_begin(place->stage.journal, &place->fault), &place->fault);
	must(journal_move(place->stage.journal, &before, &after, TEXT(""), &moved, &place->fault), &place->fault);
	before = after;
	after.state = PAYOUT_UNKNOWN;
	after.payload = TEXT("");
	before.payload = TEXT("");
	must(journal_move(place->stage.journal, &before, &after, TEXT(""), &moved, &place->fault), &place->fault);
	journal_head_hold(place->stage.journal, true);
	must(journal_commit(place->stage.journal, &place->fault), &place->fault);
	recover(place);
	after = attempt_of(place, 1);
	assert_int_equal(after.open_since, first_ms);
	assert_true(after.last_sent > first_ms + 2 * MINUTE);
	leave(place);
}

/* Whoever resends it has to have its payload: what nobody released has none. */
static bool has_payload(struct place *place, int64_t payout)
{
	struct arena arena = {0};
	struct attempt attempt;
	bool found = false;

	must(journal_attempt_get(
		     place->stage.journal, attempt_of(place, payout).id, &arena, &attempt, &found, &place->fault),
		&place->fault);
	found = attempt.payload.len > 0;
	arena_release(&arena);
	return found;
}

static void without_a_look_up_what_was_ready_may_be_repeated_and_what_was_held_is_for_a_person(void **state)
{
	(void)state;
	for (int hold = 0; hold < 2; hold++) {
		struct place *place =
			place_behind_at(CIRCLE, CIRCLE_HEAD, "A,m,5,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001\n", hold);
		struct recover_result result = recover(place);

		assert_true(result.accepted);
		assert_int_equal(result.repeats, !hold);
		assert_int_equal(result.person, hold);
		assert_int_equal(attempt_of(place, 1).state, PAYOUT_UNKNOWN);
		assert_int_equal(has_payload(place, 1), !hold);
		leave(place);
	}
}

static void without_a_look_up_what_waits_for_its_date_was_not_sent(void **state)
{
	struct place *place;
	char row[128], day[CLOCK_ISO_SIZE];

	(void)state;
	clock_iso_s(real_now_ms() + INT64_C(3) * 24 * 60 * MINUTE, day);
	(void)snprintf(row, sizeof row, "A,m,5,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001,%.10s\n", day);
	place = place_behind_at(CIRCLE, CIRCLE_HEAD ",execution_date", row, false);
	assert_true(recover(place).accepted);
	assert_int_equal(attempt_of(place, 1).state, PAYOUT_HELD);
	leave(place);
}

static void what_a_person_moved_meanwhile_keeps_the_journal_behind(void **state)
{
	static const char row[] = "A,m,5,USD,9c4f1d3e-0a51-4c70-8f6b-51a2a7f00001\n";
	struct place *place;
	struct recover_result result;

	(void)state;
	for (int hold = 0; hold < 2; hold++) {
		place = place_behind_at(CIRCLE, CIRCLE_HEAD, row, hold);
		fake.beside = true;
		result = recover(place);
		assert_int_equal(result.unclear, 1);
		assert_int_equal(result.repeats + result.person, 0);
		assert_false(result.accepted);
		assert_int_equal(attempt_of(place, 1).state, PAYOUT_READY);
		assert_true(recover(place).accepted);
		assert_int_equal(attempt_of(place, 1).state, PAYOUT_UNKNOWN);
		leave(place);
	}
	place = place_behind("A,m,5,EUR,bal_x\n");
	list_entry(place, 1, "5.00");
	fake.beside = true;
	result = recover(place);
	assert_int_equal(result.found, 0);
	assert_false(result.accepted);
	result = recover(place);
	assert_int_equal(result.found, 1);
	assert_true(result.accepted);
	leave(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_have_been_sent_minutes_ago_is_not_taken_for_absent),
		cmocka_unit_test(without_a_head_file_the_time_begins_with_the_first_recover),
		cmocka_unit_test(what_is_in_the_list_is_found_at_once),
		cmocka_unit_test(the_amount_of_all_is_what_the_list_says),
		cmocka_unit_test(what_was_unknown_may_have_been_sent_again),
		cmocka_unit_test(without_a_look_up_what_was_ready_may_be_repeated_and_what_was_held_is_for_a_person),
		cmocka_unit_test(without_a_look_up_what_waits_for_its_date_was_not_sent),
		cmocka_unit_test(what_a_person_moved_meanwhile_keeps_the_journal_behind),
	};
	return cmocka_run_group_tests_name("recover", tests, NULL, NULL);
}
