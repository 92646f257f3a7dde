#include "stages/receive.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/tick.h"
#include "stages/approval.h"
#include "stages/beneficiaries.h"
#include "stages/likeness.h"
#include "stages/receive_parts.h"

#define NAME_DIGITS 6 /* of the file's SHA-256 in a batch id (CONTRACT, section 1) */

static struct text option_text(const char *option)
{
	return text_of(option != NULL ? option : "");
}

/* NAME#DIGEST of a profile: another one under its name reads the same bytes as other payouts. */
static struct text profile_text(struct receiving *receiving)
{
	const struct profile *profile = receiving->intake.profile;
	char digest[2 * sizeof(profile->digest) + 1];

	if (profile == NULL)
		return option_text(receiving->options->profile);
	text_hex(profile->digest, sizeof(profile->digest), digest);
	return text_of(finding_text(&receiving->intake.file, "%s#%s", receiving->options->profile, digest));
}

/* --- the batch ---------------------------------------------------------------------------------------------------- */

static bool add_batch(struct receiving *receiving, bool *taken, struct fault *fault)
{
	bool fine;

	tick("receive.before_batch");
	fine = journal_batch_add(receiving->stage->journal, &receiving->batch, taken, fault);
	tick("receive.batch");
	return fine;
}

/* YYYYMMDD- and hex digits of the file; more of them where another file of that day begins with the same. */
static bool add_named_by_content(struct receiving *receiving, struct fault *fault)
{
	const struct intake *intake = &receiving->intake;
	const char *day = intake->rules.today;
	bool taken = true;

	for (int digits = NAME_DIGITS; taken && digits <= BOUND_BATCH_ID - 9; digits++) {
		snprintf(receiving->batch.name, sizeof(receiving->batch.name), "%.4s%.2s%.2s-%.*s", day, day + 5,
			day + 8, digits, intake->result->sha256_hex);
		if (!add_batch(receiving, &taken, fault))
			return false;
	}
	if (taken)
		return fault_set(fault, FAULT_REFUSED, "BATCH_ID_TAKEN", "Name the batch with --batch-id.",
			"no batch id is left for %s", intake->result->file_name);
	return true;
}

/* ID.2, ID.3, ...: the id that the file gives is that of the batch which it corrects. */
static bool add_named_after(struct receiving *receiving, const char *id, bool *taken, struct fault *fault)
{
	struct journal_batch *batch = &receiving->batch;

	for (int number = 2; *taken && number < 1000; number++) {
		char tail[8];
		int len = snprintf(tail, sizeof(tail), ".%d", number);

		snprintf(batch->name, sizeof(batch->name), "%.*s%s", BOUND_BATCH_ID - len, id, tail);
		if (!add_batch(receiving, taken, fault))
			return false;
	}
	return true;
}

/* ID itself, or ID.2, ID.3, ... of an earlier correction. */
static bool named_after(const char *name, const char *id)
{
	size_t len = strlen(id);
	int64_t number;

	if (strncmp(name, id, len) != 0)
		return false;
	return name[len] == '\0' || (name[len] == '.' && text_number(text_of(name + len + 1), 999, &number));
}

/* True when the batch with this id is the one that the file corrects, or began with. */
static bool is_corrected(struct receiving *receiving, const char *id, bool *yes, struct fault *fault)
{
	struct journal_batch batch;
	struct arena arena = {0};
	bool fine = true;

	*yes = receiving->options->corrects != 0;
	if (*yes)
		fine = journal_batch_get(
			receiving->stage->journal, receiving->options->corrects, &arena, &batch, fault);
	*yes = *yes && fine && named_after(batch.name, id);
	arena_release(&arena);
	return fine;
}

static bool begin_batch(struct receiving *receiving, struct fault *fault)
{
	const struct receive_options *options = receiving->options;
	struct journal_batch *batch = &receiving->batch;
	struct intake *intake = &receiving->intake;
	bool taken = false, corrected = false;

	batch->file = text_of(intake->result->file_name);
	batch->size = source_size(intake->source);
	batch->format = text_of(intake->format->name);
	batch->channel_option = option_text(options->channel);
	batch->profile_option = profile_text(receiving);
	batch->held_by_option = options->hold;
	if (intake->batch != NULL && intake->batch->message.name.len > 0)
		batch->message = &intake->batch->message;
	if (intake->batch_id == NULL)
		return add_named_by_content(receiving, fault);
	snprintf(batch->name, sizeof(batch->name), "%s", intake->batch_id);
	if (!add_batch(receiving, &taken, fault) ||
		(taken && !is_corrected(receiving, intake->batch_id, &corrected, fault)) ||
		(corrected && !add_named_after(receiving, intake->batch_id, &taken, fault)))
		return false;
	if (taken)
		return fault_set(fault, FAULT_REFUSED, "BATCH_ID_TAKEN",
			"Choose another --batch-id; a batch is never added to. --corrects names one whose failed "
			"payouts the file pays again.",
			"batch %s was received before with other bytes", intake->batch_id);
	return true;
}

/* --- the way of a new file ---------------------------------------------------------------------------------------- */

static bool begin(struct receiving *receiving, struct fault *fault)
{
	bool fine;

	tick("receive.before_begin");
	fine = journal_begin(receiving->stage->journal, fault);
	tick("receive.begun");
	return fine;
}

static bool read_rows(struct receiving *receiving, struct fault *fault)
{
	struct intake *intake = &receiving->intake;

	return receive_went_on(intake, begin_batch(receiving, fault) && intake_read(intake, fault), fault);
}

static bool judge(struct receiving *receiving, struct fault *fault)
{
	struct intake *intake = &receiving->intake;

	return intake_repeats(intake, 1, fault) &&
	       (receiving->batch.id == 0 ||
		       (receive_clashes(receiving, fault) && receive_suspects(receiving, fault))) &&
	       intake_balances(intake, 1, fault) && intake_finish(intake, fault);
}

static bool hold(struct receiving *receiving, struct fault *fault)
{
	bool fine;

	tick("receive.before_hold");
	fine = journal_batch_hold(receiving->stage->journal, receiving->batch.id, TEXT(APPROVAL_CODE),
		TEXT("waits for the approval of its batch"), fault);
	tick("receive.held");
	return fine;
}

/* Why rows that look like others are paid stays with the batch. */
static bool note_allowed(struct receiving *receiving, struct fault *fault)
{
	const struct receive_options *options = receiving->options;
	struct buf evidence = {0};
	bool fine;

	if (!options->allow_duplicates)
		return true;
	buf_addf(&evidence, "{\"allow_duplicates\":true,\"suspected\":%" PRId64 "}",
		receiving->intake.result->suspected);
	tick("receive.before_note");
	fine = journal_event_add(receiving->stage->journal, "notice", receiving->batch.id, 0, 0, buf_text(&evidence),
		option_text(options->why), fault);
	tick("receive.noted");
	buf_release(&evidence);
	return fine;
}

static bool seal(struct receiving *receiving, struct fault *fault)
{
	bool fine;

	if (receiving->intake.result->approval && !hold(receiving, fault))
		return false;

	receiving->batch.control = receiving->intake.result->control;
	tick("receive.before_seal");
	fine = journal_batch_seal(receiving->stage->journal, &receiving->batch, fault);
	tick("receive.sealed");
	return fine && note_allowed(receiving, fault);
}

static bool commit(struct receiving *receiving, struct fault *fault)
{
	bool fine;

	if (stage_stopped(receiving->stage))
		return fault_set(fault, FAULT_STOPPED, "", "Run the command again.",
			"stopped before %s was received; nothing is left of it", receiving->intake.result->file_name);
	tick("receive.before_commit");
	fine = journal_commit(receiving->stage->journal, fault);
	tick("receive.committed");
	return fine;
}

static bool tally(struct receiving *receiving, struct fault *fault)
{
	const struct receive_tally *to = receiving->options->tally;

	return receiving->options->keep || to == NULL || to->batch == NULL ||
	       to->batch(to->context, receiving->batch.id, fault);
}

/* The transaction is open; it is ended here, whatever happens. The findings are told before the commit: a row that was
 * rejected without a word would be lost to its sender. */
static enum receive_verdict end(struct receiving *receiving, const struct finding_sink *sink, struct fault *fault)
{
	struct intake *intake = &receiving->intake;
	struct receive_result *result = intake->result;
	bool refuses = intake_refuses(intake);

	if ((!refuses && !seal(receiving, fault)) || !intake_tell(intake, sink, fault)) {
		journal_rollback(receiving->stage->journal);
		return receive_failed(fault);
	}
	if (!refuses && !receiving->options->keep &&
		!beneficiaries_new(
			receiving->stage, receiving->batch.id, intake->folder, &result->new_beneficiaries, fault)) {
		journal_rollback(receiving->stage->journal);
		return receive_failed(fault);
	}
	if (!refuses && !tally(receiving, fault)) {
		journal_rollback(receiving->stage->journal);
		return receive_failed(fault);
	}
	if (refuses || !receiving->options->keep) {
		journal_rollback(receiving->stage->journal);
		snprintf(result->batch_name, sizeof(result->batch_name), "%s", refuses ? "" : receiving->batch.name);
		return refuses ? RECEIVE_REFUSED : RECEIVE_NEW;
	}
	if (!commit(receiving, fault)) {
		journal_rollback(receiving->stage->journal);
		return receive_failed(fault);
	}
	snprintf(result->batch_name, sizeof(result->batch_name), "%s", receiving->batch.name);
	result->batch = receiving->batch.id;
	result->received_at = receiving->batch.received_at;
	return RECEIVE_NEW;
}

static enum receive_verdict receive_new(struct receiving *receiving, struct source *source, const char *folder,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault)
{
	const struct intake_taker taker = {receive_row, receive_restate, receiving, &receiving->likeness};
	struct intake *intake = &receiving->intake;
	enum receive_verdict verdict;
	bool fine = intake_open(intake, receiving->stage, receiving->options, source, folder, &receiving->digests,
		&taker, result, fault);

	text_hex(receiving->batch.sha256, SHA256_SIZE, result->sha256_hex);
	likeness_init(&receiving->likeness, intake->sha, intake->rules.namespace_text);
	if (!receive_went_on(intake, fine, fault) || !begin(receiving, fault)) {
		verdict = receive_failed(fault);
	} else if (!(intake->refused || read_rows(receiving, fault)) || !judge(receiving, fault)) {
		journal_rollback(receiving->stage->journal);
		verdict = receive_failed(fault);
	} else {
		verdict = end(receiving, sink, fault);
	}
	intake_close(intake);
	return verdict;
}

/* --- bytes that are known ----------------------------------------------------------------------------------------- */

/* Its name alone, which is all that older batches have. */
static struct text profile_name(struct text kept)
{
	const char *mark = kept.len > 0 ? memchr(kept.ptr, '#', kept.len) : NULL;

	return mark != NULL ? (struct text){kept.ptr, (size_t)(mark - kept.ptr)} : kept;
}

static bool same_names(const struct receive_options *options, const struct journal_batch *batch)
{
	return text_equal(option_text(options->channel), batch->channel_option) &&
	       text_equal(option_text(options->profile), profile_name(batch->profile_option));
}

static bool same_options(struct receiving *receiving, const struct journal_batch *batch)
{
	struct text kept = batch->profile_option;

	return same_names(receiving->options, batch) &&
	       (profile_name(kept).len == kept.len || text_equal(kept, profile_text(receiving)));
}

/* Nothing is received: the rows that were rejected are checked again, with all others, for what to say of them. */
static enum receive_verdict receive_known(struct receiving *receiving, struct source *source,
	const struct journal_batch *batch, const struct finding_sink *sink, struct receive_result *result,
	struct fault *fault)
{
	const struct receive_options *options = receiving->options;
	struct intake *intake = &receiving->intake;
	bool fine = receive_check_source(intake, receiving->stage, options, source, &receiving->digests, result, fault);
	bool same = same_options(receiving, batch);

	if (!same && same_names(options, batch))
		intake_refuse_with(intake, "BATCH_OPTIONS", "",
			"`payrun resume` goes on with the batch; to pay rows as the profile reads them now, make "
			"another file of those that were not paid.",
			"these bytes were received before as batch %s, and the profile %s has changed since",
			batch->name, options->profile);
	else if (!same)
		intake_refuse_with(intake, "BATCH_OPTIONS", "channel",
			"Give the same --channel and --profile as the first time, or none; "
			"to pay other rows make another file.",
			"these bytes were received before as batch %s, with %s%s%s", batch->name,
			batch->channel_option.len > 0 ? "--channel " : "no --channel",
			text_string(&intake->file_arena, batch->channel_option),
			batch->profile_option.len > 0 ? " and a --profile" : "");
	else if (options->corrects == batch->id)
		intake_refuse_with(intake, "CORRECTS_SAME", "",
			"Change the rows that failed; `payrun retry` pays them again as they are.",
			"these bytes are batch %s itself, there is nothing new in them", batch->name);
	else if (options->corrects == 0 && options->batch_id != NULL && strcmp(options->batch_id, batch->name) != 0)
		finding_add(&intake->file, FINDING_WARNING, "BATCH_KNOWN", "",
			"The same bytes are the same batch; to pay them again make a file that says so.",
			"--batch-id %s is not used: these bytes are batch %s", options->batch_id, batch->name);
	fine = fine && intake_repeats(intake, 1, fault) && intake_suspects(intake, 1, fault) &&
	       intake_balances(intake, 1, fault) && intake_finish(intake, fault) && intake_tell(intake, sink, fault);
	intake_close(intake);
	if (!fine)
		return receive_failed(fault);
	snprintf(result->batch_name, sizeof(result->batch_name), "%s", batch->name);
	result->received_at = batch->received_at;
	if (!same || options->corrects == batch->id)
		return RECEIVE_REFUSED;
	result->batch = batch->id;
	return RECEIVE_KNOWN;
}

/* --- either ------------------------------------------------------------------------------------------------------- */

/* A file that is refused before it has an intake. */
static enum receive_verdict refuse_early(
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault)
{
	struct finding finding = {.field = "", .code = fault->code, .message = fault->message, .cure = fault->cure};

	result->errors = 1;
	if (sink != NULL && sink->add != NULL)
		sink->add(sink->context, &finding);
	*fault = (struct fault){0};
	return RECEIVE_REFUSED;
}

static bool hash(struct receiving *receiving, struct source *source, struct receive_result *result, struct fault *fault)
{
	const char *expected = receiving->options->sha256_hex;

	if (!source_hash(source, receiving->batch.sha256, fault))
		return false;
	text_hex(receiving->batch.sha256, SHA256_SIZE, result->sha256_hex);
	if (expected != NULL && strcmp(expected, result->sha256_hex) != 0)
		return fault_set(fault, FAULT_REFUSED, "FILE_CHANGED",
			"Run the command again when nobody writes to it.", "%s changed after it was checked",
			source_name(source));
	return true;
}

static bool find_batch(
	struct receiving *receiving, struct arena *arena, struct journal_batch *batch, bool *known, struct fault *fault)
{
	enum journal_find found;
	bool fine;

	tick("receive.before_find");
	fine = journal_batch_find_sha256(
		receiving->stage->journal, receiving->batch.sha256, arena, batch, &found, fault);
	tick("receive.found");
	*known = fine && found != JOURNAL_FIND_NONE;
	return fine;
}

static bool open_digests(struct receiving *receiving, const char *folder, bool known, struct fault *fault)
{
	if (receiving->options->across == NULL || known)
		return intake_digests_open(&receiving->digests, folder, known, fault);
	receiving->digests.references = receiving->options->across;
	receiving->digests.balances = repeats_open(folder);
	return fingerprint_draw(&receiving->digests.fingerprint, fault);
}

/* Takes the source. */
static enum receive_verdict receive_source(struct receiving *receiving, struct source *source,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault)
{
	char *folder = file_folder(receiving->stage->config->journal_path);
	struct arena arena = {0};
	struct journal_batch batch;
	enum receive_verdict verdict;
	bool known;

	if (!hash(receiving, source, result, fault) || !find_batch(receiving, &arena, &batch, &known, fault) ||
		!open_digests(receiving, folder, known, fault)) {
		verdict = fault->kind == FAULT_REFUSED ? refuse_early(sink, result, fault) : receive_failed(fault);
		source_close(source);
	} else if (known) {
		verdict = receive_known(receiving, source, &batch, sink, result, fault);
	} else {
		verdict = receive_new(receiving, source, folder, sink, result, fault);
	}
	if (receiving->digests.references == receiving->options->across)
		receiving->digests.references = NULL; /* the caller's */
	intake_digests_close(&receiving->digests);
	arena_release(&arena);
	free(folder);
	return verdict;
}

enum receive_verdict receive_file(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault)
{
	struct receiving *receiving = memory_new(sizeof(*receiving));
	struct source *source = NULL;

	memset(result, 0, sizeof(*result));
	receiving->stage = stage;
	receiving->options = options;
	if (intake_options_check(stage, options, fault))
		source = source_open(options->path, fault);
	result->verdict =
		source != NULL ? receive_source(receiving, source, sink, result, fault) : receive_failed(fault);
	free(receiving);
	return result->verdict;
}
