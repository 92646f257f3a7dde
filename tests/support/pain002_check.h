/*
 * Whether a document is a pain.002 as the schemas of versions .03 and .10 have it: elements, their order and number,
 * lengths and forms of values. Written from the schemas' facts, beside the writer and without a look at it.
 */
#ifndef TESTS_SUPPORT_PAIN002_CHECK_H
#define TESTS_SUPPORT_PAIN002_CHECK_H

#include <stddef.h>

/* "" when all is well, else the first thing that is wrong, with the element's name. Static memory. */
const char *pain002_check(const char *bytes, size_t len);
const char *pain002_check_file(const char *path);

/* The text of the nth element (from 0) of that name, in document order; NULL when there are not so many. Static memory,
 * until the next call. attribute: of it, or NULL for its text. */
const char *pain002_find(const char *bytes, size_t len, const char *name, int nth, const char *attribute);
int pain002_count(const char *bytes, size_t len, const char *name);

#endif
