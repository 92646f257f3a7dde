#include "formats/xml_names.h"

#include "base/bounds.h"

_Static_assert(2 * BOUND_XML_NAMES <= XML_NAMES_SLOTS, "half of the slots stay free, so that a search is short");

/* Two names of one key count as one: that only lets more of them pass. */
static bool take(struct xml_names *names, uint64_t key)
{
	size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 53);

	for (; names->slots[at] != 0; at = (at + 1) % XML_NAMES_SLOTS)
		if (names->slots[at] == key)
			return true;
	if (names->count == BOUND_XML_NAMES)
		return false;
	names->slots[at] = key;
	names->count++;
	return true;
}

bool xml_names_take(struct xml_names *names, const void *name)
{
	return name == NULL || take(names, (uint64_t)(uintptr_t)name);
}

/* FNV-1a */
bool xml_names_take_copy(struct xml_names *names, const char *name)
{
	uint64_t key = UINT64_C(0xCBF29CE484222325);

	for (; name != NULL && *name != '\0'; name++)
		key = (key ^ (unsigned char)*name) * UINT64_C(0x100000001B3);
	return name == NULL || take(names, key | 1);
}
