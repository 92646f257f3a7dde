/* payrun resolve: a person settles an unknown payout (PROTOCOL, section 8). */
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "run/people.h"

static void resolve_run(struct program *program);

static const enum option_id resolve_options[] = {
	OPTION_AS, OPTION_PROVIDER_ID, OPTION_WHY, OPTION_STATEMENT, OPTION_COUNT};

const struct command command_resolve = {
	.name = "resolve",
	.section = SECTION_PEOPLE,
	.synopsis = "REFERENCE --as accepted|paid|failed|not-sent ...",
	.summary = "settle an unknown payout",
	.options = resolve_options,
	.more = "--as accepted|paid --provider-id ID      the provider is asked and must agree\n"
		"--as failed --provider-id ID --why TEXT  the provider is asked and must not say otherwise\n"
		"--as not-sent                            ready again with the same key; not before 15 minutes after "
		"the\n"
		"                                         last send, and not while the provider can still be asked\n",
	.available = true,
	.run = resolve_run,
};

static bool read_words(struct program *program, struct resolve *resolve)
{
	static const char *const names[] = {[RESOLVE_ACCEPTED] = "accepted",
		[RESOLVE_PAID] = "paid",
		[RESOLVE_FAILED] = "failed",
		[RESOLVE_NOT_SENT] = "not-sent"};
	const struct options *options = &program->options;
	const char *as = option_text(options, OPTION_AS), *why = option_text(options, OPTION_WHY);
	if (!program_words(program, 1, 1))
		return false;
	if (as == NULL) {
		program_usage(program, "it wants --as accepted, paid, failed or not-sent");
		return false;
	}
	resolve->name = options->words[0];
	resolve->provider_id = option_text(options, OPTION_PROVIDER_ID);
	resolve->why = why != NULL ? why : "";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], as) == 0)
			resolve->as = (enum resolution)i;
	if (resolve->as != RESOLVE_NOT_SENT && resolve->provider_id == NULL) {
		program_usage(program, "--as %s wants --provider-id ID", as);
		return false;
	}
	if (resolve->as == RESOLVE_NOT_SENT && resolve->provider_id != NULL) {
		program_usage(program, "--as not-sent takes no --provider-id");
		return false;
	}
	if (resolve->as == RESOLVE_FAILED && why == NULL) {
		program_usage(program, "--as failed wants --why TEXT");
		return false;
	}
	return true;
}

static void resolve_run(struct program *program)
{
	struct resolve resolve = {.name = NULL};
	struct resolved resolved;
	struct fault fault = {0};
	if (!read_words(program, &resolve) || !program_open(program, SESSION_WRITE))
		return;
	if (!people_resolve(&program->session, &resolve, &resolved, &fault)) {
		program_fault(program, &fault);
		return;
	}
	output_show(&program->output, text_of(resolve.name));
	output_say(&program->output, " is %s now\n", state_name(resolved.state));
	if (resolved.state == PAYOUT_READY)
		output_say(&program->output, "`payrun resume` sends it.\n");
	doc_member_string(&program->output.members, "reference", resolve.name);
	doc_member_string(&program->output.members, "state", state_name(resolved.state));
}
