/*
 * A folder with the sample channels and some profiles as configuration, for the fuzzers that check whole rows and
 * files. Included by one .c file of a fuzzer.
 */
#ifndef TESTS_FUZZ_FUZZ_PLACE_H
#define TESTS_FUZZ_FUZZ_PLACE_H

#include "tests/fuzz/fuzz_tools.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "providers/catalog.h"
#include "stages/stage.h"

#define NOON INT64_C(1793188800000) /* 2026-10-28 08:00 UTC */
#define FILE_MAX ((size_t)1 << 20)

static char folder[400];
static struct config *config;
static struct stage stage;

int LLVMFuzzerInitialize(int *argc, char ***argv);

static const char *source_folder(void)
{
	return getenv("PAYRUN_SOURCE") != NULL ? getenv("PAYRUN_SOURCE") : ".";
}

static struct moment still(const struct clock *clock)
{
	(void)clock;
	return (struct moment){.utc_ms = NOON};
}

static void add_file(struct buf *bytes, const char *name)
{
	struct fault fault = {0};
	struct buf path = {0};

	buf_addf(&path, "%s/%s", source_folder(), name);
	never(!file_read(buf_str(&path), FILE_MAX, bytes, NULL, &fault), "no file", fault.message);
	buf_release(&path);
}

static void put(const char *path, struct text bytes)
{
	FILE *file = fopen(path, "wb");

	never(file == NULL || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) != 0, "not written",
		path);
}

/* Makes folder, config and stage. */
static void place_open(void)
{
	static struct clock clock_still;
	static struct log no_log;
	static struct stop never_stops = {.wake_fd = -1};
	static char conf[450];
	const char *above = getenv("TMPDIR");
	struct config_options options = {.path = conf};
	struct fault fault = {0};
	struct buf bytes = {0};

	umask(077);
	snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX", above != NULL ? above : "/tmp");
	never(mkdtemp(folder) == NULL, "no folder", folder);
	snprintf(conf, sizeof(conf), "%s/payrun.conf", folder);
	add_file(&bytes, "samples/payrun.conf");
	add_file(&bytes, "tests/fuzz/profiles.conf");
	put(conf, buf_text(&bytes));
	buf_release(&bytes);
	options.providers = catalog_settings(&options.provider_count);
	config = config_load(&options, &fault);
	never(config == NULL, "no configuration", fault.message);
	clock_still = (struct clock){.read = still};
	log_init(&no_log, -1, LOG_ERROR_LEVEL);
	stage = (struct stage){
		.config = config, .clock = &clock_still, .log = &no_log, .stop = &never_stops, .user_agent = "fuzz"};
}

#endif
