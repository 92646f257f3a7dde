/*
 * Circle's adapter, three modes (providers/circle.md of the specification): wire and legacy pay to bank accounts,
 * address_book pays stablecoins to recipients. Floor 2.
 */
#ifndef PROVIDERS_CIRCLE_H
#define PROVIDERS_CIRCLE_H

#include "providers/adapter.h"

extern const struct adapter circle_adapter;

#endif
