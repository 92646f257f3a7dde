/*
 * The one writer to stderr: log lines (key=value, with level) and the progress line, so that they never tear.
 * Floor 0. Values are escaped for a terminal. Levels: quiet shows errors only, verbose shows debug.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/text.h"

struct buf;

enum log_level { LOG_ERROR_LEVEL = 0, LOG_WARNING_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL };

struct log {
	int fd;               /* 2; -1 writes nothing */
	enum log_level level; /* the most verbose one shown */
	bool terminal;        /* fd is a terminal: the progress line is rewritten in place */
	bool progress_shown;  /* a progress line stands unfinished */
};

void log_init(struct log *log, int fd, enum log_level level);
/* event is a word; the rest is printf text of key=value pairs whose values the caller quoted with log_quote. */
void log_line(struct log *log, enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Adds a value for log_line: as it is when it is one plain word, else in double quotes, escaped. */
void log_quote(struct buf *out, struct text value);
/* Plain text to the same place: messages for a person, of one or more lines. A newline is added. */
void log_say(struct log *log, enum log_level level, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Replaces the progress line on a terminal, else prints a line. An empty text ends it. */
void log_progress(struct log *log, const char *text);

#endif
