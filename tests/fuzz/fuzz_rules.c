/*
 * A row through all rules, as a payout of each sample channel. What a good payout has is checked again in its place: it
 * must be good, and the same payout. Input: a letter for the channel, one for the decimal mark, then a line a cell: its
 * column as a character from 'A' on, and its value; the one behind all columns is "X=value" of recipient.X.
 */
#include "tests/fuzz/fuzz_place.h"

#include "values/content.h"
#include "values/money.h"
#include "values/rules.h"

static struct terms terms[BOUND_CHANNELS];
static struct sha256 *sha;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fault fault = {0};

	(void)argc;
	(void)argv;
	place_open();
	sha = sha256_new();
	never(!stage_terms(&stage, terms, &fault), "no terms", fault.message);
	return 0;
}

static const struct terms *find(const void *context, struct text channel)
{
	const struct channel *found = config_channel(config, channel);

	(void)context;
	return found != NULL ? &terms[found - config->channels] : NULL;
}

static void set_recipient(struct row *row, struct text cell)
{
	const char *equals = memchr(cell.ptr, '=', cell.len);
	size_t len = equals != NULL ? (size_t)(equals - cell.ptr) : 0;

	if (len == 0 || row->recipient_count == ROW_RECIPIENT_MAX)
		return;
	row->recipient[row->recipient_count++] =
		(struct row_recipient){{cell.ptr, len}, text_trim((struct text){equals + 1, cell.len - len - 1})};
}

/* Readers give UTF-8, trimmed, and a column once. */
static void fill_row(struct row *row, struct text left)
{
	*row = (struct row){.number = 2, .line = 2};
	while (left.len > 0) {
		const char *end = memchr(left.ptr, '\n', left.len);
		struct text line = {left.ptr, end != NULL ? (size_t)(end - left.ptr) : left.len};
		unsigned column =
			line.len > 0 ? ((unsigned char)line.ptr[0] - 'A' + 256U) % 256 % (COLUMN_CELLS + 1) : 0;

		left = (struct text){left.ptr + line.len, left.len - line.len};
		if (end != NULL)
			left = (struct text){left.ptr + 1, left.len - 1};
		if (line.len < 2 || !text_utf8(line, NULL))
			continue;
		line = (struct text){line.ptr + 1, line.len - 1};
		if (column == COLUMN_CELLS)
			set_recipient(row, line);
		else
			row->cells[column] = text_trim(line);
	}
}

static void see_findings(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct text text = text_of(findings->items[i].message);
		size_t at = 0;

		never(!text_utf8(text, NULL), "a finding that is no text", text.ptr);
		for (int32_t point = text_next(text, &at); point >= 0; point = text_next(text, &at))
			never(text_point_hidden(point), "a finding that a terminal would obey", text.ptr);
	}
}

static void see_payout(const struct payout *payout)
{
	size_t at = 0;
	struct text name, value, before = {0};

	never(!payout->all && payout->amount_minor <= 0, "a payout of nothing", payout->currency);
	never(payout->terms == NULL, "a payout through no channel", payout->currency);
	/* what a country unknown to the table of recipients wants, nobody knows */
	never(payout->destination.len == 0 && !payout->terms->recipient_table, "a payout to nobody", payout->currency);
	never(payout->decimals > MONEY_DECIMALS_MAX, "too many decimals", payout->currency);
	while (content_next(payout->content, &at, &name, &value)) {
		never_text(text_compare(before, name) >= 0, "content that is not in order", name);
		never_text(
			value.len == 0 || !text_equal(text_trim(value), value), "a value that is not trimmed", value);
		before = name;
	}
	never(at != payout->content.len, "content that can't be read", payout->currency);
}

/* The row that a payout would be written as. */
static void back_to_row(const struct payout *payout, struct buf *amount, struct row *row)
{
	*row = (struct row){.number = 2, .line = 2};
	for (int i = 0; i < COLUMN_COUNT; i++)
		row->cells[i] = payout->cells[i];
	money_text(amount, payout->amount_minor, payout->decimals);
	row->cells[COLUMN_AMOUNT] = payout->all ? TEXT("ALL") : buf_text(amount);
	row->cells[COLUMN_REFERENCE] = payout->reference;
	row->cells[COLUMN_CHANNEL] = text_of(payout->terms->channel->name);
	row->recipient_count = payout->recipient_count;
	memcpy(row->recipient, payout->recipient, sizeof(row->recipient));
}

static void check_again(struct rules rules, const struct payout *first)
{
	static struct findings findings;
	static struct payout again;
	struct arena arena = {0};
	struct buf amount = {0};
	struct row row;
	bool good;

	back_to_row(first, &amount, &row);
	rules.decimal_mark = '.';
	findings_begin(&findings, &arena, 2, 2);
	good = rules_check(&rules, &row, &arena, &again, &findings);
	never(!good, "good at first, and then not", findings.count > 0 ? findings.items[0].message : "");
	never_text(!text_equal(again.content, first->content), "other content", again.content);
	never_text(!text_equal(again.destination, first->destination), "another destination", again.destination);
	never_text(!text_equal(again.reference, first->reference), "another reference", again.reference);
	never(memcmp(&again.key, &first->key, sizeof(again.key)) != 0, "another key", "");
	buf_release(&amount);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct findings findings;
	static struct payout payout;
	static struct rules_day day;
	struct text left = {(const char *)data, len};
	struct rules rules = {
		.namespace_text = TEXT("acme"), .timezone = "UTC", .now_utc_ms = NOON, .today = "2026-10-28"};
	struct arena arena = {0};
	unsigned channel = choose(&left) % ((unsigned)config->channel_count + 1);
	struct row row;

	rules.decimal_mark = choose(&left) % 2 == 0 ? '.' : ',';
	rules.fixed = channel > 0 ? &terms[channel - 1] : NULL;
	rules.find = find;
	rules.channel_names = config->channel_names;
	rules.sha = sha;
	rules.day = &day;
	fill_row(&row, left);
	findings_begin(&findings, &arena, 2, 2);
	if (rules_check(&rules, &row, &arena, &payout, &findings)) {
		never(findings.errors > 0, "good, with errors", findings.items[0].message);
		see_payout(&payout);
		check_again(rules, &payout);
	} else {
		never(findings.errors == 0, "not good, and nothing is wrong", "");
	}
	see_findings(&findings);
	arena_release(&arena);
	return 0;
}
