#include "formats/json_tree.h"

#include <stdint.h>
#include <string.h>

#define NUMBER TEXT("\\u0000") /* before the characters of a number; no string of a frame that is loaded has it */

static bool fails(struct json_problem *problem, size_t at, const char *code, const char *what, const char *cure)
{
	*problem = (struct json_problem){.code = code, .what = what, .cure = cure, .at = at};
	return false;
}

/* Where the token starts that a byte belongs to, or the one before it. */
static size_t token_start(struct text bytes, size_t at)
{
	struct json_lexer lexer = {.in = bytes};
	size_t start = 0;

	while (lexer.at < at && json_next(&lexer) >= TOKEN_MARK)
		start = lexer.start;
	return start;
}

/* What jansson finds in bytes that keep to the grammar. */
static bool refused(const struct json_frame *frame, const json_error_t *error, struct json_problem *problem)
{
	size_t position = error->position > 0 ? (size_t)error->position : 0;
	size_t at = token_start(
		frame->bytes, frame->scan.numbers ? json_unquoted(frame->bytes, NUMBER, position) : position);

	if (json_error_code(error) == json_error_duplicate_key)
		return fails(
			problem, at, "JSON_DUPLICATE_KEY", "the object has this name twice", "Keep one of the two.");
	if (strstr(error->text, "Unicode") != NULL)
		return fails(problem, at, "FIELD_CHARACTERS",
			"half of a surrogate pair stands here, which is no character",
			"Write the character itself, or both halves of its escape.");
	return fails(problem, at, "JSON_SYNTAX", "this can't be read as JSON", "Write it anew.");
}

/* The frame, with its numbers in quotes where it has some. */
static bool quote(struct json_tree *tree, const struct json_frame *frame, struct text *json)
{
	*json = frame->bytes;
	if (!frame->scan.numbers)
		return true;
	buf_reset(&tree->quoted);
	json->ptr = buf_room(&tree->quoted, json_quoted_max(frame->bytes, NUMBER));
	return json_quote_numbers(frame->bytes, NUMBER, JSON_DEPTH_MAX, tree->quoted.data, &json->len);
}

bool json_tree_load(struct json_tree *tree, const struct json_frame *frame, struct json_problem *problem)
{
	const struct json_scan *scan = &frame->scan;
	struct text json;
	json_error_t error;

	json_decref(tree->root);
	tree->root = NULL;
	tree->frame = frame;
	if (scan->wrong != NULL)
		return fails(problem, scan->wrong_at, "JSON_SYNTAX", scan->wrong, "Correct it there.");
	if (scan->nul)
		return fails(problem, scan->nul_at, "FIELD_CHARACTERS", "the string holds a NUL character",
			"Take \\u0000 out.");
	if (scan->kind != KIND_OBJECT)
		return fails(problem, 0, "JSON_TYPE", json_kind_name(scan->kind),
			"Write each payout as an object: {\"reference\": ..., \"amount\": \"12.50\", ...}.");
	if (!quote(tree, frame, &json))
		return fails(problem, 0, "JSON_SYNTAX", "this can't be read as JSON", "Write it anew.");
	tree->root = json_loadb(json.ptr, json.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	return tree->root != NULL || refused(frame, &error, problem);
}

void json_tree_release(struct json_tree *tree)
{
	json_decref(tree->root);
	tree->root = NULL;
	buf_release(&tree->quoted);
}

struct text json_tree_text(const json_t *value, enum json_kind *kind)
{
	struct text text = {0};

	switch (json_typeof(value)) {
	case JSON_STRING:
		text = (struct text){json_string_value(value), json_string_length(value)};
		*kind = text.len > 0 && text.ptr[0] == '\0' ? KIND_NUMBER : KIND_STRING;
		if (*kind == KIND_NUMBER)
			text = (struct text){text.ptr + 1, text.len - 1};
		break;
	case JSON_OBJECT:
		*kind = KIND_OBJECT;
		break;
	case JSON_ARRAY:
		*kind = KIND_ARRAY;
		break;
	case JSON_NULL:
		*kind = KIND_NONE;
		break;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_INTEGER:
	case JSON_REAL:
	default:
		*kind = KIND_WORD;
	}
	return text;
}

/* A colon at a depth stands behind each name. */
static bool is_colon(const struct json_lexer *lexer, enum json_token token)
{
	return token == TOKEN_MARK && json_mark(lexer) == ':';
}

static int deeper(const struct json_lexer *lexer, enum json_token token)
{
	char mark = token == TOKEN_MARK ? json_mark(lexer) : ',';

	return (mark == '{' || mark == '[') - (mark == '}' || mark == ']');
}

struct json_place json_tree_place(const struct json_tree *tree, size_t member, size_t inner)
{
	struct json_lexer lexer = {.in = tree->frame->bytes};
	size_t outer_left = member + 1, inner_left = inner == SIZE_MAX ? 0 : inner + 1;
	int depth = 0;
	enum json_token token;

	while ((outer_left > 0 || inner_left > 0) && (token = json_next(&lexer)) >= TOKEN_MARK) {
		depth += deeper(&lexer, token);
		if (depth == 1 && is_colon(&lexer, token) && outer_left > 0)
			outer_left--;
		else if (depth == 2 && is_colon(&lexer, token) && outer_left == 0)
			inner_left--;
	}
	(void)json_next(&lexer);
	return json_frame_place(tree->frame, lexer.start);
}
