/*
 * The one seam of the crash tests: a named point before and after every journal call, send and file replacement.
 * Floor 0. Nothing in the shipped program; with -DPAYRUN_TICKS each calls tick_hook, where a test may end the process.
 * Names are "file.point", a literal, each used once in the source (a test compares those reached with those written).
 */
#ifndef BASE_TICK_H
#define BASE_TICK_H

#ifdef PAYRUN_TICKS
extern void (*tick_hook)(const char *name);
#define tick(name) (tick_hook != NULL ? tick_hook("" name) : (void)0)
#else
#define tick(name) ((void)0)
#endif

#endif
