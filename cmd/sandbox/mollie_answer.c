/* The error envelope and the members that many objects share (providers/mollie.md, B5 to B7, B10). */
#include "cmd/sandbox/mollie.h"

#include <assert.h>
#include <openssl/rand.h>
#include <stdarg.h>

#define HAL "application/hal+json"

static const char *title_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *title;
	} titles[] = {
		{400, "Bad Request"},
		{401, "Unauthorized Request"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{409, "Conflict"},
		{410, "Gone"},
		{415, "Unsupported Media Type"},
		{422, "Unprocessable Entity"},
		{429, "Too Many Requests"},
		{500, "Internal Server Error"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
	};
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "";
}

bool mollie_refuse(struct response *response, unsigned status, const char *field, const char *format, ...)
{
	struct buf detail = {NULL, 0, 0};
	va_list list;

	assert(title_of(status)[0] != '\0');
	va_start(list, format);
	buf_addv(&detail, format, list);
	va_end(list);
	response_json(response, status);
	response->content_type = HAL;
	buf_addf(&response->body, "{\"status\":%u,\"title\":\"%s\",\"detail\":", status, title_of(status));
	buf_add_json(&response->body, buf_text(&detail));
	if (field != NULL) {
		buf_addz(&response->body, ",\"field\":");
		buf_add_json(&response->body, text_of(field));
	}
	buf_addz(&response->body, ",\"_links\":{\"documentation\":{\"href\":\"https://docs.mollie.com/errors\","
				  "\"type\":\"text/html\"}}}");
	buf_release(&detail);
	return false;
}

struct buf *mollie_answer(struct mollie_call *call, unsigned status)
{
	response_json(call->response, status);
	call->response->content_type = HAL;
	return &call->response->body;
}

void mollie_money(struct buf *body, struct decimal amount, struct text currency)
{
	buf_addz(body, "{\"currency\":");
	buf_add_json(body, currency);
	buf_addz(body, ",\"value\":\"");
	decimal_write_money(body, amount);
	buf_addz(body, "\"}");
}

void mollie_date(struct buf *body, int64_t utc_ms)
{
	char date[CLOCK_ISO_SIZE];

	clock_iso_s(utc_ms, date);
	buf_addf(body, "\"%.19s+00:00\"", date);
}

void mollie_link_self(const struct mollie_call *call, struct buf *body, const char *resources, struct text id)
{
	struct buf url = {NULL, 0, 0};

	request_origin(call->request, &url);
	buf_addf(&url, "%s/v2/%s/", provider_mollie.base_path, resources);
	buf_add_percent(&url, id);
	buf_addz(body, "\"self\":{\"href\":");
	buf_add_json(body, buf_text(&url));
	buf_addz(body, ",\"type\":\"" HAL "\"}");
	buf_release(&url);
}

void mollie_link_documentation(struct buf *body, const char *page)
{
	buf_addf(body, ",\"documentation\":{\"href\":\"https://docs.mollie.com/reference/%s\",\"type\":\"text/html\"}",
		page);
}

void mollie_id_make(const char *prefix, char out[MOLLIE_ID_LEN + 1])
{
	static const char digits[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
	unsigned char bytes[MOLLIE_ID_LEN];
	int done = RAND_bytes(bytes, sizeof(bytes));
	size_t i = strlen(prefix);

	assert(done == 1 && i < MOLLIE_ID_LEN);
	memcpy(out, prefix, i);
	for (; i < MOLLIE_ID_LEN; i++)
		out[i] = digits[bytes[i] % (sizeof(digits) - 1)];
	out[MOLLIE_ID_LEN] = '\0';
}
