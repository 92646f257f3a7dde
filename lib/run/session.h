/*
 * A session: configuration, journal and lease as a command needs them, opened in order and closed in reverse. Floor 4.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "run/who.h"
#include "stages/stage.h"

enum session_need {
	SESSION_CONFIG = 0, /* no journal */
	SESSION_READ,       /* reads the journal */
	SESSION_WRITE,      /* changes it beside a run, by compare-and-set */
	SESSION_ASK,        /* alone where it can be: leased is false, and holder says who, when a run has the lease */
	SESSION_LEASE,      /* alone */
	SESSION_SEND,       /* alone, and the journal is not behind its head: may send */
};

struct session_options {
	const char *config_path; /* -c, or NULL */
	const char *journal_url; /* --journal, or NULL */
	int64_t lock_wait_ms;
	const struct clock *clock;
	struct log *log;
	const struct stop *stop;
	const char *program;    /* "payrun 1.0" */
	const char *user_agent; /* "payrun/1.0" */
};

struct session {
	struct config *config;
	struct journal *journal; /* NULL with SESSION_CONFIG */
	struct journal_who who;
	struct stage stage;
	bool leased;
	char holder[1024]; /* who has the lease, when it is not us */
	int64_t recovered; /* payouts that an ended run left on the wire: unknown now */
};

/* On failure nothing stays open but what session_close() closes. */
MUST_CHECK bool session_open(
	struct session *session, const struct session_options *options, enum session_need need, struct fault *fault);
/* Takes the lease for a session that was opened without (SESSION_WRITE). */
MUST_CHECK bool session_lease(struct session *session, const struct session_options *options, struct fault *fault);
/* Opens the journal for reading, for a session without one (SESSION_CONFIG); false where there is none, or none that
 * can be read: what it would have told is not known then, and that is no failure. */
bool session_look(struct session *session, const struct session_options *options);
void session_close(struct session *session);

#endif
