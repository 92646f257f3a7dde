/* The envelopes of answers (providers/circle.md, A2 and A9) and the members that many objects share. */
#include "cmd/sandbox/circle.h"

#include <assert.h>
#include <stdarg.h>

/* Malformed and lack of funds 400, conflicts of state 409, no such payout 404 (assumed; A9). */
static unsigned status_of(enum circle_code code)
{
	static const enum circle_code conflicts[] = {
		CIRCLE_KEY_BOUND, CIRCLE_RECIPIENT_EXISTS, CIRCLE_DESTINATION_INACTIVE};
	size_t i;

	for (i = 0; i < sizeof(conflicts) / sizeof(conflicts[0]); i++)
		if (code == conflicts[i])
			return 409;
	if (code == CIRCLE_PAYOUT_UNKNOWN)
		return 404;
	return code == CIRCLE_FORBIDDEN ? 403 : 400;
}

bool circle_refuse(struct circle_call *call, enum circle_code code, const char *format, ...)
{
	struct buf message = {NULL, 0, 0};
	va_list list;

	va_start(list, format);
	buf_addv(&message, format, list);
	va_end(list);
	response_json(call->response, status_of(code));
	buf_addf(&call->response->body, "{\"code\":%d,\"message\":", (int)code);
	buf_add_json(&call->response->body, buf_text(&message));
	buf_addc(&call->response->body, '}');
	buf_release(&message);
	return false;
}

void circle_refuse_status(struct response *response, unsigned status, const char *message)
{
	response_json(response, status);
	buf_addf(&response->body, "{\"code\":%u,\"message\":", status);
	buf_add_json(&response->body, text_of(message));
	buf_addc(&response->body, '}');
}

struct buf *circle_data(struct circle_call *call, unsigned status)
{
	response_json(call->response, status);
	buf_addz(&call->response->body, "{\"data\":");
	return &call->response->body;
}

void circle_data_end(struct circle_call *call)
{
	buf_addc(&call->response->body, '}');
}

void circle_member(struct buf *body, const char *name, struct text text)
{
	buf_addf(body, ",\"%s\":", name);
	if (text.ptr == NULL)
		buf_addz(body, "null");
	else
		buf_add_json(body, text);
}

void circle_member_json(struct buf *body, const char *name, struct text json)
{
	buf_addf(body, ",\"%s\":", name);
	buf_addt(body, json.ptr == NULL ? TEXT("null") : json);
}

void circle_member_date(struct buf *body, const char *name, int64_t utc_ms)
{
	char date[CLOCK_ISO_SIZE];

	clock_iso_ms(utc_ms, date);
	buf_addf(body, ",\"%s\":\"%s\"", name, date);
}

void circle_decimal(struct buf *body, struct decimal amount, struct text currency)
{
	buf_addz(body, "{\"amount\":\"");
	decimal_write_money(body, amount);
	buf_addz(body, "\",\"currency\":");
	buf_add_json(body, currency);
	buf_addc(body, '}');
}

void circle_money(struct buf *body, struct text amount, struct text currency)
{
	struct decimal decimal;
	bool parsed = decimal_parse(amount, &decimal);

	assert(parsed);
	circle_decimal(body, decimal, currency);
}
