#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats/pain002.h"
#include "tests/support/pain002_check.h"

#define LONG_36 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define LONG_35 "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345678"
#define UUID "c5d3a5a2-7a07-4c18-9f3b-0d3b4f3a2b11"

static const struct pain002_head plain_head = {
	.message_id = {"OWN-1", 5},
	.created_ms = 1795163400000,
	.original_id = {"MSG-1", 5},
	.original_name = {"pain.001.001.09", 15},
	.original_count = {"2", 1},
	.original_total = {"12.50", 5},
	.status = ISO_PART,
};

struct place {
	struct file_out out;
	char path[512];
};

static void open_place(struct place *place)
{
	struct fault fault = {0};
	int fd;

	snprintf(place->path, sizeof(place->path), "%s/pain002.XXXXXX",
		getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(place->path);
	assert_true(fd >= 0);
	close(fd);
	assert_true(file_create(&place->out, place->path, &fault));
}

/* Its bytes, which are a pain.002. */
static struct buf close_place(struct place *place)
{
	struct fault fault = {0};
	struct buf bytes = {0};

	assert_true(file_commit(&place->out, false, &fault));
	assert_true(file_read(place->path, 1 << 26, &bytes, NULL, &fault));
	unlink(place->path);
	assert_string_equal(pain002_check(bytes.data, bytes.len), "");
	return bytes;
}

static struct buf message_of(enum pain002_version version, const struct pain002_head *head,
	const struct pain002_transaction *transactions, size_t count)
{
	static const struct pain002_payment payment = {.number = 1, .id = {"PMT-1", 5}};
	struct place place;
	struct pain002 *message;

	open_place(&place);
	message = pain002_begin(&place.out, version, head);
	for (size_t i = 0; i < count; i++) {
		pain002_payment(message, &payment);
		pain002_transaction(message, &transactions[i]);
	}
	pain002_end(message);
	pain002_free(message);
	return close_place(&place);
}

static struct buf message_with(enum pain002_version version, const struct pain002_transaction *transaction)
{
	return message_of(version, &plain_head, transaction, 1);
}

static void has(const struct buf *bytes, const char *name, int nth, const char *expected)
{
	const char *text = pain002_find(bytes->data, bytes->len, name, nth, NULL);

	if (expected == NULL) {
		assert_null(text);
		return;
	}
	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void writes_what_the_schema_of_each_version_has(void **state)
{
	const struct pain002_reason reasons[] = {{TEXT("AC01"), TEXT("no such account")}, {TEXT("HOLD"), TEXT("")}};
	const struct pain002_transaction transaction = {
		.status_id = TEXT("7"),
		.instruction_id = TEXT("INSTR-7"),
		.end_to_end_id = TEXT("INV-7"),
		.uetr = TEXT(UUID),
		.status = ISO_RJCT,
		.reasons = reasons,
		.reason_count = 2,
		.accepted_ms = 1795163401000,
		.servicer_ref = TEXT("P-7"),
		.amount = TEXT("12.50"),
		.currency = TEXT("EUR"),
	};

	(void)state;
	for (enum pain002_version version = PAIN002_03; version <= PAIN002_10; version++) {
		struct buf bytes = message_with(version, &transaction);

		has(&bytes, "MsgId", 0, "OWN-1");
		has(&bytes, "CreDtTm", 0, "2026-11-20T08:30:00Z");
		has(&bytes, "OrgnlMsgId", 0, "MSG-1");
		has(&bytes, "OrgnlMsgNmId", 0, "pain.001.001.09");
		has(&bytes, "OrgnlNbOfTxs", 0, "2");
		has(&bytes, "OrgnlCtrlSum", 0, "12.50");
		has(&bytes, "GrpSts", 0, "PART");
		has(&bytes, "PmtInfSts", 0, NULL);
		has(&bytes, "OrgnlPmtInfId", 0, "PMT-1");
		has(&bytes, "StsId", 0, "7");
		has(&bytes, "OrgnlInstrId", 0, "INSTR-7");
		has(&bytes, "OrgnlEndToEndId", 0, "INV-7");
		has(&bytes, "OrgnlUETR", 0, version == PAIN002_10 ? UUID : NULL);
		has(&bytes, "TxSts", 0, "RJCT");
		has(&bytes, "Cd", 0, "AC01");
		has(&bytes, "Prtry", 0, "HOLD");
		has(&bytes, "AddtlInf", 0, "no such account");
		has(&bytes, "AccptncDtTm", 0, "2026-11-20T08:30:01Z");
		has(&bytes, "AcctSvcrRef", 0, "P-7");
		has(&bytes, "InstdAmt", 0, "12.50");
		assert_string_equal(pain002_find(bytes.data, bytes.len, "InstdAmt", 0, "Ccy"), "EUR");
		assert_int_equal(pain002_count(bytes.data, bytes.len, "StsRsnInf"), 2);
		buf_release(&bytes);
	}
}

static void leaves_out_what_nobody_said(void **state)
{
	struct pain002_head head = plain_head;
	struct buf bytes;

	(void)state;
	head.original_count = head.original_total = TEXT("");
	head.status = ISO_ACSC;
	head.shared = true;
	bytes = message_of(PAIN002_10, &head, &(struct pain002_transaction){.status = ISO_ACSC}, 1);
	has(&bytes, "OrgnlNbOfTxs", 0, NULL);
	has(&bytes, "OrgnlCtrlSum", 0, NULL);
	has(&bytes, "PmtInfSts", 0, "ACSC");
	has(&bytes, "StsId", 0, NULL);
	has(&bytes, "StsRsnInf", 0, NULL);
	has(&bytes, "AccptncDtTm", 0, NULL);
	has(&bytes, "OrgnlTxRef", 0, NULL);
	buf_release(&bytes);
	bytes = message_of(PAIN002_03, &plain_head, NULL, 0);
	has(&bytes, "OrgnlPmtInfAndSts", 0, NULL);
	buf_release(&bytes);
}

static void a_value_without_room_is_told_in_words(void **state)
{
	static const struct {
		struct pain002_transaction transaction;
		const char *left_out, *words;
	} rows[] = {
		{{.end_to_end_id = {LONG_36, 36}}, "OrgnlEndToEndId", "OrgnlEndToEndId " LONG_36},
		{{.instruction_id = {LONG_36, 36}}, "OrgnlInstrId", "OrgnlInstrId " LONG_36},
		{{.servicer_ref = {UUID, 36}}, "AcctSvcrRef", "AcctSvcrRef " UUID},
		{{.amount = {"5.25", 4}, .currency = {"USDT_TRX", 8}}, "InstdAmt", "InstdAmt 5.25 USDT_TRX"},
		{{.amount = {"0.5", 3}, .currency = {"BTC", 3}}, "InstdAmt", "InstdAmt 0.5 BTC"},
		{{.amount = {"1.123456", 8}, .currency = {"EUR", 3}}, "InstdAmt", "InstdAmt 1.123456 EUR"},
		{{.amount = {"1234567890123456789", 19}, .currency = {"EUR", 3}}, "InstdAmt",
			"InstdAmt 1234567890123456789 EUR"},
		{{.amount = {"ALL", 3}, .currency = {"EUR", 3}}, "InstdAmt", "InstdAmt ALL EUR"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf bytes = message_with(PAIN002_10, &rows[i].transaction);

		has(&bytes, rows[i].left_out, 0, NULL);
		has(&bytes, "AddtlInf", 0, rows[i].words);
		buf_release(&bytes);
	}
}

static void identifications_of_35_characters_fit(void **state)
{
	const struct pain002_transaction whole = {.end_to_end_id = TEXT(LONG_35),
		.instruction_id =
			TEXT("\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84"
			     "\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84"
			     "\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84"
			     "\xC3\x84\xC3\x84\xC3\x84\xC3\x84\xC3\x84")};
	struct pain002_head head = plain_head;
	struct buf bytes = message_with(PAIN002_10, &whole);

	(void)state;
	has(&bytes, "OrgnlEndToEndId", 0, LONG_35);
	assert_non_null(pain002_find(bytes.data, bytes.len, "OrgnlInstrId", 0, NULL));
	has(&bytes, "AddtlInf", 0, NULL);
	buf_release(&bytes);
	head.original_name = TEXT("");
	head.original_id = TEXT(LONG_36); /* a batch id of 36: its beginning names it too */
	bytes = message_of(PAIN002_10, &head, NULL, 0);
	has(&bytes, "OrgnlMsgId", 0, LONG_35);
	has(&bytes, "OrgnlMsgNmId", 0, "NOTPROVIDED");
	buf_release(&bytes);
}

static void only_a_uetr_is_a_uetr(void **state)
{
	static const char *const bad[] = {"C5D3A5A2-7a07-4c18-9f3b-0d3b4f3a2b11",
		"c5d3a5a2-7a07-1c18-9f3b-0d3b4f3a2b11", "c5d3a5a2-7a07-4c18-cf3b-0d3b4f3a2b11",
		"c5d3a5a27a074c189f3b0d3b4f3a2b11", "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct buf bytes = message_with(PAIN002_10, &(struct pain002_transaction){.uetr = text_of(bad[i])});

		has(&bytes, "OrgnlUETR", 0, NULL);
		buf_release(&bytes);
	}
}

static void hostile_text_stays_text(void **state)
{
	static const struct {
		const char *text, *read;
	} rows[] = {
		{"<b>&amp;\"'</b> ]]> <!-- ", "<b>&amp;\"'</b> ]]> <!--"},
		{"a\tb\r\nc  d", "a b c d"},
		{"bell\a esc\x1B[31m nul", "bell esc[31m nul"},
		{"bad\xFF\xC3", "bad\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"bad \xFF \xC3 ", "bad \xEF\xBF\xBD \xEF\xBF\xBD"},
		{"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"x\xEF\xBF\xBEy\xEF\xBF\xBF", "xy"},
		{"\xE2\x80\xAEgro.live", "\xE2\x80\xAEgro.live"},
		{"del\x7F c1\xC2\x9B", "del\x7F c1\xC2\x9B"},
		{"\xF0\x9F\x92\xA9", "\xF0\x9F\x92\xA9"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct pain002_reason reason = {text_of(rows[i].text), text_of(rows[i].text)};
		struct buf bytes = message_with(PAIN002_03,
			&(struct pain002_transaction){
				.reasons = &reason, .reason_count = 1, .end_to_end_id = text_of(rows[i].text)});

		has(&bytes, "AddtlInf", 0, rows[i].read);
		has(&bytes, "Prtry", 0, rows[i].read);
		has(&bytes, "OrgnlEndToEndId", 0, rows[i].read);
		for (size_t k = 0; k < bytes.len; k++) /* nothing a terminal obeys, whatever it is read as */
			assert_true((unsigned char)bytes.data[k] >= 0x20 || bytes.data[k] == '\n');
		assert_null(strstr(bytes.data, "\xE2\x80\xAE"));
		assert_null(strstr(bytes.data, "\xC2\x9B"));
		assert_null(strchr(bytes.data, 0x7F));
		buf_release(&bytes);
	}
}

static void a_reason_of_nothing_is_none(void **state)
{
	const struct pain002_reason reasons[] = {{TEXT("\x01"), TEXT(" \n")}, {TEXT(""), TEXT("")}};
	struct buf bytes =
		message_with(PAIN002_03, &(struct pain002_transaction){.reasons = reasons, .reason_count = 2});

	(void)state;
	has(&bytes, "StsRsnInf", 0, NULL);
	buf_release(&bytes);
}

static void long_words_take_as_many_pieces_as_they_need(void **state)
{
	struct buf words = {0}, bytes, joined = {0};
	struct pain002_reason reason = {TEXT("NARR"), TEXT("")};
	const struct pain002_transaction transaction = {.reasons = &reason, .reason_count = 1};

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_addf(&words, i > 0 ? " word%d" : "word%d", i);
	reason.info = buf_text(&words);
	bytes = message_with(PAIN002_03, &transaction);
	for (int i = 0; i < pain002_count(bytes.data, bytes.len, "AddtlInf"); i++) {
		buf_addz(&joined, i > 0 ? " " : "");
		buf_addz(&joined, pain002_find(bytes.data, bytes.len, "AddtlInf", i, NULL));
	}
	assert_string_equal(joined.data, words.data);
	buf_release(&bytes);
	buf_reset(&words);
	for (int i = 0; i < 3000; i++) /* without a space, and too much */
		buf_addz(&words, "\xC3\x84");
	reason.info = buf_text(&words);
	bytes = message_with(PAIN002_03, &transaction);
	assert_int_equal(pain002_count(bytes.data, bytes.len, "AddtlInf"), PAIN002_INFO_MAX);
	buf_release(&bytes);
	buf_release(&words);
	buf_release(&joined);
}

static void payments_of_one_name_are_two(void **state)
{
	struct place place;
	struct pain002 *message;
	struct buf bytes;

	(void)state;
	open_place(&place);
	message = pain002_begin(&place.out, PAIN002_10, &plain_head);
	for (int i = 0; i < 6; i++) {
		pain002_payment(message, &(struct pain002_payment){.number = 1 + i / 2,
						 .id = i < 4 ? TEXT("SAME") : TEXT(""),
						 .count = TEXT("2"),
						 .total = TEXT("not a number")});
		pain002_transaction(message, &(struct pain002_transaction){.status = ISO_ACCP});
	}
	pain002_end(message);
	pain002_free(message);
	bytes = close_place(&place);
	assert_int_equal(pain002_count(bytes.data, bytes.len, "OrgnlPmtInfAndSts"), 3);
	assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), 6);
	has(&bytes, "OrgnlPmtInfId", 2, "NOTPROVIDED");
	assert_int_equal(pain002_count(bytes.data, bytes.len, "OrgnlCtrlSum"), 1); /* of the group */
	buf_release(&bytes);
}

static void the_version_answers_the_original(void **state)
{
	static const struct {
		const char *name;
		enum pain002_version version;
	} rows[] = {
		{"pain.001.001.03", PAIN002_03},
		{"pain.001.001.08", PAIN002_03},
		{"pain.001.001.09", PAIN002_10},
		{"pain.001.001.12", PAIN002_10},
		{"pain.001.002.03", PAIN002_03},
		{"pain.001.003.03", PAIN002_03},
		{"pain.001.001.03.ch.02", PAIN002_03},
		{"pain.001.001.09.ch.03", PAIN002_10},
		{"csv", PAIN002_10},
		{"", PAIN002_10},
		{"pain.001.", PAIN002_10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(pain002_version_for(text_of(rows[i].name)), rows[i].version);
}

static void an_equal_message_has_an_equal_id_and_no_other(void **state)
{
	const struct text parts[] = {TEXT("ab"), TEXT("c")}, others[] = {TEXT("a"), TEXT("bc")};
	char first[PAIN002_ID_MAX + 1], second[PAIN002_ID_MAX + 1];

	(void)state;
	pain002_message_id(first, 1795163400123, parts, 2);
	pain002_message_id(second, 1795163400123, parts, 2);
	assert_string_equal(first, second);
	assert_true(strncmp(first, "20261120T083000Z-", 17) == 0);
	assert_int_equal(strlen(first), 29);
	pain002_message_id(second, 1795163400123, others, 2);
	assert_string_not_equal(first, second);
	pain002_message_id(second, 1795163400124, parts, 2);
	assert_string_not_equal(first, second);
}

/* Many transactions: the file grows, memory and what it is read as do not change. */
static void a_long_message_is_one_message(void **state)
{
	const struct pain002_payment payment = {.number = 1, .id = TEXT("P")};
	struct place place;
	struct pain002 *message;
	struct buf bytes;

	(void)state;
	open_place(&place);
	message = pain002_begin(&place.out, PAIN002_03, &plain_head);
	for (int i = 0; i < 5000; i++) {
		pain002_payment(message, &payment);
		pain002_transaction(
			message, &(struct pain002_transaction){.end_to_end_id = TEXT("E & Z"), .status = ISO_ACSP});
	}
	pain002_end(message);
	pain002_free(message);
	bytes = close_place(&place);
	assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), 5000);
	has(&bytes, "OrgnlEndToEndId", 4999, "E & Z");
	buf_release(&bytes);
}

/* The file_out keeps it: /dev/full takes nothing. */
static void a_full_disk_is_told_at_the_end(void **state)
{
	struct fault fault = {0};
	struct file_out out;
	struct pain002 *message;

	(void)state;
	if (access("/dev/full", W_OK) != 0) {
		print_message("SKIPPED: there is no /dev/full\n");
		return;
	}
	assert_true(file_create(&out, "/dev/full", &fault));
	message = pain002_begin(&out, PAIN002_10, &plain_head);
	pain002_end(message);
	pain002_free(message);
	assert_false(file_commit(&out, false, &fault));
	assert_string_equal(fault.code, "DISK_FULL");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_the_schema_of_each_version_has),
		cmocka_unit_test(leaves_out_what_nobody_said),
		cmocka_unit_test(a_value_without_room_is_told_in_words),
		cmocka_unit_test(identifications_of_35_characters_fit),
		cmocka_unit_test(only_a_uetr_is_a_uetr),
		cmocka_unit_test(hostile_text_stays_text),
		cmocka_unit_test(a_reason_of_nothing_is_none),
		cmocka_unit_test(long_words_take_as_many_pieces_as_they_need),
		cmocka_unit_test(payments_of_one_name_are_two),
		cmocka_unit_test(the_version_answers_the_original),
		cmocka_unit_test(an_equal_message_has_an_equal_id_and_no_other),
		cmocka_unit_test(a_long_message_is_one_message),
		cmocka_unit_test(a_full_disk_is_told_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
