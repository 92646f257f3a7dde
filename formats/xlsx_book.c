#include "formats/xlsx_book.h"

void xlsx_cell_name(struct buf *out, size_t column, int64_t row)
{
	char letters[16];
	size_t at = sizeof(letters);

	for (column++; column > 0; column = (column - 1) / 26)
		letters[--at] = (char)('A' + (column - 1) % 26);
	buf_add(out, letters + at, sizeof(letters) - at);
	if (row > 0)
		buf_addi(out, row);
}
