#include "formats/xlsx_notes.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "formats/workbook_text.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_tree.h"

#define AUTHOR "payrun"
#define OURS "\npayrun: " /* begins what is added to somebody else's note */
#define THREAD "tc="      /* begins the author of a note that only stands for a conversation */
#define SHAPES_BLOCK 1024 /* numbers of boxes that an idmap claims at a time */
#define BOX_LINES_MAX 14
#define BOX_LINE_LETTERS 42

static const char new_comments[] =
	"<comments "
	"xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors/><commentList/></comments>";
static const char new_comments_strict[] =
	"<comments xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><authors/><commentList/></comments>";

#define VML                                                                                                            \
	"xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" "               \
	"xmlns:x=\"urn:schemas-microsoft-com:office:excel\""

static const char new_shapes[] =
	"<xml " VML "><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";

static const char shape_type[] =
	"<v:shapetype " VML
	" id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">"
	"<v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/* --- the notes that the sheet has --------------------------------------------------------------------------------- */

/* "B7": false where it is no name of a cell. */
static bool read_place(const xmlNode *comment, int64_t *row, size_t *column)
{
	xmlChar *name = xmlGetNoNsProp(comment, (const xmlChar *)"ref");
	const char *at = name != NULL ? (const char *)name : "";
	size_t letters = 0;
	bool read;

	for (; *at >= 'A' && *at <= 'Z' && letters <= BOUND_SHEET_COLUMNS; at++)
		letters = letters * 26 + (size_t)(*at - 'A') + 1;
	read = letters > 0 && letters <= BOUND_SHEET_COLUMNS && text_number(text_of(at), BOUND_SHEET_ROWS, row);
	*column = letters - 1;
	xmlFree(name);
	return read && *row > 0;
}

static bool starts_with(const xmlNode *node, const char *start)
{
	xmlChar *content = xmlNodeGetContent(node);
	bool starts = content != NULL && strncmp((const char *)content, start, strlen(start)) == 0;

	xmlFree(content);
	return starts;
}

static void drop(xmlNode *node)
{
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

/* What payrun added to somebody's note before. */
static void drop_runs(xmlNode *text)
{
	xmlNode *run = xlsx_tree_child(text, "r"), *next;

	for (; run != NULL; run = next) {
		next = xlsx_tree_next(run, "r");
		if (starts_with(xlsx_tree_child(run, "t"), OURS))
			drop(run);
	}
}

static const xmlNode *author_of(const xmlNode *authors, const xmlNode *comment)
{
	int64_t index = xlsx_tree_number(comment, "authorId");
	const xmlNode *author = xlsx_tree_child(authors, "author");

	while (author != NULL && index-- > 0)
		author = xlsx_tree_next(author, "author");
	return author;
}

static bool is_author(const xmlNode *author, const char *name)
{
	xmlChar *content = author != NULL ? xmlNodeGetContent(author) : NULL;
	bool same = content != NULL && strcmp((const char *)content, name) == 0;

	xmlFree(content);
	return same;
}

/* Those of payrun go; their places stay in old, without a text, until their boxes have gone too. */
static void take_comments(struct xlsx_notes *notes, const xmlNode *authors)
{
	xmlNode *comment = xlsx_tree_child(notes->list, "comment"), *next;

	notes->old = memory_new((xlsx_tree_count(notes->list, "comment") + 1) * sizeof(*notes->old));
	for (; comment != NULL; comment = next) {
		struct xlsx_notes_old *old = &notes->old[notes->old_count];
		const xmlNode *author = author_of(authors, comment);

		next = xlsx_tree_next(comment, "comment");
		if (!read_place(comment, &old->row, &old->column))
			continue;
		old->text = NULL;
		notes->old_count++;
		if (is_author(author, AUTHOR)) {
			drop(comment);
			continue;
		}
		old->text = xlsx_tree_child(comment, "text");
		if (old->text == NULL || (author != NULL && starts_with(author, THREAD)))
			old->text = notes->list; /* nothing can be added to it */
		else
			drop_runs(old->text);
	}
}

static void take_author(struct xlsx_notes *notes, xmlNode *authors)
{
	const xmlNode *author = xlsx_tree_child(authors, "author");

	for (notes->author = 0; author != NULL; author = xlsx_tree_next(author, "author")) {
		if (is_author(author, AUTHOR))
			return;
		notes->author++;
	}
	xmlNodeAddContent(xlsx_tree_add(authors, "author"), (const xmlChar *)AUTHOR);
}

/* --- their boxes -------------------------------------------------------------------------------------------------- */

static int64_t content_number(const xmlNode *node)
{
	xmlChar *content = node != NULL ? xmlNodeGetContent(node) : NULL;
	int64_t number = -1;

	if (content == NULL || !text_number(text_trim(text_of((const char *)content)), INT32_MAX, &number))
		number = -1;
	xmlFree(content);
	return number;
}

static int order(const void *a, const void *b)
{
	const struct xlsx_notes_old *one = a, *other = b;

	if (one->row != other->row)
		return one->row < other->row ? -1 : 1;
	return one->column < other->column ? -1 : one->column > other->column;
}

static struct xlsx_notes_old *find_old(const struct xlsx_notes *notes, int64_t row, size_t column)
{
	const struct xlsx_notes_old wanted = {.row = row, .column = column};

	return notes->old_count == 0 ? NULL
				     : bsearch(&wanted, notes->old, notes->old_count, sizeof(*notes->old), order);
}

static void take_shape(struct xlsx_notes *notes, xmlNode *shape)
{
	const xmlNode *data = xlsx_tree_child(shape, "ClientData");
	int64_t row = content_number(xlsx_tree_child(data, "Row"));
	int64_t column = content_number(xlsx_tree_child(data, "Column"));
	xmlChar *id = xmlGetNoNsProp(shape, (const xmlChar *)"id");
	const struct xlsx_notes_old *old = row >= 0 && column >= 0 ? find_old(notes, row + 1, (size_t)column) : NULL;
	int64_t number;

	if (id != NULL && strncmp((const char *)id, "_x0000_s", 8) == 0 &&
		text_number(text_of((const char *)id + 8), INT32_MAX / 2, &number) && number >= notes->next_shape)
		notes->next_shape = number + 1;
	xmlFree(id);
	if (data != NULL && xlsx_tree_is(data, "ObjectType", "Note") && old != NULL && old->text == NULL)
		drop(shape);
}

static void take_shapes(struct xlsx_notes *notes)
{
	xmlNode *root = xmlDocGetRootElement(notes->shapes);
	xmlNode *shape = xlsx_tree_child(root, "shape"), *next;
	size_t kept = 0;

	notes->next_shape = SHAPES_BLOCK + 1;
	qsort(notes->old, notes->old_count, sizeof(*notes->old), order);
	for (; shape != NULL; shape = next) {
		next = xlsx_tree_next(shape, "shape");
		take_shape(notes, shape);
	}
	for (size_t i = 0; i < notes->old_count; i++)
		if (notes->old[i].text != NULL)
			notes->old[kept++] = notes->old[i];
	notes->old_count = kept;
	for (shape = xlsx_tree_child(root, "shapetype"); shape != NULL; shape = xlsx_tree_next(shape, "shapetype"))
		if (xlsx_tree_is(shape, "id", "_x0000_t202"))
			return;
	buf_addz(&notes->added, shape_type);
}

/* --- beginning ---------------------------------------------------------------------------------------------------- */

/* The part, or where there is none a new document. */
static xmlDoc *read_or_make(struct xlsx_zip *zip, const char *part, const char *fresh, struct fault *fault)
{
	if (part[0] != '\0')
		return xlsx_tree_read(zip, part, fault);
	return xmlReadMemory(fresh, (int)strlen(fresh), NULL, NULL, XML_PARSE_NONET);
}

bool xlsx_notes_begin(struct xlsx_notes *notes, struct xlsx_zip *zip, const struct xlsx_links *links,
	const char *drawing, bool strict, struct fault *fault)
{
	const struct xlsx_link *link = xlsx_links_kind(links, "comments");
	xmlNode *root, *authors;

	*notes = (struct xlsx_notes){.comments_part = link != NULL ? link->part : "", .shapes_part = drawing};
	notes->comments = read_or_make(zip, notes->comments_part, strict ? new_comments_strict : new_comments, fault);
	notes->shapes = read_or_make(zip, drawing, new_shapes, fault);
	if (fault->set)
		return false;
	root = notes->comments != NULL ? xmlDocGetRootElement(notes->comments) : NULL;
	authors = xlsx_tree_child(root, "authors");
	notes->list = xlsx_tree_child(root, "commentList");
	notes->possible = authors != NULL && notes->list != NULL && notes->shapes != NULL &&
			  strcmp((const char *)xmlDocGetRootElement(notes->shapes)->name, "xml") == 0;
	if (!notes->possible)
		return true;
	take_comments(notes, authors);
	take_author(notes, authors);
	take_shapes(notes);
	return true;
}

void xlsx_notes_release(struct xlsx_notes *notes)
{
	xmlFreeDoc(notes->comments);
	xmlFreeDoc(notes->shapes);
	free(notes->old);
	buf_release(&notes->added);
	buf_release(&notes->text);
	*notes = (struct xlsx_notes){0};
}

/* --- new ones ----------------------------------------------------------------------------------------------------- */

static void add_run(struct xlsx_notes *notes, xmlNode *text, const char *before, struct text words)
{
	xmlNode *run = xmlNewNode(text->ns, (const xmlChar *)"r"), *last = text->children, *content;

	buf_reset(&notes->text);
	buf_addz(&notes->text, before);
	workbook_text(&notes->text, words);
	/* Behind the runs that are there, before what says how they are spoken. */
	for (xmlNode *at = text->children; at != NULL; at = at->next)
		if (at->type == XML_ELEMENT_NODE &&
			(strcmp((const char *)at->name, "r") == 0 || strcmp((const char *)at->name, "t") == 0))
			last = at;
	if (run == NULL || (last != NULL ? xmlAddNextSibling(last, run) : xmlAddChild(text, run)) == NULL)
		abort(); /* no memory */
	content = xlsx_tree_add(run, "t");
	xmlNodeSetSpacePreserve(content, 1);
	xmlNodeAddContent(content, (const xmlChar *)buf_str(&notes->text));
}

static void add_comment(struct xlsx_notes *notes, int64_t row, size_t column, struct text words)
{
	xmlNode *comment = xlsx_tree_add(notes->list, "comment");
	struct buf place = {0};

	xlsx_cell_name(&place, column, row);
	xmlSetProp(comment, (const xmlChar *)"ref", (const xmlChar *)buf_str(&place));
	xlsx_tree_set_number(comment, "authorId", notes->author);
	add_run(notes, xlsx_tree_add(comment, "text"), "", words);
	buf_release(&place);
}

/* Beside the cell, as high as its words need. */
static void add_shape(struct xlsx_notes *notes, int64_t row, size_t column, size_t letters)
{
	size_t lines = letters / BOX_LINE_LETTERS + 2;
	long long top = row > 1 ? row - 2 : 0;

	if (lines > BOX_LINES_MAX)
		lines = BOX_LINES_MAX;
	buf_addf(&notes->added,
		"<v:shape " VML " id=\"_x0000_s%lld\" type=\"#_x0000_t202\" style=\"position:absolute;z-index:1;"
		"visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>"
		"<v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>"
		"<v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"/></v:textbox>"
		"<x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%zu, 15, %lld, 10, "
		"%zu, 15, %lld, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%lld</x:Row><x:Column>%zu"
		"</x:Column></x:ClientData></v:shape>",
		(long long)notes->next_shape++, column + 1, top, column + 5, top + (long long)lines, (long long)row - 1,
		column);
}

void xlsx_notes_add(struct xlsx_notes *notes, int64_t row, size_t column, struct text text)
{
	const struct xlsx_notes_old *old;

	notes->left_out = notes->left_out || notes->count == XLSX_NOTES_MAX;
	if (!notes->possible || notes->count == XLSX_NOTES_MAX)
		return;
	old = find_old(notes, row, column);
	if (old != NULL && old->text == notes->list)
		return;
	notes->count++;
	if (old != NULL) {
		add_run(notes, old->text, OURS, text);
		return;
	}
	add_comment(notes, row, column, text);
	add_shape(notes, row, column, text_utf8(text, NULL) ? text_points(text) : text.len);
}

/* --- the parts ---------------------------------------------------------------------------------------------------- */

void xlsx_notes_write_comments(const struct xlsx_notes *notes, struct buf *out)
{
	xlsx_tree_write(notes->comments, out);
}

/* Every number of a box lies in a block that the map of numbers claims. */
static void claim_numbers(const struct xlsx_notes *notes)
{
	xmlNode *layout = xlsx_tree_child(xmlDocGetRootElement(notes->shapes), "shapelayout");
	xmlNode *map = xlsx_tree_child(layout, "idmap");
	struct buf list = {0};

	if (map == NULL)
		return;
	for (int64_t block = 1; block <= (notes->next_shape - 1) / SHAPES_BLOCK; block++)
		buf_addf(&list, "%s%lld", block > 1 ? "," : "", (long long)block);
	xmlSetProp(map, (const xmlChar *)"data", (const xmlChar *)buf_str(&list));
	buf_release(&list);
}

void xlsx_notes_write_shapes(const struct xlsx_notes *notes, struct buf *out)
{
	static const char end[] = "</xml>";
	size_t len = sizeof(end) - 1;

	claim_numbers(notes);
	xlsx_tree_write(notes->shapes, out);
	while (out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == ' '))
		out->len--;
	if (out->len < len || memcmp(out->data + out->len - len, end, len) != 0)
		return; /* a root without children: no box can be added, and none was there */
	out->len -= len;
	buf_addt(out, buf_text(&notes->added));
	buf_addz(out, end);
}
