#include "journal/members.h"

#include <assert.h>
#include <stdbool.h>

#include "journal/inside.h"

/* Ends a string or a number, object or list at *at. */
static size_t value_end(struct text text, size_t at)
{
	int depth = 0;
	bool string = false;

	for (; at < text.len; at++) {
		char byte = text.ptr[at];

		if (string && byte == '\\')
			at++;
		else if (byte == '"')
			string = !string;
		else if (string)
			continue;
		else if (byte == '{' || byte == '[')
			depth++;
		else if (byte == '}' || byte == ']')
			depth--;
		else if (byte == ',' && depth == 0)
			return at;
	}
	assert(!string && depth == 0); /* evidence is written by our own code */
	return text.len;
}

static struct text name_at(struct text text, size_t at)
{
	size_t end = at + 1;

	assert(at < text.len && text.ptr[at] == '"');
	while (end < text.len && text.ptr[end] != '"')
		end++;
	assert(end + 1 < text.len && text.ptr[end + 1] == ':');
	return (struct text){text.ptr + at + 1, end - at - 1};
}

void members_before(struct buf *buf, struct members *members, const char *name)
{
	while (members->at < members->text.len) {
		struct text found = name_at(members->text, members->at);
		int order = name != NULL ? text_compare(found, text_of(name)) : -1;
		size_t end = value_end(members->text, members->at);

		if (order > 0)
			return;
		if (order < 0) {
			if (buf->data[buf->len - 1] != '{')
				buf_addc(buf, ',');
			buf_add(buf, members->text.ptr + members->at, end - members->at);
		}
		members->at = end < members->text.len ? end + 1 : end;
	}
}
