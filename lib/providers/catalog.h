/*
 * The providers payrun knows: adapters, and the settings of each as data. Floor 2.
 */
#ifndef PROVIDERS_CATALOG_H
#define PROVIDERS_CATALOG_H

#include "providers/adapter.h"
#include "values/setting.h"

/* NULL for a provider without an adapter in this version. */
const struct adapter *catalog_adapter(enum provider_id provider);
/* One entry for each of the four providers. */
const struct provider_settings *catalog_settings(int *count);

#endif
