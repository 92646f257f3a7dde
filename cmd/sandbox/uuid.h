/*
 * UUIDs as text: 36 characters, lower case. Floor 5, sandbox. No state.
 */
#ifndef SANDBOX_UUID_H
#define SANDBOX_UUID_H

#include <stdbool.h>

#include "base/text.h"

#define UUID_LEN 36
#define UUID_SIZE (UUID_LEN + 1)

/* A UUID of any version, lower-cased into out (no NUL): UUIDs are compared by value. False: not one. */
bool uuid_parse(struct text text, char out[UUID_LEN]);

/* A random one of version 4: never seen before, whatever was reset or started again. */
void uuid_new(char out[UUID_SIZE]);

/* One of version 4 that always belongs to this name within this kind. */
void uuid_of(const char *kind, struct text name, char out[UUID_SIZE]);

#endif
