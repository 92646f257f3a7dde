/*
 * A small HTTP peer for tests, on a free port of 127.0.0.1: it reads whole requests, counts them, and answers each path
 * as its route says, badly where it should. One thread a connection.
 */
#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

#include <stddef.h>

#define PEER_ROUTES_MAX 32

enum peer_end {
	PEER_KEEP = 0, /* waits for the next request on the connection */
	PEER_CLOSE,
	PEER_RESET, /* RST instead of FIN */
	PEER_HANG,  /* reads nothing and says nothing more until peer_stop() */
};

struct peer_route {
	const char *path;
	const char *answer;   /* raw bytes of the answer: status line, headers, body; NULL for none */
	size_t padding;       /* so many further letters after it */
	const char *repeated; /* a line that is sent `repeats` times after answer */
	size_t repeats;
	int wait_ms; /* before the answer */
	enum peer_end end;
};

struct peer;

/* routes are kept, not copied. */
struct peer *peer_start(const struct peer_route *routes, size_t count);
void peer_stop(struct peer *peer);

int peer_port(const struct peer *peer);
/* Whole requests read for a path; NULL: for all paths. */
int peer_requests(struct peer *peer, const char *path);
int peer_connections(struct peer *peer);
/* The last whole request, as it came; "" before the first. Valid until the next one. */
const char *peer_last(struct peer *peer);

#endif
