/* payrun recover: after a restored journal, ask the providers what it forgot. */
#include <inttypes.h>

#include "base/bounds.h"
#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"
#include "cmd/payrun/terminal.h"
#include "run/recover.h"

static void recover_run(struct program *program);

static const enum option_id recover_options[] = {OPTION_WAIT_LIMIT, OPTION_COUNT};

const struct command command_recover = {
	.name = "recover",
	.section = SECTION_SETUP,
	.synopsis = "",
	.summary = "after a restored journal: ask the providers what it forgot",
	.options = recover_options,
	.more = "Sends nothing. Every payout that was held, ready or open is looked up by its key; only when all were\n"
		"answered may the journal send again, or call off. Batches and new attempts made after the backup are\n"
		"not in it; their files are submitted again under the same keys. Calypso pays none twice, Mollie's "
		"list\n"
		"is asked first; Circle and PontisGlobe remember keys for an hour (or repeat_window): after that see\n"
		"what they have paid before you submit.\n",
	.available = true,
	.run = recover_run,
};

static void show(void *context, int64_t done, int64_t total)
{
	progress_show(context, done, total, "");
}

static void tell(struct program *program, const struct recover_result *result)
{
	struct buf *json = &program->output.members;
	doc_member_bool(json, "behind", result->behind);
	doc_member_bool(json, "recovered", result->accepted);
	if (!result->behind) {
		output_say(&program->output, "the journal is not behind its head: nothing to recover\n");
		return;
	}
	doc_member_number(json, "asked", result->asked);
	doc_member_number(json, "found", result->found);
	doc_member_number(json, "absent", result->absent);
	doc_member_number(json, "unclear", result->unclear);
	output_say(&program->output,
		"asked about %" PRId64 " held or ready payouts: %" PRId64 " are at the provider, %" PRId64
		" are not, %" PRId64 " not answered\n",
		result->asked, result->found, result->absent, result->unclear);
	doc_member_number(json, "early", result->early);
	if (result->early > 0) {
		char at[CLOCK_ISO_SIZE];
		clock_iso_s(result->again_utc_ms, at);
		doc_member_time(json, "again_at", result->again_utc_ms);
		output_say(&program->output,
			"%" PRId64 " are not in their provider's list yet, which proves nothing before %s: then run "
			"`payrun recover` again\n",
			result->early, at);
	}
	doc_member_number(json, "unknown", result->repeats + result->person);
	if (result->repeats + result->person > 0)
		output_say(&program->output, "%" PRId64 " are unknown now: their provider has no look-up\n",
			result->repeats + result->person);
	if (result->repeats > 0)
		output_say(&program->output,
			"%" PRId64
			" of them are young enough for `payrun resume`: the same key gets the answer it got\n",
			result->repeats);
	if (result->person > 0)
		output_say(&program->output, "`payrun resolve REFERENCE` shows what the provider's list has of one\n");
	if (result->accepted)
		output_say(&program->output, "the journal is its own head again: `payrun resume` goes on\n");
	else
		output_say(&program->output, "not finished: nothing may be sent yet; run `payrun recover` again\n");
}

static void recover_run(struct program *program)
{
	struct recover_result result;
	struct progress progress;
	struct fault fault = {0};
	struct recover_options options = {
		.progress = show,
		.context = &progress,
		.wait_limit_ms = option_number(&program->options, OPTION_WAIT_LIMIT, BOUND_WAIT_LIMIT_MS),
	};
	if (!program_words(program, 0, 0) || !program_open(program, SESSION_LEASE))
		return;
	progress_begin(&progress, &program->log, &program->clock, "payouts");
	bool done = run_recover(&program->session.stage, &options, &result, &fault);
	progress_end(&progress);
	if (!done)
		program_fault(program, &fault);
	tell(program, &result);
	summary_head(program);
	if (result.behind && (!result.accepted || result.repeats > 0))
		exit_note(&program->notes, CODE_UNFINISHED);
	if (result.person > 0 || result.polled.unknown_past > 0)
		exit_note(&program->notes, CODE_PERSON);
	program_notices(program);
}
