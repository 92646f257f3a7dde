#include "formats/write_template.h"

#include "formats/cell.h"

static void end_line(struct buf *buf)
{
	buf_addz(buf, "\r\n");
}

static void add_header(const struct template *template, struct buf *buf)
{
	for (size_t i = 0; i < template->column_count; i++) {
		buf_addz(buf, i > 0 ? "," : "");
		buf_addt(buf, column_text(template->columns[i]));
	}
	for (size_t i = 0; i < template->recipient_count; i++) {
		buf_addz(buf, ",recipient.");
		buf_addt(buf, template->recipient[i]);
	}
	end_line(buf);
}

void template_csv(const struct template *template, struct buf *buf)
{
	add_header(template, buf);
	for (size_t i = 0; i < template->row_count; i++) {
		const struct row *row = &template->rows[i];

		for (size_t j = 0; j < template->column_count; j++) {
			buf_addz(buf, j > 0 ? "," : "");
			cell_add(buf, row->cells[template->columns[j]], ',', true);
		}
		for (size_t j = 0; j < template->recipient_count; j++) {
			buf_addc(buf, ',');
			cell_add(buf, template_recipient(row, template->recipient[j]), ',', true);
		}
		end_line(buf);
	}
}

static void add_member(struct buf *buf, const char *before, struct text name, struct text value)
{
	buf_addz(buf, before);
	buf_add_json(buf, name);
	buf_addz(buf, ": ");
	buf_add_json(buf, value);
}

static void add_recipient(const struct template *template, const struct row *row, struct buf *buf)
{
	if (template->recipient_count == 0)
		return;
	buf_addz(buf, ",\n    \"recipient\": {");
	for (size_t i = 0; i < template->recipient_count; i++)
		add_member(buf, i > 0 ? ", " : "", template->recipient[i],
			template_recipient(row, template->recipient[i]));
	buf_addc(buf, '}');
}

void template_json(const struct template *template, struct buf *buf)
{
	buf_addz(buf, "[\n");
	for (size_t i = 0; i < template->row_count; i++) {
		buf_addz(buf, i > 0 ? ",\n  {\n" : "  {\n");
		for (size_t j = 0; j < template->column_count; j++)
			add_member(buf, j > 0 ? ",\n    " : "    ", column_text(template->columns[j]),
				template->rows[i].cells[template->columns[j]]);
		add_recipient(template, &template->rows[i], buf);
		buf_addz(buf, "\n  }");
	}
	buf_addz(buf, "\n]\n");
}
