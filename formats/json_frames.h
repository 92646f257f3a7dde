/*
 * Elements of a JSON document, one after the other: where each begins and ends, found by hand, so that an array of any
 * length needs the memory of one element. Floor 2. Bytes are in place and valid until the next call.
 *
 * The document is an array, or an object whose last member `payouts` is one.
 */
#ifndef FORMATS_JSON_FRAMES_H
#define FORMATS_JSON_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json_lexer.h"
#include "formats/json_scan.h"
#include "formats/refusal.h"
#include "formats/source.h"

/* Where a byte stands: physical line from 1, and how many code points of the line are before it. */
struct json_place {
	int64_t line;
	int64_t points;
	bool cr; /* the byte before it was a CR */
};

/* One value of a file, whole. */
struct json_frame {
	struct text bytes;
	struct json_place place; /* of the first byte */
	struct json_scan scan;   /* its offsets are in bytes */
};

struct json_frames {
	struct source *source;
	struct json_frame head; /* of the object: its members before payouts, as an object of their own; or empty */
	struct json_frame element;
	int64_t count; /* elements so far */
	struct refusal refusal;

	/* private */
	char *data;
	size_t base; /* where lexer.in starts in data */
	struct json_lexer lexer;
	struct json_place place; /* of the first byte of lexer.in */
	struct buf head_bytes;
	struct buf list_name; /* "payouts" as the document writes it; empty: it is an array */
	bool in_object;
	bool finished;
};

enum json_frames_verdict {
	FRAMES_FAULT = 0, /* the source could not be read: see fault */
	FRAMES_ELEMENT,   /* its scan says whether it keeps to the grammar */
	FRAMES_REFUSED,   /* see refusal; nothing more can be read */
	FRAMES_END,
};

/* Reads up to the first element; a document that has none to come sets the refusal. False: see fault. Released by
 * json_frames_close() either way. */
MUST_CHECK bool json_frames_open(struct json_frames *frames, struct source *source, struct fault *fault);
void json_frames_close(struct json_frames *frames);

enum json_frames_verdict json_frames_next(struct json_frames *frames, struct fault *fault);

/* The place of an offset in a frame. */
struct json_place json_frame_place(const struct json_frame *frame, size_t offset);

#endif
