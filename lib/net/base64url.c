#include "net/base64url.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_add(struct buf *buf, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits & 0x3F) << 8 | at[i];
		for (held += 8; held >= 6; held -= 6)
			buf_addc(buf, alphabet[bits >> (held - 6) & 0x3F]);
	}
	if (held > 0)
		buf_addc(buf, alphabet[bits << (6 - held) & 0x3F]);
}

/* 0 to 63; 64 for a character outside of the alphabet. */
static unsigned value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0') + 52;
	return c == '-' ? 62 : c == '_' ? 63 : 64;
}

/* The text without its padding; false when that is not what fills it up to a multiple of four. */
static bool strip(struct text *text)
{
	size_t padding = 0;

	while (padding < text->len && text->ptr[text->len - 1 - padding] == '=')
		padding++;
	if (padding > 0 && (padding > 2 || text->len % 4 != 0))
		return false;
	text->len -= padding;
	return text->len % 4 != 1;
}

bool base64url_parse(struct text text, struct buf *buf)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t before = buf->len;
	bool fine = strip(&text);

	for (size_t i = 0; fine && i < text.len; i++) {
		unsigned value = value_of(text.ptr[i]);

		fine = value < 64;
		bits = (bits << 6 | value) & 0xFFF;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buf_addc(buf, (char)(bits >> held & 0xFF));
		}
	}
	if (fine && (bits & ((1u << held) - 1)) == 0)
		return true;
	buf->len = before;
	if (buf->data != NULL)
		buf->data[before] = '\0';
	return false;
}
