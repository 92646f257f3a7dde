#include "cmd/sandbox/options.h"

#include <getopt.h>

#include "base/arena.h"

#define PORT_MAX 65535
#define SETTLE_MAX_MS (INT64_C(366) * 86400 * 1000)

static const struct option long_options[] = {
	{"port", required_argument, NULL, 'p'},
	{"balance", required_argument, NULL, 'b'},
	{"fee", required_argument, NULL, 'f'},
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

/* PROVIDER:CUR=AMOUNT of --balance or --fee. */
static bool money_parse(const char *option, const char *value, struct options_money *money, struct fault *fault)
{
	static const char cure[] = "Write it as PROVIDER:CURRENCY=AMOUNT, such as calypso:USDT_TRX=250.5.";
	const char *colon = strchr(value, ':');
	const char *equals = colon == NULL ? NULL : strchr(colon, '=');
	const struct provider *provider;

	if (equals == NULL || !decimal_parse(text_of(equals + 1), &money->amount))
		return fault_set(fault, FAULT_USAGE, "", cure, "--%s is '%s'.", option, value);
	/* Givebacks add up on top of it: half the range leaves them room. */
	if (money->amount.whole >= DECIMAL_ONE / 1000)
		return fault_set(fault, FAULT_USAGE, "", "Give less than 10^15.", "--%s is '%s'.", option, value);
	provider = provider_named((struct text){value, (size_t)(colon - value)});
	if (provider == NULL)
		return fault_set(fault, FAULT_USAGE, "", cure,
			"--%s is '%s', whose provider is not simulated; known: %s.", option, value, provider_names());
	money->provider = provider->id;
	money->name = (struct text){colon + 1, (size_t)(equals - colon - 1)};
	return true;
}

static void money_add(struct options_money **list, size_t *count, const struct options_money *money)
{
	*list = memory_grow(*list, (*count + 1) * sizeof(**list));
	(*list)[(*count)++] = *money;
}

static bool balance_parse(struct options *options, const char *value, struct fault *fault)
{
	struct options_money money = {.provider = PROVIDER_COUNT};

	if (!money_parse("balance", value, &money, fault))
		return false;
	if (!providers[money.provider]->balance_known(money.name))
		return fault_set(fault, FAULT_USAGE, "", "Use a currency of that provider's table.",
			"--balance is '%s', and %s has no such balance.", value, providers[money.provider]->name);
	money_add(&options->balances, &options->balance_count, &money);
	return true;
}

static bool fee_parse(struct options *options, const char *value, struct fault *fault)
{
	const struct provider *provider;
	struct options_money money = {.provider = PROVIDER_COUNT};

	if (!money_parse("fee", value, &money, fault))
		return false;
	provider = providers[money.provider];
	if (provider->fee_known == NULL || !provider->fee_known(money.name))
		return fault_set(fault, FAULT_USAGE, "",
			"There are circle:USD and calypso with each of its currencies.",
			"--fee is '%s', and %s tells no such fee.", value, provider->name);
	money_add(&options->fees, &options->fee_count, &money);
	return true;
}

struct decimal options_fee(const struct options *options, enum provider_id provider, struct text name)
{
	size_t i = options->fee_count;

	while (i-- > 0)
		if (options->fees[i].provider == provider && text_equal(options->fees[i].name, name))
			return options->fees[i].amount;
	return (struct decimal){0, 0};
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
	case 'f':
		return fee_parse(options, optarg, fault);
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
	free(options->fees);
	*options = (struct options){0};
}
