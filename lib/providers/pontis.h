/*
 * PontisGlobe's adapter (providers/pontis.md of the specification). Floor 2.
 */
#ifndef PROVIDERS_PONTIS_H
#define PROVIDERS_PONTIS_H

#include "providers/adapter.h"

extern const struct adapter pontis_adapter;

#endif
