#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tick.h"
#include "journal/inside.h"

static bool draw_id(char id[33], struct fault *fault)
{
	uint8_t bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "cannot draw random numbers");
	text_hex(bytes, sizeof(bytes), id);
	return true;
}

static bool add_meta(struct journal *journal, const char *name, const char *value, struct fault *fault)
{
	return store_run(journal, META_ADD, CELLS(cell_text(text_of(name)), cell_text(text_of(value))), NULL, fault);
}

/* Id, namespace, an idle lease and the first event. */
static bool fill(struct journal *journal, struct fault *fault)
{
	char now[CLOCK_ISO_SIZE];
	struct event event = {.kind = "journal", .from = "", .to = ""};

	clock_iso_ms(clock_now(journal->clock).utc_ms, now);
	buf_reset(&journal->evidence);
	buf_addc(&journal->evidence, '{');
	json_name(&journal->evidence, "id");
	buf_add_json(&journal->evidence, text_of(journal->id));
	json_name(&journal->evidence, "namespace");
	buf_add_json(&journal->evidence, text_of(journal->namespace_text));
	buf_addc(&journal->evidence, '}');
	event.evidence = buf_text(&journal->evidence);
	return journal_begin(journal, fault) && add_meta(journal, "id", journal->id, fault) &&
	       add_meta(journal, "namespace", journal->namespace_text, fault) &&
	       add_meta(journal, "created_at", now, fault) && store_run(journal, LEASE_INIT, NO_CELLS, NULL, fault) &&
	       event_write(journal, &event, fault) && journal_commit(journal, fault);
}

/* A head file that lies there already may be of a journal that was lost: one made anew beside it would pay again. */
static bool head_is_free(const struct journal *journal, struct fault *fault)
{
	struct stat status;

	if (stat(journal->head_path, &status) != 0 && errno == ENOENT)
		return true;
	return fault_set(fault, FAULT_USAGE, "JOURNAL_BEHIND",
		"restore that journal from its backup and run `payrun recover`; only when none of its payouts can "
		"matter "
		"any more, remove the file",
		"the head file %s exists: it belongs to another journal, which may have paid already",
		journal->head_path);
}

static bool make_head_folder(const struct journal *journal, struct fault *fault)
{
	char *folder = file_folder(journal->head_path);
	bool ok = file_make_folder(folder, fault);

	free(folder);
	return ok;
}

static bool sync_folder(const char *folder, struct fault *fault)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = file >= 0 && fsync(file) == 0;

	if (!ok)
		fault_errno(fault, FAULT_OPERATION, "", NULL, "cannot make the folder %s durable", folder);
	if (file >= 0)
		close(file);
	return ok;
}

/* Gives the finished database its name, which must be free. */
static bool put_in_place(const char *temporary, const struct journal_options *options, struct fault *fault)
{
	bool linked;

	tick("create.before_link");
	linked = link(temporary, options->path) == 0;
	/* Where a file has one name only, the free place that was seen before must do. */
	if (!linked && (errno == EPERM || errno == ENOTSUP || errno == ENOSYS))
		linked = rename(temporary, options->path) == 0;
	if (!linked)
		return fault_errno(fault, FAULT_USAGE, "", "name another file with the setting `journal`",
			"cannot create the journal %s", options->path);
	tick("create.link");
	return true;
}

static bool fill_file(
	struct journal *journal, const struct journal_options *options, const char *temporary, struct fault *fault)
{
	struct journal_options inner = *options;

	inner.path = temporary;
	inner.read_only = false;
	return journal_set_up(journal, &inner, fault) && draw_id(journal->id, fault) &&
	       (journal->namespace_text = memory_string(options->namespace_text)) != NULL &&
	       head_resolve(journal, options->head_file, fault) && head_is_free(journal, fault) &&
	       make_head_folder(journal, fault) && fill(journal, fault);
}

static bool target_is_free(const char *path, struct fault *fault)
{
	struct stat status;

	if (lstat(path, &status) != 0 && errno == ENOENT)
		return true;
	return fault_set(fault, FAULT_USAGE, "", "use it, or name another file with the setting `journal`",
		"there is something at %s already: nothing was changed", path);
}

bool journal_create(const struct journal_options *options, struct fault *fault)
{
	struct buf temporary = {0};
	struct journal *journal = memory_new(sizeof(*journal));
	char *folder = file_folder(options->path);
	bool made = false, head = false, ok;

	buf_addf(&temporary, "%s.%ld.new", options->path, (long)getpid());
	journal->backend = backend_sqlite();
	journal->lock_fd = -1;
	ok = target_is_free(options->path, fault) && (made = journal->backend->create(buf_str(&temporary), fault)) &&
	     fill_file(journal, options, buf_str(&temporary), fault) && (head = journal_head_write(journal, fault));
	if (ok) { /* closed first: its log is then part of the file */
		journal->backend->close(journal->store);
		journal->store = NULL;
		ok = put_in_place(buf_str(&temporary), options, fault) && sync_folder(folder, fault);
	}
	if (!ok && head)
		unlink(journal->head_path);
	journal_release(journal);
	if (made)
		unlink(buf_str(&temporary));
	buf_release(&temporary);
	free(folder);
	return ok;
}
