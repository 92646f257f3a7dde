#include "providers/request.h"

#include <string.h>

void request_add_query(struct buf *url, const char *name, struct text value)
{
	if (value.len == 0)
		return;
	buf_addf(url, "%c%s=", strchr(buf_str(url), '?') == NULL ? '?' : '&', name);
	buf_add_percent(url, value);
}

/* Behind a bracket stands the first member, behind anything else a further one. */
void request_add_name(struct buf *body, const char *name)
{
	buf_addf(body, "%s\"%s\":", body->len > 0 && body->data[body->len - 1] != '{' ? "," : "", name);
}

void request_add_member(struct buf *body, const char *name, struct text value)
{
	request_add_name(body, name);
	buf_add_json(body, value);
}

void request_add_filled(struct buf *body, const char *name, struct text value)
{
	if (value.len > 0)
		request_add_member(body, name, value);
}

bool request_word_valid(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return false;
	return text.len > 0;
}
