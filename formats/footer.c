#include "formats/footer.h"

#include "base/bounds.h"

/* What makes a line with an amount a payout. */
enum part { PART_REFERENCE = 0, PART_CHANNEL, PART_CURRENCY, PART_DESTINATION, PART_COUNT, PART_NONE = PART_COUNT };

/* A line whose cells from one on stand one place further to the left or to the right than the header's. */
struct line {
	const struct text *fields;
	size_t count;
	size_t from;   /* of the first cell that stands elsewhere */
	bool one_less; /* there is no cell of that column, */
	bool one_more; /* or the cell there is of none */
};

static struct text cell_at(const struct line *line, size_t column)
{
	size_t at = column;

	if (line->one_less && column == line->from)
		return (struct text){0};
	if (line->one_less && column > line->from)
		at--;
	if (line->one_more && column >= line->from)
		at++;
	return at < line->count ? text_trim(line->fields[at]) : (struct text){0};
}

static enum part part_of(const struct header_cell *cell)
{
	const column_set destinations = COLUMN_SET(COLUMN_IBAN) | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) |
					COLUMN_SET(COLUMN_ROUTING_NUMBER) | COLUMN_SET(COLUMN_BIC) |
					COLUMN_SET(COLUMN_IFSC) | COLUMN_SET(COLUMN_BENEFICIARY_ID) |
					COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_EMAIL);

	if (cell->column == COLUMN_REFERENCE)
		return PART_REFERENCE;
	if (cell->column == COLUMN_CHANNEL)
		return PART_CHANNEL;
	if (cell->column == COLUMN_CURRENCY || cell->column == COLUMN_TARGET_CURRENCY ||
		cell->column == COLUMN_SOURCE_CURRENCY || cell->column == COLUMN_CURRENCY_CODE)
		return PART_CURRENCY;
	if (cell->column == COLUMN_ADDRESS || cell->column == COLUMN_RECIPIENT ||
		(cell->column < COLUMN_COUNT && (destinations & COLUMN_SET(cell->column)) != 0))
		return PART_DESTINATION;
	return PART_NONE;
}

/* Written as the profile says, or otherwise: then the row would be told as bad, and is one all the same. */
static bool is_amount(const struct amount_style *style, struct text text)
{
	static const struct amount_style plain_style = {.decimal_mark = '.'};
	char out[AMOUNT_PLAIN_SIZE];
	struct text plain;

	if (text.len == 0)
		return false;
	return amount_plain(style != NULL ? style : &plain_style, text, TEXT(""), out, &plain) ||
	       amount_look(text).readable;
}

/* A number is no channel and no currency, but what a footer counts. */
static bool is_filled(enum part part, struct text text)
{
	return text.len > 0 && ((part != PART_CHANNEL && part != PART_CURRENCY) || !is_amount(NULL, text));
}

/* All columns that make the reference are filled. */
static bool is_joined(const struct header *header, const struct line *line)
{
	size_t filled = 0;

	for (size_t i = 0; i < header->profile->join_count; i++)
		filled += header->join[i] > 0 && cell_at(line, header->join[i] - 1).len > 0 ? 1 : 0;
	return filled == header->profile->join_count;
}

static bool reads_as_row(const struct header *header, const struct amount_style *style, const struct line *line)
{
	bool amount = profile_constant(header->profile, COLUMN_AMOUNT, TEXT("")) != NULL;
	bool known[PART_COUNT] = {false}, filled[PART_COUNT] = {false};
	size_t parts = 0, needed = 0;

	for (size_t i = 0; i < header->count; i++) {
		enum part part = part_of(&header->cells[i]);

		if (header->cells[i].column == COLUMN_AMOUNT)
			amount = amount || is_amount(style, cell_at(line, i));
		if (part == PART_NONE)
			continue;
		known[part] = true;
		filled[part] = filled[part] || is_filled(part, cell_at(line, i));
	}
	if (header->profile != NULL && header->profile->join_count > 0) {
		known[PART_REFERENCE] = true;
		filled[PART_REFERENCE] = is_joined(header, line);
	}
	for (size_t i = 0; i < PART_COUNT; i++) {
		needed += known[i] ? 1 : 0;
		parts += filled[i] ? 1 : 0;
	}
	return amount && parts > 0 && parts >= (needed < 2 ? needed : 2);
}

bool footer_is_row(
	const struct header *header, const struct amount_style *style, const struct text *fields, size_t count)
{
	struct line line = {.fields = fields, .count = count, .from = header->count};

	if (reads_as_row(header, style, &line))
		return true;
	line.one_less = count + 1 == header->count;
	line.one_more = count == header->count + 1;
	for (line.from = 0; (line.one_less || line.one_more) && line.from < header->count; line.from++)
		if (reads_as_row(header, style, &line))
			return true;
	return false;
}

static struct text unquoted(struct text cell)
{
	cell = text_trim(cell);
	if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
		return text_trim((struct text){cell.ptr + 1, cell.len - 2});
	return cell;
}

static bool is_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

/* The cells of the record at *at, which goes behind it; quotes keep line ends in where across says so. */
static size_t cut(struct text lines, size_t *at, char delimiter, bool across, struct text *fields)
{
	size_t count = 0, start = *at;
	bool quoted = false;

	for (;; ++*at) {
		bool last = *at == lines.len || (is_end(lines.ptr[*at]) && !(quoted && across));

		if (!last && lines.ptr[*at] == '"')
			quoted = across ? quoted != (quoted || *at == start) : !quoted;
		if (!last && (quoted || lines.ptr[*at] != delimiter))
			continue;
		if (count < BOUND_COLUMNS)
			fields[count++] = unquoted((struct text){lines.ptr + start, *at - start});
		start = *at + 1;
		if (last)
			break;
	}
	*at = start;
	return count;
}

bool footer_has_row(const struct header *header, const struct amount_style *style, struct text lines, char delimiter)
{
	struct text fields[BOUND_COLUMNS];

	/* A quote in the text of a footer must not hide a row behind it, nor the line end in a row's cell the row. */
	for (int across = 0; across < 2; across++) {
		for (size_t at = 0; at < lines.len;) {
			size_t count = cut(lines, &at, delimiter, across != 0, fields);

			if (footer_is_row(header, style, fields, count))
				return true;
		}
	}
	return false;
}

void footer_refuse(const struct header *header, int64_t line, struct refusal *refusal)
{
	refusal_set(refusal, "CSV_FOOTER", line,
		"Correct footer in the profile, or take it out; a line with the total is told by control.line.",
		"one of the last lines, which the profile %s says are no rows, is filled like a row",
		header->profile->name);
}

void footer_refuse_preamble(const struct header *header, int64_t line, struct refusal *refusal)
{
	refusal_set(refusal, "CSV_PREAMBLE", line,
		"Correct preamble in the profile, or take it out; a line with the total is told by control.line.",
		"one of the first lines, which the profile %s says are no rows, is filled like a row",
		header->profile->name);
}
