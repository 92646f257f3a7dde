/*
 * A growing list of pointers, oldest first. Floor 5, sandbox. Zero-initialise it, release it with list_release. Items
 * stay the caller's.
 */
#ifndef SANDBOX_LIST_H
#define SANDBOX_LIST_H

#include <stddef.h>

struct list {
	const void **items;
	size_t count;
	size_t cap;
};

void list_add(struct list *list, const void *item);
void list_release(struct list *list);

#endif
