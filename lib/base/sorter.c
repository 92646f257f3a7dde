#include "base/sorter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/scratch.h"

#define RECORDS_MAX (128u * 1024u) /* of one run in memory, 4 MiB: what lies in a cache sorts fastest */
#define RECORDS_FIRST 1024u
#define RUNS_MAX 1024u /* a run's share of the memory while merging is then 128 records; 134 million rows in all */
#define BUCKETS_MAX 65536u
#define BUCKET_PLAIN 32u /* up to here sorting by insertion is fastest */

struct run {
	int64_t offset; /* of the first record not yet in memory, in records */
	int64_t end;
	size_t at, filled; /* within its share of the memory */
};

struct entry {        /* of the heap */
	uint64_t key; /* first half of the run's first record: mostly it decides, without a look at the record */
	uint32_t run;
};

struct sorter {
	struct scratch scratch;
	struct record *records;
	uint32_t *order;  /* sorted positions of records[] */
	uint32_t *starts; /* of buckets */
	size_t count, cap;
	struct run runs[RUNS_MAX];
	size_t run_count;
	struct entry heap[RUNS_MAX]; /* runs by their first record */
	size_t heap_count;
	size_t share; /* records of memory for each run */
	size_t next;  /* of the records in memory, where no run was ever written */
	bool sealed;
};

struct sorter *sorter_new(const char *folder)
{
	struct sorter *sorter = memory_new(sizeof(*sorter));

	scratch_init(&sorter->scratch, folder);
	return sorter;
}

void sorter_free(struct sorter *sorter)
{
	if (sorter == NULL)
		return;
	scratch_release(&sorter->scratch);
	free(sorter->records);
	free(sorter->order);
	free(sorter->starts);
	free(sorter);
}

static bool before(const struct record *a, const struct record *b)
{
	return a->key[0] != b->key[0] ? a->key[0] < b->key[0] : a->key[1] < b->key[1];
}

static void sort_insert(const struct record *records, uint32_t *order, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		uint32_t moved = order[i];
		size_t to = i;

		for (; to > 0 && before(&records[moved], &records[order[to - 1]]); to--)
			order[to] = order[to - 1];
		order[to] = moved;
	}
}

/* Stable merge sort, for what the digests' even spread does not help: many equal keys, or keys that are no digests. */
static void sort_merge(const struct record *records, uint32_t *order, uint32_t *spare, size_t count)
{
	size_t half = count / 2, left = 0, right = half;

	if (count <= BUCKET_PLAIN) {
		sort_insert(records, order, count);
		return;
	}
	sort_merge(records, order, spare, half);
	sort_merge(records, order + half, spare, count - half);
	if (!before(&records[order[half]], &records[order[half - 1]]))
		return;
	for (size_t i = 0; i < count; i++) {
		bool take_right =
			left == half || (right < count && before(&records[order[right]], &records[order[left]]));

		spare[i] = order[take_right ? right++ : left++];
	}
	memcpy(order, spare, count * sizeof(*order));
}

/* Digests spread evenly: one pass by their leading bits leaves buckets of a few records. */
static void sort_run(struct sorter *sorter)
{
	size_t count = sorter->count, buckets = 1;
	unsigned shift = 64;
	uint32_t *spare = NULL;

	while (buckets < BUCKETS_MAX && buckets * 2 < count) {
		buckets *= 2;
		shift--;
	}
	sorter->order = memory_grow(sorter->order, (count + 1) * sizeof(*sorter->order));
	sorter->starts = memory_grow(sorter->starts, (buckets + 1) * sizeof(*sorter->starts));
	memset(sorter->starts, 0, (buckets + 1) * sizeof(*sorter->starts));
	for (size_t i = 0; i < count; i++)
		sorter->starts[shift < 64 ? sorter->records[i].key[0] >> shift : 0]++;
	for (size_t i = 0, sum = 0; i <= buckets; i++) {
		size_t size = sorter->starts[i];

		sorter->starts[i] = (uint32_t)sum;
		sum += size;
	}
	for (size_t i = 0; i < count; i++)
		sorter->order[sorter->starts[shift < 64 ? sorter->records[i].key[0] >> shift : 0]++] = (uint32_t)i;
	for (size_t i = 0, start = 0; i < buckets; start = sorter->starts[i++]) { /* starts are ends by now */
		size_t size = sorter->starts[i] - start;

		if (size > BUCKET_PLAIN && spare == NULL)
			spare = memory_new(count * sizeof(*spare));
		if (size > 1)
			sort_merge(sorter->records, sorter->order + start, spare, size);
	}
	free(spare);
}

static bool write_run(struct sorter *sorter, struct fault *fault)
{
	struct record block[1024];
	struct run *run = &sorter->runs[sorter->run_count];
	size_t filled = 0;

	if (sorter->run_count == RUNS_MAX)
		return fault_set(fault, FAULT_REFUSED, "FILE_TOO_LARGE", "split the file",
			"the file has more than %llu rows", (unsigned long long)RUNS_MAX * RECORDS_MAX);
	run->offset = sorter->scratch.size / (int64_t)sizeof(struct record);
	run->end = run->offset + (int64_t)sorter->count;
	sort_run(sorter);
	for (size_t i = 0; i < sorter->count; i++) {
		block[filled++] = sorter->records[sorter->order[i]];
		if (filled < sizeof(block) / sizeof(*block) && i + 1 < sorter->count)
			continue;
		if (!scratch_append(&sorter->scratch, block, filled * sizeof(*block), fault))
			return false;
		filled = 0;
	}
	sorter->run_count++;
	sorter->count = 0;
	return true;
}

bool sorter_add(struct sorter *sorter, const struct record *record, struct fault *fault)
{
	assert(!sorter->sealed);
	if (sorter->count == sorter->cap) {
		if (sorter->cap == RECORDS_MAX) {
			if (!write_run(sorter, fault))
				return false;
		} else {
			sorter->cap = sorter->cap == 0 ? RECORDS_FIRST : sorter->cap * 2;
			sorter->records = memory_grow(sorter->records, sorter->cap * sizeof(*sorter->records));
		}
	}
	sorter->records[sorter->count++] = *record;
	return true;
}

static const struct record *run_first(const struct sorter *sorter, size_t run)
{
	return &sorter->records[run * sorter->share + sorter->runs[run].at];
}

/* Fills the share of a run whose records in memory are used up; filled 0: the run has ended. */
static bool run_fill(struct sorter *sorter, size_t number, struct fault *fault)
{
	struct run *run = &sorter->runs[number];
	int64_t left = run->end - run->offset;
	size_t filled = left < (int64_t)sorter->share ? (size_t)left : sorter->share;

	if (filled > 0 && !scratch_read(&sorter->scratch, run->offset * (int64_t)sizeof(struct record),
				  sorter->records + number * sorter->share, filled * sizeof(struct record), fault))
		return false;
	run->offset += (int64_t)filled;
	run->filled = filled;
	run->at = 0;
	return true;
}

static struct entry heap_entry(const struct sorter *sorter, size_t run)
{
	return (struct entry){run_first(sorter, run)->key[0], (uint32_t)run};
}

/* The earlier run was added earlier. */
static bool heap_tie(const struct sorter *sorter, uint32_t a, uint32_t b)
{
	const struct record *first = run_first(sorter, a), *second = run_first(sorter, b);

	return before(first, second) || (!before(second, first) && a < b);
}

static bool heap_before(const struct sorter *sorter, const struct entry *a, const struct entry *b)
{
	return a->key != b->key ? a->key < b->key : heap_tie(sorter, a->run, b->run);
}

static void heap_sink(struct sorter *sorter, size_t at)
{
	struct entry moved = sorter->heap[at];

	for (size_t child = 2 * at + 1; child < sorter->heap_count; child = 2 * at + 1) {
		if (child + 1 < sorter->heap_count &&
			heap_before(sorter, &sorter->heap[child + 1], &sorter->heap[child]))
			child++;
		if (!heap_before(sorter, &sorter->heap[child], &moved))
			break;
		sorter->heap[at] = sorter->heap[child];
		at = child;
	}
	sorter->heap[at] = moved;
}

bool sorter_rewind(struct sorter *sorter, struct fault *fault)
{
	if (!sorter->sealed && sorter->run_count > 0 && sorter->count > 0 && !write_run(sorter, fault))
		return false;
	if (!sorter->sealed && sorter->run_count == 0)
		sort_run(sorter);
	sorter->sealed = true;
	sorter->next = 0;
	sorter->heap_count = 0;
	if (sorter->run_count == 0)
		return true;
	sorter->share = RECORDS_MAX / sorter->run_count;
	for (size_t i = 0; i < sorter->run_count; i++) {
		struct run *run = &sorter->runs[i];

		run->offset = i == 0 ? 0 : sorter->runs[i - 1].end;
		if (!run_fill(sorter, i, fault))
			return false;
		sorter->heap[sorter->heap_count++] = heap_entry(sorter, i);
	}
	for (size_t i = sorter->heap_count / 2; i-- > 0;)
		heap_sink(sorter, i);
	return true;
}

bool sorter_next(struct sorter *sorter, struct record *record, bool *found, struct fault *fault)
{
	struct run *run;
	size_t number;

	assert(sorter->sealed);
	*found = false;
	if (sorter->run_count == 0) {
		if (sorter->next == sorter->count)
			return true;
		*record = sorter->records[sorter->order[sorter->next++]];
		*found = true;
		return true;
	}
	if (sorter->heap_count == 0)
		return true;
	number = sorter->heap[0].run;
	run = &sorter->runs[number];
	*record = *run_first(sorter, number);
	*found = true;
	if (++run->at == run->filled && !run_fill(sorter, number, fault))
		return false;
	if (run->filled == 0)
		sorter->heap[0] = sorter->heap[--sorter->heap_count];
	else
		sorter->heap[0] = heap_entry(sorter, number);
	heap_sink(sorter, 0);
	return true;
}
