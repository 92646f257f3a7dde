/*
 * Workbooks made part by part, so that each of them can be wrong. Included by one .c file of a test program, after
 * tests/read_all.h.
 */
#ifndef TESTS_XLSX_PARTS_H
#define TESTS_XLSX_PARTS_H

#include <zip.h>

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

#define TYPES                                                                                                          \
	XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "                  \
	    "Extension=\"xml\" "                                                                                       \
	    "ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" "                                \
	    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
#define LINK(id, kind, target) "<Relationship Id=\"" id "\" Type=\"" LINKS "/" kind "\" Target=\"" target "\"/>"
#define LINK_LIST(links)                                                                                               \
	XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" links             \
	    "</Relationships>"
#define ROOT_LINKS LINK_LIST(LINK("rId1", "officeDocument", "xl/workbook.xml"))
#define BOOK_LINKS                                                                                                     \
	LINK_LIST(LINK("rId1", "worksheet", "worksheets/sheet1.xml") LINK("rId2", "styles", "styles.xml") LINK(        \
		"rId3", "sharedStrings", "sharedStrings.xml") LINK("rId4", "worksheet", "worksheets/sheet2.xml"))
#define BOOK(inside) XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" LINKS "\">" inside "</workbook>"
#define SHEETS(inside) BOOK("<sheets>" inside "</sheets>")
#define ONE_SHEET "<sheet name=\"Pay\" sheetId=\"1\" r:id=\"rId1\"/>"
#define SHEET_BEFORE XML "<worksheet xmlns=\"" MAIN "\"><sheetData>"
#define SHEET_AFTER "</sheetData></worksheet>"
#define SHEET(rows) SHEET_BEFORE rows SHEET_AFTER
/* Formats 0 plain, 1 yyyy-mm-dd (14), 2 percent (10), 3 own date, 4 own text with letters in quotes, 5 [h]:mm, 6 EUR */
#define STYLES                                                                                                         \
	XML "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"4\"><numFmt numFmtId=\"164\" "                            \
	    "formatCode=\"[$-407]d/\\ mmm\\ yy;@\"/><numFmt numFmtId=\"165\" "                                         \
	    "formatCode=\"0\\d&quot;days&quot;[Red]\"/>"                                                               \
	    "<numFmt numFmtId=\"166\" formatCode=\"[h]:00\"/><numFmt numFmtId=\"167\" "                                \
	    "formatCode=\"#,##0.00\\ [$EUR-407]_-\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"     \
	    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf numFmtId=\"164\"/>"            \
	    "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"167\"/></cellXfs></styleSheet>"
#define STRINGS(items) XML "<sst xmlns=\"" MAIN "\">" items "</sst>"
#define TEXT_CELL(name, text) "<c r=\"" name "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define HEAD_ROW                                                                                                       \
	"<row r=\"1\">" TEXT_CELL("A1", "reference") TEXT_CELL("B1", "amount") TEXT_CELL("C1", "currency") TEXT_CELL(  \
		"D1", "account_number") TEXT_CELL("E1", "execution_date") TEXT_CELL("F1", "beneficiary_name") "</row>"

struct part {
	const char *name;
	struct text bytes; /* ptr NULL: the archive has no such part */
	int method;        /* 0: deflate */
};

#define PARTS_MAX 16

struct parts {
	struct part list[PARTS_MAX];
	size_t count;
};

/* Puts a part in the place of the one of that name, or adds it. */
static inline void parts_set(struct parts *parts, const char *name, struct text bytes)
{
	size_t i = 0;

	while (i < parts->count && strcmp(parts->list[i].name, name) != 0)
		i++;
	assert_true(i < PARTS_MAX);
	parts->list[i] = (struct part){.name = name, .bytes = bytes};
	parts->count += i == parts->count ? 1 : 0;
}

static inline void parts_put(struct parts *parts, const char *name, const char *bytes)
{
	parts_set(parts, name, (struct text){bytes, bytes != NULL ? strlen(bytes) : 0});
}

/* A whole workbook of one sheet. */
static inline struct parts parts_of(const char *sheet)
{
	struct parts parts = {0};

	parts_put(&parts, "[Content_Types].xml", TYPES);
	parts_put(&parts, "_rels/.rels", ROOT_LINKS);
	parts_put(&parts, "xl/workbook.xml", SHEETS(ONE_SHEET));
	parts_put(&parts, "xl/_rels/workbook.xml.rels", BOOK_LINKS);
	parts_put(&parts, "xl/styles.xml", STYLES);
	parts_put(&parts, "xl/sharedStrings.xml", STRINGS(""));
	parts_put(&parts, "xl/worksheets/sheet1.xml", sheet);
	return parts;
}

/* Adds the archive's bytes. */
static inline void parts_zip(const struct parts *parts, struct buf *out)
{
	zip_error_t error;
	zip_source_t *target;
	zip_t *archive;
	zip_stat_t stat;

	zip_error_init(&error);
	target = zip_source_buffer_create(NULL, 0, 0, &error);
	assert_non_null(target);
	archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
	assert_non_null(archive);
	zip_source_keep(target);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->list[i];
		zip_int64_t place;

		if (part->bytes.ptr == NULL)
			continue;
		place = zip_file_add(archive, part->name,
			zip_source_buffer(archive, part->bytes.ptr, part->bytes.len, 0), ZIP_FL_ENC_UTF_8);
		assert_true(place >= 0);
		assert_int_equal(zip_set_file_compression(archive, (zip_uint64_t)place,
					 part->method != 0 ? part->method : ZIP_CM_DEFLATE, 0),
			0);
	}
	assert_int_equal(zip_close(archive), 0);
	assert_int_equal(zip_source_open(target), 0);
	assert_int_equal(zip_source_stat(target, &stat), 0);
	assert_int_equal(zip_source_read(target, buf_room(out, stat.size), stat.size), (zip_int64_t)stat.size);
	out->len += stat.size;
	zip_source_close(target);
	zip_source_free(target);
}

static inline char *read_parts_with(const struct parts *parts, const struct reader_options *options)
{
	struct buf bytes = {0};
	char *reading;

	parts_zip(parts, &bytes);
	reading = read_as_told(&reader_xlsx, (struct source){.bytes = buf_text(&bytes)}, options);
	buf_release(&bytes);
	return reading;
}

static inline char *read_parts(const struct parts *parts)
{
	return read_parts_with(parts, &(struct reader_options){0});
}

#endif
