#include "stages/report_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool in_time(const struct report_options *options, int64_t received_at)
{
	return (options->from_utc_ms == 0 || received_at >= options->from_utc_ms) &&
	       (options->to_utc_ms == 0 || received_at < options->to_utc_ms);
}

/* A batch that comes from journal_batch_each() lives no longer than its call. */
static bool add_batch(void *context, const struct journal_batch *batch)
{
	struct report_scope *scope = context;

	if (!in_time(scope->options, batch->received_at)) {
		scope->all = false;
		return true;
	}
	if (scope->count == scope->cap) {
		scope->cap = scope->cap > 0 ? 2 * scope->cap : 16;
		scope->batches = memory_grow(scope->batches, scope->cap * sizeof(*scope->batches));
		scope->ids = memory_grow(scope->ids, scope->cap * sizeof(*scope->ids));
	}
	scope->ids[scope->count] = batch->id;
	scope->batches[scope->count] = (struct report_batch){
		.id = text_copy(&scope->arena, text_of(batch->name)),
		.file = text_copy(&scope->arena, batch->file),
		.received_at = batch->received_at,
		.received_by = text_copy(&scope->arena, batch->received_by),
		.format = text_copy(&scope->arena, batch->format),
		.rows = batch->rows,
		.control = batch->control,
	};
	text_hex(batch->sha256, SHA256_SIZE, scope->batches[scope->count].sha256);
	scope->count++;
	return true;
}

static bool find_batches(struct report_scope *scope, struct journal *journal, struct fault *fault)
{
	struct journal_batch batch;
	bool found;

	if (scope->options->batch == 0) {
		scope->all = true;
		return journal_batch_each(journal, add_batch, scope, fault);
	}
	if (!journal_batch_get(journal, scope->options->batch, &scope->arena, &batch, fault) ||
		!journal_message_get(journal, batch.id, &scope->arena, &scope->message, &found, fault))
		return false;
	if (!found)
		scope->message = (struct origin_message){0};
	add_batch(scope, &batch);
	return true;
}

static bool add_totals(struct report_totals *totals, const struct journal_total *list, int count, struct fault *fault)
{
	for (int i = 0; i < count; i++) {
		struct report_total total = {.decimals = list[i].decimals,
			.state = list[i].state,
			.count = list[i].count,
			.minor = list[i].minor};

		snprintf(total.currency, sizeof(total.currency), "%s", list[i].currency);
		if (!report_totals_add(totals, &total))
			return fault_set(fault, FAULT_OPERATION, "OUTPUT_FAILED",
				"Report less of it at a time: a batch, or --from and --to.",
				"could not add up the report: the sum of all %s is too large", list[i].currency);
	}
	return true;
}

static bool add_sums(struct report_scope *scope, struct journal *journal, int64_t batch, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_sums sums;
	bool done;

	done = journal_sums(journal, batch, &arena, &sums, fault);
	if (done) {
		for (int i = 0; i < sums.in_count; i++)
			sums.in[i].state = PAYOUT_UNKNOWN;
		scope->balanced = scope->balanced && sums.balanced;
		done = add_totals(&scope->in, sums.in, sums.in_count, fault) &&
		       add_totals(&scope->totals, sums.by_state, sums.by_state_count, fault);
	}
	arena_release(&arena);
	return done;
}

static bool sum_up(struct report_scope *scope, struct journal *journal, struct fault *fault)
{
	if (scope->all)
		return add_sums(scope, journal, 0, fault);
	for (size_t i = 0; i < scope->count; i++)
		if (!add_sums(scope, journal, scope->ids[i], fault))
			return false;
	return true;
}

bool report_scope_read(struct report_scope *scope, struct journal *journal, const struct report_options *options,
	bool sums, struct fault *fault)
{
	int64_t seq;

	*scope = (struct report_scope){.options = options, .balanced = true};
	scope->filtered = options->channel != NULL || options->states != 0 || options->beneficiary != NULL;
	scope->name = text_fold(&scope->arena, text_of(options->beneficiary));
	journal_head(journal, &seq, scope->head);
	return find_batches(scope, journal, fault) && (!sums || sum_up(scope, journal, fault));
}

void report_scope_release(struct report_scope *scope)
{
	report_totals_release(&scope->in);
	report_totals_release(&scope->totals);
	arena_release(&scope->arena);
	arena_release(&scope->row);
	free(scope->batches);
	free(scope->ids);
}

static bool contains(struct text text, struct text part)
{
	for (size_t i = 0; i + part.len <= text.len; i++)
		if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
			return true;
	return false;
}

static bool has_name(struct report_scope *scope, struct text name)
{
	if (scope->name.len == 0)
		return true;
	arena_reset(&scope->row);
	return contains(text_fold(&scope->row, name), scope->name);
}

bool report_scope_lists(struct report_scope *scope, const struct journal_line *line)
{
	const struct report_options *options = scope->options;

	if (!scope->filtered)
		return true;
	if (options->states != 0 && (options->states & STATE_SET(line->state)) == 0)
		return false;
	if (options->channel != NULL &&
		(line->channel == NULL || !text_is(text_of(line->channel->name), options->channel)))
		return false;
	return has_name(scope, line->payout.beneficiary_name);
}
