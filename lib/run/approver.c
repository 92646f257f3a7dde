#include "run/approver.h"

#include <string.h>

#include "stages/approval.h"

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

/* --- from events -------------------------------------------------------------------------------------------------- */

enum { EVENT_KIND = 2, EVENT_ATTEMPT = 5, EVENT_VERSION = 6, EVENT_WHO = 10 }; /* CONTRACT, section 10; from 0 */

static struct text field_of(struct text line, int number)
{
	while (line.len > 0) {
		const char *tab = memchr(line.ptr, '\t', line.len);
		size_t len = tab != NULL ? (size_t)(tab - line.ptr) : line.len;
		if (number-- == 0)
			return (struct text){line.ptr, len};
		line = (struct text){line.ptr + len + (tab != NULL), line.len - len - (tab != NULL)};
	}
	return line;
}

struct search {
	const char *kind;
	int64_t number; /* of the attempt whose first event is looked for; 0: of the batch */
	struct buf *who;
};

static bool look(void *context, const struct journal_event *event)
{
	const struct search *search = context;
	int64_t number = 0;
	if (!text_is(field_of(event->line, EVENT_KIND), search->kind))
		return true;
	if (search->number != 0 && (!text_is(field_of(event->line, EVENT_VERSION), "1") ||
					   !text_number(field_of(event->line, EVENT_ATTEMPT), INT64_MAX, &number) ||
					   number != search->number))
		return true;
	buf_reset(search->who);
	buf_addt(search->who, field_of(event->line, EVENT_WHO));
	return false;
}

bool approver_own(const struct session *session, const struct attempt *attempt, bool *own, struct fault *fault)
{
	struct buf who = {0};
	struct search search = {"move", attempt->number, &who};
	*own = false;
	if (!session->config->four_eyes || attempt->number == 1)
		return true;
	bool done = journal_event_each(session->journal, 1, attempt->batch, attempt->row, look, &search, fault);
	*own = text_equal(login_of(buf_text(&who)), login_of(text_of(session->who.user)));
	buf_release(&who);
	return done;
}

bool approver_closed(const struct session *session, int64_t batch, struct buf *by, struct fault *fault)
{
	struct search search = {"reject", 0, by};
	buf_reset(by);
	return journal_event_each(session->journal, 1, batch, JOURNAL_NO_ROW, look, &search, fault);
}
