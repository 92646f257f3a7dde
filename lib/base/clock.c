#include "base/clock.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS 1000000
#define DAY_MS INT64_C(86400000)
#define FIRST_DAY (-719162) /* 0001-01-01, in days since 1970 */
#define LAST_DAY 2932896    /* 9999-12-31 */

static int64_t read_ns(clockid_t id)
{
	struct timespec now;
	int failed = clock_gettime(id, &now);

	assert(failed == 0);
	return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

static struct moment system_read(const struct clock *clock)
{
	(void)clock;
	return (struct moment){
		.utc_ms = read_ns(CLOCK_REALTIME) / NS_PER_MS,
		.mono_ms = read_ns(CLOCK_MONOTONIC) / NS_PER_MS,
		.boot_ms = read_ns(CLOCK_BOOTTIME) / NS_PER_MS,
	};
}

void clock_system(struct clock *clock)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len;

	*clock = (struct clock){.read = system_read};
	if (fd < 0)
		return;
	len = read(fd, clock->boot_id, sizeof(clock->boot_id) - 1);
	close(fd);
	clock->boot_id[len > 0 ? len : 0] = '\0';
	clock->boot_id[strcspn(clock->boot_id, "\n")] = '\0';
}

struct moment clock_now(const struct clock *clock)
{
	return clock->read(clock);
}

int64_t clock_nanoseconds(const struct clock *clock)
{
	if (clock->read == system_read)
		return read_ns(CLOCK_MONOTONIC);
	return clock_now(clock).mono_ms * NS_PER_MS;
}

static bool leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t month_days(int64_t year, int64_t month)
{
	static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year));
}

/* Days from 1970-01-01 to the first of January of a year. */
static int64_t year_start(int64_t year)
{
	int64_t before = year - 1;

	return before * 365 + before / 4 - before / 100 + before / 400 + FIRST_DAY;
}

static bool date_days(int64_t year, int64_t month, int64_t day, int64_t *days)
{
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return false;
	*days = year_start(year) + day - 1;
	for (int64_t earlier = 1; earlier < month; earlier++)
		*days += month_days(year, earlier);
	return true;
}

static void days_date(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	*year = (days - FIRST_DAY) / 366 + 1; /* at or before the year sought, by at most seven years */
	while (year_start(*year + 1) <= days)
		(*year)++;
	days -= year_start(*year);
	for (*month = 1; days >= month_days(*year, *month); (*month)++)
		days -= month_days(*year, *month);
	*day = days + 1;
}

static void put(char *out, int64_t number, int width)
{
	while (width-- > 0) {
		out[width] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Up to the seconds, without the zone: 19 characters. What no calendar date can be is shown as the nearest that can. */
static int64_t put_time(int64_t utc_ms, char *out)
{
	int64_t year, month, day, rest;

	if (utc_ms < FIRST_DAY * DAY_MS)
		utc_ms = FIRST_DAY * DAY_MS;
	if (utc_ms >= (LAST_DAY + 1) * DAY_MS)
		utc_ms = (LAST_DAY + 1) * DAY_MS - 1;
	rest = (utc_ms % DAY_MS + DAY_MS) % DAY_MS;
	days_date((utc_ms - rest) / DAY_MS, &year, &month, &day);
	put(out, year, 4);
	out[4] = '-';
	put(out + 5, month, 2);
	out[7] = '-';
	put(out + 8, day, 2);
	out[10] = 'T';
	put(out + 11, rest / 3600000, 2);
	out[13] = ':';
	put(out + 14, rest / 60000 % 60, 2);
	out[16] = ':';
	put(out + 17, rest / 1000 % 60, 2);
	return rest % 1000;
}

void clock_iso_ms(int64_t utc_ms, char out[CLOCK_ISO_SIZE])
{
	put(out + 20, put_time(utc_ms, out), 3);
	out[19] = '.';
	out[23] = 'Z';
	out[24] = '\0';
}

void clock_iso_s(int64_t utc_ms, char out[CLOCK_ISO_SIZE])
{
	put_time(utc_ms, out);
	out[19] = 'Z';
	out[20] = '\0';
}

/* True when text has the shape, where '0' stands for any digit and all else for itself. */
static bool shaped(struct text text, const char *shape)
{
	if (text.len != strlen(shape))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';

		if (shape[i] == '0' ? !digit : text.ptr[i] != shape[i])
			return false;
	}
	return true;
}

/* The digits at a place of a text whose shape was checked. */
static int64_t digits(struct text text, size_t start, size_t len)
{
	int64_t number = 0;

	for (size_t i = start; i < start + len; i++)
		number = number * 10 + (text.ptr[i] - '0');
	return number;
}

static bool shaped_date_days(struct text text, int64_t *days)
{
	return date_days(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), days);
}

bool clock_iso_parse(struct text text, int64_t *utc_ms)
{
	bool with_ms = shaped(text, "0000-00-00T00:00:00.000Z");
	int64_t days, hour, minute, second;

	if (!with_ms && !shaped(text, "0000-00-00T00:00:00Z"))
		return false;
	hour = digits(text, 11, 2);
	minute = digits(text, 14, 2);
	second = digits(text, 17, 2);
	if (!shaped_date_days(text, &days) || hour > 23 || minute > 59 || second > 59)
		return false;
	*utc_ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + (with_ms ? digits(text, 20, 3) : 0);
	return true;
}

bool clock_date_valid(struct text date)
{
	int64_t days;

	return shaped(date, "0000-00-00") && shaped_date_days(date, &days);
}

bool clock_duration_parse(struct text text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	size_t end = 0;
	int64_t count;

	while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9')
		end++;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!text_is((struct text){text.ptr + end, text.len - end}, units[i].unit))
			continue;
		if (!text_number((struct text){text.ptr, end}, INT64_MAX / units[i].ms, &count) || count == 0)
			return false;
		*ms = count * units[i].ms;
		return true;
	}
	return false;
}

/* Place of three letters in a row of such names, from 0; -1 when they are none of them. */
static int64_t name_index(const char *names, const char *name)
{
	for (size_t i = 0; names[i] != '\0'; i += 3)
		if (memcmp(names + i, name, 3) == 0)
			return (int64_t)i / 3;
	return -1;
}

/* RFC 9110, section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". */
bool clock_http_date_parse(struct text text, int64_t *utc_ms)
{
	char shape[] = "xxx, 00 xxx 0000 00:00:00 GMT";
	int64_t days, month, weekday, hour, minute, second;

	if (text.len != sizeof(shape) - 1)
		return false;
	memcpy(shape, text.ptr, 3);
	memcpy(shape + 8, text.ptr + 8, 3);
	weekday = name_index("ThuFriSatSunMonTueWed", text.ptr); /* 1970 began on a Thursday */
	month = name_index("JanFebMarAprMayJunJulAugSepOctNovDec", text.ptr + 8) + 1;
	if (!shaped(text, shape) || weekday < 0 || !date_days(digits(text, 12, 4), month, digits(text, 5, 2), &days))
		return false;
	hour = digits(text, 17, 2);
	minute = digits(text, 20, 2);
	second = digits(text, 23, 2);
	if (((days % 7) + 7) % 7 != weekday || hour > 23 || minute > 59 || second > 60)
		return false; /* 60 is a leap second: the first of the next minute */
	*utc_ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
	return true;
}
