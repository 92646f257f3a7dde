#include <string.h>

#include "journal/verify.h"

bool event_split(struct text line, struct text fields[EVENT_FIELDS])
{
	const char *at = line.ptr, *end = line.ptr + line.len;

	for (int i = 0; i < EVENT_FIELDS; i++) {
		const char *tab = at < end ? memchr(at, '\t', (size_t)(end - at)) : NULL;
		const char *stop = tab != NULL ? tab : end;

		if ((tab == NULL) != (i == EVENT_FIELDS - 1))
			return false;
		fields[i] = (struct text){at, (size_t)(stop - at)};
		at = stop + 1;
	}
	return true;
}

struct text event_unescape(struct text field, struct buf *buf)
{
	buf_reset(buf);
	for (size_t i = 0; i < field.len; i++) {
		char byte = field.ptr[i];

		if (byte == '\\' && i + 1 < field.len) {
			byte = field.ptr[++i];
			byte = byte == 't' ? '\t' : byte == 'n' ? '\n' : byte;
		}
		buf_addc(buf, byte);
	}
	return buf_text(buf);
}

int64_t event_number(struct text field)
{
	int64_t number;

	if (field.len == 0)
		return 0;
	return text_number(field, INT64_MAX, &number) ? number : -1;
}

struct link { /* where the chain stands after an event */
	int64_t seq, newest_ms;
	char hash[2 * SHA256_SIZE + 1];
};

static bool same_batch(struct verify *verify, int64_t batch, struct text name, bool *same, struct fault *fault)
{
	const char *known = "";

	if (batch != 0 && !batch_name(verify->journal, batch, &known, fault))
		return false;
	*same = text_is(name, known);
	return true;
}

/* The columns by which events are found say the same as the line that is hashed. */
static bool check_columns(struct verify *verify, const struct cell *row, const struct text *fields, struct link *link,
	struct fault *fault)
{
	int64_t time = 0, attempt = row[5].number;
	bool same = true;

	if (!clock_iso_parse(fields[FIELD_TIME], &time))
		same = false;
	link->newest_ms = time > link->newest_ms ? time : link->newest_ms;
	same = same && row[2].number == link->newest_ms && event_number(fields[FIELD_ROW]) == row[4].number;
	if (attempt != 0)
		same = same && event_number(fields[FIELD_ATTEMPT]) == (attempt >> ATTEMPT_ID_SHIFT) + 1 &&
		       text_is(fields[FIELD_KIND], "move");
	else
		same = same && !text_is(fields[FIELD_KIND], "move");
	if (same && !same_batch(verify, row[3].number, fields[FIELD_BATCH], &same, fault))
		return false;
	if (!same)
		verify_break(verify, "JOURNAL_CHAIN", "event %lld is filed under other columns than its line says",
			(long long)row[0].number);
	return true;
}

static bool check_event(struct verify *verify, const struct cell *row, struct link *link, struct fault *fault)
{
	int64_t seq = row[0].number;
	uint8_t hash[SHA256_SIZE];
	struct text fields[EVENT_FIELDS];

	if (seq != link->seq + 1)
		verify_break(verify, "JOURNAL_CHAIN", "events %lld to %lld are missing", (long long)link->seq + 1,
			(long long)seq - 1);
	sha256_of(verify->journal->sha, row[7].text.ptr, row[7].text.len, hash);
	if (row[1].text.len != sizeof(hash) || memcmp(hash, row[1].text.ptr, sizeof(hash)) != 0)
		verify_break(verify, "JOURNAL_CHAIN", "event %lld has another hash than its line", (long long)seq);
	if (!event_split(row[7].text, fields) || event_number(fields[FIELD_SEQ]) != seq) {
		verify_break(verify, "JOURNAL_CHAIN", "the line of event %lld is damaged", (long long)seq);
	} else {
		verify->destination_events += text_is(fields[FIELD_KIND], "destination");
		if (!text_is(fields[FIELD_PREVIOUS], link->hash))
			verify_break(verify, "JOURNAL_CHAIN", "event %lld does not follow on the event before it",
				(long long)seq);
		if (!check_columns(verify, row, fields, link, fault))
			return false;
	}
	link->seq = seq;
	text_hex(hash, sizeof(hash), link->hash);
	verify->head_seen = verify->head_seen || text_is(verify->expected_head, link->hash);
	return true;
}

bool verify_chain(struct verify *verify, struct fault *fault)
{
	const struct backend *backend = verify->journal->backend;
	struct store_cursor *cursor =
		store_query(verify->journal, EVENT_FROM, CELLS(cell_number(0), cell_number(0)), fault);
	const struct cell *row = NULL;
	struct link link = {.seq = 0};
	bool ok = cursor != NULL;

	memset(link.hash, '0', sizeof(link.hash) - 1);
	while (ok && (ok = backend->next(cursor, &row, fault)) && row != NULL)
		ok = check_event(verify, row, &link, fault);
	backend->done(cursor);
	if (ok && verify->expected_head.len > 0 && !verify->head_seen)
		verify_break(verify, "JOURNAL_HEAD", "no event has the hash %.*s", (int)verify->expected_head.len,
			verify->expected_head.ptr);
	return ok;
}
