/*
 * Spill: the findings of a file, any number of them, in order of their rows, in bounded memory: written to a scratch
 * file as they come, sorted in pieces where they do not come in order, merged while they are read. Floor 3.
 * It also keeps the references that were made for rows without one, for the error file.
 */
#ifndef STAGES_SPILL_H
#define STAGES_SPILL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "values/finding.h"

struct spill;

enum spill_kind { SPILL_FINDING = 0, SPILL_REFERENCE };

struct spill_item {
	enum spill_kind kind;
	int64_t row;
	struct finding finding;
	struct text reference; /* of SPILL_REFERENCE */
};

/* folder: of the scratch file, the caller's string. */
struct spill *spill_new(const char *folder);
void spill_free(struct spill *spill);
MUST_CHECK bool spill_add(struct spill *spill, const struct finding *finding, struct fault *fault);
MUST_CHECK bool spill_reference(struct spill *spill, int64_t row, struct text reference, struct fault *fault);
/* Goes to the first one; nothing may be added afterwards. It may be called again to read them once more. */
MUST_CHECK bool spill_rewind(struct spill *spill, struct fault *fault);
/* The next in order of rows, then in order added; its texts live until the next call. *found false: no more. */
MUST_CHECK bool spill_next(struct spill *spill, struct spill_item *item, bool *found, struct fault *fault);

#endif
