/* The findings in their order: those of the file, causes that most rows share, then row by row. */
#include <string.h>

#include "stages/intake.h"

struct telling {
	struct intake *intake;
	const struct finding_sink *sink;
};

static void tell(const struct finding_sink *sink, const struct finding *finding)
{
	if (sink != NULL && sink->add != NULL)
		sink->add(sink->context, finding);
}

static void tell_file(struct intake *intake, const struct finding *finding, const struct finding_sink *sink)
{
	if (finding->severity == FINDING_WARNING)
		intake->result->warnings++;
	else
		intake->result->errors++;
	tell(sink, finding);
}

/* BATCH_SUSPECTED of a whole file has said it of each row. */
static bool is_said(const struct intake *intake, const struct finding *finding)
{
	return intake->all_suspected && strcmp(finding->code, "DUPLICATE_SUSPECTED") == 0;
}

static void tell_cause(void *context, const struct finding *finding)
{
	const struct telling *telling = context;

	if (!is_said(telling->intake, finding)) /* its rows were counted one by one */
		tell(telling->sink, finding);
}

static bool tell_rows(struct intake *intake, const struct finding_sink *sink, struct fault *fault)
{
	struct spill_item item;
	bool found = true;

	if (!spill_rewind(intake->spill, fault))
		return false;
	for (;;) {
		if (!spill_next(intake->spill, &item, &found, fault))
			return false;
		if (!found)
			return true;
		if (item.kind == SPILL_FINDING && !is_said(intake, &item.finding) &&
			!causes_shared(intake->causes, intake->result->rows, &item.finding))
			tell(sink, &item.finding);
	}
}

bool intake_tell(struct intake *intake, const struct finding_sink *sink, struct fault *fault)
{
	struct receive_result *result = intake->result;
	int64_t row_errors = result->errors;

	for (size_t i = 0; i < intake->file.count; i++)
		tell_file(intake, &intake->file.items[i], sink);
	arena_reset(&intake->row_arena);
	if (sink != NULL && sink->add != NULL)
		causes_each(
			intake->causes, result->rows, &intake->row_arena, tell_cause, &(struct telling){intake, sink});
	if (!tell_rows(intake, sink, fault) || !preview_tell(&intake->preview, intake->marks, result, fault))
		return false;
	/* An error file without the rows that could not be read would lose them, if it were handed back. */
	if (row_errors == 0 || !intake->options->write_errors || intake->refused)
		return true;
	return intake_write_errors(intake, fault);
}
