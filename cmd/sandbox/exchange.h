/*
 * One request and what becomes of it: which provider answers, which staged fault strikes, how the connection ends.
 * Floor 5, sandbox. It knows nothing of sockets; the server does what `way` says. One exchange belongs to one
 * connection and is used for its requests one after the other.
 */
#ifndef SANDBOX_EXCHANGE_H
#define SANDBOX_EXCHANGE_H

#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"

enum exchange_way {
	WAY_ANSWER = 0,
	WAY_TRUNCATE, /* the head and half of the body, then close */
	WAY_CLOSE,    /* close without an answer */
	WAY_RESET,    /* a TCP reset without an answer */
	WAY_HOLD,     /* no answer while the client waits */
};

struct exchange {
	struct request request;
	struct response response;
	enum exchange_way way;
	int64_t delay_ms; /* above 0: wait so long, then exchange_resume, then go the way */
	bool pending;     /* exchange_resume has still to execute the request */

	/* Of the connection, over its requests. */
	bool dying;        /* the next provider request finds it closed */
	bool dying_commit; /* ... and is executed nevertheless */
};

/* Decides; the request is filled in. */
void exchange_run(struct sandbox *sandbox, struct exchange *exchange);
/* After the delay, whether or not the client is still there: a slow provider executes what it has read. */
void exchange_resume(struct sandbox *sandbox, struct exchange *exchange);

void exchange_release(struct exchange *exchange);

#endif
