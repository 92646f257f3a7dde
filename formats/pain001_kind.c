#include "formats/pain001_kind.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#define AS_PAIN001 "Export the payouts as pain.001.001.03 or a later version up to .12, or as a table."
#define OTHER_FILE "Name the file with the payouts: a credit transfer initiation, pain.001."

/* Where the names of messages stand. */
static const char *const homes[] = {
	"urn:iso:std:iso:20022:tech:xsd:",
	"urn:swift:xsd:$",
	"urn:swift:xsd:",
	"http://www.six-interbank-clearing.com/de/",
	"https://www.six-interbank-clearing.com/de/",
	"http://www.six-interbank-clearing.com/en/",
	"http://www.six-interbank-clearing.com/fr/",
	"http://www.six-interbank-clearing.com/it/",
};

/* What other messages are called. */
static const struct {
	const char *start, *what, *cure;
} others[] = {
	{"pain.008.", "a direct debit initiation", "payrun pays, it doesn't collect. " OTHER_FILE},
	{"pain.001.", "a credit transfer initiation of a version that isn't read", AS_PAIN001},
	{"pain.002.", "a payment status report", OTHER_FILE},
	{"pain.007.", "a payment reversal", OTHER_FILE},
	{"pain.013.", "a request for payment", OTHER_FILE},
	{"pain.", "another payment message", OTHER_FILE},
	{"pacs.", "a message between banks", OTHER_FILE},
	{"camt.", "a bank statement or another cash management message", OTHER_FILE},
	{"head.", "an application header", "Take the Document with the payouts out of its envelope."},
};

/* The last part of a namespace: pain.001.001.09 of urn:iso:std:iso:20022:tech:xsd:pain.001.001.09. */
static struct text last_part(struct text uri)
{
	size_t from = uri.len;
	struct text part;

	while (from > 0 && strchr(":/$", uri.ptr[from - 1]) == NULL)
		from--;
	part = (struct text){uri.ptr + from, uri.len - from};
	if (part.len > 4 && memcmp(part.ptr + part.len - 4, ".xsd", 4) == 0)
		part.len -= 4;
	return part;
}

static bool digits(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len == 2;
}

/* 03 to 12. */
static bool version_read(struct text name, struct text start, size_t *len)
{
	int version;

	*len = start.len + 2;
	if (!text_starts(name, start) || name.len < *len || !digits((struct text){name.ptr + start.len, 2}))
		return false;
	version = (name.ptr[start.len] - '0') * 10 + (name.ptr[start.len + 1] - '0');
	return version >= 3 && version <= 12;
}

static bool is_read(struct text name)
{
	struct text rest;
	size_t len;

	if (text_is(name, "pain.001.002.03") || text_is(name, "pain.001.003.03"))
		return true;
	if (!version_read(name, TEXT("pain.001.001."), &len))
		return false;
	rest = (struct text){name.ptr + len, name.len - len};
	return rest.len == 0 || (text_starts(rest, TEXT(".ch.")) && digits((struct text){rest.ptr + 4, rest.len - 4}));
}

static bool at_home(struct text uri, struct text name)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		struct text home = text_of(homes[i]);

		if (text_starts(uri, home) && uri.len >= home.len + name.len &&
			memcmp(uri.ptr + home.len, name.ptr, name.len) == 0 &&
			uri.len - home.len - name.len <= strlen(".xsd"))
			return true;
	}
	return false;
}

static void refuse_other(struct text name, int64_t line, struct refusal *refusal)
{
	size_t i = 0;
	struct buf shown = {0};

	while (!text_starts(name, text_of(others[i].start)))
		i++;
	text_show(&shown, name, 40);
	refusal_set(refusal, "MESSAGE_UNSUPPORTED", line, others[i].cure, "the file is %s (%s)", others[i].what,
		buf_str(&shown));
	buf_release(&shown);
}

static bool is_message(struct text name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (text_starts(name, text_of(others[i].start)))
			return true;
	return false;
}

static void refuse_unknown(const char *uri, const char *root, int64_t line, struct refusal *refusal)
{
	struct buf name = {0}, space = {0};

	text_show(&name, text_of(root), 40);
	text_show(&space, text_of(uri), 100);
	if (space.len == 0)
		refusal_set(refusal, "MESSAGE_UNSUPPORTED", line, OTHER_FILE,
			"the file is XML, but no ISO 20022 message: its root element is %s, of no namespace",
			buf_str(&name));
	else
		refusal_set(refusal, "MESSAGE_UNSUPPORTED", line, OTHER_FILE,
			"the file is XML of another kind: its root element is %s of %s", buf_str(&name),
			buf_str(&space));
	buf_release(&name);
	buf_release(&space);
}

bool pain001_kind(
	const char *uri, const char *root, int64_t line, char name[PAIN001_NAME_SIZE], struct refusal *refusal)
{
	struct text space = text_of(uri), part = last_part(space);

	if (strcmp(root, "Document") == 0 && part.len < PAIN001_NAME_SIZE && is_read(part) && at_home(space, part)) {
		memcpy(name, part.ptr, part.len);
		name[part.len] = '\0';
		return true;
	}
	if (is_message(part) && !is_read(part))
		refuse_other(part, line, refusal);
	else
		refuse_unknown(uri, root, line, refusal);
	return false;
}

bool pain001_kind_is_xml(struct text head)
{
	static const struct text marks[] = {{"\357\273\277", 3}, {"\377\376", 2}, {"\376\377", 2}};
	size_t at = 0;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_starts(head, marks[i]))
			at = marks[i].len;
	/* In UTF-16 every other byte is zero. */
	while (at < head.len && (head.ptr[at] == '\0' || strchr(" \t\r\n", head.ptr[at]) != NULL))
		at++;
	if (at == head.len || head.ptr[at++] != '<')
		return false;
	while (at < head.len && head.ptr[at] == '\0')
		at++;
	return at < head.len && (strchr("?!_", head.ptr[at]) != NULL || (head.ptr[at] >= 'A' && head.ptr[at] <= 'Z') ||
					(head.ptr[at] >= 'a' && head.ptr[at] <= 'z'));
}
