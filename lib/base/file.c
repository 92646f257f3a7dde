#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "base/tick.h"

#define PENDING_BYTES (1024 * 1024)

static bool output_fault(int number, const char *doing, const char *path, struct fault *fault)
{
	bool full = number == ENOSPC || number == EDQUOT;
	struct buf shown = {0};

	text_show(&shown, text_of(path), 0);
	errno = number;
	fault_errno(fault, FAULT_OPERATION, full ? "DISK_FULL" : "OUTPUT_FAILED",
		full ? "Make room on the disk, then run the same command again."
		     : "Check the folder and its permissions, then run the same command again.",
		"could not %s %s", doing, buf_str(&shown));
	buf_release(&shown);
	return false;
}

static void release(struct file_out *out)
{
	if (out->fd >= 0)
		close(out->fd);
	free(out->path);
	free(out->temporary);
	buf_release(&out->pending);
	*out = (struct file_out){.fd = -1};
}

/* A device, a pipe or a socket: as root a rename would put a plain file in the place of /dev/null. */
static bool written_directly(const char *path)
{
	struct stat target;

	return stat(path, &target) == 0 && (S_ISCHR(target.st_mode) || S_ISBLK(target.st_mode) ||
						   S_ISFIFO(target.st_mode) || S_ISSOCK(target.st_mode));
}

bool file_create(struct file_out *out, const char *path, struct fault *fault)
{
	struct buf name = {0};
	int number;

	*out = (struct file_out){.path = memory_string(path)};
	if (written_directly(path)) {
		out->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		buf_addf(&name, "%s.XXXXXX", path);
		out->temporary = memory_string(buf_str(&name));
		buf_release(&name);
		out->fd = mkstemp(out->temporary); /* mode 0600 */
	}
	if (out->fd < 0) {
		number = errno;
		release(out);
		return output_fault(number, "create", path, fault);
	}
	fcntl(out->fd, F_SETFD, FD_CLOEXEC);
	return true;
}

bool file_use(struct file_out *out, int fd, const char *name, struct fault *fault)
{
	int number;

	*out = (struct file_out){.path = memory_string(name), .fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)};
	if (out->fd >= 0)
		return true;
	number = errno;
	release(out);
	return output_fault(number, "write", name, fault);
}

static void send_out(struct file_out *out, const char *bytes, size_t len)
{
	if (out->digest != NULL)
		sha256_add(out->digest, bytes, len);
	while (len > 0 && out->error == 0) {
		ssize_t count = write(out->fd, bytes, len);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0) {
			out->error = count < 0 ? errno : EIO;
			return;
		}
		bytes += count;
		len -= (size_t)count;
	}
}

void file_write(struct file_out *out, const void *bytes, size_t len)
{
	if (out->pending.len + len >= PENDING_BYTES) {
		send_out(out, out->pending.data, out->pending.len);
		buf_reset(&out->pending);
	}
	if (len >= PENDING_BYTES) {
		send_out(out, bytes, len);
		return;
	}
	if (out->pending.cap == 0)
		buf_room(&out->pending, PENDING_BYTES);
	buf_add(&out->pending, bytes, len);
}

/* A rename is on the disk only when its folder is. */
static bool sync_folder(const char *path)
{
	char *folder = file_folder(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;
	int number = errno;

	if (fd >= 0)
		close(fd);
	free(folder);
	errno = number;
	return done;
}

static bool finish_directly(struct file_out *out, struct fault *fault)
{
	bool done = out->error == 0 || output_fault(out->error, "write", out->path, fault);

	release(out);
	return done;
}

bool file_commit(struct file_out *out, bool durable, struct fault *fault)
{
	const char *doing = "write";
	bool renamed = false;
	int number;

	send_out(out, out->pending.data, out->pending.len);
	if (out->temporary == NULL)
		return finish_directly(out, fault);
	number = out->error;
	if (number == 0 && durable && fsync(out->fd) != 0)
		number = errno;
	if (close(out->fd) != 0 && number == 0) /* NFS tells a full disk here */
		number = errno;
	out->fd = -1;
	if (number == 0) {
		doing = "replace";
		tick("file.before_rename");
		renamed = rename(out->temporary, out->path) == 0;
		if (!renamed)
			number = errno;
		tick("file.renamed");
	}
	if (!renamed)
		unlink(out->temporary);
	else if (durable && !sync_folder(out->path))
		number = errno;
	if (number != 0)
		output_fault(number, doing, out->path, fault);
	release(out);
	return number == 0;
}

void file_abandon(struct file_out *out)
{
	if (out->temporary != NULL)
		unlink(out->temporary);
	release(out);
}

bool file_replace(const char *path, struct text bytes, bool durable, struct fault *fault)
{
	struct file_out out;

	if (!file_create(&out, path, fault))
		return false;
	send_out(&out, bytes.ptr, bytes.len);
	return file_commit(&out, durable, fault);
}

/* 0, or what errno says about it. */
static int read_whole(const char *path, size_t max, struct buf *buf)
{
	size_t start = buf->len;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int number = 0;

	if (fd < 0)
		return errno;
	while (number == 0) {
		size_t room = max - (buf->len - start) + 1; /* one more shows that there is more */
		char *bytes = buf_room(buf, room < 65536 ? room : 65536);
		ssize_t count = read(fd, bytes, room < 65536 ? room : 65536);

		if (count == 0)
			break;
		if (count < 0)
			number = errno == EINTR ? 0 : errno;
		else
			buf->len += (size_t)count;
		if (buf->len - start > max)
			number = EFBIG;
	}
	buf_add(buf, "", 0); /* the NUL behind it */
	close(fd);
	return number;
}

bool file_read(const char *path, size_t max, struct buf *buf, int *error, struct fault *fault)
{
	size_t start = buf->len;
	int number = read_whole(path, max, buf);
	struct buf shown = {0};

	if (error != NULL)
		*error = number;
	if (number == 0)
		return true;
	buf->len = start;
	text_show(&shown, text_of(path), 0);
	errno = number;
	fault_errno(fault, FAULT_OPERATION, "", NULL, "could not read %s", buf_str(&shown));
	buf_release(&shown);
	return false;
}

static bool is_folder(const char *path)
{
	struct stat target;

	return stat(path, &target) == 0 && S_ISDIR(target.st_mode);
}

bool file_make_folder(const char *path, struct fault *fault)
{
	char *part = memory_string(path);
	int number = 0;

	for (size_t i = 1; number == 0 && path[0] != '\0'; i++) {
		bool last = path[i] == '\0';

		if (!last && path[i] != '/')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && !is_folder(part))
			number = errno == EEXIST ? ENOTDIR : errno;
		part[i] = path[i];
		if (last)
			break;
	}
	free(part);
	return number == 0 || output_fault(number, "create the folder", path, fault);
}

char *file_join(const char *folder, const char *name)
{
	struct buf path = {0};

	if (name[0] != '/') {
		buf_addz(&path, folder);
		if (path.len > 0 && path.data[path.len - 1] != '/')
			buf_addc(&path, '/');
	}
	buf_addz(&path, name);
	return path.data;
}

char *file_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (slash == NULL)
		return memory_string(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	folder = memory_string(path);
	folder[slash > path ? slash - path : 1] = '\0';
	return folder;
}
