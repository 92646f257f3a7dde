#include "formats/workbook_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUT_UNITS (WORKBOOK_TEXT_UNITS - 3)

static bool is_hex(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f');
}

/* _xHHHH_ stands here. */
static bool is_escape(struct text text, size_t at)
{
	if (text.len - at < 7 || text.ptr[at] != '_' || text.ptr[at + 1] != 'x' || text.ptr[at + 6] != '_')
		return false;
	for (size_t i = at + 2; i < at + 6; i++)
		if (!is_hex(text.ptr[i]))
			return false;
	return true;
}

static bool is_unwritable(int32_t point)
{
	return (point < 0x20 && point != '\t' && point != '\n') || point == 0x7F;
}

/* What one code point becomes, in piece, and how many units it takes. */
static size_t add_point(struct buf *piece, struct text text, size_t at, size_t len, int32_t point)
{
	if (is_unwritable(point)) {
		buf_addf(piece, "_x%04X_", (unsigned)point);
		return 7;
	}
	if (point == 0xFFFE || point == 0xFFFF) {
		buf_addz(piece, "\xEF\xBF\xBD");
		return 1;
	}
	if (point == '_' && is_escape(text, at)) {
		buf_addz(piece, "_x005F_");
		return 7;
	}
	buf_add(piece, text.ptr + at, len);
	return point > 0xFFFF ? 2 : 1;
}

/* text is UTF-8 here; *units counts on. False: the cell is full. */
static bool add_all(struct buf *out, struct text text, size_t *units, size_t *cut)
{
	for (size_t offset = 0; offset < text.len;) {
		size_t at = offset, before = out->len;
		int32_t point = text_next(text, &offset);

		*units += add_point(out, text, at, offset - at, point);
		if (*units <= CUT_UNITS)
			*cut = out->len;
		if (*units > WORKBOOK_TEXT_UNITS) {
			out->len = before;
			return false;
		}
	}
	return true;
}

void workbook_text(struct buf *out, struct text text)
{
	size_t units = 0, cut = out->len, bad;
	bool fits = true;

	while (fits && !text_utf8(text, &bad)) {
		fits = add_all(out, (struct text){text.ptr, bad}, &units, &cut) &&
		       add_all(out, TEXT("\xEF\xBF\xBD"), &units, &cut);
		text = (struct text){text.ptr + bad + 1, text.len - bad - 1};
	}
	if (fits && add_all(out, text, &units, &cut))
		return;
	out->len = cut;
	buf_addz(out, "...");
}

void workbook_text_xml(struct buf *out, struct text text)
{
	struct buf plain = {0};

	workbook_text(&plain, text);
	for (size_t i = 0; i < plain.len; i++) {
		char byte = plain.data[i];

		if (byte == '<')
			buf_addz(out, "&lt;");
		else if (byte == '>')
			buf_addz(out, "&gt;");
		else if (byte == '&')
			buf_addz(out, "&amp;");
		else if (byte == '"')
			buf_addz(out, "&quot;");
		else if (byte == '\n' || byte == '\t')
			buf_addf(out, "&#%d;", byte);
		else
			buf_addc(out, byte);
	}
	buf_release(&plain);
}
