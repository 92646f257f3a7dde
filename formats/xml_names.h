/*
 * The different names of one XML document, counted up to BOUND_XML_NAMES. Floor 2. The parser keeps every name it ever
 * met, and looks longer for each the more there are: the time of a document of new names only grows with its square.
 */
#ifndef FORMATS_XML_NAMES_H
#define FORMATS_XML_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define XML_NAMES_SLOTS 2048

/* Zero-initialised. */
struct xml_names {
	uint64_t slots[XML_NAMES_SLOTS];
	size_t count;
};

/* A name that the parser keeps at one place for its whole life; NULL: none. False: it is one too many. */
bool xml_names_take(struct xml_names *names, const void *name);
/* The same of a copy, as those of namespaces are. */
bool xml_names_take_copy(struct xml_names *names, const char *name);

#endif
