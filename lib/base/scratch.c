#include "base/scratch.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/types.h>

static const char cure_disk[] = "free some space there, or name another folder with TMPDIR, and run again";

void scratch_init(struct scratch *scratch, const char *folder)
{
	*scratch = (struct scratch){.folder = folder, .fd = -1};
}

void scratch_release(struct scratch *scratch)
{
	if (scratch->fd >= 0)
		close(scratch->fd);
	scratch->fd = -1;
	scratch->size = 0;
}

static bool failed(const struct scratch *scratch, const char *verb, struct fault *fault)
{
	const char *code = errno == ENOSPC || errno == EDQUOT ? "DISK_FULL" : "";

	return fault_errno(
		fault, FAULT_OPERATION, code, cure_disk, "cannot %s a temporary file in %s", verb, scratch->folder);
}

static bool make(struct scratch *scratch, struct fault *fault)
{
	char path[4096];
	int len = snprintf(path, sizeof(path), "%s/.payrun-XXXXXX", scratch->folder);

	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return failed(scratch, "make", fault);
	}
	scratch->fd = mkstemp(path);
	if (scratch->fd < 0)
		return failed(scratch, "make", fault);
	if (unlink(path) != 0 || fcntl(scratch->fd, F_SETFD, FD_CLOEXEC) != 0)
		return failed(scratch, "make", fault);
	return true;
}

bool scratch_put(const struct scratch *scratch, int64_t offset, const void *bytes, size_t len, struct fault *fault)
{
	const char *from = bytes;

	while (len > 0) {
		ssize_t done = pwrite(scratch->fd, from, len, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return failed(scratch, "write", fault);
		from += done;
		offset += done;
		len -= (size_t)done;
	}
	return true;
}

bool scratch_append(struct scratch *scratch, const void *bytes, size_t len, struct fault *fault)
{
	if (scratch->fd < 0 && !make(scratch, fault))
		return false;
	if (!scratch_put(scratch, scratch->size, bytes, len, fault))
		return false;
	scratch->size += (int64_t)len;
	return true;
}

bool scratch_read(const struct scratch *scratch, int64_t offset, void *bytes, size_t len, struct fault *fault)
{
	char *to = bytes;

	assert(offset >= 0 && offset + (int64_t)len <= scratch->size);
	while (len > 0) {
		ssize_t done = pread(scratch->fd, to, len, offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done == 0)
			errno = EIO; /* somebody cut our file: what we wrote is not there */
		if (done <= 0)
			return failed(scratch, "read", fault);
		to += done;
		offset += done;
		len -= (size_t)done;
	}
	return true;
}
