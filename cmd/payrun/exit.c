#include "cmd/payrun/exit.h"

#include <stddef.h>

static const enum exit_code precedence[] = {CODE_USAGE, CODE_LOCKED, CODE_FAILED, CODE_REFUSED, CODE_BREAK, CODE_PERSON,
	CODE_UNFINISHED, CODE_APPROVAL, CODE_SOME_BAD};

void exit_note(exit_notes *notes, enum exit_code code)
{
	*notes |= 1u << (unsigned)code;
}

enum exit_code exit_of_fault(const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_USAGE:
		return CODE_USAGE;
	case FAULT_REFUSED:
		return CODE_REFUSED;
	case FAULT_STOPPED:
		return CODE_UNFINISHED;
	case FAULT_BREAK:
		return CODE_BREAK;
	case FAULT_LOCKED:
		return CODE_LOCKED;
	case FAULT_PERSON:
		return CODE_PERSON;
	case FAULT_OPERATION:
		break;
	}
	return CODE_FAILED;
}

enum exit_code exit_choose(exit_notes notes)
{
	for (size_t i = 0; i < sizeof precedence / sizeof *precedence; i++)
		if ((notes & 1u << (unsigned)precedence[i]) != 0)
			return precedence[i];
	return CODE_DONE;
}

const char *exit_meaning(enum exit_code code)
{
	switch (code) {
	case CODE_DONE:
		return "done: every payout in scope is accepted or paid (--wait final: final)";
	case CODE_SOME_BAD:
		return "done, but rows were rejected or payouts failed, were returned or canceled";
	case CODE_USAGE:
		return "usage or configuration error, or could not start; nothing was read or sent";
	case CODE_REFUSED:
		return "a file was refused as a whole; nothing of this command was sent";
	case CODE_UNFINISHED:
		return "not finished: payouts are ready, sending, unknown or wait for a date; run again";
	case CODE_APPROVAL:
		return "waiting for approval";
	case CODE_BREAK:
		return "breaks were found; a journal behind its head; a payout that may be paid twice";
	case CODE_LOCKED:
		return "another run holds the journal";
	case CODE_PERSON:
		return "a person must act; the summary names the command";
	case CODE_FAILED:
		return "an operation failed after the start; what was sent is in the journal";
	}
	return "";
}
