#include "config/place.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"

#define SHOWN_POINTS 24 /* of at most 8 bytes each as they are escaped */

static bool tell(const struct place *place, int line, const char *cure, int number, const char *format, va_list list)
	__attribute__((format(printf, 5, 0)));

static bool tell(const struct place *place, int line, const char *cure, int number, const char *format, va_list list)
{
	struct buf message = {0};

	buf_addz(&message, place->file);
	if (line > 0)
		buf_addf(&message, ":%d", line);
	buf_addz(&message, ": ");
	buf_addv(&message, format, list);
	errno = number;
	if (number != 0)
		fault_errno(place->fault, FAULT_USAGE, "", cure, "%s", buf_str(&message));
	else
		fault_set(place->fault, FAULT_USAGE, "", cure, "%s", buf_str(&message));
	buf_release(&message);
	return false;
}

bool place_fault(const struct place *place, int line, const char *cure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	tell(place, line, cure, 0, format, list);
	va_end(list);
	return false;
}

bool place_errno(const struct place *place, int line, const char *cure, const char *format, ...)
{
	int number = errno;
	va_list list;

	va_start(list, format);
	tell(place, line, cure, number, format, list);
	va_end(list);
	return false;
}

const char *place_show(char out[PLACE_SHOWN], struct text text)
{
	struct buf shown = {0};
	size_t len;

	text_show(&shown, text, SHOWN_POINTS);
	len = shown.len < PLACE_SHOWN ? shown.len : PLACE_SHOWN - 1;
	memcpy(out, buf_str(&shown), len);
	out[len] = '\0';
	buf_release(&shown);
	return out;
}
