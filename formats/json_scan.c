#include "formats/json_scan.h"

#include <assert.h>

static const char *const missing[] = {
	[EXPECT_VALUE] = "a value is missing before this",
	[EXPECT_VALUE_OR_END] = "a value or ] is missing before this",
	[EXPECT_NAME] = "a name in quotes is missing before this",
	[EXPECT_NAME_OR_END] = "a name in quotes or } is missing before this",
	[EXPECT_COLON] = "a colon is missing before this",
	[EXPECT_MORE] = "a comma is missing before this",
};

const char *json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[KIND_NONE] = "null",
		[KIND_OBJECT] = "an object",
		[KIND_ARRAY] = "an array",
		[KIND_STRING] = "text",
		[KIND_NUMBER] = "a number",
		[KIND_WORD] = "true or false",
	};

	return names[kind];
}

static void note(struct json_scan *scan, size_t at, const char *wrong)
{
	if (scan->wrong == NULL) {
		scan->wrong = wrong;
		scan->wrong_at = at;
	}
}

/* What is wrong here is why the end is not sure, whatever was wrong before. */
static enum json_step lost(struct json_scan *scan, size_t at, const char *wrong)
{
	scan->wrong = wrong;
	scan->wrong_at = at;
	return SCAN_LOST;
}

static bool in_object(const struct json_scan *scan)
{
	return (scan->objects >> scan->depth & 1) != 0;
}

static bool wants_value(const struct json_scan *scan)
{
	return scan->expect == EXPECT_VALUE || scan->expect == EXPECT_VALUE_OR_END;
}

bool json_scan_wants_name(const struct json_scan *scan)
{
	return scan->expect == EXPECT_NAME || scan->expect == EXPECT_NAME_OR_END;
}

/* A value ended. */
static enum json_step ended(struct json_scan *scan)
{
	scan->expect = EXPECT_MORE;
	return scan->depth == 0 ? SCAN_DONE : SCAN_MORE;
}

static enum json_step open(struct json_scan *scan, size_t at, bool object)
{
	if (scan->depth == JSON_DEPTH_MAX)
		return lost(scan, at, "objects and arrays stand too deep within one another");
	if (!wants_value(scan))
		note(scan, at, missing[scan->expect]);
	scan->depth++;
	scan->objects &= ~(UINT64_C(1) << scan->depth);
	scan->objects |= (uint64_t)object << scan->depth;
	scan->expect = object ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
	return SCAN_MORE;
}

static enum json_step end(struct json_scan *scan, size_t at, bool object)
{
	if (scan->depth == 0)
		return lost(scan, at, missing[EXPECT_VALUE]);
	if (in_object(scan) != object)
		return lost(scan, at, object ? "this } has no {" : "this ] has no [");
	if (scan->expect == EXPECT_NAME || (scan->expect == EXPECT_VALUE && !object))
		note(scan, at, "a comma stands before this");
	else if (scan->expect == EXPECT_VALUE || scan->expect == EXPECT_COLON)
		note(scan, at, missing[scan->expect]);
	scan->depth--;
	return ended(scan);
}

static enum json_step take_mark(struct json_scan *scan, size_t at, char mark)
{
	switch (mark) {
	case '{':
	case '[':
		if (scan->depth == 0)
			scan->kind = mark == '{' ? KIND_OBJECT : KIND_ARRAY;
		return open(scan, at, mark == '{');
	case '}':
	case ']':
		return end(scan, at, mark == '}');
	case ',':
		if (scan->depth == 0)
			return lost(scan, at, missing[EXPECT_VALUE]);
		if (scan->expect != EXPECT_MORE)
			note(scan, at, missing[scan->expect]);
		scan->expect = in_object(scan) ? EXPECT_NAME : EXPECT_VALUE;
		return SCAN_MORE;
	default:
		if (scan->depth == 0)
			return lost(scan, at, missing[EXPECT_VALUE]);
		if (scan->expect != EXPECT_COLON)
			note(scan, at, "a colon stands where none may");
		scan->expect = EXPECT_VALUE;
		return SCAN_MORE;
	}
}

static enum json_step take_scalar(struct json_scan *scan, size_t at, enum json_kind kind)
{
	if (scan->depth == 0)
		scan->kind = kind;
	if (kind == KIND_STRING && json_scan_wants_name(scan)) {
		scan->expect = EXPECT_COLON;
		return SCAN_MORE;
	}
	if (!wants_value(scan))
		note(scan, at, missing[scan->expect]);
	return ended(scan);
}

enum json_step json_scan_take(struct json_scan *scan, const struct json_lexer *lexer, enum json_token token)
{
	assert(token != TOKEN_CUT);
	if (token == TOKEN_BAD)
		return lost(scan, lexer->bad, lexer->why);
	if (token == TOKEN_END)
		return lost(scan, lexer->start, "the text ends too early");
	if (lexer->why != NULL)
		note(scan, lexer->bad, lexer->why);
	if (token == TOKEN_STRING && lexer->nul && !scan->nul) {
		scan->nul = true;
		scan->nul_at = lexer->start;
	}
	switch (token) {
	case TOKEN_STRING:
		return take_scalar(scan, lexer->start, KIND_STRING);
	case TOKEN_NUMBER:
		scan->numbers = true;
		return take_scalar(scan, lexer->start, KIND_NUMBER);
	case TOKEN_WORD:
		return take_scalar(scan, lexer->start, json_mark(lexer) == 'n' ? KIND_NONE : KIND_WORD);
	case TOKEN_MARK:
	case TOKEN_BAD:
	case TOKEN_CUT:
	case TOKEN_END:
	default:
		return take_mark(scan, lexer->start, json_mark(lexer));
	}
}
