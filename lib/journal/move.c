#include "journal/journal.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/tick.h"
#include "journal/inside.h"
#include "journal/members.h"

#define NUMBER(name, answer)                                                                                           \
	{                                                                                                              \
#name, offsetof(struct attempt, name), false, answer                                                   \
	}
#define STRING(name, answer)                                                                                           \
	{                                                                                                              \
#name, offsetof(struct attempt, name), true, answer                                                    \
	}

static const struct move_column columns[] = {
	NUMBER(accepted_at, true),
	STRING(approved_by, false),
	NUMBER(claim_day, false),
	STRING(fee, true),
	STRING(fee_currency, true),
	NUMBER(fixed_minor, false),
	STRING(fx_rate, true),
	STRING(last_refusal, true),
	NUMBER(last_refusal_at, true),
	NUMBER(last_sent, false),
	NUMBER(not_before, false),
	STRING(open_boot, false),
	NUMBER(open_boot_ms, false),
	NUMBER(open_since, false),
	STRING(provider_code, true),
	STRING(provider_id, true),
	STRING(provider_status, true),
	STRING(reason, true),
	STRING(reason_code, true),
	NUMBER(return_pending, true),
	STRING(returned_amount, true),
	NUMBER(returned_at, true),
	NUMBER(sends, false),
	NUMBER(settled_at, true),
	NUMBER(submitted_at, false),
	STRING(target_amount, true),
	STRING(tracking_ref, true),
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

const struct move_column *move_columns(size_t *count)
{
	*count = COLUMNS;
	return columns;
}

/* --- what a move changes ----------------------------------------------------------------------------------------- */

static const struct text *text_at(const struct attempt *attempt, const struct move_column *column)
{
	return (const struct text *)(const void *)((const char *)attempt + column->offset);
}

static int64_t number_at(const struct attempt *attempt, const struct move_column *column)
{
	int64_t number;

	memcpy(&number, (const char *)attempt + column->offset, sizeof(number));
	return number;
}

bool move_same(const struct attempt *a, const struct attempt *b, const struct move_column *column)
{
	return column->text ? text_equal(*text_at(a, column), *text_at(b, column))
			    : number_at(a, column) == number_at(b, column);
}

static void add_change(struct buf *buf, const struct attempt *after, const struct move_column *column)
{
	json_name(buf, column->name);
	if (column->text)
		buf_add_json(buf, *text_at(after, column));
	else
		buf_addi(buf, number_at(after, column));
}

struct change {
	bool answer;  /* a column of the answer changed */
	bool payload; /* it is frozen now */
	uint8_t payload_sha256[SHA256_SIZE];
};

static void add_payload(struct buf *buf, const struct change *change)
{
	json_name(buf, "payload_sha256");
	buf_addc(buf, '"');
	buf_add_hex(buf, change->payload_sha256, SHA256_SIZE);
	buf_addc(buf, '"');
}

/* The changed columns as a JSON object, merged with the caller's members, of which none may bear a column's name; all
 * sorted by name. */
static void write_evidence(struct journal *journal, const struct attempt *before, const struct attempt *after,
	struct text own, struct change *change)
{
	static const char payload[] = "payload_sha256";
	struct buf *buf = &journal->evidence;
	struct members members = {.text = own};
	bool payload_done = false;

	buf_reset(buf);
	buf_addc(buf, '{');
	for (size_t i = 0; i < COLUMNS; i++) {
		if (!payload_done && strcmp(columns[i].name, payload) > 0) {
			members_before(buf, &members, payload);
			if (change->payload)
				add_payload(buf, change);
			payload_done = true;
		}
		members_before(buf, &members, columns[i].name);
		if (move_same(before, after, &columns[i]))
			continue;
		add_change(buf, after, &columns[i]);
		change->answer = change->answer || columns[i].answer;
	}
	members_before(buf, &members, NULL);
	buf_addc(buf, '}');
	if (buf->len == 2)
		buf_reset(buf);
}

/* --- storing ----------------------------------------------------------------------------------------------------- */

bool boot_number(struct journal *journal, struct text boot_id, int64_t *number, struct fault *fault)
{
	bool found = false;

	*number = 0;
	if (boot_id.len == 0)
		return true;
	if (journal->boot == 0 || !text_is(boot_id, journal->boot_id)) {
		assert(boot_id.len < sizeof(journal->boot_id));
		if (!store_run(journal, BOOT_ADD, CELLS(cell_text(boot_id)), NULL, fault) ||
			!store_number(journal, BOOT_GET, CELLS(cell_text(boot_id)), &journal->boot, &found, fault))
			return false;
		memcpy(journal->boot_id, boot_id.ptr, boot_id.len);
		journal->boot_id[boot_id.len] = '\0';
	}
	*number = journal->boot;
	return true;
}

static bool store_columns(struct journal *journal, const struct attempt *before, const struct attempt *after,
	int64_t event, int64_t *changed, struct fault *fault)
{
	bool claims = before->claim_day != after->claim_day;
	int64_t boot;

	if (!boot_number(journal, after->open_boot, &boot, fault))
		return false;
	return store_run(journal, claims ? ATTEMPT_CLAIM : ATTEMPT_MOVE,
		((const struct cell[]){cell_number(before->id), cell_number(before->version),
			cell_number((int64_t)after->state), cell_number(after->sends), cell_number(after->open_since),
			cell_number(after->open_boot_ms), cell_number(boot), cell_number(after->last_sent),
			cell_number(after->not_before), cell_number(after->submitted_at), cell_number(event),
			cell_number(after->claim_day)}),
		claims ? 12 : 11, changed, fault);
}

/* What few moves change. */
static bool store_rare(
	struct journal *journal, const struct attempt *before, const struct attempt *after, struct fault *fault)
{
	return (before->fixed_minor == after->fixed_minor ||
		       store_run(journal, FIXED_SET, CELLS(cell_number(after->id), cell_number(after->fixed_minor)),
			       NULL, fault)) &&
	       (text_equal(before->approved_by, after->approved_by) ||
		       store_run(journal, APPROVED_BY_SET, CELLS(cell_number(after->id), cell_text(after->approved_by)),
			       NULL, fault));
}

static bool store_answer(struct journal *journal, const struct attempt *after, struct fault *fault)
{
	return store_run(journal, ANSWER_PUT,
		CELLS(cell_number(after->id), cell_text(after->last_refusal), cell_number(after->last_refusal_at),
			cell_text(after->provider_id), cell_text(after->provider_status),
			cell_text(after->provider_code), cell_text(after->reason_code), cell_text(after->reason),
			cell_text(after->tracking_ref), cell_text(after->fee), cell_text(after->fee_currency),
			cell_text(after->target_amount), cell_text(after->fx_rate), cell_text(after->returned_amount),
			cell_number(after->accepted_at), cell_number(after->settled_at),
			cell_number(after->returned_at), cell_number(after->return_pending)),
		NULL, fault);
}

/* Whose a provider id is: *taken when another attempt has it already. */
static bool id_is_taken(struct journal *journal, const struct attempt *before, const struct attempt *after,
	int64_t *identity, bool *taken, struct fault *fault)
{
	int64_t owner = 0;
	bool found = false;

	*taken = false;
	*identity = 0;
	if (after->provider_id.len == 0 || text_equal(before->provider_id, after->provider_id))
		return true;
	if (!identity_of_channel(journal, after->channel, identity, fault) ||
		!store_number(journal, ATTEMPT_BY_PROVIDER_ID,
			CELLS(cell_number(*identity), cell_text(after->provider_id)), &owner, &found, fault))
		return false;
	*taken = found && owner != after->id;
	return true;
}

static bool store_id(struct journal *journal, int64_t identity, const struct attempt *after, struct fault *fault)
{
	return identity == 0 ||
	       store_run(journal, PROVIDER_ID_ADD,
		       CELLS(cell_number(identity), cell_text(after->provider_id), cell_number(after->id)), NULL,
		       fault);
}

static void take_sha256(void *context, const struct cell *row)
{
	assert(row[1].text.len == SHA256_SIZE);
	memcpy(context, row[1].text.ptr, SHA256_SIZE);
}

/* Frozen at the first send: a second, different one would be our own bug. */
static bool freeze(struct journal *journal, const struct attempt *before, const struct attempt *after,
	struct change *change, struct fault *fault)
{
	uint8_t known[SHA256_SIZE];
	int64_t added = 0;
	bool found = false;

	if (after->payload.len == 0 || before->payload.len > 0) {
		assert(after->payload.len == 0 || text_equal(before->payload, after->payload));
		return true;
	}
	sha256_of(journal->sha, after->payload.ptr, after->payload.len, change->payload_sha256);
	if (!store_run(journal, PAYLOAD_ADD,
		    CELLS(cell_number(after->id), cell_bytes(after->payload.ptr, after->payload.len),
			    cell_bytes(change->payload_sha256, SHA256_SIZE)),
		    &added, fault))
		return false;
	change->payload = added > 0;
	if (change->payload)
		return true;
	if (!store_one(journal, PAYLOAD_GET, CELLS(cell_number(after->id)), take_sha256, known, &found, fault))
		return false;
	assert(found && memcmp(known, change->payload_sha256, SHA256_SIZE) == 0);
	return true;
}

static bool write_event(
	struct journal *journal, const struct attempt *before, const struct attempt *after, struct fault *fault)
{
	struct event event = {.kind = "move",
		.batch = before->batch,
		.row = before->row,
		.number = before->number,
		.version = before->version + 1,
		.from = state_name(before->state),
		.to = state_name(after->state),
		.evidence = buf_text(&journal->evidence),
		.attempt = before->id,
		.previous = before->last_event};

	if (!text_equal(before->reason, after->reason))
		event.reason = after->reason;
	return event_write(journal, &event, fault);
}

/* What identifies an attempt is not changed by a move; the table of PROTOCOL section 2 has the rest. */
static void assert_allowed(const struct journal *journal, const struct attempt *before, const struct attempt *after)
{
	assert(journal->writing);
	assert(before->id == after->id && before->version == after->version && before->batch == after->batch);
	assert(before->state == after->state || state_move_allowed(before->state, after->state));
	assert(before->fixed_minor == 0 || after->fixed_minor == before->fixed_minor);
	assert(after->state != PAYOUT_SENDING || journal->leased);
	assert(after->state != PAYOUT_SENDING || before->state == PAYOUT_SENDING || after->sends == before->sends + 1);
}

/* A provider may say anything: what is no UTF-8 is kept as a terminal would show it, so that evidence stays JSON. */
static void clean_texts(struct journal *journal, const struct attempt *before, struct attempt *after)
{
	struct buf shown = {0};

	arena_reset(&journal->cleaned);
	for (size_t i = 0; i < COLUMNS; i++) {
		struct text text;

		if (!columns[i].text || move_same(before, after, &columns[i]) ||
			text_utf8(*text_at(after, &columns[i]), NULL))
			continue;
		buf_reset(&shown);
		text_show(&shown, *text_at(after, &columns[i]), 0);
		text = text_copy(&journal->cleaned, buf_text(&shown));
		memcpy((char *)after + columns[i].offset, &text, sizeof(text));
	}
	buf_release(&shown);
}

static bool move(struct journal *journal, const struct attempt *before, struct attempt *after, struct text evidence,
	enum move_result *result, struct fault *fault)
{
	struct change change = {.answer = false};
	int64_t changed = 0, identity;
	bool taken;

	*result = MOVE_LOST;
	clean_texts(journal, before, after);
	if (!id_is_taken(journal, before, after, &identity, &taken, fault))
		return false;
	if (taken) {
		*result = MOVE_TAKEN;
		return true;
	}
	if (!store_columns(journal, before, after, journal->chain.seq + 1, &changed, fault))
		return false;
	if (changed == 0)
		return true;
	if (!freeze(journal, before, after, &change, fault))
		return false;
	write_evidence(journal, before, after, evidence, &change);
	if (!write_event(journal, before, after, fault) || (change.answer && !store_answer(journal, after, fault)) ||
		!store_id(journal, identity, after, fault))
		return false;
	if (!store_rare(journal, before, after, fault) || !spending_moved(journal, before, after, fault) ||
		(attempt_gave_way(after) && !attempt_gave_way(before) && !attempt_give_way(journal, after, fault)))
		return false;
	after->version = before->version + 1;
	after->last_event = journal->chain.seq;
	journal->claimed = journal->claimed || after->state == PAYOUT_SENDING;
	*result = MOVE_DONE;
	return true;
}

bool journal_move(struct journal *journal, const struct attempt *before, struct attempt *after, struct text evidence,
	enum move_result *result, struct fault *fault)
{
	bool ok;

	assert_allowed(journal, before, after);
	tick("move.before_move");
	ok = move(journal, before, after, evidence, result, fault);
	tick("move.move");
	return ok;
}
