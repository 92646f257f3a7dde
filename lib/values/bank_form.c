#include "values/bank_form.h"

#include <assert.h>
#include <string.h>

bank_forms bank_forms_of(const struct bank_terms *bank, struct text further, struct text country)
{
	size_t first = 0, count = bank->country_count;

	if (country.len != 2)
		return 0;
	while (count > 0) {
		size_t half = count / 2;
		const struct bank_country *middle = &bank->countries[first + half];
		int order = memcmp(country.ptr, middle->alpha2, 2);

		if (order == 0)
			return middle->forms;
		if (order > 0) {
			first += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return text_lists(further, country) ? bank->further : 0;
}

static bool has(bank_forms forms, enum bank_form form)
{
	return (forms & BANK_FORM_SET(form)) != 0;
}

enum bank_form bank_form_choose(bank_forms forms, column_set filled)
{
	if ((filled & COLUMN_SET_BANK) == 0)
		return BANK_FORM_NONE;
	if (forms == 0)
		forms = BANK_FORM_SET_ALL;
	if (has(forms, BANK_FORM_IBAN) && (filled & COLUMN_SET(COLUMN_IBAN)) != 0)
		return BANK_FORM_IBAN;
	if (has(forms, BANK_FORM_BIC) && (filled & COLUMN_SET(COLUMN_BIC)) != 0)
		return BANK_FORM_BIC;
	if (has(forms, BANK_FORM_US) && (filled & COLUMN_SET(COLUMN_ROUTING_NUMBER)) != 0)
		return BANK_FORM_US;
	/* none of the marks: what the country prefers is what is asked for */
	if (has(forms, BANK_FORM_BIC) && (filled & COLUMN_SET(COLUMN_ACCOUNT_NUMBER)) != 0)
		return BANK_FORM_BIC;
	if (has(forms, BANK_FORM_IBAN))
		return BANK_FORM_IBAN;
	return has(forms, BANK_FORM_US) ? BANK_FORM_US : BANK_FORM_BIC;
}

const char *bank_form_text(enum bank_form form)
{
	static const char *const texts[BANK_FORM_COUNT] = {
		"no bank details", "a routing number and an account", "an IBAN", "a BIC and an account"};

	assert(form < BANK_FORM_COUNT);
	return texts[form];
}
