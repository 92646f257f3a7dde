/*
 * Every rule of a row against rows that break it, and rows that keep it: tests/rules/NAME.cases, one case a line.
 *
 *   RULE | BASE | COLUMN=VALUE ; ... | FIELD | CURE     the rule is found at the field; a part of its cure
 *   kept | BASE | COLUMN=VALUE ; ...                    no finding at all
 *   kept RULE | BASE | COLUMN=VALUE ; ...               not that one
 *
 * BASE is a good row of tests/support/rules_fixture.h; \xNN is a byte. Besides columns and recipient.X there are
 * command.channel, command.decimal, command.numbers, the limits of calypso-main (limit_per_payout), and profile.style,
 * by its name. A rule without a case fails here, and `make lint` without a build.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>

#include "base/file.h"
#include "tests/support/rules_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CELLS 5
#define RULES_MAX 512

static const struct {
	const char *name;
	void (*row)(struct fixture *fixture);
} bases[] = {
	{"calypso", fixture_calypso_row},
	{"wire", fixture_wire_row},
	{"iban", fixture_iban_row},
	{"us", fixture_us_row},
	{"bic", fixture_bic_row},
	{"book", fixture_book_row},
	{"pontis", fixture_pontis_row},
	{"mollie", fixture_mollie_row},
};

struct reading {
	struct fixture *fixture;
	const char *file;
	int line;
	size_t cases;
	const struct rule *rules;
	size_t rule_count;
	bool met[RULES_MAX];
};

static void __attribute__((noreturn, format(printf, 2, 3)))
wrong(const struct reading *reading, const char *format, ...)
{
	char text[512];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	fail_msg("%s:%d: %s", reading->file, reading->line, text);
	abort();
}

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " ");
	len = strlen(text);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

/* The next part of *rest up to the mark; NULL at the end. */
static char *take(char **rest, char mark)
{
	char *part = *rest, *end;

	if (part == NULL)
		return NULL;
	end = strchr(part, mark);
	*rest = end != NULL ? end + 1 : NULL;
	if (end != NULL)
		*end = '\0';
	return trim(part);
}

/* \xNN, in place: it only gets shorter. */
static char *unescape(const struct reading *reading, char *text)
{
	char *to = text;

	for (char *from = text; *from != '\0'; to++) {
		unsigned byte;

		if (*from != '\\') {
			*to = *from++;
			continue;
		}
		if (sscanf(from, "\\x%2x", &byte) != 1 || byte == 0)
			wrong(reading, "not an escape: %s", from);
		*to = (char)(unsigned char)byte;
		from += 4;
	}
	*to = '\0';
	return text;
}

static bool set_command(struct fixture *fixture, const char *name, const char *value)
{
	if (strcmp(name, "command.channel") == 0)
		fixture->rules.fixed = fixture->rules.find(NULL, text_of(value));
	else if (strcmp(name, "command.decimal") == 0)
		fixture->rules.decimal_mark = strcmp(value, "comma") == 0 ? ',' : '.';
	else if (strcmp(name, "command.numbers") == 0)
		fixture->rules.numbers = COLUMN_SET(column_find(text_of(value), NULL));
	else
		return false;
	fixture->rules.decimal_told = strcmp(name, "command.decimal") == 0 || fixture->rules.decimal_told;
	return true;
}

/* Ways of writing amounts, as a profile may say them. */
static bool set_style(struct fixture *fixture, const char *name, const char *value)
{
	static const struct amount_sign signs[] = {
		{{"USD", 3}, {"USD", 3}}, {{"$", 1}, {"USD", 3}}, {{"E", 1}, {"EUR", 3}}};
	static const struct {
		const char *name;
		struct amount_style style;
	} styles[] = {
		{"ledger", {.decimal_mark = ',', .grouping = '.', .debit = true}},
		{"minor", {.decimal_mark = '.', .minor = true}},
		{"signs", {.decimal_mark = '.', .signs = signs, .sign_count = COUNT(signs)}},
	};

	if (strcmp(name, "profile.style") != 0)
		return false;
	for (size_t i = 0; i < COUNT(styles); i++)
		if (strcmp(styles[i].name, value) == 0) {
			fixture->rules.amounts = &styles[i].style;
			fixture->rules.decimal_mark = styles[i].style.decimal_mark;
			return true;
		}
	return false;
}

static bool set_limit(const char *name, const char *value)
{
	for (int limit = 0; limit < CHANNEL_LIMITS; limit++)
		if (strcmp(channel_limit_name((enum channel_limit)limit), name) == 0) {
			fixture_limit((enum channel_limit)limit, value);
			return true;
		}
	return false;
}

static void set(const struct reading *reading, char *name, char *value)
{
	struct fixture *fixture = reading->fixture;

	if (set_command(fixture, name, value) || set_limit(name, value) || set_style(fixture, name, value))
		return;
	if (strncmp(name, "recipient.", 10) == 0) {
		fixture_recipient(fixture, name + 10, value);
		return;
	}
	if (strcmp(name, "address") == 0) {
		fixture_set(fixture, COLUMN_ADDRESS, value);
		return;
	}
	enum column column = column_find(text_of(name), NULL);
	if (column >= COLUMN_CELLS)
		wrong(reading, "no column %s", name);
	fixture_set(fixture, column, value);
}

static void make_row(const struct reading *reading, const char *base, char *changes)
{
	struct fixture *fixture = reading->fixture;
	char *change;
	size_t at = 0;

	while (at < COUNT(bases) && strcmp(bases[at].name, base) != 0)
		at++;
	if (at == COUNT(bases))
		wrong(reading, "no base %s", base);
	bases[at].row(fixture);
	while ((change = take(&changes, ';')) != NULL) {
		char *equals = strchr(change, '=');

		if (change[0] == '\0')
			continue;
		if (equals == NULL)
			wrong(reading, "not COLUMN=VALUE: %s", change);
		*equals = '\0';
		set(reading, trim(change), unescape(reading, equals + 1));
	}
}

static const struct rule *rule_of(struct reading *reading, const char *id)
{
	for (size_t i = 0; i < reading->rule_count; i++)
		if (strcmp(reading->rules[i].id, id) == 0)
			return &reading->rules[i];
	wrong(reading, "no rule %s", id);
}

static const struct finding *found(const struct findings *findings, const char *id, const char *field)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule != NULL && strcmp(findings->items[i].rule, id) == 0 &&
			(field == NULL || strcmp(findings->items[i].field, field) == 0))
			return &findings->items[i];
	return NULL;
}

static void want_broken(struct reading *reading, const char *id, const char *field, const char *cure)
{
	struct fixture *fixture = reading->fixture;
	const struct rule *rule = rule_of(reading, id);
	const struct finding *finding = found(&fixture->findings, id, field);

	if (finding == NULL)
		wrong(reading, "%s is not found at %s; found %zu, first %s", id, field, fixture->findings.count,
			fixture->findings.count > 0 ? fixture->findings.items[0].message : "none");
	if (finding->severity != rule->severity || strcmp(finding->code, rule->code) != 0)
		wrong(reading, "%s is found as %s", id, finding->code);
	if (strstr(finding->cure, cure) == NULL)
		wrong(reading, "the cure of %s is: %s", id, finding->cure);
	if (fixture->good != (rule->severity == FINDING_WARNING))
		wrong(reading, "%s: the row is %s", id, fixture->good ? "good" : "bad");
	if (finding->message[0] == '\0' || finding->cure[0] == '\0' || finding->row != 46 || finding->line != 47)
		wrong(reading, "%s: no message, cure or place", id);
	reading->met[rule - reading->rules] = true;
}

static void want_kept(struct reading *reading, const char *id)
{
	const struct fixture *fixture = reading->fixture;

	if (id[0] != '\0' && found(&fixture->findings, rule_of(reading, id)->id, NULL) != NULL)
		wrong(reading, "%s is found: %s", id, found(&fixture->findings, id, NULL)->message);
	if (id[0] == '\0' && (!fixture->good || fixture->findings.count > 0))
		wrong(reading, "%s", fixture->findings.count > 0 ? fixture->findings.items[0].message : "not good");
}

static void read_case(struct reading *reading, char *line)
{
	char *cells[CELLS];
	struct rules before = reading->fixture->rules;

	for (size_t i = 0; i < CELLS; i++)
		cells[i] = take(&line, '|');
	if (line != NULL || cells[2] == NULL)
		wrong(reading, "not RULE | BASE | CHANGES | FIELD | CURE");
	make_row(reading, cells[1], cells[2]);
	fixture_check(reading->fixture);
	if (strncmp(cells[0], "kept", 4) == 0 && (cells[0][4] == ' ' || cells[0][4] == '\0'))
		want_kept(reading, trim(cells[0] + 4));
	else if (cells[4] == NULL)
		wrong(reading, "no field or no cure");
	else
		want_broken(reading, cells[0], cells[3], unescape(reading, cells[4]));
	reading->fixture->rules = before;
	for (int limit = 0; limit < CHANNEL_LIMITS; limit++)
		fixture_limit((enum channel_limit)limit, NULL);
	reading->cases++;
}

static void read_cases(struct reading *reading, const char *path)
{
	struct buf bytes = {0};
	struct fault fault = {0};

	reading->file = path;
	reading->line = 0;
	if (!file_read(path, (size_t)1 << 20, &bytes, NULL, &fault))
		fail_msg("%s", fault.message);
	buf_addc(&bytes, '\0');
	for (char *rest = bytes.data, *line = rest; line != NULL; line = rest) {
		char *end = strchr(line, '\n');

		if (end != NULL)
			*end = '\0';
		rest = end != NULL ? end + 1 : NULL;
		reading->line++;
		if (line[0] != '\0' && line[0] != '#')
			read_case(reading, line);
	}
	buf_release(&bytes);
}

static void each_case_breaks_or_keeps_its_rule_and_each_rule_has_one(void **state)
{
	struct reading reading = {.fixture = *state};
	const char *source = getenv("PAYRUN_SOURCE");
	char pattern[512];
	size_t missing = 0;
	glob_t files;

	reading.rules = rules_list(&reading.rule_count);
	assert_true(reading.rule_count <= RULES_MAX);
	snprintf(pattern, sizeof(pattern), "%s/tests/rules/*.cases", source != NULL ? source : ".");
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		read_cases(&reading, files.gl_pathv[i]);
	globfree(&files);
	for (size_t i = 0; i < reading.rule_count; i++)
		if (reading.rules[i].check != NULL && !reading.met[i]) {
			print_error("no case breaks %s\n", reading.rules[i].id);
			missing++;
		}
	print_message("%zu cases of %zu rules\n", reading.cases, reading.rule_count);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_case_breaks_or_keeps_its_rule_and_each_rule_has_one, fixture_set_up, fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
