#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/finding.h"

static void findings_bear_the_row_that_was_begun(void **state)
{
	struct findings findings;
	struct arena arena = {0};

	(void)state;
	findings_begin(&findings, &arena, 46, 47);
	finding_add(&findings, FINDING_ERROR, "AMOUNT_DECIMALS", "amount", "write 12.50", "%s has %d decimals",
		"12.500", 3);
	finding_add_plain(&findings, FINDING_WARNING, "FIELD_NOT_SENT", "email", NULL, "plain");
	assert_int_equal(findings.count, 2);
	assert_int_equal(findings.errors, 1);
	assert_int_equal(findings.items[0].row, 46);
	assert_int_equal(findings.items[0].line, 47);
	assert_string_equal(findings.items[0].message, "12.500 has 3 decimals");
	assert_string_equal(findings.items[1].cure, "");
	findings_begin(&findings, &arena, 47, 48);
	assert_int_equal(findings.count, 0);
	assert_int_equal(findings.errors, 0);
	arena_release(&arena);
}

static void a_long_message_is_kept_whole(void **state)
{
	struct findings findings;
	struct arena arena = {0};
	char longer[1001];

	(void)state;
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	findings_begin(&findings, &arena, 1, 1);
	finding_add(&findings, FINDING_ERROR, "FIELD_TOO_LONG", "x", "", "%s!", longer);
	assert_int_equal(strlen(findings.items[0].message), 1001);
	assert_string_equal(findings.items[0].message + 999, "a!");
	arena_release(&arena);
}

static void further_findings_are_counted_only(void **state)
{
	struct findings findings;
	struct arena arena = {0};

	(void)state;
	findings_begin(&findings, &arena, 1, 1);
	for (int i = 0; i < FINDINGS_MAX + 10; i++)
		finding_add(&findings, FINDING_ERROR, "FIELD_REQUIRED", "x", "", "%d", i);
	assert_int_equal(findings.count, FINDINGS_MAX);
	assert_int_equal(findings.errors, FINDINGS_MAX + 10);
	arena_release(&arena);
}

static void quoted_file_text_is_escaped_and_short(void **state)
{
	struct findings findings;
	struct arena arena = {0};
	char longer[101];

	(void)state;
	memset(longer, 'a', sizeof(longer));
	findings_begin(&findings, &arena, 1, 1);
	assert_string_equal(finding_quote(&findings, TEXT("a\x1B[2J")), "a\\x1b[2J");
	assert_string_equal(finding_quote(&findings, TEXT("a\xE2\x80\xAE"
							  "b")),
		"a\\u{202e}b");
	assert_string_equal(finding_quote(&findings, TEXT("a\xFF")), "a\\xff");
	assert_int_equal(strlen(finding_quote(&findings, (struct text){longer, 101})), FINDING_QUOTE_POINTS + 3);
	assert_string_equal(finding_mask(&findings, TEXT("DE89370400440532013000")), "****3000");
	arena_release(&arena);
}

static void json_is_as_the_contract_has_it(void **state)
{
	const struct finding finding = {.row = 46,
		.line = 47,
		.field = "amount",
		.code = "AMOUNT_DECIMALS",
		.severity = FINDING_ERROR,
		.message = "say \"12.500\"",
		.cure = "write 12.50"};
	struct buf json = {0};

	(void)state;
	finding_json(&json, &finding);
	assert_string_equal(buf_str(&json),
		"{\"row\":46,\"line\":47,\"field\":\"amount\",\"code\":\"AMOUNT_DECIMALS\",\"severity\":\"error\","
		"\"message\":\"say \\\"12.500\\\"\",\"cure\":\"write 12.50\"}");
	buf_release(&json);
	assert_string_equal(finding_severity_name(FINDING_WARNING), "warning");
}

/* The codes of the contract, section 4, word by word. */
static const char contract_codes[] =
	"FILE_EMPTY FILE_ENCODING FILE_TOO_LARGE FILE_CHANGED CSV_SYNTAX CSV_FIELD_COUNT HEADER_MISSING "
	"HEADER_DUPLICATE HEADER_UNKNOWN HEADER_MEANING JSON_SYNTAX JSON_DUPLICATE_KEY JSON_TYPE XML_SYNTAX "
	"CONTROL_COUNT CONTROL_TOTAL FIELD_REQUIRED FIELD_TOO_LONG FIELD_CHARACTERS FIELD_DAMAGED FIELD_NOT_SENT "
	"REFERENCE_REPEATED REFERENCE_CONFLICT FAILED_BEFORE DUPLICATE_SUSPECTED BATCH_SUSPECTED AMOUNT_SYNTAX "
	"AMOUNT_AMBIGUOUS AMOUNT_NOT_POSITIVE AMOUNT_DECIMALS AMOUNT_TOO_LARGE AMOUNT_LIMIT CURRENCY_UNKNOWN "
	"CURRENCY_WITHDRAWN CURRENCY_UNSUPPORTED COUNTRY_UNKNOWN COUNTRY_RESERVED COUNTRY_UNSUPPORTED PURPOSE_UNKNOWN "
	"PURPOSE_REQUIRED PURPOSE_UNSUPPORTED IBAN_COUNTRY IBAN_LENGTH IBAN_STRUCTURE IBAN_CHECKSUM BIC_SYNTAX "
	"BIC_COUNTRY ROUTING_CHECKSUM ROUTING_LENGTH IFSC_SYNTAX ADDRESS_SYNTAX ADDRESS_CHECKSUM ADDRESS_NETWORK "
	"DATE_SYNTAX DATE_PAST CHANNEL_UNKNOWN BALANCE_REPEATED CHANNEL_AUTH CHANNEL_SIGNATURE CHANNEL_CLOCK "
	"CHANNEL_BALANCE CHANNEL_LIMIT CHANNEL_BLOCKED CHANNEL_ANSWER KEY_COLLISION KEY_SPENT ANSWER_MISMATCH "
	"NETWORK_RESOLVE NETWORK_CONNECT NETWORK_TLS NETWORK_TIMEOUT DISK_FULL JOURNAL_LOCKED JOURNAL_MISSING "
	"JOURNAL_VERSION JOURNAL_CORRUPT JOURNAL_BEHIND OUTPUT_FAILED ";

static const struct finding_help *find_help(struct text code)
{
	size_t count;
	const struct finding_help *list = finding_help_list(&count);

	for (size_t i = 0; i < count; i++)
		if (text_is(code, list[i].code))
			return &list[i];
	return NULL;
}

static void every_code_of_the_contract_has_a_meaning_and_a_cure(void **state)
{
	size_t count = 0;

	(void)state;
	for (const char *at = contract_codes; *at != '\0'; count++) {
		size_t len = strcspn(at, " ");
		const struct finding_help *help = find_help((struct text){at, len});

		if (help == NULL || help->meaning[0] == '\0' || help->cure[0] == '\0')
			fail_msg("%.*s", (int)len, at);
		at += len + 1;
	}
	assert_int_equal(count, 78);
}

static void no_code_is_told_twice(void **state)
{
	size_t count;
	const struct finding_help *list = finding_help_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(find_help(text_of(list[i].code)), &list[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_bear_the_row_that_was_begun),
		cmocka_unit_test(a_long_message_is_kept_whole),
		cmocka_unit_test(further_findings_are_counted_only),
		cmocka_unit_test(quoted_file_text_is_escaped_and_short),
		cmocka_unit_test(json_is_as_the_contract_has_it),
		cmocka_unit_test(every_code_of_the_contract_has_a_meaning_and_a_cure),
		cmocka_unit_test(no_code_is_told_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
