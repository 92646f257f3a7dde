/*
 * What every stage works with: configuration, journal, time, where to say things, and whether to stop. Floor 3.
 */
#ifndef STAGES_STAGE_H
#define STAGES_STAGE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "config/config.h"
#include "journal/journal.h"
#include "values/terms.h"

/* Set by the signal handlers of cmd/: how many signals came, the last one, and a pipe that wakes a poll. */
struct stop {
	volatile sig_atomic_t count;
	volatile sig_atomic_t signal;
	int wake_fd; /* readable after a signal; -1: none */
};

#define STAGE_NOTICES_MAX 64

/* Something said once to a person, in the summary and in --json's errors. */
struct notice {
	char code[32]; /* CHANNEL_AUTH, ... */
	char channel[CHANNEL_NAME_SIZE];
	char message[512];
	char cure[512];
	bool person; /* a person must act: exit 8 */
	bool broken; /* a break: exit 6 */
};

struct stage {
	const struct config *config;
	struct journal *journal; /* NULL in stages that touch none (check) */
	const struct clock *clock;
	struct log *log;
	const struct stop *stop;
	const char *user_agent; /* "payrun/1.0" */
	struct notice notices[STAGE_NOTICES_MAX];
	int notice_count;
};

bool stage_stopped(const struct stage *stage);
/* Says it once: a notice with the same code and channel is not repeated. */
void stage_notice(struct stage *stage, bool person, const char *code, const char *channel, const char *cure,
	const char *format, ...) __attribute__((format(printf, 6, 7)));
/* A fault of a stage that goes on all the same, as a notice. */
void stage_notice_fault(struct stage *stage, bool person, const struct fault *fault);

/* The terms of every configured channel, in the order of the configuration. A channel whose provider has no adapter, a
 * mode that the provider does not have, or settings that its adapter refuses: exit 2. */
MUST_CHECK bool stage_terms(const struct stage *stage, struct terms terms[BOUND_CHANNELS], struct fault *fault);

/* No configured channel is another one than the journal knows under its name: else exit 2, before anything is read. */
MUST_CHECK bool stage_channels_same(struct stage *stage, struct fault *fault);
/* Binds the configured channel in the journal (PROTOCOL, 7) and gives its id; needs a transaction. */
MUST_CHECK bool stage_channel_bind(
	struct stage *stage, const struct channel *channel, int64_t *id, struct fault *fault);

#endif
