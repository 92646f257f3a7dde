#include "formats/pain001_values.h"

#include <stdarg.h>
#include <string.h>

#include "base/bounds.h"

void pain001_values_reset(struct pain001_values *values)
{
	buf_reset(&values->bytes);
	memset(values->spans, 0, sizeof(values->spans));
	values->problem_count = 0;
	values->refused = 0;
	values->line = 0;
}

void pain001_values_release(struct pain001_values *values)
{
	buf_release(&values->bytes);
}

struct text pain001_text(const struct pain001_values *values, struct pain001_span span)
{
	return span.len > 0 ? (struct text){values->bytes.data + span.offset, span.len} : TEXT("");
}

struct text pain001_value(const struct pain001_values *values, enum pain001_field field)
{
	return pain001_text(values, values->spans[field]);
}

struct pain001_span pain001_add(struct pain001_values *values, struct text text)
{
	struct pain001_span span = {(uint32_t)values->bytes.len, (uint32_t)text.len};

	buf_addt(&values->bytes, text);
	return span;
}

bool pain001_put(struct pain001_values *values, enum pain001_field field, struct text text, const char *separator)
{
	struct pain001_span *span = &values->spans[field];
	struct buf *bytes = &values->bytes;
	uint32_t offset = span->offset;

	if (text.len == 0)
		return true;
	if (span->len + text.len > BOUND_XML_TEXT_BYTES)
		return false;
	if (span->len == 0) {
		*span = pain001_add(values, text);
		return true;
	}
	if (offset + span->len != bytes->len) { /* something else stands behind it */
		char *room = buf_room(bytes, span->len);

		memcpy(room, bytes->data + span->offset, span->len);
		offset = (uint32_t)bytes->len;
		bytes->len += span->len;
	}
	buf_addz(bytes, separator);
	buf_addt(bytes, text);
	*span = (struct pain001_span){offset, (uint32_t)bytes->len - offset};
	return true;
}

void pain001_problem(struct pain001_values *values, enum finding_severity severity, const char *code, struct text field,
	const char *cure, const char *format, ...)
{
	struct pain001_problem *problem = &values->problems[values->problem_count];
	uint32_t offset;
	va_list list;

	if (values->problem_count == PAIN001_PROBLEMS_MAX)
		return;
	values->problem_count++;
	*problem = (struct pain001_problem){.code = code, .cure = cure, .severity = severity};
	problem->field = pain001_add(values, field);
	offset = (uint32_t)values->bytes.len;
	va_start(list, format);
	buf_addv(&values->bytes, format, list);
	va_end(list);
	problem->message = (struct pain001_span){offset, (uint32_t)values->bytes.len - offset};
}

void pain001_problems_copy(struct pain001_values *to, const struct pain001_values *from)
{
	for (size_t i = 0; i < from->problem_count && to->problem_count < PAIN001_PROBLEMS_MAX; i++) {
		struct pain001_problem *problem = &to->problems[to->problem_count++];

		*problem = from->problems[i];
		problem->field = pain001_add(to, pain001_text(from, from->problems[i].field));
		problem->message = pain001_add(to, pain001_text(from, from->problems[i].message));
	}
	to->refused |= from->refused;
}

void pain001_problems_tell(const struct pain001_values *values, struct findings *findings)
{
	for (size_t i = 0; i < values->problem_count; i++) {
		const struct pain001_problem *problem = &values->problems[i];

		finding_add_plain(findings, problem->severity, problem->code,
			text_string(findings->arena, pain001_text(values, problem->field)), problem->cure,
			text_string(findings->arena, pain001_text(values, problem->message)));
	}
}
