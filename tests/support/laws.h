/*
 * What the laws of conformance stand on: all adapters, their recorded exchanges, and answers with one thing changed.
 */
#ifndef TESTS_SUPPORT_LAWS_H
#define TESTS_SUPPORT_LAWS_H

#include "base/arena.h"
#include "base/buf.h"
#include "providers/adapter.h"
#include "tests/support/scene.h"

#define LAWS_ADAPTERS 4

extern const struct adapter *const laws_adapters[LAWS_ADAPTERS];

/* A law that runs: what it reads lives until it reads again. */
struct law {
	struct arena arena;
	size_t shown; /* how many times it was put to the test */
};

/* Runs the law over every exchange of every adapter; each adapter must put it to the test at least so many times: one
 * that meets nothing proves nothing. */
void law_run(void (*run)(void *law, struct scene *scene), size_t least);
/* The same over one scene of each adapter, that of its defaults: about a payout, without an answer. */
void law_run_defaults(void (*run)(void *law, struct scene *scene), size_t least);

/* The answer of the scene, but with another status and body. */
struct receipt law_read(
	struct law *law, const struct scene *scene, enum operation operation, int status, struct text body);
/* The same with the body alone, and with nothing changed. */
struct receipt law_read_body(struct law *law, const struct scene *scene, struct text body);
struct receipt law_read_again(struct law *law, const struct scene *scene);

/* Fails the test. */
void law_broken(const struct scene *scene, const char *how, const struct receipt *receipt, struct text body);

/* Every place of `from` replaced; how many there were. */
size_t law_replace(struct text in, const char *from, const char *to, struct buf *out);

bool law_success(int status);
/* What is known when the provider said nothing of its own form: what its HTTP status says (PROTOCOL, section 4). */
enum verdict law_verdict_of_status(enum operation operation, int status);
/* Whether the adapter has the operation, by its capabilities. */
bool law_can(const struct adapter *adapter, enum operation operation);

#endif
