/* A section [profile NAME]. */
#include <string.h>

#include "base/sha256.h"
#include "config/loader.h"
#include "config/profile_cells.h"
#include "values/column.h"
#include "values/currency.h"

#define RECIPIENT "recipient."
#define PREAMBLE_MAX 100 /* lines: bank exports have ten or twenty */

static struct text keep(struct loader *loader, struct text text)
{
	return (struct text){text_string(&loader->memory->arena, text), text.len};
}

/* As the columns recipient.X of a file are compared. */
static struct text keep_lower(struct loader *loader, struct text text)
{
	char *kept = text_string(&loader->memory->arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (kept[i] >= 'A' && kept[i] <= 'Z')
			kept[i] = (char)(kept[i] - 'A' + 'a');
	return (struct text){kept, text.len};
}

/* --- keys of their own -------------------------------------------------------------------------------------------- */

static bool take_delimiter(struct loader *loader, const struct entry *entry, void *target)
{
	static const struct {
		const char *name;
		char byte;
	} known[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}};
	struct profile *profile = target;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is(entry->value, known[i].name))
			profile->delimiter = known[i].byte;
	return profile->delimiter != '\0' || loader_bad_value(loader, entry, "comma, semicolon, tab or pipe");
}

static bool take_decimal(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	if (text_is(entry->value, "comma"))
		profile->amounts.decimal_mark = ',';
	else if (text_is(entry->value, "point"))
		profile->amounts.decimal_mark = '.';
	return profile->amounts.decimal_mark != '\0' || loader_bad_value(loader, entry, "point or comma");
}

/* Whether there is such an encoding is known where files are read. */
static bool take_encoding(struct loader *loader, const struct entry *entry, void *target)
{
	((struct profile *)target)->encoding = keep(loader, entry->value).ptr;
	return true;
}

static bool take_date_format(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	for (size_t i = 0; profile_date_formats[i] != NULL; i++)
		if (text_is(entry->value, profile_date_formats[i]))
			profile->date_format = profile_date_formats[i];
	return profile->date_format != NULL ||
	       loader_bad_value(loader, entry,
		       "YYYY-MM-DD, YYYYMMDD, YYYY/MM/DD, DD.MM.YYYY, DD/MM/YYYY, DD-MM-YYYY or MM/DD/YYYY");
}

static bool take_grouping(struct loader *loader, const struct entry *entry, void *target)
{
	static const struct {
		const char *name;
		char byte;
	} known[] = {{"point", '.'}, {"comma", ','}, {"apostrophe", '\''}, {"space", ' '}, {"indian", ','}};
	struct amount_style *amounts = &((struct profile *)target)->amounts;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is(entry->value, known[i].name))
			amounts->grouping = known[i].byte;
	amounts->indian = text_is(entry->value, "indian");
	return amounts->grouping != '\0' ||
	       loader_bad_value(loader, entry, "point, comma, apostrophe, space or indian");
}

static bool take_sign(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	profile->amounts.debit = text_is(entry->value, "debit-negative");
	return profile->amounts.debit ||
	       loader_bad_value(loader, entry, "debit-negative: what is to be paid is negative");
}

static bool take_amounts(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	profile->amounts.minor = text_is(entry->value, "minor");
	return profile->amounts.minor || text_is(entry->value, "major") ||
	       loader_bad_value(loader, entry, "major (12.50) or minor (1250 is 12.50)");
}

/* Neither could be told from the number beside it. */
static bool sign_valid(struct text sign)
{
	static const char forbidden[] = "0123456789-+()'\"";

	for (size_t i = 0; i < sign.len; i++)
		if (memchr(forbidden, sign.ptr[i], sizeof(forbidden) - 1) != NULL)
			return false;
	return sign.len > 0 && sign.ptr[0] != '.' && memchr(sign.ptr, ' ', sign.len) == NULL;
}

/* EUR, or EUR and its sign; the code itself may always stand there too. */
static bool take_one_sign(
	struct loader *loader, const struct entry *entry, struct text item, struct amount_sign *signs, size_t *count)
{
	const char *blank = memchr(item.ptr, ' ', item.len);
	struct text code = {item.ptr, blank != NULL ? (size_t)(blank - item.ptr) : item.len};
	struct text sign = text_trim((struct text){item.ptr + code.len, item.len - code.len});

	if (code.len >= CURRENCY_SIZE || !loader_name_valid(code, CURRENCY_SIZE) || !sign_valid(code) ||
		(blank != NULL && !sign_valid(sign)))
		return loader_bad_value(loader, entry, "a currency and its sign, such as EUR \xE2\x82\xAC,USD $");
	code = keep(loader, code);
	signs[(*count)++] = (struct amount_sign){.sign = code, .currency = code};
	if (blank != NULL)
		signs[(*count)++] = (struct amount_sign){.sign = keep(loader, sign), .currency = code};
	return true;
}

static bool take_currency_sign(struct loader *loader, const struct entry *entry, void *target)
{
	struct amount_style *amounts = &((struct profile *)target)->amounts;
	struct amount_sign *signs = arena_alloc(&loader->memory->arena, (entry->value.len + 1) * 2 * sizeof(*signs));
	size_t from = 0;

	for (size_t i = 0; i <= entry->value.len; i++) {
		struct text item = {entry->value.ptr + from, i - from};

		if (i < entry->value.len && entry->value.ptr[i] != ',')
			continue;
		if (!take_one_sign(loader, entry, text_trim(item), signs, &amounts->sign_count))
			return false;
		from = i + 1;
	}
	amounts->signs = signs;
	return true;
}

static bool take_header(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	profile->headerless = text_is(entry->value, "no");
	return profile->headerless || text_is(entry->value, "yes") || loader_bad_value(loader, entry, "yes or no");
}

static bool take_preamble(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	return (text_number(entry->value, PREAMBLE_MAX, &profile->preamble) && profile->preamble > 0) ||
	       loader_bad_value(loader, entry, "a whole number of lines from 1 to 100");
}

static bool take_sheet(struct loader *loader, const struct entry *entry, void *target)
{
	((struct profile *)target)->sheet = keep(loader, entry->value).ptr;
	return true;
}

/* A word of `numbers`. */
static bool take_number_column(struct loader *loader, const struct entry *entry, struct text name, column_set *columns)
{
	enum column column = text_is(name, "recipient") ? COLUMN_RECIPIENT : column_find(name, NULL);

	if (column != COLUMN_RECIPIENT && (column >= COLUMN_COUNT || !text_is(name, column_name(column))))
		return loader_bad_value(
			loader, entry, "names of columns, such as account_number routing_number, or recipient");
	*columns |= COLUMN_SET(column);
	return true;
}

static bool take_numbers(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;
	size_t from = 0;

	for (size_t i = 0; i <= entry->value.len; i++) {
		if (i < entry->value.len && entry->value.ptr[i] != ' ' && entry->value.ptr[i] != ',')
			continue;
		if (i > from && !take_number_column(loader, entry, (struct text){entry->value.ptr + from, i - from},
					&profile->numbers))
			return false;
		from = i + 1;
	}
	return profile->numbers != 0 || loader_bad_value(loader, entry, "names of columns");
}

static bool take_footer(struct loader *loader, const struct entry *entry, void *target)
{
	struct profile *profile = target;

	return (text_number(entry->value, PREAMBLE_MAX, &profile->footer) && profile->footer > 0) ||
	       loader_bad_value(loader, entry, "a whole number of lines from 1 to 100");
}

static const struct config_key keys[] = {
	{"delimiter", take_delimiter},
	{"decimal", take_decimal},
	{"encoding", take_encoding},
	{"date_format", take_date_format},
	{"header", take_header},
	{"preamble", take_preamble},
	{"sheet", take_sheet},
	{"numbers", take_numbers},
	{"footer", take_footer},
	{"amounts", take_amounts},
	{"grouping", take_grouping},
	{"currency_sign", take_currency_sign},
	{"sign", take_sign},
	{NULL, NULL},
};

/* --- families of keys --------------------------------------------------------------------------------------------- */

/* The column that column.X and constant.X speak of. */
static bool take_name(struct loader *loader, const struct entry *entry, struct text name, struct profile_column *to)
{
	const char *near = NULL;
	enum column column = column_find(name, &near);
	char shown[PLACE_SHOWN];

	*to = (struct profile_column){.column = column, .value = keep(loader, entry->value)};
	if (column == COLUMN_RECIPIENT && name.len > strlen(RECIPIENT)) {
		struct text kept = {name.ptr + strlen(RECIPIENT), name.len - strlen(RECIPIENT)};

		to->recipient = keep_lower(loader, kept);
		return true;
	}
	if (column < COLUMN_COUNT && text_is(name, column_name(column)))
		return true;
	if (column < COLUMN_COUNT)
		near = column_name(column);
	return place_fault(&loader->place, entry->line,
		"Use a name that `payrun help columns` lists first, or recipient.X.",
		near != NULL ? "%s: there is no column %s: did you mean %s?" : "%s: there is no column %s", entry->name,
		place_show(shown, name), near);
}

/* recipient.X in two spellings; other ones are told where the lines are read. */
static bool repeated(struct loader *loader, const struct entry *entry)
{
	return place_fault(
		&loader->place, entry->line, "Keep one of them.", "%s: the column is given twice", entry->name);
}

static bool take_column(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	const struct profile_column *other = profile_column(profile, entry->value);
	struct profile_column *to = &profile->columns[profile->column_count];

	if (other != NULL)
		return place_fault(&loader->place, entry->line, "Let each column have a header of its own.",
			"%s: that header leads to another column already", entry->name);
	if (!take_name(loader, entry, name, to))
		return false;
	if (profile_maps(profile, to->column, to->recipient) != NULL)
		return repeated(loader, entry);
	profile->column_count++;
	return true;
}

static bool take_constant(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	struct profile_column *to = &profile->constants[profile->constant_count];

	if (!take_name(loader, entry, name, to))
		return false;
	if (to->column == COLUMN_REFERENCE)
		return place_fault(&loader->place, entry->line, "Map a column to it: column.reference = HEADER.",
			"%s: each payout needs a reference of its own", entry->name);
	if (profile_constant(profile, to->column, to->recipient) != NULL)
		return repeated(loader, entry);
	profile->constant_count++;
	return true;
}

static bool take_purpose(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	profile->purposes[profile->purpose_count++] =
		(struct profile_purpose){.own = keep(loader, name), .code = keep(loader, entry->value)};
	return true;
}

static const struct {
	const char *prefix;
	bool (*take)(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile);
} families[] = {
	{"column.", take_column},
	{"constant.", take_constant},
	{"purpose.", take_purpose},
	{"control.", profile_take_control},
	{"join.", profile_take_join},
	{"require.", profile_take_require},
};

static bool take(struct loader *loader, const struct entry *entry, struct profile *profile)
{
	struct text name = text_of(entry->name);
	const struct config_key *key = loader_key(keys, name);
	struct nearest nearest = {.name = name};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		struct text prefix = text_of(families[i].prefix);

		if (text_starts(name, prefix) && name.len > prefix.len)
			return families[i].take(
				loader, entry, (struct text){name.ptr + prefix.len, name.len - prefix.len}, profile);
	}
	if (key != NULL && key->take == NULL)
		return loader_not_enforced(loader, entry->line, key->name);
	if (key != NULL)
		return key->take(loader, entry, profile);
	for (key = keys; key->name != NULL; key++)
		nearest_try(&nearest, key->name);
	return loader_unknown_key(loader, entry, nearest.best, "[profile NAME]");
}

/* A column can't be both mapped and constant. */
static bool check_both(struct loader *loader, const struct section *section, const struct profile *profile)
{
	for (size_t i = 0; i < profile->constant_count; i++) {
		const struct profile_column *constant = &profile->constants[i];

		if (profile_maps(profile, constant->column, constant->recipient) != NULL)
			return place_fault(&loader->place, section->line, "Take one of the two out.",
				"the profile %s maps a column and makes it constant: %s", profile->name,
				constant->column == COLUMN_RECIPIENT ? constant->recipient.ptr
								     : column_name(constant->column));
	}
	return true;
}

static bool check_place(
	struct loader *loader, const struct section *section, struct profile *profile, struct profile_column *column)
{
	int64_t position;

	if (!text_number(column->value, BOUND_COLUMNS, &position) || position == 0)
		return place_fault(&loader->place, section->line,
			"Give the place of each column: column.reference = 1.",
			"the profile %s has header = no, and a column that is no place from 1 to %d: %s", profile->name,
			BOUND_COLUMNS, column->value.ptr);
	if (profile_place(profile, (size_t)position) != NULL)
		return place_fault(&loader->place, section->line, "Give each column a place of its own.",
			"the profile %s has two columns in place %s", profile->name, column->value.ptr);
	column->position = (size_t)position;
	return true;
}

/* Places instead of headers; what a header would have told must stand in the profile. */
static bool check_headerless(struct loader *loader, const struct section *section, struct profile *profile)
{
	if (!profile->headerless)
		return true;
	for (size_t i = 0; i < profile->column_count; i++)
		if (!check_place(loader, section, profile, &profile->columns[i]))
			return false;
	if (profile->delimiter == '\0')
		return place_fault(&loader->place, section->line, "Add delimiter = comma, or what else it is.",
			"the profile %s has header = no, and no delimiter", profile->name);
	if (profile_maps(profile, COLUMN_AMOUNT, (struct text){0}) == NULL)
		return place_fault(&loader->place, section->line, "Add column.amount = PLACE.",
			"the profile %s has header = no, and no place for the amount", profile->name);
	return true;
}

/* By which a profile that was changed is known from the one that a file was received with. */
static void digest(const struct loader *loader, const struct section *section, struct profile *profile)
{
	struct sha256 *sha = sha256_new();
	uint8_t whole[SHA256_SIZE];

	sha256_begin(sha);
	for (size_t i = 0; i < section->count; i++) {
		const struct entry *entry = &loader->entries.entries[section->first + i];

		sha256_add_field(sha, text_of(entry->name));
		sha256_add_field(sha, entry->value);
	}
	sha256_end(sha, whole);
	sha256_free(sha);
	memcpy(profile->digest, whole, sizeof(profile->digest));
}

bool loader_take_profile(struct loader *loader, const struct section *section, struct text name)
{
	struct config *config = loader->config;
	struct arena *arena = &loader->memory->arena;
	struct profile *profile = &config->profiles[config->profile_count];

	if (config->profile_count == BOUND_PROFILES)
		return place_fault(&loader->place, section->line, "Split the configuration.",
			"there are more than %d profiles", BOUND_PROFILES);
	if (!loader_name_valid(name, BOUND_PROFILE_NAME))
		return place_fault(&loader->place, section->line, "Write [profile NAME].",
			"a profile's name is 1 to %d of A-Z a-z 0-9 . _ -", BOUND_PROFILE_NAME);
	*profile = (struct profile){.name = keep(loader, name).ptr};
	profile->columns = arena_alloc(arena, (section->count + 1) * sizeof(*profile->columns));
	profile->constants = arena_alloc(arena, (section->count + 1) * sizeof(*profile->constants));
	profile->purposes = arena_alloc(arena, (section->count + 1) * sizeof(*profile->purposes));
	profile->requires = arena_alloc(arena, (section->count + 1) * sizeof(*profile->requires));
	for (size_t i = 0; i < section->count; i++)
		if (!take(loader, &loader->entries.entries[section->first + i], profile))
			return false;
	digest(loader, section, profile);
	config->profile_count++;
	if (profile->amounts.grouping == profile_amounts(profile, '\0').decimal_mark)
		return place_fault(&loader->place, section->line, "Say decimal = comma where the point groups digits.",
			"the profile %s has one mark for thousands and decimals", profile->name);
	return check_both(loader, section, profile) && check_headerless(loader, section, profile) &&
	       profile_check_cells(loader, section, profile);
}
