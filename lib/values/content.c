#include "values/content.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "values/payout.h"

#define FIELD_PREFIX 4 /* bytes of the length before each F(x) */
#define RECIPIENT "recipient."

/* The canonical columns in byte order of their names; the recipient fields stand between purpose and routing_number. */
static const enum column before_recipient[] = {
	COLUMN_ACCOUNT_NUMBER,
	COLUMN_AMOUNT,
	COLUMN_BALANCE_ID,
	COLUMN_BANK_CITY,
	COLUMN_BANK_COUNTRY,
	COLUMN_BANK_NAME,
	COLUMN_BENEFICIARY_ID,
	COLUMN_BENEFICIARY_NAME,
	COLUMN_BIC,
	COLUMN_CITY,
	COLUMN_COUNTRY,
	COLUMN_CURRENCY,
	COLUMN_DESCRIPTION,
	COLUMN_DISTRICT,
	COLUMN_EMAIL,
	COLUMN_EXECUTION_DATE,
	COLUMN_IBAN,
	COLUMN_IFSC,
	COLUMN_LINE1,
	COLUMN_LINE2,
	COLUMN_PAYMENT_METHOD,
	COLUMN_PAYMENT_NETWORK,
	COLUMN_POSTAL_CODE,
	COLUMN_PURPOSE,
};
static const enum column after_recipient[] = {
	COLUMN_ROUTING_NUMBER,
	COLUMN_SOURCE_OF_FUNDS,
	COLUMN_SOURCE_WALLET,
	COLUMN_TARGET_CURRENCY,
	COLUMN_WALLET_ADDRESS,
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
static_assert(COUNT(before_recipient) + COUNT(after_recipient) + 2 == COLUMN_COUNT,
	"all canonical columns but reference and channel");

static char *put_bytes(char *out, struct text text)
{
	if (text.len > 0)
		memcpy(out, text.ptr, text.len);
	return out + text.len;
}

static char *put_length(char *out, size_t len)
{
	assert(len <= UINT32_MAX);
	*out++ = (char)(len >> 24 & 0xFF);
	*out++ = (char)(len >> 16 & 0xFF);
	*out++ = (char)(len >> 8 & 0xFF);
	*out++ = (char)(len & 0xFF);
	return out;
}

static char *put_field(char *out, struct text text)
{
	return put_bytes(put_length(out, text.len), text);
}

static size_t columns_size(const struct payout *payout, const enum column *columns, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		if (payout->cells[columns[i]].len > 0)
			size += 2 * FIELD_PREFIX + column_text(columns[i]).len + payout->cells[columns[i]].len;
	return size;
}

/* Writes the columns' fields; with own, the cells become slices of what was written. */
static char *put_columns(
	char *out, struct payout *own, const struct payout *payout, const enum column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct text value = payout->cells[columns[i]];

		if (value.len == 0)
			continue;
		out = put_field(out, column_text(columns[i]));
		out = put_field(out, value);
		if (own != NULL)
			own->cells[columns[i]].ptr = out - value.len;
	}
	return out;
}

static size_t recipient_size(const struct payout *payout)
{
	size_t size = 0;

	for (size_t i = 0; i < payout->recipient_count; i++)
		if (payout->recipient[i].value.len > 0)
			size += 2 * FIELD_PREFIX + sizeof(RECIPIENT) - 1 + payout->recipient[i].name.len +
				payout->recipient[i].value.len;
	return size;
}

static char *put_recipient(char *out, struct payout *own, const struct payout *payout)
{
	for (size_t i = 0; i < payout->recipient_count; i++) {
		struct row_recipient field = payout->recipient[i];

		if (field.value.len == 0)
			continue;
		out = put_length(out, sizeof(RECIPIENT) - 1 + field.name.len);
		out = put_bytes(out, TEXT(RECIPIENT));
		out = put_bytes(out, field.name);
		if (own != NULL)
			own->recipient[i].name.ptr = out - field.name.len;
		out = put_field(out, field.value);
		if (own != NULL)
			own->recipient[i].value.ptr = out - field.value.len;
	}
	return out;
}

static size_t size_of(const struct payout *payout)
{
	return columns_size(payout, before_recipient, COUNT(before_recipient)) + recipient_size(payout) +
	       columns_size(payout, after_recipient, COUNT(after_recipient));
}

static void put(char *out, struct payout *own, const struct payout *payout)
{
	out = put_columns(out, own, payout, before_recipient, COUNT(before_recipient));
	out = put_recipient(out, own, payout);
	put_columns(out, own, payout, after_recipient, COUNT(after_recipient));
}

void content_write(struct buf *buf, const struct payout *payout)
{
	size_t size = size_of(payout);
	char *out = buf_room(buf, size);

	put(out, NULL, payout);
	out[size] = '\0';
	buf->len += size;
}

void content_own(struct arena *arena, struct payout *payout)
{
	size_t size = size_of(payout);
	char *out = arena_alloc(arena, size);

	put(out, payout, payout);
	payout->content = (struct text){out, size};
}

static bool read_field(struct text content, size_t *offset, struct text *field)
{
	const unsigned char *prefix;
	size_t len;

	if (content.len - *offset < FIELD_PREFIX)
		return false;
	prefix = (const unsigned char *)content.ptr + *offset;
	len = (size_t)prefix[0] << 24 | (size_t)prefix[1] << 16 | (size_t)prefix[2] << 8 | prefix[3];
	if (content.len - *offset - FIELD_PREFIX < len)
		return false;
	*field = (struct text){content.ptr + *offset + FIELD_PREFIX, len};
	*offset += FIELD_PREFIX + len;
	return true;
}

bool content_next(struct text content, size_t *offset, struct text *name, struct text *value)
{
	size_t at = *offset;

	if (at > content.len || !read_field(content, &at, name) || !read_field(content, &at, value))
		return false;
	*offset = at;
	return true;
}

struct text content_get(struct text content, const char *name)
{
	struct text found, value;
	size_t offset = 0;

	while (content_next(content, &offset, &found, &value))
		if (text_is(found, name))
			return value;
	return TEXT("");
}

void content_digest(struct sha256 *sha, struct text content, uint8_t digest[SHA256_SIZE])
{
	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-row-1"));
	sha256_add(sha, content.ptr, content.len);
	sha256_end(sha, digest);
}

void content_digest_undated(struct sha256 *sha, struct text content, uint8_t digest[SHA256_SIZE])
{
	struct text name, value, date = column_text(COLUMN_EXECUTION_DATE);
	size_t from = 0, at = 0;

	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-row-1"));
	for (; content_next(content, &at, &name, &value); from = at)
		if (!text_equal(name, date))
			sha256_add(sha, content.ptr + from, at - from);
	sha256_add(sha, content.ptr + from, content.len - from); /* nothing, unless it is damaged */
	sha256_end(sha, digest);
}

void content_salted(
	struct sha256 *sha, const uint8_t salt[CONTENT_SALT_SIZE], struct text content, uint8_t digest[SHA256_SIZE])
{
	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-content-1"));
	sha256_add_field(sha, (struct text){(const char *)salt, CONTENT_SALT_SIZE});
	sha256_add_field(sha, content);
	sha256_end(sha, digest);
}

void content_running(struct sha256 *sha, uint8_t running[SHA256_SIZE], const uint8_t digest[SHA256_SIZE])
{
	sha256_begin(sha);
	sha256_add(sha, running, SHA256_SIZE);
	sha256_add(sha, digest, SHA256_SIZE);
	sha256_end(sha, running);
}
