/* What all sections of payrun.conf have in common: keys, and the words for wrong ones. */
#include <string.h>

#include "config/loader.h"

#include "base/file.h"

#define NAME_MAX_LEN 64 /* of a key that is compared; a longer one is near to nothing */

const struct config_key *loader_key(const struct config_key *keys, struct text name)
{
	for (; keys->name != NULL; keys++)
		if (text_is(name, keys->name))
			return keys;
	return NULL;
}

bool loader_bad_value(struct loader *loader, const struct entry *entry, const char *expected)
{
	char shown[PLACE_SHOWN];

	return place_fault(&loader->place, entry->line, "Correct the value.", "%s = %s: it must be %s", entry->name,
		place_show(shown, entry->value), expected);
}

bool loader_not_enforced(struct loader *loader, int line, const char *what)
{
	return place_fault(&loader->place, line,
		"Take it out and see to what it is for by other means, or use a version that enforces it.",
		"%s is known, but this version does not enforce it; it is refused, never ignored", what);
}

bool loader_unknown_key(struct loader *loader, const struct entry *entry, const char *near, const char *section)
{
	char shown[PLACE_SHOWN];

	place_show(shown, text_of(entry->name));
	if (near != NULL)
		return place_fault(&loader->place, entry->line, "Correct the name, or take the line out.",
			"there is no key %s in %s: did you mean %s?", shown, section, near);
	return place_fault(&loader->place, entry->line, "Take the line out; the manual of payrun.conf lists the keys.",
		"there is no key %s in %s", shown, section);
}

static size_t lower(char out[NAME_MAX_LEN], struct text name)
{
	for (size_t i = 0; i < name.len; i++)
		out[i] = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] - 'A' + 'a' : name.ptr[i]);
	return name.len;
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t len = strlen(candidate);
	size_t allowed = len < 5 ? 0 : len < 8 ? 1 : 2;
	char folded[NAME_MAX_LEN];
	size_t edits;

	if (nearest->name.len >= sizeof(folded))
		return;
	edits = text_distance(
		(struct text){folded, lower(folded, nearest->name)}, (struct text){candidate, len}, allowed);
	if (edits > allowed || (nearest->best != NULL && edits >= nearest->edits))
		return;
	nearest->best = candidate;
	nearest->edits = edits;
}

bool loader_name_valid(struct text name, size_t max)
{
	for (size_t i = 0; i < name.len; i++) {
		char byte = name.ptr[i];

		if (!(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9') &&
			byte != '.' && byte != '_' && byte != '-')
			return false;
	}
	return name.len > 0 && name.len <= max;
}

char *loader_path(struct loader *loader, const char *folder, const char *path)
{
	char *joined = file_join(strcmp(folder, ".") == 0 ? "" : folder, path);
	char *kept = text_string(&loader->memory->arena, text_of(joined));

	free(joined);
	return kept;
}
