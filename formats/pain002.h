/*
 * A pain.002 message, ISO 20022's payment status report, as it is written: group header, original group, then per
 * original payment its transactions. Floor 2.
 *
 * Versions pain.002.001.03 and .10. Order, lengths and value forms are those of the two schemas: what a schema refuses
 * can't come out. An element that would be empty is left out. A value of a transaction that the schema has no room for
 * (an identification of more than 35 characters, an amount in a currency that is not ISO 4217's or with more than 5
 * decimals) is left out where it belongs and told in words: AddtlInf. Text is UTF-8 without the characters that XML 1.0
 * can't hold; other control and bidirectional characters are character references.
 *
 * Everything goes to a struct file_out, which keeps the first failed write; no call here fails. Memory does not grow
 * with the message. One thread.
 */
#ifndef FORMATS_PAIN002_H
#define FORMATS_PAIN002_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/file.h"
#include "base/text.h"
#include "values/iso_status.h"

enum pain002_version { PAIN002_03 = 0, PAIN002_10 };

#define PAIN002_ID_MAX 35 /* code points of an identification: Max35Text */

/* One StsRsnInf. */
struct pain002_reason {
	struct text code; /* of ISO's list: Cd; any other: Prtry; "": neither */
	struct text info; /* AddtlInf, as many of 105 characters as it takes, up to PAIN002_INFO_MAX */
};

#define PAIN002_INFO_MAX 8

struct pain002_head {
	struct text message_id; /* this message's own */
	int64_t created_ms;     /* UTC */
	struct text original_id, original_name;
	struct text original_count, original_total; /* number of transactions and control sum; "": not told */
	enum iso_status status;
	bool shared; /* all transactions have this status: it stands with each payment too */
	const struct pain002_reason *reasons;
	size_t reason_count;
};

/* One OrgnlPmtInfAndSts. */
struct pain002_payment {
	int64_t number; /* among the payments of the original: two of one name are two */
	struct text id;
	struct text count, total; /* as the original has them; "": not told */
};

/* One TxInfAndSts. */
struct pain002_transaction {
	struct text status_id;
	struct text instruction_id, end_to_end_id, uetr; /* as the original has them; "": none */
	enum iso_status status;                          /* not ISO_PART; ISO_CANC in .10 alone */
	const struct pain002_reason *reasons;
	size_t reason_count;
	int64_t accepted_ms;          /* UTC; 0: not */
	struct text servicer_ref;     /* the provider's id */
	struct text amount, currency; /* decimal text */
};

struct pain002;

/* True when the version has CANC. */
bool pain002_cancels(enum pain002_version version);
enum pain002_version pain002_version_of(const struct pain002 *message);
/* The version that answers an original: .03 to pain.001 before version 09 and its local variants, .10 to all others. */
enum pain002_version pain002_version_for(struct text original_name);

/* An identification of this program's own: the time and 12 hex digits of a digest of time and parts; equal for an equal
 * message, another for any other. out: NUL-ended. */
void pain002_message_id(char out[PAIN002_ID_MAX + 1], int64_t created_ms, const struct text *parts, size_t count);

/* Writes the head. out is the caller's and outlives the message. */
struct pain002 *pain002_begin(struct file_out *out, enum pain002_version version, const struct pain002_head *head);
/* The transactions that follow are of this payment of the original; nothing when those before are of it too. */
void pain002_payment(struct pain002 *message, const struct pain002_payment *payment);
/* After a payment. */
void pain002_transaction(struct pain002 *message, const struct pain002_transaction *transaction);
/* Writes what is left. */
void pain002_end(struct pain002 *message);
/* At any time, once; NULL does nothing. */
void pain002_free(struct pain002 *message);

#endif
