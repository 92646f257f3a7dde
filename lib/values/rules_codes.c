/* Rules of what a channel's provider has a list or a form for: purposes, ids, e-mail, lengths. */
#include "values/rules_run.h"

#define BALANCE_PREFIX "bal_"

static enum purpose_verdict judge_purpose(const struct rules_run *run, const char **meaning)
{
	*meaning = "";
	if (run->terms == NULL || !rules_has(run, COLUMN_PURPOSE) ||
		(run->terms->carried & COLUMN_SET(COLUMN_PURPOSE)) == 0)
		return PURPOSE_VALID;
	return purpose_check(run->terms->purposes, run->payout->cells[COLUMN_PURPOSE], meaning);
}

void rules_purpose_required(struct rules_run *run, const struct rule *rule)
{
	if (run->terms != NULL && run->terms->purpose_required && (run->filled & COLUMN_SET(COLUMN_PURPOSE)) == 0)
		rules_found(run, rule, "purpose", "fill in a code of the provider's list",
			"%s wants the purpose of each payout", provider_name(run->terms->channel->provider));
}

#define TRANSLATE "map your own code in a profile: purpose.SALA = PMT008"

void rules_purpose_unknown(struct rules_run *run, const struct rule *rule)
{
	struct text purpose = run->payout->cells[COLUMN_PURPOSE];
	const char *meaning, *iso, *cure = "write a code of the provider's list, or " TRANSLATE;
	struct purpose_near near;

	if (judge_purpose(run, &meaning) != PURPOSE_BAD_UNKNOWN)
		return;
	near = purpose_meant(run->terms->purposes, purpose);
	iso = purpose_iso(purpose);
	if (near.code[0] != '\0')
		cure = finding_text(
			run->findings, "did you mean %s (%s)? Write it, or " TRANSLATE, near.code, near.meaning);
	rules_found(run, rule, "purpose", cure, "'%s' is no purpose that %s knows%s%s%s",
		rules_show(run, COLUMN_PURPOSE), provider_name(run->terms->channel->provider),
		iso != NULL ? ": it is ISO 20022's code for '" : "", iso != NULL ? iso : "", iso != NULL ? "'" : "");
}

/* What the provider makes of a code is not known, so the payout goes as it is. */
void rules_purpose_unlikely(struct rules_run *run, const struct rule *rule)
{
	struct text purpose = run->payout->cells[COLUMN_PURPOSE];
	struct purpose_near near;

	if (purpose.len == 0 || run->terms == NULL || run->terms->purposes != PURPOSE_ANY ||
		(run->terms->carried & COLUMN_SET(COLUMN_PURPOSE)) == 0 ||
		purpose_likely(run->payout->cells[COLUMN_COUNTRY], purpose, &near))
		return;
	rules_found(run, rule, "purpose",
		near.code[0] != '\0' ? finding_text(run->findings, "did you mean %s (%s)?", near.code, near.meaning)
				     : "make sure that the beneficiary's bank knows it",
		"'%s' looks like a purpose code, and is none of ISO 20022 or of the country, as far as is known",
		rules_show(run, COLUMN_PURPOSE));
}

void rules_purpose_unsupported(struct rules_run *run, const struct rule *rule)
{
	const char *meaning;

	if (judge_purpose(run, &meaning) == PURPOSE_BAD_UNSUPPORTED)
		rules_found(run, rule, "purpose", "take another code of the provider's list",
			"%s takes no payouts for the purpose %s (%s)", provider_name(run->terms->channel->provider),
			rules_show(run, COLUMN_PURPOSE), meaning);
}

void rules_id_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->terms != NULL && run->terms->uuid_destination && rules_has_sound(run, COLUMN_BENEFICIARY_ID) &&
		!text_is_uuid(run->payout->cells[COLUMN_BENEFICIARY_ID]))
		rules_found(run, rule, "beneficiary_id", "copy the id from the provider: it is a UUID",
			"'%s' is no id that %s gives", rules_show(run, COLUMN_BENEFICIARY_ID),
			provider_name(run->terms->channel->provider));
}

/* bal_ and what follows, in one word. */
static bool is_balance(struct text id)
{
	size_t prefix = sizeof(BALANCE_PREFIX) - 1;

	if (!text_starts(id, TEXT(BALANCE_PREFIX)) || id.len == prefix)
		return false;
	for (size_t i = prefix; i < id.len; i++)
		if (id.ptr[i] <= ' ' || id.ptr[i] > '~')
			return false;
	return true;
}

void rules_balance_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->terms != NULL && run->terms->pays_from_balance && rules_has_sound(run, COLUMN_BALANCE_ID) &&
		!is_balance(run->payout->cells[COLUMN_BALANCE_ID]))
		rules_found(run, rule, "balance_id",
			"copy the id from the provider: " BALANCE_PREFIX " and what follows",
			"'%s' is no id of a balance", rules_show(run, COLUMN_BALANCE_ID));
}

/* One @ with something before it, and a name with a point behind it: more only the receiver can tell. */
static bool email_likely(struct text email)
{
	size_t at = 0, ats = 0, points = 0;

	for (size_t i = 0; i < email.len; i++) {
		if (email.ptr[i] == ' ')
			return false;
		if (email.ptr[i] == '@') {
			ats++;
			at = i;
			points = 0;
		}
		points += email.ptr[i] == '.';
	}
	return ats == 1 && at > 0 && points > 0 && email.ptr[at + 1] != '.' && email.ptr[email.len - 1] != '.';
}

void rules_email_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->terms != NULL && (run->terms->carried & COLUMN_SET(COLUMN_EMAIL)) != 0 &&
		rules_has(run, COLUMN_EMAIL) && !email_likely(run->payout->cells[COLUMN_EMAIL]))
		rules_found(run, rule, "email", "write one whole address: ann@example.com", "'%s' is no e-mail address",
			rules_show(run, COLUMN_EMAIL));
}

/* The next limit of the row's channel that a filled column passes, upwards or downwards. */
static bool next_passed(const struct rules_run *run, size_t *at, bool above, size_t *points)
{
	for (; run->terms != NULL && *at < run->terms->limit_count; (*at)++) {
		const struct column_limit *limit = &run->terms->limits[*at];
		struct text cell = run->payout->cells[limit->column];

		if (!rules_has_sound(run, limit->column) || (above && cell.len <= limit->max))
			continue;
		*points = text_points(cell);
		if (above ? limit->max > 0 && *points > limit->max : *points < limit->min)
			return true;
	}
	return false;
}

void rules_column_length(struct rules_run *run, const struct rule *rule)
{
	size_t points;

	for (size_t i = 0; next_passed(run, &i, true, &points); i++) {
		const struct column_limit *limit = &run->terms->limits[i];

		rules_found(run, rule, column_name(limit->column), "shorten it",
			"%s has %zu characters, %s takes at most %u", column_name(limit->column), points,
			provider_name(run->terms->channel->provider), limit->max);
	}
}

void rules_column_short(struct rules_run *run, const struct rule *rule)
{
	size_t points;

	for (size_t i = 0; next_passed(run, &i, false, &points); i++) {
		const struct column_limit *limit = &run->terms->limits[i];

		rules_found(run, rule, column_name(limit->column), "write all of it; zeros at the front count",
			"%s has %zu characters, %s takes no fewer than %u", column_name(limit->column), points,
			provider_name(run->terms->channel->provider), limit->min);
	}
}
