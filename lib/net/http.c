#include "net/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "net/header.h"
#include "net/trust.h"

#define CONNECT_TIMEOUT_MS 10000
#define OWN_HEADERS 2 /* the ones that keep libcurl from adding its own */
#define SLICE_MAX_MS 600000
#define BODY_KEPT ((size_t)64 * 1024) /* of an idle exchange; a provider's usual answer is far below */

struct http_exchange {
	struct http *http;
	CURL *easy;
	struct http_exchange *next_of_all;
	struct http_exchange *next_free;
	bool active;
	void *context;

	struct buf request; /* header lines, each ended by NUL, then the body */
	struct curl_slist lines[HTTP_HEADERS_MAX + OWN_HEADERS];
	const struct trust *trust;

	bool admitted;   /* admit() said yes: from here on bytes may have left */
	bool denied;     /* admit() said no */
	bool send_again; /* libcurl wanted to send it a second time and was refused */
	bool too_large;
	struct header header;
	struct buf body;
	char error[CURL_ERROR_SIZE];
};

struct http {
	CURLM *multi;
	struct http_callbacks callbacks;
	const struct clock *clock;
	char *user_agent;
	const char *system_file; /* the certificates that libcurl was built to trust; libcurl's */
	struct http_exchange *all;
	struct http_exchange *free;
	struct trust_set trusts;
	int active;
	bool started; /* something was started that libcurl has not seen yet */
};

/* --- what libcurl calls ---------------------------------------------------------------------------------------- */

/* Called by libcurl when a connection stands and the request is about to go out; again when it wants to re-send on a
 * fresh connection because a reused one died. That second time nobody can know what became of the first. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's signature */
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port)
{
	struct http_exchange *exchange = context;
	const struct http_callbacks *callbacks = &exchange->http->callbacks;

	(void)remote, (void)local, (void)remote_port, (void)local_port;
	if (exchange->admitted) {
		exchange->send_again = true;
		return CURL_PREREQFUNC_ABORT;
	}
	exchange->admitted = callbacks->admit(callbacks->context, exchange->context);
	exchange->denied = !exchange->admitted;
	return exchange->admitted ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's signature */
static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_exchange *exchange = context;
	struct text line = {bytes, size * count};

	header_line(&exchange->header, line);
	exchange->too_large = exchange->too_large || exchange->header.bytes > BOUND_HEADER_BYTES;
	return exchange->too_large ? 0 : line.len;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct http_exchange *exchange = context;
	size_t len = size * count;

	exchange->too_large = exchange->too_large || len > BOUND_ANSWER_BYTES - exchange->body.len;
	if (exchange->too_large)
		return 0;
	buf_add(&exchange->body, bytes, len);
	return len;
}

/* --- exchanges and their easy handles --------------------------------------------------------------------------- */

/* What is the same for every request. Options that a released libcurl knows can't fail but for memory. */
static CURL *easy_new(struct http_exchange *exchange)
{
	CURL *easy = curl_easy_init();
	CURLcode bad = CURLE_OK;

	assert(easy != NULL);
	bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
	bad |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	bad |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	bad |= curl_easy_setopt(easy, CURLOPT_USERAGENT, exchange->http->user_agent);
	bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	assert(bad == CURLE_OK);
	return easy;
}

static struct http_exchange *exchange_take(struct http *http)
{
	struct http_exchange *exchange = http->free;

	if (exchange != NULL) {
		http->free = exchange->next_free;
	} else {
		exchange = memory_new(sizeof(*exchange));
		exchange->http = http;
		exchange->easy = easy_new(exchange);
		exchange->next_of_all = http->all;
		http->all = exchange;
	}
	exchange->admitted = exchange->denied = exchange->send_again = exchange->too_large = false;
	exchange->header = (struct header){.retry_seconds = -1};
	exchange->error[0] = '\0';
	buf_reset(&exchange->request);
	buf_reset(&exchange->body);
	return exchange;
}

static void exchange_give_back(struct http_exchange *exchange)
{
	if (exchange->body.cap > BODY_KEPT)
		buf_release(&exchange->body);
	exchange->next_free = exchange->http->free;
	exchange->http->free = exchange;
}

static void exchange_free(struct http_exchange *exchange)
{
	if (exchange->active)
		curl_multi_remove_handle(exchange->http->multi, exchange->easy);
	curl_easy_cleanup(exchange->easy);
	buf_wipe(&exchange->request); /* its headers hold credentials */
	buf_release(&exchange->body);
	free(exchange);
}

/* --- opening and closing ---------------------------------------------------------------------------------------- */

struct http *http_open(const struct http_options *options, struct fault *fault)
{
	struct http *http;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		fault_set(fault, FAULT_OPERATION, "", NULL, "Could not start the HTTP library");
		return NULL;
	}
	http = memory_new(sizeof(*http));
	http->callbacks = *options->callbacks;
	http->clock = options->clock;
	http->user_agent = memory_string(options->user_agent);
	http->system_file = curl_version_info(CURLVERSION_NOW)->cainfo;
	http->multi = curl_multi_init();
	assert(http->multi != NULL);
	/* A pool smaller than the connections in use would close and open them all the time. */
	curl_multi_setopt(
		http->multi, CURLMOPT_MAXCONNECTS, (long)(options->connections > 0 ? options->connections : 1));
	return http;
}

void http_close(struct http *http)
{
	if (http == NULL)
		return;
	while (http->all != NULL) {
		struct http_exchange *exchange = http->all;

		http->all = exchange->next_of_all;
		exchange_free(exchange);
	}
	curl_multi_cleanup(http->multi);
	trust_set_release(&http->trusts);
	free(http->user_agent);
	free(http);
	curl_global_cleanup();
}

/* --- starting --------------------------------------------------------------------------------------------------- */

static bool refuse(struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_OPERATION, "", NULL, "A request can't be made: %s", why);
}

static bool request_check(const struct http_request *request, struct fault *fault)
{
	if (strncmp(request->url, "http://", 7) != 0 && strncmp(request->url, "https://", 8) != 0)
		return refuse(fault, "its URL does not begin with http:// or https://");
	if (!header_value_valid(request->url) || strchr(request->url, ' ') != NULL)
		return refuse(fault, "its URL has a space or a control character");
	if (!header_name_valid(request->method))
		return refuse(fault, "its method is not one word");
	if (request->header_count < 0 || request->header_count > HTTP_HEADERS_MAX)
		return refuse(fault, "it has too many headers");
	for (int i = 0; i < request->header_count; i++)
		if (!header_name_valid(request->headers[i].name) || !header_value_valid(request->headers[i].value))
			return refuse(fault, "a header has a control character or a name that is none");
	return true;
}

/* Copies the header lines and the body into one buffer, and links the lines as libcurl wants them, without a list of
 * its own to allocate and free for each request. "Name;" is libcurl's way to write an empty header, "Name:" to leave it
 * out.
 */
static void request_copy(struct http_exchange *exchange, const struct http_request *request)
{
	size_t starts[HTTP_HEADERS_MAX + OWN_HEADERS];
	bool typed = false;
	int count = 0;

	for (int i = 0; i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];

		starts[count++] = exchange->request.len;
		typed = typed || text_equal_nocase(text_of(header->name), TEXT("content-type"));
		buf_addz(&exchange->request, header->name);
		buf_addz(&exchange->request, header->value[0] != '\0' ? ": " : ";");
		buf_addz(&exchange->request, header->value);
		buf_addc(&exchange->request, '\0');
	}
	starts[count++] = exchange->request.len;
	buf_add(&exchange->request, "Expect:", sizeof("Expect:"));
	if (!typed) {
		starts[count++] = exchange->request.len;
		buf_add(&exchange->request, "Content-Type:", sizeof("Content-Type:"));
	}
	buf_addt(&exchange->request, request->body);
	for (int i = 0; i < count; i++)
		exchange->lines[i] = (struct curl_slist){
			.data = exchange->request.data + starts[i],
			.next = i + 1 < count ? &exchange->lines[i + 1] : NULL,
		};
}

static CURLcode set_method(CURL *easy, const char *method, const char *body, size_t len)
{
	bool get = strcmp(method, "GET") == 0, post = strcmp(method, "POST") == 0;
	CURLcode bad = CURLE_OK;

	/* each sets what the handle's last request left behind; a body makes it a POST, so GET comes after it */
	bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, len > 0 || post ? body : NULL);
	if (len == 0 && !post)
		bad |= curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
	else
		bad |= curl_easy_setopt(easy, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, (get && len == 0) || post ? NULL : method);
	return bad;
}

static CURLcode set_request(struct http_exchange *exchange, const struct http_request *request, int64_t timeout_ms,
	const struct trust *trust)
{
	CURL *easy = exchange->easy;
	int64_t connect_ms = timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : CONNECT_TIMEOUT_MS;
	const char *body = buf_str(&exchange->request) + exchange->request.len - request->body.len;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(easy, CURLOPT_URL, request->url);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->lines);
	bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	bad |= set_method(easy, request->method, body, request->body.len);
	/* CAINFO would take the place of the system's bundle, so this one holds both. It is part of what libcurl
	 * compares before it reuses a connection: what one channel trusts, another does not. */
	if (exchange->trust != trust) {
		struct curl_blob blob = {.flags = CURL_BLOB_NOCOPY};

		if (trust != NULL) {
			blob.data = trust->bundle.data;
			blob.len = trust->bundle.len;
		}
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, trust != NULL ? &blob : NULL);
		exchange->trust = trust;
	}
	return bad;
}

bool http_start(struct http *http, const struct http_request *request, int64_t timeout_ms, const char *ca_file,
	void *exchange_context, struct fault *fault)
{
	const struct trust *trust;
	struct http_exchange *exchange;

	if (!request_check(request, fault) || !trust_find(&http->trusts, http->system_file, ca_file, &trust, fault))
		return false;
	assert(timeout_ms > 0);
	exchange = exchange_take(http);
	exchange->context = exchange_context;
	request_copy(exchange, request);
	if (set_request(exchange, request, timeout_ms, trust) != CURLE_OK ||
		curl_multi_add_handle(http->multi, exchange->easy) != CURLM_OK) {
		exchange_give_back(exchange);
		return refuse(fault, "the HTTP library refused it");
	}
	exchange->active = true;
	http->active++;
	http->started = true;
	return true;
}

int http_active(const struct http *http)
{
	return http->active;
}

/* --- what became of it ------------------------------------------------------------------------------------------ */

/* Where an exchange that was never admitted got stuck, by the last milestone it passed. */
static const char *stuck_code(CURL *easy, bool tls)
{
	curl_off_t resolved = 0;
	long local_port = 0; /* known once TCP stands; CURLINFO_CONNECT_TIME comes only after TLS */

	curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
	curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &local_port);
	if (resolved == 0)
		return "NETWORK_RESOLVE";
	return local_port != 0 && tls ? "NETWORK_TLS" : "NETWORK_CONNECT";
}

/* libcurl has a hundred codes; these say something of their own, any other is judged by how far it got. */
static const struct {
	CURLcode result;
	const char *code;
	bool untrusted;
} failures[] = {
	{CURLE_COULDNT_RESOLVE_HOST, "NETWORK_RESOLVE", false},
	{CURLE_COULDNT_CONNECT, "NETWORK_CONNECT", false},
	{CURLE_SSL_CONNECT_ERROR, "NETWORK_TLS", false},
	{CURLE_SSL_CIPHER, "NETWORK_TLS", false},
	{CURLE_SSL_CACERT_BADFILE, "NETWORK_TLS", true}, /* no certificate to trust anybody by */
	{CURLE_PEER_FAILED_VERIFICATION, "NETWORK_TLS", true},
	{CURLE_SSL_ISSUER_ERROR, "NETWORK_TLS", true},
	{CURLE_SSL_INVALIDCERTSTATUS, "NETWORK_TLS", true},
};

static void judge_not_sent(struct http_exchange *exchange, CURLcode result, struct http_answer *answer)
{
	char *url = NULL;

	answer->outcome = HTTP_NOT_SENT;
	answer->not_admitted = exchange->denied;
	if (exchange->denied)
		return;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (failures[i].result == result) {
			answer->code = failures[i].code;
			answer->untrusted = failures[i].untrusted;
			return;
		}
	curl_easy_getinfo(exchange->easy, CURLINFO_EFFECTIVE_URL, &url);
	answer->code = stuck_code(exchange->easy, url != NULL && strncmp(url, "https:", 6) == 0);
}

/* libcurl's message may quote the peer: only printable ASCII reaches a person. */
static void error_text(const struct http_exchange *exchange, CURLcode result, struct http_answer *answer)
{
	const char *why = exchange->error[0] != '\0' ? exchange->error : curl_easy_strerror(result);

	if (exchange->denied)
		why = "not sent: it was no longer allowed when the connection stood";
	else if (exchange->send_again)
		why = "the connection ended before an answer came; a request is not sent twice";
	else if (exchange->too_large)
		why = "the answer is larger than payrun reads";
	else if (result == CURLE_OK)
		why = "the answer's status or headers are not whole";
	snprintf(answer->error, sizeof(answer->error), "%s", why);
	for (char *at = answer->error; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
}

static void answer_make(struct http_exchange *exchange, CURLcode result, struct http_answer *answer)
{
	const struct header *header = &exchange->header;
	long status = 0;

	*answer = (struct http_answer){.outcome = HTTP_LOST, .code = "", .retry_after_ms = -1};
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	/* a connection that ends within the headers is no error to libcurl */
	if (result == CURLE_OK && exchange->admitted && header->ended && status >= 200 && status <= 599) {
		answer->outcome = HTTP_ANSWERED;
		answer->status = (int)status;
		answer->body = buf_text(&exchange->body);
		answer->date_ms = header->date_ms;
		answer->retry_after_ms = header_retry_ms(header, clock_now(exchange->http->clock).utc_ms);
		answer->is_json = header->is_json;
		answer->replayed = header->replayed;
		memcpy(answer->location, header->location, sizeof(answer->location));
		return;
	}
	error_text(exchange, result, answer);
	if (!exchange->admitted)
		judge_not_sent(exchange, result, answer);
	else if (result == CURLE_OPERATION_TIMEDOUT)
		answer->code = "NETWORK_TIMEOUT";
}

/* --- the loop --------------------------------------------------------------------------------------------------- */

static bool fail(CURLMcode bad, struct fault *fault)
{
	return fault_set(fault, FAULT_OPERATION, "", NULL, "The HTTP library failed: %s", curl_multi_strerror(bad));
}

/* Tells the owners of all exchanges that ended; how many there were. */
static int reap(struct http *http)
{
	CURLMsg *message;
	int left, count = 0;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		CURLcode result = message->data.result;
		CURL *easy = message->easy_handle; /* the message is gone once its handle is removed */
		char *context = NULL;
		struct http_exchange *exchange;
		struct http_answer answer;

		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context);
		exchange = (struct http_exchange *)(void *)context;
		answer_make(exchange, result, &answer);
		curl_multi_remove_handle(http->multi, easy);
		exchange->active = false;
		http->active--;
		http->callbacks.done(http->callbacks.context, exchange->context, &answer);
		exchange_give_back(exchange);
		count++;
	}
	return count;
}

bool http_push(struct http *http, struct fault *fault)
{
	CURLMcode bad = CURLM_OK;
	int running;

	if (http->started)
		bad = curl_multi_perform(http->multi, &running);
	http->started = false;
	return bad == CURLM_OK || fail(bad, fault);
}

bool http_run(struct http *http, int64_t timeout_ms, int wake_fd, struct fault *fault)
{
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	int slice_ms = timeout_ms < 0 ? 0 : (int)(timeout_ms < SLICE_MAX_MS ? timeout_ms : SLICE_MAX_MS);
	CURLMcode bad;
	int running;

	/* What was just started leaves before the wait: one poll less for each, and the peer works meanwhile. */
	if (!http_push(http, fault))
		return false;
	if (reap(http) > 0)
		return true;
	bad = curl_multi_poll(http->multi, &wake, wake_fd >= 0 ? 1 : 0, slice_ms, NULL);
	if (bad == CURLM_OK)
		bad = curl_multi_perform(http->multi, &running);
	if (bad != CURLM_OK)
		return fail(bad, fault);
	reap(http);
	return true;
}
