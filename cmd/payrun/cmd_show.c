/* payrun show: one payout with every field, attempt and event; with --events and --json these as they were hashed. */
#include <inttypes.h>
#include <unistd.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"
#include "run/prepared.h"
#include "stages/approval.h"
#include "values/content.h"

static void show_run(struct program *program);

static const enum option_id show_options[] = {OPTION_EVENTS, OPTION_UNMASK, OPTION_COUNT};

const struct command command_show = {
	.name = "show",
	.section = SECTION_PEOPLE,
	.synopsis = "REFERENCE|KEY|PROVIDER-ID",
	.summary = "one payout: every field, attempt and event",
	.options = show_options,
	.more = "With --events, and with --json, the exact line of each event and its hash: printf '%s' \"$line\" | "
		"sha256sum\n"
		"gives the same. Account numbers and other destinations show their last four characters unless "
		"--unmask.\n",
	.available = true,
	.run = show_run,
};

/* A field as text and as a member. */
static void field(struct program *program, const char *name, struct text value)
{
	doc_member(&program->output.members, name, value);
	if (value.len == 0)
		return;
	output_say(&program->output, "  %-16s ", name);
	output_show(&program->output, value);
	output_say(&program->output, "\n");
}

static void number(struct program *program, const char *name, int64_t value)
{
	doc_member_number(&program->output.members, name, value);
	output_say(&program->output, "  %-16s %" PRId64 "\n", name, value);
}

static void moment(struct program *program, const char *name, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];
	doc_member_time(&program->output.members, name, utc_ms);
	if (utc_ms == 0)
		return;
	clock_iso_s(utc_ms, iso);
	output_say(&program->output, "  %-16s %s\n", name, iso);
}

static void masked_field(struct program *program, const char *name, struct text value)
{
	struct buf masked = {0};
	if (option_given(&program->options, OPTION_UNMASK))
		buf_addt(&masked, value);
	else if (value.len > 0)
		text_mask(&masked, value);
	field(program, name, buf_text(&masked));
	buf_release(&masked);
}

/* Where the money goes, or what may say so: nobody needs to read it whole over a shoulder. */
static bool is_destination(struct text name)
{
	static const char *const names[] = {"iban", "account_number", "wallet_address", "beneficiary_id", "balance_id"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(name, names[i]))
			return true;
	return text_starts(name, TEXT("recipient."));
}

/* The columns of the file beyond those that every payout has. */
static void show_content(struct program *program, struct text content)
{
	struct buf *json = &program->output.members;
	struct arena arena = {0};
	struct text name, value;
	size_t offset = 0;
	doc_name(json, "content");
	doc_open(json, '{');
	while (content_next(content, &offset, &name, &value)) {
		if (text_is(name, "amount") || text_is(name, "currency") || text_is(name, "beneficiary_name"))
			continue;
		if (is_destination(name))
			masked_field(program, text_string(&arena, name), value);
		else
			field(program, text_string(&arena, name), value);
	}
	doc_close(json, '}');
	arena_release(&arena);
}

static void show_payout(struct program *program, const struct journal_payout *payout, const struct journal_batch *batch,
	const char *channel)
{
	struct buf amount = {0};
	struct arena arena = {0};
	const char *currency = text_string(&arena, payout->currency);
	if (payout->amount_minor == 0 && payout->state != PAYOUT_REJECTED)
		buf_addt(&amount, content_get(payout->content, "amount")); /* ALL: each attempt has its own */
	else
		summary_amount(&amount, currency, payout->amount_minor, payout->decimals);
	field(program, "reference", payout->reference);
	field(program, "batch", text_of(batch->name));
	field(program, "file", batch->file);
	number(program, "row", payout->row);
	number(program, "line", payout->line);
	field(program, "channel", text_of(channel));
	field(program, "amount", buf_text(&amount));
	field(program, "currency", payout->currency);
	field(program, "beneficiary_name", payout->beneficiary_name);
	masked_field(program, "destination", payout->destination);
	field(program, "row_state", text_of(state_name(payout->state)));
	field(program, "reason_code", payout->reason_code);
	field(program, "reason", payout->reason);
	moment(program, "not_before", payout->not_before);
	show_content(program, payout->content);
	buf_release(&amount);
	arena_release(&arena);
}

static void show_fixed(struct program *program, const struct journal_payout *payout, const struct attempt *attempt,
	struct arena *arena)
{
	struct buf amount = {0};
	if (attempt->fixed_minor == 0)
		return;
	summary_amount(&amount, text_string(arena, payout->currency), attempt->fixed_minor, payout->decimals);
	field(program, "amount", buf_text(&amount));
	buf_release(&amount);
}

/* Where an attempt is of another row than the one shown: before a correction, or after one that gave way. */
static bool show_row(struct program *program, const struct attempt *attempt, struct arena *arena, struct fault *fault)
{
	struct journal_batch batch;
	if (!journal_batch_get(program->session.journal, attempt->batch, arena, &batch, fault))
		return false;
	field(program, "batch", text_of(batch.name));
	number(program, "row", attempt->row);
	return true;
}

static bool show_attempt(struct program *program, const struct journal_payout *payout, const struct attempt *attempt,
	bool counts, struct arena *arena, struct fault *fault)
{
	bool done = true;
	struct buf *json = &program->output.members;
	char key[KEY_TEXT_SIZE];
	key_text(&attempt->key, key);
	output_say(&program->output, "attempt %" PRId64 "%s\n", attempt->number,
		counts ? "" : ", which is not the payout's current one");
	doc_open(json, '{');
	doc_member_number(json, "attempt", attempt->number);
	doc_member_bool(json, "current", counts);
	if (attempt->payout != payout->id)
		done = show_row(program, attempt, arena, fault);
	field(program, "key", text_of(key));
	field(program, "state", text_of(state_name(attempt->state)));
	show_fixed(program, payout, attempt, arena);
	number(program, "version", attempt->version);
	number(program, "sends", attempt->sends);
	moment(program, "open_since", attempt->open_since);
	moment(program, "not_before", attempt->not_before);
	field(program, "provider_id", attempt->provider_id);
	field(program, "provider_status", attempt->provider_status);
	field(program, "provider_code", attempt->provider_code);
	field(program, "reason_code", attempt->reason_code);
	field(program, "reason", attempt->reason);
	field(program, "last_refusal", attempt->last_refusal);
	field(program, "tracking_ref", attempt->tracking_ref);
	field(program, "fee", attempt->fee);
	field(program, "fee_currency", attempt->fee_currency);
	field(program, "target_amount", attempt->target_amount);
	field(program, "fx_rate", attempt->fx_rate);
	field(program, "returned_amount", attempt->returned_amount);
	field(program, "approved_by", attempt->approved_by);
	if (attempt->return_pending != 0)
		field(program, "return", text_of("pending: no new attempt before the money is back"));
	doc_member_bool(json, "return_pending", attempt->return_pending != 0);
	moment(program, "submitted_at", attempt->submitted_at);
	moment(program, "accepted_at", attempt->accepted_at);
	moment(program, "settled_at", attempt->settled_at);
	moment(program, "returned_at", attempt->returned_at);
	doc_close(json, '}');
	return done;
}

/* The bank account that the provider prepared for it. */
static bool show_prepared(
	struct program *program, const struct journal_payout *payout, struct arena *arena, struct fault *fault)
{
	struct buf *json = &program->output.members;
	struct destination destination;
	char key[KEY_TEXT_SIZE];
	bool found = false;
	if (!prepared_find(&program->session.stage, payout, arena, &destination, &found, fault) || !found)
		return !fault->set;
	key_text(&destination.key, key);
	output_say(&program->output, "destination at the provider\n");
	doc_name(json, "prepared");
	doc_open(json, '{');
	field(program, "state", text_of(destination_state_name(destination.state)));
	field(program, "provider_id", destination.provider_id);
	field(program, "provider_status", destination.provider_status);
	field(program, "key", text_of(key));
	number(program, "attempt", destination.number);
	number(program, "sends", destination.sends);
	field(program, "reason_code", destination.reason_code);
	field(program, "reason", destination.reason);
	moment(program, "open_since", destination.open_since);
	doc_close(json, '}');
	return true;
}

static bool show_attempts(struct program *program, const struct journal_payout *payout, struct fault *fault)
{
	struct buf *json = &program->output.members;
	struct arena arena = {0};
	struct attempt current = {.id = 0};
	int64_t row = payout->id;
	bool found = true, done = true;
	if (!journal_payout_current(program->session.journal, payout->id, &row, fault) ||
		!journal_attempt_of(program->session.journal, row, &arena, &current, &found, fault))
		return false;
	int64_t number_now = current.number;
	found = true;
	doc_name(json, "attempts");
	doc_open(json, '[');
	for (int64_t n = 1; done && found; n++) {
		struct attempt attempt;
		arena_reset(&arena);
		done = journal_attempt_number(program->session.journal, payout->id, n, &arena, &attempt, &found, fault);
		if (done && found)
			done = show_attempt(program, payout, &attempt, attempt.number == number_now, &arena, fault);
	}
	doc_close(json, ']');
	arena_release(&arena);
	return done;
}

/* A field of an event with what stands before it; nothing where it is empty. */
static void event_part(
	struct program *program, const struct journal_event *event, enum event_place place, const char *before)
{
	struct text part = event_field(event->line, place);
	if (part.len == 0)
		return;
	output_say(&program->output, "%s", before);
	output_show(&program->output, part);
}

/* "  12  2026-11-20T12:22:05.950Z  move ready -> sending  by root" */
static void say_event(struct program *program, const struct journal_event *event)
{
	output_say(&program->output, "  %-6" PRId64, event->seq);
	event_part(program, event, EVENT_TIME, " ");
	event_part(program, event, EVENT_KIND, "  ");
	event_part(program, event, EVENT_FROM, " ");
	event_part(program, event, EVENT_TO, " -> ");
	event_part(program, event, EVENT_WHO, "  by ");
	event_part(program, event, EVENT_REASON, ": ");
	output_say(&program->output, "\n");
}

static bool show_event(void *context, const struct journal_event *event)
{
	struct program *program = context;
	struct buf *json = &program->output.members;
	if (!option_given(&program->options, OPTION_EVENTS)) {
		say_event(program, event);
	} else {
		output_say(&program->output, "event %" PRId64 " %s\n", event->seq, event->hash);
		/* Byte for byte, so that it can be hashed; but a terminal may not be told what to do by a provider's
		 * words. */
		if (isatty(STDOUT_FILENO) == 1)
			output_show(&program->output, event->line);
		else
			output_add(&program->output, event->line);
		output_say(&program->output, "\n");
	}
	doc_open(json, '{');
	doc_member_number(json, "seq", event->seq);
	doc_member_string(json, "hash", event->hash);
	doc_member(json, "line", event->line);
	doc_close(json, '}');
	return true;
}

static bool show_events(struct program *program, const struct journal_payout *payout, struct fault *fault)
{
	struct buf *json = &program->output.members;
	if (!option_given(&program->options, OPTION_EVENTS))
		output_say(&program->output, "events\n");
	doc_name(json, "events");
	doc_open(json, '[');
	bool done =
		journal_event_each(program->session.journal, 1, payout->batch, payout->row, show_event, program, fault);
	doc_close(json, ']');
	return done;
}

static bool find(struct program *program, const char *name, int64_t *id, struct fault *fault)
{
	enum journal_find found = JOURNAL_FIND_NONE;
	struct buf shown = {0};
	if (!journal_payout_find(program->session.journal, text_of(name), id, &found, fault))
		return false;
	text_show(&shown, text_of(name), 64);
	if (found == JOURNAL_FIND_NONE)
		fault_set(fault, FAULT_USAGE, "", "`payrun report` lists the payouts of a batch.",
			"%s: no payout has this reference, key or provider id", buf_str(&shown));
	else if (found == JOURNAL_FIND_MANY)
		fault_set(fault, FAULT_USAGE, "", "Name it by its reference or its key.",
			"%s: more than one payout has it", buf_str(&shown));
	buf_release(&shown);
	return found == JOURNAL_FIND_ONE;
}

static bool show(struct program *program, const char *name, struct arena *arena, struct fault *fault)
{
	struct journal *journal = program->session.journal;
	struct buf *json = &program->output.members;
	struct journal_payout payout;
	struct journal_batch batch;
	struct journal_channel channel = {.name = ""};
	int64_t id = 0;
	bool found = false, known = false;
	if (!find(program, name, &id, fault) || !journal_payout_get(journal, id, arena, &payout, &found, fault) ||
		!found || !journal_batch_get(journal, payout.batch, arena, &batch, fault) ||
		(payout.channel != 0 && !journal_channel_get(journal, payout.channel, arena, &channel, &known, fault)))
		return false;
	output_say(&program->output, "payout\n");
	doc_name(json, "payout");
	doc_open(json, '{');
	show_payout(program, &payout, &batch, channel.name);
	bool done = show_prepared(program, &payout, arena, fault) && show_attempts(program, &payout, fault) &&
		    show_events(program, &payout, fault);
	doc_close(json, '}');
	return done;
}

static void show_run(struct program *program)
{
	struct arena arena = {0};
	struct fault fault = {0};
	if (!program_words(program, 1, 1) || !program_open(program, SESSION_READ))
		return;
	if (!show(program, program->options.words[0], &arena, &fault))
		program_fault(program, &fault);
	arena_release(&arena);
}
