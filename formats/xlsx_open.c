#include "formats/xlsx_open.h"

#include <string.h>

#include "base/bounds.h"
#include "formats/xlsx_links.h"
#include "formats/xlsx_xml.h"

#define SAVE_XLSX "Open it in a spreadsheet and save it as .xlsx (Excel workbook)."
#define SAVE_PLAIN "Open it in Excel and save it as .xlsx (Excel workbook), which has no macros."

/* --- what the archive is ------------------------------------------------------------------------------------------ */

/* By the content type of its main part. */
static const struct {
	const char *type; /* a piece of it */
	const char *what;
	const char *cure;
} kinds[] = {
	{"sheet.macroEnabled.main+xml", "a workbook with macros (.xlsm)", SAVE_PLAIN},
	{"template.macroEnabled.main+xml", "a template with macros (.xltm)", SAVE_PLAIN},
	{"spreadsheetml.template.main+xml", "a template of a workbook (.xltx)", SAVE_XLSX},
	{"sheet.binary.macroEnabled", "a binary workbook (.xlsb)", SAVE_XLSX},
	{"wordprocessingml", "a text document (.docx)", "Name the file with the payouts."},
	{"presentationml", "a presentation (.pptx)", "Name the file with the payouts."},
};

static bool contains(struct text text, const char *piece)
{
	size_t len = strlen(piece);

	for (size_t i = 0; i + len <= text.len; i++)
		if (text_equal_nocase((struct text){text.ptr + i, len}, text_of(piece)))
			return true;
	return false;
}

static void refuse_kind(struct xlsx_zip *zip, const char *what, const char *cure)
{
	refusal_set(&zip->refusal, "XLSX_UNSUPPORTED", 0, cure, "this is no .xlsx workbook: it is %s", what);
}

static bool take_type(struct xlsx_zip *zip, const struct xlsx_xml *xml)
{
	struct text type = xlsx_xml_attribute(xml, "ContentType");

	if (xml->space != XLSX_SPACE_TYPES || xml->depth != 1)
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (contains(type, kinds[i].type) && contains(type, "main"))
			refuse_kind(zip, kinds[i].what, kinds[i].cure);
	return zip->refusal.code == NULL;
}

/* An archive without the list of its parts. */
static bool refuse_archive(struct xlsx_zip *zip)
{
	if (zip->refusal.code != NULL)
		return false;
	if (xlsx_zip_find(zip, "content.xml") >= 0 && xlsx_zip_find(zip, "META-INF/manifest.xml") >= 0)
		refuse_kind(zip, "a workbook or document of OpenDocument (.ods)", SAVE_XLSX);
	else if (xlsx_zip_find(zip, "Index/Document.iwa") >= 0)
		refuse_kind(zip, "a document of Numbers or Pages", "Export it as .xlsx.");
	else
		refuse_kind(zip, "another ZIP archive", "Unpack it and name the file in it.");
	return false;
}

static bool check_types(struct xlsx_zip *zip, struct fault *fault)
{
	enum xlsx_node node = XLSX_FAILED;
	struct xlsx_xml xml;
	bool fine;

	if (xlsx_zip_find(zip, "[Content_Types].xml") < 0)
		return refuse_archive(zip);
	fine = xlsx_xml_open(&xml, zip, "[Content_Types].xml", BOUND_BOOK_PART_BYTES, fault);
	while (fine && (node = xlsx_xml_next(&xml, fault)) != XLSX_DONE)
		fine = node != XLSX_FAILED && (node != XLSX_START || take_type(zip, &xml));
	xlsx_xml_close(&xml);
	if (fine && xlsx_zip_has_ending(zip, "vbaProject.bin")) {
		refuse_kind(zip, "a workbook with macros", SAVE_PLAIN);
		return false;
	}
	return fine;
}

/* --- the workbook ------------------------------------------------------------------------------------------------- */

struct search {
	struct xlsx_book *book;
	struct xlsx_zip *zip;
	struct arena *arena;
	const char *wanted; /* sheet; NULL: the first that shows */
	struct text folded; /* the same, to compare */
	struct xlsx_links links;
	struct buf names; /* of the sheets, to tell */
	size_t count;
	bool done;
};

/* A chart or a macro sheet is no sheet that can be read. */
static const struct xlsx_link *sheet_link(const struct search *search, const struct xlsx_xml *xml)
{
	const struct xlsx_link *link = xlsx_links_id(&search->links, xlsx_xml_link(xml));

	return link != NULL && strcmp(link->kind, "worksheet") == 0 ? link : NULL;
}

static bool is_wanted(const struct search *search, const struct xlsx_xml *xml)
{
	struct text state = xlsx_xml_attribute(xml, "state");

	if (search->wanted != NULL)
		return text_equal(text_fold(search->arena, xlsx_xml_attribute(xml, "name")), search->folded);
	return state.len == 0 || text_is(state, "visible");
}

static bool take_sheet(struct search *search, const struct xlsx_xml *xml)
{
	struct text name = xlsx_xml_attribute(xml, "name");
	const struct xlsx_link *link = sheet_link(search, xml);

	if (search->count++ == BOUND_BOOK_LINKS) {
		refusal_set(&search->zip->refusal, "FILE_TOO_LARGE", 0, "Check where the file is from.",
			"the workbook has more than %d sheets", BOUND_BOOK_LINKS);
		return false;
	}
	if (search->names.len < 200) {
		buf_addz(&search->names, search->names.len > 0 ? ", " : "");
		text_show(&search->names, name, 40);
	}
	if (search->done || link == NULL || !is_wanted(search, xml))
		return true;
	search->book->sheet_name = text_string(search->arena, name);
	search->book->sheet_part = link->part;
	search->done = true;
	return true;
}

static bool take_node(struct search *search, const struct xlsx_xml *xml, bool *in_sheets)
{
	if (xml->depth == 0 && !xlsx_xml_is(xml, "workbook")) {
		refusal_set(&search->zip->refusal, "XLSX_SYNTAX", 0, SAVE_XLSX, "the part %s is no workbook",
			search->book->book_part);
		return false;
	}
	if (xml->depth == 1)
		*in_sheets = xlsx_xml_is(xml, "sheets");
	if (xml->depth == 1 && xlsx_xml_is(xml, "workbookPr"))
		search->book->from_1904 = xlsx_xml_flag(xml, "date1904");
	if (xml->depth == 2 && *in_sheets && xlsx_xml_is(xml, "sheet"))
		return take_sheet(search, xml);
	return true;
}

static bool read_book(struct search *search, struct fault *fault)
{
	enum xlsx_node node = XLSX_FAILED;
	bool in_sheets = false, fine;
	struct xlsx_xml xml;

	fine = xlsx_xml_open(&xml, search->zip, search->book->book_part, BOUND_BOOK_PART_BYTES, fault);
	while (fine && (node = xlsx_xml_next(&xml, fault)) != XLSX_DONE)
		fine = node != XLSX_FAILED && (node != XLSX_START || take_node(search, &xml, &in_sheets));
	search->book->strict = xml.strict;
	xlsx_xml_close(&xml);
	return fine;
}

static bool refuse_sheet(struct search *search)
{
	struct refusal *refusal = &search->zip->refusal;
	struct buf wanted = {0};

	text_show(&wanted, text_of(search->wanted), 40);
	if (search->wanted == NULL)
		refusal_set(refusal, "SHEET_MISSING", 0, "Show the sheet with the payouts and save the workbook.",
			"the workbook has no sheet that shows");
	else
		refusal_set(refusal, "SHEET_MISSING", 0,
			"Rename the sheet, or correct `sheet` in the profile; without it the first sheet is read.",
			"the workbook has no sheet called %s; it has: %s", buf_str(&wanted), buf_str(&search->names));
	buf_release(&wanted);
	return false;
}

static const char *part_of(const struct xlsx_links *links, const char *kind)
{
	const struct xlsx_link *link = xlsx_links_kind(links, kind);

	return link != NULL ? link->part : "";
}

static bool search_book(struct search *search, struct fault *fault)
{
	struct xlsx_book *book = search->book;

	if (!check_types(search->zip, fault) || !xlsx_links_read(&search->links, search->zip, "", search->arena, fault))
		return false;
	book->book_part = part_of(&search->links, "officeDocument");
	if (book->book_part[0] == '\0') {
		refusal_set(&search->zip->refusal, "XLSX_SYNTAX", 0, SAVE_XLSX,
			"the workbook is damaged: its main part is not named");
		return false;
	}
	if (!xlsx_links_read(&search->links, search->zip, book->book_part, search->arena, fault) ||
		!read_book(search, fault))
		return false;
	book->styles_part = part_of(&search->links, "styles");
	book->strings_part = part_of(&search->links, "sharedStrings");
	return search->done || refuse_sheet(search);
}

bool xlsx_open_book(
	struct xlsx_book *book, struct xlsx_zip *zip, const char *sheet, struct arena *arena, struct fault *fault)
{
	struct search search = {.book = book, .zip = zip, .arena = arena, .wanted = sheet};
	bool fine;

	*book = (struct xlsx_book){
		.book_part = "", .sheet_part = "", .sheet_name = "", .styles_part = "", .strings_part = ""};
	search.folded = text_fold(arena, text_of(sheet));
	fine = search_book(&search, fault);
	buf_release(&search.names);
	return fine;
}

/* --- what the file is --------------------------------------------------------------------------------------------- */

#define OLE "\320\317\021\340\241\261\032\341"
#define OLE_SECTOR_MAX 4096

int xlsx_open_sniff(struct text head)
{
	return text_starts(head, TEXT("PK\003\004")) || text_starts(head, TEXT("PK\005\006")) ||
			       text_starts(head, TEXT(OLE))
		       ? 2
		       : 0;
}

static uint32_t number_at(const char *bytes)
{
	uint32_t number = 0;

	for (size_t i = 4; i-- > 0;)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

/* A workbook with a password is an old container around it; its directory says so, in UTF-16 ([MS-OFFCRYPTO] 2.3). */
static bool names_package(struct text sector)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	for (size_t i = 0; i + sizeof(name) <= sector.len; i++)
		if (memcmp(sector.ptr + i, name, sizeof(name)) == 0)
			return true;
	return false;
}

static bool look_container(struct source *source, struct text head, struct refusal *refusal, struct fault *fault)
{
	char bytes[OLE_SECTOR_MAX];
	struct text sector = {bytes, 0};
	int shift = head.len > 50 ? head.ptr[30] : 0;

	if (shift == 9 || shift == 12) {
		int64_t offset = ((int64_t)number_at(head.ptr + 48) + 1) << shift;

		if (!source_read_at(source, offset, bytes, sizeof(bytes), &sector.len, fault))
			return false;
	}
	if (names_package(sector))
		refusal_set(refusal, "XLSX_UNSUPPORTED", 0,
			"Open it in a spreadsheet, take its password off and save it as .xlsx.",
			"this workbook is encrypted: it can't be read without its password");
	else
		refusal_set(refusal, "XLSX_UNSUPPORTED", 0, SAVE_XLSX,
			"this is no .xlsx workbook: it is an old one (.xls) or another old Office document");
	return true;
}

bool xlsx_open_look(struct source *source, struct refusal *refusal, struct fault *fault)
{
	char bytes[512];
	struct text head = {bytes, 0};

	if (!source_read_at(source, 0, bytes, sizeof(bytes), &head.len, fault))
		return false;
	if (text_starts(head, TEXT(OLE)))
		return look_container(source, head, refusal, fault);
	if (xlsx_open_sniff(head) == 0)
		refusal_set(refusal, head.len == 0 ? "FILE_EMPTY" : "FILE_ENCODING", 0,
			"Leave --format out, or name the workbook with the payouts.",
			head.len == 0 ? "the file is empty" : "this is no .xlsx workbook");
	return true;
}
