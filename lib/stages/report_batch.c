/* The two reports of a batch in its folder, the older ones kept, and the event that says what was written. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "stages/report_parts.h"

#define KEPT_SAME_SECOND 1000 /* reports of one second that are kept beside each other */

struct batch_report {
	const struct report_format *format;
	const char *name, *ending;
	char *path;
	char hex[2 * SHA256_SIZE + 1];
};

/* "2026-11-20T083000Z": ISO 8601 without colons, which some file systems refuse. */
static void add_date(struct buf *name, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];

	clock_iso_s(utc_ms, iso);
	for (size_t i = 0; iso[i] != '\0'; i++)
		if (iso[i] != ':')
			buf_addc(name, iso[i]);
}

/* link() never replaces. Where the file system has no links, the run's lease keeps others away between the two. */
static bool keep_as(const char *path, const struct stat *older, const char *kept, bool *taken)
{
	struct stat there;
	int number;

	if (link(path, kept) == 0)
		return true;
	number = errno;
	*taken = lstat(kept, &there) == 0;
	errno = number;
	if (*taken) /* by itself, where a run died between here and the rename */
		return there.st_dev == older->st_dev && there.st_ino == older->st_ino;
	return (errno == EPERM || errno == ENOTSUP || errno == EMLINK) && rename(path, kept) == 0;
}

/* An older report gets a second name, by its date, before the new one takes the first: it is never missing. */
static bool keep_older(const char *folder, const struct batch_report *report, struct fault *fault)
{
	struct stat older;
	struct buf kept = {0};
	bool taken = true, done = false;

	if (lstat(report->path, &older) != 0 || !S_ISREG(older.st_mode))
		return true;
	for (int i = 1; !done && taken && i < KEPT_SAME_SECOND; i++) {
		buf_reset(&kept);
		buf_addf(&kept, "%s/%s.", folder, report->name);
		add_date(&kept, (int64_t)older.st_mtim.tv_sec * 1000);
		if (i > 1)
			buf_addf(&kept, ".%d", i);
		buf_addz(&kept, report->ending);
		done = keep_as(report->path, &older, buf_str(&kept), &taken);
	}
	if (!done)
		fault_errno(fault, FAULT_OPERATION, "OUTPUT_FAILED",
			"Check the folder and its permissions, then run the same command again.",
			"could not keep the older report %s as %s", report->path, buf_str(&kept));
	buf_release(&kept);
	return done;
}

static bool write_one(struct stage *stage, int64_t batch, const char *folder, struct batch_report *report,
	struct sha256 *sha, struct fault *fault)
{
	struct report_options options = {.batch = batch};
	uint8_t digest[SHA256_SIZE];
	struct file_out out;

	if (!file_create(&out, report->path, fault))
		return false;
	sha256_begin(sha);
	out.digest = sha;
	if (!report_send(stage, &options, report->format, &out, false, fault) || !keep_older(folder, report, fault)) {
		file_abandon(&out);
		return false;
	}
	if (!file_commit(&out, true, fault))
		return false;
	sha256_end(sha, digest);
	text_hex(digest, SHA256_SIZE, report->hex);
	return true;
}

static bool write_event(struct stage *stage, int64_t batch, const struct batch_report *reports, struct fault *fault)
{
	struct buf evidence = {0};
	bool done;

	buf_addf(&evidence, "{\"payouts.csv\":\"%s\",\"report.json\":\"%s\"}", reports[0].hex, reports[1].hex);
	done = journal_begin(stage->journal, fault);
	if (done) {
		done = journal_event_add(stage->journal, "report", batch, 0, 0, buf_text(&evidence), TEXT(""), fault) &&
		       journal_commit(stage->journal, fault);
		if (!done)
			journal_rollback(stage->journal);
	}
	buf_release(&evidence);
	return done;
}

/* "." and ".." are good names of batches, but not of folders. */
static char *folder_named(const char *folder, const char *batch)
{
	struct buf name = {0};
	char *path;

	if (strcmp(batch, ".") == 0 || strcmp(batch, "..") == 0)
		buf_addc(&name, '_');
	buf_addz(&name, batch);
	path = file_join(folder, buf_str(&name));
	buf_release(&name);
	return path;
}

static bool folder_of(struct stage *stage, int64_t id, const char *folder, char **path, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_batch batch;
	bool done = journal_batch_get(stage->journal, id, &arena, &batch, fault);

	if (done)
		*path = folder_named(folder, batch.name);
	arena_release(&arena);
	return done && file_make_folder(*path, fault);
}

static bool tell_path(const char *path, char out[512], struct fault *fault)
{
	size_t len = strlen(path);

	if (len >= 512)
		return fault_set(fault, FAULT_OPERATION, "OUTPUT_FAILED", "Choose a folder with a shorter name.",
			"could not write the reports: the path of their folder is too long");
	memcpy(out, path, len + 1);
	return true;
}

bool report_batch(struct stage *stage, int64_t batch, const char *folder, char paths[2][512], struct fault *fault)
{
	struct batch_report reports[2] = {
		{.format = &report_csv, .name = "payouts", .ending = ".csv"},
		{.format = &report_json, .name = "report", .ending = ".json"},
	};
	struct sha256 *sha = sha256_new();
	char *own = NULL;
	bool done;

	done = folder_of(stage, batch, folder, &own, fault) && journal_read_begin(stage->journal, fault);
	if (done) {
		reports[0].path = file_join(own, "payouts.csv");
		reports[1].path = file_join(own, "report.json");
	}
	for (int i = 0; done && i < 2; i++)
		done = tell_path(reports[i].path, paths[i], fault) &&
		       write_one(stage, batch, own, &reports[i], sha, fault);
	journal_read_end(stage->journal);
	done = done && write_event(stage, batch, reports, fault);
	for (int i = 0; i < 2; i++)
		free(reports[i].path);
	free(own);
	sha256_free(sha);
	return done;
}
