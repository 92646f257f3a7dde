#include "cmd/sandbox/ledger.h"

#include <assert.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/clock.h"

#define FIELDS 6

static const struct payout_field {
	const char *name;
	size_t offset;
} payout_fields[FIELDS] = {
	{"id", offsetof(struct payout, id)},
	{"key", offsetof(struct payout, key)},
	{"reference", offsetof(struct payout, reference)},
	{"amount", offsetof(struct payout, amount)},
	{"currency", offsetof(struct payout, currency)},
	{"destination", offsetof(struct payout, destination)},
};

static struct text *field_of(struct payout *payout, size_t field)
{
	return (struct text *)(void *)((char *)payout + payout_fields[field].offset);
}

struct text ledger_text(struct ledger *ledger, struct text text)
{
	return text.ptr == NULL ? text : text_copy(&ledger->memory, text);
}

const struct payout *ledger_add(struct ledger *ledger, const struct payout *payout)
{
	struct payout *kept = arena_alloc(&ledger->memory, sizeof(*kept));
	size_t i;

	*kept = *payout;
	for (i = 0; i < FIELDS; i++)
		*field_of(kept, i) = ledger_text(ledger, *field_of(kept, i));
	if (ledger->count == ledger->cap) {
		ledger->cap = ledger->cap == 0 ? 1024 : ledger->cap * 2;
		ledger->payouts = memory_grow(ledger->payouts, ledger->cap * sizeof(struct payout *));
	}
	ledger->payouts[ledger->count++] = kept;
	map_put(&ledger->by_id[kept->provider], kept->id, kept);
	if (kept->key.len > 0 && map_get(&ledger->by_key[kept->provider], kept->key) == NULL)
		map_put(&ledger->by_key[kept->provider], kept->key, kept);
	return kept;
}

const struct payout *ledger_by_id(const struct ledger *ledger, enum provider_id provider, struct text id)
{
	return map_get(&ledger->by_id[provider], id);
}

const struct payout *ledger_by_key(const struct ledger *ledger, enum provider_id provider, struct text key)
{
	return map_get(&ledger->by_key[provider], key);
}

void ledger_write(struct buf *buf, const struct payout *payout, int64_t now_ms)
{
	const struct provider *provider = providers[payout->provider];
	char created[CLOCK_ISO_SIZE];

	clock_iso_ms(payout->created_utc_ms, created);
	buf_addz(buf, "{\"provider\":\"");
	buf_addz(buf, provider->name);
	buf_addz(buf, "\",\"id\":");
	buf_add_json(buf, payout->id);
	buf_addz(buf, ",\"key\":");
	buf_add_json(buf, payout->key);
	buf_addz(buf, ",\"reference\":");
	buf_add_json(buf, payout->reference);
	buf_addz(buf, ",\"amount\":");
	buf_add_json(buf, payout->amount);
	buf_addz(buf, ",\"currency\":");
	buf_add_json(buf, payout->currency);
	buf_addz(buf, ",\"destination\":");
	buf_add_json(buf, payout->destination);
	buf_addz(buf, ",\"state\":\"");
	buf_addz(buf, provider->state(payout, now_ms));
	buf_addz(buf, "\",\"created_at\":\"");
	buf_addz(buf, created);
	buf_addz(buf, "\"}");
}

void ledger_clear(struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < PROVIDER_COUNT; i++) {
		map_clear(&ledger->by_id[i]);
		map_clear(&ledger->by_key[i]);
	}
	arena_reset(&ledger->memory);
	ledger->count = 0;
	ledger->clears++;
}

void ledger_release(struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < PROVIDER_COUNT; i++) {
		map_release(&ledger->by_id[i]);
		map_release(&ledger->by_key[i]);
	}
	arena_release(&ledger->memory);
	free(ledger->payouts);
	memset(ledger, 0, sizeof(*ledger));
}

/* Its last character becomes another digit: still an id, a key or an amount by its look, of another payout. */
static struct text text_other(struct text text, char *out, size_t size)
{
	size_t len = text.len < size ? text.len : size;

	if (len == 0) {
		out[0] = '1';
		return (struct text){out, 1};
	}
	memcpy(out, text.ptr, len);
	out[len - 1] = out[len - 1] == '1' ? '2' : '1';
	return (struct text){out, len};
}

const struct payout *payout_shown(const struct payout *payout, const char *field, struct payout_other *other)
{
	size_t i;

	if (field == NULL)
		return payout;
	assert(payout_field_known(text_of(field)));
	other->payout = *payout;
	for (i = 0; i < FIELDS; i++) {
		struct text *text = field_of(&other->payout, i);

		if (strcmp(field, "all") == 0 || strcmp(field, payout_fields[i].name) == 0)
			*text = text_other(*text, other->text[i], sizeof(other->text[i]));
	}
	return &other->payout;
}

bool payout_field_known(struct text field)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (text_is(field, payout_fields[i].name))
			return true;
	return text_is(field, "all");
}
