#include "cmd/payrun/terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TERMINAL_MS 200
#define LOG_MS 60000

bool terminal_attended(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* One byte of the answer; 0 at the end of input, -1 after a signal. */
static int read_byte(const struct stop *stop, char *byte)
{
	for (;;) {
		struct pollfd wait[2] = {
			{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = stop->wake_fd, .events = POLLIN}};
		if (stop->count > 0)
			return -1;
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return 0;
		if (stop->count > 0 || wait[0].revents == 0)
			continue; /* a signal goes before an answer that came with it */
		ssize_t count = read(STDIN_FILENO, byte, 1);
		if (count < 0 && errno == EINTR)
			continue;
		return count == 1 ? 1 : 0;
	}
}

enum answer terminal_ask(struct log *log, const struct stop *stop, const char *question)
{
	char line[16] = {0};
	size_t len = 0;
	char byte;
	int got;
	log_progress(log, "");
	dprintf(STDERR_FILENO, "%s [y/N] ", question);
	while ((got = read_byte(stop, &byte)) == 1 && byte != '\n' && byte != '\r')
		if (len < sizeof line - 1)
			line[len++] = byte;
	if (got != 1)
		dprintf(STDERR_FILENO, "\n");
	if (got < 0)
		return ANSWER_STOPPED;
	bool yes = got == 1 && (strcmp(line, "y") == 0 || strcmp(line, "Y") == 0 || strcmp(line, "yes") == 0);
	return yes ? ANSWER_YES : ANSWER_NO;
}

void progress_begin(struct progress *progress, struct log *log, const struct clock *clock, const char *unit)
{
	memset(progress, 0, sizeof *progress);
	progress->log = log;
	progress->clock = clock;
	progress->unit = unit;
	progress->started_ms = clock_now(clock).mono_ms;
	progress->shown_ms = progress->started_ms;
}

void progress_duration(int64_t ms, char out[32])
{
	long long s = (ms + 999) / 1000;
	if (s < 60)
		snprintf(out, 32, "%lld s", s);
	else if (s < 3600)
		snprintf(out, 32, "%lld min %lld s", s / 60, s % 60);
	else
		snprintf(out, 32, "%lld h %lld min", s / 3600, s % 3600 / 60);
}

void progress_show(struct progress *progress, int64_t done, int64_t total, const char *extra)
{
	int64_t now = clock_now(progress->clock).mono_ms;
	int64_t elapsed = now - progress->started_ms;
	char line[256], left[32] = "";
	if (now - progress->shown_ms < (progress->log->terminal ? TERMINAL_MS : LOG_MS))
		return;
	progress->shown_ms = now;
	progress->begun = true;
	int64_t tenths = elapsed > 0 ? done * 10000 / elapsed : 0;
	int len = total > 0 ? snprintf(line, sizeof line, "%lld of %lld %s", (long long)done, (long long)total,
				      progress->unit)
			    : snprintf(line, sizeof line, "%lld %s", (long long)done, progress->unit);
	size_t at = (size_t)len;
	if (tenths > 0)
		at += (size_t)snprintf(
			line + at, sizeof line - at, ", %lld.%lld/s", (long long)tenths / 10, (long long)tenths % 10);
	if (tenths > 0 && total > done) {
		progress_duration((total - done) * 10000 / tenths, left);
		at += (size_t)snprintf(line + at, sizeof line - at, ", %s left", left);
	}
	snprintf(line + at, sizeof line - at, "%s", extra);
	log_progress(progress->log, line);
}

void progress_end(struct progress *progress)
{
	if (progress->begun && progress->log->terminal)
		log_progress(progress->log, "");
}
