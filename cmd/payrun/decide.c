#include "cmd/payrun/decide.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/payrun/doc.h"
#include "cmd/payrun/terminal.h"

/* On a terminal a whole batch is asked for; no, or the end of input, changes nothing. */
bool decide_confirmed(struct program *program, struct decide *decide, const struct decide_words *words, int64_t more)
{
	struct decided decided;
	struct fault fault = {0};
	char question[128];
	if (words->question == NULL || decide->reference_count > 0 || option_given(&program->options, OPTION_YES) ||
		!terminal_attended())
		return true;
	decide->try_only = true;
	if (!people_decide(&program->session, decide, &decided, &fault)) {
		program_fault(program, &fault);
		return false;
	}
	decide->try_only = false;
	snprintf(question, sizeof question, "%s %" PRId64 " payouts?", words->question, decided.done + more);
	if (terminal_ask(&program->log, &program->stop, question) == ANSWER_YES)
		return true;
	fault_set(&fault, program->stop.count > 0 ? FAULT_STOPPED : FAULT_REFUSED, "", "", "nothing was changed");
	program_fault(program, &fault);
	return false;
}

void decide_tell(struct program *program, const struct decided *decided, const struct decide_words *words)
{
	struct buf *json = &program->output.members;
	output_say(&program->output, "%" PRId64 " payouts %s\n", decided->done, words->done);
	if (decided->other > decided->own)
		output_say(&program->output, "%" PRId64 " left as they are: their state does not allow it\n",
			decided->other - decided->own);
	if (decided->own > 0) {
		output_say(&program->output,
			"%" PRId64 " left as they are: new attempts that you asked for, somebody else approves them "
			"(four_eyes)\n",
			decided->own);
		exit_note(&program->notes, CODE_APPROVAL);
	}
	if (decided->lost > 0)
		output_say(&program->output, "%" PRId64 " left as they are: moved by another command meanwhile\n",
			decided->lost);
	if (decided->done > 0 && decided->approval) {
		output_say(&program->output, "They wait for approval: `payrun approve ");
		output_show(&program->output, text_of(program->options.words[0]));
		output_say(&program->output, "`.\n");
		exit_note(&program->notes, CODE_APPROVAL);
	} else if (decided->done > 0 && words->next != NULL) {
		output_say(&program->output, "%s\n", words->next);
	}
	doc_member_number(json, "changed", decided->done);
	doc_member_number(json, "left", decided->other + decided->lost);
	if (decided->lost > 0)
		exit_note(&program->notes, CODE_UNFINISHED);
}

bool decide_begin(struct program *program, enum decision decision, struct arena *arena, struct decide *decide)
{
	const struct options *options = &program->options;
	const char *why = option_text(options, OPTION_WHY);
	struct journal_batch batch;
	*decide = (struct decide){
		.decision = decision,
		.references = options->repeated[OPTION_REFERENCE],
		.reference_count = options->repeated_count[OPTION_REFERENCE],
		.why = why != NULL ? why : "",
	};
	if (!program_words(program, 1, 1))
		return false;
	if (decision == DECIDE_REJECT && why == NULL) {
		program_usage(program, "it wants --why TEXT");
		return false;
	}
	if (!program_open(program, SESSION_WRITE) || !program_batch(program, options->words[0], arena, &batch))
		return false;
	decide->batch = batch.id;
	doc_member_string(&program->output.members, "batch", batch.name);
	return true;
}

void decide_run(struct program *program, enum decision decision, const struct decide_words *words)
{
	struct arena arena = {0};
	struct decided decided;
	struct decide decide;
	struct fault fault = {0};
	if (!decide_begin(program, decision, &arena, &decide) || !decide_confirmed(program, &decide, words, 0))
		goto out;
	if (people_decide(&program->session, &decide, &decided, &fault))
		decide_tell(program, &decided, words);
	else
		program_fault(program, &fault);
out:
	arena_release(&arena);
}
