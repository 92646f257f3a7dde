#include "formats/xlsx_tree.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/text.h"

static bool read_bytes(struct xlsx_zip *zip, const char *part, struct buf *bytes, struct fault *fault)
{
	struct xlsx_entry entry;
	int count = -1;

	if (!xlsx_entry_open(&entry, zip, part, XLSX_TREE_BYTES, fault))
		return false;
	do {
		count = xlsx_entry_read(&entry, zip, buf_room(bytes, 65536), 65536);
		bytes->len += count > 0 ? (size_t)count : 0;
	} while (count > 0);
	xlsx_entry_close(&entry);
	if (count < 0 && zip->fault.set)
		*fault = zip->fault;
	return count == 0;
}

xmlDoc *xlsx_tree_read(struct xlsx_zip *zip, const char *part, struct fault *fault)
{
	struct buf bytes = {0};
	xmlDoc *doc = NULL;

	if (xlsx_zip_find(zip, part) >= 0 && read_bytes(zip, part, &bytes, fault))
		doc = xmlReadMemory(buf_str(&bytes), (int)bytes.len, NULL, NULL,
			XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	buf_release(&bytes);
	if (doc != NULL && (doc->intSubset != NULL || xmlDocGetRootElement(doc) == NULL)) {
		xmlFreeDoc(doc);
		doc = NULL;
	}
	return doc;
}

void xlsx_tree_write(xmlDoc *doc, struct buf *out)
{
	xmlChar *bytes = NULL;
	int size = 0;

	xmlDocDumpMemoryEnc(doc, &bytes, &size, "UTF-8");
	if (bytes == NULL)
		abort(); /* no memory */
	buf_add(out, bytes, (size_t)size);
	xmlFree(bytes);
}

static xmlNode *find(xmlNode *node, const char *name)
{
	while (node != NULL && (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0))
		node = node->next;
	return node;
}

xmlNode *xlsx_tree_child(const xmlNode *node, const char *name)
{
	return node != NULL ? find(node->children, name) : NULL;
}

xmlNode *xlsx_tree_next(const xmlNode *node, const char *name)
{
	return find(node->next, name);
}

size_t xlsx_tree_count(const xmlNode *node, const char *name)
{
	size_t count = 0;

	for (const xmlNode *at = xlsx_tree_child(node, name); at != NULL; at = xlsx_tree_next(at, name))
		count++;
	return count;
}

int64_t xlsx_tree_number(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	int64_t number = -1;

	if (value == NULL || !text_number(text_of((const char *)value), INT32_MAX, &number))
		number = -1;
	xmlFree(value);
	return number;
}

void xlsx_tree_set_number(xmlNode *node, const char *name, int64_t number)
{
	struct buf text = {0};

	buf_addi(&text, number);
	xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)buf_str(&text));
	buf_release(&text);
}

bool xlsx_tree_is(const xmlNode *node, const char *name, const char *value)
{
	xmlChar *found = xmlGetNoNsProp(node, (const xmlChar *)name);
	bool same = found != NULL && strcmp((const char *)found, value) == 0;

	xmlFree(found);
	return same;
}

xmlNode *xlsx_tree_add(xmlNode *node, const char *name)
{
	xmlNode *child = xmlNewChild(node, node->ns, (const xmlChar *)name, NULL);

	if (child == NULL)
		abort(); /* no memory */
	return child;
}
