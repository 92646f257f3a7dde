/* Encodings: each gives back the bytes that it was read from. */
#include "tests/read_all.h"

#include "formats/decoder.h"

static char *decoded(const struct encoding *encoding, struct text bytes, size_t piece, size_t room, size_t *len)
{
	struct source source = {.bytes = bytes, .piece = piece};
	struct fault fault = {0};
	struct decoder *decoder = decoder_open(encoding, &fault);
	struct buf out = {0};
	size_t count = 1;

	assert_non_null(decoder);
	while (count > 0) {
		assert_true(decoder_read(decoder, &source, buf_room(&out, room), room, &count, &fault));
		out.len += count;
	}
	decoder_close(decoder);
	*len = out.len;
	buf_addc(&out, '\0');
	return out.data;
}

static void expect_same(const struct encoding *encoding, struct text bytes)
{
	struct fault fault = {0};
	struct encoder *encoder = encoder_open(encoding, &fault);
	struct buf again = {0};
	size_t len;
	char *text = decoded(encoding, bytes, 0, 64, &len);

	assert_non_null(encoder);
	assert_true(text_utf8((struct text){text, len}, &(size_t){0}));
	encoder_add(encoder, (struct text){text, len}, &again);
	if (!text_equal(buf_text(&again), bytes))
		fail_msg("%s does not give its bytes back", encoding->name);
	encoder_close(encoder);
	buf_release(&again);
	free(text);
}

static bool is_good(const struct encoding *encoding, struct text bytes)
{
	struct source source = {.bytes = bytes};
	struct fault fault = {0};
	struct decoder *decoder = decoder_open(encoding, &fault);
	unsigned char byte;
	int64_t offset;
	char out[64];
	size_t len;
	bool bad;

	assert_non_null(decoder);
	assert_true(decoder_read(decoder, &source, out, sizeof(out), &len, &fault));
	bad = decoder_bad(decoder, &offset, &byte);
	decoder_close(decoder);
	return !bad;
}

/* What the error file relies on. */
static void every_encoding_gives_its_bytes_back(void **state)
{
	const struct encoding *list;
	size_t count;

	(void)state;
	list = encoding_list(&count);
	for (size_t i = 0; i < count; i++) {
		struct buf all = {0};

		for (unsigned byte = 1; byte < 256; byte++) {
			char pair[2] = {(char)byte, 'x'};

			if (list[i].unit == 1 && is_good(&list[i], (struct text){pair, 2}))
				buf_add(&all, pair, 2);
		}
		for (unsigned unit = 1; list[i].unit == 2 && unit < 0xD800; unit++) {
			buf_addc(&all, (char)(&list[i] == list + count - 1 ? unit >> 8 : unit & 255));
			buf_addc(&all, (char)(&list[i] == list + count - 1 ? unit & 255 : unit >> 8));
		}
		assert_true(all.len > 300);
		expect_same(&list[i], buf_text(&all));
		buf_release(&all);
	}
}

static void pieces_of_any_size_give_the_same(void **state)
{
	const struct text bytes = TEXT("\xFF\xFE"
				       "a\0\xFC\0\xAC\x20\x3D\xD8\x00\xDEz\0");
	size_t len;

	(void)state;
	for (size_t piece = 1; piece < bytes.len; piece++)
		for (size_t room = 16; room < 24; room++) {
			char *text = decoded(&encoding_utf16le, bytes, piece, room, &len);

			assert_string_equal(text, "\uFEFFa\u00FC\u20AC\U0001F600z");
			free(text);
		}
}

static void what_an_encoding_has_not_becomes_a_question_mark(void **state)
{
	const struct encoding *latin1, *latin2;
	struct fault fault = {0};
	struct buf out = {0};
	struct encoder *encoder;
	bool by_mark;

	(void)state;
	assert_true(encoding_find("Latin1", &latin1, &by_mark, &fault));
	assert_true(encoding_find("iso-8859-2", &latin2, &by_mark, &fault));
	encoder = encoder_open(latin1, &fault);
	encoder_add(encoder, TEXT("a\u00FC\u20AC\U0001F600z\u0141"), &out);
	assert_true(text_is(buf_text(&out), "a\xFC??z?"));
	encoder_close(encoder);
	buf_reset(&out);
	encoder = encoder_open(latin2, &fault);
	encoder_add(encoder, TEXT("\u0141\u00F1."), &out);
	assert_true(text_is(buf_text(&out), "\xA3?."));
	encoder_close(encoder);
	buf_release(&out);
}

static void a_source_that_fails_is_a_fault(void **state)
{
	struct source source = {.bytes = TEXT("abc"), .fail_at = 2};
	struct fault fault = {0};
	struct decoder *decoder = decoder_open(&encoding_utf16le, &fault);
	char out[64];
	size_t len;

	(void)state;
	assert_true(decoder_read(decoder, &source, out, sizeof(out), &len, &fault));
	assert_false(decoder_read(decoder, &source, out, sizeof(out), &len, &fault));
	assert_int_equal(fault.kind, FAULT_OPERATION);
	decoder_close(decoder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_encoding_gives_its_bytes_back),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(what_an_encoding_has_not_becomes_a_question_mark),
		cmocka_unit_test(a_source_that_fails_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
