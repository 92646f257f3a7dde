#include "cmd/payrun/funds_show.h"

#include <inttypes.h>

#include "cmd/payrun/doc.h"
#include "values/currency.h"

/* ISO amounts with their currency's decimals, other ones without zeros at the end (CONTRACT, section 6). */
static void add_amount(struct buf *buf, const struct funds_line *line, struct decimal amount)
{
	const struct currency *currency = currency_find(text_of(line->currency));
	decimal_text(buf, amount, currency != NULL && currency->decimals > 0 ? (unsigned)currency->decimals : 0);
}

static void doc_amount(struct buf *json, const char *name, const struct funds_line *line, struct decimal amount)
{
	struct buf text = {0};
	add_amount(&text, line, amount);
	doc_member(json, name, buf_text(&text));
	buf_release(&text);
}

static bool is_shown(const struct funds_line *line, const struct channel *channel, bool all)
{
	return line->channel == channel && (all || line->count > 0);
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void say_amount(
	struct output *output, const struct funds_line *line, bool told, struct decimal amount, const char *before)
{
	struct buf text = {0};
	buf_addz(&text, told ? before : "-");
	if (told)
		add_amount(&text, line, amount);
	output_say(output, "  %20s", buf_str(&text));
	buf_release(&text);
}

static void say_verdict(struct output *output, const struct funds_line *line)
{
	struct buf text = {0};
	if (line->is_short) {
		buf_addz(&text, "short by ");
		add_amount(&text, line, line->short_by);
		buf_addz(&text, line->shared ? " with the other channels" : "");
	} else if (line->told && line->count > 0) {
		buf_addz(&text, "enough");
	}
	if (line->pending_told && decimal_compare(line->pending, (struct decimal){0, 0}) != 0) {
		buf_addz(&text, text.len > 0 ? "; pending " : "pending ");
		add_amount(&text, line, line->pending);
	}
	output_say(output, "%s%s\n", text.len > 0 ? "  " : "", buf_str(&text));
	buf_release(&text);
}

static void say_line(struct output *output, const struct funds_line *line)
{
	struct buf name = {0};
	buf_addz(&name, line->currency);
	if (line->balance.len > 0) {
		buf_addc(&name, ' ');
		text_show(&name, line->balance, 0);
	}
	output_say(output, "  %-24s", buf_str(&name));
	say_amount(output, line, line->told, line->available, "");
	say_amount(output, line, line->count > 0, line->needed, "");
	output_say(output, " %8" PRId64, line->count);
	say_amount(output, line, line->fees_told, line->fees, line->fees_at_least ? "at least " : "");
	say_verdict(output, line);
	buf_release(&name);
}

static void say_channel(struct output *output, const struct funds *funds, const struct funds_channel *to, bool all)
{
	const struct channel *channel = to->channel;
	output_say(output, "%s  %s%s%s  %s", channel->name, provider_name(channel->provider),
		channel->mode[0] != '\0' ? " " : "", channel->mode, channel->sandbox ? "SANDBOX" : "LIVE");
	if (to->untold.len > 0) {
		output_say(output, "  (");
		output_show(output, to->untold);
		output_say(output, ")");
	} else if (to->fault.set) {
		output_say(output, "  (no answer)");
	}
	output_say(output, "\n");
	for (int i = 0; i < funds->count; i++)
		if (is_shown(&funds->lines[i], channel, all))
			say_line(output, &funds->lines[i]);
}

static void say_all(struct output *output, const struct funds *funds, bool all)
{
	bool any = false;
	output_say(output, "  %-24s  %20s  %20s %8s  %20s\n", "", "available", "needed", "payouts", "fees");
	for (int i = 0; i < funds->channel_count; i++) {
		if (!all && !funds->channels[i].concerned)
			continue;
		say_channel(output, funds, &funds->channels[i], all);
		any = true;
	}
	if (!any)
		output_say(output, "nothing is left to be sent\n");
	if (funds->unknown > 0)
		output_say(output,
			"%" PRId64 " payouts are on their way or unknown and not counted: they may be paid\n",
			funds->unknown);
	if (funds->left_out > 0)
		output_say(output,
			"%" PRId64
			" payouts are not counted: their channel is not configured, or they pay from too many "
			"balances\n",
			funds->left_out);
}

/* --- json --------------------------------------------------------------------------------------------------------- */

static void add_line(struct buf *json, const struct funds_line *line)
{
	doc_open(json, '{');
	doc_member(json, "balance", line->balance);
	doc_member_string(json, "currency", line->currency);
	doc_member_bool(json, "told", line->told);
	if (line->told) {
		doc_member_bool(json, "listed", line->listed);
		doc_amount(json, "available", line, line->available);
	}
	if (line->pending_told)
		doc_amount(json, "pending", line, line->pending);
	doc_member_number(json, "payouts", line->count);
	doc_amount(json, "needed", line, line->needed);
	if (line->fees_told) {
		doc_amount(json, "fees", line, line->fees);
		doc_member_bool(json, "fees_at_least", line->fees_at_least);
	}
	if (line->is_short)
		doc_amount(json, "short_by", line, line->short_by);
	if (line->shared)
		doc_member_bool(json, "shared", true);
	doc_close(json, '}');
}

static void add_channel(struct buf *json, const struct funds *funds, const struct funds_channel *to, bool all)
{
	doc_open(json, '{');
	doc_member_string(json, "channel", to->channel->name);
	doc_member_string(json, "provider", provider_name(to->channel->provider));
	doc_member_string(json, "mode", to->channel->mode);
	doc_member_bool(json, "sandbox", to->channel->sandbox);
	doc_member_bool(json, "answers", to->asked && !to->fault.set);
	doc_member(json, "why", to->untold);
	doc_name(json, "balances");
	doc_open(json, '[');
	for (int i = 0; i < funds->count; i++)
		if (is_shown(&funds->lines[i], to->channel, all))
			add_line(json, &funds->lines[i]);
	doc_close(json, ']');
	doc_close(json, '}');
}

/* null: a balance that is needed is not told. */
static void add_enough(struct buf *json, const struct funds *funds)
{
	bool told = funds->left_out == 0;
	for (int i = 0; i < funds->count; i++)
		told = told && (funds->lines[i].told || funds->lines[i].count == 0);
	doc_name(json, "enough");
	if (funds_short(funds) || told)
		doc_bool(json, !funds_short(funds));
	else
		doc_raw(json, TEXT("null"));
}

static void add_all(struct buf *json, const struct funds *funds, bool all)
{
	doc_name(json, "funds");
	doc_open(json, '{');
	add_enough(json, funds);
	doc_member_number(json, "unknown", funds->unknown);
	doc_member_number(json, "left_out", funds->left_out);
	doc_name(json, "channels");
	doc_open(json, '[');
	for (int i = 0; i < funds->channel_count; i++)
		if (all || funds->channels[i].concerned)
			add_channel(json, funds, &funds->channels[i], all);
	doc_close(json, ']');
	doc_close(json, '}');
}

/* --- both --------------------------------------------------------------------------------------------------------- */

static void tell_faults(struct program *program, const struct funds *funds, bool shows)
{
	for (int i = 0; i < funds->channel_count; i++) {
		struct fault fault = funds->channels[i].fault;
		if (!fault.set)
			continue;
		if (shows)
			fault.kind = FAULT_OPERATION;
		program_fault(program, &fault);
	}
}

bool funds_ask_and_show(struct program *program, struct funds *funds, bool all, bool shows)
{
	struct fault fault = {0};
	struct ask *ask = ask_open(&program->session.stage, &fault);
	bool fine = ask != NULL && funds_ask(funds, ask, all, &fault);
	ask_close(ask);
	if (!fine) {
		program_fault(program, &fault);
		return false;
	}
	say_all(&program->output, funds, all);
	add_all(&program->output.members, funds, all);
	tell_faults(program, funds, shows);
	return true;
}
