#include "cmd/sandbox/options.h"

#include <getopt.h>

#include "base/arena.h"

#define PORT_MAX 65535
#define SETTLE_MAX_MS (INT64_C(366) * 86400 * 1000)

static const struct option long_options[] = {
	{"port", required_argument, NULL, 'p'},
	{"balance", required_argument, NULL, 'b'},
	{"settle-after", required_argument, NULL, 's'},
	{"seed", required_argument, NULL, 'S'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static bool number_parse(const char *name, const char *value, int64_t max, int64_t *number, struct fault *fault)
{
	char cure[96];

	if (text_number(text_of(value), max, number))
		return true;
	snprintf(cure, sizeof(cure), "Give a whole number from 0 to %lld.", (long long)max);
	return fault_set(fault, FAULT_USAGE, "", cure, "--%s is '%s', which is not such a number.", name, value);
}

/* PROVIDER:CUR=AMOUNT */
static bool balance_parse(struct options *options, const char *value, struct fault *fault)
{
	static const char cure[] = "Write it as PROVIDER:CURRENCY=AMOUNT, such as calypso:USDT_TRX=250.5.";
	const char *colon = strchr(value, ':');
	const char *equals = colon == NULL ? NULL : strchr(colon, '=');
	struct options_balance balance;
	const struct provider *provider;

	if (equals == NULL || !decimal_parse(text_of(equals + 1), &balance.amount))
		return fault_set(fault, FAULT_USAGE, "", cure, "--balance is '%s'.", value);
	/* Givebacks add up on top of it: half the range leaves them room. */
	if (balance.amount.whole >= DECIMAL_ONE / 1000)
		return fault_set(fault, FAULT_USAGE, "", "Give less than 10^15.", "--balance is '%s'.", value);
	provider = provider_named((struct text){value, (size_t)(colon - value)});
	if (provider == NULL)
		return fault_set(fault, FAULT_USAGE, "", cure,
			"--balance is '%s', whose provider is not simulated; known: %s.", value, provider_names());
	balance.provider = provider->id;
	balance.name = (struct text){colon + 1, (size_t)(equals - colon - 1)};
	if (!provider->balance_known(balance.name))
		return fault_set(fault, FAULT_USAGE, "", "Use a currency of that provider's table.",
			"--balance is '%s', and %s has no such balance.", value, provider->name);
	options->balances = memory_grow(options->balances, (options->balance_count + 1) * sizeof(*options->balances));
	options->balances[options->balance_count++] = balance;
	return true;
}

static bool option_take(struct options *options, int option, char **argv, struct fault *fault)
{
	int64_t number = 0;

	switch (option) {
	case 'p':
		if (!number_parse("port", optarg, PORT_MAX, &number, fault))
			return false;
		options->port = (uint16_t)number;
		return true;
	case 's':
		return number_parse("settle-after", optarg, SETTLE_MAX_MS, &options->settle_after_ms, fault);
	case 'S':
		if (!number_parse("seed", optarg, INT64_MAX, &number, fault))
			return false;
		options->seed = (uint64_t)number;
		return true;
	case 'b':
		return balance_parse(options, optarg, fault);
	case 'h':
		options->help = true;
		return true;
	case 'V':
		options->version = true;
		return true;
	case ':':
		return fault_set(fault, FAULT_USAGE, "", "payrun-sandbox --help lists the options.",
			"Option %s needs a value.", argv[optind - 1]);
	default:
		return fault_set(fault, FAULT_USAGE, "", "payrun-sandbox --help lists the options.",
			"Option %s is not known.", argv[optind - 1]);
	}
}

bool options_parse(struct options *options, int argc, char **argv, struct fault *fault)
{
	int option;

	*options = (struct options){.port = 8400, .settle_after_ms = 200, .seed = 1};
	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1)
		if (!option_take(options, option, argv, fault))
			return false;
	if (optind < argc)
		return fault_set(fault, FAULT_USAGE, "", "payrun-sandbox takes options only; see --help.",
			"'%s' is not an option.", argv[optind]);
	return true;
}

void options_release(struct options *options)
{
	free(options->balances);
	*options = (struct options){0};
}
