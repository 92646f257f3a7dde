#include "tests/support/peer.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 256
#define REQUEST_MAX ((size_t)256 * 1024)

struct line {
	struct peer *peer;
	pthread_t thread;
	int fd;
};

struct peer {
	const struct peer_route *routes;
	size_t route_count;
	int listener;
	int port;
	pthread_t thread;
	pthread_mutex_t mutex;
	bool stopping;
	struct line lines[CONNECTIONS_MAX];
	int line_count;
	int requests[PEER_ROUTES_MAX];
	int others;
	char last[REQUEST_MAX];
};

/* Reads one whole request; its length in *whole. False when the connection ended before that. */
static bool request_read(int fd, char *request, size_t *filled, size_t *whole)
{
	for (;;) {
		char *end, *length;
		ssize_t got;

		request[*filled] = '\0';
		end = strstr(request, "\r\n\r\n");
		if (end != NULL) {
			size_t head = (size_t)(end - request) + 4;

			length = strstr(request, "Content-Length: ");
			*whole = head + (length != NULL && length < end ? strtoul(length + 16, NULL, 10) : 0);
			if (*filled >= *whole)
				return true;
		}
		if (*filled >= REQUEST_MAX - 1)
			return false;
		got = recv(fd, request + *filled, REQUEST_MAX - 1 - *filled, 0);
		if (got <= 0)
			return false;
		*filled += (size_t)got;
	}
}

static void send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		len -= (size_t)sent;
	}
}

static const struct peer_route *route_find(struct peer *peer, const char *request, size_t whole)
{
	const struct peer_route *route = NULL;
	const char *path = strchr(request, ' ');
	size_t len = path != NULL ? strcspn(path + 1, " ?\r\n") : 0;

	pthread_mutex_lock(&peer->mutex);
	memcpy(peer->last, request, whole);
	peer->last[whole] = '\0';
	for (size_t i = 0; i < peer->route_count && path != NULL; i++)
		if (strlen(peer->routes[i].path) == len && memcmp(peer->routes[i].path, path + 1, len) == 0) {
			route = &peer->routes[i];
			peer->requests[i]++;
			break;
		}
	if (route == NULL)
		peer->others++;
	pthread_mutex_unlock(&peer->mutex);
	return route;
}

static void answer_send(int fd, const struct peer_route *route)
{
	char letters[4096];
	struct timespec wait = {route->wait_ms / 1000, route->wait_ms % 1000 * 1000000L};

	nanosleep(&wait, NULL);
	if (route->answer != NULL)
		send_all(fd, route->answer, strlen(route->answer));
	for (size_t i = 0; i < route->repeats; i++)
		send_all(fd, route->repeated, strlen(route->repeated));
	memset(letters, 'x', sizeof(letters));
	for (size_t left = route->padding; left > 0;) {
		size_t part = left < sizeof(letters) ? left : sizeof(letters);

		send_all(fd, letters, part);
		left -= part;
	}
}

static void *line_serve(void *context)
{
	struct line *line = context;
	char *request = malloc(REQUEST_MAX);
	size_t filled = 0, whole = 0;
	enum peer_end end = PEER_KEEP;
	struct linger hard = {1, 0};
	char byte;

	assert(request != NULL);
	while (end == PEER_KEEP && request_read(line->fd, request, &filled, &whole)) {
		const struct peer_route *route = route_find(line->peer, request, whole);

		memmove(request, request + whole, filled - whole);
		filled -= whole;
		end = route != NULL ? route->end : PEER_CLOSE;
		if (route != NULL)
			answer_send(line->fd, route);
	}
	if (end == PEER_HANG)
		(void)recv(line->fd, &byte, 1, MSG_WAITALL);
	if (end == PEER_RESET)
		setsockopt(line->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	free(request);
	pthread_mutex_lock(&line->peer->mutex);
	close(line->fd);
	line->fd = -1;
	pthread_mutex_unlock(&line->peer->mutex);
	return NULL;
}

static void *peer_serve(void *context)
{
	struct peer *peer = context;

	for (;;) {
		int fd = accept(peer->listener, NULL, NULL);
		struct line *line;
		int failed;

		pthread_mutex_lock(&peer->mutex);
		if (fd < 0 || peer->stopping || peer->line_count == CONNECTIONS_MAX) {
			pthread_mutex_unlock(&peer->mutex);
			if (fd >= 0)
				close(fd);
			return NULL;
		}
		line = &peer->lines[peer->line_count++];
		*line = (struct line){.peer = peer, .fd = fd};
		failed = pthread_create(&line->thread, NULL, line_serve, line);
		assert(failed == 0);
		pthread_mutex_unlock(&peer->mutex);
	}
}

struct peer *peer_start(const struct peer_route *routes, size_t count)
{
	struct peer *peer = calloc(1, sizeof(*peer));
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);
	int failed;

	assert(peer != NULL && count <= PEER_ROUTES_MAX);
	peer->routes = routes;
	peer->route_count = count;
	pthread_mutex_init(&peer->mutex, NULL);
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	failed = bind(peer->listener, (struct sockaddr *)&address, sizeof(address));
	assert(failed == 0);
	failed = listen(peer->listener, 64);
	assert(failed == 0);
	failed = getsockname(peer->listener, (struct sockaddr *)&address, &len);
	assert(failed == 0);
	peer->port = ntohs(address.sin_port);
	failed = pthread_create(&peer->thread, NULL, peer_serve, peer);
	assert(failed == 0);
	return peer;
}

void peer_stop(struct peer *peer)
{
	pthread_mutex_lock(&peer->mutex);
	peer->stopping = true;
	pthread_mutex_unlock(&peer->mutex);
	shutdown(peer->listener, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->listener);
	for (int i = 0; i < peer->line_count; i++) {
		pthread_mutex_lock(&peer->mutex);
		if (peer->lines[i].fd >= 0)
			shutdown(peer->lines[i].fd, SHUT_RDWR);
		pthread_mutex_unlock(&peer->mutex);
		pthread_join(peer->lines[i].thread, NULL);
	}
	pthread_mutex_destroy(&peer->mutex);
	free(peer);
}

int peer_port(const struct peer *peer)
{
	return peer->port;
}

int peer_requests(struct peer *peer, const char *path)
{
	int count = 0;

	pthread_mutex_lock(&peer->mutex);
	for (size_t i = 0; i < peer->route_count; i++)
		if (path == NULL || strcmp(path, peer->routes[i].path) == 0)
			count += peer->requests[i];
	count += path == NULL ? peer->others : 0;
	pthread_mutex_unlock(&peer->mutex);
	return count;
}

int peer_connections(struct peer *peer)
{
	int count;

	pthread_mutex_lock(&peer->mutex);
	count = peer->line_count;
	pthread_mutex_unlock(&peer->mutex);
	return count;
}

const char *peer_last(struct peer *peer)
{
	return peer->last;
}
