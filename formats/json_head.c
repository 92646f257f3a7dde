#include "formats/json_head.h"

#include <stdint.h>

#include "formats/json_number.h"
#include "formats/json_tree.h"

#define COUNT_MAX INT64_C(1000000000000)
#define SHAPE "{\"batch_id\", \"channel\", \"control\": {\"count\", \"totals\"}, \"payouts\"}"

struct reading {
	struct json_tree tree;
	struct arena *arena;
	struct reader_batch *batch;
	struct findings *findings;
	size_t member, inner;
	bool batch_id, channel, control; /* seen already, under whatever spelling */
};

static void blame(struct reading *reading, const char *code, const char *field, const char *cure, const char *what)
{
	struct json_place place = json_tree_place(&reading->tree, reading->member, reading->inner);

	reading->findings->line = place.line;
	finding_add(reading->findings, FINDING_ERROR, code, field, cure, "%s (line %lld, column %lld)", what,
		(long long)place.line, (long long)place.points + 1);
}

static void blame_type(struct reading *reading, const char *field, enum json_kind kind, const char *cure)
{
	blame(reading, "JSON_TYPE", field, cure,
		finding_text(reading->findings, "%s is %s", field, json_kind_name(kind)));
}

/* Text of a member that names something. */
static void take_text(struct reading *reading, const char *field, const json_t *value, struct text *text)
{
	enum json_kind kind;
	struct text found = json_tree_text(value, &kind);

	if (kind == KIND_STRING)
		*text = text_copy(reading->arena, text_trim(found));
	else if (kind != KIND_NONE)
		blame_type(reading, field, kind, "Write it as text in quotes.");
}

static void take_count(struct reading *reading, const json_t *value)
{
	enum json_kind kind;
	struct text text = json_tree_text(value, &kind);

	if (kind == KIND_NONE)
		return;
	if ((kind != KIND_NUMBER && kind != KIND_STRING) || !text_number(text, COUNT_MAX, &reading->batch->count))
		blame(reading, "JSON_TYPE", "control.count", "Write the number of payouts: \"count\": 25.",
			"control.count is no whole number");
}

static void take_total(struct reading *reading, const char *currency, const json_t *value)
{
	struct reader_batch *batch = reading->batch;
	enum json_kind kind;
	struct text text = json_tree_text(value, &kind);
	struct buf plain = {0};

	if (kind != KIND_NUMBER && kind != KIND_STRING) {
		blame_type(reading, "control.totals", kind, "Write each total as text: {\"USD\": \"12.50\"}.");
	} else if (batch->total_count == READER_TOTALS_MAX) {
		blame(reading, "FIELD_TOO_LONG", "control.totals", "Split the file by currency.",
			"control.totals has too many currencies");
	} else if (kind == KIND_NUMBER && !json_number_plain(text, '.', &plain)) {
		blame(reading, "AMOUNT_SYNTAX", "control.totals", "Write it as text: {\"USD\": \"12.50\"}.",
			"a number of so many digits may not be what was meant");
	} else {
		batch->totals[batch->total_count++] = (struct reader_total){
			.currency = text_copy(reading->arena, text_trim(text_of(currency))),
			.amount = text_copy(reading->arena, kind == KIND_NUMBER ? buf_text(&plain) : text_trim(text))};
	}
	buf_release(&plain);
}

static void take_totals(struct reading *reading, json_t *value)
{
	const char *currency;
	json_t *total;
	enum json_kind kind;

	(void)json_tree_text(value, &kind);
	if (kind == KIND_NONE)
		return;
	if (kind != KIND_OBJECT) {
		blame_type(reading, "control.totals", kind, "Write it as an object: {\"USD\": \"12.50\"}.");
		return;
	}
	json_object_foreach(value, currency, total)
	{
		take_total(reading, currency, total);
	}
}

static void take_control(struct reading *reading, json_t *value)
{
	const char *key;
	json_t *member;
	enum json_kind kind;

	(void)json_tree_text(value, &kind);
	if (kind == KIND_NONE)
		return;
	if (kind != KIND_OBJECT) {
		blame_type(reading, "control", kind, "Write {\"count\": 25, \"totals\": {\"USD\": \"12.50\"}}.");
		return;
	}
	reading->inner = 0;
	json_object_foreach(value, key, member)
	{
		if (column_name_is(text_of(key), "count"))
			take_count(reading, member);
		else if (column_name_is(text_of(key), "totals"))
			take_totals(reading, member);
		else /* a control that nobody makes would be believed */
			blame(reading, "HEADER_UNKNOWN", "control", "Write count or totals, or take it out.",
				finding_text(reading->findings, "control has a member %s, which means nothing here",
					finding_quote(reading->findings, text_of(key))));
		reading->inner++;
	}
	reading->inner = SIZE_MAX;
}

static const char *near_to(struct text name)
{
	static const char *const known[] = {"batch_id", "channel", "control", "payouts", NULL};

	for (size_t i = 0; known[i] != NULL; i++)
		if (column_name_near(name, known[i]))
			return known[i];
	return NULL;
}

static void take_unknown(struct reading *reading, struct text name)
{
	const char *near = near_to(name);
	const char *shown = finding_quote(reading->findings, name);

	if (column_name_is(name, "payouts")) {
		blame(reading, "JSON_DUPLICATE_KEY", "", "Keep the array of payouts alone.",
			"the document has payouts twice");
	} else if (near != NULL) {
		blame(reading, "HEADER_UNKNOWN", near,
			finding_text(reading->findings, "Write %s, or give it another name.", near),
			finding_text(reading->findings, "the document has a member %s: did you mean %s?", shown, near));
	} else {
		reading->findings->line = 0;
		finding_add(reading->findings, FINDING_WARNING, "HEADER_UNKNOWN", "",
			"What is meant for all payouts stands in " SHAPE ".",
			"the document has a member %s, which is not used", shown);
	}
}

/* The first of a name; another spelling of it is a second one. */
static bool first(struct reading *reading, bool *seen, const char *name)
{
	if (*seen)
		blame(reading, "HEADER_DUPLICATE", name, "Keep one of the two.",
			finding_text(reading->findings, "the document has %s twice", name));
	else
		return *seen = true;
	return false;
}

static void take_member(struct reading *reading, struct text name, json_t *value)
{
	if (column_name_is(name, "batch_id")) {
		if (first(reading, &reading->batch_id, "batch_id"))
			take_text(reading, "batch_id", value, &reading->batch->batch_id);
	} else if (column_name_is(name, "channel")) {
		if (first(reading, &reading->channel, "channel"))
			take_text(reading, "channel", value, &reading->batch->channel);
	} else if (column_name_is(name, "control")) {
		if (first(reading, &reading->control, "control"))
			take_control(reading, value);
	} else {
		take_unknown(reading, name);
	}
}

void json_head_read(
	const struct json_frame *head, struct arena *arena, struct reader_batch *batch, struct findings *findings)
{
	struct reading reading = {.arena = arena, .batch = batch, .findings = findings, .inner = SIZE_MAX};
	struct json_problem problem;
	const char *key;
	json_t *value;

	*batch = (struct reader_batch){.count = -1};
	findings->row = 0;
	if (head->bytes.len == 0)
		return;
	if (!json_tree_load(&reading.tree, head, &problem)) {
		struct json_place place = json_frame_place(head, problem.at);

		findings->line = place.line;
		finding_add(findings, FINDING_ERROR, problem.code, "", problem.cure, "%s (line %lld, column %lld)",
			problem.what, (long long)place.line, (long long)place.points + 1);
	} else {
		json_object_foreach(reading.tree.root, key, value)
		{
			take_member(&reading, text_of(key), value);
			reading.member++;
		}
	}
	json_tree_release(&reading.tree);
}
