/*
 * A template as a file: its header and its example rows. Floor 2. Adds to a buffer, fails never.
 */
#ifndef FORMATS_WRITE_TEMPLATE_H
#define FORMATS_WRITE_TEMPLATE_H

#include "base/buf.h"
#include "values/template.h"

/* RFC 4180 with a header. */
void template_csv(const struct template *template, struct buf *buf);
/* An array with an object a row; every column stands in each, empty where the example has nothing. */
void template_json(const struct template *template, struct buf *buf);

#endif
