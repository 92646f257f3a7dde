#include "tests/calypso_bench.h"

#define PATH "/calypso/api/v1/subscription/webhook"
#define ID "7f3c4d2a-8b1e-4f6a-9c2d-1a5b8e3f7d4c"
#define SUBSCRIBE(id, types)                                                                                           \
	"{\"requestId\":\"" id "\",\"notificationEventTypes\":[" types "],\"notificationServiceTypes\":[\"PAYOUT\"],"  \
	"\"url\":\"http://127.0.0.1:9/h\"}"
#define CHANGES "\"PAYOUT_CHANGE_STATUS\""

/* Copies the text of a member out of the last answer. */
static void member(struct bench *bench, const char *name, char *out, size_t size)
{
	const char *at = strstr(buf_str(&bench->exchange.response.body), name);

	assert_non_null(at);
	at += strlen(name) + 3;
	snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

/* The next parcel has these parts, and is signed with the subscription's own secret. */
static void arrives(struct bench *bench, const char *secret, const char *part, const char *other)
{
	EVP_MAC_CTX *mac = calypso_mac_new(secret);
	char sign[CALYPSO_SIGN_HEX + 1];
	struct parcel *parcel;

	courier_settle(&bench->sandbox);
	parcel = courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox));
	assert_non_null(parcel);
	assert_string_equal(parcel->url, "http://127.0.0.1:9/h");
	has(buf_str(&parcel->body), part);
	has(buf_str(&parcel->body), other);
	calypso_sign(mac, buf_text(&parcel->body), sign);
	has(buf_str(&parcel->head), sign);
	courier_done(&bench->sandbox, parcel, 200);
	EVP_MAC_CTX_free(mac);
}

static void nothing_arrives(struct bench *bench)
{
	courier_settle(&bench->sandbox);
	assert_null(courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox)));
}

static void a_subscription_is_made_listed_and_deleted(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"{\"requestId\":\"1\",\"notificationEventTypes\":[\"A\"],\"notificationServiceTypes\":[\"PAYOUT\"],"
		"\"url\":"
		"\"http://a/\"}",
		"{\"requestId\":\"" ID
		"\",\"notificationEventTypes\":[],\"notificationServiceTypes\":[\"PAYOUT\"],\"url\":"
		"\"http://a/\"}",
		"{\"requestId\":\"" ID "\",\"notificationEventTypes\":[\"A\"],\"url\":\"http://a/\"}",
		"{\"requestId\":\"" ID
		"\",\"notificationEventTypes\":[\"A\"],\"notificationServiceTypes\":[\"PAYOUT\"],\"url\":\"a\"}",
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		has(call(bench, PATH "/create", wrong[i]), "\"errorCode\":\"001\"");
	has(call(bench, PATH, "{}"), "{\"subscriptions\":[]}");
	has(call(bench, PATH "/create", SUBSCRIBE(ID, CHANGES)),
		"{\"requestId\":\"" ID "\",\"notificationEventTypes\":[" CHANGES
		"],\"url\":\"http://127.0.0.1:9/h\",\"publicKey\":\"");
	assert_int_equal(bench->exchange.response.status, 200);
	has(call(bench, PATH "/create", SUBSCRIBE(ID, CHANGES)), "\"errorCode\":\"001\"");
	has(call(bench, PATH, "{}"), "{\"subscriptions\":[{\"requestId\":\"" ID "\",");
	bench->method = "DELETE";
	call(bench, PATH, "{\"requestId\":\"" ID "\"}");
	assert_int_equal(bench->exchange.response.status, 204);
	bench->method = "DELETE";
	has(call(bench, PATH, "{\"requestId\":\"" ID "\"}"), "\"errorCode\":\"004\"");
	has(call(bench, PATH, "{}"), "{\"subscriptions\":[]}");
	bench->method = "GET";
	call(bench, PATH, "{}");
	assert_int_equal(bench->exchange.response.status, 405);
	assert_string_equal(bench->exchange.response.headers[0].value, "POST, DELETE");
}

static void every_change_of_a_payout_is_told_and_signed(void **state)
{
	struct bench *bench = *state;
	char secret[64];
	char part[128];

	create(bench, "1.00", "123e4567-e89b-42d3-a456-000000000001");
	call(bench, PATH "/create", SUBSCRIBE(ID, CHANGES));
	member(bench, "secretKey", secret, sizeof(secret));
	create(bench, "12.50", KEY1);
	snprintf(part, sizeof(part), "{\"type\":\"PAYOUT_CHANGE_STATUS\",\"parentExternalId\":%s,\"createdDate\":\"",
		bench->sandbox.ledger.payouts[1]->id.ptr);
	arrives(bench, secret, part,
		"\"currency\":\"USDT_TRX\",\"idempotencyKey\":\"" KEY1 "\",\"payoutStatus\":\"CREATED\",\"externalId\":"
		"\"row-1\",\"hash\":null}");
	nothing_arrives(bench);
	sandbox_advance(&bench->sandbox, SETTLE_MS * 2);
	arrives(bench, secret, "\"payoutStatus\":\"IN_PROGRESS\"", "\"hash\":\"");
	arrives(bench, secret, "\"payoutStatus\":\"COMPLETED\"", part);
	nothing_arrives(bench);
	create(bench, "12.92", KEY2);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	arrives(bench, secret, "\"payoutStatus\":\"CREATED\"", KEY2);
	arrives(bench, secret, "\"payoutStatus\":\"PENDING_CONFIRMATION\"", KEY2);
	arrives(bench, secret, "\"payoutStatus\":\"CANCELED\"", KEY2);
	nothing_arrives(bench);
}

static void a_payout_without_funds_tells_its_validation_error(void **state)
{
	struct bench *bench = *state;
	char secret[64];

	balance_set(&bench->sandbox.balances, PROVIDER_CALYPSO, TEXT("USDT_TRX"), (struct decimal){1, 0});
	call(bench, PATH "/create", SUBSCRIBE(ID, CHANGES ",\"PAYOUT_VALIDATION_ERROR\""));
	member(bench, "secretKey", secret, sizeof(secret));
	create(bench, "2", KEY1);
	arrives(bench, secret, "\"payoutStatus\":\"CREATED\"", KEY1);
	arrives(bench, secret, "{\"type\":\"PAYOUT_VALIDATION_ERROR\"", "\"validationStatus\":\"NOT_ENOUGH_FUNDS\"}");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	arrives(bench, secret, "\"payoutStatus\":\"FAILED\"", KEY1);
	nothing_arrives(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_subscription_is_made_listed_and_deleted, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(every_change_of_a_payout_is_told_and_signed, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			a_payout_without_funds_tells_its_validation_error, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
