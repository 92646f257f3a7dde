/* payrun resolve: a person settles an unknown payout (PROTOCOL, section 8). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "run/candidates.h"
#include "run/people.h"

static void resolve_run(struct program *program);

static const enum option_id resolve_options[] = {
	OPTION_AS, OPTION_PROVIDER_ID, OPTION_WHY, OPTION_STATEMENT, OPTION_COUNT};

const struct command command_resolve = {
	.name = "resolve",
	.section = SECTION_PEOPLE,
	.synopsis = "REFERENCE [--as accepted|paid|failed|not-sent ...]",
	.summary = "settle an unknown payout",
	.options = resolve_options,
	.more = "without --as                             what the provider's own list has of its amount (Circle); "
		"nothing\n"
		"                                         changes\n"
		"--as accepted|paid --provider-id ID      the provider is asked and must agree\n"
		"                                         (PontisGlobe confirms the id alone: compare its amount "
		"first)\n"
		"--as failed --provider-id ID --why TEXT  the provider is asked and must not say otherwise\n"
		"--as not-sent                            ready again with the same key; not before 15 minutes after "
		"the\n"
		"                                         last send, and not while the provider can still be asked\n",
	.available = true,
	.run = resolve_run,
};

static bool read_words(struct program *program, struct resolve *resolve)
{
	const struct options *options = &program->options;
	const char *as = option_text(options, OPTION_AS), *why = option_text(options, OPTION_WHY);
	if (!program_words(program, 1, 1))
		return false;
	if (as == NULL) {
		program_usage(program, "--%s goes with --as",
			option_given(options, OPTION_PROVIDER_ID) ? "provider-id" : "why");
		return false;
	}
	resolve->name = options->words[0];
	resolve->provider_id = option_text(options, OPTION_PROVIDER_ID);
	resolve->why = why != NULL ? why : "";
	bool known = resolution_parse(as, &resolve->as);
	assert(known); /* the table of options takes no other word */
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

static void show_candidate(struct program *program, const struct listed *listed)
{
	struct buf *json = &program->output.members, line = {0};
	char iso[CLOCK_ISO_SIZE] = "";
	if (listed->created_utc_ms != 0)
		clock_iso_s(listed->created_utc_ms, iso);
	const struct text words[] = {listed->provider_id, listed->provider_status, listed->amount, listed->currency,
		text_of(iso), listed->destination, listed->description};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		buf_addz(&line, "  ");
		text_show(&line, words[i], 80);
	}
	output_say(&program->output, "%s\n", buf_str(&line));
	buf_release(&line);
	doc_open(json, '{');
	doc_member(json, "provider_id", listed->provider_id);
	doc_member(json, "provider_status", listed->provider_status);
	doc_member_string(json, "state", state_name(listed->state));
	doc_member(json, "amount", listed->amount);
	doc_member(json, "currency", listed->currency);
	doc_member(json, "destination", listed->destination);
	doc_member(json, "description", listed->description);
	doc_member_time(json, "created_at", listed->created_utc_ms);
	doc_close(json, '}');
}

/* What the provider has that it might be, for the person to judge. */
static void show_candidates(struct program *program, const struct candidates *candidates)
{
	struct buf *json = &program->output.members;
	doc_name(json, "candidates");
	doc_open(json, '[');
	for (size_t i = 0; i < candidates->count; i++)
		show_candidate(program, &candidates->list[i]);
	doc_close(json, ']');
	if (candidates->looks_up)
		output_say(&program->output, "%s is asked by key: `payrun resume` settles it\n", candidates->provider);
	else if (!candidates->lists)
		output_say(&program->output, "%s has no list to be asked for: look for it in its own records\n",
			candidates->provider);
	else if (candidates->count == 0)
		output_say(&program->output, "channel %s: nothing of its amount since it was sent%s\n",
			candidates->channel, candidates->whole ? "" : ", as far as the list was read");
	else
		output_say(&program->output,
			"channel %s has these of its amount that no payout here is: compare them, then say\n"
			"`payrun resolve %s --as accepted --provider-id ID`, or --as failed, or --as not-sent\n",
			candidates->channel, program->options.words[0]);
}

static void look(struct program *program)
{
	struct candidates *candidates = memory_new(sizeof *candidates);
	struct arena arena = {0};
	struct fault fault = {0};
	if (program_words(program, 1, 1) && program_open(program, SESSION_WRITE)) {
		if (candidates_find(&program->session, program->options.words[0], &arena, candidates, &fault))
			show_candidates(program, candidates);
		else
			program_fault(program, &fault);
	}
	arena_release(&arena);
	free(candidates);
}

static void resolve_run(struct program *program)
{
	struct resolve resolve = {.name = NULL};
	struct resolved resolved;
	struct fault fault = {0};
	if (!option_given(&program->options, OPTION_AS) && !option_given(&program->options, OPTION_PROVIDER_ID) &&
		!option_given(&program->options, OPTION_WHY)) {
		look(program);
		return;
	}
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
