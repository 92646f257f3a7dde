/*
 * A calypso channel and a call about one payout, for the tests of its adapter.
 */
#ifndef TESTS_SUPPORT_CALYPSO_H
#define TESTS_SUPPORT_CALYPSO_H

#include "providers/calypso.h"

#define CALYPSO_PAYLOAD                                                                                                \
	"{\"depositAddress\":\"TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR\",\"amount\":12.5,\"currency\":\"USDT_TRX\","        \
	"\"idempotencyKey\":\"79a296b3-9bb7-49b8-8ad1-618161d6f7b1\",\"externalId\":\"row-1\"}"

/* account, key, secret, schedule: a test that changes one puts it back */
extern struct setting_value calypso_settings[4];
extern struct channel calypso_channel;

/* About the payout of CALYPSO_PAYLOAD, without content. */
struct call calypso_call(void);

#endif
