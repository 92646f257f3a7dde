#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "formats/source.h"

#define HELLO_HASH "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

struct place {
	char *folder, *file;
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	const char *above = getenv("TMPDIR");
	struct buf pattern = {0};

	buf_addf(&pattern, "%s/source.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = memory_string(mkdtemp(pattern.data));
	place->file = file_join(place->folder, "in.csv");
	buf_release(&pattern);
	*state = place;
	return 0;
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

/* In place, as a program that still writes it would. */
static void put(const struct place *place, const char *text, int flags)
{
	int fd = open(place->file, O_WRONLY | O_CREAT | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static struct source *opened(const char *path)
{
	struct fault fault = {0};
	struct source *source = source_open(path, &fault);

	if (source == NULL)
		fail_msg("%s", fault.message);
	return source;
}

static void read_everything(struct source *source, struct buf *all)
{
	struct fault fault = {0};
	size_t len = 1;

	buf_reset(all);
	while (len > 0) {
		assert_true(source_read(source, buf_room(all, 3), 3, &len, &fault));
		all->len += len;
	}
	buf_add(all, "", 0);
}

static void expect_hash(const uint8_t digest[SHA256_SIZE], const char *hex)
{
	char text[2 * SHA256_SIZE + 1];

	text_hex(digest, SHA256_SIZE, text);
	assert_string_equal(text, hex);
}

static void hashes_what_is_read_and_reads_it_twice(void **state)
{
	const struct place *place = *state;
	uint8_t digest[SHA256_SIZE];
	struct fault fault = {0};
	struct source *source;
	struct buf all = {0};

	put(place, "hello", 0);
	source = opened(place->file);
	assert_string_equal(source_name(source), "in.csv");
	assert_string_equal(source_path(source), place->file);
	assert_int_equal(source_size(source), 5);
	read_everything(source, &all);
	assert_string_equal(all.data, "hello");
	assert_true(source_finish(source, digest, &fault));
	expect_hash(digest, HELLO_HASH);
	assert_true(source_rewind(source, &fault));
	read_everything(source, &all);
	assert_string_equal(all.data, "hello");
	assert_true(source_finish(source, digest, &fault));
	expect_hash(digest, HELLO_HASH);
	buf_release(&all);
	source_close(source);
}

static void peeks_without_moving_on(void **state)
{
	const struct place *place = *state;
	struct fault fault = {0};
	struct source *source;
	char head[8];
	size_t len;

	put(place, "hello", 0);
	source = opened(place->file);
	assert_true(source_peek(source, head, sizeof(head), &len, &fault));
	assert_int_equal(len, 5);
	assert_true(source_read(source, head, 2, &len, &fault));
	assert_memory_equal(head, "he", 2);
	source_close(source);
}

static void hashes_what_the_reader_left(void **state)
{
	const struct place *place = *state;
	uint8_t digest[SHA256_SIZE];
	struct fault fault = {0};
	struct source *source;
	char head[2];
	size_t len;

	put(place, "hello", 0);
	source = opened(place->file);
	assert_true(source_read(source, head, 2, &len, &fault));
	assert_true(source_finish(source, digest, &fault));
	expect_hash(digest, HELLO_HASH);
	source_close(source);
}

static void knows_the_hash_before_it_is_read(void **state)
{
	const struct place *place = *state;
	uint8_t digest[SHA256_SIZE];
	struct fault fault = {0};
	struct source *source;
	struct buf all = {0};

	put(place, "hello", 0);
	source = opened(place->file);
	assert_true(source_hash(source, digest, &fault));
	expect_hash(digest, HELLO_HASH);
	read_everything(source, &all);
	assert_string_equal(all.data, "hello");
	assert_true(source_finish(source, digest, &fault));
	buf_release(&all);
	source_close(source);
}

/* What happens to the file between the start and the end of the reading. */
static void grow(const struct place *place)
{
	put(place, "!", O_APPEND);
}

static void cut(const struct place *place)
{
	assert_int_equal(truncate(place->file, 2), 0);
}

static void overwrite(const struct place *place)
{
	put(place, "jello", 0);
}

/* The same size, and the old time put back: only the second hash can tell. */
static void overwrite_secretly(const struct place *place)
{
	struct stat before;
	struct timespec times[2];

	assert_int_equal(stat(place->file, &before), 0);
	put(place, "jello", 0);
	times[0] = before.st_atim;
	times[1] = before.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, place->file, times, 0), 0);
}

static void tells_a_file_that_changes_while_it_is_read(void **state)
{
	static void (*const changes[])(const struct place *) = {grow, cut, overwrite, overwrite_secretly};
	const struct place *place = *state;

	for (size_t i = 0; i < 4; i++) {
		uint8_t digest[SHA256_SIZE];
		struct timespec past[2] = {{1000, 0}, {1000, 0}};
		struct fault fault = {0};
		struct source *source;
		struct buf all = {0};

		put(place, "hello", O_TRUNC);
		assert_int_equal(utimensat(AT_FDCWD, place->file, past, 0), 0);
		source = opened(place->file);
		assert_true(source_hash(source, digest, &fault));
		changes[i](place);
		read_everything(source, &all);
		assert_false(source_finish(source, digest, &fault));
		assert_string_equal(fault.code, "FILE_CHANGED");
		assert_int_equal(fault.kind, FAULT_REFUSED);
		buf_release(&all);
		source_close(source);
	}
}

static void refuses_what_is_no_file(void **state)
{
	const struct place *place = *state;
	const struct {
		const char *path, *message;
	} table[] = {{"/nowhere/at/all.csv", "No such file"}, {place->folder, "is a directory"}};

	for (size_t i = 0; i < 2; i++) {
		struct fault fault = {0};

		assert_null(source_open(table[i].path, &fault));
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_non_null(strstr(fault.message, table[i].message));
	}
}

static void refuses_a_file_it_may_not_read(void **state)
{
	const struct place *place = *state;
	struct fault fault = {0};

	if (geteuid() == 0) {
		print_message("SKIPPED: root may read everything\n");
		skip();
	}
	put(place, "hello", 0);
	chmod(place->file, 0);
	assert_null(source_open(place->file, &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
}

static void a_pipe_can_be_read_twice(void **state)
{
	const struct place *place = *state;
	uint8_t digest[SHA256_SIZE];
	struct fault fault = {0};
	struct source *source;
	struct buf all = {0};
	int status;
	pid_t child;

	assert_int_equal(mkfifo(place->file, 0600), 0);
	child = fork();
	if (child == 0) {
		int fd = open(place->file, O_WRONLY);

		for (const char *byte = "hello"; *byte != '\0'; byte++)
			if (write(fd, byte, 1) != 1)
				_exit(1);
		_exit(0);
	}
	source = opened(place->file);
	waitpid(child, &status, 0);
	assert_int_equal(source_size(source), 5);
	assert_true(source_hash(source, digest, &fault));
	expect_hash(digest, HELLO_HASH);
	read_everything(source, &all);
	assert_string_equal(all.data, "hello");
	assert_true(source_finish(source, digest, &fault));
	buf_release(&all);
	source_close(source);
}

static void reads_standard_input(void **state)
{
	const struct place *place = *state;
	struct fault fault = {0};
	struct source *source;
	struct buf all = {0};
	int saved = dup(STDIN_FILENO);
	int fd;

	put(place, "hello", 0);
	fd = open(place->file, O_RDONLY);
	assert_true(saved >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	source = opened("-");
	assert_string_equal(source_name(source), "-");
	read_everything(source, &all);
	assert_string_equal(all.data, "hello");
	assert_true(source_rewind(source, &fault));
	source_close(source);
	assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* it is still open */
	dup2(saved, STDIN_FILENO);
	close(saved);
	buf_release(&all);
}

static void a_copy_that_can_not_be_kept_is_told(void **state)
{
	const char *above = getenv("TMPDIR");
	char *kept = above != NULL ? memory_string(above) : NULL;
	struct fault fault = {0};

	(void)state;
	setenv("TMPDIR", "/nowhere/at/all", 1);
	assert_null(source_open("/dev/null", &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	assert_non_null(strstr(fault.cure, "TMPDIR"));
	if (kept != NULL)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hashes_what_is_read_and_reads_it_twice, make_place, remove_place),
		cmocka_unit_test_setup_teardown(peeks_without_moving_on, make_place, remove_place),
		cmocka_unit_test_setup_teardown(hashes_what_the_reader_left, make_place, remove_place),
		cmocka_unit_test_setup_teardown(knows_the_hash_before_it_is_read, make_place, remove_place),
		cmocka_unit_test_setup_teardown(tells_a_file_that_changes_while_it_is_read, make_place, remove_place),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_file, make_place, remove_place),
		cmocka_unit_test_setup_teardown(refuses_a_file_it_may_not_read, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_pipe_can_be_read_twice, make_place, remove_place),
		cmocka_unit_test_setup_teardown(reads_standard_input, make_place, remove_place),
		cmocka_unit_test(a_copy_that_can_not_be_kept_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
