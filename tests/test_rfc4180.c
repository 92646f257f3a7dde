/*
 * The grammar of RFC 4180, written down once more and compared with the reader: over every short text made of the
 * characters that matter to it. The reader forgives two things: other line ends than CRLF, and blanks around the quotes
 * of a field.
 */
#include "tests/read_all.h"

#include "formats/csv_records.h"

#define LETTERS "a,\"\n\r "
#define LONGEST 5

/* A text as its fields, each in brackets, a record a line. broken: where the grammar has no such text. */
struct grammar {
	struct text in;
	size_t at;
	struct buf out, cell;
	bool blank; /* the record: such rows are none of the reader's */
	bool broken;
};

/* Cells are trimmed by who reads the columns (CONTRACT, section 3). */
static void add_cell(struct buf *out, struct text cell)
{
	cell = text_trim(cell);
	buf_addf(out, "[%.*s]", (int)cell.len, cell.len > 0 ? cell.ptr : "");
}

static bool ends_record(const struct grammar *grammar)
{
	return grammar->at == grammar->in.len || grammar->in.ptr[grammar->at] == '\n' ||
	       grammar->in.ptr[grammar->at] == '\r';
}

static size_t behind_blanks(const struct grammar *grammar)
{
	size_t at = grammar->at;

	while (at < grammar->in.len && grammar->in.ptr[at] == ' ')
		at++;
	return at;
}

/* escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE */
static void take_escaped(struct grammar *grammar)
{
	for (grammar->at++; grammar->at < grammar->in.len; grammar->at++) {
		if (grammar->in.ptr[grammar->at] == '"') {
			grammar->at++;
			if (grammar->at == grammar->in.len || grammar->in.ptr[grammar->at] != '"') {
				grammar->at = behind_blanks(grammar);
				grammar->broken |= !ends_record(grammar) && grammar->in.ptr[grammar->at] != ',';
				return;
			}
		}
		buf_addc(&grammar->cell, grammar->in.ptr[grammar->at]);
	}
	grammar->broken = true;
}

/* non-escaped = *TEXTDATA: no quotes in it */
static void take_plain(struct grammar *grammar)
{
	for (; !ends_record(grammar) && grammar->in.ptr[grammar->at] != ','; grammar->at++) {
		grammar->broken |= grammar->in.ptr[grammar->at] == '"';
		buf_addc(&grammar->cell, grammar->in.ptr[grammar->at]);
	}
}

static void take_record(struct grammar *grammar)
{
	bool more = true;
	size_t start;

	while (more && !grammar->broken) {
		buf_reset(&grammar->cell);
		start = behind_blanks(grammar);
		if (start < grammar->in.len && grammar->in.ptr[start] == '"') {
			grammar->at = start;
			take_escaped(grammar);
		} else {
			take_plain(grammar);
		}
		add_cell(&grammar->out, buf_text(&grammar->cell));
		grammar->blank &= text_trim(buf_text(&grammar->cell)).len == 0;
		more = grammar->at < grammar->in.len && grammar->in.ptr[grammar->at] == ',';
		grammar->at += more;
	}
	buf_addc(&grammar->out, '\n');
}

/* A line end is CRLF, or what is found in its place: LF, CR. */
static void take_line_end(struct grammar *grammar)
{
	bool cr = grammar->at < grammar->in.len && grammar->in.ptr[grammar->at] == '\r';

	grammar->at += cr;
	if (grammar->at < grammar->in.len && grammar->in.ptr[grammar->at] == '\n')
		grammar->at++;
}

static char *by_grammar(struct text in)
{
	struct grammar grammar = {.in = in};

	while (grammar.at < in.len && !grammar.broken) {
		size_t start = grammar.out.len;

		grammar.blank = true;
		take_record(&grammar);
		if (grammar.broken || grammar.blank)
			grammar.out.len = start;
		take_line_end(&grammar);
	}
	buf_addz(&grammar.out, grammar.broken ? "broken" : "end");
	buf_release(&grammar.cell);
	return grammar.out.data;
}

static char *by_reader(struct text in, size_t piece)
{
	struct source source = {.bytes = in, .piece = piece};
	struct csv *csv = calloc(1, sizeof(*csv));
	struct fault fault = {0};
	struct buf out = {0};
	enum csv_verdict verdict;

	assert_non_null(csv);
	csv_open(csv, &source, NULL, ',');
	while ((verdict = csv_next(csv, &fault)) == CSV_RECORD) {
		for (size_t i = 0; i < csv->field_count; i++)
			add_cell(&out, csv->fields[i]);
		buf_addc(&out, '\n');
	}
	assert_int_not_equal(verdict, CSV_FAULT);
	buf_addz(&out, verdict == CSV_END ? "end" : "broken");
	csv_close(csv);
	free(csv);
	return out.data;
}

static void expect_agreement(struct text in)
{
	char *expected = by_grammar(in), *found = by_reader(in, 1 + in.len % 3);

	if (strcmp(expected, found) != 0)
		fail_msg("<%.*s>\nby the grammar:\n%s\nby the reader:\n%s", (int)in.len, in.ptr, expected, found);
	free(expected);
	free(found);
}

static void the_reader_and_the_grammar_agree_over_every_short_text(void **state)
{
	const size_t letters = sizeof(LETTERS) - 1;
	char text[LONGEST];
	size_t count = 0;

	(void)state;
	for (size_t len = 0, all = 1; len <= LONGEST; len++, all *= letters)
		for (size_t number = 0; number < all; number++, count++) {
			for (size_t i = 0, rest = number; i < len; i++, rest /= letters)
				text[i] = LETTERS[rest % letters];
			expect_agreement((struct text){text, len});
		}
	print_message("%zu texts\n", count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reader_and_the_grammar_agree_over_every_short_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
