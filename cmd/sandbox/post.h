/*
 * Delivers webhooks: an HTTP client of the least kind, one parcel at a time, so that receivers get events in their
 * order unless a fault says otherwise. Floor 5, sandbox. It reaches this machine alone, over plain HTTP; another
 * address counts as one that does not answer. It never blocks: the server polls its socket.
 */
#ifndef SANDBOX_POST_H
#define SANDBOX_POST_H

#include "cmd/sandbox/sandbox.h"

#define POST_TIMEOUT_MS 15000 /* for connecting, sending and the answer's head together */

struct post;

/* Its socket is registered in an epoll set under the post's own address. */
struct post *post_new(struct sandbox *sandbox, int epoll_fd);
/* Something happened to its socket, or time has passed: goes as far as it can. */
void post_turn(struct post *post);
/* Milliseconds until post_turn has something to do even if nothing happens; -1: never. */
int64_t post_wait_ms(const struct post *post);
void post_free(struct post *post);

#endif
