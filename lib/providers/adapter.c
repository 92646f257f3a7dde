#include "providers/adapter.h"

#include <assert.h>

static const char *const operations[OPERATION_COUNT] = {
	[OPERATION_SESSION] = "session",
	[OPERATION_PREPARE] = "prepare",
	[OPERATION_CREATE] = "create",
	[OPERATION_LOOKUP] = "lookup",
	[OPERATION_LIST] = "list",
	[OPERATION_STATUS] = "status",
	[OPERATION_CANCEL] = "cancel",
	[OPERATION_FUNDS] = "funds",
};

static const char *const verdicts[] = {
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_ACCEPTED] = "accepted",
	[VERDICT_REFUSED] = "refused",
	[VERDICT_NOT_EXECUTED] = "not executed",
	[VERDICT_CHANNEL_STOP] = "channel stop",
	[VERDICT_NO_FUNDS] = "no funds",
	[VERDICT_THROTTLED] = "throttled",
	[VERDICT_SESSION_EXPIRED] = "session expired",
	[VERDICT_NOT_FOUND] = "not found",
	[VERDICT_MISMATCH] = "mismatch",
};

const char *operation_name(enum operation operation)
{
	assert((unsigned)operation < OPERATION_COUNT);
	return operations[operation];
}

const char *verdict_name(enum verdict verdict)
{
	assert((unsigned)verdict < sizeof(verdicts) / sizeof(verdicts[0]));
	return verdicts[verdict];
}
