#include "journal/sqlite.h"

#include "base/buf.h"

/* Rows of some tables never change. */
#define NEVER(name, what, table)                                                                                       \
	"CREATE TRIGGER " name " BEFORE " what " ON " table " BEGIN SELECT RAISE(FAIL, 'rows of " table                \
	" are never changed'); END"

/* clang-format off */
static const char *const version_1[] = {
	/* What the journal is: id, namespace, created_at. */
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
	NEVER("meta_update", "UPDATE", "meta"),
	NEVER("meta_delete", "DELETE", "meta"),

	/* The fencing number, and text about who holds the lease; the lock itself is on JOURNAL.lock. */
	"CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), fence INTEGER NOT NULL, user TEXT NOT NULL, "
	"host TEXT NOT NULL, pid INTEGER NOT NULL, since INTEGER NOT NULL) STRICT",
	"CREATE TRIGGER lease_update BEFORE UPDATE ON lease WHEN new.fence <= old.fence BEGIN SELECT RAISE(FAIL, "
	"'a fencing number only grows'); END",
	NEVER("lease_delete", "DELETE", "lease"),
	"CREATE TABLE boots (id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE) STRICT",

	/* The chain. line: the bytes that are hashed. newest_ms: the latest time of all events so far. previous: the
	 * event before of the same attempt, 0 for its first; attempts.last_event leads to the newest, so that an
	 * attempt's history needs no index. */
	"CREATE TABLE events (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, newest_ms INTEGER NOT NULL, batch "
	"INTEGER NOT NULL, row INTEGER NOT NULL, attempt INTEGER NOT NULL, previous INTEGER NOT NULL, line TEXT "
	"NOT NULL) STRICT",
	"CREATE TRIGGER events_insert BEFORE INSERT ON events WHEN new.seq IS NOT coalesce((SELECT seq FROM events "
	"ORDER BY seq DESC LIMIT 1), 0) + 1 BEGIN SELECT RAISE(FAIL, 'events are only added at the end'); END",
	NEVER("events_update", "UPDATE", "events"),
	NEVER("events_delete", "DELETE", "events"),
	"CREATE TABLE event_rows (batch INTEGER NOT NULL, row INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY "
	"(batch, row, seq)) STRICT, WITHOUT ROWID",

	"CREATE TABLE channels (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, provider TEXT NOT NULL, mode "
	"TEXT NOT NULL, host TEXT NOT NULL, testmode INTEGER NOT NULL, sandbox INTEGER NOT NULL, identity TEXT "
	"NOT NULL, identity_id INTEGER NOT NULL) STRICT",
	NEVER("channels_update", "UPDATE", "channels"),
	NEVER("channels_delete", "DELETE", "channels"),

	"CREATE TABLE batches (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, sha256 BLOB "
	"NOT NULL, size INTEGER NOT NULL, received_at INTEGER NOT NULL, received_by TEXT NOT NULL, format TEXT "
	"NOT NULL, channel_option TEXT NOT NULL, profile_option TEXT NOT NULL, rows INTEGER NOT NULL DEFAULT 0, "
	"held_by_option INTEGER NOT NULL, control INTEGER NOT NULL, first_payout INTEGER NOT NULL DEFAULT 1, "
	"last_payout INTEGER NOT NULL DEFAULT 0, sealed INTEGER NOT NULL DEFAULT 0) STRICT",
	"CREATE INDEX batches_sha256 ON batches (sha256)",
	"CREATE TRIGGER batches_update BEFORE UPDATE ON batches WHEN old.sealed BEGIN SELECT RAISE(FAIL, 'a "
	"sealed batch is never changed'); END",
	NEVER("batches_delete", "DELETE", "batches"),
	"CREATE TABLE batch_totals (batch INTEGER NOT NULL REFERENCES batches (id), currency TEXT NOT NULL, "
	"decimals INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, minor INTEGER NOT NULL, "
	"PRIMARY KEY (batch, currency, decimals, state)) STRICT, WITHOUT ROWID",
	NEVER("batch_totals_update", "UPDATE", "batch_totals"),
	NEVER("batch_totals_delete", "DELETE", "batch_totals"),

	/* Rows of files, in file order. state: as received. body: the salt, then the content packed (pack.h); both are
	 * purged together. beneficiary_name and destination are the number of the content's field where they are one.
	 * Checks are arithmetic: IN (...) costs more than the row. */
	"CREATE TABLE payouts (id INTEGER PRIMARY KEY CHECK (id < 1099511627776), batch INTEGER NOT NULL, row "
	"INTEGER NOT NULL, line INTEGER NOT NULL, channel INTEGER NOT NULL, reference TEXT NOT NULL, currency TEXT "
	"NOT NULL, decimals INTEGER NOT NULL, amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0), state INTEGER "
	"NOT NULL CHECK (state BETWEEN 1 AND 4), note INTEGER NOT NULL, beneficiary_name ANY NOT NULL, destination ANY "
	"NOT NULL, body BLOB NOT NULL) STRICT",
	"CREATE TRIGGER payouts_update BEFORE UPDATE OF id, batch, row, line, channel, reference, currency, decimals, "
	"amount_minor ON payouts BEGIN SELECT RAISE(FAIL, 'a payout never changes'); END",
	"CREATE TRIGGER payouts_restate BEFORE UPDATE OF state, note ON payouts WHEN (SELECT b.sealed FROM batches b "
	"WHERE b.id = old.batch) BEGIN SELECT RAISE(FAIL, 'a row of a sealed batch never changes'); END",
	NEVER("payouts_delete", "DELETE", "payouts"),
	/* Why rows were not simply ready: one note for neighbours of which all say the same. */
	"CREATE TABLE notes (id INTEGER PRIMARY KEY, reason_code TEXT NOT NULL, reason TEXT NOT NULL, original "
	"INTEGER NOT NULL, not_before INTEGER NOT NULL) STRICT",
	NEVER("notes_update", "UPDATE", "notes"),
	NEVER("notes_delete", "DELETE", "notes"),

	/* Each side table is a constraint of its own, filled in order of its key. */
	"CREATE TABLE refs (reference TEXT PRIMARY KEY, payout INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	NEVER("refs_update", "UPDATE", "refs"),
	"CREATE TRIGGER refs_delete BEFORE DELETE ON refs WHEN (SELECT b.sealed FROM payouts p JOIN batches b ON "
	"b.id = p.batch WHERE p.id = old.payout) BEGIN SELECT RAISE(FAIL, 'a reference is bound for ever'); END",
	"CREATE TABLE keys (key BLOB PRIMARY KEY, attempt INTEGER NOT NULL) STRICT, WITHOUT ROWID",
	NEVER("keys_update", "UPDATE", "keys"),
	NEVER("keys_delete", "DELETE", "keys"),
	"CREATE TABLE provider_ids (identity_id INTEGER NOT NULL, provider_id TEXT NOT NULL, attempt INTEGER NOT "
	"NULL, PRIMARY KEY (identity_id, provider_id)) STRICT, WITHOUT ROWID",
	NEVER("provider_ids_update", "UPDATE", "provider_ids"),
	NEVER("provider_ids_delete", "DELETE", "provider_ids"),

	/* Digests of what makes payouts alike, sorted, in pieces: 12 bytes an entry, digest and place in the batch. */
	"CREATE TABLE similar (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, kind INTEGER NOT NULL, last "
	"INTEGER NOT NULL, entries BLOB NOT NULL) STRICT",
	"CREATE INDEX similar_last ON similar (batch, kind, last)",

	/* id: payout + (number - 1) * 2^40. 2041: the bits of the states an attempt can have (all but rejected and
	 * duplicate). 5 is sending: it never stands without a send that is open. */
	"CREATE TABLE attempts (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, row INTEGER NOT NULL, channel "
	"INTEGER NOT NULL, key BLOB NOT NULL, state INTEGER NOT NULL CHECK ((2041 >> state) & 1), version INTEGER "
	"NOT NULL DEFAULT 1, sends INTEGER NOT NULL DEFAULT 0 CHECK (sends >= 0), open_since INTEGER NOT NULL "
	"DEFAULT 0, open_boot_ms INTEGER NOT NULL DEFAULT 0, open_boot INTEGER NOT NULL DEFAULT 0, last_sent "
	"INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, submitted_at INTEGER NOT NULL DEFAULT "
	"0, last_event INTEGER NOT NULL DEFAULT 0, CHECK (state <> 5 OR (sends > 0 AND open_since > 0))) STRICT",
	"CREATE TRIGGER attempts_update BEFORE UPDATE OF id, batch, row, channel, key ON attempts BEGIN SELECT "
	"RAISE(FAIL, 'what an attempt is never changes'); END",
	"CREATE TRIGGER attempts_delete BEFORE DELETE ON attempts WHEN (SELECT b.sealed FROM batches b WHERE b.id "
	"= old.batch) BEGIN SELECT RAISE(FAIL, 'an attempt is never deleted'); END",
	"CREATE TABLE retries (payout INTEGER PRIMARY KEY, number INTEGER NOT NULL CHECK (number > 1)) STRICT",
	"CREATE TRIGGER retries_update BEFORE UPDATE ON retries WHEN new.number <> old.number + 1 BEGIN SELECT "
	"RAISE(FAIL, 'attempts are counted one by one'); END",
	NEVER("retries_delete", "DELETE", "retries"),

	/* What the provider said, once it said something. */
	"CREATE TABLE answers (attempt INTEGER PRIMARY KEY, last_refusal TEXT NOT NULL, last_refusal_at INTEGER "
	"NOT NULL, provider_id TEXT NOT NULL, provider_status TEXT NOT NULL, provider_code TEXT NOT NULL, "
	"reason_code TEXT NOT NULL, reason TEXT NOT NULL, tracking_ref TEXT NOT NULL, fee TEXT NOT NULL, "
	"fee_currency TEXT NOT NULL, target_amount TEXT NOT NULL, fx_rate TEXT NOT NULL, returned_amount TEXT NOT "
	"NULL, accepted_at INTEGER NOT NULL, settled_at INTEGER NOT NULL, returned_at INTEGER NOT NULL) STRICT",

	/* The canonical request, frozen: a resend uses these bytes. Emptied only to purge what it says. */
	"CREATE TABLE payloads (attempt INTEGER PRIMARY KEY, payload BLOB NOT NULL, sha256 BLOB NOT NULL) STRICT",
	"CREATE TRIGGER payloads_update BEFORE UPDATE ON payloads WHEN new.attempt <> old.attempt OR new.sha256 "
	"<> old.sha256 OR length(new.payload) > 0 BEGIN SELECT RAISE(FAIL, 'a payload is frozen'); END",
	NEVER("payloads_delete", "DELETE", "payloads"),
	NULL,
};

static const char *const version_2[] = {
	/* What a provider prepares before it pays to it: the hash of the body that creates it, no more of it. 1 is
	 * sending: it never stands without a creation that is open. */
	"CREATE TABLE destinations (id INTEGER PRIMARY KEY, identity_id INTEGER NOT NULL, channel INTEGER NOT NULL "
	"REFERENCES channels (id), body_sha256 BLOB NOT NULL CHECK (length(body_sha256) = 32), number INTEGER NOT "
	"NULL CHECK (number > 0), key BLOB NOT NULL UNIQUE, state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 "
	"AND 4), version INTEGER NOT NULL DEFAULT 1, sends INTEGER NOT NULL DEFAULT 0 CHECK (sends >= 0), open_since "
	"INTEGER NOT NULL DEFAULT 0, open_boot_ms INTEGER NOT NULL DEFAULT 0, open_boot INTEGER NOT NULL DEFAULT 0, "
	"last_sent INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, provider_id TEXT NOT NULL "
	"DEFAULT '', provider_status TEXT NOT NULL DEFAULT '', provider_code TEXT NOT NULL DEFAULT '', reason_code "
	"TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', last_event INTEGER NOT NULL, UNIQUE (identity_id, "
	"body_sha256, number), CHECK (state <> 1 OR (sends > 0 AND open_since > 0))) STRICT",
	"CREATE TRIGGER destinations_update BEFORE UPDATE OF id, identity_id, channel, body_sha256, number, key ON "
	"destinations BEGIN SELECT RAISE(FAIL, 'what a destination is never changes'); END",
	NEVER("destinations_delete", "DELETE", "destinations"),
	NULL,
};

static const char *const version_3[] = {
	/* The day an attempt was claimed on, YYYYMMDD in the zone of the run: against its limits it counts there. The
	 * index finds the claims of a day; what was never claimed is not in it. */
	"ALTER TABLE attempts ADD COLUMN claim_day INTEGER NOT NULL DEFAULT 0 CHECK (claim_day >= 0)",
	/* Who approved it, where it had to wait for that. */
	"ALTER TABLE attempts ADD COLUMN approved_by TEXT NOT NULL DEFAULT ''",
	"CREATE INDEX attempts_claim_day ON attempts (channel, claim_day) WHERE claim_day > 0",
	/* Days of a channel whose claims are added up, because it has a limit of a day; the sums, and with beneficiaries
	 * those of each: digests of destinations, or nothing for the channel as a whole. */
	"CREATE TABLE spent_days (channel INTEGER NOT NULL REFERENCES channels (id), day INTEGER NOT NULL, "
	"beneficiaries INTEGER NOT NULL, PRIMARY KEY (channel, day)) STRICT, WITHOUT ROWID",
	"CREATE TABLE spent (channel INTEGER NOT NULL, day INTEGER NOT NULL, beneficiary BLOB NOT NULL, currency TEXT "
	"NOT NULL, decimals INTEGER NOT NULL, minor INTEGER NOT NULL, PRIMARY KEY (channel, day, beneficiary, "
	"currency, decimals)) STRICT, WITHOUT ROWID",
	/* Rows with more than their first attempt: number is the one that the payout's state is of, last the newest. They
	 * differ where an earlier attempt turned out to be alive, and took the newer one's place. */
	"CREATE TABLE standing (payout INTEGER PRIMARY KEY, number INTEGER NOT NULL CHECK (number > 0), last INTEGER NOT "
	"NULL CHECK (last > 1 AND number <= last)) STRICT",
	"INSERT INTO standing (payout, number, last) SELECT payout, number, number FROM retries",
	"DROP TABLE retries",
	"ALTER TABLE standing RENAME TO retries",
	"CREATE TRIGGER retries_update BEFORE UPDATE ON retries WHEN new.last < old.last BEGIN SELECT RAISE(FAIL, "
	"'attempts are never taken back'); END",
	NEVER("retries_delete", "DELETE", "retries"),
	/* A row that gives the payout of another one new content: its first attempt is `number`. The reference stays
	 * bound to the row that had it first. */
	"CREATE TABLE corrections (payout INTEGER PRIMARY KEY, corrects INTEGER NOT NULL UNIQUE CHECK (corrects < "
	"payout), number INTEGER NOT NULL CHECK (number > 1)) STRICT",
	NEVER("corrections_update", "UPDATE", "corrections"),
	NEVER("corrections_delete", "DELETE", "corrections"),
	/* Money that is on its way back, and not there yet. */
	"ALTER TABLE answers ADD COLUMN return_pending INTEGER NOT NULL DEFAULT 0",
	"CREATE INDEX answers_returning ON answers (attempt) WHERE return_pending = 1",
	NULL,
};

static const char *const version_4[] = {
	/* What the attempt pays where the row says ALL: known with its claim. */
	"ALTER TABLE attempts ADD COLUMN fixed_minor INTEGER NOT NULL DEFAULT 0 CHECK (fixed_minor >= 0)",
	"CREATE TRIGGER attempts_fixed BEFORE UPDATE OF fixed_minor ON attempts WHEN old.fixed_minor <> 0 AND "
	"new.fixed_minor <> old.fixed_minor BEGIN SELECT RAISE(FAIL, 'an amount is fixed once'); END",
	/* What is sending is looked for whenever the lease is taken; those few are all that is in it. */
	"CREATE INDEX attempts_sending ON attempts (state) WHERE state = 5",
	NULL,
};

static const char *const version_5[] = {
	/* What ISO 20022 messages call themselves and what is in them, for the status report; batches that came as none
	 * have no row here. An origin's texts can be emptied, which purges them with their row. */
	"CREATE TABLE messages (batch INTEGER PRIMARY KEY REFERENCES batches (id), name TEXT NOT NULL, id TEXT NOT NULL, "
	"created TEXT NOT NULL, count TEXT NOT NULL, total TEXT NOT NULL) STRICT",
	NEVER("messages_update", "UPDATE", "messages"),
	NEVER("messages_delete", "DELETE", "messages"),
	"CREATE TABLE message_payments (batch INTEGER NOT NULL REFERENCES messages (batch), number INTEGER NOT NULL CHECK "
	"(number > 0), id TEXT NOT NULL, count TEXT NOT NULL, total TEXT NOT NULL, PRIMARY KEY (batch, number)) STRICT, "
	"WITHOUT ROWID",
	NEVER("message_payments_update", "UPDATE", "message_payments"),
	NEVER("message_payments_delete", "DELETE", "message_payments"),
	"CREATE TABLE origins (payout INTEGER PRIMARY KEY, payment INTEGER NOT NULL CHECK (payment > 0), instruction_id "
	"TEXT NOT NULL, end_to_end_id TEXT NOT NULL, uetr TEXT NOT NULL, regulatory TEXT NOT NULL) STRICT",
	"CREATE TRIGGER origins_update BEFORE UPDATE ON origins WHEN new.payout <> old.payout OR new.payment <> "
	"old.payment OR length(new.instruction_id || new.end_to_end_id || new.uetr || new.regulatory) > 0 BEGIN SELECT "
	"RAISE(FAIL, 'rows of origins are never changed'); END",
	NEVER("origins_delete", "DELETE", "origins"),
	NULL,
};
/* clang-format on */

static const struct sqlite_migration migrations[] = {
	{1, version_1},
	{2, version_2},
	{3, version_3},
	{4, version_4},
	{5, version_5},
};

const struct sqlite_migration *sqlite_migrations(size_t *count)
{
	*count = sizeof(migrations) / sizeof(*migrations);
	return migrations;
}

const char sqlite_temporary[] = "CREATE TEMP TABLE IF NOT EXISTS clashes (payout INTEGER PRIMARY KEY, "
				"other INTEGER NOT NULL) STRICT;\n"
				"CREATE TEMP TABLE IF NOT EXISTS suspects (payout INTEGER PRIMARY KEY, "
				"other INTEGER NOT NULL) STRICT;\n"
				"CREATE TEMP TABLE IF NOT EXISTS corrected (payout INTEGER PRIMARY KEY, "
				"other INTEGER NOT NULL) STRICT;\n";

static bool run(sqlite3 *db, const char *path, const char *sql, struct fault *fault)
{
	int result = sqlite3_exec(db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK || sqlite_fault(db, result, path, "prepare the journal", fault);
}

static bool version_get(sqlite3 *db, const char *path, int *version, struct fault *fault)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		*version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return result == SQLITE_ROW || sqlite_fault(db, result, path, "read the version of the journal", fault);
}

bool sqlite_migrate(
	sqlite3 *db, const char *path, const struct sqlite_migration *list, size_t count, struct fault *fault)
{
	struct buf sql = {0};
	int version = 0;
	bool ok = run(db, path, "BEGIN IMMEDIATE", fault);

	if (!ok)
		return false;
	/* Asked inside the transaction: another process may have migrated while this one waited. */
	ok = version_get(db, path, &version, fault);
	for (size_t i = 0; ok && i < count; i++) {
		if (list[i].version <= version)
			continue;
		buf_reset(&sql);
		for (const char *const *step = list[i].steps; ok && *step != NULL; step++)
			ok = run(db, path, *step, fault);
		buf_addf(&sql, "PRAGMA user_version = %d", list[i].version);
		ok = ok && run(db, path, buf_str(&sql), fault);
	}
	ok = ok && run(db, path, "COMMIT", fault);
	if (!ok)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	buf_release(&sql);
	return ok;
}
