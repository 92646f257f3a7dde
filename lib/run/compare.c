#include "run/compare.h"

#include <stdlib.h>
#include <string.h>

#include "formats/cell.h"
#include "formats/csv_records.h"
#include "formats/source.h"
#include "stages/report_fill.h"

#define NOT_THERE SIZE_MAX

struct comparing {
	struct stage *stage;
	const struct compare *compare;
	struct compare_result *result;
	struct source *source;
	struct csv *csv;
	size_t columns[REPORT_COLUMNS]; /* where each stands in the file */
	bool at_end;                    /* no record is left; else csv holds one that is not compared yet */
	struct report_fill fill;
	struct fault *fault;
};

/* What can't change once a payout was received. */
static const enum report_column fixed[] = {REPORT_REFERENCE, REPORT_CHANNEL, REPORT_PROVIDER, REPORT_BENEFICIARY_NAME,
	REPORT_DESTINATION, REPORT_AMOUNT, REPORT_CURRENCY, REPORT_TARGET_CURRENCY, REPORT_PURPOSE, REPORT_CREATED_AT,
	REPORT_FILE, REPORT_FILE_SHA256, REPORT_SUBMITTED_BY};
#define FIXED (sizeof fixed / sizeof *fixed)

static bool unreadable(struct comparing *comparing, const char *why)
{
	struct buf shown = {0};
	text_show(&shown, text_of(comparing->compare->path), 200);
	fault_set(comparing->fault, FAULT_USAGE, "", "Give it a file that `payrun report --format csv` wrote.",
		"%s: %s", buf_str(&shown), why);
	buf_release(&shown);
	return false;
}

/* The next record; at_end when there is none. */
static bool next(struct comparing *comparing)
{
	switch (csv_next(comparing->csv, comparing->fault)) {
	case CSV_RECORD:
		return true;
	case CSV_END:
		comparing->at_end = true;
		return true;
	case CSV_BROKEN:
		return unreadable(comparing, "its quotes are wrong");
	case CSV_REFUSED:
		return unreadable(comparing, buf_str(&comparing->csv->refusal.message));
	case CSV_FAULT:
		break;
	}
	return false;
}

static struct text cell(const struct comparing *comparing, enum report_column column)
{
	size_t at = comparing->columns[column];
	if (at == NOT_THERE || at >= comparing->csv->field_count)
		return text_of("");
	return cell_unguarded(comparing->csv->fields[at]);
}

static bool read_header(struct comparing *comparing)
{
	if (!next(comparing))
		return false;
	if (comparing->at_end)
		return unreadable(comparing, "it is empty");
	for (enum report_column column = 0; column < REPORT_COLUMNS; column++) {
		comparing->columns[column] = NOT_THERE;
		for (size_t i = 0; i < comparing->csv->field_count && i < BOUND_COLUMNS; i++)
			if (text_equal(text_trim(comparing->csv->fields[i]), report_column_name(column)))
				comparing->columns[column] = i;
	}
	for (enum report_column column = 0; column < REPORT_COLUMNS; column++)
		if (column <= REPORT_PROVIDER_CODE && comparing->columns[column] == NOT_THERE)
			return unreadable(comparing, "it is no CSV report of payrun: columns are missing");
	return next(comparing);
}

static void differs(struct comparing *comparing, const char *what, struct text in_report, struct text in_journal)
{
	struct buf message = {0};
	buf_addz(&message, "batch ");
	text_show(&message, cell(comparing, REPORT_BATCH_ID), 40);
	buf_addz(&message, " row ");
	text_show(&message, cell(comparing, REPORT_ROW), 20);
	buf_addf(&message, ": %s is \"", what);
	text_show(&message, in_report, 80);
	buf_addz(&message, "\" in the report, \"");
	text_show(&message, in_journal, 80);
	buf_addz(&message, "\" in the journal");
	comparing->result->differ++;
	comparing->compare->each(comparing->compare->context, "REPORT_DIFFERS", buf_str(&message));
	buf_release(&message);
}

/* A report may show whole destinations: --unmask. */
static bool same(const struct comparing *comparing, enum report_column column, const struct journal_line *line)
{
	struct text found = cell(comparing, column), wanted = comparing->fill.line.cells[column];
	if (column == REPORT_DESTINATION && text_equal(found, line->payout.destination))
		return true;
	if (text_equal(found, wanted) || text_equal(found, cell_unguarded(wanted)))
		return true;
	struct buf tame = {0};
	text_harmless(&tame, wanted);
	bool equal = text_equal(found, cell_unguarded(buf_text(&tame)));
	buf_release(&tame);
	return equal;
}

/* Whether an event moved the attempt into a state. */
struct history {
	struct text attempt, state;
	bool found;
};

static struct text event_field(struct text line, int index)
{
	for (; index > 0; index--) {
		const char *tab = line.len > 0 ? memchr(line.ptr, '\t', line.len) : NULL;
		if (tab == NULL)
			return text_of("");
		line = (struct text){tab + 1, line.len - (size_t)(tab + 1 - line.ptr)};
	}
	const char *end = line.len > 0 ? memchr(line.ptr, '\t', line.len) : NULL;
	return (struct text){line.ptr, end != NULL ? (size_t)(end - line.ptr) : line.len};
}

static bool look(void *context, const struct journal_event *event)
{
	struct history *history = context;
	history->found = text_equal(event_field(event->line, 5), history->attempt) &&
			 text_equal(event_field(event->line, 8), history->state);
	return !history->found;
}

/* The state that the report shows is one the attempt had: at receiving, or by an event. */
static bool once_was(struct comparing *comparing, const struct journal_line *line, bool *was)
{
	struct history history = {.attempt = cell(comparing, REPORT_ATTEMPT), .state = cell(comparing, REPORT_STATE)};
	*was = text_is(history.state, state_name(line->payout.state)) && text_is(history.attempt, "1");
	if (*was)
		return true;
	if (!journal_event_each(
		    comparing->stage->journal, 1, line->batch->id, line->payout.row, look, &history, comparing->fault))
		return false;
	*was = history.found;
	return true;
}

/* The report's row against the journal's line of the same payout. */
static bool compare_row(struct comparing *comparing, const struct journal_line *line)
{
	const struct text *cells = comparing->fill.line.cells;
	bool was = false;
	for (size_t i = 0; i < FIXED; i++)
		if (!same(comparing, fixed[i], line)) {
			differs(comparing, report_column_name(fixed[i]).ptr, cell(comparing, fixed[i]),
				cells[fixed[i]]);
			return true;
		}
	enum report_column changed = REPORT_COLUMNS;
	for (enum report_column column = 0; column < REPORT_COLUMNS && changed == REPORT_COLUMNS; column++)
		if (comparing->columns[column] != NOT_THERE && !same(comparing, column, line))
			changed = column;
	if (changed == REPORT_COLUMNS) {
		comparing->result->agree++;
		return true;
	}
	bool settled = same(comparing, REPORT_STATE, line) && same(comparing, REPORT_ATTEMPT, line) &&
		       (line->state == PAYOUT_ACCEPTED || state_final(line->state));
	if (!settled && !once_was(comparing, line, &was))
		return false;
	if (was)
		comparing->result->moved++;
	else
		differs(comparing, report_column_name(changed).ptr, cell(comparing, changed), cells[changed]);
	return true;
}

static bool line_met(void *context, const struct journal_line *line)
{
	struct comparing *comparing = context;
	report_fill(&comparing->fill, line);
	if (comparing->at_end || !same(comparing, REPORT_BATCH_ID, line) || !same(comparing, REPORT_ROW, line)) {
		comparing->result->absent++;
		return true;
	}
	return compare_row(comparing, line) && next(comparing);
}

/* The rows of one batch, which stand together in a report. */
static bool compare_batch(struct comparing *comparing)
{
	struct arena arena = {0};
	struct journal_batch batch;
	enum journal_find found = JOURNAL_FIND_NONE;
	struct text name = text_copy(&arena, cell(comparing, REPORT_BATCH_ID));
	bool done = false;
	if (!journal_batch_find(comparing->stage->journal, name, &arena, &batch, &found, comparing->fault))
		goto out;
	if (found != JOURNAL_FIND_ONE || !text_is(name, batch.name)) {
		done = unreadable(comparing, "it has a batch that the journal doesn't know");
		goto out;
	}
	if (!journal_line_each(comparing->stage->journal, batch.id, line_met, comparing, comparing->fault) ||
		comparing->fault->set)
		goto out;
	/* A row that stands behind its place, or that no payout has, was met by no line. */
	while (!comparing->at_end && text_equal(cell(comparing, REPORT_BATCH_ID), name)) {
		differs(comparing, "the row", cell(comparing, REPORT_REFERENCE), text_of(""));
		if (!next(comparing))
			goto out;
	}
	done = true;
out:
	arena_release(&arena);
	return done;
}

/* A status report has none of most of the columns that are compared. */
static bool is_no_xml(struct comparing *comparing)
{
	char head[8];
	size_t len;
	if (!source_peek(comparing->source, head, sizeof head, &len, comparing->fault))
		return false;
	if (!text_starts(text_trim((struct text){head, len}), TEXT("<")))
		return true;
	return unreadable(comparing, "it is XML, and what is compared is a CSV report");
}

bool compare_report_file(
	struct stage *stage, const struct compare *compare, struct compare_result *result, struct fault *fault)
{
	struct comparing comparing = {.stage = stage, .compare = compare, .result = result, .fault = fault};
	bool done = false;
	memset(result, 0, sizeof *result);
	comparing.source = source_open(compare->path, fault);
	if (comparing.source == NULL)
		return false;
	comparing.csv = memory_new(sizeof *comparing.csv);
	csv_open(comparing.csv, comparing.source, NULL, ',');
	done = is_no_xml(&comparing) && read_header(&comparing);
	while (done && !comparing.at_end)
		done = compare_batch(&comparing);
	csv_close(comparing.csv);
	free(comparing.csv);
	source_close(comparing.source);
	report_line_release(&comparing.fill.line);
	return done;
}
