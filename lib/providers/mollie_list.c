/*
 * Pages of Mollie's list of payouts: the look-up by our tag, and the list as it is (M-OAS). Newest first; the link to
 * the next page is followed by the id in it alone, so that an answer can't lead our credentials elsewhere.
 */
#include <string.h>

#include "base/bounds.h"
#include "providers/answer.h"
#include "providers/mollie_parts.h"
#include "providers/receipt.h"

#define LIST_BEGINS_MS INT64_C(1775001600000)   /* 2026-04-01: nothing older is ever in the list */
#define COVER_MARGIN_MS (60 * MOLLIE_MINUTE_MS) /* our clock may have been set since the send */

struct page {
	const json_t *payouts;
	struct text next; /* id from which the next page goes; empty: this is the last */
};

/* The value of `from` in a link. */
static struct text from_of(struct text href)
{
	const char *end = href.ptr + href.len, *at = href.len > 0 ? memchr(href.ptr, '?', href.len) : NULL;

	while (at != NULL && ++at < end) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		struct text part = {at, (size_t)((next != NULL ? next : end) - at)};

		if (text_starts(part, TEXT("from=")))
			return (struct text){part.ptr + 5, part.len - 5};
		at = next;
	}
	return TEXT("");
}

static bool plain_id(struct text id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] == '%' || id.ptr[i] == '#' || id.ptr[i] == '+')
			return false;
	return receipt_id_valid(id);
}

struct text mollie_next(const json_t *root)
{
	struct text next = from_of(answer_text(answer_object(answer_object(root, "_links"), "next"), "href"));

	return plain_id(next) ? next : TEXT("");
}

/* False: not a page whose entries and whose end can be told. */
static bool page_read(const json_t *root, const struct mollie_cursor *cursor, struct page *page)
{
	const json_t *links = answer_object(root, "_links"), *next = answer_object(links, "next");
	int64_t count;

	page->payouts = answer_array(answer_object(root, "_embedded"), "payouts");
	page->next = TEXT("");
	if (page->payouts == NULL || json_object_get(links, "next") == NULL ||
		!text_number(answer_text(root, "count"), INT64_MAX, &count) ||
		(size_t)count != json_array_size(page->payouts))
		return false;
	if (!answer_has(links, "next"))
		return true;
	page->next = from_of(answer_text(next, "href"));
	/* a page that leads to itself would never end */
	return count > 0 && plain_id(page->next) && !text_equal(page->next, cursor->from);
}

/* --- look-up ------------------------------------------------------------------------------------------------------ */

struct search {
	const struct call *call;
	const json_t *asked; /* the frozen payload, or NULL */
	struct mollie_cursor cursor;
	const json_t *found;
	bool twice;
	bool ordered;   /* none is newer than the one before */
	bool covered;   /* an entry is older than the first send: says something where they are in order */
	bool damaged;   /* an entry can't be read */
	int64_t newest; /* created at most then, all that follow */
};

static bool same_amount(const struct search *search, const json_t *payout)
{
	const json_t *amount = answer_object(payout, "amount"), *asked = answer_object(search->asked, "amount");

	if (amount == NULL || asked == NULL)
		return true;
	return text_equal(answer_text(amount, "currency"), answer_text(asked, "currency")) &&
	       mollie_same_amount(search->call, answer_text(amount, "value"), answer_text(asked, "value"));
}

/* An entry of our amount, made since the first send, whose description is lost or cut before the tag might be ours:
 * that it isn't can't be told. */
static bool might_be(const struct search *search, const json_t *payout, bool dated, int64_t created_ms)
{
	int64_t since = search->call->open_since_utc_ms;

	return since != 0 &&
	       text_starts(answer_text(search->asked, "description"), answer_text(payout, "description")) &&
	       same_amount(search, payout) && (!dated || created_ms >= since - COVER_MARGIN_MS);
}

static void take_entry(struct search *search, const json_t *payout)
{
	int64_t since = search->call->open_since_utc_ms, created_ms = 0;
	bool dated = answer_time(payout, "createdAt", &created_ms);

	if (!text_is(answer_text(payout, "resource"), "payout")) {
		search->damaged = true;
		return;
	}
	if (mollie_has_tag(search->call, answer_text(payout, "description"))) {
		search->twice = search->found != NULL;
		search->found = payout;
	} else if (might_be(search, payout, dated, created_ms)) {
		search->cursor.doubted = true;
	}
	search->ordered = search->ordered && dated && created_ms <= search->newest;
	search->newest = created_ms;
	if (dated && since != 0 && created_ms < since - COVER_MARGIN_MS)
		search->covered = true;
}

static bool clock_off(const struct call *call, const struct http_answer *answer)
{
	int64_t off = answer->date_ms - call->now_utc_ms;

	return answer->date_ms != 0 && (off > BOUND_CLOCK_SKEW_MS || off < -BOUND_CLOCK_SKEW_MS);
}

/* The whole time is covered and our tag is not in it. What was refused for good may be young: nothing of it is open. */
static void not_in_list(const struct search *search, const struct http_answer *answer, struct receipt *receipt)
{
	const struct call *call = search->call;
	int64_t since = call->open_since_utc_ms;
	int64_t last = call->last_sent_utc_ms > since ? call->last_sent_utc_ms : since;

	if (search->cursor.doubted) {
		receipt->reason = TEXT("Mollie's list has a payout of this amount whose description is missing or cut");
	} else if (since != 0 && clock_off(call, answer)) {
		receipt->reason = TEXT("not in Mollie's list, but this machine's clock is off: when that was is open");
	} else if (since != 0 && search->cursor.begun_utc_ms - last < MOLLIE_REST_MS) {
		receipt->reason = TEXT("not in Mollie's list yet; that counts when 70 minutes have passed");
		receipt->ask_again_utc_ms = last + MOLLIE_REST_MS;
	} else {
		receipt->verdict = VERDICT_NOT_FOUND;
	}
}

static void conclude(struct search *search, const struct page *page, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	const struct call *call = search->call;

	if (search->twice) {
		receipt_mismatch(receipt, TEXT("two payouts at Mollie bear the tag of this one"));
	} else if (search->found != NULL) {
		mollie_payout_read(OPERATION_LOOKUP, call, search->found, arena, receipt);
	} else if (search->damaged) {
		receipt->reason = TEXT("Mollie's list has an entry that can't be read");
	} else if (call->open_since_utc_ms != 0 && call->open_since_utc_ms < LIST_BEGINS_MS) {
		receipt->reason = TEXT("Mollie's list does not go back to when this was sent");
	} else if ((search->covered && search->ordered) || page->next.len == 0) {
		not_in_list(search, answer, receipt);
	} else {
		search->cursor.from = page->next;
		receipt->next_cursor = mollie_cursor_text(&search->cursor, arena);
		receipt->reason = TEXT("not on this page of Mollie's list");
	}
}

void mollie_lookup_read(const struct call *call, const json_t *root, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	struct search search = {.call = call, .ordered = true, .newest = INT64_MAX};
	struct page page;
	json_t *asked = NULL;

	mollie_cursor_parse(call, &search.cursor);
	if (!page_read(root, &search.cursor, &page)) {
		receipt->reason = TEXT("Mollie's answer is no list of payouts that can be read to its end");
		return;
	}
	if (call->payload.len > 0)
		search.asked = asked = answer_parse(call->payload, arena);
	for (size_t i = 0; i < json_array_size(page.payouts); i++)
		take_entry(&search, json_array_get(page.payouts, i));
	conclude(&search, &page, answer, arena, receipt);
	json_decref(asked);
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static void list_entry(const struct call *call, const json_t *payout, struct arena *arena, struct listed *listed)
{
	const json_t *amount = answer_object(payout, "amount");

	*listed = (struct listed){
		.provider_id = receipt_show(call, arena, answer_text(payout, "id"), RECEIPT_ID_MAX),
		.provider_status = receipt_show(call, arena, answer_text(payout, "status"), RECEIPT_WORD_POINTS),
		.state = mollie_payout_state(payout),
		.amount = text_copy(arena, answer_decimal(amount, "value")),
		.currency = receipt_show(call, arena, answer_text(amount, "currency"), RECEIPT_WORD_POINTS),
		.destination = receipt_show(call, arena, answer_text(payout, "balanceId"), RECEIPT_ID_MAX),
		.description = receipt_show(call, arena, answer_text(payout, "description"), RECEIPT_REASON_POINTS),
	};
	if (!answer_time(payout, "createdAt", &listed->created_utc_ms))
		listed->created_utc_ms = 0;
}

static bool in_time(const struct call *call, const struct listed *listed)
{
	return listed->created_utc_ms == 0 ||
	       ((call->from_utc_ms == 0 || listed->created_utc_ms >= call->from_utc_ms) &&
		       (call->to_utc_ms == 0 || listed->created_utc_ms <= call->to_utc_ms));
}

/* Mollie can't be asked for a time: pages go on until an entry is older than it. */
void mollie_list_read(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	struct mollie_cursor cursor;
	struct page page;
	struct listed listed;
	bool past = false;

	mollie_cursor_parse(call, &cursor);
	if (!page_read(root, &cursor, &page)) {
		receipt->reason = TEXT("Mollie's answer is no list of payouts that can be read to its end");
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	receipt->listed = arena_alloc(arena, sizeof(listed) * (json_array_size(page.payouts) + 1));
	for (size_t i = 0; i < json_array_size(page.payouts); i++) {
		list_entry(call, json_array_get(page.payouts, i), arena, &listed);
		past = listed.created_utc_ms != 0 && listed.created_utc_ms < call->from_utc_ms;
		if (listed.provider_id.len > 0 && in_time(call, &listed))
			receipt->listed[receipt->listed_count++] = listed;
	}
	cursor.from = page.next;
	if (page.next.len > 0 && !past)
		receipt->next_cursor = mollie_cursor_text(&cursor, arena);
}
