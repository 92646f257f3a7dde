#include "formats/write_errors_xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "formats/archive_out.h"
#include "formats/cell.h"
#include "formats/write_errors.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_links.h"
#include "formats/xlsx_notes.h"
#include "formats/xlsx_sheet_out.h"
#include "formats/xlsx_tree.h"

#define CHANGES_MAX (BOUND_COLUMNS + XLSX_OWN_COLUMNS)

struct error_book {
	struct file_out out;
	struct source *source;
	struct reader *reader;
	const struct xlsx_book *book;
	const char *folder;
	struct arena arena; /* of names */
	struct xlsx_zip zip;
	struct xlsx_links links;
	struct xlsx_marks marks;
	struct xlsx_notes notes;
	struct xlsx_sheet_out sheet;
	size_t own[XLSX_OWN_COLUMNS];
	struct xlsx_change names[XLSX_OWN_COLUMNS]; /* of the header */
	const char *drawing;                        /* part of the sheet's old drawings; "" */
	/* of the row being written */
	struct xlsx_change changes[CHANGES_MAX];
	size_t change_count;
	struct buf cells[XLSX_OWN_COLUMNS];
	struct buf note;
};

static bool failed(struct error_book *book, struct fault *fault)
{
	const struct refusal *refusal = &book->zip.refusal;

	if (fault->set)
		return false;
	if (book->zip.fault.set)
		return fault_set(fault, book->zip.fault.kind, book->zip.fault.code, book->zip.fault.cure, "%s",
			book->zip.fault.message);
	return fault_set(fault, FAULT_OPERATION, "OUTPUT_FAILED",
		"Save the workbook once more in a spreadsheet, or use CSV, and run again.",
		"could not write the error file of %s: %s", source_name(book->source),
		refusal->code != NULL ? buf_str(&refusal->message) : "its sheet can't be written again");
}

static int by_column(const void *a, const void *b)
{
	const struct xlsx_change *one = a, *other = b;

	return one->column < other->column ? -1 : one->column > other->column;
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

/* Payrun's columns that the sheet has already keep their places; SIZE_MAX: it has not this one. */
static bool find_own(struct error_book *book)
{
	bool any = false;

	for (size_t i = 0; i < XLSX_OWN_COLUMNS; i++) {
		int column = xlsx_book_named(book->reader, error_columns[i]);

		book->own[i] = column < 0 ? SIZE_MAX : (size_t)column;
		any = any || column >= 0;
	}
	return any;
}

static bool begin_sheet(struct error_book *book, struct fault *fault)
{
	bool there = find_own(book);
	struct xlsx_sheet_look look;
	const struct xlsx_link *link;
	size_t next;

	if (!xlsx_sheet_look(&look, &book->zip, book->book, book->own, fault))
		return false;
	next = look.columns;
	for (size_t i = 0; i < XLSX_OWN_COLUMNS; i++) {
		if (book->own[i] == SIZE_MAX)
			book->own[i] = next++;
		book->names[i] = (struct xlsx_change){.column = book->own[i], .text = text_of(error_columns[i])};
	}
	qsort(book->names, XLSX_OWN_COLUMNS, sizeof(*book->names), by_column);
	link = look.drawing[0] != '\0' ? xlsx_links_id(&book->links, text_of(look.drawing)) : NULL;
	book->drawing = link != NULL ? link->part : "";
	return xlsx_sheet_out_begin(
		&book->sheet, &book->zip, book->book, &book->marks, book->own, there, book->names, book->folder, fault);
}

static bool begin(struct error_book *book, struct fault *fault)
{
	xmlDoc *styles = NULL;

	if (!xlsx_zip_open(&book->zip, book->source, fault) || book->zip.archive == NULL ||
		!xlsx_links_read(&book->links, &book->zip, book->book->sheet_part, &book->arena, fault))
		return false;
	if (book->book->styles_part[0] != '\0')
		styles = xlsx_tree_read(&book->zip, book->book->styles_part, fault);
	xlsx_marks_begin(&book->marks, styles);
	return begin_sheet(book, fault) &&
	       xlsx_notes_begin(&book->notes, &book->zip, &book->links, book->drawing, book->book->strict, fault);
}

static void release(struct error_book *book)
{
	xlsx_sheet_out_release(&book->sheet);
	xlsx_notes_release(&book->notes);
	xlsx_marks_release(&book->marks);
	xlsx_zip_close(&book->zip);
	arena_release(&book->arena);
	for (size_t i = 0; i < XLSX_OWN_COLUMNS; i++)
		buf_release(&book->cells[i]);
	buf_release(&book->note);
	free(book);
}

struct error_book *error_book_begin(
	const char *path, struct source *source, struct reader *reader, const char *folder, struct fault *fault)
{
	struct error_book *book = memory_new(sizeof(*book));

	book->source = source;
	book->reader = reader;
	book->book = xlsx_book_of(reader);
	book->folder = folder;
	scratch_init(&book->sheet.out, folder);
	if (book->book != NULL && begin(book, fault) && file_create(&book->out, path, fault))
		return book;
	failed(book, fault);
	release(book);
	return NULL;
}

/* --- a row -------------------------------------------------------------------------------------------------------- */

/* A header may name a column by a word that leads to it only on some providers' rows. */
static const struct {
	const char *field, *also;
} others[] = {
	{"wallet_address", "address"},
	{"line1", "address"},
	{"currency", "source_currency"},
	{"target_currency", "currency_code"},
};

static int column_of(const struct error_book *book, const struct finding *finding)
{
	int column = finding->field[0] != '\0' ? xlsx_book_column(book->reader, finding->field) : -1;

	for (size_t i = 0; column < 0 && i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(finding->field, others[i].field) == 0)
			column = xlsx_book_column(book->reader, others[i].also);
	return column < 0 || column >= BOUND_COLUMNS ? -1 : column;
}

static bool seen_before(const struct error_book *book, const struct finding *findings, size_t index, int column)
{
	for (size_t i = 0; i < index; i++)
		if (column_of(book, &findings[i]) == column)
			return true;
	return false;
}

/* The mark and the note of the cell that a finding speaks of, with all others that speak of it. */
static void mark_cell(struct error_book *book, int64_t row, const struct finding *findings, size_t count, size_t first)
{
	int column = column_of(book, &findings[first]);
	enum xlsx_mark mark = XLSX_MARK_WARNING;

	if (column < 0 || seen_before(book, findings, first, column))
		return;
	buf_reset(&book->note);
	for (size_t i = first; i < count; i++) {
		if (column_of(book, &findings[i]) != column)
			continue;
		if (findings[i].severity == FINDING_ERROR)
			mark = XLSX_MARK_ERROR;
		buf_addf(&book->note, "%s%s: ", book->note.len > 0 ? "\n" : "", findings[i].code);
		error_message(&book->note, &findings[i]);
	}
	book->changes[book->change_count++] = (struct xlsx_change){.column = (size_t)column, .mark = mark};
	xlsx_notes_add(&book->notes, row, (size_t)column, buf_text(&book->note));
}

/* As in an error file of text, whichever of them is handed back: the reader takes the apostrophe off. */
static void add_reference(struct buf *cell, struct text reference)
{
	if (cell_runs(reference))
		buf_addc(cell, '\'');
	buf_addt(cell, reference);
}

static void add_own(
	struct error_book *book, int64_t row, const struct finding *findings, size_t count, struct text reference)
{
	for (size_t i = 0; i < XLSX_OWN_COLUMNS; i++) {
		struct xlsx_change *change = &book->changes[book->change_count];

		if (book->own[i] >= BOUND_SHEET_COLUMNS)
			continue;
		buf_reset(&book->cells[i]);
		if (i == ERROR_ROW)
			buf_addi(&book->cells[i], row);
		else if (i == ERROR_REFERENCE)
			add_reference(&book->cells[i], reference);
		else
			error_join(&book->cells[i], (enum error_column)i, findings, count);
		*change = (struct xlsx_change){.column = book->own[i], .text = buf_text(&book->cells[i])};
		book->change_count++;
	}
}

bool error_book_row(struct error_book *book, int64_t row, const struct finding *findings, size_t count,
	struct text reference, struct fault *fault)
{
	book->change_count = 0;
	for (size_t i = 0; i < count; i++)
		mark_cell(book, row, findings, count, i);
	add_own(book, row, findings, count, reference);
	qsort(book->changes, book->change_count, sizeof(*book->changes), by_column);
	return xlsx_sheet_out_row(&book->sheet, row, book->changes, book->change_count, fault) || failed(book, fault);
}

const char *error_book_lacks(const struct error_book *book)
{
	if (book->marks.doc == NULL)
		return "colours: the workbook has no formats of cells";
	if (!book->notes.possible)
		return "notes: those that the sheet has can't be added to";
	return book->notes.left_out ? "notes in each row: there are too many" : "";
}

/* --- the other parts ---------------------------------------------------------------------------------------------- */

static bool put(
	struct error_book *book, struct archive_out *archive, const char *part, struct text bytes, struct fault *fault)
{
	return archive_out_put(archive, part, xlsx_zip_find(&book->zip, part), bytes, fault);
}

/* A name that no part has: "xl/comments7.xml". */
static const char *new_part(struct error_book *book, const char *before, const char *after)
{
	struct buf name = {0};
	const char *found;

	for (int i = 1;; i++) {
		buf_reset(&name);
		buf_addf(&name, "%s%d%s", before, i, after);
		if (xlsx_zip_find(&book->zip, buf_str(&name)) < 0)
			break;
	}
	found = text_string(&book->arena, buf_text(&name));
	buf_release(&name);
	return found;
}

static void add_link(xmlNode *root, const char *id, bool strict, const char *kind, const char *part)
{
	xmlNode *link = xlsx_tree_add(root, "Relationship");
	struct buf text = {0};

	xmlSetProp(link, (const xmlChar *)"Id", (const xmlChar *)id);
	buf_addf(&text, "%s/%s",
		strict ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
		       : "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
		kind);
	xmlSetProp(link, (const xmlChar *)"Type", (const xmlChar *)buf_str(&text));
	buf_reset(&text);
	buf_addf(&text, "/%s", part);
	xmlSetProp(link, (const xmlChar *)"Target", (const xmlChar *)buf_str(&text));
	buf_release(&text);
}

static xmlDoc *links_doc(struct error_book *book, const char *part, struct fault *fault)
{
	static const char fresh[] =
		"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>";

	if (xlsx_zip_find(&book->zip, part) >= 0)
		return xlsx_tree_read(&book->zip, part, fault);
	return xmlReadMemory(fresh, sizeof(fresh) - 1, NULL, NULL, XML_PARSE_NONET);
}

static bool put_tree(
	struct error_book *book, struct archive_out *archive, const char *part, xmlDoc *doc, struct fault *fault)
{
	struct buf bytes = {0};
	bool fine;

	xlsx_tree_write(doc, &bytes);
	fine = put(book, archive, part, buf_text(&bytes), fault);
	buf_release(&bytes);
	return fine;
}

/* The sheet names its new parts. */
static bool put_links(struct error_book *book, struct archive_out *archive, const char *comments, const char *shapes,
	struct fault *fault)
{
	const char *part = xlsx_links_part(&book->arena, book->book->sheet_part);
	xmlDoc *doc = links_doc(book, part, fault);
	bool fine = doc != NULL;

	if (fine && comments != NULL)
		add_link(xmlDocGetRootElement(doc), "rIdPayrunNotes", book->book->strict, "comments", comments);
	if (fine && shapes != NULL)
		add_link(xmlDocGetRootElement(doc), XLSX_DRAWING_ID, book->book->strict, "vmlDrawing", shapes);
	fine = fine && put_tree(book, archive, part, doc, fault);
	xmlFreeDoc(doc);
	return fine;
}

static bool has_default(const xmlNode *types, const char *extension)
{
	for (const xmlNode *at = xlsx_tree_child(types, "Default"); at != NULL; at = xlsx_tree_next(at, "Default"))
		if (xlsx_tree_is(at, "Extension", extension))
			return true;
	return false;
}

static void add_type(xmlNode *types, const char *element, const char *name, const char *value, const char *type)
{
	xmlNode *node = xmlNewNode(types->ns, (const xmlChar *)element), *first = types->children;

	if (node == NULL)
		abort(); /* no memory */
	xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
	xmlSetProp(node, (const xmlChar *)"ContentType", (const xmlChar *)type);
	/* Defaults stand first. */
	if (strcmp(element, "Default") == 0 && first != NULL)
		xmlAddPrevSibling(first, node);
	else
		xmlAddChild(types, node);
}

static bool put_types(struct error_book *book, struct archive_out *archive, const char *comments, struct fault *fault)
{
	xmlDoc *doc = xlsx_tree_read(&book->zip, "[Content_Types].xml", fault);
	xmlNode *types = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	struct buf name = {0};
	bool fine = types != NULL;

	if (fine && !has_default(types, "vml"))
		add_type(types, "Default", "Extension", "vml",
			"application/vnd.openxmlformats-officedocument.vmlDrawing");
	if (fine && comments != NULL) {
		buf_addf(&name, "/%s", comments);
		add_type(types, "Override", "PartName", buf_str(&name),
			"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml");
	}
	fine = fine && put_tree(book, archive, "[Content_Types].xml", doc, fault);
	buf_release(&name);
	xmlFreeDoc(doc);
	return fine;
}

static bool put_notes(struct error_book *book, struct archive_out *archive, struct fault *fault)
{
	const struct xlsx_notes *notes = &book->notes;
	bool old_comments = notes->comments_part[0] != '\0', old_shapes = notes->shapes_part[0] != '\0';
	const char *comments = notes->comments_part, *shapes = notes->shapes_part;
	struct buf bytes = {0};
	bool fine;

	if (!notes->possible || (notes->count == 0 && !old_comments))
		return true;
	if (!old_comments)
		comments = new_part(book, "xl/comments", ".xml");
	if (!old_shapes)
		shapes = new_part(book, "xl/drawings/vmlDrawing", ".vml");
	xlsx_notes_write_comments(notes, &bytes);
	fine = put(book, archive, comments, buf_text(&bytes), fault);
	buf_reset(&bytes);
	xlsx_notes_write_shapes(notes, &bytes);
	fine = fine && put(book, archive, shapes, buf_text(&bytes), fault);
	buf_release(&bytes);
	if (!fine || (old_comments && old_shapes))
		return fine;
	return put_links(book, archive, old_comments ? NULL : comments, old_shapes ? NULL : shapes, fault) &&
	       put_types(book, archive, old_comments ? NULL : comments, fault);
}

static bool put_parts(struct error_book *book, struct archive_out *archive, struct fault *fault)
{
	const char *sheet = book->book->sheet_part;
	struct buf bytes = {0};
	bool fine = archive_out_put_scratch(archive, sheet, xlsx_zip_find(&book->zip, sheet), &book->sheet.out, fault);

	xlsx_marks_write(&book->marks, &bytes);
	if (fine && bytes.len > 0)
		fine = put(book, archive, book->book->styles_part, buf_text(&bytes), fault);
	buf_release(&bytes);
	return fine && put_notes(book, archive, fault);
}

static bool write_archive(struct error_book *book, struct fault *fault)
{
	struct archive_out *archive = archive_out_open(book->folder, book->source, fault);

	if (archive == NULL)
		return false;
	if (!put_parts(book, archive, fault)) {
		archive_out_abandon(archive);
		return false;
	}
	return archive_out_close(archive, &book->out, fault);
}

bool error_book_commit(struct error_book *book, struct fault *fault)
{
	bool drawing = book->notes.possible && book->notes.shapes_part[0] == '\0' &&
		       (book->notes.count > 0 || book->notes.comments_part[0] != '\0');
	bool fine = xlsx_sheet_out_end(&book->sheet, drawing, fault) && write_archive(book, fault);

	if (fine) {
		fine = file_commit(&book->out, true, fault);
	} else {
		failed(book, fault);
		file_abandon(&book->out);
	}
	release(book);
	return fine;
}

void error_book_abandon(struct error_book *book)
{
	file_abandon(&book->out);
	release(book);
}
