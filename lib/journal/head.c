#include "journal/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/tick.h"
#include "journal/inside.h"

#define HEAD_BYTES_MAX 256 /* 32 + 1 + 19 + 1 + 64 + 1 is the longest honest one */

static const char cure_behind[] = "run `payrun recover`: it asks the providers about everything since the last event";

bool head_resolve(struct journal *journal, const char *option, struct fault *fault)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	struct buf path = {0};

	if (option != NULL)
		buf_addz(&path, option);
	else if (state != NULL && state[0] == '/')
		buf_addf(&path, "%s/payrun/%s.head", state, journal->id);
	else if (home != NULL && home[0] == '/')
		buf_addf(&path, "%s/.local/state/payrun/%s.head", home, journal->id);
	if (path.len == 0)
		return fault_set(fault, FAULT_USAGE, "", "set `head_file` to a path outside the journal's folder",
			"there is no place for the head file of the journal %s: neither XDG_STATE_HOME nor HOME is set",
			journal->path);
	journal->head_path = memory_string(buf_str(&path));
	buf_release(&path);
	return true;
}

static bool write_line(struct journal *journal, int64_t seq, const char *hash, struct fault *fault)
{
	struct buf line = {0};
	bool ok;

	buf_addf(&line, "%s\t%lld\t%s\n", journal->id, (long long)seq, hash);
	tick("head.before_write");
	ok = file_replace(journal->head_path, buf_text(&line), false, fault);
	tick("head.write");
	buf_release(&line);
	return ok;
}

bool journal_head_write(struct journal *journal, struct fault *fault)
{
	struct chain chain = journal->chain;

	if (!journal->writing && !chain_read(journal, &chain, fault))
		return false;
	return write_line(journal, chain.seq, chain.hash, fault);
}

bool journal_head_mark(struct journal *journal, struct fault *fault)
{
	char none[2 * SHA256_SIZE + 1];

	memset(none, '0', sizeof(none) - 1); /* the hash of no event */
	none[sizeof(none) - 1] = '\0';
	return write_line(journal, 1, none, fault);
}

void journal_head_hold(struct journal *journal, bool hold)
{
	journal->head_held = hold;
}

struct head {
	struct text id, hash;
	int64_t seq;
};

static bool head_parse(struct text text, struct head *head)
{
	const char *first = memchr(text.ptr, '\t', text.len);
	const char *end = text.ptr + text.len;
	const char *second = first != NULL ? memchr(first + 1, '\t', (size_t)(end - first - 1)) : NULL;

	if (second == NULL || text.len == 0 || end[-1] != '\n')
		return false;
	head->id = (struct text){text.ptr, (size_t)(first - text.ptr)};
	head->hash = (struct text){second + 1, (size_t)(end - second - 2)};
	return head->hash.len == 2 * SHA256_SIZE &&
	       text_number((struct text){first + 1, (size_t)(second - first - 1)}, INT64_MAX, &head->seq);
}

int64_t journal_head_changed_ms(const struct journal *journal)
{
	struct buf bytes = {0};
	struct fault ignored = {0};
	struct head head;
	struct stat status;
	int64_t changed_ms = 0;

	if (file_read(journal->head_path, HEAD_BYTES_MAX, &bytes, NULL, &ignored) &&
		head_parse(buf_text(&bytes), &head) && text_is(head.id, journal->id) &&
		stat(journal->head_path, &status) == 0)
		/* Its contents may be older than the file, as in a copy; this is when it came to be this file here. */
		changed_ms = (int64_t)status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1000000 + 1;
	buf_release(&bytes);
	return changed_ms;
}

static void take_hash(void *context, const struct cell *row)
{
	text_hex(row[1].text.ptr, row[1].text.len < SHA256_SIZE ? row[1].text.len : SHA256_SIZE, context);
}

static bool behind(struct journal *journal, const char *why, struct fault *fault)
{
	return fault_set(fault, FAULT_BREAK, "JOURNAL_BEHIND", cure_behind,
		"the journal %s may be an old copy: %s %s; nothing is sent", journal->path, journal->head_path, why);
}

static bool same_folder(const struct journal *journal)
{
	char *folder = file_folder(journal->head_path);
	struct stat head, own;
	bool same = stat(folder, &head) == 0 && stat(journal->folder, &own) == 0 && head.st_dev == own.st_dev &&
		    head.st_ino == own.st_ino;

	free(folder);
	return same;
}

static bool compare(struct journal *journal, const struct head *head, struct fault *fault)
{
	char hash[2 * SHA256_SIZE + 1] = "";
	bool found = false;

	if (!text_is(head->id, journal->id))
		return behind(journal, "is of another journal", fault);
	if (!store_one(journal, EVENT_GET, CELLS(cell_number(head->seq)), take_hash, hash, &found, fault))
		return false;
	if (!found)
		return behind(journal, "knows of later events", fault);
	return text_is(head->hash, hash) || behind(journal, "has another event under the same number", fault);
}

bool journal_head_check(struct journal *journal, bool *in_same_folder, struct fault *fault)
{
	struct buf bytes = {0};
	struct head head;
	struct fault unreadable = {0};
	int error = 0;
	bool ok;

	*in_same_folder = same_folder(journal);
	if (!file_read(journal->head_path, HEAD_BYTES_MAX, &bytes, &error, &unreadable))
		ok = behind(journal, error == ENOENT ? "is missing" : "cannot be read", fault);
	else if (!head_parse(buf_text(&bytes), &head))
		ok = behind(journal, "is damaged", fault);
	else
		ok = compare(journal, &head, fault);
	buf_release(&bytes);
	return ok;
}

/* --- recovered ---------------------------------------------------------------------------------------------------- */

static void take_recovered(void *context, const struct cell *row)
{
	buf_addt(context, row[0].text);
}

/* Rows of meta never change: each time is one more, recovered_1 the first. */
static bool recovered_last(struct journal *journal, int *count, struct buf *value, struct fault *fault)
{
	struct buf name = {0};
	bool found = true, ok = true;
	*count = 0;
	while (ok && found) {
		struct buf next = {0};
		buf_reset(&name);
		buf_addf(&name, "recovered_%d", *count + 1);
		ok = store_one(
			journal, META_GET, CELLS(cell_text(buf_text(&name))), take_recovered, &next, &found, fault);
		if (ok && found) {
			(*count)++;
			buf_reset(value);
			buf_addt(value, buf_text(&next));
		}
		buf_release(&next);
	}
	buf_release(&name);
	return ok;
}

bool journal_recovered_note(struct journal *journal, struct fault *fault)
{
	struct buf name = {0}, value = {0};
	int count = 0;
	bool ok = recovered_last(journal, &count, &value, fault);
	if (ok) {
		buf_addf(&name, "recovered_%d", count + 1);
		buf_reset(&value);
		buf_addf(&value, "%" PRId64, clock_now(journal->clock).utc_ms);
		ok = store_run(journal, META_ADD, CELLS(cell_text(buf_text(&name)), cell_text(buf_text(&value))), NULL,
			     fault) &&
		     journal_event_add(journal, "notice", 0, 0, 0, text_of("{\"recovered\":true}"), text_of(""), fault);
	}
	buf_release(&name);
	buf_release(&value);
	return ok;
}

bool journal_recovered_ms(struct journal *journal, int64_t *utc_ms, struct fault *fault)
{
	struct buf value = {0};
	int count = 0;
	*utc_ms = 0;
	bool ok = recovered_last(journal, &count, &value, fault);
	if (ok && count > 0 && !text_number(buf_text(&value), INT64_MAX, utc_ms))
		ok = fault_set(fault, FAULT_OPERATION, "JOURNAL_CORRUPT", "Run `payrun verify`.",
			"the journal %s does not say when it was recovered", journal->path);
	buf_release(&value);
	return ok;
}
