#include "formats/dialect.h"

#include <stddef.h>
#include <string.h>

#define MARK "\xEF\xBB\xBF" /* byte order mark */

static const struct {
	char delimiter;
	const char *name;
} delimiters[] = {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}, {'|', "pipe"}};

#define DELIMITERS (sizeof(delimiters) / sizeof(delimiters[0]))

const char *dialect_delimiter_name(char delimiter)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (delimiters[i].delimiter == delimiter)
			return delimiters[i].name;
	return "";
}

static struct text bare(struct text line)
{
	if (text_starts(line, TEXT(MARK)))
		line = (struct text){line.ptr + 3, line.len - 3};
	while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
		line.len--;
	return line;
}

enum dialect_line dialect_line_read(struct text line, char *delimiter)
{
	const struct text sep = TEXT("sep=");

	line = bare(line);
	if (line.len >= 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"')
		line = (struct text){line.ptr + 1, line.len - 2};
	if (line.len < sep.len || !text_equal_nocase((struct text){line.ptr, sep.len}, sep))
		return DIALECT_NO_LINE;
	if (line.len != sep.len + 1 || dialect_delimiter_name(line.ptr[sep.len])[0] == '\0')
		return DIALECT_BAD_LINE;
	*delimiter = line.ptr[sep.len];
	return DIALECT_LINE;
}

/* The cell that starts at *at, without blanks and the quotes around it; *at moves behind its delimiter, or to the end.
 * stands: a delimiter was found. */
static struct text next_cell(struct text header, size_t *at, char delimiter, bool *stands)
{
	size_t start = *at, end = start;
	bool quoted = false;
	struct text cell;

	for (; end < header.len && (quoted || header.ptr[end] != delimiter); end++)
		if (header.ptr[end] == '"')
			quoted = !quoted;
	*stands = end < header.len;
	*at = end + (*stands ? 1 : 0);
	cell = text_trim((struct text){header.ptr + start, end - start});
	if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
		cell = text_trim((struct text){cell.ptr + 1, cell.len - 2});
	return cell;
}

/* 0: it does not stand there; 1: it does; 2: and a cell is known. */
static int try_delimiter(
	struct text header, char delimiter, bool (*knows)(const void *context, struct text cell), const void *context)
{
	bool stands = true, found = false, known = false;
	size_t at = 0;

	while (stands) {
		struct text cell = next_cell(header, &at, delimiter, &stands);

		found |= stands;
		known |= cell.len > 0 && knows(context, cell);
	}
	return found ? 1 + (known ? 1 : 0) : 0;
}

char dialect_delimiter(struct text header, bool (*knows)(const void *context, struct text cell), const void *context)
{
	char best = ',';
	int most = 0;
	bool tied = false;

	header = bare(header);
	for (size_t i = 0; i < DELIMITERS; i++) {
		int worth = try_delimiter(header, delimiters[i].delimiter, knows, context);

		tied |= worth == 2 && most == 2;
		if (worth > most) {
			most = worth;
			best = delimiters[i].delimiter;
		}
	}
	return tied ? 0 : best;
}
