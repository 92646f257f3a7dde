#include "formats/json_element.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "formats/json_number.h"

#define NAME_BYTES 1024 /* of a member; no column's is near */
#define CURE_TEXT "Write it as text in quotes."
#define RECIPIENT "recipient"

/* One element on its way. */
struct filling {
	struct json_element *element;
	struct row *row;
	struct findings *findings;
	size_t member, inner;                     /* the one at hand; inner: SIZE_MAX outside of recipient */
	const struct json_name *by[COLUMN_CELLS]; /* what led to each column */
	const struct json_name *own;              /* and to payrun_reference */
	const struct json_name *recipients[ROW_RECIPIENT_MAX];
};

/* --- what is wrong ------------------------------------------------------------------------------------------------ */

static void blame_place(struct findings *findings, struct json_place place, const char *code, const char *field,
	const char *cure, const char *what)
{
	finding_add(findings, FINDING_ERROR, code, field, cure, "%s (line %lld, column %lld)", what,
		(long long)place.line, (long long)place.points + 1);
}

/* Of the value at hand. */
static void blame(struct filling *filling, const char *code, const char *field, const char *cure, const char *what)
{
	blame_place(filling->findings, json_tree_place(&filling->element->tree, filling->member, filling->inner), code,
		field, cure, what);
}

static const char *field_of(struct filling *filling, const struct header_cell *cell)
{
	if (cell->column == COLUMN_RECIPIENT)
		return finding_text(
			filling->findings, RECIPIENT ".%s", finding_quote(filling->findings, cell->recipient));
	return header_cell_field(cell);
}

static void blame_type(struct filling *filling, const char *field, enum json_kind kind)
{
	blame(filling, "JSON_TYPE", field,
		kind == KIND_NUMBER ? "Write it as text in quotes: a number loses zeros and long digits on its way."
				    : CURE_TEXT,
		finding_text(filling->findings, "%s is %s", field, json_kind_name(kind)));
}

static void blame_twice(struct filling *filling, const struct json_name *first, const struct json_name *second)
{
	blame(filling, "HEADER_DUPLICATE", field_of(filling, &second->cell), "Keep the one that is meant.",
		finding_text(filling->findings, "the members %s and %s mean the same",
			finding_quote(filling->findings, first->cell.name),
			finding_quote(filling->findings, second->cell.name)));
}

/* The frame is no object that can be read. */
static void blame_problem(const struct json_frame *frame, const struct json_problem *problem, struct findings *findings)
{
	const char *what = problem->what;

	if (strcmp(problem->code, "JSON_TYPE") == 0)
		what = finding_text(findings, "the element is %s; a payout is an object", problem->what);
	blame_place(findings, json_frame_place(frame, problem->at), problem->code, "", problem->cure, what);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* An amount that is a number, as text. */
static bool take_amount(struct filling *filling, struct text token, struct text *cell)
{
	struct buf *amount = &filling->element->amount;

	buf_reset(amount);
	if (json_number_plain(token, filling->element->decimal_mark, amount)) {
		*cell = buf_text(amount);
		return true;
	}
	blame(filling, "AMOUNT_SYNTAX", "amount", "Write it as text in quotes: \"amount\": \"12.50\".",
		finding_text(filling->findings,
			"the number %s is none that every program keeps exactly: at most %d digits are sure",
			finding_quote(filling->findings, token), JSON_NUMBER_DIGITS));
	return false;
}

/* The text of a value. False: it has none, and that was told. */
static bool take_value(struct filling *filling, const struct header_cell *cell, const json_t *value, struct text *text)
{
	enum json_kind kind;

	*text = json_tree_text(value, &kind);
	if (kind == KIND_NUMBER && cell->column == COLUMN_AMOUNT)
		return take_amount(filling, *text, text);
	if (kind != KIND_STRING && kind != KIND_NONE) {
		blame_type(filling, field_of(filling, cell), kind);
		return false;
	}
	if (text->len > BOUND_FIELD_BYTES) {
		blame(filling, "FIELD_TOO_LONG", field_of(filling, cell), "Shorten it.",
			finding_text(filling->findings, "the value has more than %d bytes", BOUND_FIELD_BYTES));
		return false;
	}
	*text = text_trim(*text);
	return true;
}

static void take_column(struct filling *filling, const struct json_name *name, const json_t *value)
{
	enum column column = name->cell.column;

	if (filling->by[column] != NULL) {
		blame_twice(filling, filling->by[column], name);
		return;
	}
	filling->by[column] = name;
	if (!take_value(filling, &name->cell, value, &filling->row->cells[column])) {
		filling->row->cells[column] = (struct text){0};
		filling->row->refused |= COLUMN_SET(column);
	}
}

static void take_own_reference(struct filling *filling, const struct json_name *name, const json_t *value)
{
	if (filling->own != NULL)
		blame_twice(filling, filling->own, name);
	else if (!take_value(filling, &name->cell, value, &filling->row->own_reference))
		filling->row->own_reference = (struct text){0};
	filling->own = name;
}

static void take_recipient(struct filling *filling, const struct json_name *name, const json_t *value)
{
	struct row *row = filling->row;
	struct text text;

	for (size_t i = 0; i < row->recipient_count; i++) {
		if (!header_cell_same(&filling->recipients[i]->cell, &name->cell))
			continue;
		blame_twice(filling, filling->recipients[i], name);
		return;
	}
	if (row->recipient_count == ROW_RECIPIENT_MAX) {
		blame(filling, "FIELD_TOO_LONG", RECIPIENT, "Leave out the members that are not needed.",
			finding_text(
				filling->findings, "more than %d recipient fields can't be sent", ROW_RECIPIENT_MAX));
		return;
	}
	if (!take_value(filling, &name->cell, value, &text))
		return;
	filling->recipients[row->recipient_count] = name;
	row->recipient[row->recipient_count++] = (struct row_recipient){name->cell.recipient, text};
}

/* --- members ------------------------------------------------------------------------------------------------------ */

/* What a member is called; NULL where it leads nowhere. */
static const struct json_name *name_member(struct filling *filling, struct text member, size_t hint)
{
	if (member.len > NAME_BYTES) {
		blame(filling, "FIELD_TOO_LONG", "", "Check that this is the right file.",
			finding_text(filling->findings, "a member's name has more than %d bytes", NAME_BYTES));
		return NULL;
	}
	/* NULL, too, when the table is full: the file is refused when it was read. */
	return json_names_find(&filling->element->names, member, hint, filling->row->number, filling->row->line);
}

static void take_member(struct filling *filling, const struct json_name *name, const json_t *value)
{
	if (name->cell.column < COLUMN_CELLS)
		take_column(filling, name, value);
	else if (name->cell.column == COLUMN_OWN_REFERENCE)
		take_own_reference(filling, name, value);
	else if (name->cell.column == COLUMN_RECIPIENT)
		take_recipient(filling, name, value);
}

/* recipient.X, the name of a member X within recipient. */
static struct text inner_name(struct json_element *element, const char *key)
{
	buf_reset(&element->name);
	buf_addz(&element->name, RECIPIENT ".");
	buf_addz(&element->name, key);
	return buf_text(&element->name);
}

static void take_recipients(struct filling *filling, json_t *value)
{
	const struct json_name *name;
	const char *key;
	json_t *inner;
	enum json_kind kind;

	(void)json_tree_text(value, &kind);
	if (kind != KIND_OBJECT) {
		if (kind != KIND_NONE)
			blame(filling, "JSON_TYPE", RECIPIENT, "Write it as an object: {\"ifsc\": \"...\"}.",
				finding_text(filling->findings, RECIPIENT " is %s", json_kind_name(kind)));
		return;
	}
	filling->inner = 0;
	json_object_foreach(value, key, inner)
	{
		name = name_member(filling, inner_name(filling->element, key), filling->member + filling->inner + 1);
		if (name != NULL)
			take_member(filling, name, inner);
		filling->inner++;
	}
	filling->inner = SIZE_MAX;
}

static void take_members(struct filling *filling)
{
	const struct json_name *name;
	const char *key;
	json_t *value;

	json_object_foreach(filling->element->tree.root, key, value)
	{
		name = name_member(filling, text_of(key), filling->member);
		if (name != NULL && name->recipient)
			take_recipients(filling, value);
		else if (name != NULL)
			take_member(filling, name, value);
		filling->member++;
	}
}

static void begin_row(struct row *row, int64_t number, int64_t line)
{
	memset(row->cells, 0, sizeof(row->cells));
	row->recipient_count = 0;
	row->own_reference = (struct text){0};
	row->origin.payment = 0;
	row->refused = 0;
	row->broken = false;
	row->number = number;
	row->line = line;
}

void json_element_read(struct json_element *element, const struct json_frame *frame, int64_t number, struct row *row,
	struct findings *findings)
{
	struct filling filling = {.element = element, .row = row, .findings = findings, .inner = SIZE_MAX};
	struct json_problem problem;

	begin_row(row, number, frame->place.line);
	findings->row = number;
	findings->line = row->line;
	row->broken = !json_tree_load(&element->tree, frame, &problem);
	if (row->broken)
		blame_problem(frame, &problem, findings);
	else
		take_members(&filling);
}

void json_element_release(struct json_element *element)
{
	json_tree_release(&element->tree);
	json_names_release(&element->names);
	buf_release(&element->name);
	buf_release(&element->amount);
}

/* --- pointers ----------------------------------------------------------------------------------------------------- */

static void add_part(struct buf *out, const char *key)
{
	buf_addc(out, '/');
	for (; *key != '\0'; key++) {
		if (*key == '~' || *key == '/')
			buf_addz(out, *key == '~' ? "~0" : "~1");
		else
			buf_addc(out, *key);
	}
}

/* Does a name lead to the field? "recipient" alone is all of them, and the object is meant. */
static bool leads(struct json_element *element, struct text name, const char *field)
{
	const struct json_name *known = json_names_find(&element->names, name, 0, 0, 0);
	struct text wanted = text_of(field);

	if (known == NULL || wanted.len == 0)
		return false;
	if (known->cell.column != COLUMN_RECIPIENT)
		return text_is(wanted, header_cell_field(&known->cell));
	return text_starts(wanted, TEXT(RECIPIENT ".")) &&
	       text_equal(known->cell.recipient,
		       (struct text){wanted.ptr + sizeof(RECIPIENT), wanted.len - sizeof(RECIPIENT)});
}

static bool inner_pointer(
	struct json_element *element, const char *key, json_t *value, const char *field, struct buf *out)
{
	const char *inner;
	json_t *unused;

	if (strcmp(field, RECIPIENT) == 0) {
		add_part(out, key);
		return true;
	}
	json_object_foreach(value, inner, unused)
	{
		if (!leads(element, inner_name(element, inner), field))
			continue;
		add_part(out, key);
		add_part(out, inner);
		return true;
	}
	return false;
}

void json_element_pointer(struct json_element *element, const char *field, struct buf *out)
{
	const char *key;
	json_t *value;

	if (element->tree.root == NULL)
		return;
	json_object_foreach(element->tree.root, key, value)
	{
		if (column_name_is(text_of(key), RECIPIENT)) {
			if (inner_pointer(element, key, value, field, out))
				return;
		} else if (leads(element, text_of(key), field)) {
			add_part(out, key);
			return;
		}
	}
}
