#include "formats/pain001_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void pain001_names_add(struct pain001_names *names, const char *parent, const char *name)
{
	char whole[PAIN001_NAME_MAX];

	snprintf(whole, sizeof(whole), "%s%s%s", parent, parent[0] != '\0' ? "/" : "", name);
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->list[i].name, whole) == 0) {
			names->list[i].count++;
			return;
		}
	if (names->count == PAIN001_NAMES_MAX) {
		names->others++;
		return;
	}
	memcpy(names->list[names->count].name, whole, sizeof(whole));
	names->list[names->count++].count = 1;
}

void pain001_names_text(const struct pain001_names *names, struct buf *out)
{
	for (size_t i = 0; i < names->count; i++) {
		buf_addz(out, i > 0 ? ", " : "");
		text_show(out, text_of(names->list[i].name), 0);
		if (names->list[i].count > 1)
			buf_addf(out, " (%" PRId64 " times)", names->list[i].count);
	}
	if (names->others > 0)
		buf_addf(out, " and %" PRId64 " of other names", names->others);
}
