/* The circle half: which operation a request is for, and what stands before every one (providers/circle.md, A2, A3). */
#include "cmd/sandbox/circle.h"

#include <strings.h>

static void circle_handle(struct sandbox *sandbox, const struct request *request, struct response *response);
static void circle_unauthorized(struct response *response);
static void circle_throttled(struct response *response);
static void *circle_open(void);
static void circle_reset(void *state);
static void circle_close(void *state);

const struct provider provider_circle = {
	.id = PROVIDER_CIRCLE,
	.name = "circle",
	.base_path = "/circle",
	.open = circle_open,
	.reset = circle_reset,
	.close = circle_close,
	.handle = circle_handle,
	.unauthorized = circle_unauthorized,
	.throttled = circle_throttled,
	.announce = circle_notice_announce,
	.delivery = &circle_delivery,
	.state = circle_payout_state,
	.balance_known = circle_balance_known,
	.fee_known = circle_fee_known,
};

enum route_flags {
	ROUTE_OPEN = 1,   /* no credentials */
	ROUTE_BODY = 2,   /* a JSON body */
	ROUTE_KEYED = 4,  /* ... with an idempotencyKey */
	ROUTE_LEGACY = 8, /* call->legacy */
};

/* {} stands for one segment, the id. */
static const struct route {
	const char *method;
	const char *path;
	unsigned flags;
	void (*run)(struct circle_call *call);
} routes[] = {
	{"GET", "/ping", ROUTE_OPEN, circle_ping},
	{"GET", "/v1/configuration", 0, circle_configuration},
	{"GET", "/v1/businessAccount/balances", 0, circle_balances},
	{"GET", "/v1/balances", ROUTE_LEGACY, circle_balances},
	{"POST", "/v1/businessAccount/payouts", ROUTE_BODY | ROUTE_KEYED, circle_payout_create},
	{"GET", "/v1/businessAccount/payouts", 0, circle_payout_list},
	{"GET", "/v1/businessAccount/payouts/{}", 0, circle_payout_get},
	{"POST", "/v1/payouts", ROUTE_BODY | ROUTE_KEYED | ROUTE_LEGACY, circle_payout_create},
	{"GET", "/v1/payouts", ROUTE_LEGACY, circle_payout_list},
	{"GET", "/v1/payouts/{}", ROUTE_LEGACY, circle_payout_get},
	{"GET", "/v1/returns", ROUTE_LEGACY, circle_return_list},
	{"POST", "/v1/businessAccount/banks/wires", ROUTE_BODY | ROUTE_KEYED, circle_wire_create},
	{"GET", "/v1/businessAccount/banks/wires", 0, circle_wire_list},
	{"GET", "/v1/businessAccount/banks/wires/{}", 0, circle_wire_get},
	{"GET", "/v1/businessAccount/banks/wires/{}/instructions", 0, circle_wire_instructions},
	{"POST", "/v1/banks/wires", ROUTE_BODY | ROUTE_KEYED | ROUTE_LEGACY, circle_wire_create},
	{"GET", "/v1/banks/wires", ROUTE_LEGACY, circle_wire_list},
	{"GET", "/v1/banks/wires/{}", ROUTE_LEGACY, circle_wire_get},
	{"GET", "/v1/banks/wires/{}/instructions", ROUTE_LEGACY, circle_wire_instructions},
	{"POST", "/v1/addressBook/recipients", ROUTE_BODY | ROUTE_KEYED, circle_recipient_create},
	{"GET", "/v1/addressBook/recipients", 0, circle_recipient_list},
	{"GET", "/v1/addressBook/recipients/{}", 0, circle_recipient_get},
	{"PATCH", "/v1/addressBook/recipients/{}", ROUTE_BODY, circle_recipient_patch},
	{"DELETE", "/v1/addressBook/recipients/{}", 0, circle_recipient_delete},
	{"GET", "/v1/addressBook/vasps", 0, circle_vasps},
	{"POST", "/v1/mocks/payments/wire", ROUTE_BODY, circle_mock_wire},
	{"POST", "/v1/notifications/subscriptions", ROUTE_BODY, circle_subscription_create},
	{"GET", "/v1/notifications/subscriptions", 0, circle_subscription_list},
	{"DELETE", "/v1/notifications/subscriptions/{}", 0, circle_subscription_delete},
	{"GET", "/sns/confirm", ROUTE_OPEN, circle_subscription_confirm},
	{"GET", "/sns/certificate.pem", ROUTE_OPEN, circle_certificate},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

static void *circle_open(void)
{
	return memory_new(sizeof(struct circle_state));
}

static void state_release(struct circle_state *state)
{
	arena_release(&state->memory);
	map_release(&state->keys);
	map_release(&state->wires_by_id);
	map_release(&state->recipients_by_id);
	due_release(&state->credits);
	list_release(&state->subscriptions);
	list_release(&state->business);
	list_release(&state->payouts);
	list_release(&state->wires);
	list_release(&state->recipients);
}

/* Ids are random: nothing has to be remembered for them to stay new. The signer's key takes long to make. */
static void circle_reset(void *state)
{
	struct circle_state *circle = state;
	struct circle_signer signer = circle->signer;

	state_release(circle);
	memset(circle, 0, sizeof(*circle));
	circle->signer = signer;
}

static void circle_close(void *state)
{
	struct circle_state *circle = state;

	circle_signer_release(&circle->signer);
	state_release(circle);
	free(circle);
}

/* The client's own id where it is a UUID, else a new one (assumed; A2). */
static void request_id_add(const struct request *request, struct response *response)
{
	const char *given = request == NULL ? NULL : request_header(request, "X-Request-Id");
	char parsed[UUID_LEN];
	char made[UUID_SIZE];

	if (given == NULL || !uuid_parse(text_of(given), parsed)) {
		uuid_new(made);
		given = made;
	}
	response_header(response, "X-Request-Id", given);
}

static void circle_unauthorized(struct response *response)
{
	circle_refuse_status(response, 401, "Malformed authorization. Are the credentials properly encoded?");
	request_id_add(NULL, response);
}

static void circle_throttled(struct response *response)
{
	circle_refuse_status(response, 429, "Too many requests.");
	request_id_add(NULL, response);
}

/* The key says which company the account belongs to (assumed: ours have an ending for it). */
static bool authenticate(struct circle_call *call)
{
	static const struct {
		const char *key;
		enum circle_entity entity;
	} keys[] = {{CIRCLE_KEY, CIRCLE_LLC}, {CIRCLE_KEY "_SG", CIRCLE_SG}, {CIRCLE_KEY "_FR", CIRCLE_FR}};
	const char *given = request_header(call->request, "Authorization");
	size_t i;

	if (given == NULL || strncasecmp(given, "Bearer ", 7) != 0)
		return false;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(given + 7, keys[i].key) != 0)
			continue;
		call->entity = keys[i].entity;
		return true;
	}
	return false;
}

static bool body_read(struct circle_call *call)
{
	if (!request_is_json(call->request))
		return circle_refuse(call, CIRCLE_INVALID_ENTITY, "Content-Type must be application/json.");
	if (!document_parse(&call->sandbox->document, call->request->body))
		return circle_refuse(call, CIRCLE_INVALID_ENTITY, "%s", call->sandbox->document.error);
	call->root = call->sandbox->document.root;
	return true;
}

/* NULL after having answered: no such path, or not with this method (assumed: 404 and 405 in the same envelope). */
static const struct route *route_find(struct circle_call *call)
{
	const char *path = call->request->path + strlen(provider_circle.base_path);
	const char *allowed = NULL;
	size_t i;

	for (i = 0; i < ROUTES; i++) {
		if (!path_matches(path, routes[i].path, &call->id))
			continue;
		if (strcmp(call->request->method, routes[i].method) == 0)
			return &routes[i];
		allowed = routes[i].method;
	}
	if (allowed == NULL) {
		circle_refuse_status(call->response, 404, "Not found.");
		return NULL;
	}
	circle_refuse_status(call->response, 405, "Method not allowed.");
	response_header(call->response, "Allow", allowed);
	return NULL;
}

/* What anybody may ask for. */
static bool open_path(const char *path)
{
	size_t base = strlen(provider_circle.base_path);
	struct text id;
	size_t i;

	for (i = 0; i < ROUTES; i++)
		if ((routes[i].flags & ROUTE_OPEN) != 0 && path_matches(path + base, routes[i].path, &id))
			return true;
	return false;
}

static void route_run(struct circle_call *call)
{
	const struct route *route = NULL;
	bool known = authenticate(call);

	/* Who may not ask is not told which paths there are. */
	if (!known && !open_path(call->request->path))
		circle_refuse_status(
			call->response, 401, "Malformed authorization. Are the credentials properly encoded?");
	else
		route = route_find(call);
	if (route == NULL)
		return;
	call->legacy = (route->flags & ROUTE_LEGACY) != 0;
	if ((route->flags & ROUTE_BODY) != 0 && !body_read(call))
		return;
	if ((route->flags & ROUTE_KEYED) != 0 && !circle_key_take(call))
		return;
	route->run(call);
}

static void circle_handle(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	struct circle_call call = {
		.sandbox = sandbox,
		.state = sandbox->states[PROVIDER_CIRCLE],
		.request = request,
		.response = response,
	};

	route_run(&call);
	request_id_add(request, response);
	buf_release(&call.errors);
	buf_release(&call.message);
}
