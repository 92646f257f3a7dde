/* What is known only when all rows were read: repeats, look-alikes, totals; and the rows whose state changes by it. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "stages/approval.h"
#include "stages/intake.h"

#define WHOLE_ROWS_MIN 5     /* of fewer suspects each is told, also where they are the whole file */
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
		if (mark->state != PAYOUT_HELD)
			preview_hold(&intake->preview, mark);
	}
	mark->state = (uint8_t)state;
	if (!marks_put(intake->marks, index, mark, fault))
		return false;
	return intake->taker.restate == NULL ||
	       intake->taker.restate(intake->taker.context, index, state, code, message, fault);
}

/* --- rows that belong together ------------------------------------------------------------------------------------ */

struct group { /* what is known of the one at hand */
	struct intake *list;
	int count;
	int64_t number;
	bool any;            /* it has had a member that counts */
	bool told;           /* and that has its finding */
	struct repeat first; /* that is it */
	const char *what;    /* of look-alikes: what is the same */
};

static struct intake *intake_of(const struct group *group, const struct repeat *repeat)
{
	int place = repeat->file - group->list[0].options->file_index;

	return place >= 0 && place < group->count ? &group->list[place] : NULL;
}

/* True when the member is the first of its group that counts. */
static bool group_first(struct group *group, const struct repeat *repeat)
{
	if (group->any && group->number == repeat->group)
		return false;
	group->any = true;
	group->told = false;
	group->number = repeat->group;
	group->first = *repeat;
	return true;
}

/* "row 7", "row 7 of other.csv" */
static void name_other(const struct group *group, const struct repeat *repeat, const struct repeat *other,
	const char *what, char *message, size_t size)
{
	const struct intake *intake = intake_of(group, other);

	if (other->file == repeat->file)
		snprintf(message, size, "row %" PRId64 " %s", other->row, what);
	else if (intake == NULL)
		snprintf(message, size, "row %" PRId64 " of file %d of this command %s", other->row, other->file + 1,
			what);
	else
		snprintf(message, size, "row %" PRId64 " of %s %s", other->row, intake->result->file_name, what);
}

static bool tell_repeated(
	const struct group *group, const struct repeat *repeat, const struct repeat *other, struct fault *fault)
{
	struct intake *intake = intake_of(group, repeat);
	struct mark mark;
	char message[400];

	if (intake == NULL)
		return true;
	if (!marks_get(intake->marks, repeat->index, &mark, fault))
		return false;
	name_other(group, repeat, other, "has the same reference", message, sizeof(message));
	if (!intake_blame(intake, &mark, FINDING_ERROR, "REFERENCE_REPEATED", "reference",
		    "Give each payout a reference of its own; if they are one payment, keep one row.", message, fault))
		return false;
	return mark.state == PAYOUT_REJECTED ||
	       intake_restate(intake, repeat->index, &mark, PAYOUT_REJECTED, "REFERENCE_REPEATED", message, fault);
}

/* Every member is told, the first one with the second. */
static bool repeated(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct group *group = context;

	if (group_first(group, repeat))
		return true;
	if (!group->told && !tell_repeated(group, &group->first, repeat, fault))
		return false;
	group->told = true;
	return tell_repeated(group, repeat, &group->first, fault);
}

bool intake_repeats(struct intake *list, int count, struct fault *fault)
{
	struct group group = {.list = list, .count = count};

	return repeats_each(list[0].digests->references, false, repeated, &group, fault);
}

/* --allow-duplicates: a person knows, and says why; what could be seen is told all the same. */
static enum suspected policy_of(const struct intake *intake)
{
	return intake->options->allow_duplicates ? SUSPECTED_WARN : intake->stage->config->suspected_duplicates;
}

/* The first one stands for all, where the whole file is suspected. */
static void remember_suspect(struct intake *intake, const struct mark *mark, const char *message)
{
	if (intake->suspects++ == 0)
		snprintf(intake->first_suspect, sizeof(intake->first_suspect), "row %" PRId64 ": %s", mark->row,
			message);
}

bool intake_suspect(struct intake *intake, int64_t index, struct mark *mark, const char *message, struct fault *fault)
{
	enum suspected policy = policy_of(intake);
	const char *cure = policy == SUSPECTED_HOLD
				   ? "It waits: say `payrun approve BATCH --reference R` if it is to be paid as well."
				   : "Make sure that it is to be paid as well.";

	if (mark->suspected)
		return true;
	mark->suspected = true;
	remember_suspect(intake, mark, message);
	if (!intake_blame(intake, mark, policy == SUSPECTED_ERROR ? FINDING_ERROR : FINDING_WARNING,
		    "DUPLICATE_SUSPECTED", "", cure, message, fault))
		return false;
	if (policy == SUSPECTED_WARN)
		return marks_put(intake->marks, index, mark, fault);
	return intake_restate(intake, index, mark, policy == SUSPECTED_ERROR ? PAYOUT_REJECTED : PAYOUT_HELD,
		"DUPLICATE_SUSPECTED", message, fault);
}

static bool tell_alike(
	const struct group *group, const struct repeat *repeat, const struct repeat *other, struct fault *fault)
{
	struct intake *intake = intake_of(group, repeat);
	struct mark mark;
	char message[400];

	name_other(group, repeat, other, group->what, message, sizeof(message));
	return marks_get(intake->marks, repeat->index, &mark, fault) &&
	       intake_suspect(intake, repeat->index, &mark, message, fault);
}

/* Rows that are rejected for another reason are no payouts: nothing is like them. Of two files the later one is like
 * the earlier one, as it will be when they are received one after the other. */
static bool found_alike(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct group *group = context;
	struct intake *intake = intake_of(group, repeat);
	struct mark mark;

	if (!marks_get(intake->marks, repeat->index, &mark, fault))
		return false;
	if ((mark.state == PAYOUT_REJECTED && !mark.suspected) || group_first(group, repeat))
		return true;
	if (repeat->file > group->first.file)
		return tell_alike(group, repeat, &group->first, fault);
	if (repeat->file < group->first.file) {
		struct repeat later = group->first;

		group->first = *repeat;
		group->told = false;
		return tell_alike(group, &later, repeat, fault);
	}
	if (!group->told && !tell_alike(group, &group->first, repeat, fault))
		return false;
	group->told = true;
	return tell_alike(group, repeat, &group->first, fault);
}

bool intake_suspects(struct intake *list, int count, struct fault *fault)
{
	struct group likeness = {.list = list, .count = count, .what = "has the same destination, amount and currency"};
	struct group lookalikes = {.list = list,
		.count = count,
		.what = "has a reference that differs only by case, leading zeros or form"};

	return repeats_each(list[0].digests->likeness, false, found_alike, &likeness, fault) &&
	       repeats_each(list[0].digests->references, true, found_alike, &lookalikes, fault);
}

/* --- one balance -------------------------------------------------------------------------------------------------- */

/* What is left behind by a row that takes all is nothing, so which of them goes first must not be left to chance. */
static bool tell_balance(
	const struct group *group, const struct repeat *repeat, const struct repeat *other, struct fault *fault)
{
	struct intake *intake = intake_of(group, repeat);
	struct mark mark;
	char message[400];

	name_other(group, repeat, other, "pays from the same balance", message, sizeof(message));
	if (!marks_get(intake->marks, repeat->index, &mark, fault))
		return false;
	if (mark.minor != 0)
		return intake_blame(intake, &mark, FINDING_WARNING, "BALANCE_REPEATED", "balance_id",
			"They are paid one after the other, each when the provider has begun with the one before: "
			"mostly one a business day. Make one row of them, or give each an execution_date.",
			message, fault);
	return intake_blame(intake, &mark, FINDING_ERROR, "BALANCE_REPEATED", "balance_id",
		       "Take the other rows out: this one takes all that the balance has.", message, fault) &&
	       intake_restate(intake, repeat->index, &mark, PAYOUT_REJECTED, "BALANCE_REPEATED", message, fault);
}

static bool found_balance(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct group *group = context;
	struct mark mark;

	if (!marks_get(intake_of(group, repeat)->marks, repeat->index, &mark, fault))
		return false;
	if ((mark.state != PAYOUT_HELD && mark.state != PAYOUT_READY) || group_first(group, repeat))
		return true;
	if (!group->told && !tell_balance(group, &group->first, repeat, fault))
		return false;
	group->told = true;
	return tell_balance(group, repeat, &group->first, fault);
}

bool intake_balances(struct intake *list, int count, struct fault *fault)
{
	struct group group = {.list = list, .count = count};

	return repeats_each(list[0].digests->balances, false, found_balance, &group, fault);
}

/* --- the end of the file ------------------------------------------------------------------------------------------ */

/* Most of a file that was paid before: where suspects are errors, the rest of it is not paid either. */
static void suspects_judge(struct intake *intake)
{
	static const char *const cures[] = {
		[SUSPECTED_HOLD] = "what looks so waits: `payrun approve BATCH` if it is to be paid as well, "
				   "`payrun reject BATCH --why TEXT` if the file was paid before",
		[SUSPECTED_WARN] = "make sure that this isn't a file that was paid before",
		[SUSPECTED_ERROR] = "make sure that this isn't a file that was paid before; "
				    "--allow-duplicates --why TEXT pays it",
	};
	const struct receive_result *result = intake->result;
	enum suspected policy = policy_of(intake);
	enum finding_severity severity = policy == SUSPECTED_ERROR ? FINDING_ERROR : FINDING_WARNING;
	int64_t others = policy == SUSPECTED_ERROR ? result->good : result->good - intake->suspects;

	if (intake->suspects * 100 <= result->rows * SUSPECTED_PERCENT)
		return;
	intake->all_suspected = others == 0 && intake->suspects >= WHOLE_ROWS_MIN;
	if (intake->all_suspected)
		finding_add(&intake->file, severity, "BATCH_SUSPECTED", "", cures[policy],
			"the whole file, %" PRId64 " rows, looks like payouts that exist already (%s)",
			intake->suspects, intake->first_suspect);
	else
		finding_add(&intake->file, severity, "BATCH_SUSPECTED", "", cures[policy],
			"%" PRId64 " of %" PRId64 " rows look like payouts that exist already", intake->suspects,
			result->rows);
}

static void batch_judge(struct intake *intake)
{
	struct receive_result *result = intake->result;

	result->suspected = intake->suspects;
	result->held_suspected = intake->suspects > 0 && policy_of(intake) == SUSPECTED_HOLD;
	suspects_judge(intake);
	if (intake->preview.full)
		intake_refuse_with(intake, "FILE_TOO_LARGE", "currency", "split the file by currency",
			"the file has more than %d pairs of currency and channel", RECEIVE_SUMS_MAX);
}

/* Whether what is good of the file needs approval. */
static void approval_judge(struct intake *intake)
{
	const struct preview *preview = &intake->preview;
	struct journal_total *sums = arena_alloc(&intake->file_arena, sizeof(*sums) * RECEIVE_SUMS_MAX);

	for (int i = 0; i < preview->sum_count; i++) {
		memcpy(sums[i].currency, preview->sums[i].currency, sizeof(sums[i].currency));
		sums[i].decimals = preview->sums[i].decimals;
		sums[i].count = preview->sums[i].count;
		sums[i].minor = preview->sums[i].minor;
	}
	intake->result->approval = approval_wanted(intake->stage->config, sums, preview->sum_count);
	if (intake->result->approval)
		intake->result->held = intake->result->good;
}

/* Of a file that was read in part the totals say nothing. */
static bool controls_agree(struct intake *intake)
{
	bool agree = control_check(&intake->control, intake->options, intake->batch, &intake->file), said = false, fine;

	if (intake->format->controls == NULL)
		return agree;
	fine = intake->format->controls(intake->reader, &said, &intake->file);
	if (!said)
		return agree;
	/* Where nothing was asked by options, the file alone decides. */
	return fine && (agree || !control_asked(intake->options, intake->batch));
}

bool intake_finish(struct intake *intake, struct fault *fault)
{
	batch_judge(intake);
	approval_judge(intake);
	if (!intake_limits(intake, fault))
		return false;
	intake->result->control = !intake->refused && controls_agree(intake);
	if (!source_finish(intake->source, intake->sha256, fault)) {
		if (fault->kind != FAULT_REFUSED)
			return false;
		intake_refuse(intake, fault);
		return true;
	}
	text_hex(intake->sha256, SHA256_SIZE, intake->result->sha256_hex);
	return true;
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
		return result->bad * 1000000 > result->rows * intake->options->max_share_ppm;
	case ON_ERROR_REFUSE:
	default:
		return result->bad > 0;
	}
}
