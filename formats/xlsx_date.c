#include "formats/xlsx_date.h"

#include <string.h>

#include "formats/xlsx_number.h"

#define SERIAL_LEAP 60      /* 29 February 1900 */
#define SERIAL_LAST 2958465 /* 9999-12-31 */
#define DAYS_1904 1462      /* of the 1900 system on 1904-01-01 */
#define DAYS_TO_1900 693900 /* from 0000-03-01 to 1899-12-31, in the calendar of today */

bool xlsx_date_builtin(int64_t id)
{
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/* [h] and [ss] are times; [Red], [$-409] and [>100] are none. */
static bool is_elapsed(struct text bracket)
{
	if (bracket.len == 0)
		return false;
	for (size_t i = 0; i < bracket.len; i++)
		if (strchr("hHmMsS", bracket.ptr[i]) == NULL || bracket.ptr[i] == '\0')
			return false;
	return true;
}

/* The length of what stands between opening and closing mark, both included. */
static size_t enclosed(struct text code, char close)
{
	const char *end = code.len > 1 ? memchr(code.ptr + 1, close, code.len - 1) : NULL;

	return end != NULL ? (size_t)(end - code.ptr) + 1 : code.len;
}

bool xlsx_date_code(struct text code)
{
	size_t step;

	if (text_equal_nocase(code, TEXT("General")) || text_equal_nocase(code, TEXT("Standard")))
		return false;
	for (; code.len > 0; code.ptr += step, code.len -= step) {
		step = 1;
		if (code.ptr[0] == '"') {
			step = enclosed(code, '"');
		} else if (code.ptr[0] == '[') {
			step = enclosed(code, ']');
			if (step > 2 && is_elapsed((struct text){code.ptr + 1, step - 2}))
				return true;
		} else if (code.ptr[0] == '\\' || code.ptr[0] == '_' || code.ptr[0] == '*') {
			step = code.len > 1 ? 2 : 1;
		} else if (code.ptr[0] != '\0' && strchr("yYmMdDhHsS", code.ptr[0]) != NULL) {
			return true;
		}
	}
	return false;
}

static void put(char *out, int64_t number, int digits)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		out[i] = (char)('0' + number % 10);
}

/* Years begin in March, so that the leap day is their last; eras have 400 of them. */
static void put_day(int64_t days, char out[XLSX_DATE_SIZE])
{
	int64_t era = days / 146097, day = days % 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365, month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	memcpy(out, "0000-00-00", XLSX_DATE_SIZE);
	put(out, era * 400 + year + (month >= 10 ? 1 : 0), 4);
	put(out + 5, month >= 10 ? month - 9 : month + 3, 2);
	put(out + 8, day + 1, 2);
}

/* The whole days of a number; false: below 0, or none. A time may have more digits than are sure: as it stands, then.
 */
static bool whole_days(struct text token, int64_t *days, bool *time)
{
	struct buf plain = {0};
	struct text text = token;
	const char *point;
	bool fine;

	if (xlsx_number_plain(token, '.', &plain))
		text = buf_text(&plain);
	point = text.len > 0 ? memchr(text.ptr, '.', text.len) : NULL;
	*time = point != NULL;
	if (point != NULL)
		text.len = (size_t)(point - text.ptr);
	fine = text_number(text, SERIAL_LAST, days);
	buf_release(&plain);
	return fine;
}

enum xlsx_day xlsx_date_serial(struct text token, bool from_1904, char out[XLSX_DATE_SIZE])
{
	int64_t days;
	bool time;

	if (!whole_days(token, &days, &time))
		return XLSX_DAY_NONE;
	if (from_1904)
		days += DAYS_1904;
	else if (days == SERIAL_LEAP)
		return XLSX_DAY_LEAP;
	if (days < 1 || days > SERIAL_LAST)
		return XLSX_DAY_NONE;
	put_day(DAYS_TO_1900 + days - (days > SERIAL_LEAP ? 1 : 0), out);
	return time ? XLSX_DAY_TIME : XLSX_DAY;
}

enum xlsx_day xlsx_date_iso(struct text token, char out[XLSX_DATE_SIZE])
{
	static const char form[] = "dddd-dd-dd";
	size_t at = XLSX_DATE_SIZE - 1;

	if (token.len < at)
		return XLSX_DAY_NONE;
	for (size_t i = 0; i < at; i++)
		if (form[i] == 'd' ? token.ptr[i] < '0' || token.ptr[i] > '9' : token.ptr[i] != form[i])
			return XLSX_DAY_NONE;
	memcpy(out, token.ptr, at);
	out[at] = '\0';
	if (token.len == at)
		return XLSX_DAY;
	if (token.ptr[at] != 'T')
		return XLSX_DAY_NONE;
	while (++at < token.len && token.ptr[at] != 'Z')
		if (strchr("0:.", token.ptr[at]) == NULL || token.ptr[at] == '\0')
			return XLSX_DAY_TIME;
	return XLSX_DAY;
}
