/*
 * Origin: what an ISO 20022 message calls itself, its payments and a payout among them, as it says it. Floor 1. It is
 * no part of a payout's content; it is kept so that the status report (pain.002) can name each thing by its own name.
 * Texts are the maker's, and empty where the message does not say them.
 */
#ifndef VALUES_ORIGIN_H
#define VALUES_ORIGIN_H

#include <stdint.h>

#include "base/text.h"

struct origin_message {
	struct text name;    /* "pain.001.001.09"; "": the file is no such message */
	struct text id;      /* MsgId */
	struct text created; /* CreDtTm */
	struct text count;   /* NbOfTxs */
	struct text total;   /* CtrlSum */
};

/* Where a payout stands in its message. */
struct origin {
	int64_t payment;            /* number of its PmtInf in the message, from 1; 0: of no message */
	struct text payment_id;     /* PmtInfId */
	struct text payment_count;  /* the payment's own NbOfTxs */
	struct text payment_total;  /* and CtrlSum */
	struct text instruction_id; /* InstrId */
	struct text end_to_end_id;  /* EndToEndId, also NOTPROVIDED */
	struct text uetr;
	struct text regulatory; /* RgltryRptg elements with what is in them, as XML */
};

#define ORIGIN_TEXTS 7
/* The texts of an origin in the order above, for what treats them all alike. */
#define ORIGIN_EACH(origin)                                                                                            \
	{                                                                                                              \
		&(origin)->payment_id, &(origin)->payment_count, &(origin)->payment_total, &(origin)->instruction_id,  \
			&(origin)->end_to_end_id, &(origin)->uetr, &(origin)->regulatory                               \
	}

#endif
