/*
 * What holds for the form of an answer at every provider (PROTOCOL, section 4), shown on all recorded exchanges: each
 * law takes what was recorded and changes one thing. It knows no provider; where one differs by its documentation, it
 * says so. Words and contents: test_conformance_words.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "providers/answer.h"
#include "tests/support/laws.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- what is no answer ------------------------------------------------------------------------------------------ */

static void torn(void *context, struct scene *scene)
{
	struct law *law = context;
	struct text body = scene->answer.body;

	for (size_t len = 0; scene->answered && len < body.len; len++) {
		struct text part = {body.ptr, len};
		struct receipt receipt = law_read_body(law, scene, part);
		json_t *whole = answer_parse(part, &law->arena);

		if (whole == NULL && receipt.verdict != law_verdict_of_status(scene->operation, scene->answer.status))
			law_broken(scene, "torn", &receipt, part);
		law->shown += whole == NULL;
		json_decref(whole);
	}
}

static void an_answer_that_is_torn_at_any_byte_is_its_status_alone(void **state)
{
	(void)state;
	law_run(torn, 2000);
}

static const char *const foreign[] = {"", " ", "\n", "null", "true", "0", "\"x\"", "[]", "{}", "[{}]", "OK",
	"<html><body>502 Bad Gateway</body></html>", "<?xml version=\"1.0\"?><error/>", "\x1f\x8b\x08",
	"\xef\xbb\xbf{}", "{\"a\":1,\"a\":2}", "{\"status\":\"ok\"}", "{\"error\":\"no\"}", "{\"errors\":[]}",
	"{\"success\":true}", "{\"message\":\"Forbidden\"}", "{\"id\":null}", "{\"data\":null}", "{\"code\":null}",
	"{\"errorCode\":null}", "{\"ok\":null}", "{\"resource\":\"payout\"}", "{\"data\":{}}", "{\"ok\":true}",
	"{\"ok\":false}"};

static void bare_status(struct law *law, const struct scene *scene, enum operation operation, int status)
{
	for (size_t b = 0; b < COUNT(foreign); b++) {
		struct text body = text_of(foreign[b]);
		struct receipt receipt = law_read(law, scene, operation, status, body);

		if (receipt.verdict != law_verdict_of_status(operation, status) || receipt.reason.len == 0)
			law_broken(scene, operation_name(operation), &receipt, body);
		law->shown++;
	}
}

static void foreign_forms(void *context, struct scene *scene)
{
	static const int statuses[] = {100, 200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402,
		403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 415, 418, 422, 425, 429, 431, 451, 499, 500, 501, 502,
		503, 504, 507, 511, 520, 524, 599};

	for (int operation = 0; operation < OPERATION_COUNT; operation++)
		for (size_t s = 0; s < COUNT(statuses); s++)
			bare_status(context, scene, (enum operation)operation, statuses[s]);
}

static void no_form_of_the_provider_proves_no_more_than_its_status(void **state)
{
	(void)state;
	law_run_defaults(foreign_forms, 1000);
}

static void huge(void *context, struct scene *scene)
{
	static const char *const parts[] = {"[", "{\"data\":", "\"", "1", "{\"id\":\"1\",\"errors\":["};
	struct law *law = context;
	struct buf body = {0};

	for (size_t p = 0; p < COUNT(parts); p++) {
		buf_reset(&body);
		while (body.len < BOUND_ANSWER_BYTES - 64)
			buf_addz(&body, parts[p]);
		for (int status = 201; status <= 422; status += 221) {
			struct receipt receipt = law_read(law, scene, OPERATION_CREATE, status, buf_text(&body));

			assert_int_equal(receipt.verdict, VERDICT_UNKNOWN);
			law->shown++;
		}
	}
	buf_release(&body);
}

static void a_body_of_any_depth_and_length_is_read_or_refused(void **state)
{
	(void)state;
	law_run_defaults(huge, 10);
}

/* What one provider answers is no answer of another. */
static void foreign_answer(struct law *law, const struct scene *scene, const struct adapter *other)
{
	struct scene *own = scene_open(other, NULL);
	struct receipt receipt = law_read(law, own, OPERATION_CREATE, scene->answer.status, scene->answer.body);

	if (receipt.verdict == VERDICT_ACCEPTED || receipt.verdict == VERDICT_REFUSED ||
		receipt.verdict == VERDICT_NOT_EXECUTED || receipt.verdict == VERDICT_NO_FUNDS)
		law_broken(own, scene->path, &receipt, scene->answer.body);
	law->shown++;
	scene_close(own);
}

static void foreign_to(void *context, struct scene *scene)
{
	for (size_t i = 0; scene->answered && i < LAWS_ADAPTERS; i++)
		if (laws_adapters[i] != scene->adapter)
			foreign_answer(context, scene, laws_adapters[i]);
}

static void the_answers_of_one_provider_are_none_of_another(void **state)
{
	(void)state;
	law_run(foreign_to, 200);
}

/* --- the provider's own form under another status --------------------------------------------------------------- */

static void misplaced(void *context, struct scene *scene)
{
	struct law *law = context;
	static const int not_success[] = {100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409,
		410, 415, 422, 425, 429, 500, 502, 503, 504};
	static const int no_refusal[] = {200, 201, 204, 301, 302, 307, 408, 425, 500, 502, 503, 504};
	/* Calypso's own code decides, whatever the HTTP status is (calypso.md, 2.8). */
	bool code_decides = scene->adapter->provider == PROVIDER_CALYPSO;
	enum verdict verdict;

	if (!scene->answered)
		return;
	verdict = law_read_again(law, scene).verdict;
	for (size_t i = 0; verdict == VERDICT_ACCEPTED && i < COUNT(not_success); i++) {
		struct receipt receipt = law_read(law, scene, scene->operation, not_success[i], scene->answer.body);

		if (receipt.verdict != law_verdict_of_status(scene->operation, not_success[i]))
			law_broken(scene, "success under another status", &receipt, scene->answer.body);
		law->shown++;
	}
	for (size_t i = 0; !law_success(scene->answer.status) && !code_decides && i < COUNT(no_refusal); i++) {
		struct receipt receipt = law_read(law, scene, scene->operation, no_refusal[i], scene->answer.body);

		if (receipt.verdict != VERDICT_UNKNOWN)
			law_broken(scene, "refusal under a status that proves nothing", &receipt, scene->answer.body);
		law->shown++;
	}
}

static void success_and_refusal_need_their_status(void **state)
{
	(void)state;
	law_run(misplaced, 200);
}

/* A recorded acceptance of a create. */
static struct scene *accepted(const struct adapter *adapter)
{
	static const char *const names[] = {"create_accepted", "create_pending"};
	char path[512];

	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof(path), "%s/tests/exchanges/%s/%s.exchange", scene_source(), adapter->name,
			names[i]);
		if (access(path, R_OK) == 0)
			return scene_open(adapter, path);
	}
	fail_msg("%s: no acceptance", adapter->name);
	return NULL;
}

/* The members of the refusal, and then those of an acceptance. */
static void contradict(struct law *law, const struct scene *scene, const struct scene *success)
{
	struct text first = scene->answer.body, second = success->answer.body;
	const int statuses[] = {scene->answer.status, success->answer.status};
	struct buf body = {0};

	buf_add(&body, first.ptr, first.len - 1);
	buf_addc(&body, ',');
	buf_add(&body, second.ptr + 1, second.len - 1);
	for (size_t i = 0; i < COUNT(statuses); i++) {
		struct receipt receipt = law_read(law, success, OPERATION_CREATE, statuses[i], buf_text(&body));

		if (receipt.verdict != law_verdict_of_status(OPERATION_CREATE, statuses[i]) || receipt.key_known ||
			receipt.reason_code[0] != '\0')
			law_broken(success, scene->path, &receipt, buf_text(&body));
		law->shown++;
	}
	buf_release(&body);
}

static void contradicted(void *context, struct scene *scene)
{
	struct scene *success;

	if (!scene->answered || scene->operation != OPERATION_CREATE || law_success(scene->answer.status) ||
		law_read_again(context, scene).provider_code.len == 0)
		return;
	success = accepted(scene->adapter);
	contradict(context, scene, success);
	scene_close(success);
}

static void success_and_error_at_once_prove_nothing(void **state)
{
	(void)state;
	law_run(contradicted, 10);
}

/* What is said of a create is said of no question, and the other way round. */
static void asked_otherwise(void *context, struct scene *scene)
{
	struct law *law = context;
	for (int i = 0; scene->answered && i < OPERATION_COUNT; i++) {
		enum operation operation = (enum operation)i;
		struct receipt receipt;
		bool makes = operation == OPERATION_CREATE || operation == OPERATION_PREPARE;
		bool fine = true;

		if (!law_can(scene->adapter, operation))
			continue;
		receipt = law_read(law, scene, operation, scene->answer.status, scene->answer.body);
		if (receipt.verdict == VERDICT_REFUSED)
			fine = makes || operation == OPERATION_CANCEL;
		else if (receipt.verdict == VERDICT_NO_FUNDS || receipt.verdict == VERDICT_NOT_EXECUTED)
			fine = makes;
		else if (receipt.verdict == VERDICT_NOT_FOUND)
			fine = operation == OPERATION_LOOKUP && scene->adapter->looks_up;
		else if (receipt.verdict == VERDICT_SESSION_EXPIRED)
			fine = operation != OPERATION_SESSION && scene->adapter->has_session;
		else if (receipt.verdict == VERDICT_ACCEPTED)
			fine = receipt.state != PAYOUT_UNKNOWN && law_success(scene->answer.status);
		if (!fine || (receipt.session.len > 0) !=
				     (operation == OPERATION_SESSION && receipt.verdict == VERDICT_ACCEPTED))
			law_broken(scene, operation_name(operation), &receipt, scene->answer.body);
		law->shown++;
	}
}

static void an_answer_says_only_what_was_asked(void **state)
{
	(void)state;
	law_run(asked_otherwise, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_that_is_torn_at_any_byte_is_its_status_alone),
		cmocka_unit_test(no_form_of_the_provider_proves_no_more_than_its_status),
		cmocka_unit_test(a_body_of_any_depth_and_length_is_read_or_refused),
		cmocka_unit_test(the_answers_of_one_provider_are_none_of_another),
		cmocka_unit_test(success_and_refusal_need_their_status),
		cmocka_unit_test(success_and_error_at_once_prove_nothing),
		cmocka_unit_test(an_answer_says_only_what_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
