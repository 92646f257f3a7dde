#include "cmd/sandbox/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/sandbox/exchange.h"
#include "cmd/sandbox/post.h"

#define FILES_WANTED (SERVER_CONNECTIONS + 64)
#define CONNECTION_BYTES (16 * 1024) /* head of a request and pieces of bodies; zeroed for every request */
#define STREAM_PIECE_BYTES (64 * 1024)
#define EVENTS 64

struct connection {
	struct MHD_Connection *mhd;
	int fd;
	struct exchange exchange;
	struct buf body;
	bool decided; /* the request at hand has been run */
	bool waiting; /* suspended, and in server->held */
	int64_t due_ms;
};

struct server {
	struct sandbox *sandbox;
	struct MHD_Daemon *daemon;
	int listen_fd;
	int signal_fd;
	int poll_fd; /* ours: libmicrohttpd's set, the signals, and the sockets of held requests */
	uint16_t port;
	struct post *post; /* delivers webhooks */
	struct connection *held[SERVER_HELD_MAX];
	size_t held_count;
	int64_t held_due_ms; /* the earliest */
	bool ended;
};

static int64_t mono_ms(const struct server *server)
{
	return clock_now(&server->sandbox->clock).mono_ms;
}

/* Suspends a connection until its delay is over or, without one, until the client has gone. */
static enum MHD_Result connection_hold(struct server *server, struct connection *connection)
{
	struct exchange *exchange = &connection->exchange;
	bool watched = exchange->way == WAY_HOLD && exchange->delay_ms == 0;
	struct epoll_event event = {.events = EPOLLRDHUP, .data = {.ptr = connection}};

	if (server->held_count == SERVER_HELD_MAX)
		return MHD_NO;
	connection->due_ms = mono_ms(server) + (watched ? SERVER_HOLD_MS : exchange->delay_ms);
	connection->waiting = true;
	if (server->held_count == 0 || connection->due_ms < server->held_due_ms)
		server->held_due_ms = connection->due_ms;
	server->held[server->held_count++] = connection;
	MHD_suspend_connection(connection->mhd);
	if (watched)
		epoll_ctl(server->poll_fd, EPOLL_CTL_ADD, connection->fd, &event);
	return MHD_YES;
}

/* Lets go of the held request at an index; libmicrohttpd then calls request_handle once more. */
static void connection_release(struct server *server, size_t index)
{
	struct connection *connection = server->held[index];

	server->held[index] = server->held[--server->held_count];
	epoll_ctl(server->poll_fd, EPOLL_CTL_DEL, connection->fd, NULL);
	connection->waiting = false;
	if (connection->exchange.way == WAY_HOLD)
		connection->exchange.way = WAY_CLOSE;
	if (connection->exchange.delay_ms > 0)
		exchange_resume(server->sandbox, &connection->exchange);
	MHD_resume_connection(connection->mhd);
}

static void held_release_due(struct server *server, bool all)
{
	int64_t now_ms;
	size_t i = server->held_count;

	if (i == 0)
		return;
	now_ms = mono_ms(server);
	if (now_ms < server->held_due_ms && !all)
		return;
	server->held_due_ms = INT64_MAX;
	while (i-- > 0) {
		if (all || server->held[i]->due_ms <= now_ms)
			connection_release(server, i);
		else if (server->held[i]->due_ms < server->held_due_ms)
			server->held_due_ms = server->held[i]->due_ms;
	}
}

static void held_client_gone(struct server *server, const struct connection *connection)
{
	size_t i;

	for (i = 0; i < server->held_count; i++) {
		if (server->held[i] == connection) {
			connection_release(server, i);
			return;
		}
	}
}

/* Half of a body, then an error: the client has seen a Content-Length that never comes true. */
static ssize_t half_read(void *context, uint64_t position, char *out, size_t max)
{
	const struct buf *body = context;
	size_t end = body->len / 2;
	size_t len;

	if (position >= end)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	len = end - (size_t)position < max ? end - (size_t)position : max;
	memcpy(out, body->data + position, len);
	return (ssize_t)len;
}

static void half_free(void *context)
{
	buf_release(context);
	free(context);
}

static struct MHD_Response *half_response(const struct response *response)
{
	struct buf *body = memory_new(sizeof(*body));

	buf_addt(body, buf_text(&response->body));
	return MHD_create_response_from_callback(body->len, STREAM_PIECE_BYTES, half_read, body, half_free);
}

/* A long body: the response's own reader, which outlives the exchange's response. */
struct stream {
	ssize_t (*read)(void *context, char *out, size_t max);
	void (*done)(void *context);
	void *context;
};

static ssize_t stream_read(void *context, uint64_t position, char *out, size_t max)
{
	const struct stream *stream = context;
	ssize_t len = stream->read(stream->context, out, max);

	(void)position;
	if (len < 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return len == 0 ? MHD_CONTENT_READER_END_OF_STREAM : len;
}

static void stream_free(void *context)
{
	struct stream *stream = context;

	stream->done(stream->context);
	free(stream);
}

static struct MHD_Response *stream_response(struct response *response)
{
	struct stream *stream = memory_new(sizeof(*stream));

	*stream = (struct stream){response->read, response->done, response->context};
	response->read = NULL;
	response->done = NULL;
	return MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_PIECE_BYTES, stream_read, stream, stream_free);
}

static enum MHD_Result connection_answer(struct connection *connection)
{
	struct response *response = &connection->exchange.response;
	struct MHD_Response *answer;
	enum MHD_Result queued;
	size_t i;

	if (connection->exchange.way == WAY_TRUNCATE)
		answer = half_response(response);
	else if (response->read != NULL)
		answer = stream_response(response);
	else
		answer =
			MHD_create_response_from_buffer(response->body.len, response->body.data, MHD_RESPMEM_MUST_COPY);
	assert(answer != NULL);
	if (response->content_type != NULL)
		MHD_add_response_header(answer, "Content-Type", response->content_type);
	for (i = 0; i < response->header_count; i++)
		MHD_add_response_header(answer, response->headers[i].name, response->headers[i].value);
	queued = MHD_queue_response(connection->mhd, response->status, answer);
	MHD_destroy_response(answer);
	return queued;
}

static enum MHD_Result connection_finish(struct connection *connection)
{
	const struct sockaddr unspecified = {.sa_family = AF_UNSPEC};

	switch (connection->exchange.way) {
	case WAY_ANSWER:
	case WAY_TRUNCATE:
		return connection_answer(connection);
	case WAY_RESET:
		/* Dissolving the association sends RST at once; the close that follows MHD_NO would send FIN. */
		(void)connect(connection->fd, &unspecified, sizeof(unspecified));
		return MHD_NO;
	case WAY_CLOSE:
	case WAY_HOLD:
		return MHD_NO;
	}
	return MHD_NO;
}

static enum MHD_Result pair_add(struct header *headers, size_t *count, const char *name, const char *value)
{
	if (*count == REQUEST_HEADERS)
		return MHD_NO;
	headers[(*count)++] = (struct header){name, value == NULL ? "" : value};
	return MHD_YES;
}

static enum MHD_Result header_add(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *request = context;

	(void)kind;
	return pair_add(request->headers, &request->header_count, name, value);
}

static enum MHD_Result argument_add(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *request = context;

	(void)kind;
	return pair_add(request->arguments, &request->argument_count, name, value);
}

static void body_add(struct connection *connection, const char *bytes, size_t len)
{
	struct request *request = &connection->exchange.request;

	if (len > REQUEST_BODY_MAX - connection->body.len)
		request->too_large = true;
	else if (!request->too_large)
		buf_add(&connection->body, bytes, len);
}

static void request_begin(struct connection *connection)
{
	struct request *request = &connection->exchange.request;

	connection->decided = false;
	request->header_count = 0;
	request->argument_count = 0;
	request->too_large = false;
	request->dry = false;
	request->wrong = NULL;
	buf_reset(&connection->body);
}

static enum MHD_Result request_run(
	struct server *server, struct connection *connection, const char *url, const char *method)
{
	struct exchange *exchange = &connection->exchange;

	exchange->request.path = url;
	exchange->request.method = method;
	exchange->request.body = buf_text(&connection->body);
	MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, header_add, &exchange->request);
	MHD_get_connection_values(connection->mhd, MHD_GET_ARGUMENT_KIND, argument_add, &exchange->request);
	exchange_run(server->sandbox, exchange);
	if (exchange->way == WAY_HOLD || exchange->delay_ms > 0)
		return connection_hold(server, connection);
	return connection_finish(connection);
}

static enum MHD_Result request_handle(void *context, struct MHD_Connection *mhd, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_len, void **begun)
{
	struct connection *connection =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	(void)version;
	if (*begun == NULL) {
		request_begin(connection);
		*begun = connection;
		return MHD_YES;
	}
	if (*upload_len > 0) {
		body_add(connection, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	/* The call after a hold: what there is to do has been decided before it. */
	if (connection->decided)
		return connection_finish(connection);
	connection->decided = true;
	return request_run(context, connection, url, method);
}

static void connection_notify(
	void *context, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	struct connection *connection = *socket_context;

	(void)context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		connection = memory_new(sizeof(*connection));
		connection->mhd = mhd;
		connection->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
		*socket_context = connection;
		return;
	}
	assert(!connection->waiting);
	exchange_release(&connection->exchange);
	buf_release(&connection->body);
	free(connection);
	*socket_context = NULL;
}

static bool listen_open(struct server *server, uint16_t port, struct fault *fault)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	socklen_t len = sizeof(address);
	int on = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (server->listen_fd < 0)
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't make a socket");
	setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(server->listen_fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(server->listen_fd, SOMAXCONN) != 0)
		return fault_errno(fault, FAULT_USAGE, "", "Give another one with --port; --port 0 takes a free one.",
			"Can't listen on port %u of 127.0.0.1", (unsigned)port);
	if (getsockname(server->listen_fd, (struct sockaddr *)&address, &len) != 0)
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't tell the port");
	server->port = ntohs(address.sin_port);
	return true;
}

static bool signals_open(struct server *server, struct fault *fault)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &ending, NULL) != 0)
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't block signals");
	server->signal_fd = signalfd(-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
	if (server->signal_fd < 0)
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't receive signals");
	return true;
}

static bool daemon_open(struct server *server, struct fault *fault)
{
	struct rlimit files;

	/* The usual soft limit of 1024 files is below what a bench opens. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_WANTED) {
		files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, server->port, NULL,
		NULL, request_handle, server, MHD_OPTION_LISTEN_SOCKET, server->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)SERVER_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
		MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server, MHD_OPTION_END);
	if (server->daemon == NULL)
		return fault_set(fault, FAULT_OPERATION, "", NULL, "libmicrohttpd does not start.");
	server->listen_fd = -1; /* the daemon's now */
	return true;
}

static bool poll_open(struct server *server, struct fault *fault)
{
	int daemon_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->listen_fd;
	struct epoll_event daemon_event = {.events = EPOLLIN, .data = {.ptr = server}};
	struct epoll_event signal_event = {.events = EPOLLIN, .data = {.ptr = &server->signal_fd}};

	server->poll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (server->poll_fd < 0 || epoll_ctl(server->poll_fd, EPOLL_CTL_ADD, daemon_fd, &daemon_event) != 0 ||
		epoll_ctl(server->poll_fd, EPOLL_CTL_ADD, server->signal_fd, &signal_event) != 0)
		return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't poll");
	server->post = post_new(server->sandbox, server->poll_fd);
	return true;
}

struct server *server_open(struct sandbox *sandbox, uint16_t port, struct fault *fault)
{
	struct server *server = memory_new(sizeof(*server));

	server->sandbox = sandbox;
	server->listen_fd = -1;
	server->signal_fd = -1;
	server->poll_fd = -1;
	if (listen_open(server, port, fault) && signals_open(server, fault) && daemon_open(server, fault) &&
		poll_open(server, fault))
		return server;
	server_close(server);
	return NULL;
}

uint16_t server_port(const struct server *server)
{
	return server->port;
}

/* How long nothing will happen unless something comes in; -1: for ever. */
static int poll_timeout(const struct server *server)
{
	MHD_UNSIGNED_LONG_LONG daemon_ms;
	int64_t post_ms = post_wait_ms(server->post);
	int64_t timeout_ms = -1;

	if (MHD_get_timeout(server->daemon, &daemon_ms) == MHD_YES)
		timeout_ms = daemon_ms > 60000 ? 60000 : (int64_t)daemon_ms;
	if (server->held_count > 0 && timeout_ms != 0) {
		int64_t held_ms = server->held_due_ms - mono_ms(server);

		if (held_ms < 0)
			held_ms = 0;
		if (timeout_ms < 0 || held_ms < timeout_ms)
			timeout_ms = held_ms;
	}
	if (post_ms >= 0 && (timeout_ms < 0 || post_ms < timeout_ms))
		timeout_ms = post_ms;
	return (int)timeout_ms;
}

bool server_run(struct server *server, struct fault *fault)
{
	struct epoll_event events[EVENTS];

	while (!server->ended) {
		int count = epoll_wait(server->poll_fd, events, EVENTS, poll_timeout(server));
		int i;

		if (count < 0 && errno != EINTR)
			return fault_errno(fault, FAULT_OPERATION, "", NULL, "Can't poll");
		for (i = 0; i < count; i++) {
			if (events[i].data.ptr == &server->signal_fd)
				server->ended = true;
			else if (events[i].data.ptr != server && events[i].data.ptr != server->post)
				held_client_gone(server, events[i].data.ptr);
		}
		held_release_due(server, false);
		MHD_run(server->daemon);
		post_turn(server->post);
	}
	return true;
}

void server_close(struct server *server)
{
	held_release_due(server, true);
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	post_free(server->post);
	if (server->listen_fd >= 0)
		close(server->listen_fd);
	if (server->signal_fd >= 0)
		close(server->signal_fd);
	if (server->poll_fd >= 0)
		close(server->poll_fd);
	free(server);
}
