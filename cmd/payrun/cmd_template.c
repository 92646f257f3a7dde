/* payrun template: a channel's columns and example rows, as a file to be filled. */
#include <stdlib.h>
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "formats/write_template.h"

static void template_run(struct program *program);

static const enum option_id template_options[] = {OPTION_CHANNEL, OPTION_TEMPLATE_FORMAT, OPTION_COUNT};

const struct command command_template = {
	.name = "template",
	.section = SECTION_SETUP,
	.synopsis = "--channel C [--format csv|json]",
	.summary = "a file with a channel's columns and example rows",
	.options = template_options,
	.more = "Columns that no row can do without stand first. The rows are examples, one for each way to say where\n"
		"money goes: EXAMPLE_ROW refuses a file in which one is left. With --json the file is the member "
		"\"template\".\n",
	.available = true,
	.run = template_run,
};

/* The terms of a configured channel; false: told. */
static bool find_terms(struct program *program, const char *name, struct terms *found)
{
	const struct config *config = program->session.config;
	const struct channel *channel = config_channel(config, text_of(name));
	struct fault fault = {0};
	bool fine;

	if (channel == NULL) {
		struct buf shown = {0};
		text_show(&shown, text_of(name), 60);
		program_usage(program, "channel %s is not configured; there are %s", buf_str(&shown),
			config->channel_names[0] != '\0' ? config->channel_names : "is none");
		buf_release(&shown);
		return false;
	}
	struct terms *terms = memory_new(sizeof *terms * BOUND_CHANNELS);
	fine = stage_terms(&program->session.stage, terms, &fault);
	if (fine)
		*found = terms[channel - config->channels];
	else
		program_fault(program, &fault);
	free(terms);
	return fine;
}

static void add_columns(struct buf *json, const struct template *template)
{
	doc_name(json, "columns");
	doc_open(json, '[');
	for (size_t i = 0; i < template->column_count; i++) {
		doc_open(json, '{');
		doc_member(json, "name", column_text(template->columns[i]));
		doc_member_bool(json, "required", i < template->required_count);
		doc_close(json, '}');
	}
	for (size_t i = 0; i < template->recipient_count; i++) {
		struct buf name = {0};
		buf_addz(&name, "recipient.");
		buf_addt(&name, template->recipient[i]);
		doc_open(json, '{');
		doc_member(json, "name", buf_text(&name));
		doc_member_bool(json, "required", false);
		doc_close(json, '}');
		buf_release(&name);
	}
	doc_close(json, ']');
}

static void give(struct program *program, const struct terms *terms, const char *format)
{
	struct template *template = memory_new(sizeof *template);
	struct arena arena = {0};
	struct buf text = {0};
	struct buf *json = &program->output.members;

	template_make(terms, &arena, template);
	if (strcmp(format, "json") == 0)
		template_json(template, &text);
	else
		template_csv(template, &text);
	output_add(&program->output, buf_text(&text));
	doc_member_string(json, "channel", terms->channel->name);
	doc_member_string(json, "format", format);
	add_columns(json, template);
	doc_member(json, "template", buf_text(&text));
	buf_release(&text);
	arena_release(&arena);
	free(template);
}

static void template_run(struct program *program)
{
	const char *channel = option_text(&program->options, OPTION_CHANNEL);
	const char *format = option_text(&program->options, OPTION_TEMPLATE_FORMAT);
	struct terms terms;

	if (!program_words(program, 0, 0))
		return;
	if (channel == NULL)
		program_usage(program, "it wants --channel");
	else if (format != NULL && strcmp(format, "xlsx") == 0)
		program_usage(program, "--format xlsx is not in this version; csv opens in every spreadsheet");
	else if (program_open(program, SESSION_CONFIG) && find_terms(program, channel, &terms))
		give(program, &terms, format != NULL ? format : "csv");
}
