/* payrun: the table of commands, and the way from argv to the exit code. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/signals.h"

const struct command *const commands[] = {
	&command_check,
	&command_submit,
	&command_status,
	&command_resume,
	&command_poll,
	&command_report, /* daily */
	&command_approve,
	&command_reject,
	&command_retry,
	&command_cancel,
	&command_resolve,
	&command_show, /* people */
	&command_reconcile,
	&command_verify, /* proof */
	&command_init,
	&command_template,
	&command_channels,
	&command_funds,
	&command_key,
	&command_recover,
	&command_help, /* set-up */
	NULL,
};

const struct command *command_find(const char *name)
{
	for (const struct command *const *one = commands; *one != NULL; one++)
		if (strcmp((*one)->name, name) == 0)
			return *one;
	return NULL;
}

static void unknown_command(struct program *program, const char *name)
{
	const char *names[64] = {NULL};
	struct buf shown = {0};
	size_t count = 0;
	for (const struct command *const *one = commands; *one != NULL && count < 63; one++)
		names[count++] = (*one)->name;
	const char *nearest = options_nearest(name, names);
	text_show(&shown, text_of(name), 60);
	if (nearest != NULL)
		program_usage(program, "%s: there is no such command; did you mean %s?", buf_str(&shown), nearest);
	else
		program_usage(program, "%s: there is no such command", buf_str(&shown));
	buf_release(&shown);
}

static void run_command(struct program *program)
{
	struct options *options = &program->options;
	if (option_given(options, OPTION_VERSION)) {
		output_say(&program->output, "payrun %s\n", PAYRUN_VERSION);
	} else if (option_given(options, OPTION_HELP) || program->command == NULL) {
		help_show(program, program->command);
	} else if (!program->command->available) {
		struct fault fault = {0};
		fault_set(&fault, FAULT_USAGE, "", "`payrun help` lists what is.",
			"%s is not in this version of payrun", program->command->name);
		program_fault(program, &fault);
	} else {
		program->command->run(program);
	}
}

static void read_and_run(struct program *program, int argc, char **argv)
{
	struct fault fault = {0};
	int at = options_command(argc, argv);
	if (at < argc) {
		program->command = command_find(argv[at]);
		if (program->command == NULL) {
			unknown_command(program, argv[at]);
			return;
		}
	}
	bool read = options_parse(&program->options, argc, argv, at,
		program->command != NULL ? program->command->options : NULL, clock_now(&program->clock).utc_ms, &fault);
	enum log_level level = option_given(&program->options, OPTION_QUIET)     ? LOG_ERROR_LEVEL
			       : option_given(&program->options, OPTION_VERBOSE) ? LOG_DEBUG_LEVEL
										 : LOG_INFO_LEVEL;
	log_init(&program->log, STDERR_FILENO, level);
	if (!read && program->command != NULL && !program->command->available)
		read = true; /* its options are not in this version either */
	if (!read || !signals_catch(&program->stop, &fault)) {
		program_fault(program, &fault);
		return;
	}
	if (program->command == NULL && !option_given(&program->options, OPTION_HELP) &&
		!option_given(&program->options, OPTION_VERSION))
		exit_note(&program->notes, CODE_USAGE); /* nothing was asked for: help, and a code that says so */
	run_command(program);
}

/* Writes what is left; standard output that takes nothing is a fault of its own. */
static enum exit_code finish(struct program *program)
{
	struct output *output = &program->output;
	enum exit_code code = exit_choose(program->notes);
	if (!output_end(output, PAYRUN_VERSION, program->command != NULL ? program->command->name : "", (int)code)) {
		log_say(&program->log, LOG_ERROR_LEVEL, "payrun: could not write to standard output: %s\n%s",
			strerror(output->error),
			"What was received and sent is in the journal: `payrun status` shows it.");
		exit_note(&program->notes, CODE_FAILED);
	}
	if (output->fault.set) {
		log_say(&program->log, LOG_ERROR_LEVEL, "payrun: %s\n%s", output->fault.message, output->fault.cure);
		exit_note(&program->notes, CODE_FAILED);
	}
	session_close(&program->session);
	options_release(&program->options);
	output_release(output);
	return exit_choose(program->notes);
}

/* A descriptor that came closed must not become the journal's: a message would be written into it. Standard output then
 * is one that takes nothing, and says so. */
static void hold_standard_descriptors(void)
{
	for (int fd = open("/dev/null", O_RDONLY); fd >= 0;
		fd = open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY))
		if (fd > STDERR_FILENO) {
			close(fd);
			return;
		}
}

int main(int argc, char **argv)
{
	struct program program = {.stop = {.wake_fd = -1}};
	hold_standard_descriptors();
	clock_system(&program.clock);
	log_init(&program.log, STDERR_FILENO, LOG_INFO_LEVEL);
	output_init(&program.output, options_ask_json(argc, argv));
	read_and_run(&program, argc, argv);
	return (int)finish(&program);
}
