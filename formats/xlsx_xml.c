#include "formats/xlsx_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlversion.h>

#include "base/bounds.h"
#include "formats/xml_quiet.h"

#define CURE "Open it in a spreadsheet and save it as .xlsx again."
#define CURE_TYPE "Have the workbook written anew: no spreadsheet writes document types."

static const struct {
	const char *uri;
	enum xlsx_space space;
	bool strict;
} spaces[] = {
	{"http://schemas.openxmlformats.org/spreadsheetml/2006/main", XLSX_SPACE_SHEET, false},
	{"http://purl.oclc.org/ooxml/spreadsheetml/main", XLSX_SPACE_SHEET, true},
	{"http://schemas.openxmlformats.org/package/2006/relationships", XLSX_SPACE_LINKS, false},
	{"http://schemas.openxmlformats.org/package/2006/content-types", XLSX_SPACE_TYPES, false},
};

static const char *const link_spaces[] = {"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
	"http://purl.oclc.org/ooxml/officeDocument/relationships"};

#if LIBXML_VERSION >= 21200
static void note_error(void *context, const xmlError *error)
#else
static void note_error(void *context, xmlErrorPtr error)
#endif
{
	struct xlsx_xml *xml = context;

	if (xml->told || error == NULL || error->level == XML_ERR_WARNING)
		return;
	xml->told = true;
	xml->line = error->line;
	snprintf(xml->wrong, sizeof(xml->wrong), "%s",
		error->message != NULL ? error->message : "it is not well formed");
	xml->wrong[strcspn(xml->wrong, "\r\n")] = '\0';
}

static int read_bytes(void *context, char *buffer, int size)
{
	struct xlsx_xml *xml = context;

	return xlsx_entry_read(&xml->entry, xml->zip, buffer, size);
}

static int read_ends(void *context)
{
	(void)context;
	return 0;
}

bool xlsx_xml_open(struct xlsx_xml *xml, struct xlsx_zip *zip, const char *part, uint64_t most, struct fault *fault)
{
	*xml = (struct xlsx_xml){.zip = zip};
	if (!xlsx_entry_open(&xml->entry, zip, part, most, fault))
		return false;
	xml->reader = xmlReaderForIO(read_bytes, read_ends, xml, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
	if (xml->reader == NULL)
		abort();
	xmlTextReaderSetStructuredErrorHandler(xml->reader, note_error, xml);
	return true;
}

void xlsx_xml_close(struct xlsx_xml *xml)
{
	if (xml->reader != NULL)
		xmlFreeTextReader(xml->reader);
	xml->reader = NULL;
	xlsx_entry_close(&xml->entry);
}

static enum xlsx_node refuse(struct xlsx_xml *xml, const char *cure, const char *what)
{
	struct buf shown = {0};

	text_show(&shown, text_of(what), sizeof(xml->wrong));
	refusal_set(&xml->zip->refusal, "XML_SYNTAX", 0, cure,
		"the part %s of the workbook is no XML that can be read: %s", xml->entry.part, buf_str(&shown));
	buf_release(&shown);
	return XLSX_FAILED;
}

/* What was wrong with the bytes comes before what that did to the XML. */
static enum xlsx_node fail(struct xlsx_xml *xml, struct fault *fault)
{
	if (xml->zip->fault.set)
		*fault = xml->zip->fault;
	else
		(void)refuse(xml, CURE, xml->told ? xml->wrong : "it is not well formed");
	return XLSX_FAILED;
}

static void take_space(struct xlsx_xml *xml)
{
	const char *uri = xml->node->ns != NULL ? (const char *)xml->node->ns->href : NULL;

	xml->space = XLSX_SPACE_OTHER;
	for (size_t i = 0; uri != NULL && i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		if (strcmp(uri, spaces[i].uri) != 0)
			continue;
		xml->space = spaces[i].space;
		xml->strict = xml->depth == 0 ? spaces[i].strict : xml->strict;
		return;
	}
}

static enum xlsx_node refuse_names(struct xlsx_xml *xml)
{
	return refuse(xml, CURE, "it has too many different names of elements, attributes and namespaces");
}

/* Those of the node at hand. */
static bool take_names(struct xlsx_xml *xml)
{
	bool fine = xml_names_take(&xml->names, xml->node->name);

	for (const xmlNs *at = xml->node->nsDef; fine && at != NULL; at = at->next)
		fine = xml_names_take_copy(&xml->names, (const char *)at->prefix) &&
		       xml_names_take_copy(&xml->names, (const char *)at->href);
	for (const xmlAttr *at = xml->node->properties; fine && at != NULL; at = at->next)
		fine = xml_names_take(&xml->names, at->name);
	return fine;
}

/* Nothing is done, and its name is kept all the same. */
static bool take_instruction(struct xlsx_xml *xml)
{
	return xml_names_take(&xml->names, xmlTextReaderCurrentNode(xml->reader)->name);
}

static enum xlsx_node take_element(struct xlsx_xml *xml, enum xlsx_node kind)
{
	xml->depth = xmlTextReaderDepth(xml->reader);
	xml->node = xmlTextReaderCurrentNode(xml->reader);
	xml->name = (const char *)xml->node->name;
	if (xml->depth > BOUND_XML_DEPTH)
		return refuse(xml, CURE, "its elements are nested too deep");
	if (kind == XLSX_START && !take_names(xml))
		return refuse_names(xml);
	take_space(xml);
	xml->ends = kind == XLSX_START && xmlTextReaderIsEmptyElement(xml->reader) == 1;
	return kind;
}

static enum xlsx_node take_text(struct xlsx_xml *xml)
{
	xml->depth = xmlTextReaderDepth(xml->reader);
	xml->node = xmlTextReaderCurrentNode(xml->reader);
	return XLSX_TEXT;
}

/* The parser may stop before the last byte: only then is it known that the part is whole. */
static enum xlsx_node finish(struct xlsx_xml *xml, struct fault *fault)
{
	char rest[512];
	int count = xlsx_entry_read(&xml->entry, xml->zip, rest, sizeof(rest));

	if (count > 0)
		return refuse(xml, CURE, "it goes on after its end");
	return count == 0 ? XLSX_DONE : fail(xml, fault);
}

enum xlsx_node xlsx_xml_next(struct xlsx_xml *xml, struct fault *fault)
{
	if (xml->ends) {
		xml->ends = false;
		return XLSX_END;
	}
	xml_quiet();
	while (!xml->told) {
		int more = xmlTextReaderRead(xml->reader);

		if (more == 0 && !xml->told && xml->zip->refusal.code == NULL && !xml->zip->fault.set)
			return finish(xml, fault);
		if (more != 1)
			break;
		switch (xmlTextReaderNodeType(xml->reader)) {
		case XML_READER_TYPE_ELEMENT:
			return take_element(xml, XLSX_START);
		case XML_READER_TYPE_END_ELEMENT:
			return take_element(xml, XLSX_END);
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
		case XML_READER_TYPE_WHITESPACE:
		case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
			return take_text(xml);
		case XML_READER_TYPE_DOCUMENT_TYPE:
			return refuse(xml, CURE_TYPE, "it has a document type");
		case XML_READER_TYPE_ENTITY_REFERENCE:
			return refuse(xml, CURE_TYPE, "it has an entity of its own");
		case XML_READER_TYPE_PROCESSING_INSTRUCTION:
			if (!take_instruction(xml))
				return refuse_names(xml);
			break;
		default: /* comments */
			break;
		}
	}
	return fail(xml, fault);
}

bool xlsx_xml_is(const struct xlsx_xml *xml, const char *name)
{
	return xml->space == XLSX_SPACE_SHEET && strcmp(xml->name, name) == 0;
}

/* The parser makes one node of a value, unless an entity is in it: such a document is refused. */
static struct text value_of(const xmlAttr *attribute)
{
	const xmlNode *value = attribute->children;

	if (value == NULL)
		return TEXT("");
	return text_of((const char *)value->content);
}

struct text xlsx_xml_attribute(const struct xlsx_xml *xml, const char *name)
{
	for (const xmlAttr *at = xml->node->properties; at != NULL; at = at->next)
		if (at->ns == NULL && strcmp((const char *)at->name, name) == 0)
			return value_of(at);
	return (struct text){0};
}

struct text xlsx_xml_link(const struct xlsx_xml *xml)
{
	for (const xmlAttr *at = xml->node->properties; at != NULL; at = at->next)
		for (size_t i = 0; at->ns != NULL && i < sizeof(link_spaces) / sizeof(link_spaces[0]); i++)
			if (strcmp((const char *)at->name, "id") == 0 &&
				strcmp((const char *)at->ns->href, link_spaces[i]) == 0)
				return value_of(at);
	return (struct text){0};
}

bool xlsx_xml_flag(const struct xlsx_xml *xml, const char *name)
{
	struct text value = xlsx_xml_attribute(xml, name);

	return text_is(value, "1") || text_is(value, "true") || text_is(value, "on");
}

struct text xlsx_xml_text(const struct xlsx_xml *xml)
{
	return text_of((const char *)xml->node->content);
}
