/* payrun check: validate offline, preview, write the error file; touch nothing else. */
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/payrun/all.h"
#include "cmd/payrun/files.h"
#include "stages/beneficiaries.h"
#include "values/payout.h"

static void check_run(struct program *program);

static const enum option_id check_options[] = {OPTION_CHANNEL, OPTION_FORMAT, OPTION_PROFILE, OPTION_DELIMITER,
	OPTION_DECIMAL, OPTION_ENCODING, OPTION_BATCH_ID, OPTION_EXPECT_COUNT, OPTION_EXPECT_TOTAL, OPTION_ON_ERROR,
	OPTION_ERRORS, OPTION_COUNT};

const struct command command_check = {
	.name = "check",
	.section = SECTION_DAILY,
	.synopsis = "FILE...",
	.summary = "validate offline, preview, write the error file",
	.options = check_options,
	.more = "Touches neither network nor journal, but reads from it which beneficiaries were never paid before.\n"
		"- reads standard input. Exit 0, 1 (with skip or max) or 3.\n",
	.available = true,
	.run = check_run,
};

/* Who is paid is remembered row by row, and compared with the journal at the end, where there is one. */
struct met {
	struct beneficiaries *who;
	struct receive_tally tally;
};

struct newcomers {
	struct met *files;
	int count;
};

static void meet(void *context, const struct payout *payout)
{
	beneficiaries_add(context, payout->destination);
}

static void newcomers_begin(struct newcomers *newcomers, struct files *files)
{
	const char *folder = getenv("TMPDIR");
	newcomers->count = files->run.count;
	newcomers->files = memory_new(sizeof(struct met) * (size_t)newcomers->count);
	for (int i = 0; i < newcomers->count; i++) {
		struct met *met = &newcomers->files[i];
		met->who = beneficiaries_open(folder != NULL && folder[0] != '\0' ? folder : "/tmp");
		met->tally = (struct receive_tally){.row = meet, .context = met->who, .unkeyed = true};
		files->run.options[i].tally = &met->tally;
	}
}

static void newcomers_count(struct newcomers *newcomers, struct program *program, struct files *files)
{
	struct fault fault = {0};
	for (int i = 0; i < newcomers->count; i++) {
		struct receive_result *result = &files->run.results[i];
		if (result->verdict == RECEIVE_NEW &&
			!beneficiaries_count(
				newcomers->files[i].who, &program->session.stage, &result->new_beneficiaries, &fault)) {
			result->new_beneficiaries = -1; /* a preview's luxury: the check stands without */
			fault = (struct fault){0};
		}
	}
}

static void newcomers_release(struct newcomers *newcomers)
{
	for (int i = 0; i < newcomers->count; i++)
		beneficiaries_close(newcomers->files[i].who);
	free(newcomers->files);
}

static bool has_journal(const struct program *program)
{
	const char *path = program->session.config->journal_path;
	return path != NULL && access(path, R_OK) == 0;
}

static void conclude(struct program *program, const struct files *files)
{
	struct buf preview = {0};
	for (int i = 0; i < files->run.count; i++) {
		const struct receive_result *result = &files->run.results[i];
		files_conclude(program, files, i);
		files_add_json(program, result);
		if (result->verdict == RECEIVE_REFUSED)
			exit_note(&program->notes, CODE_REFUSED);
		else if (result->bad > 0)
			exit_note(&program->notes, CODE_SOME_BAD);
	}
	files_preview(program, &files->run, &preview);
	output_add(&program->output, buf_text(&preview));
	buf_release(&preview);
}

static void check_run(struct program *program)
{
	struct files files;
	struct newcomers newcomers = {.files = NULL};
	struct fault fault = {0};
	if (files_read(program, &files) && program_open(program, SESSION_CONFIG)) {
		if (has_journal(program))
			newcomers_begin(&newcomers, &files);
		enum receive_verdict verdict = run_check(&program->session.stage, &files.run, &fault);
		if (verdict != RECEIVE_FAULT && verdict != RECEIVE_STOPPED && newcomers.count > 0 &&
			program_look(program))
			newcomers_count(&newcomers, program, &files);
		if (verdict == RECEIVE_FAULT || verdict == RECEIVE_STOPPED)
			program_fault(program, &fault);
		else
			conclude(program, &files);
		program_notices(program);
	}
	newcomers_release(&newcomers);
	files_release(&files);
}
