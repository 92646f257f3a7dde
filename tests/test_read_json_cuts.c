/* JSON and NDJSON: no cut of the reads changes a row, a file that ends early is never taken for a whole one, and
 * damaged bytes are survived. */
#include "tests/read_all.h"

static const char document[] =
	"\xEF\xBB\xBF{ \"batch_id\": \"B\\u00e4\", \"control\": {\"count\": 4}, \"x\": [1, {\"y\": null}],\r\n"
	" \"payouts\": [\r\n"
	"  {\"reference\": \"A \\\"1\\\" \xC3\xA4\xF0\x9F\x98\x80\", \"amount\": 12.50, \"recipient\": {\"ifsc\": "
	"\"H\", \"n\": "
	"true}},\n"
	"  {\"reference\": \"\\ud83d\\ude00\", \"amount\": \"1e2\", \"amount\": 2},\r"
	"  {\"reference\": \"C\", \"Amount\": -1.5E+3, \"unknown\": [[[]], {}, -0.1, false], \"amout\": \"\\\\\"},\n"
	"  [null, 1], {\"city\": \"\\u0000\", \"iban\": 7}, {\"a\": 1,}, \"text\"\n"
	" ] }\n \n";

static const char lines[] = "\xEF\xBB\xBF{\"reference\": \"A \\\"1\\\" \xC3\xA4\", \"amount\": 12.50, \"recipient\": "
			    "{\"ifsc\": \"H\", \"n\": "
			    "true}}\r\n"
			    "\n {\"reference\": \"\\ud83d\\ude00\", \"amount\": 1, \"amount\": 2} \n"
			    "{\"reference\": \"C\", \"unknown\": [[[]], {}, -0.1, false]\n"
			    "[1]\r\"x\"\n{\"city\": \"\\ud800\"}\n{\"amount\": 1}{}";

struct sample {
	const struct reader_format *format;
	struct text bytes;
};

static const struct sample samples[] = {
	{&reader_json, {document, sizeof(document) - 1}},
	{&reader_ndjson, {lines, sizeof(lines) - 1}},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void no_cut_of_the_reads_changes_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		char *whole = read_as(samples[i].format, (struct source){.bytes = samples[i].bytes}, 0);

		assert_non_null(strstr(whole, "\nend\n"));
		for (size_t piece = 1; piece <= 40; piece++) {
			char *pieces = read_as(
				samples[i].format, (struct source){.bytes = samples[i].bytes, .piece = piece}, 0);

			assert_string_equal(pieces, whole);
			free(pieces);
		}
		for (unsigned seed = 1; seed <= 100; seed++) {
			char *pieces = read_as(samples[i].format,
				(struct source){.bytes = samples[i].bytes, .piece = 90, .seed = seed}, 0);

			assert_string_equal(pieces, whole);
			free(pieces);
		}
		free(whole);
	}
}

/* Many elements on one line, each at another place of the reads: over the reader's own pieces, too. */
static void a_long_line_of_elements_is_read_to_its_end(void **state)
{
	struct buf long_document = {0};
	char last[64];
	char *all;

	(void)state;
	for (int i = 0; i < 30000; i++)
		buf_addf(&long_document, "%s{\"reference\":\"R-%d\",\"amount\":\"%d.5\"}", i == 0 ? "[" : ",", i, i);
	buf_addc(&long_document, ']');
	all = read_as(&reader_json, (struct source){.bytes = buf_text(&long_document)}, 0);
	snprintf(last, sizeof(last), "row 30000 line 1 reference=<R-29999> amount=<29999.5>");
	assert_non_null(strstr(all, last));
	assert_null(strstr(all, "error"));
	free(all);
	long_document.len -= 20;
	all = read_as(&reader_json, (struct source){.bytes = buf_text(&long_document)}, 0);
	assert_non_null(strstr(all, "error JSON_SYNTAX row 0 line 1"));
	assert_non_null(strstr(all, "\nrefused\n"));
	free(all);
	buf_release(&long_document);
}

static void a_document_that_ends_early_is_refused(void **state)
{
	struct text bytes = samples[0].bytes;
	size_t whole = (size_t)(strrchr(document, '}') - document) + 1;

	(void)state;
	for (bytes.len = 0; bytes.len < samples[0].bytes.len; bytes.len++) {
		char *all = read_as(&reader_json, (struct source){.bytes = bytes}, 0);

		if ((strstr(all, "refused\n") == NULL) != (bytes.len >= whole))
			fail_msg("cut after %zu bytes: %s", bytes.len, all);
		if (bytes.len < whole)
			assert_non_null(strstr(all, "error "));
		free(all);
	}
}

static void a_line_that_ends_early_is_no_row_that_is_paid(void **state)
{
	static const char line[] = "{\"reference\": \"A\", \"amount\": 12.50, \"recipient\": {\"ifsc\": \"H\"}}";

	(void)state;
	for (size_t len = 1; len < sizeof(line) - 1; len++) {
		struct buf file = {0};
		char *all;

		buf_addf(&file, "{}\n%.*s\n", (int)len, line);
		all = read_as(&reader_ndjson, (struct source){.bytes = buf_text(&file)}, 0);
		assert_non_null(strstr(all, "error JSON_SYNTAX row 2 line 2"));
		assert_null(strstr(all, "amount=<"));
		free(all);
		buf_release(&file);
	}
}

static void a_failing_read_is_never_the_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t at = 1; at <= samples[i].bytes.len; at += 7) {
			char *all = read_as(samples[i].format,
				(struct source){.bytes = samples[i].bytes, .piece = 5, .fail_at = at}, 0);

			if (strstr(all, "fault: the disk is broken") == NULL)
				fail_msg("broken at %zu: %s", at, all);
			free(all);
		}
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

/* Bytes that JSON is made of, and others. */
static void damage(struct buf *bytes, unsigned *seed)
{
	static const char likely[] = "{}[]:,\"\\0123456789.-+eEtfnu \r\n\t\0\xC3\xFF";
	size_t at = next(seed) % bytes->len, to = next(seed) % bytes->len;

	switch (next(seed) % 4) {
	case 0:
		bytes->data[at] = (char)next(seed);
		break;
	case 1:
		bytes->data[at] = likely[next(seed) % (sizeof(likely) - 1)];
		break;
	case 2: /* cut a piece out */
		at = at < to ? at : to;
		memmove(bytes->data + at, bytes->data + (at < to ? to : at), bytes->len - (at < to ? to : at));
		bytes->len -= (at < to ? to : at) - at;
		break;
	default: /* a copy of what stands elsewhere */
		memmove(bytes->data + at, bytes->data + to, bytes->len - (at > to ? at : to));
	}
	if (bytes->len == 0)
		buf_addc(bytes, '[');
}

static void damaged_bytes_are_survived(void **state)
{
	(void)state;
	for (unsigned round = 1; round <= 4000; round++) {
		const struct sample *sample = &samples[round % SAMPLES];
		struct buf bytes = {0};
		unsigned seed = round;
		char *all;

		buf_addt(&bytes, sample->bytes);
		for (unsigned count = 1 + next(&seed) % 4; count > 0; count--)
			damage(&bytes, &seed);
		all = read_as(samples[next(&seed) % SAMPLES].format,
			(struct source){.bytes = buf_text(&bytes), .piece = 64}, 0);
		if (strstr(all, "row ") == NULL || (strstr(all, "end\n") == NULL && strstr(all, "refused\n") == NULL))
			fail_msg("seed %u: %s", round, all);
		free(all);
		buf_release(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_cut_of_the_reads_changes_a_row),
		cmocka_unit_test(a_long_line_of_elements_is_read_to_its_end),
		cmocka_unit_test(a_document_that_ends_early_is_refused),
		cmocka_unit_test(a_line_that_ends_early_is_no_row_that_is_paid),
		cmocka_unit_test(a_failing_read_is_never_the_end),
		cmocka_unit_test(damaged_bytes_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
