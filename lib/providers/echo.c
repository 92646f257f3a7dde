#include "providers/echo.h"

#include <assert.h>
#include <string.h>

#include "providers/answer.h"
#include "providers/receipt.h"
#include "values/money.h"

#define NAME_SIZE 48 /* of a member; the tables of the adapters have the names */

enum found { FOUND_NOTHING = 0, FOUND_TEXT, FOUND_OTHER };

bool echo_same_text(const struct call *call, struct text told, struct text asked)
{
	(void)call;
	return text_equal(told, asked);
}

bool echo_same_nocase(const struct call *call, struct text told, struct text asked)
{
	(void)call;
	return text_equal_nocase(told, asked);
}

bool echo_same_decimal(const struct call *call, struct text told, struct text asked)
{
	(void)call;
	return money_same_text(told, asked);
}

/* Follows the name through one object after the other. */
static enum found find(const json_t *object, const char *name, struct text *text)
{
	for (;;) {
		size_t len = strcspn(name, ".");
		char first[NAME_SIZE];
		const json_t *member;

		assert(len < sizeof(first));
		memcpy(first, name, len);
		first[len] = '\0';
		member = json_object_get(object, first);
		*text = TEXT("");
		if (member == NULL || json_is_null(member))
			return FOUND_NOTHING;
		if (name[len] == '\0') {
			if (!json_is_string(member))
				return FOUND_OTHER;
			*text = (struct text){json_string_value(member), json_string_length(member)};
			return FOUND_TEXT;
		}
		if (!json_is_object(member))
			return FOUND_OTHER;
		object = member;
		name += len + 1;
	}
}

static void mismatch(const struct call *call, const char *who, const struct echo *echo, struct text told,
	struct text asked, struct arena *arena, struct receipt *receipt)
{
	void (*add)(struct buf * buf, struct text text) = echo->masked ? text_mask : buf_addt;
	struct buf reason = {0};

	buf_addf(&reason, "%s's answer has %s ", who, echo->name);
	add(&reason, told);
	buf_addz(&reason, ", asked for was ");
	add(&reason, asked);
	receipt_mismatch(receipt, receipt_show(call, arena, buf_text(&reason), RECEIPT_REASON_POINTS));
	buf_release(&reason);
}

bool echo_fits(const struct call *call, const char *who, const json_t *answer, const struct echo *echo,
	struct text asked, struct arena *arena, struct receipt *receipt)
{
	struct text told;
	enum found found = find(answer, echo->name, &told);

	if (found == FOUND_NOTHING || (found == FOUND_TEXT && told.len > 0 && echo->same(call, told, asked)))
		return true;
	mismatch(call, who, echo, told, asked, arena, receipt);
	return false;
}

bool echoes_fit(const struct call *call, const char *who, const json_t *answer, const struct echo *echoes, size_t count,
	struct text request, struct arena *arena, struct receipt *receipt)
{
	json_t *frozen = answer_parse(request, arena);
	bool fit = true;

	assert(frozen != NULL); /* our own writer made it, and the journal kept it */
	for (size_t i = 0; fit && i < count; i++) {
		struct text asked;

		if (find(frozen, echoes[i].asked != NULL ? echoes[i].asked : echoes[i].name, &asked) == FOUND_TEXT)
			fit = echo_fits(call, who, answer, &echoes[i], asked, arena, receipt);
	}
	json_decref(frozen);
	return fit;
}
