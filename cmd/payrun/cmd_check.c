/* payrun check: validate offline, preview, write the error file; touch nothing else. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/files.h"

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
	.more = "Touches neither journal nor network. - reads standard input. Exit 0, 1 (with skip or max) or 3.\n",
	.available = true,
	.run = check_run,
};

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
	struct fault fault = {0};
	if (files_read(program, &files) && program_open(program, SESSION_CONFIG)) {
		enum receive_verdict verdict = run_check(&program->session.stage, &files.run, &fault);
		if (verdict == RECEIVE_FAULT || verdict == RECEIVE_STOPPED)
			program_fault(program, &fault);
		else
			conclude(program, &files);
		program_notices(program);
	}
	files_release(&files);
}
