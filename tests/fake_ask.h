/*
 * Questions to a provider without a network, for tests of lib/run over a real journal: the answers are a script, the
 * adapter is a shape with capabilities. Takes the place of run/ask.c and providers/catalog.c.
 */
#ifndef TESTS_FAKE_ASK_H
#define TESTS_FAKE_ASK_H

#include <string.h>

#include "providers/catalog.h"
#include "run/ask.h"

struct scripted {                 /* what a question gets */
	enum operation operation; /* that is expected */
	enum ask_end end;
	enum verdict verdict;
	enum payout_state state;
	const char *provider_id, *status, *reason;
	int64_t again_ms; /* too early: the same question from so long after now on */
	const struct listed *listed;
	size_t listed_count;
	const char *cursor;
};

/* A step: what is asked and what comes of it, further members behind. */
#define SAYS(operation_, end_, verdict_, state_, id_, status_, ...)                                                    \
	{                                                                                                              \
		.operation = operation_, .end = end_, .verdict = verdict_, .state = state_, .provider_id = id_,        \
		.status = status_, .reason = __VA_ARGS__                                                               \
	}

static struct {
	struct adapter adapter;
	struct channel channel;
	const struct scripted *script;
	int asked;
	struct stage *stage;
	char asked_id[64]; /* provider id of the last question */
} fake_ask;

const struct adapter *catalog_adapter(enum provider_id provider)
{
	(void)provider;
	return &fake_ask.adapter;
}

const struct provider_settings *catalog_settings(int *count)
{
	*count = 0;
	return NULL;
}

int64_t adapter_window_ms(const struct adapter *adapter, const struct channel *channel)
{
	(void)channel;
	return adapter->window_ms;
}

struct ask *ask_open(struct stage *stage, struct fault *fault)
{
	(void)fault;
	fake_ask.stage = stage;
	return (struct ask *)(void *)&fake_ask;
}

void ask_close(struct ask *ask)
{
	(void)ask;
}

const struct channel *ask_channel(struct stage *stage, int64_t channel, struct fault *fault)
{
	(void)stage, (void)channel, (void)fault;
	return &fake_ask.channel;
}

bool ask_fill(struct stage *stage, const struct channel *channel, const struct attempt *attempt, struct arena *arena,
	struct call *call, struct fault *fault)
{
	(void)stage, (void)arena, (void)fault;
	*call = (struct call){.channel = channel, .key = attempt->key, .provider_id = attempt->provider_id};
	return true;
}

enum ask_end ask_one(struct ask *ask, const struct channel *channel, enum operation operation, struct call *call,
	struct arena *arena, struct ask_answer *answer, struct fault *fault)
{
	const struct scripted *step = &fake_ask.script[fake_ask.asked++];
	(void)ask, (void)channel, (void)fault;
	assert_int_equal(operation, step->operation);
	memset(answer, 0, sizeof *answer);
	snprintf(fake_ask.asked_id, sizeof fake_ask.asked_id, "%.*s", (int)call->provider_id.len,
		call->provider_id.len > 0 ? call->provider_id.ptr : "");
	answer->receipt = (struct receipt){.verdict = step->verdict,
		.state = step->state,
		.provider_id = text_of(step->provider_id != NULL ? step->provider_id : ""),
		.provider_status = text_of(step->status != NULL ? step->status : ""),
		.reason = text_of(step->reason != NULL ? step->reason : ""),
		.code = "",
		.reason_code = "",
		.listed_count = step->listed_count,
		.next_cursor = text_of(step->cursor != NULL ? step->cursor : "")};
	if (step->again_ms > 0)
		answer->receipt.ask_again_utc_ms = clock_now(fake_ask.stage->clock).utc_ms + step->again_ms;
	if (step->listed_count > 0) {
		answer->receipt.listed = arena_alloc(arena, step->listed_count * sizeof *step->listed);
		memcpy(answer->receipt.listed, step->listed, step->listed_count * sizeof *step->listed);
	}
	if (step->end != ASK_ANSWERED)
		snprintf(answer->error, sizeof answer->error, "%s", "timed out");
	return step->end;
}

#endif
