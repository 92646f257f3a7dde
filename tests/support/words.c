#include "tests/support/words.h"

#include <string.h>

#define VALUES_MAX 64

static void collect(const json_t *value, const char *where, struct text *values, size_t max, size_t *count)
{
	size_t len = strcspn(where, ".");
	bool list = len > 2 && where[len - 1] == ']';
	char name[48] = "";

	if (where[0] == '\0') {
		if (json_is_string(value) && *count < max)
			values[(*count)++] = (struct text){json_string_value(value), json_string_length(value)};
		return;
	}
	memcpy(name, where, list ? len - 2 : len);
	value = json_object_get(value, name);
	where += len + (where[len] == '.');
	if (!list)
		collect(value, where, values, max, count);
	for (size_t i = 0; list && i < json_array_size(value); i++)
		collect(json_array_get(value, i), where, values, max, count);
}

size_t words_at(const json_t *answer, const char *where, struct text *values, size_t max)
{
	size_t count = 0;

	collect(answer, where, values, max, &count);
	if (count == 0)
		values[count++] = TEXT("");
	return count;
}

static bool fits(const struct adapter_word *word, enum operation operation, int status, struct text value)
{
	bool of_destination = operation == OPERATION_PREPARE || operation == OPERATION_DESTINATION;
	int64_t number;

	if (word->status != 0 && word->status != status)
		return false;
	if (status < 300 && word->of_destination != of_destination)
		return false;
	if (word->word == NULL)
		return text_number(value, 9999, &number) && word->from <= number && number <= word->to;
	return word->begins ? text_starts(value, text_of(word->word)) : text_is(value, word->word);
}

bool words_meet(const struct adapter *adapter, size_t row, enum operation operation, int status, const json_t *answer)
{
	struct text values[VALUES_MAX];
	struct adapter_word word, earlier;
	bool whole = adapter->word(row, &word);
	size_t count = words_at(answer, word.where, values, VALUES_MAX);

	for (size_t v = 0; whole && v < count; v++) {
		bool met = fits(&word, operation, status, values[v]);

		for (size_t i = 0; met && i < row && adapter->word(i, &earlier); i++)
			met = strcmp(earlier.where, word.where) != 0 || !fits(&earlier, operation, status, values[v]);
		if (met)
			return true;
	}
	return false;
}

void words_name(const struct adapter_word *word, struct buf *name)
{
	buf_addz(name, word->where);
	if (word->of_destination)
		buf_addz(name, " of a destination");
	if (word->status != 0)
		buf_addf(name, " %d", word->status);
	buf_addz(name, " = ");
	if (word->word == NULL && word->from == word->to)
		buf_addf(name, "%d", word->from);
	else if (word->word == NULL)
		buf_addf(name, "%d-%d", word->from, word->to);
	else
		buf_addf(name, "%s%s", word->word, word->begins ? "*" : "");
}
