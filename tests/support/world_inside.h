/*
 * What the parts of a test's world share.
 */
#ifndef TESTS_WORLD_INSIDE_H
#define TESTS_WORLD_INSIDE_H

#include "base/fault.h"
#include "run/session.h"
#include "tests/support/world.h"

/* Fails the test with the fault unless done. */
void world_must(bool done, const struct fault *fault);
struct session_options world_options(struct world *world);
/* Makes the journal unless it is there. */
bool world_create(struct world *world, struct fault *fault);

#endif
