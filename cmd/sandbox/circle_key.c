/* Idempotency (providers/circle.md, A12): a key is bound for ever to the first request that was executed under it; a
 * refused one binds nothing (assumed: A9 leaves it open). */
#include "cmd/sandbox/circle.h"

struct bound {
	char key[UUID_LEN];
	unsigned char digest[32];
	const struct payout *payout; /* its answer is written anew; else: */
	struct text body;
	unsigned status;
};

/* Method, path and the body without its key, in whatever order its members came (assumed; A12). */
static void digest_of(const struct circle_call *call, unsigned char out[32])
{
	struct buf head = {NULL, 0, 0};

	buf_addf(&head, "%s %s", call->request->method, call->request->path);
	document_digest(&call->sandbox->document, buf_str(&head), "idempotencyKey", out);
	buf_release(&head);
}

static void replay(struct circle_call *call, const struct bound *bound)
{
	if (bound->payout != NULL) {
		circle_payout_created(call, bound->payout);
		return;
	}
	response_json(call->response, bound->status);
	buf_addt(&call->response->body, bound->body);
}

bool circle_key_take(struct circle_call *call)
{
	const json_t *value = json_object_get(call->root, "idempotencyKey");
	const struct bound *bound;

	if (value == NULL || json_is_null(value)) {
		circle_wrong(
			call, "required", "idempotencyKey", NULL, NULL, "idempotencyKey may not be null (was null)");
		return circle_checked(call);
	}
	if (!uuid_parse(document_string(value), call->key)) {
		circle_wrong(call, "invalid_value", "idempotencyKey", value, NULL, "idempotencyKey must be a UUID");
		return circle_checked(call);
	}
	digest_of(call, call->digest);
	bound = map_get(&call->state->keys, (struct text){call->key, UUID_LEN});
	if (bound == NULL)
		return true;
	if (memcmp(bound->digest, call->digest, sizeof(call->digest)) != 0)
		return circle_refuse(call, CIRCLE_KEY_BOUND, "The idempotency key is bound to another request.");
	replay(call, bound);
	return false;
}

void circle_key_bind(struct circle_call *call, const struct payout *payout)
{
	struct bound *bound = arena_alloc(&call->state->memory, sizeof(*bound));

	memcpy(bound->key, call->key, UUID_LEN);
	memcpy(bound->digest, call->digest, sizeof(bound->digest));
	bound->payout = payout;
	bound->status = call->response->status;
	if (payout == NULL)
		bound->body = text_copy(&call->state->memory, buf_text(&call->response->body));
	map_put(&call->state->keys, (struct text){bound->key, UUID_LEN}, bound);
}
