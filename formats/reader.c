#include "formats/reader.h"

#include <stddef.h>

const struct reader_format *const reader_formats[] = {
	&reader_csv, &reader_json, &reader_ndjson, &reader_xlsx, &reader_pain001, NULL};

const struct reader_format *reader_format_named(struct text name)
{
	for (size_t i = 0; reader_formats[i] != NULL; i++)
		if (text_is(name, reader_formats[i]->name) ||
			(reader_formats[i]->alias != NULL && text_is(name, reader_formats[i]->alias)))
			return reader_formats[i];
	return NULL;
}

const struct reader_format *reader_format_sniffed(struct text head)
{
	const struct reader_format *best = NULL;
	int surest = 0;

	for (size_t i = 0; reader_formats[i] != NULL; i++) {
		int sure = reader_formats[i]->sniff(head);

		if (sure > surest) {
			surest = sure;
			best = reader_formats[i];
		}
	}
	return best;
}
