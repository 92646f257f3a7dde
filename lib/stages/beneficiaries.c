#include "stages/beneficiaries.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "stages/repeats.h"

#define OURS 0    /* place of the batch's rows among the inputs of repeats */
#define EARLIER 1 /* of all others */

struct counting {
	int64_t batch;
	struct sha256 *sha;
	struct repeats *repeats;
	int64_t ours;  /* rows of the batch */
	int64_t group; /* at hand, its members so far */
	int64_t group_ours, group_earlier;
	int64_t again; /* rows of the batch that go where another row of it goes, or where an earlier payout went */
	struct fault *fault;
};

static bool add(void *context, const struct journal_line *line)
{
	struct counting *counting = context;
	uint8_t digest[SHA256_SIZE];
	bool ours = line->batch->id == counting->batch;
	if (line->payout.state == PAYOUT_REJECTED || line->payout.state == PAYOUT_DUPLICATE)
		return true;
	sha256_of(counting->sha, line->payout.destination.ptr, line->payout.destination.len, digest);
	counting->ours += ours;
	return repeats_add(
		counting->repeats, digest, ours ? OURS : EARLIER, line->payout.id, line->payout.row, counting->fault);
}

/* Of a group that shares a destination all rows of the batch but one are repeats, and that one too where an earlier
 * payout is in it. */
static void close_group(struct counting *counting)
{
	if (counting->group_ours > 0)
		counting->again += counting->group_ours - (counting->group_earlier > 0 ? 0 : 1);
	counting->group_ours = 0;
	counting->group_earlier = 0;
}

static bool meet(void *context, const struct repeat *repeat, struct fault *fault)
{
	struct counting *counting = context;
	(void)fault;
	if (repeat->group != counting->group)
		close_group(counting);
	counting->group = repeat->group;
	if (repeat->file == OURS)
		counting->group_ours++;
	else
		counting->group_earlier++;
	return true;
}

bool beneficiaries_new(struct stage *stage, int64_t batch, const char *folder, int64_t *count, struct fault *fault)
{
	struct counting counting = {.batch = batch, .fault = fault};
	counting.sha = sha256_new();
	counting.repeats = repeats_open(folder);
	bool done = journal_line_each(stage->journal, 0, add, &counting, fault) && !fault->set &&
		    repeats_each(counting.repeats, false, meet, &counting, fault);
	close_group(&counting);
	if (done)
		*count = counting.ours - counting.again;
	repeats_close(counting.repeats);
	sha256_free(counting.sha);
	return done;
}

struct beneficiaries {
	struct counting counting;
	struct fault fault;
};

struct beneficiaries *beneficiaries_open(const char *folder)
{
	struct beneficiaries *beneficiaries = memory_new(sizeof(*beneficiaries));

	beneficiaries->counting.sha = sha256_new();
	beneficiaries->counting.repeats = repeats_open(folder);
	return beneficiaries;
}

void beneficiaries_close(struct beneficiaries *beneficiaries)
{
	if (beneficiaries == NULL)
		return;
	repeats_close(beneficiaries->counting.repeats);
	sha256_free(beneficiaries->counting.sha);
	free(beneficiaries);
}

void beneficiaries_add(struct beneficiaries *beneficiaries, struct text destination)
{
	struct counting *counting = &beneficiaries->counting;
	uint8_t digest[SHA256_SIZE];

	if (beneficiaries->fault.set)
		return;
	sha256_of(counting->sha, destination.ptr, destination.len, digest);
	counting->ours++;
	(void)!repeats_add(counting->repeats, digest, OURS, counting->ours, counting->ours, &beneficiaries->fault);
}

bool beneficiaries_count(struct beneficiaries *beneficiaries, struct stage *stage, int64_t *count, struct fault *fault)
{
	struct counting *counting = &beneficiaries->counting;

	if (beneficiaries->fault.set) {
		*fault = beneficiaries->fault;
		return false;
	}
	counting->fault = fault;
	if (!journal_line_each(stage->journal, 0, add, counting, fault) || fault->set ||
		!repeats_each(counting->repeats, false, meet, counting, fault))
		return false;
	close_group(counting);
	*count = counting->ours - counting->again;
	return true;
}
