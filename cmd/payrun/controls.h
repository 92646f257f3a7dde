/*
 * The controls as people and scripts see them: what approval a batch needs and whose, which limits a file touches and
 * what the day leaves of them. Floor 5.
 */
#ifndef PAYRUN_CONTROLS_H
#define PAYRUN_CONTROLS_H

#include "cmd/payrun/command.h"
#include "run/run.h"

/* Lines of the preview of a file. */
void controls_preview(const struct program *program, const struct receive_result *result, struct buf *text);
/* Members `approval` and `limits` of its element of "batches". */
void controls_json(const struct receive_result *result, struct buf *json);

/* That payouts wait for approval: how many, for whom, the command that releases them. batch: its name, NULL of several.
 */
void controls_waiting(struct program *program, int64_t held, const char *batch);

#endif
