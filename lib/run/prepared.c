#include "run/prepared.h"

#include "config/config.h"
#include "providers/catalog.h"

bool prepared_find(struct stage *stage, const struct journal_payout *payout, struct arena *arena,
	struct destination *destination, bool *found, struct fault *fault)
{
	struct journal_channel known;
	struct sha256 *sha;
	struct buf body = {0};
	uint8_t hash[SHA256_SIZE];
	bool done = true;
	*found = false;
	if (payout->channel == 0 || payout->content.len == 0)
		return true;
	if (!journal_channel_get(stage->journal, payout->channel, arena, &known, found, fault))
		return false;
	const struct channel *channel = *found ? config_channel(stage->config, text_of(known.name)) : NULL;
	const struct adapter *adapter = channel != NULL ? catalog_adapter(channel->provider) : NULL;
	struct call call = {.channel = channel, .content = payout->content};
	*found = false;
	if (adapter != NULL && adapter->has_destination && adapter->destination(&call, &body)) {
		sha = sha256_new();
		sha256_of(sha, body.data, body.len, hash);
		sha256_free(sha);
		done = journal_destination_find(
			stage->journal, payout->channel, hash, arena, destination, found, fault);
	}
	buf_wipe(&body);
	return done;
}
