/*
 * A template as an Excel workbook: a sheet to be filled, whose columns are text, so that 00123 stays what was typed;
 * and a sheet that says what each column means and lists the codes that it takes. Floor 2.
 */
#ifndef FORMATS_WRITE_TEMPLATE_XLSX_H
#define FORMATS_WRITE_TEMPLATE_XLSX_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/file.h"
#include "values/template.h"
#include "values/template_codes.h"

/* Writes the workbook, the same bytes for the same template. folder: of scratch files; those can fail. */
MUST_CHECK bool template_xlsx(const struct template *template, const struct template_codes *codes, const char *folder,
	struct file_out *out, struct fault *fault);

#endif
