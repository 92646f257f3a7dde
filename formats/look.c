#include "formats/look.h"

#include <string.h>

#define SAVE_AS "Open it in a spreadsheet and save it as .xlsx, or the sheet with the payouts as \"CSV UTF-8\"."
#define LEAVE_FORMAT "Leave --format out, or say --format xlsx; unpack an archive that is no workbook."
#define UNPACK "Unpack it and name the file in it."
#define UTF8 "Save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\")."
#define NOT_TABLE "Name the file with the payouts."

struct magic {
	struct text bytes;
	struct look look;
};

#define MAGIC(literal, what, cure)                                                                                     \
	{                                                                                                              \
		{literal, sizeof(literal) - 1},                                                                        \
		{                                                                                                      \
			what, cure                                                                                     \
		}                                                                                                      \
	}

static const struct magic binary[] = {
	MAGIC("PK\003\004", "an Excel workbook or another ZIP archive", LEAVE_FORMAT),
	MAGIC("\320\317\021\340", "an old Excel workbook", SAVE_AS),
	MAGIC("%PDF", "a PDF document", NOT_TABLE),
	MAGIC("{\\rtf", "a text document (RTF)", NOT_TABLE),
	MAGIC("\037\213", "a file packed by gzip", UNPACK),
	MAGIC("BZh", "a file packed by bzip2", UNPACK),
	MAGIC("\375"
	      "7zXZ",
		"a file packed by xz", UNPACK),
	MAGIC("(\265/\375", "a file packed by zstd", UNPACK),
	MAGIC("7z\274\257", "a 7-Zip archive", UNPACK),
	MAGIC("Rar!", "a RAR archive", UNPACK),
	MAGIC("\177ELF", "a program", NOT_TABLE),
	MAGIC("\211PNG", "a picture", NOT_TABLE),
	MAGIC("\377\330\377", "a picture", NOT_TABLE),
	MAGIC("GIF8", "a picture", NOT_TABLE),
	MAGIC("SQLite format 3", "a SQLite database", NOT_TABLE),
	MAGIC("-----BEGIN PGP", "an encrypted or signed message", "Decrypt it first."),
	MAGIC("\377\376\0\0", "UTF-32 text", UTF8),
	MAGIC("\377\376", "UTF-16 text", UTF8),
	MAGIC("\376\377", "UTF-16 text", UTF8),
};

static const struct look utf16 = {
	"UTF-16 text without a mark", "Save the file as UTF-8, or say --encoding utf-16le or utf-16be."};
static const struct look json = {
	"JSON", "Leave --format out, or say --format json (ndjson where each line is an object)."};
static const struct look encoded_json = {"JSON", "Save the file as UTF-8; JSON knows no other encoding."};
static const struct look xml = {"XML",
	"Leave --format out if it is an ISO 20022 credit transfer (pain.001); else write the payouts as a table."};

/* Western text in UTF-16 without a mark: every other byte is zero. */
static bool alternates(struct text head)
{
	size_t even = 0, odd = 0;

	for (size_t i = 0; i < head.len; i++)
		if (head.ptr[i] == '\0')
			*(i % 2 == 0 ? &even : &odd) += 1;
	return head.len >= 8 && ((even == 0 && odd >= head.len / 2 - 1) || (odd == 0 && even >= head.len / 2 - 1));
}

const struct look *look_binary(struct text head)
{
	for (size_t i = 0; i < sizeof(binary) / sizeof(binary[0]); i++)
		if (text_starts(head, binary[i].bytes))
			return &binary[i].look;
	return alternates(head) ? &utf16 : NULL;
}

static struct text skip_blank(struct text head)
{
	head = text_trim(head);
	while (head.len > 0 && (head.ptr[0] == '\n' || head.ptr[0] == '\r'))
		head = text_trim((struct text){head.ptr + 1, head.len - 1});
	return head;
}

const struct look *look_encoded_json(struct text head)
{
	head = skip_blank(head);
	if (head.len == 0 || (head.ptr[0] != '{' && head.ptr[0] != '['))
		return NULL;
	head = skip_blank((struct text){head.ptr + 1, head.len - 1});
	return head.len == 0 || strchr("\"{[", head.ptr[0]) != NULL ? &encoded_json : NULL;
}

const struct look *look_text(struct text head)
{
	head = skip_blank(head);
	if (head.len == 0)
		return NULL;
	if (head.ptr[0] == '{' || head.ptr[0] == '[')
		return &json;
	return head.ptr[0] == '<' ? &xml : NULL;
}
