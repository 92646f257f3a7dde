#include "base/fault.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What was cut by snprintf must not end inside a UTF-8 sequence: the rest of the message would be shown as rubbish. */
static void cut_clean(char *text, size_t size, int wanted)
{
	size_t end = strlen(text);
	size_t start = end;
	size_t needed;

	if (wanted >= 0 && (size_t)wanted < size)
		return;
	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
		return;
	start--;
	needed = (unsigned char)text[start] < 0xE0 ? 2 : (unsigned char)text[start] < 0xF0 ? 3 : 4;
	if (end - start < needed)
		text[start] = '\0';
}

static void copy(char *to, size_t size, const char *from)
{
	cut_clean(to, size, snprintf(to, size, "%s", from != NULL ? from : ""));
}

static void set(struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format,
	va_list list) __attribute__((format(printf, 5, 0)));

static void set(
	struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format, va_list list)
{
	fault->set = true;
	fault->kind = kind;
	copy(fault->code, sizeof(fault->code), code);
	copy(fault->cure, sizeof(fault->cure), cure);
	cut_clean(fault->message, sizeof(fault->message),
		vsnprintf(fault->message, sizeof(fault->message), format, list));
}

bool fault_set(struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format, ...)
{
	va_list list;

	assert(fault != NULL);
	if (fault->set)
		return false;
	va_start(list, format);
	set(fault, kind, code, cure, format, list);
	va_end(list);
	return false;
}

bool fault_errno(struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format, ...)
{
	int number = errno;
	char reason[128];
	size_t len;
	va_list list;

	assert(fault != NULL);
	if (fault->set)
		return false;
	va_start(list, format);
	set(fault, kind, code, cure, format, list);
	va_end(list);
	if (strerror_r(number, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "error %d", number);
	len = strlen(fault->message);
	copy(fault->message + len, sizeof(fault->message) - len, ": ");
	len = strlen(fault->message);
	copy(fault->message + len, sizeof(fault->message) - len, reason);
	errno = number;
	return false;
}

void fault_channel(struct fault *fault, const char *channel)
{
	if (channel != NULL)
		copy(fault->channel, sizeof(fault->channel), channel);
}
