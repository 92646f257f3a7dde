#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "stages/report.h"
#include "tests/support/filled.h"

static int64_t receive(struct filled *filled, const char *name)
{
	struct filled_row row = {.channel = filled->calypso,
		.reference = name,
		.destination = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
		.currency = "BTC",
		.decimals = 8,
		.amount_minor = 100,
		.state = PAYOUT_PAID};

	return filled_batch(filled, name, &row, 1);
}

static void write_reports(struct filled *filled, int64_t batch, char paths[2][512])
{
	struct fault fault = {0};

	filled_must(report_batch(&filled->stage, batch, filled->config.reports, paths, &fault), &fault);
}

static unsigned mode_of(const char *path)
{
	struct stat target;

	assert_int_equal(stat(path, &target), 0);
	return target.st_mode & 07777;
}

static void both_are_for_their_owner_alone(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	char paths[2][512];
	char *own = file_join(filled->config.reports, "november");
	char *csv = file_join(own, "payouts.csv");
	char *json = file_join(own, "report.json");

	write_reports(filled, batch, paths);
	assert_string_equal(paths[0], csv);
	assert_string_equal(paths[1], json);
	assert_int_equal(mode_of(csv), 0600);
	assert_int_equal(mode_of(json), 0600);
	assert_int_equal(mode_of(own), 0700);
	assert_int_equal(mode_of(filled->config.reports), 0700);
	free(own);
	free(csv);
	free(json);
}

static void set_time(const char *path, int64_t utc_s)
{
	struct timespec times[2] = {{.tv_sec = utc_s}, {.tv_sec = utc_s}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void assert_file(const char *folder, const char *name, const char *start)
{
	char *path = file_join(folder, name);
	struct fault fault = {0};
	struct buf bytes = {0};

	filled_must(file_read(path, 1 << 20, &bytes, NULL, &fault), &fault);
	assert_true(text_starts(buf_text(&bytes), text_of(start)));
	buf_release(&bytes);
	free(path);
}

static void replace(const char *path, const char *bytes)
{
	struct fault fault = {0};

	filled_must(file_replace(path, text_of(bytes), false, &fault), &fault);
	set_time(path, FILLED_NOW / 1000);
}

static void older_ones_are_kept_under_their_date_and_never_overwritten(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	char paths[2][512];
	char *own = file_join(filled->config.reports, "november");

	write_reports(filled, batch, paths);
	replace(paths[0], "first");
	replace(paths[1], "first");
	write_reports(filled, batch, paths);
	replace(paths[0], "second");
	write_reports(filled, batch, paths);
	replace(paths[0], "third");
	write_reports(filled, batch, paths);
	assert_file(own, "payouts.2026-11-20T083000Z.csv", "first");
	assert_file(own, "payouts.2026-11-20T083000Z.2.csv", "second");
	assert_file(own, "payouts.2026-11-20T083000Z.3.csv", "third");
	assert_file(own, "report.2026-11-20T083000Z.json", "first");
	assert_file(own, "payouts.csv", "batch_id,");
	assert_file(own, "report.json", "{\"batch\":");
	free(own);
}

/* A run that died between keeping the old one and the new one's rename left two names of one file. */
static void one_that_was_kept_already_is_not_kept_twice(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	char paths[2][512];
	char *own = file_join(filled->config.reports, "november");
	char *kept = file_join(own, "payouts.2026-11-20T083000Z.csv");
	char *again = file_join(own, "payouts.2026-11-20T083000Z.2.csv");

	write_reports(filled, batch, paths);
	set_time(paths[0], FILLED_NOW / 1000);
	assert_int_equal(link(paths[0], kept), 0);
	write_reports(filled, batch, paths);
	assert_int_equal(access(kept, F_OK), 0);
	assert_int_equal(access(again, F_OK), -1);
	free(own);
	free(kept);
	free(again);
}

struct last_event {
	char line[2048];
};

static bool take_last(void *context, const struct journal_event *event)
{
	struct last_event *last = context;

	snprintf(last->line, sizeof(last->line), "%.*s", (int)event->line.len, event->line.ptr);
	return true;
}

static void add_digest(struct filled *filled, struct buf *wanted, const char *name, const char *path)
{
	struct fault fault = {0};
	struct buf bytes = {0};
	uint8_t digest[SHA256_SIZE];

	filled_must(file_read(path, 1 << 20, &bytes, NULL, &fault), &fault);
	sha256_of(filled->sha, bytes.data, bytes.len, digest);
	buf_addf(wanted, "\"%s\":\"", name);
	buf_add_hex(wanted, digest, sizeof(digest));
	buf_addc(wanted, '"');
	buf_release(&bytes);
}

static void an_event_has_the_digests_of_both(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	struct last_event last = {""};
	struct fault fault = {0};
	struct buf wanted = {0};
	char paths[2][512];

	write_reports(filled, batch, paths);
	filled_must(journal_event_each(filled->stage.journal, 1, 0, 0, take_last, &last, &fault), &fault);
	buf_addz(&wanted, "\treport\tnovember\t\t\t\t\t\t{");
	add_digest(filled, &wanted, "payouts.csv", paths[0]);
	buf_addc(&wanted, ',');
	add_digest(filled, &wanted, "report.json", paths[1]);
	buf_addz(&wanted, "}\tanna\tdesk\tpayrun test\t\t");
	if (strstr(last.line, buf_str(&wanted)) == NULL)
		fail_msg("%s\nis not in\n%s", buf_str(&wanted), last.line);
	buf_release(&wanted);
}

static void a_plain_report_leaves_no_event(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	struct report_options options = {.batch = batch, .format = "csv", .path = "/dev/null"};
	struct fault fault = {0};
	int64_t before, after;
	char head[65];

	journal_head(filled->stage.journal, &before, head);
	filled_must(report_write(&filled->stage, &options, &fault), &fault);
	journal_head(filled->stage.journal, &after, head);
	assert_int_equal(before, after);
}

static void a_batch_named_like_the_folder_above_stays_below(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "..");
	char paths[2][512];
	char *wanted = file_join(filled->config.reports, "_../payouts.csv");

	write_reports(filled, batch, paths);
	assert_string_equal(paths[0], wanted);
	free(wanted);
}

static void a_folder_that_cannot_be_made_is_a_fault_without_event(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	struct fault fault = {0};
	char paths[2][512];
	int64_t before, after;
	char head[65];

	assert_true(file_replace(filled->config.reports, TEXT("a file"), false, &fault));
	journal_head(filled->stage.journal, &before, head);
	assert_false(report_batch(&filled->stage, batch, filled->config.reports, paths, &fault));
	journal_head(filled->stage.journal, &after, head);
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(both_are_for_their_owner_alone, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			older_ones_are_kept_under_their_date_and_never_overwritten, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(one_that_was_kept_already_is_not_kept_twice, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(an_event_has_the_digests_of_both, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(a_plain_report_leaves_no_event, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			a_batch_named_like_the_folder_above_stays_below, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			a_folder_that_cannot_be_made_is_a_fault_without_event, filled_begin, filled_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
