/*
 * Calypso's adapter (providers/calypso.md of the specification). Floor 2.
 */
#ifndef PROVIDERS_CALYPSO_H
#define PROVIDERS_CALYPSO_H

#include "providers/adapter.h"

extern const struct adapter calypso_adapter;

#endif
