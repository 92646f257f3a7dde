#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "tests/support/opened.h"

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), end = strlen(ending);

	return len >= end && strcmp(name + len - end, ending) == 0;
}

void opened_open(struct opened *opened, const char *path)
{
	int error = 0;

	*opened = (struct opened){.zip = zip_open(path, ZIP_CHECKCONS | ZIP_RDONLY, &error)};
	if (opened->zip == NULL)
		fail_msg("%s is no archive: %d", path, error);
	for (zip_int64_t i = 0; i < zip_get_num_entries(opened->zip, 0); i++) {
		const char *name = zip_get_name(opened->zip, (zip_uint64_t)i, 0);

		if (ends_with(name, ".xml") || ends_with(name, ".rels"))
			xmlFreeDoc(opened_doc(opened, name));
	}
}

void opened_close(struct opened *opened)
{
	zip_discard(opened->zip);
	buf_release(&opened->bytes);
	buf_release(&opened->text);
}

const char *opened_part(struct opened *opened, const char *name)
{
	struct zip_stat stat;
	zip_file_t *file;

	if (zip_stat(opened->zip, name, 0, &stat) != 0)
		return NULL;
	file = zip_fopen(opened->zip, name, 0);
	assert_non_null(file);
	buf_reset(&opened->bytes);
	assert_int_equal(zip_fread(file, buf_room(&opened->bytes, (size_t)stat.size + 1), stat.size), stat.size);
	opened->bytes.len = (size_t)stat.size;
	opened->bytes.data[stat.size] = '\0';
	assert_int_equal(zip_fclose(file), 0);
	return opened->bytes.data;
}

xmlDoc *opened_doc(struct opened *opened, const char *name)
{
	const char *bytes = opened_part(opened, name);
	xmlDoc *doc;

	if (bytes == NULL)
		fail_msg("there is no part %s", name);
	doc = xmlReadMemory(bytes, (int)opened->bytes.len, name, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
	if (doc == NULL)
		fail_msg("%s is not well-formed:\n%s", name, bytes);
	return doc;
}

xmlNode *opened_find(xmlNode *node, const char *name)
{
	for (; node != NULL; node = node->next) {
		xmlNode *found;

		if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
			return node;
		found = opened_find(node->children, name);
		if (found != NULL)
			return found;
	}
	return NULL;
}

int opened_attribute(xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	int number = value != NULL ? atoi((const char *)value) : -1;

	xmlFree(value);
	return number;
}

xmlNode *opened_cell(xmlDoc *sheet, const char *name)
{
	xmlNode *data = opened_find(xmlDocGetRootElement(sheet), "sheetData");

	assert_non_null(data);
	for (xmlNode *row = data->children; row != NULL; row = row->next)
		for (xmlNode *cell = row->children; cell != NULL; cell = cell->next) {
			xmlChar *place = xmlGetNoNsProp(cell, (const xmlChar *)"r");
			bool found = place != NULL && strcmp((const char *)place, name) == 0;

			xmlFree(place);
			if (found)
				return cell;
		}
	return NULL;
}

/* _xHHHH_ of ASCII becomes its character. */
static void decode(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned point;
		int used = 0;

		if (sscanf(text, "_x%4x_%n", &point, &used) == 1 && used == 7 && point < 0x80) {
			buf_addc(out, (char)point);
			text += 6;
		} else {
			buf_addc(out, *text);
		}
	}
}

static void add_content(struct opened *opened, xmlNode *node)
{
	xmlChar *content = xmlNodeGetContent(node);

	decode(&opened->text, (const char *)content);
	xmlFree(content);
}

static void add_shared(struct opened *opened, int index)
{
	xmlDoc *strings = opened_doc(opened, "xl/sharedStrings.xml");
	xmlNode *item = xmlDocGetRootElement(strings)->children;

	while (item != NULL && (strcmp((const char *)item->name, "si") != 0 || index-- > 0))
		item = item->next;
	assert_non_null(item);
	add_content(opened, item);
	xmlFreeDoc(strings);
}

const char *opened_text(struct opened *opened, xmlDoc *sheet, const char *name)
{
	xmlNode *cell = opened_cell(sheet, name);
	xmlChar *type;

	buf_reset(&opened->text);
	if (cell == NULL)
		return "";
	assert_null(opened_find(cell->children, "f"));
	type = xmlGetNoNsProp(cell, (const xmlChar *)"t");
	if (type != NULL && strcmp((const char *)type, "inlineStr") == 0)
		add_content(opened, cell);
	else if (type != NULL && strcmp((const char *)type, "s") == 0)
		add_shared(opened, atoi((const char *)opened_find(cell->children, "v")->children->content));
	xmlFree(type);
	return buf_str(&opened->text);
}

const char *opened_number(struct opened *opened, xmlDoc *sheet, const char *name)
{
	xmlNode *cell = opened_cell(sheet, name);
	xmlChar *type = cell != NULL ? xmlGetNoNsProp(cell, (const xmlChar *)"t") : NULL;

	buf_reset(&opened->text);
	if (cell != NULL && type == NULL)
		add_content(opened, opened_find(cell->children, "v"));
	xmlFree(type);
	return buf_str(&opened->text);
}

int opened_style(struct opened *opened, xmlDoc *sheet, const char *name, const char *attribute)
{
	xmlNode *cell = opened_cell(sheet, name);
	xmlDoc *styles = opened_doc(opened, "xl/styles.xml");
	xmlNode *xf = opened_find(xmlDocGetRootElement(styles), "cellXfs")->children;
	int index = opened_attribute(cell, "s"), found;

	while (xf != NULL && (xf->type != XML_ELEMENT_NODE || index-- > 0))
		xf = xf->next;
	assert_non_null(xf);
	found = opened_attribute(xf, attribute);
	xmlFreeDoc(styles);
	return found;
}
