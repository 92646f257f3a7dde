/* CSV as in RFC 4180: a header, commas, quotes where they are needed, CR LF. */
#include <string.h>

#include "formats/report_writer.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Bytes of a word that are zero, each by its highest bit; a byte above such a one may show too. */
static inline uint64_t zeros(uint64_t word)
{
	return (word - ONES) & ~word & HIGHS;
}

/* True when a word has a quote, a comma, a control character or a byte beyond ASCII. */
static inline bool word_special(uint64_t word)
{
	uint64_t controls = (word - ONES * 0x20) & ~word;

	return ((zeros(word ^ ONES * '"') | zeros(word ^ ONES * ',') | zeros(word ^ ONES * 0x7F) | controls | word) &
		       HIGHS) != 0;
}

/* Up to seven bytes as a word; where there are too few, some stand there twice, or an x. */
static inline uint64_t short_word(const char *bytes, size_t len)
{
	uint32_t low, high;

	if (len >= 4) {
		memcpy(&low, bytes, 4);
		memcpy(&high, bytes + len - 4, 4);
		return (uint64_t)high << 32 | low;
	}
	return UINT64_C(0x7878787878000000) | (uint64_t)(unsigned char)bytes[0] |
	       (uint64_t)(unsigned char)bytes[len / 2] << 8 | (uint64_t)(unsigned char)bytes[len - 1] << 16;
}

static inline bool starts_formula(char first)
{
	return first == '=' || first == '+' || first == '-' || first == '@';
}

/* Nothing in it needs a second look: nearly all cells. Eight bytes at a time: a report is mostly this. */
static bool is_plain(const struct report_writer *writer, struct text text)
{
	uint64_t word;

	if (!writer->raw && starts_formula(text.ptr[0]))
		return false;
	if (text.len < 8)
		return !word_special(short_word(text.ptr, text.len));
	for (size_t at = 0; text.len - at > 8; at += 8) {
		memcpy(&word, text.ptr + at, 8);
		if (word_special(word))
			return false;
	}
	memcpy(&word, text.ptr + text.len - 8, 8);
	return !word_special(word);
}

/* What a spreadsheet runs, or takes off before it looks: the full-width forms are read as the plain ones. */
static bool runs_as_formula(struct text text)
{
	char first = text.ptr[0];

	return starts_formula(first) || first == '\t' || first == '\r' || first == '\n' ||
	       text_starts(text, TEXT("\xEF\xBC\x9D")) || text_starts(text, TEXT("\xEF\xBC\x8B")) ||
	       text_starts(text, TEXT("\xEF\xBC\x8D")) || text_starts(text, TEXT("\xEF\xBC\xA0"));
}

static bool needs_quotes(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\r' || text.ptr[i] == '\n')
			return true;
	return false;
}

/* Unless raw, what drives a terminal is written out, and what runs as a formula gets an apostrophe. */
static struct text tame(struct report_writer *writer, struct text text)
{
	text = report_utf8(&writer->spare, text);
	if (writer->raw)
		return text;
	buf_reset(&writer->tame);
	text_harmless(&writer->tame, text);
	return buf_text(&writer->tame);
}

static void add_special(struct report_writer *writer, struct text text)
{
	struct text shown = tame(writer, text);
	bool quoted = needs_quotes(shown);

	if (quoted)
		buf_addc(&writer->line, '"');
	if (!writer->raw && runs_as_formula(shown))
		buf_addc(&writer->line, '\'');
	for (size_t i = 0; i < shown.len; i++) {
		if (shown.ptr[i] == '"')
			buf_addc(&writer->line, '"');
		buf_addc(&writer->line, shown.ptr[i]);
	}
	if (quoted)
		buf_addc(&writer->line, '"');
}

static bool as_it_is(const struct report_writer *writer, enum report_column column, struct text text)
{
	switch (report_column_kind(column)) {
	case REPORT_KIND_COUNT:
	case REPORT_KIND_PLAIN:
		return true;
	case REPORT_KIND_DECIMAL:
		return report_number(text) || is_plain(writer, text);
	case REPORT_KIND_TEXT:
		break;
	}
	return is_plain(writer, text);
}

static void csv_line(struct report_writer *writer, const struct report_line *line)
{
	struct buf *out = &writer->line;
	size_t need = REPORT_COLUMNS + 2;
	char *at;

	for (enum report_column i = 0; i < REPORT_COLUMNS; i++)
		need += line->cells[i].len;
	buf_reset(out);
	at = buf_room(out, need);
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++) {
		struct text text = line->cells[i];

		if (text.len == 0) {
			/* two commas in a row */
		} else if (as_it_is(writer, i, text)) {
			memcpy(at, text.ptr, text.len);
			at += text.len;
		} else {
			out->len = (size_t)(at - out->data);
			add_special(writer, text);
			at = buf_room(out, need);
		}
		*at++ = ',';
	}
	at[-1] = '\r';
	*at++ = '\n';
	out->len = (size_t)(at - out->data);
	file_write(writer->out, out->data, out->len);
}

static void csv_begin(struct report_writer *writer, const struct report_head *head)
{
	(void)head; /* a line a payout, nothing else */
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++) {
		buf_addt(&writer->line, report_column_name(i));
		buf_addz(&writer->line, i + 1 < REPORT_COLUMNS ? "," : "\r\n");
	}
	file_write(writer->out, writer->line.data, writer->line.len);
}

static void csv_end(struct report_writer *writer, const struct report_foot *foot)
{
	(void)writer;
	(void)foot;
}

const struct report_format report_csv = {
	.name = "csv",
	.extension = ".csv",
	.totals = false,
	.begin = csv_begin,
	.line = csv_line,
	.end = csv_end,
};
