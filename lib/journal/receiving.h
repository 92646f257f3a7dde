/*
 * A batch while it is received. Floor 2, inside lib/journal only. Rows that wait to be written together, what is sorted
 * at the end, and the sums; from journal_batch_add() to journal_batch_seal() or the roll-back.
 */
#ifndef JOURNAL_RECEIVING_H
#define JOURNAL_RECEIVING_H

#include "base/sorter.h"
#include "journal/inside.h"
#include "journal/sums.h"

#define WAITING_ROWS 256 /* written by one statement for each table */

enum similar_kind { SIMILAR_LIKENESS = 0, SIMILAR_LOOKALIKE, SIMILAR_KINDS };

/* A row that waits. Offsets are of receiving->bytes. */
struct waiting {
	int64_t id, row, line, channel, amount_minor, note;
	int64_t name_field, destination_field; /* number of the content's field, 0: text */
	enum payout_state state;
	unsigned decimals;
	struct key key;
	struct piece {
		uint32_t offset, len;
	} reference, currency, name, destination, body;
	int64_t payment; /* of its message; 0: none, and no texts of it */
	struct piece instruction_id, end_to_end_id, uetr, regulatory;
};

/* Why a row is not simply ready. */
struct note {
	int64_t id; /* 0: nothing to say */
	struct text reason_code, reason;
	int64_t original, not_before;
};

struct receiving {
	int64_t batch;
	int64_t first_payout, next_payout;
	int64_t live;         /* rows that carry a reference and an attempt: held or ready */
	int64_t bound;        /* references bound so far */
	int64_t corrected;    /* of the live ones: rows that are the next attempt of another row's payout */
	int64_t unbound_from; /* payouts from here on are bound all together; 0: all were bound as they came */
	bool restated;        /* some row lost its attempt: not every sorted key is wanted */
	bool similar_kept;

	struct waiting waiting[WAITING_ROWS];
	size_t waiting_count;
	int64_t flushes;
	struct buf bytes;

	struct sorter *keys;
	struct sorter *similar[SIMILAR_KINDS];
	int64_t first_note, next_note;
	struct note note; /* the one added last: neighbours often share it */
	struct arena note_texts;
	struct sums sums; /* by currency and state, as rows stand now */
	struct held held; /* the same */

	struct sha256 *message; /* over what the message says, in file order; NULL: there is none */
	int64_t payment;        /* the last one of it that has its row */
	int64_t origins;        /* of the rows that wait: those with an origin */

	struct sha256 *references; /* over F(reference) of all rows in file order */
	uint8_t running[SHA256_SIZE];
	struct body_maker *maker; /* of rows whose body nobody made */
	struct buf body;
};

/* Forgets it; NULL is fine. */
void receiving_end(struct journal *journal);
/* Gives a note its id: the last one's where it says the same. */
MUST_CHECK bool receiving_note(struct journal *journal, struct note *note, struct fault *fault);
/* Writes the rows that wait. */
MUST_CHECK bool receiving_flush(struct journal *journal, struct fault *fault);
/* Adds a row to the sums (count 1), or takes it away (count and amount negative), and to the held ones by its reason.
 * Beyond int64: AMOUNT_TOO_LARGE. */
MUST_CHECK bool receiving_count(struct receiving *receiving, const struct journal_payout *payout,
	enum payout_state state, int64_t count, struct fault *fault);

/* Binds the references of rows that are not bound yet, in their order; those bound to others are left out. */
MUST_CHECK bool receiving_bind(struct journal *journal, struct fault *fault);
/* Writes the sorted digests of what makes payouts alike. */
MUST_CHECK bool similar_keep(struct journal *journal, struct fault *fault);

/* Messages (origin.c). Keeps what the batch's message says of itself. */
MUST_CHECK bool message_add(struct journal *journal, const struct journal_batch *batch, struct fault *fault);
/* A row's place in it: the payment, where it is the first of that, and the digest. index: of the row, from 0. */
MUST_CHECK bool origin_add(struct journal *journal, int64_t index, const struct origin *origin, struct fault *fault);
/* The digest of messages: what they say of themselves first, then each row's place. */
void message_digest_begin(struct sha256 *sha, const struct origin_message *message);
void message_digest_add(struct sha256 *sha, int64_t index, const struct origin *origin);
/* Origins of a batch's rows one after the other. NULL: see fault. */
struct store_cursor *origins_query(
	struct journal *journal, int64_t batch, int64_t first_payout, int64_t last_payout, struct fault *fault);
/* Shape of statement.h; texts live as long as the row. */
void origin_take(const struct cell *row, struct origin *origin);

/* What the event of a batch says; verify makes it again from the rows. Sums are sorted. */
struct receive_facts {
	int64_t rows;
	bool control, held;
	const uint8_t *sha256; /* of the file */
	const uint8_t *digest; /* r(n) of CONTRACT section 10 */
	uint8_t references[SHA256_SIZE];
	const uint8_t *message; /* digest of what the message says, origin.c; NULL: there is none */
	const struct sums *sums;
};
void receive_evidence(struct buf *buf, const struct receive_facts *facts);

#endif
