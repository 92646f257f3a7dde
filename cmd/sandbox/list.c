#include "cmd/sandbox/list.h"

#include "base/arena.h"

void list_add(struct list *list, const void *item)
{
	if (list->count == list->cap) {
		list->cap = list->cap == 0 ? 64 : list->cap * 2;
		list->items = memory_grow(list->items, list->cap * sizeof(*list->items));
	}
	list->items[list->count++] = item;
}

void list_release(struct list *list)
{
	free(list->items);
	*list = (struct list){NULL, 0, 0};
}
