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

bool profile_cell_is(const struct profile_cell *cell, size_t position, struct text header)
{
	if (cell->position > 0)
		return cell->position == position;
	return cell->header.len > 0 && column_name_is(header, cell->header.ptr);
}

static void add_part(struct buf *reference, struct text part)
{
	for (size_t i = 0; i < part.len; i++) {
		if (part.ptr[i] == ':' || part.ptr[i] == '~')
			buf_addc(reference, '~');
		buf_addc(reference, part.ptr[i]);
	}
}

void profile_join(struct buf *reference, const struct text *parts, size_t count)
{
	buf_reset(reference);
	for (size_t i = 0; i < count; i++)
		if (parts[i].len == 0)
			return;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(reference, ':');
		add_part(reference, parts[i]);
	}
}

struct amount_style profile_amounts(const struct profile *profile, char decimal_mark)
{
	struct amount_style style = profile != NULL ? profile->amounts : (struct amount_style){0};

	if (decimal_mark != '\0')
		style.decimal_mark = decimal_mark;
	if (style.decimal_mark == '\0')
		style.decimal_mark = '.';
	return style;
}

bool profile_tabular(const struct profile *profile)
{
	const struct amount_style *amounts = &profile->amounts;

	return profile->column_count > 0 || profile->delimiter != '\0' || profile->encoding != NULL ||
	       profile->date_format != NULL || profile->sheet != NULL || profile->numbers != 0 ||
	       profile->preamble > 0 || profile->footer > 0 || profile->headerless || profile->control.said ||
	       profile->join_count > 0 || profile->require_count > 0 || amounts->decimal_mark != '\0' ||
	       amounts->grouping != '\0' || amounts->indian || amounts->debit || amounts->minor ||
	       amounts->sign_count > 0;
}
