#include "run/session.h"

#include <string.h>

#include "providers/catalog.h"

static bool interrupted(void *context)
{
	return stage_stopped(context);
}

static bool config_open(struct session *session, const struct session_options *options, struct fault *fault)
{
	struct config_options wanted = {.path = options->config_path, .journal_url = options->journal_url};
	wanted.providers = catalog_settings(&wanted.provider_count);
	session->config = config_load(&wanted, fault);
	if (session->config == NULL)
		return false;
	session->stage.config = session->config;
	log_line(options->log, LOG_DEBUG_LEVEL, "configuration", "channels=%d", session->config->channel_count);
	for (int i = 0; i < session->config->warning_count; i++)
		log_say(options->log, LOG_WARNING_LEVEL, "payrun: warning: %s", session->config->warnings[i]);
	return true;
}

static void log_journal(const struct session *session, struct log *log)
{
	struct buf path = {0}, who = {0};
	char hash[65];
	int64_t seq;
	journal_head(session->journal, &seq, hash);
	log_quote(&path, text_of(session->config->journal_path));
	log_quote(&who, text_of(session->who.user));
	log_line(log, LOG_DEBUG_LEVEL, "journal", "path=%s id=%s head=%lld who=%s host=%s", buf_str(&path),
		journal_id(session->journal), (long long)seq, buf_str(&who), session->who.host);
	buf_release(&path);
	buf_release(&who);
}

static bool lease_take(struct session *session, const struct session_options *options, struct fault *fault)
{
	if (!journal_lease_take(
		    session->journal, options->lock_wait_ms, interrupted, &session->stage, &session->recovered, fault))
		return false;
	session->leased = true;
	if (session->recovered > 0)
		log_say(options->log, LOG_WARNING_LEVEL,
			"payrun: a run ended before it had the answers to %lld payout(s): they are unknown until asked "
			"for",
			(long long)session->recovered);
	return true;
}

static bool lease_if_free(struct session *session, const struct session_options *options, struct fault *fault)
{
	struct fault held = {0};
	if (lease_take(session, options, &held))
		return true;
	if (held.kind != FAULT_LOCKED) {
		*fault = held;
		return false;
	}
	memcpy(session->holder, held.message, sizeof held.message);
	return true;
}

static bool head_check(struct session *session, const struct session_options *options, struct fault *fault)
{
	bool same_folder = false;
	if (!journal_head_check(session->journal, &same_folder, fault))
		return false;
	if (same_folder)
		log_say(options->log, LOG_WARNING_LEVEL,
			"payrun: warning: the head file %s lies beside the journal: a restored folder would bring back "
			"both.\n"
			"Set head_file in payrun.conf to a path that is backed up elsewhere or not at all.",
			journal_head_path(session->journal));
	return true;
}

static bool open_journal(
	struct session *session, const struct session_options *options, bool read_only, struct fault *fault)
{
	struct journal_options wanted = {
		.path = session->config->journal_path,
		.namespace_text = session->config->namespace_text,
		.head_file = session->config->head_file,
		.clock = options->clock,
		.who = &session->who,
		.read_only = read_only,
	};
	session->journal = journal_open(&wanted, fault);
	session->stage.journal = session->journal;
	return session->journal != NULL;
}

bool session_look(struct session *session, const struct session_options *options)
{
	struct fault nobody = {0};
	return session->journal != NULL || open_journal(session, options, true, &nobody);
}

bool session_open(
	struct session *session, const struct session_options *options, enum session_need need, struct fault *fault)
{
	memset(session, 0, sizeof *session);
	who_find(&session->who, options->program);
	session->stage.clock = options->clock;
	session->stage.log = options->log;
	session->stage.stop = options->stop;
	session->stage.user_agent = options->user_agent;
	if (!config_open(session, options, fault))
		return false;
	if (need == SESSION_CONFIG)
		return true;
	if (!open_journal(session, options, need == SESSION_READ, fault))
		return false;
	log_journal(session, options->log);
	if (need < SESSION_ASK)
		return true;
	if (need == SESSION_ASK)
		return lease_if_free(session, options, fault);
	if (need == SESSION_SEND && !stage_channels_same(&session->stage, fault))
		return false;
	return lease_take(session, options, fault) && (need != SESSION_SEND || head_check(session, options, fault));
}

bool session_lease(struct session *session, const struct session_options *options, struct fault *fault)
{
	return session->leased || lease_take(session, options, fault);
}

void session_close(struct session *session)
{
	if (session->leased)
		journal_lease_drop(session->journal);
	if (session->journal != NULL)
		journal_close(session->journal);
	if (session->config != NULL)
		config_free(session->config);
	session->leased = false;
	session->journal = NULL;
	session->config = NULL;
}
