#include "formats/footer.h"

#include <string.h>

void footer_shape_take(struct footer_shape *shape, const struct text *fields, size_t count)
{
	shape->count = count <= BOUND_COLUMNS ? count : 0;
	for (size_t i = 0; i < shape->count; i++)
		shape->filled[i] = text_trim(fields[i]).len > 0;
}

static bool is_filled(struct text cell)
{
	return cell.len > 0 && !text_is(text_trim(cell), "") && !text_is(text_trim(cell), "\"\"");
}

/* A line break within quotes ends no line for a spreadsheet; here it makes two lines of which neither is like a row. */
static bool is_row(const struct footer_shape *shape, struct text line, char delimiter)
{
	size_t cells = 0, start = 0;
	bool quoted = false;

	for (size_t i = 0; i <= line.len; i++) {
		struct text cell = {line.ptr + start, i - start};

		if (i < line.len && line.ptr[i] == '"')
			quoted = !quoted;
		if (i < line.len && (quoted || line.ptr[i] != delimiter))
			continue;
		if (cells == shape->count || (shape->filled[cells] && !is_filled(cell)))
			return false;
		cells++;
		start = i + 1;
	}
	return cells == shape->count;
}

bool footer_has_row(const struct footer_shape *shape, struct text lines, char delimiter)
{
	size_t start = 0;

	for (size_t i = 0; i <= lines.len && shape->count > 1; i++) {
		if (i < lines.len && lines.ptr[i] != '\n' && lines.ptr[i] != '\r')
			continue;
		if (i > start && is_row(shape, (struct text){lines.ptr + start, i - start}, delimiter))
			return true;
		start = i + 1;
	}
	return false;
}
