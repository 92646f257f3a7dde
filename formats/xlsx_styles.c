#include "formats/xlsx_styles.h"

#include <string.h>

#include "base/bounds.h"
#include "formats/xlsx_date.h"
#include "formats/xlsx_xml.h"

#define ID_MAX 1000000

struct format {
	int32_t id;
	bool date;
};

static const struct format *format_of(const struct xlsx_styles *styles, int64_t id)
{
	const struct format *formats = (const void *)styles->formats.data;

	for (size_t i = styles->formats.len / sizeof(*formats); i-- > 0;)
		if (formats[i].id == id)
			return &formats[i];
	return NULL;
}

static bool too_many(struct xlsx_xml *xml)
{
	refusal_set(&xml->zip->refusal, "FILE_TOO_LARGE", 0,
		"Save the workbook anew: most of its formats are not used.", "the workbook has more than %d formats",
		BOUND_BOOK_STYLES);
	return false;
}

static bool take_format(struct xlsx_styles *styles, struct xlsx_xml *xml)
{
	struct format format = {.date = xlsx_date_code(xlsx_xml_attribute(xml, "formatCode"))};
	int64_t id;

	if (!text_number(xlsx_xml_attribute(xml, "numFmtId"), ID_MAX, &id))
		return true;
	if (styles->formats.len >= BOUND_BOOK_STYLES / 16 * sizeof(format))
		return too_many(xml);
	format.id = (int32_t)id;
	buf_add(&styles->formats, &format, sizeof(format));
	return true;
}

static bool take_style(struct xlsx_styles *styles, struct xlsx_xml *xml)
{
	const struct format *format;
	int64_t id = 0;

	if (!text_number(xlsx_xml_attribute(xml, "numFmtId"), ID_MAX, &id))
		id = 0;
	if (styles->dates.len == BOUND_BOOK_STYLES)
		return too_many(xml);
	format = format_of(styles, id);
	buf_addc(&styles->dates, format != NULL ? format->date : xlsx_date_builtin(id));
	return true;
}

static bool take(struct xlsx_styles *styles, struct xlsx_xml *xml, bool *in_formats, bool *in_cells)
{
	if (xml->depth == 1) {
		*in_formats = xlsx_xml_is(xml, "numFmts");
		*in_cells = xlsx_xml_is(xml, "cellXfs");
	} else if (xml->depth == 2 && *in_formats && xlsx_xml_is(xml, "numFmt")) {
		return take_format(styles, xml);
	} else if (xml->depth == 2 && *in_cells && xlsx_xml_is(xml, "xf")) {
		return take_style(styles, xml);
	}
	return true;
}

bool xlsx_styles_read(struct xlsx_styles *styles, struct xlsx_zip *zip, const char *part, struct fault *fault)
{
	bool in_formats = false, in_cells = false, fine;
	enum xlsx_node node = XLSX_FAILED;
	struct xlsx_xml xml;

	fine = xlsx_xml_open(&xml, zip, part, BOUND_BOOK_PART_BYTES, fault);
	while (fine && (node = xlsx_xml_next(&xml, fault)) != XLSX_DONE)
		fine = node != XLSX_FAILED && (node != XLSX_START || take(styles, &xml, &in_formats, &in_cells));
	xlsx_xml_close(&xml);
	buf_release(&styles->formats);
	return fine;
}

void xlsx_styles_release(struct xlsx_styles *styles)
{
	buf_release(&styles->dates);
	buf_release(&styles->formats);
}

bool xlsx_styles_date(const struct xlsx_styles *styles, struct text style, bool *date)
{
	int64_t index = 0;

	*date = false;
	if (style.len > 0 && !text_number(style, BOUND_BOOK_STYLES, &index))
		return false;
	if ((size_t)index < styles->dates.len)
		*date = styles->dates.data[index] != 0;
	return index == 0 || (size_t)index < styles->dates.len;
}
