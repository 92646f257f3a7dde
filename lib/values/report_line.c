#include "values/report_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "values/money.h"

#define ROOM_BYTES 1024 /* all that a line makes itself: far below, and cells must not move */

#define COLUMN(name, kind)                                                                                             \
	{                                                                                                              \
		{"" name, sizeof(name) - 1}, kind                                                                      \
	}

static const struct {
	struct text name;
	enum report_kind kind;
} columns[REPORT_COLUMNS] = {
	[REPORT_BATCH_ID] = COLUMN("batch_id", REPORT_KIND_TEXT),
	[REPORT_ROW] = COLUMN("row", REPORT_KIND_COUNT),
	[REPORT_REFERENCE] = COLUMN("reference", REPORT_KIND_TEXT),
	[REPORT_CHANNEL] = COLUMN("channel", REPORT_KIND_TEXT),
	[REPORT_PROVIDER] = COLUMN("provider", REPORT_KIND_TEXT),
	[REPORT_BENEFICIARY_NAME] = COLUMN("beneficiary_name", REPORT_KIND_TEXT),
	[REPORT_DESTINATION] = COLUMN("destination", REPORT_KIND_TEXT),
	[REPORT_AMOUNT] = COLUMN("amount", REPORT_KIND_PLAIN),
	[REPORT_CURRENCY] = COLUMN("currency", REPORT_KIND_TEXT),
	[REPORT_TARGET_CURRENCY] = COLUMN("target_currency", REPORT_KIND_TEXT),
	[REPORT_PURPOSE] = COLUMN("purpose", REPORT_KIND_TEXT),
	[REPORT_IDEMPOTENCY_KEY] = COLUMN("idempotency_key", REPORT_KIND_PLAIN),
	[REPORT_ATTEMPT] = COLUMN("attempt", REPORT_KIND_COUNT),
	[REPORT_STATE] = COLUMN("state", REPORT_KIND_PLAIN),
	[REPORT_PROVIDER_ID] = COLUMN("provider_id", REPORT_KIND_TEXT),
	[REPORT_PROVIDER_STATUS] = COLUMN("provider_status", REPORT_KIND_TEXT),
	[REPORT_REASON_CODE] = COLUMN("reason_code", REPORT_KIND_TEXT),
	[REPORT_REASON] = COLUMN("reason", REPORT_KIND_TEXT),
	[REPORT_TRACKING_REF] = COLUMN("tracking_ref", REPORT_KIND_TEXT),
	[REPORT_FEE] = COLUMN("fee", REPORT_KIND_DECIMAL),
	[REPORT_FEE_CURRENCY] = COLUMN("fee_currency", REPORT_KIND_TEXT),
	[REPORT_CREATED_AT] = COLUMN("created_at", REPORT_KIND_PLAIN),
	[REPORT_SUBMITTED_AT] = COLUMN("submitted_at", REPORT_KIND_PLAIN),
	[REPORT_ACCEPTED_AT] = COLUMN("accepted_at", REPORT_KIND_PLAIN),
	[REPORT_SETTLED_AT] = COLUMN("settled_at", REPORT_KIND_PLAIN),
	[REPORT_MATCH] = COLUMN("match", REPORT_KIND_TEXT),
	[REPORT_PROVIDER_CODE] = COLUMN("provider_code", REPORT_KIND_TEXT),
	[REPORT_FILE] = COLUMN("file", REPORT_KIND_TEXT),
	[REPORT_FILE_SHA256] = COLUMN("file_sha256", REPORT_KIND_PLAIN),
	[REPORT_SUBMITTED_BY] = COLUMN("submitted_by", REPORT_KIND_TEXT),
	[REPORT_APPROVED_BY] = COLUMN("approved_by", REPORT_KIND_TEXT),
	[REPORT_TARGET_AMOUNT] = COLUMN("target_amount", REPORT_KIND_DECIMAL),
	[REPORT_FX_RATE] = COLUMN("fx_rate", REPORT_KIND_DECIMAL),
	[REPORT_RETURNED_AMOUNT] = COLUMN("returned_amount", REPORT_KIND_DECIMAL),
	[REPORT_RETURNED_AT] = COLUMN("returned_at", REPORT_KIND_PLAIN),
};

struct text report_column_name(enum report_column column)
{
	assert(column < REPORT_COLUMNS);
	return columns[column].name;
}

enum report_kind report_column_kind(enum report_column column)
{
	assert(column < REPORT_COLUMNS);
	return columns[column].kind;
}

void report_line_release(struct report_line *line)
{
	buf_release(&line->room);
}

void report_line_begin(struct report_line *line)
{
	memset(line->cells, 0, sizeof(line->cells));
	line->origin = NULL;
	line->repeats = NULL;
	if (line->room.cap == 0)
		buf_room(&line->room, ROOM_BYTES);
	buf_reset(&line->room);
}

/* The cell is what the room got since `from`. */
static void take_room(struct report_line *line, enum report_column column, size_t from)
{
	assert(line->room.len < ROOM_BYTES);
	line->cells[column] = (struct text){line->room.data + from, line->room.len - from};
}

void report_line_count(struct report_line *line, enum report_column column, int64_t number)
{
	size_t from = line->room.len;

	buf_addi(&line->room, number);
	take_room(line, column, from);
}

void report_line_time(struct report_line *line, enum report_column column, int64_t utc_ms)
{
	struct report_time *time = &line->times[column];

	if (utc_ms == 0)
		return;
	if (time->text[0] == '\0' || time->second != utc_ms / 1000) {
		time->second = utc_ms / 1000;
		clock_iso_s(utc_ms, time->text);
	}
	line->cells[column] = text_of(time->text);
}

static void add_amount(struct buf *buf, int64_t minor, unsigned decimals, bool asset)
{
	if (asset)
		money_text_short(buf, minor, decimals);
	else
		money_text(buf, minor, decimals);
}

void report_line_amount(
	struct report_line *line, enum report_column column, int64_t minor, unsigned decimals, bool asset)
{
	size_t from = line->room.len;

	if (minor == 0)
		return;
	add_amount(&line->room, minor, decimals, asset);
	take_room(line, column, from);
}

void report_line_key(struct report_line *line, enum report_column column, const struct key *key)
{
	size_t from = line->room.len;

	key_text(key, buf_room(&line->room, KEY_TEXT_SIZE));
	line->room.len += KEY_TEXT_SIZE - 1;
	take_room(line, column, from);
}

void report_line_mask(struct report_line *line, enum report_column column, struct text text)
{
	size_t from = line->room.len;

	if (text.len == 0)
		return;
	text_mask(&line->room, text);
	take_room(line, column, from);
}

static size_t digits(struct text text, size_t from)
{
	size_t at = from;

	while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
		at++;
	return at - from;
}

bool report_number(struct text text)
{
	size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0;
	size_t whole = digits(text, at), fraction;

	at += whole;
	if (whole == 0 || at == text.len)
		return whole > 0;
	if (text.ptr[at] != '.')
		return false;
	fraction = digits(text, at + 1);
	return fraction > 0 && at + 1 + fraction == text.len;
}

void report_total_amount(struct buf *buf, const struct report_total *total)
{
	const struct currency *iso = currency_find(text_of(total->currency));

	add_amount(buf, total->minor, total->decimals, iso == NULL || iso->decimals != (int)total->decimals);
}

static int order(const struct report_total *a, const struct report_total *b)
{
	int currencies = strcmp(a->currency, b->currency);

	if (currencies != 0)
		return currencies;
	if (a->decimals != b->decimals)
		return a->decimals < b->decimals ? -1 : 1;
	return (int)a->state - (int)b->state;
}

/* Where it is, or has to be put. */
static size_t place_of(const struct report_totals *totals, const struct report_total *total)
{
	size_t place = 0;

	if (totals->last < totals->count && order(&totals->list[totals->last], total) == 0)
		return totals->last;
	while (place < totals->count && order(&totals->list[place], total) < 0)
		place++;
	return place;
}

bool report_totals_add(struct report_totals *totals, const struct report_total *total)
{
	size_t place = place_of(totals, total);
	struct report_total *sum;

	if (place == totals->count || order(&totals->list[place], total) != 0) {
		totals->list = memory_grow(totals->list, (totals->count + 1) * sizeof(*totals->list));
		sum = totals->list + place;
		memmove(sum + 1, sum, (totals->count - place) * sizeof(*sum));
		*sum = *total;
		sum->count = sum->minor = 0;
		totals->count++;
	}
	totals->last = place;
	sum = totals->list + place;
	return money_add(&sum->count, total->count) && money_add(&sum->minor, total->minor);
}

void report_totals_release(struct report_totals *totals)
{
	free(totals->list);
	*totals = (struct report_totals){0};
}
