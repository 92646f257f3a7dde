/* The mollie half: which operation a request is for, and what stands before every one (providers/mollie.md, B2, B3). */
#include "cmd/sandbox/mollie.h"

#include <strings.h>

static void mollie_handle(struct sandbox *sandbox, const struct request *request, struct response *response);
static void mollie_unauthorized(struct response *response);
static void mollie_throttled(struct response *response);
static void *mollie_open(void);
static void mollie_reset(void *state);
static void mollie_close(void *state);

const struct provider provider_mollie = {
	.id = PROVIDER_MOLLIE,
	.name = "mollie",
	.base_path = "/mollie",
	.open = mollie_open,
	.reset = mollie_reset,
	.close = mollie_close,
	.handle = mollie_handle,
	.unauthorized = mollie_unauthorized,
	.throttled = mollie_throttled,
	.hold = mollie_key_hold,
	.announce = mollie_event_announce,
	.delivery = &mollie_delivery,
	.state = mollie_payout_state,
	.balance_known = mollie_balance_known,
};

/* {} stands for one segment, the id. */
static const struct route {
	const char *method;
	const char *path;
	bool token; /* an API key has no right to it (B2, B11) */
	void (*run)(struct mollie_call *call);
} routes[] = {
	{"POST", "/v2/payouts", false, mollie_payout_create},
	{"GET", "/v2/payouts", false, mollie_payout_list},
	{"GET", "/v2/payouts/{}", false, mollie_payout_get},
	{"DELETE", "/v2/payouts/{}", false, mollie_payout_cancel},
	{"GET", "/v2/balances", true, mollie_balance_list},
	{"GET", "/v2/balances/{}", true, mollie_balance_get},
	{"POST", "/v2/webhooks", true, mollie_webhook_create},
	{"GET", "/v2/webhooks", true, mollie_webhook_list},
	{"GET", "/v2/webhooks/{}", true, mollie_webhook_get},
	{"PATCH", "/v2/webhooks/{}", true, mollie_webhook_update},
	{"DELETE", "/v2/webhooks/{}", true, mollie_webhook_delete},
	{"POST", "/v2/webhooks/{}/ping", true, mollie_webhook_ping},
	{"GET", "/v2/events/{}", true, mollie_event_get},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

static void *mollie_open(void)
{
	return memory_new(sizeof(struct mollie_state));
}

static void state_release(struct mollie_state *state)
{
	size_t i;

	for (i = 0; i < state->balances.cap; i++) {
		struct mollie_balance *balance = state->balances.slots[i].value;

		if (balance != NULL)
			list_release(&balance->payouts);
	}
	arena_release(&state->memory);
	map_release(&state->keys);
	map_release(&state->balances);
	list_release(&state->balance_list);
	map_release(&state->payouts_by_id);
	list_release(&state->payouts);
	list_release(&state->webhooks);
	map_release(&state->webhooks_by_id);
	map_release(&state->events);
	due_release(&state->moves);
}

static void mollie_reset(void *state)
{
	state_release(state);
	memset(state, 0, sizeof(struct mollie_state));
}

static void mollie_close(void *state)
{
	state_release(state);
	free(state);
}

static void mollie_unauthorized(struct response *response)
{
	mollie_refuse(response, 401, NULL, "Missing authentication, or failed to authenticate");
}

static void mollie_throttled(struct response *response)
{
	mollie_refuse(response, 429, NULL, "You have exceeded the rate limit. Please slow down your requests.");
}

/* An API key brings its mode; an access token is of live mode unless a request says otherwise. */
static bool authenticate(struct mollie_call *call)
{
	static const struct {
		const char *key;
		bool token;
		enum mollie_mode mode;
	} keys[] = {{MOLLIE_KEY, false, MOLLIE_TEST}, {MOLLIE_LIVE_KEY, false, MOLLIE_LIVE},
		{MOLLIE_TOKEN, true, MOLLIE_LIVE}};
	const char *given = request_header(call->request, "Authorization");
	size_t i;

	for (i = 0; given != NULL && i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strncasecmp(given, "Bearer ", 7) != 0 || strcmp(given + 7, keys[i].key) != 0)
			continue;
		call->token = keys[i].token;
		call->mode = keys[i].mode;
		return true;
	}
	mollie_unauthorized(call->response);
	return false;
}

/* NULL after having answered. */
static const struct route *route_find(struct mollie_call *call)
{
	const char *path = call->request->path + strlen(provider_mollie.base_path);
	struct buf allowed = {NULL, 0, 0};
	const struct route *found = NULL;
	size_t i;

	for (i = 0; i < ROUTES && found == NULL; i++) {
		if (!path_matches(path, routes[i].path, &call->id))
			continue;
		if (strcmp(call->request->method, routes[i].method) == 0)
			found = &routes[i];
		else
			buf_addf(&allowed, "%s%s", allowed.len > 0 ? ", " : "", routes[i].method);
	}
	if (found == NULL && allowed.len == 0) {
		mollie_refuse(call->response, 404, NULL, "There is no such resource.");
	} else if (found == NULL) {
		mollie_refuse(call->response, 405, NULL, "The resource does not have this method.");
		response_header(call->response, "Allow", buf_str(&allowed));
	}
	buf_release(&allowed);
	return found;
}

/* A POST need not have a body (B11: ping). Malformed JSON is 400 (assumed). */
static bool body_read(struct mollie_call *call)
{
	struct text body = call->request->body;

	if (body.len > 0 && !request_is_json(call->request))
		return mollie_refuse(call->response, 415, NULL, "Content-Type must be application/json.");
	if (!document_parse(&call->sandbox->document, body.len > 0 ? body : TEXT("{}")))
		return mollie_refuse(call->response, 400, NULL, "%s", call->sandbox->document.error);
	call->root = call->sandbox->document.root;
	return true;
}

/* testmode in the body (B2); with an API key it must not be there. */
static bool testmode_body(struct mollie_call *call)
{
	const json_t *testmode = json_object_get(call->root, "testmode");

	if (testmode == NULL || json_is_null(testmode))
		return true;
	if (!call->token)
		return mollie_refuse(call->response, 422, "testmode", "testmode is not allowed with an API key.");
	if (!json_is_boolean(testmode))
		return mollie_refuse(call->response, 422, "testmode", "testmode must be true or false.");
	call->mode = json_is_true(testmode) ? MOLLIE_TEST : MOLLIE_LIVE;
	return true;
}

/* testmode in the query of GET and DELETE (B2); status 400, as of a cursor that is wrong (assumed). */
static bool testmode_query(struct mollie_call *call)
{
	const char *testmode = request_argument(call->request, "testmode");

	if (testmode == NULL)
		return true;
	if (!call->token)
		return mollie_refuse(call->response, 400, "testmode", "testmode is not allowed with an API key.");
	if (strcmp(testmode, "true") != 0 && strcmp(testmode, "false") != 0)
		return mollie_refuse(call->response, 400, "testmode", "testmode must be true or false.");
	call->mode = strcmp(testmode, "true") == 0 ? MOLLIE_TEST : MOLLIE_LIVE;
	return true;
}

static void route_run(struct mollie_call *call)
{
	const struct route *route;

	/* Who may not ask is not told which paths there are. */
	if (!authenticate(call))
		return;
	route = route_find(call);
	if (route == NULL)
		return;
	if (route->token && !call->token) {
		mollie_refuse(call->response, 403, NULL, "An API key has no right to this resource.");
		return;
	}
	/* A DELETE may say testmode in a body as well (assumed: the official TypeScript library sends it so). */
	if (strcmp(route->method, "POST") != 0 && !testmode_query(call))
		return;
	if (strcmp(route->method, "GET") != 0 && (!body_read(call) || !testmode_body(call)))
		return;
	if (strcmp(route->method, "POST") == 0 && !mollie_key_take(call))
		return;
	route->run(call);
	if (strcmp(route->method, "POST") == 0)
		mollie_key_keep(call);
}

static void mollie_handle(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	struct mollie_call call = {
		.sandbox = sandbox,
		.state = sandbox->states[PROVIDER_MOLLIE],
		.request = request,
		.response = response,
	};

	route_run(&call);
}
