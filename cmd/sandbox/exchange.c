#include "cmd/sandbox/exchange.h"

#include "cmd/sandbox/control.h"

/* Why a provider's answer is thrown away: each kind of staged fault does one thing with the exchange. */
struct strike {
	struct sandbox *sandbox;
	struct exchange *exchange;
	const struct provider *provider;
	struct mishap mishap;
};

static void execute(struct strike *strike)
{
	strike->provider->handle(strike->sandbox, &strike->exchange->request, &strike->exchange->response);
}

static void execute_committed(struct strike *strike)
{
	if (strike->mishap.after_commit)
		execute(strike);
	response_reset(&strike->exchange->response);
}

static void strike_silent(struct strike *strike)
{
	static const enum exchange_way ways[] = {
		[MISHAP_RESET] = WAY_RESET,
		[MISHAP_CLOSE] = WAY_CLOSE,
		[MISHAP_TIMEOUT] = WAY_HOLD,
	};

	execute_committed(strike);
	strike->exchange->way = ways[strike->mishap.kind];
}

static void hold(struct sandbox *sandbox, const struct provider *provider, struct exchange *exchange, bool held)
{
	if (provider->hold != NULL)
		provider->hold(sandbox, &exchange->request, held);
}

static void strike_slow(struct strike *strike)
{
	/* Without a delay nobody resumes it. */
	if (strike->mishap.delay_ms == 0) {
		execute(strike);
		return;
	}
	strike->exchange->delay_ms = strike->mishap.delay_ms;
	strike->exchange->pending = !strike->mishap.after_commit;
	if (!strike->exchange->pending)
		execute(strike);
	hold(strike->sandbox, strike->provider, strike->exchange, true);
}

static void strike_truncate(struct strike *strike)
{
	strike->exchange->request.dry = !strike->mishap.after_commit;
	execute(strike);
	strike->exchange->way = WAY_TRUNCATE;
}

static void strike_wrong(struct strike *strike)
{
	strike->exchange->request.dry = !strike->mishap.after_commit;
	strike->exchange->request.wrong = strike->mishap.field;
	execute(strike);
}

static void strike_garbage(struct strike *strike)
{
	static const char bytes[] = "\x1f\x8b\x08\xff{\"id\":\xc3\x28,,state=\x00\xfe]]}";

	execute_committed(strike);
	response_json(&strike->exchange->response, 200);
	buf_add(&strike->exchange->response.body, bytes, sizeof(bytes) - 1);
}

static void strike_page(struct strike *strike)
{
	static const struct {
		unsigned status;
		const char *reason;
	} pages[] = {
		[MISHAP_500] = {500, "Internal Server Error"},
		[MISHAP_502] = {502, "Bad Gateway"},
		[MISHAP_503] = {503, "Service Temporarily Unavailable"},
	};
	struct response *response = &strike->exchange->response;
	unsigned status = pages[strike->mishap.kind].status;
	const char *reason = pages[strike->mishap.kind].reason;

	execute_committed(strike);
	response->status = status;
	response->content_type = "text/html";
	buf_addf(&response->body,
		"<html>\r\n<head><title>%u %s</title></head>\r\n<body>\r\n<center><h1>%u %s</h1></center>\r\n"
		"<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n",
		status, reason, status, reason);
}

static void strike_throttle(struct strike *strike)
{
	struct response *response = &strike->exchange->response;
	char seconds[24];

	if (strike->provider->throttled != NULL)
		strike->provider->throttled(response);
	else
		response_error(response, 429, "Too Many Requests");
	snprintf(seconds, sizeof(seconds), "%lld", (long long)strike->mishap.retry_after_s);
	response_header(response, "Retry-After", seconds);
}

static void strike_unauthorized(struct strike *strike)
{
	strike->provider->unauthorized(&strike->exchange->response);
}

/* The request finds its session over before its time; a login is as good as ever. */
static void strike_expire(struct strike *strike)
{
	strike->provider->expire(strike->sandbox->states[strike->provider->id]);
	execute(strike);
}

/* To the very same address: a client that follows it sends its payout twice, and the requests show that. */
static void strike_redirect(struct strike *strike)
{
	struct response *response = &strike->exchange->response;

	response_error(response, 307, "Temporary Redirect");
	response_header(response, "Location", strike->exchange->request.path);
}

static void strike_close_after(struct strike *strike)
{
	strike->exchange->dying = true;
	strike->exchange->dying_commit = strike->mishap.after_commit;
	execute(strike);
}

static void (*const strikes[MISHAP_KINDS])(struct strike *strike) = {
	[MISHAP_RESET] = strike_silent,
	[MISHAP_CLOSE] = strike_silent,
	[MISHAP_TIMEOUT] = strike_silent,
	[MISHAP_SLOW] = strike_slow,
	[MISHAP_TRUNCATE] = strike_truncate,
	[MISHAP_GARBAGE] = strike_garbage,
	[MISHAP_429] = strike_throttle,
	[MISHAP_500] = strike_page,
	[MISHAP_502] = strike_page,
	[MISHAP_503] = strike_page,
	[MISHAP_401] = strike_unauthorized,
	[MISHAP_EXPIRE_SESSION] = strike_expire,
	[MISHAP_REDIRECT] = strike_redirect,
	[MISHAP_CLOSE_AFTER] = strike_close_after,
	[MISHAP_WRONG] = strike_wrong,
};

static void skew_add(struct sandbox *sandbox, const struct provider *provider, struct response *response)
{
	int64_t skew_ms = mishaps_skew(&sandbox->mishaps, provider->id);
	time_t seconds = (time_t)((sandbox_real_ms(sandbox) + skew_ms) / 1000);
	struct tm parts;
	char text[64];

	if (skew_ms == 0 || response->status == 0)
		return;
	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
	response_header(response, "Date", text);
}

static void count(struct sandbox *sandbox, const struct exchange *exchange)
{
	static const char *const silent[] = {
		[WAY_CLOSE] = "close",
		[WAY_RESET] = "reset",
		[WAY_HOLD] = "timeout",
	};
	char status[16];

	if (exchange->way == WAY_ANSWER || exchange->way == WAY_TRUNCATE) {
		snprintf(status, sizeof(status), "%u", exchange->response.status);
		tally_add(&sandbox->tally, exchange->request.path, status);
		return;
	}
	tally_add(&sandbox->tally, exchange->request.path, silent[exchange->way]);
}

static void provider_run(struct sandbox *sandbox, struct exchange *exchange, const struct provider *provider)
{
	struct strike strike = {.sandbox = sandbox, .exchange = exchange, .provider = provider};

	if (exchange->request.too_large) {
		response_error(&exchange->response, 413, "the body is larger than %d bytes", REQUEST_BODY_MAX);
	} else if (exchange->dying) {
		strike.mishap.after_commit = exchange->dying_commit;
		execute_committed(&strike);
		exchange->way = WAY_CLOSE;
	} else if (mishaps_strike(&sandbox->mishaps, provider->id, exchange->request.path, &strike.mishap)) {
		strikes[strike.mishap.kind](&strike);
	} else {
		execute(&strike);
	}
	skew_add(sandbox, provider, &exchange->response);
}

void exchange_run(struct sandbox *sandbox, struct exchange *exchange)
{
	const struct provider *provider = provider_of_path(exchange->request.path);

	response_reset(&exchange->response);
	exchange->way = WAY_ANSWER;
	exchange->delay_ms = 0;
	exchange->pending = false;
	if (!text_utf8(text_of(exchange->request.path), NULL)) {
		response_error(&exchange->response, 400, "the path is not UTF-8");
		return;
	}
	if (control_path(exchange->request.path)) {
		control_handle(sandbox, &exchange->request, &exchange->response);
		return;
	}
	if (provider == NULL)
		response_error(&exchange->response, 404, "no provider is simulated at this path; there is %s",
			provider_names());
	else
		provider_run(sandbox, exchange, provider);
	if (!exchange->pending)
		count(sandbox, exchange);
}

void exchange_resume(struct sandbox *sandbox, struct exchange *exchange)
{
	const struct provider *provider = provider_of_path(exchange->request.path);

	exchange->delay_ms = 0;
	if (provider != NULL)
		hold(sandbox, provider, exchange, false);
	if (provider == NULL || !exchange->pending)
		return;
	exchange->pending = false;
	provider->handle(sandbox, &exchange->request, &exchange->response);
	skew_add(sandbox, provider, &exchange->response);
	count(sandbox, exchange);
}

void exchange_release(struct exchange *exchange)
{
	response_release(&exchange->response);
}
