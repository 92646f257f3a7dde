/*
 * The base URL of a channel. Floor 2. Pure. Stricter than RFC 3986: no user, no query, no fragment, no escapes; what
 * two programs could read differently is refused.
 */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include <stdbool.h>

#include "base/text.h"

#define URL_HOST_SIZE 256 /* a DNS name has at most 253 bytes */

struct url {
	bool https;
	bool loopback;            /* 127.0.0.0/8, ::1 or localhost */
	char host[URL_HOST_SIZE]; /* lower case, without brackets */
	int port;                 /* as given, or that of the scheme */
	bool port_given;          /* and not that of the scheme */
	struct text base;         /* slice of the text: without slashes at its end */
};

/* NULL, or what is wrong with it, as a part of a sentence ("has a query"). */
const char *url_parse(struct text text, struct url *url);

#endif
