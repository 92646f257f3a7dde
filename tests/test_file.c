#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/tick.h"

struct place {
	char *folder;
	char *file;
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	const char *above = getenv("TMPDIR");
	char pattern[512];

	snprintf(pattern, sizeof(pattern), "%s/file.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = file_join(mkdtemp(pattern), "");
	place->file = file_join(place->folder, "out.csv");
	*state = place;
	return 0;
}

static int entries(const char *folder)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->file);
	rmdir(place->folder);
	free(place->folder);
	free(place->file);
	free(place);
	return 0;
}

static void has(const char *path, const char *content)
{
	struct fault fault = {0};
	struct buf buf = {0};

	assert_true(file_read(path, 1000, &buf, NULL, &fault));
	assert_string_equal(buf_str(&buf), content);
	buf_release(&buf);
}

static void writes_a_whole_file_for_its_owner_alone(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;
	struct stat stat_of;

	assert_true(file_create(&out, place->file, &fault));
	file_write(&out, "a,b\n", 4);
	file_write(&out, "1,2\n", 4);
	assert_int_equal(access(place->file, F_OK), -1);
	assert_true(file_commit(&out, true, &fault));
	has(place->file, "a,b\n1,2\n");
	assert_int_equal(stat(place->file, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 07777, 0600);
	assert_int_equal(entries(place->folder), 1);
}

static void writes_more_than_its_buffer_in_order(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;
	struct buf buf = {0};
	char *large = malloc(3000000);
	char line[32];

	memset(large, 'z', 3000000);
	assert_true(file_create(&out, place->file, &fault));
	for (int i = 0; i < 300000; i++)
		file_write(&out, line, (size_t)snprintf(line, sizeof(line), "%09d\n", i));
	file_write(&out, large, 3000000);
	file_write(&out, "end", 3);
	assert_true(file_commit(&out, false, &fault));
	assert_true(file_read(place->file, 10000000, &buf, NULL, &fault));
	assert_int_equal(buf.len, 6000003);
	for (int i = 0; i < 300000; i++) {
		snprintf(line, sizeof(line), "%09d\n", i);
		assert_memory_equal(buf.data + 10 * i, line, 10);
	}
	assert_memory_equal(buf.data + 3000000, large, 3000000);
	assert_string_equal(buf_str(&buf) + 6000000, "end");
	buf_release(&buf);
	free(large);
}

static void an_abandoned_file_leaves_the_old_one(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;

	assert_true(file_replace(place->file, TEXT("old"), true, &fault));
	assert_true(file_create(&out, place->file, &fault));
	file_write(&out, "new", 3);
	file_abandon(&out);
	has(place->file, "old");
	assert_int_equal(entries(place->folder), 1);
}

static void a_failed_write_leaves_the_old_one_and_is_told(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;
	int closed;

	assert_true(file_replace(place->file, TEXT("old"), true, &fault));
	assert_true(file_create(&out, place->file, &fault));
	closed = out.fd;
	out.fd = open("/dev/full", O_WRONLY); /* every write to it finds a full disk */
	file_write(&out, "new", 3);
	assert_false(file_commit(&out, true, &fault));
	close(closed);
	assert_string_equal(fault.code, "DISK_FULL");
	assert_int_equal(fault.kind, FAULT_OPERATION);
	assert_non_null(strstr(fault.message, place->file));
	has(place->file, "old");
	assert_int_equal(entries(place->folder), 1);
}

static void a_target_that_cannot_be_replaced_is_told(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;
	char *missing = file_join(place->folder, "no/such/out.csv");

	assert_false(file_create(&out, missing, &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	free(missing);
	fault = (struct fault){0};
	assert_int_equal(mkdir(place->file, 0700), 0);
	assert_true(file_create(&out, place->file, &fault));
	assert_false(file_commit(&out, true, &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	assert_int_equal(entries(place->folder), 1);
	rmdir(place->file);
}

static void a_symbolic_link_is_replaced_not_followed(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	char *victim = file_join(place->folder, "victim");
	struct stat stat_of;

	assert_true(file_replace(victim, TEXT("mine"), false, &fault));
	assert_int_equal(symlink(victim, place->file), 0);
	assert_true(file_replace(place->file, TEXT("new"), false, &fault));
	has(victim, "mine");
	has(place->file, "new");
	assert_int_equal(lstat(place->file, &stat_of), 0);
	assert_true(S_ISREG(stat_of.st_mode));
	unlink(victim);
	free(victim);
}

static void a_device_is_written_to_and_stays_a_device(void **state)
{
	struct fault fault = {0};
	struct stat stat_of;

	(void)state;
	assert_true(file_replace("/dev/null", TEXT("new"), true, &fault));
	assert_int_equal(stat("/dev/null", &stat_of), 0);
	assert_true(S_ISCHR(stat_of.st_mode));
	assert_false(file_replace("/dev/full", TEXT("new"), true, &fault));
	assert_string_equal(fault.code, "DISK_FULL");
}

static void reads_up_to_a_limit_and_after_what_is_there(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct buf buf = {0};
	int error = -1;

	assert_true(file_replace(place->file, TEXT("12345"), false, &fault));
	buf_addz(&buf, ">");
	assert_true(file_read(place->file, 5, &buf, &error, &fault));
	assert_string_equal(buf_str(&buf), ">12345");
	assert_int_equal(error, 0);
	assert_false(file_read(place->file, 4, &buf, &error, &fault));
	assert_int_equal(error, EFBIG);
	assert_string_equal(buf_str(&buf), ">12345");
	fault = (struct fault){0};
	assert_false(file_read("/no/such/file", 4, &buf, &error, &fault));
	assert_int_equal(error, ENOENT);
	assert_string_equal(fault.message, "could not read /no/such/file: No such file or directory");
	fault = (struct fault){0};
	assert_false(file_read(place->folder, 4, &buf, &error, &fault));
	assert_int_equal(error, EISDIR);
	buf_release(&buf);
}

static void makes_folders_with_those_above(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	char *deep = file_join(place->folder, "a//b/c/");
	struct stat stat_of;

	assert_true(file_make_folder(deep, &fault));
	assert_true(file_make_folder(deep, &fault));
	assert_int_equal(stat(deep, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 07777, 0700);
	assert_true(file_replace(place->file, TEXT(""), false, &fault));
	free(deep);
	deep = file_join(place->file, "x");
	assert_false(file_make_folder(deep, &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	free(deep);
	for (const char *const *name = (const char *const[]){"a/b/c", "a/b", "a", NULL}; *name != NULL; name++) {
		deep = file_join(place->folder, *name);
		assert_int_equal(rmdir(deep), 0);
		free(deep);
	}
}

static void joins_and_splits_paths(void **state)
{
	static const struct {
		const char *folder, *name, *path, *above;
	} cases[] = {
		{"/var/lib", "payrun.db", "/var/lib/payrun.db", "/var/lib"},
		{"/var/lib/", "payrun.db", "/var/lib/payrun.db", "/var/lib"},
		{"/var", "/etc/payrun.conf", "/etc/payrun.conf", "/etc"},
		{".", "x", "./x", "."},
		{"/", "x", "/x", "/"},
		{"", "x", "x", "."},
		{"a//", "x", "a//x", "a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *path = file_join(cases[i].folder, cases[i].name);
		char *above = file_folder(path);

		assert_string_equal(path, cases[i].path);
		assert_string_equal(above, cases[i].above);
		free(path);
		free(above);
	}
}

static const char *ticks_seen[4];
static size_t ticks_count;
static bool there_at_tick[4];
static const char *watched;

static void note_tick(const char *name)
{
	assert_true(ticks_count < 4);
	there_at_tick[ticks_count] = access(watched, F_OK) == 0;
	ticks_seen[ticks_count++] = name;
}

static void ticks_before_and_after_the_rename(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};

	watched = place->file;
	tick_hook = note_tick;
	assert_true(file_replace(place->file, TEXT("x"), false, &fault));
	tick_hook = NULL;
	assert_int_equal(ticks_count, 2);
	assert_string_equal(ticks_seen[0], "file.before_rename");
	assert_false(there_at_tick[0]);
	assert_string_equal(ticks_seen[1], "file.renamed");
	assert_true(there_at_tick[1]);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACED(writes_a_whole_file_for_its_owner_alone),
		PLACED(writes_more_than_its_buffer_in_order),
		PLACED(an_abandoned_file_leaves_the_old_one),
		PLACED(a_failed_write_leaves_the_old_one_and_is_told),
		PLACED(a_target_that_cannot_be_replaced_is_told),
		PLACED(a_symbolic_link_is_replaced_not_followed),
		PLACED(a_device_is_written_to_and_stays_a_device),
		PLACED(reads_up_to_a_limit_and_after_what_is_there),
		PLACED(makes_folders_with_those_above),
		PLACED(joins_and_splits_paths),
		PLACED(ticks_before_and_after_the_rename),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
