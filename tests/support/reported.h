/*
 * Reports of lines that a report must survive, written by one format, for the tests of the writers.
 */
#ifndef TESTS_SUPPORT_REPORTED_H
#define TESTS_SUPPORT_REPORTED_H

#include <stdbool.h>
#include <stddef.h>

#include "formats/report_writer.h"

struct reported_sample {
	const char *row, *reference, *name, *destination, *amount, *currency, *state, *code, *reason, *fee;
};

#define REPORTED_SAMPLES 12
extern const struct reported_sample reported_samples[REPORTED_SAMPLES];

/* The message that reports of messages are about; its payments are two, the first of three transactions. */
extern const struct origin_message reported_message;

struct asked {
	const char *golden;
	const struct report_format *format;
	const struct origin_message *message; /* NULL: the batch came as none */
	bool raw, all, filtered, unbalanced;
};

void reported_fill(struct report_line *line, const struct reported_sample *sample);
/* The whole report, in memory: the first `count` of the samples, again and again. */
struct buf reported_bytes(const struct asked *asked, size_t count);
/* It is the file of that name in the golden folder. GOLDEN=write in the environment writes the files anew, to be read
 * before they are kept. */
void reported_golden(const char *name, const struct buf *bytes);

#endif
