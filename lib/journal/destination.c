#include "journal/destination.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/tick.h"
#include "journal/destination_inside.h"
#include "journal/inside.h"

static const char *const names[DESTINATION_STATES] = {"unknown", "sending", "pending", "usable", "refused"};

const char *destination_state_name(enum destination_state state)
{
	assert(state < DESTINATION_STATES);
	return names[state];
}

bool destination_state_parse(struct text name, enum destination_state *state)
{
	for (size_t i = 0; i < DESTINATION_STATES; i++)
		if (text_is(name, names[i])) {
			*state = (enum destination_state)i;
			return true;
		}
	return false;
}

bool destination_move_allowed(enum destination_state from, enum destination_state to)
{
	switch (from) {
	case DESTINATION_UNKNOWN:
		return to == DESTINATION_SENDING;
	case DESTINATION_SENDING:
		return to != DESTINATION_SENDING;
	case DESTINATION_PENDING:
		return to == DESTINATION_USABLE || to == DESTINATION_REFUSED;
	case DESTINATION_USABLE:
	case DESTINATION_REFUSED:
	case DESTINATION_STATES:
		break;
	}
	return false;
}

#define NUMBER(name)                                                                                                   \
	{                                                                                                              \
#name, offsetof(struct destination, name), false                                                       \
	}
#define STRING(name)                                                                                                   \
	{                                                                                                              \
#name, offsetof(struct destination, name), true                                                        \
	}

static const struct destination_column columns[] = {
	NUMBER(last_sent),
	NUMBER(not_before),
	STRING(open_boot),
	NUMBER(open_boot_ms),
	NUMBER(open_since),
	STRING(provider_code),
	STRING(provider_id),
	STRING(provider_status),
	STRING(reason),
	STRING(reason_code),
	NUMBER(sends),
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

const struct destination_column *destination_columns(size_t *count)
{
	*count = COLUMNS;
	return columns;
}

void destination_take(const struct cell *row, struct arena *arena, struct destination *destination)
{
	*destination = (struct destination){
		.id = row[0].number,
		.channel = row[1].number,
		.number = row[3].number,
		.state = (enum destination_state)row[5].number,
		.version = row[6].number,
		.sends = row[7].number,
		.open_since = row[8].number,
		.open_boot_ms = row[9].number,
		.open_boot = keep(arena, row[10].text),
		.last_sent = row[11].number,
		.not_before = row[12].number,
		.provider_id = keep(arena, row[13].text),
		.provider_status = keep(arena, row[14].text),
		.provider_code = keep(arena, row[15].text),
		.reason_code = keep(arena, row[16].text),
		.reason = keep(arena, row[17].text),
		.last_event = row[18].number,
	};
	if (row[2].text.len == SHA256_SIZE) /* other lengths are damage that verify tells */
		memcpy(destination->body_sha256, row[2].text.ptr, SHA256_SIZE);
	if (row[4].text.len == KEY_SIZE)
		memcpy(destination->key.bytes, row[4].text.ptr, KEY_SIZE);
}

/* --- identity and key -------------------------------------------------------------------------------------------- */

/* What a channel is to its provider, as one text: provider, mode, host, live or test, and who pays. */
static bool identity_text(struct journal *journal, int64_t id, struct buf *text, struct fault *fault)
{
	struct journal_channel channel;
	struct arena arena = {0};
	bool found = false, ok = journal_channel_get(journal, id, &arena, &channel, &found, fault);

	assert(!ok || found);
	if (ok)
		buf_addf(text, "%s %s %s %s %s", channel.provider, channel.mode, channel.host,
			channel.testmode ? "test" : "live", channel.identity);
	arena_release(&arena);
	return ok;
}

bool destination_key(
	struct journal *journal, const struct destination *destination, struct key *key, struct fault *fault)
{
	struct buf identity = {0};
	bool ok = identity_text(journal, destination->channel, &identity, fault);

	if (ok)
		*key = key_derive_destination(journal->sha, text_of(journal->namespace_text), buf_text(&identity),
			destination->body_sha256, destination->number);
	buf_release(&identity);
	return ok;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct wanted {
	struct arena *arena;
	struct destination *destination;
};

static void take_wanted(void *context, const struct cell *row)
{
	const struct wanted *wanted = context;

	destination_take(row, wanted->arena, wanted->destination);
}

bool journal_destination_find(struct journal *journal, int64_t channel, const uint8_t body_sha256[SHA256_SIZE],
	struct arena *arena, struct destination *destination, bool *found, struct fault *fault)
{
	struct wanted wanted = {arena, destination};
	int64_t identity;

	*found = false;
	return identity_of_channel(journal, channel, &identity, fault) &&
	       store_one(journal, DESTINATION_FIND, CELLS(cell_number(identity), cell_bytes(body_sha256, SHA256_SIZE)),
		       take_wanted, &wanted, found, fault);
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void add_hex(struct buf *buf, const char *name, const void *bytes, size_t len)
{
	json_name(buf, name);
	buf_addc(buf, '"');
	buf_add_hex(buf, bytes, len);
	buf_addc(buf, '"');
}

static bool write_event(struct journal *journal, const struct destination *destination, const char *from,
	const char *to, int64_t version, int64_t previous, struct fault *fault)
{
	struct event event = {.kind = "destination",
		.number = destination->number,
		.version = version,
		.from = from,
		.to = to,
		.evidence = buf_text(&journal->evidence),
		.previous = previous};

	return event_write(journal, &event, fault);
}

bool journal_destination_add(struct journal *journal, int64_t channel, const uint8_t body_sha256[SHA256_SIZE],
	struct arena *arena, struct destination *destination, struct fault *fault)
{
	struct destination last, added = {.channel = channel, .number = 1, .version = 1};
	char key[KEY_TEXT_SIZE];
	int64_t identity;
	bool found = false;

	assert(journal->writing);
	tick("destination.before_add");
	if (!journal_destination_find(journal, channel, body_sha256, arena, &last, &found, fault))
		return false;
	added.number = found ? last.number + 1 : 1;
	memcpy(added.body_sha256, body_sha256, SHA256_SIZE);
	if (!identity_of_channel(journal, channel, &identity, fault) ||
		!destination_key(journal, &added, &added.key, fault) ||
		!store_run(journal, DESTINATION_ADD,
			CELLS(cell_number(identity), cell_number(channel), cell_bytes(body_sha256, SHA256_SIZE),
				cell_number(added.number), cell_bytes(added.key.bytes, KEY_SIZE),
				cell_number(journal->chain.seq + 1)),
			NULL, fault))
		return false;
	buf_reset(&journal->evidence);
	buf_addc(&journal->evidence, '{');
	add_hex(&journal->evidence, "body_sha256", body_sha256, SHA256_SIZE);
	json_name(&journal->evidence, "channel");
	buf_addi(&journal->evidence, channel);
	key_text(&added.key, key);
	json_name(&journal->evidence, "key");
	buf_add_json(&journal->evidence, text_of(key));
	buf_addc(&journal->evidence, '}');
	if (!write_event(journal, &added, "", names[DESTINATION_UNKNOWN], 1, 0, fault))
		return false;
	tick("destination.add");
	return journal_destination_find(journal, channel, body_sha256, arena, destination, &found, fault);
}

static const struct text *text_at(const struct destination *destination, const struct destination_column *column)
{
	return (const struct text *)(const void *)((const char *)destination + column->offset);
}

static int64_t number_at(const struct destination *destination, const struct destination_column *column)
{
	int64_t number;

	memcpy(&number, (const char *)destination + column->offset, sizeof(number));
	return number;
}

/* A provider may say anything: what is no UTF-8 is kept as a terminal would show it. */
static void clean(struct journal *journal, struct destination *after)
{
	struct buf shown = {0};

	arena_reset(&journal->cleaned);
	for (size_t i = 0; i < COLUMNS; i++) {
		struct text text;

		if (!columns[i].text || text_utf8(*text_at(after, &columns[i]), NULL))
			continue;
		buf_reset(&shown);
		text_show(&shown, *text_at(after, &columns[i]), 0);
		text = text_copy(&journal->cleaned, buf_text(&shown));
		memcpy((char *)after + columns[i].offset, &text, sizeof(text));
	}
	buf_release(&shown);
}

static void write_changes(struct journal *journal, const struct destination *before, const struct destination *after)
{
	struct buf *buf = &journal->evidence;

	buf_reset(buf);
	buf_addc(buf, '{');
	add_hex(buf, "body_sha256", after->body_sha256, SHA256_SIZE);
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct destination_column *column = &columns[i];

		if (column->text ? text_equal(*text_at(before, column), *text_at(after, column))
				 : number_at(before, column) == number_at(after, column))
			continue;
		json_name(buf, column->name);
		if (column->text)
			buf_add_json(buf, *text_at(after, column));
		else
			buf_addi(buf, number_at(after, column));
	}
	buf_addc(buf, '}');
}

static bool move(struct journal *journal, const struct destination *before, struct destination *after,
	enum move_result *result, struct fault *fault)
{
	int64_t changed = 0, boot;

	*result = MOVE_LOST;
	clean(journal, after);
	if (!boot_number(journal, after->open_boot, &boot, fault) ||
		!store_run(journal, DESTINATION_MOVE,
			CELLS(cell_number(before->id), cell_number(before->version), cell_number((int64_t)after->state),
				cell_number(after->sends), cell_number(after->open_since),
				cell_number(after->open_boot_ms), cell_number(boot), cell_number(after->last_sent),
				cell_number(after->not_before), cell_text(after->provider_id),
				cell_text(after->provider_status), cell_text(after->provider_code),
				cell_text(after->reason_code), cell_text(after->reason),
				cell_number(journal->chain.seq + 1)),
			&changed, fault))
		return false;
	if (changed == 0)
		return true;
	write_changes(journal, before, after);
	if (!write_event(journal, before, names[before->state], names[after->state], before->version + 1,
		    before->last_event, fault))
		return false;
	after->version = before->version + 1;
	after->last_event = journal->chain.seq;
	journal->claimed = journal->claimed || after->state == DESTINATION_SENDING;
	*result = MOVE_DONE;
	return true;
}

bool journal_destination_move(struct journal *journal, const struct destination *before, struct destination *after,
	enum move_result *result, struct fault *fault)
{
	bool ok;

	assert(journal->writing && before->id == after->id && before->version == after->version);
	assert(destination_move_allowed(before->state, after->state));
	assert(after->state != DESTINATION_SENDING || (journal->leased && after->sends == before->sends + 1));
	tick("destination.before_move");
	ok = move(journal, before, after, result, fault);
	tick("destination.move");
	return ok;
}

/* --- what an earlier run left ------------------------------------------------------------------------------------ */

bool destinations_recover(struct journal *journal, struct fault *fault)
{
	struct destination left, moved;
	struct arena arena = {0};
	struct wanted wanted = {&arena, &left};
	enum move_result result = MOVE_LOST;
	bool found = true, ok = true;

	while (ok && found) {
		ok = store_one(journal, DESTINATION_NEXT,
			CELLS(cell_number(0), cell_number((int64_t)DESTINATION_SENDING)), take_wanted, &wanted, &found,
			fault);
		if (!ok || !found)
			break;
		moved = left;
		moved.state = DESTINATION_UNKNOWN;
		ok = journal_destination_move(journal, &left, &moved, &result, fault);
		assert(!ok || result == MOVE_DONE); /* nobody else writes inside our transaction */
		arena_reset(&arena);
	}
	arena_release(&arena);
	return ok;
}
