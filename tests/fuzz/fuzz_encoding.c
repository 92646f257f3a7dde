/*
 * Bytes in an encoding, decoded at once and in pieces into small room: the same text, which is UTF-8 and is encoded
 * back to the same bytes. Then the text as the header of a table: its delimiter. Input: a letter for the encoding, one
 * for the room, the bytes.
 */
#include "tests/fuzz/fuzz_reader.h"

#include "formats/decoder.h"

struct decoding {
	struct buf text;
	bool bad;
	int64_t bad_at;
	unsigned char bad_byte;
};

static void decode(const struct encoding *encoding, struct source source, size_t room, struct decoding *decoding)
{
	struct fault fault = {0};
	struct decoder *decoder = decoder_open(encoding, &fault);
	size_t count = 1;

	never(decoder == NULL, "an encoding that this system has not", encoding->name);
	while (count > 0) {
		never(!decoder_read(decoder, &source, buf_room(&decoding->text, room), room, &count, &fault), "a fault",
			fault.message);
		never(count > room, "more than there is room for", encoding->name);
		decoding->text.len += count;
	}
	decoding->bad = decoder_bad(decoder, &decoding->bad_at, &decoding->bad_byte);
	decoder_close(decoder);
}

/* What was read is the whole input, or its part before the bad byte. */
static void see_back(const struct encoding *encoding, struct text bytes, const struct decoding *decoding)
{
	struct fault fault = {0};
	struct encoder *encoder = encoder_open(encoding, &fault);
	struct text good = bytes;
	struct buf again = {0};

	never(encoder == NULL, "an encoding that this system has not", encoding->name);
	if (decoding->bad) {
		never(decoding->bad_at < 0 || (size_t)decoding->bad_at >= bytes.len, "a bad byte outside",
			encoding->name);
		never((unsigned char)bytes.ptr[decoding->bad_at] != decoding->bad_byte, "another byte", encoding->name);
		good.len = (size_t)decoding->bad_at - (size_t)decoding->bad_at % encoding->unit;
	}
	encoder_add(encoder, buf_text(&decoding->text), &again);
	never(again.len > good.len || !text_starts(good, buf_text(&again)) || (!decoding->bad && again.len != good.len),
		"other bytes come back", encoding->name);
	encoder_close(encoder);
	buf_release(&again);
}

static bool knows(const void *context, struct text cell)
{
	(void)context;
	return text_is(cell, "reference") || text_is(cell, "amount");
}

static void see_dialect(struct text text)
{
	char named = '\0', found = dialect_delimiter(text, knows, NULL);

	never_text(found != '\0' && dialect_delimiter_name(found)[0] == '\0', "another delimiter", text);
	if (dialect_line_read(text, &named) == DIALECT_LINE)
		never_text(dialect_delimiter_name(named)[0] == '\0', "a line that names another delimiter", text);
}

/* A converter that stays open keeps its tables: reading them takes longer than all the rest. */
static const struct encoding *encoding_ready(unsigned choice)
{
	static struct decoder *kept[64];
	static struct encoder *kept_too[64];
	struct fault fault = {0};
	size_t count;
	const struct encoding *list = encoding_list(&count);
	size_t index = choice % count;

	if (index < sizeof(kept) / sizeof(kept[0]) && kept[index] == NULL) {
		kept[index] = decoder_open(&list[index], &fault);
		kept_too[index] = encoder_open(&list[index], &fault);
	}
	return &list[index];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text left = {(const char *)data, len};
	struct decoding whole = {0}, pieces = {0};
	const struct encoding *encoding = encoding_ready(choose(&left));
	size_t room = 16 + choose(&left) % 100;

	if (len < 2)
		return 0;
	decode(encoding, (struct source){.bytes = left}, (size_t)1 << 16, &whole);
	decode(encoding, (struct source){.bytes = left, .piece = 1 + left.len % 31, .seed = (unsigned)len}, room,
		&pieces);
	never(whole.bad != pieces.bad || !text_equal(buf_text(&whole.text), buf_text(&pieces.text)),
		"another text in pieces", encoding->name);
	never(whole.bad && (whole.bad_at != pieces.bad_at || whole.bad_byte != pieces.bad_byte),
		"another bad byte in pieces", encoding->name);
	never(!text_utf8(buf_text(&whole.text), NULL), "no UTF-8 comes out", encoding->name);
	see_back(encoding, left, &whole);
	see_dialect(buf_text(&whole.text));
	see_dialect(left);
	buf_release(&whole.text);
	buf_release(&pieces.text);
	return 0;
}
