#include "cmd/payrun/controls.h"

#include <inttypes.h>

#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"
#include "stages/approval.h"

/* ", by anna or ben, not by whoever submitted" */
static void add_persons(const struct config *config, struct buf *text, const char *submitted)
{
	if (config->approver_count > 0) {
		buf_addz(text, ", by ");
		approval_names(config, text);
	}
	if (config->four_eyes)
		buf_addf(text, ", not by whoever %s", submitted);
}

/* Below nothing where others spent more than a limit that was lowered since. */
static int64_t left_of(const struct receive_limit *limit)
{
	return limit->spent < limit->most ? limit->most - limit->spent : 0;
}

static void add_amount(struct buf *text, const char *before, const struct receive_limit *limit, int64_t minor)
{
	buf_addz(text, before);
	summary_amount(text, limit->currency, minor, limit->decimals);
}

void controls_preview(const struct program *program, const struct receive_result *result, struct buf *text)
{
	for (int i = 0; i < result->limit_count; i++) {
		const struct receive_limit *limit = &result->limits[i];
		buf_addf(text, "%s of channel %s", channel_limit_name(limit->limit), limit->channel);
		add_amount(text, "  ", limit, limit->most);
		buf_addf(text, " %s: ", limit->currency);
		add_amount(text, "this file ", limit, limit->minor);
		if (limit->spent >= 0) {
			add_amount(text, ", today so far ", limit, limit->spent);
			add_amount(text, ", left ", limit, left_of(limit));
		}
		buf_addc(text, '\n');
	}
	if (!result->approval)
		return;
	buf_addz(text, "needs approval (");
	approval_setting(program->session.config, text);
	buf_addc(text, ')');
	add_persons(program->session.config, text, "submits");
	buf_addz(text, ": it is received and held\n");
}

static void member_amount(struct buf *json, const char *name, const struct receive_limit *limit, int64_t minor)
{
	struct buf amount = {0};
	summary_amount(&amount, limit->currency, minor, limit->decimals);
	doc_member(json, name, buf_text(&amount));
	buf_release(&amount);
}

void controls_json(const struct receive_result *result, struct buf *json)
{
	doc_member_bool(json, "approval", result->approval);
	doc_name(json, "limits");
	doc_open(json, '[');
	for (int i = 0; i < result->limit_count; i++) {
		const struct receive_limit *limit = &result->limits[i];
		doc_open(json, '{');
		doc_member_string(json, "limit", channel_limit_name(limit->limit));
		doc_member_string(json, "channel", limit->channel);
		doc_member_string(json, "currency", limit->currency);
		member_amount(json, "amount", limit, limit->most);
		member_amount(json, "file", limit, limit->minor);
		if (limit->spent >= 0) {
			member_amount(json, "spent", limit, limit->spent);
			member_amount(json, "left", limit, left_of(limit));
		}
		doc_close(json, '}');
	}
	doc_close(json, ']');
}

static void waiting_json(const struct config *config, int64_t held, const char *batch, struct buf *json)
{
	doc_name(json, "approval");
	doc_open(json, '{');
	doc_member_number(json, "waiting", held);
	doc_member_string(json, "batch", batch != NULL ? batch : "");
	doc_name(json, "approvers");
	doc_open(json, '[');
	for (int i = 0; i < config->approver_count; i++)
		doc_value(json, text_of(config->approvers[i]));
	doc_close(json, ']');
	doc_member_bool(json, "four_eyes", config->four_eyes);
	doc_close(json, '}');
}

void controls_waiting(struct program *program, int64_t held, const char *batch)
{
	const struct config *config = program->session.config;
	const char *shown = batch != NULL ? batch : "BATCH";
	struct buf persons = {0};
	add_persons(config, &persons, "submitted");
	log_say(&program->log, LOG_WARNING_LEVEL,
		"payrun: %" PRId64
		" payouts wait for approval%s\n`payrun approve %s`, or `payrun reject %s --why TEXT`%s.",
		held, buf_str(&persons), shown, shown, batch != NULL ? "" : "; `payrun status` lists the batches");
	waiting_json(config, held, batch, &program->output.members);
	buf_release(&persons);
}
