/*
 * What JSON is in the first bytes of a file. Floor 2. Pure.
 */
#ifndef FORMATS_JSON_LOOK_H
#define FORMATS_JSON_LOOK_H

#include "base/text.h"

enum json_look {
	LOOK_NO_JSON = 0,
	LOOK_JSON,   /* one document: an array, or an object around one */
	LOOK_NDJSON, /* an object a line */
};

enum json_look json_look(struct text head);

#endif
