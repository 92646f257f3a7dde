/*
 * Where a configuration is wrong: file and line in front of every fault. Floor 2. All faults are exit 2.
 */
#ifndef CONFIG_PLACE_H
#define CONFIG_PLACE_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/text.h"

struct place {
	const char *file; /* as a message may show it */
	struct fault *fault;
};

/* "FILE:LINE: ..." (line 0: "FILE: ..."); false. cure may be NULL. */
bool place_fault(const struct place *place, int line, const char *cure, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same with the text of errno behind it. */
bool place_errno(const struct place *place, int line, const char *cure, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define PLACE_SHOWN 120
/* Text of the file as a message may show it, cut where it is long. */
const char *place_show(char out[PLACE_SHOWN], struct text text);

#endif
