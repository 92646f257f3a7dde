/* payrun-sandbox: the providers, simulated (contract, section 9). */
#include "cmd/sandbox/options.h"
#include "cmd/sandbox/sandbox.h"
#include "cmd/sandbox/server.h"

#ifndef PAYRUN_VERSION
#define PAYRUN_VERSION "0.1.0"
#endif

static int fail(const struct fault *fault)
{
	fprintf(stderr, "payrun-sandbox: %s%s%s\n", fault->message, fault->cure[0] != '\0' ? " " : "", fault->cure);
	return fault->kind == FAULT_USAGE ? 2 : 9;
}

static int serve(const struct options *options)
{
	struct fault fault = {.set = false};
	struct sandbox sandbox;
	struct server *server;
	int code = 0;

	sandbox_init(&sandbox, options);
	server = server_open(&sandbox, options->port, &fault);
	if (server == NULL) {
		code = fail(&fault);
		goto out;
	}
	printf("listening http://127.0.0.1:%u\n", (unsigned)server_port(server));
	fflush(stdout);
	if (!server_run(server, &fault))
		code = fail(&fault);
	server_close(server);
out:
	sandbox_release(&sandbox);
	return code;
}

int main(int argc, char **argv)
{
	struct options options;
	struct fault fault = {.set = false};
	int code = 0;

	if (!options_parse(&options, argc, argv, &fault))
		code = fail(&fault);
	else if (options.help)
		fputs(options_help, stdout);
	else if (options.version)
		puts("payrun-sandbox " PAYRUN_VERSION);
	else
		code = serve(&options);
	options_release(&options);
	return code;
}
