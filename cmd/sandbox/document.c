#include "cmd/sandbox/document.h"

#include <openssl/evp.h>

#include "base/arena.h"

static bool is_digit(struct text body, size_t at)
{
	return at < body.len && body.ptr[at] >= '0' && body.ptr[at] <= '9';
}

static size_t digits_end(struct text body, size_t at)
{
	while (is_digit(body, at))
		at++;
	return at;
}

/* The end of the number token that starts at `at` (RFC 8259, section 6), or `at` where there is none. */
static size_t number_end(struct text body, size_t at)
{
	size_t start = at;
	size_t digits;

	if (body.ptr[at] == '-')
		at++;
	digits = digits_end(body, at);
	if (digits == at || (body.ptr[at] == '0' && digits > at + 1))
		return start;
	at = digits;
	if (at < body.len && body.ptr[at] == '.') {
		digits = digits_end(body, at + 1);
		if (digits == at + 1)
			return start;
		at = digits;
	}
	if (at < body.len && (body.ptr[at] == 'e' || body.ptr[at] == 'E')) {
		at++;
		if (at < body.len && (body.ptr[at] == '+' || body.ptr[at] == '-'))
			at++;
		digits = digits_end(body, at);
		if (digits == at)
			return start;
		at = digits;
	}
	return at;
}

static size_t string_end(struct text body, size_t at)
{
	for (at++; at < body.len && body.ptr[at] != '"'; at++)
		if (body.ptr[at] == '\\')
			at++;
	return at < body.len ? at + 1 : body.len;
}

static void number_keep(struct document *document, struct text token)
{
	if (document->count == document->cap) {
		document->cap = document->cap == 0 ? 16 : document->cap * 2;
		document->numbers = memory_grow(document->numbers, document->cap * sizeof(*document->numbers));
	}
	buf_addi(&document->rewritten, (int64_t)document->count);
	document->numbers[document->count++] = token;
}

/* What may follow a number: without this check "1 2" or "01" could come out as one valid index. */
static bool number_ended(struct text body, size_t at)
{
	return at == body.len || strchr(" \t\r\n,]}", body.ptr[at]) != NULL;
}

static bool rewrite(struct document *document, struct text body)
{
	size_t at = 0;
	size_t end;

	while (at < body.len) {
		char byte = body.ptr[at];

		if (byte == '"') {
			end = string_end(body, at);
			buf_add(&document->rewritten, body.ptr + at, end - at);
		} else if (byte == '-' || (byte >= '0' && byte <= '9')) {
			end = number_end(body, at);
			if (end == at || !number_ended(body, end)) {
				snprintf(document->error, sizeof(document->error),
					"the number at byte %zu is not a JSON number", at + 1);
				return false;
			}
			number_keep(document, (struct text){body.ptr + at, end - at});
		} else {
			end = at + 1;
			buf_addc(&document->rewritten, byte);
		}
		at = end;
	}
	return true;
}

bool document_parse(struct document *document, struct text body)
{
	json_error_t error;

	json_decref(document->root);
	document->root = NULL;
	document->count = 0;
	buf_reset(&document->rewritten);
	if (memchr(body.len > 0 ? body.ptr : "", 0, body.len) != NULL) {
		snprintf(document->error, sizeof(document->error), "the body has a NUL byte");
		return false;
	}
	if (!rewrite(document, body))
		return false;
	document->root =
		json_loadb(buf_str(&document->rewritten), document->rewritten.len, JSON_REJECT_DUPLICATES, &error);
	if (document->root == NULL) {
		snprintf(document->error, sizeof(document->error), "not JSON: %.120s", error.text);
		return false;
	}
	if (!json_is_object(document->root)) {
		snprintf(document->error, sizeof(document->error), "the body is not a JSON object");
		return false;
	}
	return true;
}

struct text document_number(const struct document *document, const json_t *value)
{
	if (!json_is_integer(value))
		return (struct text){NULL, 0};
	return document->numbers[json_integer_value(value)];
}

struct text document_string(const json_t *value)
{
	if (!json_is_string(value))
		return (struct text){NULL, 0};
	return (struct text){json_string_value(value), json_string_length(value)};
}

bool document_whole(const struct document *document, const json_t *value, int64_t max, int64_t *whole)
{
	return text_number(document_number(document, value), max, whole);
}

void document_digest(const struct document *document, const char *head, const char *without, unsigned char digest[32])
{
	struct buf whole = {NULL, 0, 0};
	json_t *body = json_copy(document->root);
	char *canonical;
	size_t i;

	if (without != NULL)
		json_object_del(body, without);
	canonical = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	buf_addf(&whole, "%s\n%s", head, canonical);
	/* Numbers stand in it as indexes, so their tokens follow. */
	for (i = 0; i < document->count; i++) {
		buf_addc(&whole, '\n');
		buf_addt(&whole, document->numbers[i]);
	}
	EVP_Q_digest(NULL, "SHA256", NULL, whole.data, whole.len, digest, NULL);
	free(canonical);
	json_decref(body);
	buf_release(&whole);
}

void document_release(struct document *document)
{
	json_decref(document->root);
	buf_release(&document->rewritten);
	free(document->numbers);
	*document = (struct document){0};
}
