/* payrun init: a configuration where there is none, and a journal where there is none. Overwrites neither. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "providers/catalog.h"

static void init_run(struct program *program);

static const enum option_id init_options[] = {OPTION_SANDBOX, OPTION_PROVIDER, OPTION_COUNT};

const struct command command_init = {
	.name = "init",
	.section = SECTION_SETUP,
	.synopsis = "[--sandbox] [--provider NAME]...",
	.summary = "write payrun.conf and create the journal",
	.options = init_options,
	.more = "Overwrites neither: with a configuration at hand it only creates the missing journal. The namespace "
		"that\n"
		"it draws is a part of every key: never change it.\n",
	.available = true,
	.run = init_run,
};

/* "payrun-3f9a12cd": a new one for each configuration, so that two of them never make the same key. */
static void draw_namespace(char out[16])
{
	uint8_t bytes[4] = {0};
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		abort();
	char hex[2 * sizeof bytes + 1];
	text_hex(bytes, sizeof bytes, hex);
	snprintf(out, 16, "payrun-%s", hex);
}

static bool providers_read(struct program *program, enum provider_id *only, int *count)
{
	const struct options *options = &program->options;
	*count = 0;
	for (int i = 0; i < options->repeated_count[OPTION_PROVIDER]; i++) {
		const char *name = options->repeated[OPTION_PROVIDER][i];
		enum provider_id provider = provider_parse(text_of(name));
		struct buf shown = {0};
		text_show(&shown, text_of(name), 60);
		if (provider == PROVIDER_NONE)
			program_usage(program, "--provider %s: there are circle, mollie, pontis and calypso",
				buf_str(&shown));
		else if (catalog_adapter(provider) == NULL)
			program_usage(
				program, "--provider %s: payments through it are not in this version", buf_str(&shown));
		buf_release(&shown);
		if (provider == PROVIDER_NONE || catalog_adapter(provider) == NULL || *count == PROVIDER_COUNT)
			return false;
		only[(*count)++] = provider;
	}
	return true;
}

/* The configuration that is there, or the place where a new one goes. NULL: told. */
static char *configuration_path(struct program *program, bool *exists)
{
	const char *given = option_text(&program->options, OPTION_CONFIG);
	struct fault fault = {0};
	const char *variable = getenv("PAYRUN_CONF");
	if (given == NULL && variable != NULL && variable[0] != '\0')
		given = variable;
	if (given != NULL) {
		*exists = access(given, F_OK) == 0;
		return memory_string(given);
	}
	char *found = config_find(NULL, &fault);
	*exists = found != NULL;
	return found != NULL ? found : memory_string("payrun.conf");
}

static bool write_configuration(struct program *program, const char *path)
{
	enum provider_id only[PROVIDER_COUNT];
	char name_space[16];
	struct fault fault = {0};
	struct config_new wanted = {
		.path = path,
		.sandbox = option_given(&program->options, OPTION_SANDBOX),
		.namespace_text = name_space,
	};
	if (!providers_read(program, only, &wanted.only_count))
		return false;
	draw_namespace(name_space);
	wanted.only = wanted.only_count > 0 ? only : NULL;
	wanted.providers = catalog_settings(&wanted.provider_count);
	if (config_create(&wanted, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

static bool create_journal(struct program *program)
{
	struct session *session = &program->session;
	struct fault fault = {0};
	struct journal_options wanted = {
		.path = session->config->journal_path,
		.namespace_text = session->config->namespace_text,
		.head_file = session->config->head_file,
		.clock = &program->clock,
		.who = &session->who,
	};
	if (journal_create(&wanted, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

static void init_run(struct program *program)
{
	bool exists = false;
	if (!program_words(program, 0, 0))
		return;
	char *path = configuration_path(program, &exists);
	bool usable = exists || write_configuration(program, path);
	struct buf shown = {0};
	text_show(&shown, text_of(path), 0);
	if (usable) {
		/* What is there is taken, even where another -c would be searched first from here on. */
		program->options.values[OPTION_CONFIG] = (struct option_value){.given = true, .text = path};
		output_say(&program->output, "%s %s\n", exists ? "configuration" : "wrote", buf_str(&shown));
		doc_member_string(&program->output.members, "config", path);
	}
	buf_reset(&shown);
	if (usable && program_open(program, SESSION_CONFIG) && create_journal(program)) {
		text_show(&shown, text_of(program->session.config->journal_path), 0);
		output_say(&program->output, "created journal %s\n", buf_str(&shown));
		output_say(&program->output, "namespace %s (a part of every key: never change it)\n",
			program->session.config->namespace_text);
		doc_member_string(&program->output.members, "journal", program->session.config->journal_path);
		doc_member_string(&program->output.members, "namespace", program->session.config->namespace_text);
	}
	program->options.values[OPTION_CONFIG] = (struct option_value){.given = false};
	buf_release(&shown);
	free(path);
}
