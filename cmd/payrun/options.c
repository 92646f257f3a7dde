#include "cmd/payrun/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "config/config.h"
#include "values/money.h"

struct parser {
	struct options *options;
	int argc;
	char **argv;
	int at; /* of the argument being read */
	const enum option_id *allowed;
	int64_t now_utc_ms;
	struct fault *fault;
};

static const char usage_cure[] = "`payrun help` lists the commands, `payrun help COMMAND` its options.";

/* What the user typed, safe to show. */
static char *shown(const char *text, char *out, size_t size)
{
	struct buf buf = {0};
	size_t len;
	text_show(&buf, text_of(text), 60);
	len = buf.len < size - 1 ? buf.len : size - 1;
	memcpy(out, buf_str(&buf), len);
	out[len] = '\0';
	buf_release(&buf);
	return out;
}

static bool is_allowed(const struct parser *parser, enum option_id id)
{
	if (id < OPTION_COMMON_END)
		return true;
	for (const enum option_id *one = parser->allowed; one != NULL && *one != OPTION_COUNT; one++)
		if (*one == id)
			return true;
	return false;
}

static bool find_long(const struct parser *parser, struct text name, enum option_id *id)
{
	for (enum option_id i = 0; i < OPTION_COUNT; i++)
		if (is_allowed(parser, i) && text_is(name, option_entry(i)->name)) {
			*id = i;
			return true;
		}
	return false;
}

static bool find_short(const struct parser *parser, char letter, enum option_id *id)
{
	for (enum option_id i = 0; i < OPTION_COUNT; i++)
		if (is_allowed(parser, i) && option_entry(i)->letter == letter) {
			*id = i;
			return true;
		}
	return false;
}

const char *options_nearest(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	size_t best = 3;
	for (; *names != NULL; names++) {
		size_t edits = text_distance(text_of(word), text_of(*names), 2);
		if (edits < best && edits < strlen(*names)) {
			best = edits;
			nearest = *names;
		}
	}
	return nearest;
}

static bool unknown_option(const struct parser *parser, struct text name)
{
	const char *names[OPTION_COUNT + 1] = {NULL};
	size_t count = 0;
	struct arena arena = {0};
	char *word = text_string(&arena, name);
	char typed[256];
	for (enum option_id i = 0; i < OPTION_COUNT; i++)
		if (is_allowed(parser, i))
			names[count++] = option_entry(i)->name;
	const char *nearest = options_nearest(word, names);
	shown(word, typed, sizeof typed);
	if (nearest != NULL)
		fault_set(parser->fault, FAULT_USAGE, "", usage_cure,
			"--%s: there is no such option here; did you mean --%s?", typed, nearest);
	else
		fault_set(parser->fault, FAULT_USAGE, "", usage_cure, "--%s: there is no such option here", typed);
	arena_release(&arena);
	return false;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);
	for (const char *at = choices; *at != '\0'; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && strncmp(at, value, len) == 0)
			return true;
	return false;
}

static bool parse_clock(struct text text, int64_t *minutes)
{
	int64_t hour, minute;
	if (text.len != 5 || text.ptr[2] != ':' || !text_number((struct text){text.ptr, 2}, 23, &hour) ||
		!text_number((struct text){text.ptr + 3, 2}, 59, &minute))
		return false;
	*minutes = hour * 60 + minute;
	return true;
}

bool options_next_moment(struct text text, int64_t now_utc_ms, int64_t *utc_ms)
{
	const char *space = text.len > 0 ? memchr(text.ptr, ' ', text.len) : NULL;
	int64_t minutes;
	bool found = false;
	if (space == NULL || !parse_clock((struct text){text.ptr, (size_t)(space - text.ptr)}, &minutes))
		return false;
	struct arena arena = {0};
	struct text rest = {space + 1, (size_t)(text.ptr + text.len - space - 1)};
	const char *zone = text_string(&arena, text_trim(rest));
	if (clock_zone_known(zone))
		found = clock_zone_next(zone, now_utc_ms, (int)minutes, utc_ms);
	arena_release(&arena);
	return found;
}

static bool parse_total(const char *value)
{
	const char *sign = strchr(value, '=');
	return sign != NULL && sign > value && sign[1] != '\0' && sign - value < 16;
}

/* Per cent with at most four decimals, as parts in a million. */
static bool parse_error_rule(const char *value, int64_t *ppm)
{
	*ppm = 0;
	if (strcmp(value, "refuse") == 0 || strcmp(value, "skip") == 0)
		return true;
	struct text rest = text_of(strncmp(value, "max:", 4) == 0 ? value + 4 : "");
	if (rest.len > 0 && rest.ptr[rest.len - 1] == '%')
		rest.len--;
	enum money_verdict verdict = money_parse(rest, 4, '.', ppm);
	if (verdict == MONEY_BAD_NOT_POSITIVE)
		*ppm = 0;
	return (verdict == MONEY_VALID || verdict == MONEY_BAD_NOT_POSITIVE) && *ppm <= 1000000;
}

/* Checks a value by its kind. */
static bool value_valid(const struct option *option, const char *text, int64_t now_utc_ms, struct option_value *value)
{
	switch (option->kind) {
	case OPTION_FLAG:
	case OPTION_UNAVAILABLE:
		return true;
	case OPTION_TEXT:
		return text[0] != '\0' || option->may_be_empty;
	case OPTION_CHOICE:
		return is_choice(option->choices, text);
	case OPTION_NUMBER:
		return text_number(text_of(text), option->most, &value->number) && value->number >= option->least;
	case OPTION_DURATION:
		return clock_duration_parse(text_of(text), &value->number);
	case OPTION_SPEED:
		return config_rate_parse(text_of(text), &value->number, &value->period_ms);
	case OPTION_MOMENT:
		return options_next_moment(text_of(text), now_utc_ms, &value->number);
	case OPTION_DATE:
		return clock_date_valid(text_of(text));
	case OPTION_TOTAL:
		return parse_total(text);
	case OPTION_ERROR_RULE:
		return parse_error_rule(text, &value->number);
	}
	return false;
}

static const char *value_help(const struct option *option)
{
	switch (option->kind) {
	case OPTION_NUMBER:
		return "a whole number in its range";
	case OPTION_DURATION:
		return "a duration such as 30s, 15m or 2h";
	case OPTION_SPEED:
		return "a rate such as 5/s, 300/m or none";
	case OPTION_MOMENT:
		return "a time and a zone such as \"18:30 Europe/Berlin\"";
	case OPTION_DATE:
		return "a day such as 2026-11-20";
	case OPTION_TOTAL:
		return "a currency and an amount such as EUR=1250.00";
	case OPTION_ERROR_RULE:
		return "refuse, skip or max:PERCENT";
	case OPTION_CHOICE:
		return option->argument;
	case OPTION_TEXT:
	case OPTION_FLAG:
	case OPTION_UNAVAILABLE:
		break;
	}
	return "some text";
}

static void repeat(struct options *options, enum option_id id, const char *text)
{
	int count = options->repeated_count[id]++;
	options->repeated[id] = memory_grow(options->repeated[id], sizeof(char *) * (size_t)(count + 1));
	options->repeated[id][count] = text;
}

static bool take_value(struct parser *parser, enum option_id id, const char *text)
{
	const struct option *option = option_entry(id);
	struct option_value *value = &parser->options->values[id];
	char typed[256];
	if (option->kind == OPTION_UNAVAILABLE)
		return fault_set(parser->fault, FAULT_USAGE, "", "Leave it out.",
			"--%s is not in this version of payrun", option->name);
	if (value->given && option->kind != OPTION_FLAG && !option->repeats)
		return fault_set(parser->fault, FAULT_USAGE, "", usage_cure, "--%s is given twice", option->name);
	if (!value_valid(option, text, parser->now_utc_ms, value))
		return fault_set(parser->fault, FAULT_USAGE, "", usage_cure, "--%s %s: it takes %s", option->name,
			shown(text, typed, sizeof typed), value_help(option));
	value->given = true;
	value->text = text;
	if (option->repeats)
		repeat(parser->options, id, text);
	return true;
}

/* The value of an option: behind its "=" or its letter, else the next argument. */
static bool read_value(struct parser *parser, enum option_id id, const char *attached)
{
	const struct option *option = option_entry(id);
	if (option->argument == NULL) {
		if (attached != NULL)
			return fault_set(
				parser->fault, FAULT_USAGE, "", usage_cure, "--%s takes no value", option->name);
		return take_value(parser, id, "");
	}
	if (attached == NULL && parser->at + 1 < parser->argc)
		attached = parser->argv[++parser->at];
	if (attached == NULL)
		return fault_set(parser->fault, FAULT_USAGE, "", usage_cure, "--%s wants a value: %s", option->name,
			option->argument);
	return take_value(parser, id, attached);
}

static bool read_long(struct parser *parser, const char *argument)
{
	const char *sign = strchr(argument, '=');
	struct text name = {argument, sign != NULL ? (size_t)(sign - argument) : strlen(argument)};
	enum option_id id;
	if (!find_long(parser, name, &id))
		return unknown_option(parser, name);
	return read_value(parser, id, sign != NULL ? sign + 1 : NULL);
}

/* -qv, -cFILE, -c FILE */
static bool read_short(struct parser *parser, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		enum option_id id;
		char typed[8] = {*letters, '\0'};
		char safe[64];
		if (!find_short(parser, *letters, &id))
			return fault_set(parser->fault, FAULT_USAGE, "", usage_cure,
				"-%s: there is no such option here", shown(typed, safe, sizeof safe));
		if (option_entry(id)->argument != NULL)
			return read_value(parser, id, letters[1] != '\0' ? letters + 1 : NULL);
		if (!read_value(parser, id, NULL))
			return false;
	}
	return true;
}

static void add_word(struct options *options, const char *word)
{
	options->words = memory_grow(options->words, sizeof(char *) * (size_t)(options->word_count + 1));
	options->words[options->word_count++] = word;
}

bool options_parse(struct options *options, int argc, char **argv, int command, const enum option_id *allowed,
	int64_t now_utc_ms, struct fault *fault)
{
	struct parser parser = {options, argc, argv, 1, allowed, now_utc_ms, fault};
	bool ended = false;
	for (; parser.at < argc; parser.at++) {
		const char *argument = argv[parser.at];
		if (parser.at == command)
			continue;
		if (ended || argument[0] != '-' || argument[1] == '\0')
			add_word(options, argument);
		else if (strcmp(argument, "--") == 0)
			ended = true;
		else if (argument[1] == '-' ? !read_long(&parser, argument + 2) : !read_short(&parser, argument + 1))
			return false;
	}
	return true;
}

void options_release(struct options *options)
{
	for (int i = 0; i < OPTION_COUNT; i++)
		free(options->repeated[i]);
	free(options->words);
	*options = (struct options){0};
}

int options_command(int argc, char **argv)
{
	int at = 1;
	for (; at < argc; at++) {
		const char *argument = argv[at];
		if (argument[0] != '-' || argument[1] == '\0')
			return at;
		if (strcmp(argument, "--") == 0)
			return argc;
		bool takes_next = strcmp(argument, "-c") == 0 || strcmp(argument, "--config") == 0 ||
				  strcmp(argument, "--journal") == 0 || strcmp(argument, "--lock-wait") == 0;
		at += takes_next;
	}
	return argc;
}

bool options_ask_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

bool option_given(const struct options *options, enum option_id id)
{
	return options->values[id].given;
}

const char *option_text(const struct options *options, enum option_id id)
{
	return options->values[id].given ? options->values[id].text : NULL;
}

int64_t option_number(const struct options *options, enum option_id id, int64_t otherwise)
{
	return options->values[id].given ? options->values[id].number : otherwise;
}
