#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/payrun/command.h"

/* "payrun: what: why", and the cure on the next line. */
static void tell(struct program *program, enum log_level level, const char *message, const char *cure)
{
	if (cure[0] != '\0')
		log_say(&program->log, level, "payrun: %s\n%s", message, cure);
	else
		log_say(&program->log, level, "payrun: %s", message);
}

void program_fault(struct program *program, const struct fault *fault)
{
	tell(program, LOG_ERROR_LEVEL, fault->message, fault->cure);
	output_error(&program->output, fault->code, fault->channel, fault->message, fault->cure);
	if (program->damage_is_break && strcmp(fault->code, "JOURNAL_CORRUPT") == 0)
		exit_note(&program->notes, CODE_BREAK);
	else
		exit_note(&program->notes, exit_of_fault(fault));
}

void program_usage(struct program *program, const char *format, ...)
{
	struct fault fault = {0};
	char message[sizeof fault.message];
	va_list list;
	va_start(list, format);
	vsnprintf(message, sizeof message, format, list);
	va_end(list);
	if (program->command != NULL)
		fault_set(&fault, FAULT_USAGE, "", NULL, "%s: %s", program->command->name, message);
	else
		fault_set(&fault, FAULT_USAGE, "", NULL, "%s", message);
	snprintf(fault.cure, sizeof fault.cure, "`payrun help%s%s` shows how it is used.",
		program->command != NULL ? " " : "", program->command != NULL ? program->command->name : "");
	program_fault(program, &fault);
}

void program_notices(struct program *program)
{
	const struct stage *stage = &program->session.stage;
	for (int i = 0; i < stage->notice_count; i++) {
		const struct notice *notice = &stage->notices[i];
		tell(program, notice->person || notice->broken ? LOG_ERROR_LEVEL : LOG_WARNING_LEVEL, notice->message,
			notice->cure);
		output_error(&program->output, notice->code, notice->channel, notice->message, notice->cure);
		if (notice->person)
			exit_note(&program->notes, CODE_PERSON);
		if (notice->broken || strcmp(notice->code, "PAID_TWICE_SUSPECTED") == 0)
			exit_note(&program->notes, CODE_BREAK);
	}
}

static struct session_options session_wanted(struct program *program)
{
	const struct options *options = &program->options;
	return (struct session_options){
		.config_path = option_text(options, OPTION_CONFIG),
		.journal_url = option_text(options, OPTION_JOURNAL),
		.lock_wait_ms = option_number(options, OPTION_LOCK_WAIT, 0) * 1000,
		.clock = &program->clock,
		.log = &program->log,
		.stop = &program->stop,
		.program = "payrun " PAYRUN_VERSION,
		.user_agent = "payrun/" PAYRUN_VERSION,
	};
}

bool program_lease(struct program *program)
{
	struct session_options wanted = session_wanted(program);
	struct fault fault = {0};
	if (session_lease(&program->session, &wanted, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

bool program_open(struct program *program, enum session_need need)
{
	struct session_options wanted = session_wanted(program);
	struct fault fault = {0};
	if (session_open(&program->session, &wanted, need, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

bool program_look(struct program *program)
{
	struct session_options wanted = session_wanted(program);
	return session_look(&program->session, &wanted);
}

bool program_words(struct program *program, int least, int most)
{
	int count = program->options.word_count;
	if (count < least)
		program_usage(program, "it wants %s", program->command->synopsis);
	else if (count > most)
		program_usage(program, "too many words: it takes %s", most == 0 ? "none" : program->command->synopsis);
	return count >= least && count <= most;
}

bool program_batch(struct program *program, const char *name, struct arena *arena, struct journal_batch *batch)
{
	struct fault fault = {0};
	enum journal_find found = JOURNAL_FIND_NONE;
	if (!journal_batch_find(program->session.journal, text_of(name), arena, batch, &found, &fault)) {
		program_fault(program, &fault);
		return false;
	}
	if (found == JOURNAL_FIND_ONE)
		return true;
	struct buf shown = {0};
	text_show(&shown, text_of(name), 60);
	fault_set(&fault, FAULT_USAGE, "", "`payrun status` lists the batches.", "batch %s: %s", buf_str(&shown),
		found == JOURNAL_FIND_MANY ? "several batches begin so" : "there is none");
	buf_release(&shown);
	program_fault(program, &fault);
	return false;
}
