/*
 * XML as a stream of tags and texts: libxml2's parser, fed piece by piece, without a tree, so that memory does not grow
 * with the document, and every line is known however many there are. Floor 2.
 *
 * Document types, and with them all entities but the five of XML itself, are refused; nothing is read from the network
 * or from other files. Depth, attributes, names and the size of one tag or comment are bounded (bounds.h). Encodings
 * are those that libxml2 knows, as the document says or marks. Nothing is printed. One thread at a time.
 */
#ifndef FORMATS_XML_PUSH_H
#define FORMATS_XML_PUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "formats/refusal.h"

struct xml_push;
struct xml_attributes;

/* Texts live as long as the call; uri and name as long as the parser. */
struct xml_tag {
	const char *uri;  /* of the namespace; "": of none */
	const char *name; /* local; the same name is at the same place for the parser's whole life */
	int64_t line;     /* on which the tag ends, from 1 */
	const struct xml_attributes *attributes;
};

/* Called for each piece of the document as it is read. Texts come in any number of pieces; CDATA is text. */
struct xml_handler {
	void (*start)(void *context, const struct xml_tag *tag);
	void (*text)(void *context, struct text text);
	void (*end)(void *context, const char *name);
};

/* The handler must outlive it; context goes along with its calls. */
struct xml_push *xml_push_open(const struct xml_handler *handler, void *context);
void xml_push_close(struct xml_push *xml); /* NULL is fine */

/* Reads on. False: it is not well-formed or not allowed, and the refusal says why (XML_SYNTAX with line and column,
 * FILE_ENCODING, XML_STRUCTURE for too many names); or a handler stopped it. Nothing more can be fed then. */
bool xml_push_feed(struct xml_push *xml, struct text bytes, struct refusal *refusal);
/* The same at the end of the document, which must be whole. */
bool xml_push_end(struct xml_push *xml, struct refusal *refusal);
/* From a handler: no further call comes. */
void xml_push_stop(struct xml_push *xml);
/* The line that is being read. */
int64_t xml_push_line(const struct xml_push *xml);

/* The value of an attribute without a namespace; false where there is none. */
bool xml_attribute(const struct xml_tag *tag, const char *name, struct text *value);
/* Attribute by attribute, those of namespaces too; false after the last. */
bool xml_attribute_next(const struct xml_tag *tag, size_t *at, struct text *name, struct text *value);

#endif
