#include "journal/sqlite.h"

#include <errno.h>

static const char cure_disk[] = "free some space there and run again: what was recorded before is safe";
static const char cure_corrupt[] = "keep a copy of the file, restore the newest backup, then run `payrun recover`";
static const char cure_locked[] = "run it again when the other command is done";
static const char cure_rights[] = "check the rights of the file and of its folder: both must be writable";

enum meaning { MEANS_OTHER = 0, MEANS_DISK, MEANS_CORRUPT, MEANS_LOCKED, MEANS_RIGHTS };

static enum meaning meaning_of(sqlite3 *db, int result)
{
	int cause = db != NULL ? sqlite3_system_errno(db) : 0;

	switch (result & 0xff) {
	case SQLITE_FULL:
		return MEANS_DISK;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return MEANS_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return MEANS_LOCKED;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return MEANS_RIGHTS;
	case SQLITE_IOERR:
		/* A short read of a page that must be there: the file was cut. */
		if (result == SQLITE_IOERR_SHORT_READ || result == SQLITE_IOERR_CORRUPTFS)
			return MEANS_CORRUPT;
		return cause == ENOSPC || cause == EDQUOT ? MEANS_DISK : MEANS_OTHER;
	default:
		return MEANS_OTHER;
	}
}

bool sqlite_fault(sqlite3 *db, int result, const char *path, const char *what, struct fault *fault)
{
	const char *why = db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(result);

	switch (meaning_of(db, result)) {
	case MEANS_DISK:
		return fault_set(fault, FAULT_OPERATION, "DISK_FULL", cure_disk,
			"cannot %s %s: no space left on its disk", what, path);
	case MEANS_CORRUPT:
		return fault_set(
			fault, FAULT_OPERATION, "JOURNAL_CORRUPT", cure_corrupt, "cannot %s %s: %s", what, path, why);
	case MEANS_LOCKED:
		return fault_set(fault, FAULT_LOCKED, "JOURNAL_LOCKED", cure_locked,
			"cannot %s %s: another process has been writing to it for too long", what, path);
	case MEANS_RIGHTS:
		return fault_set(fault, FAULT_USAGE, "", cure_rights, "cannot %s %s: %s", what, path, why);
	case MEANS_OTHER:
		break;
	}
	return fault_set(fault, FAULT_OPERATION, "", NULL, "cannot %s %s: %s", what, path, why);
}
