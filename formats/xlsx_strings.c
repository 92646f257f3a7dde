#include "formats/xlsx_strings.h"

#include "base/bounds.h"
#include "formats/xlsx_text.h"
#include "formats/xlsx_xml.h"

#define END_PAGES 32   /* half a MiB: ends of 65536 strings */
#define TEXT_PAGES 192 /* three MiB */

static bool keep(struct xlsx_strings *strings, struct xlsx_zip *zip, struct text text, struct fault *fault)
{
	int64_t end;

	if (strings->count == BOUND_BOOK_STRINGS) {
		refusal_set(&zip->refusal, "FILE_TOO_LARGE", 0, "Split the workbook.",
			"the workbook has more than %d shared strings", BOUND_BOOK_STRINGS);
		return false;
	}
	strings->count++;
	if (!xlsx_pages_add(&strings->texts, text.ptr, text.len, fault))
		return false;
	end = xlsx_pages_size(&strings->texts);
	return xlsx_pages_add(&strings->ends, &end, sizeof(end), fault);
}

static bool is_item(const struct xlsx_xml *xml)
{
	return xml->depth == 1 && xlsx_xml_is(xml, "si");
}

static bool read_items(struct xlsx_strings *strings, struct xlsx_xml *xml, struct xlsx_text *text, struct fault *fault)
{
	bool in_item = false;
	enum xlsx_node node;

	while ((node = xlsx_xml_next(xml, fault)) != XLSX_DONE) {
		if (node == XLSX_FAILED)
			return false;
		if (node == XLSX_START && is_item(xml)) {
			in_item = true;
			xlsx_text_begin(text, xml->depth);
		} else if (node == XLSX_END && is_item(xml)) {
			in_item = false;
			if (!keep(strings, xml->zip, xlsx_text_end(text), fault))
				return false;
		} else if (in_item) {
			xlsx_text_take(text, xml, node);
		}
	}
	return true;
}

bool xlsx_strings_read(
	struct xlsx_strings *strings, struct xlsx_zip *zip, const char *part, const char *folder, struct fault *fault)
{
	struct xlsx_text text = {0};
	struct xlsx_xml xml;
	bool fine;

	xlsx_pages_init(&strings->ends, folder, END_PAGES);
	xlsx_pages_init(&strings->texts, folder, TEXT_PAGES);
	fine = xlsx_xml_open(&xml, zip, part, BOUND_BOOK_STRINGS_BYTES, fault) &&
	       read_items(strings, &xml, &text, fault) && xlsx_pages_end(&strings->ends, fault) &&
	       xlsx_pages_end(&strings->texts, fault);
	xlsx_xml_close(&xml);
	xlsx_text_release(&text);
	return fine;
}

void xlsx_strings_release(struct xlsx_strings *strings)
{
	if (strings->texts.page_count == 0) /* never read */
		return;
	xlsx_pages_release(&strings->ends);
	xlsx_pages_release(&strings->texts);
}

bool xlsx_strings_add(struct xlsx_strings *strings, int64_t index, struct buf *out, struct fault *fault)
{
	int64_t ends[2] = {0, 0}; /* of the string before, and of this one */
	size_t len;

	if (index == 0 ? !xlsx_pages_read(&strings->ends, 0, &ends[1], sizeof(ends[1]), fault)
		       : !xlsx_pages_read(
				 &strings->ends, (index - 1) * (int64_t)sizeof(ends[0]), ends, sizeof(ends), fault))
		return false;
	len = (size_t)(ends[1] - ends[0]);
	if (len > 0 && !xlsx_pages_read(&strings->texts, ends[0], buf_room(out, len), len, fault))
		return false;
	out->len += len;
	return true;
}
