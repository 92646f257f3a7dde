#include "tests/support/world_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "run/session.h"
#include "values/money.h"

struct counting {
	json_t *ledger; /* the sandbox's payouts by key */
	state_set states;
	const char *what;
	size_t matched;
};

static void same(const struct counting *counting, json_t *entry, const char *member, const char *expected)
{
	const char *text = json_string_value(json_object_get(entry, member));
	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg("%s: %s is %s in the ledger, %s in the journal", counting->what, member, text, expected);
}

static void same_text(const struct counting *counting, json_t *entry, const char *member, struct text expected)
{
	struct buf text = {0};
	buf_addt(&text, expected);
	same(counting, entry, member, buf_str(&text));
	buf_release(&text);
}

static bool is_mollie(json_t *entry)
{
	const char *provider = json_string_value(json_object_get(entry, "provider"));
	return provider != NULL && strcmp(provider, "mollie") == 0;
}

/* The description ends with "[" and the first 12 hex digits of the key and "]". */
static void same_tag(const struct counting *counting, json_t *entry, const struct key *key)
{
	const char *text = json_string_value(json_object_get(entry, "reference"));
	char hex[13], tag[16];
	text_hex(key->bytes, 6, hex);
	snprintf(tag, sizeof tag, "[%s]", hex);
	if (text == NULL || strlen(text) < 14 || strcmp(text + strlen(text) - 14, tag) != 0)
		fail_msg("%s: %s does not end with %s", counting->what, text, tag);
}

static void count_attempt(struct counting *counting, const struct attempt *attempt, const struct journal_payout *payout)
{
	char key[KEY_TEXT_SIZE];
	struct buf amount = {0};
	key_text(&attempt->key, key);
	json_t *entry = json_object_get(counting->ledger, key);
	bool taken = attempt->provider_id.len > 0;
	if (taken != (entry != NULL))
		fail_msg("%s: row %lld attempt %lld (%s) is %s the ledger", counting->what, (long long)attempt->row,
			(long long)attempt->number, state_name(attempt->state), entry != NULL ? "in" : "not in");
	if (!taken)
		return;
	money_text_short(&amount, payout->amount_minor + attempt->fixed_minor, payout->decimals);
	same(counting, entry, "amount", buf_str(&amount));
	buf_release(&amount);
	same_text(counting, entry, "id", attempt->provider_id);
	/* Circle and PontisGlobe have no place for the sender's reference, Mollie has one for a tag. */
	if (is_mollie(entry))
		same_tag(counting, entry, &attempt->key);
	else if (json_string_length(json_object_get(entry, "reference")) > 0)
		same_text(counting, entry, "reference", payout->reference);
	counting->matched++;
}

static bool check_line(void *context, const struct journal_line *line)
{
	const struct counting *counting = context;
	if ((counting->states & STATE_SET(line->state)) == 0)
		fail_msg("%s: row %lld is %s", counting->what, (long long)line->payout.row, state_name(line->state));
	return true;
}

/* The ledger by key. A reference may be there again only when what was there was called off. */
static json_t *ledger_by_key(struct world *world, const char *what)
{
	json_t *root = json_loads(world_get(world, "/_/ledger"), 0, NULL);
	json_t *by_key = json_object(), *alive = json_object();
	size_t index;
	json_t *entry;
	assert_non_null(root);
	json_array_foreach(json_object_get(root, "payouts"), index, entry)
	{
		const char *key = json_string_value(json_object_get(entry, "key"));
		const char *reference = json_string_value(json_object_get(entry, "reference"));
		const char *state = json_string_value(json_object_get(entry, "state"));
		if (json_object_get(by_key, key) != NULL)
			fail_msg("%s: key %s is in the ledger twice", what, key);
		json_object_set(by_key, key, entry);
		if (strcasecmp(state, "FAILED") == 0 || strcasecmp(state, "CANCELED") == 0 || reference[0] == '\0')
			continue;
		if (json_object_get(alive, reference) != NULL)
			fail_msg("%s: %s was paid twice", what, reference);
		json_object_set(alive, reference, entry);
	}
	json_decref(alive);
	json_decref(root);
	return by_key;
}

static void count_attempts(struct journal *journal, struct counting *counting)
{
	struct fault fault = {0};
	struct arena arena = {0};
	struct attempt attempts[64];
	struct attempt_filter filter = {0};
	int count = 0;
	world_must(journal_attempt_list(journal, &filter, &arena, attempts, 64, &count, &fault), &fault);
	assert_true(count < 64);
	for (int i = 0; i < count; i++) {
		struct journal_payout payout;
		bool found = false;
		world_must(journal_payout_get(journal, attempts[i].payout, &arena, &payout, &found, &fault), &fault);
		assert_true(found);
		count_attempt(counting, &attempts[i], &payout);
	}
	arena_release(&arena);
}

static void tell_break(void *context, const char *code, const char *message)
{
	fail_msg("%s: %s %s", (const char *)context, code, message);
}

void world_count(struct world *world, state_set states, const char *what)
{
	struct fault fault = {0};
	struct session session;
	struct session_options options = world_options(world);
	struct counting counting = {.states = states, .what = what};
	struct arena arena = {0};
	struct journal_sums sums;
	int64_t breaks = 0;
	char name[300];
	world_must(session_open(&session, &options, SESSION_READ, &fault), &fault);
	counting.ledger = ledger_by_key(world, what);
	world_must(journal_line_each(session.journal, 0, check_line, &counting, &fault), &fault);
	count_attempts(session.journal, &counting);
	if (counting.matched != json_object_size(counting.ledger))
		fail_msg("%s: %zu payouts in the ledger, %zu in the journal", what, json_object_size(counting.ledger),
			counting.matched);
	world_must(journal_sums(session.journal, 0, &arena, &sums, &fault), &fault);
	assert_true(sums.balanced);
	snprintf(name, sizeof name, "%s", what);
	if (getenv("NOVERIFY") == NULL)
		world_must(journal_verify(session.journal, text_of(""), tell_break, name, &breaks, &fault), &fault);
	assert_int_equal(breaks, 0);
	arena_release(&arena);
	json_decref(counting.ledger);
	session_close(&session);
}

int64_t world_requests(struct world *world, const char *path_end)
{
	json_t *root = json_loads(world_get(world, "/_/requests"), 0, NULL);
	const char *path;
	json_t *counts;
	int64_t sum = 0;
	json_object_foreach(json_object_get(root, "requests"), path, counts)
	{
		size_t len = strlen(path), end = strlen(path_end);
		const char *status;
		json_t *count;
		if (len < end || strcmp(path + len - end, path_end) != 0)
			continue;
		json_object_foreach(counts, status, count)
		{
			sum += json_integer_value(count);
		}
	}
	json_decref(root);
	return sum;
}

int64_t world_ledger_count(struct world *world)
{
	json_t *root = json_loads(world_get(world, "/_/ledger"), 0, NULL);
	int64_t count = (int64_t)json_array_size(json_object_get(root, "payouts"));
	json_decref(root);
	return count;
}
