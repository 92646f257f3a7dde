/* The half of clock.h that knows zones. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

static bool is_utc(const char *zone)
{
	return strcmp(zone, "UTC") == 0 || strcmp(zone, "Etc/UTC") == 0;
}

/* glibc takes a zone that it cannot read for UTC, without a word: so its file is looked at first. */
bool clock_zone_known(const char *zone)
{
	struct buf path = {0};
	char magic[4];
	bool known;
	int fd;

	if (is_utc(zone))
		return true;
	if (zone[0] == '\0' || zone[0] == '/' || zone[0] == '.' || strstr(zone, "..") != NULL)
		return false;
	buf_addz(&path, ZONE_FOLDER);
	buf_addz(&path, zone);
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	known = fd >= 0 && read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
	if (fd >= 0)
		close(fd);
	buf_release(&path);
	return known;
}

static void set_variable(const char *value)
{
	if (value == NULL)
		unsetenv("TZ");
	else if (setenv("TZ", value, 1) != 0)
		abort();
	tzset();
}

/* The C library has one zone a process, in TZ. Returns what stood there, for zone_leave. */
static char *zone_enter(const char *zone)
{
	const char *kept = getenv("TZ");
	char *before = kept != NULL ? memory_string(kept) : NULL;
	struct buf value = {0};

	buf_addz(&value, is_utc(zone) ? "UTC0" : ":" ZONE_FOLDER);
	if (!is_utc(zone))
		buf_addz(&value, zone); /* a whole path, so that TZDIR does not lead elsewhere */
	set_variable(buf_str(&value));
	buf_release(&value);
	return before;
}

static void zone_leave(char *before)
{
	set_variable(before);
	free(before);
}

#define BEYOND "~" /* sorts behind each date that has four digits of a year */

/* strftime's %Y has no leading zeros. */
static bool local_date(int64_t utc_s, char out[11])
{
	time_t moment = (time_t)utc_s;
	char text[64];
	struct tm tm;

	if (localtime_r(&moment, &tm) == NULL || tm.tm_year < -1900)
		return false;
	snprintf(text, sizeof(text), "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	memcpy(out, strlen(text) == 10 ? text : BEYOND, strlen(text) == 10 ? 11 : sizeof(BEYOND));
	return true;
}

bool clock_zone_date(const char *zone, int64_t utc_ms, char out[11])
{
	int64_t utc_s = utc_ms / 1000 - (utc_ms % 1000 < 0);
	char *before;
	bool done;

	if (!clock_zone_known(zone))
		return false;
	before = zone_enter(zone);
	done = local_date(utc_s, out) && strcmp(out, BEYOND) != 0;
	zone_leave(before);
	return done;
}

/*
 * The first second of a date in the zone that is set, between two moments a few days apart. Where midnight is skipped
 * (summer time begins at 00:00) this is 01:00; a date that a zone left out (Samoa, 2011-12-30) has none.
 */
static bool first_second(const char *date, int64_t early, int64_t late, int64_t *utc_s)
{
	char shown[11];

	while (late - early > 1) {
		int64_t middle = early + (late - early) / 2;

		if (!local_date(middle, shown))
			return false;
		if (strcmp(shown, date) < 0)
			early = middle;
		else
			late = middle;
	}
	*utc_s = late;
	return local_date(late, shown) && strcmp(shown, date) == 0;
}

bool clock_zone_midnight(const char *zone, struct text date, int64_t *utc_ms)
{
	char iso[] = "yyyy-mm-ddT00:00:00Z";
	char day[11] = {0};
	int64_t middle, utc_s = 0;
	char *before;
	bool found;

	if (!clock_date_valid(date) || !clock_zone_known(zone))
		return false;
	memcpy(iso, date.ptr, 10);
	memcpy(day, date.ptr, 10);
	if (!clock_iso_parse(text_of(iso), &middle))
		return false;
	middle /= 1000;
	before = zone_enter(zone);
	found = first_second(day, middle - 2 * 86400, middle + 2 * 86400, &utc_s);
	zone_leave(before);
	if (found)
		*utc_ms = utc_s * 1000;
	return found;
}

/* Minute by minute: a zone may skip the time on one day, or show it twice. */
bool clock_zone_next(const char *zone, int64_t now_utc_ms, int minutes, int64_t *utc_ms)
{
	int64_t start = now_utc_ms / 60000 + 1;
	bool found = false;
	char *before;

	if (!clock_zone_known(zone))
		return false;
	before = zone_enter(zone);
	for (int64_t minute = start; minute < start + 3 * 1440 && !found; minute++) {
		time_t moment = (time_t)(minute * 60);
		struct tm tm;

		found = localtime_r(&moment, &tm) != NULL && tm.tm_hour * 60 + tm.tm_min == minutes;
		if (found)
			*utc_ms = minute * 60000;
	}
	zone_leave(before);
	return found;
}
