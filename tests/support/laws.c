#include "tests/support/laws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "providers/calypso.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"

const struct adapter *const laws_adapters[LAWS_ADAPTERS] = {
	&circle_adapter, &mollie_adapter, &pontis_adapter, &calypso_adapter};

static void judge(const struct adapter *adapter, struct law *law, size_t least)
{
	arena_release(&law->arena);
	if (law->shown < least)
		fail_msg("%s: shown %zu times", adapter->name, law->shown);
}

void law_run(void (*run)(void *law, struct scene *scene), size_t least)
{
	for (size_t i = 0; i < LAWS_ADAPTERS; i++) {
		struct law law = {.shown = 0};

		scene_each(laws_adapters[i], run, &law);
		judge(laws_adapters[i], &law, least);
	}
}

void law_run_defaults(void (*run)(void *law, struct scene *scene), size_t least)
{
	for (size_t i = 0; i < LAWS_ADAPTERS; i++) {
		struct law law = {.shown = 0};
		struct scene *scene = scene_open(laws_adapters[i], NULL);

		run(&law, scene);
		scene_close(scene);
		judge(laws_adapters[i], &law, least);
	}
}

struct receipt law_read(
	struct law *law, const struct scene *scene, enum operation operation, int status, struct text body)
{
	struct http_answer answer = scene->answer;
	struct call call = scene->call;
	struct receipt receipt;

	if (operation != scene->operation)
		call.cursor = TEXT(""); /* each writes its own */

	answer.outcome = HTTP_ANSWERED;
	answer.status = status;
	answer.body = body;
	arena_reset(&law->arena);
	scene->adapter->read(operation, &call, &answer, &law->arena, &receipt);
	return receipt;
}

struct receipt law_read_body(struct law *law, const struct scene *scene, struct text body)
{
	return law_read(law, scene, scene->operation, scene->answer.status, body);
}

struct receipt law_read_again(struct law *law, const struct scene *scene)
{
	return law_read_body(law, scene, scene->answer.body);
}

void law_broken(const struct scene *scene, const char *how, const struct receipt *receipt, struct text body)
{
	fail_msg("%s %s %s: %s: %s\n%.*s", scene->adapter->name, scene->path != NULL ? scene->path : "defaults",
		operation_name(scene->operation), how, verdict_name(receipt->verdict), (int)body.len, body.ptr);
}

size_t law_replace(struct text in, const char *from, const char *to, struct buf *out)
{
	size_t len = strlen(from), count = 0;

	buf_reset(out);
	for (size_t at = 0; at < in.len;) {
		if (in.len - at >= len && memcmp(in.ptr + at, from, len) == 0) {
			buf_addz(out, to);
			at += len;
			count++;
		} else {
			buf_addc(out, in.ptr[at++]);
		}
	}
	return count;
}

bool law_success(int status)
{
	return status >= 200 && status <= 299;
}

enum verdict law_verdict_of_status(enum operation operation, int status)
{
	bool first = operation == OPERATION_SESSION || operation == OPERATION_PREPARE ||
		     operation == OPERATION_CREATE || operation == OPERATION_FUNDS || operation == OPERATION_FEES;

	if (status == 401 || status == 403 || status == 415 || (first && (status == 404 || status == 405)))
		return VERDICT_CHANNEL_STOP;
	return status == 429 ? VERDICT_THROTTLED : VERDICT_UNKNOWN;
}

bool law_can(const struct adapter *adapter, enum operation operation)
{
	const bool has[OPERATION_COUNT] = {
		[OPERATION_SESSION] = adapter->has_session,
		[OPERATION_PREPARE] = adapter->has_destination,
		[OPERATION_CREATE] = true,
		[OPERATION_LOOKUP] = adapter->looks_up,
		[OPERATION_LIST] = adapter->lists,
		[OPERATION_STATUS] = true,
		[OPERATION_CANCEL] = adapter->cancels,
		[OPERATION_FUNDS] = adapter->has_funds,
		[OPERATION_FEES] = adapter->has_fees,
		[OPERATION_DESTINATION] = adapter->has_destination,
	};

	return has[operation];
}
