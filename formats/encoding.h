/*
 * The encoding of an input as --encoding names it. Floor 2. This version reads UTF-8 alone.
 */
#ifndef FORMATS_ENCODING_H
#define FORMATS_ENCODING_H

#include <stdbool.h>

#include "base/fault.h"

/* NULL is UTF-8. Any other one: FAULT_USAGE (exit 2). */
MUST_CHECK bool encoding_check(const char *encoding, struct fault *fault);

#endif
