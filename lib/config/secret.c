#include "config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

#define SOURCES_CURE "Write file:PATH, env:NAME or credential:NAME, or put the secret into a file and name that."

/* Of systemd's credentials the group bits are the mask of an access list, so only writing and others count. */
#define OTHERS_OF_FILE (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)
#define OTHERS_OF_CREDENTIAL (S_IWGRP | S_IROTH | S_IWOTH)

struct secret {
	struct secret *next;
	size_t size; /* of bytes */
	char bytes[];
};

static struct secret *secret_new(struct secrets *secrets, size_t size)
{
	struct secret *secret = memory_new(sizeof(*secret) + size);

	secret->size = size;
	secret->next = secrets->first;
	secrets->first = secret;
	return secret;
}

void secrets_free(struct secrets *secrets)
{
	while (secrets->first != NULL) {
		struct secret *secret = secrets->first;

		secrets->first = secret->next;
		explicit_bzero(secret->bytes, secret->size);
		free(secret);
	}
}

static struct text keep(struct secrets *secrets, struct text text)
{
	struct secret *secret = secret_new(secrets, text.len + 1);

	memcpy(secret->bytes, text.ptr, text.len);
	return (struct text){secret->bytes, text.len};
}

/* --- from a file -------------------------------------------------------------------------------------------------- */

struct secret_file {
	const struct entry *entry;
	const struct place *place;
	char *path;
	char shown[PLACE_SHOWN];
	mode_t others; /* bits that it must not have */
};

static bool check_file(const struct secret_file *file, int fd)
{
	struct stat found;
	int line = file->entry->line;

	if (fstat(fd, &found) != 0)
		return place_errno(file->place, line, NULL, "%s: could not look at %s", file->entry->name, file->shown);
	if (!S_ISREG(found.st_mode))
		return place_fault(file->place, line, SOURCES_CURE, "%s: %s is not a regular file", file->entry->name,
			file->shown);
	if (found.st_uid != geteuid() && found.st_uid != 0)
		return place_fault(file->place, line, "Let it belong to the user who runs payrun: chown USER FILE.",
			"%s: %s belongs neither to you nor to root", file->entry->name, file->shown);
	if ((found.st_mode & file->others) != 0)
		return place_fault(file->place, line, "Take the rights of others away: chmod 600 FILE.",
			"%s: others may read or write %s (mode %04o)", file->entry->name, file->shown,
			(unsigned)found.st_mode & 07777);
	return true;
}

/* All of the file, at most `size` bytes; -1 with errno. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t count = read(fd, bytes + len, size - len);

		if (count == 0)
			break;
		if (count < 0 && errno != EINTR)
			return -1;
		len += count > 0 ? (size_t)count : 0;
	}
	return (ssize_t)len;
}

static bool check_secret(const struct secret_file *file, struct text secret)
{
	int line = file->entry->line;

	if (secret.len == 0)
		return place_fault(file->place, line, "Write the secret into it.", "%s: %s is empty", file->entry->name,
			file->shown);
	if (secret.len > SECRET_BYTES_MAX)
		return place_fault(file->place, line, "Check that it is the file with the secret.",
			"%s: %s has more than %zu bytes", file->entry->name, file->shown, SECRET_BYTES_MAX);
	if (memchr(secret.ptr, '\0', secret.len) != NULL || text_starts(secret, TEXT("\xEF\xBB\xBF")))
		return place_fault(file->place, line,
			"Write the secret into it as plain text without a byte order mark.",
			"%s: %s holds something else than plain text", file->entry->name, file->shown);
	return true;
}

static bool read_file(struct secrets *secrets, const struct secret_file *file, struct text *secret)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int line = file->entry->line;
	struct secret *memory;
	ssize_t len;

	if (fd < 0)
		return place_errno(file->place, line,
			"Write the secret into that file (umask 077), or correct its name.", "%s: could not open %s",
			file->entry->name, file->shown);
	if (!check_file(file, fd)) {
		close(fd);
		return false;
	}
	memory = secret_new(secrets, SECRET_BYTES_MAX + 1);
	len = read_all(fd, memory->bytes, memory->size);
	if (len < 0)
		place_errno(file->place, line, NULL, "%s: could not read %s", file->entry->name, file->shown);
	close(fd);
	if (len < 0)
		return false;
	*secret = (struct text){memory->bytes, (size_t)len};
	while (secret->len > 0 && (secret->ptr[secret->len - 1] == '\n' || secret->ptr[secret->len - 1] == '\r'))
		secret->len--;
	return check_secret(file, *secret);
}

static bool from_file(struct secrets *secrets, const struct entry *entry, const char *name, const char *folder,
	const struct place *place, struct text *secret)
{
	struct secret_file file = {.entry = entry, .place = place, .others = OTHERS_OF_FILE};
	bool done;

	if (name[0] == '\0')
		return place_fault(place, entry->line, SOURCES_CURE, "%s: file: names no file", entry->name);
	file.path = file_join(folder, name);
	place_show(file.shown, text_of(file.path));
	done = read_file(secrets, &file, secret);
	free(file.path);
	return done;
}

static bool from_credential(struct secrets *secrets, const struct entry *entry, const char *name,
	const struct place *place, struct text *secret)
{
	struct secret_file file = {.entry = entry, .place = place, .others = OTHERS_OF_CREDENTIAL};
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	bool done;

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		return place_fault(place, entry->line, "Write credential:NAME as in LoadCredential=NAME:PATH.",
			"%s: that is no name of a credential", entry->name);
	if (folder == NULL || folder[0] == '\0')
		return place_fault(place, entry->line,
			"Run payrun from a systemd unit with LoadCredential=, or use file:PATH.",
			"%s: there are no credentials here (CREDENTIALS_DIRECTORY is not set)", entry->name);
	file.path = file_join(folder, name);
	place_show(file.shown, text_of(file.path));
	done = read_file(secrets, &file, secret);
	free(file.path);
	return done;
}

/* --- other sources ------------------------------------------------------------------------------------------------ */

static bool from_environment(struct secrets *secrets, const struct entry *entry, const char *name,
	const struct place *place, struct text *secret)
{
	const char *value = name[0] != '\0' ? getenv(name) : NULL;
	char shown[PLACE_SHOWN];

	if (value == NULL || value[0] == '\0')
		return place_fault(place, entry->line, "Set it for the program, or use file:PATH.",
			"%s: the environment variable %s is %s", entry->name, place_show(shown, text_of(name)),
			value == NULL ? "not set" : "empty");
	*secret = keep(secrets, text_of(value));
	return true;
}

/* A path, or a word in front of a colon that is no source: taken for the secret, it would be sent to the provider. */
static bool looks_misspelt(struct text value)
{
	size_t len = 0;

	if (value.ptr[0] == '/' || value.ptr[0] == '~' || text_starts(value, TEXT("./")))
		return true;
	while (len < value.len && value.ptr[len] >= 'a' && value.ptr[len] <= 'z')
		len++;
	if (len > 0 && len < value.len && value.ptr[len] == ':')
		return true;
	return (value.len > 5 && text_equal_nocase((struct text){value.ptr, 5}, TEXT("file:"))) ||
	       (value.len > 4 && text_equal_nocase((struct text){value.ptr, 4}, TEXT("env:"))) ||
	       (value.len > 11 && text_equal_nocase((struct text){value.ptr, 11}, TEXT("credential:")));
}

static bool from_itself(
	struct secrets *secrets, const struct entry *entry, const struct place *place, struct text *secret)
{
	if (looks_misspelt(entry->value))
		return place_fault(place, entry->line, SOURCES_CURE,
			"%s: the value looks like the source of a secret, but it is none that payrun knows",
			entry->name);
	if (entry->comment)
		return place_fault(place, entry->line,
			"Put the comment on its own line, or the secret into a file (file:PATH).",
			"%s: a ; stands behind the secret, and nothing tells whether it is a part of it", entry->name);
	if (secrets->bare_count++ == 0)
		secrets->bare_line = entry->line;
	*secret = keep(secrets, entry->value);
	return true;
}

bool secret_read(struct secrets *secrets, const struct entry *entry, const char *folder, const struct place *place,
	struct text *secret)
{
	const char *value = entry->value.ptr;

	if (text_starts(entry->value, TEXT("file:")))
		return from_file(secrets, entry, value + 5, folder, place, secret);
	if (text_starts(entry->value, TEXT("env:")))
		return from_environment(secrets, entry, value + 4, place, secret);
	if (text_starts(entry->value, TEXT("credential:")))
		return from_credential(secrets, entry, value + 11, place, secret);
	return from_itself(secrets, entry, place, secret);
}
