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

#include "journal/backend.h"

/* What every backend of the journal must do: the same tests over a table of them. */
static const struct backend *(*const backends[])(void) = {
	backend_sqlite,
};
#define BACKENDS (sizeof(backends) / sizeof(backends[0]))

struct ground {
	const struct backend *backend;
	char folder[300], path[400];
	struct store *store;
	struct fault fault;
};

static void ground_open(struct ground *ground, size_t number)
{
	const char *temporary = getenv("TMPDIR");

	memset(ground, 0, sizeof(*ground));
	ground->backend = backends[number]();
	snprintf(ground->folder, sizeof(ground->folder), "%s/payrun-backend-XXXXXX",
		temporary != NULL ? temporary : "/tmp");
	assert_non_null(mkdtemp(ground->folder));
	snprintf(ground->path, sizeof(ground->path), "%s/j.db", ground->folder);
	assert_true(ground->backend->create(ground->path, &ground->fault));
	ground->store = ground->backend->open(ground->path, false, &ground->fault);
	assert_non_null(ground->store);
}

static void ground_close(struct ground *ground)
{
	char command[500];

	ground->backend->close(ground->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", ground->folder);
	assert_int_equal(system(command), 0);
}

static bool put_meta(struct ground *ground, struct store *store, const char *name, const char *value)
{
	return ground->backend->run(
		store, META_ADD, CELLS(cell_text(text_of(name)), cell_text(text_of(value))), NULL, &ground->fault);
}

/* Whether a name is there, as one store sees it. */
static bool sees(struct ground *ground, struct store *store, const char *name)
{
	struct store_cursor *cursor =
		ground->backend->query(store, META_GET, CELLS(cell_text(text_of(name))), &ground->fault);
	const struct cell *row = NULL;

	assert_non_null(cursor);
	assert_true(ground->backend->next(cursor, &row, &ground->fault));
	ground->backend->done(cursor);
	return row != NULL;
}

static void is_made_once_and_opened_only_when_it_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		char missing[500];

		ground_open(&ground, i);
		assert_false(ground.backend->create(ground.path, &ground.fault));
		assert_int_equal(ground.fault.kind, FAULT_USAGE);
		ground.fault = (struct fault){0};
		snprintf(missing, sizeof(missing), "%s/nobody.db", ground.folder);
		assert_null(ground.backend->open(missing, false, &ground.fault));
		assert_string_equal(ground.fault.code, "JOURNAL_MISSING");
		assert_int_not_equal(access(missing, F_OK), 0); /* asking creates nothing */
		ground_close(&ground);
	}
}

static void what_is_committed_is_seen_by_others_and_nothing_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct store *other;

		ground_open(&ground, i);
		other = ground.backend->open(ground.path, true, &ground.fault);
		assert_non_null(other);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_true(put_meta(&ground, ground.store, "a", "1"));
		assert_true(sees(&ground, ground.store, "a"));
		assert_false(sees(&ground, other, "a"));
		ground.backend->rollback(ground.store);
		assert_false(sees(&ground, ground.store, "a"));
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_true(put_meta(&ground, ground.store, "a", "1"));
		assert_true(ground.backend->commit(ground.store, &ground.fault));
		assert_true(sees(&ground, other, "a"));
		ground.backend->rollback(ground.store); /* nothing to roll back is fine */
		ground.backend->close(other);
		ground_close(&ground);
	}
}

static void readings_of_one_moment_do_not_move(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct store *other;

		ground_open(&ground, i);
		other = ground.backend->open(ground.path, true, &ground.fault);
		assert_non_null(other);
		assert_true(ground.backend->read_begin(other, &ground.fault));
		assert_false(sees(&ground, other, "a"));
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_true(put_meta(&ground, ground.store, "a", "1"));
		assert_true(ground.backend->commit(ground.store, &ground.fault));
		assert_false(sees(&ground, other, "a"));
		ground.backend->rollback(other);
		assert_true(sees(&ground, other, "a"));
		ground.backend->close(other);
		ground_close(&ground);
	}
}

static void only_one_writes_at_a_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct store *other;

		ground_open(&ground, i);
		other = ground.backend->open(ground.path, false, &ground.fault);
		assert_non_null(other);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_false(ground.backend->begin(other, &ground.fault)); /* after five seconds */
		assert_string_equal(ground.fault.code, "JOURNAL_LOCKED");
		ground.fault = (struct fault){0};
		ground.backend->rollback(ground.store);
		assert_true(ground.backend->begin(other, &ground.fault));
		ground.backend->rollback(other);
		ground.backend->close(other);
		ground_close(&ground);
	}
}

static void cells_come_back_as_they_were_given(void **state)
{
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(1) << 40};
	static const char zeros[32];

	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct text odd = TEXT("N\0UL, \xc3\xa4 and '\"; DROP TABLE x; --");

		ground_open(&ground, i);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
			const struct cell *row;
			struct store_cursor *cursor;
			int64_t changed = 0;

			assert_true(ground.backend->run(ground.store, ANSWER_PUT,
				CELLS(cell_number((int64_t)k + 1), cell_text(odd), cell_number(numbers[k]),
					cell_text(TEXT("")), cell_text(TEXT("s")), cell_text(TEXT("")),
					cell_text(TEXT("")), cell_text(odd), cell_text(TEXT("")), cell_text(TEXT("")),
					cell_text(TEXT("")), cell_text(TEXT("")), cell_text(TEXT("")),
					cell_text(TEXT("")), cell_number(0), cell_number(0), cell_number(numbers[k]),
					cell_number(0)),
				&changed, &ground.fault));
			assert_int_equal(changed, 1);
			assert_true(ground.backend->run(ground.store, ATTEMPT_ADD,
				CELLS(cell_number((int64_t)k + 1), cell_number(1), cell_number(2), cell_number(3),
					cell_bytes(zeros, k * 3), cell_number(4), cell_number(0)),
				NULL, &ground.fault));
			cursor = ground.backend->query(
				ground.store, ATTEMPT_BY_ID, CELLS(cell_number((int64_t)k + 1)), &ground.fault);
			assert_non_null(cursor);
			assert_true(ground.backend->next(cursor, &row, &ground.fault));
			assert_non_null(row);
			assert_int_equal(row[4].kind, CELL_BYTES);
			assert_int_equal(row[4].text.len, k * 3);
			assert_int_equal(row[10].kind, CELL_NULL);
			assert_int_equal(row[15].kind, CELL_TEXT);
			assert_true(text_equal(row[15].text, odd));
			assert_int_equal(row[16].kind, CELL_NUMBER);
			assert_true(row[16].number == numbers[k] && row[30].number == numbers[k]);
			assert_int_equal(row[17].text.len, 0);
			assert_true(ground.backend->next(cursor, &row, &ground.fault));
			assert_null(row);
			ground.backend->done(cursor);
		}
		ground.backend->rollback(ground.store);
		ground_close(&ground);
	}
}

static void one_query_runs_inside_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct store_cursor *outer, *inner;
		const struct cell *row, *within;
		int pairs = 0;

		ground_open(&ground, i);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		for (int64_t k = 1; k <= 3; k++)
			assert_true(ground.backend->run(ground.store, EVENT_ROW_ADD,
				CELLS(cell_number(1), cell_number(0), cell_number(k)), NULL, &ground.fault));
		outer = ground.backend->query(
			ground.store, EVENT_ROW_LIST, CELLS(cell_number(1), cell_number(5)), &ground.fault);
		assert_non_null(outer);
		while (ground.backend->next(outer, &row, &ground.fault) && row != NULL) {
			inner = ground.backend->query(
				ground.store, EVENT_ROW_LIST, CELLS(cell_number(1), cell_number(6)), &ground.fault);
			assert_non_null(inner);
			while (ground.backend->next(inner, &within, &ground.fault) && within != NULL)
				pairs++;
			ground.backend->done(inner);
		}
		ground.backend->done(outer);
		ground.backend->done(NULL);
		assert_int_equal(pairs, 9);
		ground.backend->rollback(ground.store);
		ground_close(&ground);
	}
}

struct keys {
	struct store_source source;
	struct cell cells[2];
	int64_t at, count, fail_at;
	char key[32];
};

static bool next_key(struct store_source *source, bool *found, struct fault *fault)
{
	struct keys *keys = (struct keys *)source;

	*found = keys->at < keys->count;
	if (++keys->at == keys->fail_at)
		return fault_set(fault, FAULT_OPERATION, "TORN", NULL, "the source is torn");
	snprintf(keys->key, sizeof(keys->key), "k%08lld", (long long)keys->at);
	keys->cells[0] = cell_bytes(keys->key, 9);
	keys->cells[1] = cell_number(keys->at);
	return true;
}

static int64_t count_keys(struct ground *ground)
{
	struct store_cursor *cursor = ground->backend->query(ground->store, KEY_COUNT, NO_CELLS, &ground->fault);
	const struct cell *row = NULL;
	int64_t count;

	assert_non_null(cursor);
	assert_true(ground->backend->next(cursor, &row, &ground->fault));
	count = row[0].number;
	ground->backend->done(cursor);
	return count;
}

static void many_rows_are_appended_by_one_statement(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		struct keys keys = {.source = {next_key, keys.cells}, .count = 5000};
		int64_t added = 0;

		ground_open(&ground, i);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_true(ground.backend->append(ground.store, KEY_APPEND, &keys.source, &added, &ground.fault));
		assert_int_equal(added, 5000);
		assert_int_equal(count_keys(&ground), 5000);
		keys.at = keys.count = 0;
		assert_true(ground.backend->append(ground.store, KEY_APPEND, &keys.source, &added, &ground.fault));
		assert_int_equal(added, 0);
		keys.at = 4998;
		keys.count = 5005;
		assert_false(/* 4999 and 5000 are there already */
			ground.backend->append(ground.store, KEY_APPEND, &keys.source, &added, &ground.fault));
		assert_true(ground.fault.set);
		ground.fault = (struct fault){0};
		ground.backend->rollback(ground.store);
		assert_int_equal(count_keys(&ground), 0);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		keys.at = 0;
		keys.fail_at = 100;
		assert_false(ground.backend->append(ground.store, KEY_APPEND, &keys.source, &added, &ground.fault));
		assert_string_equal(ground.fault.code, "TORN"); /* the source's own fault */
		ground.fault = (struct fault){0};
		ground.backend->rollback(ground.store);
		assert_int_equal(count_keys(&ground), 0);
		ground_close(&ground);
	}
}

static void constraints_stand_in_the_database(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		int64_t changed = 9;
		const struct cell key = cell_bytes("0123456789abcdef", 16);

		ground_open(&ground, i);
		assert_true(ground.backend->begin(ground.store, &ground.fault));
		assert_true(ground.backend->run(
			ground.store, KEY_ADD, CELLS(key, cell_number(1)), &changed, &ground.fault));
		assert_int_equal(changed, 1);
		assert_true(ground.backend->run(
			ground.store, KEY_ADD, CELLS(key, cell_number(2)), &changed, &ground.fault));
		assert_int_equal(changed, 0);
		assert_true(ground.backend->run(ground.store, PROVIDER_ID_ADD,
			CELLS(cell_number(1), cell_text(TEXT("p")), cell_number(1)), &changed, &ground.fault));
		assert_int_equal(changed, 1);
		assert_true(ground.backend->run(ground.store, PROVIDER_ID_ADD,
			CELLS(cell_number(1), cell_text(TEXT("p")), cell_number(2)), &changed, &ground.fault));
		assert_int_equal(changed, 0);
		assert_true(ground.backend->run(ground.store, PROVIDER_ID_ADD,
			CELLS(cell_number(2), cell_text(TEXT("p")), cell_number(2)), &changed, &ground.fault));
		assert_int_equal(changed, 1); /* another identity has ids of its own */
		ground.backend->rollback(ground.store);
		ground_close(&ground);
	}
}

static void hear(void *context, const char *message)
{
	print_error("%s\n", message);
	++*(int *)context;
}

static void a_sound_database_says_so(void **state)
{
	(void)state;
	for (size_t i = 0; i < BACKENDS; i++) {
		struct ground ground;
		int heard = 0;

		ground_open(&ground, i);
		assert_true(ground.backend->check(ground.store, hear, &heard, &ground.fault));
		assert_int_equal(heard, 0);
		ground_close(&ground);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_made_once_and_opened_only_when_it_is_there),
		cmocka_unit_test(what_is_committed_is_seen_by_others_and_nothing_before),
		cmocka_unit_test(readings_of_one_moment_do_not_move),
		cmocka_unit_test(only_one_writes_at_a_time),
		cmocka_unit_test(cells_come_back_as_they_were_given),
		cmocka_unit_test(one_query_runs_inside_another),
		cmocka_unit_test(many_rows_are_appended_by_one_statement),
		cmocka_unit_test(constraints_stand_in_the_database),
		cmocka_unit_test(a_sound_database_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
