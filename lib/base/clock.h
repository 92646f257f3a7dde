/*
 * Time as a value. Floor 0.
 * utc_ms: milliseconds since 1970, for the journal. mono_ms: CLOCK_MONOTONIC, for deadlines. boot_ms: CLOCK_BOOTTIME,
 * which goes on through a suspend, for the windows of the protocol. Tests inject a clock; the program has only
 * clock_system().
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct moment {
	int64_t utc_ms;
	int64_t mono_ms;
	int64_t boot_ms;
};

struct clock {
	struct moment (*read)(const struct clock *clock);
	void *context;    /* of an injected clock */
	char boot_id[40]; /* /proc/sys/kernel/random/boot_id, or "" */
};

void clock_system(struct clock *clock);
struct moment clock_now(const struct clock *clock);

/* Monotonic nanoseconds, for the limiter alone, from the same clock (mono_ms * 1000000 where it is injected). */
int64_t clock_nanoseconds(const struct clock *clock);

#define CLOCK_ISO_SIZE 32
/* "2026-11-20T08:30:00.123Z" or, with seconds, "2026-11-20T08:30:00Z". */
void clock_iso_ms(int64_t utc_ms, char out[CLOCK_ISO_SIZE]);
void clock_iso_s(int64_t utc_ms, char out[CLOCK_ISO_SIZE]);
/* Reads both forms; false for anything else. */
bool clock_iso_parse(struct text text, int64_t *utc_ms);

/* The calendar date of a moment in a zone of tzdata ("Europe/Berlin"), as "YYYY-MM-DD". False: no such zone.
 * Reading a zone takes some 20 us and the process has one TZ: once a file or date, not once a row, and on one thread.
 */
bool clock_zone_known(const char *zone);
bool clock_zone_date(const char *zone, int64_t utc_ms, char out[11]);
/* UTC milliseconds of 00:00 of a calendar date ("YYYY-MM-DD") in a zone, or of its first moment where summer time skips
 * 00:00. False: no such date or zone. */
bool clock_zone_midnight(const char *zone, struct text date, int64_t *utc_ms);
/* The next moment after now at which the zone's clocks show so many minutes after 00:00 (1110 is 18:30). False: no such
 * zone, or no such moment within three days. */
bool clock_zone_next(const char *zone, int64_t now_utc_ms, int minutes, int64_t *utc_ms);
/* True for an existing day of the proleptic Gregorian calendar written YYYY-MM-DD. */
bool clock_date_valid(struct text date);

/* "30s", "5m", "2h", "1500ms": positive; false for anything else. */
bool clock_duration_parse(struct text text, int64_t *ms);

/* An HTTP date (IMF-fixdate) to UTC milliseconds. */
bool clock_http_date_parse(struct text text, int64_t *utc_ms);

#endif
