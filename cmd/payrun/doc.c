#include "cmd/payrun/doc.h"

#include "base/clock.h"

static void separate(struct buf *buf)
{
	char last = buf->len > 0 ? buf->data[buf->len - 1] : '{';
	if (last != '{' && last != '[' && last != ':' && last != ',')
		buf_addc(buf, ',');
}

void doc_open(struct buf *buf, char bracket)
{
	separate(buf);
	buf_addc(buf, bracket);
}

void doc_close(struct buf *buf, char bracket)
{
	buf_addc(buf, bracket);
}

void doc_value(struct buf *buf, struct text text)
{
	separate(buf);
	if (text_utf8(text, NULL)) {
		text_json(buf, text);
		return;
	}
	struct buf shown = {0};
	text_show(&shown, text, 0);
	buf_add_json(buf, buf_text(&shown));
	buf_release(&shown);
}

void doc_name(struct buf *buf, const char *name)
{
	doc_value(buf, text_of(name));
	buf_addc(buf, ':');
}

void doc_number(struct buf *buf, int64_t number)
{
	separate(buf);
	buf_addi(buf, number);
}

void doc_bool(struct buf *buf, bool value)
{
	separate(buf);
	buf_addz(buf, value ? "true" : "false");
}

void doc_raw(struct buf *buf, struct text json)
{
	if (json.len == 0)
		return;
	separate(buf);
	buf_addt(buf, json);
}

void doc_member(struct buf *buf, const char *name, struct text text)
{
	doc_name(buf, name);
	doc_value(buf, text);
}

void doc_member_string(struct buf *buf, const char *name, const char *string)
{
	doc_member(buf, name, text_of(string));
}

void doc_member_number(struct buf *buf, const char *name, int64_t number)
{
	doc_name(buf, name);
	doc_number(buf, number);
}

void doc_member_bool(struct buf *buf, const char *name, bool value)
{
	doc_name(buf, name);
	doc_bool(buf, value);
}

void doc_member_time(struct buf *buf, const char *name, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];
	doc_name(buf, name);
	if (utc_ms == 0) {
		buf_addz(buf, "null");
		return;
	}
	clock_iso_s(utc_ms, iso);
	doc_value(buf, text_of(iso));
}
