#include "formats/archive_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

#define COPY_BYTES 65536
#define DEFLATE_LEVEL 6 /* libzip takes 9 where none is named: a sheet takes twice the time for nothing */
#define DOS_DATE 0x21   /* 1980-01-01, the first that a ZIP archive can say */

struct archive_out {
	struct source *from; /* NULL: none */
	int64_t read_at, write_at;
	struct scratch to;
	struct fault fault; /* of a scratch file; the first */
	zip_error_t error;
	zip_t *zip;
};

/* --- where libzip reads the old archive and writes the new one ---------------------------------------------------- */

static zip_int64_t failed(struct archive_out *archive, int code)
{
	zip_error_set(&archive->error, code, errno);
	return -1;
}

static zip_int64_t read_old(struct archive_out *archive, void *bytes, zip_uint64_t len)
{
	size_t count = 0;

	if (archive->from != NULL &&
		!source_read_at(archive->from, archive->read_at, bytes, (size_t)len, &count, &archive->fault))
		return failed(archive, ZIP_ER_READ);
	archive->read_at += (int64_t)count;
	return (zip_int64_t)count;
}

static zip_int64_t seek(struct archive_out *archive, int64_t *at, int64_t size, void *data, zip_uint64_t len)
{
	zip_int64_t offset =
		zip_source_seek_compute_offset((zip_uint64_t)*at, (zip_uint64_t)size, data, len, &archive->error);

	if (offset < 0)
		return -1;
	*at = offset;
	return 0;
}

static zip_int64_t tell(struct archive_out *archive, void *data, zip_uint64_t len)
{
	struct zip_stat *stat = ZIP_SOURCE_GET_ARGS(struct zip_stat, data, len, &archive->error);

	if (stat == NULL)
		return -1;
	zip_stat_init(stat);
	if (archive->from == NULL) {
		zip_error_set(&archive->error, ZIP_ER_READ, ENOENT);
		return -1;
	}
	stat->size = (zip_uint64_t)source_size(archive->from);
	stat->valid = ZIP_STAT_SIZE;
	return sizeof(*stat);
}

static zip_int64_t begin_write(struct archive_out *archive)
{
	const char *folder = archive->to.folder;

	scratch_release(&archive->to);
	scratch_init(&archive->to, folder);
	archive->write_at = 0;
	return scratch_append(&archive->to, "", 0, &archive->fault) ? 0 : failed(archive, ZIP_ER_TMPOPEN);
}

static zip_int64_t write_new(struct archive_out *archive, const char *bytes, zip_uint64_t len)
{
	int64_t over = archive->to.size - archive->write_at;
	size_t old = over <= 0 ? 0 : over < (int64_t)len ? (size_t)over : (size_t)len;

	if ((old > 0 && !scratch_put(&archive->to, archive->write_at, bytes, old, &archive->fault)) ||
		(len > old && !scratch_append(&archive->to, bytes + old, (size_t)len - old, &archive->fault)))
		return failed(archive, ZIP_ER_WRITE);
	archive->write_at += (int64_t)len;
	return (zip_int64_t)len;
}

static zip_int64_t call(void *context, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
	struct archive_out *archive = context;

	switch ((int)command) {
	case ZIP_SOURCE_OPEN:
		archive->read_at = 0;
		return 0;
	case ZIP_SOURCE_READ:
		return read_old(archive, data, len);
	case ZIP_SOURCE_STAT:
		return tell(archive, data, len);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&archive->error, data, len);
	case ZIP_SOURCE_SEEK:
		return seek(
			archive, &archive->read_at, archive->from == NULL ? 0 : source_size(archive->from), data, len);
	case ZIP_SOURCE_TELL:
		return archive->read_at;
	case ZIP_SOURCE_BEGIN_WRITE:
		return begin_write(archive);
	case ZIP_SOURCE_WRITE:
		return write_new(archive, data, len);
	case ZIP_SOURCE_SEEK_WRITE:
		return seek(archive, &archive->write_at, archive->to.size, data, len);
	case ZIP_SOURCE_TELL_WRITE:
		return archive->write_at;
	case ZIP_SOURCE_SUPPORTS:
		return ZIP_SOURCE_SUPPORTS_WRITABLE;
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
	case ZIP_SOURCE_COMMIT_WRITE:
	case ZIP_SOURCE_ROLLBACK_WRITE:
	case ZIP_SOURCE_REMOVE:
		return 0;
	default:
		zip_error_set(&archive->error, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

/* --- the archive -------------------------------------------------------------------------------------------------- */

static bool zip_fault(struct archive_out *archive, zip_error_t *error, struct fault *fault)
{
	if (archive->fault.set)
		return fault_set(fault, archive->fault.kind, archive->fault.code, archive->fault.cure, "%s",
			archive->fault.message);
	return fault_set(fault, FAULT_OPERATION, "OUTPUT_FAILED", NULL, "could not write the archive: %s",
		zip_error_strerror(error));
}

static void release(struct archive_out *archive)
{
	scratch_release(&archive->to);
	zip_error_fini(&archive->error);
	free(archive);
}

struct archive_out *archive_out_open(const char *folder, struct source *from, struct fault *fault)
{
	struct archive_out *archive = memory_new(sizeof(*archive));
	zip_source_t *source;
	zip_error_t error;

	archive->from = from;
	scratch_init(&archive->to, folder);
	zip_error_init(&archive->error);
	zip_error_init(&error);
	source = zip_source_function_create(call, archive, &error);
	if (source != NULL)
		archive->zip = zip_open_from_source(source, from == NULL ? ZIP_CREATE | ZIP_TRUNCATE : 0, &error);
	if (archive->zip == NULL) {
		zip_fault(archive, &error, fault);
		if (source != NULL)
			zip_source_free(source);
		release(archive);
		archive = NULL;
	}
	zip_error_fini(&error);
	return archive;
}

static bool put(
	struct archive_out *archive, const char *name, zip_int64_t place, zip_source_t *source, struct fault *fault)
{
	zip_int64_t index = -1;

	if (source != NULL && place < 0)
		index = zip_file_add(archive->zip, name, source, ZIP_FL_ENC_UTF_8);
	else if (source != NULL && zip_file_replace(archive->zip, (zip_uint64_t)place, source, 0) == 0)
		index = place;
	if (index < 0) {
		if (source != NULL)
			zip_source_free(source);
		return zip_fault(archive, zip_get_error(archive->zip), fault);
	}
	if (zip_file_set_dostime(archive->zip, (zip_uint64_t)index, 0, DOS_DATE, 0) != 0 ||
		zip_set_file_compression(archive->zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, DEFLATE_LEVEL) != 0)
		return zip_fault(archive, zip_get_error(archive->zip), fault);
	return true;
}

bool archive_out_put(
	struct archive_out *archive, const char *name, zip_int64_t place, struct text bytes, struct fault *fault)
{
	char *copy = memory_new(bytes.len + 1);

	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	zip_source_t *source = zip_source_buffer(archive->zip, copy, bytes.len, 1);
	if (source == NULL)
		free(copy);
	return put(archive, name, place, source, fault);
}

bool archive_out_put_scratch(struct archive_out *archive, const char *name, zip_int64_t place,
	const struct scratch *scratch, struct fault *fault)
{
	int fd = dup(scratch->fd);
	FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
	zip_source_t *source;

	if (file == NULL) {
		fault_errno(fault, FAULT_OPERATION, "", NULL, "could not read a temporary file");
		if (fd >= 0)
			close(fd);
		return false;
	}
	source = zip_source_filep(archive->zip, file, 0, scratch->size);
	if (source == NULL)
		fclose(file);
	return put(archive, name, place, source, fault);
}

static bool copy(struct archive_out *archive, struct file_out *out, struct fault *fault)
{
	char *bytes = memory_new(COPY_BYTES);
	bool fine = true;

	for (int64_t at = 0; fine && at < archive->to.size;) {
		int64_t left = archive->to.size - at;
		size_t len = left < COPY_BYTES ? (size_t)left : COPY_BYTES;

		fine = scratch_read(&archive->to, at, bytes, len, fault);
		if (fine)
			file_write(out, bytes, len);
		at += (int64_t)len;
	}
	free(bytes);
	return fine;
}

bool archive_out_close(struct archive_out *archive, struct file_out *out, struct fault *fault)
{
	bool fine = true;

	if (zip_close(archive->zip) != 0) {
		fine = zip_fault(archive, zip_get_error(archive->zip), fault);
		zip_discard(archive->zip);
	}
	fine = fine && copy(archive, out, fault);
	release(archive);
	return fine;
}

void archive_out_abandon(struct archive_out *archive)
{
	zip_discard(archive->zip);
	release(archive);
}
