/* payrun key: the idempotency key of a reference, and how anyone can derive it (CONTRACT, section 5). */
#include <string.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "values/key.h"

static void key_run(struct program *program);

static const enum option_id key_options[] = {OPTION_CHANNEL, OPTION_REFERENCE, OPTION_ATTEMPT, OPTION_COUNT};

const struct command command_key = {
	.name = "key",
	.section = SECTION_SETUP,
	.synopsis = "--channel C --reference R [--attempt N]",
	.summary = "derive a key and show how",
	.options = key_options,
	.more = "C is a configured channel, or the name of a provider. The key depends on the namespace, the "
		"provider,\n"
		"the reference and the attempt, and on nothing else.\n",
	.available = true,
	.run = key_run,
};

#define FIELDS 5

struct derivation {
	struct text fields[FIELDS];
	const char *names[FIELDS];
	char attempt[24];
	char key[KEY_TEXT_SIZE];
};

static enum provider_id provider_of(struct program *program, const char *channel)
{
	const struct channel *configured = config_channel(program->session.config, text_of(channel));
	enum provider_id provider = configured != NULL ? configured->provider : provider_parse(text_of(channel));
	struct buf shown = {0};
	if (provider == PROVIDER_NONE) {
		text_show(&shown, text_of(channel), 60);
		program_usage(program, "%s is neither a configured channel (%s) nor a provider", buf_str(&shown),
			program->session.config->channel_names);
		buf_release(&shown);
	}
	return provider;
}

static void derive(struct derivation *derivation, struct text name_space, enum provider_id provider,
	struct text reference, int64_t attempt)
{
	struct buf digits = {0};
	struct sha256 *sha = sha256_new();
	struct key key = key_derive(sha, name_space, provider, reference, attempt);
	sha256_free(sha);
	key_text(&key, derivation->key);
	buf_addi(&digits, attempt);
	memcpy(derivation->attempt, buf_str(&digits), digits.len + 1);
	buf_release(&digits);
	const struct text fields[FIELDS] = {TEXT("payrun-key-1"), name_space, text_of(provider_name(provider)),
		reference, text_of(derivation->attempt)};
	const char *const names[FIELDS] = {"scheme", "namespace", "provider", "reference", "attempt"};
	memcpy(derivation->fields, fields, sizeof fields);
	memcpy(derivation->names, names, sizeof names);
}

static void give(struct program *program, const struct derivation *derivation)
{
	struct buf *members = &program->output.members;
	output_say(&program->output, "%s\n\n", derivation->key);
	output_say(&program->output, "the first 16 bytes of SHA-256( F(scheme) F(namespace) F(provider) F(reference) "
				     "F(attempt) ) as a UUID,\nversion nibble 4, variant bits 10;"
				     " F(x) = the length of x in bytes as 4 bytes big-endian, then x\n\n");
	doc_member_string(members, "key", derivation->key);
	doc_name(members, "derivation");
	doc_open(members, '[');
	for (int i = 0; i < FIELDS; i++) {
		output_say(&program->output, "%-9s  %3zu bytes  ", derivation->names[i], derivation->fields[i].len);
		output_show(&program->output, derivation->fields[i]);
		output_say(&program->output, "\n");
		doc_open(members, '{');
		doc_member_string(members, "field", derivation->names[i]);
		doc_member_number(members, "bytes", (int64_t)derivation->fields[i].len);
		doc_member(members, "value", derivation->fields[i]);
		doc_close(members, '}');
	}
	doc_close(members, ']');
}

static void key_run(struct program *program)
{
	const struct options *options = &program->options;
	const char *channel = option_text(options, OPTION_CHANNEL);
	struct derivation derivation = {.attempt = ""};
	struct arena arena = {0};
	if (!program_words(program, 0, 0))
		return;
	if (channel == NULL || options->repeated_count[OPTION_REFERENCE] != 1) {
		program_usage(program, "it wants --channel and one --reference");
		return;
	}
	struct text reference = text_of(option_text(options, OPTION_REFERENCE));
	if (!text_utf8(reference, NULL)) {
		program_usage(program, "the reference is not UTF-8");
		return;
	}
	if (!program_open(program, SESSION_CONFIG))
		return;
	enum provider_id provider = provider_of(program, channel);
	if (provider != PROVIDER_NONE) {
		derive(&derivation, text_of(program->session.config->namespace_text), provider,
			text_trim(text_nfc(&arena, reference)), option_number(options, OPTION_ATTEMPT, 1));
		give(program, &derivation);
	}
	arena_release(&arena);
}
