/* Lists, newest first, by page (providers/circle.md, A13). */
#include "cmd/sandbox/circle.h"

struct page {
	size_t size;
	int64_t from_ms;
	int64_t to_ms;
	const char *before;
	const char *after;
	size_t cursor; /* index of the item before or after names */
};

/* The items of a page, newest first, and whether there are more on either side. */
struct found {
	const void *items[CIRCLE_PAGE_MAX];
	size_t count;
	bool newer;
	bool older;
};

bool circle_argument_allows(const struct request *request, const char *name, struct text value)
{
	bool given = false;
	size_t i;

	for (i = 0; i < request->argument_count; i++) {
		if (strcmp(request->arguments[i].name, name) != 0)
			continue;
		if (text_is(value, request->arguments[i].value))
			return true;
		given = true;
	}
	return !given;
}

static void date_read(struct circle_call *call, const char *name, int64_t *utc_ms)
{
	const char *given = request_argument(call->request, name);

	if (given != NULL && !clock_iso_parse(text_of(given), utc_ms))
		circle_wrong(call, "invalid_value", name, NULL, NULL, "%s must be a date of ISO 8601 in UTC", name);
}

static void cursor_read(struct circle_call *call, const char *name, const struct circle_query *query,
	const char **cursor, size_t *index)
{
	*cursor = request_argument(call->request, name);
	if (*cursor != NULL && !query->find(call, text_of(*cursor), index))
		circle_wrong(call, "invalid_value", name, NULL, NULL, "%s names no item of this list", name);
}

/* False after the refusal. */
static bool page_read(struct circle_call *call, const struct circle_query *query, struct page *page)
{
	const char *size = request_argument(call->request, "pageSize");
	int64_t number = CIRCLE_PAGE_MAX;

	*page = (struct page){.to_ms = INT64_MAX};
	date_read(call, "from", &page->from_ms);
	date_read(call, "to", &page->to_ms);
	cursor_read(call, "pageBefore", query, &page->before, &page->cursor);
	cursor_read(call, "pageAfter", query, &page->after, &page->cursor);
	if (page->before != NULL && page->after != NULL)
		circle_wrong(
			call, "not_required", "pageBefore", NULL, NULL, "pageBefore and pageAfter exclude each other");
	if (size != NULL && (!text_number(text_of(size), INT64_MAX, &number) || number < 1))
		circle_wrong(call, "min_value", "pageSize", NULL, "{\"min\":1}", "pageSize must be 1 or more");
	page->size = number > CIRCLE_PAGE_MAX ? CIRCLE_PAGE_MAX : (size_t)number;
	return circle_checked(call);
}

static bool item_matches(
	const struct circle_call *call, const struct circle_query *query, const struct page *page, const void *item)
{
	int64_t created_ms = query->created_ms(item);

	return created_ms >= page->from_ms && created_ms <= page->to_ms && query->match(call, item, query->filter);
}

/* True when an item below an index, or at it and above, matches. */
static bool more_below(
	const struct circle_call *call, const struct circle_query *query, const struct page *page, size_t index)
{
	while (index-- > 0)
		if (item_matches(call, query, page, query->list->items[index]))
			return true;
	return false;
}

static bool more_above(
	const struct circle_call *call, const struct circle_query *query, const struct page *page, size_t index)
{
	for (; index < query->list->count; index++)
		if (item_matches(call, query, page, query->list->items[index]))
			return true;
	return false;
}

static void find_older(
	const struct circle_call *call, const struct circle_query *query, const struct page *page, struct found *found)
{
	size_t start = page->after != NULL ? page->cursor : query->list->count;
	size_t index = start;

	while (index > 0 && found->count < page->size) {
		const void *item = query->list->items[--index];

		if (item_matches(call, query, page, item))
			found->items[found->count++] = item;
	}
	found->older = more_below(call, query, page, index);
	found->newer = more_above(call, query, page, start);
}

static void find_newer(
	const struct circle_call *call, const struct circle_query *query, const struct page *page, struct found *found)
{
	size_t index = page->cursor + 1;
	size_t i;

	for (; index < query->list->count && found->count < page->size; index++)
		if (item_matches(call, query, page, query->list->items[index]))
			found->items[found->count++] = query->list->items[index];
	for (i = 0; i < found->count / 2; i++) {
		const void *kept = found->items[i];

		found->items[i] = found->items[found->count - 1 - i];
		found->items[found->count - 1 - i] = kept;
	}
	found->newer = more_above(call, query, page, index);
	found->older = more_below(call, query, page, page->cursor + 1);
}

static void argument_encode(struct buf *url, const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++) {
		unsigned char byte = (unsigned char)*at;

		if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			strchr("-._~:", byte) != NULL)
			buf_addc(url, *at);
		else
			buf_addf(url, "%%%02X", byte);
	}
}

/* The request's own address with its filters, at another place of the list. */
static void link_add(
	const struct circle_call *call, struct buf *link, const char *relation, const char *cursor, const char *id)
{
	const struct request *request = call->request;
	bool self = strcmp(relation, "self") == 0;
	char mark = '?';
	size_t i;

	buf_addf(link, "%s<", link->len > 0 ? ", " : "");
	request_origin(request, link);
	buf_addz(link, request->path);
	for (i = 0; i < request->argument_count; i++) {
		const char *name = request->arguments[i].name;

		if (!self && (strcmp(name, "pageBefore") == 0 || strcmp(name, "pageAfter") == 0))
			continue;
		buf_addc(link, mark);
		mark = '&';
		argument_encode(link, name);
		buf_addc(link, '=');
		argument_encode(link, request->arguments[i].value);
	}
	if (cursor != NULL)
		buf_addf(link, "%c%s=%s", mark, cursor, id);
	buf_addf(link, ">; rel=\"%s\"", relation);
}

static void links_answer(struct circle_call *call, const struct circle_query *query, const struct found *found)
{
	struct buf link = {NULL, 0, 0};
	char id[UUID_SIZE];

	link_add(call, &link, "self", NULL, NULL);
	link_add(call, &link, "first", NULL, NULL);
	if (found->newer && found->count > 0) {
		query->id(found->items[0], id);
		link_add(call, &link, "prev", "pageBefore", id);
	}
	if (found->older && found->count > 0) {
		query->id(found->items[found->count - 1], id);
		link_add(call, &link, "next", "pageAfter", id);
	}
	/* Too long for a header: rather none than one that is cut. */
	if (link.len < sizeof(call->response->headers[0].value))
		response_header(call->response, "Link", buf_str(&link));
	buf_release(&link);
}

void circle_list_answer(struct circle_call *call, const struct circle_query *query)
{
	struct found found = {.count = 0};
	struct page page;
	struct buf *body;
	size_t i;

	if (!page_read(call, query, &page))
		return;
	if (page.before != NULL)
		find_newer(call, query, &page, &found);
	else
		find_older(call, query, &page, &found);
	body = circle_data(call, 200);
	buf_addc(body, '[');
	for (i = 0; i < found.count; i++) {
		if (i > 0)
			buf_addc(body, ',');
		query->write(call, body, found.items[i]);
	}
	buf_addc(body, ']');
	circle_data_end(call);
	links_answer(call, query, &found);
}
