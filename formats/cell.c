#include "formats/cell.h"

#include <string.h>

#define APOSTROPHE '\''

bool cell_runs(struct text text)
{
	static const char first[] = {'=', '+', '-', '@', '\t', '\r', '\n'};
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};

	while (text.len > 0 && text.ptr[0] == APOSTROPHE) {
		text.ptr++;
		text.len--;
	}
	if (text.len == 0)
		return false;
	for (size_t i = 0; i < sizeof(first); i++)
		if (text.ptr[0] == first[i])
			return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (text_starts(text, text_of(wide[i])))
			return true;
	return false;
}

static bool wants_quotes(struct text text, char delimiter)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '"' || text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == delimiter)
			return true;
	/* parsers take blanks off an unquoted cell */
	return text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t' || text.ptr[text.len - 1] == ' ' ||
				       text.ptr[text.len - 1] == '\t');
}

void cell_add(struct buf *buf, struct text text, char delimiter, bool guard)
{
	bool guarded = guard && cell_runs(text);
	bool quoted = wants_quotes(text, delimiter);

	if (quoted)
		buf_addc(buf, '"');
	if (guarded)
		buf_addc(buf, APOSTROPHE);
	if (!quoted)
		buf_addt(buf, text);
	for (size_t i = 0; quoted && i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_addc(buf, '"');
		buf_addc(buf, text.ptr[i]);
	}
	if (quoted)
		buf_addc(buf, '"');
}

struct text cell_unguarded(struct text text)
{
	if (text.len > 0 && text.ptr[0] == APOSTROPHE && cell_runs(text))
		return (struct text){text.ptr + 1, text.len - 1};
	return text;
}
