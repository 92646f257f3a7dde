#include "formats/xlsx_copy.h"

#include <string.h>

static void add_name(struct buf *out, const xmlNs *space, const xmlChar *name)
{
	if (space != NULL && space->prefix != NULL) {
		buf_addz(out, (const char *)space->prefix);
		buf_addc(out, ':');
	}
	buf_addz(out, (const char *)name);
}

void xlsx_copy_escape(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == '<')
			buf_addz(out, "&lt;");
		else if (byte == '>')
			buf_addz(out, "&gt;");
		else if (byte == '&')
			buf_addz(out, "&amp;");
		else if (byte == '"')
			buf_addz(out, "&quot;");
		else if (byte == '\r' || byte == '\n' || byte == '\t')
			buf_addf(out, "&#%d;", byte);
		else
			buf_addc(out, byte);
	}
}

void xlsx_copy_close(struct xlsx_copy *copy)
{
	if (copy->open)
		buf_addc(copy->out, '>');
	copy->open = false;
}

static void add_spaces(struct buf *out, const xmlNode *node)
{
	for (const xmlNs *space = node->nsDef; space != NULL; space = space->next) {
		buf_addz(out, " xmlns");
		if (space->prefix != NULL) {
			buf_addc(out, ':');
			buf_addz(out, (const char *)space->prefix);
		}
		buf_addz(out, "=\"");
		xlsx_copy_escape(out, text_of((const char *)space->href));
		buf_addc(out, '"');
	}
}

void xlsx_copy_start(struct xlsx_copy *copy, const struct xlsx_xml *xml, const char *without)
{
	const xmlNode *node = xml->node;

	xlsx_copy_close(copy);
	buf_addc(copy->out, '<');
	add_name(copy->out, node->ns, node->name);
	add_spaces(copy->out, node);
	for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
		if (without != NULL && at->ns == NULL && strcmp((const char *)at->name, without) == 0)
			continue;
		buf_addc(copy->out, ' ');
		add_name(copy->out, at->ns, at->name);
		buf_addz(copy->out, "=\"");
		if (at->children != NULL)
			xlsx_copy_escape(copy->out, text_of((const char *)at->children->content));
		buf_addc(copy->out, '"');
	}
	copy->open = true;
}

void xlsx_copy_attribute(struct xlsx_copy *copy, const char *name, const char *value)
{
	buf_addf(copy->out, " %s=\"", name);
	xlsx_copy_escape(copy->out, text_of(value));
	buf_addc(copy->out, '"');
}

void xlsx_copy_end(struct xlsx_copy *copy, const struct xlsx_xml *xml)
{
	if (copy->open) {
		buf_addz(copy->out, "/>");
		copy->open = false;
		return;
	}
	buf_addz(copy->out, "</");
	add_name(copy->out, xml->node->ns, xml->node->name);
	buf_addc(copy->out, '>');
}

void xlsx_copy_text(struct xlsx_copy *copy, struct text text)
{
	xlsx_copy_close(copy);
	xlsx_copy_escape(copy->out, text);
}

void xlsx_copy_node(struct xlsx_copy *copy, const struct xlsx_xml *xml, enum xlsx_node node)
{
	if (node == XLSX_START)
		xlsx_copy_start(copy, xml, NULL);
	else if (node == XLSX_END)
		xlsx_copy_end(copy, xml);
	else if (node == XLSX_TEXT)
		xlsx_copy_text(copy, xlsx_xml_text(xml));
}

void xlsx_copy_prefix(struct buf *out, const struct xlsx_xml *xml)
{
	if (xml->node->ns != NULL && xml->node->ns->prefix != NULL)
		buf_addf(out, "%s:", (const char *)xml->node->ns->prefix);
}
