#include "formats/json_look.h"

#include <string.h>

#include "base/json_lexer.h"
#include "formats/look.h"
#include "values/column.h"

static bool is_line_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

/* Members that only a document has, around its payouts. */
static bool frames_payouts(struct text string)
{
	struct text name = {string.ptr + 1, string.len - 2};

	return column_name_is(name, "payouts") || column_name_is(name, "batch_id") || column_name_is(name, "control");
}

static bool has_line_end(struct text text)
{
	return memchr(text.ptr, '\n', text.len) != NULL || memchr(text.ptr, '\r', text.len) != NULL;
}

/* An object by itself: payouts a line look like it as well as a document does. One that goes on over lines, or has the
 * members of a document, is one. */
static enum json_look look_object(struct text head)
{
	struct json_lexer lexer = {.in = head, .more = true};
	enum json_token token;
	bool name = false;
	int depth = 0;

	while ((token = json_next(&lexer)) >= TOKEN_MARK) {
		char mark = token == TOKEN_MARK ? json_mark(&lexer) : '\0';

		if (name && depth == 1 && token == TOKEN_STRING &&
			frames_payouts((struct text){head.ptr + lexer.start, lexer.at - lexer.start}))
			return LOOK_JSON;
		name = mark == '{' || mark == ',';
		depth += (mark == '{' || mark == '[') - (mark == '}' || mark == ']');
		if (depth <= 0)
			break;
	}
	return has_line_end((struct text){head.ptr, lexer.start}) ? LOOK_JSON : LOOK_NDJSON;
}

enum json_look json_look(struct text head)
{
	head = text_trim(head); /* a byte order mark, too */
	while (head.len > 0 && (is_line_end(head.ptr[0]) || head.ptr[0] == ' ' || head.ptr[0] == '\t')) {
		head.ptr++;
		head.len--;
	}
	if (head.len == 0)
		return LOOK_NO_JSON;
	if (head.ptr[0] == '[')
		return LOOK_JSON;
	return head.ptr[0] == '{' ? look_object(head) : LOOK_NO_JSON;
}

bool json_look_binary(struct source *source, struct refusal *refusal, struct fault *fault)
{
	char head[LOOK_BYTES];
	const struct look *look;
	size_t len;

	if (!source_peek(source, head, sizeof(head), &len, fault))
		return false;
	look = look_binary((struct text){head, len});
	if (look != NULL)
		refusal_set(
			refusal, "FILE_ENCODING", 1, look->cure, "this is no JSON file: it looks like %s", look->what);
	return true;
}
