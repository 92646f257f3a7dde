/*
 * generate-tables FOLDER OUT: makes C of the reference tables, FOLDER/NAME.csv (RFC 4180, UTF-8, a header row), while
 * the library is built. For each table OUT gets, sorted by its first column in byte order:
 *
 *   #ifdef TABLES_WANT_NAME
 *   static const char *const tables_NAME[][COLUMNS] = { ... };
 *   enum { tables_NAME_count = ROWS };
 *   #endif
 *   #define TABLES_NAME_ROWS(ROW) ROW(cell, cell, ...) ROW(...) ...
 *
 * In the array every cell is text. In the macro the cells of a column that holds whole numbers only are numbers, an
 * empty one of them is -1: so a file can lay out constant structures of its own. Part of the build, not of payrun.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 32
#define NAME_MAX_LEN 64
#define TABLES_MAX 64

struct table {
	char name[NAME_MAX_LEN];
	char *bytes; /* of the file; the cells point into it */
	char *(*rows)[COLUMNS_MAX];
	size_t row_count; /* the header row not counted, it is rows[0] */
	size_t column_count;
	bool number[COLUMNS_MAX];
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("generate-tables: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
	exit(1);
}

static void *grown(void *memory, size_t len)
{
	memory = realloc(memory, len);
	if (memory == NULL)
		die("no memory");
	return memory;
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t len = 0, got;

	if (file == NULL)
		die("%s: %s", path, strerror(errno));
	do {
		bytes = grown(bytes, len + 4096 + 1);
		got = fread(bytes + len, 1, 4096, file);
		len += got;
	} while (got > 0);
	if (ferror(file))
		die("%s: %s", path, strerror(errno));
	fclose(file);
	bytes[len] = '\0';
	if (strlen(bytes) != len)
		die("%s: a NUL byte", path);
	return bytes;
}

/* Reads one cell and ends it with a NUL in place: a cell only gets shorter. Returns what ended it: ',' '\n' or '\0'. */
static char read_cell(char **at, char **cell)
{
	bool quoted = **at == '"';
	char *from = *at + quoted, *to = from;
	char end;

	*cell = to;
	while (*from != '\0') {
		if (quoted && *from == '"' && *++from != '"')
			break;
		if (!quoted && (*from == ',' || *from == '\n' || *from == '\r'))
			break;
		*to++ = *from++;
	}
	if (*from == '\r' && from[1] == '\n')
		from++;
	end = *from;
	if (end != ',' && end != '\n' && end != '\0')
		die("a byte after a closing quote, or a lone CR, before \"%.20s\"", from);
	*to = '\0';
	*at = from + (end != '\0');
	return end;
}

static void read_rows(struct table *table, const char *path)
{
	char *at = table->bytes;

	while (*at != '\0') {
		size_t column = 0;
		char end;

		table->rows = grown(table->rows, (table->row_count + 1) * sizeof(*table->rows));
		do {
			if (column == COLUMNS_MAX)
				die("%s: more than %d columns", path, COLUMNS_MAX);
			end = read_cell(&at, &table->rows[table->row_count][column++]);
		} while (end == ',');
		if (table->row_count == 0)
			table->column_count = column;
		if (column != table->column_count)
			die("%s: row %zu has %zu cells", path, table->row_count + 1, column);
		table->row_count++;
	}
	if (table->row_count < 2)
		die("%s: no rows", path);
	table->row_count--;
}

static bool is_number(const char *cell)
{
	size_t len = strlen(cell);

	return len <= 9 && strspn(cell, "0123456789") == len && (cell[0] != '0' || len == 1);
}

static void find_numbers(struct table *table)
{
	for (size_t column = 0; column < table->column_count; column++) {
		bool number = true, filled = false;

		for (size_t row = 1; row <= table->row_count; row++) {
			number = number && is_number(table->rows[row][column]);
			filled = filled || table->rows[row][column][0] != '\0';
		}
		table->number[column] = number && filled;
	}
}

static int by_first_cell(const void *a, const void *b)
{
	char *const *left = a, *const *right = b;

	return strcmp(left[0], right[0]);
}

static int by_name(const void *a, const void *b)
{
	const struct table *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void read_table(struct table *table, const char *folder, const char *name)
{
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/%s.csv", folder, name) >= (int)sizeof(path))
		die("the path of %s is too long", name);
	memset(table, 0, sizeof(*table));
	snprintf(table->name, sizeof(table->name), "%s", name);
	table->bytes = read_file(path);
	read_rows(table, path);
	find_numbers(table);
	qsort(table->rows + 1, table->row_count, sizeof(*table->rows), by_first_cell);
}

/* A file that is no table by its name is left alone. */
static bool table_name(const char *file, char name[NAME_MAX_LEN])
{
	size_t len = strlen(file);

	if (len < 5 || len - 4 >= NAME_MAX_LEN || strcmp(file + len - 4, ".csv") != 0 || file[0] == '.')
		return false;
	memcpy(name, file, len - 4);
	name[len - 4] = '\0';
	for (const char *at = name; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && *at != '_')
			die("%s: a table is named with letters, digits and '_'", file);
	return true;
}

static size_t read_folder(const char *folder, struct table tables[TABLES_MAX])
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char name[NAME_MAX_LEN];
	size_t count = 0;

	if (dir == NULL)
		die("%s: %s", folder, strerror(errno));
	while ((entry = readdir(dir)) != NULL) {
		if (!table_name(entry->d_name, name))
			continue;
		if (count == TABLES_MAX)
			die("%s: more than %d tables", folder, TABLES_MAX);
		read_table(&tables[count++], folder, name);
	}
	closedir(dir);
	qsort(tables, count, sizeof(*tables), by_name);
	return count;
}

static void write_text(FILE *out, const char *cell)
{
	fputc('"', out);
	for (; *cell != '\0'; cell++) {
		if (*cell == '"' || *cell == '\\' || *cell == '?') /* two '?' could begin a trigraph */
			fprintf(out, "\\%c", *cell);
		else if ((unsigned char)*cell < 0x20)
			fprintf(out, "\\%03o", (unsigned)(unsigned char)*cell);
		else
			fputc(*cell, out);
	}
	fputc('"', out);
}

static void write_cells(FILE *out, const struct table *table, size_t row, bool numbers)
{
	for (size_t column = 0; column < table->column_count; column++) {
		const char *cell = table->rows[row][column];

		if (column > 0)
			fputs(", ", out);
		if (numbers && table->number[column])
			fputs(cell[0] != '\0' ? cell : "-1", out);
		else
			write_text(out, cell);
	}
}

static void write_upper(FILE *out, const char *name)
{
	for (; *name != '\0'; name++)
		fputc(toupper((unsigned char)*name), out);
}

static void write_table(FILE *out, const struct table *table)
{
	fputs("\n#ifdef TABLES_WANT_", out);
	write_upper(out, table->name);
	fprintf(out, "\nstatic const char *const tables_%s[][%zu] = {\n", table->name, table->column_count);
	for (size_t row = 1; row <= table->row_count; row++) {
		fputs("\t{", out);
		write_cells(out, table, row, false);
		fputs("},\n", out);
	}
	fprintf(out, "};\nenum { tables_%s_count = %zu };\n#endif\n#define TABLES_", table->name, table->row_count);
	write_upper(out, table->name);
	fputs("_ROWS(ROW)", out);
	for (size_t row = 1; row <= table->row_count; row++) {
		fputs(" \\\n\tROW(", out);
		write_cells(out, table, row, true);
		fputc(')', out);
	}
	fputc('\n', out);
}

int main(int argc, char **argv)
{
	static struct table tables[TABLES_MAX];
	size_t count;
	FILE *out;

	if (argc != 3)
		die("usage: generate-tables FOLDER OUT");
	count = read_folder(argv[1], tables);
	out = fopen(argv[2], "w");
	if (out == NULL)
		die("%s: %s", argv[2], strerror(errno));
	fputs("/* Written by lib/values/tables/generate.c from the tables beside it. */\n", out);
	for (size_t i = 0; i < count; i++) {
		write_table(out, &tables[i]);
		free(tables[i].rows);
		free(tables[i].bytes);
	}
	if (ferror(out) || fclose(out) != 0)
		die("%s: %s", argv[2], strerror(errno));
	return 0;
}
