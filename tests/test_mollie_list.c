/* The look-up in Mollie's list, page after page: what is there is found, and what is not there is only called so when
 * the list covers the time and nothing of it is young. Single pages: tests/exchanges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/mollie.h"

#define MINUTE INT64_C(60000)
#define PAGE 5

/* What stands at Mollie: one payout every ten minutes, the newest (index 0) made now. */
struct shelf {
	int count;
	int ours; /* -1: none bears our tag */
	int mute; /* -1: none of our amount lacks its description */
	int pages_asked;
};

static void add_payout(struct buf *body, const struct shelf *shelf, int index, int64_t now_ms)
{
	char iso[CLOCK_ISO_SIZE];

	clock_iso_s(now_ms - index * 10 * MINUTE, iso);
	buf_addf(body, "%s{\"resource\":\"payout\",\"id\":\"payout_%d\",\"createdAt\":\"%s\",\"status\":\"requested\"",
		body->data[body->len - 1] == '}' ? "," : "", index, iso);
	if (index != shelf->mute)
		buf_addf(body, ",\"description\":\"No. %d %s\"", index, index == shelf->ours ? MOLLIE_TAG : "[x]");
	buf_addz(body, ",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"}}");
}

static void page_body(struct buf *body, const struct shelf *shelf, int from, int64_t now_ms)
{
	int count = shelf->count - from < PAGE ? shelf->count - from : PAGE;

	buf_reset(body);
	buf_addf(body, "{\"count\":%d,\"_embedded\":{\"payouts\":[", count);
	for (int i = from; i < from + count; i++)
		add_payout(body, shelf, i, now_ms);
	buf_addz(body, "]},\"_links\":{\"next\":");
	if (from + count < shelf->count)
		buf_addf(body, "{\"href\":\"https://x/v2/payouts?limit=5&from=payout_%d\"}}}", from + count);
	else
		buf_addz(body, "null}}");
}

/* Asks page after page, as the engine does; the receipt's texts are of the last page. */
static struct receipt look_up(struct shelf *shelf, struct call call, struct arena *arena)
{
	struct adapter_request request = {0};
	struct buf body = {0}, cursor = {0};
	struct arena scratch = {0};
	struct receipt receipt = {0};
	int64_t now_ms = call.now_utc_ms;

	shelf->pages_asked = 0;
	do {
		const char *from;

		buf_reset(&cursor);
		buf_addt(&cursor, receipt.next_cursor);
		call.cursor = buf_text(&cursor);
		assert_true(mollie_adapter.build(OPERATION_LOOKUP, &call, &scratch, &request));
		from = strstr(request.http.url, "from=payout_");
		page_body(
			&body, shelf, from != NULL ? (int)strtol(from + strlen("from=payout_"), NULL, 10) : 0, now_ms);
		receipt = mollie_receipt(OPERATION_LOOKUP, &call, 200, buf_str(&body), arena);
		shelf->pages_asked++;
		call.now_utc_ms += 30 * MINUTE; /* a slow provider makes no send older */
	} while (receipt.next_cursor.len > 0);
	buf_release(&request.url);
	buf_release(&request.body);
	buf_release(&body);
	buf_release(&cursor);
	arena_release(&scratch);
	return receipt;
}

static void what_bears_our_tag_is_found_on_every_page(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};

	(void)state;
	for (int count = 1; count <= 4 * PAGE; count++)
		for (int ours = 0; ours < count; ours++) {
			struct shelf shelf = {.count = count, .ours = ours, .mute = -1};
			struct receipt receipt;
			char id[32];

			call.open_since_utc_ms = call.last_sent_utc_ms = call.now_utc_ms - ours * 10 * MINUTE - MINUTE;
			receipt = look_up(&shelf, call, &arena);
			snprintf(id, sizeof(id), "payout_%d", ours);
			assert_int_equal(receipt.verdict, VERDICT_ACCEPTED);
			assert_true(text_is(receipt.provider_id, id));
			assert_int_equal(shelf.pages_asked, ours / PAGE + 1);
		}
	arena_release(&arena);
}

static void nothing_is_only_nothing_when_no_send_is_younger_than_seventy_minutes(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};

	(void)state;
	for (int64_t minutes = 0; minutes <= 300; minutes += 5) {
		struct shelf shelf = {.count = 10 * PAGE, .ours = -1, .mute = -1};
		struct receipt receipt;

		call.open_since_utc_ms = call.now_utc_ms - 300 * MINUTE;
		call.last_sent_utc_ms = call.now_utc_ms - minutes * MINUTE;
		receipt = look_up(&shelf, call, &arena);
		assert_int_equal(receipt.verdict, minutes >= 70 ? VERDICT_NOT_FOUND : VERDICT_UNKNOWN);
		assert_int_equal(receipt.ask_again_utc_ms, minutes >= 70 ? 0 : call.last_sent_utc_ms + 70 * MINUTE);
		/* an hour further back than the first send, and no page more */
		assert_int_equal(shelf.pages_asked, 37 / PAGE + 1);
	}
	/* the earliest send counts where the latest is not told, and a clock set back proves nothing */
	for (int i = 0; i < 2; i++) {
		struct shelf shelf = {.count = 1, .ours = -1, .mute = -1};

		call.open_since_utc_ms = call.now_utc_ms + (i == 0 ? -60 : 600) * MINUTE;
		call.last_sent_utc_ms = 0;
		assert_int_equal(look_up(&shelf, call, &arena).verdict, VERDICT_UNKNOWN);
	}
	arena_release(&arena);
}

static void a_payout_that_might_be_ours_is_not_forgotten_on_later_pages(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};

	(void)state;
	call.open_since_utc_ms = call.last_sent_utc_ms = call.now_utc_ms - 300 * MINUTE;
	for (int mute = 0; mute < 10 * PAGE; mute++) {
		struct shelf shelf = {.count = 10 * PAGE, .ours = -1, .mute = mute};
		struct receipt receipt = look_up(&shelf, call, &arena);

		/* made since an hour before the first send */
		assert_int_equal(receipt.verdict, mute <= 36 ? VERDICT_UNKNOWN : VERDICT_NOT_FOUND);
		assert_int_equal(receipt.ask_again_utc_ms, 0);
	}
	arena_release(&arena);
}

static void what_was_never_sent_is_looked_for_to_the_end_of_the_list(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};

	(void)state;
	for (int count = 0; count <= 4 * PAGE; count++) {
		struct shelf shelf = {.count = count, .ours = -1, .mute = -1};

		assert_int_equal(look_up(&shelf, call, &arena).verdict, VERDICT_NOT_FOUND);
		assert_int_equal(shelf.pages_asked, count == 0 ? 1 : (count + PAGE - 1) / PAGE);
	}
	/* refused for good a minute ago: nothing of it is open */
	struct shelf shelf = {.count = 3, .ours = -1, .mute = -1};
	call.last_sent_utc_ms = call.now_utc_ms - MINUTE;
	assert_int_equal(look_up(&shelf, call, &arena).verdict, VERDICT_NOT_FOUND);
	arena_release(&arena);
}

/* An old entry covers the time only where nothing newer can stand behind it. */
static void entries_out_of_order_cover_nothing(void **state)
{
	static const char *const moments[] = {"2026-06-20T10:00:00+00:00", "2026-06-20T23:00:00+00:00", "yesterday"};
	struct call call = mollie_call();
	struct arena arena = {0};

	(void)state;
	call.open_since_utc_ms = call.last_sent_utc_ms = call.now_utc_ms - 300 * MINUTE;
	for (size_t first = 0; first < 3; first++) {
		struct receipt receipt;
		char body[600];

		snprintf(body, sizeof(body),
			"{\"count\":2,\"_embedded\":{\"payouts\":["
			"{\"resource\":\"payout\",\"createdAt\":\"%s\",\"description\":\"a\"},"
			"{\"resource\":\"payout\",\"createdAt\":\"2026-06-20T12:00:00+00:00\",\"description\":\"b\"}]},"
			"\"_links\":{\"next\":{\"href\":\"https://x/?from=payout_3\"}}}",
			moments[first]);
		receipt = mollie_receipt(OPERATION_LOOKUP, &call, 200, body, &arena);
		assert_int_equal(receipt.verdict, first == 1 ? VERDICT_NOT_FOUND : VERDICT_UNKNOWN);
		assert_int_equal(receipt.next_cursor.len > 0, first != 1);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_bears_our_tag_is_found_on_every_page),
		cmocka_unit_test(nothing_is_only_nothing_when_no_send_is_younger_than_seventy_minutes),
		cmocka_unit_test(a_payout_that_might_be_ours_is_not_forgotten_on_later_pages),
		cmocka_unit_test(what_was_never_sent_is_looked_for_to_the_end_of_the_list),
		cmocka_unit_test(entries_out_of_order_cover_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
