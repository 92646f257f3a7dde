#include "run/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "stages/repeats.h"
#include "stages/report.h"

static void tell_nobody(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

void run_files_init(struct run_files *files, int count)
{
	files->count = count;
	files->options = memory_new(sizeof *files->options * (size_t)count);
	files->sinks = memory_new(sizeof *files->sinks * (size_t)count);
	files->results = memory_new(sizeof *files->results * (size_t)count);
	for (int i = 0; i < count; i++) {
		files->options[i].expect_count = -1;
		files->options[i].file_index = i;
		files->sinks[i].add = tell_nobody;
	}
}

void run_files_release(struct run_files *files)
{
	free(files->options);
	free(files->sinks);
	free(files->results);
	memset(files, 0, sizeof *files);
}

enum receive_verdict run_check(struct stage *stage, struct run_files *files, struct fault *fault)
{
	if (files->count == 1)
		return receive_check(stage, files->options, files->sinks, files->results, fault);
	return receive_check_all(stage, files->options, files->count, files->sinks, files->results, NULL, fault);
}

/* --- submit ------------------------------------------------------------------------------------------------------- */

struct passes {
	struct stage *stage;
	struct run_submit *submit;
	struct run_result *result;
	struct repeats *across; /* of several files */
	char (*hashes)[65];     /* what each file was when it was checked */
	off_t input_at;         /* where standard input stood, when it is read more than once */
	struct fault *fault;
};

static bool several_passes(const struct run_submit *submit)
{
	return submit->files->count > 1 || submit->teller->confirm != NULL;
}

/* Standard input can be read again only where it is a file; a pipe and a terminal give their bytes once. */
static bool input_repeats(struct passes *passes)
{
	const struct run_files *files = passes->submit->files;
	for (int i = 0; i < files->count; i++) {
		if (strcmp(files->options[i].path, "-") != 0)
			continue;
		passes->input_at = lseek(STDIN_FILENO, 0, SEEK_CUR);
		if (passes->input_at < 0)
			return fault_set(passes->fault, FAULT_USAGE, "",
				"Give it alone and with --yes, or write it to a file first.",
				"standard input: it can be read only once, and here it would be read twice");
	}
	return true;
}

static void input_again(const struct passes *passes, const struct receive_options *options)
{
	if (strcmp(options->path, "-") == 0 && passes->input_at > 0)
		(void)!lseek(STDIN_FILENO, passes->input_at, SEEK_SET);
	else if (strcmp(options->path, "-") == 0)
		(void)!lseek(STDIN_FILENO, 0, SEEK_SET);
}

/* All files read once, for what they repeat of one another. */
static enum receive_verdict pass_across(struct passes *passes)
{
	struct run_files *files = passes->submit->files;
	struct run_files silent;
	run_files_init(&silent, files->count);
	memcpy(silent.options, files->options, sizeof *files->options * (size_t)files->count);
	for (int i = 0; i < files->count; i++)
		silent.options[i].write_errors = false;
	enum receive_verdict verdict = receive_check_all(passes->stage, silent.options, files->count, silent.sinks,
		silent.results, &passes->across, passes->fault);
	for (int i = 0; i < files->count; i++)
		memcpy(passes->hashes[i], silent.results[i].sha256_hex, sizeof *passes->hashes);
	run_files_release(&silent);
	return verdict;
}

static struct receive_options options_of(const struct passes *passes, int index, bool keep)
{
	struct receive_options options = passes->submit->files->options[index];
	options.keep = keep;
	options.hold = passes->submit->hold;
	options.tally = passes->submit->dry_run ? passes->submit->tally : NULL;
	if (passes->submit->files->count > 1) {
		options.across = passes->across;
		options.file_index = index;
		options.sha256_hex = passes->hashes[index][0] != '\0' ? passes->hashes[index] : NULL;
	}
	return options;
}

/* Each file against the journal, without keeping anything: findings and error files are told here. */
static enum receive_verdict pass_judge(struct passes *passes)
{
	struct run_files *files = passes->submit->files;
	enum receive_verdict whole = RECEIVE_NEW;
	for (int i = 0; i < files->count; i++) {
		struct receive_options options = options_of(passes, i, false);
		input_again(passes, &options);
		enum receive_verdict verdict =
			receive_file(passes->stage, &options, &files->sinks[i], &files->results[i], passes->fault);
		if (verdict == RECEIVE_FAULT || verdict == RECEIVE_STOPPED)
			return verdict;
		if (verdict == RECEIVE_REFUSED)
			whole = RECEIVE_REFUSED;
	}
	return whole;
}

static void received(struct passes *passes, const struct receive_result *result)
{
	passes->result->batches[passes->result->batch_count++] = result->batch;
	if (passes->submit->teller->received != NULL)
		passes->submit->teller->received(passes->submit->teller->context, result);
}

/* Keeps a file that was judged before; its findings were told then. */
static enum receive_verdict keep_judged(struct passes *passes, int index)
{
	struct run_files *files = passes->submit->files;
	struct receive_options options = options_of(passes, index, true);
	struct finding_sink nobody = {.add = tell_nobody};
	char error_file[sizeof files->results->error_file];
	char lacks[sizeof files->results->error_file_lacks];
	memcpy(error_file, files->results[index].error_file, sizeof error_file);
	memcpy(lacks, files->results[index].error_file_lacks, sizeof lacks);
	options.write_errors = false;
	input_again(passes, &options);
	enum receive_verdict verdict =
		receive_file(passes->stage, &options, &nobody, &files->results[index], passes->fault);
	memcpy(files->results[index].error_file, error_file, sizeof error_file);
	memcpy(files->results[index].error_file_lacks, lacks, sizeof lacks);
	return verdict;
}

static enum receive_verdict pass_keep(struct passes *passes)
{
	struct run_files *files = passes->submit->files;
	for (int i = 0; i < files->count; i++) {
		enum receive_verdict verdict = files->results[i].verdict;
		if (verdict == RECEIVE_REFUSED) {
			passes->result->some_refused = true;
			continue;
		}
		if (verdict != RECEIVE_KNOWN)
			verdict = keep_judged(passes, i);
		if (verdict != RECEIVE_NEW && verdict != RECEIVE_KNOWN)
			return verdict;
		received(passes, &files->results[i]);
	}
	return RECEIVE_NEW;
}

static enum receive_verdict pass_single(struct passes *passes)
{
	struct run_files *files = passes->submit->files;
	struct receive_options options = options_of(passes, 0, true);
	enum receive_verdict verdict =
		receive_file(passes->stage, &options, files->sinks, files->results, passes->fault);
	if (verdict == RECEIVE_NEW || verdict == RECEIVE_KNOWN) {
		received(passes, files->results);
		return RECEIVE_NEW;
	}
	return verdict;
}

static enum run_end end_of(enum receive_verdict verdict)
{
	switch (verdict) {
	case RECEIVE_REFUSED:
		return RUN_REFUSED;
	case RECEIVE_STOPPED:
		return RUN_HALTED;
	case RECEIVE_NEW:
	case RECEIVE_KNOWN:
		return RUN_ENDED;
	case RECEIVE_FAULT:
		break;
	}
	return RUN_FAULT;
}

/* All files judged, the person asked, then all of them kept. */
static enum run_end receive_in_passes(struct passes *passes)
{
	struct run_submit *submit = passes->submit;
	bool again = submit->files->count > 1 || !submit->dry_run;
	if (again && !input_repeats(passes))
		return RUN_FAULT;
	if (submit->files->count > 1) {
		enum receive_verdict verdict = pass_across(passes);
		if (verdict == RECEIVE_FAULT || verdict == RECEIVE_STOPPED)
			return end_of(verdict);
	}
	enum receive_verdict verdict = pass_judge(passes);
	bool skips = submit->files->count > 1 && submit->files->options[0].on_error == ON_ERROR_SKIP;
	if (verdict != RECEIVE_NEW && !(verdict == RECEIVE_REFUSED && skips))
		return end_of(verdict);
	passes->result->some_refused = verdict == RECEIVE_REFUSED;
	if (submit->dry_run)
		return RUN_ENDED;
	if (submit->teller->confirm != NULL) {
		enum run_answer answer = submit->teller->confirm(submit->teller->context, submit->files);
		if (answer != RUN_YES)
			return answer == RUN_STOPPED ? RUN_HALTED : RUN_DECLINED;
	}
	return end_of(pass_keep(passes));
}

static enum run_end send(struct passes *passes)
{
	struct run_submit *submit = passes->submit;
	struct run_result *result = passes->result;
	submit->loop.batches = result->batches;
	submit->loop.batch_count = result->batch_count;
	submit->loop.send = true;
	result->sent = true;
	if (submit_run(passes->stage, &submit->loop, &result->loop, passes->fault) == SUBMIT_FAILED)
		return RUN_FAULT;
	return RUN_ENDED;
}

enum run_end run_submit(struct stage *stage, struct run_submit *submit, struct run_result *result, struct fault *fault)
{
	struct passes passes = {.stage = stage, .submit = submit, .result = result, .fault = fault};
	enum run_end end;
	memset(result, 0, sizeof *result);
	result->batches = memory_new(sizeof *result->batches * (size_t)submit->files->count);
	passes.hashes = memory_new(sizeof *passes.hashes * (size_t)submit->files->count);
	if (submit->dry_run || several_passes(submit))
		end = receive_in_passes(&passes);
	else
		end = end_of(pass_single(&passes));
	if (end == RUN_ENDED && !submit->dry_run && !submit->hold && result->batch_count > 0)
		end = send(&passes);
	if (passes.across != NULL)
		repeats_close(passes.across);
	free(passes.hashes);
	return end;
}

bool run_reports(struct stage *stage, int64_t batch, const char *folder, char paths[2][512], struct fault *fault)
{
	return report_batch(stage, batch, folder != NULL ? folder : stage->config->reports, paths, fault);
}
