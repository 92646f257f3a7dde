/*
 * A workbook, as the parts in its archive, which the fuzzer zips: so that it tries XML and not checksums. Input: parts
 * one after the other, each behind a byte 1 and a letter: S the sheet, B the workbook, L its links, Y styles, T shared
 * strings, C content types, R the links of the root, 2 another sheet, D nothing but a row's cells in the sheet. What
 * begins with PK is an archive as it is.
 */
#include "tests/fuzz/fuzz_reader.h"

#include "tests/xlsx_parts.h"

#define MARK '\1'

static const struct {
	char letter;
	const char *name;
} known[] = {
	{'S', "xl/worksheets/sheet1.xml"},
	{'B', "xl/workbook.xml"},
	{'L', "xl/_rels/workbook.xml.rels"},
	{'Y', "xl/styles.xml"},
	{'T', "xl/sharedStrings.xml"},
	{'C', "[Content_Types].xml"},
	{'R', "_rels/.rels"},
	{'2', "xl/worksheets/sheet2.xml"},
};

static void take_part(struct parts *parts, char letter, struct text bytes, struct buf *sheet)
{
	if (letter == 'D') {
		buf_reset(sheet);
		buf_addz(sheet, SHEET_BEFORE HEAD_ROW "<row r=\"2\">");
		buf_addt(sheet, bytes);
		buf_addz(sheet, "</row>" SHEET_AFTER);
		letter = 'S';
		bytes = buf_text(sheet);
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].letter == letter)
			parts_set(parts, known[i].name, bytes);
}

static void take_parts(struct parts *parts, struct text left, struct buf *sheet)
{
	*parts = parts_of(SHEET(HEAD_ROW));
	while (left.len > 1 && left.ptr[0] == MARK) {
		const char *end = memchr(left.ptr + 1, MARK, left.len - 1);
		size_t len = end != NULL ? (size_t)(end - left.ptr) : left.len;

		if (len > 1)
			take_part(parts, left.ptr[1], (struct text){left.ptr + 2, len - 2}, sheet);
		left = (struct text){left.ptr + len, left.len - len};
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text left = {(const char *)data, len};
	struct buf archive = {0}, sheet = {0};
	struct parts parts;

	if (text_starts(left, TEXT("PK"))) {
		buf_addt(&archive, left);
	} else {
		take_parts(&parts, left, &sheet);
		parts_zip(&parts, &archive);
	}
	free(read_twice(&reader_xlsx, buf_text(&archive), 0));
	buf_release(&sheet);
	buf_release(&archive);
	return 0;
}
