#include "formats/write_template_xlsx.h"

#include <stdlib.h>

#include "base/arena.h"
#include "formats/workbook.h"

#define COLUMNS "columns" /* the sheet that explains; the first one is to be filled, and is the one that is read */

/* Places on the sheet of columns. */
enum {
	SAYS_NAME,
	SAYS_REQUIRED,
	SAYS_MEANING,
	SAYS_ALSO,
	SAYS_EXAMPLE,
	SAYS_GAP,
	CODE_OF,
	CODE,
	CODE_MEANING,
	SAYS_END
};

static const struct workbook_column says[SAYS_END] = {
	[SAYS_NAME] = {"column", 24, WORKBOOK_HEAD_REQUIRED, WORKBOOK_WRAPPED},
	[SAYS_REQUIRED] = {"required", 10, WORKBOOK_HEAD_REQUIRED, WORKBOOK_WRAPPED},
	[SAYS_MEANING] = {"meaning", 60, WORKBOOK_HEAD_REQUIRED, WORKBOOK_WRAPPED},
	[SAYS_ALSO] = {"also accepted as", 40, WORKBOOK_HEAD_REQUIRED, WORKBOOK_WRAPPED},
	[SAYS_EXAMPLE] = {"example", 44, WORKBOOK_HEAD_REQUIRED, WORKBOOK_WRAPPED},
	[SAYS_GAP] = {"", 4, WORKBOOK_TEXT, WORKBOOK_TEXT},
	[CODE_OF] = {"codes of", 18, WORKBOOK_HEAD_REQUIRED, WORKBOOK_TEXT},
	[CODE] = {"code", 16, WORKBOOK_HEAD_REQUIRED, WORKBOOK_TEXT},
	[CODE_MEANING] = {"what it means", 60, WORKBOOK_HEAD_REQUIRED, WORKBOOK_TEXT},
};

struct making {
	const struct template *template;
	const struct template_codes *codes;
	struct workbook *book;
	struct workbook_sheet *payouts, *columns;
	struct buf text;
};

/* --- the columns of a template, those of recipient.X behind the others -------------------------------------------- */

static size_t column_total(const struct template *template)
{
	return template->column_count + template->recipient_count;
}

static void column_add_name(const struct template *template, size_t index, struct buf *name)
{
	if (index < template->column_count) {
		buf_addt(name, column_text(template->columns[index]));
		return;
	}
	buf_addz(name, "recipient.");
	buf_addt(name, template->recipient[index - template->column_count]);
}

static struct text column_example(const struct template *template, size_t index, const struct row *row)
{
	if (index < template->column_count)
		return row->cells[template->columns[index]];
	return template_recipient(row, template->recipient[index - template->column_count]);
}

/* Of the first example that has one. */
static struct text first_example(const struct template *template, size_t index)
{
	for (size_t i = 0; i < template->row_count; i++) {
		struct text value = column_example(template, index, &template->rows[i]);

		if (value.len > 0)
			return value;
	}
	return TEXT("");
}

/* --- the sheet to be filled --------------------------------------------------------------------------------------- */

/* What is not in the list can be kept all the same: the rules judge it when the file comes back. */
static void offer_codes(struct making *making, size_t column)
{
	const struct template_codes *codes = making->codes;
	size_t first = 0, last;

	while (first < codes->count && codes->list[first].column != making->template->columns[column])
		first++;
	if (first == codes->count)
		return;
	last = first;
	while (last + 1 < codes->count && codes->list[last + 1].column == codes->list[first].column)
		last++;
	workbook_offer(making->payouts, column, COLUMNS, CODE, first + 2, last + 2);
}

static void add_payouts(struct making *making)
{
	const struct template *template = making->template;
	size_t count = column_total(template);
	struct workbook_column *columns = memory_new(count * sizeof(*columns));
	struct arena names = {0};

	for (size_t i = 0; i < count; i++) {
		bool required = i < template->required_count;

		buf_reset(&making->text);
		column_add_name(template, i, &making->text);
		columns[i] = (struct workbook_column){text_string(&names, buf_text(&making->text)),
			making->text.len > 14 ? 28 : 20, required ? WORKBOOK_HEAD_REQUIRED : WORKBOOK_HEAD,
			WORKBOOK_TEXT};
	}
	making->payouts = workbook_add(making->book, "payouts", columns, count);
	arena_release(&names);
	free(columns);
	for (size_t i = 0; i < template->row_count; i++) {
		workbook_row(making->book, making->payouts);
		for (size_t j = 0; j < count; j++)
			workbook_cell(making->book, making->payouts, column_example(template, j, &template->rows[i]),
				WORKBOOK_TEXT);
	}
	for (size_t i = 0; i < template->column_count; i++)
		offer_codes(making, i);
}

/* --- the sheet that explains -------------------------------------------------------------------------------------- */

static void add_aliases(struct buf *buf, enum column column)
{
	struct text name;
	enum column of;

	for (size_t i = 0; column_known(i, &name, &of); i++) {
		if (of != column || text_is(name, column_name(column)))
			continue;
		buf_addz(buf, buf->len > 0 ? ", " : "");
		buf_addt(buf, name);
	}
}

static void say(struct making *making, struct text text)
{
	workbook_cell(making->book, making->columns, text, WORKBOOK_WRAPPED);
}

static void explain(struct making *making, size_t index)
{
	const struct template *template = making->template;
	bool own = index < template->column_count;

	buf_reset(&making->text);
	column_add_name(template, index, &making->text);
	say(making, buf_text(&making->text));
	say(making, text_of(index < template->required_count ? "yes" : ""));
	say(making, text_of(own ? column_meaning(template->columns[index])
				: "what the provider asks of the recipient, by country and method"));
	buf_reset(&making->text);
	if (own)
		add_aliases(&making->text, template->columns[index]);
	say(making, buf_text(&making->text));
	say(making, first_example(template, index));
}

static void list(struct making *making, const struct template_code *code)
{
	const struct text cells[] = {column_text(code->column), code->code, code->meaning};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		workbook_cell(making->book, making->columns, cells[i], WORKBOOK_TEXT);
}

static void add_explanations(struct making *making)
{
	size_t count = column_total(making->template);

	making->columns = workbook_add(making->book, COLUMNS, says, SAYS_END);
	for (size_t i = 0; i < count || i < making->codes->count; i++) {
		workbook_row(making->book, making->columns);
		if (i < count)
			explain(making, i);
		for (size_t j = i < count ? SAYS_GAP : 0; j < CODE_OF; j++)
			workbook_cell(making->book, making->columns, TEXT(""), WORKBOOK_TEXT);
		if (i < making->codes->count)
			list(making, &making->codes->list[i]);
	}
}

bool template_xlsx(const struct template *template, const struct template_codes *codes, const char *folder,
	struct file_out *out, struct fault *fault)
{
	struct making making = {.template = template, .codes = codes, .book = memory_new(sizeof(*making.book))};
	bool fine;

	workbook_begin(making.book, folder);
	add_payouts(&making);
	add_explanations(&making);
	fine = workbook_end(making.book, out, fault);
	buf_release(&making.text);
	free(making.book);
	return fine;
}
