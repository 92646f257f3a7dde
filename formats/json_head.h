/*
 * What a JSON document says of itself before its payouts: {"batch_id", "channel", "control": {"count", "totals"}}
 * (CONTRACT, section 3). Floor 2.
 */
#ifndef FORMATS_JSON_HEAD_H
#define FORMATS_JSON_HEAD_H

#include "base/arena.h"
#include "formats/json_frames.h"
#include "formats/reader.h"
#include "values/finding.h"

/* Fills batch, with texts in the arena. What is wrong is added as findings of the file. */
void json_head_read(
	const struct json_frame *head, struct arena *arena, struct reader_batch *batch, struct findings *findings);

#endif
