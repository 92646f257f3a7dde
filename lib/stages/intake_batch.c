/* What a file says of its batch, against what the command says. */
#include <string.h>

#include "stages/intake.h"
#include "values/money.h"

const char *intake_batch_id_fault(struct text id)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	bool fine = id.len > 0 && id.len <= BOUND_BATCH_ID;

	for (size_t i = 0; fine && i < id.len; i++)
		fine = memchr(allowed, id.ptr[i], sizeof(allowed) - 1) != NULL;
	if (!fine)
		return "is not 1 to 40 of A-Z a-z 0-9 . _ -";
	return text_is(id, "last") ? "is the word for the newest batch" : NULL;
}

/* --batch-id goes before what the file calls itself (CONTRACT, section 1). */
static void judge_id(struct intake *intake, struct text id)
{
	const char *given = intake->options->batch_id;

	if (id.len == 0)
		return;
	if (given != NULL && !text_is(id, given))
		finding_add(&intake->file, FINDING_WARNING, "BATCH_ID_NOT_USED", "batch_id",
			"Leave --batch-id out if the file's own name is meant.",
			"the file calls itself %s; --batch-id %s is its name here", finding_quote(&intake->file, id),
			given);
	if (given != NULL)
		return;
	if (intake_batch_id_fault(id) != NULL)
		intake_refuse_with(intake, "FIELD_CHARACTERS", "batch_id", "Choose another one, or give --batch-id.",
			"batch_id %s %s", finding_quote(&intake->file, id), intake_batch_id_fault(id));
	else
		intake->batch_id = text_string(&intake->file_arena, id);
}

/* As a row's own channel: two that differ are a file that may have come to the wrong place. */
static void judge_channel(struct intake *intake, struct text channel)
{
	const char *given = intake->options->channel;
	const struct terms *terms;

	if (channel.len == 0)
		return;
	terms = intake->rules.find(intake->rules.context, channel);
	if (terms == NULL)
		intake_refuse_with(intake, "CHANNEL_UNKNOWN", "channel",
			finding_text(&intake->file, "use one of: %s", intake->rules.channel_names),
			"no channel %s is configured", finding_quote(&intake->file, channel));
	else if (given != NULL && !text_is(channel, given))
		intake_refuse_with(intake, "FIELD_CONFLICT", "channel",
			"leave out --channel, or make a file for the other channel",
			"the file is for channel %s, the command says %s", finding_quote(&intake->file, channel),
			given);
	else
		intake->rules.fixed = terms;
}

static void judge_total(struct intake *intake, const struct reader_total *total)
{
	if (!money_same_text(total->amount, total->amount))
		intake_refuse_with(intake, "AMOUNT_SYNTAX", "control.totals", "write it as {\"USD\": \"1234.50\"}",
			"the control total for %s is no decimal number: %s",
			finding_quote(&intake->file, total->currency), finding_quote(&intake->file, total->amount));
}

void intake_batch_judge(struct intake *intake)
{
	intake->batch_id = intake->options->batch_id;
	intake->batch = intake->format->batch != NULL ? intake->format->batch(intake->reader) : NULL;
	intake->file.line = 0;
	if (intake->batch == NULL)
		return;
	judge_id(intake, intake->batch->batch_id);
	judge_channel(intake, intake->batch->channel);
	for (size_t i = 0; i < intake->batch->total_count; i++)
		judge_total(intake, &intake->batch->totals[i]);
}
