/* The CSV reader: limits, failing reads, and the property that no cut of the reads changes a row. */
#include "tests/read_all.h"

static void expect_parts(struct text bytes, const char *const parts[4])
{
	char *all = read_all((struct source){.bytes = bytes}, 0);

	for (size_t i = 0; i < 4 && parts[i] != NULL; i++)
		if (strstr(all, parts[i]) == NULL)
			fail_msg("not found: %s\nin: %s", parts[i], all);
	free(all);
}

static void fill(struct buf *buf, char byte, size_t len)
{
	char *room = buf_room(buf, len);

	memset(room, byte, len);
	buf->len += len;
	room[len] = '\0';
}

/* A file with one field of a size: as it is, in quotes, in quotes over two lines. */
static char *read_long_field(size_t len, const char *before, const char *after)
{
	struct buf file = {0};
	char *all;

	buf_addf(&file, "description,amount\nx,1\n%s", before);
	fill(&file, 'y', len);
	buf_addf(&file, "%s,2\nz,3\n", after);
	all = read_all((struct source){.bytes = buf_text(&file)}, 0);
	buf_release(&file);
	return all;
}

static void a_field_has_a_limit(void **state)
{
	static const struct {
		const char *before, *after;
		size_t own;
	} forms[] = {{"", "", 0}, {"\"", "\"", 0}, {"\"a\n", "\"", 2}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t limit = BOUND_FIELD_BYTES - forms[i].own;
		char *fits = read_long_field(limit, forms[i].before, forms[i].after);
		char *over = read_long_field(limit + 1, forms[i].before, forms[i].after);
		char *far = read_long_field(5 * limit, forms[i].before, forms[i].after);

		assert_non_null(strstr(fits, "\nend\n"));
		assert_null(strstr(fits, "error"));
		assert_non_null(strstr(over, "error FIELD_TOO_LONG row 0 line"));
		assert_non_null(strstr(over, "\nrefused\n"));
		assert_non_null(strstr(far, "\nrefused\n"));
		assert_non_null(
			strstr(far, i < 2 ? "error FIELD_TOO_LONG row 0 line 3" : "error CSV_SYNTAX row 0 line 3"));
		free(fits);
		free(over);
		free(far);
	}
}

static void a_line_has_a_limit(void **state)
{
	struct buf file = {0};
	const char *const parts[4] = {"row 2 line 2", "error FIELD_TOO_LONG row 0 line 3",
		"line 3 has more than 1048576 bytes", "\nrefused\n"};
	const char *const open[4] = {"error CSV_SYNTAX row 0 line 3", "\nrefused\n"};

	(void)state;
	buf_addz(&file, "description,amount\nx,1\n");
	fill(&file, 'y', 3 * (size_t)BOUND_LINE_BYTES);
	expect_parts(buf_text(&file), parts);
	buf_reset(&file);
	buf_addz(&file, "description,amount\nx,1\n\"");
	for (int i = 0; i < 300000; i++)
		buf_addz(&file, "line\n");
	expect_parts(buf_text(&file), open);
	buf_release(&file);
}

static void a_failed_read_is_never_the_end(void **state)
{
	struct text bytes = TEXT("reference,amount\nA,1\nB,2\nC,3\n");

	(void)state;
	for (size_t at = 1; at <= bytes.len; at++) {
		char *all = read_all((struct source){.bytes = bytes, .fail_at = at}, 0);
		size_t len = strlen(all);
		const char *end = "fault: the disk is broken\n";

		assert_true(len >= strlen(end));
		assert_string_equal(all + len - strlen(end), end);
		free(all);
	}
}

static const char *const alphabet[] = {
	"a", "1", ",", ",", "\"", "\"\"", "\n", "\r\n", "\r", " ", "\xC3\xBC", "\"x\"", "\"x,\ny\""};

static void make_file(struct buf *file, unsigned *seed)
{
	buf_reset(file);
	buf_addz(file, *seed % 2 == 0 ? "reference,amount\r\n" : "reference,amount\n");
	for (int i = 0; i < 60; i++) {
		*seed = *seed * 1103515245U + 12345U;
		buf_addz(file, alphabet[(*seed >> 16) % (sizeof(alphabet) / sizeof(alphabet[0]))]);
	}
}

static void any_cut_of_the_reads_gives_the_same_rows(void **state)
{
	struct buf file = {0};
	unsigned seed = 20261120;

	(void)state;
	for (int i = 0; i < 400; i++) {
		char *whole;

		make_file(&file, &seed);
		whole = read_all((struct source){.bytes = buf_text(&file)}, 0);
		for (unsigned piece = 1; piece < 12; piece++) {
			char *cut = read_all((struct source){.bytes = buf_text(&file),
						     .piece = piece,
						     .seed = piece % 2 == 0 ? seed | 1 : 0},
				0);

			assert_string_equal(cut, whole);
			free(cut);
		}
		free(whole);
	}
	buf_release(&file);
}

/* Long records across the borders of the reader's buffer. */
static void rows_cross_the_borders_of_the_buffer(void **state)
{
	struct buf file = {0};
	unsigned seed = 7;
	int rows = 0, count = 0;
	char *all;

	(void)state;
	buf_addz(&file, "reference,note_to_self,amount\n");
	for (; file.len < 3000000; rows++) {
		size_t len;

		seed = seed * 1103515245U + 12345U;
		len = (seed >> 16) % 60000;
		buf_addf(&file, "R%d,%s", rows, rows % 3 == 0 ? "\"" : "");
		fill(&file, 'd', len);
		buf_addf(&file, "%s,%d.00\n", rows % 3 == 0 ? "\"" : "", rows + 1);
	}
	all = read_all((struct source){.bytes = buf_text(&file), .piece = 100000, .seed = 99}, 0);
	assert_null(strstr(all, "error"));
	for (const char *row = all; count < rows; count++) {
		char part[96];

		snprintf(part, sizeof(part), "row %d line %d reference=<R%d> amount=<%d.00> ", count + 2, count + 2,
			count, count + 1);
		row = strstr(row, part);
		assert_non_null(row);
	}
	assert_non_null(strstr(all, "\nend\n"));
	free(all);
	buf_release(&file);
}

/* A line whose quotes are around whole fields is cut in place; the same line with a space before a quote behind it goes
 * through libcsv. */
static void both_ways_of_parsing_agree(void **state)
{
	static const char *const parts[] = {"a", "b c", ",", ",", " ", "  ", "\xC2\xA0", "\t", "1.5", "\xC3\xBC", "'",
		"\"q\"", ",\"a,b\",", "\"\"", ",\" s \"", "\"a\"\"b\"", ",\"\"\"\",", ",\"\xC3\xBC\""};
	unsigned seed = 3;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct buf line = {0}, plain = {0}, quoted = {0};
		char *one, *other, *cut;

		for (int j = 0; j < 12; j++) {
			seed = seed * 1103515245U + 12345U;
			buf_addz(&line, parts[(seed >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
		}
		buf_addf(&plain, "reference,amount,currency,iban,city,email,x,y,z\n%s,\n", buf_str(&line));
		buf_addf(&quoted, "reference,amount,currency,iban,city,email,x,y,z\n%s, \"\"\n", buf_str(&line));
		one = read_all((struct source){.bytes = buf_text(&plain)}, 0);
		other = read_all((struct source){.bytes = buf_text(&quoted)}, 0);
		/* the bytes themselves differ, of course */
		for (cut = one; (cut = strstr(cut, " raw=")) != NULL;)
			memmove(cut, strchr(cut, '\n'), strlen(strchr(cut, '\n')) + 1);
		for (cut = other; (cut = strstr(cut, " raw=")) != NULL;)
			memmove(cut, strchr(cut, '\n'), strlen(strchr(cut, '\n')) + 1);
		assert_string_equal(one, other);
		free(one);
		free(other);
		buf_release(&line);
		buf_release(&plain);
		buf_release(&quoted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_has_a_limit),
		cmocka_unit_test(a_line_has_a_limit),
		cmocka_unit_test(a_failed_read_is_never_the_end),
		cmocka_unit_test(any_cut_of_the_reads_gives_the_same_rows),
		cmocka_unit_test(rows_cross_the_borders_of_the_buffer),
		cmocka_unit_test(both_ways_of_parsing_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
