/* payrun.conf: what it may say, and each of its traps. */
#include "tests/config_place.h"

#define PAYRUN "[payrun]\nnamespace = acme-7f3a\n"
#define CHANNEL PAYRUN "[channel c]\nprovider = calypso\n" /* the next line is the 5th */

static void takes_everything_it_knows(void **state)
{
	struct config *config = load_text(*state, "; a comment\n"
						  "# another\n"
						  "[payrun]\r\n"
						  "namespace = acme-7f3a                 ; part of every key\r\n"
						  "journal = sqlite:/var/lib/payrun.db\n"
						  "head_file = heads/head\n"
						  "reports = /srv/reports ; there\n"
						  "timezone = Europe/Berlin\n"
						  "approve = above:USD 10000,EUR 9000.50\n"
						  "approvers = anna, ben\n"
						  "four_eyes = yes\n"
						  "suspected_duplicates = warn\n"
						  "duplicate_days = 0\n"
						  "\n"
						  "[channel  circle-main ] ; two blanks\n"
						  "provider=circle\n"
						  "mode = wire\n"
						  "base_url = https://api-sandbox.circle.com/\n"
						  "api_key = TEST_API_KEY:1:2\n"
						  "rate = 300/m\n"
						  "burst = 7\n"
						  "rate_group = circle\n"
						  "workers = 256\n"
						  "timeout = 10m\n"
						  "ca_file = ca.pem\n"
						  "limit_per_payout = USD 50000\n"
						  "limit_per_batch = USD 1000000,*:none\n"
						  "limit_per_day = USD 2000000 ; a day\n"
						  "limit_per_beneficiary_day = EUR 1,USD 50000\n"
						  "repeat_window = 2h\n"
						  "[channel calypso]\n"
						  "   \n"
						  "  ; an indented comment says nothing\n"
						  "provider = calypso\n"
						  "account = 0xaa\n"
						  "currency.NEW_ONE = 6 tron");
	const struct place *place = *state;
	const struct channel *circle = config_channel(config, TEXT("circle-main"));
	const struct channel *calypso = config_channel(config, TEXT("calypso"));
	struct buf expected = {0};
	int64_t minor = 0;

	assert_string_equal(config->namespace_text, "acme-7f3a");
	assert_string_equal(config->journal, "sqlite:/var/lib/payrun.db");
	assert_string_equal(config->journal_path, "/var/lib/payrun.db");
	buf_addf(&expected, "%s/heads/head", place->folder);
	assert_string_equal(config->head_file, expected.data);
	assert_string_equal(config->reports, "/srv/reports");
	assert_string_equal(config->timezone, "Europe/Berlin");
	assert_int_equal(config->approve, APPROVE_ABOVE);
	assert_int_equal(limit_of(&config->approve_above, TEXT("EUR"), 2, &minor), LIMIT_AMOUNT);
	assert_int_equal(minor, 900050);
	assert_int_equal(config->approver_count, 2);
	assert_string_equal(config->approvers[0], "anna");
	assert_string_equal(config->approvers[1], "ben");
	assert_true(config->four_eyes);
	for (int i = 0; i < CHANNEL_LIMITS; i++) {
		static const int64_t expected_minor[CHANNEL_LIMITS] = {5000000, 100000000, 200000000, 5000000};

		assert_int_equal(limit_of(&circle->limits[i], TEXT("USD"), 2, &minor), LIMIT_AMOUNT);
		assert_int_equal(minor, expected_minor[i]);
		assert_false(calypso->limits[i].given);
	}
	assert_int_equal(config->suspected_duplicates, SUSPECTED_WARN);
	assert_int_equal(config->duplicate_days, 0);
	assert_string_equal(config->channel_names, "circle-main, calypso");
	assert_string_equal(circle->mode, "wire");
	assert_string_equal(circle->base_url, "https://api-sandbox.circle.com");
	assert_string_equal(circle->host, "api-sandbox.circle.com");
	assert_true(circle->sandbox);
	assert_int_equal(circle->rate_count, 300);
	assert_int_equal(circle->rate_period_ms, 60000);
	assert_int_equal(circle->burst, 7);
	assert_string_equal(circle->rate_group, "circle");
	assert_int_equal(circle->workers, 256);
	assert_int_equal(circle->timeout_ms, 600000);
	assert_true(text_is(channel_setting(circle, "api_key"), "TEST_API_KEY:1:2"));
	assert_true(text_is(channel_setting(circle, "repeat_window"), "2h"));
	buf_reset(&expected);
	buf_addf(&expected, "%s/ca.pem", place->folder);
	assert_string_equal(circle->ca_file, expected.data);
	assert_string_equal(calypso->base_url, "https://api.calypso.money");
	assert_false(calypso->sandbox);
	assert_int_equal(asset_find(&calypso->assets, TEXT("NEW_ONE"))->decimals, 6);
	assert_non_null(asset_find(&calypso->assets, TEXT("USDT_TRX")));
	buf_release(&expected);
	config_free(config);
}

static void has_defaults(void **state)
{
	const struct place *place = *state;
	struct config *config = load_text(place, CHANNEL);
	const struct channel *channel = &config->channels[0];
	struct buf expected = {0};

	buf_addf(&expected, "sqlite:%s/payrun.db", place->folder);
	assert_string_equal(config->journal, expected.data);
	buf_reset(&expected);
	buf_addf(&expected, "%s/reports", place->folder);
	assert_string_equal(config->reports, expected.data);
	assert_null(config->head_file);
	assert_string_equal(config->timezone, "UTC");
	assert_int_equal(config->suspected_duplicates, SUSPECTED_HOLD);
	assert_int_equal(config->duplicate_days, 7);
	assert_int_equal(config->approve, APPROVE_NEVER);
	assert_int_equal(config->approver_count, 0);
	assert_false(config->four_eyes);
	assert_int_equal(config->warning_count, 0);
	assert_string_equal(channel->mode, "");
	assert_int_equal(channel->rate_count, 5);
	assert_int_equal(channel->rate_period_ms, 1000);
	assert_int_equal(channel->burst, 5);
	assert_string_equal(channel->rate_group, "c");
	assert_int_equal(channel->workers, 8);
	assert_int_equal(channel->timeout_ms, 30000);
	assert_null(channel->ca_file);
	buf_release(&expected);
	config_free(config);
}

static void a_configuration_without_channels_is_one(void **state)
{
	struct config *config = load_text(*state, "\xEF\xBB\xBF" PAYRUN);

	assert_int_equal(config->channel_count, 0);
	assert_string_equal(config->channel_names, "");
	assert_null(config_channel(config, TEXT("c")));
	config_free(config);
}

static const struct {
	const char *text;
	int line;
	const char *fragment;
} traps[] = {
	/* lines that libinih would join, cut or pass over */
	{PAYRUN "  journal = sqlite:x.db\n", 3, "the line is indented"},
	{PAYRUN "\tjournal = sqlite:x.db\n", 3, "the line is indented"},
	{CHANNEL "account = a\n  ; fine\n  b\n", 7, "the line is indented"},
	{PAYRUN "reports =\n", 3, "reports has no value"},
	{PAYRUN "reports = ; a comment\n", 3, "reports has no value"},
	{PAYRUN "reports =;comment\n", 3, "reports has no value"},
	{PAYRUN "reports = a;b\n", 3, "the value of reports holds a ;"},
	{PAYRUN "reports = a # b\n", 3, "the value of reports holds a #"},
	{PAYRUN "reports = # b\n", 3, "the value of reports holds a #"},
	{PAYRUN "reports = \"my reports\"\n", 3, "stands in quotes"},
	{PAYRUN "reports\n", 3, "neither a section nor KEY = VALUE"},
	{PAYRUN "reports: here\n", 3, "neither a section nor KEY = VALUE"},
	{PAYRUN "my reports = here\n", 3, "neither a section nor KEY = VALUE"},
	{PAYRUN "= here\n", 3, "neither a section nor KEY = VALUE"},
	{PAYRUN "reports = a\033[31m\n", 3, "control character"},
	{PAYRUN "reports = a\rjournal = sqlite:x.db\n", 3, "control character"},
	{PAYRUN "reports = M\xFCller\n", 3, "isn't UTF-8"},
	{"\xFF\xFE[\n", 1, "isn't UTF-8"},
	/* sections and keys */
	{"namespace = a\n", 1, "before the first section"},
	{PAYRUN "namespace = b\n", 3, "namespace stands already on line 2"},
	{PAYRUN "[payrun]\n", 3, "the section [payrun] stands already on line 1"},
	{CHANNEL "[channel   c]\n", 5, "the section [channel c] stands already on line 3"},
	{PAYRUN "[channel c\n", 3, "no ] at its end"},
	{PAYRUN "[channel c] x\n", 3, "more behind the ]"},
	{PAYRUN "[channel]\n", 3, "there is no section [channel]"},
	{PAYRUN "[chanel c]\n", 3, "did you mean [channel NAME]?"},
	{"[Payrun]\n", 1, "did you mean [payrun]?"},
	{PAYRUN "[weather]\n", 3, "there is no section [weather]"},
	{PAYRUN "[channel a b]\n", 3, "no name of a channel"},
	{PAYRUN "[channel \xC3\xBC]\n", 3, "no name of a channel"},
	{PAYRUN "[channel a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.1234]\n", 3,
		"no name of a channel"},
	{PAYRUN "wether = nice\n", 3, "there is no key wether in [payrun]"},
	{PAYRUN "timezon = UTC\n", 3, "did you mean timezone?"},
	{PAYRUN "Journal = sqlite:x\n", 3, "did you mean journal?"},
	{CHANNEL "workrs = 3\n", 5, "did you mean workers?"},
	{CHANNEL "acount = 3\n", 5, "did you mean account?"},
	{CHANNEL "mode = wire\n", 5, "mode is a key of circle, not of calypso"},
	{CHANNEL "\033 = x\n", 5, "control character"},
	{"", 0, "there is no section [payrun]"},
	{"[channel c]\nprovider = calypso\n", 0, "there is no section [payrun]"},
	{"[payrun]\nreports = a\n", 1, "[payrun] has no namespace"},
	/* values */
	{"[payrun]\nnamespace = a b\n", 2, "1 to 64 of"},
	{"[payrun]\nnamespace = a/b\n", 2, "1 to 64 of"},
	{"[payrun]\nnamespace = "
	 "a2345678901234567890123456789012345678901234567890123456789012345\n",
		2, "1 to 64 of"},
	{PAYRUN "timezone = Europe/Berlinn\n", 3, "timezone = Europe/Berlinn"},
	{PAYRUN "timezone = ../etc/passwd\n", 3, "timezone = "},
	{PAYRUN "suspected_duplicates = ignore\n", 3, "hold, warn or error"},
	{PAYRUN "duplicate_days = 3651\n", 3, "from 0 to 3650"},
	{PAYRUN "duplicate_days = -1\n", 3, "from 0 to 3650"},
	{PAYRUN "journal = payrun.db\n", 3, "it must be sqlite:PATH"},
	{PAYRUN "journal = sqlite:\n", 3, "that names no file"},
	{PAYRUN "journal = sqlite::memory:\n", 3, "that names no file"},
	{PAYRUN "journal = sqlite://host/x.db\n", 3, "that names no file"},
	{CHANNEL "rate = 5\n", 5, "N/s, N/m or none"},
	{CHANNEL "rate = 0/s\n", 5, "N/s, N/m or none"},
	{CHANNEL "rate = 5/h\n", 5, "N/s, N/m or none"},
	{CHANNEL "burst = 0\n", 5, "a whole number from 1"},
	{CHANNEL "rate = none\nburst = 5\n", 3, "a burst without a rate"},
	{CHANNEL "rate_group = a b\n", 5, "1 to 63 of"},
	{CHANNEL "workers = 0\n", 5, "from 1 to 256"},
	{CHANNEL "workers = 257\n", 5, "from 1 to 256"},
	{CHANNEL "timeout = 999ms\n", 5, "from 1s to 10m"},
	{CHANNEL "timeout = 11m\n", 5, "from 1s to 10m"},
	{CHANNEL "timeout = 30\n", 5, "from 1s to 10m"},
	{CHANNEL "schedule = never\n", 5, "one of: provider"},
	{CHANNEL "currency.X Y = 6 tron\n", 5, "neither a section nor"},
	{CHANNEL "currency.X = tron\n", 5, "currency.X = tron"},
	{CHANNEL "currency. = 6 tron\n", 5, "currency. = 6 tron"},
	{PAYRUN "[channel c]\nprovider = circle\nbase_url = https://x.example\nrepeat_window = long\n", 6,
		"a duration"},
	{PAYRUN "[channel c]\nprovider = circle\nmode = wires\n", 5, "one of: wire legacy address_book"},
	{PAYRUN "[channel c]\nprovider = mollie\ntestmode = true\n", 5, "yes or no"},
	{PAYRUN "[channel c]\nbase_url = https://x.example\n", 3, "the channel c has no provider"},
	{PAYRUN "[channel c]\nprovider = paypal\n", 4, "circle, mollie, pontis or calypso"},
	{PAYRUN "[channel c]\nprovider = circle\n", 3, "the channel c has no base_url"},
	{CHANNEL "[channel d]\nprovider = calypso\nrate_group = c\nrate = 6/s\n", 5, "share the rate_group c"},
	{CHANNEL "[channel d]\nprovider = calypso\nrate_group = c\nburst = 6\n", 5, "share the rate_group c"},
	{PAYRUN "approve = sometimes\n", 3, "never, always or above"},
	{PAYRUN "approve = above:\n", 3, "never, always or above"},
	{PAYRUN "approve = above:10000\n", 3, "never, always or above"},
	{PAYRUN "approve = above:USD 10000,*:none\n", 3, "never, always or above"},
	{PAYRUN "approvers = anna,\n", 3, "login names"},
	{PAYRUN "approvers = anna ben\n", 3, "login names"},
	{PAYRUN "four_eyes = true\n", 3, "yes or no"},
	{PAYRUN "[profile]\n", 3, "no section [profile]"},
	{PAYRUN "[profile a b]\n", 3, "a profile's name is 1 to 40"},
	{CHANNEL "limit_per_payout = 50000\n", 5, "amounts like USD 50000"},
	{CHANNEL "limit_per_batch = USD 50000,USD 60000\n", 5, "amounts like USD 50000"},
	{CHANNEL "limit_per_day = none\n", 5, "amounts like USD 50000"},
	{CHANNEL "limit_per_beneficiary_day = USD 50,000\n", 5, "amounts like USD 50000"},
	/* known, and not enforced yet */
	{PAYRUN "journal_key = file:/etc/payrun/journal.key\n", 3, "journal_key is known"},
	{PAYRUN "journal = postgresql://payrun@db/payrun\n", 3, "PostgreSQL is known"},
	{PAYRUN "[channel c]\nprovider = pontis\n", 4, "the provider pontis is known, but this version has no adapter"},
	{PAYRUN "[channel c]\nprovider = circle\nwebhook_secret = x\n", 5, "webhook_secret is known"},
};

static void every_trap_is_told_with_its_line(void **state)
{
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		put(place, "payrun.conf", text_of(traps[i].text), 0600);
		expect_fault(place, traps[i].line, traps[i].fragment);
	}
}

static void no_line_is_cut(void **state)
{
	struct buf text = {0};
	struct config *config;

	buf_addz(&text, PAYRUN "head_file = /");
	while (text.len < sizeof(PAYRUN) - 1 + 4096)
		buf_addc(&text, 'x');
	config = load_text(*state, text.data);
	assert_int_equal(strlen(config->head_file), 4096 - strlen("head_file = "));
	config_free(config);
	buf_addc(&text, 'x');
	put(*state, "payrun.conf", buf_text(&text), 0600);
	expect_fault(*state, 3, "longer than 4096 bytes");
	buf_release(&text);
}

static void nul_bytes_are_told(void **state)
{
	put(*state, "payrun.conf", TEXT(PAYRUN "reports = a\0b\n"), 0600);
	expect_fault(*state, 3, "NUL byte");
}

static void a_title_longer_than_libinih_keeps_is_whole(void **state)
{
	static const char name[] = "a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.123";
	struct buf text = {0};
	struct config *config;

	buf_addf(&text, PAYRUN "[channel %s]\nprovider = calypso\n", name);
	config = load_text(*state, text.data);
	assert_string_equal(config->channels[0].name, name);
	config_free(config);
	buf_release(&text);
}

static void channels_are_counted(void **state)
{
	struct buf text = {0};
	struct config *config;

	buf_addz(&text, PAYRUN);
	for (int i = 0; i < 64; i++)
		buf_addf(&text, "[channel c%d]\nprovider = calypso\n", i);
	config = load_text(*state, text.data);
	assert_int_equal(config->channel_count, 64);
	config_free(config);
	buf_addz(&text, "[channel one-more]\nprovider = calypso\n");
	put(*state, "payrun.conf", buf_text(&text), 0600);
	expect_fault(*state, 131, "more than 64 channels");
	buf_release(&text);
}

static void a_group_with_one_rate_is_shared(void **state)
{
	struct config *config = load_text(*state, CHANNEL "rate = 60/m\nburst = 2\n[channel d]\nprovider = calypso\n"
							  "rate_group = c\nrate = 60/m\nburst = 2\n");

	assert_string_equal(config->channels[1].rate_group, "c");
	config_free(config);
}

static const struct {
	const char *text;
	int64_t count, period_ms;
} rates[] = {{"5/s", 5, 1000}, {"300/m", 300, 60000}, {"none", 0, 1000}, {"1000000/s", 1000000, 1000}, {"0/s", -1, 0},
	{"5", -1, 0}, {"/s", -1, 0}, {"5/", -1, 0}, {"5/h", -1, 0}, {"-5/s", -1, 0}, {"5 /s", -1, 0}, {"", -1, 0},
	{"1000001/s", -1, 0}, {"m", -1, 0}, {"None", -1, 0}, {"5s", -1, 0}, {"99999999999999999999/s", -1, 0}};

static void reads_rates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		int64_t count, period_ms;
		bool good = config_rate_parse(text_of(rates[i].text), &count, &period_ms);

		assert_int_equal(good, rates[i].count >= 0);
		if (good) {
			assert_int_equal(count, rates[i].count);
			assert_int_equal(period_ms, rates[i].period_ms);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(takes_everything_it_knows, make_place, remove_place),
		cmocka_unit_test_setup_teardown(has_defaults, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_configuration_without_channels_is_one, make_place, remove_place),
		cmocka_unit_test_setup_teardown(every_trap_is_told_with_its_line, make_place, remove_place),
		cmocka_unit_test_setup_teardown(no_line_is_cut, make_place, remove_place),
		cmocka_unit_test_setup_teardown(nul_bytes_are_told, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_title_longer_than_libinih_keeps_is_whole, make_place, remove_place),
		cmocka_unit_test_setup_teardown(channels_are_counted, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_group_with_one_rate_is_shared, make_place, remove_place),
		cmocka_unit_test(reads_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
