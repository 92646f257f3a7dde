/* Logging in (providers/pontis.md, section 1.3). Tokens live on real time, not on the sandbox's clock. */
#include "cmd/sandbox/pontis.h"
#include "cmd/sandbox/pontis_seal.h"

static void mac_add(struct buf *out, const struct pontis_state *state, struct text signed_part)
{
	unsigned char mac[32];

	pontis_mac(state->token_secret, signed_part, mac);
	buf_addc(out, '.');
	base64url_encode(out, mac, sizeof(mac));
}

void pontis_token_write(struct pontis_state *state, int64_t now_ms, struct buf *out)
{
	static const char head[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	struct buf claims = {NULL, 0, 0};
	struct buf token = {NULL, 0, 0};

	state->tokens++;
	buf_addf(&claims, "{\"sub\":\"" PONTIS_EMAIL "\",\"mode\":\"sandbox\",\"jti\":%lld,\"iat\":%lld,\"exp\":%lld}",
		(long long)state->tokens, (long long)now_ms / 1000, (long long)now_ms / 1000 + PONTIS_TOKEN_S);
	base64url_encode(&token, head, sizeof(head) - 1);
	buf_addc(&token, '.');
	base64url_encode(&token, claims.data, claims.len);
	mac_add(&token, state, buf_text(&token));
	buf_addt(out, buf_text(&token));
	buf_release(&claims);
	buf_release(&token);
}

/* The claims of a token whose signature is ours. */
static bool claims_read(const struct pontis_state *state, struct text token, struct document *claims, struct buf *bytes)
{
	const char *first = token.len == 0 ? NULL : memchr(token.ptr, '.', token.len);
	const char *last = first;
	struct buf expected = {NULL, 0, 0};
	bool ours;

	if (first == NULL)
		return false;
	for (const char *at = first + 1; at < token.ptr + token.len; at++)
		if (*at == '.')
			last = at;
	if (last == first)
		return false;
	buf_add(&expected, token.ptr, (size_t)(last - token.ptr));
	mac_add(&expected, state, (struct text){token.ptr, (size_t)(last - token.ptr)});
	ours = text_equal(buf_text(&expected), token) &&
	       base64url_decode((struct text){first + 1, (size_t)(last - first - 1)}, bytes) &&
	       document_parse(claims, buf_text(bytes));
	buf_release(&expected);
	return ours;
}

enum pontis_token pontis_token_check(const struct pontis_state *state, struct text token, int64_t now_ms)
{
	enum pontis_token worth = PONTIS_TOKEN_UNKNOWN;
	struct document claims = {0};
	struct buf bytes = {NULL, 0, 0};
	int64_t serial;
	int64_t end_s;

	if (!claims_read(state, token, &claims, &bytes))
		goto out;
	if (!document_whole(&claims, json_object_get(claims.root, "jti"), INT64_MAX, &serial) ||
		!document_whole(&claims, json_object_get(claims.root, "exp"), INT64_MAX, &end_s))
		goto out;
	worth = now_ms / 1000 >= end_s || serial <= state->tokens_expired ? PONTIS_TOKEN_OVER : PONTIS_TOKEN_GOOD;
out:
	document_release(&claims);
	buf_release(&bytes);
	return worth;
}

void pontis_login(struct pontis_call *call)
{
	struct buf *body = &call->response->body;
	struct text email;
	struct text password;

	if (!pontis_string(call, call->payload, "email", &email) ||
		!pontis_string(call, call->payload, "password", &password))
		return;
	/* The code for wrong ones is not documented (assumed). */
	if (!text_is(email, PONTIS_EMAIL) || !text_is(password, PONTIS_PASSWORD)) {
		pontis_refuse(call->response, PONTIS_UNAUTHORIZED, "The email or the password is wrong");
		return;
	}
	response_json(call->response, 200);
	buf_addz(body, "{\"ok\":true,\"data\":{\"access_token\":\"");
	pontis_token_write(call->state, sandbox_real_ms(call->sandbox), body);
	buf_addf(body, "\",\"token_type\":\"Bearer\",\"expires_in\":%d}}", PONTIS_TOKEN_S);
}
