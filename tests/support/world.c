#include "tests/support/world_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "run/session.h"

/* The two wires go to one bank account: it is made once. */
const char world_every_provider[] =
	"reference,channel,amount,currency,beneficiary_id,beneficiary_name,account_number,routing_number,bank_name,"
	"bank_city,bank_country,line1,city,district,postal_code,country,email,target_currency,payment_method,"
	"wallet_address,balance_id\n"
	"C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001,,,,,,,,,,,,,,,,\n"
	"C-2,circle-wire,30.00,USD,,Ann Smith,123456789,021000021,Chase,New York,US,1 Main St,Boston,MA,02201,US,,,,,\n"
	"C-3,circle-wire,31.00,USD,,Ann Smith,123456789,021000021,Chase,New York,US,1 Main St,Boston,MA,02201,US,,,,,\n"
	"C-4,circle-legacy,32.00,USD,,Bo Lee,987654321,021000021,Chase,New York,US,2 Main St,Boston,MA,02201,US,"
	"bo@example.com,,,,\n"
	"P-1,pontis,40.00,USDT,,Juan dela Cruz,123456,,,,,,,,,PH,,PHP,bank_local,,\n"
	"P-2,pontis,41.00,USDT,,Maria dela Cruz,654321,,,,,,,,,PH,,PHP,bank_local,,\n"
	"K-1,calypso,12.50,USDT_TRX,,,,,,,,,,,,,,,,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,\n"
	"M-1,mollie,50.00,EUR,,,,,,,,,,,,,,,,,bal_a\n"
	"M-2,mollie,51.00,EUR,,,,,,,,,,,,,,,,,bal_b\n";

static struct buf answer;

void world_must(bool done, const struct fault *fault)
{
	if (!done)
		fail_msg("%s %s (%s)", fault->code, fault->message, fault->cure);
}

static void write_file(const char *path, const char *content)
{
	struct fault fault = {0};
	world_must(file_replace(path, text_of(content), false, &fault), &fault);
}

static void start_sandbox(struct world *world, const char *settle_after_ms)
{
	const char *program = getenv("PAYRUN_SANDBOX");
	int out[2];
	char line[128] = "";
	assert_non_null(program);
	assert_int_equal(pipe(out), 0);
	world->sandbox = fork();
	if (world->sandbox == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execl(program, program, "--port", "0", "--settle-after", settle_after_ms, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	FILE *first = fdopen(out[0], "r");
	assert_non_null(fgets(line, sizeof line, first));
	fclose(first);
	assert_int_equal(sscanf(line, "listening %63s", world->url), 1);
}

void world_configure(struct world *world, const char *settings, const char *channel)
{
	struct buf text = {0};
	buf_addf(&text,
		"[payrun]\nnamespace = crash\njournal = sqlite:payrun.db\nhead_file = %s/head/head\n"
		"suspected_duplicates = warn\n%s"
		"[channel calypso]\nprovider = calypso\nbase_url = %s/calypso\n"
		"account = 0x00000000000000000000000000000000000000aa\nkey = sandbox-calypso\n"
		"secret = sandbox-calypso-secret\nrate = none\n%s"
		"[channel circle]\nprovider = circle\nmode = address_book\nbase_url = %s/circle\n"
		"api_key = SANDBOX_CIRCLE_KEY\nsource_wallet = 1000000001\nrate = none\n"
		"[channel circle-wire]\nprovider = circle\nmode = wire\nbase_url = %s/circle\n"
		"api_key = SANDBOX_CIRCLE_KEY\nsource_wallet = 1000000001\nrate = none\n"
		"[channel circle-legacy]\nprovider = circle\nmode = legacy\nbase_url = %s/circle\n"
		"api_key = SANDBOX_CIRCLE_KEY\nsource_wallet = 1000000001\nrate = none\n"
		"[channel pontis]\nprovider = pontis\nbase_url = %s/pontis\napi_key = sandbox-pontis\n"
		"email = ops@example.com\npassword = sandbox\n"
		"encryption_secret = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
		"hmac_secret = ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8\nrate = none\n"
		"[channel mollie]\nprovider = mollie\nbase_url = %s/mollie\napi_key = test_sandbox_mollie\n"
		"rate = none\n"
		"[channel mollie-all]\nprovider = mollie\nbase_url = %s/mollie\napi_key = access_sandbox_mollie\n"
		"testmode = yes\nallow_all = yes\nrate = none\n",
		world->folder, settings, world->url, channel, world->url, world->url, world->url, world->url,
		world->url, world->url);
	write_file(world->config_path, buf_str(&text));
	buf_release(&text);
}

void world_open(struct world *world, const char *channel)
{
	world_open_settling(world, channel, "0");
}

void world_open_settling(struct world *world, const char *channel, const char *settle_after_ms)
{
	const char *tmp = getenv("TMPDIR");
	char path[600];
	memset(world, 0, sizeof *world);
	snprintf(world->folder, sizeof world->folder, "%s/world.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(world->folder));
	snprintf(world->config_path, sizeof world->config_path, "%s/payrun.conf", world->folder);
	snprintf(world->csv_path, sizeof world->csv_path, "%s/payouts.csv", world->folder);
	snprintf(world->corrected_path, sizeof world->corrected_path, "%s/corrected.csv", world->folder);
	snprintf(world->changed_path, sizeof world->changed_path, "%s/changed.csv", world->folder);
	snprintf(world->refused_path, sizeof world->refused_path, "%s/refused.csv", world->folder);
	snprintf(path, sizeof path, "%s/head", world->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	clock_system(&world->clock);
	log_init(&world->log, -1, LOG_ERROR_LEVEL);
	world->stop.wake_fd = -1;
	start_sandbox(world, settle_after_ms);
	world_configure(world, "", channel);
}

/* Removes the journal and what it wrote; with all, everything. Nothing here has folders within folders within folders.
 */
static void remove_files(const struct world *world, bool all)
{
	char command[1300];
	snprintf(command, sizeof command, "rm -rf '%s'/payrun.db* '%s'/head/* '%s'/reports '%s'/*.errors.csv",
		world->folder, world->folder, world->folder, world->folder);
	if (all)
		snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
	assert_int_equal(system(command), 0);
}

void world_close(struct world *world)
{
	int status = 0;
	kill(world->sandbox, SIGTERM);
	waitpid(world->sandbox, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	remove_files(world, true);
	buf_release(&answer);
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
	(void)context;
	buf_add(&answer, bytes, size * count);
	return size * count;
}

static const char *call(struct world *world, const char *path, const char *json)
{
	char url[256];
	long status = 0;
	CURL *curl = curl_easy_init();
	snprintf(url, sizeof url, "%s%s", world->url, path);
	buf_reset(&answer);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	if (json != NULL)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
	assert_int_equal(curl_easy_perform(curl), CURLE_OK);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (status != 200)
		fail_msg("%s %s: %ld %s", path, json != NULL ? json : "", status, buf_str(&answer));
	return buf_str(&answer);
}

const char *world_get(struct world *world, const char *path)
{
	return call(world, path, NULL);
}

const char *world_post(struct world *world, const char *path, const char *json)
{
	return call(world, path, json);
}

struct session_options world_options(struct world *world)
{
	return (struct session_options){
		.config_path = world->config_path,
		.lock_wait_ms = 5000,
		.clock = &world->clock,
		.log = &world->log,
		.stop = &world->stop,
		.program = "payrun test",
		.user_agent = "payrun-test",
	};
}

void world_forget(struct world *world)
{
	remove_files(world, false);
	world_post(world, "/_/reset", "{}");
}

void world_lose_journal(struct world *world)
{
	struct fault fault = {0};
	remove_files(world, false);
	world_must(world_create(world, &fault), &fault);
}

bool world_has_journal(const struct world *world)
{
	char path[400];
	snprintf(path, sizeof path, "%s/payrun.db", world->folder);
	return access(path, F_OK) == 0;
}

bool world_create(struct world *world, struct fault *fault)
{
	struct session session;
	struct session_options options = world_options(world);
	if (!session_open(&session, &options, SESSION_CONFIG, fault))
		return false;
	struct journal_options journal = {
		.path = session.config->journal_path,
		.namespace_text = session.config->namespace_text,
		.head_file = session.config->head_file,
		.clock = &world->clock,
		.who = &session.who,
	};
	bool done = access(journal.path, F_OK) == 0 || journal_create(&journal, fault);
	session_close(&session);
	return done;
}

void world_renew(struct world *world)
{
	struct fault fault = {0};
	world_forget(world);
	world_must(world_create(world, &fault), &fault);
}

void world_write(struct world *world, const char *csv)
{
	struct buf changed = {0};
	write_file(world->corrected_path, "reference,channel,amount,currency,wallet_address,description\n"
					  "R-4,calypso,8.50,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,is paid now\n");
	write_file(world->csv_path, csv);
	buf_addz(&changed, csv);
	buf_addz(&changed, "N-9,calypso,3,TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,new\n");
	write_file(world->changed_path, buf_str(&changed));
	buf_addz(&changed, "N-10,calypso,-3,TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,refused\n");
	write_file(world->refused_path, buf_str(&changed));
	buf_release(&changed);
}

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = {0};
	struct fault fault = {0};
	world_must(file_read(from, 1 << 26, &bytes, NULL, &fault) && file_replace(to, buf_text(&bytes), false, &fault),
		&fault);
	buf_release(&bytes);
}

/* The last process that closed the journal has put everything into its one file. */
void world_backup(struct world *world)
{
	char journal[400], copy[400];
	snprintf(journal, sizeof journal, "%s/payrun.db", world->folder);
	snprintf(copy, sizeof copy, "%s/copy.db", world->folder);
	copy_file(journal, copy);
}

void world_restore(struct world *world)
{
	char journal[400], copy[400];
	snprintf(journal, sizeof journal, "%s/payrun.db", world->folder);
	snprintf(copy, sizeof copy, "%s/copy.db", world->folder);
	remove(journal);
	copy_file(copy, journal);
}
