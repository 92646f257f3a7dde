#include "formats/xlsx_marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formats/xlsx_tree.h"

#define FORMATS_MAX 64000 /* a spreadsheet takes no more */
#define TEXT_FORMAT 49    /* "@" */

/* By these a mark is known again in a file that was handed back. */
static const char *const colours[XLSX_MARKS] = {
	[XLSX_MARK_WARNING] = "FFFFE7A3",
	[XLSX_MARK_ERROR] = "FFFFB8B4",
};

static bool is_fill(const xmlNode *fill, const char *colour)
{
	const xmlNode *pattern = xlsx_tree_child(fill, "patternFill");
	const xmlNode *front = xlsx_tree_child(pattern, "fgColor");

	return front != NULL && xlsx_tree_is(front, "rgb", colour);
}

static void find_fills(struct xlsx_marks *marks)
{
	const xmlNode *fill = xlsx_tree_child(marks->fills, "fill");

	for (; fill != NULL; fill = xlsx_tree_next(fill, "fill")) {
		for (int i = XLSX_MARK_WARNING; i < XLSX_MARKS; i++)
			if (marks->fill[i] < 0 && is_fill(fill, colours[i]))
				marks->fill[i] = marks->fill_count;
		marks->fill_count++;
	}
}

static void find_formats(struct xlsx_marks *marks)
{
	xmlNode *format = xlsx_tree_child(marks->formats, "xf");

	marks->count = xlsx_tree_count(marks->formats, "xf");
	marks->list = memory_new((marks->count + 1) * sizeof(*marks->list));
	for (size_t i = 0; i < marks->count; i++, format = xlsx_tree_next(format, "xf"))
		marks->list[i].node = format;
	for (int i = 0; i < XLSX_MARKS; i++)
		marks->marked[i] = memory_new((marks->count + 1) * sizeof(*marks->marked[i]));
}

void xlsx_marks_begin(struct xlsx_marks *marks, xmlDoc *doc)
{
	xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;

	*marks = (struct xlsx_marks){.doc = doc, .fill = {-1, -1, -1}};
	marks->fills = xlsx_tree_child(root, "fills");
	marks->formats = xlsx_tree_child(root, "cellXfs");
	if (marks->fills == NULL || xlsx_tree_child(marks->formats, "xf") == NULL) {
		xmlFreeDoc(doc);
		marks->doc = NULL;
		return;
	}
	find_fills(marks);
	find_formats(marks);
	marks->added = memory_new(1);
}

void xlsx_marks_release(struct xlsx_marks *marks)
{
	xmlFreeDoc(marks->doc);
	free(marks->list);
	free(marks->added);
	for (int i = 0; i < XLSX_MARKS; i++)
		free(marks->marked[i]);
	*marks = (struct xlsx_marks){0};
}

static bool is_marked(const struct xlsx_marks *marks, const xmlNode *format)
{
	int64_t fill = xlsx_tree_number(format, "fillId");

	return fill >= 0 && (fill == marks->fill[XLSX_MARK_WARNING] || fill == marks->fill[XLSX_MARK_ERROR]);
}

static bool same_attribute(const xmlNode *a, const xmlNode *b, const char *name)
{
	return xlsx_tree_number(a, name) == xlsx_tree_number(b, name);
}

/* Alike but for the fill: nothing is lost when one takes the other's place. */
static bool same_format(const xmlNode *a, const xmlNode *b)
{
	static const char *const names[] = {"numFmtId", "fontId", "borderId", "xfId", "quotePrefix"};
	xmlBuffer *texts[2] = {xmlBufferCreate(), xmlBufferCreate()};
	bool same = (a->children == NULL) == (b->children == NULL);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		same = same && same_attribute(a, b, names[i]);
	for (xmlNode *child = a->children; same && child != NULL; child = child->next)
		xmlNodeDump(texts[0], a->doc, child, 0, 0);
	for (xmlNode *child = b->children; same && child != NULL; child = child->next)
		xmlNodeDump(texts[1], b->doc, child, 0, 0);
	same = same && xmlStrEqual(xmlBufferContent(texts[0]), xmlBufferContent(texts[1])) == 1;
	xmlBufferFree(texts[0]);
	xmlBufferFree(texts[1]);
	return same;
}

/* Which of the formats payrun had marked: one without a fill before one with another. */
static unsigned unmarked(const struct xlsx_marks *marks, unsigned style)
{
	unsigned found = style;

	for (unsigned i = 0; i < marks->count; i++) {
		if (is_marked(marks, marks->list[i].node) || !same_format(marks->list[i].node, marks->list[style].node))
			continue;
		if (xlsx_tree_number(marks->list[i].node, "fillId") <= 0)
			return i;
		if (found == style)
			found = i;
	}
	return found;
}

unsigned xlsx_marks_style(struct xlsx_marks *marks, unsigned style, enum xlsx_mark mark)
{
	unsigned *known;

	if (marks->doc == NULL || style >= marks->count)
		return style;
	known = &marks->marked[mark][style];
	if (*known != 0) /* kept one higher: none is 0 */
		return *known - 1;
	if (mark == XLSX_MARK_NONE) {
		*known = (is_marked(marks, marks->list[style].node) ? unmarked(marks, style) : style) + 1;
	} else {
		unsigned plain = xlsx_marks_style(marks, style, XLSX_MARK_NONE);

		if (plain != style) {
			*known = xlsx_marks_style(marks, plain, mark) + 1;
		} else if (marks->count + 1 + marks->added_count >= FORMATS_MAX) {
			*known = style + 1;
		} else {
			marks->added = memory_grow(marks->added, (marks->added_count + 1) * sizeof(*marks->added));
			marks->added[marks->added_count].from = style;
			marks->added[marks->added_count].mark = mark;
			*known = (unsigned)(marks->count + 1 + marks->added_count++) + 1;
		}
	}
	return *known - 1;
}

int xlsx_marks_text(const struct xlsx_marks *marks)
{
	return marks->doc != NULL ? (int)marks->count : -1;
}

static void add_fill(struct xlsx_marks *marks, enum xlsx_mark mark)
{
	xmlNode *pattern, *colour;

	if (marks->fill[mark] >= 0)
		return;
	pattern = xlsx_tree_add(xlsx_tree_add(marks->fills, "fill"), "patternFill");
	xmlSetProp(pattern, (const xmlChar *)"patternType", (const xmlChar *)"solid");
	colour = xlsx_tree_add(pattern, "fgColor");
	xmlSetProp(colour, (const xmlChar *)"rgb", (const xmlChar *)colours[mark]);
	colour = xlsx_tree_add(pattern, "bgColor");
	xmlSetProp(colour, (const xmlChar *)"indexed", (const xmlChar *)"64");
	marks->fill[mark] = marks->fill_count++;
	xlsx_tree_set_number(marks->fills, "count", marks->fill_count);
}

static xmlNode *add_format(struct xlsx_marks *marks, unsigned from)
{
	xmlNode *copy = xmlCopyNode(marks->list[from].node, 1);

	if (copy == NULL || xmlAddChild(marks->formats, copy) == NULL)
		abort(); /* no memory */
	return copy;
}

void xlsx_marks_write(struct xlsx_marks *marks, struct buf *out)
{
	xmlNode *format;

	if (marks->doc == NULL)
		return;
	format = add_format(marks, 0);
	xlsx_tree_set_number(format, "numFmtId", TEXT_FORMAT);
	xlsx_tree_set_number(format, "applyNumberFormat", 1);
	for (size_t i = 0; i < marks->added_count; i++) {
		add_fill(marks, marks->added[i].mark);
		format = add_format(marks, marks->added[i].from);
		xlsx_tree_set_number(format, "fillId", marks->fill[marks->added[i].mark]);
		xlsx_tree_set_number(format, "applyFill", 1);
	}
	xlsx_tree_set_number(marks->formats, "count", (int64_t)(marks->count + 1 + marks->added_count));
	xlsx_tree_write(marks->doc, out);
}
