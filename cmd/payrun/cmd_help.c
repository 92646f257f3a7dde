/* payrun help, payrun help COMMAND, and the topics findings, columns, exit. */
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/help_findings.h"
#include "values/column.h"

static void help_run(struct program *program);

const struct command command_help = {
	.name = "help",
	.section = SECTION_SETUP,
	.synopsis = "[COMMAND|findings|columns|exit]",
	.summary = "this, a command's own help, or a topic",
	.available = true,
	.run = help_run,
};

static const char *const sections[SECTION_COUNT] = {
	[SECTION_DAILY] = "daily", [SECTION_PEOPLE] = "people", [SECTION_PROOF] = "proof", [SECTION_SETUP] = "set-up"};

static void show_option(struct buf *text, enum option_id id)
{
	const struct option *option = option_entry(id);
	struct buf left = {0};
	if (option->letter != 0)
		buf_addf(&left, "-%c, ", option->letter);
	buf_addf(&left, "--%s", option->name);
	if (option->argument != NULL)
		buf_addf(&left, " %s", option->argument);
	if (option->repeats)
		buf_addz(&left, "...");
	buf_addf(text, "  %-34s %s%s\n", buf_str(&left), option->meaning,
		option->kind == OPTION_UNAVAILABLE ? " (not in this version)" : "");
	buf_release(&left);
}

static void show_common(struct buf *text)
{
	buf_addz(text, "Everywhere:\n");
	for (enum option_id id = 0; id < OPTION_COMMON_END; id++)
		show_option(text, id);
}

static void show_command(struct buf *text, const struct command *command)
{
	buf_addf(text, "usage: payrun %s%s%s\n\n%s%s\n", command->name, command->synopsis[0] != '\0' ? " " : "",
		command->synopsis, command->summary, command->available ? "" : " (not in this version)");
	if (command->more != NULL)
		buf_addf(text, "\n%s", command->more);
	if (command->options != NULL) {
		buf_addc(text, '\n');
		for (const enum option_id *id = command->options; *id != OPTION_COUNT; id++)
			show_option(text, *id);
	}
	buf_addc(text, '\n');
	show_common(text);
}

/* A long synopsis pushes the summary to the next line. */
static void show_entry(struct buf *text, const struct command *command)
{
	buf_addf(text, "  payrun %-9s %-28s", command->name, command->synopsis);
	if (strlen(command->synopsis) > 28)
		buf_addf(text, "\n%47s", "");
	buf_addf(text, " %s%s\n", command->summary, command->available ? "" : " (not in this version)");
}

static void show_all(struct buf *text)
{
	buf_addz(text, "payrun takes a file of payouts, checks every row and pays each valid one once.\n\n");
	for (enum section section = 0; section < SECTION_COUNT; section++) {
		buf_addf(text, "%s\n", sections[section]);
		for (const struct command *const *one = commands; *one != NULL; one++)
			if ((*one)->section == section)
				show_entry(text, *one);
	}
	buf_addz(text, "\nA BATCH is an id, a unique beginning of one, or `last`.\n");
	show_common(text);
}

static void show_exit(struct buf *text)
{
	for (enum exit_code code = CODE_DONE; code <= CODE_FAILED; code++)
		buf_addf(text, "%d  %s\n", (int)code, exit_meaning(code));
	buf_addz(
		text, "\nThe first that applies of 2, 7, 9, 3, 6, 8, 4, 5, 1, 0. A second signal: 128 + its number.\n");
}

/* Names that are also accepted for a column. */
static void show_aliases(struct buf *text, enum column column)
{
	struct text name;
	enum column of;
	int count = 0;
	for (size_t i = 0; column_known(i, &name, &of); i++) {
		if (of != column || text_is(name, column_name(column)))
			continue;
		buf_addz(text, count++ == 0 ? "                  also " : ", ");
		buf_addt(text, name);
	}
	if (count > 0)
		buf_addc(text, '\n');
}

static void show_columns(struct buf *text)
{
	struct text name;
	enum column column;
	buf_addz(text, "The header line names the columns, in any order; case, spaces, _ and - make no difference.\n"
		       "In JSON they are the names of an object's members; values are text in quotes.\n\n");
	for (column = 0; column < COLUMN_COUNT; column++) {
		buf_addf(text, "%-17s %s\n", column_name(column), column_meaning(column));
		show_aliases(text, column);
	}
	buf_addz(text, "recipient.X       passed to pontis inside recipient_details as X; JSON: {\"recipient\": "
		       "{\"X\": ...}}, too\n");
	buf_addz(text,
		"\n`address` is wallet_address on rows paid to a chain, else line1. On pontis rows source_currency is\n"
		"currency, and currency_code is target_currency.\n\nRefused, because they mean different things:");
	for (size_t i = 0; column_known(i, &name, &column); i++)
		if (column == COLUMN_AMBIGUOUS) {
			buf_addc(text, ' ');
			buf_addt(text, name);
		}
	buf_addc(text, '\n');
}

static const struct topic {
	const char *name;
	void (*show)(struct buf *text);
	void (*json)(struct buf *members); /* or NULL: the text alone */
} topics[] = {{"findings", help_findings_show, help_findings_json}, {"columns", show_columns, NULL},
	{"exit", show_exit, NULL}};

static void give(struct program *program, struct buf *text)
{
	output_add(&program->output, buf_text(text));
	doc_member(&program->output.members, "help", buf_text(text));
	buf_release(text);
}

void help_show(struct program *program, const struct command *command)
{
	struct buf text = {0};
	if (command != NULL)
		show_command(&text, command);
	else
		show_all(&text);
	give(program, &text);
}

static void help_run(struct program *program)
{
	const struct options *options = &program->options;
	struct buf text = {0};
	if (!program_words(program, 0, 1))
		return;
	if (options->word_count == 0) {
		help_show(program, NULL);
		return;
	}
	const char *word = options->words[0];
	const struct command *command = command_find(word);
	if (command != NULL) {
		help_show(program, command);
		return;
	}
	for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
		if (strcmp(topics[i].name, word) == 0) {
			topics[i].show(&text);
			give(program, &text);
			if (topics[i].json != NULL)
				topics[i].json(&program->output.members);
			return;
		}
	text_show(&text, text_of(word), 60);
	program_usage(program, "%s is neither a command nor findings, columns or exit", buf_str(&text));
	buf_release(&text);
}
