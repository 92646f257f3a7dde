#include "tests/support/filled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "values/content.h"
#include "values/payout.h"

void filled_must(bool done, const struct fault *fault)
{
	if (!done)
		fail_msg("%s: %s", fault->code, fault->message);
}

static struct moment read_clock(const struct clock *clock)
{
	const struct filled *filled = clock->context;

	return (struct moment){filled->now, filled->now, filled->now};
}

static int64_t bind(struct filled *filled, const char *name, const char *provider)
{
	struct journal_channel channel = {
		.name = name, .provider = provider, .mode = "", .host = "127.0.0.1", .sandbox = true, .identity = name};
	struct fault fault = {0};

	filled_must(journal_channel_bind(filled->stage.journal, &channel, &fault), &fault);
	return channel.id;
}

static void open_journal(struct filled *filled)
{
	struct journal_options options = {
		.path = filled->path,
		.namespace_text = "acme",
		.clock = &filled->clock,
		.who = &filled->who,
	};
	struct fault fault = {0};
	int64_t recovered;
	char *head = file_join(filled->folder, "head");

	options.head_file = head;
	filled_must(journal_create(&options, &fault), &fault);
	filled->stage.journal = journal_open(&options, &fault);
	filled_must(filled->stage.journal != NULL, &fault);
	filled_must(journal_lease_take(filled->stage.journal, 0, NULL, NULL, &recovered, &fault), &fault);
	filled_must(journal_begin(filled->stage.journal, &fault), &fault);
	filled->calypso = bind(filled, "calypso", "calypso");
	filled->circle = bind(filled, "circle-wire", "circle");
	filled_must(journal_commit(filled->stage.journal, &fault), &fault);
	free(head);
}

int filled_begin(void **state)
{
	struct filled *filled = memory_new(sizeof(*filled));
	const char *above = getenv("TMPDIR");

	snprintf(filled->folder, sizeof(filled->folder), "%s/filled.XXXXXX", above != NULL ? above : "/tmp");
	assert_non_null(mkdtemp(filled->folder));
	snprintf(filled->path, sizeof(filled->path), "%s/payrun.db", filled->folder);
	filled->now = FILLED_NOW;
	filled->clock = (struct clock){.read = read_clock, .context = filled, .boot_id = "boot"};
	filled->who = (struct journal_who){"anna", "desk", "payrun test"};
	filled->sha = sha256_new();
	log_init(&filled->log, -1, LOG_ERROR_LEVEL);
	filled->stop.wake_fd = -1;
	filled->config.reports = file_join(filled->folder, "reports");
	filled->stage = (struct stage){
		.config = &filled->config,
		.clock = &filled->clock,
		.log = &filled->log,
		.stop = &filled->stop,
		.user_agent = "payrun/test",
	};
	open_journal(filled);
	*state = filled;
	return 0;
}

int filled_end(void **state)
{
	struct filled *filled = *state;
	char command[600];

	journal_close(filled->stage.journal);
	snprintf(command, sizeof(command), "rm -rf '%s'", filled->folder);
	assert_int_equal(system(command), 0);
	sha256_free(filled->sha);
	free(filled->config.reports);
	free(filled);
	return 0;
}

static struct text or_empty(const char *text)
{
	return text != NULL ? text_of(text) : TEXT("");
}

/* Only these four are a row's; everything else comes by moves. */
static enum payout_state first_state(enum payout_state state)
{
	return state == PAYOUT_REJECTED || state == PAYOUT_DUPLICATE || state == PAYOUT_HELD ? state : PAYOUT_READY;
}

static void write_content(struct buf *content, const struct filled_row *row)
{
	struct payout payout = {0};
	char amount[24];

	snprintf(amount, sizeof(amount), "%lld", (long long)row->amount_minor);
	payout.cells[COLUMN_AMOUNT] = text_of(amount);
	payout.cells[COLUMN_CURRENCY] = or_empty(row->currency);
	payout.cells[COLUMN_BENEFICIARY_NAME] = or_empty(row->name);
	payout.cells[COLUMN_WALLET_ADDRESS] = or_empty(row->destination);
	payout.cells[COLUMN_PURPOSE] = or_empty(row->purpose);
	content_write(content, &payout);
}

static void add_row(struct filled *filled, int64_t batch, int64_t number, const struct filled_row *row)
{
	bool own = first_state(row->state) == row->state;
	enum provider_id provider = row->channel == filled->circle ? PROVIDER_CIRCLE : PROVIDER_CALYPSO;
	struct journal_payout payout = {
		.batch = batch,
		.row = number,
		.line = number,
		.channel = row->channel,
		.reference = or_empty(row->reference),
		.beneficiary_name = or_empty(row->name),
		.destination = or_empty(row->destination),
		.currency = or_empty(row->currency),
		.decimals = row->decimals,
		.amount_minor = row->amount_minor,
		.state = first_state(row->state),
		.reason_code = own ? or_empty(row->code) : TEXT(""),
		.reason = own ? or_empty(row->reason) : TEXT(""),
		.key = key_derive(filled->sha, TEXT("acme"), provider, or_empty(row->reference), 1),
	};
	struct buf content = {0};
	struct fault fault = {0};

	if (payout.state == PAYOUT_HELD || payout.state == PAYOUT_READY) {
		write_content(&content, row);
		payout.content = buf_text(&content);
		content_digest(filled->sha, payout.content, payout.content_digest);
	}
	memcpy(payout.likeness, &number, sizeof(payout.likeness));
	memcpy(payout.lookalike, &number, sizeof(payout.lookalike));
	filled_must(journal_payout_add(filled->stage.journal, &payout, &fault), &fault);
	buf_release(&content);
}

static void move(struct filled *filled, struct attempt *attempt, struct attempt *after)
{
	enum move_result result;
	struct fault fault = {0};

	filled_must(journal_move(filled->stage.journal, attempt, after, TEXT(""), &result, &fault), &fault);
	assert_int_equal(result, MOVE_DONE);
	*attempt = *after;
}

static void claim(struct filled *filled, struct attempt *attempt)
{
	struct attempt after = *attempt;

	after.state = PAYOUT_SENDING;
	after.sends = 1;
	after.open_since = after.last_sent = after.submitted_at = filled->now;
	after.open_boot = TEXT("boot");
	after.payload = TEXT("{}");
	move(filled, attempt, &after);
}

/* By way of accepted, as the table of moves has it. */
static void move_on(struct filled *filled, struct attempt *attempt, const struct filled_row *row)
{
	struct attempt after;
	char id[64];

	claim(filled, attempt);
	if (row->state == PAYOUT_SENDING)
		return;
	after = *attempt;
	snprintf(id, sizeof(id), "id-%lld", (long long)attempt->id);
	if (row->state == PAYOUT_UNKNOWN || row->state == PAYOUT_FAILED) {
		after.state = row->state;
	} else {
		after.state = PAYOUT_ACCEPTED;
		after.provider_id = text_of(id);
		after.provider_status = TEXT("PENDING");
		after.accepted_at = filled->now + 1000;
	}
	after.open_since = row->state == PAYOUT_UNKNOWN ? after.open_since : 0;
	after.reason_code = or_empty(row->code);
	after.reason = or_empty(row->reason);
	move(filled, attempt, &after);
	if (attempt->state == row->state)
		return;
	after.state = row->state;
	after.provider_status = TEXT("SUCCESS");
	after.settled_at = filled->now + 2000;
	after.fee = TEXT("0.5");
	after.fee_currency = TEXT("USDT_TRX");
	after.tracking_ref = TEXT("0xabc");
	after.returned_at = row->state == PAYOUT_RETURNED ? filled->now + 3000 : 0;
	move(filled, attempt, &after);
}

static void move_rows(struct filled *filled, int64_t first, const struct filled_row *rows, size_t count)
{
	struct arena arena = {0};
	struct fault fault = {0};

	filled_must(journal_begin(filled->stage.journal, &fault), &fault);
	for (size_t i = 0; i < count; i++) {
		struct attempt attempt;
		bool found;

		if (rows[i].state == first_state(rows[i].state))
			continue;
		filled_must(
			journal_attempt_of(filled->stage.journal, first + (int64_t)i, &arena, &attempt, &found, &fault),
			&fault);
		assert_true(found);
		move_on(filled, &attempt, &rows[i]);
		arena_reset(&arena);
	}
	filled_must(journal_commit(filled->stage.journal, &fault), &fault);
	arena_release(&arena);
}

int64_t filled_batch(struct filled *filled, const char *name, const struct filled_row *rows, size_t count)
{
	struct journal_batch batch = {.size = 100, .format = TEXT("csv"), .channel_option = TEXT("")};
	struct fault fault = {0};
	char file[64];
	bool taken;

	snprintf(batch.name, sizeof(batch.name), "%s", name);
	snprintf(file, sizeof(file), "%s.csv", name);
	batch.file = text_of(file);
	sha256_of(filled->sha, name, strlen(name), batch.sha256);
	filled_must(journal_begin(filled->stage.journal, &fault), &fault);
	filled_must(journal_batch_add(filled->stage.journal, &batch, &taken, &fault), &fault);
	assert_false(taken);
	for (size_t i = 0; i < count; i++)
		add_row(filled, batch.id, (int64_t)i + 2, &rows[i]);
	filled_must(journal_batch_seal(filled->stage.journal, &batch, &fault), &fault);
	filled_must(journal_commit(filled->stage.journal, &fault), &fault);
	move_rows(filled, batch.first_payout, rows, count);
	return batch.id;
}
