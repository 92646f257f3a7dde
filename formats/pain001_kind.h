/*
 * Which ISO 20022 message an XML document is, by its root element and namespace; never by a prefix. Floor 2. Pure.
 */
#ifndef FORMATS_PAIN001_KIND_H
#define FORMATS_PAIN001_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "formats/refusal.h"

#define PAIN001_NAME_SIZE 36 /* names are 35 characters at most, and NUL */

/* Credit transfer initiations of the versions read here: pain.001.001.03 to .12, the German pain.001.002.03 and
 * pain.001.003.03, the Swiss pain.001.001.03.ch.NN and .09.ch.NN; name is the message's then. False: another one, and
 * the refusal (MESSAGE_UNSUPPORTED) says what it is and what to do. */
bool pain001_kind(
	const char *uri, const char *root, int64_t line, char name[PAIN001_NAME_SIZE], struct refusal *refusal);

/* Could the bytes be the beginning of an XML document, in whatever encoding? */
bool pain001_kind_is_xml(struct text head);

#endif
