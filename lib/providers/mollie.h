/*
 * Mollie's adapter (providers/mollie.md of the specification): payouts from a balance to the bank account that is
 * configured for it. Floor 2.
 */
#ifndef PROVIDERS_MOLLIE_H
#define PROVIDERS_MOLLIE_H

#include "providers/adapter.h"

extern const struct adapter mollie_adapter;

#endif
