/*
 * A mollie channel and a call about one payout, for the tests of its adapter.
 */
#ifndef TESTS_SUPPORT_MOLLIE_H
#define TESTS_SUPPORT_MOLLIE_H

#include "providers/mollie.h"

#define MOLLIE_ID "payout_j8NvRAM2WNZtsykpLEX8J"
#define MOLLIE_TAG "[9b32e3b9f9b6]"
#define MOLLIE_PAYLOAD                                                                                                 \
	"{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"},\"description\":\"Rent "       \
	"[9b32e3b9f9b6]\"}"

/* api_key, balance: a test that changes one puts it back */
extern struct setting_value mollie_settings[2];
extern struct channel mollie_channel;

/* About the payout of MOLLIE_PAYLOAD, without content. */
struct call mollie_call(void);
/* The same answer in every test: read, with its arena emptied before. */
struct receipt mollie_receipt(
	enum operation operation, const struct call *call, int status, const char *body, struct arena *arena);
/* F(name) F(value), added to the content. */
void mollie_content_add(struct buf *content, const char *name, const char *value);

#endif
