/* payrun submit: check, receive, send, summary, reports. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/files.h"
#include "cmd/payrun/funds_show.h"
#include "cmd/payrun/loop.h"
#include "cmd/payrun/summary.h"
#include "run/approver.h"

static void submit_run_command(struct program *program);

static const enum option_id submit_options[] = {OPTION_CHANNEL, OPTION_FORMAT, OPTION_PROFILE, OPTION_DELIMITER,
	OPTION_DECIMAL, OPTION_ENCODING, OPTION_BATCH_ID, OPTION_EXPECT_COUNT, OPTION_EXPECT_TOTAL, OPTION_ON_ERROR,
	OPTION_ERRORS, OPTION_YES, OPTION_HOLD, OPTION_DRY_RUN, OPTION_CORRECTS, OPTION_ALLOW_DUPLICATES, OPTION_WHY,
	OPTION_REPORT_DIR, LOOP_WAIT_OPTIONS, LOOP_SEND_OPTIONS, OPTION_COUNT};

const struct command command_submit = {
	.name = "submit",
	.section = SECTION_DAILY,
	.synopsis = "FILE...",
	.summary = "check, receive, send, summary, reports",
	.options = submit_options,
	.more = "Every valid row is paid once, whatever happens on the way: run the same command again, or `payrun "
		"resume`.\n"
		"The same bytes again are the same batch. On a terminal it shows what it would do and asks.\n",
	.available = true,
	.run = submit_run_command,
};

struct submitting {
	struct program *program;
	struct files files;
	struct progress progress;
	struct run_submit run;
	struct run_result result;
	struct run_teller teller;
	struct funds funds; /* of a dry run */
	struct receive_tally tally;
};

static void say_known(struct program *program, const struct receive_result *result)
{
	struct buf counts_text = {0};
	struct fault fault = {0};
	int64_t counts[PAYOUT_STATES];
	char received_at[CLOCK_ISO_SIZE];
	clock_iso_s(result->received_at, received_at);
	if (journal_counts(program->session.journal, result->batch, counts, &fault)) {
		summary_counts(&counts_text, counts);
		output_say(&program->output, "Already received %.10s as %s: %s.\n", received_at, result->batch_name,
			buf_str(&counts_text));
	} else {
		program_fault(program, &fault);
	}
	buf_release(&counts_text);
}

/* Once a file; the first line says when its bytes are known already. */
static void tell_file(struct submitting *submitting, int index)
{
	struct files *files = &submitting->files;
	if (!files->listings[index].concluded && files->run.results[index].verdict == RECEIVE_KNOWN)
		say_known(submitting->program, &files->run.results[index]);
	files_conclude(submitting->program, files, index);
}

static void tell_files(struct submitting *submitting)
{
	for (int i = 0; i < submitting->files.run.count; i++)
		tell_file(submitting, i);
}

/* Whether anything would be received or sent: a file whose payouts are all settled needs no question. */
static bool anything_to_do(struct submitting *submitting)
{
	const struct run_files *files = &submitting->files.run;
	for (int i = 0; i < files->count; i++) {
		int64_t counts[PAYOUT_STATES] = {0};
		struct fault ignored = {0};
		if (files->results[i].verdict == RECEIVE_NEW)
			return true;
		if (files->results[i].verdict == RECEIVE_KNOWN &&
			(!journal_counts(
				 submitting->program->session.journal, files->results[i].batch, counts, &ignored) ||
				counts[PAYOUT_READY] + counts[PAYOUT_UNKNOWN] > 0))
			return true;
	}
	return false;
}

static enum run_answer confirm(void *context, const struct run_files *files)
{
	struct submitting *submitting = context;
	struct program *program = submitting->program;
	struct buf preview = {0};
	(void)files;
	tell_files(submitting);
	output_flush(&program->output);
	if (!anything_to_do(submitting))
		return RUN_YES;
	files_preview(program, &submitting->files.run, &preview);
	log_say(&program->log, LOG_ERROR_LEVEL, "%s", buf_str(&preview));
	buf_release(&preview);
	switch (terminal_ask(&program->log, &program->stop,
		submitting->run.hold ? "Receive and hold these payouts?" : "Send these payouts?")) {
	case ANSWER_YES:
		return RUN_YES;
	case ANSWER_STOPPED:
		return RUN_STOPPED;
	case ANSWER_NO:
		break;
	}
	return RUN_NO;
}

static void received(void *context, const struct receive_result *result)
{
	struct submitting *submitting = context;
	struct program *program = submitting->program;
	tell_file(submitting, (int)(result - submitting->files.run.results));
	if (result->verdict != RECEIVE_KNOWN)
		output_say(&program->output, "batch %s\n", result->batch_name);
	output_flush(&program->output);
}

/* --allow-duplicates and its reason go together. */
static bool allows_duplicates(struct submitting *submitting)
{
	struct program *program = submitting->program;
	bool allows = option_given(&program->options, OPTION_ALLOW_DUPLICATES);
	const char *why = option_text(&program->options, OPTION_WHY);
	if (allows && (why == NULL || text_trim(text_of(why)).len == 0))
		program_usage(program, "--allow-duplicates wants --why TEXT");
	else if (!allows && why != NULL)
		program_usage(program, "--why goes with --allow-duplicates");
	else
		return true;
	return false;
}

/* Whoever may not approve may not allow either. */
static bool may_allow(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct fault fault = {0};
	if (!option_given(&program->options, OPTION_ALLOW_DUPLICATES) ||
		approver_check_submit(&program->session, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

static bool prepare(struct submitting *submitting)
{
	struct program *program = submitting->program;
	const struct options *options = &program->options;
	struct run_submit *run = &submitting->run;
	if (option_given(options, OPTION_HOLD) && option_given(options, OPTION_DRY_RUN)) {
		program_usage(program, "--hold and --dry-run contradict each other");
		return false;
	}
	if (!allows_duplicates(submitting) || !files_read(program, &submitting->files))
		return false;
	for (int i = 0; i < submitting->files.run.count; i++) {
		submitting->files.run.options[i].allow_duplicates = option_given(options, OPTION_ALLOW_DUPLICATES);
		submitting->files.run.options[i].why = option_text(options, OPTION_WHY);
	}
	run->files = &submitting->files.run;
	run->hold = option_given(options, OPTION_HOLD);
	run->dry_run = option_given(options, OPTION_DRY_RUN);
	run->teller = &submitting->teller;
	submitting->teller = (struct run_teller){.received = received, .context = submitting};
	if (terminal_attended() && !option_given(options, OPTION_YES))
		submitting->teller.confirm = confirm;
	loop_options(program, &run->loop, &submitting->progress);
	return true;
}

/* Reports, summary and account of what was received. */
static void conclude(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct run_result *result = &submitting->result;
	for (int i = 0; i < result->batch_count; i++) {
		char paths[2][512];
		struct fault fault = {0};
		struct summary summary = {.is_new = true, .reports = paths};
		for (int j = 0; j < submitting->files.run.count; j++)
			if (submitting->files.run.results[j].batch == result->batches[i])
				summary.is_new = submitting->files.run.results[j].verdict == RECEIVE_NEW;
		if (result->sent && !run_reports(&program->session.stage, result->batches[i],
					    option_text(&program->options, OPTION_REPORT_DIR), paths, &fault))
			program_fault(program, &fault);
		else if (result->sent)
			summary.report_count = 2;
		if (!summary_batch(program, result->batches[i], &summary))
			return;
	}
	summary_head(program);
	if (result->batch_count > 0)
		(void)loop_account(
			program, result->batches, result->batch_count, NULL, &result->loop, submitting->run.hold);
}

static void say_refused(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct run_files *files = submitting->run.files;
	int refused = 0;
	for (int i = 0; i < files->count; i++) {
		files_add_json(program, &files->results[i]);
		refused += files->results[i].verdict == RECEIVE_REFUSED;
	}
	exit_note(&program->notes, CODE_REFUSED);
	log_say(&program->log, LOG_ERROR_LEVEL,
		"payrun: %d of %d file(s) refused: nothing was received and nothing sent\n"
		"Correct the rows (the error file names each) and submit the file again%s.",
		refused, files->count,
		refused < files->count || files->options[0].on_error == ON_ERROR_REFUSE
			? ", or --on-error skip leaves them out"
			: "");
}

/* --on-error skip: the other files went on. 3 would say that nothing was sent; rows were rejected, all of a file's. */
static void say_left_out(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct run_files *files = submitting->run.files;
	if (!submitting->result.some_refused || submitting->run.dry_run)
		return;
	for (int i = 0; i < files->count; i++)
		if (files->results[i].verdict == RECEIVE_REFUSED) {
			files_add_json(program, &files->results[i]);
			log_say(&program->log, LOG_ERROR_LEVEL, "payrun: %s: refused and left out",
				files->options[i].path);
		}
	exit_note(&program->notes, submitting->result.batch_count > 0 ? CODE_SOME_BAD : CODE_REFUSED);
}

/* Whether the balances suffice for what would be sent. Too little would end the run with exit 8, so it does here. */
static void say_funds(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct run_files *files = submitting->run.files;
	struct fault fault = {0};
	for (int i = 0; i < files->count; i++)
		if (files->results[i].verdict == RECEIVE_KNOWN &&
			!funds_need_batch(&submitting->funds, files->results[i].batch, &fault)) {
			program_fault(program, &fault);
			return;
		}
	if (!funds_ask_and_show(program, &submitting->funds, false, false) || !funds_short(&submitting->funds))
		return;
	fault_set(&fault, FAULT_PERSON, "CHANNEL_BALANCE", "Fund what is short, or pay less; then submit.",
		"the balances do not suffice for what would be sent");
	program_fault(program, &fault);
}

/* A dry run: what would have been received. */
static void say_tried(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct buf preview = {0};
	struct run_files *files = submitting->run.files;
	for (int i = 0; i < files->count; i++) {
		files_add_json(program, &files->results[i]);
		if (files->results[i].verdict == RECEIVE_REFUSED)
			exit_note(&program->notes, CODE_REFUSED);
		if (files->results[i].bad > 0)
			exit_note(&program->notes, CODE_SOME_BAD);
	}
	files_preview(program, files, &preview);
	output_add(&program->output, buf_text(&preview));
	say_funds(submitting);
	output_say(&program->output, "dry run: nothing was received and nothing sent\n");
	buf_release(&preview);
}

static void say_declined(struct program *program)
{
	struct fault fault = {0};
	fault_set(&fault, FAULT_REFUSED, "", "", "nothing was received and nothing sent");
	program_fault(program, &fault);
}

static void submit(struct submitting *submitting)
{
	struct program *program = submitting->program;
	struct fault fault = {0};
	enum run_end end = run_submit(&program->session.stage, &submitting->run, &submitting->result, &fault);
	progress_end(&submitting->progress);
	if (end == RUN_REFUSED || end == RUN_ENDED)
		tell_files(submitting);
	switch (end) {
	case RUN_ENDED:
		if (submitting->run.dry_run)
			say_tried(submitting);
		else
			conclude(submitting);
		say_left_out(submitting);
		break;
	case RUN_REFUSED:
		say_refused(submitting);
		break;
	case RUN_DECLINED:
		say_declined(program);
		break;
	case RUN_HALTED:
	case RUN_FAULT:
		if (!fault.set)
			fault_set(&fault, FAULT_STOPPED, "", "Run the command again.",
				"stopped before anything was received; nothing is left of it");
		program_fault(program, &fault);
		if (submitting->result.batch_count > 0)
			conclude(submitting); /* received before the fault: it stays, for `payrun resume` */
		break;
	}
	if (submitting->result.sent)
		loop_end(program, &submitting->result.loop);
}

/* --corrects: the batch that it names. */
static bool find_corrected(struct submitting *submitting)
{
	struct program *program = submitting->program;
	const char *name = option_text(&program->options, OPTION_CORRECTS);
	struct arena arena = {0};
	struct journal_batch batch;
	bool found = name == NULL || program_batch(program, name, &arena, &batch);
	for (int i = 0; found && name != NULL && i < submitting->files.run.count; i++)
		submitting->files.run.options[i].corrects = batch.id;
	arena_release(&arena);
	return found;
}

static void submit_run_command(struct program *program)
{
	struct submitting *submitting = memory_new(sizeof *submitting);
	submitting->program = program;
	if (prepare(submitting) && program_open(program, SESSION_SEND) && may_allow(submitting) &&
		find_corrected(submitting)) {
		if (submitting->run.dry_run)
			funds_init(&submitting->funds, &program->session.stage);
		submitting->tally = funds_tally_batch(&submitting->funds);
		submitting->run.tally = &submitting->tally;
		submit(submitting);
		program_notices(program);
		funds_release(&submitting->funds);
	}
	free(submitting->result.batches);
	files_release(&submitting->files);
	free(submitting);
}
