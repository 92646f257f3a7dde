#include "config/url.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_host_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Letters, digits and - between dots; a name that ends in a number is an IPv4 address or nothing. */
static bool host_valid(const char *host)
{
	const char *label = host;
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return true;
	for (const char *at = host;; at++) {
		if (*at != '.' && *at != '\0') {
			if (!is_host_byte(*at))
				return false;
			continue;
		}
		if (at == label || at - label > 63 || *label == '-' || at[-1] == '-')
			return false;
		if (*at == '\0')
			return !is_digit(*label);
		label = at + 1;
	}
}

static bool is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (strcmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && memcmp(&six, &in6addr_loopback, sizeof(six)) == 0;
}

static const char *take_host(struct url *url, struct text host, bool bracketed)
{
	struct in6_addr six;

	if (host.len == 0)
		return "names no host";
	if (host.len >= URL_HOST_SIZE - 2)
		return "has a host that is too long";
	for (size_t i = 0; i < host.len; i++)
		url->host[i] = (char)(host.ptr[i] >= 'A' && host.ptr[i] <= 'Z' ? host.ptr[i] - 'A' + 'a' : host.ptr[i]);
	url->host[host.len] = '\0';
	if (bracketed ? inet_pton(AF_INET6, url->host, &six) != 1 : !host_valid(url->host))
		return "has a host that is neither a name nor an address";
	url->loopback = is_loopback(url->host);
	return NULL;
}

static const char *take_port(struct url *url, struct text port)
{
	int64_t number = url->https ? 443 : 80;

	if (port.len > 0 && (!text_number(port, 65535, &number) || number == 0 || port.ptr[0] == '0'))
		return "has a port that is not a number from 1 to 65535";
	url->port = (int)number;
	url->port_given = number != (url->https ? 443 : 80);
	return NULL;
}

static const char *take_authority(struct url *url, struct text authority)
{
	const char *end = authority.ptr + authority.len;
	const char *colon;
	struct text host = authority, port = {0};
	const char *wrong;
	bool bracketed = authority.len > 0 && authority.ptr[0] == '[';

	if (memchr(authority.ptr, '@', authority.len) != NULL)
		return "has a user or a password in it";
	if (bracketed) {
		const char *close = memchr(authority.ptr, ']', authority.len);

		if (close == NULL || (close + 1 < end && close[1] != ':'))
			return "has a host that is neither a name nor an address";
		host = (struct text){authority.ptr + 1, (size_t)(close - authority.ptr) - 1};
		colon = close + 1 < end ? close + 1 : NULL;
	} else {
		colon = memchr(authority.ptr, ':', authority.len);
		if (colon != NULL)
			host.len = (size_t)(colon - authority.ptr);
	}
	if (colon != NULL) {
		port = (struct text){colon + 1, (size_t)(end - colon) - 1};
		if (port.len == 0)
			return "has a colon without a port";
	}
	wrong = take_host(url, host, bracketed);
	return wrong != NULL ? wrong : take_port(url, port);
}

static const char *check_path(struct text path)
{
	for (size_t i = 0; i < path.len; i++) {
		char byte = path.ptr[i];

		if (byte == '?' || byte == '#')
			return byte == '?' ? "has a query" : "has a fragment";
		if (!is_host_byte(byte) && !(byte >= 'A' && byte <= 'Z') && byte != '/' && byte != '_' && byte != '~')
			return "has other characters in its path than letters, digits and - . _ ~ /";
		if (byte == '/' && i + 1 < path.len && (path.ptr[i + 1] == '/' || path.ptr[i + 1] == '.'))
			return "has an empty or a dotted part in its path";
	}
	return NULL;
}

const char *url_parse(struct text text, struct url *url)
{
	struct text authority;
	const char *wrong;

	*url = (struct url){.base = text};
	if (text_starts(text, TEXT("https://")))
		url->https = true;
	else if (!text_starts(text, TEXT("http://")))
		return "does not begin with https://";
	while (url->base.len > 0 && url->base.ptr[url->base.len - 1] == '/')
		url->base.len--;
	if (url->base.len < (url->https ? 8 : 7))
		return "names no host";
	authority = (struct text){url->base.ptr + (url->https ? 8 : 7), url->base.len - (url->https ? 8 : 7)};
	for (size_t i = 0; i < authority.len; i++)
		if (strchr("/?#", authority.ptr[i]) != NULL && authority.ptr[i] != '\0') {
			wrong = check_path((struct text){authority.ptr + i, authority.len - i});
			if (wrong != NULL)
				return wrong;
			authority.len = i;
			break;
		}
	return take_authority(url, authority);
}
