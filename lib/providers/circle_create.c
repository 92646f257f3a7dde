/* The canonical payload of a payout, in each mode (circle.md, A4, A5, A10). */
#include <string.h>

#include "providers/circle_parts.h"
#include "providers/request.h"
#include "values/content.h"
#include "values/money.h"

/* --- who pays: source.identities of stablecoin payouts (A10) ---------------------------------------------------- */

/* In the order of the wire: the first two of the identity, the others of its address. */
static const struct {
	const char *setting;
	const char *member;
	bool required; /* as soon as one of them is set */
	bool of_address;
} originator[] = {
	{"originator_type", "type", true, false},
	{"originator_name", "name", true, false},
	{"originator_line1", "line1", true, true},
	{"originator_line2", "line2", false, true},
	{"originator_city", "city", true, true},
	{"originator_district", "district", false, true},
	{"originator_postal_code", "postalCode", true, true},
	{"originator_country", "country", true, true},
};
#define ORIGINATOR (sizeof(originator) / sizeof(originator[0]))

bool circle_has_originator(const struct channel *channel)
{
	for (size_t i = 0; i < ORIGINATOR; i++)
		if (channel_setting(channel, originator[i].setting).len > 0)
			return true;
	return false;
}

static bool district_missing(const struct channel *channel)
{
	return text_lists(
		       text_of(circle_bank_terms.district_countries), channel_setting(channel, "originator_country")) &&
	       channel_setting(channel, "originator_district").len == 0;
}

bool circle_originator_check(const struct channel *channel, struct fault *fault)
{
	static const char cure[] = "the travel rule wants the whole name and address of who pays, or nothing";

	if (!circle_has_originator(channel))
		return true;
	if (circle_mode(channel)->banks != NULL)
		return fault_set(fault, FAULT_USAGE, "", "take originator_... out; mode address_book alone sends it",
			"channel %s: payouts to bank accounts carry no originator", channel->name);
	for (size_t i = 0; i < ORIGINATOR; i++)
		if (originator[i].required && channel_setting(channel, originator[i].setting).len == 0)
			return fault_set(fault, FAULT_USAGE, "", cure, "channel %s has no %s, but others of them",
				channel->name, originator[i].setting);
	if (channel_setting(channel, "originator_country").len != 2 || district_missing(channel))
		return fault_set(fault, FAULT_USAGE, "",
			"write the country with two letters, and with US and CA the district with two",
			"channel %s: the originator's country or district is not whole", channel->name);
	return true;
}

static void add_identities(const struct channel *channel, struct buf *payload)
{
	request_add_name(payload, "identities");
	buf_addz(payload, "[{");
	for (size_t i = 0; i < ORIGINATOR; i++) {
		if (originator[i].of_address && !originator[i - 1].of_address) {
			request_add_name(payload, "addresses");
			buf_addz(payload, "[{");
		}
		request_add_filled(payload, originator[i].member, channel_setting(channel, originator[i].setting));
	}
	buf_addz(payload, "}]}]");
}

/* --- the payload ------------------------------------------------------------------------------------------------ */

static void add_destination(const struct call *call, const struct circle_mode *mode, struct buf *payload)
{
	struct text id = call->destination_id;

	if (id.len == 0)
		id = content_get(call->content, "beneficiary_id");
	request_add_name(payload, "destination");
	buf_addc(payload, '{');
	request_add_member(payload, "type", text_of(mode->type));
	request_add_member(payload, "id", id);
	buf_addc(payload, '}');
}

/* All decimals of the currency: every documented amount has them. */
static void add_amount(const struct call *call, struct buf *payload)
{
	request_add_name(payload, "amount");
	buf_addz(payload, "{\"amount\":\"");
	money_text(payload, call->amount_minor, call->decimals);
	buf_addc(payload, '"');
	request_add_member(payload, "currency", call->currency);
	buf_addc(payload, '}');
}

static void add_target(const struct call *call, struct buf *payload)
{
	struct text target = content_get(call->content, "target_currency");

	if (target.len == 0)
		return;
	request_add_name(payload, "toAmount");
	buf_addc(payload, '{');
	request_add_member(payload, "currency", target);
	buf_addc(payload, '}');
}

/* The row's wallet, else the channel's, else none: Circle takes the main wallet then. */
static void add_source(const struct call *call, const struct circle_mode *mode, struct buf *payload)
{
	struct text wallet = content_get(call->content, "source_wallet");
	bool identities = mode->banks == NULL && circle_has_originator(call->channel);

	if (wallet.len == 0)
		wallet = channel_setting(call->channel, "source_wallet");
	if (wallet.len == 0 && !identities)
		return;
	request_add_name(payload, "source");
	buf_addc(payload, '{');
	request_add_member(payload, "type", TEXT("wallet"));
	request_add_filled(payload, "id", wallet);
	if (identities)
		add_identities(call->channel, payload);
	buf_addc(payload, '}');
}

static void add_email(const struct call *call, struct buf *payload)
{
	request_add_name(payload, "metadata");
	buf_addc(payload, '{');
	request_add_member(payload, "beneficiaryEmail", content_get(call->content, "email"));
	buf_addc(payload, '}');
}

void circle_freeze(const struct call *call, struct buf *payload)
{
	const struct circle_mode *mode = circle_mode(call->channel);
	char key[KEY_TEXT_SIZE];

	key_text(&call->key, key);
	buf_addc(payload, '{');
	request_add_member(payload, "idempotencyKey", text_of(key));
	add_destination(call, mode, payload);
	add_amount(call, payload);
	add_target(call, payload);
	add_source(call, mode, payload);
	if ((mode->carried & COLUMN_SET(COLUMN_EMAIL)) != 0)
		add_email(call, payload);
	if ((mode->carried & COLUMN_SET(COLUMN_PURPOSE)) != 0)
		request_add_filled(payload, "purposeOfTransfer", content_get(call->content, "purpose"));
	buf_addc(payload, '}');
}
