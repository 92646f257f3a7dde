#include "net/trust.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"

#define BUNDLE_MAX ((size_t)16 * 1024 * 1024) /* the system's has a quarter of a megabyte */

static void trust_free(struct trust *trust)
{
	free(trust->ca_file);
	buf_release(&trust->bundle);
	free(trust);
}

bool trust_find(struct trust_set *set, const char *system_file, const char *ca_file, const struct trust **found,
	struct fault *fault)
{
	struct trust *trust;
	struct fault ignored = {0};

	*found = NULL;
	if (ca_file == NULL)
		return true;
	for (trust = set->first; trust != NULL; trust = trust->next)
		if (strcmp(trust->ca_file, ca_file) == 0) {
			*found = trust;
			return true;
		}
	trust = memory_new(sizeof(*trust));
	trust->ca_file = memory_string(ca_file);
	/* a system without a bundle has none to lose */
	if (system_file != NULL && file_read(system_file, BUNDLE_MAX, &trust->bundle, NULL, &ignored))
		buf_addc(&trust->bundle, '\n');
	if (!file_read(ca_file, BUNDLE_MAX, &trust->bundle, NULL, fault)) {
		trust_free(trust);
		return false;
	}
	trust->next = set->first;
	set->first = trust;
	*found = trust;
	return true;
}

void trust_set_release(struct trust_set *set)
{
	while (set->first != NULL) {
		struct trust *trust = set->first;

		set->first = trust->next;
		trust_free(trust);
	}
}
