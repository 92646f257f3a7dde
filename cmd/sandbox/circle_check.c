/* Validation of bodies: errors are gathered and answered together (providers/circle.md, A9). */
#include "cmd/sandbox/circle.h"

#include <stdarg.h>

#define PLACE_SIZE 160

/* ISO 3166-1 alpha-2. */
static const char countries[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN "
				"BO BQ BR BS BT BV BW BY BZ "
				"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG "
				"EH ER ES ET FI FJ FK FM FO "
				"FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE "
				"IL IM IN IO IQ IR IS IT JE "
				"JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD "
				"ME MF MG MH MK ML MM MN MO "
				"MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
				"PH PK PL PM PN PR PS PT PW "
				"PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ "
				"TC TD TF TG TH TJ TK TL TM "
				"TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/* No customer can pay there (assumed: which ones is not published). */
static const char unsupported[] = "CU IR KP SY";

static bool code_listed(const char *list, struct text code)
{
	size_t i;

	for (i = 0; code.len == 2 && list[i] != '\0'; i += list[i + 2] == '\0' ? 2 : 3)
		if (memcmp(list + i, code.ptr, 2) == 0)
			return true;
	return false;
}

bool circle_country_known(struct text country)
{
	return code_listed(countries, country);
}

void circle_wrong(struct circle_call *call, const char *error, const char *location, const json_t *value,
	const char *constraints, const char *format, ...)
{
	struct buf message = {NULL, 0, 0};
	struct text given = document_string(value);
	va_list list;

	va_start(list, format);
	buf_addv(&message, format, list);
	va_end(list);
	if (json_is_integer(value))
		given = document_number(&call->sandbox->document, value);
	buf_addf(&call->errors, "%s{\"error\":\"%s\",\"message\":", call->error_count > 0 ? "," : "", error);
	buf_add_json(&call->errors, buf_text(&message));
	circle_member(&call->errors, "location", text_of(location));
	circle_member(&call->errors, "invalidValue", value == NULL || json_is_null(value) ? TEXT("null") : given);
	if (constraints != NULL)
		circle_member_json(&call->errors, "constraints", text_of(constraints));
	buf_addc(&call->errors, '}');
	buf_addf(&call->message, "%s %s", call->error_count > 0 ? "," : "", buf_str(&message));
	call->error_count++;
	buf_release(&message);
}

bool circle_checked(struct circle_call *call)
{
	struct buf *body = &call->response->body;

	if (call->error_count == 0)
		return true;
	circle_refuse(call, CIRCLE_INVALID_ENTITY, "Invalid entity.%s", buf_str(&call->message));
	body->len--; /* open it again for the list */
	circle_member_json(body, "errors", TEXT("["));
	buf_addt(body, buf_text(&call->errors));
	buf_addz(body, "]}");
	return false;
}

static void place_name(char out[PLACE_SIZE], const char *prefix, const char *name)
{
	snprintf(out, PLACE_SIZE, "%s%s", prefix, name);
}

struct text circle_string(
	struct circle_call *call, const json_t *object, const char *prefix, const struct circle_field *field)
{
	const json_t *value = json_object_get(object, field->name);
	struct text text = document_string(value);
	char place[PLACE_SIZE];
	char constraints[48];

	place_name(place, prefix, field->name);
	if (value == NULL || json_is_null(value)) {
		if (field->required)
			circle_wrong(call, "required", place, value, NULL, "%s may not be null (was null)", place);
		return (struct text){NULL, 0};
	}
	if (text.ptr == NULL) {
		circle_wrong(call, "invalid_value", place, value, NULL, "%s must be a string", place);
		return text;
	}
	if (text_points(text) > field->max || (field->required && text_trim(text).len == 0)) {
		snprintf(constraints, sizeof(constraints), "{\"min\":%d,\"max\":%u}", field->required ? 1 : 0,
			field->max);
		circle_wrong(call, "length_outside_bounds", place, value, constraints,
			"%s size must be between %d and %u", place, field->required ? 1 : 0, field->max);
		return (struct text){NULL, 0};
	}
	return text;
}

const json_t *circle_object(
	struct circle_call *call, const json_t *object, const char *prefix, const char *name, bool required)
{
	const json_t *value = json_object_get(object, name);
	char place[PLACE_SIZE];

	place_name(place, prefix, name);
	if (value == NULL || json_is_null(value)) {
		if (required)
			circle_wrong(call, "required", place, value, NULL, "%s may not be null (was null)", place);
		return NULL;
	}
	if (!json_is_object(value)) {
		circle_wrong(call, "invalid_value", place, value, NULL, "%s must be an object", place);
		return NULL;
	}
	return value;
}

void circle_fields(struct circle_call *call, const json_t *object, const char *prefix,
	const struct circle_field *fields, size_t count, struct buf *echo)
{
	size_t start = echo == NULL ? 0 : echo->len;
	size_t i;

	for (i = 0; i < count; i++) {
		struct text text = circle_string(call, object, prefix, &fields[i]);

		if (echo == NULL || text.ptr == NULL)
			continue;
		circle_member(echo, fields[i].name, text);
	}
	if (echo == NULL)
		return;
	if (echo->len == start)
		buf_addc(echo, ',');
	echo->data[start] = '{'; /* in place of the first comma */
	buf_addc(echo, '}');
}

bool circle_digits(struct text text, size_t min, size_t max)
{
	size_t i;

	if (text.len < min || text.len > max)
		return false;
	for (i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return true;
}

bool circle_amount_parse(struct text text, struct decimal *amount, bool *negative)
{
	const char *point;
	struct text whole;
	struct text fraction;

	*negative = text.len > 0 && text.ptr[0] == '-';
	if (*negative)
		text = (struct text){text.ptr + 1, text.len - 1};
	point = text.len > 0 ? memchr(text.ptr, '.', text.len) : NULL;
	whole = point == NULL ? text : (struct text){text.ptr, (size_t)(point - text.ptr)};
	fraction = point == NULL ? TEXT("0") : (struct text){point + 1, text.len - whole.len - 1};
	/* 15 digits: sums of balances stay far below the bound of decimal.h. */
	return circle_digits(whole, 1, 15) && circle_digits(fraction, 1, 2) && decimal_parse(text, amount);
}

static bool is_letter(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool circle_place_check(struct circle_call *call, const json_t *address, const char *location, bool district_required)
{
	struct text country = document_string(json_object_get(address, "country"));
	struct text district = document_string(json_object_get(address, "district"));

	if (country.len != 2 || !is_letter(country.ptr[0]) || !is_letter(country.ptr[1]))
		return circle_refuse(call, CIRCLE_COUNTRY_FORMAT, "%s.country must be two letters.", location);
	if (!circle_country_known(country))
		return circle_refuse(
			call, CIRCLE_COUNTRY_UNKNOWN, "%s.country is no ISO 3166-1 alpha-2 code.", location);
	if (code_listed(unsupported, country))
		return circle_refuse(call, CIRCLE_COUNTRY_UNSUPPORTED, "%s.country is not supported.", location);
	if (!text_is(country, "US") && !text_is(country, "CA"))
		return true;
	if (district.len == 0)
		return !district_required ||
		       circle_refuse(call, CIRCLE_DISTRICT_WRONG, "%s.district is required in US and CA.", location);
	if (district.len != 2)
		return circle_refuse(call, CIRCLE_DISTRICT_LENGTH, "%s.district must have two characters.", location);
	if (!is_letter(district.ptr[0]) || !is_letter(district.ptr[1]))
		return circle_refuse(call, CIRCLE_DISTRICT_WRONG, "%s.district must be two letters.", location);
	return true;
}
