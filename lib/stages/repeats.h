/*
 * Repeats: finds equal digests among any number of rows of one file or several, in bounded memory. Floor 3.
 * A digest is 16 bytes of a good hash: equal digests are taken for equal text.
 */
#ifndef STAGES_REPEATS_H
#define STAGES_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct repeats;

#define REPEATS_FILES_MAX 65535

struct repeat {
	int64_t group; /* from 1; members of one group have equal digests and come one after another, in order added */
	int file;      /* index of the input among several, from 0 */
	int64_t index; /* of the row among the file's rows, from 0 */
	int64_t row;   /* its number as a spreadsheet has it */
};

/* folder: of the temporary file that many rows need (0600, unlinked at once); the caller's string. */
struct repeats *repeats_open(const char *folder);
void repeats_close(struct repeats *repeats);
MUST_CHECK bool repeats_add(
	struct repeats *repeats, const uint8_t digest[16], int file, int64_t index, int64_t row, struct fault *fault);
/* Calls each for every member of every group of two or more whose digests are equal, or only begin with the same 8
 * bytes (half); ends with false as soon as each does. Nothing may be added afterwards; it may be called again. */
MUST_CHECK bool repeats_each(struct repeats *repeats, bool half,
	bool (*each)(void *context, const struct repeat *repeat, struct fault *fault), void *context,
	struct fault *fault);

#endif
