/*
 * Causes: which code and field most rows share, so that one mistake of the file is said once and not thousands of times
 * (CONTRACT, section 4). Floor 3. Memory: one entry for each code and field met.
 */
#ifndef STAGES_CAUSES_H
#define STAGES_CAUSES_H

#include <stdbool.h>
#include <stdint.h>

#include "values/finding.h"

struct causes;

#define CAUSES_ROWS_MIN 20 /* a shorter file is told row by row */

struct causes *causes_new(void);
void causes_free(struct causes *causes);
/* Counts a finding of a row. */
void causes_count(struct causes *causes, const struct finding *finding);
/* True when more than half of the rows share this finding's code and field. */
bool causes_shared(const struct causes *causes, int64_t rows, const struct finding *finding);
/* Calls each with one finding of the file for each shared cause; its texts live in the arena. */
void causes_each(const struct causes *causes, int64_t rows, struct arena *arena,
	void (*each)(void *context, const struct finding *finding), void *context);

#endif
