/*
 * The adapters of the providers in memory, and the catalogue that has them. Part of fake_provider.h, which includes it.
 */
#ifndef TESTS_FAKE_ADAPTERS_H
#define TESTS_FAKE_ADAPTERS_H

/* --- the adapters ------------------------------------------------------------------------------------------------ */

static void fake_freeze(const struct call *call, struct buf *payload)
{
	buf_addf(payload, "{\"amount\":%lld}", (long long)call->amount_minor);
}

static bool fake_build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request)
{
	struct fake_call *told = arena_alloc(arena, sizeof *told);
	*told = (struct fake_call){.operation = operation,
		.provider = call->channel->provider,
		.key = call->key,
		.provider_id = operation == OPERATION_STATUS || operation == OPERATION_DESTINATION ? call->provider_id
												   : (struct text){0},
		.amount_minor = call->amount_minor,
		.reference = call->amount_minor,
		.payload = call->payload};
	snprintf(told->session, sizeof told->session, "%.*s", (int)call->session.len,
		call->session.len > 0 ? call->session.ptr : "");
	memcpy(told->nonce, call->nonce, sizeof told->nonce);
	snprintf(told->balance, sizeof told->balance, "%.*s", (int)call->content.len,
		call->content.len > 0 ? call->content.ptr : "");
	snprintf(told->cured, sizeof told->cured, "%.*s", (int)call->cured_refusal.len,
		call->cured_refusal.len > 0 ? call->cured_refusal.ptr : "");
	told->page = call->cursor.len > 0 ? call->cursor.ptr[0] - '0' : 0;
	told->last_sent = call->last_sent_utc_ms;
	snprintf(told->channel, sizeof told->channel, "%s", call->channel->name);
	buf_add(&request->body, told, sizeof *told);
	return true;
}

static void fake_read_answer(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	(void)operation, (void)call, (void)arena;
	memcpy(receipt, answer->body.ptr, sizeof *receipt);
	/* As an adapter's, the texts end with the exchange. */
	receipt->provider_id = text_copy(arena, receipt->provider_id);
	receipt->provider_code = text_copy(arena, receipt->provider_code);
	receipt->reason = text_copy(arena, receipt->reason);
	receipt->session = text_copy(arena, receipt->session);
	receipt->stops = text_copy(arena, receipt->stops);
	receipt->next_cursor = text_copy(arena, receipt->next_cursor);
}

static const struct adapter fake_asks = {.provider = FAKE_ASKS,
	.name = "asks",
	.looks_up = true,
	.lookup_before_resend = true,
	.key_known_code = "016",
	.freeze = fake_freeze,
	.build = fake_build,
	.read = fake_read_answer};
static const struct adapter fake_repeats = {.provider = FAKE_REPEATS,
	.name = "repeats",
	.repeats_safely = true,
	.window_ms = FAKE_WINDOW_MS,
	.freeze = fake_freeze,
	.build = fake_build,
	.read = fake_read_answer};

/* Rows with an even amount are paid to one of some bank accounts. */
static bool fake_destination(const struct call *call, struct buf *body)
{
	if (fake.banks_wanted == 0 || call->amount_minor % 2 == 1)
		return false;
	buf_addf(body, "{\"bank\":%lld}", (long long)(call->amount_minor / 2 % fake.banks_wanted));
	return true;
}

static void fake_freeze_to(const struct call *call, struct buf *payload)
{
	buf_addf(payload, "{\"amount\":%lld", (long long)call->amount_minor);
	if (call->destination_id.len > 0)
		buf_addf(payload, ",\"to\":\"%.*s\"", (int)call->destination_id.len, call->destination_id.ptr);
	buf_addc(payload, '}');
}

static const struct adapter fake_prepares = {.provider = FAKE_PREPARES,
	.name = "prepares",
	.repeats_safely = true,
	.window_ms = FAKE_WINDOW_MS,
	.spends_keys = true,
	.has_destination = true,
	.destination = fake_destination,
	.freeze = fake_freeze_to,
	.build = fake_build,
	.read = fake_read_answer};

static const struct adapter fake_prepares_funds = {.provider = FAKE_PREPARES,
	.name = "prepares",
	.repeats_safely = true,
	.window_ms = FAKE_WINDOW_MS,
	.spends_keys = true,
	.has_funds = true,
	.has_destination = true,
	.destination = fake_destination,
	.freeze = fake_freeze_to,
	.build = fake_build,
	.read = fake_read_answer};

static struct text fake_occupies(const struct call *call)
{
	return call->content;
}

static bool fake_occupied(struct text provider_status)
{
	return !text_is(provider_status, "initiated");
}

static bool fake_needs_balance(const struct call *call)
{
	(void)call;
	return fake.fixes;
}

static const struct adapter fake_lists = {.provider = FAKE_LISTS,
	.name = "lists",
	.looks_up = true,
	.repeats_safely = true,
	.window_ms = 50 * FAKE_WINDOW_MS / 60,
	.freeze = fake_freeze,
	.build = fake_build,
	.read = fake_read_answer,
	.occupies = fake_occupies,
	.occupied = fake_occupied,
	.needs_balance = fake_needs_balance};

static const struct adapter fake_sessions = {.provider = FAKE_REPEATS,
	.name = "sessions",
	.repeats_safely = true,
	.window_ms = FAKE_WINDOW_MS,
	.has_session = true,
	.seals = true,
	.freeze = fake_freeze,
	.build = fake_build,
	.read = fake_read_answer};

int64_t adapter_window_ms(const struct adapter *adapter, const struct channel *channel)
{
	int64_t own_ms = 0;
	struct text own = channel_setting(channel, "repeat_window");
	return own.len > 0 && text_number(own, INT64_MAX, &own_ms) ? own_ms : adapter->window_ms;
}

const struct adapter *catalog_adapter(enum provider_id provider)
{
	if (fake.sessions && provider == FAKE_REPEATS)
		return &fake_sessions;
	if (provider == FAKE_LISTS)
		return &fake_lists;
	if (provider == FAKE_PREPARES)
		return fake.funds != NULL ? &fake_prepares_funds : &fake_prepares;
	return provider == FAKE_ASKS ? &fake_asks : provider == FAKE_REPEATS ? &fake_repeats : NULL;
}

const struct provider_settings *catalog_settings(int *count)
{
	*count = 0;
	return NULL;
}

#endif
