#include "cmd/sandbox/post.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 4096

struct post {
	struct sandbox *sandbox;
	int epoll_fd;
	int fd;                /* -1: nothing under way */
	struct parcel *parcel; /* under way */
	unsigned clears;       /* of the courier, when it was taken */
	struct buf out;
	size_t sent;
	char in[HEAD_MAX + 1];
	size_t in_len;
	int64_t deadline_ms; /* monotonic */
};

struct address {
	struct text host; /* with the port, as Host says it */
	uint16_t port;
	struct text path;
};

/* http://127.0.0.1:PORT/PATH or localhost; the port is 80 where there is none. */
static bool address_read(const char *url, struct address *address)
{
	static const struct text schemes[] = {{"http://127.0.0.1", 16}, {"http://localhost", 16}};
	struct text whole = text_of(url);
	int64_t port = 80;
	size_t at = 16;

	if (!text_starts(whole, schemes[0]) && !text_starts(whole, schemes[1]))
		return false;
	if (at < whole.len && whole.ptr[at] == ':') {
		size_t end = at + 1;

		while (end < whole.len && whole.ptr[end] >= '0' && whole.ptr[end] <= '9')
			end++;
		if (!text_number((struct text){whole.ptr + at + 1, end - at - 1}, 65535, &port))
			return false;
		at = end;
	}
	address->host = (struct text){whole.ptr + 7, at - 7};
	address->port = (uint16_t)port;
	address->path = at < whole.len ? (struct text){whole.ptr + at, whole.len - at} : TEXT("/");
	return address->path.ptr[0] == '/' && port > 0;
}

struct post *post_new(struct sandbox *sandbox, int epoll_fd)
{
	struct post *post = memory_new(sizeof(*post));

	post->sandbox = sandbox;
	post->epoll_fd = epoll_fd;
	post->fd = -1;
	return post;
}

static int64_t mono_ms(const struct post *post)
{
	return clock_now(&post->sandbox->clock).mono_ms;
}

/* status 0: no answer. */
static void finish(struct post *post, unsigned status)
{
	if (post->fd >= 0)
		close(post->fd); /* leaves the epoll set by itself */
	post->fd = -1;
	/* A reset has forgotten it. */
	if (post->clears != post->sandbox->courier.clears)
		parcel_free(post->parcel);
	else
		courier_done(post->sandbox, post->parcel, status);
	post->parcel = NULL;
}

static void request_write(struct post *post, const struct address *address)
{
	const struct parcel *parcel = post->parcel;

	buf_reset(&post->out);
	buf_addz(&post->out, "POST ");
	buf_addt(&post->out, address->path);
	buf_addz(&post->out, " HTTP/1.1\r\nHost: ");
	buf_addt(&post->out, address->host);
	buf_addf(&post->out, "\r\nConnection: close\r\nContent-Length: %zu\r\n", parcel->body.len);
	buf_addt(&post->out, buf_text(&parcel->head));
	buf_addz(&post->out, "\r\n");
	buf_addt(&post->out, buf_text(&parcel->body));
	post->sent = 0;
	post->in_len = 0;
}

static bool start(struct post *post)
{
	struct epoll_event event = {.events = EPOLLOUT, .data = {.ptr = post}};
	struct sockaddr_in peer = {.sin_family = AF_INET};
	struct address address;

	if (!address_read(post->parcel->url, &address))
		return false;
	request_write(post, &address);
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer.sin_port = htons(address.port);
	post->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (post->fd < 0)
		return false;
	if (connect(post->fd, (const struct sockaddr *)&peer, sizeof(peer)) != 0 && errno != EINPROGRESS)
		return false;
	post->deadline_ms = mono_ms(post) + POST_TIMEOUT_MS;
	return epoll_ctl(post->epoll_fd, EPOLL_CTL_ADD, post->fd, &event) == 0;
}

/* False: the peer is gone. */
static bool request_send(struct post *post)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = post}};

	while (post->sent < post->out.len) {
		ssize_t len = send(post->fd, post->out.data + post->sent, post->out.len - post->sent, MSG_NOSIGNAL);

		if (len < 0)
			return errno == EAGAIN || errno == EINPROGRESS || errno == ENOTCONN || errno == EINTR;
		post->sent += (size_t)len;
	}
	return epoll_ctl(post->epoll_fd, EPOLL_CTL_MOD, post->fd, &event) == 0;
}

/* The status of "HTTP/1.1 200 OK"; 0: that is not what it begins with. */
static unsigned status_read(const char *head)
{
	int64_t status;

	if (strncmp(head, "HTTP/1.", 7) != 0 || strlen(head) < 12 || head[8] != ' ')
		return 0;
	return text_number((struct text){head + 9, 3}, 999, &status) ? (unsigned)status : 0;
}

/* Reads as far as the end of the answer's head; its body is nobody's affair. */
static void answer_read(struct post *post)
{
	for (;;) {
		ssize_t len = recv(post->fd, post->in + post->in_len, HEAD_MAX - post->in_len, 0);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return;
		if (len > 0)
			post->in_len += (size_t)len;
		post->in[post->in_len] = '\0';
		if (len <= 0 || post->in_len == HEAD_MAX || strstr(post->in, "\r\n\r\n") != NULL) {
			finish(post, status_read(post->in));
			return;
		}
	}
}

static void progress(struct post *post)
{
	if (post->sent < post->out.len && !request_send(post))
		finish(post, 0);
	else if (post->sent == post->out.len)
		answer_read(post);
	if (post->fd >= 0 && mono_ms(post) >= post->deadline_ms)
		finish(post, 0);
}

void post_turn(struct post *post)
{
	courier_settle(post->sandbox);
	if (post->parcel != NULL)
		progress(post);
	while (post->parcel == NULL) {
		post->parcel = courier_take(&post->sandbox->courier, sandbox_now_ms(post->sandbox));
		if (post->parcel == NULL)
			return;
		post->clears = post->sandbox->courier.clears;
		if (!start(post))
			finish(post, 0);
	}
}

int64_t post_wait_ms(const struct post *post)
{
	int64_t next_ms = courier_next_ms(&post->sandbox->courier);
	int64_t wait_ms;

	if (post->parcel != NULL)
		wait_ms = post->deadline_ms - mono_ms(post);
	else if (next_ms == INT64_MAX)
		return -1;
	else if (next_ms == INT64_MIN)
		return 0;
	else
		wait_ms = next_ms - sandbox_now_ms(post->sandbox);
	if (wait_ms < 0)
		return 0;
	return wait_ms > 60000 ? 60000 : wait_ms;
}

void post_free(struct post *post)
{
	if (post == NULL)
		return;
	if (post->fd >= 0)
		close(post->fd);
	parcel_free(post->parcel);
	buf_release(&post->out);
	free(post);
}
