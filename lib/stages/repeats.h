/*
 * Repeats: finds equal digests among any number of rows in bounded memory: sorted runs in an unlinked temporary file,
 * merged at the end. Floor 3. A digest is 16 bytes of a SHA-256: equal digests are taken for equal text.
 */
#ifndef STAGES_REPEATS_H
#define STAGES_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct repeats;

/* folder: where the temporary file goes (0600, unlinked at once). */
struct repeats *repeats_open(const char *folder, struct fault *fault);
void repeats_close(struct repeats *repeats);
/* file: index of the input among several, from 0. */
MUST_CHECK bool repeats_add(struct repeats *repeats, const uint8_t digest[16], int file, int64_t row, int64_t line,
	struct fault *fault);
/* Calls each for every member of every group of two or more equal digests, group after group; first: the group's first
 * member in order of file and row. */
struct repeat {
	int file;
	int64_t row, line;
	int first_file;
	int64_t first_row;
};
MUST_CHECK bool repeats_each(struct repeats *repeats,
	bool (*each)(void *context, const struct repeat *repeat, struct fault *fault), void *context,
	struct fault *fault);

#endif
