#include "journal/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/tick.h"
#include "journal/inside.h"
#include "journal/receiving.h"

/* --- small helpers ----------------------------------------------------------------------------------------------- */

bool store_one(struct journal *journal, enum statement statement, const struct cell *args, size_t count,
	void (*take)(void *context, const struct cell *row), void *context, bool *found, struct fault *fault)
{
	const struct backend *backend = journal->backend;
	struct store_cursor *cursor = backend->query(journal->store, statement, args, count, fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL && backend->next(cursor, &row, fault);

	*found = row != NULL;
	if (*found)
		take(context, row);
	backend->done(cursor);
	return ok;
}

static void take_number(void *context, const struct cell *row)
{
	*(int64_t *)context = row[0].number;
}

bool store_number(struct journal *journal, enum statement statement, const struct cell *args, size_t count,
	int64_t *number, bool *found, struct fault *fault)
{
	return store_one(journal, statement, args, count, take_number, number, found, fault);
}

struct text keep(struct arena *arena, struct text text)
{
	return arena != NULL ? text_copy(arena, text) : text;
}

void json_name(struct buf *buf, const char *name)
{
	if (buf->len > 0 && buf->data[buf->len - 1] != '{' && buf->data[buf->len - 1] != '[')
		buf_addc(buf, ',');
	buf_addc(buf, '"');
	buf_addz(buf, name);
	buf_add(buf, "\":", 2);
}

/* --- opening and closing ----------------------------------------------------------------------------------------- */

static void add_escaped(struct buf *buf, const char *string)
{
	for (; *string != '\0'; string++)
		if (*string == '\t' || *string == '\n' || *string == '\\')
			buf_addf(buf, "\\%c", *string == '\t' ? 't' : *string == '\n' ? 'n' : '\\');
		else
			buf_addc(buf, *string);
}

static char *with_ending(const char *path, const char *ending)
{
	struct buf buf = {0};
	char *made;

	buf_addz(&buf, path);
	buf_addz(&buf, ending);
	made = memory_string(buf_str(&buf));
	buf_release(&buf);
	return made;
}

/* What can be set before the database is open. */
static void prepare(struct journal *journal, const struct journal_options *options)
{
	char *real;

	journal->backend = backend_sqlite();
	journal->clock = options->clock;
	journal->read_only = options->read_only;
	journal->actor = *options->who;
	journal->lock_fd = -1;
	journal->iso_ms = -1;
	journal->sha = sha256_new();
	journal->path = memory_string(options->path);
	journal->folder = file_folder(options->path);
	/* By whatever links it was reached: one journal, one lock. */
	real = realpath(options->path, NULL);
	journal->lock_path = with_ending(real != NULL ? real : options->path, ".lock");
	free(real);
	add_escaped(&journal->who, options->who->user);
	buf_addc(&journal->who, '\t');
	add_escaped(&journal->who, options->who->host);
	buf_addc(&journal->who, '\t');
	add_escaped(&journal->who, options->who->program);
}

static void take_text(void *context, const struct cell *row)
{
	buf_addt(context, row[0].text);
}

static bool meta_get(struct journal *journal, const char *name, struct buf *value, struct fault *fault)
{
	bool found;

	buf_reset(value);
	if (!store_one(journal, META_GET, CELLS(cell_text(text_of(name))), take_text, value, &found, fault))
		return false;
	return found ||
	       fault_set(fault, FAULT_OPERATION, "JOURNAL_CORRUPT",
		       "restore the newest backup, then run `payrun recover`; a journal that `payrun init` did "
		       "not finish can be removed",
		       "the journal %s has no %s", journal->path, name);
}

/* The database is open: whose journal it is, and where its chain ends. */
static bool identify(struct journal *journal, const struct journal_options *options, struct fault *fault)
{
	if (!meta_get(journal, "id", &journal->text, fault))
		return false;
	if (journal->text.len != 32)
		return fault_set(fault, FAULT_OPERATION, "JOURNAL_CORRUPT", "restore the newest backup",
			"the journal %s has a damaged id", journal->path);
	memcpy(journal->id, buf_str(&journal->text), sizeof(journal->id));
	if (!meta_get(journal, "namespace", &journal->text, fault))
		return false;
	journal->namespace_text = memory_string(buf_str(&journal->text));
	if (strcmp(journal->namespace_text, options->namespace_text) != 0)
		return fault_set(fault, FAULT_USAGE, "",
			"use the configuration that belongs to this journal; never change the namespace of one in use",
			"the journal %s is of the namespace %s, the configuration says %s", journal->path,
			journal->namespace_text, options->namespace_text);
	return head_resolve(journal, options->head_file, fault) && chain_read(journal, &journal->chain, fault);
}

bool journal_set_up(struct journal *journal, const struct journal_options *options, struct fault *fault)
{
	prepare(journal, options);
	journal->store = journal->backend->open(options->path, options->read_only, fault);
	return journal->store != NULL;
}

struct journal *journal_open(const struct journal_options *options, struct fault *fault)
{
	struct journal *journal = memory_new(sizeof(*journal));

	if (journal_set_up(journal, options, fault) && identify(journal, options, fault))
		return journal;
	journal_release(journal);
	return NULL;
}

void journal_release(struct journal *journal)
{
	if (journal == NULL)
		return;
	receiving_end(journal);
	journal->backend->close(journal->store);
	lease_release(journal);
	sha256_free(journal->sha);
	arena_release(&journal->cleaned);
	buf_release(&journal->who);
	buf_release(&journal->line);
	buf_release(&journal->evidence);
	buf_release(&journal->text);
	buf_release(&journal->content);
	free(journal->path);
	free(journal->folder);
	free(journal->lock_path);
	free(journal->head_path);
	free(journal->namespace_text);
	free(journal);
}

void journal_close(struct journal *journal)
{
	if (journal != NULL && journal->writing)
		journal_rollback(journal);
	journal_release(journal);
}

const char *journal_id(const struct journal *journal)
{
	return journal->id;
}

const char *journal_head_path(const struct journal *journal)
{
	return journal->head_path;
}

/* --- transactions ------------------------------------------------------------------------------------------------ */

bool journal_begin(struct journal *journal, struct fault *fault)
{
	assert(!journal->writing && !journal->reading && !journal->read_only);
	tick("journal.before_begin");
	if (!journal->backend->begin(journal->store, fault))
		return false;
	/* Others may have added to the chain since: approve, retry and resolve work beside a run. */
	if (!chain_read(journal, &journal->chain, fault)) {
		journal->backend->rollback(journal->store);
		return false;
	}
	journal->chain_at_begin = journal->chain;
	journal->writing = true;
	journal->claimed = false;
	tick("journal.begin");
	return true;
}

bool journal_read_begin(struct journal *journal, struct fault *fault)
{
	assert(!journal->writing && !journal->reading);
	journal->reading = journal->backend->read_begin(journal->store, fault);
	return journal->reading;
}

void journal_read_end(struct journal *journal)
{
	if (journal->reading)
		journal->backend->rollback(journal->store);
	journal->reading = false;
}

bool journal_commit(struct journal *journal, struct fault *fault)
{
	bool claimed = journal->claimed && !journal->head_held;

	assert(journal->writing && journal->receiving == NULL);
	tick("journal.before_commit");
	if (!lease_fence_check(journal, fault) || !journal->backend->commit(journal->store, fault)) {
		journal_rollback(journal);
		return false;
	}
	journal->writing = false;
	tick("journal.commit");
	return !claimed || journal_head_write(journal, fault);
}

void journal_rollback(struct journal *journal)
{
	if (!journal->writing)
		return; /* a commit that failed has rolled back already */
	tick("journal.before_rollback");
	receiving_end(journal);
	journal->backend->rollback(journal->store);
	journal->chain = journal->chain_at_begin;
	journal->writing = false;
	journal->claimed = false;
	journal->held.batch = 0;
	journal->boot = 0; /* what was learnt inside may be undone now */
	journal->identity_channel = 0;
	memset(journal->batch_names, 0, sizeof(journal->batch_names));
	tick("journal.rollback");
}
