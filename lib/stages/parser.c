#include "stages/parser.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ring.h"
#include "stages/likeness.h"

#define BLOCKS 6
#define BLOCK_ROWS 64

struct block {
	struct parsed rows[BLOCK_ROWS];
	size_t count;
	int64_t first; /* index of its first row */
	struct arena arena;
	struct fault fault; /* of its last row, where that is one */
};

/* What judging needs and changes: each thread has its own. */
struct judge {
	const struct intake *intake;
	struct rules rules;
	struct rules_day day;
	struct sha256 *sha;
	struct body_maker *bodies;
};

struct parser {
	struct intake *intake;
	struct ring *ring;
	struct block *blocks;
	struct judge own, callers;
	pthread_t thread;
	bool running;
	struct block *taken; /* the caller's */
	size_t at;           /* of its rows */
};

void parser_read(struct intake *intake, struct arena *arena, struct parsed *parsed, struct fault *fault)
{
	findings_begin(&parsed->found, arena, 0, 0);
	switch (intake->format->next(intake->reader, &parsed->raw, &parsed->found, fault)) {
	case READER_ROW:
		parsed->kind = PARSED_ROW;
		return;
	case READER_REFUSED:
		parsed->kind = PARSED_REFUSED;
		return;
	case READER_END:
		parsed->kind = PARSED_END;
		return;
	case READER_FAULT:
	default:
		parsed->kind = PARSED_FAULT;
	}
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static char *move_text(char *to, struct text *text)
{
	if (text->len == 0)
		return to;
	memcpy(to, text->ptr, text->len);
	text->ptr = to;
	return to + text->len;
}

/* The reader's texts end with its next row: the row takes them along. */
static void own_texts(struct row *row, struct arena *arena)
{
	struct text *const origin[] = ORIGIN_EACH(&row->origin);
	size_t size = row->own_reference.len, origins = row->origin.payment != 0 ? ORIGIN_TEXTS : 0;
	char *to;

	for (size_t i = 0; i < COLUMN_CELLS; i++)
		size += row->cells[i].len;
	for (size_t i = 0; i < row->recipient_count; i++)
		size += row->recipient[i].name.len + row->recipient[i].value.len;
	for (size_t i = 0; i < origins; i++)
		size += origin[i]->len;
	to = move_text(arena_alloc(arena, size), &row->own_reference);
	for (size_t i = 0; i < COLUMN_CELLS; i++)
		to = move_text(to, &row->cells[i]);
	for (size_t i = 0; i < row->recipient_count; i++)
		to = move_text(move_text(to, &row->recipient[i].name), &row->recipient[i].value);
	for (size_t i = 0; i < origins; i++)
		to = move_text(to, origin[i]);
}

/* N of a row among equal ones: 1 unless the pass before found others. */
static bool number_of(struct intake *intake, int64_t index, int64_t *number, struct fault *fault)
{
	*number = 1;
	while (intake->number_left && (int64_t)intake->number.key[0] <= index) {
		if ((int64_t)intake->number.key[0] == index)
			*number = (int64_t)intake->number.value[0];
		if (!sorter_next(intake->numbers, &intake->number, &intake->number_left, fault))
			return false;
	}
	return true;
}

/* BATCHID/F/N (CONTRACT, section 3). */
static bool derive(struct judge *judge, struct parsed *parsed, struct arena *arena, struct fault *fault)
{
	const struct intake *intake = judge->intake;
	struct payout *payout = &parsed->payout;
	struct buf text = {0};

	buf_addf(&text, "%s/", intake->batch_id);
	buf_add_hex(&text, payout->content_digest, 8);
	buf_addf(&text, "/%" PRId64, parsed->number);
	if (text.len > BOUND_REFERENCE_POINTS) {
		buf_release(&text);
		return fault_set(fault, FAULT_REFUSED, "FIELD_TOO_LONG", "choose a shorter batch id",
			"a reference made of batch id, content and number would be longer than %d characters",
			BOUND_REFERENCE_POINTS);
	}
	payout->reference = text_copy(arena, buf_text(&text));
	buf_release(&text);
	payout->cells[COLUMN_REFERENCE] = payout->reference;
	payout->key = key_derive(
		judge->sha, judge->rules.namespace_text, payout->terms->channel->provider, payout->reference, 1);
	parsed->derived = true;
	return true;
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

/* 8 bytes of the look-alike form, then 8 of the reference itself. */
static void digest_both(const struct fingerprint *fingerprint, struct parsed *parsed, struct arena *arena)
{
	struct text reference = parsed->payout.reference;
	struct text lookalike = text_lookalike(arena, reference);
	uint8_t own[16];

	fingerprint_of(fingerprint, reference, own);
	if (text_equal(reference, lookalike))
		memcpy(parsed->reference, own, 16);
	else
		fingerprint_of(fingerprint, lookalike, parsed->reference);
	memcpy(parsed->reference + 8, own, 8);
}

static void digest(const struct intake *intake, struct parsed *parsed, struct arena *arena)
{
	const struct fingerprint *fingerprint = &intake->digests->fingerprint;
	const struct payout *payout = &parsed->payout;
	bool check = intake->digests->likeness != NULL;

	if (payout->reference.len > 0 && check)
		digest_both(fingerprint, parsed, arena);
	else if (payout->reference.len > 0)
		fingerprint_of(fingerprint, payout->reference, parsed->reference);
	if (parsed->good && check)
		fingerprint_of(fingerprint, likeness_text(arena, payout), parsed->alike);
}

/* What the journal keeps beside the payout itself. */
static bool prepare(struct judge *judge, struct parsed *parsed, struct arena *arena, struct fault *fault)
{
	const struct fingerprint *likeness = judge->intake->taker.likeness;
	const struct payout *payout = &parsed->payout;

	if (likeness == NULL || !parsed->good)
		return true;
	likeness_of(likeness, arena, payout, parsed->likeness);
	likeness_reference(likeness, arena, payout->reference, parsed->lookalike);
	return body_make(judge->bodies, payout->content, payout->cells[COLUMN_BENEFICIARY_NAME], payout->destination,
		&parsed->body_bytes, &parsed->body, fault);
}

/* A row that was read: everything that does not need the rows before it. */
static bool judge_row(struct judge *judge, struct parsed *parsed, struct arena *arena, struct fault *fault)
{
	const struct row *raw = &parsed->raw;
	struct payout *payout = &parsed->payout;

	parsed->good = false;
	parsed->derived = false;
	parsed->name = (struct text){0};
	if (!raw->broken)
		parsed->good = rules_check(&judge->rules, raw, arena, payout, &parsed->found);
	else /* the reader could not make out its fields */
		*payout = (struct payout){.row = raw->number, .line = raw->line};
	if (!parsed->good)
		parsed->name = raw->cells[COLUMN_BENEFICIARY_NAME];
	else if (payout->reference.len == 0 && !derive(judge, parsed, arena, fault))
		return false;
	digest(judge->intake, parsed, arena);
	return prepare(judge, parsed, arena, fault);
}

static void judge_block(struct judge *judge, struct block *block)
{
	for (size_t i = 0; i < block->count; i++) {
		struct parsed *parsed = &block->rows[i];

		if (parsed->kind == PARSED_ROW && !judge_row(judge, parsed, &block->arena, &block->fault)) {
			parsed->kind = PARSED_FAULT;
			block->count = i + 1;
		}
	}
}

static void judge_init(struct judge *judge, const struct intake *intake)
{
	judge->intake = intake;
	judge->sha = sha256_new();
	judge->bodies = body_maker_new();
	judge->rules = intake->rules;
	judge->rules.sha = judge->sha;
	judge->rules.day = &judge->day;
}

static void judge_release(struct judge *judge)
{
	sha256_free(judge->sha);
	body_maker_free(judge->bodies);
}

/* --- both threads ------------------------------------------------------------------------------------------------- */

static bool read_row(struct parser *parser, int64_t index, struct block *block, struct parsed *parsed)
{
	struct intake *intake = parser->intake;

	parser_read(intake, &block->arena, parsed, &block->fault);
	if (parsed->kind != PARSED_ROW)
		return false;
	own_texts(&parsed->raw, &block->arena);
	if (!intake->derives || number_of(intake, index, &parsed->number, &block->fault))
		return true;
	parsed->kind = PARSED_FAULT;
	return false;
}

/* False after the last row. */
static bool read_block(struct parser *parser, int64_t *index, struct block *block)
{
	bool more = true;

	arena_reset(&block->arena);
	for (block->count = 0; more && block->count < BLOCK_ROWS; block->count++, ++*index)
		more = read_row(parser, *index, block, &block->rows[block->count]);
	return more;
}

static void *run(void *context)
{
	struct parser *parser = context;
	int64_t index = 0;
	size_t block;

	for (;;) {
		switch (ring_filler_next(parser->ring, &block)) {
		case RING_FILL:
			ring_filled(parser->ring, !read_block(parser, &index, &parser->blocks[block]));
			break;
		case RING_WORK:
			judge_block(&parser->own, &parser->blocks[block]);
			ring_worked(parser->ring, block);
			break;
		case RING_TAKE:
		case RING_END:
		default:
			return NULL;
		}
	}
}

/* Signals are for the caller's thread, which looks for what they say. */
static int start_thread(struct parser *parser)
{
	sigset_t all, before;
	int error;

	(void)sigfillset(&all);
	error = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (error != 0)
		return error;
	error = pthread_create(&parser->thread, NULL, run, parser);
	if (pthread_sigmask(SIG_SETMASK, &before, NULL) != 0)
		abort();
	return error;
}

struct parser *parser_start(struct intake *intake, struct fault *fault)
{
	struct parser *parser = memory_new(sizeof(*parser));
	int error;

	parser->intake = intake;
	parser->ring = ring_new(BLOCKS);
	parser->blocks = memory_new(BLOCKS * sizeof(*parser->blocks));
	judge_init(&parser->own, intake);
	judge_init(&parser->callers, intake);
	error = start_thread(parser);
	parser->running = error == 0;
	if (parser->running)
		return parser;
	(void)fault_set(fault, FAULT_OPERATION, "", "Run it again when fewer processes run.",
		"could not start a thread to read %s: %s", intake->result->file_name, strerror(error));
	parser_stop(parser);
	return NULL;
}

/* The next block. Rather than wait, this thread judges one. */
static struct block *take_block(struct parser *parser)
{
	enum ring_task task;
	size_t block = 0;

	while ((task = ring_taker_next(parser->ring, &block)) == RING_WORK) {
		judge_block(&parser->callers, &parser->blocks[block]);
		ring_worked(parser->ring, block);
	}
	assert(task == RING_TAKE); /* the caller stops at the one that is no row */
	return &parser->blocks[block];
}

struct parsed *parser_next(struct parser *parser, struct fault *fault)
{
	struct parsed *parsed;

	if (parser->taken != NULL && ++parser->at == parser->taken->count) {
		ring_taken(parser->ring);
		parser->taken = NULL;
	}
	if (parser->taken == NULL) {
		parser->taken = take_block(parser);
		parser->at = 0;
	}
	parsed = &parser->taken->rows[parser->at];
	if (parsed->kind == PARSED_FAULT)
		*fault = parser->taken->fault;
	return parsed;
}

void parser_stop(struct parser *parser)
{
	if (parser == NULL)
		return;
	if (parser->running) {
		ring_leave(parser->ring);
		if (pthread_join(parser->thread, NULL) != 0)
			abort();
	}
	for (size_t i = 0; i < BLOCKS; i++) {
		arena_release(&parser->blocks[i].arena);
		for (size_t j = 0; j < BLOCK_ROWS; j++)
			buf_release(&parser->blocks[i].rows[j].body_bytes);
	}
	judge_release(&parser->own);
	judge_release(&parser->callers);
	ring_free(parser->ring);
	free(parser->blocks);
	free(parser);
}
