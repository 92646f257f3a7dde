#include "formats/refusal.h"

#include <stdarg.h>

void refusal_setv(
	struct refusal *refusal, const char *code, int64_t line, const char *cure, const char *format, va_list list)
{
	if (refusal->code != NULL)
		return;
	refusal->code = code;
	refusal->line = line;
	refusal->cure = cure;
	buf_addv(&refusal->message, format, list);
}

void refusal_set(struct refusal *refusal, const char *code, int64_t line, const char *cure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	refusal_setv(refusal, code, line, cure, format, list);
	va_end(list);
}

void refusal_tell(struct refusal *refusal, struct findings *findings)
{
	if (refusal->code == NULL || refusal->told)
		return;
	findings->row = 0;
	findings->line = refusal->line;
	finding_add(findings, FINDING_ERROR, refusal->code, refusal->field != NULL ? refusal->field : "", refusal->cure,
		"%s", buf_str(&refusal->message));
	refusal->told = true;
}

void refusal_release(struct refusal *refusal)
{
	buf_release(&refusal->message);
}
