#include "cmd/sandbox/control.h"

#include "base/arena.h"

#define ADVANCE_MAX_MS (INT64_C(3660) * 86400 * 1000) /* ten years, in one step */
#define PIECE_BYTES                                                                                                    \
	1024 /* a piece of the ledger is at least this much room; one payout is written whole beforehand               \
	      */

/* GET /_/ledger goes out in pieces, so that 100,000 payouts neither fill memory nor hold up other requests. */
struct listing {
	struct sandbox *sandbox;
	size_t count; /* payouts at the start: later ones are not in this answer */
	size_t index; /* the next one */
	unsigned clears;
	struct buf pending;
	size_t sent; /* bytes of pending that have gone */
	bool ended;
};

static void listing_refill(struct listing *listing, size_t want)
{
	const struct ledger *ledger = &listing->sandbox->ledger;
	int64_t now_ms = sandbox_now_ms(listing->sandbox);

	buf_reset(&listing->pending);
	listing->sent = 0;
	if (listing->index == 0)
		buf_addz(&listing->pending, "{\"payouts\":[");
	while (listing->index < listing->count && listing->pending.len < want) {
		buf_addz(&listing->pending, listing->index > 0 ? ",\n" : "\n");
		ledger_write(&listing->pending, ledger->payouts[listing->index++], now_ms);
	}
	if (listing->index == listing->count) {
		buf_addz(&listing->pending, "]}\n");
		listing->ended = true;
	}
}

static ssize_t listing_read(void *context, char *out, size_t max)
{
	struct listing *listing = context;
	size_t len;

	if (listing->sent == listing->pending.len) {
		if (listing->ended)
			return 0;
		if (listing->clears != listing->sandbox->ledger.clears)
			return -1;
		listing_refill(listing, max > PIECE_BYTES ? max : PIECE_BYTES);
	}
	len = listing->pending.len - listing->sent;
	if (len > max)
		len = max;
	memcpy(out, listing->pending.data + listing->sent, len);
	listing->sent += len;
	return (ssize_t)len;
}

static void listing_done(void *context)
{
	struct listing *listing = context;

	buf_release(&listing->pending);
	free(listing);
}

static void ledger_get(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	struct listing *listing = memory_new(sizeof(*listing));

	(void)request;
	listing->sandbox = sandbox;
	listing->count = sandbox->ledger.count;
	listing->clears = sandbox->ledger.clears;
	response_json(response, 200);
	response->read = listing_read;
	response->done = listing_done;
	response->context = listing;
}

static void requests_get(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	(void)request;
	response_json(response, 200);
	tally_write(&response->body, &sandbox->tally);
}

static void reset_post(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	(void)request;
	sandbox_reset(sandbox);
	response_json(response, 200);
	buf_addz(&response->body, "{\"reset\":true}\n");
}

static void clock_get(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	char now[CLOCK_ISO_SIZE];

	(void)request;
	clock_iso_ms(sandbox_now_ms(sandbox), now);
	response_json(response, 200);
	buf_addf(&response->body, "{\"now\":\"%s\",\"advanced_ms\":%lld}\n", now, (long long)sandbox->advanced_ms);
}

/* Reads the body; false after having answered why not. */
static bool body_read(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	if (document_parse(&sandbox->document, request->body))
		return true;
	response_error(response, 400, "%s", sandbox->document.error);
	return false;
}

static void clock_post(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	const json_t *advance;
	int64_t ms;

	if (!body_read(sandbox, request, response))
		return;
	advance = json_object_get(sandbox->document.root, "advance_ms");
	if (json_object_size(sandbox->document.root) != 1 ||
		!document_whole(&sandbox->document, advance, ADVANCE_MAX_MS, &ms)) {
		response_error(response, 400, "give {\"advance_ms\": N}, N a whole number from 0 to %lld",
			(long long)ADVANCE_MAX_MS);
		return;
	}
	sandbox_advance(sandbox, ms);
	clock_get(sandbox, request, response);
}

static void faults_get(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	(void)request;
	response_json(response, 200);
	mishaps_write(&response->body, &sandbox->mishaps);
}

static void faults_post(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	struct buf error = {NULL, 0, 0};
	struct mishap mishap;

	if (!body_read(sandbox, request, response))
		return;
	if (!mishap_parse(&sandbox->document, &mishap, &error))
		response_error(response, 400, "%s", buf_str(&error));
	else if (!mishaps_add(&sandbox->mishaps, &mishap))
		response_error(response, 400, "%d faults are staged already; clear some with kind none", MISHAPS_MAX);
	else
		faults_get(sandbox, request, response);
	buf_release(&error);
}

static const struct control {
	const char *path;
	const char *method;
	void (*handle)(struct sandbox *sandbox, const struct request *request, struct response *response);
} controls[] = {
	{"/_/ledger", "GET", ledger_get},
	{"/_/requests", "GET", requests_get},
	{"/_/reset", "POST", reset_post},
	{"/_/clock", "GET", clock_get},
	{"/_/clock", "POST", clock_post},
	{"/_/faults", "GET", faults_get},
	{"/_/faults", "POST", faults_post},
};
#define CONTROLS (sizeof(controls) / sizeof(controls[0]))

bool control_path(const char *path)
{
	return strncmp(path, "/_/", 3) == 0;
}

void control_handle(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	const char *allowed = NULL;
	size_t i;

	for (i = 0; i < CONTROLS; i++) {
		if (strcmp(request->path, controls[i].path) != 0)
			continue;
		if (strcmp(request->method, controls[i].method) == 0) {
			controls[i].handle(sandbox, request, response);
			return;
		}
		allowed = controls[i].method;
	}
	if (allowed != NULL) {
		response_error(response, 405, "%s takes %s", request->path, allowed);
		response_header(response, "Allow", allowed);
		return;
	}
	response_error(response, 404,
		"no such path; there are GET /_/ledger, GET /_/requests, POST /_/reset, GET or POST /_/clock, "
		"GET or POST /_/faults");
}
