#include "stages/causes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define CAUSES_MAX 512 /* codes times fields that rows really have; what comes after is told row by row */

struct cause {
	char *code, *field, *message, *cure; /* of the first */
	enum finding_severity severity;
	int64_t rows;
	int64_t first_row, last_row;
	bool same; /* all have the same message */
};

struct causes {
	struct cause *list;
	size_t count;
	size_t last; /* found last: the next one is often the same */
};

struct causes *causes_new(void)
{
	return memory_new(sizeof(struct causes));
}

void causes_free(struct causes *causes)
{
	if (causes == NULL)
		return;
	for (size_t i = 0; i < causes->count; i++) {
		free(causes->list[i].code);
		free(causes->list[i].field);
		free(causes->list[i].message);
		free(causes->list[i].cure);
	}
	free(causes->list);
	free(causes);
}

static bool is_of(const struct cause *cause, const struct finding *finding)
{
	return cause->severity == finding->severity && strcmp(cause->code, finding->code) == 0 &&
	       strcmp(cause->field, finding->field) == 0;
}

static struct cause *find(const struct causes *causes, const struct finding *finding)
{
	if (causes->last < causes->count && is_of(&causes->list[causes->last], finding))
		return &causes->list[causes->last];
	for (size_t i = 0; i < causes->count; i++)
		if (is_of(&causes->list[i], finding))
			return &causes->list[i];
	return NULL;
}

void causes_count(struct causes *causes, const struct finding *finding)
{
	struct cause *cause = find(causes, finding);

	if (cause == NULL && causes->count == CAUSES_MAX)
		return;
	if (cause == NULL) {
		causes->list = memory_grow(causes->list, (causes->count + 1) * sizeof(*causes->list));
		cause = &causes->list[causes->count++];
		*cause = (struct cause){
			.code = memory_string(finding->code),
			.field = memory_string(finding->field),
			.message = memory_string(finding->message),
			.cure = memory_string(finding->cure),
			.severity = finding->severity,
			.first_row = finding->row,
			.same = true,
		};
	}
	causes->last = (size_t)(cause - causes->list);
	if (cause->rows > 0 && cause->last_row == finding->row)
		return;
	cause->rows++;
	cause->last_row = finding->row;
	cause->same = cause->same && strcmp(cause->message, finding->message) == 0;
}

static bool most(const struct cause *cause, int64_t rows)
{
	return rows >= CAUSES_ROWS_MIN && cause->rows > rows / 2;
}

bool causes_shared(const struct causes *causes, int64_t rows, const struct finding *finding)
{
	const struct cause *cause = find(causes, finding);

	return cause != NULL && most(cause, rows);
}

void causes_each(const struct causes *causes, int64_t rows, struct arena *arena,
	void (*each)(void *context, const struct finding *finding), void *context)
{
	struct buf message = {0};

	for (size_t i = 0; i < causes->count; i++) {
		const struct cause *cause = &causes->list[i];
		struct finding finding = {
			.field = cause->field, .code = cause->code, .severity = cause->severity, .cure = cause->cure};

		if (!most(cause, rows))
			continue;
		buf_reset(&message);
		if (cause->rows == rows)
			buf_addf(&message, "all %" PRId64 " rows: %s", rows, cause->message);
		else
			buf_addf(&message, "%" PRId64 " of %" PRId64 " rows: %s", cause->rows, rows, cause->message);
		if (!cause->same)
			buf_addf(&message, " (row %" PRId64 "; the others likewise)", cause->first_row);
		finding.message = text_string(arena, buf_text(&message));
		each(context, &finding);
	}
	buf_release(&message);
}
