#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/inside.h"

static const char *keep_string(struct arena *arena, struct text text)
{
	return arena != NULL ? text_string(arena, text) : text.ptr;
}

static void channel_take(const struct cell *row, struct arena *arena, struct journal_channel *channel)
{
	*channel = (struct journal_channel){
		.id = row[0].number,
		.name = keep_string(arena, row[1].text),
		.provider = keep_string(arena, row[2].text),
		.mode = keep_string(arena, row[3].text),
		.host = keep_string(arena, row[4].text),
		.testmode = row[5].number != 0,
		.sandbox = row[6].number != 0,
		.identity = keep_string(arena, row[7].text),
	};
}

struct wanted {
	struct arena *arena;
	struct journal_channel *channel;
};

static void take_wanted(void *context, const struct cell *row)
{
	const struct wanted *wanted = context;

	channel_take(row, wanted->arena, wanted->channel);
}

bool journal_channel_get(struct journal *journal, int64_t id, struct arena *arena, struct journal_channel *channel,
	bool *found, struct fault *fault)
{
	struct wanted wanted = {arena, channel};

	return store_one(journal, CHANNEL_BY_ID, CELLS(cell_number(id)), take_wanted, &wanted, found, fault);
}

static void take_identity(void *context, const struct cell *row)
{
	*(int64_t *)context = row[8].number;
}

bool identity_of_channel(struct journal *journal, int64_t channel, int64_t *identity, struct fault *fault)
{
	bool found = true;

	if (journal->identity_channel != channel) {
		journal->identity_channel = 0;
		if (!store_one(journal, CHANNEL_BY_ID, CELLS(cell_number(channel)), take_identity, &journal->identity,
			    &found, fault))
			return false;
		assert(found);
		journal->identity_channel = channel;
	}
	*identity = journal->identity;
	return true;
}

static bool differs(const struct journal *journal, const struct journal_channel *channel, const char *what,
	const char *known, const char *configured, struct fault *fault)
{
	fault_set(fault, FAULT_USAGE, "",
		"correct the configuration, or give the new connection a channel name of its own",
		"the channel %s has the %s %s in the journal %s, the configuration says %s", channel->name, what, known,
		journal->path, configured);
	fault_channel(fault, channel->name);
	return false;
}

static bool compare(const struct journal *journal, const struct journal_channel *channel,
	const struct journal_channel *known, struct fault *fault)
{
	const struct {
		const char *what, *known, *configured;
	} pairs[] = {
		{"provider", known->provider, channel->provider},
		{"mode", known->mode, channel->mode},
		{"host", known->host, channel->host},
		{"testmode", known->testmode ? "yes" : "no", channel->testmode ? "yes" : "no"},
		{"kind", known->sandbox ? "SANDBOX" : "LIVE", channel->sandbox ? "SANDBOX" : "LIVE"},
		{"identity", known->identity, channel->identity},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(pairs[i].known, pairs[i].configured) != 0)
			return differs(journal, channel, pairs[i].what, pairs[i].known, pairs[i].configured, fault);
	return true;
}

static void take_other(void *context, const struct cell *row)
{
	buf_addt(context, row[0].text);
}

static bool one_kind_only(struct journal *journal, const struct journal_channel *channel, struct fault *fault)
{
	bool other = false;

	buf_reset(&journal->text);
	if (!store_one(journal, CHANNEL_OTHER_KIND, CELLS(cell_number(channel->sandbox)), take_other, &journal->text,
		    &other, fault))
		return false;
	if (!other)
		return true;
	fault_set(fault, FAULT_USAGE, "", "use another journal for it: live and test never share one",
		"the channel %s is %s, but the channel %s of the journal %s is %s", channel->name,
		channel->sandbox ? "SANDBOX" : "LIVE", buf_str(&journal->text), journal->path,
		channel->sandbox ? "LIVE" : "SANDBOX");
	fault_channel(fault, channel->name);
	return false;
}

static bool add(struct journal *journal, struct journal_channel *channel, struct fault *fault)
{
	int64_t identity_id = 0;
	bool found = false;

	return store_number(journal, CHANNEL_IDENTITY,
		       CELLS(cell_text(text_of(channel->provider)), cell_text(text_of(channel->mode)),
			       cell_text(text_of(channel->host)), cell_number(channel->testmode),
			       cell_text(text_of(channel->identity))),
		       &identity_id, &found, fault) &&
	       store_run(journal, CHANNEL_ADD,
		       CELLS(cell_text(text_of(channel->name)), cell_text(text_of(channel->provider)),
			       cell_text(text_of(channel->mode)), cell_text(text_of(channel->host)),
			       cell_number(channel->testmode), cell_number(channel->sandbox),
			       cell_text(text_of(channel->identity)), cell_number(identity_id)),
		       NULL, fault) &&
	       store_number(
		       journal, CHANNEL_BY_NAME, CELLS(cell_text(text_of(channel->name))), &channel->id, &found, fault);
}

static bool add_event(struct journal *journal, const struct journal_channel *channel, struct fault *fault)
{
	struct buf *buf = &journal->evidence;
	struct event event = {.kind = "channel", .from = "", .to = ""};

	buf_reset(buf);
	buf_addc(buf, '{');
	json_name(buf, "host");
	buf_add_json(buf, text_of(channel->host));
	json_name(buf, "id");
	buf_addi(buf, channel->id);
	json_name(buf, "identity");
	buf_add_json(buf, text_of(channel->identity));
	json_name(buf, "mode");
	buf_add_json(buf, text_of(channel->mode));
	json_name(buf, "name");
	buf_add_json(buf, text_of(channel->name));
	json_name(buf, "provider");
	buf_add_json(buf, text_of(channel->provider));
	json_name(buf, "sandbox");
	buf_addz(buf, channel->sandbox ? "true" : "false");
	json_name(buf, "testmode");
	buf_addz(buf, channel->testmode ? "true" : "false");
	buf_addc(buf, '}');
	event.evidence = buf_text(buf);
	return event_write(journal, &event, fault);
}

bool journal_channel_same(struct journal *journal, const struct journal_channel *channel, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_channel known;
	struct wanted wanted = {&arena, &known};
	bool found = false;
	bool same = store_one(journal, CHANNEL_BY_NAME, CELLS(cell_text(text_of(channel->name))), take_wanted, &wanted,
			    &found, fault) &&
		    (!found || compare(journal, channel, &known, fault));

	arena_release(&arena);
	return same;
}

bool journal_channel_bind(struct journal *journal, struct journal_channel *channel, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_channel known;
	struct wanted wanted = {&arena, &known};
	bool found = false, ok;

	assert(journal->writing);
	tick("channel.before_bind");
	ok = store_one(journal, CHANNEL_BY_NAME, CELLS(cell_text(text_of(channel->name))), take_wanted, &wanted, &found,
		fault);
	if (ok && found) {
		ok = compare(journal, channel, &known, fault);
		channel->id = known.id;
	} else if (ok) {
		ok = one_kind_only(journal, channel, fault) && add(journal, channel, fault) &&
		     add_event(journal, channel, fault);
	}
	tick("channel.bind");
	arena_release(&arena);
	return ok;
}
