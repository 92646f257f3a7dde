#include "formats/json_frames.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "values/column.h"

#define CHUNK_BYTES ((size_t)256 * 1024)
#define BUFFER_BYTES (BOUND_LINE_BYTES + 2 * CHUNK_BYTES)
#define MARK "\xEF\xBB\xBF" /* byte order mark */

#define CURE_SYNTAX "Correct it there; a program that writes JSON (jq, any JSON library) makes no such mistake."
#define CURE_WHOLE "Check that the file was written and copied to its end."
#define CURE_SHAPE "Write [{\"reference\": ..., \"amount\": \"12.50\", ...}, ...], or put that under \"payouts\"."

#define LOWS UINT64_C(0x0101010101010101)

/* Bytes that begin a code point: all but 10xxxxxx. */
static int64_t count_points(struct text bytes)
{
	int64_t count = (int64_t)bytes.len;
	size_t at = 0;

	for (; bytes.len - at >= 8; at += 8) {
		uint64_t word;

		memcpy(&word, bytes.ptr + at, 8);
		count -= __builtin_popcountll((word >> 7) & ~(word >> 6) & LOWS);
	}
	for (; at < bytes.len; at++)
		count -= ((unsigned char)bytes.ptr[at] & 0xC0) == 0x80;
	return count;
}

static void pass_on_line(struct json_place *place, struct text bytes)
{
	place->points += count_points(bytes);
	place->cr = place->cr && bytes.len == 0;
}

/* Moves it behind these bytes. */
static void place_pass(struct json_place *place, struct text bytes)
{
	const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		const char *cr = memchr(at, '\r', (size_t)((lf != NULL ? lf : end) - at));
		const char *found = cr != NULL ? cr : lf;

		pass_on_line(place, (struct text){at, (size_t)((found != NULL ? found : end) - at)});
		if (found == NULL)
			return;
		place->line += *found == '\r' || !place->cr;
		place->points = 0;
		place->cr = *found == '\r';
		at = found + 1;
	}
}

struct json_place json_frame_place(const struct json_frame *frame, size_t offset)
{
	struct json_place place = frame->place;

	place_pass(&place, (struct text){frame->bytes.ptr, offset});
	return place;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* Forgets bytes at the front, which the lexer has passed. */
static void drop(struct json_frames *frames, size_t count)
{
	struct json_lexer *lexer = &frames->lexer;

	assert(count <= lexer->at);
	place_pass(&frames->place, (struct text){lexer->in.ptr, count});
	lexer->in.ptr += count;
	lexer->in.len -= count;
	lexer->at -= count;
	lexer->start = lexer->at;
	frames->base += count;
}

/* Moves what is left to the front and reads on behind it. */
static bool fill(struct json_frames *frames, struct fault *fault)
{
	struct json_lexer *lexer = &frames->lexer;
	size_t count;

	if (frames->base > 0 && lexer->in.len > 0)
		memmove(frames->data, lexer->in.ptr, lexer->in.len);
	frames->base = 0;
	lexer->in.ptr = frames->data;
	assert(BUFFER_BYTES - lexer->in.len >= CHUNK_BYTES);
	if (!source_read(frames->source, frames->data + lexer->in.len, CHUNK_BYTES, &count, fault))
		return false;
	lexer->in.len += count;
	lexer->more = count > 0;
	return true;
}

/* --- what is wrong ------------------------------------------------------------------------------------------------ */

/* A refusal at an offset of what the lexer has. */
static enum json_frames_verdict refuse_at(
	struct json_frames *frames, size_t offset, const char *code, const char *cure, const char *what)
{
	struct json_place place = frames->place;

	place_pass(&place, (struct text){frames->lexer.in.ptr, offset});
	refusal_set(&frames->refusal, code, place.line, cure, "line %lld, column %lld: %s", (long long)place.line,
		(long long)place.points + 1, what);
	return FRAMES_REFUSED;
}

static enum json_frames_verdict refuse_long(struct json_frames *frames)
{
	refusal_set(&frames->refusal, "FIELD_TOO_LONG", frames->place.line,
		"Look at it in a text editor: an object of that size is no payout.",
		"what starts on line %lld has more than %d bytes", (long long)frames->place.line, BOUND_LINE_BYTES);
	return FRAMES_REFUSED;
}

/* The file ends within what starts at the front, or behind it. */
static enum json_frames_verdict refuse_cut(struct json_frames *frames)
{
	struct json_place place = frames->place;

	place_pass(&place, frames->lexer.in);
	refusal_set(&frames->refusal, "JSON_SYNTAX", place.line, CURE_WHOLE,
		"line %lld, column %lld: the file ends before the document does: it is cut off", (long long)place.line,
		(long long)place.points + 1);
	return FRAMES_REFUSED;
}

/* No token can be made out. */
static enum json_frames_verdict refuse_bad(struct json_frames *frames)
{
	bool nothing = frames->count == 0 && frames->head.bytes.len == 0;

	return refuse_at(frames, frames->lexer.bad, "JSON_SYNTAX",
		nothing ? "If the file is no JSON, leave --format out, or say what it is." : CURE_SYNTAX,
		frames->lexer.why);
}

static bool check_utf8(struct json_frames *frames, struct text bytes)
{
	struct json_place place = frames->place;
	size_t bad;

	if (text_utf8(bytes, &bad))
		return true;
	place_pass(&place, (struct text){bytes.ptr, bad});
	refusal_set(&frames->refusal, "FILE_ENCODING", place.line,
		"Save the file as UTF-8; JSON knows no other encoding.",
		"line %lld isn't UTF-8: what stands at column %lld is 0x%02X", (long long)place.line,
		(long long)place.points + 1, (unsigned)(unsigned char)bytes.ptr[bad]);
	return false;
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

/* Reads on, so that a token that was cut can be looked for again. False: refusal or fault are set. */
static bool more(struct json_frames *frames, struct fault *fault)
{
	if (frames->lexer.in.len > BOUND_LINE_BYTES) {
		refuse_long(frames);
		return false;
	}
	return fill(frames, fault);
}

/* The next token of the value that starts at the front. TOKEN_CUT: refusal or fault are set. */
static enum json_token inner_token(struct json_frames *frames, struct fault *fault)
{
	enum json_token token;

	while ((token = json_next(&frames->lexer)) == TOKEN_CUT)
		if (!more(frames, fault))
			break;
	return token;
}

/* The next token between values: what is before it is forgotten. */
static enum json_token outer_token(struct json_frames *frames, struct fault *fault)
{
	enum json_token token;

	drop(frames, frames->lexer.at);
	while ((token = json_next(&frames->lexer)) == TOKEN_CUT) {
		drop(frames, frames->lexer.at); /* white space */
		if (!more(frames, fault))
			break;
	}
	return token;
}

static enum json_frames_verdict stopped(const struct json_frames *frames)
{
	return frames->refusal.code != NULL ? FRAMES_REFUSED : FRAMES_FAULT;
}

static bool is_mark(const struct json_frames *frames, enum json_token token, char mark)
{
	return token == TOKEN_MARK && json_mark(&frames->lexer) == mark;
}

/* The token found last is the first of a frame, and found again. */
static void begin_frame(struct json_frames *frames, struct json_frame *frame)
{
	frames->lexer.at = frames->lexer.start;
	drop(frames, frames->lexer.start);
	*frame = (struct json_frame){.place = frames->place};
}

static enum json_frames_verdict refuse_lost(struct json_frames *frames, const struct json_scan *scan)
{
	return refuse_at(frames, scan->wrong_at, "JSON_SYNTAX", CURE_SYNTAX, scan->wrong);
}

/* Takes a value whole. */
static enum json_frames_verdict take_value(struct json_frames *frames, struct fault *fault)
{
	struct json_frame *frame = &frames->element;
	enum json_step step = SCAN_MORE;
	enum json_token token;

	begin_frame(frames, frame);
	while (step == SCAN_MORE) {
		token = inner_token(frames, fault);
		if (token == TOKEN_CUT)
			return stopped(frames);
		if (token == TOKEN_END)
			return refuse_cut(frames);
		step = json_scan_take(&frame->scan, &frames->lexer, token);
	}
	if (step == SCAN_LOST)
		return refuse_lost(frames, &frame->scan);
	frame->bytes = (struct text){frames->lexer.in.ptr, frames->lexer.at};
	if (frame->bytes.len > BOUND_LINE_BYTES)
		return refuse_long(frames);
	return check_utf8(frames, frame->bytes) ? FRAMES_ELEMENT : FRAMES_REFUSED;
}

/* --- the document ------------------------------------------------------------------------------------------------- */

/* Nothing may follow. */
static enum json_frames_verdict finish(struct json_frames *frames, struct fault *fault)
{
	enum json_token token = outer_token(frames, fault);

	if (token == TOKEN_CUT)
		return stopped(frames);
	if (token != TOKEN_END)
		return refuse_at(frames, frames->lexer.start, "JSON_SYNTAX",
			"Take out what stands behind the end; if each line is an object of its own, say --format "
			"ndjson.",
			"something follows the end of the document");
	frames->finished = true;
	return FRAMES_END;
}

/* Behind the ] of payouts. */
static enum json_frames_verdict finish_object(struct json_frames *frames, struct fault *fault)
{
	enum json_token token = outer_token(frames, fault);

	if (token == TOKEN_CUT)
		return stopped(frames);
	if (token == TOKEN_END)
		return refuse_cut(frames);
	if (is_mark(frames, token, ','))
		return refuse_at(frames, frames->lexer.start, "JSON_TYPE",
			"Move the other members before \"payouts\": what they say counts for every row.",
			"a member follows payouts, which must be the last one");
	if (!is_mark(frames, token, '}'))
		return token == TOKEN_BAD ? refuse_bad(frames)
					  : refuse_at(frames, frames->lexer.start, "JSON_SYNTAX", CURE_SYNTAX,
						    "a } is missing before this");
	return finish(frames, fault);
}

static enum json_frames_verdict end_array(struct json_frames *frames, struct fault *fault)
{
	return frames->in_object ? finish_object(frames, fault) : finish(frames, fault);
}

/* The first token of the next element, or what there is instead of it. */
static enum json_frames_verdict next_element(struct json_frames *frames, struct fault *fault)
{
	enum json_token token = outer_token(frames, fault);

	if (is_mark(frames, token, ']'))
		return end_array(frames, fault);
	if (frames->count > 0 && is_mark(frames, token, ',')) {
		token = outer_token(frames, fault);
		if (is_mark(frames, token, ']'))
			return refuse_at(
				frames, frames->lexer.start, "JSON_SYNTAX", CURE_SYNTAX, "a comma stands before this");
	} else if (frames->count > 0 && token >= TOKEN_MARK) {
		return refuse_at(
			frames, frames->lexer.start, "JSON_SYNTAX", CURE_SYNTAX, "a comma or ] is missing before this");
	}
	if (token == TOKEN_CUT)
		return stopped(frames);
	if (token == TOKEN_END)
		return refuse_cut(frames);
	return token == TOKEN_BAD ? refuse_bad(frames) : FRAMES_ELEMENT;
}

enum json_frames_verdict json_frames_next(struct json_frames *frames, struct fault *fault)
{
	enum json_frames_verdict verdict;

	if (frames->refusal.code != NULL)
		return FRAMES_REFUSED;
	if (frames->finished)
		return FRAMES_END;
	verdict = next_element(frames, fault);
	if (verdict == FRAMES_ELEMENT)
		verdict = take_value(frames, fault);
	frames->count += verdict == FRAMES_ELEMENT;
	return verdict;
}

/* --- what stands before the elements ------------------------------------------------------------------------------ */

/* What stands between the quotes of the string found last. */
static struct text string_text(const struct json_lexer *lexer)
{
	return (struct text){lexer->in.ptr + lexer->start + 1, lexer->at - lexer->start - 2};
}

/* The members before the one whose name starts at an offset, as an object. */
static bool keep_head(struct json_frames *frames, struct json_frame *head, size_t offset)
{
	struct text bytes = {frames->lexer.in.ptr, offset};

	if (head->scan.wrong != NULL) {
		refuse_lost(frames, &head->scan);
		return false;
	}
	if (!check_utf8(frames, bytes))
		return false;
	while (strchr(" \t\r\n,", bytes.ptr[bytes.len - 1]) != NULL)
		bytes.len--;
	buf_addt(&frames->head_bytes, bytes);
	buf_addc(&frames->head_bytes, '}');
	frames->head = *head;
	frames->head.bytes = buf_text(&frames->head_bytes);
	frames->in_object = true;
	return true;
}

/* An object without an array of payouts; what its member of that name is, if it has one. */
static enum json_frames_verdict refuse_object(
	struct json_frames *frames, struct json_frame *head, bool named, struct fault *fault)
{
	enum json_frames_verdict end;

	if (head->scan.wrong != NULL)
		return refuse_lost(frames, &head->scan);
	head->bytes = (struct text){frames->lexer.in.ptr, frames->lexer.at};
	if (!check_utf8(frames, head->bytes))
		return FRAMES_REFUSED;
	end = finish(frames, fault);
	if (end != FRAMES_END)
		return end;
	refusal_set(&frames->refusal, named ? "JSON_TYPE" : "HEADER_MISSING", head->place.line, CURE_SHAPE, "%s",
		named ? "payouts is no array" : "the document is an object without a member payouts");
	return FRAMES_REFUSED;
}

/* Reads an object up to the [ of its payouts. */
static enum json_frames_verdict take_head(struct json_frames *frames, struct fault *fault)
{
	struct json_frame head;
	struct json_scan *scan = &head.scan;
	size_t name = 0; /* where that of the member at hand starts */
	bool payouts = false, named = false;
	enum json_step step = SCAN_MORE;

	begin_frame(frames, &head);
	while (step == SCAN_MORE) {
		enum json_token token = inner_token(frames, fault);

		if (token == TOKEN_CUT)
			return stopped(frames);
		if (token == TOKEN_END)
			return refuse_cut(frames);
		if (scan->depth == 1 && scan->expect == EXPECT_VALUE && payouts && is_mark(frames, token, '['))
			return keep_head(frames, &head, name) ? FRAMES_ELEMENT : FRAMES_REFUSED;
		if (scan->depth == 1 && json_scan_wants_name(scan) && token == TOKEN_STRING) {
			name = frames->lexer.start;
			payouts = column_name_is(string_text(&frames->lexer), "payouts");
			named |= payouts;
			buf_reset(&frames->list_name);
			buf_addt(&frames->list_name, string_text(&frames->lexer));
		}
		step = json_scan_take(scan, &frames->lexer, token);
	}
	return step == SCAN_LOST ? refuse_lost(frames, scan) : refuse_object(frames, &head, named, fault);
}

/* A document that is one value and no object or array. */
static enum json_frames_verdict refuse_scalar(struct json_frames *frames, struct fault *fault)
{
	enum json_frames_verdict verdict = take_value(frames, fault);

	if (verdict == FRAMES_ELEMENT && frames->element.scan.wrong != NULL)
		return refuse_lost(frames, &frames->element.scan);
	if (verdict == FRAMES_ELEMENT)
		verdict = finish(frames, fault);
	if (verdict != FRAMES_END)
		return verdict;
	refusal_set(&frames->refusal, "JSON_TYPE", frames->element.place.line, CURE_SHAPE,
		"the document is %s; an array of payouts is wanted", json_kind_name(frames->element.scan.kind));
	return FRAMES_REFUSED;
}

static enum json_frames_verdict open_document(struct json_frames *frames, struct fault *fault)
{
	enum json_token token;

	while (frames->lexer.more && frames->lexer.in.len < sizeof(MARK) - 1)
		if (!fill(frames, fault))
			return FRAMES_FAULT;
	if (text_starts(frames->lexer.in, TEXT(MARK))) {
		frames->lexer.at = sizeof(MARK) - 1;
		drop(frames, frames->lexer.at);
		frames->place.points = 0;
	}
	token = outer_token(frames, fault);
	if (token == TOKEN_CUT)
		return stopped(frames);
	if (token == TOKEN_BAD)
		return refuse_bad(frames);
	if (token == TOKEN_END) {
		refusal_set(&frames->refusal, "FILE_EMPTY", 0, "Name the file with the payouts.", "the file is empty");
		return FRAMES_REFUSED;
	}
	if (is_mark(frames, token, '['))
		return FRAMES_ELEMENT;
	return is_mark(frames, token, '{') ? take_head(frames, fault) : refuse_scalar(frames, fault);
}

bool json_frames_open(struct json_frames *frames, struct source *source, struct fault *fault)
{
	*frames = (struct json_frames){.source = source, .data = memory_new(BUFFER_BYTES), .place = {.line = 1}};
	frames->lexer.in.ptr = frames->data;
	frames->lexer.more = true;
	return open_document(frames, fault) != FRAMES_FAULT;
}

void json_frames_close(struct json_frames *frames)
{
	free(frames->data);
	buf_release(&frames->head_bytes);
	buf_release(&frames->list_name);
	refusal_release(&frames->refusal);
}
