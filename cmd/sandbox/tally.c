#include "cmd/sandbox/tally.h"

#include "base/arena.h"
#include "base/buf.h"

static struct tally_path *path_find(struct tally *tally, const char *path)
{
	struct tally_path *found = map_get(&tally->by_path, text_of(path));

	if (found != NULL)
		return found;
	if (tally->count >= TALLY_PATHS && strcmp(path, "(other)") != 0)
		return path_find(tally, "(other)");
	found = memory_new(sizeof(*found));
	found->path = memory_string(path);
	map_put(&tally->by_path, text_of(found->path), found);
	tally->paths = memory_grow(tally->paths, (tally->count + 1) * sizeof(struct tally_path *));
	tally->paths[tally->count++] = found;
	return found;
}

void tally_add(struct tally *tally, const char *path, const char *outcome)
{
	struct tally_path *found = path_find(tally, path);
	size_t i = 0;

	tally->total++;
	while (i < found->outcome_count && strcmp(found->outcomes[i].name, outcome) != 0)
		i++;
	if (i == TALLY_OUTCOMES)
		i--;
	if (i == found->outcome_count) {
		snprintf(found->outcomes[i].name, sizeof(found->outcomes[i].name), "%s", outcome);
		found->outcome_count++;
	}
	found->outcomes[i].count++;
}

void tally_write(struct buf *buf, const struct tally *tally)
{
	size_t i;
	size_t k;

	buf_addz(buf, "{\"requests\":{");
	for (i = 0; i < tally->count; i++) {
		const struct tally_path *path = tally->paths[i];

		buf_addz(buf, i > 0 ? ",\n" : "\n");
		buf_add_json(buf, text_of(path->path));
		buf_addc(buf, ':');
		for (k = 0; k < path->outcome_count; k++) {
			buf_addc(buf, k == 0 ? '{' : ',');
			buf_add_json(buf, text_of(path->outcomes[k].name));
			buf_addc(buf, ':');
			buf_addi(buf, path->outcomes[k].count);
		}
		buf_addc(buf, '}');
	}
	buf_addz(buf, "},\"total\":");
	buf_addi(buf, tally->total);
	buf_addz(buf, "}\n");
}

void tally_release(struct tally *tally)
{
	size_t i;

	for (i = 0; i < tally->count; i++) {
		free(tally->paths[i]->path);
		free(tally->paths[i]);
	}
	free(tally->paths);
	map_release(&tally->by_path);
	memset(tally, 0, sizeof(*tally));
}
