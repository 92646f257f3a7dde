#include "config/entries.h"

#include <assert.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"

#define MARK "\xEF\xBB\xBF"                    /* byte order mark */
#define INI_LINE_ROOM (BOUND_CONFIG_LINE + 16) /* libinih wants room for line end and NUL */
#define PAIR_CURE "Write KEY = VALUE, [payrun] or [channel NAME]; a comment begins with ;"

/* What the line reader and the handler of libinih share. */
struct feed {
	struct entries *entries;
	const struct place *place;
	struct text rest; /* of the file */
	struct text text; /* the line that libinih has now */
	int line;
	bool failed;
};

static bool is_blank_byte(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct text skip_blanks(struct text text)
{
	while (text.len > 0 && is_blank_byte(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	return text;
}

static bool is_comment(struct text text)
{
	return text.len > 0 && (text.ptr[0] == ';' || text.ptr[0] == '#');
}

/* A copy ended by a NUL in the one memory of all entries. */
static struct text keep(struct entries *entries, struct text text)
{
	char *copy = entries->memory + entries->memory_used;

	assert(text.len < entries->memory_size - entries->memory_used);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	entries->memory_used += text.len + 1;
	return (struct text){copy, text.len};
}

/* --- the line reader: nothing reaches libinih that it would misread ----------------------------------------------- */

static bool check_bytes(const struct feed *feed, struct text line)
{
	size_t bad;

	if (line.len > BOUND_CONFIG_LINE)
		return place_fault(feed->place, feed->line,
			"Shorten the line; a long secret goes into a file of its own.",
			"the line is longer than %d bytes", BOUND_CONFIG_LINE);
	if (memchr(line.ptr, '\0', line.len) != NULL)
		return place_fault(feed->place, feed->line, "Write the file again as plain UTF-8 text.",
			"the line holds a NUL byte");
	if (!text_utf8(line, &bad))
		return place_fault(feed->place, feed->line, "Write the file again as UTF-8 text.",
			"byte %zu of the line isn't UTF-8", bad + 1);
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t')
			return place_fault(feed->place, feed->line, "Take it out; lines end with LF or CR LF.",
				"byte %zu of the line is a control character", i + 1);
	return true;
}

static bool check_repeated_section(const struct feed *feed, const char *title)
{
	const struct entries *entries = feed->entries;
	char shown[PLACE_SHOWN];

	for (size_t i = 0; i < entries->section_count; i++)
		if (strcmp(entries->sections[i].title, title) == 0)
			return place_fault(feed->place, feed->line, "Put the keys of a section in one place.",
				"the section [%s] stands already on line %d", place_show(shown, text_of(title)),
				entries->sections[i].line);
	return true;
}

/* Blanks between words count as one, those at the ends as none. */
static struct text keep_title(struct entries *entries, struct text title)
{
	struct text kept = keep(entries, (struct text){title.ptr, title.len});
	char *to = entries->memory + (kept.ptr - entries->memory);
	size_t len = 0;

	for (size_t i = 0; i < title.len; i++)
		if (!is_blank_byte(title.ptr[i]))
			to[len++] = title.ptr[i];
		else if (len > 0 && to[len - 1] != ' ')
			to[len++] = ' ';
	if (len > 0 && to[len - 1] == ' ')
		len--;
	to[len] = '\0';
	return (struct text){to, len};
}

static bool take_section(struct feed *feed, struct text line)
{
	struct entries *entries = feed->entries;
	const char *end = memchr(line.ptr, ']', line.len);
	struct text behind, title;

	if (end == NULL)
		return place_fault(feed->place, feed->line, PAIR_CURE, "the section's name has no ] at its end");
	behind = skip_blanks((struct text){end + 1, line.len - (size_t)(end + 1 - line.ptr)});
	if (behind.len > 0 && !is_comment(behind))
		return place_fault(
			feed->place, feed->line, PAIR_CURE, "there is more behind the ] of the section's name");
	title = keep_title(entries, (struct text){line.ptr + 1, (size_t)(end - line.ptr) - 1});
	if (!check_repeated_section(feed, title.ptr))
		return false;
	entries->sections = memory_grow(entries->sections, (entries->section_count + 1) * sizeof(struct section));
	entries->sections[entries->section_count++] =
		(struct section){.title = title.ptr, .line = feed->line, .first = entries->entry_count};
	return true;
}

static bool is_key_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || byte == '-' || byte == '.';
}

static bool check_pair(const struct feed *feed, struct text line)
{
	size_t len = 0;

	while (len < line.len && is_key_byte(line.ptr[len]))
		len++;
	line = skip_blanks((struct text){line.ptr + len, line.len - len});
	if (len == 0 || line.len == 0 || line.ptr[0] != '=')
		return place_fault(feed->place, feed->line, PAIR_CURE, "the line is neither a section nor KEY = VALUE");
	if (feed->entries->section_count == 0)
		return place_fault(feed->place, feed->line, "Put [payrun] or [channel NAME] above it.",
			"the key stands before the first section");
	return true;
}

static bool check_line(struct feed *feed, struct text line)
{
	struct text inner = skip_blanks(line);

	if (!check_bytes(feed, line))
		return false;
	if (inner.len == 0 || is_comment(inner))
		return true;
	if (inner.len < line.len)
		return place_fault(feed->place, feed->line, "Take the blanks at its start away.",
			"the line is indented: it could be read as a part of the one above");
	if (line.ptr[0] == '[')
		return take_section(feed, line);
	return check_pair(feed, line);
}

/* Called by libinih as fgets would be; always with the same buffer, which is overwritten: it may hold a secret. */
static char *next_line(char *out, int size, void *context)
{
	struct feed *feed = context;
	struct text *rest = &feed->rest;
	const char *end;
	size_t taken;

	explicit_bzero(out, (size_t)size);
	if (feed->failed || rest->len == 0)
		return NULL;
	end = memchr(rest->ptr, '\n', rest->len);
	taken = end != NULL ? (size_t)(end + 1 - rest->ptr) : rest->len;
	feed->text = (struct text){rest->ptr, end != NULL ? taken - 1 : taken};
	if (feed->text.len > 0 && feed->text.ptr[feed->text.len - 1] == '\r')
		feed->text.len--;
	*rest = (struct text){rest->ptr + taken, rest->len - taken};
	feed->line++;
	feed->failed = !check_line(feed, feed->text);
	if (!feed->failed && feed->text.len + 2 > (size_t)size) /* a libinih whose limit can't be set */
		feed->failed = !place_fault(feed->place, feed->line, "Shorten the line.", "the line is too long");
	if (feed->failed)
		return NULL;
	memcpy(out, feed->text.ptr, feed->text.len);
	out[feed->text.len] = '\n';
	out[feed->text.len + 1] = '\0';
	return out;
}

/* --- the handler -------------------------------------------------------------------------------------------------- */

static bool check_entry(const struct feed *feed, const struct section *section, const char *name, struct text value)
{
	const struct entry *earlier = entries_find(feed->entries, section, name);
	char shown[PLACE_SHOWN];

	place_show(shown, text_of(name));
	if (earlier != NULL)
		return place_fault(feed->place, feed->line, "Keep one of the two.", "%s stands already on line %d",
			shown, earlier->line);
	if (value.len == 0 || value.ptr[0] == ';')
		return place_fault(feed->place, feed->line, "Give it a value, or take the line out for the default.",
			"%s has no value", shown);
	if (memchr(value.ptr, ';', value.len) != NULL)
		return place_fault(feed->place, feed->line,
			"Put a blank before the ; of a comment; a secret with a ; goes into a file (file:PATH).",
			"the value of %s holds a ;", shown);
	if (value.len >= 2 && (value.ptr[0] == '"' || value.ptr[0] == '\'') && value.ptr[value.len - 1] == value.ptr[0])
		return place_fault(feed->place, feed->line, "Write the value without quotes.",
			"the value of %s stands in quotes, which would be a part of it", shown);
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] == '#' && (i == 0 || is_blank_byte(value.ptr[i - 1])))
			return place_fault(feed->place, feed->line,
				"Behind a value a comment begins with ; and a blank before it.",
				"the value of %s holds a #", shown);
	return true;
}

static int take_entry(void *context, const char *section_name, const char *name, const char *value)
{
	struct feed *feed = context;
	struct entries *entries = feed->entries;
	struct section *section = &entries->sections[entries->section_count - 1];
	struct entry entry = {.line = feed->line};

	(void)section_name; /* libinih cuts it after 49 bytes */
	if (!check_entry(feed, section, name, text_of(value))) {
		feed->failed = true;
		return 0;
	}
	entry.name = keep(entries, text_of(name)).ptr;
	entry.value = keep(entries, text_of(value));
	entry.comment = memchr(feed->text.ptr, ';', feed->text.len) != NULL;
	entries->entries = memory_grow(entries->entries, (entries->entry_count + 1) * sizeof(entry));
	entries->entries[entries->entry_count++] = entry;
	section->count++;
	return 1;
}

bool entries_parse(struct entries *entries, struct text bytes, const struct place *place)
{
	struct feed feed = {.entries = entries, .place = place, .rest = bytes};

	/* A title, or a name and a value, and their NULs are never longer than their line and its end. */
	*entries = (struct entries){.memory_size = bytes.len + 8};
	entries->memory = memory_new(entries->memory_size);
	if (text_starts(bytes, TEXT(MARK)))
		feed.rest = (struct text){bytes.ptr + 3, bytes.len - 3};
	ini_max_line = INI_LINE_ROOM; /* 200 by itself: the rest of a longer line would be a line of its own */
	if (ini_parse_stream(next_line, &feed, take_entry, &feed) != 0 && !feed.failed)
		return place_fault(place, feed.line, PAIR_CURE, "the line can't be understood");
	return !feed.failed;
}

void entries_release(struct entries *entries)
{
	if (entries->memory != NULL)
		explicit_bzero(entries->memory, entries->memory_size);
	free(entries->memory);
	free(entries->sections);
	free(entries->entries);
	*entries = (struct entries){0};
}

const struct entry *entries_find(const struct entries *entries, const struct section *section, const char *name)
{
	for (size_t i = section->first; i < section->first + section->count; i++)
		if (strcmp(entries->entries[i].name, name) == 0)
			return &entries->entries[i];
	return NULL;
}
