#include <openssl/evp.h>

#include "tests/sandbox_mollie_bench.h"

#define HOOK(types) "{\"name\":\"books\",\"url\":\"http://127.0.0.1:9/h\",\"eventTypes\":" types ",\"testmode\":true}"

/* Copies the text of a member out of the last answer. */
static void member(struct bench *bench, const char *name, char *out, size_t size)
{
	const char *at = strstr(buf_str(&bench->exchange.response.body), name);

	assert_non_null(at);
	at += strlen(name) + 3;
	snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

static void subscribe(struct bench *bench, const char *types, char id[40], char secret[40])
{
	char body[512];

	snprintf(body, sizeof(body), HOOK("%s"), types);
	bench->bearer = TOKEN;
	bench_send(bench, "POST", "/webhooks", body);
	assert_int_equal(bench->status, 201);
	member(bench, "\"id", id, 40);
	member(bench, "webhookSecret", secret, 40);
	bench->bearer = API_KEY;
}

/* The next parcel's body into `body`; its signature must be good for the secret. */
static void arrives(struct bench *bench, const char *secret, struct buf *body, const char *part)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	struct parcel *parcel;
	struct buf header = {0};
	size_t len = 0;

	courier_settle(&bench->sandbox);
	parcel = courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox));
	assert_non_null(parcel);
	assert_string_equal(parcel->url, "http://127.0.0.1:9/h");
	buf_reset(body);
	buf_addt(body, buf_text(&parcel->body));
	has(buf_str(body), part);
	assert_non_null(EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, secret, strlen(secret),
		(const unsigned char *)body->data, body->len, mac, sizeof(mac), &len));
	buf_addz(&header, "\r\nX-Mollie-Signature: sha256=");
	buf_add_hex(&header, mac, len);
	buf_addz(&header, "\r\n");
	has(buf_str(&parcel->head), buf_str(&header));
	has(buf_str(&parcel->head), "Content-Type: application/json\r\n");
	buf_release(&header);
	courier_done(&bench->sandbox, parcel, 200);
}

static void nothing_arrives(struct bench *bench)
{
	courier_settle(&bench->sandbox);
	assert_null(courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox)));
}

static void webhooks_are_made_read_changed_and_deleted(void **state)
{
	struct bench *bench = *state;
	char secret[40];
	char path[96];
	char id[40];

	subscribe(bench, "[\"payout.completed\",\"payout.failed\"]", id, secret);
	bench->bearer = TOKEN;
	bench_argument(bench, "testmode", "true");
	has(bench_get(bench, "/webhooks", id),
		"\"url\":\"http://127.0.0.1:9/"
		"h\",\"profileId\":null,\"createdAt\":\"2027-01-15T08:00:00+00:00\",\"name\":"
		"\"books\",\"eventTypes\":[\"payout.completed\",\"payout.failed\"],\"status\":\"enabled\",\"mode\":"
		"\"test\",");
	has_not(buf_str(&bench->exchange.response.body), "webhookSecret");
	bench_argument(bench, "testmode", "true");
	has(bench_get(bench, "/webhooks", ""), "{\"count\":1,\"_embedded\":{\"webhooks\":[{\"resource\":\"webhook\",");
	has(bench_get(bench, "/webhooks", ""), "{\"count\":0,");
	bench_get(bench, "/webhooks", id);
	refused(bench, 404, "Not Found", NULL);
	snprintf(path, sizeof(path), "/webhooks/%s", id);
	has(bench_send(bench, "PATCH", path, "{\"name\":\"others\",\"eventTypes\":\"*\",\"testmode\":true}"),
		"\"name\":\"others\",\"eventTypes\":[\"*\"]");
	bench_send(bench, "PATCH", path, "{\"url\":\"gopher://x\",\"testmode\":true}");
	unprocessable(bench, "url");
	bench_send(bench, "DELETE", path, "{\"testmode\":true}");
	assert_int_equal(bench->status, 204);
	assert_int_equal(bench->exchange.response.body.len, 0);
	bench_argument(bench, "testmode", "true");
	bench_send(bench, "DELETE", path, NULL);
	refused(bench, 404, "Not Found", NULL);
	bench->bearer = API_KEY;
	bench_get(bench, "/webhooks", "");
	refused(bench, 403, "Forbidden", NULL);
}

static void webhooks_that_do_not_fit_name_their_field(void **state)
{
	static const struct {
		const char *body;
		const char *field;
	} cases[] = {
		{"{\"url\":\"http://a/\",\"eventTypes\":\"*\",\"testmode\":true}", "name"},
		{"{\"name\":\"a\",\"eventTypes\":\"*\",\"testmode\":true}", "url"},
		{"{\"name\":\"a\",\"url\":\"http://a b/\",\"eventTypes\":\"*\",\"testmode\":true}", "url"},
		{"{\"name\":\"a\",\"url\":\"http://a/\\r\\n\",\"eventTypes\":\"*\",\"testmode\":true}", "url"},
		{"{\"name\":\"a\",\"url\":\"http://a/\",\"eventTypes\":\"*\"}", "url"},
		{"{\"name\":\"a\",\"url\":\"http://a/\",\"testmode\":true}", "eventTypes"},
		{"{\"name\":\"a\",\"url\":\"http://a/\",\"eventTypes\":[],\"testmode\":true}", "eventTypes"},
		{"{\"name\":\"a\",\"url\":\"http://a/\",\"eventTypes\":\"payout\",\"testmode\":true}", "eventTypes"},
		{"{\"name\":\"a\",\"url\":\"http://a/\",\"eventTypes\":[7],\"testmode\":true}", "eventTypes"},
	};
	struct bench *bench = *state;
	char secret[40];
	char id[40];

	bench->bearer = TOKEN;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_send(bench, "POST", "/webhooks", cases[i].body);
		unprocessable(bench, cases[i].field);
	}
	subscribe(bench, "\"*\"", id, secret);
	subscribe(bench, "\"*\"", id, secret);
	bench->bearer = TOKEN;
	bench_send(bench, "POST", "/webhooks", HOOK("\"*\""));
	unprocessable(bench, NULL);
	has(bench_send(bench, "POST", "/webhooks", "{\"name\":\"a\",\"url\":\"https://a/\",\"eventTypes\":\"*\"}"),
		"\"mode\":\"live\"");
}

static void every_change_of_a_payout_is_told_once_and_signed(void **state)
{
	struct bench *bench = *state;
	struct buf body = {0};
	char secret[40];
	char id[40];
	char part[128];
	char event[40];

	bench_pay(bench, "bal_before", "10.00", NULL);
	subscribe(bench, "\"*\"", id, secret);
	bench_pay(bench, "bal_x", "14.00", "Rent");
	nothing_arrives(bench);
	sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
	snprintf(part, sizeof(part),
		"\"type\":\"payout.initiated\",\"entityId\":\"%s\",\"createdAt\":\"2027-01-15T08:00:50", bench->id);
	arrives(bench, secret, &body, part);
	has(buf_str(&body), "\"_embedded\":{\"entity\":{\"resource\":\"payout\",\"id\":\"payout_");
	has(buf_str(&body), "\"status\":\"initiated\"");
	has(buf_str(&body), "\"_links\":{\"self\":{\"href\":\"http://127.0.0.1:8400/mollie/v2/events/event_");
	nothing_arrives(bench);
	/* All that has come meanwhile, in its order. */
	sandbox_advance(&bench->sandbox, SETTLE_MS * 2);
	arrives(bench, secret, &body, "\"type\":\"payout.processing-at-bank\"");
	arrives(bench, secret, &body, "\"type\":\"payout.completed\"");
	has(buf_str(&body), "\"status\":\"completed\"");
	arrives(bench, secret, &body, "\"type\":\"payout.failed\"");
	has(buf_str(&body), "\"statusReason\":{\"code\":\"returned\"");
	nothing_arrives(bench);
	/* An event can be read again as it was. */
	snprintf(event, sizeof(event), "%.28s", strstr(buf_str(&body), "event_"));
	bench->bearer = TOKEN;
	bench_argument(bench, "testmode", "true");
	assert_string_equal(bench_get(bench, "/events", event), buf_str(&body));
	bench_get(bench, "/events", event);
	refused(bench, 404, "Not Found", NULL);
	bench->bearer = API_KEY;
	bench_get(bench, "/events", event);
	refused(bench, 403, "Forbidden", NULL);
	buf_release(&body);
}

static void a_canceled_payout_tells_that_alone(void **state)
{
	struct bench *bench = *state;
	struct buf body = {0};
	char secret[40];
	char id[40];

	subscribe(bench, "[\"payout.canceled\",\"payout.completed\"]", id, secret);
	bench_pay(bench, "bal_x", "10.00", NULL);
	bench_cancel(bench, bench->id);
	sandbox_advance(&bench->sandbox, SETTLE_MS * 2);
	arrives(bench, secret, &body, "\"type\":\"payout.canceled\"");
	has(buf_str(&body), "\"status\":\"canceled\"");
	nothing_arrives(bench);
	/* Only the types that were asked for, and only in their mode. */
	bench_pay(bench, "bal_x", "10.00", NULL);
	bench->bearer = "Bearer live_sandbox_mollie";
	bench_pay(bench, "bal_y", "10.00", NULL);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	arrives(bench, secret, &body, "\"type\":\"payout.completed\"");
	nothing_arrives(bench);
	buf_release(&body);
}

static void a_ping_sends_a_test(void **state)
{
	struct bench *bench = *state;
	struct buf body = {0};
	char secret[40];
	char path[96];
	char id[40];

	subscribe(bench, "\"*\"", id, secret);
	snprintf(path, sizeof(path), "/webhooks/%s/ping", id);
	bench->bearer = TOKEN;
	bench_send(bench, "POST", path, "{\"testmode\":true}");
	assert_int_equal(bench->status, 202);
	snprintf(path, sizeof(path), "\"type\":\"hook.ping\",\"entityId\":\"%s\"", id);
	arrives(bench, secret, &body, path);
	nothing_arrives(bench);
	bench_send(bench, "POST", "/webhooks/hook_nothing/ping", NULL);
	refused(bench, 404, "Not Found", NULL);
	buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(webhooks_are_made_read_changed_and_deleted, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(webhooks_that_do_not_fit_name_their_field, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			every_change_of_a_payout_is_told_once_and_signed, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_canceled_payout_tells_that_alone, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_ping_sends_a_test, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
