#include "values/damage.h"

#define FRACTION_DIGITS_MIN 5 /* before ".0": shorter ones may be versions */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t digits_end(struct text text, size_t at)
{
	while (at < text.len && is_digit(text.ptr[at]))
		at++;
	return at;
}

static bool is_sign(char byte)
{
	return byte == '+' || byte == '-';
}

/* 1.23457E+15: one to three digits, a mark and digits, an E, a sign and digits. Without a mark one digit and a plus:
 * 1E5 and 20E+11 are names that people give. */
static bool is_shortened(struct text text)
{
	size_t at = digits_end(text, 0), digits = at, exponent;
	bool mark = at < text.len && (text.ptr[at] == '.' || text.ptr[at] == ',');

	if (digits == 0 || digits > (mark ? 3 : 1))
		return false;
	if (mark && (at = digits_end(text, at + 1)) == digits + 1)
		return false;
	if (at >= text.len || (text.ptr[at] != 'E' && text.ptr[at] != 'e'))
		return false;
	exponent = ++at;
	if (at < text.len && is_sign(text.ptr[at]) && (mark || text.ptr[at] == '+'))
		at++;
	else if (!mark)
		return false;
	return at < text.len && at - exponent <= 1 && digits_end(text, at) == text.len;
}

/* 12345678.0, as a column reads that a script took for numbers because some of its cells are empty. */
static bool is_fraction(struct text text, size_t digits)
{
	return digits >= FRACTION_DIGITS_MIN && text.len == digits + 2 &&
	       (text.ptr[digits] == '.' || text.ptr[digits] == ',') && text.ptr[digits + 1] == '0';
}

/* 12,345,678: groups of three behind the first. Points stand in real account numbers, commas don't. */
static bool is_grouped(struct text text, size_t digits)
{
	size_t at = digits, end;

	if (digits == 0 || digits > 3)
		return false;
	while (at < text.len && text.ptr[at] == ',') {
		end = digits_end(text, at + 1);
		if (end - at != 4)
			return false;
		at = end;
	}
	return at == text.len && at > digits;
}

/* Of this century or the last: four digits at `at`. */
static bool is_year(struct text text, size_t at)
{
	return (text.ptr[at] == '1' && text.ptr[at + 1] == '9') || (text.ptr[at] == '2' && text.ptr[at + 1] == '0');
}

/* 01/02/2003, 1.2.2003, 2003-02-01 */
static bool is_day(struct text text, size_t first)
{
	size_t second, third;
	char mark = first < text.len ? text.ptr[first] : '\0';

	if ((mark != '/' && mark != '.' && mark != '-') || (first > 2 && first != 4) || first == 0)
		return false;
	second = digits_end(text, first + 1);
	if (second - first < 2 || second - first > 3 || second >= text.len || text.ptr[second] != mark)
		return false;
	third = digits_end(text, second + 1);
	if (third < text.len)
		return false;
	return first == 4 ? is_year(text, 0) && third - second >= 2 && third - second <= 3
			  : third - second == 5 && is_year(text, second + 1);
}

static bool is_zeros(struct text text)
{
	if (text.len <= DAMAGE_DIGITS_KEPT)
		return false;
	for (size_t i = DAMAGE_DIGITS_KEPT; i < text.len; i++)
		if (text.ptr[i] != '0')
			return false;
	return text.ptr[0] != '0'; /* no number begins with one: it was text */
}

/* --- days and months ---------------------------------------------------------------------------------------------- */

/* As spreadsheets of the languages that payout files come in write them: at most five bytes of ASCII or of UTF-8. */
static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
	"sept", "june", "july", "m\xC3\xA4r", "m\xC3\xA4rz", "mrz", "mai", "juni", "juli", "okt", "dez", /* German */
	"janv", "f\xC3\xA9vr", "mars", "avr", "juin", "juil", "ao\xC3\xBBt", "d\xC3\xA9\x63",            /* French */
	"ene", "abr", "ago", "dic",                                                                      /* Spanish */
	"gen", "mag", "giu", "lug", "set", "ott",                                                        /* Italian */
	"fev", "out", "mrt", "mei", "sty", "lut", "kwi", "maj", "cze", "lip", "sie", "wrz", "pa\xC5\xBA", "lis", "gru"};

static bool separates(char byte)
{
	return byte == '-' || byte == '.' || byte == '/' || byte == ' ';
}

/* Bytes of the month that begins at `at`, or 0. */
static size_t month_len(struct text text, size_t at)
{
	size_t end = at;

	while (end < text.len && !separates(text.ptr[end]) && !is_digit(text.ptr[end]))
		end++;
	if (end - at < 3 || end - at > 5)
		return 0;
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
		if ((text.ptr[at] | 0x20) == months[i][0] &&
			text_equal_nocase((struct text){text.ptr + at, end - at}, text_of(months[i])))
			return end - at;
	return 0;
}

/* One or two marks: "02. Jan". */
static size_t marks_end(struct text text, size_t at)
{
	size_t end = at;

	while (end < text.len && end - at < 2 && separates(text.ptr[end]))
		end++;
	return end;
}

static bool ends_in_year(struct text text, size_t at)
{
	return (text.len - at == 2 || text.len - at == 4) && digits_end(text, at) == text.len;
}

/* 2-Jan, 02. Jan, 02-Jan-26 */
static bool is_day_month(struct text text, size_t digits)
{
	size_t month = marks_end(text, digits), after, year;

	if (digits == 0 || digits > 2 || month == digits || month >= text.len || is_digit(text.ptr[month]))
		return false;
	after = month_len(text, month);
	if (after == 0)
		return false;
	after += month;
	year = marks_end(text, after);
	return year == text.len || (year > after && ends_in_year(text, year));
}

/* Jan-02, Jan 26, Dez-2026 */
static bool is_month_year(struct text text)
{
	size_t month = month_len(text, 0), year;

	if (month == 0)
		return false;
	year = marks_end(text, month);
	return year > month && ends_in_year(text, year);
}

/* The longest is "02. f\u00E9vr. 2026": nothing longer is looked at. */
static bool is_date(struct text text, size_t digits)
{
	char last;

	if (text.len < 4 || text.len > 16)
		return false;
	last = text.ptr[text.len - 1];
	return digits > 0 ? is_day_month(text, digits) : is_digit(last) && is_month_year(text);
}

/* --- whole cells -------------------------------------------------------------------------------------------------- */

/* Text that a spreadsheet hid behind a formula, so that it would keep its zeros. */
static bool is_formula(struct text text)
{
	return text.len >= 3 && text.ptr[1] == '"' && text.ptr[text.len - 1] == '"';
}

/* What a spreadsheet shows where it could not reckon or had no room: #N/A, #REF!, #DIV/0!, ##### */
static bool is_error(struct text text)
{
	static const char *const errors[] = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!",
		"#SPILL!", "#CALC!", "#GETTING_DATA"};
	size_t marks = 0;

	while (marks < text.len && text.ptr[marks] == '#')
		marks++;
	if (marks >= 3 && marks == text.len)
		return true;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (text_is(text, errors[i]))
			return true;
	return false;
}

static bool is_nothing(struct text text)
{
	static const char *const words[] = {"nan", "null", "none", "nil", "undefined", "n/a", "<na>", "nat"};

	for (size_t i = 0; text.len <= 9 && i < sizeof(words) / sizeof(words[0]); i++)
		if (text_equal_nocase(text, text_of(words[i])))
			return true;
	return false;
}

enum damage damage_of_cell(struct text text)
{
	if (text.len == 0)
		return DAMAGE_NONE;
	if (text.ptr[0] == '=' && is_formula(text))
		return DAMAGE_FORMULA;
	return text.ptr[0] == '#' && is_error(text) ? DAMAGE_ERROR : DAMAGE_NONE;
}

/* An apostrophe, or what typography makes of it. */
static size_t apostrophe_len(struct text text)
{
	if (text.ptr[0] == '\'')
		return 1;
	return text_starts(text, TEXT("\xE2\x80\x98")) || text_starts(text, TEXT("\xE2\x80\x99")) ? 3 : 0;
}

enum damage damage_of_reference(struct text text)
{
	size_t digits, mark;

	if (text.len == 0)
		return DAMAGE_NONE;
	digits = digits_end(text, 0);
	if (digits == text.len)
		return DAMAGE_NONE;
	if (digits == 0 && (mark = apostrophe_len(text)) > 0)
		return mark < text.len && is_digit(text.ptr[mark]) ? DAMAGE_APOSTROPHE : DAMAGE_NONE;
	if (is_shortened(text))
		return DAMAGE_SHORTENED;
	if (is_date(text, digits))
		return DAMAGE_DATE;
	return is_nothing(text) ? DAMAGE_NOTHING : damage_of_cell(text);
}

enum damage damage_of_identifier(struct text text)
{
	size_t digits = digits_end(text, 0);

	if (text.len > 0 && digits == text.len)
		return is_zeros(text) ? DAMAGE_ZEROS : DAMAGE_NONE;
	if (text.len > 0 && digits == 0 && apostrophe_len(text) > 0)
		return DAMAGE_APOSTROPHE;
	if (is_fraction(text, digits))
		return DAMAGE_FRACTION;
	if (is_grouped(text, digits))
		return DAMAGE_GROUPED;
	return is_day(text, digits) ? DAMAGE_DAY : damage_of_reference(text);
}

bool damage_lost_zeros(struct text text, size_t digits)
{
	return text.len < digits && text.len + 2 >= digits && text.len > 0 && digits_end(text, 0) == text.len;
}
