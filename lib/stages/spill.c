#include "stages/spill.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scratch.h"

#define PENDING_MAX (2u * 1024u * 1024u)   /* bytes kept back to be sorted */
#define RUNS_MAX 4096u                     /* 8 GiB of findings that came out of order */
#define WINDOWS_BYTES (4u * 1024u * 1024u) /* of all runs together while they are merged */
#define WINDOW_MIN 4096u
#define WINDOW_MAX (256u * 1024u)

struct head { /* of each record; its texts follow, each with its NUL */
	int64_t row;
	int64_t line;
	uint32_t len; /* of the texts */
	uint16_t kind;
	uint16_t severity;
};

struct run {
	int64_t offset, end; /* in the scratch file */
	int64_t last_row;    /* while it is written: what comes later in order is added to it */
	int64_t at;          /* while it is read: the record whose head is in `head` */
	struct head head;
	char *window;
	int64_t window_offset;
	size_t window_len;
};

struct spill {
	struct scratch scratch;
	struct buf pending;
	size_t *starts; /* of the records in pending */
	size_t count, cap;
	int64_t last_row;
	bool in_order;
	struct run *runs;
	size_t run_count;
	size_t *heap; /* runs by the row of their next record */
	size_t heap_count;
	size_t window;
	struct buf texts; /* of the item given out */
	bool sealed;
};

struct spill *spill_new(const char *folder)
{
	struct spill *spill = memory_new(sizeof(*spill));

	scratch_init(&spill->scratch, folder);
	spill->in_order = true;
	return spill;
}

void spill_free(struct spill *spill)
{
	if (spill == NULL)
		return;
	for (size_t i = 0; i < spill->run_count; i++)
		free(spill->runs[i].window);
	scratch_release(&spill->scratch);
	buf_release(&spill->pending);
	buf_release(&spill->texts);
	free(spill->starts);
	free(spill->runs);
	free(spill->heap);
	free(spill);
}

static struct head head_at(const struct spill *spill, size_t start)
{
	struct head head;

	memcpy(&head, spill->pending.data + start, sizeof(head));
	return head;
}

/* Stable: findings of one row stay in the order in which they were made. */
static void sort_starts(const struct spill *spill, size_t *starts, size_t *spare, size_t count)
{
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	sort_starts(spill, starts, spare, half);
	sort_starts(spill, starts + half, spare, count - half);
	if (head_at(spill, starts[half - 1]).row <= head_at(spill, starts[half]).row)
		return;
	for (size_t i = 0; i < count; i++) {
		bool take_right = left == half || (right < count && head_at(spill, starts[right]).row <
									    head_at(spill, starts[left]).row);

		spare[i] = starts[take_right ? right++ : left++];
	}
	memcpy(starts, spare, count * sizeof(*starts));
}

/* The run that the pending records go to: the last one where they follow it in order, else a new one. */
static struct run *run_for(struct spill *spill, int64_t first_row, struct fault *fault)
{
	struct run *run;

	if (spill->run_count > 0 && spill->runs[spill->run_count - 1].last_row <= first_row)
		return &spill->runs[spill->run_count - 1];
	if (spill->run_count == RUNS_MAX) {
		(void)fault_set(fault, FAULT_REFUSED, "FILE_TOO_LARGE", "split the file",
			"there are more findings than can be sorted");
		return NULL;
	}
	spill->runs = memory_grow(spill->runs, (spill->run_count + 1) * sizeof(*spill->runs));
	run = &spill->runs[spill->run_count++];
	*run = (struct run){.offset = spill->scratch.size, .end = spill->scratch.size};
	return run;
}

static bool write_pending(struct spill *spill, struct fault *fault)
{
	struct run *run;
	struct buf block = {0};
	bool fine = true;

	if (spill->count == 0)
		return true;
	if (!spill->in_order) {
		size_t *spare = memory_new(spill->count * sizeof(*spare));

		sort_starts(spill, spill->starts, spare, spill->count);
		free(spare);
	}
	run = run_for(spill, head_at(spill, spill->starts[0]).row, fault);
	if (run == NULL)
		return false;
	for (size_t i = 0; fine && i < spill->count; i++) {
		const struct head head = head_at(spill, spill->starts[i]);

		buf_add(&block, spill->pending.data + spill->starts[i], sizeof(head) + head.len);
		run->last_row = head.row;
		if (block.len < WINDOW_MAX && i + 1 < spill->count)
			continue;
		fine = scratch_append(&spill->scratch, block.data, block.len, fault);
		buf_reset(&block);
	}
	buf_release(&block);
	run->end = spill->scratch.size;
	buf_reset(&spill->pending);
	spill->count = 0;
	spill->in_order = true;
	return fine;
}

/* Adds the head of a record; the caller adds the texts and then calls end(). */
static void begin(struct spill *spill, const struct head *head)
{
	assert(!spill->sealed);
	if (spill->count == spill->cap) {
		spill->cap = spill->cap == 0 ? 64 : spill->cap * 2;
		spill->starts = memory_grow(spill->starts, spill->cap * sizeof(*spill->starts));
	}
	if (spill->count > 0 && head->row < spill->last_row)
		spill->in_order = false;
	spill->last_row = head->row;
	spill->starts[spill->count++] = spill->pending.len;
	buf_add(&spill->pending, head, sizeof(*head));
}

static bool end(struct spill *spill, struct fault *fault)
{
	size_t start = spill->starts[spill->count - 1];
	struct head head = head_at(spill, start);

	head.len = (uint32_t)(spill->pending.len - start - sizeof(head));
	memcpy(spill->pending.data + start, &head, sizeof(head));
	return spill->pending.len < PENDING_MAX || write_pending(spill, fault);
}

static void add_string(struct buf *buf, const char *string)
{
	buf_add(buf, string, strlen(string) + 1);
}

bool spill_add(struct spill *spill, const struct finding *finding, struct fault *fault)
{
	struct head head = {.row = finding->row,
		.line = finding->line,
		.kind = SPILL_FINDING,
		.severity = (uint16_t)finding->severity};

	begin(spill, &head);
	add_string(&spill->pending, finding->field);
	add_string(&spill->pending, finding->code);
	add_string(&spill->pending, finding->message);
	add_string(&spill->pending, finding->cure);
	return end(spill, fault);
}

bool spill_reference(struct spill *spill, int64_t row, struct text reference, struct fault *fault)
{
	struct head head = {.row = row, .kind = SPILL_REFERENCE};

	begin(spill, &head);
	buf_addt(&spill->pending, reference);
	return end(spill, fault);
}

/* Bytes of a run, through its window. */
static bool run_bytes(
	struct spill *spill, struct run *run, int64_t offset, void *bytes, size_t len, struct fault *fault)
{
	int64_t inside = offset - run->window_offset;

	if (len == 0)
		return true;
	if (len > spill->window)
		return scratch_read(&spill->scratch, offset, bytes, len, fault);
	if (run->window_len == 0 || inside < 0 || inside + (int64_t)len > (int64_t)run->window_len) {
		int64_t left = run->end - offset;

		run->window_offset = offset;
		run->window_len = left < (int64_t)spill->window ? (size_t)left : spill->window;
		inside = 0;
		if (!scratch_read(&spill->scratch, offset, run->window, run->window_len, fault))
			return false;
	}
	memcpy(bytes, run->window + inside, len);
	return true;
}

static bool heap_before(const struct spill *spill, size_t a, size_t b)
{
	const struct run *first = &spill->runs[a], *second = &spill->runs[b];

	return first->head.row < second->head.row || (first->head.row == second->head.row && a < b);
}

static void heap_sink(struct spill *spill, size_t at)
{
	size_t moved = spill->heap[at];

	for (size_t child = 2 * at + 1; child < spill->heap_count; child = 2 * at + 1) {
		if (child + 1 < spill->heap_count && heap_before(spill, spill->heap[child + 1], spill->heap[child]))
			child++;
		if (!heap_before(spill, spill->heap[child], moved))
			break;
		spill->heap[at] = spill->heap[child];
		at = child;
	}
	spill->heap[at] = moved;
}

static void seal(struct spill *spill)
{
	size_t runs = spill->run_count > 0 ? spill->run_count : 1;

	spill->sealed = true;
	buf_release(&spill->pending);
	free(spill->starts);
	spill->starts = NULL;
	spill->window = WINDOWS_BYTES / runs;
	if (spill->window > WINDOW_MAX)
		spill->window = WINDOW_MAX;
	if (spill->window < WINDOW_MIN)
		spill->window = WINDOW_MIN;
	spill->heap = memory_new(runs * sizeof(*spill->heap));
	for (size_t i = 0; i < spill->run_count; i++)
		spill->runs[i].window = memory_new(spill->window);
}

bool spill_rewind(struct spill *spill, struct fault *fault)
{
	if (!spill->sealed) {
		if (!write_pending(spill, fault))
			return false;
		seal(spill);
	}
	spill->heap_count = 0;
	for (size_t i = 0; i < spill->run_count; i++) {
		struct run *run = &spill->runs[i];

		run->at = run->offset;
		run->window_len = 0;
		if (!run_bytes(spill, run, run->at, &run->head, sizeof(run->head), fault))
			return false;
		spill->heap[spill->heap_count++] = i;
	}
	for (size_t i = spill->heap_count / 2; i-- > 0;)
		heap_sink(spill, i);
	return true;
}

static const char *take_string(const char **at)
{
	const char *string = *at;

	*at += strlen(string) + 1;
	return string;
}

static void item_make(const struct spill *spill, const struct head *head, struct spill_item *item)
{
	const char *at = buf_str(&spill->texts);

	*item = (struct spill_item){.kind = (enum spill_kind)head->kind, .row = head->row};
	if (item->kind == SPILL_REFERENCE) {
		item->reference = buf_text(&spill->texts);
		return;
	}
	item->finding.row = head->row;
	item->finding.line = head->line;
	item->finding.severity = (enum finding_severity)head->severity;
	item->finding.field = take_string(&at);
	item->finding.code = take_string(&at);
	item->finding.message = take_string(&at);
	item->finding.cure = take_string(&at);
}

bool spill_next(struct spill *spill, struct spill_item *item, bool *found, struct fault *fault)
{
	struct run *run;
	struct head head;

	assert(spill->sealed);
	*found = spill->heap_count > 0;
	if (!*found)
		return true;
	run = &spill->runs[spill->heap[0]];
	head = run->head;
	buf_reset(&spill->texts);
	if (!run_bytes(spill, run, run->at + (int64_t)sizeof(head), buf_room(&spill->texts, head.len), head.len, fault))
		return false;
	spill->texts.len = head.len;
	spill->texts.data[head.len] = '\0';
	item_make(spill, &head, item);
	run->at += (int64_t)sizeof(head) + head.len;
	if (run->at == run->end)
		spill->heap[0] = spill->heap[--spill->heap_count];
	else if (!run_bytes(spill, run, run->at, &run->head, sizeof(run->head), fault))
		return false;
	heap_sink(spill, 0);
	return true;
}
