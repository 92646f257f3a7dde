/*
 * The statements a backend has, by name: what each takes -> what each gives. Floor 2, inside lib/journal only.
 *
 * Ids: a payout's first attempt has the payout's id; attempt n has (n - 1) * 2^40 more. So no index leads from payouts
 * to attempts, and the first attempts of a batch are one range of ids. `retries` names the current and the last number
 * where they are not 1. Times are UTC milliseconds, 0 and "" mean none. Ranges include both ends. Lists come in the
 * order of their ids.
 */
#ifndef JOURNAL_STATEMENT_H
#define JOURNAL_STATEMENT_H

#define ATTEMPT_ID_SHIFT 40
#define ATTEMPT_PAYOUT_MASK ((INT64_C(1) << ATTEMPT_ID_SHIFT) - 1)

/* ATTEMPT: id, batch, row, channel, key, state, version, sends, open_since, open_boot_ms, open_boot (text), last_sent,
 *   not_before, submitted_at, last_event, then the ANSWER, claim_day, fixed_minor, approved_by.
 * ANSWER: last_refusal, last_refusal_at, provider_id, provider_status, provider_code, reason_code, reason,
 * tracking_ref, fee, fee_currency, target_amount, fx_rate, returned_amount, accepted_at, settled_at, returned_at,
 *   return_pending.
 * PAYOUT: id, batch, row, line, channel, reference, currency, decimals, amount_minor, state, beneficiary_name,
 *   destination, body (salt and packed content, empty when purged), then the NOTE.
 * NOTE: reason_code, reason, original, not_before; null where there is none.
 * LINE: of the payout id, row, channel, reference, currency, decimals, amount_minor with what its current attempt
 *   fixed, state, original, reason_code, reason, beneficiary_name, destination, body; of its current attempt id (null
 * when none), key, state, submitted_at, provider_id, provider_status, provider_code, reason_code, reason, tracking_ref,
 * fee, fee_currency, target_amount, fx_rate, returned_amount, accepted_at, settled_at, returned_at, return_pending,
 *   approved_by.
 * ORIGIN: payout, payment, payment_id, payment_count, payment_total, instruction_id, end_to_end_id, uetr, regulatory.
 * BATCH: id, name, file, sha256, size, received_at, received_by, format, channel_option, profile_option, rows,
 *   held_by_option, control, first_payout, last_payout.
 * DESTINATION: id, channel, body_sha256, number, key, state, version, sends, open_since, open_boot_ms, open_boot
 * (text), last_sent, not_before, provider_id, provider_status, provider_code, reason_code, reason, last_event. CHANNEL:
 * id, name, provider, mode, host, testmode, sandbox, identity, identity_id. */
enum statement {
	/* what the journal is */
	META_ADD = 0, /* name, value */
	META_GET,     /* name -> value */
	LEASE_INIT,   /* fencing number 0, held by nobody */
	LEASE_GET,    /* -> fence, user, host, pid, since */
	LEASE_TAKE,   /* user, host, pid, since: raises the fence */
	BOOT_ADD,     /* boot id; one that is known is left alone */
	BOOT_GET,     /* boot id -> id */

	/* the chain */
	EVENT_ADD,      /* seq, hash, newest_ms, batch, row, attempt, previous, line */
	EVENT_LAST,     /* -> seq, hash, newest_ms */
	EVENT_GET,      /* seq -> seq, hash, newest_ms, batch, row, attempt, previous, line */
	EVENT_FROM,     /* from seq, batch or 0 -> the same, many */
	EVENT_ROW_ADD,  /* batch, row, seq: events that move nothing, found by row */
	EVENT_ROW_LIST, /* batch, row -> seq: those of the row and those of the whole batch */

	/* channels */
	CHANNEL_ADD,        /* name, provider, mode, host, testmode, sandbox, identity, identity_id (0: its own id) */
	CHANNEL_BY_NAME,    /* name -> CHANNEL */
	CHANNEL_BY_ID,      /* id -> CHANNEL */
	CHANNEL_IDENTITY,   /* provider, mode, host, testmode, identity -> identity_id */
	CHANNEL_OTHER_KIND, /* sandbox -> name of a channel that is the other kind */
	CHANNEL_IDENTITIES, /* -> every identity_id once */

	/* batches */
	BATCH_ADD,   /* id, name, file, sha256, size, received_at, received_by, format, channel_option, profile_option,
			held_by_option, control */
	BATCH_SEAL,  /* id, rows, first_payout, last_payout, control */
	BATCH_BY_ID, /* id -> BATCH */
	BATCH_BY_NAME,   /* name -> BATCH */
	BATCH_BY_PREFIX, /* prefix, the first text behind all that have it -> BATCH, two at most */
	BATCH_LAST,      /* -> BATCH */
	BATCH_BY_SHA256, /* sha256 -> BATCH, two at most */
	BATCH_AFTER,     /* id -> BATCH with a greater id, one */
	BATCH_NEXT_IDS,  /* -> next batch id, next payout id, next note id */
	BATCH_SINCE,     /* received_at from, id below -> id, first_payout */
	BATCH_EVENTS,    /* batch, max -> how many events followed its receive event, max at most; those of the batch */
	TOTAL_ADD,       /* batch, currency, decimals, state, count, minor */
	TOTAL_LIST, /* batch or 0 -> batch, currency, decimals, state, count, minor; by batch, currency, decimals, state
		     */

	MESSAGE_ADD,   /* batch, name, id, created, count, total */
	MESSAGE_GET,   /* batch -> name, id, created, count, total */
	PAYMENT_ADD,   /* batch, number, id, count, total: of a message */
	ORIGIN_APPEND, /* source: payout, payment, instruction_id, end_to_end_id, uetr, regulatory */
	ORIGIN_RANGE,  /* batch, first payout, last payout -> ORIGIN */

	/* receiving */
	RECEIVE_CLEAR_CLASHES, /* forgets what an earlier batch left in temporary tables */
	RECEIVE_CLEAR_SUSPECTS,
	RECEIVE_CLEAR_CORRECTED,
	RECEIVE_LOOK_BACK, /* next payout -> of rows further and further back, how many have attempt and reference */
	PAYOUT_APPEND,  /* source: PAYOUT up to its state, id of its note or 0, the rest of PAYOUT without the NOTE */
	NOTE_ADD,       /* id, NOTE */
	REF_APPEND,     /* source: reference, payout; those bound already are skipped */
	ATTEMPT_APPEND, /* source: id, batch, row, channel, key, state */
	REF_BIND,      /* first payout, last payout: binds references in their order; those bound already are skipped */
	REF_CLASH,     /* first payout, last payout: notes those bound to another payout */
	CLASH_LIST,    /* -> payout, other; in order of payouts */
	CORRECTED_ADD, /* payout, other: a row that gives another one's payout new content */
	CORRECTED_DROP,   /* payout */
	CORRECTED_LIST,   /* -> payout, other; in order of payouts */
	CORRECTED_UNMAKE, /* takes away the first attempts that those rows were received with */
	KEY_APPEND,       /* source: key, attempt; in order of keys */
	KEY_APPEND_BUT,   /* the same without attempts that are not there any more */
	PAYOUT_RESTATE,   /* id, state, id of its note; only before the seal */
	REF_UNBIND,       /* reference, payout */
	ATTEMPT_UNMAKE,   /* id; only before the seal */
	ATTEMPT_RESTATE,  /* id, state; only before the seal */
	HOLD_NOTES,       /* first and last note, distance, reason_code, reason: those of rows held for their date or by
			     --hold once more, so far behind */
	HOLD_HELD,        /* first and last payout, first and last note, distance: gives rows those notes */
	HOLD_READY,       /* first and last payout, id of a note: holds what is ready */
	HOLD_ATTEMPTS,    /* first and last payout: likewise */
	SIMILAR_ADD,      /* batch, kind, last digest, entries */
	SIMILAR_AT,       /* batch, kind, digest -> id, entries of the first piece whose last digest is not below it */
	SIMILAR_NEXT,     /* batch, kind, id -> id, entries of the piece after that one */
	SUSPECT_ADD,      /* payout, other; the first other stays */
	SUSPECT_LIST,     /* -> payout, other; in order of payouts */

	/* payouts */
	PAYOUT_BY_ID,           /* id -> PAYOUT */
	PAYOUT_RANGE,           /* first, last -> PAYOUT */
	PAYOUT_ROW,             /* id -> row, state */
	PAYOUT_BY_REF,          /* reference -> payout */
	ATTEMPT_BY_KEY,         /* key -> attempt */
	ATTEMPT_BY_PROVIDER_ID, /* identity_id, provider id -> attempt */
	LINE_RANGE,             /* first payout, last payout -> LINE */
	SUM_RANGE,              /* first payout, last payout -> currency, decimals, amount_minor with what its current
				   attempt fixed, state as it stands, what that fixed */
	HELD_RANGE,             /* first payout, last payout -> reason_code of each row that is held now */
	HELD_RECEIVED,          /* the same of each row that was received held */

	/* attempts */
	ATTEMPT_RANGE,   /* first, last, states as bits, channel or 0, newest_only, batch or 0, max -> ATTEMPT */
	ATTEMPT_SENDING, /* -> id of the first that is sending */
	ATTEMPT_BY_ID,   /* id -> ATTEMPT */
	ATTEMPT_KEY,     /* id -> channel, key */
	RETRY_GET,       /* payout -> number of the current attempt, number of the last */
	RETRY_SET,       /* payout, both */
	CORRECTION_ADD,  /* payout, the row it corrects, number of its first attempt */
	CORRECTION_GET,  /* payout -> the row it corrects, number of its first attempt */
	CORRECTION_BY,   /* payout -> the row that corrects it */
	ATTEMPT_ADD,     /* id, batch, row, channel, key, state, last_event */
	KEY_ADD,         /* key, attempt; a known key changes nothing */
	ATTEMPT_MOVE,    /* id, version, state, sends, open_since, open_boot_ms, open_boot (id, 0 none), last_sent,
			    not_before, submitted_at, last_event: where the version is that one; raises it */
	ATTEMPT_CLAIM,   /* the same, then claim_day */
	ANSWER_PUT,      /* attempt, ANSWER */
	RETURN_NEXT,     /* attempt -> the next attempt with a return that is pending */
	PAYLOAD_ADD,     /* attempt, payload, sha256; one that is there stays */
	PAYLOAD_GET,     /* attempt -> payload, sha256 */
	PROVIDER_ID_ADD, /* identity_id, provider_id, attempt; one that is there stays */

	/* destinations */
	DESTINATION_ADD,  /* identity_id, channel, body sha256, number, key, last_event */
	DESTINATION_FIND, /* identity_id, body sha256 -> DESTINATION, the newest attempt */
	DESTINATION_NEXT, /* id, state or -1 -> DESTINATION with the next greater id */
	DESTINATION_MOVE, /* id, version, state, sends, open_since, open_boot_ms, open_boot (id, 0 none), last_sent,
			     not_before, provider_id, provider_status, provider_code, reason_code, reason, last_event:
			     where the version is that one; raises it */

	/* spending */
	APPROVED_BY_SET, /* attempt, who */
	FIXED_SET,       /* attempt, fixed_minor */
	SPENT_DAY_GET,   /* channel, day -> whether beneficiaries are counted */
	SPENT_DAY_SET,   /* channel, day, whether beneficiaries are counted */
	SPENT_DAY_LIST,  /* -> channel, day, whether beneficiaries are counted */
	SPENT_CLEAR,     /* channel, day: forgets the sums */
	SPENT_ADD,       /* channel, day, beneficiary, currency, decimals, minor: adds it to the sum */
	SPENT_GET,       /* channel, day, beneficiary, currency, decimals -> minor */
	SPENT_COUNT,     /* channel, day -> how many sums are not 0 */
	SPENT_CLAIMS,    /* channel, claim_day, states as bits -> SPENT of each attempt */
	SPENT_MONEY,     /* attempt -> SPENT: currency, decimals, amount_minor with what it fixed, destination, body */

	/* proof */
	KEY_COUNT,         /* -> keys */
	ATTEMPT_COUNT,     /* -> attempts */
	MOVE_COUNT,        /* -> events that belong to an attempt's chain */
	REF_LOOSE,         /* -> payout, whose reference is bound to it though it is rejected, duplicate or another's */
	PROVIDER_ID_LOOSE, /* -> attempt, provider id: answers and provider ids that do not match */

	STATEMENTS,
};

#endif
