#include "formats/pain001_control.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "formats/pain001_row.h"

#define IS_WHOLE "Check that the file is whole; who made it must say what it holds."

static bool read_decimal(struct text text, struct decimal *decimal)
{
	struct buf plain = {0};
	bool fine = pain001_decimal(text, '.', &plain) && decimal_parse(buf_text(&plain), decimal);

	buf_release(&plain);
	return fine;
}

static void sum_add(struct pain001_sum *sum, const struct decimal *amount)
{
	sum->count++;
	if (amount == NULL)
		sum->unreadable++;
	else if (!decimal_add(&sum->sum, *amount))
		sum->beyond = true;
}

void pain001_control_add(struct pain001_control *control, struct text amount)
{
	struct decimal decimal;
	bool fine = read_decimal(amount, &decimal);

	sum_add(&control->all, fine ? &decimal : NULL);
	sum_add(&control->payment, fine ? &decimal : NULL);
}

static void differ(struct pain001_control *control, const char *code, int64_t line, int64_t number, const char *element,
	const char *format, ...) __attribute__((format(printf, 6, 7)));

static void differ(struct pain001_control *control, const char *code, int64_t line, int64_t number, const char *element,
	const char *format, ...)
{
	struct pain001_difference *difference = &control->differences[control->difference_count];
	va_list list;

	if (control->difference_count == PAIN001_DIFFERENCES_MAX) {
		control->others++;
		return;
	}
	control->difference_count++;
	difference->code = code;
	difference->line = line;
	if (number > 0)
		buf_addf(&difference->field, "PmtInf[%" PRId64 "]/%s", number, element);
	else
		buf_addf(&difference->field, "GrpHdr/%s", element);
	va_start(list, format);
	buf_addv(&difference->message, format, list);
	va_end(list);
}

static void name_part(const struct pain001_values *said, int64_t number, struct buf *name)
{
	if (number == 0) {
		buf_addz(name, "the message");
		return;
	}
	buf_addz(name, "the payment ");
	text_show(name, pain001_value(said, FIELD_PAYMENT_ID), 40);
	buf_addf(name, " (PmtInf[%" PRId64 "])", number);
}

static void check_count(struct pain001_control *control, const struct pain001_values *said, int64_t number,
	const struct pain001_sum *had, const char *name)
{
	struct text text = pain001_value(said, FIELD_COUNT);
	struct buf shown = {0};
	int64_t count;

	if (text.len == 0)
		return;
	control->said = true;
	text_show(&shown, text, 40);
	if (!text_number(text, INT64_MAX / 10, &count))
		differ(control, "CONTROL_COUNT", said->line, number, "NbOfTxs", "the NbOfTxs of %s is no count: %s",
			name, buf_str(&shown));
	else if (count != had->count)
		differ(control, "CONTROL_COUNT", said->line, number, "NbOfTxs",
			"%s has %" PRId64 " transactions, its NbOfTxs says %s", name, had->count, buf_str(&shown));
	buf_release(&shown);
}

static void check_total(struct pain001_control *control, const struct pain001_values *said, int64_t number,
	const struct pain001_sum *had, const char *name)
{
	struct text text = pain001_value(said, FIELD_TOTAL);
	struct buf shown = {0}, counted = {0};
	struct decimal total;

	if (text.len == 0)
		return;
	control->said = true;
	text_show(&shown, text, 40);
	decimal_text(&counted, had->sum, 2);
	if (!read_decimal(text, &total))
		differ(control, "CONTROL_TOTAL", said->line, number, "CtrlSum",
			"the CtrlSum of %s is no decimal number: %s", name, buf_str(&shown));
	else if (had->beyond)
		differ(control, "CONTROL_TOTAL", said->line, number, "CtrlSum",
			"the amounts of %s add up to more than can be counted, its CtrlSum says %s", name,
			buf_str(&shown));
	else if (had->unreadable > 0)
		differ(control, "CONTROL_TOTAL", said->line, number, "CtrlSum",
			"the amounts of %s add up to %s without %" PRId64 " that can't be read, its CtrlSum says %s",
			name, buf_str(&counted), had->unreadable, buf_str(&shown));
	else if (decimal_compare(total, had->sum) != 0)
		differ(control, "CONTROL_TOTAL", said->line, number, "CtrlSum",
			"the amounts of %s add up to %s, its CtrlSum says %s", name, buf_str(&counted),
			buf_str(&shown));
	buf_release(&shown);
	buf_release(&counted);
}

void pain001_control_end(
	struct pain001_control *control, const struct pain001_values *said, int64_t number, struct pain001_sum *had)
{
	struct buf name = {0};

	name_part(said, number, &name);
	check_count(control, said, number, had, buf_str(&name));
	check_total(control, said, number, had, buf_str(&name));
	buf_release(&name);
	*had = (struct pain001_sum){.count = 0};
}

bool pain001_control_tell(const struct pain001_control *control, struct findings *findings)
{
	findings->row = 0;
	for (size_t i = 0; i < control->difference_count; i++) {
		const struct pain001_difference *difference = &control->differences[i];

		findings->line = difference->line;
		finding_add_plain(findings, FINDING_ERROR, difference->code,
			text_string(findings->arena, buf_text(&difference->field)), IS_WHOLE,
			text_string(findings->arena, buf_text(&difference->message)));
	}
	findings->line = 0;
	if (control->others > 0)
		finding_add(findings, FINDING_ERROR, "CONTROL_COUNT", "", IS_WHOLE,
			"%" PRId64 " more counts and sums of payments differ", control->others);
	return control->difference_count == 0;
}

void pain001_control_release(struct pain001_control *control)
{
	for (size_t i = 0; i < control->difference_count; i++) {
		buf_release(&control->differences[i].message);
		buf_release(&control->differences[i].field);
	}
}
