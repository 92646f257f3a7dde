/* Names without end in a message: it ends at a bound, wherever they stand. */
#include "tests/read_pain001.h"

#include "base/bounds.h"
#include "formats/xml_names.h"

static void names_are_counted_once_up_to_the_bound(void **state)
{
	static struct xml_names names;
	static const char places[BOUND_XML_NAMES + 1];

	(void)state;
	assert_true(xml_names_take(&names, NULL));
	assert_true(xml_names_take_copy(&names, NULL));
	assert_true(xml_names_take_copy(&names, "urn:a"));
	for (size_t i = 0; i + 1 < BOUND_XML_NAMES; i++)
		assert_true(xml_names_take(&names, places + i));
	assert_false(xml_names_take(&names, places + BOUND_XML_NAMES));
	assert_false(xml_names_take_copy(&names, "urn:b"));
	assert_true(xml_names_take(&names, places + 5));
	assert_true(xml_names_take_copy(&names, "urn:a"));
}

/* With the number in the place of each #. */
static void add_numbered(struct buf *out, const char *piece, int number)
{
	for (; *piece != '\0'; piece++)
		if (*piece == '#')
			buf_addi(out, number);
		else
			buf_addc(out, *piece);
}

static void a_message_of_too_many_names_is_refused(void **state)
{
	static const struct {
		const char *before, *piece, *after;
		int count;
		bool fine;
	} cases[] = {
		{"", "<x#/>", "", 900, true},
		{"", "<x/>", "", 5000, true},
		{"", "<x a='#'>#</x>", "", 5000, true},
		{"", "<x#/>", "", 1100, false},
		{"", "<x a#='1'/>", "", 1100, false},
		{"", "<x xmlns:a#='1'/>", "", 1100, false},
		{"", "<x xmlns='a#'/>", "", 1100, false},
		{"", "<?x#?>", "", 1100, false},
		{"<SplmtryData><Envlp>", "<x#/>", "</Envlp></SplmtryData>", 1100, false},
		{"<RgltryRptg><Dtls>", "<x#/>", "</Dtls></RgltryRptg>", 1100, false},
	};
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf pieces = {0}, document = {0};
		char *got;

		for (int j = 0; j < cases[i].count; j++)
			add_numbered(&pieces, cases[i].piece, j);
		buf_addf(&document, MESSAGE("1", TX("R", "1", "%s%s%s")), cases[i].before, buf_str(&pieces),
			cases[i].after);
		got = read_message(buf_text(&document), &how);
		if (cases[i].fine ? strstr(got, "end, controlled\n") == NULL
				  : strstr(got, "\nXML_STRUCTURE []\n") == NULL || strstr(got, "refused\n") == NULL)
			fail_msg("%s%s: %s", cases[i].before, cases[i].piece, got);
		free(got);
		buf_release(&pieces);
		buf_release(&document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_counted_once_up_to_the_bound),
		cmocka_unit_test(a_message_of_too_many_names_is_refused),
	};

	return cmocka_run_group_tests_name("xml_names", tests, NULL, NULL);
}
