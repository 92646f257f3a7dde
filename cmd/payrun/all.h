/*
 * Every command, each in a file of its name. Floor 5.
 */
#ifndef PAYRUN_ALL_H
#define PAYRUN_ALL_H

#include "cmd/payrun/command.h"

extern const struct command command_check, command_submit, command_status, command_resume, command_poll, command_report,
	command_approve, command_reject, command_retry, command_cancel, command_resolve, command_show,
	command_reconcile, command_verify, command_init, command_template, command_channels, command_funds, command_key,
	command_recover, command_help;

/* The help of one command, or of payrun where it is NULL. */
void help_show(struct program *program, const struct command *command);

#endif
