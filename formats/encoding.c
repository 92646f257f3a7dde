#include "formats/encoding.h"

#include "base/buf.h"

const struct encoding encoding_utf16le = {"utf-16le", "UTF-16LE", 2};
const struct encoding encoding_utf16be = {"utf-16be", "UTF-16BE", 2};

static const struct encoding list[] = {
	{"windows-1250", "CP1250", 1},
	{"windows-1251", "CP1251", 1},
	{"windows-1252", "CP1252", 1},
	{"windows-1253", "CP1253", 1},
	{"windows-1254", "CP1254", 1},
	{"windows-1256", "CP1256", 1},
	{"windows-1257", "CP1257", 1},
	{"iso-8859-1", "ISO-8859-1", 1},
	{"iso-8859-2", "ISO-8859-2", 1},
	{"iso-8859-3", "ISO-8859-3", 1},
	{"iso-8859-4", "ISO-8859-4", 1},
	{"iso-8859-5", "ISO-8859-5", 1},
	{"iso-8859-6", "ISO-8859-6", 1},
	{"iso-8859-7", "ISO-8859-7", 1},
	{"iso-8859-8", "ISO-8859-8", 1},
	{"iso-8859-9", "ISO-8859-9", 1},
	{"iso-8859-10", "ISO-8859-10", 1},
	{"iso-8859-11", "ISO-8859-11", 1},
	{"iso-8859-13", "ISO-8859-13", 1},
	{"iso-8859-14", "ISO-8859-14", 1},
	{"iso-8859-15", "ISO-8859-15", 1},
	{"iso-8859-16", "ISO-8859-16", 1},
	{"utf-16le", "UTF-16LE", 2},
	{"utf-16be", "UTF-16BE", 2},
};

static const struct {
	const char *other, *name;
} aliases[] = {
	{"cp1250", "windows-1250"},
	{"cp1251", "windows-1251"},
	{"cp1252", "windows-1252"},
	{"cp1253", "windows-1253"},
	{"cp1254", "windows-1254"},
	{"cp1256", "windows-1256"},
	{"cp1257", "windows-1257"},
	{"latin1", "iso-8859-1"},
	{"latin-1", "iso-8859-1"},
	{"latin2", "iso-8859-2"},
	{"latin-2", "iso-8859-2"},
	{"latin9", "iso-8859-15"},
	{"latin-9", "iso-8859-15"},
};

const struct encoding *encoding_list(size_t *count)
{
	*count = sizeof(list) / sizeof(list[0]);
	return list;
}

static bool is_utf8(struct text name)
{
	return name.len == 0 || text_equal_nocase(name, TEXT("utf-8")) || text_equal_nocase(name, TEXT("utf8")) ||
	       text_equal_nocase(name, TEXT("ascii")) || text_equal_nocase(name, TEXT("us-ascii"));
}

static const struct encoding *find(struct text name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (text_equal_nocase(name, text_of(aliases[i].other)))
			name = text_of(aliases[i].name);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (text_equal_nocase(name, text_of(list[i].name)))
			return &list[i];
	return NULL;
}

static bool refuse(struct text name, const char *what, const char *cure, struct fault *fault)
{
	struct buf shown = {0};

	text_show(&shown, name, 40);
	fault_set(fault, FAULT_USAGE, "", cure, "the encoding %s: %s", buf_str(&shown), what);
	buf_release(&shown);
	return false;
}

bool encoding_find(const char *name, const struct encoding **encoding, bool *by_mark, struct fault *fault)
{
	struct text given = name != NULL ? text_of(name) : (struct text){0};

	*encoding = NULL;
	*by_mark = text_equal_nocase(given, TEXT("utf-16")) || text_equal_nocase(given, TEXT("utf16"));
	if (*by_mark || is_utf8(given))
		return true;
	*encoding = find(given);
	return *encoding != NULL || refuse(given, "there is no such encoding here",
					    "Name one of utf-8, utf-16, windows-1250 to 1254, 1256, 1257, iso-8859-1 "
					    "to 16; or save the file "
					    "as UTF-8.",
					    fault);
}

bool encoding_check(const char *name, struct fault *fault)
{
	return name == NULL || is_utf8(text_of(name)) ||
	       refuse(text_of(name), "JSON is always UTF-8", "Leave --encoding out.", fault);
}

const struct encoding *encoding_marked(struct text head)
{
	if (text_starts(head, (struct text){"\xFF\xFE\0\0", 4}))
		return NULL; /* UTF-32 */
	if (text_starts(head, TEXT("\xFF\xFE")))
		return &encoding_utf16le;
	return text_starts(head, TEXT("\xFE\xFF")) ? &encoding_utf16be : NULL;
}
