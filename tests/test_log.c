#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/log.h"

struct ear {
	struct log log;
	int ends[2];
	char heard[4096];
};

static int open_ear(void **state)
{
	struct ear *ear = calloc(1, sizeof(*ear));

	if (pipe(ear->ends) != 0)
		return -1;
	log_init(&ear->log, ear->ends[1], LOG_INFO_LEVEL);
	*state = ear;
	return 0;
}

static int close_ear(void **state)
{
	struct ear *ear = *state;

	close(ear->ends[0]);
	close(ear->ends[1]);
	free(ear);
	return 0;
}

static const char *hear(struct ear *ear)
{
	ssize_t len;

	close(ear->ends[1]);
	len = read(ear->ends[0], ear->heard, sizeof(ear->heard) - 1);
	assert_true(len >= 0);
	ear->heard[len] = '\0';
	ear->ends[1] = -1;
	return ear->heard;
}

static void a_line_has_time_level_event_and_pairs(void **state)
{
	struct ear *ear = *state;
	const char *line;

	log_line(&ear->log, LOG_WARNING_LEVEL, "channel.stopped", "channel=%s code=%s", "eu", "CHANNEL_AUTH");
	line = hear(ear);
	assert_memory_equal(line, "time=20", 7);
	assert_string_equal(strchr(line, ' '), " level=warning event=channel.stopped channel=eu code=CHANNEL_AUTH\n");
}

static void an_event_may_stand_alone(void **state)
{
	struct ear *ear = *state;
	const char *nothing = "";

	log_line(&ear->log, LOG_ERROR_LEVEL, "stop", "%s", nothing);
	assert_string_equal(strchr(hear(ear), ' '), " level=error event=stop\n");
}

static void a_value_cannot_forge_a_second_line(void **state)
{
	struct ear *ear = *state;

	log_line(&ear->log, LOG_INFO_LEVEL, "row", "name=%s", "x\nlevel=error\x1b[2J");
	assert_string_equal(strchr(hear(ear), ' '), " level=info event=row name=x\\x0alevel=error\\x1b[2J\n");
}

static void what_is_more_verbose_than_the_level_is_silent(void **state)
{
	struct ear *ear = *state;

	log_line(&ear->log, LOG_DEBUG_LEVEL, "x", "a=%d", 1);
	ear->log.level = LOG_ERROR_LEVEL;
	log_line(&ear->log, LOG_WARNING_LEVEL, "x", "a=%d", 1);
	log_say(&ear->log, LOG_INFO_LEVEL, "hello");
	log_progress(&ear->log, "10 %");
	log_say(&ear->log, LOG_ERROR_LEVEL, "bad");
	assert_string_equal(hear(ear), "bad\n");
}

static void a_closed_log_writes_nothing(void **state)
{
	struct log log;

	(void)state;
	log_init(&log, -1, LOG_DEBUG_LEVEL);
	log_say(&log, LOG_ERROR_LEVEL, "x");
	log_progress(&log, "x");
	assert_false(log.terminal);
}

static void a_message_keeps_its_lines_and_loses_its_escapes(void **state)
{
	struct ear *ear = *state;

	log_say(&ear->log, LOG_INFO_LEVEL, "one %s\n\ntwo\xC2\x9B", "\x1b]0;x\x07");
	assert_string_equal(hear(ear), "one \\x1b]0;x\\x07\n\ntwo\\u{9b}\n");
}

static void progress_is_rewritten_in_place_on_a_terminal(void **state)
{
	struct ear *ear = *state;

	ear->log.terminal = true;
	log_progress(&ear->log, "10 %");
	log_progress(&ear->log, "20 %");
	log_say(&ear->log, LOG_INFO_LEVEL, "hello");
	log_progress(&ear->log, "30 %");
	log_progress(&ear->log, "");
	log_progress(&ear->log, "");
	assert_string_equal(hear(ear), "10 %\r\x1b[K20 %\r\x1b[Khello\n30 %\n");
}

static void progress_is_lines_elsewhere(void **state)
{
	struct ear *ear = *state;

	log_progress(&ear->log, "10 %");
	log_progress(&ear->log, "20 %");
	log_progress(&ear->log, "");
	assert_string_equal(hear(ear), "10 %\n20 %\n");
}

static void quotes_what_is_not_one_plain_word(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"eu-1", "eu-1"},
		{"https", "https"},
		{"", "\"\""},
		{"a b", "\"a b\""},
		{"a=b", "\"a=b\""},
		{"a\"b", "\"a\\\"b\""},
		{"\x1b", "\"\\x1b\""},
		{"M\xC3\xBCller", "\"M\xC3\xBCller\""},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&buf);
		log_quote(&buf, text_of(cases[i].in));
		assert_string_equal(buf_str(&buf), cases[i].out);
	}
	buf_release(&buf);
}

#define HEARD(test) cmocka_unit_test_setup_teardown(test, open_ear, close_ear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HEARD(a_line_has_time_level_event_and_pairs),
		HEARD(an_event_may_stand_alone),
		HEARD(a_value_cannot_forge_a_second_line),
		HEARD(what_is_more_verbose_than_the_level_is_silent),
		HEARD(a_closed_log_writes_nothing),
		HEARD(a_message_keeps_its_lines_and_loses_its_escapes),
		HEARD(progress_is_rewritten_in_place_on_a_terminal),
		HEARD(progress_is_lines_elsewhere),
		HEARD(quotes_what_is_not_one_plain_word),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
