#include "formats/write_findings.h"

bool findings_writer_begin(struct findings_writer *writer, const char *path, bool lines, struct fault *fault)
{
	*writer = (struct findings_writer){.lines = lines};
	return file_create(&writer->out, path, fault);
}

/* What stands before each finding. */
static void add_start(struct findings_writer *writer)
{
	if (!writer->lines)
		buf_addz(&writer->text, writer->count == 0 ? "[\n" : ",\n");
	writer->count++;
}

void findings_writer_add(struct findings_writer *writer, const struct finding *finding, int64_t index,
	struct text pointer, struct text reference)
{
	struct buf *text = &writer->text;

	buf_reset(text);
	add_start(writer);
	buf_addz(text, "{\"index\":");
	if (index >= 0)
		buf_addi(text, index);
	else
		buf_addz(text, "null");
	buf_addz(text, ",\"pointer\":");
	text_json(text, pointer);
	buf_addc(text, ',');
	finding_members(text, finding);
	buf_addz(text, ",\"payrun_reference\":");
	text_json(text, reference);
	buf_addc(text, '}');
	if (writer->lines)
		buf_addc(text, '\n');
	file_write(&writer->out, text->data, text->len);
}

bool findings_writer_commit(struct findings_writer *writer, struct fault *fault)
{
	struct text end = writer->count == 0 ? TEXT("[]\n") : TEXT("\n]\n");

	if (!writer->lines)
		file_write(&writer->out, end.ptr, end.len);
	buf_release(&writer->text);
	return file_commit(&writer->out, true, fault);
}

void findings_writer_abandon(struct findings_writer *writer)
{
	buf_release(&writer->text);
	file_abandon(&writer->out);
}
