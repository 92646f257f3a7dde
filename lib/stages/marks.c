#include "stages/marks.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/scratch.h"

#define TAIL_MAX 2048

struct marks {
	struct scratch scratch;
	int64_t written; /* marks in the file; the rest is in the tail */
	int tail_count;
	struct mark tail[TAIL_MAX];
};

struct marks *marks_new(const char *folder)
{
	struct marks *marks = memory_new(sizeof(*marks));

	scratch_init(&marks->scratch, folder);
	return marks;
}

void marks_free(struct marks *marks)
{
	if (marks == NULL)
		return;
	scratch_release(&marks->scratch);
	free(marks);
}

static int64_t count_of(const struct marks *marks)
{
	return marks->written + marks->tail_count;
}

bool marks_add(struct marks *marks, const struct mark *mark, struct fault *fault)
{
	if (marks->tail_count == TAIL_MAX) {
		if (!scratch_append(&marks->scratch, marks->tail, sizeof(marks->tail), fault))
			return false;
		marks->written += TAIL_MAX;
		marks->tail_count = 0;
	}
	marks->tail[marks->tail_count++] = *mark;
	return true;
}

bool marks_get(const struct marks *marks, int64_t index, struct mark *mark, struct fault *fault)
{
	assert(index >= 0 && index < count_of(marks));
	if (index < marks->written)
		return scratch_read(&marks->scratch, index * (int64_t)sizeof(*mark), mark, sizeof(*mark), fault);
	*mark = marks->tail[index - marks->written];
	return true;
}

bool marks_put(struct marks *marks, int64_t index, const struct mark *mark, struct fault *fault)
{
	assert(index >= 0 && index < count_of(marks));
	if (index < marks->written)
		return scratch_put(&marks->scratch, index * (int64_t)sizeof(*mark), mark, sizeof(*mark), fault);
	marks->tail[index - marks->written] = *mark;
	return true;
}
