#include "journal/journal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "journal/receiving.h"

/* --- the digest that stands in the receive event ------------------------------------------------------------------ */

void message_digest_begin(struct sha256 *sha, const struct origin_message *message)
{
	const struct text said[] = {message->name, message->id, message->created, message->count, message->total};

	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-message-1"));
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		sha256_add_field(sha, said[i]);
}

static void add_number(struct sha256 *sha, int64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, number);

	sha256_add_field(sha, (struct text){digits, (size_t)len});
}

void message_digest_add(struct sha256 *sha, int64_t index, const struct origin *origin)
{
	const struct text *const texts[] = ORIGIN_EACH(origin);

	add_number(sha, index);
	add_number(sha, origin->payment);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++)
		sha256_add_field(sha, *texts[i]);
}

/* --- keeping ------------------------------------------------------------------------------------------------------ */

bool message_add(struct journal *journal, const struct journal_batch *batch, struct fault *fault)
{
	const struct origin_message *message = batch->message;

	journal->receiving->message = sha256_new();
	message_digest_begin(journal->receiving->message, message);
	return store_run(journal, MESSAGE_ADD,
		CELLS(cell_number(batch->id), cell_text(message->name), cell_text(message->id),
			cell_text(message->created), cell_text(message->count), cell_text(message->total)),
		NULL, fault);
}

bool origin_add(struct journal *journal, int64_t index, const struct origin *origin, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;

	assert(receiving->message != NULL && origin->payment > 0);
	message_digest_add(receiving->message, index, origin);
	if (origin->payment == receiving->payment)
		return true;
	receiving->payment = origin->payment;
	return store_run(journal, PAYMENT_ADD,
		CELLS(cell_number(receiving->batch), cell_number(origin->payment), cell_text(origin->payment_id),
			cell_text(origin->payment_count), cell_text(origin->payment_total)),
		NULL, fault);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

struct taking {
	struct arena *arena;
	struct origin_message *message;
	struct origin *origin;
};

static void take_message(void *context, const struct cell *row)
{
	struct taking *taking = context;

	*taking->message = (struct origin_message){.name = keep(taking->arena, row[0].text),
		.id = keep(taking->arena, row[1].text),
		.created = keep(taking->arena, row[2].text),
		.count = keep(taking->arena, row[3].text),
		.total = keep(taking->arena, row[4].text)};
}

bool journal_message_get(struct journal *journal, int64_t batch, struct arena *arena, struct origin_message *message,
	bool *found, struct fault *fault)
{
	struct taking taking = {.arena = arena, .message = message};

	return store_one(journal, MESSAGE_GET, CELLS(cell_number(batch)), take_message, &taking, found, fault);
}

struct store_cursor *origins_query(
	struct journal *journal, int64_t batch, int64_t first_payout, int64_t last_payout, struct fault *fault)
{
	return store_query(journal, ORIGIN_RANGE,
		CELLS(cell_number(batch), cell_number(first_payout), cell_number(last_payout)), fault);
}

void origin_take(const struct cell *row, struct origin *origin)
{
	*origin = (struct origin){.payment = row[1].number,
		.payment_id = row[2].text,
		.payment_count = row[3].text,
		.payment_total = row[4].text,
		.instruction_id = row[5].text,
		.end_to_end_id = row[6].text,
		.uetr = row[7].text,
		.regulatory = row[8].text};
}

static void take_origin(void *context, const struct cell *row)
{
	struct taking *taking = context;
	struct text *const texts[] = ORIGIN_EACH(taking->origin);

	origin_take(row, taking->origin);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++)
		*texts[i] = keep(taking->arena, *texts[i]);
}

bool journal_origin_get(struct journal *journal, const struct journal_payout *payout, struct arena *arena,
	struct origin *origin, bool *found, struct fault *fault)
{
	struct taking taking = {.arena = arena, .origin = origin};

	return store_one(journal, ORIGIN_RANGE,
		CELLS(cell_number(payout->batch), cell_number(payout->id), cell_number(payout->id)), take_origin,
		&taking, found, fault);
}
