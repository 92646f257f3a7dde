/*
 * Logins: one session for all lanes with the same credentials, asked for through the limiter before anything else goes
 * over them (PROTOCOL, section 5). Rows wait as ready meanwhile. The token stands in wiped memory alone.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "stages/loop.h"

#define RENEW_BEFORE_MS 60000 /* of a session's life, or a quarter of it where that is less */
#define ENDED_MAX 2           /* sessions in a row that end before their time stop the channel */

/* The same login at the same place with the same secrets. */
static bool same_credentials(const struct lane *a, const struct lane *b)
{
	struct buf mine = {0}, other = {0};
	bool same = a->adapter == b->adapter && strcmp(a->channel->base_url, b->channel->base_url) == 0 &&
		    a->channel->setting_count == b->channel->setting_count;
	if (same && a->adapter->identity != NULL) {
		a->adapter->identity(a->channel, &mine);
		b->adapter->identity(b->channel, &other);
		same = text_equal(buf_text(&mine), buf_text(&other));
	}
	for (size_t i = 0; same && i < a->channel->setting_count; i++) {
		const struct setting_value *setting = &a->channel->settings[i];
		same = !setting->secret || text_equal(setting->value, channel_setting(b->channel, setting->name));
	}
	buf_release(&mine);
	buf_release(&other);
	return same;
}

struct login *login_for(struct loop *loop, const struct lane *lane)
{
	if (!lane->adapter->has_session)
		return NULL;
	for (int i = 0; i < loop->lane_count; i++) {
		const struct lane *other = &loop->lanes[i];
		if (other != lane && other->login != NULL && same_credentials(other, lane))
			return other->login;
	}
	return &loop->logins[loop->login_count++];
}

static bool may_begin(const struct loop *loop, const struct login *login, const struct moment *now)
{
	const struct lane *lane = login->lane;
	int64_t ns = clock_nanoseconds(loop->stage->clock);
	return login->wanted && !login->asked && !lane->stopped && login->due_ms <= now->mono_ms &&
	       !lane_blocked(lane, now) && rate_take(lane->share->rate, ns);
}

bool login_begin(struct loop *loop, const struct moment *now)
{
	for (int i = 0; i < loop->login_count && !loop->stopping; i++) {
		struct login *login = &loop->logins[i];
		if (!may_begin(loop, login, now))
			continue;
		struct task *task = loop_task(loop, login->lane);
		task->operation = OPERATION_SESSION;
		task->call.channel = login->lane->channel;
		task->call.timezone = loop->stage->config->timezone;
		login->asked = true;
		login->wanted = false;
		login->held = false;
		if (!exchange_start(loop, task))
			return false;
	}
	return true;
}

static void forget(struct login *login)
{
	buf_wipe(&login->token);
	login->token = (struct buf){0};
	login->held = false;
}

/* What it does to one lane it does to all that share the session. */
static void stop_all(
	struct loop *loop, const struct login *login, const struct outcome *outcome, const struct moment *now)
{
	for (int i = 0; i < loop->lane_count; i++)
		if (loop->lanes[i].login == login && !loop->lanes[i].stopped)
			lane_effect(&loop->lanes[i], loop->stage, outcome, -1, now, loop_random(loop));
}

static void keep(struct login *login, const struct receipt *receipt, const struct moment *now)
{
	int64_t life_ms = receipt->session_expires_ms - now->utc_ms;
	int64_t before_ms = life_ms / 4 < RENEW_BEFORE_MS ? life_ms / 4 : RENEW_BEFORE_MS;
	forget(login);
	buf_addt(&login->token, receipt->session);
	login->held = true;
	login->number++;
	login->tries = 0;
	/* One that is worth nothing at once still serves what waits for it now. */
	login->renew_boot_ms = now->boot_ms + (life_ms - before_ms > 0 ? life_ms - before_ms : 1);
}

void login_answered(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct login *login = task->lane->login;
	struct outcome outcome;
	for (int i = 0; i < loop->lane_count; i++)
		if (loop->lanes[i].login == login)
			lane_note_date(&loop->lanes[i], answer->date_ms, now);
	login->asked = false;
	login->wanted = false; /* whoever still wants one says so again */
	if (outcome_session(answer, receipt, &outcome)) {
		keep(login, receipt, now);
		return;
	}
	int64_t wait_ms = plan_backoff_ms(login->tries++, loop_random(loop));
	login->due_ms = now->mono_ms + (answer->retry_after_ms > wait_ms ? answer->retry_after_ms : wait_ms);
	if (outcome.effect == EFFECT_STOP)
		stop_all(loop, login, &outcome, now);
	else if (outcome.code[0] != '\0')
		stage_notice(loop->stage, false, outcome.code, task->lane->channel->name, outcome.cure,
			"channel %s: the login failed: %.*s", task->lane->channel->name, (int)outcome.why.len,
			outcome.why.len > 0 ? outcome.why.ptr : "");
}

void login_ended(struct loop *loop, const struct task *task, const struct moment *now)
{
	struct login *login = task->lane->login;
	struct outcome stop = {.effect = EFFECT_STOP,
		.code = "CHANNEL_AUTH",
		.cure = "see whether someone else uses the same login, or regenerates its credentials; then `payrun "
			"resume`",
		.why = TEXT("the session ended at once, twice in a row")};
	if (!login->held || task->login != login->number)
		return; /* it is known already */
	forget(login);
	if (++login->ended >= ENDED_MAX)
		stop_all(loop, login, &stop, now);
}

void login_close(struct loop *loop)
{
	for (int i = 0; i < loop->login_count; i++)
		buf_wipe(&loop->logins[i].token);
	free(loop->logins);
}
