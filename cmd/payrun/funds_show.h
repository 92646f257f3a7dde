/*
 * Funds as text and as the member "funds" of --json, for `payrun funds` and `submit --dry-run`. Floor 5.
 */
#ifndef PAYRUN_FUNDS_SHOW_H
#define PAYRUN_FUNDS_SHOW_H

#include "cmd/payrun/command.h"
#include "run/funds.h"

/* Asks the providers and shows what they say; all: every channel and balance, needed or not. Faults of channels are
 * told as they are, or where `shows` as failures of a command that only shows. False: a fault of our own, told. */
bool funds_ask_and_show(struct program *program, struct funds *funds, bool all, bool shows);

#endif
