/* payrun template: a channel's columns and example rows, as a file to be filled. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "formats/write_template.h"
#include "formats/write_template_xlsx.h"

static void template_run(struct program *program);

static const enum option_id template_options[] = {OPTION_CHANNEL, OPTION_TEMPLATE_FORMAT, OPTION_OUTPUT, OPTION_COUNT};

const struct command command_template = {
	.name = "template",
	.section = SECTION_SETUP,
	.synopsis = "--channel C [--format csv|json|xlsx]",
	.summary = "a file with a channel's columns and example rows",
	.options = template_options,
	.more = "Columns that no row can do without stand first. The rows are examples, one for each way to say where\n"
		"money goes: EXAMPLE_ROW refuses a file in which one is left. Without -o to standard output, but never "
		"a\n"
		"workbook to a terminal. In a workbook (xlsx) all columns are text, so that 00123 stays 00123, and a "
		"second\n"
		"sheet says what each column means and which codes it takes. With --json the file is the member\n"
		"\"template\", or with -o its name the member \"path\".\n",
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

static bool is_workbook(const char *format)
{
	return strcmp(format, "xlsx") == 0;
}

/* Standard output takes text through the program's own output, a workbook as it is. */
static bool write_template(const struct template *template, const struct terms *terms, const char *format,
	const char *path, struct buf *text, struct fault *fault)
{
	const char *folder = getenv("TMPDIR");
	struct template_codes *codes;
	struct file_out out;
	bool fine;

	if (strcmp(format, "json") == 0)
		template_json(template, text);
	else if (!is_workbook(format))
		template_csv(template, text);
	if (path == NULL && !is_workbook(format))
		return true;
	if (!(path == NULL ? file_use(&out, STDOUT_FILENO, "standard output", fault) : file_create(&out, path, fault)))
		return false;
	codes = memory_new(sizeof *codes);
	template_codes_make(terms, codes);
	file_write(&out, buf_str(text), text->len);
	fine = !is_workbook(format) ||
	       template_xlsx(template, codes, folder != NULL && folder[0] != '\0' ? folder : "/tmp", &out, fault);
	free(codes);
	if (!fine) {
		file_abandon(&out);
		return false;
	}
	return file_commit(&out, true, fault);
}

static void give(struct program *program, const struct terms *terms, const char *format, const char *path)
{
	struct template *template = memory_new(sizeof *template);
	struct arena arena = {0};
	struct buf text = {0};
	struct buf *json = &program->output.members;
	struct fault fault = {0};

	template_make(terms, &arena, template);
	if (!write_template(template, terms, format, path, &text, &fault)) {
		program_fault(program, &fault);
		goto out;
	}
	doc_member_string(json, "channel", terms->channel->name);
	doc_member_string(json, "format", format);
	add_columns(json, template);
	if (path != NULL) {
		doc_member_string(json, "path", path);
		output_say(&program->output, "wrote ");
		output_show(&program->output, text_of(path));
		output_say(&program->output, "\n");
	} else {
		output_add(&program->output, buf_text(&text));
		doc_member(json, "template", buf_text(&text));
	}
out:
	buf_release(&text);
	arena_release(&arena);
	free(template);
}

/* --format, else the ending of -o, else csv. */
static const char *choose_format(const char *format, const char *path)
{
	static const char *const endings[] = {"json", "xlsx"};
	const char *dot = path != NULL ? strrchr(path, '.') : NULL;

	if (format != NULL)
		return format;
	for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof *endings; i++)
		if (text_equal_nocase(text_of(dot + 1), text_of(endings[i])))
			return endings[i];
	return "csv";
}

static void template_run(struct program *program)
{
	const char *channel = option_text(&program->options, OPTION_CHANNEL);
	const char *path = option_text(&program->options, OPTION_OUTPUT);
	const char *format = choose_format(option_text(&program->options, OPTION_TEMPLATE_FORMAT), path);
	struct terms terms;

	if (path != NULL && strcmp(path, "-") == 0)
		path = NULL;
	if (!program_words(program, 0, 0))
		return;
	if (channel == NULL)
		program_usage(program, "it wants --channel");
	else if (path == NULL && is_workbook(format) && program->output.json)
		program_usage(program, "--json has no room for a workbook; -o FILE.xlsx writes it");
	else if (path == NULL && is_workbook(format) && isatty(STDOUT_FILENO))
		program_usage(program, "a workbook is nothing for a terminal; -o FILE.xlsx writes it");
	else if (program_open(program, SESSION_CONFIG) && find_terms(program, channel, &terms))
		give(program, &terms, format, path);
}
