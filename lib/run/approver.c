#include "run/approver.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "stages/approval.h"
#include "values/money.h"

/* The user of "user as effective": names have no blanks (who.c). */
static struct text login_of(struct text who)
{
	const char *blank = memchr(who.ptr, ' ', who.len);
	return blank != NULL ? (struct text){who.ptr, (size_t)(blank - who.ptr)} : who;
}

static bool is_approver(const struct session *session)
{
	const struct config *config = session->config;
	for (int i = 0; i < config->approver_count; i++)
		if (text_is(login_of(text_of(session->who.user)), config->approvers[i]))
			return true;
	return config->approver_count == 0;
}

static bool refuse(const struct session *session, const char *verb, const char *why, struct fault *fault)
{
	struct buf names = {0};
	approval_names(session->config, &names);
	fault_set(fault, FAULT_PERSON, "NOT_APPROVER", "Nothing was changed.", "%s may not %s it: %s. %s%s may",
		session->who.user, verb, why, buf_str(&names),
		session->config->four_eyes && strcmp(verb, "approve") == 0 ? ", but for whoever submitted it," : "");
	buf_release(&names);
	return false;
}

bool approver_check(const struct session *session, enum decision decision, int64_t batch, struct fault *fault)
{
	bool approves = decision == DECIDE_APPROVE;
	const char *verb = approves ? "approve" : "reject";
	struct arena arena = {0};
	struct journal_batch found;
	if (!approves && decision != DECIDE_REJECT)
		return true;
	if (!is_approver(session))
		return refuse(session, verb, "approvers in payrun.conf names others", fault);
	if (!approves || !session->config->four_eyes)
		return true;
	bool done = journal_batch_get(session->journal, batch, &arena, &found, fault);
	if (done && text_equal(login_of(found.received_by), login_of(text_of(session->who.user))))
		done = refuse(session, verb, "whoever submitted can't approve (four_eyes)", fault);
	arena_release(&arena);
	return done;
}

bool approver_check_submit(const struct session *session, struct fault *fault)
{
	if (is_approver(session) && !session->config->four_eyes)
		return true;
	return fault_set(fault, FAULT_PERSON, "NOT_APPROVER",
		"Submit without it; what looks like another payout waits for `payrun approve`.",
		"--allow-duplicates: %s may not approve what %s submits (%s)", session->who.user, session->who.user,
		session->config->four_eyes ? "four_eyes" : "approvers");
}

/* --- from events -------------------------------------------------------------------------------------------------- */

struct search {
	int64_t number; /* of the attempt whose first event is looked for */
	struct buf *who;
};

static bool look(void *context, const struct journal_event *event)
{
	const struct search *search = context;
	int64_t number = 0;
	if (!text_is(event_field(event->line, EVENT_KIND), "move") ||
		!text_is(event_field(event->line, EVENT_VERSION), "1") ||
		!text_number(event_field(event->line, EVENT_ATTEMPT), INT64_MAX, &number) || number != search->number)
		return true;
	buf_addt(search->who, event_field(event->line, EVENT_WHO));
	return false;
}

bool approver_own(const struct session *session, const struct attempt *attempt, bool *own, struct fault *fault)
{
	struct buf who = {0};
	struct search search = {attempt->number, &who};
	*own = false;
	if (!session->config->four_eyes || attempt->number == 1)
		return true;
	bool done = journal_event_each(session->journal, 1, attempt->batch, attempt->row, look, &search, fault);
	*own = text_equal(login_of(buf_text(&who)), login_of(text_of(session->who.user)));
	buf_release(&who);
	return done;
}

/* --- what was approved -------------------------------------------------------------------------------------------- */

void approved_add(struct approved *approved, const struct journal_payout *payout)
{
	struct journal_total *total = NULL;
	for (int i = 0; total == NULL && i < approved->count; i++)
		if (approved->totals[i].decimals == payout->decimals &&
			text_is(payout->currency, approved->totals[i].currency))
			total = &approved->totals[i];
	if (total == NULL) {
		approved->totals =
			memory_grow(approved->totals, (size_t)(approved->count + 1) * sizeof *approved->totals);
		total = &approved->totals[approved->count++];
		*total = (struct journal_total){.decimals = payout->decimals};
		memcpy(total->currency, payout->currency.ptr, payout->currency.len);
	}
	total->count++;
	(void)money_add(
		&total->minor, payout->amount_minor); /* the sums of a batch were counted when it was received */
}

static int by_currency(const void *a, const void *b)
{
	const struct journal_total *x = a, *y = b;
	int order = strcmp(x->currency, y->currency);
	return order != 0 ? order : (x->decimals > y->decimals) - (x->decimals < y->decimals);
}

static void write_evidence(struct buf *buf, const struct approved *approved, const struct journal_batch *batch)
{
	int64_t count = 0;
	for (int i = 0; i < approved->count; i++)
		count += approved->totals[i].count;
	buf_addf(buf, "{\"count\":%" PRId64 ",\"file_sha256\":\"", count);
	buf_add_hex(buf, batch->sha256, SHA256_SIZE);
	buf_addz(buf, "\",\"totals\":[");
	for (int i = 0; i < approved->count; i++) {
		const struct journal_total *total = &approved->totals[i];
		buf_addz(buf, i > 0 ? ",{\"amount\":\"" : "{\"amount\":\"");
		money_text(buf, total->minor, total->decimals);
		buf_addf(buf, "\",\"count\":%" PRId64 ",\"currency\":", total->count);
		buf_add_json(buf, text_of(total->currency));
		buf_addc(buf, '}');
	}
	buf_addz(buf, "]}");
}

bool approved_note(
	struct session *session, const struct approved *approved, int64_t batch, struct text why, struct fault *fault)
{
	struct journal *journal = session->journal;
	struct arena arena = {0};
	struct buf evidence = {0};
	struct journal_batch found;
	if (approved->count == 0)
		return true;
	qsort(approved->totals, (size_t)approved->count, sizeof *approved->totals, by_currency);
	bool done = journal_batch_get(journal, batch, &arena, &found, fault);
	if (done) {
		write_evidence(&evidence, approved, &found);
		done = journal_event_add(journal, "approve", batch, 0, 0, buf_text(&evidence), why, fault);
	}
	buf_release(&evidence);
	arena_release(&arena);
	return done;
}

void approved_reset(struct approved *approved)
{
	approved->count = 0;
}

void approved_release(struct approved *approved)
{
	free(approved->totals);
	*approved = (struct approved){.totals = NULL};
}
