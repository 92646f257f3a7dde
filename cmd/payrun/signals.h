/*
 * Signals: the first SIGINT, SIGTERM or SIGHUP asks to stop, a second one ends the process at once with 128 + its
 * number; SIGPIPE is ignored. Floor 5. One set of handlers a process.
 */
#ifndef PAYRUN_SIGNALS_H
#define PAYRUN_SIGNALS_H

#include "base/fault.h"
#include "stages/stage.h"

/* stop lives as long as the process. A signal that the caller's parent had ignored (nohup) stays ignored. */
MUST_CHECK bool signals_catch(struct stop *stop, struct fault *fault);

#endif
