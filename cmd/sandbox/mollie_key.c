/* Idempotency (providers/mollie.md, B8): a key is known for one hour of the sandbox's clock. Assumed: its scope is the
 * organization, so that the token does not matter; 2xx, 400 and 422 are kept, what stands before an operation (401,
 * 403, 404 of a path, 405, 415), 429 and 5xx are not. */
#include "cmd/sandbox/mollie.h"

static struct mollie_key *key_find(const struct mollie_state *state, const struct request *request)
{
	const char *key = request_header(request, "Idempotency-Key");

	return key == NULL ? NULL : map_get(&state->keys, text_of(key));
}

/* NULL: the request has none. */
static struct mollie_key *key_make(struct mollie_state *state, const struct request *request)
{
	const char *text = request_header(request, "Idempotency-Key");
	struct mollie_key *key = key_find(state, request);

	if (text == NULL || text[0] == '\0' || key != NULL)
		return key;
	key = arena_alloc(&state->memory, sizeof(*key));
	key->key = text_copy(&state->memory, text_of(text));
	map_put(&state->keys, key->key, key);
	return key;
}

static void replay(struct mollie_call *call, const struct mollie_key *key)
{
	if (key->payout != NULL)
		mollie_payout_created(call, key->payout);
	else
		buf_addt(mollie_answer(call, key->status), key->body);
	response_header(call->response, "Idempotent-Replayed", "true");
}

/* Endpoint, mode and parameters, in whatever order they came (assumed). */
static void digest_make(struct mollie_call *call)
{
	struct buf head = {NULL, 0, 0};

	buf_addf(&head, "%s %s %d", call->request->method, call->request->path, (int)call->mode);
	document_digest(&call->sandbox->document, buf_str(&head), NULL, call->digest);
	buf_release(&head);
}

bool mollie_key_take(struct mollie_call *call)
{
	const char *text = request_header(call->request, "Idempotency-Key");
	const struct mollie_key *key = key_find(call->state, call->request);

	/* Any string (B8); one that no answer could show is none (assumed). */
	if (text != NULL && !text_utf8(text_of(text), NULL))
		return mollie_refuse(call->response, 400, NULL, "The idempotency key is not UTF-8.");
	digest_make(call);
	if (key == NULL)
		return true;
	if (key->running > 0)
		return mollie_refuse(
			call->response, 409, NULL, "A request with this idempotency key is still being processed.");
	if (!key->answered || sandbox_now_ms(call->sandbox) - key->answered_ms >= MOLLIE_KEY_MS)
		return true;
	if (memcmp(key->digest, call->digest, sizeof(call->digest)) != 0)
		return mollie_refuse(call->response, 400, NULL,
			"This idempotency key was used with another endpoint or other parameters.");
	replay(call, key);
	return false;
}

void mollie_key_keep(struct mollie_call *call)
{
	unsigned status = call->response->status;
	struct mollie_key *key;

	if (call->request->dry || status >= 500 || status == 429)
		return;
	key = key_make(call->state, call->request);
	if (key == NULL)
		return;
	key->answered = true;
	key->answered_ms = sandbox_now_ms(call->sandbox);
	memcpy(key->digest, call->digest, sizeof(key->digest));
	key->payout = call->created;
	key->status = status;
	key->body = (struct text){NULL, 0};
	if (call->created == NULL)
		key->body = text_copy(&call->state->memory, buf_text(&call->response->body));
}

/* Only while it is held up can a second request come between a first one and its answer: there is one thread. */
void mollie_key_hold(struct sandbox *sandbox, const struct request *request, bool held)
{
	struct mollie_state *state = sandbox->states[PROVIDER_MOLLIE];
	struct mollie_key *key;

	if (strcmp(request->method, "POST") != 0)
		return;
	if (held) {
		key = key_make(state, request);
		if (key != NULL)
			key->running++;
		return;
	}
	/* A reset in between forgets it. */
	key = key_find(state, request);
	if (key != NULL && key->running > 0)
		key->running--;
}
