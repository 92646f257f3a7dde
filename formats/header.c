#include "formats/header.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "formats/cell.h"

#define UNKNOWN_NAMED 20 /* unknown columns named in their warning */
#define RECIPIENT_PREFIX (sizeof("recipient.") - 1)

static struct text lower(struct arena *arena, struct text text)
{
	char *copy = text_string(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] - 'A' + 'a');
	return (struct text){copy, text.len};
}

void header_cell_read(struct header_cell *cell, struct arena *names, struct text name)
{
	*cell = (struct header_cell){.name = text_copy(names, text_trim(name))};
	cell->column = column_find(cell->name, &cell->near_name);
	if (cell->column == COLUMN_RECIPIENT)
		cell->recipient = lower(names,
			text_trim((struct text){cell->name.ptr + RECIPIENT_PREFIX, cell->name.len - RECIPIENT_PREFIX}));
	if (cell->column == COLUMN_RECIPIENT && cell->recipient.len == 0)
		cell->column = COLUMN_UNKNOWN;
}

/* What the profile makes of a name goes before what payrun knows it as. */
static void header_cell_map(struct header_cell *cell, const struct profile *profile)
{
	const struct profile_column *mapped = profile_column(profile, cell->name);

	if (mapped != NULL) {
		cell->column = mapped->column;
		cell->recipient = mapped->recipient;
	} else if (profile_maps(profile, cell->column, cell->recipient) != NULL) {
		cell->column = COLUMN_UNKNOWN;
	}
}

size_t header_find(const struct header *header, const struct profile_cell *cell)
{
	for (size_t i = 0; i < header->count; i++)
		if (profile_cell_is(cell, i + 1, header->cells[i].name))
			return i + 1;
	return 0;
}

/* A column that only the profile has a use for is neither unknown nor ambiguous. */
static void use(struct header_cell *cell)
{
	cell->used = true;
	if (cell->column == COLUMN_MISSPELT || cell->column == COLUMN_AMBIGUOUS)
		cell->column = COLUMN_UNKNOWN;
}

/* What the profile makes of cells besides columns of payouts. */
static void find_used(struct header *header)
{
	const struct profile *profile = header->profile;

	for (size_t i = 0; profile != NULL && i < header->count && profile->join_count > 0; i++)
		if (header->cells[i].column == COLUMN_REFERENCE)
			header->cells[i].column = COLUMN_UNKNOWN;
	for (size_t i = 0; profile != NULL && i < profile->join_count; i++) {
		header->join[i] = header_find(header, &profile->join[i]);
		if (header->join[i] > 0)
			use(&header->cells[header->join[i] - 1]);
	}
	for (size_t i = 0; profile != NULL && i < profile->require_count; i++) {
		size_t at = header_find(header, &profile->requires[i].cell);

		if (at == 0)
			continue;
		header->cells[at - 1].require = &profile->requires[i];
		use(&header->cells[at - 1]);
	}
}

void header_read(struct header *header, const struct text *cells, size_t count, int64_t line)
{
	assert(count <= BOUND_COLUMNS);
	header->count = count;
	header->line = line;
	for (size_t i = 0; i < count; i++) {
		header_cell_read(&header->cells[i], &header->names, cells[i]);
		header_cell_map(&header->cells[i], header->profile);
	}
	find_used(header);
}

void header_place(struct header *header, size_t count, int64_t line)
{
	assert(count <= BOUND_COLUMNS);
	header->count = count;
	header->line = line;
	for (size_t i = 0; i < count; i++) {
		const struct profile_column *column = profile_place(header->profile, i + 1);

		header->cells[i] = (struct header_cell){.column = column != NULL ? column->column : COLUMN_UNKNOWN,
			.name = column != NULL ? column->value : (struct text){0},
			.recipient = column != NULL ? column->recipient : (struct text){0}};
	}
	find_used(header);
}

void header_release(struct header *header)
{
	arena_release(&header->names);
	buf_release(&header->joined);
}

bool header_has(const struct header *header, enum column column)
{
	for (size_t i = 0; i < header->count; i++)
		if (header->cells[i].column == column)
			return true;
	if (column == COLUMN_REFERENCE && header->profile != NULL && header->profile->join_count > 0)
		return true;
	return profile_constant(header->profile, column, (struct text){0}) != NULL;
}

bool header_cell_same(const struct header_cell *a, const struct header_cell *b)
{
	if (a->column != b->column)
		return false;
	if (a->column == COLUMN_RECIPIENT)
		return text_equal(a->recipient, b->recipient);
	return a->column < COLUMN_CELLS || a->column == COLUMN_OWN_REFERENCE;
}

const char *header_cell_field(const struct header_cell *cell)
{
	if (cell->column < COLUMN_CELLS)
		return column_name(cell->column);
	if (cell->column == COLUMN_OWN_REFERENCE)
		return "payrun_reference";
	if (cell->column == COLUMN_MISSPELT)
		return cell->near_name;
	return "";
}

static void check_duplicates(const struct header *header, struct findings *findings)
{
	for (size_t i = 1; i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		for (size_t j = 0; j < i; j++) {
			if (!header_cell_same(cell, &header->cells[j]))
				continue;
			finding_add(findings, FINDING_ERROR, "HEADER_DUPLICATE", header_cell_field(cell),
				"Keep the one that is meant and remove or rename the other.",
				"columns %zu (%s) and %zu (%s) mean the same", j + 1,
				finding_quote(findings, header->cells[j].name), i + 1,
				finding_quote(findings, cell->name));
			break;
		}
	}
}

static void check_misspelt(const struct header *header, struct findings *findings)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		if (cell->column != COLUMN_MISSPELT)
			continue;
		finding_add(findings, FINDING_ERROR, "HEADER_UNKNOWN", cell->near_name,
			finding_text(findings, "Write %s, or give a column that isn't meant for payrun another name.",
				cell->near_name),
			"column %zu is called %s: did you mean %s?", i + 1, finding_quote(findings, cell->name),
			cell->near_name);
	}
}

static void check_meaning(const struct header *header, struct findings *findings)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		if (cell->column == COLUMN_AMBIGUOUS)
			finding_add(findings, FINDING_ERROR, "HEADER_MEANING", "",
				"Rename the column to what it means here (`payrun help columns` lists the names), or "
				"map it "
				"in a profile.",
				"column %zu is called %s, which means different things in different tools", i + 1,
				finding_quote(findings, cell->name));
	}
}

/* One warning for all of them: they are kept for the error file and nowhere else. */
static void check_unknown(const struct header *header, struct findings *findings)
{
	struct buf names = {0};
	size_t count = 0;

	for (size_t i = 0; i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		if (cell->column != COLUMN_UNKNOWN || cell->used)
			continue;
		if (count++ >= UNKNOWN_NAMED)
			continue;
		buf_addz(&names, names.len > 0 ? ", " : "");
		if (cell->name.len > 0)
			buf_addz(&names, finding_quote(findings, cell->name));
		else
			buf_addf(&names, "column %zu without a name", i + 1);
	}
	if (count > UNKNOWN_NAMED)
		buf_addf(&names, " and %zu more", count - UNKNOWN_NAMED);
	if (count > 0)
		finding_add(findings, FINDING_WARNING, "HEADER_UNKNOWN", "",
			"If one of them is meant to be paid by, rename it; `payrun help columns` lists the names.",
			"%s not known to payrun and will not be used: %s", count == 1 ? "a column is" : "columns are",
			buf_str(&names));
	buf_release(&names);
}

/* A misspelt or ambiguous amount was told already. */
static bool amount_hinted(const struct header *header)
{
	for (size_t i = 0; i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		if (cell->column == COLUMN_AMBIGUOUS)
			return true;
		if (cell->column == COLUMN_MISSPELT && column_find(text_of(cell->near_name), NULL) == COLUMN_AMOUNT)
			return true;
	}
	return false;
}

static bool names_nothing(const struct header *header)
{
	for (size_t i = 0; i < header->count; i++)
		if (header->cells[i].column != COLUMN_UNKNOWN)
			return false;
	return true;
}

/* The name of a column of a profile, as a finding has it. */
static const char *profile_field(const struct profile_column *column)
{
	return column->column == COLUMN_RECIPIENT ? "recipient" : column_name(column->column);
}

static bool has_cell(const struct header *header, const struct profile_column *column)
{
	for (size_t i = 0; i < header->count; i++)
		if (header->cells[i].column == column->column &&
			text_equal(header->cells[i].recipient, column->recipient))
			return true;
	return false;
}

static void check_mapped(const struct header *header, struct findings *findings)
{
	const struct profile *profile = header->profile;

	for (size_t i = 0; profile != NULL && i < profile->column_count; i++)
		if (!has_cell(header, &profile->columns[i]))
			finding_add(findings, FINDING_ERROR, "HEADER_MISSING", profile_field(&profile->columns[i]),
				"Check that this is a file of that profile, or correct the profile.",
				profile->headerless ? "there is no column in place %s, as the profile %s says"
						    : "no column is called %s, as the profile %s says",
				finding_quote(findings, profile->columns[i].value), profile->name);
}

static const char *cell_name(struct findings *findings, const struct profile_cell *cell)
{
	return finding_quote(findings, cell->header);
}

/* One column of the file for each cell that the profile uses. */
static void check_cell(
	const struct header *header, const struct profile_cell *cell, const char *field, struct findings *findings)
{
	size_t at = header_find(header, cell);

	if (at == 0)
		finding_add(findings, FINDING_ERROR, "HEADER_MISSING", field,
			"Check that this is a file of that profile, or correct the profile.",
			cell->position > 0 ? "there is no column in place %s, as the profile %s says"
					   : "no column is called %s, as the profile %s says",
			cell_name(findings, cell), header->profile->name);
	for (size_t i = at; at > 0 && i < header->count; i++)
		if (profile_cell_is(cell, i + 1, header->cells[i].name))
			finding_add(findings, FINDING_ERROR, "HEADER_DUPLICATE", field,
				"Keep the one that is meant and remove or rename the other.",
				"columns %zu and %zu are both %s, which the profile %s uses", at, i + 1,
				cell_name(findings, cell), header->profile->name);
}

static void check_used(const struct header *header, struct findings *findings)
{
	const struct profile *profile = header->profile;

	for (size_t i = 0; profile != NULL && i < profile->join_count; i++)
		check_cell(header, &profile->join[i], "reference", findings);
	for (size_t i = 0; profile != NULL && i < profile->require_count; i++)
		check_cell(header, &profile->requires[i].cell, "", findings);
}

void header_require(const struct header *header, const struct text *fields, size_t count, struct findings *findings)
{
	if (header->profile == NULL || header->profile->require_count == 0)
		return;
	for (size_t i = 0; i < count && i < header->count; i++) {
		const struct profile_require *require = header->cells[i].require;

		if (require != NULL && !text_equal(text_trim(fields[i]), require->value))
			finding_add(findings, FINDING_ERROR, "FIELD_CONFLICT", header_cell_field(&header->cells[i]),
				"Correct it, or take the row to a file of its own with a profile of its own.",
				"%s is '%s', and the profile %s is for rows where it is '%s'",
				cell_name(findings, &require->cell), finding_quote(findings, text_trim(fields[i])),
				header->profile->name, finding_quote(findings, require->value));
	}
}

static void check_constant(const struct header *header, struct findings *findings)
{
	const struct profile *profile = header->profile;

	for (size_t i = 0; profile != NULL && i < profile->constant_count; i++)
		if (has_cell(header, &profile->constants[i]))
			finding_add(findings, FINDING_ERROR, "HEADER_DUPLICATE", profile_field(&profile->constants[i]),
				"Rename the column, or take the constant out of the profile.",
				"the file has a column of its own for what the profile %s makes constant",
				profile->name);
}

static void check_missing(const struct header *header, struct findings *findings, const char *cure)
{
	if (header_has(header, COLUMN_AMOUNT) || amount_hinted(header) ||
		profile_maps(header->profile, COLUMN_AMOUNT, (struct text){0}) != NULL)
		return;
	if (names_nothing(header))
		finding_add(findings, FINDING_ERROR, "HEADER_MISSING", "amount",
			cure != NULL ? cure
				     : "Put a line with column names (reference,amount,currency,...) first; "
				       "`payrun help columns` lists them.",
			"line %lld names none of the columns of a payout: it doesn't look like a header",
			(long long)header->line);
	else
		finding_add(findings, FINDING_ERROR, "HEADER_MISSING", "amount",
			cure != NULL ? cure : "Add a column called amount; `payrun help columns` lists the names.",
			"no column holds the amount");
}

void header_check(const struct header *header, struct findings *findings, const char *missing_cure)
{
	size_t recipients = 0;

	findings->row = 0;
	findings->line = header->line;
	for (size_t i = 0; i < header->count; i++)
		recipients += header->cells[i].column == COLUMN_RECIPIENT ? 1 : 0;
	for (size_t i = 0; header->profile != NULL && i < header->profile->constant_count; i++)
		recipients += header->profile->constants[i].column == COLUMN_RECIPIENT ? 1 : 0;
	if (recipients > ROW_RECIPIENT_MAX)
		finding_add(findings, FINDING_ERROR, "FIELD_TOO_LONG", "recipient",
			"Leave out the recipient columns that are not needed.",
			"%zu columns are called recipient.X; at most %d can be sent", recipients, ROW_RECIPIENT_MAX);
	check_missing(header, findings, missing_cure);
	check_mapped(header, findings);
	check_used(header, findings);
	check_constant(header, findings);
	check_duplicates(header, findings);
	check_misspelt(header, findings);
	check_meaning(header, findings);
	if (header->profile == NULL || !header->profile->headerless)
		check_unknown(header, findings);
}

static void fill_joined(struct header *header, const struct text *fields, size_t count, struct row *row)
{
	struct text parts[PROFILE_JOIN_MAX] = {0};

	for (size_t i = 0; i < header->profile->join_count; i++)
		if (header->join[i] > 0 && header->join[i] <= count)
			parts[i] = text_trim(fields[header->join[i] - 1]);
	profile_join(&header->joined, parts, header->profile->join_count);
	row->cells[COLUMN_REFERENCE] = buf_text(&header->joined);
}

/* What every row has, and what is called otherwise here. */
static void fill_from_profile(struct header *header, struct row *row)
{
	const struct profile *profile = header->profile;

	for (size_t i = 0; i < profile->constant_count; i++) {
		const struct profile_column *constant = &profile->constants[i];

		if (constant->column < COLUMN_CELLS)
			row->cells[constant->column] = constant->value;
		else if (row->recipient_count < ROW_RECIPIENT_MAX)
			row->recipient[row->recipient_count++] =
				(struct row_recipient){constant->recipient, constant->value};
	}
	row->cells[COLUMN_PURPOSE] = profile_purpose(profile, row->cells[COLUMN_PURPOSE]);
	row->cells[COLUMN_EXECUTION_DATE] = profile_date(profile, row->cells[COLUMN_EXECUTION_DATE], header->date);
}

void header_fill(struct header *header, const struct text *fields, size_t count, struct row *row)
{
	memset(row->cells, 0, sizeof(row->cells));
	row->recipient_count = 0;
	row->own_reference = (struct text){0};
	row->origin.payment = 0;
	row->refused = 0;
	row->broken = false;
	for (size_t i = 0; i < count && i < header->count; i++) {
		const struct header_cell *cell = &header->cells[i];

		if (cell->column < COLUMN_CELLS)
			row->cells[cell->column] = text_trim(fields[i]);
		else if (cell->column == COLUMN_OWN_REFERENCE)
			row->own_reference = cell_unguarded(text_trim(fields[i]));
		else if (cell->column == COLUMN_RECIPIENT && row->recipient_count < ROW_RECIPIENT_MAX)
			row->recipient[row->recipient_count++] =
				(struct row_recipient){cell->recipient, text_trim(fields[i])};
	}
	if (header->profile != NULL && header->profile->join_count > 0)
		fill_joined(header, fields, count, row);
	if (header->profile != NULL)
		fill_from_profile(header, row);
}
