#include "formats/json_names.h"

#include "base/buf.h"

#define UNKNOWN_NAMED 20 /* unknown names that their warning lists */

const struct json_name *json_names_find(
	struct json_names *names, struct text name, size_t hint, int64_t row, int64_t line)
{
	struct json_name *added;

	/* The members of one element mostly stand in the order of the last one. */
	if (hint < names->count && text_equal(names->items[hint].cell.name, name))
		return &names->items[hint];
	for (size_t i = 0; i < names->count; i++)
		if (text_equal(names->items[i].cell.name, name))
			return &names->items[i];
	if (names->count == BOUND_COLUMNS) {
		names->full = true;
		return NULL;
	}
	added = &names->items[names->count++];
	*added = (struct json_name){.row = row, .line = line};
	header_cell_read(&added->cell, &names->arena, name);
	added->recipient = column_name_is(name, "recipient");
	if (added->recipient) /* it is none itself */
		added->cell.column = COLUMN_OWN;
	added->cell.name = text_copy(&names->arena, name); /* untrimmed: it is compared */
	return added;
}

void json_names_release(struct json_names *names)
{
	arena_release(&names->arena);
}

static void tell_misspelt(const struct json_name *name, struct findings *findings)
{
	const char *near = name->cell.near_name;

	finding_add(findings, FINDING_ERROR, "HEADER_UNKNOWN", near,
		finding_text(findings, "Write %s, or give a member that isn't meant for payrun another name.", near),
		"element %lld has a member %s: did you mean %s?", (long long)name->row,
		finding_quote(findings, name->cell.name), near);
}

static void tell_ambiguous(const struct json_name *name, struct findings *findings)
{
	finding_add(findings, FINDING_ERROR, "HEADER_MEANING", "",
		"Rename the member to what it means here; `payrun help columns` lists the names.",
		"element %lld has a member %s, which means different things in different tools", (long long)name->row,
		finding_quote(findings, name->cell.name));
}

/* One warning for all of them. */
static void tell_unknown(const struct json_names *names, struct findings *findings)
{
	struct buf list = {0};
	size_t count = 0;

	findings->line = 0;
	for (size_t i = 0; i < names->count; i++) {
		const struct json_name *name = &names->items[i];

		if (name->cell.column != COLUMN_UNKNOWN || count++ >= UNKNOWN_NAMED)
			continue;
		buf_addz(&list, list.len > 0 ? ", " : "");
		buf_addz(&list,
			name->cell.name.len > 0 ? finding_quote(findings, name->cell.name) : "one without a name");
	}
	if (count > UNKNOWN_NAMED)
		buf_addf(&list, " and %zu more", count - UNKNOWN_NAMED);
	if (count > 0)
		finding_add(findings, FINDING_WARNING, "HEADER_UNKNOWN", "",
			"If one of them is meant to be paid by, rename it; `payrun help columns` lists the names.",
			"%s not known to payrun and will not be used: %s",
			count == 1 ? "a member's name is" : "members' names are", buf_str(&list));
	buf_release(&list);
}

void json_names_tell(const struct json_names *names, struct findings *findings)
{
	findings->row = 0;
	for (size_t i = 0; i < names->count; i++) {
		const struct json_name *name = &names->items[i];

		findings->line = name->line;
		if (name->cell.column == COLUMN_MISSPELT)
			tell_misspelt(name, findings);
		else if (name->cell.column == COLUMN_AMBIGUOUS)
			tell_ambiguous(name, findings);
	}
	tell_unknown(names, findings);
	if (names->full)
		finding_add(findings, FINDING_ERROR, "FIELD_TOO_LONG", "", "Leave out the members that are not needed.",
			"the elements have more than %d different names", BOUND_COLUMNS);
}
