/*
 * A frame of JSON as a tree of jansson's, in which no number became a double. Floor 2. The caller owns it.
 */
#ifndef FORMATS_JSON_TREE_H
#define FORMATS_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/buf.h"
#include "formats/json_frames.h"

struct json_tree {
	json_t *root; /* an object */
	const struct json_frame *frame;
	struct buf quoted; /* private */
};

/* Why a frame is no object that can be read. */
struct json_problem {
	const char *code, *what, *cure; /* literals */
	size_t at;                      /* offset in the frame */
};

/* Takes the place of the last tree. The frame stays until the next one or the release. */
bool json_tree_load(struct json_tree *tree, const struct json_frame *frame, struct json_problem *problem);
void json_tree_release(struct json_tree *tree);

/* The text of a string or a number; empty for anything else, whose kind says what it is (null: KIND_NONE). */
struct text json_tree_text(const json_t *value, enum json_kind *kind);

/* Where the value of a member starts, by the order of members: of the object itself (inner SIZE_MAX), or of the object
 * that is the value of that member. */
struct json_place json_tree_place(const struct json_tree *tree, size_t member, size_t inner);

#endif
