#include "values/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SHORT_TEXT 256 /* most messages; a longer one is formatted twice */

void findings_begin(struct findings *findings, struct arena *arena, int64_t row, int64_t line)
{
	findings->arena = arena;
	findings->row = row;
	findings->line = line;
	findings->count = 0;
	findings->errors = 0;
}

void finding_add_plain(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *message)
{
	findings->errors += severity == FINDING_ERROR;
	if (findings->count == FINDINGS_MAX)
		return;
	findings->items[findings->count++] = (struct finding){
		.row = findings->row,
		.line = findings->line,
		.field = field,
		.code = code,
		.severity = severity,
		.message = message,
		.cure = cure != NULL ? cure : "",
	};
}

static const char *format_text(struct arena *arena, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

static const char *format_text(struct arena *arena, const char *format, va_list list)
{
	char text[SHORT_TEXT];
	va_list again;
	char *whole;
	int len;

	va_copy(again, list);
	len = vsnprintf(text, sizeof(text), format, list);
	assert(len >= 0);
	whole = arena_alloc(arena, (size_t)len + 1);
	if ((size_t)len < sizeof(text))
		memcpy(whole, text, (size_t)len);
	else
		vsnprintf(whole, (size_t)len + 1, format, again);
	va_end(again);
	return whole;
}

void finding_addv(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *format, va_list list)
{
	bool kept = findings->count < FINDINGS_MAX;

	finding_add_plain(
		findings, severity, code, field, cure, kept ? format_text(findings->arena, format, list) : "");
}

void finding_add(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	finding_addv(findings, severity, code, field, cure, format, list);
	va_end(list);
}

const char *finding_text(struct findings *findings, const char *format, ...)
{
	const char *text;
	va_list list;

	va_start(list, format);
	text = format_text(findings->arena, format, list);
	va_end(list);
	return text;
}

const char *finding_quote(struct findings *findings, struct text text)
{
	struct buf shown = {0};
	const char *quoted;

	text_show(&shown, text, FINDING_QUOTE_POINTS);
	quoted = text_string(findings->arena, buf_text(&shown));
	buf_release(&shown);
	return quoted;
}

const char *finding_mask(struct findings *findings, struct text text)
{
	struct buf masked = {0};
	const char *quoted;

	text_mask(&masked, text);
	quoted = text_string(findings->arena, buf_text(&masked));
	buf_release(&masked);
	return quoted;
}

const char *finding_severity_name(enum finding_severity severity)
{
	return severity == FINDING_ERROR ? "error" : "warning";
}

void finding_json(struct buf *buf, const struct finding *finding)
{
	buf_addc(buf, '{');
	finding_members(buf, finding);
	buf_addc(buf, '}');
}

void finding_members(struct buf *buf, const struct finding *finding)
{
	buf_addz(buf, "\"row\":");
	buf_addi(buf, finding->row);
	buf_addz(buf, ",\"line\":");
	buf_addi(buf, finding->line);
	buf_addz(buf, ",\"field\":");
	text_json(buf, text_of(finding->field));
	buf_addz(buf, ",\"code\":");
	text_json(buf, text_of(finding->code));
	buf_addz(buf, ",\"severity\":");
	text_json(buf, text_of(finding_severity_name(finding->severity)));
	buf_addz(buf, ",\"message\":");
	text_json(buf, text_of(finding->message));
	buf_addz(buf, ",\"cure\":");
	text_json(buf, text_of(finding->cure));
}
