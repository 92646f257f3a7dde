#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "formats/encoding.h"
#include "formats/json_element.h"
#include "formats/json_frames.h"
#include "formats/json_head.h"
#include "formats/json_look.h"
#include "formats/reader.h"

/* The whole of a reader's memory. */
struct reader {
	struct json_frames frames;
	struct json_element element;
	struct reader_batch batch;
	struct arena arena; /* texts of the batch */
};

static int sniff(struct text head)
{
	return json_look(head) == LOOK_JSON ? 2 : 0;
}

static void json_reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	json_frames_close(&reader->frames);
	json_element_release(&reader->element);
	arena_release(&reader->arena);
	free(reader);
}

static bool open_head(struct reader *reader, struct source *source, struct fault *fault)
{
	struct refusal *refusal = &reader->frames.refusal;

	return json_look_binary(source, refusal, fault) &&
	       (refusal->code != NULL || json_frames_open(&reader->frames, source, fault));
}

static struct reader *json_reader_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader;

	if (!encoding_check(options->encoding, fault))
		return NULL;
	reader = memory_new(sizeof(*reader));
	reader->element.decimal_mark = options->decimal_mark != '\0' ? options->decimal_mark : '.';
	reader->batch.count = -1;
	if (open_head(reader, source, fault))
		return reader;
	json_reader_close(reader);
	return NULL;
}

static enum reader_verdict refused(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->frames.refusal, findings);
	return READER_REFUSED;
}

static enum reader_verdict json_reader_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	struct json_frames *frames = &reader->frames;

	switch (json_frames_next(frames, fault)) {
	case FRAMES_ELEMENT:
		json_element_read(&reader->element, &frames->element, frames->count, row, findings);
		return READER_ROW;
	case FRAMES_END:
		if (frames->count > 0)
			return READER_END;
		refusal_set(&frames->refusal, "FILE_EMPTY", 0, "Name the file with the payouts.",
			"the array of payouts has no elements");
		return refused(reader, findings);
	case FRAMES_REFUSED:
		return refused(reader, findings);
	case FRAMES_FAULT:
	default:
		return READER_FAULT;
	}
}

static struct text json_reader_raw(const struct reader *reader)
{
	return reader->frames.element.bytes;
}

static void json_reader_header(struct reader *reader, struct findings *findings)
{
	if (reader->frames.refusal.code != NULL)
		refusal_tell(&reader->frames.refusal, findings);
	else
		json_head_read(&reader->frames.head, &reader->arena, &reader->batch, findings);
}

static struct text json_reader_header_raw(const struct reader *reader)
{
	(void)reader;
	return TEXT("");
}

static bool json_reader_has_column(const struct reader *reader, enum column column)
{
	(void)reader;
	(void)column;
	return true;
}

static const struct reader_batch *json_reader_batch(const struct reader *reader)
{
	return &reader->batch;
}

static void json_reader_names(const struct reader *reader, struct findings *findings)
{
	json_names_tell(&reader->element.names, findings);
}

static void json_reader_pointer(struct reader *reader, const char *field, struct buf *out)
{
	if (reader->frames.in_object)
		buf_addf(out, "/%s", buf_str(&reader->frames.list_name));
	buf_addf(out, "/%" PRId64, reader->frames.count - 1);
	json_element_pointer(&reader->element, field, out);
}

const struct reader_format reader_json = {
	.name = "json",
	.extension = ".json",
	.sniff = sniff,
	.open = json_reader_open,
	.next = json_reader_next,
	.raw = json_reader_raw,
	.header = json_reader_header,
	.header_raw = json_reader_header_raw,
	.has_column = json_reader_has_column,
	.batch = json_reader_batch,
	.names = json_reader_names,
	.pointer = json_reader_pointer,
	.close = json_reader_close,
};
