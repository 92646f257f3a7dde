#include "formats/pain001_row.h"

#include <string.h>

#include "base/buf.h"

#define DATE_LEN 10
#define AS_SOON "1999-01-01" /* stands in files for the next day that is possible */

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t digits_at(struct text text, size_t at)
{
	size_t from = at;

	while (at < text.len && is_digit(text.ptr[at]))
		at++;
	return at - from;
}

bool pain001_decimal(struct text text, char mark, struct buf *out)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	size_t at = negative || (text.len > 0 && text.ptr[0] == '+') ? 1 : 0;
	size_t whole = digits_at(text, at), point = at + whole, fraction = 0;

	if (point < text.len && text.ptr[point] == '.')
		fraction = digits_at(text, point + 1);
	if (whole + fraction == 0 || point + (point < text.len) + fraction != text.len)
		return false;
	if (point < text.len && text.ptr[point] != '.')
		return false;
	for (; whole > 0 && text.ptr[at] == '0'; whole--)
		at++;
	while (fraction > 0 && text.ptr[point + fraction] == '0')
		fraction--;
	if (negative && whole + fraction > 0)
		buf_addc(out, '-');
	if (whole == 0)
		buf_addc(out, '0');
	buf_add(out, text.ptr + at, whole);
	if (fraction > 0) {
		buf_addc(out, mark);
		buf_add(out, text.ptr + point + 1, fraction);
	}
	return true;
}

static struct text value(const struct pain001_row *row, enum pain001_field field)
{
	return pain001_value(&row->values, field);
}

static bool has(const struct pain001_row *row, enum pain001_field field)
{
	return row->values.spans[field].len > 0;
}

static void put(struct pain001_row *row, enum column column, enum pain001_field field)
{
	if (has(row, field))
		row->cells[column] = row->values.spans[field];
}

static void blame(struct pain001_row *row, enum finding_severity severity, const char *code, struct text field,
	const char *cure, const char *message)
{
	pain001_problem(&row->values, severity, code, field, cure, "%s", message);
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

/* The word of the schema for "none". */
static bool is_none(struct text text)
{
	return text_equal_nocase(text, TEXT("NOTPROVIDED")) || text_equal_nocase(text, TEXT("NOT PROVIDED"));
}

static void make_amount(struct pain001_row *row, const struct pain001_reading *reading)
{
	enum pain001_field field = has(row, FIELD_AMOUNT) ? FIELD_AMOUNT : FIELD_EQUIVALENT;
	struct buf amount = {0};

	if (has(row, FIELD_AMOUNT) && has(row, FIELD_EQUIVALENT))
		blame(row, FINDING_ERROR, "FIELD_CONFLICT", TEXT("amount"), "Keep the one that is meant.",
			"there are an instructed and an equivalent amount");
	if (!has(row, field))
		return;
	if (pain001_decimal(value(row, field), reading->decimal_mark, &amount)) {
		row->cells[COLUMN_AMOUNT] = pain001_add(&row->values, buf_text(&amount));
	} else {
		blame(row, FINDING_ERROR, "AMOUNT_SYNTAX", TEXT("amount"),
			"Write digits with a point before the decimals, and nothing else.",
			"the amount is no decimal number");
		row->values.refused |= COLUMN_SET(COLUMN_AMOUNT);
	}
	buf_release(&amount);
	put(row, COLUMN_CURRENCY, field == FIELD_AMOUNT ? FIELD_CURRENCY : FIELD_EQUIVALENT_CURRENCY);
	/* So much of one currency, to be paid out in another. */
	if (field == FIELD_EQUIVALENT &&
		!text_equal(value(row, FIELD_EQUIVALENT_CURRENCY), value(row, FIELD_TRANSFER_CURRENCY)))
		put(row, COLUMN_TARGET_CURRENCY, FIELD_TRANSFER_CURRENCY);
}

/* Two letters of a country, alone or before three of the system: all codes are of this form. */
static bool is_system(struct text code)
{
	for (size_t i = 0; i < code.len; i++)
		if (code.ptr[i] < 'A' || code.ptr[i] > 'Z')
			return false;
	return code.len == 2 || code.len == 5;
}

/* The bank's number in a national clearing system, where the account is no IBAN: that one names its bank. */
static void make_clearing(struct pain001_row *row, struct pain001_names *unused)
{
	struct text scheme = value(row, FIELD_CLEARING_SYSTEM), country = value(row, FIELD_BANK_COUNTRY);

	if (!has(row, FIELD_CLEARING_MEMBER))
		return;
	if (has(row, FIELD_IBAN)) {
		pain001_names_add(unused, "FinInstnId", "ClrSysMmbId");
		return;
	}
	if (text_is(scheme, "INFSC")) {
		put(row, COLUMN_IFSC, FIELD_CLEARING_MEMBER);
		return;
	}
	put(row, COLUMN_ROUTING_NUMBER, FIELD_CLEARING_MEMBER);
	if (!is_system(scheme))
		return;
	scheme.len = 2;
	if (country.len > 0 && !text_equal_nocase(country, scheme))
		blame(row, FINDING_ERROR, "FIELD_CONFLICT", TEXT("bank_country"), "Correct the one that is wrong.",
			"the clearing system is another country's than the bank's address");
	else
		row->cells[COLUMN_BANK_COUNTRY] =
			(struct pain001_span){row->values.spans[FIELD_CLEARING_SYSTEM].offset, 2};
}

static struct text paid_out_in(const struct pain001_row *row)
{
	if (row->cells[COLUMN_TARGET_CURRENCY].len > 0)
		return pain001_text(&row->values, row->cells[COLUMN_TARGET_CURRENCY]);
	return pain001_text(&row->values, row->cells[COLUMN_CURRENCY]);
}

static void make_bank(struct pain001_row *row, struct pain001_names *unused)
{
	put(row, COLUMN_IBAN, FIELD_IBAN);
	put(row, COLUMN_ACCOUNT_NUMBER, FIELD_ACCOUNT);
	put(row, COLUMN_BIC, FIELD_BIC);
	put(row, COLUMN_BANK_NAME, FIELD_BANK_NAME);
	put(row, COLUMN_BANK_CITY, FIELD_BANK_CITY);
	put(row, COLUMN_BANK_COUNTRY, FIELD_BANK_COUNTRY);
	make_clearing(row, unused);
	if (has(row, FIELD_ACCOUNT_CURRENCY) && !text_equal(value(row, FIELD_ACCOUNT_CURRENCY), paid_out_in(row)))
		pain001_names_add(unused, "CdtrAcct", "Ccy");
	if (has(row, FIELD_IBAN) && has(row, FIELD_ACCOUNT))
		blame(row, FINDING_ERROR, "FIELD_CONFLICT", TEXT("account_number"), "Keep the one that is meant.",
			"the creditor's account has an IBAN and another number");
	if (has(row, FIELD_PROXY))
		blame(row, FINDING_ERROR, "FIELD_NOT_SENT", TEXT("CdtrAcct/Prxy"),
			"Name the account itself, by IBAN or number.",
			"an alias of the account (Prxy) goes to no provider");
	if (!has(row, FIELD_BANK_OTHER) || is_none(value(row, FIELD_BANK_OTHER)))
		return;
	if (has(row, FIELD_IBAN))
		pain001_names_add(unused, "FinInstnId", "Othr");
	else
		blame(row, FINDING_ERROR, "FIELD_NOT_SENT", TEXT("CdtrAgt/FinInstnId/Othr/Id"),
			"Name the bank by BIC, or by its clearing system's number.",
			"an identification of the bank by another scheme goes to no provider");
}

/* The next of lines joined by newlines. */
static struct text next_line(struct text *lines)
{
	const char *newline = lines->len > 0 ? memchr(lines->ptr, '\n', lines->len) : NULL;
	struct text line = *lines;

	if (newline != NULL)
		line.len = (size_t)(newline - lines->ptr);
	*lines = newline != NULL ? (struct text){newline + 1, lines->len - line.len - 1} : TEXT("");
	return line;
}

/* Composed outside: bytes of the values move when others are added. */
static void make_address(struct pain001_row *row)
{
	struct buf first = {0}, second = {0};
	struct text lines = value(row, FIELD_ADDRESS);

	buf_addt(&first, value(row, FIELD_STREET));
	if (first.len > 0 && has(row, FIELD_BUILDING))
		buf_addc(&first, ' ');
	buf_addt(&first, value(row, FIELD_BUILDING));
	buf_addt(&second, value(row, FIELD_PLACE));
	while (lines.len > 0) {
		struct buf *to = first.len == 0 ? &first : &second;

		buf_addz(to, to->len > 0 ? ", " : "");
		buf_addt(to, next_line(&lines));
	}
	row->cells[COLUMN_LINE1] = pain001_add(&row->values, buf_text(first.len > 0 ? &first : &second));
	if (first.len > 0)
		row->cells[COLUMN_LINE2] = pain001_add(&row->values, buf_text(&second));
	buf_release(&first);
	buf_release(&second);
	put(row, COLUMN_CITY, FIELD_CITY);
	put(row, COLUMN_POSTAL_CODE, FIELD_POSTCODE);
	put(row, COLUMN_DISTRICT, FIELD_DISTRICT);
	put(row, COLUMN_COUNTRY, FIELD_COUNTRY);
}

/* A date in front of a time or a zone is that date; any other text is left for the rules to judge. */
static struct text day_of(struct text date)
{
	bool fine = date.len >= DATE_LEN;

	for (size_t i = 0; fine && i < DATE_LEN; i++)
		fine = i == 4 || i == 7 ? date.ptr[i] == '-' : is_digit(date.ptr[i]);
	if (fine && date.len > DATE_LEN && strchr("TZ+-", date.ptr[DATE_LEN]) == NULL)
		fine = false;
	return fine ? (struct text){date.ptr, DATE_LEN} : date;
}

/* A message always has a day, whether one is meant or not: it says when, and is not part of what the payout is
 * (content_digest_undated), so that the same message is the same on any day it is read. */
static void make_date(struct pain001_row *row, struct text date, struct pain001_names *unused)
{
	struct text day = day_of(date);

	if (day.len < date.len && date.ptr[day.len] == 'T' && row->position == 1)
		pain001_names_add(unused, "ReqdExctnDt", "DtTm");
	if (!text_is(day, AS_SOON))
		row->cells[COLUMN_EXECUTION_DATE] = pain001_add(&row->values, day);
}

/* --- what is inherited -------------------------------------------------------------------------------------------- */

static void make_method(struct pain001_row *row, struct text method)
{
	if (method.len == 0 || text_is(method, "TRF") || text_is(method, "TRA"))
		return;
	if (text_is(method, "CHK"))
		blame(row, FINDING_ERROR, "METHOD_UNSUPPORTED", TEXT("PmtMtd"), "Have it paid by transfer: TRF.",
			"the payment is to be made by cheque");
	else
		blame(row, FINDING_ERROR, "METHOD_UNSUPPORTED", TEXT("PmtMtd"), "Write TRF, which is a transfer.",
			"the payment's method is no transfer");
}

static void make_charges(struct pain001_row *row, struct text inherited, struct pain001_names *unused)
{
	struct text charges = has(row, FIELD_CHARGES) ? value(row, FIELD_CHARGES) : inherited;

	if (text_is(charges, "DEBT") || text_is(charges, "CRED"))
		pain001_names_add(unused, "ChrgBr", text_is(charges, "DEBT") ? "DEBT" : "CRED");
}

static void make_purpose(struct pain001_row *row, struct text inherited)
{
	put(row, COLUMN_PURPOSE, FIELD_CATEGORY);
	if (!has(row, FIELD_CATEGORY) && !has(row, FIELD_PURPOSE))
		row->cells[COLUMN_PURPOSE] = pain001_add(&row->values, inherited);
	put(row, COLUMN_PURPOSE, FIELD_PURPOSE);
}

static void make_origin(struct pain001_row *row, const struct pain001_values *payment)
{
	row->origin[0] = pain001_add(&row->values, pain001_value(payment, FIELD_PAYMENT_ID));
	row->origin[1] = pain001_add(&row->values, pain001_value(payment, FIELD_COUNT));
	row->origin[2] = pain001_add(&row->values, pain001_value(payment, FIELD_TOTAL));
	row->origin[3] = row->values.spans[FIELD_INSTRUCTION_ID];
	row->origin[4] = row->values.spans[FIELD_END_TO_END_ID];
	row->origin[5] = row->values.spans[FIELD_UETR];
	row->origin[6] = row->values.spans[FIELD_REGULATORY];
	if (!has(row, FIELD_UETR) || text_is_uuid(value(row, FIELD_UETR)))
		return;
	row->origin[5] = (struct pain001_span){0, 0};
	blame(row, FINDING_WARNING, "ID_SYNTAX", TEXT("PmtId/UETR"), "Write a UUID of version 4, or leave it out.",
		"the end-to-end transaction reference is no UUID, and is not kept");
}

void pain001_row_make(struct pain001_row *row, const struct pain001_values *payment,
	const struct pain001_reading *reading, struct pain001_names *unused)
{
	memset(row->cells, 0, sizeof(row->cells));
	pain001_problems_copy(&row->values, payment);
	if (!is_none(value(row, FIELD_END_TO_END_ID)))
		put(row, COLUMN_REFERENCE, FIELD_END_TO_END_ID);
	make_amount(row, reading);
	make_bank(row, unused);
	put(row, COLUMN_BENEFICIARY_NAME, FIELD_NAME);
	put(row, COLUMN_EMAIL, FIELD_EMAIL);
	put(row, COLUMN_DESCRIPTION, FIELD_TEXT);
	make_address(row);
	make_date(row, pain001_value(payment, FIELD_DATE), unused);
	make_method(row, pain001_value(payment, FIELD_METHOD));
	make_charges(row, pain001_value(payment, FIELD_CHARGES), unused);
	make_purpose(row, pain001_value(payment, FIELD_CATEGORY));
	make_origin(row, payment);
}

/* --- the row ------------------------------------------------------------------------------------------------------ */

/* What every row has; an element that says otherwise contradicts it. */
static void fill_constants(struct pain001_row *made, const struct profile *profile, struct row *row)
{
	for (size_t i = 0; i < profile->constant_count; i++) {
		const struct profile_column *constant = &profile->constants[i];
		struct text *cell;

		if (constant->column >= COLUMN_CELLS) {
			if (row->recipient_count < ROW_RECIPIENT_MAX)
				row->recipient[row->recipient_count++] =
					(struct row_recipient){constant->recipient, constant->value};
			continue;
		}
		cell = &row->cells[constant->column];
		if (cell->len > 0 && !text_equal(*cell, constant->value))
			blame(made, FINDING_ERROR, "FIELD_CONFLICT", column_text(constant->column),
				"Take the constant out of the profile, or the element out of the message.",
				"the message says something else than the profile's constant");
		*cell = constant->value;
	}
}

void pain001_row_fill(struct pain001_row *made, const struct pain001_reading *reading, struct row *row)
{
	struct text *const origin[] = ORIGIN_EACH(&row->origin);

	memset(row->cells, 0, sizeof(row->cells));
	row->number = made->number;
	row->line = made->values.line;
	row->recipient_count = 0;
	row->own_reference = (struct text){0};
	row->broken = false;
	row->origin.payment = made->payment;
	if (reading->profile != NULL) {
		/* Its problems may move the bytes: the cells are set behind it once more. */
		for (size_t i = 0; i < COLUMN_COUNT; i++)
			row->cells[i] = pain001_text(&made->values, made->cells[i]);
		fill_constants(made, reading->profile, row);
	}
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (made->cells[i].len > 0)
			row->cells[i] = pain001_text(&made->values, made->cells[i]);
	row->cells[COLUMN_PURPOSE] = profile_purpose(reading->profile, row->cells[COLUMN_PURPOSE]);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++)
		*origin[i] = pain001_text(&made->values, made->origin[i]);
	row->refused = made->values.refused;
}

void pain001_row_release(struct pain001_row *row)
{
	pain001_values_release(&row->values);
}
