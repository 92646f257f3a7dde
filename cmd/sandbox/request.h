/*
 * A request as a provider gets it and the answer it gives, without a word of the HTTP library. Floor 5, sandbox.
 * A request's pointers belong to the connection and are valid until its answer is sent.
 */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/text.h"

#define REQUEST_HEADERS 64             /* more are not looked at: an honest client sends a dozen */
#define REQUEST_BODY_MAX (1024 * 1024) /* as much as a provider would take; beyond it 413 */
#define RESPONSE_HEADERS 8

struct header {
	const char *name;
	const char *value;
};

struct request {
	const char *method;
	const char *path; /* decoded, without the query */
	struct header headers[REQUEST_HEADERS];
	size_t header_count;
	struct header arguments[REQUEST_HEADERS]; /* of the query, decoded */
	size_t argument_count;
	struct text body;
	bool too_large; /* the body was cut off at REQUEST_BODY_MAX */

	/* What a staged fault asks of the provider's half. */
	bool dry;          /* answer as if, and change nothing */
	const char *wrong; /* NULL, or the field whose value is to be another payout's (payout_shown) */
};

struct response_header {
	char name[32];
	char value[1024]; /* as long as a Link of a list with its filters */
};

struct response {
	unsigned status; /* of HTTP; 0 while there is no answer */
	const char *content_type;
	struct buf body;
	struct response_header headers[RESPONSE_HEADERS];
	size_t header_count;

	/* A long body in pieces, in place of body: read fills at most max bytes and returns how many, 0 at the end,
	 * -1 when it can't go on; done releases the context. */
	ssize_t (*read)(void *context, char *out, size_t max);
	void (*done)(void *context);
	void *context;
};

/* The value of a header, its name in any case; NULL: not sent. */
const char *request_header(const struct request *request, const char *name);
const char *request_argument(const struct request *request, const char *name);
/* True when Content-Type says JSON. */
bool request_is_json(const struct request *request);
/* Adds "http://HOST" as the client calls this program; nothing where it did not say. */
void request_origin(const struct request *request, struct buf *url);
/* True when a path is of this pattern, in which {} stands for one segment that is not empty; *id is that segment. */
bool path_matches(const char *path, const char *pattern, struct text *id);

/* Forgets the answer and keeps the body's memory. */
void response_reset(struct response *response);
/* Starts an answer of JSON, whose bytes the caller then adds to response->body. */
void response_json(struct response *response, unsigned status);
/* An answer of {"error": "..."}. */
void response_error(struct response *response, unsigned status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void response_header(struct response *response, const char *name, const char *value);
void response_release(struct response *response);

#endif
