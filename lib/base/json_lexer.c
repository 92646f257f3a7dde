#include "base/json_lexer.h"

#include <string.h>
static int byte_at(const struct json_lexer *lexer, size_t at)
{
	return at < lexer->in.len ? (unsigned char)lexer->in.ptr[at] : -1;
}

static bool is_space(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* The first reason stays. */
static void note(struct json_lexer *lexer, size_t at, const char *why)
{
	if (lexer->why == NULL) {
		lexer->why = why;
		lexer->bad = at;
	}
}

static enum json_token lost(struct json_lexer *lexer, size_t at, const char *why)
{
	note(lexer, at, why);
	lexer->at = lexer->start;
	return TOKEN_BAD;
}

/* The token touches the end of the bytes. */
static enum json_token cut(struct json_lexer *lexer, const char *why)
{
	if (!lexer->more)
		return lost(lexer, lexer->start, why);
	lexer->at = lexer->start;
	return TOKEN_CUT;
}

static bool is_hex(int byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* Passes an escape, whose \ stands at *at. */
static void pass_escape(struct json_lexer *lexer, size_t *at)
{
	size_t from = *at, end = *at + 2;
	int byte = byte_at(lexer, *at + 1);

	if (byte == 'u') {
		while (end < from + 6 && is_hex(byte_at(lexer, end)))
			end++;
		if (end < from + 6 && byte_at(lexer, end) >= 0)
			note(lexer, from, "\\u wants four hex digits");
		else if (end == from + 6 && memcmp(lexer->in.ptr + from, "\\u0000", 6) == 0)
			lexer->nul = true;
	} else if (byte >= 0 && (byte < ' ' || strchr("\"\\/bfnrt", byte) == NULL)) {
		note(lexer, from, "there is no such escape; a backslash itself is written \\\\");
		end = byte < ' ' ? from + 1 : end;
	}
	*at = end < lexer->in.len ? end : lexer->in.len;
}

static enum json_token take_string(struct json_lexer *lexer)
{
	size_t at = lexer->start + 1;

	for (;;) {
		int byte = byte_at(lexer, at);

		while (byte >= ' ' && byte != '"' && byte != '\\')
			byte = byte_at(lexer, ++at);
		if (byte < 0)
			return cut(lexer, "a string is never closed");
		if (byte == '"')
			break;
		/* Where a quote was forgotten, it is the line end that tells. */
		if (byte == '\n' || byte == '\r')
			return lost(lexer, lexer->start, "a string is not closed on its line");
		if (byte < ' ')
			note(lexer, at++, "a control character stands in a string; it is written \\t or \\u00XX there");
		else
			pass_escape(lexer, &at);
	}
	lexer->at = at + 1;
	return TOKEN_STRING;
}

static size_t skip_digits(const struct json_lexer *lexer, size_t at)
{
	while (is_digit(byte_at(lexer, at)))
		at++;
	return at;
}

/* The end of the number that begins at a place (RFC 8259, section 6); 0 when it is none. */
static size_t number_end(const struct json_lexer *lexer, size_t at)
{
	size_t from;

	at += byte_at(lexer, at) == '-';
	from = at;
	at = skip_digits(lexer, at);
	if (at == from || (at > from + 1 && byte_at(lexer, from) == '0'))
		return 0;
	if (byte_at(lexer, at) == '.') {
		from = ++at;
		at = skip_digits(lexer, at);
		if (at == from)
			return 0;
	}
	if (byte_at(lexer, at) == 'e' || byte_at(lexer, at) == 'E') {
		at++;
		at += byte_at(lexer, at) == '+' || byte_at(lexer, at) == '-';
		from = at;
		at = skip_digits(lexer, at);
		if (at == from)
			return 0;
	}
	return at;
}

/* All bytes that a number could be made of; they are one token, and it is a number or not. */
static enum json_token take_number(struct json_lexer *lexer)
{
	size_t at = lexer->start;
	int byte = byte_at(lexer, at);

	while (is_digit(byte) || byte == '-' || byte == '+' || byte == '.' || byte == 'e' || byte == 'E')
		byte = byte_at(lexer, ++at);
	if (byte < 0 && lexer->more)
		return cut(lexer, "");
	if (is_letter(byte))
		return lost(lexer, lexer->start, "this is neither a number nor text in quotes");
	if (number_end(lexer, lexer->start) != at)
		note(lexer, lexer->start, "this is no number as JSON writes them");
	lexer->at = at;
	return TOKEN_NUMBER;
}

static enum json_token take_word(struct json_lexer *lexer)
{
	size_t at = lexer->start;
	struct text word;

	while (is_letter(byte_at(lexer, at)) || is_digit(byte_at(lexer, at)))
		at++;
	if (at == lexer->in.len && lexer->more)
		return cut(lexer, "");
	word = (struct text){lexer->in.ptr + lexer->start, at - lexer->start};
	if (!text_is(word, "true") && !text_is(word, "false") && !text_is(word, "null"))
		return lost(lexer, lexer->start, "text must stand in quotes");
	lexer->at = at;
	return TOKEN_WORD;
}

enum json_token json_next(struct json_lexer *lexer)
{
	int byte = byte_at(lexer, lexer->at);

	while (is_space(byte))
		byte = byte_at(lexer, ++lexer->at);
	lexer->start = lexer->at;
	lexer->why = NULL;
	lexer->nul = false;
	if (byte < 0)
		return lexer->more ? TOKEN_CUT : TOKEN_END;
	if (byte == '"')
		return take_string(lexer);
	if (byte == '{' || byte == '}' || byte == '[' || byte == ']' || byte == ':' || byte == ',') {
		lexer->at++;
		return TOKEN_MARK;
	}
	if (is_digit(byte) || byte == '-' || byte == '+' || byte == '.')
		return take_number(lexer);
	if (is_letter(byte))
		return take_word(lexer);
	return lost(lexer, lexer->at, "this stands in no JSON outside of a string");
}

char json_mark(const struct json_lexer *lexer)
{
	return lexer->in.ptr[lexer->start];
}

/* A number that stands as a name ({1: 2}) or touches another token is no JSON, and must not become it by quotes. */
static bool ends_value(const struct json_lexer *lexer)
{
	size_t at = lexer->at;

	while (is_space(byte_at(lexer, at)))
		at++;
	return byte_at(lexer, at) == ',' || byte_at(lexer, at) == ']' || byte_at(lexer, at) == '}';
}

size_t json_quoted_max(struct text json, struct text mark)
{
	return json.len + json.len / 2 * (mark.len + 2); /* a number has at least one byte and a neighbour */
}

static void add(char *out, size_t *len, const char *bytes, size_t count)
{
	if (count > 0)
		memcpy(out + *len, bytes, count);
	*len += count;
}

/* How much deeper the next token stands. */
static int deeper(const struct json_lexer *lexer, enum json_token token)
{
	char mark = token == TOKEN_MARK ? json_mark(lexer) : ',';

	if (mark == '{' || mark == '[')
		return 1;
	return mark == '}' || mark == ']' ? -1 : 0;
}

bool json_quote_numbers(struct text json, struct text mark, int depth_max, char *out, size_t *len)
{
	struct json_lexer lexer = {.in = json};
	size_t copied = 0;
	int depth = 0;
	enum json_token token;

	*len = 0;
	while ((token = json_next(&lexer)) != TOKEN_END) {
		depth += deeper(&lexer, token);
		if (token == TOKEN_BAD || lexer.why != NULL || depth > depth_max)
			return false;
		if (token != TOKEN_NUMBER)
			continue;
		if (!ends_value(&lexer))
			return false;
		add(out, len, json.ptr + copied, lexer.start - copied);
		out[(*len)++] = '"';
		add(out, len, mark.ptr, mark.len);
		add(out, len, json.ptr + lexer.start, lexer.at - lexer.start);
		out[(*len)++] = '"';
		copied = lexer.at;
	}
	add(out, len, json.ptr + copied, json.len - copied);
	return true;
}

size_t json_unquoted(struct text json, struct text mark, size_t at)
{
	struct json_lexer lexer = {.in = json};
	size_t added = 0; /* by the numbers so far */
	enum json_token token = json_next(&lexer);

	while (token != TOKEN_END && token != TOKEN_BAD && lexer.at + added < at) {
		if (token == TOKEN_NUMBER)
			added += mark.len + 2;
		token = json_next(&lexer);
	}
	return at > added ? at - added : 0;
}
