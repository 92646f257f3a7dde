/* What the journal says of the rows just received: references that are taken, payouts that look alike. */
#include <inttypes.h>

#include "base/buf.h"
#include "base/tick.h"
#include "stages/obstacle.h"
#include "stages/receive_parts.h"

/* "row 7 of batch 20261120-9f3a2c (paid)" */
static void add_other(struct buf *buf, const struct journal_clash *clash)
{
	buf_addf(buf, "row %" PRId64 " of batch ", clash->other_row);
	text_show(buf, clash->other_batch, 0);
	buf_addf(buf, " (%s)", state_name(clash->other_state));
}

/* The same payout once more: never sent, and no error. */
static bool take_duplicate(struct receiving *receiving, int64_t index, struct mark *mark,
	const struct journal_clash *clash, const char *message, struct fault *fault)
{
	struct intake *intake = &receiving->intake;
	bool fine;

	intake->result->duplicates[clash->other_state]++;
	receiving->original = clash->other;
	fine = intake_blame(intake, mark, FINDING_WARNING, "REFERENCE_DUPLICATE", "reference",
		       "Nothing to do: it is not paid again.", message, fault) &&
	       intake_restate(intake, index, mark, PAYOUT_DUPLICATE, "REFERENCE_DUPLICATE", message, fault);
	receiving->original = 0;
	return fine;
}

static bool take_error(struct receiving *receiving, int64_t index, struct mark *mark, const char *code,
	const char *cure, const char *message, struct fault *fault)
{
	struct intake *intake = &receiving->intake;

	return intake_blame(intake, mark, FINDING_ERROR, code, "reference", cure, message, fault) &&
	       intake_restate(intake, index, mark, PAYOUT_REJECTED, code, message, fault);
}

/* Why --corrects does not reach the payout; NULL when it does. */
static bool correction_obstacle(
	struct receiving *receiving, const struct journal_clash *clash, const char **why, struct fault *fault)
{
	struct journal *journal = receiving->stage->journal;
	struct arena arena = {0};
	struct attempt current = {.id = 0};
	bool found = false;
	bool fine = journal_attempt_of(journal, clash->other, &arena, &current, &found, fault) &&
		    obstacle_find(journal, &current, &arena, why, fault);

	if (fine && *why == NULL && !clash->same_channel)
		*why = "paid through another channel, and a correction keeps the channel";
	arena_release(&arena);
	return fine;
}

/* The row is the payout's next attempt, with new content; or an error where something stands against that. */
static bool take_correction(struct receiving *receiving, int64_t index, struct mark *mark,
	const struct journal_clash *clash, struct buf *message, struct fault *fault)
{
	const char *why = NULL;

	if (!correction_obstacle(receiving, clash, &why, fault))
		return false;
	if (why == NULL)
		return journal_payout_correct(receiving->stage->journal, clash->payout, clash->other, fault);
	buf_addz(message, "can't be corrected: ");
	add_other(message, clash);
	buf_addf(message, " is %s", why);
	return take_error(receiving, index, mark, "FAILED_BEFORE",
		"`payrun show` has its history; give this payout a reference of its own if it is another payment.",
		buf_str(message), fault);
}

static bool take_clash(struct receiving *receiving, const struct journal_clash *clash, struct buf *message,
	struct buf *cure, struct fault *fault)
{
	int64_t index = clash->payout - receiving->first_payout;
	struct mark mark;

	if (!marks_get(receiving->intake.marks, index, &mark, fault))
		return false;
	if (mark.state != PAYOUT_HELD && mark.state != PAYOUT_READY)
		return true; /* rejected for another reason: it holds no reference */
	if (state_live(clash->other_state) && clash->same_content) {
		buf_addz(message, "the same payout as ");
		add_other(message, clash);
		return take_duplicate(receiving, index, &mark, clash, buf_str(message), fault);
	}
	if (state_live(clash->other_state)) {
		buf_addz(message, "the reference belongs to another payout already: ");
		add_other(message, clash);
		bool corrects = clash->other_batch_id == receiving->options->corrects;
		bool unsent = clash->other_state == PAYOUT_HELD || clash->other_state == PAYOUT_READY;
		return take_error(receiving, index, &mark, "REFERENCE_CONFLICT",
			corrects && unsent
				? "A live payout is never corrected: `payrun cancel` it, then submit the file again."
				: "If it is the same payment, take the row out, or it is paid twice; only another "
				  "payment "
				  "gets a reference of its own.",
			buf_str(message), fault);
	}
	if (receiving->options->corrects != 0 && clash->other_batch_id == receiving->options->corrects)
		return take_correction(receiving, index, &mark, clash, message, fault);
	buf_addz(message, "the reference was tried before: ");
	add_other(message, clash);
	buf_addz(cure, "To try the same payment again say `payrun retry ");
	text_show(cure, clash->other_batch, 0);
	buf_addz(cure, " --reference ");
	text_show(cure, clash->reference, 0);
	buf_addz(cure, "`; to pay it with this row's content, submit the file with --corrects ");
	text_show(cure, clash->other_batch, 0);
	buf_addc(cure, '.');
	return take_error(receiving, index, &mark, "FAILED_BEFORE", buf_str(cure), buf_str(message), fault);
}

static bool found_clash(void *context, const struct journal_clash *clash, struct fault *fault)
{
	struct buf message = {0}, cure = {0};
	bool fine = take_clash(context, clash, &message, &cure, fault);

	buf_release(&message);
	buf_release(&cure);
	return fine;
}

bool receive_clashes(struct receiving *receiving, struct fault *fault)
{
	bool fine;

	tick("receive.before_clashes");
	fine = journal_clash_each(receiving->stage->journal, receiving->batch.id, found_clash, receiving, fault);
	tick("receive.clashes");
	return fine;
}

static bool found_suspect(void *context, const struct journal_clash *clash, struct fault *fault)
{
	struct receiving *receiving = context;
	struct intake *intake = &receiving->intake;
	int64_t index = clash->payout - receiving->first_payout;
	struct mark mark;
	struct buf message = {0};
	bool fine;

	if (!marks_get(intake->marks, index, &mark, fault))
		return false;
	if (mark.suspected || (mark.state != PAYOUT_HELD && mark.state != PAYOUT_READY))
		return true;
	buf_addz(&message, "looks like ");
	if (clash->other >= receiving->first_payout)
		buf_addf(&message, "row %" PRId64 " of this file", clash->other_row);
	else
		add_other(&message, clash);
	buf_addz(&message, ": same destination, amount and currency, or nearly the same reference");
	fine = intake_suspect(intake, index, &mark, buf_str(&message), fault);
	buf_release(&message);
	return fine;
}

bool receive_suspects(struct receiving *receiving, struct fault *fault)
{
	const struct stage *stage = receiving->stage;
	int64_t since = receiving->intake.rules.now_utc_ms - stage->config->duplicate_days * INT64_C(86400000);
	bool fine;

	tick("receive.before_suspects");
	fine = journal_suspect_each(stage->journal, receiving->batch.id, since, found_suspect, receiving, fault);
	tick("receive.suspects");
	return fine;
}
