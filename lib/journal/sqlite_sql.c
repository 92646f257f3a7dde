#include "journal/sqlite.h"

#include <assert.h>

#define EVENT "seq, hash, newest_ms, batch, row, attempt, previous, line"
#define BATCH                                                                                                          \
	"id, name, file, sha256, size, received_at, received_by, format, channel_option, profile_option, rows, "       \
	"held_by_option, control, first_payout, last_payout"
#define CHANNEL "id, name, provider, mode, host, testmode, sandbox, identity, identity_id"
#define PAYOUT                                                                                                         \
	"p.id, p.batch, p.row, p.line, p.channel, p.reference, p.currency, p.decimals, p.amount_minor, p.state, "      \
	"p.beneficiary_name, p.destination, p.body, n.reason_code, n.reason, n.original, n.not_before"
#define WITH_NOTE " LEFT JOIN notes n ON n.id = p.note "
#define ANSWER_COLUMNS                                                                                                 \
	"last_refusal, last_refusal_at, provider_id, provider_status, provider_code, reason_code, reason, "            \
	"tracking_ref, fee, fee_currency, target_amount, fx_rate, returned_amount, accepted_at, settled_at, "          \
	"returned_at, return_pending"
#define ATTEMPT                                                                                                        \
	"a.id, a.batch, a.row, a.channel, a.key, a.state, a.version, a.sends, a.open_since, a.open_boot_ms, "          \
	"b.boot_id, a.last_sent, a.not_before, a.submitted_at, a.last_event, w.last_refusal, w.last_refusal_at, "      \
	"w.provider_id, w.provider_status, w.provider_code, w.reason_code, w.reason, w.tracking_ref, w.fee, "          \
	"w.fee_currency, w.target_amount, w.fx_rate, w.returned_amount, w.accepted_at, w.settled_at, w.returned_at, "  \
	"w.return_pending, a.claim_day, a.fixed_minor, a.approved_by"
/* As it stands: of a row that says ALL, what its attempt fixed. */
#define AMOUNT "p.amount_minor + coalesce(a.fixed_minor, 0)"
#define LINE                                                                                                           \
	"p.id, p.row, p.channel, p.reference, p.currency, p.decimals, " AMOUNT ", p.state, n.original, "               \
	"n.reason_code, n.reason, p.beneficiary_name, p.destination, p.body, a.id, a.key, a.state, "                   \
	"a.submitted_at, w.provider_id, w.provider_status, w.provider_code, w.reason_code, w.reason, "                 \
	"w.tracking_ref, w.fee, w.fee_currency, w.target_amount, w.fx_rate, w.returned_amount, w.accepted_at, "        \
	"w.settled_at, w.returned_at, w.return_pending, a.approved_by"
#define WITH_ANSWER " LEFT JOIN boots b ON b.id = a.open_boot LEFT JOIN answers w ON w.attempt = a.id "
#define LATEST                                                                                                         \
	" LEFT JOIN retries r ON r.payout = p.id"                                                                      \
	" LEFT JOIN attempts a ON a.id = p.id + ((coalesce(r.number, 1) - 1) << 40) "

#define DESTINATION                                                                                                    \
	"d.id, d.channel, d.body_sha256, d.number, d.key, d.state, d.version, d.sends, d.open_since, "                 \
	"d.open_boot_ms, b.boot_id, d.last_sent, d.not_before, d.provider_id, d.provider_status, d.provider_code, "    \
	"d.reason_code, d.reason, d.last_event"
/* What an attempt spends. */
#define SPENT "p.currency, p.decimals, " AMOUNT ", p.destination, p.body"
#define SPENT_FROM "FROM attempts a JOIN payouts p ON p.id = a.id & 1099511627775 "
#define WITH_BOOT " LEFT JOIN boots b ON b.id = d.open_boot "

#define MOVE                                                                                                           \
	"version = version + 1, state = ?3, sends = ?4, open_since = ?5, open_boot_ms = ?6, open_boot = ?7, "          \
	"last_sent = ?8, not_before = ?9, submitted_at = ?10, last_event = ?11"

/* Rows that carry a reference of their own: held and ready ones. */
#define BOUND "state >= 3"

/* Notes of rows that are held, and wait for nobody's approval. */
#define OWN_HOLD "reason_code IN ('EXECUTION_DATE', 'HOLD')"

static const char *const texts[STATEMENTS] = {
	[META_ADD] = "INSERT INTO meta (name, value) VALUES (?, ?)",
	[META_GET] = "SELECT value FROM meta WHERE name = ?",
	[LEASE_INIT] = "INSERT INTO lease (one, fence, user, host, pid, since) VALUES (1, 0, '', '', 0, 0)",
	[LEASE_GET] = "SELECT fence, user, host, pid, since FROM lease",
	[LEASE_TAKE] = "UPDATE lease SET fence = fence + 1, user = ?, host = ?, pid = ?, since = ?",
	[BOOT_ADD] = "INSERT INTO boots (boot_id) VALUES (?) ON CONFLICT DO NOTHING",
	[BOOT_GET] = "SELECT id FROM boots WHERE boot_id = ?",

	[EVENT_ADD] = "INSERT OR FAIL INTO events (" EVENT ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[EVENT_LAST] = "SELECT seq, hash, newest_ms FROM events ORDER BY seq DESC LIMIT 1",
	[EVENT_GET] = "SELECT " EVENT " FROM events WHERE seq = ?",
	[EVENT_FROM] = "SELECT " EVENT " FROM events WHERE seq >= ?1 AND (?2 = 0 OR batch = ?2) ORDER BY seq",
	[EVENT_ROW_ADD] = "INSERT OR FAIL INTO event_rows (batch, row, seq) VALUES (?, ?, ?)",
	[EVENT_ROW_LIST] = "SELECT seq FROM event_rows WHERE batch = ?1 AND row IN (0, ?2) ORDER BY seq",

	[CHANNEL_ADD] = "INSERT INTO channels (name, provider, mode, host, testmode, sandbox, identity, identity_id) "
			"VALUES (?, ?, ?, ?, ?, ?, ?, "
			"coalesce(nullif(?, 0), (SELECT coalesce(max(id), 0) + 1 FROM channels)))",
	[CHANNEL_BY_NAME] = "SELECT " CHANNEL " FROM channels WHERE name = ?",
	[CHANNEL_BY_ID] = "SELECT " CHANNEL " FROM channels WHERE id = ?",
	[CHANNEL_IDENTITY] = "SELECT identity_id FROM channels WHERE provider = ? AND mode = ? AND host = ? AND "
			     "testmode = ? AND identity = ? ORDER BY id LIMIT 1",
	[CHANNEL_OTHER_KIND] = "SELECT name FROM channels WHERE sandbox <> ? ORDER BY id LIMIT 1",
	[CHANNEL_IDENTITIES] = "SELECT DISTINCT identity_id FROM channels ORDER BY identity_id",

	[BATCH_ADD] = "INSERT INTO batches (id, name, file, sha256, size, received_at, received_by, format, "
		      "channel_option, profile_option, held_by_option, control) "
		      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[BATCH_SEAL] = "UPDATE batches SET rows = ?2, first_payout = ?3, last_payout = ?4, control = ?5, sealed = 1 "
		       "WHERE id = ?1 AND sealed = 0",
	[BATCH_BY_ID] = "SELECT " BATCH " FROM batches WHERE id = ?",
	[BATCH_BY_NAME] = "SELECT " BATCH " FROM batches WHERE name = ?",
	[BATCH_BY_PREFIX] = "SELECT " BATCH " FROM batches WHERE name >= ? AND name < ? ORDER BY name LIMIT 2",
	[BATCH_LAST] = "SELECT " BATCH " FROM batches ORDER BY id DESC LIMIT 1",
	[BATCH_BY_SHA256] = "SELECT " BATCH " FROM batches WHERE sha256 = ? ORDER BY id DESC LIMIT 2",
	[BATCH_AFTER] = "SELECT " BATCH " FROM batches WHERE id > ? ORDER BY id LIMIT 1",
	[BATCH_NEXT_IDS] =
		"SELECT (SELECT coalesce(max(id), 0) + 1 FROM batches), "
		"(SELECT coalesce(max(id), 0) + 1 FROM payouts), (SELECT coalesce(max(id), 0) + 1 FROM notes)",
	[BATCH_SINCE] = "SELECT id, first_payout FROM batches WHERE received_at >= ? AND id < ? ORDER BY id",
	[BATCH_EVENTS] = "SELECT count(*), coalesce(sum(batch = ?1), 0) FROM (SELECT e.batch FROM events e "
			 "WHERE e.seq > (SELECT coalesce(min(r.seq), 0) FROM event_rows r WHERE r.batch = ?1 AND "
			 "r.row = 0) ORDER BY e.seq LIMIT ?2)",
	[TOTAL_ADD] = "INSERT OR FAIL INTO batch_totals (batch, currency, decimals, state, count, minor) "
		      "VALUES (?, ?, ?, ?, ?, ?)",
	[TOTAL_LIST] = "SELECT batch, currency, decimals, state, count, minor FROM batch_totals "
		       "WHERE ?1 = 0 OR batch = ?1 ORDER BY batch, currency, decimals, state",

	[MESSAGE_ADD] = "INSERT INTO messages (batch, name, id, created, count, total) VALUES (?, ?, ?, ?, ?, ?)",
	[MESSAGE_GET] = "SELECT name, id, created, count, total FROM messages WHERE batch = ?",
	[PAYMENT_ADD] = "INSERT INTO message_payments (batch, number, id, count, total) VALUES (?, ?, ?, ?, ?)",
	[ORIGIN_APPEND] =
		"INSERT OR FAIL INTO origins (payout, payment, instruction_id, end_to_end_id, uetr, regulatory) "
		"SELECT c0, c1, c2, c3, c4, c5 FROM source",
	[ORIGIN_RANGE] =
		"SELECT o.payout, o.payment, m.id, m.count, m.total, o.instruction_id, o.end_to_end_id, o.uetr, "
		"o.regulatory FROM origins o LEFT JOIN message_payments m ON m.batch = ?1 AND m.number = "
		"o.payment WHERE o.payout BETWEEN ?2 AND ?3 ORDER BY o.payout",

	/* Appends stop at the first conflict without a copy of every page they touch: the caller rolls back then. */
	[RECEIVE_CLEAR_CLASHES] = "DELETE FROM temp.clashes",
	[RECEIVE_CLEAR_SUSPECTS] = "DELETE FROM temp.suspects",
	[RECEIVE_CLEAR_CORRECTED] = "DELETE FROM temp.corrected",
	[RECEIVE_LOOK_BACK] =
		"SELECT count(a.id), count(f.payout) FROM payouts p LEFT JOIN attempts a ON a.id = p.id "
		"LEFT JOIN refs f ON f.reference = p.reference WHERE p.id IN (?1 - 4096, ?1 - 8192, ?1 - 16384, "
		"?1 - 32768, ?1 - 65536, ?1 - 98304, ?1 - 131072, ?1 - 196608, ?1 - 262144, ?1 - 393216, ?1 - 524288)",
	[PAYOUT_APPEND] = "INSERT OR FAIL INTO payouts (id, batch, row, line, channel, reference, currency, decimals, "
			  "amount_minor, state, note, beneficiary_name, destination, body) "
			  "SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13 FROM source",
	[NOTE_ADD] = "INSERT OR FAIL INTO notes (id, reason_code, reason, original, not_before) VALUES (?, ?, ?, ?, ?)",
	[REF_APPEND] = "INSERT OR IGNORE INTO refs (reference, payout) SELECT c0, c1 FROM source",
	[ATTEMPT_APPEND] = "INSERT OR FAIL INTO attempts (id, batch, row, channel, key, state) "
			   "SELECT c0, c1, c2, c3, c4, c5 FROM source",
	[REF_BIND] = "INSERT OR IGNORE INTO refs (reference, payout) SELECT reference, id FROM payouts "
		     "WHERE id BETWEEN ? AND ? AND " BOUND " ORDER BY reference, id",
	[REF_CLASH] = "INSERT OR IGNORE INTO temp.clashes (payout, other) SELECT p.id, f.payout FROM payouts p "
		      "CROSS JOIN refs f ON f.reference = p.reference "
		      "WHERE p.id BETWEEN ? AND ? AND p." BOUND " AND f.payout <> p.id",
	[CLASH_LIST] = "SELECT payout, other FROM temp.clashes ORDER BY payout",
	[CORRECTED_ADD] = "INSERT OR FAIL INTO temp.corrected (payout, other) VALUES (?, ?)",
	[CORRECTED_DROP] = "DELETE FROM temp.corrected WHERE payout = ?",
	[CORRECTED_LIST] = "SELECT payout, other FROM temp.corrected ORDER BY payout",
	[CORRECTED_UNMAKE] = "DELETE FROM attempts WHERE id IN (SELECT payout FROM temp.corrected)",
	[KEY_APPEND] = "INSERT OR FAIL INTO keys (key, attempt) SELECT c0, c1 FROM source",
	[KEY_APPEND_BUT] = "INSERT OR FAIL INTO keys (key, attempt) SELECT c0, c1 FROM source "
			   "WHERE c1 IN (SELECT id FROM attempts)",
	[PAYOUT_RESTATE] = "UPDATE payouts SET state = ?2, note = ?3 WHERE id = ?1",
	[REF_UNBIND] = "DELETE FROM refs WHERE reference = ? AND payout = ?",
	[ATTEMPT_UNMAKE] = "DELETE FROM attempts WHERE id = ?",
	[ATTEMPT_RESTATE] = "UPDATE attempts SET state = ?2 WHERE id = ?1 AND version = 1",
	[HOLD_NOTES] =
		"INSERT OR FAIL INTO notes (id, reason_code, reason, original, not_before) SELECT id + ?3, ?4, ?5, "
		"original, not_before FROM notes WHERE id BETWEEN ?1 AND ?2 AND " OWN_HOLD,
	[HOLD_HELD] = "UPDATE payouts SET note = note + ?5 WHERE id BETWEEN ?1 AND ?2 AND state = 3 AND note IN "
		      "(SELECT id FROM notes WHERE id BETWEEN ?3 AND ?4 AND " OWN_HOLD ")",
	[HOLD_READY] = "UPDATE payouts SET state = 3, note = ?3 WHERE id BETWEEN ?1 AND ?2 AND state = 4",
	[HOLD_ATTEMPTS] = "UPDATE attempts SET state = 3 WHERE id BETWEEN ?1 AND ?2 AND state = 4 AND version = 1",
	[SIMILAR_ADD] = "INSERT OR FAIL INTO similar (batch, kind, last, entries) VALUES (?, ?, ?, ?)",
	[SIMILAR_AT] = "SELECT id, entries FROM similar WHERE batch = ? AND kind = ? AND last >= ? "
		       "ORDER BY last, id LIMIT 1",
	[SIMILAR_NEXT] = "SELECT id, entries FROM similar WHERE batch = ?1 AND kind = ?2 AND id = ?3 + 1",
	[SUSPECT_ADD] = "INSERT OR IGNORE INTO temp.suspects (payout, other) VALUES (?, ?)",
	[SUSPECT_LIST] = "SELECT payout, other FROM temp.suspects ORDER BY payout",

	[PAYOUT_BY_ID] = "SELECT " PAYOUT " FROM payouts p" WITH_NOTE "WHERE p.id = ?",
	[PAYOUT_RANGE] = "SELECT " PAYOUT " FROM payouts p" WITH_NOTE "WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
	[PAYOUT_ROW] = "SELECT row, state FROM payouts WHERE id = ?",
	[PAYOUT_BY_REF] = "SELECT payout FROM refs WHERE reference = ?",
	[ATTEMPT_BY_KEY] = "SELECT attempt FROM keys WHERE key = ?",
	[ATTEMPT_BY_PROVIDER_ID] = "SELECT attempt FROM provider_ids WHERE identity_id = ? AND provider_id = ?",
	[LINE_RANGE] = "SELECT " LINE " FROM payouts p" WITH_NOTE LATEST "LEFT JOIN answers w ON w.attempt = a.id "
		       "WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
	[SUM_RANGE] =
		"SELECT p.currency, p.decimals, " AMOUNT ", coalesce(a.state, p.state), coalesce(a.fixed_minor, 0) "
		"FROM payouts p" LATEST "WHERE p.id BETWEEN ? AND ? ORDER BY p.id",
	/* Why a further attempt is held does not stand with its row. */
	[HELD_RANGE] =
		"SELECT CASE WHEN coalesce(r.number, 1) > coalesce((SELECT c.number FROM corrections c WHERE "
		"c.payout = p.id), 1) THEN '' ELSE coalesce(n.reason_code, '') END FROM payouts p" LATEST
		"LEFT JOIN notes n ON n.id = p.note WHERE p.id BETWEEN ? AND ? AND coalesce(a.state, p.state) = 3 "
		"ORDER BY p.id",

	[HELD_RECEIVED] = "SELECT coalesce(n.reason_code, '') FROM payouts p" WITH_NOTE
			  "WHERE p.id BETWEEN ? AND ? AND p.state = 3 ORDER BY p.id",

	[ATTEMPT_RANGE] = "SELECT " ATTEMPT " FROM attempts a" WITH_ANSWER
			  "WHERE a.id BETWEEN ?1 AND ?2 AND (?3 >> a.state) & 1 AND (?4 = 0 OR a.channel = ?4) "
			  "AND (?5 = 0 OR coalesce((SELECT r.number FROM retries r WHERE r.payout = "
			  "a.id & 1099511627775), 1) = (a.id >> 40) + 1) AND (?6 = 0 OR a.batch = ?6) "
			  "ORDER BY a.id LIMIT ?7",
	[ATTEMPT_SENDING] = "SELECT id FROM attempts WHERE state = 5 ORDER BY id LIMIT 1",
	[ATTEMPT_BY_ID] = "SELECT " ATTEMPT " FROM attempts a" WITH_ANSWER "WHERE a.id = ?",
	[ATTEMPT_KEY] = "SELECT channel, key FROM attempts WHERE id = ?",
	[RETRY_GET] = "SELECT number, last FROM retries WHERE payout = ?",
	[RETRY_SET] = "INSERT INTO retries (payout, number, last) VALUES (?1, ?2, ?3) "
		      "ON CONFLICT (payout) DO UPDATE SET number = ?2, last = ?3",
	[CORRECTION_ADD] = "INSERT INTO corrections (payout, corrects, number) VALUES (?, ?, ?)",
	[CORRECTION_GET] = "SELECT corrects, number FROM corrections WHERE payout = ?",
	[CORRECTION_BY] = "SELECT payout FROM corrections WHERE corrects = ?",
	[ATTEMPT_ADD] = "INSERT OR FAIL INTO attempts (id, batch, row, channel, key, state, last_event) "
			"VALUES (?, ?, ?, ?, ?, ?, ?)",
	[KEY_ADD] = "INSERT INTO keys (key, attempt) VALUES (?, ?) ON CONFLICT DO NOTHING",
	[ATTEMPT_MOVE] = "UPDATE OR FAIL attempts SET " MOVE " WHERE id = ?1 AND version = ?2",
	[ATTEMPT_CLAIM] = "UPDATE OR FAIL attempts SET claim_day = ?12, " MOVE " WHERE id = ?1 AND version = ?2",
	[ANSWER_PUT] = "INSERT OR REPLACE INTO answers (attempt, " ANSWER_COLUMNS ") "
		       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[RETURN_NEXT] = "SELECT attempt FROM answers WHERE return_pending = 1 AND attempt > ? ORDER BY attempt LIMIT 1",
	[PAYLOAD_ADD] = "INSERT INTO payloads (attempt, payload, sha256) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
	[PAYLOAD_GET] = "SELECT payload, sha256 FROM payloads WHERE attempt = ?",
	[PROVIDER_ID_ADD] = "INSERT INTO provider_ids (identity_id, provider_id, attempt) VALUES (?, ?, ?) "
			    "ON CONFLICT DO NOTHING",

	[DESTINATION_ADD] = "INSERT OR FAIL INTO destinations (identity_id, channel, body_sha256, number, key, "
			    "last_event) VALUES (?, ?, ?, ?, ?, ?)",
	[DESTINATION_FIND] = "SELECT " DESTINATION " FROM destinations d" WITH_BOOT
			     "WHERE d.identity_id = ? AND d.body_sha256 = ? ORDER BY d.number DESC LIMIT 1",
	[DESTINATION_NEXT] = "SELECT " DESTINATION " FROM destinations d" WITH_BOOT
			     "WHERE d.id > ?1 AND (?2 < 0 OR d.state = ?2) ORDER BY d.id LIMIT 1",
	[DESTINATION_MOVE] =
		"UPDATE OR FAIL destinations SET version = version + 1, state = ?3, sends = ?4, open_since = ?5, "
		"open_boot_ms = ?6, open_boot = ?7, last_sent = ?8, not_before = ?9, provider_id = ?10, "
		"provider_status = ?11, provider_code = ?12, reason_code = ?13, reason = ?14, last_event = ?15 "
		"WHERE id = ?1 AND version = ?2",

	[FIXED_SET] = "UPDATE OR FAIL attempts SET fixed_minor = ?2 WHERE id = ?1",
	[APPROVED_BY_SET] = "UPDATE OR FAIL attempts SET approved_by = ?2 WHERE id = ?1",
	[SPENT_DAY_GET] = "SELECT beneficiaries FROM spent_days WHERE channel = ? AND day = ?",
	[SPENT_DAY_SET] = "INSERT OR REPLACE INTO spent_days (channel, day, beneficiaries) VALUES (?, ?, ?)",
	[SPENT_DAY_LIST] = "SELECT channel, day, beneficiaries FROM spent_days ORDER BY channel, day",
	[SPENT_CLEAR] = "DELETE FROM spent WHERE channel = ? AND day = ?",
	[SPENT_ADD] = "INSERT INTO spent (channel, day, beneficiary, currency, decimals, minor) "
		      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET minor = minor + excluded.minor",
	[SPENT_GET] = "SELECT minor FROM spent WHERE channel = ? AND day = ? AND beneficiary = ? AND currency = ? AND "
		      "decimals = ?",
	[SPENT_COUNT] = "SELECT count(*) FROM spent WHERE channel = ? AND day = ? AND minor <> 0",
	[SPENT_CLAIMS] = "SELECT " SPENT " " SPENT_FROM "WHERE a.channel = ?1 AND a.claim_day = ?2 AND a.claim_day > 0 "
			 "AND (?3 >> a.state) & 1 ORDER BY a.id",
	[SPENT_MONEY] = "SELECT " SPENT " " SPENT_FROM "WHERE a.id = ?",

	[KEY_COUNT] = "SELECT count(*) FROM keys",
	[ATTEMPT_COUNT] = "SELECT count(*) FROM attempts",
	[MOVE_COUNT] = "SELECT count(*) FROM events WHERE attempt <> 0",
	[REF_LOOSE] = "SELECT f.payout FROM refs f LEFT JOIN payouts p ON p.id = f.payout "
		      "WHERE p.id IS NULL OR p.reference <> f.reference OR NOT p." BOUND,
	[PROVIDER_ID_LOOSE] = "SELECT w.attempt, w.provider_id FROM answers w JOIN attempts a ON a.id = w.attempt "
			      "JOIN channels c ON c.id = a.channel WHERE w.provider_id <> '' AND w.attempt IS NOT "
			      "(SELECT i.attempt FROM provider_ids i WHERE i.identity_id = c.identity_id AND "
			      "i.provider_id = w.provider_id)",
};

const char *sqlite_sql(enum statement statement)
{
	assert(statement < STATEMENTS && texts[statement] != NULL);
	return texts[statement];
}
