#include "formats/xml_push.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "formats/xml_names.h"

#define WELL_FORMED "Have the file written anew by the program that made it, and send it unchanged."
#define AS_DECLARED "Save the file in the encoding that its first line names, UTF-8 at best."
#define AS_SCHEMA "Have the file made with the names that the schema of the message has, and no others."
#define NO_TYPES "Take the document type out: payment messages have none."

#if LIBXML_VERSION >= 21200
#define ERROR_CONST const
#else
#define ERROR_CONST
#endif

/* As libxml2 gives them: five pointers each - name, prefix, namespace, value, end of the value. */
struct xml_attributes {
	const xmlChar **list;
	size_t count;
};

struct xml_push {
	xmlParserCtxt *parser;
	const struct xml_handler *handler;
	void *context;           /* of the handler */
	struct refusal *refusal; /* during a call */
	struct xml_names names;
	size_t depth;
	bool stopped;
};

static const char *chars(const xmlChar *string)
{
	return string != NULL ? (const char *)string : "";
}

void xml_push_stop(struct xml_push *xml)
{
	xml->stopped = true;
	xmlStopParser(xml->parser);
}

int64_t xml_push_line(const struct xml_push *xml)
{
	return xml->parser->input != NULL ? xml->parser->input->line : 0;
}

static void refuse(struct xml_push *xml, const char *cure, const char *what)
{
	refusal_set(xml->refusal, "XML_SYNTAX", xml_push_line(xml), cure, "line %lld, column %d: %s",
		(long long)xml_push_line(xml), xml->parser->input != NULL ? xml->parser->input->col : 0, what);
	xml_push_stop(xml);
}

static void refuse_names(struct xml_push *xml)
{
	refusal_set(xml->refusal, "XML_STRUCTURE", xml_push_line(xml), AS_SCHEMA,
		"line %lld: the document has more than %d different names of elements, attributes and namespaces",
		(long long)xml_push_line(xml), BOUND_XML_NAMES);
	xml_push_stop(xml);
}

/* Those of a tag that has few of them, wherever it stands. */
static bool take_names(struct xml_push *xml, const xmlChar *name, const xmlChar **namespaces, int namespace_count,
	const struct xml_attributes *attributes)
{
	bool fine = xml_names_take(&xml->names, name);

	for (int i = 0; i < 2 * namespace_count; i++)
		fine = fine && xml_names_take(&xml->names, namespaces[i]);
	for (size_t i = 0; i < attributes->count; i++)
		fine = fine && xml_names_take(&xml->names, attributes->list[5 * i]);
	return fine;
}

/* --- what libxml2 calls ------------------------------------------------------------------------------------------- */

static void start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
	const xmlChar **namespaces, int attribute_count, int defaulted, const xmlChar **attributes)
{
	struct xml_push *xml = context;
	struct xml_attributes list = {attributes, (size_t)attribute_count};
	struct xml_tag tag = {chars(uri), chars(name), xml_push_line(xml), &list};

	(void)prefix;
	(void)defaulted;
	if (xml->stopped)
		return;
	if (++xml->depth > BOUND_XML_DEPTH)
		refuse(xml, WELL_FORMED, "elements stand too deep within each other");
	else if (attribute_count + namespace_count > BOUND_XML_ATTRIBUTES)
		refuse(xml, WELL_FORMED, "an element has too many attributes");
	else if (!take_names(xml, name, namespaces, namespace_count, &list))
		refuse_names(xml);
	else
		xml->handler->start(xml->context, &tag);
}

static void end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_push *xml = context;

	(void)prefix;
	(void)uri;
	if (xml->stopped)
		return;
	assert(xml->depth > 0);
	xml->depth--;
	xml->handler->end(xml->context, chars(name));
}

static void text(void *context, const xmlChar *bytes, int len)
{
	struct xml_push *xml = context;

	if (!xml->stopped && len > 0)
		xml->handler->text(xml->context, (struct text){(const char *)bytes, (size_t)len});
}

/* Nothing is done, and its name is kept all the same. */
static void instruction(void *context, const xmlChar *name, const xmlChar *bytes)
{
	struct xml_push *xml = context;

	(void)bytes;
	if (!xml->stopped && !xml_names_take(&xml->names, name))
		refuse_names(xml);
}

static void document_type(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	if (!((struct xml_push *)context)->stopped)
		refuse(context, NO_TYPES, "a document type (DOCTYPE) is not read");
}

/* Bytes that are none of the encoding have the code of characters that XML has not. */
static bool is_encoding(int code, struct text message)
{
	return (code == XML_ERR_INVALID_CHAR && text_starts(message, TEXT("Input is not proper"))) ||
	       code == XML_ERR_UNKNOWN_ENCODING || code == XML_ERR_UNSUPPORTED_ENCODING ||
	       code == XML_ERR_INVALID_ENCODING || code == XML_I18N_CONV_FAILED || code == XML_I18N_NO_HANDLER ||
	       code == XML_ERR_ENCODING_NAME;
}

/* The first error is the one to tell: what follows it is mostly its consequence. */
static void error(void *context, ERROR_CONST xmlError *error)
{
	struct xml_push *xml = context;
	struct text message = text_of(error->message);
	struct buf shown = {0};

	if (error->level == XML_ERR_WARNING || error->level == XML_ERR_NONE || xml->stopped)
		return;
	if (error->code == XML_ERR_NO_MEMORY)
		abort();
	message.len =
		strcspn(message.ptr != NULL ? message.ptr : "", "\n"); /* bytes may follow, which the place shows */
	text_show(&shown, message, 200);
	if (error->domain == XML_FROM_I18N || error->domain == XML_FROM_IO) { /* decoding, which knows no place */
		refusal_set(xml->refusal, "FILE_ENCODING", xml_push_line(xml), AS_DECLARED, "behind line %lld: %s",
			(long long)xml_push_line(xml), buf_str(&shown));
	} else if (is_encoding(error->code, message)) {
		refusal_set(xml->refusal, "FILE_ENCODING", error->line, AS_DECLARED, "line %d, column %d: %s",
			error->line, error->int2, buf_str(&shown));
	} else {
		refusal_set(xml->refusal, "XML_SYNTAX", error->line, WELL_FORMED, "line %d, column %d: %s", error->line,
			error->int2, buf_str(&shown));
	}
	buf_release(&shown);
	xml->stopped = true; /* the parser itself not yet: a decoder may be at work on its input */
}

/* What libxml2 would print where it knows of no parser. */
static void silent(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

struct xml_push *xml_push_open(const struct xml_handler *handler, void *context)
{
	struct xml_push *xml = memory_new(sizeof(*xml));
	xmlSAXHandler calls = {.initialized = XML_SAX2_MAGIC,
		.startElementNs = start,
		.endElementNs = end,
		.characters = text,
		.ignorableWhitespace = text,
		.cdataBlock = text,
		.processingInstruction = instruction,
		.internalSubset = document_type,
		.serror = error};

	xmlInitParser();
	xml->handler = handler;
	xml->context = context;
	xml->parser = xmlCreatePushParserCtxt(&calls, xml, NULL, 0, NULL);
	if (xml->parser == NULL)
		abort();
	(void)xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
	return xml;
}

void xml_push_close(struct xml_push *xml)
{
	if (xml == NULL)
		return;
	xmlFreeParserCtxt(xml->parser);
	free(xml);
}

/* What the parser keeps because it is not whole yet. */
static size_t waiting(const struct xml_push *xml)
{
	const xmlParserInput *input = xml->parser->input;

	return input != NULL && input->cur != NULL ? (size_t)(input->end - input->cur) : 0;
}

/* Decoders tell their errors to the thread, not to the parser. */
static int parse(struct xml_push *xml, struct text bytes, bool last)
{
	xmlStructuredErrorFunc structured = xmlStructuredError;
	void *structured_context = xmlStructuredErrorContext, *generic_context = xmlGenericErrorContext;
	xmlGenericErrorFunc generic = xmlGenericError;
	int result;

	xmlSetStructuredErrorFunc(xml, error);
	xmlSetGenericErrorFunc(NULL, silent);
	result = xmlParseChunk(xml->parser, bytes.ptr, (int)bytes.len, last);
	xmlSetStructuredErrorFunc(structured_context, structured);
	xmlSetGenericErrorFunc(generic_context, generic);
	return result;
}

static bool feed(struct xml_push *xml, struct text bytes, bool last, struct refusal *refusal)
{
	int result;

	assert(bytes.len <= BOUND_XML_PIECE_BYTES);
	if (xml->stopped)
		return false;
	xml->refusal = refusal;
	result = parse(xml, bytes, last);
	if (!xml->stopped && waiting(xml) > BOUND_XML_PIECE_BYTES)
		refuse(xml, WELL_FORMED, "a tag or a comment is too long");
	/* bytes that can't be converted end the parser, for whom the document is well-formed all the same */
	if (!xml->stopped && result != 0)
		refuse(xml, WELL_FORMED,
			result == XML_ERR_INVALID_ENCODING
				? "bytes stand here that the encoding of the document has not"
				: "it is not well-formed");
	xml->refusal = NULL;
	return !xml->stopped;
}

bool xml_push_feed(struct xml_push *xml, struct text bytes, struct refusal *refusal)
{
	return feed(xml, bytes, false, refusal);
}

bool xml_push_end(struct xml_push *xml, struct refusal *refusal)
{
	return feed(xml, TEXT(""), true, refusal);
}

/* --- attributes --------------------------------------------------------------------------------------------------- */

bool xml_attribute_next(const struct xml_tag *tag, size_t *at, struct text *name, struct text *value)
{
	const xmlChar **list;

	if (*at >= tag->attributes->count)
		return false;
	list = tag->attributes->list + 5 * *at;
	*name = text_of((const char *)list[0]);
	*value = (struct text){(const char *)list[3], (size_t)(list[4] - list[3])};
	++*at;
	return true;
}

bool xml_attribute(const struct xml_tag *tag, const char *wanted, struct text *value)
{
	struct text name;

	for (size_t at = 0; xml_attribute_next(tag, &at, &name, value);)
		if (tag->attributes->list[5 * (at - 1) + 2] == NULL && text_is(name, wanted))
			return true;
	*value = (struct text){0};
	return false;
}
