#include "values/profile.h"

#include <string.h>

const char *const profile_date_formats[] = {
	"YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "MM/DD/YYYY", NULL};

const struct profile_column *profile_column(const struct profile *profile, struct text header)
{
	for (size_t i = 0; profile != NULL && i < profile->column_count; i++)
		if (column_name_is(header, profile->columns[i].value.ptr))
			return &profile->columns[i];
	return NULL;
}

static const struct profile_column *find(
	const struct profile_column *columns, size_t count, enum column column, struct text recipient)
{
	for (size_t i = 0; i < count; i++)
		if (columns[i].column == column && text_equal(columns[i].recipient, recipient))
			return &columns[i];
	return NULL;
}

const struct profile_column *profile_maps(const struct profile *profile, enum column column, struct text recipient)
{
	return profile == NULL ? NULL : find(profile->columns, profile->column_count, column, recipient);
}

const struct profile_column *profile_constant(const struct profile *profile, enum column column, struct text recipient)
{
	return profile == NULL ? NULL : find(profile->constants, profile->constant_count, column, recipient);
}

struct text profile_purpose(const struct profile *profile, struct text own)
{
	for (size_t i = 0; profile != NULL && i < profile->purpose_count; i++)
		if (text_equal(profile->purposes[i].own, own))
			return profile->purposes[i].code;
	return own;
}

const struct profile_column *profile_place(const struct profile *profile, size_t position)
{
	for (size_t i = 0; i < profile->column_count; i++)
		if (profile->columns[i].position == position)
			return &profile->columns[i];
	return NULL;
}

/* Where the digits of a letter of the format go in YYYY-MM-DD; NULL for what stands between them. */
static char *digits_of(char letter, char out[PROFILE_DATE_SIZE])
{
	switch (letter) {
	case 'Y':
		return out;
	case 'M':
		return out + 5;
	case 'D':
		return out + 8;
	default:
		return NULL;
	}
}

struct text profile_date(const struct profile *profile, struct text date, char out[PROFILE_DATE_SIZE])
{
	const char *format = profile->date_format;
	size_t taken['Z'] = {0};

	if (format == NULL || date.len != strlen(format))
		return date;
	memcpy(out, "0000-00-00", PROFILE_DATE_SIZE);
	for (size_t i = 0; i < date.len; i++) {
		char *digits = digits_of(format[i], out);

		if (digits == NULL ? date.ptr[i] != format[i] : date.ptr[i] < '0' || date.ptr[i] > '9')
			return date;
		if (digits != NULL)
			digits[taken[(unsigned char)format[i]]++] = date.ptr[i];
	}
	/* A day or month too high is shown as the file has it. */
	return memcmp(out + 5, "12", 2) > 0 || memcmp(out + 8, "31", 2) > 0 ? date
									    : (struct text){out, PROFILE_DATE_SIZE - 1};
}

/* Bytes of the mark for thousands at the start of rest; 0 where there is none. */
static size_t grouping_bytes(char grouping, struct text rest)
{
	static const char *const blanks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF"};

	if (grouping != ' ')
		return rest.len > 0 && rest.ptr[0] == grouping ? 1 : 0;
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (text_starts(rest, text_of(blanks[i])))
			return strlen(blanks[i]);
	return 0;
}

static size_t digit_count(struct text rest)
{
	size_t count = 0;

	while (count < rest.len && rest.ptr[count] >= '0' && rest.ptr[count] <= '9')
		count++;
	return count;
}

static struct text behind(struct text text, size_t bytes)
{
	return (struct text){text.ptr + bytes, text.len - bytes};
}

struct text profile_amount(const struct profile *profile, struct text amount, char mark, char out[PROFILE_AMOUNT_SIZE])
{
	struct text rest = amount;
	size_t digits = digit_count(rest), len = 0, bytes, groups = 0;

	if (profile->grouping == '\0' || amount.len > PROFILE_AMOUNT_SIZE || digits == 0 || digits > 3 ||
		rest.ptr[0] == '0')
		return amount;
	for (;; groups++) {
		memcpy(out + len, rest.ptr, digits);
		len += digits;
		rest = behind(rest, digits);
		bytes = grouping_bytes(profile->grouping, rest);
		if (bytes == 0)
			break;
		rest = behind(rest, bytes);
		digits = digit_count(rest);
		if (digits != 3)
			return amount;
	}
	if (groups == 0 || (rest.len > 0 && (rest.ptr[0] != mark || digit_count(behind(rest, 1)) != rest.len - 1)))
		return amount;
	memcpy(out + len, rest.ptr, rest.len);
	return (struct text){out, len + rest.len};
}
