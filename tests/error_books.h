/*
 * Workbooks as people have them, and their error files. Included by one .c file of a test program.
 */
#ifndef TESTS_ERROR_BOOKS_H
#define TESTS_ERROR_BOOKS_H

#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/file.h"
#include "formats/reader.h"
#include "formats/write_errors_xlsx.h"
#include "formats/xlsx_book.h"
#include "tests/support/opened.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SHEET "xl/worksheets/sheet1.xml"

struct place {
	char *folder, *input, *output, *again;
};

static inline int make_place(void **state)
{
	struct place *place = memory_new(sizeof(*place));
	const char *above = getenv("TMPDIR");
	struct buf pattern = {0};

	buf_addf(&pattern, "%s/errors.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = memory_string(mkdtemp(pattern.data));
	place->input = file_join(place->folder, "in.xlsx");
	place->output = file_join(place->folder, "in.errors.xlsx");
	place->again = file_join(place->folder, "in.errors.errors.xlsx");
	buf_release(&pattern);
	*state = place;
	return 0;
}

static inline int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->input);
	unlink(place->output);
	unlink(place->again);
	assert_int_equal(rmdir(place->folder), 0);
	free(place->folder);
	free(place->input);
	free(place->output);
	free(place->again);
	free(place);
	return 0;
}

/* --- a workbook as people have them ------------------------------------------------------------------------------- */

struct filling {
	bool noted, second, stray, wide;
	int rows; /* 0: three */
};

static inline lxw_format *format_of(lxw_workbook *book, const char *number, bool bold)
{
	lxw_format *format = workbook_add_format(book);

	format_set_num_format(format, number);
	if (bold)
		format_set_bold(format);
	return format;
}

static inline void fill_sheet(lxw_workbook *book, lxw_worksheet *sheet, const struct filling *filling)
{
	static const char *const header[] = {"reference", "channel", "amount", "currency", "execution_date", "email"};
	lxw_format *bold = format_of(book, "General", true), *text = format_of(book, "@", false),
		   *date = format_of(book, "yyyy-mm-dd", false), *money = format_of(book, "0.00", true);
	lxw_datetime day = {.year = 2030, .month = 1, .day = 2};

	for (lxw_col_t i = 0; i < COUNT(header); i++)
		worksheet_write_string(sheet, 0, i, header[i], bold);
	for (lxw_row_t i = 1; i <= (lxw_row_t)(filling->rows > 0 ? filling->rows : 3); i++) {
		char reference[32];

		snprintf(reference, sizeof(reference), "INV-%03d", (int)i);
		worksheet_write_string(sheet, i, 0, reference, text);
		worksheet_write_string(sheet, i, 1, "mollie", NULL);
		worksheet_write_number(sheet, i, 2, 12.5, money);
		worksheet_write_string(sheet, i, 3, "EUR", text);
		worksheet_write_datetime(sheet, i, 4, &day, date);
	}
	worksheet_set_column(sheet, 0, filling->wide ? 100 : 1, 20, NULL);
	worksheet_set_row(sheet, 2, 30, NULL);
	worksheet_autofilter(sheet, 0, 0, 3, 5);
	worksheet_freeze_panes(sheet, 1, 0);
	if (filling->noted) {
		worksheet_write_comment(sheet, 1, 2, "look at this one");
		worksheet_write_comment(sheet, 2, 0, "and this");
	}
	if (filling->stray)
		worksheet_write_string(sheet, 2, 8, "a remark", NULL);
}

static inline void fill_book(const char *path, const struct filling *filling)
{
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Pay"), *second;

	fill_sheet(book, sheet, filling);
	if (filling->second) {
		second = workbook_add_worksheet(book, "Notes");
		worksheet_write_formula(second, 0, 0, "=SUM(Pay!C2:C4)", NULL);
		worksheet_write_comment(second, 0, 0, "of another sheet");
	}
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
}

/* --- findings by row, and the error file -------------------------------------------------------------------------- */

#define FINDING(at, of, what, how, says, heals)                                                                        \
	{                                                                                                              \
		.row = (at), .line = (at), .field = (of), .code = (what), .severity = (how), .message = (says),        \
		.cure = (heals)                                                                                        \
	}

static const struct finding all[] = {
	FINDING(2, "amount", "AMOUNT_LIMIT", FINDING_ERROR, "is above the limit", "Split it."),
	FINDING(2, "amount", "AMOUNT_ODD", FINDING_WARNING, "is odd.", ""),
	FINDING(2, "currency", "CURRENCY_ODD", FINDING_WARNING, "isn't usual.", ""),
	FINDING(4, "email", "FIELD_REQUIRED", FINDING_ERROR, "=1+1 <is> \"empty\" & \x01", "Fill it."),
	FINDING(4, "", "ROW_ODD", FINDING_ERROR, "the row is odd.", ""),
};

static inline struct reader *open_reader(const char *path, struct source **source)
{
	struct reader_options options = {0};
	struct fault fault = {0};
	struct reader *reader;

	*source = source_open(path, &fault);
	assert_non_null(*source);
	reader = reader_xlsx.open(*source, &options, &fault);
	if (reader == NULL)
		fail_msg("%s", fault.message);
	return reader;
}

static inline void write_errors(const struct place *place, const char *from, const char *to,
	const struct finding *findings, size_t count, const char *reference, char *lacks)
{
	static struct findings found;
	struct source *source;
	struct reader *reader = open_reader(from, &source);
	struct fault fault = {0};
	struct arena arena = {0};
	struct row row;
	struct error_book *book = error_book_begin(to, source, reader, place->folder, &fault);
	enum reader_verdict verdict;

	if (book == NULL)
		fail_msg("%s", fault.message);
	for (;;) {
		size_t first = 0, some = 0;

		findings_begin(&found, &arena, 0, 0);
		verdict = reader_xlsx.next(reader, &row, &found, &fault);
		if (verdict != READER_ROW)
			break;
		while (first < count && findings[first].row < row.number)
			first++;
		while (first + some < count && findings[first + some].row == row.number)
			some++;
		if (!error_book_row(book, row.number, findings + first, some, text_of(reference), &fault))
			fail_msg("%s", fault.message);
	}
	assert_int_equal(verdict, READER_END);
	if (lacks != NULL)
		snprintf(lacks, 96, "%s", error_book_lacks(book));
	if (!error_book_commit(book, &fault))
		fail_msg("%s", fault.message);
	reader_xlsx.close(reader);
	source_close(source);
	arena_release(&arena);
}

/* All cells of all rows as text, and what payrun knows them by. */
static inline char *read_rows(const char *path)
{
	static struct findings found;
	struct source *source;
	struct reader *reader = open_reader(path, &source);
	struct fault fault = {0};
	struct arena arena = {0};
	struct buf out = {0};
	struct row row;

	findings_begin(&found, &arena, 0, 0);
	reader_xlsx.header(reader, &found);
	buf_addf(&out, "%zu\n", found.errors);
	for (;;) {
		findings_begin(&found, &arena, 0, 0);
		if (reader_xlsx.next(reader, &row, &found, &fault) != READER_ROW)
			break;
		buf_addf(&out, "%lld %s", (long long)row.number, row.broken ? "broken" : "");
		for (int i = 0; i < COLUMN_CELLS; i++)
			if (row.cells[i].len > 0) {
				buf_addf(&out, " %s=", column_name((enum column)i));
				buf_addt(&out, row.cells[i]);
			}
		buf_addc(&out, '\n');
	}
	reader_xlsx.close(reader);
	source_close(source);
	arena_release(&arena);
	return out.data;
}

static inline void same_rows(const char *a, const char *b)
{
	char *first = read_rows(a), *second = read_rows(b);

	assert_string_equal(first, second);
	free(first);
	free(second);
}

static inline const char *note_of(struct opened *opened, const char *part, const char *cell)
{
	xmlDoc *doc = opened_doc(opened, part);
	xmlNode *comment = opened_find(xmlDocGetRootElement(doc), "comment");

	buf_reset(&opened->text);
	for (; comment != NULL; comment = comment->next) {
		xmlChar *place = xmlGetNoNsProp(comment, (const xmlChar *)"ref");
		xmlChar *content = xmlNodeGetContent(comment);

		if (strcmp((const char *)place, cell) == 0)
			buf_addz(&opened->text, (const char *)content);
		xmlFree(place);
		xmlFree(content);
	}
	xmlFreeDoc(doc);
	return buf_str(&opened->text);
}

static inline size_t times(const char *text, const char *word)
{
	size_t count = 0;

	while ((text = strstr(text, word)) != NULL) {
		text += strlen(word);
		count++;
	}
	return count;
}

#endif
