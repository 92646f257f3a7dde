#include "cmd/sandbox/request.h"

#include <assert.h>
#include <stdarg.h>
#include <strings.h>

#define HOST_BYTES "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:[]"

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

bool request_is_json(const struct request *request)
{
	const char *type = request_header(request, "Content-Type");

	return type != NULL && strncasecmp(type, "application/json", 16) == 0 && (type[16] == '\0' || type[16] == ';');
}

void request_origin(const struct request *request, struct buf *url)
{
	const char *host = request_header(request, "Host");

	/* What is no host is not repeated. */
	if (host != NULL && host[strspn(host, HOST_BYTES)] == '\0')
		buf_addf(url, "http://%s", host);
}

bool path_matches(const char *path, const char *pattern, struct text *id)
{
	*id = (struct text){NULL, 0};
	while (*pattern != '\0') {
		if (strncmp(pattern, "{}", 2) == 0) {
			*id = (struct text){path, strcspn(path, "/")};
			path += id->len;
			pattern += 2;
		} else if (*path++ != *pattern++) {
			return false;
		}
	}
	return *path == '\0' && (id->ptr == NULL || id->len > 0);
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
