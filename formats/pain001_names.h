/*
 * Names of elements that are not read, each once, with how often it stands there: for one warning of the file. Floor 2.
 */
#ifndef FORMATS_PAIN001_NAMES_H
#define FORMATS_PAIN001_NAMES_H

#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

#define PAIN001_NAMES_MAX 20 /* names told; of more only that there are some */
#define PAIN001_NAME_MAX 80  /* bytes of one */

struct pain001_names {
	struct pain001_counted {
		char name[PAIN001_NAME_MAX];
		int64_t count;
	} list[PAIN001_NAMES_MAX];
	size_t count;
	int64_t others; /* of names that found no place */
};

/* What stands in what: "Cdtr/LEI". */
void pain001_names_add(struct pain001_names *names, const char *parent, const char *name);
/* "UltmtCdtr (3 times), Tax" */
void pain001_names_text(const struct pain001_names *names, struct buf *out);

#endif
