/* A folder with a configuration of two channels, a journal where a test wants one, and files to receive. Included by
 * one .c file of a test program. */
#ifndef TESTS_RECEIVE_PLACE_H
#define TESTS_RECEIVE_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "providers/catalog.h"
#include "stages/receive.h"

#define NOON INT64_C(1793188800000) /* 2026-10-28 08:00 UTC */
#define HEAD "reference,channel,amount,currency,wallet_address"
#define TO_A "0x00000000000000000000000000000000000000a1"
#define TO_B "0x00000000000000000000000000000000000000b2"
#define TO_C "0x00000000000000000000000000000000000000c3"

struct place {
	char folder[200];
	struct config *config;
	struct clock clock;
	struct moment now;
	struct journal_who who;
	struct stop stop;
	struct log log;
	struct stage stage;
	struct buf found; /* "2 AMOUNT_SYNTAX error\n" a finding; row 0 is the file */
	struct buf text;  /* messages of the same findings */
	struct receive_result result;
	struct fault fault;
};

static struct moment place_now(const struct clock *clock)
{
	return ((const struct place *)clock->context)->now;
}

static void must(bool done, const struct fault *fault)
{
	if (!done)
		fail_msg("%s %s (%s)", fault->code, fault->message, fault->cure);
}

static const char *path_of(const struct place *place, const char *name)
{
	static char path[4][400];
	static int next;
	char *to = path[next++ % 4];

	snprintf(to, sizeof(path[0]), "%s/%s", place->folder, name);
	return to;
}

static const char *put(const struct place *place, const char *name, const char *content)
{
	struct fault fault = {0};
	const char *path = path_of(place, name);

	must(file_replace(path, text_of(content), false, &fault), &fault);
	return path;
}

static void configure(struct place *place, const char *settings)
{
	struct buf text = {0};
	struct fault fault = {0};
	struct config_options options = {.path = path_of(place, "payrun.conf")};

	buf_addf(&text,
		"[payrun]\nnamespace = test\njournal = sqlite:payrun.db\nhead_file = %s/head\n%s"
		"[channel main]\nprovider = calypso\nbase_url = http://127.0.0.1:8400/calypso\n"
		"account = 0x00000000000000000000000000000000000000aa\nkey = k\nsecret = s\n"
		"[channel other]\nprovider = calypso\nbase_url = http://127.0.0.1:8400/calypso\n"
		"account = 0x00000000000000000000000000000000000000aa\nkey = k\nsecret = s\n",
		place->folder, settings);
	put(place, "payrun.conf", buf_str(&text));
	assert_int_equal(chmod(options.path, 0600), 0);
	buf_release(&text);
	options.providers = catalog_settings(&options.provider_count);
	config_free(place->config);
	place->config = config_load(&options, &fault);
	must(place->config != NULL, &fault);
	place->stage.config = place->config;
}

static struct journal_options journal_of(const struct place *place)
{
	return (struct journal_options){
		.path = place->config->journal_path,
		.namespace_text = place->config->namespace_text,
		.head_file = place->config->head_file,
		.clock = &place->clock,
		.who = &place->who,
	};
}

static inline void open_journal(struct place *place)
{
	struct journal_options options = journal_of(place);
	struct fault fault = {0};

	must(journal_create(&options, &fault), &fault);
	place->stage.journal = journal_open(&options, &fault);
	must(place->stage.journal != NULL, &fault);
}

static struct place *place_open(void)
{
	struct place *place = memory_new(sizeof(*place));
	const char *above = getenv("TMPDIR");

	snprintf(place->folder, sizeof(place->folder), "%s/receive.XXXXXX", above != NULL ? above : "/tmp");
	assert_non_null(mkdtemp(place->folder));
	place->now = (struct moment){.utc_ms = NOON};
	place->clock = (struct clock){.read = place_now, .context = place};
	place->who = (struct journal_who){"tester", "here", "payrun test"};
	place->stop.wake_fd = -1;
	log_init(&place->log, -1, LOG_ERROR_LEVEL);
	place->stage =
		(struct stage){.clock = &place->clock, .log = &place->log, .stop = &place->stop, .user_agent = "test"};
	configure(place, "");
	return place;
}

static void remove_all(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char path[800];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (unlink(path) != 0)
			remove_all(path);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(folder);
}

static void place_close(struct place *place)
{
	if (place->stage.journal != NULL)
		journal_close(place->stage.journal);
	config_free(place->config);
	remove_all(place->folder);
	buf_release(&place->found);
	buf_release(&place->text);
	free(place);
}

static void take_finding(void *context, const struct finding *finding)
{
	struct place *place = context;

	buf_addf(&place->found, "%lld %s %s\n", (long long)finding->row, finding->code,
		finding_severity_name(finding->severity));
	buf_addf(&place->text, "%s | %s\n", finding->message, finding->cure);
}

static struct receive_options options_of(const char *path)
{
	return (struct receive_options){.path = path, .expect_count = -1, .keep = true};
}

static struct finding_sink sink_of_place(struct place *place)
{
	buf_reset(&place->found);
	buf_reset(&place->text);
	place->fault = (struct fault){0};
	return (struct finding_sink){take_finding, place};
}

static inline enum receive_verdict check(struct place *place, const struct receive_options *options)
{
	struct finding_sink sink = sink_of_place(place);

	return receive_check(&place->stage, options, &sink, &place->result, &place->fault);
}

static inline bool file_there(const struct place *place, const char *name)
{
	return access(path_of(place, name), F_OK) == 0;
}

static inline void expect_findings(const struct place *place, const char *expected)
{
	assert_string_equal(buf_str(&place->found), expected);
}

/* Rows REF-1 to REF-n, each to a destination of its own. */
static inline void add_rows(struct buf *csv, int first, int last, const char *cells)
{
	for (int i = first; i <= last; i++)
		buf_addf(csv, "REF-%d,main,%d.5,USDT,0x%040d%s\n", i, i, i, cells);
}

#endif
