/* payrun funds: balances of the channels, and fees where the provider tells, against what is to be sent. */
#include <string.h>
#include <unistd.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/files.h"
#include "cmd/payrun/funds_show.h"

static void funds_run(struct program *program);

static const enum option_id funds_options[] = {OPTION_CHANNEL, OPTION_FORMAT, OPTION_PROFILE, OPTION_DELIMITER,
	OPTION_DECIMAL, OPTION_ENCODING, OPTION_BATCH_ID, OPTION_COUNT};

const struct command command_funds = {
	.name = "funds",
	.section = SECTION_SETUP,
	.synopsis = "[BATCH|FILE]",
	.summary = "balances and fees against what is needed",
	.options = funds_options,
	.more = "Needed is what of a BATCH is not yet sent, what the good rows of a FILE would pay (checked without "
		"the "
		"journal),\n"
		"or without either what of all batches is not yet sent. A word that names a file is a FILE.\n"
		"Too little is said, and exits 0 as enough does; 9 when a provider does not answer, 3 when the FILE is "
		"refused.\n",
	.available = true,
	.run = funds_run,
};

static bool is_file(const char *word)
{
	return strcmp(word, "-") == 0 || strchr(word, '/') != NULL || access(word, F_OK) == 0;
}

static void show_file(struct program *program)
{
	struct files files;
	struct funds funds;
	struct fault fault = {0};
	if (!files_read(program, &files) || !program_open(program, SESSION_CONFIG)) {
		files_release(&files);
		return;
	}
	funds_init(&funds, &program->session.stage);
	struct receive_tally tally = funds_tally_rows(&funds);
	files.run.options[0].tally = &tally;
	files.run.options[0].write_errors = false;
	enum receive_verdict verdict = run_check(&program->session.stage, &files.run, &fault);
	if (verdict == RECEIVE_NEW) {
		funds_ask_and_show(program, &funds, false, true);
	} else if (verdict == RECEIVE_REFUSED) {
		files_conclude(program, &files, 0);
		exit_note(&program->notes, CODE_REFUSED);
	} else {
		program_fault(program, &fault);
	}
	funds_release(&funds);
	files_release(&files);
}

static void show_batch(struct program *program, const char *name)
{
	struct arena arena = {0};
	struct journal_batch batch = {.id = 0};
	struct funds funds;
	struct fault fault = {0};
	if (!program_open(program, SESSION_READ))
		return;
	if (name == NULL || program_batch(program, name, &arena, &batch)) {
		funds_init(&funds, &program->session.stage);
		if (funds_need_batch(&funds, batch.id, &fault))
			funds_ask_and_show(program, &funds, name == NULL, true);
		else
			program_fault(program, &fault);
		funds_release(&funds);
	}
	arena_release(&arena);
}

static void funds_run(struct program *program)
{
	const struct options *options = &program->options;
	if (!program_words(program, 0, 1))
		return;
	if (options->word_count == 1 && is_file(options->words[0]))
		show_file(program);
	else
		show_batch(program, options->word_count == 1 ? options->words[0] : NULL);
}
