#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64
#define SECRET_CAP (64 * 1024) /* secrets are far smaller */

/*
 * A buffer that grows may hold a secret, and realloc would leave the old copy in the heap: small ones are copied and
 * overwritten by hand. Larger ones are files and answers, where realloc saves the copy.
 */
static void grow(struct buf *buf, size_t need)
{
	size_t cap = buf->cap > 0 ? buf->cap : FIRST_CAP;
	char *data;

	while (cap < need) {
		if (cap > SIZE_MAX / 2)
			abort();
		cap *= 2;
	}
	if (buf->cap > 0 && buf->cap <= SECRET_CAP) {
		data = malloc(cap);
		if (data == NULL)
			abort();
		memcpy(data, buf->data, buf->len);
		explicit_bzero(buf->data, buf->cap);
		free(buf->data);
	} else {
		data = realloc(buf->data, cap);
		if (data == NULL)
			abort();
	}
	buf->data = data;
	buf->cap = cap;
}

char *buf_room(struct buf *buf, size_t len)
{
	if (len >= SIZE_MAX - buf->len)
		abort();
	if (buf->cap - buf->len <= len)
		grow(buf, buf->len + len + 1);
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *room = buf_room(buf, len);

	if (len > 0)
		memcpy(room, bytes, len);
	room[len] = '\0';
	buf->len += len;
}

void buf_addz(struct buf *buf, const char *string)
{
	buf_add(buf, string, strlen(string));
}

void buf_addt(struct buf *buf, struct text text)
{
	buf_add(buf, text.ptr, text.len);
}

void buf_addc(struct buf *buf, char byte)
{
	char *room = buf_room(buf, 1);

	room[0] = byte;
	room[1] = '\0';
	buf->len++;
}

void buf_addf(struct buf *buf, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	buf_addv(buf, format, list);
	va_end(list);
}

void buf_addv(struct buf *buf, const char *format, __builtin_va_list list)
{
	char *room = buf_room(buf, FIRST_CAP);
	size_t free_bytes = buf->cap - buf->len;
	va_list again;
	int len;

	va_copy(again, list);
	len = vsnprintf(room, free_bytes, format, list);
	assert(len >= 0);
	if ((size_t)len >= free_bytes) {
		room = buf_room(buf, (size_t)len);
		vsnprintf(room, (size_t)len + 1, format, again);
	}
	va_end(again);
	buf->len += (size_t)len;
}

void buf_addi(struct buf *buf, int64_t number)
{
	char digits[20];
	size_t start = sizeof(digits);
	uint64_t rest = number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number;

	do {
		digits[--start] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		digits[--start] = '-';
	buf_add(buf, digits + start, sizeof(digits) - start);
}

void buf_add_hex(struct buf *buf, const void *bytes, size_t len)
{
	if (len > SIZE_MAX / 2 - 1)
		abort();
	text_hex(bytes, len, buf_room(buf, 2 * len));
	buf->len += 2 * len;
}

static void add_json_escape(struct buf *buf, unsigned char byte)
{
	static const char short_forms[][2] = {
		{'"', '"'}, {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\b', 'b'}, {'\f', 'f'}};

	for (size_t i = 0; i < sizeof(short_forms) / sizeof(short_forms[0]); i++) {
		if ((unsigned char)short_forms[i][0] == byte) {
			buf_addc(buf, '\\');
			buf_addc(buf, short_forms[i][1]);
			return;
		}
	}
	buf_addz(buf, "\\u00");
	buf_add_hex(buf, &byte, 1);
}

void buf_add_json(struct buf *buf, struct text text)
{
	size_t start = 0;

	buf_addc(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F)
			continue;
		buf_add(buf, text.ptr + start, i - start);
		add_json_escape(buf, byte);
		start = i + 1;
	}
	if (start < text.len)
		buf_add(buf, text.ptr + start, text.len - start);
	buf_addc(buf, '"');
}

static bool is_unreserved(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void buf_add_percent(struct buf *buf, struct text text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		unsigned byte = (unsigned char)text.ptr[i];

		if (is_unreserved(text.ptr[i])) {
			buf_addc(buf, text.ptr[i]);
			continue;
		}
		buf_addc(buf, '%');
		buf_addc(buf, digits[byte >> 4]);
		buf_addc(buf, digits[byte & 15]);
	}
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

void buf_wipe(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->cap);
	buf_release(buf);
}

const char *buf_str(const struct buf *buf)
{
	if (buf->data == NULL)
		return "";
	buf->data[buf->len] = '\0'; /* whoever wrote through buf_room may not have ended it */
	return buf->data;
}

struct text buf_text(const struct buf *buf)
{
	return (struct text){buf->data, buf->len};
}
