/* Checks without a journal. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "stages/intake.h"
#include "stages/receive_parts.h"

static const struct finding_sink *sink_of(const struct finding_sink *sinks, int place)
{
	return sinks != NULL ? &sinks[place] : NULL;
}

enum receive_verdict receive_failed(const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_REFUSED:
		return RECEIVE_REFUSED;
	case FAULT_STOPPED:
		return RECEIVE_STOPPED;
	case FAULT_OPERATION:
	case FAULT_USAGE:
	case FAULT_BREAK:
	case FAULT_LOCKED:
	case FAULT_PERSON:
	default:
		return RECEIVE_FAULT;
	}
}

bool receive_went_on(struct intake *intake, bool fine, struct fault *fault)
{
	if (fine || fault->kind != FAULT_REFUSED)
		return fine;
	intake_refuse(intake, fault);
	intake->refused = true;
	return true;
}

/* What is known of each file when all were read, then its findings. */
static bool end_all(struct intake *intakes, int count, const struct finding_sink *sinks, struct fault *fault)
{
	if (!intake_repeats(intakes, count, fault) || !intake_suspects(intakes, count, fault) ||
		!intake_balances(intakes, count, fault))
		return false;
	for (int i = 0; i < count; i++) {
		struct intake *intake = &intakes[i];

		if (!intake_finish(intake, fault))
			return false;
		intake->result->verdict = intake_refuses(intake) ? RECEIVE_REFUSED : RECEIVE_NEW;
		if (!intake_tell(intake, sink_of(sinks, i), fault))
			return false;
	}
	return true;
}

bool receive_check_source(struct intake *intake, struct stage *stage, const struct receive_options *options,
	struct source *source, const struct intake_digests *digests, struct receive_result *result, struct fault *fault)
{
	bool fine = intake_open(intake, stage, options, source, intake_folder(), digests, NULL, result, fault);

	return receive_went_on(intake, fine, fault) &&
	       (intake->refused || receive_went_on(intake, intake_read(intake, fault), fault));
}

/* The options of one file of several: its place is its own. */
static bool read_all(struct stage *stage, const struct receive_options *options, int count,
	const struct intake_digests *digests, struct intake *intakes, int *opened, struct receive_result *results,
	struct fault *fault)
{
	for (int i = 0; i < count; i++)
		if (!intake_options_check(stage, &options[i], fault))
			return false;
	for (int i = 0; i < count; i++) {
		struct source *source = source_open(options[i].path, fault);

		assert(options[i].file_index == options[0].file_index + i && options[i].across == NULL);
		if (source == NULL)
			return false;
		(*opened)++;
		if (!receive_check_source(&intakes[i], stage, &options[i], source, digests, &results[i], fault))
			return false;
	}
	return true;
}

enum receive_verdict receive_check_all(struct stage *stage, const struct receive_options *options, int count,
	const struct finding_sink *sinks, struct receive_result *results, struct repeats **across, struct fault *fault)
{
	struct intake *intakes;
	struct intake_digests digests;
	enum receive_verdict verdict = RECEIVE_NEW;
	int opened = 0;

	assert(count > 0 && count <= RECEIVE_FILES_MAX);
	memset(results, 0, (size_t)count * sizeof(*results));
	intakes = memory_new((size_t)count * sizeof(*intakes));
	if (!intake_digests_open(&digests, intake_folder(), true, fault) ||
		!read_all(stage, options, count, &digests, intakes, &opened, results, fault) ||
		!end_all(intakes, count, sinks, fault))
		verdict = receive_failed(fault);
	for (int i = 0; i < opened; i++) {
		if (verdict == RECEIVE_NEW && results[i].verdict == RECEIVE_REFUSED)
			verdict = RECEIVE_REFUSED;
		intake_close(&intakes[i]);
	}
	if (across != NULL) {
		*across = digests.references;
		digests.references = NULL;
	}
	intake_digests_close(&digests);
	free(intakes);
	return verdict;
}

enum receive_verdict receive_check(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault)
{
	return receive_check_all(stage, options, 1, sink, result, NULL, fault);
}
