#include "journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tick.h"
#include "journal/inside.h"

#define RETRY_MS 100
#define RECOVER_AT_A_TIME 256

/* The file is opened once and stays open: any close of it in this process would drop the lock (fcntl(2)). */
static bool lock_open(struct journal *journal, int flags, struct fault *fault)
{
	if (journal->lock_fd >= 0)
		return true;
	journal->lock_fd = open(journal->lock_path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (journal->lock_fd >= 0 && fstat(journal->lock_fd, &journal->lock_file) == 0)
		return true;
	return fault_errno(fault, FAULT_USAGE, "", "check the rights of the journal's folder", "cannot open %s",
		journal->lock_path);
}

void lease_release(struct journal *journal)
{
	if (journal->lock_fd >= 0)
		close(journal->lock_fd);
	journal->lock_fd = -1;
	journal->leased = false;
}

/* Another process may have put another file in its place, which others lock then. Asked before every send; an open
 * file keeps its own number. */
static bool file_is_in_place(const struct journal *journal)
{
	const struct stat *held = &journal->lock_file;
	struct stat there;

	return journal->lock_fd >= 0 && stat(journal->lock_path, &there) == 0 && held->st_dev == there.st_dev &&
	       held->st_ino == there.st_ino;
}

enum try { TRY_FAILED = 0, TRY_BUSY, TRY_LOCKED };

static enum try try_lock(struct journal *journal, struct fault *fault)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (!lock_open(journal, O_RDWR | O_CREAT, fault))
		return TRY_FAILED;
	if (fcntl(journal->lock_fd, F_SETLK, &lock) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			return TRY_BUSY;
		fault_errno(fault, FAULT_USAGE, "", "keep the journal on a local disk", "cannot lock %s",
			journal->lock_path);
		return TRY_FAILED;
	}
	if (file_is_in_place(journal))
		return TRY_LOCKED;
	lease_release(journal); /* an orphan was locked: the next try opens what is there now */
	return TRY_BUSY;
}

static void take_holder(void *context, const struct cell *row)
{
	struct text user = row[1].text, host = row[2].text;
	char since[CLOCK_ISO_SIZE];
	struct buf *buf = context;

	clock_iso_s(row[4].number, since);
	buf_addf(buf, "%.*s on %.*s, pid %lld, since %s", (int)user.len, user.ptr, (int)host.len, host.ptr,
		(long long)row[3].number, since);
}

/* What the lease's row says: only text for a message. */
static void describe_holder(struct journal *journal, char *holder, size_t size)
{
	struct buf shown = {0};
	struct fault ignored = {0};
	bool found = false;

	buf_reset(&journal->text);
	if (!store_one(journal, LEASE_GET, NO_CELLS, take_holder, &journal->text, &found, &ignored) || !found)
		buf_addz(&journal->text, "another process");
	text_show(&shown, buf_text(&journal->text), 0);
	snprintf(holder, size, "%s", buf_str(&shown));
	buf_release(&shown);
}

static bool lock_wait(struct journal *journal, int64_t wait_ms, bool (*interrupted)(void *context), void *context,
	struct fault *fault)
{
	struct timespec pause = {.tv_nsec = RETRY_MS * 1000000L};
	char holder[400];
	enum try result;

	for (int64_t waited = 0; (result = try_lock(journal, fault)) == TRY_BUSY; waited += RETRY_MS) {
		bool stop = interrupted != NULL && interrupted(context);

		if (stop || waited >= wait_ms) {
			describe_holder(journal, holder, sizeof(holder));
			return fault_set(fault, stop ? FAULT_STOPPED : FAULT_LOCKED, "JOURNAL_LOCKED",
				"wait for it, or let this one wait with --lock-wait SECONDS",
				"another run holds the journal %s: %s", journal->path, holder);
		}
		nanosleep(&pause, NULL);
	}
	return result == TRY_LOCKED;
}

/* What an earlier run left as sending may be on the wire or not: nobody knows. */
static bool recover_some(struct journal *journal, int64_t *after, int *count, struct fault *fault)
{
	struct attempt_filter filter = {.states = STATE_SET(PAYOUT_SENDING), .after = *after};
	struct attempt list[RECOVER_AT_A_TIME];
	struct arena arena = {0};
	enum move_result result = MOVE_LOST;
	bool ok = journal_attempt_list(journal, &filter, &arena, list, RECOVER_AT_A_TIME, count, fault);

	for (int i = 0; ok && i < *count; i++) {
		struct attempt moved = list[i];

		moved.state = PAYOUT_UNKNOWN;
		ok = journal_move(journal, &list[i], &moved, TEXT("\"cause\":\"lease taken\""), &result, fault);
		assert(!ok || result == MOVE_DONE); /* nobody else writes inside our transaction */
		*after = list[i].id;
	}
	arena_release(&arena);
	return ok;
}

static bool recover(struct journal *journal, int64_t *recovered, struct fault *fault)
{
	int64_t after = 0;
	int count = RECOVER_AT_A_TIME;
	bool found = false, ok;

	*recovered = 0;
	/* Mostly there is none: it has an index, for a list would look at every attempt. */
	ok = store_number(journal, ATTEMPT_SENDING, NO_CELLS, &after, &found, fault);
	after--;
	while (ok && found && count == RECOVER_AT_A_TIME) {
		ok = recover_some(journal, &after, &count, fault);
		*recovered += ok ? count : 0;
	}
	return ok && destinations_recover(journal, fault);
}

static bool take_in_journal(struct journal *journal, int64_t *recovered, struct fault *fault)
{
	bool found = false, ok;

	if (!journal_begin(journal, fault))
		return false;
	ok = store_run(journal, LEASE_TAKE,
		     CELLS(cell_text(text_of(journal->actor.user)), cell_text(text_of(journal->actor.host)),
			     cell_number(getpid()), cell_number(clock_now(journal->clock).utc_ms)),
		     NULL, fault) &&
	     store_number(journal, LEASE_GET, NO_CELLS, &journal->fence, &found, fault) &&
	     recover(journal, recovered, fault);
	if (!ok) {
		journal_rollback(journal);
		return false;
	}
	journal->leased = true; /* from here on the commit checks the number */
	return journal_commit(journal, fault);
}

bool journal_lease_take(struct journal *journal, int64_t wait_ms, bool (*interrupted)(void *context), void *context,
	int64_t *recovered, struct fault *fault)
{
	assert(!journal->leased && !journal->read_only);
	tick("lease.before_take");
	if (!lock_wait(journal, wait_ms, interrupted, context, fault))
		return false;
	tick("lease.lock");
	if (!take_in_journal(journal, recovered, fault)) {
		journal_lease_drop(journal);
		return false;
	}
	tick("lease.take");
	return true;
}

bool lease_fence_check(struct journal *journal, struct fault *fault)
{
	char holder[400];
	int64_t fence = 0;
	bool found = false;

	if (!journal->leased)
		return true;
	if (!store_number(journal, LEASE_GET, NO_CELLS, &fence, &found, fault))
		return false;
	if (found && fence == journal->fence)
		return true;
	describe_holder(journal, holder, sizeof(holder));
	return fault_set(fault, FAULT_LOCKED, "JOURNAL_LOCKED",
		"look at what that run reports; then run `payrun resume`",
		"another run took over the journal %s: %s; nothing more was recorded by this one", journal->path,
		holder);
}

bool journal_lease_ours(const struct journal *journal)
{
	return journal->leased && file_is_in_place(journal);
}

void journal_lease_drop(struct journal *journal)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	journal->leased = false;
	if (journal->lock_fd >= 0)
		(void)fcntl(journal->lock_fd, F_SETLK, &lock);
}
