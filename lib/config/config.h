/*
 * payrun.conf: found, checked for who may write and read it, parsed, every trap told with file and line (CONTRACT,
 * section 8). Floor 2. All faults are exit 2. The configuration owns its strings; secrets are wiped when it is freed.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "values/channel.h"
#include "values/limit.h"
#include "values/profile.h"
#include "values/setting.h"

enum suspected { SUSPECTED_HOLD = 0, SUSPECTED_WARN, SUSPECTED_ERROR };

/* Which batches need approval. */
enum approve { APPROVE_NEVER = 0, APPROVE_ALWAYS, APPROVE_ABOVE };

#define CONFIG_WARNINGS_MAX 16

struct config {
	char *path;   /* as found */
	char *folder; /* relative paths are relative to it */
	char *namespace_text;
	char *journal;      /* URL as resolved: sqlite:/abs/or/relative/path */
	char *journal_path; /* of a sqlite: URL */
	char *head_file;    /* NULL: the default */
	char *reports;      /* folder, resolved */
	char *timezone;
	enum approve approve;
	struct limit approve_above; /* of APPROVE_ABOVE: what passes without, per currency of a batch */
	const char **approvers;     /* login names; count 0: anybody */
	int approver_count;
	bool four_eyes; /* whoever submitted can't approve */
	enum suspected suspected_duplicates;
	int64_t duplicate_days;
	struct channel *channels;
	int channel_count;
	char *channel_names; /* "a, b, c" for messages */
	struct profile *profiles;
	int profile_count;
	char *warnings[CONFIG_WARNINGS_MAX]; /* a bare secret in a 0600 file, ... */
	int warning_count;
	void *memory; /* private */
};

struct config_options {
	const char *path; /* of -c, or NULL: $PAYRUN_CONF, ./payrun.conf, $XDG_CONFIG_HOME/payrun/, /etc/payrun/ */
	const char *journal_url; /* --journal, or NULL */
	const struct provider_settings *providers;
	int provider_count;
};

/* NULL on failure. */
struct config *config_load(const struct config_options *options, struct fault *fault);
void config_free(struct config *config);
const struct channel *config_channel(const struct config *config, struct text name);
const struct profile *config_profile(const struct config *config, struct text name); /* NULL: there is none */

/* The path that config_load() would take, on the heap; NULL and a fault with the places searched when there is none. */
char *config_find(const char *path, struct fault *fault);

/* "5/s", "300/m", "none". */
bool config_rate_parse(struct text text, int64_t *count, int64_t *period_ms);

/* Writes a new configuration (0600); one that exists is exit 2. */
struct config_new {
	const char *path;
	bool sandbox;                 /* channels of the sandbox on port 8400 */
	const enum provider_id *only; /* --provider NAME..., or NULL for all that have an adapter */
	int only_count;
	const char *namespace_text; /* drawn by the caller */
	const struct provider_settings *providers;
	int provider_count;
};
MUST_CHECK bool config_create(const struct config_new *options, struct fault *fault);

#endif
