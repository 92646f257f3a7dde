#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static void system_time_moves_and_knows_its_boot(void **state)
{
	struct clock clock;
	struct moment now;
	int64_t before;

	(void)state;
	clock_system(&clock);
	now = clock_now(&clock);
	before = clock_nanoseconds(&clock);
	assert_true(now.utc_ms > INT64_C(1700000000000));
	assert_true(now.boot_ms >= now.mono_ms);
	assert_true(before / 1000000 >= now.mono_ms);
	assert_true(clock_nanoseconds(&clock) >= before);
	assert_int_equal(strlen(clock.boot_id), 36);
}

static struct moment stopped(const struct clock *clock)
{
	return *(const struct moment *)clock->context;
}

static void an_injected_clock_is_the_only_time(void **state)
{
	struct moment moment = {.utc_ms = 1, .mono_ms = 2, .boot_ms = 3};
	struct clock clock = {.read = stopped, .context = &moment};

	(void)state;
	assert_int_equal(clock_now(&clock).boot_ms, 3);
	assert_int_equal(clock_nanoseconds(&clock), 2000000);
}

static const struct {
	int64_t utc_ms;
	const char *ms, *s;
} isos[] = {
	{0, "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00Z"},
	{-1, "1969-12-31T23:59:59.999Z", NULL},
	{INT64_C(1795163400123), "2026-11-20T08:30:00.123Z", NULL},
	{INT64_C(951782400000), "2000-02-29T00:00:00.000Z", "2000-02-29T00:00:00Z"},
	{INT64_C(4107542399000), "2100-02-28T23:59:59.000Z", "2100-02-28T23:59:59Z"},
	{INT64_C(4107542400000), "2100-03-01T00:00:00.000Z", "2100-03-01T00:00:00Z"},
	{INT64_C(253402300799999), "9999-12-31T23:59:59.999Z", NULL},
	{INT64_C(-62135596800000), "0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00Z"},
};

static void writes_and_reads_iso_times(void **state)
{
	char out[CLOCK_ISO_SIZE];
	int64_t utc_ms;

	(void)state;
	for (size_t i = 0; i < sizeof(isos) / sizeof(isos[0]); i++) {
		clock_iso_ms(isos[i].utc_ms, out);
		assert_string_equal(out, isos[i].ms);
		assert_true(clock_iso_parse(text_of(out), &utc_ms));
		assert_true(utc_ms == isos[i].utc_ms);
		clock_iso_s(isos[i].utc_ms, out);
		assert_int_equal(strlen(out), 20);
		assert_memory_equal(out, isos[i].ms, 19);
		if (isos[i].s == NULL)
			continue;
		assert_string_equal(out, isos[i].s);
		assert_true(clock_iso_parse(text_of(out), &utc_ms));
		assert_true(utc_ms == isos[i].utc_ms);
	}
	clock_iso_ms(INT64_MAX, out);
	assert_string_equal(out, "9999-12-31T23:59:59.999Z");
	clock_iso_ms(INT64_MIN, out);
	assert_string_equal(out, "0001-01-01T00:00:00.000Z");
}

static void agrees_with_the_c_library_on_every_day_of_400_years(void **state)
{
	char out[CLOCK_ISO_SIZE], expected[CLOCK_ISO_SIZE];

	(void)state;
	for (int64_t day = -200 * 366; day < 200 * 366; day++) {
		time_t second = (time_t)(day * 86400 + 45296);
		struct tm tm;

		gmtime_r(&second, &tm);
		strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &tm);
		clock_iso_s((int64_t)second * 1000, out);
		assert_string_equal(out, expected);
	}
}

static void refuses_what_is_no_iso_time(void **state)
{
	static const char *const cases[] = {"", "2026-11-20", "2026-11-20T08:30:00", "2026-11-20 08:30:00Z",
		"2026-11-20T08:30:00z", "2026-11-20T24:00:00Z", "2026-11-20T23:60:00Z", "2026-11-20T23:59:60Z",
		"2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-13-10T00:00:00Z", "2026-11-00T00:00:00Z",
		"2026-11-20T08:30:00.12Z", "2026-11-20T08:30:00.1234Z", "0000-01-01T00:00:00Z", "2026-11-20T08:30:00Z ",
		"+026-11-20T08:30:00Z"};
	int64_t utc_ms = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_false(clock_iso_parse(text_of(cases[i]), &utc_ms));
	assert_int_equal(utc_ms, 7);
}

static void knows_the_days_of_the_calendar(void **state)
{
	static const struct {
		const char *date;
		bool valid;
	} cases[] = {{"2026-11-20", true}, {"2024-02-29", true}, {"2025-02-29", false}, {"2000-02-29", true},
		{"1900-02-29", false}, {"2026-04-31", false}, {"2026-4-3", false}, {"20.11.2026", false},
		{"2026-11-20 ", false}, {"0000-01-01", false}, {"", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(clock_date_valid(text_of(cases[i].date)), cases[i].valid);
}

static void knows_a_zone_by_its_file(void **state)
{
	static const struct {
		const char *zone;
		bool known;
	} cases[] = {{"UTC", true}, {"Etc/UTC", true}, {"Europe/Berlin", true}, {"America/Argentina/Ushuaia", true},
		{"Europe/Berlln", false}, {"europe/berlin", false}, {"Europe", false}, {"", false},
		{"/usr/share/zoneinfo/UTC", false}, {"../zoneinfo/UTC", false}, {"Europe/../UTC", false},
		{"zone.tab", false}, {"tzdata.zi", false}, {"CET-1CEST", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(clock_zone_known(cases[i].zone), cases[i].known);
}

static void gives_the_date_of_a_zone(void **state)
{
	static const struct {
		const char *zone, *utc, *date;
	} cases[] = {
		{"UTC", "2026-11-20T23:59:59.999Z", "2026-11-20"},
		{"Europe/Berlin", "2026-11-20T22:59:59.999Z", "2026-11-20"},
		{"Europe/Berlin", "2026-11-20T23:00:00Z", "2026-11-21"},
		{"Europe/Berlin", "2026-07-01T22:00:00Z", "2026-07-02"},
		{"America/New_York", "2026-01-01T04:59:59Z", "2025-12-31"},
		{"Asia/Kolkata", "2026-11-20T18:30:00Z", "2026-11-21"},
		{"Europe/Berlin", "1969-12-31T22:59:59.500Z", "1969-12-31"},
	};
	char date[11];
	int64_t utc_ms;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(clock_iso_parse(text_of(cases[i].utc), &utc_ms));
		assert_true(clock_zone_date(cases[i].zone, utc_ms, date));
		assert_string_equal(date, cases[i].date);
	}
	assert_false(clock_zone_date("Europe/Berlln", 0, date));
}

static void finds_the_first_moment_of_a_date(void **state)
{
	static const struct {
		const char *zone, *date, *utc; /* NULL: no such date */
	} cases[] = {
		{"UTC", "2026-11-20", "2026-11-20T00:00:00Z"},
		{"Europe/Berlin", "2026-11-20", "2026-11-19T23:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},
		{"America/New_York", "2026-11-20", "2026-11-20T05:00:00Z"},
		{"Pacific/Kiritimati", "2026-11-20", "2026-11-19T10:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, /* midnight was skipped */
		{"UTC", "0224-01-29", "0224-01-29T00:00:00Z"},
		{"UTC", "9999-12-31", "9999-12-31T00:00:00Z"}, /* the next day has five digits of a year */
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30", NULL}, /* the day that Samoa left out */
		{"Europe/Berlin", "2026-02-30", NULL},
		{"Europe/Berlln", "2026-11-20", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char out[CLOCK_ISO_SIZE];
		int64_t utc_ms = 0;
		bool found = clock_zone_midnight(cases[i].zone, text_of(cases[i].date), &utc_ms);

		assert_int_equal(found, cases[i].utc != NULL);
		clock_iso_s(utc_ms, out);
		assert_string_equal(out, found ? cases[i].utc : "1970-01-01T00:00:00Z");
	}
}

static void finds_the_next_time_of_day_of_a_zone(void **state)
{
	/* 2026-03-29 01:00 UTC and 2026-10-25 01:00 UTC are the changes of Berlin's clocks. */
	static const struct {
		const char *zone, *now, *next;
		int minutes;
	} cases[] = {
		{"UTC", "2026-11-20T08:30:00Z", "2026-11-20T18:30:00Z", 18 * 60 + 30},
		{"UTC", "2026-11-20T18:30:00Z", "2026-11-21T18:30:00Z", 18 * 60 + 30},
		{"UTC", "2026-11-20T18:29:59Z", "2026-11-20T18:30:00Z", 18 * 60 + 30},
		{"Europe/Berlin", "2026-11-20T08:30:00Z", "2026-11-20T17:30:00Z", 18 * 60 + 30},
		{"Europe/Berlin", "2026-07-20T08:30:00Z", "2026-07-20T16:30:00Z", 18 * 60 + 30},
		{"Europe/Berlin", "2026-03-29T00:30:00Z", "2026-03-30T00:30:00Z", 2 * 60 + 30},
		{"Europe/Berlin", "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", 2 * 60 + 30},
		{"Asia/Kolkata", "2026-11-20T08:30:00Z", "2026-11-20T18:30:00Z", 0},
	};
	int64_t now, next, wanted;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(clock_iso_parse(text_of(cases[i].now), &now));
		assert_true(clock_iso_parse(text_of(cases[i].next), &wanted));
		assert_true(clock_zone_next(cases[i].zone, now, cases[i].minutes, &next));
		assert_true(next == wanted);
	}
	assert_false(clock_zone_next("Europe/Berln", now, 0, &next));
}

static void leaves_the_zone_of_the_process_alone(void **state)
{
	char date[11];

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	assert_true(clock_zone_date("Europe/Berlin", 0, date));
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	assert_int_equal(timezone, -9 * 3600);
	unsetenv("TZ");
	assert_true(clock_zone_date("Europe/Berlin", 0, date));
	assert_null(getenv("TZ"));
	tzset();
}

static void reads_durations(void **state)
{
	static const struct {
		const char *in;
		int64_t ms; /* 0: refused */
	} cases[] = {{"30s", 30000}, {"5m", 300000}, {"2h", 7200000}, {"1500ms", 1500}, {"0s", 0}, {"", 0}, {"s", 0},
		{"30", 0}, {"-5s", 0}, {"1.5s", 0}, {"30 s", 0}, {"30S", 0}, {"5d", 0},
		{"2562047788015h", INT64_C(9223372036854000000)}, {"2562047788016h", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ms = 0;

		assert_int_equal(clock_duration_parse(text_of(cases[i].in), &ms), cases[i].ms != 0);
		assert_true(ms == cases[i].ms);
	}
}

static void reads_http_dates(void **state)
{
	static const struct {
		const char *in;
		int64_t utc_ms; /* 0: refused */
	} cases[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", INT64_C(784111777000)},
		{"Sat, 31 Dec 2016 23:59:60 GMT", INT64_C(1483228800000)},
		{"Mon, 06 Nov 1994 08:49:37 GMT", 0}, /* it was a Sunday */
		{"Sunday, 06-Nov-94 08:49:37 GMT", 0},
		{"Sun Nov  6 08:49:37 1994", 0},
		{"Sun, 06 Nov 1994 08:49:37 UTC", 0},
		{"Sun, 06 Now 1994 08:49:37 GMT", 0},
		{"Sun, 31 Nov 1994 08:49:37 GMT", 0},
		{"Sun, 06 Nov 1994 24:49:37 GMT", 0},
		{"Sun,006 Nov 1994 08:49:37 GMT", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t utc_ms = 0;

		assert_int_equal(clock_http_date_parse(text_of(cases[i].in), &utc_ms), cases[i].utc_ms != 0);
		assert_true(utc_ms == cases[i].utc_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_time_moves_and_knows_its_boot),
		cmocka_unit_test(an_injected_clock_is_the_only_time),
		cmocka_unit_test(writes_and_reads_iso_times),
		cmocka_unit_test(agrees_with_the_c_library_on_every_day_of_400_years),
		cmocka_unit_test(refuses_what_is_no_iso_time),
		cmocka_unit_test(knows_the_days_of_the_calendar),
		cmocka_unit_test(knows_a_zone_by_its_file),
		cmocka_unit_test(gives_the_date_of_a_zone),
		cmocka_unit_test(finds_the_first_moment_of_a_date),
		cmocka_unit_test(finds_the_next_time_of_day_of_a_zone),
		cmocka_unit_test(leaves_the_zone_of_the_process_alone),
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(reads_http_dates),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
