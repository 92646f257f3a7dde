#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define PROGRESS_POINTS 200 /* wider than any sensible terminal; a longer line would wrap and not be erased */

void log_init(struct log *log, int fd, enum log_level level)
{
	*log = (struct log){.fd = fd, .level = level, .terminal = fd >= 0 && isatty(fd) == 1};
}

static bool wanted(const struct log *log, enum log_level level)
{
	return log->fd >= 0 && level <= log->level;
}

/* All of one message in one write where the system takes it, so that lines of two processes do not mix. */
static void send_out(struct log *log, const struct buf *out)
{
	size_t done = 0;

	while (done < out->len) {
		ssize_t count = write(log->fd, out->data + done, out->len - done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return; /* there is no second place to tell it */
		done += (size_t)count;
	}
}

/* A standing progress line gives way to what comes now; the next log_progress draws it again. */
static void erase_progress(struct log *log, struct buf *out)
{
	if (log->progress_shown)
		buf_addz(out, "\r\x1b[K");
	log->progress_shown = false;
}

static const char *level_name(enum log_level level)
{
	switch (level) {
	case LOG_ERROR_LEVEL:
		return "error";
	case LOG_WARNING_LEVEL:
		return "warning";
	case LOG_INFO_LEVEL:
		return "info";
	case LOG_DEBUG_LEVEL:
		return "debug";
	}
	return "error";
}

void log_line(struct log *log, enum log_level level, const char *event, const char *format, ...)
{
	struct buf out = {0}, pairs = {0};
	char now[CLOCK_ISO_SIZE];
	struct timespec wall = {0};
	va_list list;

	if (!wanted(log, level))
		return;
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_iso_ms((int64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000, now);
	va_start(list, format);
	buf_addv(&pairs, format, list);
	va_end(list);
	erase_progress(log, &out);
	buf_addf(&out, "time=%s level=%s event=%s", now, level_name(level), event);
	if (pairs.len > 0)
		buf_addc(&out, ' ');
	text_show(&out, buf_text(&pairs), 0);
	buf_addc(&out, '\n');
	send_out(log, &out);
	buf_release(&pairs);
	buf_release(&out);
}

void log_quote(struct buf *out, struct text value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@+,-";
	struct buf shown = {0};
	bool bare = value.len > 0;

	for (size_t i = 0; i < value.len && bare; i++)
		bare = memchr(plain, value.ptr[i], sizeof(plain) - 1) != NULL;
	if (bare) {
		buf_addt(out, value);
		return;
	}
	text_show(&shown, value, 0);
	buf_addc(out, '"');
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.data[i] == '"')
			buf_addc(out, '\\');
		buf_addc(out, shown.data[i]);
	}
	buf_addc(out, '"');
	buf_release(&shown);
}

void log_say(struct log *log, enum log_level level, const char *format, ...)
{
	struct buf out = {0}, said = {0};
	struct text rest;
	va_list list;

	if (!wanted(log, level))
		return;
	va_start(list, format);
	buf_addv(&said, format, list);
	va_end(list);
	erase_progress(log, &out);
	rest = buf_text(&said);
	for (;;) {
		const char *end = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
		size_t len = end != NULL ? (size_t)(end - rest.ptr) : rest.len;

		text_show(&out, (struct text){rest.ptr, len}, 0);
		buf_addc(&out, '\n');
		if (end == NULL)
			break;
		rest = (struct text){end + 1, rest.len - len - 1};
	}
	send_out(log, &out);
	buf_release(&said);
	buf_release(&out);
}

void log_progress(struct log *log, const char *text)
{
	struct buf out = {0};

	if (!wanted(log, LOG_INFO_LEVEL))
		return;
	if (text[0] == '\0') {
		if (log->progress_shown)
			buf_addc(&out, '\n');
		log->progress_shown = false;
	} else {
		erase_progress(log, &out);
		text_show(&out, text_of(text), PROGRESS_POINTS);
		if (!log->terminal)
			buf_addc(&out, '\n');
		log->progress_shown = log->terminal;
	}
	send_out(log, &out);
	buf_release(&out);
}
