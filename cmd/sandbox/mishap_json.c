/* The JSON of /_/faults: what may be asked, said in one table each for kinds and members. */
#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/ledger.h"
#include "cmd/sandbox/mishap.h"

#define DELAY_MAX_MS 600000
#define RETRY_AFTER_MAX_S 86400
#define SKEW_MAX_MS (INT64_C(366) * 86400 * 1000)

/* Members beyond provider and kind. */
enum mishap_member {
	MEMBER_WHEN = 1,         /* nth or rate, one of them */
	MEMBER_COMMIT = 2,       /* after_commit */
	MEMBER_PATH = 4,         /* path */
	MEMBER_DELAY = 8,        /* delay_ms */
	MEMBER_RETRY_AFTER = 16, /* retry_after */
	MEMBER_SKEW = 32,        /* skew_ms */
	MEMBER_FIELD = 64,       /* field */
};
#define USUAL (MEMBER_WHEN | MEMBER_PATH)

static const struct kind_row {
	const char *name;
	unsigned members;
} kinds[MISHAP_KINDS] = {
	[MISHAP_NONE] = {"none", 0},
	[MISHAP_RESET] = {"reset", USUAL | MEMBER_COMMIT},
	[MISHAP_CLOSE] = {"close", USUAL | MEMBER_COMMIT},
	[MISHAP_TIMEOUT] = {"timeout", USUAL | MEMBER_COMMIT},
	[MISHAP_SLOW] = {"slow", USUAL | MEMBER_COMMIT | MEMBER_DELAY},
	[MISHAP_TRUNCATE] = {"truncate", USUAL | MEMBER_COMMIT},
	[MISHAP_GARBAGE] = {"garbage", USUAL | MEMBER_COMMIT},
	[MISHAP_429] = {"429", USUAL | MEMBER_RETRY_AFTER},
	[MISHAP_500] = {"500", USUAL | MEMBER_COMMIT},
	[MISHAP_502] = {"502", USUAL | MEMBER_COMMIT},
	[MISHAP_503] = {"503", USUAL | MEMBER_COMMIT},
	[MISHAP_401] = {"401", USUAL},
	[MISHAP_EXPIRE_SESSION] = {"expire_session", USUAL},
	[MISHAP_REDIRECT] = {"redirect", USUAL},
	[MISHAP_CLOSE_AFTER] = {"close_after", USUAL | MEMBER_COMMIT},
	[MISHAP_WRONG] = {"wrong", USUAL | MEMBER_COMMIT | MEMBER_FIELD},
	[MISHAP_DATE] = {"date", MEMBER_SKEW},
	[MISHAP_DUPLICATE_WEBHOOK] = {"duplicate_webhook", USUAL},
	[MISHAP_OUT_OF_ORDER_WEBHOOK] = {"out_of_order_webhook", USUAL},
};

static const struct member_row {
	const char *name;
	unsigned member; /* 0: every kind has it */
} members[] = {
	{"provider", 0},
	{"kind", 0},
	{"nth", MEMBER_WHEN},
	{"rate", MEMBER_WHEN},
	{"after_commit", MEMBER_COMMIT},
	{"path", MEMBER_PATH},
	{"delay_ms", MEMBER_DELAY},
	{"retry_after", MEMBER_RETRY_AFTER},
	{"skew_ms", MEMBER_SKEW},
	{"field", MEMBER_FIELD},
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

const char *mishap_name(enum mishap_kind kind)
{
	return kinds[kind].name;
}

static bool wrong(struct buf *error, const char *message)
{
	buf_addz(error, message);
	return false;
}

/* 429 is as good as "429". */
static bool kind_parse(const struct document *document, struct mishap *mishap, struct buf *error)
{
	const json_t *value = json_object_get(document->root, "kind");
	struct text number = document_number(document, value);
	struct text name = number.len > 0 ? number : document_string(value);
	unsigned kind;

	for (kind = 0; kind < MISHAP_KINDS; kind++) {
		if (text_is(name, kinds[kind].name)) {
			mishap->kind = (enum mishap_kind)kind;
			return true;
		}
	}
	buf_addz(error, "kind must be one of:");
	for (kind = 0; kind < MISHAP_KINDS; kind++)
		buf_addf(error, "%s %s", kind > 0 ? "," : "", kinds[kind].name);
	return false;
}

/* What such a kind never does is no wish: "after_commit": false. */
static bool is_idle(const struct member_row *row, const json_t *value)
{
	return row->member == MEMBER_COMMIT && json_is_false(value);
}

/* Every member of the document is known and fits the kind. */
static bool members_check(json_t *root, enum mishap_kind kind, struct buf *error)
{
	void *at;
	size_t i;

	for (at = json_object_iter(root); at != NULL; at = json_object_iter_next(root, at)) {
		const char *key = json_object_iter_key(at);

		for (i = 0; i < MEMBERS && strcmp(members[i].name, key) != 0; i++)
			;
		if (i < MEMBERS && (members[i].member == 0 || (kinds[kind].members & members[i].member) != 0 ||
					   is_idle(&members[i], json_object_iter_value(at))))
			continue;
		buf_addf(error, "kind %s has no member %.60s; it takes: provider, kind", kinds[kind].name, key);
		for (i = 2; i < MEMBERS; i++)
			if ((kinds[kind].members & members[i].member) != 0)
				buf_addf(error, ", %s", members[i].name);
		return false;
	}
	return true;
}

static bool when_parse(const struct document *document, struct mishap *mishap, struct buf *error)
{
	const json_t *nth = json_object_get(document->root, "nth");
	const json_t *rate = json_object_get(document->root, "rate");
	struct decimal share;

	if ((nth == NULL) == (rate == NULL))
		return wrong(error, "give either nth (1 is the next matching request) or rate (0 to 1)");
	if (nth != NULL) {
		if (!document_whole(document, nth, INT64_MAX, &mishap->countdown) || mishap->countdown == 0)
			return wrong(error, "nth must be a whole number from 1");
		return true;
	}
	if (!decimal_parse(document_number(document, rate), &share) ||
		decimal_compare(share, (struct decimal){1, 0}) > 0)
		return wrong(error, "rate must be a number from 0 to 1");
	mishap->rate_atto = share.whole == 1 ? DECIMAL_ONE : share.atto;
	return true;
}

static bool path_parse(const json_t *value, struct mishap *mishap, struct buf *error)
{
	struct text path = document_string(value);

	if (value == NULL)
		return true;
	if (path.len == 0 || path.len >= sizeof(mishap->path))
		return wrong(error, "path must be the end of a path, such as \"/payout/create\"");
	memcpy(mishap->path, path.ptr, path.len);
	return true;
}

static bool commit_parse(const json_t *value, struct mishap *mishap, struct buf *error)
{
	if (value != NULL && !json_is_boolean(value))
		return wrong(error, "after_commit must be true or false");
	/* The request that finds its connection dying is by default one that was executed. */
	mishap->after_commit = value == NULL ? mishap->kind == MISHAP_CLOSE_AFTER : json_is_true(value);
	return true;
}

static bool whole_parse(
	const struct document *document, const char *name, int64_t max, int64_t *value, struct buf *error)
{
	const json_t *member = json_object_get(document->root, name);

	if (member == NULL || document_whole(document, member, max, value))
		return true;
	buf_addf(error, "%s must be a whole number from 0 to %lld", name, (long long)max);
	return false;
}

static bool skew_parse(const struct document *document, struct mishap *mishap, struct buf *error)
{
	struct text token = document_number(document, json_object_get(document->root, "skew_ms"));
	bool behind = token.len > 0 && token.ptr[0] == '-';

	if (behind)
		token = (struct text){token.ptr + 1, token.len - 1};
	if (!text_number(token, SKEW_MAX_MS, &mishap->skew_ms))
		return wrong(error, "skew_ms must be a whole number of at most a year; negative is behind");
	if (behind)
		mishap->skew_ms = -mishap->skew_ms;
	return true;
}

static bool field_parse(const json_t *value, struct mishap *mishap, struct buf *error)
{
	struct text field = value == NULL ? text_of("all") : document_string(value);

	if (!payout_field_known(field))
		return wrong(error, "field must be one of: all, id, key, reference, amount, currency, destination");
	memcpy(mishap->field, field.ptr, field.len);
	return true;
}

bool mishap_parse(const struct document *document, struct mishap *mishap, struct buf *error)
{
	const struct provider *provider = provider_named(document_string(json_object_get(document->root, "provider")));
	unsigned has;

	*mishap = (struct mishap){.delay_ms = 2000, .retry_after_s = 1};
	if (provider == NULL) {
		buf_addf(error, "provider must be one of: %s", provider_names());
		return false;
	}
	mishap->provider = provider->id;
	if (!kind_parse(document, mishap, error))
		return false;
	if ((mishap->kind == MISHAP_DUPLICATE_WEBHOOK || mishap->kind == MISHAP_OUT_OF_ORDER_WEBHOOK) &&
		provider->announce == NULL) {
		buf_addf(error, "%s sends no webhooks here", provider->name);
		return false;
	}
	if (mishap->kind == MISHAP_EXPIRE_SESSION && provider->expire == NULL) {
		buf_addf(error, "%s has no sessions", provider->name);
		return false;
	}
	if (!members_check(document->root, mishap->kind, error))
		return false;
	has = kinds[mishap->kind].members;
	if ((has & MEMBER_WHEN) != 0 && !when_parse(document, mishap, error))
		return false;
	if ((has & MEMBER_SKEW) != 0 && !skew_parse(document, mishap, error))
		return false;
	return path_parse(json_object_get(document->root, "path"), mishap, error) &&
	       commit_parse(json_object_get(document->root, "after_commit"), mishap, error) &&
	       whole_parse(document, "delay_ms", DELAY_MAX_MS, &mishap->delay_ms, error) &&
	       whole_parse(document, "retry_after", RETRY_AFTER_MAX_S, &mishap->retry_after_s, error) &&
	       field_parse(json_object_get(document->root, "field"), mishap, error);
}

static void mishap_write(struct buf *buf, const struct mishap *mishap)
{
	unsigned has = kinds[mishap->kind].members;

	buf_addf(buf, "{\"provider\":\"%s\",\"kind\":\"%s\"", providers[mishap->provider]->name,
		mishap_name(mishap->kind));
	if (mishap->countdown > 0)
		buf_addf(buf, ",\"nth\":%lld", (long long)mishap->countdown);
	else if ((has & MEMBER_WHEN) != 0) {
		buf_addz(buf, ",\"rate\":");
		decimal_write(buf, (struct decimal){mishap->rate_atto / DECIMAL_ONE, mishap->rate_atto % DECIMAL_ONE});
	}
	if (mishap->path[0] != '\0') {
		buf_addz(buf, ",\"path\":");
		buf_add_json(buf, text_of(mishap->path));
	}
	if ((has & MEMBER_COMMIT) != 0)
		buf_addf(buf, ",\"after_commit\":%s", mishap->after_commit ? "true" : "false");
	if ((has & MEMBER_DELAY) != 0)
		buf_addf(buf, ",\"delay_ms\":%lld", (long long)mishap->delay_ms);
	if ((has & MEMBER_RETRY_AFTER) != 0)
		buf_addf(buf, ",\"retry_after\":%lld", (long long)mishap->retry_after_s);
	if ((has & MEMBER_SKEW) != 0)
		buf_addf(buf, ",\"skew_ms\":%lld", (long long)mishap->skew_ms);
	if ((has & MEMBER_FIELD) != 0)
		buf_addf(buf, ",\"field\":\"%s\"", mishap->field);
	buf_addc(buf, '}');
}

void mishaps_write(struct buf *buf, const struct mishaps *mishaps)
{
	size_t i;

	buf_addz(buf, "{\"faults\":[");
	for (i = 0; i < mishaps->count; i++) {
		if (i > 0)
			buf_addc(buf, ',');
		mishap_write(buf, &mishaps->list[i]);
	}
	buf_addz(buf, "]}\n");
}
