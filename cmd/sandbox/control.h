/*
 * The paths below /_/: how a test looks into the sandbox and stages what happens (contract, section 9). Floor 5,
 * sandbox.
 */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"

bool control_path(const char *path);
/* Always answers, in JSON. */
void control_handle(struct sandbox *sandbox, const struct request *request, struct response *response);

#endif
