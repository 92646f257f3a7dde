/* The section [payrun]. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "config/loader.h"

#define NAMESPACE_MAX 64
#define LOGIN_MAX 59
#define APPROVERS_MAX 64
#define DUPLICATE_DAYS_MAX 3650

static char *keep(struct loader *loader, struct text text)
{
	return text_string(&loader->memory->arena, text);
}

static bool take_namespace(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	if (!loader_name_valid(entry->value, NAMESPACE_MAX))
		return loader_bad_value(loader, entry, "1 to 64 of A-Z a-z 0-9 . _ -");
	loader->config->namespace_text = keep(loader, entry->value);
	return true;
}

/* sqlite:PATH; ///PATH is the absolute path of a URL, and // before a host is no file. */
bool loader_take_journal(struct loader *loader, struct text url, const char *folder, int line)
{
	struct config *config = loader->config;
	const char *name = line > 0 ? "journal" : "--journal";
	struct text path;
	char shown[PLACE_SHOWN];

	if (text_starts(url, TEXT("postgresql:")) || text_starts(url, TEXT("postgres:")))
		return place_fault(&loader->place, line, "Use sqlite:PATH.",
			"%s: PostgreSQL is known, but this version has only SQLite journals built in", name);
	if (!text_starts(url, TEXT("sqlite:")))
		return place_fault(&loader->place, line, "Write sqlite:PATH.", "%s = %s: it must be sqlite:PATH", name,
			place_show(shown, url));
	path = (struct text){url.ptr + 7, url.len - 7};
	if (text_starts(path, TEXT("///")))
		path = (struct text){path.ptr + 2, path.len - 2};
	if (path.len == 0 || path.ptr[0] == ':' || path.ptr[path.len - 1] == '/' || text_starts(path, TEXT("//")) ||
		memchr(path.ptr, '?', path.len) != NULL)
		return place_fault(&loader->place, line, "Write sqlite:PATH with the path of a file.",
			"%s = %s: that names no file", name, place_show(shown, url));
	config->journal_path = loader_path(loader, folder, keep(loader, path));
	config->journal = arena_alloc(&loader->memory->arena, strlen(config->journal_path) + 8);
	snprintf(config->journal, strlen(config->journal_path) + 8, "sqlite:%s", config->journal_path);
	return true;
}

static bool take_journal(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	return loader_take_journal(loader, entry->value, loader->config->folder, entry->line);
}

static bool take_head_file(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	loader->config->head_file = loader_path(loader, loader->config->folder, entry->value.ptr);
	return true;
}

static bool take_reports(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	loader->config->reports = loader_path(loader, loader->config->folder, entry->value.ptr);
	return true;
}

static bool take_timezone(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	if (!clock_zone_known(entry->value.ptr))
		return loader_bad_value(
			loader, entry, "a zone of the time zone database (Europe/Berlin), and installed here (tzdata)");
	loader->config->timezone = keep(loader, entry->value);
	return true;
}

static bool take_approve(struct loader *loader, const struct entry *entry, void *target)
{
	struct limit *above = &loader->config->approve_above;

	(void)target;
	if (text_is(entry->value, "never"))
		return true;
	if (text_is(entry->value, "always")) {
		loader->config->approve = APPROVE_ALWAYS;
		return true;
	}
	if (!text_starts(entry->value, TEXT("above:")) ||
		limit_parse((struct text){entry->value.ptr + 6, entry->value.len - 6}, above) != NULL ||
		above->others_free)
		return loader_bad_value(
			loader, entry, "never, always or above:AMOUNTS, as in above:USD 10000,EUR 9000");
	loader->config->approve = APPROVE_ABOVE;
	return true;
}

/* As run/who.c has them: nothing in it would be changed there. */
static bool login_valid(struct text name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] <= ' ' || name.ptr[i] == 0x7F)
			return false;
	return name.len > 0 && name.len <= LOGIN_MAX;
}

/* The names of a list, commas between them. */
static bool take_names(struct loader *loader, const struct entry *entry)
{
	struct config *config = loader->config;
	struct text rest = entry->value;

	while (rest.len > 0) {
		const char *comma = memchr(rest.ptr, ',', rest.len);
		size_t len = comma != NULL ? (size_t)(comma - rest.ptr) : rest.len;
		struct text name = text_trim((struct text){rest.ptr, len});

		if (!login_valid(name) || config->approver_count == APPROVERS_MAX)
			return false;
		config->approvers[config->approver_count++] = keep(loader, name);
		rest = (struct text){rest.ptr + len + (comma != NULL), rest.len - len - (comma != NULL)};
		if (comma != NULL && rest.len == 0)
			return false;
	}
	return true;
}

static bool take_approvers(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	loader->config->approvers =
		arena_alloc(&loader->memory->arena, APPROVERS_MAX * sizeof(*loader->config->approvers));
	return take_names(loader, entry) ||
	       loader_bad_value(loader, entry, "login names with commas between them, as in anna,ben; 64 at most");
}

static bool take_four_eyes(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	loader->config->four_eyes = text_is(entry->value, "yes");
	return loader->config->four_eyes || text_is(entry->value, "no") || loader_bad_value(loader, entry, "yes or no");
}

static bool take_suspected_duplicates(struct loader *loader, const struct entry *entry, void *target)
{
	static const char *const names[] = {"hold", "warn", "error"};
	static const enum suspected values[] = {SUSPECTED_HOLD, SUSPECTED_WARN, SUSPECTED_ERROR};

	(void)target;
	for (size_t i = 0; i < 3; i++)
		if (text_is(entry->value, names[i])) {
			loader->config->suspected_duplicates = values[i];
			return true;
		}
	return loader_bad_value(loader, entry, "hold, warn or error");
}

static bool take_duplicate_days(struct loader *loader, const struct entry *entry, void *target)
{
	(void)target;
	if (!text_number(entry->value, DUPLICATE_DAYS_MAX, &loader->config->duplicate_days))
		return loader_bad_value(loader, entry, "a whole number of days from 0 to 3650");
	return true;
}

static const struct config_key keys[] = {
	{"namespace", take_namespace},
	{"journal", take_journal},
	{"head_file", take_head_file},
	{"reports", take_reports},
	{"timezone", take_timezone},
	{"approve", take_approve},
	{"approvers", take_approvers},
	{"four_eyes", take_four_eyes},
	{"suspected_duplicates", take_suspected_duplicates},
	{"duplicate_days", take_duplicate_days},
	{"journal_key", NULL},
	{NULL, NULL},
};

static bool take(struct loader *loader, const struct entry *entry)
{
	const struct config_key *key = loader_key(keys, text_of(entry->name));
	struct nearest nearest = {.name = text_of(entry->name)};

	if (key != NULL && key->take == NULL)
		return loader_not_enforced(loader, entry->line, key->name);
	if (key != NULL)
		return key->take(loader, entry, NULL);
	for (key = keys; key->name != NULL; key++)
		nearest_try(&nearest, key->name);
	return loader_unknown_key(loader, entry, nearest.best, "[payrun]");
}

bool loader_take_payrun(struct loader *loader, const struct section *section)
{
	for (size_t i = 0; i < section->count; i++)
		if (!take(loader, &loader->entries.entries[section->first + i]))
			return false;
	if (loader->config->namespace_text == NULL)
		return place_fault(&loader->place, section->line,
			"Add namespace = NAME; it is a part of every key, so choose it once and never change it.",
			"[payrun] has no namespace");
	return true;
}
