#include "formats/control_line.h"

#define CURE "Check that the file is whole, and that it is a file of that profile."

static const struct profile_control *control_of(const struct control_line *control)
{
	return &control->header->profile->control;
}

/* The field of a cell; false where the line has none there. */
static bool field_of(const struct control_line *control, const struct profile_cell *cell, struct text *field)
{
	size_t at = cell->position > 0 ? cell->position : header_find(control->header, cell);

	if (at == 0 || at > control->count || at > BOUND_COLUMNS)
		return false;
	*field = text_trim(control->fields[at - 1]);
	return true;
}

bool control_line_is(const struct control_line *control)
{
	struct text field;

	return field_of(control, &control_of(control)->marker_cell, &field) &&
	       text_equal(field, control_of(control)->marker);
}

static bool unreadable(const struct control_line *control, const char *what, struct refusal *refusal)
{
	refusal_set(refusal, "CONTROL_LINE", control->line, CURE,
		"the %s in the control line (line %lld) can't be read as the profile %s says", what,
		(long long)control->line, control->header->profile->name);
	return false;
}

static bool read_total(const struct control_line *control, const struct amount_style *style, struct arena *arena,
	struct reader_batch *batch, struct refusal *refusal)
{
	const struct profile_column *constant = profile_constant(control->header->profile, COLUMN_CURRENCY, TEXT(""));
	struct text field, currency = constant != NULL ? constant->value : TEXT(""), plain;
	char out[AMOUNT_PLAIN_SIZE];

	if (control_of(control)->currency.header.len > 0 &&
		(!field_of(control, &control_of(control)->currency, &currency) || currency.len == 0))
		return unreadable(control, "currency", refusal);
	if (!field_of(control, &control_of(control)->total, &field) ||
		!amount_plain(style, field, currency, out, &plain))
		return unreadable(control, "total", refusal);
	batch->totals[0] = (struct reader_total){
		.currency = text_copy(arena, currency), .amount = text_copy(arena, plain), .minor = style->minor};
	batch->total_count = 1;
	return true;
}

bool control_line_read(const struct control_line *control, const struct amount_style *style, struct arena *arena,
	struct reader_batch *batch, struct refusal *refusal)
{
	struct text field;

	batch->line = control->line;
	if (control_of(control)->count.header.len > 0 && (!field_of(control, &control_of(control)->count, &field) ||
								 !text_number(field, INT64_MAX, &batch->count)))
		return unreadable(control, "count", refusal);
	return control_of(control)->total.header.len == 0 || read_total(control, style, arena, batch, refusal);
}

void control_line_refuse(const struct profile *profile, int64_t line, const char *what, struct refusal *refusal)
{
	refusal_set(refusal, "CONTROL_LINE", line, CURE, "%s, as the profile %s says (%s %s)", what, profile->name,
		profile->control.last ? "last line:" : "first line:", profile->control.marker.ptr);
}
