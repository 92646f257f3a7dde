/*
 * A fault: something wrong with an operation (disk, network, configuration), never with the data of a row.
 * Floor 0. Caller's memory, no heap inside; text is cut, never overrun. First fault wins: fault_set() on one
 * that is already set changes nothing. Functions that can fail return bool and take a struct fault last.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

/* What the fault means for the command; cmd/ turns it into the exit code of the contract, section 2. */
enum fault_kind {
	FAULT_OPERATION = 0, /* exit 9: an operation failed after the start (the cautious reading) */
	FAULT_USAGE,         /* exit 2: usage or configuration, or could not start */
	FAULT_REFUSED,       /* exit 3: a file was refused as a whole */
	FAULT_STOPPED,       /* exit 4: stopped by a signal or a limit before it was done */
	FAULT_BREAK,         /* exit 6: journal behind its head, breaks */
	FAULT_LOCKED,        /* exit 7: another run holds the journal */
	FAULT_PERSON,        /* exit 8: a person must act */
};

struct fault {
	bool set;
	enum fault_kind kind;
	char code[32];      /* stable code of the contract, section 4, or "" */
	char channel[64];   /* the channel it concerns, or "" */
	char message[1024]; /* what was attempted, on what, why; no secrets, account numbers masked */
	char cure[512];     /* what to do, or "" */
};

/* Sets the fault and returns false, so that `return fault_set(...)` reads well. cure may be NULL. */
bool fault_set(struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* As fault_set, with the text of errno after the message. */
bool fault_errno(struct fault *fault, enum fault_kind kind, const char *code, const char *cure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Names the channel of a fault; does nothing when channel is NULL. */
void fault_channel(struct fault *fault, const char *channel);

#endif
