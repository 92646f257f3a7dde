/* What becomes of a payout in time, and how it is shown (providers/circle.md, A4, A5, A7, A8). */
#include "cmd/sandbox/circle.h"

#include <openssl/evp.h>

static const struct circle_detail *detail_of(const struct payout *payout)
{
	return payout->detail;
}

static int64_t settle_ms(const struct payout *payout)
{
	return payout->due_ms - payout->start_ms;
}

const char *circle_payout_state(const struct payout *payout, int64_t now_ms)
{
	static const char *const last[] = {
		[CIRCLE_COMPLETE] = "complete",
		[CIRCLE_COMPLETE_RETURNED] = "complete",
		[CIRCLE_FAILED_RETURNED] = "failed",
		[CIRCLE_FAILED] = "failed",
		[CIRCLE_DENIED] = "failed",
	};

	return now_ms < payout->due_ms ? "pending" : last[detail_of(payout)->outcome];
}

/* A return after complete begins half a settling time later, one before it at once; both end one settling time after
 * the payout's own end (assumed; A7 gives the order alone). */
bool circle_return_span(const struct payout *payout, int64_t *begin_ms, int64_t *end_ms)
{
	enum circle_outcome outcome = detail_of(payout)->outcome;

	*begin_ms = payout->due_ms + (outcome == CIRCLE_COMPLETE_RETURNED ? settle_ms(payout) / 2 : 0);
	*end_ms = payout->due_ms + settle_ms(payout);
	return outcome == CIRCLE_COMPLETE_RETURNED || outcome == CIRCLE_FAILED_RETURNED;
}

bool circle_payout_credit_ms(const struct payout *payout, int64_t *at_ms)
{
	int64_t begin_ms;

	if (circle_return_span(payout, &begin_ms, at_ms))
		return true;
	*at_ms = payout->due_ms;
	return detail_of(payout)->outcome != CIRCLE_COMPLETE;
}

bool circle_return_shown(const struct payout *payout, int64_t now_ms)
{
	int64_t begin_ms;
	int64_t end_ms;

	return circle_return_span(payout, &begin_ms, &end_ms) && now_ms >= begin_ms;
}

/* Dates are of real time, from which the sandbox's clock may have been moved on. */
static int64_t date_ms(const struct payout *payout, int64_t at_ms)
{
	return payout->created_utc_ms + (at_ms - payout->start_ms);
}

void circle_return_write(struct buf *body, const struct payout *payout, int64_t now_ms)
{
	char id[UUID_SIZE];
	int64_t begin_ms;
	int64_t end_ms;
	bool ended;

	circle_return_span(payout, &begin_ms, &end_ms);
	ended = now_ms >= end_ms;
	uuid_of("return", payout->id, id);
	buf_addf(body, "{\"id\":\"%s\"", id);
	circle_member(body, "payoutId", payout->id);
	buf_addz(body, ",\"amount\":");
	circle_money(body, payout->amount, payout->currency);
	buf_addz(body, ",\"fees\":");
	circle_money(body, TEXT("0"), TEXT("USD"));
	buf_addf(body, ",\"reason\":\"payout_returned\",\"status\":\"%s\"", ended ? "complete" : "pending");
	circle_member_date(body, "createDate", date_ms(payout, begin_ms));
	circle_member_date(body, "updateDate", date_ms(payout, ended ? end_ms : begin_ms));
	buf_addc(body, '}');
}

/* Letters and digits of base 32 that always belong to this payout; len at most 16, from is where in its digest. */
static void reference_write(struct buf *body, const char *name, const struct payout *payout, size_t from, size_t len)
{
	static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t i;

	EVP_Q_digest(NULL, "SHA256", NULL, payout->id.ptr, payout->id.len, digest, NULL);
	buf_addf(body, ",\"%s\":\"%s", name, from == 0 ? "CIR-" : "");
	for (i = from; i < from + len; i++)
		buf_addc(body, base32[digest[i] % 32]);
	buf_addc(body, '"');
}

/* What shows on the beneficiary's statement, known once it is complete, or was; the legacy product has the bank
 * network's own reference beside it. */
static void tracking_write(struct buf *body, const struct payout *payout, int64_t now_ms)
{
	const struct circle_detail *detail = detail_of(payout);

	if (now_ms < payout->due_ms || detail->outcome == CIRCLE_FAILED) {
		buf_addz(body, ",\"trackingRef\":null");
		return;
	}
	reference_write(body, "trackingRef", payout, 0, 13);
	if (detail->product == CIRCLE_LEGACY)
		reference_write(body, "externalRef", payout, 16, 16);
}

static void failure_write(struct buf *body, const struct payout *payout, int64_t now_ms)
{
	static const char *const codes[] = {
		[CIRCLE_COMPLETE] = NULL,
		[CIRCLE_COMPLETE_RETURNED] = NULL,
		[CIRCLE_FAILED_RETURNED] = "transaction_returned",
		[CIRCLE_FAILED] = "transaction_failed",
		[CIRCLE_DENIED] = "transaction_denied",
	};
	bool settled = now_ms >= payout->due_ms;
	enum circle_outcome outcome = detail_of(payout)->outcome;

	circle_member(body, "errorCode", text_of(settled ? codes[outcome] : NULL));
	if (!settled)
		buf_addz(body, ",\"riskEvaluation\":null");
	else if (outcome == CIRCLE_DENIED)
		buf_addz(body, ",\"riskEvaluation\":{\"decision\":\"denied\",\"reason\":\"3220\"}");
	else
		buf_addz(body, ",\"riskEvaluation\":{\"decision\":\"approved\",\"reason\":\"1000\"}");
}

static void destination_write(struct buf *body, const struct payout *payout)
{
	const struct circle_detail *detail = detail_of(payout);

	circle_member(body, "sourceWalletId", detail->wallet);
	buf_addf(body, ",\"destination\":{\"type\":\"%s\"", detail->product == CIRCLE_BOOK ? "address_book" : "wire");
	circle_member(body, "id", payout->destination);
	if (detail->destination_name.ptr != NULL)
		circle_member(body, "name", detail->destination_name);
	buf_addc(body, '}');
}

static void money_write(struct buf *body, const struct payout *payout)
{
	const struct circle_detail *detail = detail_of(payout);

	buf_addz(body, ",\"amount\":");
	circle_money(body, payout->amount, payout->currency);
	buf_addz(body, ",\"toAmount\":");
	if (detail->to_amount.ptr != NULL)
		circle_money(body, detail->to_amount, detail->to_currency);
	else
		circle_money(body, payout->amount, payout->currency);
	/* Known from the beginning (assumed). */
	buf_addz(body, ",\"fees\":");
	circle_decimal(body, detail->fee, TEXT("USD"));
	if (detail->product != CIRCLE_BOOK)
		return;
	buf_addz(body, ",\"networkFees\":");
	circle_money(body, TEXT("0"), payout->currency);
}

/* What the stablecoin product has in place of tracking, adjustments and returns. */
static void book_write(struct buf *body, const struct payout *payout, enum circle_view view, bool complete)
{
	const struct circle_detail *detail = detail_of(payout);

	circle_member(body, "purposeOfTransfer", detail->purpose);
	/* Only once complete, and only when asked for (A3); where they stand is assumed. */
	if (view != CIRCLE_VIEW_IDENTITIES || !complete)
		return;
	buf_addz(body, ",\"source\":{\"type\":\"wallet\"");
	circle_member(body, "id", detail->wallet);
	circle_member_json(body, "identities", detail->identities.ptr == NULL ? TEXT("[]") : detail->identities);
	buf_addc(body, '}');
}

void circle_payout_write(
	struct buf *body, const struct payout *payout, enum circle_view view, int64_t now_ms, const char *wrong)
{
	const struct circle_detail *detail = detail_of(payout);
	const char *state = circle_payout_state(payout, now_ms);
	struct payout_other other;
	int64_t updated_ms = now_ms < payout->due_ms ? payout->start_ms : payout->due_ms;
	int64_t begin_ms;
	int64_t end_ms;

	payout = payout_shown(payout, wrong, &other);
	buf_addz(body, "{\"id\":");
	buf_add_json(body, payout->id);
	destination_write(body, payout);
	money_write(body, payout);
	buf_addf(body, ",\"status\":\"%s\"", state);
	failure_write(body, payout, now_ms);
	if (detail->product == CIRCLE_BOOK) {
		book_write(body, payout, view, strcmp(state, "complete") == 0);
	} else {
		/* Items of the business list carry no trackingRef (A3). */
		if (view != CIRCLE_VIEW_LISTED || detail->product != CIRCLE_BUSINESS)
			tracking_write(body, payout, now_ms);
		buf_addz(body, ",\"adjustments\":null,\"return\":");
		if (circle_return_shown(payout, now_ms)) {
			circle_return_span(payout, &begin_ms, &end_ms);
			updated_ms = now_ms >= end_ms ? end_ms : begin_ms;
			circle_return_write(body, payout, now_ms);
		} else {
			buf_addz(body, "null");
		}
	}
	circle_member_date(body, "createDate", payout->created_utc_ms);
	circle_member_date(body, "updateDate", date_ms(payout, updated_ms));
	buf_addc(body, '}');
}

/* pending is what a payout is at creation (A7), also where nothing takes time to settle. */
void circle_payout_created(struct circle_call *call, const struct payout *payout)
{
	circle_payout_write(
		circle_data(call, 201), payout, CIRCLE_VIEW_WHOLE, payout->due_ms - 1, call->request->wrong);
	circle_data_end(call);
}
