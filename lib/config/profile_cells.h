/*
 * What a [profile NAME] says of cells besides those of the payouts' columns: the control line, the parts of a
 * reference, what a column must hold. Floor 2; private to config/. False: see the fault of the place.
 */
#ifndef CONFIG_PROFILE_CELLS_H
#define CONFIG_PROFILE_CELLS_H

#include <stdbool.h>

#include "config/loader.h"

/* control.NAME, join.NAME, require.HEADER; requires has room for one more. */
MUST_CHECK bool profile_take_control(
	struct loader *loader, const struct entry *entry, struct text name, struct profile *profile);
MUST_CHECK bool profile_take_join(
	struct loader *loader, const struct entry *entry, struct text name, struct profile *profile);
MUST_CHECK bool profile_take_require(
	struct loader *loader, const struct entry *entry, struct text name, struct profile *profile);

/* After all keys: what must stand together, and places where there is no header. */
MUST_CHECK bool profile_check_cells(struct loader *loader, const struct section *section, struct profile *profile);

#endif
