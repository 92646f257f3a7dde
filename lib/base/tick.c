#include "base/tick.h"

#ifdef PAYRUN_TICKS
void (*tick_hook)(const char *name);
#endif

/* Without ticks this file would be empty, which ISO C does not allow. */
typedef void (*tick_function)(const char *name);
