#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/journal_box.h"

/* --- other processes --------------------------------------------------------------------------------------------- */

/* A second process that takes the lease, says so through the pipe, and keeps it until it is killed. */
static pid_t start_holder(struct journal_box *box)
{
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		struct journal *own;
		int64_t recovered;

		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
		own = journal_open(&box->options, &box->fault);
		byte = own != NULL && journal_lease_take(own, 0, NULL, NULL, &recovered, &box->fault) ? 'y' : 'n';
		(void)!write(ready[1], &byte, 1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	close(ready[0]);
	close(ready[1]);
	return child;
}

static void end_holder(pid_t child)
{
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static bool take(struct journal_box *box, int64_t wait_ms)
{
	int64_t recovered;

	return journal_lease_take(box->journal, wait_ms, NULL, NULL, &recovered, &box->fault);
}

/* --- one holder -------------------------------------------------------------------------------------------------- */

static void a_second_run_is_told_who_holds_the_journal(void **state)
{
	struct journal_box box;
	char pid[32];
	pid_t child;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	box.journal = NULL;
	child = start_holder(&box);
	box.journal = journal_open(&box.options, &box.fault);
	assert_false(take(&box, 0));
	assert_int_equal(box.fault.kind, FAULT_LOCKED);
	assert_string_equal(box.fault.code, "JOURNAL_LOCKED");
	snprintf(pid, sizeof(pid), "pid %d", (int)child);
	assert_non_null(strstr(box.fault.message, pid));
	assert_non_null(strstr(box.fault.message, "anna on desk"));
	assert_non_null(strstr(box.fault.message, "2026-11-18T11:06:40Z"));
	assert_true(box.fault.cure[0] != '\0');
	box.fault = (struct fault){0};
	assert_false(journal_lease_ours(box.journal));
	end_holder(child);
	assert_true(take(&box, 0)); /* a killed process's lock is gone by itself */
	assert_true(journal_lease_ours(box.journal));
	journal_lease_drop(box.journal);
	assert_false(journal_lease_ours(box.journal));
	assert_true(take(&box, 0));
	box_close(&box);
}

static bool stop_now(void *context)
{
	return ++*(int *)context == 2;
}

static void waiting_for_the_lease_ends_with_it_with_time_or_when_asked(void **state)
{
	struct journal_box box;
	pid_t child;
	int asked = 0;
	int64_t recovered;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	child = start_holder(&box);
	box.journal = journal_open(&box.options, &box.fault);
	assert_false(take(&box, 250));
	assert_int_equal(box.fault.kind, FAULT_LOCKED);
	box.fault = (struct fault){0};
	assert_false(journal_lease_take(box.journal, 600000, stop_now, &asked, &recovered, &box.fault));
	assert_int_equal(box.fault.kind, FAULT_STOPPED);
	assert_int_equal(asked, 2);
	box.fault = (struct fault){0};
	end_holder(child);
	assert_true(take(&box, 600000));
	box_close(&box);
}

static void others_work_beside_a_run(void **state)
{
	struct journal_box box;
	struct attempt before, after;
	pid_t child;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	journal_close(box.journal);
	child = start_holder(&box);
	box.journal = journal_open(&box.options, &box.fault);
	before = box_attempt(&box, box_payout(&box, "INV-1"));
	after = before;
	after.state = PAYOUT_CANCELED;
	assert_int_equal(box_move(&box, &before, &after), MOVE_DONE);
	end_holder(child);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void what_was_sending_is_unknown_for_the_next_holder(void **state)
{
	struct journal_box box;
	int64_t recovered = 0;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 600);
	for (int i = 1; i <= 300; i++) {
		char reference[16];

		snprintf(reference, sizeof(reference), "INV-%d", 2 * i);
		box_claim(&box, box_payout(&box, reference));
	}
	box_reopen(&box);
	assert_true(journal_lease_take(box.journal, 0, NULL, NULL, &recovered, &box.fault));
	assert_int_equal(recovered, 300);
	assert_int_equal(box_attempt(&box, box_payout(&box, "INV-600")).state, PAYOUT_UNKNOWN);
	assert_int_equal(box_attempt(&box, box_payout(&box, "INV-600")).open_since, box.now.utc_ms);
	assert_int_equal(box_attempt(&box, box_payout(&box, "INV-599")).state, PAYOUT_READY);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

/* --- zombies ----------------------------------------------------------------------------------------------------- */

static void a_zombie_records_nothing_after_another_took_over(void **state)
{
	struct journal_box box;
	struct attempt before, after;
	enum move_result result;
	pid_t child;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	before = box_claim(&box, box_payout(&box, "INV-1"));
	assert_true(journal_lease_ours(box.journal));
	/* Somebody removes the lock file: the next run locks a file of its own. */
	{
		char lock[700];

		snprintf(lock, sizeof(lock), "%s.lock", box.path);
		assert_int_equal(unlink(lock), 0);
	}
	assert_false(journal_lease_ours(box.journal)); /* asked before every first byte */
	child = start_holder(&box);
	assert_false(journal_lease_ours(box.journal));
	after = before;
	after.state = PAYOUT_ACCEPTED;
	after.provider_id = TEXT("late");
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_move(box.journal, &before, &after, TEXT(""), &result, &box.fault));
	assert_int_equal(result, MOVE_LOST); /* the new run made it unknown */
	assert_true(journal_event_add(box.journal, "notice", 0, 0, 0, TEXT(""), TEXT("zombie"), &box.fault));
	assert_false(journal_commit(box.journal, &box.fault));
	assert_int_equal(box.fault.kind, FAULT_LOCKED);
	assert_string_equal(box.fault.code, "JOURNAL_LOCKED");
	end_holder(child);
	box.fault = (struct fault){0};
	box_reopen(&box);
	assert_int_equal(box_attempt(&box, before.payout).state, PAYOUT_UNKNOWN);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void two_names_of_one_journal_have_one_lock(void **state)
{
	struct journal_box box;
	struct journal_options options;
	struct journal *other;
	char name[700];
	pid_t child;
	int64_t recovered;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	child = start_holder(&box);
	snprintf(name, sizeof(name), "%s/link.db", box.folder);
	assert_int_equal(symlink(box.path, name), 0);
	options = box.options;
	options.path = name;
	other = journal_open(&options, &box.fault);
	assert_non_null(other);
	assert_false(journal_lease_take(other, 0, NULL, NULL, &recovered, &box.fault));
	assert_int_equal(box.fault.kind, FAULT_LOCKED);
	box.fault = (struct fault){0};
	journal_close(other);
	end_holder(child);
	box.journal = journal_open(&box.options, &box.fault);
	box_close(&box);
}

/* --- the head file ----------------------------------------------------------------------------------------------- */

static void expect_behind(struct journal_box *box, const char *why)
{
	bool same_folder;

	assert_false(journal_head_check(box->journal, &same_folder, &box->fault));
	assert_int_equal(box->fault.kind, FAULT_BREAK);
	assert_string_equal(box->fault.code, "JOURNAL_BEHIND");
	if (strstr(box->fault.message, why) == NULL)
		print_error("%s\n", box->fault.message);
	assert_non_null(strstr(box->fault.message, why));
	assert_non_null(strstr(box->fault.cure, "payrun recover"));
	box->fault = (struct fault){0};
	assert_string_equal(box_verify(box, ""), "JOURNAL_BEHIND");
}

static void put_head(struct journal_box *box, const char *id, int64_t seq, const char *hash)
{
	struct buf line = {0};

	buf_addf(&line, "%s\t%lld\t%s\n", id, (long long)seq, hash);
	assert_true(file_replace(box->head, buf_text(&line), false, &box->fault));
	buf_release(&line);
}

static void each_claim_writes_the_head(void **state)
{
	struct journal_box box;
	struct buf text = {0};
	char wanted[200], hash[65];
	int64_t seq;
	bool same_folder = true;
	struct stat status;

	(void)state;
	box_open(&box);
	assert_string_equal(journal_head_path(box.journal), box.head);
	assert_true(journal_head_check(box.journal, &same_folder, &box.fault)); /* init wrote the first one */
	assert_false(same_folder);
	box_receive(&box, "b1", "INV", 2);
	box_claim(&box, box_payout(&box, "INV-1"));
	journal_head(box.journal, &seq, hash);
	snprintf(wanted, sizeof(wanted), "%s\t%lld\t%s\n", journal_id(box.journal), (long long)seq, hash);
	assert_true(file_read(box.head, 1000, &text, NULL, &box.fault));
	assert_string_equal(buf_str(&text), wanted);
	assert_int_equal(stat(box.head, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	box_receive(&box, "b2", "INW", 2); /* no claim: the head stays, and the journal may be ahead of it */
	buf_reset(&text);
	assert_true(file_read(box.head, 1000, &text, NULL, &box.fault));
	assert_string_equal(buf_str(&text), wanted);
	assert_true(journal_head_check(box.journal, &same_folder, &box.fault));
	buf_release(&text);
	box_close(&box);
}

static void a_journal_behind_its_head_says_so(void **state)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
	struct journal_box box;
	bool same_folder;

	(void)state;
	box_open(&box);
	put_head(&box, journal_id(box.journal), 99, zeros);
	expect_behind(&box, "knows of later events");
	put_head(&box, journal_id(box.journal), 2, zeros);
	expect_behind(&box, "another event under the same number");
	put_head(&box, "00112233445566778899aabbccddeeff", 2, zeros);
	expect_behind(&box, "of another journal");
	assert_true(file_replace(box.head, TEXT("nonsense"), false, &box.fault));
	expect_behind(&box, "damaged");
	assert_true(file_replace(box.head, TEXT(""), false, &box.fault));
	expect_behind(&box, "damaged");
	assert_int_equal(unlink(box.head), 0);
	expect_behind(&box, "missing");
	assert_int_equal(mkdir(box.head, 0700), 0);
	expect_behind(&box, "cannot be read");
	assert_int_equal(rmdir(box.head), 0);
	assert_true(journal_head_write(box.journal, &box.fault)); /* recover asked the providers */
	assert_true(journal_head_check(box.journal, &same_folder, &box.fault));
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_restored_backup_is_behind_even_with_new_events(void **state)
{
	struct journal_box box;
	char command[1400];

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 3);
	journal_close(box.journal);
	snprintf(command, sizeof(command), "cp '%s' '%s/backup'", box.path, box.folder);
	assert_int_equal(system(command), 0);
	box.journal = journal_open(&box.options, &box.fault);
	box_claim(&box, box_payout(&box, "INV-1"));
	box_claim(&box, box_payout(&box, "INV-2"));
	journal_close(box.journal);
	snprintf(command, sizeof(command), "cp '%s/backup' '%s'", box.folder, box.path);
	assert_int_equal(system(command), 0);
	box.journal = journal_open(&box.options, &box.fault);
	expect_behind(&box, "knows of later events");
	/* Events that are added now do not make up for those that are lost. */
	for (int i = 0; i < 10; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%d", i);
		box_receive(&box, name, name, 1);
	}
	expect_behind(&box, "another event under the same number");
	box_close(&box);
}

static void a_head_beside_the_journal_is_noticed(void **state)
{
	struct journal_box box;
	bool same_folder = false;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	snprintf(box.head, sizeof(box.head), "%s/head", box.folder);
	box.journal = journal_open(&box.options, &box.fault);
	assert_true(journal_head_write(box.journal, &box.fault));
	assert_true(journal_head_check(box.journal, &same_folder, &box.fault));
	assert_true(same_folder);
	box_close(&box);
}

static void without_a_setting_the_head_lies_under_the_state_folder(void **state)
{
	struct journal_box box;
	char wanted[700];

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	box.options.head_file = NULL;
	setenv("XDG_STATE_HOME", box.folder, 1);
	box.journal = journal_open(&box.options, &box.fault);
	assert_non_null(box.journal);
	snprintf(wanted, sizeof(wanted), "%s/payrun/%s.head", box.folder, journal_id(box.journal));
	assert_string_equal(journal_head_path(box.journal), wanted);
	journal_close(box.journal);
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", "/home/anna", 1);
	box.journal = journal_open(&box.options, &box.fault);
	snprintf(wanted, sizeof(wanted), "/home/anna/.local/state/payrun/%s.head", journal_id(box.journal));
	assert_string_equal(journal_head_path(box.journal), wanted);
	journal_close(box.journal);
	unsetenv("HOME");
	box.journal = journal_open(&box.options, &box.fault);
	assert_null(box.journal);
	assert_int_equal(box.fault.kind, FAULT_USAGE);
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_run_is_told_who_holds_the_journal),
		cmocka_unit_test(waiting_for_the_lease_ends_with_it_with_time_or_when_asked),
		cmocka_unit_test(others_work_beside_a_run),
		cmocka_unit_test(what_was_sending_is_unknown_for_the_next_holder),
		cmocka_unit_test(a_zombie_records_nothing_after_another_took_over),
		cmocka_unit_test(two_names_of_one_journal_have_one_lock),
		cmocka_unit_test(each_claim_writes_the_head),
		cmocka_unit_test(a_journal_behind_its_head_says_so),
		cmocka_unit_test(a_restored_backup_is_behind_even_with_new_events),
		cmocka_unit_test(a_head_beside_the_journal_is_noticed),
		cmocka_unit_test(without_a_setting_the_head_lies_under_the_state_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
