/*
 * The walk through a credit transfer initiation: tags and texts become the values of its header, of each payment and of
 * each transaction, told one after the other; and what is wrong with its structure. Floor 2. Memory: what stands
 * between the root and the tag at hand, and the part that is being read.
 */
#ifndef FORMATS_PAIN001_WALK_H
#define FORMATS_PAIN001_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"
#include "formats/pain001_kind.h"
#include "formats/pain001_names.h"
#include "formats/pain001_values.h"
#include "formats/refusal.h"
#include "formats/xml_push.h"

struct pain001_walk;

/* What is told. The values are the walk's. */
struct pain001_events {
	void (*header)(struct pain001_walk *walk);      /* the group header was read */
	void (*transaction)(struct pain001_walk *walk); /* with walk->payment, which is whole then */
	void (*payment)(struct pain001_walk *walk);     /* the end of a payment */
};

struct pain001_frame {
	const struct pain001_part *part;
	const struct pain001_node *node; /* NULL: a text */
	uint64_t seen;                   /* its parts that were there, by place */
	bool stray;                      /* text where none may stand was told */
};

struct pain001_walk {
	const struct pain001_events *events;
	struct xml_push *xml;
	struct refusal *refusal;
	char name[PAIN001_NAME_SIZE]; /* of the message; "": not known yet */
	char space[128];              /* its namespace */
	struct pain001_frame frames[BOUND_XML_DEPTH + 1];
	size_t depth;
	size_t skipping; /* elements open within what is not read */
	size_t keeping;  /* within what is kept as it is */
	struct buf text;
	bool too_long; /* the text at hand is */
	struct pain001_values header, payment, transaction, file;
	bool in_header, in_payment, in_transaction;
	bool has_header, has_initiation;
	struct pain001_names unknown, unused;
	int64_t payments;     /* begun so far */
	int64_t transactions; /* begun so far in the payment */
	int64_t rows;         /* of all payments */
};

/* Zero-initialised before but for events and refusal; refusal is where a message of another kind is told. */
void pain001_walk_begin(struct pain001_walk *walk);
void pain001_walk_release(struct pain001_walk *walk);

#endif
