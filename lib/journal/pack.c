#include "journal/pack.h"

#include <string.h>

#include "values/content.h"

/* The numbers of these names, from 1, stand in journals: new names are added at the end. 0 means that the name follows.
 */
#define NAME(name)                                                                                                     \
	{                                                                                                              \
		"" name, sizeof(name) - 1                                                                              \
	}
static const struct text names[] = {NAME("account_number"), NAME("amount"), NAME("balance_id"), NAME("bank_city"),
	NAME("bank_country"), NAME("bank_name"), NAME("beneficiary_id"), NAME("beneficiary_name"), NAME("bic"),
	NAME("city"), NAME("country"), NAME("currency"), NAME("description"), NAME("district"), NAME("email"),
	NAME("execution_date"), NAME("iban"), NAME("ifsc"), NAME("line1"), NAME("line2"), NAME("payment_method"),
	NAME("payment_network"), NAME("postal_code"), NAME("purpose"), NAME("routing_number"), NAME("source_of_funds"),
	NAME("source_wallet"), NAME("target_currency"), NAME("wallet_address")};
#define NAMES (sizeof(names) / sizeof(names[0]))

enum form { FORM_RAW = 0, FORM_FIELDS = 1 };

static void put_number(struct buf *buf, size_t number)
{
	for (; number >= 0x80; number >>= 7)
		buf_addc(buf, (char)(0x80 | (number & 0x7F)));
	buf_addc(buf, (char)number);
}

static bool get_number(struct text packed, size_t *offset, size_t *number)
{
	*number = 0;
	for (unsigned shift = 0; *offset < packed.len && shift < 35; shift += 7) {
		unsigned char byte = (unsigned char)packed.ptr[(*offset)++];

		*number |= (size_t)(byte & 0x7F) << shift;
		if ((byte & 0x80) == 0)
			return true;
	}
	return false;
}

static bool get_slice(struct text packed, size_t *offset, struct text *slice)
{
	size_t len;

	if (!get_number(packed, offset, &len) || packed.len - *offset < len)
		return false;
	*slice = (struct text){packed.ptr + *offset, len};
	*offset += len;
	return true;
}

/* Fields come in byte order of their names, as the table does: the search goes on where the last one ended. */
static size_t number_of(struct text name, size_t *from)
{
	for (size_t i = *from; i < NAMES; i++) {
		if (names[i].ptr[0] == name.ptr[0] && text_equal(name, names[i])) {
			*from = i + 1;
			return i + 1;
		}
	}
	return 0;
}

static bool write_fields(struct buf *buf, struct text content, struct pack_search *searches, size_t count)
{
	struct text name, value;
	size_t offset = 0, from = 0;

	for (int64_t field = 1; content_next(content, &offset, &name, &value); field++) {
		size_t number = name.len > 0 ? number_of(name, &from) : 0;

		put_number(buf, number);
		if (number == 0) {
			put_number(buf, name.len);
			buf_addt(buf, name);
		}
		put_number(buf, value.len);
		buf_addt(buf, value);
		for (size_t i = 0; i < count; i++)
			if (searches[i].field == 0 && text_equal(searches[i].value, value))
				searches[i].field = field;
	}
	return offset == content.len;
}

void pack_write(struct buf *buf, struct text content, struct pack_search *searches, size_t count)
{
	size_t start = buf->len;

	for (size_t i = 0; i < count; i++)
		searches[i].field = 0;
	if (content.len == 0)
		return;
	buf_addc(buf, FORM_FIELDS);
	if (write_fields(buf, content, searches, count))
		return;
	buf->len = start;
	buf_addc(buf, FORM_RAW);
	buf_addt(buf, content);
	for (size_t i = 0; i < count; i++)
		searches[i].field = 0;
}

static bool next_field(struct text packed, size_t *offset, struct text *name, struct text *value)
{
	size_t number;

	if (!get_number(packed, offset, &number) || number > NAMES)
		return false;
	if (number > 0)
		*name = names[number - 1];
	else if (!get_slice(packed, offset, name))
		return false;
	return get_slice(packed, offset, value);
}

static char *put_field(char *out, struct text text)
{
	*out++ = (char)(text.len >> 24 & 0xFF);
	*out++ = (char)(text.len >> 16 & 0xFF);
	*out++ = (char)(text.len >> 8 & 0xFF);
	*out++ = (char)(text.len & 0xFF);
	if (text.len > 0)
		memcpy(out, text.ptr, text.len);
	return out + text.len;
}

bool pack_read(struct buf *buf, struct text packed)
{
	struct text name, value;
	size_t offset = 1;
	char *out;

	if (packed.len == 0)
		return true;
	if (packed.ptr[0] == FORM_RAW) {
		buf_add(buf, packed.ptr + 1, packed.len - 1);
		return true;
	}
	while (offset < packed.len) {
		if (!next_field(packed, &offset, &name, &value))
			return false;
		out = buf_room(buf, 8 + name.len + value.len);
		out = put_field(put_field(out, name), value);
		*out = '\0';
		buf->len = (size_t)(out - buf->data);
	}
	return packed.ptr[0] == FORM_FIELDS;
}

bool pack_field(struct text packed, int64_t number, struct text *value)
{
	struct text name;
	size_t offset = 1;

	if (packed.len == 0 || packed.ptr[0] != FORM_FIELDS)
		return false;
	while (number-- > 0)
		if (offset >= packed.len || !next_field(packed, &offset, &name, value))
			return false;
	return true;
}
