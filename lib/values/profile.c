#include "values/profile.h"

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
