/*
 * One cell of CSV as it is written: quoted where it must be, and never a formula. Floor 2. Pure.
 */
#ifndef FORMATS_CELL_H
#define FORMATS_CELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

/* True for text that a spreadsheet may run: it starts with = + - @ TAB CR LF or their full-width forms. Apostrophes
 * before them don't count, so that guarding can be undone. */
bool cell_runs(struct text text);

/* Adds a cell (RFC 4180). guard: a leading apostrophe before text that a spreadsheet may run. */
void cell_add(struct buf *buf, struct text text, char delimiter, bool guard);

/* Takes off the apostrophe that a guarded cell_add() put there, and no other one: 't Hart keeps hers. */
struct text cell_unguarded(struct text text);

#endif
