#include "tests/circle_bench.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#define SUBSCRIPTIONS "/v1/notifications/subscriptions"
#define ENDPOINT "http://127.0.0.1:9/sns"

/* A string member of a JSON document, unescaped. */
static void member(const struct buf *body, const char *name, char *out, size_t size)
{
	struct document document = {0};
	struct text value;

	assert_true(document_parse(&document, buf_text(body)));
	value = document_string(json_object_get(document.root, name));
	snprintf(out, size, "%.*s", (int)value.len, value.ptr == NULL ? "" : value.ptr);
	document_release(&document);
}

static EVP_PKEY *public_key(struct bench *bench)
{
	const char *pem = bench_get(bench, "/sns/certificate.pem", "");
	BIO *memory = BIO_new_mem_buf(pem, -1);
	X509 *certificate = PEM_read_bio_X509(memory, NULL, NULL, NULL);
	EVP_PKEY *key;

	assert_non_null(certificate);
	key = X509_get_pubkey(certificate);
	X509_free(certificate);
	BIO_free(memory);
	return key;
}

/* providers/circle.md, A17: the fields and their order. */
static void signature_is_good(struct bench *bench, const struct buf *body, bool confirmation)
{
	static const char *const notice[] = {"Message", "MessageId", "Timestamp", "TopicArn", "Type"};
	static const char *const confirm[] = {
		"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
	unsigned char signature[512];
	EVP_PKEY *key = public_key(bench);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct buf text = {0};
	char value[8192];

	for (size_t i = 0; i < (confirmation ? 7 : 5); i++) {
		member(body, confirmation ? confirm[i] : notice[i], value, sizeof(value));
		buf_addf(&text, "%s\n%s\n", confirmation ? confirm[i] : notice[i], value);
	}
	member(body, "Signature", value, sizeof(value));
	assert_int_equal(strlen(value), 344);
	assert_int_equal(EVP_DecodeBlock(signature, (const unsigned char *)value, 344), 258);
	assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha1(), NULL, key), 1);
	assert_int_equal(EVP_DigestVerify(context, signature, 256, (const unsigned char *)text.data, text.len), 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	buf_release(&text);
}

/* The next parcel's body, or an empty one. */
static void next(struct bench *bench, struct buf *body, const char *header)
{
	struct parcel *parcel;

	buf_reset(body);
	courier_settle(&bench->sandbox);
	parcel = courier_take(&bench->sandbox.courier, sandbox_now_ms(&bench->sandbox));
	if (parcel == NULL)
		return;
	assert_string_equal(parcel->url, ENDPOINT);
	has(buf_str(&parcel->head), header);
	buf_addt(body, buf_text(&parcel->body));
	courier_done(&bench->sandbox, parcel, 200);
}

/* The next notification, good in itself, whose message has these parts. */
static void arrives(struct bench *bench, const char *part, const char *other)
{
	struct buf body = {0};
	char message[8192];

	next(bench, &body, "x-amz-sns-message-type: Notification\r\n");
	assert_true(body.len > 0);
	signature_is_good(bench, &body, false);
	member(&body, "Message", message, sizeof(message));
	has(message, "{\"clientId\":\"c60d2d5b-203c-45bb-9f6e-93641d40a599\",\"notificationType\":\"");
	has(message, part);
	has(message, other);
	has(buf_str(&body), "\"TopicArn\":\"arn:aws:sns:us-east-1:908968368384:sandbox_platform-notifications-topic\"");
	has(buf_str(&body), "\"MessageAttributes\":{\"clientId\":{\"Type\":\"String\"");
	buf_release(&body);
}

static void nothing_arrives(struct bench *bench)
{
	struct buf body = {0};

	next(bench, &body, "");
	if (body.len > 0)
		fail_msg("%s", buf_str(&body));
	buf_release(&body);
}

/* Takes the next confirmation and follows its SubscribeURL. */
static void confirms(struct bench *bench)
{
	struct buf body = {0};
	char url[256];
	char token[64];

	next(bench, &body, "x-amz-sns-message-type: SubscriptionConfirmation\r\n");
	assert_true(body.len > 0);
	signature_is_good(bench, &body, true);
	member(&body, "SubscribeURL", url, sizeof(url));
	member(&body, "Token", token, sizeof(token));
	has(url, "http://127.0.0.1:8400/circle/sns/confirm?Action=ConfirmSubscription&Token=");
	has(url, token);
	bench->bearer = NULL; /* it comes without the key */
	bench_argument(bench, "Token", token);
	has(bench_get(bench, "/sns/confirm", ""), "<SubscriptionArn>arn:aws:sns:us-");
	bench->bearer = "Bearer SANDBOX_CIRCLE_KEY";
	buf_release(&body);
}

static void subscribe(struct bench *bench)
{
	has(bench_send(bench, "POST", SUBSCRIPTIONS, "{\"endpoint\":\"" ENDPOINT "\"}"), "\"status\":\"pending\"");
	assert_int_equal(bench->status, 200);
}

static void a_subscription_is_confirmed_in_both_regions(void **state)
{
	struct bench *bench = *state;
	char id[40];

	bench_send(bench, "POST", SUBSCRIPTIONS, "{\"endpoint\":\"nowhere\"}");
	bench_refused(bench, 400, 2);
	bench_send(bench, "POST", SUBSCRIPTIONS, "{}");
	bench_refused(bench, 400, 2);
	subscribe(bench);
	memcpy(id, bench->id, sizeof(id));
	bench_send(bench, "DELETE", SUBSCRIPTIONS "/00000000-0000-4000-8000-000000000000", NULL);
	bench_refused(bench, 404, 404);
	confirms(bench);
	has(bench_get(bench, SUBSCRIPTIONS, ""), "\"status\":\"confirmed\"},{");
	has(buf_str(&bench->exchange.response.body), "us-west-2");
	has(buf_str(&bench->exchange.response.body), "\"status\":\"pending\"}]}]}");
	bench_argument(bench, "Token", "00000000-0000-4000-8000-000000000000");
	bench_get(bench, "/sns/confirm", "");
	bench_refused(bench, 404, 404);
	{
		char path[128];

		snprintf(path, sizeof(path), SUBSCRIPTIONS "/%s", id);
		bench_send(bench, "DELETE", path, NULL);
		bench_refused(bench, 400, 400);
		confirms(bench);
		bench_send(bench, "DELETE", path, NULL);
		assert_int_equal(bench->status, 200);
	}
	assert_string_equal(bench_get(bench, SUBSCRIPTIONS, ""), "{\"data\":[]}");
	nothing_arrives(bench);
}

static void there_are_three_subscriptions_at_most(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < 3; i++)
		subscribe(bench);
	bench_send(bench, "POST", SUBSCRIPTIONS, "{\"endpoint\":\"" ENDPOINT "\"}");
	bench_refused(bench, 429, 429);
}

static void what_changes_is_told_to_those_who_have_confirmed(void **state)
{
	struct bench *bench = *state;
	char wire[40];

	subscribe(bench);
	bench_wire(bench, true);
	snprintf(wire, sizeof(wire), "%s", bench->id);
	confirms(bench);
	/* What came before the confirmation is lost. */
	confirms(bench);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	arrives(bench, "\"notificationType\":\"wire\"", "\"status\":\"complete\"");
	nothing_arrives(bench);
	bench_post(bench, "/v1/addressBook/recipients",
		"\"chain\":\"ETH\",\"address\":\"0x52908400098527886E0F7030069857D2E4169EE7\",\"metadata\":{"
		"\"nickname\":\"n\"}");
	assert_int_equal(bench->status, 201);
	arrives(bench, "\"notificationType\":\"addressBookRecipients\"", "\"status\":\"pending\"");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	arrives(bench, "\"notificationType\":\"addressBookRecipients\"", "\"status\":\"active\"");
	nothing_arrives(bench);
	{
		char members[256];

		snprintf(members, sizeof(members),
			"\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},\"amount\":{\"amount\":\"6.21\","
			"\"currency\":"
			"\"USD\"},\"metadata\":{\"beneficiaryEmail\":\"a@example.com\"}",
			wire);
		bench_post(bench, "/v1/payouts", members);
		assert_int_equal(bench->status, 201);
	}
	arrives(bench, "\"notificationType\":\"payouts\"", "\"status\":\"pending\"");
	sandbox_advance(&bench->sandbox, SETTLE_MS * 3);
	arrives(bench, "\"status\":\"complete\"", "\"return\":null");
	arrives(bench, "\"status\":\"complete\"", "\"reason\":\"payout_returned\",\"status\":\"pending\"");
	arrives(bench, "\"notificationType\":\"returns\"", "\"return\":{\"id\":\"");
	arrives(bench, "\"status\":\"complete\"", "\"reason\":\"payout_returned\",\"status\":\"complete\"");
	arrives(bench, "\"notificationType\":\"returns\"", "\"status\":\"complete\"");
	nothing_arrives(bench);
}

static void a_reset_keeps_the_certificate_alone(void **state)
{
	struct bench *bench = *state;
	char before[4096];

	subscribe(bench);
	snprintf(before, sizeof(before), "%s", bench_get(bench, "/sns/certificate.pem", ""));
	sandbox_reset(&bench->sandbox);
	assert_string_equal(bench_get(bench, "/sns/certificate.pem", ""), before);
	assert_string_equal(bench_get(bench, SUBSCRIPTIONS, ""), "{\"data\":[]}");
	nothing_arrives(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_subscription_is_confirmed_in_both_regions, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(there_are_three_subscriptions_at_most, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			what_changes_is_told_to_those_who_have_confirmed, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_reset_keeps_the_certificate_alone, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
