/* What is known only when all rows were read: repeats, look-alikes, totals; and the rows whose state changes by it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "stages/intake.h"

#define SUSPECTED_PERCENT 20 /* more suspects than this are a finding of the file (CONTRACT, section 3) */

void intake_refuse_with(
	struct intake *intake, const char *code, const char *field, const char *cure, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	finding_addv(&intake->file, FINDING_ERROR, code, field, cure, format, list);
	va_end(list);
}

void intake_refuse(struct intake *intake, struct fault *fault)
{
	const char *code = text_string(&intake->file_arena, text_of(fault->code));
	const char *cure = text_string(&intake->file_arena, text_of(fault->cure));

	finding_add(&intake->file, FINDING_ERROR, code, "", cure, "%s", fault->message);
	*fault = (struct fault){0};
}

bool intake_blame(struct intake *intake, const struct mark *mark, enum finding_severity severity, const char *code,
	const char *field, const char *cure, const char *message, struct fault *fault)
{
	struct finding finding = {
		.row = mark->row,
		.line = mark->line,
		.field = field,
		.code = code,
		.severity = severity,
		.message = message,
		.cure = cure,
	};

	if (severity == FINDING_WARNING)
		intake->result->warnings++;
	else
		intake->result->errors++;
	causes_count(intake->causes, &finding);
	return spill_add(intake->spill, &finding, fault);
}

bool intake_restate(struct intake *intake, int64_t index, struct mark *mark, enum payout_state state, const char *code,
	const char *message, struct fault *fault)
{
	struct receive_result *result = intake->result;

	if (state != PAYOUT_HELD) {
		preview_drop(&intake->preview, mark);
		mark->sum = MARK_NO_SUM;
		result->good--;
		result->held -= mark->state == PAYOUT_HELD;
		result->bad += state == PAYOUT_REJECTED;
		result->duplicate += state == PAYOUT_DUPLICATE;
	} else {
		result->held += mark->state != PAYOUT_HELD;
	}
	mark->state = (uint8_t)state;
	if (!marks_put(intake->marks, index, mark, fault))
		return false;
	return intake->taker.restate == NULL ||
	       intake->taker.restate(intake->taker.context, index, state, code, message, fault);
}

/* --- references --------------------------------------------------------------------------------------------------- */

struct pair { /* the members of a group met so far: the first one, and the one before */
	struct intake *intake;
	struct repeat first;
	bool first_told;
};

static bool tell_repeated(
	struct intake *intake, const struct repeat *repeat, const struct repeat *other, struct fault *fault)
{
	struct mark mark;
	char message[160];

	if (repeat->file != intake->options->file_index)
		return true;
	if (!marks_get(intake->marks, repeat->index, &mark, fault))
		return false;
	if (other->file == repeat->file)
		snprintf(message, sizeof(message), "row %" PRId64 " has the same reference", other->row);
	else
		snprintf(message, sizeof(message), "row %" PRId64 " of file %d of this command has the same reference",
			other->row, other->file + 1);
	if (!intake_blame(intake, &mark, FINDING_ERROR, "REFERENCE_REPEATED", "reference",
		    "give each payout a reference of its own; if they are one payment, keep one row", message, fault))
		return false;
	return mark.state == PAYOUT_REJECTED ||
	       intake_restate(intake, repeat->index, &mark, PAYOUT_REJECTED, "REFERENCE_REPEATED", message, fault);
}

static bool repeated(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct pair *pair = context;

	if (repeat->group != pair->first.group) {
		pair->first = *repeat;
		pair->first_told = false;
		return true;
	}
	if (!pair->first_told && !tell_repeated(pair->intake, &pair->first, repeat, fault))
		return false;
	pair->first_told = true;
	return tell_repeated(pair->intake, repeat, &pair->first, fault);
}

bool intake_repeats(struct intake *intake, struct fault *fault)
{
	struct pair pair = {.intake = intake};

	return repeats_each(intake->references, repeated, &pair, fault);
}

/* --- look-alikes -------------------------------------------------------------------------------------------------- */

bool intake_suspect(struct intake *intake, int64_t index, struct mark *mark, const char *message, struct fault *fault)
{
	enum suspected policy = intake->stage->config->suspected_duplicates;
	const char *cure = policy == SUSPECTED_HOLD
				   ? "it waits: `payrun approve BATCH --reference R` when it is to be paid as well"
				   : "make sure that it is to be paid as well";

	if (mark->suspected)
		return true;
	mark->suspected = true;
	intake->suspects++;
	if (!intake_blame(intake, mark, policy == SUSPECTED_ERROR ? FINDING_ERROR : FINDING_WARNING,
		    "DUPLICATE_SUSPECTED", "", cure, message, fault))
		return false;
	if (policy == SUSPECTED_WARN)
		return marks_put(intake->marks, index, mark, fault);
	return intake_restate(intake, index, mark, policy == SUSPECTED_ERROR ? PAYOUT_REJECTED : PAYOUT_HELD,
		"DUPLICATE_SUSPECTED", message, fault);
}

struct alike {
	struct intake *intake;
	const char *what; /* message with the other's row */
	int64_t group;
	bool any; /* the group has had a good row */
	bool first_told;
	int64_t first_index, first_row;
};

static bool tell_alike(struct alike *alike, int64_t index, int64_t other_row, struct fault *fault)
{
	struct mark mark;
	char message[160];

	snprintf(message, sizeof(message), "row %" PRId64 " %s", other_row, alike->what);
	return marks_get(alike->intake->marks, index, &mark, fault) &&
	       intake_suspect(alike->intake, index, &mark, message, fault);
}

/* Rows that are rejected for another reason are no payouts, and nothing is like them. */
static bool found_alike(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct alike *alike = context;
	struct mark mark;

	if (repeat->group != alike->group) {
		alike->group = repeat->group;
		alike->any = false;
		alike->first_told = false;
	}
	if (!marks_get(alike->intake->marks, repeat->index, &mark, fault))
		return false;
	if (mark.state == PAYOUT_REJECTED && !mark.suspected)
		return true;
	if (!alike->any) {
		alike->any = true;
		alike->first_index = repeat->index;
		alike->first_row = repeat->row;
		return true;
	}
	if (!alike->first_told && !tell_alike(alike, alike->first_index, repeat->row, fault))
		return false;
	alike->first_told = true;
	return tell_alike(alike, repeat->index, alike->first_row, fault);
}

bool intake_suspects(struct intake *intake, struct fault *fault)
{
	struct alike likeness = {.intake = intake, .what = "has the same destination, amount and currency"};
	struct alike lookalikes = {
		.intake = intake, .what = "has a reference that differs only by case, leading zeros or form"};

	return repeats_each(intake->likeness, found_alike, &likeness, fault) &&
	       repeats_each(intake->lookalikes, found_alike, &lookalikes, fault);
}

/* --- the end of the file ------------------------------------------------------------------------------------------ */

static void batch_judge(struct intake *intake)
{
	struct receive_result *result = intake->result;
	bool error = intake->stage->config->suspected_duplicates == SUSPECTED_ERROR;

	result->suspected = intake->suspects;
	result->held_suspected = intake->suspects > 0 && intake->stage->config->suspected_duplicates == SUSPECTED_HOLD;
	if (intake->suspects * 100 > result->rows * SUSPECTED_PERCENT)
		finding_add(&intake->file, error ? FINDING_ERROR : FINDING_WARNING, "BATCH_SUSPECTED", "",
			"make sure that this isn't a file that was paid before",
			"%" PRId64 " of %" PRId64 " rows look like payouts that exist already", intake->suspects,
			result->rows);
	if (intake->preview.full)
		intake_refuse_with(intake, "FILE_TOO_LARGE", "currency", "split the file by currency",
			"the file has more than %d pairs of currency and channel", RECEIVE_SUMS_MAX);
}

bool intake_finish(struct intake *intake, struct fault *fault)
{
	batch_judge(intake);
	if (!intake->refused) /* of a file that was read in part the totals say nothing */
		intake->result->control = control_check(&intake->control, intake->options, &intake->file);
	if (!source_finish(intake->source, intake->sha256, fault)) {
		if (fault->kind != FAULT_REFUSED)
			return false;
		intake_refuse(intake, fault);
		return true;
	}
	text_hex(intake->sha256, SHA256_SIZE, intake->result->sha256_hex);
	return true;
}

bool intake_hash(struct intake *intake, struct fault *fault)
{
	const char *expected = intake->options->sha256_hex;

	if (!source_hash(intake->source, intake->sha256, fault))
		return false;
	text_hex(intake->sha256, SHA256_SIZE, intake->result->sha256_hex);
	if (expected != NULL && strcmp(expected, intake->result->sha256_hex) != 0)
		return fault_set(fault, FAULT_REFUSED, "FILE_CHANGED", "run the command again when nobody writes to it",
			"%s changed after it was checked", intake->result->file_name);
	return true;
}

bool intake_check(struct intake *intake, struct fault *fault)
{
	return intake_start(intake, fault) && intake_read(intake, fault) && intake_repeats(intake, fault) &&
	       intake_suspects(intake, fault) && intake_finish(intake, fault);
}

bool intake_refuses(const struct intake *intake)
{
	const struct receive_result *result = intake->result;

	if (intake->file.errors > 0 || result->rows == 0)
		return true;
	switch (intake->options->on_error) {
	case ON_ERROR_SKIP:
		return false;
	case ON_ERROR_MAX:
		return result->bad * 100 > result->rows * intake->options->max_percent;
	case ON_ERROR_REFUSE:
	default:
		return result->bad > 0;
	}
}
