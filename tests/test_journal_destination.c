#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journal/destination.h"
#include "journal/sqlite.h"
#include "tests/support/journal_box.h"

/* Destinations in the journal: their identity and key, their moves, what is proven and what a crash leaves. */

static const uint8_t body[SHA256_SIZE] = {1, 2, 3}, other_body[SHA256_SIZE] = {1, 2, 4};

static void begin(struct journal_box *box)
{
	assert_true(journal_begin(box->journal, &box->fault));
}

static void commit(struct journal_box *box)
{
	assert_true(journal_commit(box->journal, &box->fault));
}

static void lease(struct journal_box *box)
{
	int64_t recovered;

	assert_true(journal_lease_take(box->journal, 0, NULL, NULL, &recovered, &box->fault));
}

static struct destination added(struct journal_box *box, const uint8_t hash[SHA256_SIZE])
{
	struct destination destination;

	begin(box);
	assert_true(journal_destination_add(box->journal, box->channel, hash, &box->arena, &destination, &box->fault));
	commit(box);
	return destination;
}

static struct destination found(struct journal_box *box, const uint8_t hash[SHA256_SIZE])
{
	struct destination destination;
	bool any = false;

	assert_true(journal_destination_find(
		box->journal, box->channel, hash, &box->arena, &destination, &any, &box->fault));
	assert_true(any);
	return destination;
}

static enum move_result moved(struct journal_box *box, const struct destination *before, struct destination *after)
{
	enum move_result result = MOVE_LOST;

	begin(box);
	assert_true(journal_destination_move(box->journal, before, after, &result, &box->fault));
	commit(box);
	return result;
}

static struct destination claimed(struct journal_box *box, const struct destination *before)
{
	struct destination after = *before;

	after.state = DESTINATION_SENDING;
	after.sends++;
	after.open_since = after.last_sent = box->now.utc_ms;
	after.open_boot_ms = 7;
	after.open_boot = TEXT("boot-a");
	assert_int_equal(moved(box, before, &after), MOVE_DONE);
	return after;
}

static struct destination usable(struct journal_box *box, const struct destination *sending)
{
	struct destination after = *sending;

	after.state = DESTINATION_USABLE;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.provider_id = TEXT("dest-1");
	assert_int_equal(moved(box, sending, &after), MOVE_DONE);
	return after;
}

static void is_one_for_each_body_and_counts_its_attempts(void **state)
{
	struct journal_box box;
	struct destination first, again, other;
	bool any = true;

	(void)state;
	box_open(&box);
	assert_true(journal_destination_find(box.journal, box.channel, body, &box.arena, &first, &any, &box.fault));
	assert_false(any);
	first = added(&box, body);
	assert_int_equal(first.number, 1);
	assert_int_equal(first.state, DESTINATION_UNKNOWN);
	assert_int_equal(first.version, 1);
	other = added(&box, other_body);
	assert_memory_not_equal(first.key.bytes, other.key.bytes, KEY_SIZE);
	again = added(&box, body);
	assert_int_equal(again.number, 2);
	assert_memory_not_equal(first.key.bytes, again.key.bytes, KEY_SIZE);
	assert_int_equal(found(&box, body).id, again.id);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void its_key_is_the_one_of_the_protocol(void **state)
{
	struct journal_box box;
	struct journal_channel channel;
	struct sha256 *sha = sha256_new();
	struct buf identity = {0};
	struct key key;
	bool any;

	(void)state;
	box_open(&box);
	assert_true(journal_channel_get(box.journal, box.channel, &box.arena, &channel, &any, &box.fault));
	buf_addf(&identity, "calypso %s %s live %s", channel.mode, channel.host, channel.identity);
	key = key_derive_destination(sha, text_of(box.options.namespace_text), buf_text(&identity), body, 1);
	assert_memory_equal(added(&box, body).key.bytes, key.bytes, KEY_SIZE);
	buf_release(&identity);
	sha256_free(sha);
	box_close(&box);
}

static void channels_with_one_identity_share_it(void **state)
{
	struct journal_box box;
	struct journal_channel channel;
	struct destination first, same;
	bool any;

	(void)state;
	box_open(&box);
	first = added(&box, body);
	assert_true(journal_channel_get(box.journal, box.channel, &box.arena, &channel, &any, &box.fault));
	channel.name = "another";
	begin(&box);
	assert_true(journal_channel_bind(box.journal, &channel, &box.fault));
	commit(&box);
	assert_int_not_equal(channel.id, box.channel);
	assert_true(journal_destination_find(box.journal, channel.id, body, &box.arena, &same, &any, &box.fault));
	assert_true(any && same.id == first.id);
	channel.name = "third";
	channel.mode = "other";
	begin(&box);
	assert_true(journal_channel_bind(box.journal, &channel, &box.fault));
	commit(&box);
	assert_true(journal_destination_find(box.journal, channel.id, body, &box.arena, &same, &any, &box.fault));
	assert_false(any);
	box_close(&box);
}

static void its_moves_are_kept_and_proven(void **state)
{
	struct journal_box box;
	struct destination first, sending, back, done;

	(void)state;
	box_open(&box);
	lease(&box);
	first = added(&box, body);
	sending = claimed(&box, &first);
	back = sending;
	back.state = DESTINATION_UNKNOWN;
	back.reason = TEXT("no answer\n\xff");
	assert_int_equal(moved(&box, &sending, &back), MOVE_DONE);
	box_reopen(&box);
	assert_int_equal(found(&box, body).open_since, sending.open_since);
	assert_true(text_is(found(&box, body).open_boot, "boot-a"));
	lease(&box);
	back = found(&box, body);
	sending = claimed(&box, &back);
	done = usable(&box, &sending);
	assert_true(text_is(found(&box, body).provider_id, "dest-1"));
	assert_int_equal(found(&box, body).sends, 2);
	assert_int_equal(done.version, 5);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_lost_version_changes_nothing(void **state)
{
	struct journal_box box;
	struct destination first, sending, stale;

	(void)state;
	box_open(&box);
	lease(&box);
	first = added(&box, body);
	sending = claimed(&box, &first);
	stale = sending;
	usable(&box, &sending);
	stale.state = DESTINATION_REFUSED;
	assert_int_equal(moved(&box, &sending, &stale), MOVE_LOST);
	assert_int_equal(found(&box, body).state, DESTINATION_USABLE);
	box_close(&box);
}

static void what_was_sending_is_unknown_to_the_next_run(void **state)
{
	struct journal_box box;
	struct destination first;

	(void)state;
	box_open(&box);
	lease(&box);
	first = added(&box, body);
	claimed(&box, &first);
	first = added(&box, other_body);
	claimed(&box, &first);
	box_reopen(&box);
	assert_int_equal(found(&box, body).state, DESTINATION_SENDING);
	lease(&box);
	assert_int_equal(found(&box, body).state, DESTINATION_UNKNOWN);
	assert_int_equal(found(&box, other_body).state, DESTINATION_UNKNOWN);
	assert_true(found(&box, body).open_since > 0);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void tampering_is_noticed(void **state)
{
	static const struct {
		const char *what, *sql, *expected;
	} table[] = {
		{"a state", "UPDATE destinations SET state = 4", "JOURNAL_STATE"},
		{"the id", "UPDATE destinations SET provider_id = 'dest-2'", "JOURNAL_STATE"},
		{"the sends", "UPDATE destinations SET sends = 7", "JOURNAL_STATE"},
		{"its version", "UPDATE destinations SET version = version + 1", "JOURNAL_STATE"},
		{"its newest event", "UPDATE destinations SET last_event = 1", "JOURNAL_STATE"},
		{"its key", "DROP TRIGGER destinations_update; UPDATE destinations SET key = zeroblob(16)",
			"JOURNAL_KEY"},
		{"its body", "DROP TRIGGER destinations_update; UPDATE destinations SET body_sha256 = zeroblob(32)",
			"JOURNAL_KEY"},
		{"all of it", "DROP TRIGGER destinations_delete; DELETE FROM destinations", "JOURNAL_STATE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct journal_box box;
		struct destination first, sending;

		box_open(&box);
		lease(&box);
		first = added(&box, body);
		sending = claimed(&box, &first);
		usable(&box, &sending);
		assert_true(box_sql(&box, table[i].sql));
		if (strstr(box_verify(&box, ""), table[i].expected) == NULL)
			fail_msg("%s: not noticed", table[i].what);
		box_close(&box);
	}
}

static void what_it_is_never_changes(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	added(&box, body);
	assert_false(box_sql(&box, "UPDATE destinations SET key = zeroblob(16)"));
	assert_false(box_sql(&box, "DELETE FROM destinations"));
	assert_false(box_sql(&box, "UPDATE destinations SET state = 1"));
	box_close(&box);
}

/* A journal as version 1 wrote it. */
static void a_journal_of_version_1_gets_its_table(void **state)
{
	size_t count;
	const struct sqlite_migration *list = sqlite_migrations(&count);
	struct journal_box box;

	(void)state;
	assert_true(count >= 2 && list[1].version == 2);
	box_open(&box);
	box_receive(&box, "b1", "INV", 3);
	journal_close(box.journal);
	assert_true(box_sql(&box, "DROP TABLE origins; DROP TABLE message_payments; DROP TABLE messages; "
				  "DROP TRIGGER attempts_fixed; ALTER TABLE attempts DROP COLUMN fixed_minor; "
				  "DROP INDEX attempts_sending; ALTER TABLE attempts DROP COLUMN approved_by; "
				  "DROP INDEX attempts_claim_day; ALTER TABLE attempts DROP COLUMN claim_day; "
				  "DROP TABLE spent_days; DROP TABLE spent; DROP TABLE corrections; "
				  "DROP INDEX answers_returning; ALTER TABLE answers DROP COLUMN return_pending; "
				  "DROP TABLE retries; "
				  "CREATE TABLE retries (payout INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT; "
				  "DROP TABLE destinations; PRAGMA user_version = 1"));
	box.journal = journal_open(&box.options, &box.fault);
	assert_non_null(box.journal);
	assert_string_equal(box_verify(&box, ""), "");
	added(&box, body);
	assert_int_equal(found(&box, body).number, 1);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_one_for_each_body_and_counts_its_attempts),
		cmocka_unit_test(its_key_is_the_one_of_the_protocol),
		cmocka_unit_test(channels_with_one_identity_share_it),
		cmocka_unit_test(its_moves_are_kept_and_proven),
		cmocka_unit_test(a_lost_version_changes_nothing),
		cmocka_unit_test(what_was_sending_is_unknown_to_the_next_run),
		cmocka_unit_test(tampering_is_noticed),
		cmocka_unit_test(what_it_is_never_changes),
		cmocka_unit_test(a_journal_of_version_1_gets_its_table),
	};
	return cmocka_run_group_tests_name("journal_destination", tests, NULL, NULL);
}
