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

#define SLOTS 256 /* rows ahead: a few megabytes */
#define BLOCK 128 /* the threads seldom wake one another */

struct parser {
	struct intake *intake;
	struct ring *ring;
	struct parsed *slots;
	struct body_maker *bodies;
	pthread_t thread;
	bool running;
	bool holds; /* the caller has a slot */
};

void parser_read(struct intake *intake, struct row *raw, struct parsed *parsed)
{
	arena_reset(&parsed->arena);
	findings_begin(&parsed->found, &parsed->arena, 0, 0);
	switch (intake->format->next(intake->reader, raw, &parsed->found, &parsed->fault)) {
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
static bool derive(struct intake *intake, int64_t index, struct parsed *parsed)
{
	struct payout *payout = &parsed->payout;
	struct buf text = {0};
	int64_t number;

	if (!number_of(intake, index, &number, &parsed->fault))
		return false;
	buf_addf(&text, "%s/", intake->batch_id);
	buf_add_hex(&text, payout->content_digest, 8);
	buf_addf(&text, "/%" PRId64, number);
	if (text.len > BOUND_REFERENCE_POINTS) {
		buf_release(&text);
		return fault_set(&parsed->fault, FAULT_REFUSED, "FIELD_TOO_LONG", "choose a shorter batch id",
			"a reference made of batch id, content and number would be longer than %d characters",
			BOUND_REFERENCE_POINTS);
	}
	payout->reference = text_copy(&parsed->arena, buf_text(&text));
	buf_release(&text);
	payout->cells[COLUMN_REFERENCE] = payout->reference;
	payout->key = key_derive(
		intake->sha, intake->rules.namespace_text, payout->terms->channel->provider, payout->reference, 1);
	parsed->derived = true;
	return true;
}

/* 8 bytes of the look-alike form, then 8 of the reference itself. */
static void digest_both(const struct fingerprint *fingerprint, struct parsed *parsed)
{
	struct text reference = parsed->payout.reference;
	struct text lookalike = text_lookalike(&parsed->arena, reference);
	uint8_t own[16];

	fingerprint_of(fingerprint, reference, own);
	if (text_equal(reference, lookalike))
		memcpy(parsed->reference, own, 16);
	else
		fingerprint_of(fingerprint, lookalike, parsed->reference);
	memcpy(parsed->reference + 8, own, 8);
}

static void digest(const struct intake *intake, struct parsed *parsed)
{
	const struct fingerprint *fingerprint = &intake->digests->fingerprint;
	const struct payout *payout = &parsed->payout;
	bool check = intake->digests->likeness != NULL;

	if (payout->reference.len > 0 && check)
		digest_both(fingerprint, parsed);
	else if (payout->reference.len > 0)
		fingerprint_of(fingerprint, payout->reference, parsed->reference);
	if (parsed->good && check)
		fingerprint_of(fingerprint, likeness_text(&parsed->arena, payout), parsed->alike);
}

/* What the journal keeps beside the payout itself. */
static bool prepare(struct parser *parser, struct parsed *parsed)
{
	const struct fingerprint *likeness = parser->intake->taker.likeness;
	const struct payout *payout = &parsed->payout;

	if (likeness == NULL || !parsed->good)
		return true;
	likeness_of(likeness, &parsed->arena, payout, parsed->likeness);
	likeness_reference(likeness, &parsed->arena, payout->reference, parsed->lookalike);
	return body_make(parser->bodies, payout->content, payout->cells[COLUMN_BENEFICIARY_NAME], payout->destination,
		&parsed->body_bytes, &parsed->body, &parsed->fault);
}

/* A row that was read: everything that does not need the rows before it. */
static bool judge(struct parser *parser, int64_t index, const struct row *raw, struct parsed *parsed)
{
	struct intake *intake = parser->intake;
	struct payout *payout = &parsed->payout;

	parsed->good = false;
	parsed->derived = false;
	parsed->name = (struct text){0};
	if (!raw->broken)
		parsed->good = rules_check(&intake->rules, raw, &parsed->arena, payout, &parsed->found);
	else /* the reader could not make out its fields */
		*payout = (struct payout){.row = raw->number, .line = raw->line};
	if (!parsed->good)
		parsed->name = text_copy(&parsed->arena, raw->cells[COLUMN_BENEFICIARY_NAME]);
	else if (payout->reference.len == 0 && !derive(intake, index, parsed))
		return false;
	digest(intake, parsed);
	return prepare(parser, parsed);
}

static void *run(void *context)
{
	struct parser *parser = context;
	struct row raw;
	size_t slot;
	bool more = true;

	for (int64_t index = 0; more && ring_room(parser->ring, &slot); index++) {
		struct parsed *parsed = &parser->slots[slot];

		parser_read(parser->intake, &raw, parsed);
		if (parsed->kind == PARSED_ROW && !judge(parser, index, &raw, parsed))
			parsed->kind = PARSED_FAULT;
		more = parsed->kind == PARSED_ROW;
		ring_filled(parser->ring);
	}
	ring_end(parser->ring);
	return NULL;
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
	parser->ring = ring_new(SLOTS, BLOCK);
	parser->slots = memory_new(SLOTS * sizeof(*parser->slots));
	parser->bodies = body_maker_new();
	error = start_thread(parser);
	parser->running = error == 0;
	if (parser->running)
		return parser;
	(void)fault_set(fault, FAULT_OPERATION, "", "Run it again when fewer processes run.",
		"could not start a thread to read %s: %s", intake->result->file_name, strerror(error));
	parser_stop(parser);
	return NULL;
}

struct parsed *parser_next(struct parser *parser)
{
	size_t slot = 0;
	bool filled;

	if (parser->holds)
		ring_taken(parser->ring);
	filled = ring_take(parser->ring, &slot);
	assert(filled); /* the caller stops at the one that is no row */
	parser->holds = true;
	return &parser->slots[slot];
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
	for (size_t i = 0; i < SLOTS; i++) {
		arena_release(&parser->slots[i].arena);
		buf_release(&parser->slots[i].body_bytes);
	}
	body_maker_free(parser->bodies);
	ring_free(parser->ring);
	free(parser->slots);
	free(parser);
}
