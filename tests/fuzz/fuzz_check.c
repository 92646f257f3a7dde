/*
 * A whole check: a file as a user has it, with options, through reader, rules and error file; then the error file as a
 * file again. Input: a letter each for format, delimiter, decimal mark, encoding, --on-error, profile and channel, then
 * the file; 'a' is "not given". The files of the golden folder are written as seeds into the folder FUZZ_SEEDS.
 */
#include "tests/fuzz/fuzz_place.h"

#include <glob.h>
#include <jansson.h>

#include "stages/receive.h"

#define LETTERS "aaaaaaa"

static char input_path[500], error_path[500], again_path[500];

static void write_seeds(const char *to)
{
	struct buf pattern = {0};
	glob_t files;

	buf_addf(&pattern, "%s/tests/golden/files/*/input.*", source_folder());
	never(glob(buf_str(&pattern), 0, NULL, &files) != 0, "no files", buf_str(&pattern));
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct fault fault = {0};
		struct buf bytes = {0}, path = {0};

		buf_addz(&bytes, LETTERS);
		buf_addf(&path, "%s/golden-%zu", to, i);
		if (file_read(files.gl_pathv[i], 3000, &bytes, NULL, &fault))
			put(buf_str(&path), buf_text(&bytes));
		buf_release(&bytes);
		buf_release(&path);
	}
	globfree(&files);
	buf_release(&pattern);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_open();
	snprintf(input_path, sizeof(input_path), "%s/input", folder);
	snprintf(error_path, sizeof(error_path), "%s/errors", folder);
	snprintf(again_path, sizeof(again_path), "%s/again", folder);
	if (getenv("FUZZ_SEEDS") != NULL)
		write_seeds(getenv("FUZZ_SEEDS"));
	return 0;
}

/* --- a check ------------------------------------------------------------------------------------------------------ */

struct check {
	struct receive_options options;
	struct receive_result result;
	enum receive_verdict verdict;
	struct buf rows; /* "2 AMOUNT_SYNTAX amount error\n" a finding of a row */
	int64_t row_errors, file_errors;
};

/* What a person may be shown: text, and nothing that a terminal would obey. */
static void see_harmless(const char *string)
{
	struct text text = text_of(string);
	size_t at = 0;

	never(!text_utf8(text, NULL), "a finding that is no text", string);
	for (int32_t point = text_next(text, &at); point >= 0; point = text_next(text, &at))
		never(text_point_hidden(point), "a finding that a terminal would obey", string);
}

static void take_finding(void *context, const struct finding *finding)
{
	struct check *check = context;

	see_harmless(finding->message);
	see_harmless(finding->cure);
	see_harmless(finding->field);
	if (finding->row > 0)
		buf_addf(&check->rows, "%lld %s %s %s\n", (long long)finding->row, finding->code, finding->field,
			finding_severity_name(finding->severity));
	check->row_errors += finding->row > 0 && finding->severity == FINDING_ERROR;
	check->file_errors += finding->row == 0 && finding->severity == FINDING_ERROR;
}

static void run_check(struct check *check)
{
	struct finding_sink sink = {take_finding, check};
	struct fault fault = {0};
	int64_t good = 0;

	check->verdict = receive_check(&stage, &check->options, &sink, &check->result, &fault);
	stage.notice_count = 0;
	if (check->verdict == RECEIVE_FAULT) {
		never(fault.kind != FAULT_USAGE, "the operation failed", fault.message);
		return;
	}
	never(check->verdict != RECEIVE_NEW && check->verdict != RECEIVE_REFUSED, "another verdict", fault.message);
	for (int i = 0; i < check->result.sum_count; i++)
		good += check->result.sums[i].count;
	never(check->result.rows != check->result.good + check->result.bad + check->result.duplicate, "rows are lost",
		"");
	never(good != check->result.good, "sums that are not those of the good rows", buf_str(&check->rows));
	never(check->file_errors > 0 && check->verdict == RECEIVE_NEW && check->row_errors == 0 &&
			check->result.bad == 0,
		"an error of the file, and taken", buf_str(&check->rows));
	never(check->verdict == RECEIVE_REFUSED && check->result.errors == 0, "refused without a word", "");
	never(check->verdict == RECEIVE_NEW && check->result.errors > 0 && check->options.on_error == ON_ERROR_REFUSE,
		"errors, and taken", buf_str(&check->rows));
	never(check->row_errors > 0 && check->result.bad == 0, "errors of good rows", buf_str(&check->rows));
}

/* The error file of a table is a table with the same rows, and the same is wrong with them. */
static void check_again(const struct check *first)
{
	struct check again = {.options = first->options};

	never(rename(error_path, again_path) != 0, "no error file", error_path);
	again.options.path = again_path;
	again.options.write_errors = false;
	again.options.format = "csv";
	run_check(&again);
	never(again.verdict == RECEIVE_FAULT, "the error file can't be read", again.result.file_name);
	never(again.result.rows != first->result.rows, "the error file has other rows", buf_str(&again.rows));
	/* a header that lacks the reference has payrun's own there */
	if (first->file_errors == 0 && !text_equal(buf_text(&again.rows), buf_text(&first->rows))) {
		fprintf(stderr, "of the file itself:\n%s", buf_str(&first->rows));
		never(true, "something else is wrong with the error file", buf_str(&again.rows));
	}
	buf_release(&again.rows);
}

/* What is wrong with elements of JSON is a list, with lines of it an object a line. */
static bool is_list(void)
{
	struct fault fault = {0};
	struct buf bytes = {0};
	bool list;

	never(!file_read(error_path, FILE_MAX, &bytes, NULL, &fault), "no error file", fault.message);
	list = text_starts(buf_text(&bytes), TEXT("[\n{\"index\":")) ||
	       text_starts(buf_text(&bytes), TEXT("{\"index\":"));
	if (list) {
		json_error_t error;
		json_t *root = json_loads(buf_str(&bytes), JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);

		never(root == NULL, "the list of errors is no JSON", error.text);
		json_decref(root);
	}
	buf_release(&bytes);
	return list;
}

/* --- an input ----------------------------------------------------------------------------------------------------- */

static const char *one_of(const char *const *names, size_t count, unsigned choice)
{
	return names[choice % count];
}

#define ONE_OF(choice, ...)                                                                                            \
	one_of((const char *const[]){NULL, __VA_ARGS__},                                                               \
		sizeof((const char *const[]){NULL, __VA_ARGS__}) / sizeof(const char *), (choice))

static struct receive_options options_of(struct text *left)
{
	struct receive_options options = {.path = input_path, .errors_path = error_path, .write_errors = true};

	options.expect_count = -1;
	options.format = ONE_OF(choose(left), "csv", "json", "ndjson");
	options.delimiter = "\0,;\t|"[choose(left) % 5];
	options.decimal_mark = "\0.,"[choose(left) % 3];
	options.encoding = ONE_OF(choose(left), "utf-8", "utf-16", "windows-1252", "windows-1251", "iso-8859-15");
	options.on_error = choose(left) % 2 == 0 ? ON_ERROR_REFUSE : ON_ERROR_SKIP;
	options.profile = ONE_OF(choose(left), "erp", "bare", "bank", "de");
	options.channel = ONE_OF(choose(left), "calypso", "circle", "circle-wire", "circle-legacy", "mollie", "pontis");
	return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct check check;
	struct text left = {(const char *)data, len};

	check = (struct check){.options = options_of(&left)};
	put(input_path, left);
	run_check(&check);
	if (check.verdict != RECEIVE_FAULT && check.result.error_file[0] != '\0') {
		never(check.row_errors + check.file_errors == 0, "an error file without errors", "");
		if (!is_list())
			check_again(&check);
	}
	unlink(error_path);
	buf_release(&check.rows);
	return 0;
}
