/* jansson is the second opinion: what it takes is well-formed, and what it refuses is not. */
#include <jansson.h>

#include "tests/fuzz/fuzz_reader.h"

/* Well-formed, and beyond what jansson keeps: numbers, characters, names, depth. */
static bool is_limit(const json_error_t *error)
{
	return json_error_code(error) == json_error_numeric_overflow ||
	       json_error_code(error) == json_error_null_byte_in_key ||
	       json_error_code(error) == json_error_stack_overflow || strstr(error->text, "Unicode") != NULL;
}

/* A finding of that code; a reading quotes the bytes of rows without line ends. */
static bool told(const char *reading, const char *finding)
{
	size_t len = strlen(finding);

	for (const char *line = reading; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, finding, len) == 0)
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text bytes = {(const char *)data, len};
	char *reading = read_twice(&reader_json, bytes, 0);
	bool syntax = told(reading, "error JSON_SYNTAX");
	json_error_t error;
	json_t *root;

	if (text_starts(bytes, TEXT("\xEF\xBB\xBF")))
		bytes = (struct text){bytes.ptr + 3, bytes.len - 3};
	root = json_loadb(bytes.ptr != NULL ? bytes.ptr : "", bytes.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	/* jansson overlooks a NUL that follows a number */
	if (root != NULL && memchr(bytes.ptr, '\0', bytes.len) == NULL)
		never(syntax && strstr(reading, "too deep") == NULL, "well-formed, and called a mistake", reading);
	else if (root == NULL)
		never(!syntax && told(reading, "end") && !is_limit(&error), "ill-formed, and taken", reading);
	json_decref(root);
	free(reading);
	return 0;
}
