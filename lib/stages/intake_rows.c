/* The rows of a file through the rules, and what is kept of each. */
#include <stdlib.h>
#include <string.h>

#include "stages/parser.h"

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

static bool keep_findings(struct intake *intake, const struct findings *found, struct fault *fault)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct finding *finding = &found->items[i];

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

/* Rows of one file that pay from one balance on the same day. */
static bool keep_balance(struct intake *intake, const struct payout *payout, struct fault *fault)
{
	const struct intake_digests *digests = intake->digests;
	struct buf text = {0};
	uint8_t digest[16];

	buf_addf(&text, "%d ", intake->options->file_index);
	buf_addt(&text, payout->destination);
	buf_addc(&text, ' ');
	buf_addt(&text, payout->cells[COLUMN_EXECUTION_DATE]);
	fingerprint_of(&digests->fingerprint, buf_text(&text), digest);
	buf_release(&text);
	return repeats_add(digests->balances, digest, intake->options->file_index, intake->index, payout->row, fault);
}

/* What shows repeats: references of all rows, and in a check the likeness of good ones. */
static bool keep_digests(struct intake *intake, const struct parsed *parsed, struct fault *fault)
{
	const struct intake_digests *digests = intake->digests;
	const struct payout *payout = &parsed->payout;
	/* Of a file that was checked with others before, they were added then. */
	bool adds = intake->options->across == NULL || digests->references != intake->options->across;
	int file = intake->options->file_index;

	if (adds && payout->reference.len > 0 &&
		!repeats_add(digests->references, parsed->reference, file, intake->index, payout->row, fault))
		return false;
	if (parsed->good && payout->terms->pays_from_balance && !keep_balance(intake, payout, fault))
		return false;
	return !parsed->good || digests->likeness == NULL ||
	       repeats_add(digests->likeness, parsed->alike, file, intake->index, payout->row, fault);
}

static enum payout_state state_of(const struct intake *intake, const struct payout *payout, bool good)
{
	if (!good)
		return PAYOUT_REJECTED;
	return intake->options->hold || payout->all || payout->release_at_utc_ms > 0 ? PAYOUT_HELD : PAYOUT_READY;
}

static bool keep_mark(struct intake *intake, const struct payout *payout, enum payout_state state, struct fault *fault)
{
	struct mark mark = {
		.row = payout->row,
		.line = payout->line,
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
	if (state == PAYOUT_HELD)
		preview_hold(&intake->preview, &mark);
	return marks_add(intake->marks, &mark, fault);
}

static bool take_row(struct intake *intake, const struct parsed *parsed, struct fault *fault)
{
	const struct payout *payout = &parsed->payout;
	struct intake_row row = {.index = intake->index,
		.payout = payout,
		.good = parsed->good,
		.name = parsed->name,
		.state = state_of(intake, payout, parsed->good),
		.findings = &parsed->found,
		.origin = parsed->raw.origin.payment != 0 ? &parsed->raw.origin : NULL,
		.likeness = parsed->likeness,
		.lookalike = parsed->lookalike,
		.body = &parsed->body};

	if (parsed->derived && !spill_reference(intake->spill, payout->row, payout->reference, fault))
		return false;
	control_add(&intake->control, payout->currency, payout->decimals, payout->amount_minor);
	if (!keep_findings(intake, &parsed->found, fault) || !keep_digests(intake, parsed, fault) ||
		!keep_mark(intake, payout, row.state, fault))
		return false;
	if (parsed->good && intake->taker.row == NULL && intake->options->tally != NULL &&
		intake->options->tally->row != NULL)
		intake->options->tally->row(intake->options->tally->context, payout);
	return intake->taker.row == NULL || intake->taker.row(intake->taker.context, &row, fault);
}

/* Why the rest can't be read becomes a finding of the file. */
static void take_refusal(struct intake *intake, const struct findings *found)
{
	intake->refused = true;
	for (size_t i = 0; i < found->count; i++) {
		const struct finding *finding = &found->items[i];

		intake->file.line = finding->line;
		finding_add(&intake->file, finding->severity, finding->code,
			text_string(&intake->file_arena, text_of(finding->field)),
			text_string(&intake->file_arena, text_of(finding->cure)), "%s", finding->message);
	}
	intake->file.line = 0;
}

/* True where a signal came: it is looked for now and then. */
static bool stopped(const struct intake *intake, struct fault *fault)
{
	if (intake->index % STOP_ROWS != 0 || !stage_stopped(intake->stage))
		return false;
	(void)fault_set(fault, FAULT_STOPPED, "", "run the command again",
		"stopped before %s was received; nothing is left of it", intake->result->file_name);
	return true;
}

static bool take_rows(struct intake *intake, struct parser *parser, struct fault *fault)
{
	for (intake->index = 0; !stopped(intake, fault); intake->index++) {
		const struct parsed *parsed = parser_next(parser, fault);

		switch (parsed->kind) {
		case PARSED_ROW:
			if (!take_row(intake, parsed, fault))
				return false;
			break;
		case PARSED_REFUSED:
			take_refusal(intake, &parsed->found);
			return true;
		case PARSED_END:
			return true;
		case PARSED_FAULT:
		default:
			return false;
		}
	}
	return false;
}

bool intake_read(struct intake *intake, struct fault *fault)
{
	struct parser *parser;
	bool fine;

	if (intake->derives && !intake_number(intake, fault))
		return false;
	parser = parser_start(intake, fault);
	fine = parser != NULL && take_rows(intake, parser, fault);
	parser_stop(parser);
	if (fine && intake->format->names != NULL)
		intake->format->names(intake->reader, &intake->file);
	intake->file.line = 0;
	return fine;
}

bool intake_lacks_references(struct intake *intake, bool *lacks, struct fault *fault)
{
	struct parsed *parsed = memory_new(sizeof(*parsed));
	struct arena arena = {0};
	bool fine = true;

	*lacks = true;
	do {
		arena_reset(&arena);
		parser_read(intake, &arena, parsed, fault);
		if (parsed->kind == PARSED_ROW && parsed->raw.cells[COLUMN_REFERENCE].len > 0)
			*lacks = false;
		intake->index++;
		fine = parsed->kind != PARSED_FAULT && !stopped(intake, fault);
	} while (fine && *lacks && parsed->kind == PARSED_ROW);
	intake->index = 0;
	arena_release(&arena);
	free(parsed);
	return fine && intake_reopen(intake, fault);
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
static bool number_pass(
	struct intake *intake, struct repeats *equal, struct arena *arena, struct parsed *parsed, struct fault *fault)
{
	struct payout *payout = &parsed->payout;

	for (intake->index = 0;; intake->index++) {
		if (stopped(intake, fault))
			return false;
		arena_reset(arena);
		parser_read(intake, arena, parsed, fault);
		if (parsed->kind != PARSED_ROW)
			break;
		if (parsed->found.errors > 0 ||
			!rules_check(&intake->rules, &parsed->raw, arena, payout, &parsed->found) ||
			payout->reference.len > 0)
			continue;
		/* F, the first 8 bytes, is what stands in the reference; rows that share it are told apart by N. */
		memset(payout->content_digest + 8, 0, 8);
		if (!repeats_add(equal, payout->content_digest, 0, intake->index, payout->row, fault))
			return false;
	}
	return parsed->kind != PARSED_FAULT; /* what refuses the rest is told in the pass to come */
}

bool intake_number(struct intake *intake, struct fault *fault)
{
	struct repeats *equal = repeats_open(intake->folder);
	struct numbering numbering = {.numbers = sorter_new(intake->folder)};
	struct parsed *parsed = memory_new(sizeof(*parsed));
	struct arena arena = {0};
	bool fine;

	intake->numbers = numbering.numbers;
	fine = number_pass(intake, equal, &arena, parsed, fault) &&
	       repeats_each(equal, false, number_member, &numbering, fault) && sorter_rewind(intake->numbers, fault) &&
	       sorter_next(intake->numbers, &intake->number, &intake->number_left, fault) &&
	       intake_reopen(intake, fault);
	repeats_close(equal);
	arena_release(&arena);
	free(parsed);
	return fine;
}
