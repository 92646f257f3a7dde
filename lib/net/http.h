/*
 * HTTP over libcurl's multi interface: the only file that knows curl. Floor 2. One thread.
 *
 * An exchange is one request and what became of it. It is sent at most once: a second send that libcurl would make by
 * itself on a dead reused connection is refused (CURLOPT_PREREQFUNCTION). No proxy unless configured, no redirects,
 * http and https only, TLS verified, answers capped at BOUND_ANSWER_BYTES, HTTP/2 by ALPN only.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"

struct http;

#define HTTP_HEADERS_MAX 12

struct http_header {
	const char *name;
	const char *value; /* refused when it holds CR, LF or NUL */
};

struct http_request {
	const char *method; /* GET, POST, DELETE */
	const char *url;    /* absolute */
	struct http_header headers[HTTP_HEADERS_MAX];
	int header_count;
	struct text body; /* sent as it is; empty for none */
};

enum http_outcome {
	HTTP_LOST = 0, /* bytes may have left and no whole answer came: reset, time-out, torn, oversized: the cautious
			  zero */
	HTTP_NOT_SENT, /* proven: no byte of the request left (could not resolve, connect, agree on TLS; not admitted)
			*/
	HTTP_ANSWERED, /* a whole answer: status, headers, body */
};

struct http_answer {
	enum http_outcome outcome;
	const char *code;  /* of the contract where it is not ANSWERED: NETWORK_RESOLVE, NETWORK_CONNECT, NETWORK_TLS,
			      NETWORK_TIMEOUT, or "" */
	bool untrusted;    /* TLS: the certificate is not trusted: stops the channel (PROTOCOL, section 4) */
	bool not_admitted; /* admit() said no */
	char error[256];   /* why, for people; no secrets, no URL query */
	int status;        /* HTTP status, 0 when not ANSWERED */
	struct text body;
	int64_t retry_after_ms; /* Retry-After as a delay, seconds or date; -1 where there is none */
	int64_t date_ms;        /* Date header in UTC ms; 0 where there is none */
	bool is_json;           /* content type says JSON (application/json, +json) */
	bool replayed;          /* Idempotent-Replayed: true */
	char location[256];     /* of a 3xx, for the message */
};

struct http_exchange; /* owned by http from http_start to the end of done() */

struct http_callbacks {
	/* Asked right before the first byte may leave, on a connection that stands: false sends nothing. */
	bool (*admit)(void *context, void *exchange_context);
	/* The exchange ended; answer and its texts live until it returns. It may call http_start(). */
	void (*done)(void *context, void *exchange_context, const struct http_answer *answer);
	void *context;
};

struct http_options {
	const struct http_callbacks *callbacks;
	const struct clock *clock;
	int connections; /* kept alive at most: the sum of all workers */
	const char *user_agent;
};

struct http *http_open(const struct http_options *options, struct fault *fault);
/* Ends every exchange without calling done() and frees it all. */
void http_close(struct http *http);

/* Starts one; body and headers are copied. ca_file: further trusted certificates (PEM) or NULL. False only when libcurl
 * refuses the arguments (the fault says why): nothing was sent and done() is not called. */
MUST_CHECK bool http_start(struct http *http, const struct http_request *request, int64_t timeout_ms,
	const char *ca_file, void *exchange_context, struct fault *fault);
int http_active(const struct http *http);

/* Hands what was started to the network without waiting; done() is called by the next http_run(). */
MUST_CHECK bool http_push(struct http *http, struct fault *fault);
/* Waits until something happens on a socket or on wake_fd (-1: none), or timeout_ms passed, then does what can be done
 * and calls done() for all that ended. */
MUST_CHECK bool http_run(struct http *http, int64_t timeout_ms, int wake_fd, struct fault *fault);

#endif
