/* payrun.conf: who may read and write it, where it is looked for, where secrets come from, and how a new one is made.
 */
#include "providers/catalog.h"
#include "tests/config_place.h"

#define HEAD "[payrun]\nnamespace = acme-7f3a\n[channel c]\nprovider = calypso\n" /* the next line is the 5th */

static void others_may_not_write_it(void **state)
{
	static const mode_t modes[] = {0620, 0602, 0666, 0664};
	const struct place *place = *state;

	for (size_t i = 0; i < 4; i++) {
		put(place, "payrun.conf", TEXT(HEAD), modes[i]);
		expect_fault(place, 0, "others may write the configuration");
	}
}

static void others_may_read_it_unless_a_secret_stands_in_it(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0644};
	const struct place *place = *state;

	for (size_t i = 0; i < 3; i++) {
		struct fault fault;
		struct config *config;

		put(place, "payrun.conf", TEXT(HEAD), modes[i]);
		config = load(place, &fault);
		assert_non_null(config);
		config_free(config);
		put(place, "payrun.conf", TEXT(HEAD "account = a\nkey = top-secret\n"), modes[i]);
		expect_fault(place, 6, "a secret stands in the configuration, and others may read it");
	}
}

static void a_bare_secret_is_a_warning(void **state)
{
	struct config *config = load_text(*state, HEAD "account = a\nkey = one\nsecret = two\n");

	assert_int_equal(config->warning_count, 1);
	assert_non_null(strstr(config->warnings[0], "payrun.conf:6: 2 secrets stand in the configuration itself"));
	assert_null(strstr(config->warnings[0], "one"));
	config_free(config);
}

static void it_belongs_to_the_caller_or_root(void **state)
{
	const struct place *place = *state;

	if (geteuid() != 0) {
		print_message("SKIPPED: only root can give files away\n");
		skip();
	}
	put(place, "payrun.conf", TEXT(HEAD), 0600);
	assert_int_equal(chown(place->file, 12345, 0), 0);
	expect_fault(place, 0, "belongs neither to you nor to root (owner 12345)");
}

static void what_is_no_file_is_no_configuration(void **state)
{
	const struct place *place = *state;

	expect_fault(place, 0, "could not open the configuration: No such file");
	assert_int_equal(mkfifo(place->file, 0600), 0);
	expect_fault(place, 0, "not a regular file");
	unlink(place->file);
	put(place, "payrun.conf", TEXT(HEAD), 0600);
	assert_int_equal(truncate(place->file, 2 * 1024 * 1024), 0);
	expect_fault(place, 0, "more than 1048576 bytes");
}

/* --- secrets ------------------------------------------------------------------------------------------------------ */

static void expect_secret(const struct place *place, const char *value, struct text expected)
{
	struct buf text = {0};
	struct config *config;

	buf_addf(&text, HEAD "key = %s\n", value);
	config = load_text(place, text.data);
	assert_true(text_equal(channel_setting(&config->channels[0], "key"), expected));
	assert_true(config->channels[0].settings[0].secret);
	config_free(config);
	buf_release(&text);
}

static void expect_no_secret(const struct place *place, const char *value, const char *fragment)
{
	struct buf text = {0};

	buf_addf(&text, HEAD "key = %s\n", value);
	put(place, "payrun.conf", buf_text(&text), 0600);
	expect_fault(place, 5, fragment);
	buf_release(&text);
}

static void a_file_holds_a_secret(void **state)
{
	const struct place *place = *state;
	struct buf absolute = {0};

	put(place, "secret", TEXT("s3cr;t # \n"), 0600);
	expect_secret(place, "file:secret ; a comment", TEXT("s3cr;t # "));
	put(place, "secret", TEXT("two\nlines\r\n"), 0400);
	buf_addf(&absolute, "file:%s/secret", place->folder);
	expect_secret(place, absolute.data, TEXT("two\nlines"));
	buf_release(&absolute);
}

static void a_secret_file_is_nobody_elses(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0602, 0644};
	const struct place *place = *state;

	for (size_t i = 0; i < 5; i++) {
		put(place, "secret", TEXT("s3cret\n"), modes[i]);
		expect_no_secret(place, "file:secret", "others may read or write");
	}
	put(place, "secret", TEXT("s3cret\n"), 0600);
	if (geteuid() == 0) {
		char *path = file_join(place->folder, "secret");

		assert_int_equal(chown(path, 12345, 0), 0);
		expect_no_secret(place, "file:secret", "belongs neither to you nor to root");
		free(path);
	}
}

static void a_secret_file_holds_something(void **state)
{
	const struct place *place = *state;
	char *path = file_join(place->folder, "secret");
	struct buf large = {0};

	expect_no_secret(place, "file:", "names no file");
	expect_no_secret(place, "file:secret", "could not open");
	put(place, "secret", TEXT(""), 0600);
	expect_no_secret(place, "file:secret", "is empty");
	put(place, "secret", TEXT("\n\r\n"), 0600);
	expect_no_secret(place, "file:secret", "is empty");
	put(place, "secret", TEXT("a\0b"), 0600);
	expect_no_secret(place, "file:secret", "something else than plain text");
	put(place, "secret", TEXT("\xEF\xBB\xBFkey"), 0600);
	expect_no_secret(place, "file:secret", "something else than plain text");
	while (large.len < 65536)
		buf_addc(&large, 'x');
	put(place, "secret", buf_text(&large), 0600);
	expect_secret(place, "file:secret", buf_text(&large));
	buf_addc(&large, 'x');
	put(place, "secret", buf_text(&large), 0600);
	expect_no_secret(place, "file:secret", "more than 65536 bytes");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_no_secret(place, "file:secret", "not a regular file");
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_no_secret(place, "file:secret", "not a regular file");
	free(path);
	buf_release(&large);
}

static void the_environment_holds_a_secret(void **state)
{
	const struct place *place = *state;

	setenv("PAYRUN_TEST_SECRET", "from outside", 1);
	expect_secret(place, "env:PAYRUN_TEST_SECRET", TEXT("from outside"));
	setenv("PAYRUN_TEST_SECRET", "", 1);
	expect_no_secret(place, "env:PAYRUN_TEST_SECRET", "PAYRUN_TEST_SECRET is empty");
	unsetenv("PAYRUN_TEST_SECRET");
	expect_no_secret(place, "env:PAYRUN_TEST_SECRET", "PAYRUN_TEST_SECRET is not set");
	expect_no_secret(place, "env:", "is not set");
}

static void systemd_holds_a_secret(void **state)
{
	const struct place *place = *state;

	unsetenv("CREDENTIALS_DIRECTORY");
	expect_no_secret(place, "credential:secret", "CREDENTIALS_DIRECTORY is not set");
	setenv("CREDENTIALS_DIRECTORY", place->folder, 1);
	expect_no_secret(place, "credential:secret", "could not open");
	put(place, "secret", TEXT("s3cret\n"), 0440); /* the mask of an access list */
	expect_secret(place, "credential:secret", TEXT("s3cret"));
	put(place, "secret", TEXT("s3cret\n"), 0444);
	expect_no_secret(place, "credential:secret", "others may read or write");
	expect_no_secret(place, "credential:../secret", "no name of a credential");
	expect_no_secret(place, "credential:", "no name of a credential");
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void a_bare_secret_is_never_guessed(void **state)
{
	static const struct {
		const char *value, *fragment;
	} table[] = {{"abc;def", "holds a ;"}, {"abc ;def", "nothing tells whether it is a part of it"},
		{"abc ; a comment", "nothing tells whether it is a part of it"}, {"abc # def", "holds a #"},
		{"'abc'", "stands in quotes"}, {"flie:/etc/key", "looks like the source of a secret"},
		{"File:/etc/key", "looks like the source of a secret"},
		{"ENV:KEY", "looks like the source of a secret"},
		{"vault:kv/payrun", "looks like the source of a secret"}, {"/etc/payrun/key", "looks like the source"},
		{"./key", "looks like the source"}, {"~/key", "looks like the source"}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect_no_secret(*state, table[i].value, table[i].fragment);
	expect_secret(*state, "abc#def", TEXT("abc#def"));
	expect_secret(*state, "TEST_API_KEY:a=b:c", TEXT("TEST_API_KEY:a=b:c"));
}

static void no_fault_tells_a_secret(void **state)
{
	static const char *const lines[] = {"key = hidden-word ; x\n", "key = hidden-word;x\n",
		"key = hidden-word # x\n", "key = \"hidden-word\"\n", "key = /hidden-word\n",
		"key = hidden:hidden-word\n", "key = hidden-word\nkey = hidden-word\n", " key = hidden-word\n",
		"key hidden-word\n"};
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buf text = {0};
		struct fault fault;

		buf_addf(&text, HEAD "%s", lines[i]);
		put(place, "payrun.conf", buf_text(&text), 0600);
		assert_null(load(place, &fault));
		assert_null(strstr(fault.message, "hidden-word"));
		assert_null(strstr(fault.cure, "hidden-word"));
		buf_release(&text);
	}
}

/* --- where it is looked for --------------------------------------------------------------------------------------- */

static void expect_found(const char *path, const char *expected)
{
	struct fault fault = {0};
	char *found = config_find(path, &fault);

	if (expected == NULL && found == NULL)
		assert_int_equal(fault.kind, FAULT_USAGE);
	else
		assert_string_equal(found, expected);
	free(found);
}

static void is_looked_for_in_the_documented_order(void **state)
{
	const struct place *place = *state;
	int before = open(".", O_RDONLY | O_DIRECTORY);
	struct buf user = {0};

	buf_addf(&user, "%s/payrun", place->folder);
	assert_int_equal(mkdir(user.data, 0700), 0);
	buf_addz(&user, "/payrun.conf");
	assert_int_equal(chdir(place->folder), 0);
	setenv("XDG_CONFIG_HOME", place->folder, 1);
	unsetenv("PAYRUN_CONF");
	if (access("/etc/payrun/payrun.conf", F_OK) != 0)
		expect_found(NULL, NULL);
	put(place, "payrun/payrun.conf", TEXT(HEAD), 0600);
	expect_found(NULL, user.data);
	put(place, "payrun.conf", TEXT(HEAD), 0600);
	expect_found(NULL, "payrun.conf");
	setenv("PAYRUN_CONF", "/nowhere/at/all.conf", 1);
	expect_found(NULL, "/nowhere/at/all.conf");
	expect_found("other.conf", "other.conf");
	setenv("PAYRUN_CONF", "", 1);
	expect_found(NULL, "payrun.conf");
	unsetenv("PAYRUN_CONF");
	unsetenv("XDG_CONFIG_HOME");
	assert_int_equal(fchdir(before), 0);
	close(before);
	unlink(user.data);
	user.data[user.len - strlen("/payrun.conf")] = '\0';
	rmdir(user.data);
	buf_release(&user);
}

static void a_journal_can_be_named_beside_it(void **state)
{
	const struct place *place = *state;
	struct config_options options = {
		.path = place->file, .providers = providers, .provider_count = 4, .journal_url = "sqlite:elsewhere.db"};
	struct fault fault = {0};
	struct config *config;

	put(place, "payrun.conf", TEXT(HEAD), 0600);
	config = config_load(&options, &fault);
	assert_non_null(config);
	assert_string_equal(config->journal_path, "elsewhere.db");
	config_free(config);
	options.journal_url = "mysql:x";
	assert_null(config_load(&options, &fault));
	assert_non_null(strstr(fault.message, "--journal = mysql:x"));
}

/* --- a new one ---------------------------------------------------------------------------------------------------- */

static struct config_new new_options(const struct place *place, bool sandbox)
{
	return (struct config_new){.path = place->file,
		.sandbox = sandbox,
		.namespace_text = "drawn-1",
		.providers = providers,
		.provider_count = 4};
}

static void the_sandboxs_configuration_works(void **state)
{
	struct config_new options = new_options(*state, true);
	const struct place *place = *state;
	const struct channel *channel;
	struct stat made;
	struct fault fault = {0};
	struct config_options again = {.path = place->file};
	struct config *config;

	/* The real providers: the file is written for them. */
	options.providers = again.providers = catalog_settings(&again.provider_count);
	options.provider_count = again.provider_count;
	umask(0);
	assert_true(config_create(&options, &fault));
	umask(022);
	assert_int_equal(stat(place->file, &made), 0);
	assert_int_equal(made.st_mode & 07777, 0600);
	config = config_load(&again, &fault);
	if (config == NULL)
		fail_msg("%s", fault.message);
	for (int i = 0; i < config->channel_count; i++) {
		assert_true(config->channels[i].sandbox);
		assert_true(catalog_adapter(config->channels[i].provider)->check(&config->channels[i], &fault));
	}
	channel = config_channel(config, TEXT("calypso"));
	assert_string_equal(config->namespace_text, "drawn-1");
	assert_string_equal(channel->base_url, "http://127.0.0.1:8400/calypso");
	assert_string_equal(channel->host, "127.0.0.1");
	assert_true(channel->sandbox);
	assert_true(text_is(channel_setting(channel, "key"), "sandbox-calypso"));
	assert_true(text_is(channel_setting(channel, "secret"), "sandbox-calypso-secret"));
	assert_true(text_is(channel_setting(channel, "account"), "0x00000000000000000000000000000000000000aa"));
	config_free(config);
}

static void the_template_loads_and_has_no_channel_yet(void **state)
{
	static const enum provider_id only[] = {PROVIDER_CALYPSO, PROVIDER_CALYPSO};
	struct config_new options = new_options(*state, false);
	struct fault fault = {0};
	struct config *config;

	options.only = only;
	options.only_count = 2;
	assert_true(config_create(&options, &fault));
	config = load(*state, &fault);
	assert_non_null(config);
	assert_int_equal(config->channel_count, 0);
	assert_int_equal(config->warning_count, 0);
	config_free(config);
}

static void never_overwrites(void **state)
{
	struct config_new options = new_options(*state, true);
	const struct place *place = *state;
	struct fault fault = {0};
	struct buf bytes = {0};

	put(place, "payrun.conf", TEXT("mine"), 0600);
	assert_false(config_create(&options, &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
	assert_non_null(strstr(fault.message, "is there already"));
	fault = (struct fault){0};
	assert_true(file_read(place->file, 100, &bytes, NULL, &fault));
	assert_string_equal(bytes.data, "mine");
	buf_release(&bytes);
	unlink(place->file);
	assert_int_equal(symlink("secret", place->file), 0); /* not through a link that leads nowhere either */
	assert_false(config_create(&options, &fault));
}

static void a_provider_without_an_adapter_is_not_written(void **state)
{
	static const enum provider_id only[] = {PROVIDER_PONTIS};
	struct config_new options = new_options(*state, true);
	const struct place *place = *state;
	struct fault fault = {0};

	options.only = only;
	options.only_count = 1;
	assert_false(config_create(&options, &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
	assert_non_null(strstr(fault.message, "no adapter"));
	assert_int_equal(access(place->file, F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(others_may_not_write_it, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			others_may_read_it_unless_a_secret_stands_in_it, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_bare_secret_is_a_warning, make_place, remove_place),
		cmocka_unit_test_setup_teardown(it_belongs_to_the_caller_or_root, make_place, remove_place),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_no_configuration, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_file_holds_a_secret, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_secret_file_is_nobody_elses, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_secret_file_holds_something, make_place, remove_place),
		cmocka_unit_test_setup_teardown(the_environment_holds_a_secret, make_place, remove_place),
		cmocka_unit_test_setup_teardown(systemd_holds_a_secret, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_bare_secret_is_never_guessed, make_place, remove_place),
		cmocka_unit_test_setup_teardown(no_fault_tells_a_secret, make_place, remove_place),
		cmocka_unit_test_setup_teardown(is_looked_for_in_the_documented_order, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_journal_can_be_named_beside_it, make_place, remove_place),
		cmocka_unit_test_setup_teardown(the_sandboxs_configuration_works, make_place, remove_place),
		cmocka_unit_test_setup_teardown(the_template_loads_and_has_no_channel_yet, make_place, remove_place),
		cmocka_unit_test_setup_teardown(never_overwrites, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_provider_without_an_adapter_is_not_written, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
