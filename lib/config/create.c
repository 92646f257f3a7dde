/* A new payrun.conf, with the words that explain it. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "config/config.h"

static const char head[] =
	"; payrun.conf: see payrun.conf(5). A comment begins with ; and needs a blank before it behind a value.\n"
	"; Nobody but its owner may write this file, and nobody else may read it while a secret stands in it.\n"
	"\n"
	"[payrun]\n";

static const char common[] =
	"journal = sqlite:payrun.db            ; relative to this file\n"
	"reports = reports                     ; folder for the reports of each batch, relative to this file\n"
	";head_file = /var/lib/payrun-head/head ; keep it on another disk than the journal\n"
	";timezone = Europe/Berlin             ; default UTC\n"
	";suspected_duplicates = hold          ; or warn, or error\n"
	";duplicate_days = 7\n"
	";approve = never                      ; or always, or above:USD 10000,EUR 9000 a batch\n"
	";approvers = anna,ben                 ; login names; without it anybody may approve\n"
	";four_eyes = yes                      ; whoever submitted can't approve (default no)\n"
	"; in a channel: limit_per_payout, limit_per_batch, limit_per_day, limit_per_beneficiary_day = USD 50000\n";

/* What is written for a provider: in the sandbox a channel that works, else one to be filled in. Each comes with its
 * adapter. The sandbox's credentials are those of the contract, section 9. */
struct block {
	enum provider_id provider;
	const char *sandbox;
	const char *template;
};

static const struct block blocks[] = {
	{PROVIDER_CIRCLE,
		"\n"
		"[channel circle]\n"
		"provider = circle\n"
		"mode = address_book\n"
		"base_url = http://127.0.0.1:8400/circle\n"
		"api_key = SANDBOX_CIRCLE_KEY\n"
		"source_wallet = 1000000001\n"
		"rate = none                           ; the sandbox has no limit; without this line 5/s\n"
		"\n"
		"[channel circle-wire]\n"
		"provider = circle\n"
		"mode = wire\n"
		"base_url = http://127.0.0.1:8400/circle\n"
		"api_key = SANDBOX_CIRCLE_KEY\n"
		"source_wallet = 1000000001\n"
		"rate = none\n",
		"\n"
		"; Take the ; away and fill it in.\n"
		";[channel circle]\n"
		";provider = circle\n"
		";mode = wire                          ; or legacy, or address_book\n"
		";base_url = https://api.circle.com    ; or https://api-sandbox.circle.com\n"
		";api_key = file:circle.key\n"
		";source_wallet = 1000000001           ; the wallet that pays\n"
		";entity = us                          ; country of your Circle entity: us, sg, fr\n"
		";repeat_window = 1h                   ; assumed: how long the same key gives the original result\n"
		";rate = 5/s\n"},
	{PROVIDER_MOLLIE,
		"\n"
		"[channel mollie]\n"
		"provider = mollie\n"
		"base_url = http://127.0.0.1:8400/mollie\n"
		"api_key = test_sandbox_mollie\n"
		"rate = none                           ; the sandbox has no limit; without this line 5/s\n",
		"\n"
		"; Take the ; away and fill it in.\n"
		";[channel mollie]\n"
		";provider = mollie\n"
		";base_url = https://api.mollie.com\n"
		";api_key = file:mollie.key            ; live_... or test_..., or an access token\n"
		";balance = bal_...                    ; pays where the row names none\n"
		";testmode = yes                       ; with an access token: in test mode\n"
		";allow_all = yes                      ; with an access token: takes ALL as an amount\n"
		";rate = 5/s\n"},
	{PROVIDER_PONTIS,
		"\n"
		"[channel pontis]\n"
		"provider = pontis\n"
		"base_url = http://127.0.0.1:8400/pontis\n"
		"api_key = sandbox-pontis\n"
		"email = ops@example.com\n"
		"password = sandbox\n"
		"encryption_secret = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n"
		"hmac_secret = ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8\n"
		"rate = none                           ; the sandbox has no limit; without this line 5/s\n",
		"\n"
		"; Take the ; away and fill it in.\n"
		";[channel pontis]\n"
		";provider = pontis\n"
		";base_url = https://api.pontisglobe.com ; or https://sandbox.pontisglobe.com\n"
		";api_key = file:pontis.key\n"
		";email = ops@example.com              ; the login\n"
		";password = file:pontis.password\n"
		";encryption_secret = file:pontis.encryption ; of the Developer Tools, base64url\n"
		";hmac_secret = file:pontis.hmac\n"
		";repeat_window = 1h                   ; assumed: how long the same key gives the original result\n"
		";rate = 2/s                           ; assumed\n"},
	{PROVIDER_CALYPSO,
		"\n"
		"[channel calypso]\n"
		"provider = calypso\n"
		"base_url = http://127.0.0.1:8400/calypso\n"
		"account = 0x00000000000000000000000000000000000000aa\n"
		"key = sandbox-calypso\n"
		"secret = sandbox-calypso-secret\n"
		"rate = none                           ; the sandbox has no limit; without this line 5/s\n"
		";currency.USDT_TRX = 6 tron           ; CODE = DECIMALS KIND: an asset that payrun doesn't know\n",
		"\n"
		"; Take the ; away and fill it in. A secret stands in a file of its own (chmod 600), in env:NAME or "
		"in\n"
		"; credential:NAME (systemd).\n"
		";[channel calypso]\n"
		";provider = calypso\n"
		";base_url = https://api.calypso.money\n"
		";account = 0x...                      ; the account that pays\n"
		";key = file:calypso.key\n"
		";secret = file:calypso.secret\n"
		";rate = 5/s                           ; N/s, N/m or none\n"
		";burst = 5\n"
		";workers = 8\n"
		";timeout = 30s\n"
		";currency.USDT_TRX = 6 tron           ; CODE = DECIMALS KIND: an asset that payrun doesn't know\n"},
};

static const struct block *find_block(enum provider_id provider)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (blocks[i].provider == provider)
			return &blocks[i];
	return NULL;
}

static bool has_adapter(const struct config_new *options, enum provider_id provider)
{
	for (int i = 0; i < options->provider_count; i++)
		if (options->providers[i].provider == provider)
			return options->providers[i].has_adapter;
	return false;
}

static bool add_block(
	struct buf *text, const struct config_new *options, enum provider_id provider, struct fault *fault)
{
	const struct block *block = find_block(provider);

	if (!has_adapter(options, provider))
		return fault_set(fault, FAULT_USAGE, "", "Leave it out, or use a version that can pay through it.",
			"the provider %s is known, but this version has no adapter for it", provider_name(provider));
	if (block == NULL)
		return fault_set(fault, FAULT_USAGE, "", "Write its channel by hand.",
			"there is no model of a channel of %s", provider_name(provider));
	buf_addz(text, options->sandbox ? block->sandbox : block->template);
	return true;
}

static bool is_repeated(const struct config_new *options, int index)
{
	for (int i = 0; i < index; i++)
		if (options->only[i] == options->only[index])
			return true;
	return false;
}

static bool add_channels(struct buf *text, const struct config_new *options, struct fault *fault)
{
	if (options->only != NULL) {
		for (int i = 0; i < options->only_count; i++)
			if (!is_repeated(options, i) && !add_block(text, options, options->only[i], fault))
				return false;
		return true;
	}
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (has_adapter(options, blocks[i].provider) && !add_block(text, options, blocks[i].provider, fault))
			return false;
	return true;
}

static int write_all(int fd, struct text text)
{
	while (text.len > 0) {
		ssize_t count = write(fd, text.ptr, text.len);

		if (count < 0 && errno != EINTR)
			return errno;
		text.ptr += count > 0 ? count : 0;
		text.len -= count > 0 ? (size_t)count : 0;
	}
	return fsync(fd) == 0 ? 0 : errno;
}

/* Never over another file, whoever makes it in the same moment. */
static bool write_new(const char *path, struct text text, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct buf shown = {0};
	int number = 0;

	text_show(&shown, text_of(path), 0);
	if (fd < 0 && errno == EEXIST)
		fault_set(fault, FAULT_USAGE, "", "Use it, or move it away first.",
			"%s is there already; a configuration is never overwritten", buf_str(&shown));
	else if (fd < 0)
		fault_errno(fault, FAULT_USAGE, "", "Check the folder and its permissions.", "could not create %s",
			buf_str(&shown));
	if (fd >= 0) {
		number = fchmod(fd, 0600) == 0 ? write_all(fd, text) : errno; /* whatever the umask */
		if (close(fd) != 0 && number == 0)
			number = errno;
	}
	if (number != 0) {
		unlink(path);
		errno = number;
		fault_errno(fault, FAULT_OPERATION, number == ENOSPC ? "DISK_FULL" : "OUTPUT_FAILED",
			"Make room on the disk, then run the same command again.", "could not write %s",
			buf_str(&shown));
	}
	buf_release(&shown);
	return fd >= 0 && number == 0;
}

bool config_create(const struct config_new *options, struct fault *fault)
{
	struct buf text = {0};
	bool done;

	assert(options->namespace_text != NULL);
	buf_addz(&text, head);
	buf_addf(&text, "namespace = %s", options->namespace_text);
	while (text.len - sizeof(head) + 1 < 37)
		buf_addc(&text, ' ');
	buf_addz(&text, " ; part of every key; never change it\n");
	buf_addz(&text, common);
	done = add_channels(&text, options, fault) && write_new(options->path, buf_text(&text), fault);
	buf_release(&text);
	return done;
}
