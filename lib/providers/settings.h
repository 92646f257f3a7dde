/*
 * What each provider's channels can be told in payrun.conf (CONTRACT, section 8), as data. Floor 2. A provider without
 * an adapter in this version has its settings here all the same: they are known, and its channels are refused.
 */
#ifndef PROVIDERS_SETTINGS_H
#define PROVIDERS_SETTINGS_H

#include "values/setting.h"

#define PROVIDER_SETTINGS_COUNT 4

extern const struct provider_settings provider_settings[PROVIDER_SETTINGS_COUNT];

#endif
