#include "formats/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

#define CHUNK_BYTES (256 * 1024)

struct source {
	int fd;
	char *path;
	char *name;
	struct buf shown; /* the path as a message may show it */
	struct stat start;
	int64_t position; /* of the next read */
	int64_t hashed;   /* bytes of the first pass that the hash has */
	struct sha256 *sha;
	bool digest_known; /* the first pass is over */
	uint8_t digest[SHA256_SIZE];
	bool whole_known; /* source_hash() was here */
	uint8_t whole[SHA256_SIZE];
};

static bool spool_fault(struct source *source, struct fault *fault)
{
	bool full = errno == ENOSPC || errno == EDQUOT;

	return fault_errno(fault, FAULT_OPERATION, full ? "DISK_FULL" : "OUTPUT_FAILED",
		"Make room there, or let TMPDIR name a folder that has some and may be written to.",
		"could not keep a copy of %s in a temporary file", buf_str(&source->shown));
}

/* An unlinked file that nobody else can open; -1 with errno. */
static int spool_create(void)
{
	const char *folder = getenv("TMPDIR");
	struct buf path = {0};
	int fd;

	buf_addf(&path, "%s/payrun.XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	fd = mkstemp(path.data); /* mode 0600 */
	if (fd >= 0) {
		unlink(path.data);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	buf_release(&path);
	return fd;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t count = write(fd, bytes, len);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		len -= (size_t)count;
	}
	return true;
}

/* Only a signal that is to stop the run interrupts a read. */
static bool stopped(struct source *source, struct fault *fault)
{
	return fault_set(fault, FAULT_STOPPED, "", "Run it again.", "stopped while reading %s; nothing is left of it",
		buf_str(&source->shown));
}

static bool spool_copy(struct source *source, int spool, struct fault *fault)
{
	char *bytes = memory_new(CHUNK_BYTES);
	bool done = false;

	for (;;) {
		ssize_t count = read(source->fd, bytes, CHUNK_BYTES);

		if (count == 0) {
			done = true;
			break;
		}
		if (count < 0 && errno == EINTR) {
			stopped(source, fault);
			break;
		}
		if (count < 0) {
			fault_errno(fault, FAULT_USAGE, "", NULL, "could not read %s", buf_str(&source->shown));
			break;
		}
		if (!write_all(spool, bytes, (size_t)count)) {
			spool_fault(source, fault);
			break;
		}
	}
	free(bytes);
	return done;
}

/* Takes the place of a descriptor that can be read only once. */
static bool spool(struct source *source, struct fault *fault)
{
	int spool = spool_create();

	if (spool < 0)
		return spool_fault(source, fault);
	if (!spool_copy(source, spool, fault)) {
		close(spool);
		return false;
	}
	if (source->fd != STDIN_FILENO)
		close(source->fd);
	source->fd = spool;
	return lseek(spool, 0, SEEK_SET) == 0 || spool_fault(source, fault);
}

static bool open_fd(struct source *source, struct fault *fault)
{
	bool standard = strcmp(source->path, "-") == 0;
	const char *shown = buf_str(&source->shown);
	mode_t mode;

	source->fd = standard ? STDIN_FILENO : open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (source->fd < 0 && errno == EINTR) /* a pipe that nobody writes to */
		return stopped(source, fault);
	if (source->fd < 0)
		return fault_errno(fault, FAULT_USAGE, "", "Check the name and the permissions of the file.",
			"could not open %s", shown);
	if (fstat(source->fd, &source->start) != 0)
		return fault_errno(fault, FAULT_USAGE, "", NULL, "could not look at %s", shown);
	mode = source->start.st_mode;
	if (S_ISDIR(mode))
		return fault_set(fault, FAULT_USAGE, "", "Name the file in it that holds the payouts.",
			"%s is a directory, not a file of payouts", shown);
	if (S_ISREG(mode) && !standard)
		return true;
	if (!S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISCHR(mode) && !(standard && S_ISSOCK(mode)))
		return fault_set(fault, FAULT_USAGE, "", "Name a file, or give the payouts on standard input with -.",
			"%s is neither a file nor a pipe", shown);
	if (!spool(source, fault))
		return false;
	return fstat(source->fd, &source->start) == 0 || spool_fault(source, fault);
}

struct source *source_open(const char *path, struct fault *fault)
{
	struct source *source = memory_new(sizeof(*source));
	const char *slash = strrchr(path, '/');
	bool standard = strcmp(path, "-") == 0;

	source->fd = -1;
	source->path = memory_string(path);
	source->name = memory_string(slash != NULL && slash[1] != '\0' ? slash + 1 : path);
	text_show(&source->shown, standard ? TEXT("standard input") : text_of(path), 0);
	source->sha = sha256_new();
	if (!open_fd(source, fault)) {
		source_close(source);
		return NULL;
	}
	sha256_begin(source->sha);
	return source;
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd > STDIN_FILENO)
		close(source->fd);
	sha256_free(source->sha);
	buf_release(&source->shown);
	free(source->path);
	free(source->name);
	free(source);
}

const char *source_name(const struct source *source)
{
	return source->name;
}

const char *source_path(const struct source *source)
{
	return source->path;
}

int64_t source_size(const struct source *source)
{
	return source->start.st_size;
}

/* One read at an offset; a failed one is never the end of the file. */
static bool read_at(struct source *source, void *buffer, size_t size, int64_t offset, size_t *len, struct fault *fault)
{
	ssize_t count;

	*len = 0;
	do
		count = pread(source->fd, buffer, size, (off_t)offset);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return fault_errno(fault, FAULT_OPERATION, "", "Check the disk the file is on, then run it again.",
			"could not read %s after byte %lld", buf_str(&source->shown), (long long)offset);
	*len = (size_t)count;
	return true;
}

bool source_read(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	if (!read_at(source, buffer, size, source->position, len, fault))
		return false;
	if (source->position == source->hashed && !source->digest_known) {
		sha256_add(source->sha, buffer, *len);
		source->hashed += (int64_t)*len;
	}
	source->position += (int64_t)*len;
	return true;
}

bool source_read_at(struct source *source, int64_t offset, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	size_t part;

	*len = 0;
	do {
		if (!read_at(source, (char *)buffer + *len, size - *len, offset + (int64_t)*len, &part, fault))
			return false;
		*len += part;
	} while (part > 0 && *len < size);
	return true;
}

bool source_peek(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	return source_read_at(source, source->position, buffer, size, len, fault);
}

static bool changed(struct source *source, const char *how, struct fault *fault)
{
	return fault_set(fault, FAULT_REFUSED, "FILE_CHANGED",
		"Wait until whoever writes the file is done with it, then run the same command again.",
		"%s changed while it was read: %s", buf_str(&source->shown), how);
}

static bool compare_start(struct source *source, struct fault *fault)
{
	struct stat now;

	if (fstat(source->fd, &now) != 0)
		return fault_errno(
			fault, FAULT_OPERATION, "", NULL, "could not look at %s again", buf_str(&source->shown));
	if (now.st_size != source->start.st_size)
		return changed(source, now.st_size > source->start.st_size ? "it grew" : "it was cut", fault);
	if (now.st_mtim.tv_sec != source->start.st_mtim.tv_sec || now.st_mtim.tv_nsec != source->start.st_mtim.tv_nsec)
		return changed(source, "it was written to", fault);
	return true;
}

static bool finish_first_pass(struct source *source, struct fault *fault)
{
	char *bytes;
	size_t len;

	if (source->digest_known)
		return true;
	bytes = memory_new(CHUNK_BYTES);
	source->position = source->hashed;
	do {
		if (!source_read(source, bytes, CHUNK_BYTES, &len, fault)) {
			free(bytes);
			return false;
		}
	} while (len > 0 && source->hashed <= source->start.st_size); /* not after one that grows for ever */
	free(bytes);
	sha256_end(source->sha, source->digest);
	source->digest_known = true;
	return true;
}

bool source_finish(struct source *source, uint8_t sha256[SHA256_SIZE], struct fault *fault)
{
	if (!finish_first_pass(source, fault) || !compare_start(source, fault))
		return false;
	if (source->hashed != source->start.st_size)
		return changed(source, "its size isn't what was read", fault);
	if (source->whole_known && memcmp(source->whole, source->digest, SHA256_SIZE) != 0)
		return changed(source, "two readings of it differ", fault);
	memcpy(sha256, source->digest, SHA256_SIZE);
	return true;
}

bool source_hash(struct source *source, uint8_t sha256[SHA256_SIZE], struct fault *fault)
{
	struct sha256 *sha = sha256_new();
	char *bytes = memory_new(CHUNK_BYTES);
	int64_t offset = 0;
	bool done = true;
	size_t len = 1;

	sha256_begin(sha);
	while (done && len > 0 && offset <= source->start.st_size) {
		done = read_at(source, bytes, CHUNK_BYTES, offset, &len, fault);
		sha256_add(sha, bytes, len);
		offset += (int64_t)len;
	}
	sha256_end(sha, source->whole);
	source->whole_known = done;
	if (done)
		memcpy(sha256, source->whole, SHA256_SIZE);
	source->position = 0;
	free(bytes);
	sha256_free(sha);
	return done && compare_start(source, fault);
}

bool source_rewind(struct source *source, struct fault *fault)
{
	(void)fault; /* reads are made at an offset: nothing can fail here */
	source->position = 0;
	return true;
}
