/*
 * Every word that a provider documents (tests/exchanges/NAME/documented, copied by hand from its page) is a row of its
 * adapter's tables and the other way round, and each is met by a recorded exchange, whose whole receipt is compared.
 *
 * With PAYRUN_WORDS=FILE the table of all of them is written there as Markdown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "providers/answer.h"
#include "providers/calypso.h"
#include "providers/catalog.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"
#include "tests/support/scene.h"
#include "tests/support/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LINES_MAX 512

static const struct adapter *const adapters[] = {&circle_adapter, &mollie_adapter, &pontis_adapter, &calypso_adapter};

/* What the page of a provider documents. */
enum kind {
	KIND_ROW = 0, /* a row of the tables */
	KIND_HTTP,    /* "HTTP = 413" */
	KIND_TOLD,    /* "told WHERE = WORD": goes into the reason as it is, and decides nothing */
};

struct line {
	enum kind kind;
	char *name;
	size_t row; /* of KIND_ROW */
	bool has_row;
	char *where, *word;                /* of the others; a word that ends in * is the beginning of one */
	struct buf shown[OPERATION_COUNT]; /* by an exchange, as the table has it */
	bool named[OPERATION_COUNT];       /* that exchange bears the word in its name */
};

struct book {
	const struct adapter *adapter;
	struct line lines[LINES_MAX];
	size_t count;
};

static char *copy(const char *text, size_t len)
{
	char *own = calloc(1, len + 1);

	assert_non_null(own);
	memcpy(own, text, len);
	return own;
}

static void add_line(struct book *book, const char *text, size_t len)
{
	struct line *line = &book->lines[book->count++];
	const char *equals;

	assert_true(book->count < LINES_MAX);
	if (len > 5 && strncmp(text, "told ", 5) == 0) {
		line->kind = KIND_TOLD;
		text += 5;
		len -= 5;
	} else if (len > 5 && strncmp(text, "HTTP ", 5) == 0) {
		line->kind = KIND_HTTP;
	}
	line->name = copy(text, len);
	equals = strstr(line->name, " = ");
	if (equals == NULL)
		fail_msg("%s: not a line: %s", book->adapter->name, line->name);
	line->where = copy(line->name, (size_t)(equals - line->name));
	line->word = copy(equals + 3, strlen(equals + 3));
}

static void read_documented(struct book *book)
{
	struct buf bytes = {0};
	struct fault fault = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/exchanges/%s/documented", scene_source(), book->adapter->name);
	if (!file_read(path, (size_t)1 << 20, &bytes, NULL, &fault))
		fail_msg("%s", fault.message);
	for (const char *at = buf_str(&bytes); *at != '\0';) {
		size_t len = strcspn(at, "\n");

		if (len > 0 && at[0] != '#')
			add_line(book, at, len);
		at += len + (at[len] == '\n');
	}
	buf_release(&bytes);
}

static struct line *line_of(struct book *book, const char *name)
{
	for (size_t i = 0; i < book->count; i++)
		if (book->lines[i].kind == KIND_ROW && strcmp(book->lines[i].name, name) == 0)
			return &book->lines[i];
	return NULL;
}

/* Each row is documented once; how many rows there are. */
static size_t find_rows(struct book *book)
{
	struct adapter_word word;
	struct buf name = {0};
	size_t row = 0;

	for (; book->adapter->word(row, &word); row++) {
		struct line *line;

		buf_reset(&name);
		words_name(&word, &name);
		line = line_of(book, buf_str(&name));
		if (line == NULL)
			fail_msg("%s: a row that is not documented: %s", book->adapter->name, buf_str(&name));
		if (line->has_row)
			fail_msg("%s: a row stands twice: %s", book->adapter->name, buf_str(&name));
		line->row = row;
		line->has_row = true;
	}
	buf_release(&name);
	return row;
}

static bool told(const struct line *line, const json_t *answer)
{
	struct text values[64];
	size_t count = words_at(answer, line->where, values, COUNT(values));

	for (size_t i = 0; i < count; i++)
		if (text_is(values[i], line->word))
			return true;
	return false;
}

static bool met(const struct book *book, const struct line *line, const struct scene *scene, const json_t *answer)
{
	switch (line->kind) {
	case KIND_ROW:
		return line->has_row &&
		       words_meet(book->adapter, line->row, scene->operation, scene->answer.status, answer);
	case KIND_HTTP:
		return atoi(line->word) == scene->answer.status;
	case KIND_TOLD:
		return told(line, answer);
	}
	return false;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static void show(const struct book *book, const struct line *line, const struct scene *scene,
	const struct receipt *receipt, struct buf *row)
{
	bool accepted = receipt->verdict == VERDICT_ACCEPTED;

	buf_reset(row);
	buf_addf(row, "| %s | `%s` | %s | %d | %s | %s | %s | %s | %s |\n", book->adapter->name, line->name,
		operation_name(scene->operation), scene->answer.status, verdict_name(receipt->verdict),
		accepted ? state_name(receipt->state) : "", receipt->code, receipt->reason_code,
		base_name(scene->path));
}

/* Whether the exchange is about this word alone: called after it, or of a status an acceptance or a bare one. */
static bool is_about(const struct line *line, const struct scene *scene, const struct receipt *receipt)
{
	if (line->kind == KIND_HTTP)
		return scene->answer.status < 300 ? receipt->verdict == VERDICT_ACCEPTED
						  : receipt->provider_code.len == 0;
	return strstr(base_name(scene->path), line->word) != NULL;
}

/* Of the exchanges of an operation that meet a word the first one shows it, or the first one that is about it. */
static void meet(void *context, struct scene *scene)
{
	struct book *book = context;
	struct receipt receipt;
	json_t *answer;

	if (!scene->answered)
		return;
	answer = answer_parse(scene->answer.body, &scene->arena);
	book->adapter->read(scene->operation, &scene->call, &scene->answer, &scene->arena, &receipt);
	for (size_t i = 0; i < book->count; i++) {
		struct line *line = &book->lines[i];
		bool named = is_about(line, scene, &receipt);

		if ((line->shown[scene->operation].len > 0 && (!named || line->named[scene->operation])) ||
			!met(book, line, scene, answer))
			continue;
		line->named[scene->operation] = named;
		show(book, line, scene, &receipt, &line->shown[scene->operation]);
	}
	json_decref(answer);
}

/* False: nothing shows it. */
static bool write_line(const struct line *line, FILE *table)
{
	bool shown = false;

	for (int operation = 0; operation < OPERATION_COUNT; operation++) {
		if (line->shown[operation].len == 0)
			continue;
		shown = true;
		if (table != NULL)
			fputs(line->shown[operation].data, table);
	}
	return shown;
}

/* How many words are not shown. */
static size_t check_book(struct book *book, FILE *table)
{
	size_t missing = 0, rows = find_rows(book);

	scene_each(book->adapter, meet, book);
	for (size_t i = 0; i < book->count; i++) {
		const struct line *line = &book->lines[i];

		if (line->kind == KIND_ROW && !line->has_row)
			print_error("%s: documented, and no row of the adapter: %s\n", book->adapter->name, line->name);
		else if (!write_line(line, table))
			print_error("%s: no recorded exchange: %s\n", book->adapter->name, line->name);
		else
			continue;
		missing++;
	}
	print_message("%s: %zu words, %zu rows\n", book->adapter->name, book->count, rows);
	return missing;
}

static void close_book(struct book *book)
{
	for (size_t i = 0; i < book->count; i++) {
		free(book->lines[i].name);
		free(book->lines[i].where);
		free(book->lines[i].word);
		for (int operation = 0; operation < OPERATION_COUNT; operation++)
			buf_release(&book->lines[i].shown[operation]);
	}
	free(book);
}

static FILE *open_table(void)
{
	const char *path = getenv("PAYRUN_WORDS");
	FILE *table = path != NULL ? fopen(path, "w") : NULL;

	if (table != NULL)
		fputs("| provider | status or code | asked | HTTP | verdict | state | stops with | reason code | shown "
		      "by "
		      "|\n|---|---|---|---|---|---|---|---|---|\n",
			table);
	return table;
}

static void every_documented_word_is_a_row_that_an_exchange_meets(void **state)
{
	FILE *table = open_table();
	size_t missing = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(adapters); i++) {
		struct book *book = calloc(1, sizeof(*book));

		assert_non_null(book);
		book->adapter = adapters[i];
		read_documented(book);
		missing += check_book(book, table);
		close_book(book);
	}
	if (table != NULL)
		fclose(table);
	assert_int_equal(missing, 0);
}

static void every_adapter_of_the_catalog_is_among_them(void **state)
{
	(void)state;
	for (enum provider_id provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++) {
		const struct adapter *adapter = catalog_adapter(provider);
		bool found = adapter == NULL;

		for (size_t i = 0; i < COUNT(adapters); i++)
			found = found || adapters[i] == adapter;
		assert_true(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_documented_word_is_a_row_that_an_exchange_meets),
		cmocka_unit_test(every_adapter_of_the_catalog_is_among_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
