#include "stages/stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "providers/catalog.h"

bool stage_stopped(const struct stage *stage)
{
	return stage->stop != NULL && stage->stop->count > 0;
}

static bool said(const struct stage *stage, const char *code, const char *channel)
{
	for (int i = 0; i < stage->notice_count; i++)
		if (strcmp(stage->notices[i].code, code) == 0 && strcmp(stage->notices[i].channel, channel) == 0)
			return true;
	return false;
}

/* The notice to fill; NULL when it was said already or there is no room. */
static struct notice *notice_new(
	struct stage *stage, bool person, const char *code, const char *channel, const char *cure)
{
	struct notice *notice;

	if (stage->notice_count == STAGE_NOTICES_MAX || said(stage, code, channel))
		return NULL;
	notice = &stage->notices[stage->notice_count++];
	*notice = (struct notice){.person = person};
	snprintf(notice->code, sizeof(notice->code), "%s", code);
	snprintf(notice->channel, sizeof(notice->channel), "%s", channel);
	snprintf(notice->cure, sizeof(notice->cure), "%s", cure != NULL ? cure : "");
	return notice;
}

void stage_notice(struct stage *stage, bool person, const char *code, const char *channel, const char *cure,
	const char *format, ...)
{
	struct notice *notice = notice_new(stage, person, code, channel != NULL ? channel : "", cure);
	va_list list;

	if (notice == NULL)
		return;
	va_start(list, format);
	vsnprintf(notice->message, sizeof(notice->message), format, list);
	va_end(list);
}

void stage_notice_fault(struct stage *stage, bool person, const struct fault *fault)
{
	struct notice *notice =
		notice_new(stage, person || fault->kind == FAULT_PERSON, fault->code, fault->channel, fault->cure);

	if (notice == NULL)
		return;
	notice->broken = fault->kind == FAULT_BREAK;
	snprintf(notice->message, sizeof(notice->message), "%.*s", (int)sizeof(notice->message) - 1, fault->message);
}

bool stage_terms(const struct stage *stage, struct terms terms[BOUND_CHANNELS], struct fault *fault)
{
	for (int i = 0; i < stage->config->channel_count; i++) {
		const struct channel *channel = &stage->config->channels[i];
		const struct adapter *adapter = catalog_adapter(channel->provider);

		if (adapter == NULL) {
			fault_channel(fault, channel->name);
			return fault_set(fault, FAULT_USAGE, "", "take the channel out of the configuration",
				"channel %s: this version can't pay through %s yet", channel->name,
				provider_name(channel->provider));
		}
		if (!adapter->terms(channel, &terms[i])) {
			fault_channel(fault, channel->name);
			return fault_set(fault, FAULT_USAGE, "", "see the modes in `payrun help columns`",
				"channel %s: %s has no mode '%s'", channel->name, adapter->name, channel->mode);
		}
		if (adapter->check != NULL && !adapter->check(channel, fault)) {
			fault_channel(fault, channel->name);
			return false;
		}
	}
	return true;
}

/* What the journal keeps of it; the text of its identity stays in the buffer. */
static struct journal_channel describe(const struct channel *channel, struct buf *identity)
{
	const struct adapter *adapter = catalog_adapter(channel->provider);

	if (adapter != NULL && adapter->identity != NULL)
		adapter->identity(channel, identity);
	return (struct journal_channel){
		.name = channel->name,
		.provider = provider_name(channel->provider),
		.mode = channel->mode,
		.host = channel->host,
		.testmode = channel->testmode,
		.sandbox = channel->sandbox,
		.identity = buf_str(identity),
	};
}

bool stage_channels_same(struct stage *stage, struct fault *fault)
{
	struct buf identity = {0};
	bool same = true;

	for (int i = 0; same && i < stage->config->channel_count; i++) {
		const struct channel *channel = &stage->config->channels[i];

		buf_reset(&identity);
		const struct journal_channel described = describe(channel, &identity);
		same = journal_channel_same(stage->journal, &described, fault);
	}
	buf_release(&identity);
	return same;
}

bool stage_channel_bind(struct stage *stage, const struct channel *channel, int64_t *id, struct fault *fault)
{
	struct buf identity = {0};
	struct journal_channel bound = describe(channel, &identity);
	bool fine = journal_channel_bind(stage->journal, &bound, fault);

	if (!fine)
		fault_channel(fault, channel->name);
	*id = bound.id;
	buf_release(&identity);
	return fine;
}
