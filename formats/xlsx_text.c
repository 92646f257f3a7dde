#include "formats/xlsx_text.h"

#include <string.h>

#include "base/bounds.h"

#define ESCAPE_BYTES 7 /* _xHHHH_ */

void xlsx_text_begin(struct xlsx_text *text, int depth)
{
	text->depth = depth;
	text->spoken = text->in_text = text->cut = false;
	buf_reset(&text->text);
}

/* t stands in the item itself or in a run of it, one level deeper. */
static bool counts(const struct xlsx_text *text, const struct xlsx_xml *xml)
{
	return !text->spoken && xml->depth <= text->depth + 2 && xlsx_xml_is(xml, "t");
}

static void add(struct xlsx_text *text, struct text piece)
{
	size_t left = BOUND_FIELD_BYTES + 1 - text->text.len;

	buf_add(&text->text, piece.ptr, piece.len < left ? piece.len : left);
	text->cut = text->text.len > BOUND_FIELD_BYTES;
}

void xlsx_text_take(struct xlsx_text *text, const struct xlsx_xml *xml, enum xlsx_node node)
{
	if (node == XLSX_TEXT) {
		if (text->in_text && !text->cut)
			add(text, xlsx_xml_text(xml));
		return;
	}
	if (xlsx_xml_is(xml, "rPh") && xml->depth == text->depth + 1)
		text->spoken = node == XLSX_START;
	else if (counts(text, xml))
		text->in_text = node == XLSX_START;
}

struct text xlsx_text_end(struct xlsx_text *text)
{
	if (!text->cut)
		xlsx_text_unescape(&text->text);
	return buf_text(&text->text);
}

void xlsx_text_release(struct xlsx_text *text)
{
	buf_release(&text->text);
}

/* The character of an escape; 0: it is none. */
static unsigned escaped(const char *at, size_t left)
{
	uint8_t bytes[2];
	unsigned point;

	if (left < ESCAPE_BYTES || at[0] != '_' || at[1] != 'x' || at[6] != '_' ||
		!text_unhex((struct text){at + 2, 4}, bytes, 2))
		return 0;
	point = (unsigned)bytes[0] << 8 | bytes[1];
	return point >= 0xD800 && point <= 0xDFFF ? 0 : point;
}

static size_t put_point(char *to, unsigned point)
{
	if (point < 0x80) {
		to[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		to[0] = (char)(0xC0 | point >> 6);
		to[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	to[0] = (char)(0xE0 | point >> 12);
	to[1] = (char)(0x80 | (point >> 6 & 0x3F));
	to[2] = (char)(0x80 | (point & 0x3F));
	return 3;
}

void xlsx_text_unescape(struct buf *text)
{
	size_t to = 0;

	if (text->len < ESCAPE_BYTES || memchr(text->data, '_', text->len) == NULL)
		return;
	for (size_t from = 0; from < text->len;) {
		unsigned point = escaped(text->data + from, text->len - from);

		if (point != 0) {
			to += put_point(text->data + to, point);
			from += ESCAPE_BYTES;
		} else {
			text->data[to++] = text->data[from++];
		}
	}
	text->len = to;
	text->data[to] = '\0';
}
