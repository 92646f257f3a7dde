/*
 * One XML part of a workbook, node after node. Floor 2. libxml2's reader parses while the part is inflated: no network,
 * no document type, no entities but the five of XML; memory is that of the path to the node. Elements are known by
 * local name and namespace, whatever the prefix.
 */
#ifndef FORMATS_XLSX_XML_H
#define FORMATS_XLSX_XML_H

#include <stdbool.h>

#include <libxml/xmlreader.h>

#include "base/fault.h"
#include "base/text.h"
#include "formats/xlsx_zip.h"
#include "formats/xml_names.h"

enum xlsx_node {
	XLSX_FAILED = 0, /* see the archive's refusal, or where there is none the fault */
	XLSX_START,
	XLSX_END, /* of empty elements too */
	XLSX_TEXT,
	XLSX_DONE, /* the part was read to its end and is whole */
};

/* Both namespaces, ISO 29500 transitional and strict, count as one. */
enum xlsx_space { XLSX_SPACE_OTHER = 0, XLSX_SPACE_SHEET, XLSX_SPACE_LINKS, XLSX_SPACE_TYPES };

struct xlsx_xml {
	struct xlsx_zip *zip;
	struct xlsx_entry entry;
	int depth;        /* of the node, the root's is 0 */
	const char *name; /* local, of START and END; the reader's */
	enum xlsx_space space;
	bool strict; /* the root was of a strict namespace */

	/* private */
	xmlTextReaderPtr reader;
	xmlNodePtr node;
	struct xml_names names;
	bool ends;       /* an empty element, whose END comes next */
	bool told;       /* the parser found something wrong */
	char wrong[160]; /* its words */
	int line;        /* of that */
	bool failed;
};

/* part is kept. False: as XLSX_FAILED. Released either way. */
MUST_CHECK bool xlsx_xml_open(
	struct xlsx_xml *xml, struct xlsx_zip *zip, const char *part, uint64_t most, struct fault *fault);
enum xlsx_node xlsx_xml_next(struct xlsx_xml *xml, struct fault *fault);
void xlsx_xml_close(struct xlsx_xml *xml);

/* Is the element of START or END that one, of the space of workbooks and sheets? */
bool xlsx_xml_is(const struct xlsx_xml *xml, const char *name);
/* Of START: the value of an attribute without a namespace; NULL pointer: it has none. Until the next node. */
struct text xlsx_xml_attribute(const struct xlsx_xml *xml, const char *name);
/* The same of r:id, in the namespace of relationships. */
struct text xlsx_xml_link(const struct xlsx_xml *xml);
/* True for "1", "true", "on" (transitional). */
bool xlsx_xml_flag(const struct xlsx_xml *xml, const char *name);
/* Of TEXT. */
struct text xlsx_xml_text(const struct xlsx_xml *xml);

#endif
