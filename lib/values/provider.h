/*
 * The providers' names. Floor 1. The zero value is no provider.
 */
#ifndef VALUES_PROVIDER_H
#define VALUES_PROVIDER_H

#include "base/text.h"

enum provider_id {
	PROVIDER_NONE = 0,
	PROVIDER_CIRCLE,
	PROVIDER_MOLLIE,
	PROVIDER_PONTIS,
	PROVIDER_CALYPSO,
	PROVIDER_COUNT
};

const char *provider_name(enum provider_id provider); /* "circle"; "" for none */
enum provider_id provider_parse(struct text name);    /* PROVIDER_NONE when unknown */

#endif
