/*
 * `payrun help findings`: the codes with their causes and cures, and under each the rules that lead to it. Floor 5.
 */
#ifndef PAYRUN_HELP_FINDINGS_H
#define PAYRUN_HELP_FINDINGS_H

#include "base/buf.h"

void help_findings_show(struct buf *text);
/* The same as members of the document: codes and rules. */
void help_findings_json(struct buf *members);

#endif
