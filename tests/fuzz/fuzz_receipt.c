/*
 * A provider's answers, read by its adapter: those of tests/exchanges to begin with, then any bytes and any status.
 * Input: two letters for the exchange, one for the status, the body. The recorded answers are written as seeds into the
 * folder FUZZ_SEEDS.
 */
#include "tests/fuzz/fuzz_tools.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glob.h>

#include "base/file.h"
#include "providers/answer.h"
#include "providers/catalog.h"
#include "providers/receipt.h"
#include "tests/support/scene.h"
#include "values/money.h"

#define SCENES_MAX (26 * 26)

static struct scene *scenes[SCENES_MAX];
static unsigned scene_count;

static const int statuses[] = {
	0, 200, 201, 202, 204, 301, 400, 401, 402, 403, 404, 406, 409, 410, 412, 422, 425, 429, 500, 502, 503, 504};

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* --- the exchanges ------------------------------------------------------------------------------------------------ */

static void write_seed(unsigned index, struct text body)
{
	const char *folder = getenv("FUZZ_SEEDS");
	struct fault fault = {0};
	struct buf path = {0}, bytes = {0};

	if (folder == NULL)
		return;
	buf_addf(&path, "%s/exchange-%u", folder, index);
	buf_addf(&bytes, "%c%ca", 'a' + index / 26, 'a' + index % 26);
	buf_addt(&bytes, body);
	never(!file_replace(buf_str(&path), buf_text(&bytes), false, &fault), "no seed", fault.message);
	buf_release(&path);
	buf_release(&bytes);
}

static void open_scenes(const struct adapter *adapter)
{
	struct buf pattern = {0};
	glob_t files;

	buf_addf(&pattern, "%s/tests/exchanges/%s/*.exchange", scene_source(), adapter->name);
	never(glob(buf_str(&pattern), 0, NULL, &files) != 0, "no exchanges", buf_str(&pattern));
	for (size_t i = 0; i < files.gl_pathc && scene_count < SCENES_MAX; i++) {
		struct scene *scene = scene_open(adapter, files.gl_pathv[i]);

		if (!scene->answered) {
			scene_close(scene);
			continue;
		}
		write_seed(scene_count, scene->answer.body);
		scene->path = NULL; /* the list's */
		scenes[scene_count++] = scene;
	}
	globfree(&files);
	buf_release(&pattern);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (int provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++)
		if (catalog_adapter((enum provider_id)provider) != NULL)
			open_scenes(catalog_adapter((enum provider_id)provider));
	return 0;
}

/* --- what holds for each receipt ---------------------------------------------------------------------------------- */

/* At any length: what can't be held is told as it is. */
static bool is_decimal(struct text text)
{
	return text.len == 0 || money_same_text(text, text);
}

static void see_text(const char *what, struct text text)
{
	size_t at = 0;

	never_text(!text_utf8(text, NULL), what, text);
	for (int32_t point = text_next(text, &at); point >= 0; point = text_next(text, &at))
		never_text(text_point_hidden(point), what, text);
}

static bool holds(struct text text, struct text part)
{
	for (size_t i = 0; part.len > 0 && i + part.len <= text.len; i++)
		if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
			return true;
	return false;
}

static void see_secrets(const struct scene *scene, struct text reason)
{
	for (size_t i = 0; i < scene->channel.setting_count; i++)
		never_text(scene->channel.settings[i].secret && holds(reason, scene->channel.settings[i].value),
			"a secret is shown", reason);
}

static void see_amounts(const struct receipt *receipt)
{
	never_text(!is_decimal(receipt->fee), "a fee that is no decimal", receipt->fee);
	never_text(!is_decimal(receipt->target_amount), "an amount that is no decimal", receipt->target_amount);
	never_text(!is_decimal(receipt->fx_rate), "a rate that is no decimal", receipt->fx_rate);
	never_text(!is_decimal(receipt->returned_amount), "an amount that is no decimal", receipt->returned_amount);
	never_text(!is_decimal(receipt->amount), "an amount that is no decimal", receipt->amount);
	never(receipt->balance_count < 0 || receipt->balance_count > RECEIPT_BALANCES_MAX, "balances", "");
	for (int i = 0; i < receipt->balance_count; i++) {
		never_text(!is_decimal(receipt->balances[i].amount), "a balance", receipt->balances[i].amount);
		never_text(!is_decimal(receipt->balances[i].pending), "a balance", receipt->balances[i].pending);
	}
	for (size_t i = 0; i < receipt->fee_count; i++)
		never_text(!is_decimal(receipt->fees[i].amount) || !is_decimal(receipt->fees[i].fee), "a fee",
			receipt->fees[i].fee);
	for (size_t i = 0; i < receipt->listed_count; i++)
		never_text(!is_decimal(receipt->listed[i].amount), "an amount that is no decimal",
			receipt->listed[i].amount);
}

/* jansson's own reading is the second opinion: what it calls ill-formed is not taken. */
static void see_json(const json_t *root, struct text body)
{
	json_error_t error;
	json_t *plain = json_loadb(
		body.len > 0 ? body.ptr : "", body.len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);

	never(root != NULL && plain == NULL && json_error_code(&error) != json_error_numeric_overflow,
		"ill-formed, and taken", error.text);
	json_decref(plain);
}

static bool is_success(int status)
{
	return status >= 200 && status < 300;
}

static void see_receipt(
	const struct scene *scene, const struct http_answer *answer, const struct receipt *receipt, struct arena *arena)
{
	json_t *root = answer_parse(answer->body, arena);
	bool pays = scene->operation == OPERATION_CREATE;
	bool said = receipt->verdict == VERDICT_ACCEPTED || receipt->verdict == VERDICT_REFUSED ||
		    receipt->verdict == VERDICT_NOT_FOUND || receipt->verdict == VERDICT_MISMATCH;

	never_text(root == NULL && said && !(is_success(answer->status) && answer->body.len == 0),
		"noise that says something", answer->body);
	see_json(root, answer->body);
	json_decref(root);
	never(pays && receipt->verdict == VERDICT_ACCEPTED && receipt->state == PAYOUT_UNKNOWN, "accepted, and unknown",
		"");
	never_text(pays && receipt->verdict == VERDICT_ACCEPTED && !receipt_id_valid(receipt->provider_id),
		"accepted without an id", receipt->provider_id);
	never(pays && receipt->verdict == VERDICT_NOT_FOUND, "not found, where it was to be paid", "");
	never(receipt->code == NULL || receipt->reason_code == NULL, "no code", "");
	never(receipt->verdict == VERDICT_CHANNEL_STOP && receipt->code[0] == '\0', "a stop without a code", "");
	never_text(receipt->provider_id.len > 0 && !receipt_id_valid(receipt->provider_id), "an id that can't be kept",
		receipt->provider_id);
	see_text("a status that can't be shown", receipt->provider_status);
	see_text("a code that can't be shown", receipt->provider_code);
	see_text("a reason that can't be shown", receipt->reason);
	see_text("a trace that can't be shown", receipt->tracking_ref);
	see_secrets(scene, receipt->reason);
	see_amounts(receipt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text left = {(const char *)data, len};
	unsigned index = choose(&left) * 26;
	const struct scene *scene = scenes[(index + choose(&left)) % scene_count];
	int status = statuses[choose(&left) % (sizeof(statuses) / sizeof(statuses[0]))];
	struct http_answer answer = scene->answer;
	struct arena arena = {0};
	struct receipt receipt, again;

	answer.status = status != 0 ? status : answer.status;
	answer.body = left;
	scene->adapter->read(scene->operation, &scene->call, &answer, &arena, &receipt);
	see_receipt(scene, &answer, &receipt, &arena);
	scene->adapter->read(scene->operation, &scene->call, &answer, &arena, &again);
	never(again.verdict != receipt.verdict || again.state != receipt.state, "another receipt of the same answer",
		"");
	arena_release(&arena);
	return 0;
}
