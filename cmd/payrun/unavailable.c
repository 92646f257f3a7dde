/* Commands of the contract that this version does not have: named by help, exit 2. */
#include "cmd/payrun/all.h"

const struct command command_reconcile = {
	.name = "reconcile",
	.section = SECTION_PROOF,
	.synopsis = "[FILE...]",
	.summary = "compare the journal with statements",
};
