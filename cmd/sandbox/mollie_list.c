/* Lists by page (providers/mollie.md, B10): `from` is the first item of a page, and a page links to its neighbours. */
#include "cmd/sandbox/mollie.h"

struct page {
	size_t limit;
	bool ascending;
	bool placed; /* from was given */
	size_t from; /* index of the first item in the list */
};

/* The items of a page in their order, what the next page begins with, and what the one before does. */
struct found {
	const void *items[MOLLIE_PAGE_MAX];
	size_t count;
	const void *next;
	const void *previous;
};

static bool sort_read(struct mollie_call *call, const struct mollie_query *query, struct page *page)
{
	const char *sort = request_argument(call->request, "sort");

	if (sort == NULL || !query->sortable)
		return true;
	page->ascending = strcmp(sort, "asc") == 0;
	return page->ascending || strcmp(sort, "desc") == 0 ||
	       mollie_refuse(call->response, 400, "sort", "The sort order must be asc or desc.");
}

/* A cursor is an id that the list shows: one of the other mode is as unknown as one that never was. */
static bool from_read(struct mollie_call *call, const struct mollie_query *query, struct page *page)
{
	const char *from = request_argument(call->request, "from");
	size_t i;

	if (from == NULL)
		return true;
	for (i = 0; i < query->list->count; i++) {
		const void *item = query->list->items[i];

		if (!text_is(query->id(item), from) || !query->match(call, item))
			continue;
		page->placed = true;
		page->from = i;
		return true;
	}
	return mollie_refuse(call->response, 400, "from", "Invalid cursor value");
}

static bool page_read(struct mollie_call *call, const struct mollie_query *query, struct page *page)
{
	const char *limit = request_argument(call->request, "limit");
	int64_t number = MOLLIE_PAGE_DEFAULT;

	*page = (struct page){.limit = MOLLIE_PAGE_DEFAULT};
	if (limit != NULL && (!text_number(text_of(limit), MOLLIE_PAGE_MAX, &number) || number < 1))
		return mollie_refuse(call->response, 400, "limit", "The limit must be from 1 to %d.", MOLLIE_PAGE_MAX);
	page->limit = (size_t)number;
	return sort_read(call, query, page) && from_read(call, query, page);
}

/* The item at a place counted in the page's own order. */
static const void *item_at(const struct mollie_query *query, const struct page *page, size_t place)
{
	return query->list->items[page->ascending ? place : query->list->count - 1 - place];
}

static void page_find(
	struct mollie_call *call, const struct mollie_query *query, const struct page *page, struct found *found)
{
	size_t count = query->list->count;
	size_t start = 0;
	size_t place;
	size_t back = 0;

	if (page->placed)
		start = page->ascending ? page->from : count - 1 - page->from;
	for (place = start; place < count && found->next == NULL; place++) {
		const void *item = item_at(query, page, place);

		if (!query->match(call, item))
			continue;
		if (found->count == page->limit)
			found->next = item;
		else
			found->items[found->count++] = item;
	}
	for (place = start; place-- > 0 && back < page->limit;) {
		const void *item = item_at(query, page, place);

		if (!query->match(call, item))
			continue;
		found->previous = item;
		back++;
	}
}

static void argument_add(struct buf *url, char *mark, const char *name, struct text value)
{
	buf_addc(url, *mark);
	*mark = '&';
	buf_add_percent(url, text_of(name));
	buf_addc(url, '=');
	buf_add_percent(url, value);
}

/* "NAME":{"href","type"}, the request's own address at another place of the list; null where there is no item. */
static void link_write(struct mollie_call *call, const struct mollie_query *query, struct buf *body, const char *name,
	const void *item, bool self)
{
	const struct request *request = call->request;
	struct buf url = {NULL, 0, 0};
	char mark = '?';
	size_t i;

	buf_addf(body, "\"%s\":", name);
	if (item == NULL && !self) {
		buf_addz(body, "null");
		return;
	}
	request_origin(request, &url);
	buf_addz(&url, request->path);
	for (i = 0; i < request->argument_count; i++)
		if (self || strcmp(request->arguments[i].name, "from") != 0)
			argument_add(&url, &mark, request->arguments[i].name, text_of(request->arguments[i].value));
	if (!self)
		argument_add(&url, &mark, "from", query->id(item));
	buf_addz(body, "{\"href\":");
	buf_add_json(body, buf_text(&url));
	buf_addz(body, ",\"type\":\"application/hal+json\"}");
	buf_release(&url);
}

void mollie_list_answer(struct mollie_call *call, const struct mollie_query *query)
{
	struct found found = {.count = 0};
	struct page page;
	struct buf *body;
	size_t i;

	if (!page_read(call, query, &page))
		return;
	page_find(call, query, &page, &found);
	body = mollie_answer(call, 200);
	buf_addf(body, "{\"count\":%zu,\"_embedded\":{\"%s\":[", found.count, query->resources);
	for (i = 0; i < found.count; i++) {
		if (i > 0)
			buf_addc(body, ',');
		query->write(call, body, found.items[i]);
	}
	buf_addz(body, "]},\"_links\":{");
	link_write(call, query, body, "self", NULL, true);
	buf_addc(body, ',');
	link_write(call, query, body, "previous", found.previous, false);
	buf_addc(body, ',');
	link_write(call, query, body, "next", found.next, false);
	mollie_link_documentation(body, query->page);
	buf_addz(body, "}}");
}
