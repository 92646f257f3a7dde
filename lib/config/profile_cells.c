#include "config/profile_cells.h"

#include <string.h>

#include "values/column.h"

static struct text keep(struct loader *loader, struct text text)
{
	return (struct text){text_string(&loader->memory->arena, text), text.len};
}

/* A number is a place once it is known whether there are headers; until then it is kept as it is written. */
static struct profile_cell cell_of(struct loader *loader, struct text text)
{
	return (struct profile_cell){.header = keep(loader, text_trim(text))};
}

static bool place_of(struct profile_cell *cell)
{
	int64_t position;

	if (!text_number(cell->header, BOUND_COLUMNS, &position) || position == 0)
		return false;
	cell->position = (size_t)position;
	return true;
}

/* --- control.NAME ------------------------------------------------------------------------------------------------- */

static bool take_line(struct loader *loader, const struct entry *entry, struct profile_control *control)
{
	control->last = text_is(entry->value, "last");
	control->said = control->last || text_is(entry->value, "first");
	return control->said || loader_bad_value(loader, entry, "first or last");
}

bool profile_take_control(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	struct profile_control *control = &profile->control;
	const struct {
		const char *name;
		struct profile_cell *cell;
	} cells[] = {{"marker_column", &control->marker_cell}, {"count", &control->count}, {"total", &control->total},
		{"currency", &control->currency}};

	if (text_is(name, "line"))
		return take_line(loader, entry, control);
	if (text_is(name, "marker")) {
		control->marker = keep(loader, entry->value);
		return true;
	}
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (text_is(name, cells[i].name)) {
			*cells[i].cell = cell_of(loader, entry->value);
			return true;
		}
	return place_fault(&loader->place, entry->line,
		"Keys are control.line, control.marker, control.marker_column, control.count, control.total and "
		"control.currency.",
		"%s: there is no such key", entry->name);
}

/* --- join.reference, require.HEADER ------------------------------------------------------------------------------- */

bool profile_take_join(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	size_t from = 0;

	if (!text_is(name, "reference"))
		return place_fault(&loader->place, entry->line, "Write join.reference = HEADER,HEADER.",
			"%s: only a reference is made of several columns", entry->name);
	for (size_t i = 0; i <= entry->value.len; i++) {
		struct text part = {entry->value.ptr + from, i - from};

		if (i < entry->value.len && entry->value.ptr[i] != ',')
			continue;
		if (text_trim(part).len == 0 || profile->join_count == PROFILE_JOIN_MAX)
			return loader_bad_value(loader, entry, "two to four columns: Supplier,Document");
		for (size_t j = 0; j < profile->join_count; j++)
			if (column_name_is(text_trim(part), profile->join[j].header.ptr))
				return loader_bad_value(loader, entry, "columns that differ");
		profile->join[profile->join_count++] = cell_of(loader, part);
		from = i + 1;
	}
	return profile->join_count > 1 || loader_bad_value(loader, entry, "two to four columns: Supplier,Document");
}

bool profile_take_require(struct loader *loader, const struct entry *entry, struct text name, struct profile *profile)
{
	profile->requires[profile->require_count++] =
		(struct profile_require){.cell = cell_of(loader, name), .value = keep(loader, entry->value)};
	return true;
}

/* --- what must stand together ------------------------------------------------------------------------------------- */

/* A line before the header has no columns with names. */
static bool check_control_cells(struct loader *loader, const struct section *section, struct profile *profile)
{
	struct profile_control *control = &profile->control;
	struct profile_cell *cells[] = {&control->marker_cell, &control->count, &control->total, &control->currency};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (cells[i]->header.len > 0 && !place_of(cells[i]) && (profile->headerless || !control->last))
			return place_fault(&loader->place, section->line,
				"Give the place of each cell of the control line: control.count = 4.",
				"the profile %s has a control line in which nothing is called %s", profile->name,
				cells[i]->header.ptr);
	return true;
}

static bool check_control(struct loader *loader, const struct section *section, struct profile *profile)
{
	struct profile_control *control = &profile->control;
	bool any = control->marker.len > 0 || control->marker_cell.header.len > 0 || control->count.header.len > 0 ||
		   control->total.header.len > 0 || control->currency.header.len > 0;

	if (!control->said && !any)
		return true;
	if (!control->said || control->marker.len == 0)
		return place_fault(&loader->place, section->line,
			"Say control.line = first or last, and control.marker = the text in its first cell.",
			"the profile %s does not say how its control line is known", profile->name);
	if (control->count.header.len == 0 && control->total.header.len == 0)
		return place_fault(&loader->place, section->line, "Add control.count or control.total.",
			"the profile %s has a control line with neither a count nor a total", profile->name);
	if (control->currency.header.len > 0 && control->total.header.len == 0)
		return place_fault(&loader->place, section->line, "Add control.total.",
			"the profile %s has a control line with the currency of no total", profile->name);
	if (!control->last && profile->delimiter == '\0')
		return place_fault(&loader->place, section->line, "Add delimiter = comma, or what else it is.",
			"the profile %s has a control line before all others, and no delimiter", profile->name);
	if (control->marker_cell.header.len == 0)
		control->marker_cell = (struct profile_cell){.position = 1};
	return check_control_cells(loader, section, profile);
}

static bool check_join(struct loader *loader, const struct section *section, struct profile *profile)
{
	if (profile->join_count > 0 && profile_maps(profile, COLUMN_REFERENCE, (struct text){0}) != NULL)
		return place_fault(&loader->place, section->line, "Take one of the two out.",
			"the profile %s has both column.reference and join.reference", profile->name);
	for (size_t i = 0; profile->headerless && i < profile->join_count; i++)
		if (!place_of(&profile->join[i]))
			return place_fault(&loader->place, section->line,
				"Give the place of each: join.reference = 1,3.",
				"the profile %s has header = no, and a part of the reference that is no place: %s",
				profile->name, profile->join[i].header.ptr);
	return true;
}

bool profile_check_cells(struct loader *loader, const struct section *section, struct profile *profile)
{
	for (size_t i = 0; profile->headerless && i < profile->require_count; i++)
		if (!place_of(&profile->requires[i].cell))
			return place_fault(&loader->place, section->line,
				"Give the place of the column: require.6 = VALUE.",
				"the profile %s has header = no, and require.%s is of no place", profile->name,
				profile->requires[i].cell.header.ptr);
	return check_control(loader, section, profile) && check_join(loader, section, profile);
}
