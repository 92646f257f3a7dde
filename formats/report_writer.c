#include "formats/report_writer.h"

#include "formats/pain002.h"

static const struct report_format *const formats[] = {
	&report_csv, &report_json, &report_text, &report_xlsx, &report_pain002, &report_pain002_03, &report_pain002_10};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct report_format *report_format_named(struct text name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (text_is(name, formats[i]->name))
			return formats[i];
	return NULL;
}

const struct report_format *report_format_ending(struct text path)
{
	for (size_t i = 0; i < FORMATS; i++) {
		struct text ending = text_of(formats[i]->extension);

		if (path.len < ending.len)
			continue;
		if (text_equal_nocase((struct text){path.ptr + path.len - ending.len, ending.len}, ending))
			return formats[i];
	}
	return NULL;
}

void report_writer_begin(struct report_writer *writer, const struct report_format *format, struct file_out *out,
	const struct report_head *head, bool raw)
{
	*writer = (struct report_writer){.format = format, .out = out, .head = head, .raw = raw};
	format->begin(writer, head);
}

void report_writer_line(struct report_writer *writer, const struct report_line *line)
{
	writer->format->line(writer, line);
	writer->lines++;
}

bool report_writer_end(struct report_writer *writer, const struct report_foot *foot, struct fault *fault)
{
	const struct fault *own = &writer->fault;

	writer->format->end(writer, foot);
	if (own->set)
		return fault_set(fault, own->kind, own->code, own->cure, "%s", own->message);
	return true;
}

void report_writer_release(struct report_writer *writer)
{
	if (writer->format != NULL && writer->format->release != NULL)
		writer->format->release(writer);
	buf_release(&writer->line);
	buf_release(&writer->spare);
	buf_release(&writer->tame);
	buf_release(&writer->held);
	pain002_free(writer->message);
}

struct text report_utf8(struct buf *spare, struct text text)
{
	size_t bad;

	if (text_utf8(text, &bad))
		return text;
	buf_reset(spare);
	do {
		buf_add(spare, text.ptr, bad);
		buf_addz(spare, "\xEF\xBF\xBD");
		text = (struct text){text.ptr + bad + 1, text.len - bad - 1};
	} while (!text_utf8(text, &bad));
	buf_addt(spare, text);
	return buf_text(spare);
}
