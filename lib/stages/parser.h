/*
 * Parser: the rows of a file, read by a thread of their own a few blocks ahead of the one that keeps them, and judged -
 * checked, keyed, digested - by whichever of the two has the time. Floor 3; for the files intake*.c alone.
 *
 * From parser_start() to parser_stop() the intake's reader, source and numbers of equal rows are the parser's, its
 * rules and fingerprints are only read; what the rows are kept in (journal, scratch files, results) is the caller's,
 * and never touched here.
 */
#ifndef STAGES_PARSER_H
#define STAGES_PARSER_H

#include "stages/intake.h"

enum parsed_kind { PARSED_FAULT = 0, PARSED_ROW, PARSED_REFUSED, PARSED_END };

/* What became of a row. Its texts live until the next parser_next(). */
struct parsed {
	enum parsed_kind kind; /* REFUSED: found holds why the rest can't be read */
	struct payout payout;  /* row and line always; the rest as rules_check() leaves it, or empty */
	bool good;
	bool derived;     /* its reference was made here */
	struct text name; /* of the beneficiary, as the file has it; of a row that is not good */
	struct findings found;
	uint8_t reference[16]; /* what shows repeats; where there is a reference */
	uint8_t alike[16];     /* of a good row, in a check */
	uint8_t likeness[8];   /* what stands in journals; of a good row, where the taker wants it */
	uint8_t lookalike[8];
	struct journal_body body; /* the same */
	struct buf body_bytes;
	struct row raw;
	int64_t number; /* of a row whose reference is made here: among equal ones */
};

struct parser;

/* Starts the thread; NULL where there can't be one: see fault. */
struct parser *parser_start(struct intake *intake, struct fault *fault);
/* The next row; the last one is no row. A file that ends in no other way is at its end. FAULT: see fault. */
struct parsed *parser_next(struct parser *parser, struct fault *fault);
/* Ends the thread, wherever it is. NULL is fine. */
void parser_stop(struct parser *parser);

/* One row without a thread: reads it into parsed->raw, whose texts are the reader's; findings go into the arena.
 * PARSED_ROW was not judged yet. */
void parser_read(struct intake *intake, struct arena *arena, struct parsed *parsed, struct fault *fault);

#endif
