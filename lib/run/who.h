/*
 * Who runs the program: the login user, with the effective one beside it where they differ (CONTRACT, section 8).
 * Floor 4.
 */
#ifndef RUN_WHO_H
#define RUN_WHO_H

#include "journal/journal.h"

/* user from loginuid, else SUDO_USER of a root, else the real user; host; program as given. Characters that a log or a
 * terminal would stumble over become '?'. */
void who_find(struct journal_who *who, const char *program);

#endif
