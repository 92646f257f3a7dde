#include "formats/encoding.h"

#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"

static const char *const known_encodings[] = {"utf-16", "utf-16le", "utf-16be", "utf-32", "windows-1250",
	"windows-1251", "windows-1252", "windows-1254", "cp1250", "cp1251", "cp1252", "cp1254", "cp437", "cp850",
	"cp932", "iso-8859-1", "iso-8859-2", "iso-8859-9", "iso-8859-15", "latin1", "latin-1", "latin9", "shift_jis",
	"sjis", "gbk", "gb18030", "big5", "euc-jp", "euc-kr", "koi8-r", "macintosh", NULL};

bool encoding_check(const char *encoding, struct fault *fault)
{
	struct text name = text_of(encoding);
	struct buf shown = {0};
	bool known = false;

	if (name.len == 0 || text_equal_nocase(name, TEXT("utf-8")) || text_equal_nocase(name, TEXT("utf8")) ||
		text_equal_nocase(name, TEXT("ascii")) || text_equal_nocase(name, TEXT("us-ascii")))
		return true;
	for (size_t i = 0; known_encodings[i] != NULL && !known; i++)
		known = text_equal_nocase(name, text_of(known_encodings[i]));
	text_show(&shown, name, 40);
	fault_set(fault, FAULT_USAGE, "", "Save the file as UTF-8 and leave --encoding out.",
		known ? "--encoding %s: this version reads only utf-8 as yet" : "--encoding %s: no such encoding",
		buf_str(&shown));
	buf_release(&shown);
	return false;
}
