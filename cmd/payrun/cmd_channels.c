/* payrun channels: what is configured; --ping tries the credentials with a question for the balance. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "providers/catalog.h"
#include "run/ask.h"

static void channels_run(struct program *program);

static const enum option_id channels_options[] = {OPTION_PING, OPTION_COUNT};

const struct command command_channels = {
	.name = "channels",
	.section = SECTION_SETUP,
	.synopsis = "[--ping]",
	.summary = "configured channels; --ping tries the credentials",
	.options = channels_options,
	.more = "--ping asks each for its balance: exit 8 when one refuses the credentials, 4 when one does not "
		"answer.\n",
	.available = true,
	.run = channels_run,
};

static void rate_text(const struct channel *channel, char out[48])
{
	if (channel->rate_count == 0)
		snprintf(out, 48, "no limit");
	else
		snprintf(out, 48, "%" PRId64 "/%s", channel->rate_count, channel->rate_period_ms == 60000 ? "m" : "s");
}

static void show_channel(struct program *program, const struct channel *channel)
{
	struct buf *json = &program->output.members;
	char rate[48];
	rate_text(channel, rate);
	output_say(&program->output, "%-16s %-8s %-11s %-7s  %s, %d workers  ", channel->name,
		provider_name(channel->provider), channel->mode, channel->sandbox ? "SANDBOX" : "LIVE", rate,
		channel->workers);
	output_show(&program->output, text_of(channel->base_url));
	output_say(&program->output, "\n");
	doc_member_string(json, "name", channel->name);
	doc_member_string(json, "provider", provider_name(channel->provider));
	doc_member_string(json, "mode", channel->mode);
	doc_member_bool(json, "sandbox", channel->sandbox);
	doc_member_string(json, "base_url", channel->base_url);
	doc_member_string(json, "rate", rate);
	doc_member_number(json, "workers", channel->workers);
}

static void show_balances(struct program *program, const struct ask_answer *answer)
{
	struct buf *json = &program->output.members;
	const struct receipt *receipt = &answer->receipt;
	output_say(&program->output, "  answers, %" PRId64 " ms", answer->took_ms);
	if (receipt->balance_count == 0 && receipt->reason.len > 0) {
		output_say(&program->output, "; ");
		output_show(&program->output, receipt->reason);
	}
	doc_name(json, "balances");
	doc_open(json, '[');
	for (int i = 0; i < receipt->balance_count; i++) {
		output_say(&program->output, ", ");
		output_show(&program->output, receipt->balances[i].amount);
		output_say(&program->output, " ");
		output_show(&program->output, receipt->balances[i].currency);
		doc_open(json, '{');
		doc_member(json, "currency", receipt->balances[i].currency);
		doc_member(json, "amount", receipt->balances[i].amount);
		doc_close(json, '}');
	}
	doc_close(json, ']');
	output_say(&program->output, "\n");
}

static void ping(struct program *program, struct ask *ask, const struct channel *channel)
{
	struct buf *json = &program->output.members;
	struct call call = {.channel = channel};
	struct ask_answer answer;
	struct arena arena = {0};
	struct fault fault = {0};
	const struct adapter *adapter = catalog_adapter(channel->provider);
	/* Who tells no balance is asked for a session. */
	enum operation operation =
		adapter != NULL && !adapter->has_funds && adapter->has_session ? OPERATION_SESSION : OPERATION_FUNDS;
	enum ask_end end = ask_one(ask, channel, operation, &call, &arena, &answer, &fault);
	bool answers = end == ASK_ANSWERED && answer.receipt.verdict == VERDICT_ACCEPTED;
	doc_member_bool(json, "answers", answers);
	if (answers)
		show_balances(program, &answer);
	else if (end == ASK_STOPPED)
		fault_set(&fault, FAULT_STOPPED, "", "Run it again.", "stopped by a signal");
	else if (!fault.set)
		ask_fault(channel, end, &answer, &fault);
	if (fault.set)
		program_fault(program, &fault);
	arena_release(&arena);
}

/* What each provider says of the settings of its channels: an account that is none, a mode that it does not have. */
static bool settings_fit(struct program *program)
{
	struct terms *terms = memory_new(sizeof *terms * BOUND_CHANNELS);
	struct fault fault = {0};
	bool fit = stage_terms(&program->session.stage, terms, &fault);
	free(terms);
	if (!fit)
		program_fault(program, &fault);
	return fit;
}

static void channels_run(struct program *program)
{
	struct fault fault = {0};
	struct ask *ask = NULL;
	struct buf *json = &program->output.members;
	if (!program_words(program, 0, 0) || !program_open(program, SESSION_CONFIG))
		return;
	if (!settings_fit(program))
		return;
	if (option_given(&program->options, OPTION_PING)) {
		ask = ask_open(&program->session.stage, &fault);
		if (ask == NULL) {
			program_fault(program, &fault);
			return;
		}
	}
	doc_name(json, "channels");
	doc_open(json, '[');
	for (int i = 0; i < program->session.config->channel_count; i++) {
		doc_open(json, '{');
		show_channel(program, &program->session.config->channels[i]);
		if (ask != NULL)
			ping(program, ask, &program->session.config->channels[i]);
		doc_close(json, '}');
	}
	doc_close(json, ']');
	if (program->session.config->channel_count == 0)
		output_say(&program->output, "no channels are configured\n");
	ask_close(ask);
}
