#include "cmd/sandbox/request.h"

#include <assert.h>
#include <stdarg.h>
#include <strings.h>

static const char *header_find(
	const struct header *headers, size_t count, const char *name, int (*compare)(const char *, const char *))
{
	size_t i;

	for (i = 0; i < count; i++)
		if (compare(headers[i].name, name) == 0)
			return headers[i].value;
	return NULL;
}

const char *request_header(const struct request *request, const char *name)
{
	return header_find(request->headers, request->header_count, name, strcasecmp);
}

const char *request_argument(const struct request *request, const char *name)
{
	return header_find(request->arguments, request->argument_count, name, strcmp);
}

void response_reset(struct response *response)
{
	if (response->done != NULL)
		response->done(response->context);
	buf_reset(&response->body);
	response->status = 0;
	response->content_type = NULL;
	response->header_count = 0;
	response->read = NULL;
	response->done = NULL;
	response->context = NULL;
}

void response_json(struct response *response, unsigned status)
{
	response_reset(response);
	response->status = status;
	response->content_type = "application/json";
}

void response_error(struct response *response, unsigned status, const char *format, ...)
{
	struct buf text = {NULL, 0, 0};
	va_list list;

	va_start(list, format);
	buf_addv(&text, format, list);
	va_end(list);
	assert(text_utf8(buf_text(&text), NULL)); /* exchange_run refuses a path that is not */
	response_json(response, status);
	buf_addz(&response->body, "{\"error\":");
	buf_add_json(&response->body, buf_text(&text));
	buf_addz(&response->body, "}\n");
	buf_release(&text);
}

void response_header(struct response *response, const char *name, const char *value)
{
	struct response_header *header = &response->headers[response->header_count];

	assert(response->header_count < RESPONSE_HEADERS);
	snprintf(header->name, sizeof(header->name), "%s", name);
	snprintf(header->value, sizeof(header->value), "%s", value);
	response->header_count++;
}

void response_release(struct response *response)
{
	response_reset(response);
	buf_release(&response->body);
}
