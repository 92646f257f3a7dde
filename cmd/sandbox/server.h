/*
 * HTTP on 127.0.0.1: the only file that knows libmicrohttpd. Floor 5, sandbox.
 * One thread: libmicrohttpd's epoll set, the signals and the requests that wait are polled together; a request that a
 * staged fault holds up is suspended and costs the others nothing.
 */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "cmd/sandbox/sandbox.h"

#define SERVER_CONNECTIONS 4096 /* more than any client here opens; bounded by the file descriptors as well */
#define SERVER_HELD_MAX 1024    /* requests held up at a time; one more is closed at once */
#define SERVER_HOLD_MS 120000   /* a fault of kind timeout lets go after so long */

struct server;

/* Listens; SIGTERM and SIGINT are blocked from here on. NULL: a fault of usage (the port) or operation. */
struct server *server_open(struct sandbox *sandbox, uint16_t port, struct fault *fault);
/* The port in use, also when 0 was asked. */
uint16_t server_port(const struct server *server);
/* Serves until SIGTERM or SIGINT. */
MUST_CHECK bool server_run(struct server *server, struct fault *fault);
void server_close(struct server *server);

#endif
