/* A folder with a payrun.conf and providers made up for the test. Included by one .c file of a test program. */
#ifndef TESTS_CONFIG_PLACE_H
#define TESTS_CONFIG_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"

struct place {
	char *folder, *file;
};

static const struct setting circle_settings[] = {
	{"mode", SETTING_CHOICE, "wire legacy address_book", true, ""},
	{"api_key", SETTING_SECRET, NULL, true, ""},
	{"repeat_window", SETTING_DURATION, NULL, true, ""},
	{"webhook_secret", SETTING_SECRET, NULL, false, ""},
};
static const struct setting mollie_settings[] = {
	{"api_key", SETTING_SECRET, NULL, true, ""},
	{"testmode", SETTING_YES_NO, NULL, true, ""},
};
static const struct setting calypso_settings[] = {
	{"account", SETTING_TEXT, NULL, true, ""},
	{"key", SETTING_SECRET, NULL, true, ""},
	{"secret", SETTING_SECRET, NULL, true, ""},
	{"schedule", SETTING_CHOICE, "provider", true, ""},
	{"currency.", SETTING_ASSET, NULL, true, ""},
};
static const char *const circle_hosts[] = {"api-sandbox.circle.com", NULL};
static const struct provider_settings providers[] = {
	{PROVIDER_CIRCLE, true, circle_settings, 4, circle_hosts, NULL},
	{PROVIDER_MOLLIE, true, mollie_settings, 2, NULL, "https://api.mollie.com"},
	{PROVIDER_PONTIS, false, NULL, 0, NULL, NULL},
	{PROVIDER_CALYPSO, true, calypso_settings, 5, NULL, "https://api.calypso.money"},
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	const char *above = getenv("TMPDIR");
	struct buf pattern = {0};

	buf_addf(&pattern, "%s/config.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = memory_string(mkdtemp(pattern.data));
	place->file = file_join(place->folder, "payrun.conf");
	buf_release(&pattern);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	char *secret = file_join(place->folder, "secret");

	unlink(place->file);
	unlink(secret);
	rmdir(secret);
	rmdir(place->folder);
	free(secret);
	free(place->folder);
	free(place->file);
	free(place);
	return 0;
}

static void put(const struct place *place, const char *name, struct text bytes, mode_t mode)
{
	char *path = file_join(place->folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	free(path);
}

static struct config *load(const struct place *place, struct fault *fault)
{
	struct config_options options = {.path = place->file, .providers = providers, .provider_count = 4};

	*fault = (struct fault){0};
	return config_load(&options, fault);
}

static struct config *load_text(const struct place *place, const char *text)
{
	struct config *config;
	struct fault fault;

	put(place, "payrun.conf", text_of(text), 0600);
	config = load(place, &fault);
	if (config == NULL)
		fail_msg("%s\n%s", fault.message, text);
	return config;
}

/* "PATH:LINE: ...fragment..." (line 0: "PATH: ...") and exit 2. */
static void expect_fault(const struct place *place, int line, const char *fragment)
{
	struct config *config;
	struct buf start = {0};
	struct fault fault;

	config = load(place, &fault);
	if (config != NULL)
		fail_msg("it was loaded; expected: %s", fragment);
	if (line > 0)
		buf_addf(&start, "%s:%d: ", place->file, line);
	else
		buf_addf(&start, "%s: ", place->file);
	if (strncmp(fault.message, start.data, start.len) != 0 || strstr(fault.message, fragment) == NULL)
		fail_msg("expected: %s...%s\nfound: %s", start.data, fragment, fault.message);
	assert_int_equal(fault.kind, FAULT_USAGE);
	buf_release(&start);
}

#endif
