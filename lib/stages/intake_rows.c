/* The rows of a file through the rules, and what is kept of each. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "stages/intake.h"
#include "stages/likeness.h"
#include "values/content.h"

#define STOP_ROWS 1024 /* a signal is looked for this often */

static bool told_of_header(const struct intake *intake, const struct finding *finding)
{
	if (intake->missing == 0 || strcmp(finding->code, "FIELD_REQUIRED") != 0)
		return false;
	for (enum column i = 0; i < COLUMN_COUNT; i++)
		if ((intake->missing & COLUMN_SET(i)) != 0 && strcmp(finding->field, column_name(i)) == 0)
			return true;
	return false;
}

static bool keep_findings(struct intake *intake, struct fault *fault)
{
	for (size_t i = 0; i < intake->found.count; i++) {
		const struct finding *finding = &intake->found.items[i];

		if (told_of_header(intake, finding))
			continue;
		if (finding->severity == FINDING_WARNING)
			intake->result->warnings++;
		else
			intake->result->errors++;
		causes_count(intake->causes, finding);
		if (!spill_add(intake->spill, finding, fault))
			return false;
	}
	return true;
}

/* N of this row among equal ones: 1 unless the pass before found others. */
static bool number_of(struct intake *intake, int64_t *number, struct fault *fault)
{
	*number = 1;
	while (intake->number_left && (int64_t)intake->number.key[0] <= intake->index) {
		if ((int64_t)intake->number.key[0] == intake->index)
			*number = (int64_t)intake->number.value[0];
		if (!sorter_next(intake->numbers, &intake->number, &intake->number_left, fault))
			return false;
	}
	return true;
}

/* BATCHID/F/N (CONTRACT, section 3). */
static bool derive(struct intake *intake, struct payout *payout, struct fault *fault)
{
	struct buf text = {0};
	int64_t number;
	bool fine;

	if (!number_of(intake, &number, fault))
		return false;
	buf_addf(&text, "%s/", intake->options->batch_id);
	buf_add_hex(&text, payout->content_digest, 8);
	buf_addf(&text, "/%" PRId64, number);
	if (text.len > BOUND_REFERENCE_POINTS) {
		buf_release(&text);
		return fault_set(fault, FAULT_REFUSED, "FIELD_TOO_LONG", "choose a shorter --batch-id",
			"a reference made of batch id, content and number would be longer than %d characters",
			BOUND_REFERENCE_POINTS);
	}
	payout->reference = text_copy(&intake->row_arena, buf_text(&text));
	buf_release(&text);
	payout->cells[COLUMN_REFERENCE] = payout->reference;
	payout->key = key_derive(
		intake->sha, intake->rules.namespace_text, payout->terms->channel->provider, payout->reference, 1);
	fine = spill_reference(intake->spill, payout->row, payout->reference, fault);
	return fine;
}

/* 8 bytes of the look-alike form, then 8 of the reference itself. */
static void digest_reference(struct intake *intake, struct text reference, uint8_t digest[16])
{
	const struct fingerprint *fingerprint = &intake->digests->fingerprint;
	struct text lookalike = text_lookalike(&intake->row_arena, reference);
	uint8_t own[16];

	fingerprint_of(fingerprint, reference, own);
	if (text_equal(reference, lookalike))
		memcpy(digest, own, 16);
	else
		fingerprint_of(fingerprint, lookalike, digest);
	memcpy(digest + 8, own, 8);
}

/* What shows repeats: references of all rows, and in a check the likeness of good ones. */
static bool keep_digests(struct intake *intake, const struct payout *payout, bool good, struct fault *fault)
{
	const struct intake_digests *digests = intake->digests;
	bool check = digests->likeness != NULL;
	/* Of a file that was checked with others before, they were added then. */
	bool adds = intake->options->across == NULL || digests->references != intake->options->across;
	int file = intake->options->file_index;
	uint8_t digest[16];

	if (adds && payout->reference.len > 0) {
		if (check)
			digest_reference(intake, payout->reference, digest);
		else
			fingerprint_of(&digests->fingerprint, payout->reference, digest);
		if (!repeats_add(digests->references, digest, file, intake->index, payout->row, fault))
			return false;
	}
	if (!good || !check)
		return true;
	fingerprint_of(&digests->fingerprint, likeness_text(&intake->row_arena, payout), digest);
	return repeats_add(digests->likeness, digest, file, intake->index, payout->row, fault);
}

static enum payout_state state_of(const struct intake *intake, const struct payout *payout, bool good)
{
	if (!good)
		return PAYOUT_REJECTED;
	return intake->options->hold || payout->release_at_utc_ms > 0 ? PAYOUT_HELD : PAYOUT_READY;
}

static bool keep_mark(struct intake *intake, const struct row *raw, const struct payout *payout,
	enum payout_state state, struct fault *fault)
{
	struct mark mark = {
		.row = raw->number,
		.line = raw->line,
		.minor = payout->amount_minor,
		.sum = MARK_NO_SUM,
		.state = (uint8_t)state,
	};

	intake->result->rows++;
	if (state == PAYOUT_REJECTED) {
		intake->result->bad++;
		return marks_add(intake->marks, &mark, fault);
	}
	mark.sum = preview_add(&intake->preview, payout, intake->index);
	intake->result->good++;
	intake->result->held += state == PAYOUT_HELD;
	return marks_add(intake->marks, &mark, fault);
}

static bool take_row(struct intake *intake, const struct row *raw, struct payout *payout, struct fault *fault)
{
	bool good = false;
	struct intake_row row = {.index = intake->index, .raw = raw, .payout = payout, .findings = &intake->found};

	if (intake->found.errors == 0)
		good = rules_check(&intake->rules, raw, &intake->row_arena, payout, &intake->found);
	else /* the reader could not make out its fields */
		*payout = (struct payout){.row = raw->number, .line = raw->line};
	if (good && payout->reference.len == 0 && !derive(intake, payout, fault))
		return false;
	row.good = good;
	row.state = state_of(intake, payout, good);
	control_add(&intake->control, payout->currency, payout->decimals, payout->amount_minor);
	if (!keep_findings(intake, fault) || !keep_digests(intake, payout, good, fault) ||
		!keep_mark(intake, raw, payout, row.state, fault))
		return false;
	return intake->taker.row == NULL || intake->taker.row(intake->taker.context, &row, fault);
}

/* Why the rest can't be read becomes a finding of the file. */
static void take_refusal(struct intake *intake)
{
	intake->refused = true;
	for (size_t i = 0; i < intake->found.count; i++) {
		const struct finding *finding = &intake->found.items[i];

		intake->file.line = finding->line;
		finding_add(&intake->file, finding->severity, finding->code,
			text_string(&intake->file_arena, text_of(finding->field)),
			text_string(&intake->file_arena, text_of(finding->cure)), "%s", finding->message);
	}
	intake->file.line = 0;
}

static bool stop(const struct intake *intake, struct fault *fault)
{
	return fault_set(fault, FAULT_STOPPED, "", "run the command again",
		"stopped before %s was received; nothing is left of it", intake->result->file_name);
}

enum next { NEXT_FAULT = 0, NEXT_ROW, NEXT_REFUSED, NEXT_END };

static enum next next_row(struct intake *intake, struct row *raw, struct fault *fault)
{
	if (intake->index % STOP_ROWS == 0 && stage_stopped(intake->stage)) {
		stop(intake, fault);
		return NEXT_FAULT;
	}
	arena_reset(&intake->row_arena);
	findings_begin(&intake->found, &intake->row_arena, 0, 0);
	switch (intake->format->next(intake->reader, raw, &intake->found, fault)) {
	case READER_ROW:
		return NEXT_ROW;
	case READER_REFUSED:
		return NEXT_REFUSED;
	case READER_END:
		return NEXT_END;
	case READER_FAULT:
	default:
		return NEXT_FAULT;
	}
}

bool intake_read(struct intake *intake, struct fault *fault)
{
	struct row raw;
	struct payout payout;
	enum next next;

	if (intake->derives && !intake_number(intake, fault))
		return false;
	for (intake->index = 0; (next = next_row(intake, &raw, fault)) == NEXT_ROW; intake->index++)
		if (!take_row(intake, &raw, &payout, fault))
			return false;
	if (next == NEXT_REFUSED)
		take_refusal(intake);
	return next != NEXT_FAULT;
}

struct numbering {
	struct sorter *numbers;
	int64_t group, number;
};

static bool number_member(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct numbering *numbering = context;
	struct record record = {0};

	numbering->number = repeat->group == numbering->group ? numbering->number + 1 : 1;
	numbering->group = repeat->group;
	record.key[0] = (uint64_t)repeat->index;
	record.value[0] = (uint64_t)numbering->number;
	return sorter_add(numbering->numbers, &record, fault);
}

/* A pass of its own: which good rows are equal, and the how manieth of them each is. */
static bool number_pass(struct intake *intake, struct repeats *equal, struct fault *fault)
{
	struct row raw;
	struct payout payout;
	enum next next;

	for (intake->index = 0; (next = next_row(intake, &raw, fault)) == NEXT_ROW; intake->index++) {
		if (intake->found.errors > 0 ||
			!rules_check(&intake->rules, &raw, &intake->row_arena, &payout, &intake->found) ||
			payout.reference.len > 0)
			continue;
		/* F, the first 8 bytes, is what stands in the reference; rows that share it are told apart by N. */
		memset(payout.content_digest + 8, 0, 8);
		if (!repeats_add(equal, payout.content_digest, 0, intake->index, payout.row, fault))
			return false;
	}
	return next != NEXT_FAULT; /* what refuses the rest is told in the pass to come */
}

bool intake_number(struct intake *intake, struct fault *fault)
{
	struct repeats *equal = repeats_open(intake->folder);
	struct numbering numbering = {.numbers = sorter_new(intake->folder)};
	bool fine;

	intake->numbers = numbering.numbers;
	fine = number_pass(intake, equal, fault) && repeats_each(equal, false, number_member, &numbering, fault) &&
	       sorter_rewind(intake->numbers, fault) &&
	       sorter_next(intake->numbers, &intake->number, &intake->number_left, fault) &&
	       intake_reopen(intake, fault);
	repeats_close(equal);
	return fine;
}
