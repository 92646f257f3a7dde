/* The address book (providers/circle.md, A5). Recipients that were never made are known as well, by the contract,
 * section 9: any UUID is active, but 00000000... is unknown and ffffffff... inactive. */
#include "cmd/sandbox/circle.h"

#define UNKNOWN_PREFIX TEXT("00000000")
#define INACTIVE_PREFIX TEXT("ffffffff")
#define KNOWN_SINCE_MS INT64_C(1767225600000) /* 2026-01-01 */

static const struct {
	const char *id;
	const char *name;
} vasps[] = {
	{"5f0a9a1e-6c1d-4b0e-9f43-2d1a8f6b7c01", "Sandbox Exchange One"},
	{"5f0a9a1e-6c1d-4b0e-9f43-2d1a8f6b7c02", "Sandbox Exchange Two"},
};
#define VASPS (sizeof(vasps) / sizeof(vasps[0]))

bool circle_vasp_known(struct text id)
{
	size_t i;

	for (i = 0; i < VASPS; i++)
		if (text_is(id, vasps[i].id))
			return true;
	return false;
}

/* Not there, deleted or without a UUID for a name: unknown. A known one without set-up is on a chain that no travel
 * rule covers (assumed), so that no payout to it fails for want of identities. */
enum circle_recipient_status circle_recipient_find(
	const struct circle_call *call, struct text id, struct circle_recipient *recipient, char key[UUID_LEN])
{
	const struct circle_recipient *kept;
	struct text name = {key, UUID_LEN};

	if (!uuid_parse(id, key))
		return CIRCLE_RECIPIENT_UNKNOWN;
	kept = map_get(&call->state->recipients_by_id, name);
	if (kept != NULL)
		*recipient = *kept;
	else
		*recipient = (struct circle_recipient){
			.id = name,
			.chain = TEXT("NOBLE"),
			.address = TEXT("noble1payrunsandbox"),
			.metadata = TEXT("{}"),
			.created_utc_ms = KNOWN_SINCE_MS,
			.updated_utc_ms = KNOWN_SINCE_MS,
			.inactive = text_starts(name, INACTIVE_PREFIX),
			.deleted = text_starts(name, UNKNOWN_PREFIX),
		};
	if (recipient->deleted)
		return CIRCLE_RECIPIENT_UNKNOWN;
	if (recipient->inactive)
		return CIRCLE_RECIPIENT_INACTIVE;
	return sandbox_now_ms(call->sandbox) >= recipient->due_ms ? CIRCLE_RECIPIENT_ACTIVE : CIRCLE_RECIPIENT_PENDING;
}

static const char *status_word(const struct circle_call *call, const struct circle_recipient *recipient)
{
	if (recipient->inactive)
		return "inactive";
	return sandbox_now_ms(call->sandbox) >= recipient->due_ms ? "active" : "pending";
}

void circle_recipient_write(const struct circle_call *call, struct buf *body, const void *item)
{
	const struct circle_recipient *recipient = item;

	buf_addz(body, "{\"id\":");
	buf_add_json(body, recipient->id);
	circle_member(body, "chain", recipient->chain);
	circle_member(body, "address", recipient->address);
	if (recipient->tag.ptr != NULL)
		circle_member(body, "addressTag", recipient->tag);
	circle_member_json(body, "metadata", recipient->metadata);
	if (recipient->identity.ptr != NULL)
		circle_member_json(body, "identity", recipient->identity);
	if (recipient->ownership.ptr != NULL)
		circle_member_json(body, "ownership", recipient->ownership);
	buf_addf(body, ",\"status\":\"%s\"", status_word(call, recipient));
	circle_member_date(body, "updateDate", recipient->updated_utc_ms);
	circle_member_date(body, "createDate", recipient->created_utc_ms);
	buf_addc(body, '}');
}

static void recipient_answer(struct circle_call *call, unsigned status, const struct circle_recipient *recipient)
{
	circle_recipient_write(call, circle_data(call, status), recipient);
	circle_data_end(call);
}

static bool registered(const struct circle_state *state, const struct circle_recipient *recipient)
{
	size_t i;

	for (i = 0; i < state->recipients.count; i++) {
		const struct circle_recipient *other = state->recipients.items[i];

		if (!other->deleted && text_equal(other->address, recipient->address) &&
			text_equal(other->chain, recipient->chain) && text_equal(other->tag, recipient->tag))
			return true;
	}
	return false;
}

/* metadata, identity and ownership are in the state's memory already. */
static struct circle_recipient *recipient_keep(struct circle_state *state, const struct circle_recipient *recipient)
{
	struct circle_recipient *kept = arena_alloc(&state->memory, sizeof(*kept));

	*kept = *recipient;
	kept->id = text_copy(&state->memory, recipient->id);
	kept->chain = text_copy(&state->memory, recipient->chain);
	kept->address = text_copy(&state->memory, recipient->address);
	if (recipient->tag.ptr != NULL)
		kept->tag = text_copy(&state->memory, recipient->tag);
	list_add(&state->recipients, kept);
	map_put(&state->recipients_by_id, kept->id, kept);
	return kept;
}

/* A random id that is not one of those with a meaning. */
static void id_new(char out[UUID_SIZE])
{
	do
		uuid_new(out);
	while (text_starts(text_of(out), UNKNOWN_PREFIX) || text_starts(text_of(out), INACTIVE_PREFIX));
}

void circle_recipient_create(struct circle_call *call)
{
	struct circle_recipient recipient = {.due_ms = INT64_MAX};
	char id[UUID_SIZE];

	if (!circle_recipient_read(call, &recipient))
		return;
	if (registered(call->state, &recipient)) {
		circle_refuse(call, CIRCLE_RECIPIENT_EXISTS, "The address is registered already.");
		return;
	}
	id_new(id);
	recipient.id = text_of(id);
	recipient.created_utc_ms = sandbox_real_ms(call->sandbox);
	recipient.updated_utc_ms = recipient.created_utc_ms;
	recipient_answer(call, 201, &recipient);
	if (call->request->dry)
		return;
	circle_key_bind(call, NULL);
	recipient.due_ms = sandbox_now_ms(call->sandbox) + call->sandbox->options->settle_after_ms;
	circle_notice_plan(call, recipient_keep(call->state, &recipient), CIRCLE_RECIPIENT_CHANGED, recipient.due_ms);
}

/* False after the refusal. */
static bool recipient_of_path(struct circle_call *call, struct circle_recipient *recipient, char key[UUID_LEN])
{
	if (circle_recipient_find(call, call->id, recipient, key) != CIRCLE_RECIPIENT_UNKNOWN)
		return true;
	circle_refuse_status(call->response, 404, "Not found.");
	return false;
}

void circle_recipient_get(struct circle_call *call)
{
	struct circle_recipient recipient;
	char key[UUID_LEN];

	if (recipient_of_path(call, &recipient, key))
		recipient_answer(call, 200, &recipient);
}

/* The kept one, which is made for one that is known without set-up. */
static struct circle_recipient *recipient_own(struct circle_call *call, const struct circle_recipient *recipient)
{
	struct circle_recipient *kept = map_get(&call->state->recipients_by_id, recipient->id);

	return kept != NULL ? kept : recipient_keep(call->state, recipient);
}

void circle_recipient_patch(struct circle_call *call)
{
	struct circle_recipient recipient;
	struct circle_recipient *kept;
	char key[UUID_LEN];

	if (!recipient_of_path(call, &recipient, key))
		return;
	if (json_object_get(call->root, "identity") != NULL) {
		circle_refuse(call, CIRCLE_IDENTITY_FIXED, "identity can't be changed.");
		return;
	}
	if (json_object_get(call->root, "ownership") != NULL) {
		circle_refuse(call, CIRCLE_OWNERSHIP_FIXED, "ownership can't be changed.");
		return;
	}
	if (!circle_metadata_read(call, &recipient.metadata))
		return;
	recipient.updated_utc_ms = sandbox_real_ms(call->sandbox);
	if (!call->request->dry) {
		kept = recipient_own(call, &recipient);
		kept->metadata = recipient.metadata;
		kept->updated_utc_ms = recipient.updated_utc_ms;
	}
	recipient_answer(call, 200, &recipient);
}

/* Without a body, as Circle's client library has it. */
void circle_recipient_delete(struct circle_call *call)
{
	struct circle_recipient recipient;
	char key[UUID_LEN];

	if (!recipient_of_path(call, &recipient, key))
		return;
	if (!call->request->dry)
		recipient_own(call, &recipient)->deleted = true;
	response_json(call->response, 200);
	call->response->content_type = NULL;
}

static bool list_find(const struct circle_call *call, struct text id, size_t *index)
{
	const struct list *list = &call->state->recipients;
	char key[UUID_LEN];

	if (!uuid_parse(id, key))
		return false;
	for (*index = 0; *index < list->count; (*index)++)
		if (text_equal(
			    ((const struct circle_recipient *)list->items[*index])->id, (struct text){key, UUID_LEN}))
			return true;
	return false;
}

static bool list_match(const struct circle_call *call, const void *item, const void *filter)
{
	const struct circle_recipient *recipient = item;

	(void)filter;
	return !recipient->deleted && circle_argument_allows(call->request, "address", recipient->address) &&
	       circle_argument_allows(call->request, "chain", recipient->chain) &&
	       circle_argument_allows(call->request, "status", text_of(status_word(call, recipient)));
}

static int64_t list_created_ms(const void *item)
{
	return ((const struct circle_recipient *)item)->created_utc_ms;
}

static void list_id(const void *item, char out[UUID_SIZE])
{
	snprintf(out, UUID_SIZE, "%.*s", UUID_LEN, ((const struct circle_recipient *)item)->id.ptr);
}

void circle_recipient_list(struct circle_call *call)
{
	const struct circle_query query = {
		.list = &call->state->recipients,
		.find = list_find,
		.match = list_match,
		.created_ms = list_created_ms,
		.id = list_id,
		.write = circle_recipient_write,
	};

	circle_list_answer(call, &query);
}

/* For Singapore and France (A3); members assumed. */
void circle_vasps(struct circle_call *call)
{
	struct buf *body;
	size_t i;

	if (call->entity == CIRCLE_LLC) {
		circle_refuse(call, CIRCLE_FORBIDDEN, "Forbidden");
		return;
	}
	body = circle_data(call, 200);
	for (i = 0; i < VASPS; i++)
		buf_addf(body, "%s{\"id\":\"%s\",\"name\":\"%s\"}", i == 0 ? "[" : ",", vasps[i].id, vasps[i].name);
	buf_addc(body, ']');
	circle_data_end(call);
}
