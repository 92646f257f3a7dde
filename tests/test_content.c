#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "values/content.h"
#include "values/payout.h"

static void fill_rent(struct payout *payout)
{
	*payout = (struct payout){.amount_minor = 1250, .decimals = 2};
	payout->cells[COLUMN_REFERENCE] = TEXT("not in it");
	payout->cells[COLUMN_CHANNEL] = TEXT("not in it");
	payout->cells[COLUMN_AMOUNT] = TEXT("1250");
	payout->cells[COLUMN_BALANCE_ID] = TEXT("bal_x");
	payout->cells[COLUMN_CURRENCY] = TEXT("EUR");
	payout->cells[COLUMN_DESCRIPTION] = TEXT("Rent");
}

static void digests_the_example_of_the_contract(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t digest[SHA256_SIZE];
	struct buf content = {0};
	struct payout payout;
	char hex[17];

	(void)state;
	fill_rent(&payout);
	content_write(&content, &payout);
	content_digest(sha, buf_text(&content), digest);
	text_hex(digest, 8, hex);
	assert_string_equal(hex, "0f4867adfbc83bf5");
	buf_release(&content);
	sha256_free(sha);
}

/* All columns at once: the names come in byte order, recipient fields between theirs. */
static void fill_all(struct payout *payout)
{
	*payout = (struct payout){.recipient_count = 3};
	for (enum column i = 0; i < COLUMN_COUNT; i++)
		payout->cells[i] = column_text(i);
	payout->recipient[0] = (struct row_recipient){TEXT("empty"), TEXT("")};
	payout->recipient[1] = (struct row_recipient){TEXT("ifsc"), TEXT("I")};
	payout->recipient[2] = (struct row_recipient){TEXT("name"), TEXT("N")};
}

static void fields_come_in_byte_order_of_their_names(void **state)
{
	struct text name, value, before = TEXT("");
	struct buf content = {0};
	struct payout payout;
	size_t offset = 0, count = 0;

	(void)state;
	fill_all(&payout);
	content_write(&content, &payout);
	while (content_next(buf_text(&content), &offset, &name, &value)) {
		assert_true(text_compare(before, name) < 0);
		before = name;
		count++;
	}
	assert_int_equal(offset, content.len);
	assert_int_equal(count, COLUMN_COUNT - 2 + 2);
	assert_true(text_is(content_get(buf_text(&content), "recipient.ifsc"), "I"));
	assert_true(text_is(content_get(buf_text(&content), "wallet_address"), "wallet_address"));
	assert_int_equal(content_get(buf_text(&content), "reference").len, 0);
	assert_int_equal(content_get(buf_text(&content), "recipient.empty").len, 0);
	buf_release(&content);
}

static void a_payout_that_owns_its_content_needs_its_row_no_more(void **state)
{
	char cells[] = "1250 EUR";
	struct arena arena = {0};
	struct buf before = {0};
	struct payout payout;

	(void)state;
	fill_rent(&payout);
	payout.cells[COLUMN_AMOUNT] = (struct text){cells, 4};
	payout.cells[COLUMN_CURRENCY] = (struct text){cells + 5, 3};
	payout.recipient_count = 1;
	payout.recipient[0] = (struct row_recipient){{cells + 5, 3}, {cells, 4}};
	content_write(&before, &payout);
	content_own(&arena, &payout);
	memset(cells, 'x', sizeof(cells));
	assert_true(text_equal(payout.content, buf_text(&before)));
	assert_true(text_is(payout.cells[COLUMN_AMOUNT], "1250"));
	assert_true(text_is(payout.cells[COLUMN_CURRENCY], "EUR"));
	assert_true(text_is(payout.recipient[0].name, "EUR"));
	assert_true(text_is(payout.recipient[0].value, "1250"));
	assert_int_equal(payout.cells[COLUMN_EMAIL].len, 0);
	buf_release(&before);
	arena_release(&arena);
}

static void damaged_content_ends_instead_of_reading_on(void **state)
{
	struct buf content = {0};
	struct payout payout;

	(void)state;
	fill_rent(&payout);
	content_write(&content, &payout);
	for (size_t len = 0; len <= content.len; len++) {
		struct text name, value;
		size_t offset = 0, last = 0;

		while (content_next((struct text){content.data, len}, &offset, &name, &value)) {
			assert_true(offset > last && offset <= len);
			last = offset;
		}
	}
	content.data[0] = (char)0xFF;
	assert_int_equal(content_get(buf_text(&content), "amount").len, 0);
	buf_release(&content);
}

/* Two contents that differ only in where one field ends and the next begins are two contents. */
static void field_borders_count(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t left[SHA256_SIZE], right[SHA256_SIZE];
	struct payout payout = {0};
	struct buf content = {0};

	(void)state;
	payout.cells[COLUMN_LINE1] = TEXT("ab");
	payout.cells[COLUMN_LINE2] = TEXT("c");
	content_write(&content, &payout);
	content_digest(sha, buf_text(&content), left);
	payout.cells[COLUMN_LINE1] = TEXT("a");
	payout.cells[COLUMN_LINE2] = TEXT("bc");
	buf_reset(&content);
	content_write(&content, &payout);
	content_digest(sha, buf_text(&content), right);
	assert_memory_not_equal(left, right, SHA256_SIZE);
	buf_release(&content);
	sha256_free(sha);
}

/* d and r(n) by their definitions, put together by hand. */
static void salted_and_running_digests_follow_the_contract(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t salt[CONTENT_SALT_SIZE] = {1, 2, 3}, digest[SHA256_SIZE], expected[SHA256_SIZE];
	uint8_t running[SHA256_SIZE] = {0}, both[2 * SHA256_SIZE] = {0};
	struct buf bytes = {0};

	(void)state;
	buf_add(&bytes, "\0\0\0\20payrun-content-1\0\0\0\20", 4 + 16 + 4);
	buf_add(&bytes, salt, sizeof(salt));
	buf_add(&bytes, "\0\0\0\5hello", 9);
	sha256_of(sha, bytes.data, bytes.len, expected);
	content_salted(sha, salt, TEXT("hello"), digest);
	assert_memory_equal(digest, expected, SHA256_SIZE);

	memcpy(both + SHA256_SIZE, digest, SHA256_SIZE);
	sha256_of(sha, both, sizeof(both), expected);
	content_running(sha, running, digest);
	assert_memory_equal(running, expected, SHA256_SIZE);
	buf_release(&bytes);
	sha256_free(sha);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_the_example_of_the_contract),
		cmocka_unit_test(fields_come_in_byte_order_of_their_names),
		cmocka_unit_test(a_payout_that_owns_its_content_needs_its_row_no_more),
		cmocka_unit_test(damaged_content_ends_instead_of_reading_on),
		cmocka_unit_test(field_borders_count),
		cmocka_unit_test(salted_and_running_digests_follow_the_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
