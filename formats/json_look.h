/*
 * What JSON is in the first bytes of a file, and what is none. Floor 2.
 */
#ifndef FORMATS_JSON_LOOK_H
#define FORMATS_JSON_LOOK_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/text.h"
#include "formats/refusal.h"
#include "formats/source.h"

enum json_look {
	LOOK_NO_JSON = 0,
	LOOK_JSON,   /* one document: an array, or an object around one */
	LOOK_NDJSON, /* an object a line */
};

enum json_look json_look(struct text head);

/* FILE_ENCODING in the refusal, by what they look like, where the first bytes are no text. False: see fault. */
MUST_CHECK bool json_look_binary(struct source *source, struct refusal *refusal, struct fault *fault);

#endif
