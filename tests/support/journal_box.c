#include "tests/support/journal_box.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "values/money.h"

static struct moment read_clock(const struct clock *clock)
{
	return *(const struct moment *)clock->context;
}

static void ok(struct journal_box *box, bool done)
{
	if (!done)
		print_error("%s: %s\n", box->fault.code, box->fault.message);
	assert_true(done);
}

static void bind_channel(struct journal_box *box)
{
	struct journal_channel channel = {.name = "main",
		.provider = "calypso",
		.mode = "",
		.host = "127.0.0.1",
		.sandbox = true,
		.identity = "0xaa"};

	ok(box, journal_begin(box->journal, &box->fault));
	ok(box, journal_channel_bind(box->journal, &channel, &box->fault));
	ok(box, journal_commit(box->journal, &box->fault));
	box->channel = channel.id;
}

void box_open(struct journal_box *box)
{
	const char *temporary = getenv("TMPDIR");
	char heads[560];

	memset(box, 0, sizeof(*box));
	snprintf(box->folder, sizeof(box->folder), "%s/payrun-test-XXXXXX", temporary != NULL ? temporary : "/tmp");
	assert_non_null(mkdtemp(box->folder));
	snprintf(box->path, sizeof(box->path), "%s/payrun.db", box->folder);
	snprintf(heads, sizeof(heads), "%s/heads", box->folder);
	snprintf(box->head, sizeof(box->head), "%s/heads/head", box->folder);
	box->now = (struct moment){.utc_ms = INT64_C(1795000000000), .mono_ms = 1000, .boot_ms = 5000};
	box->clock = (struct clock){.read = read_clock, .context = &box->now};
	snprintf(box->clock.boot_id, sizeof(box->clock.boot_id), "boot-one");
	snprintf(box->who.user, sizeof(box->who.user), "anna");
	snprintf(box->who.host, sizeof(box->who.host), "desk");
	snprintf(box->who.program, sizeof(box->who.program), "payrun test");
	box->options = (struct journal_options){.path = box->path,
		.namespace_text = "acme",
		.head_file = box->head,
		.clock = &box->clock,
		.who = &box->who};
	ok(box, journal_create(&box->options, &box->fault));
	box->journal = journal_open(&box->options, &box->fault);
	ok(box, box->journal != NULL);
	bind_channel(box);
}

void box_close(struct journal_box *box)
{
	char command[700];

	journal_close(box->journal);
	box->journal = NULL;
	arena_release(&box->arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", box->folder);
	assert_int_equal(system(command), 0);
}

void box_reopen(struct journal_box *box)
{
	journal_close(box->journal);
	box->journal = journal_open(&box->options, &box->fault);
	ok(box, box->journal != NULL);
}

static void add_field(struct buf *buf, const char *text)
{
	size_t len = strlen(text);
	unsigned char prefix[4] = {0, 0, (unsigned char)(len >> 8), (unsigned char)len};

	buf_add(buf, prefix, 4);
	buf_addz(buf, text);
}

/* Digests that differ as soon as their texts do. */
static void spread(const char *text, uint8_t digest[8])
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	for (int i = 0; i < 8; i++)
		digest[i] = (uint8_t)(hash >> (56 - 8 * i));
}

struct journal_payout box_row(struct journal_box *box, int64_t row, const char *reference)
{
	static struct buf contents[2];
	static char references[2][300], wallets[2][320], names[2][320];
	static unsigned turn;
	struct sha256 *sha = sha256_new();
	struct buf *content = &contents[++turn % 2];
	struct journal_payout payout = {.row = row, .line = row, .channel = box->channel, .state = PAYOUT_READY};

	snprintf(references[turn % 2], sizeof(references[0]), "%s", reference);
	snprintf(wallets[turn % 2], sizeof(wallets[0]), "T%s", reference);
	snprintf(names[turn % 2], sizeof(names[0]), "Mr %s", reference);
	buf_reset(content);
	add_field(content, "amount");
	add_field(content, "1250");
	add_field(content, "beneficiary_name");
	add_field(content, names[turn % 2]);
	add_field(content, "currency");
	add_field(content, "USDT_TRX");
	add_field(content, "wallet_address");
	add_field(content, wallets[turn % 2]);
	payout.reference = text_of(references[turn % 2]);
	payout.beneficiary_name = text_of(names[turn % 2]);
	payout.destination = text_of(wallets[turn % 2]);
	payout.currency = TEXT("USDT_TRX");
	payout.decimals = 2;
	payout.amount_minor = 1250;
	payout.content = buf_text(content);
	content_digest(sha, payout.content, payout.content_digest);
	payout.key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, payout.reference, 1);
	spread(wallets[turn % 2], payout.likeness);
	spread(references[turn % 2], payout.lookalike);
	sha256_free(sha);
	return payout;
}

struct journal_batch box_begin_batch(struct journal_box *box, const char *name)
{
	struct journal_batch batch = {.file = TEXT("payouts.csv"), .format = TEXT("csv"), .size = 1000};
	bool taken = false;

	snprintf(batch.name, sizeof(batch.name), "%s", name);
	spread(name, batch.sha256);
	ok(box, journal_begin(box->journal, &box->fault));
	ok(box, journal_batch_add(box->journal, &batch, &taken, &box->fault));
	assert_false(taken);
	return batch;
}

struct journal_batch box_receive(struct journal_box *box, const char *name, const char *prefix, int64_t count)
{
	struct journal_batch batch = box_begin_batch(box, name);
	char reference[200];

	for (int64_t i = 1; i <= count; i++) {
		struct journal_payout payout;

		snprintf(reference, sizeof(reference), "%s-%lld", prefix, (long long)i);
		payout = box_row(box, i + 1, reference);
		ok(box, journal_payout_add(box->journal, &payout, &box->fault));
	}
	ok(box, journal_batch_seal(box->journal, &batch, &box->fault));
	ok(box, journal_commit(box->journal, &box->fault));
	return batch;
}

int64_t box_payout(struct journal_box *box, const char *reference)
{
	enum journal_find found;
	int64_t payout = 0;

	ok(box, journal_payout_find(box->journal, text_of(reference), &payout, &found, &box->fault));
	assert_int_equal(found, JOURNAL_FIND_ONE);
	return payout;
}

struct attempt box_attempt(struct journal_box *box, int64_t payout)
{
	struct attempt attempt;
	bool found = false;

	ok(box, journal_attempt_of(box->journal, payout, &box->arena, &attempt, &found, &box->fault));
	assert_true(found);
	return attempt;
}

enum move_result box_move(struct journal_box *box, const struct attempt *before, struct attempt *after)
{
	enum move_result result = MOVE_LOST;

	ok(box, journal_begin(box->journal, &box->fault));
	ok(box, journal_move(box->journal, before, after, TEXT(""), &result, &box->fault));
	ok(box, journal_commit(box->journal, &box->fault));
	return result;
}

struct attempt box_claim(struct journal_box *box, int64_t payout)
{
	struct attempt before = box_attempt(box, payout), after = before;
	int64_t recovered = 0;

	if (!journal_lease_ours(box->journal))
		ok(box, journal_lease_take(box->journal, 0, NULL, NULL, &recovered, &box->fault));
	after.state = PAYOUT_SENDING;
	after.sends++;
	after.last_sent = box->now.utc_ms;
	if (after.open_since == 0) {
		after.open_since = box->now.utc_ms;
		after.open_boot_ms = box->now.boot_ms;
		after.open_boot = text_of(box->clock.boot_id);
	}
	if (before.sends == 0) {
		after.submitted_at = box->now.utc_ms;
		after.payload = TEXT("{\"amount\":\"12.50\"}");
	}
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

bool box_sql(struct journal_box *box, const char *sql)
{
	sqlite3 *db = NULL;
	int result;

	assert_int_equal(sqlite3_open_v2(box->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA recursive_triggers = ON; PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	result = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (result != SQLITE_OK)
		print_message("          %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	return result == SQLITE_OK;
}

static void add_code(void *context, const char *code, const char *message)
{
	struct buf *buf = context;

	print_message("          %s: %s\n", code, message);
	if (buf->len > 0)
		buf_addc(buf, ' ');
	buf_addz(buf, code);
}

const char *box_verify(struct journal_box *box, const char *head)
{
	static struct buf codes;
	int64_t breaks = 0;

	buf_reset(&codes);
	ok(box, journal_verify(box->journal, text_of(head), add_code, &codes, &breaks, &box->fault));
	assert_int_equal(breaks == 0, codes.len == 0);
	return buf_str(&codes);
}
