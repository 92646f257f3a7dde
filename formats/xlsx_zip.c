#include "formats/xlsx_zip.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"

#define EOCD_BYTES 22 /* end of the central directory, without its comment (APPNOTE 4.3.16) */
#define EOCD_COUNT 10
#define EOCD_REACH (EOCD_BYTES + 0xFFFF)

static void refuse_damaged(struct xlsx_zip *zip, const char *part, const char *why)
{
	refusal_set(&zip->refusal, "XLSX_SYNTAX", 0, XLSX_CURE_DAMAGED, "the workbook is damaged: %s%s%s", part,
		part[0] != '\0' ? ": " : "", why);
}

/* --- the source as libzip wants it -------------------------------------------------------------------------------- */

static zip_int64_t give_bytes(struct xlsx_zip *zip, void *data, zip_uint64_t len)
{
	size_t count;

	if (!source_read_at(zip->source, zip->position, data, (size_t)len, &count, &zip->fault)) {
		zip_error_set(&zip->error, ZIP_ER_READ, 0);
		return -1;
	}
	zip->position += (int64_t)count;
	return (zip_int64_t)count;
}

static zip_int64_t give_stat(struct xlsx_zip *zip, void *data, zip_uint64_t len)
{
	zip_stat_t stat;

	if (len < sizeof(stat))
		return -1;
	zip_stat_init(&stat);
	stat.valid = ZIP_STAT_SIZE;
	stat.size = (zip_uint64_t)zip->size;
	memcpy(data, &stat, sizeof(stat));
	return (zip_int64_t)sizeof(stat);
}

static zip_int64_t give_place(struct xlsx_zip *zip, void *data, zip_uint64_t len)
{
	zip_int64_t offset = zip_source_seek_compute_offset(
		(zip_uint64_t)zip->position, (zip_uint64_t)zip->size, data, len, &zip->error);

	if (offset < 0)
		return -1;
	zip->position = offset;
	return 0;
}

static zip_int64_t answer(void *context, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
	struct xlsx_zip *zip = context;

	if (command == ZIP_SOURCE_READ)
		return give_bytes(zip, data, len);
	if (command == ZIP_SOURCE_STAT)
		return give_stat(zip, data, len);
	if (command == ZIP_SOURCE_SEEK)
		return give_place(zip, data, len);
	if (command == ZIP_SOURCE_TELL)
		return zip->position;
	if (command == ZIP_SOURCE_ERROR)
		return zip_error_to_data(&zip->error, data, len);
	if (command == ZIP_SOURCE_OPEN) {
		zip->position = 0;
		return 0;
	}
	if (command == ZIP_SOURCE_CLOSE || command == ZIP_SOURCE_FREE)
		return 0;
	if (command == ZIP_SOURCE_SUPPORTS)
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
			ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
			ZIP_SOURCE_SUPPORTS, -1);
	zip_error_set(&zip->error, ZIP_ER_OPNOTSUPP, 0);
	return -1;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* The directory is read into memory whole: how long it is, is known before. */
static bool count_entries(struct xlsx_zip *zip, struct fault *fault)
{
	size_t reach = zip->size < EOCD_REACH ? (size_t)zip->size : EOCD_REACH, len;
	unsigned char *tail = memory_new(EOCD_REACH);
	int64_t count = -1;

	if (!source_read_at(zip->source, zip->size - (int64_t)reach, tail, reach, &len, fault)) {
		free(tail);
		return false;
	}
	for (size_t i = len; i-- > 0 && count < 0;)
		if (i + EOCD_BYTES <= len && memcmp(tail + i, "PK\005\006", 4) == 0)
			count = tail[i + EOCD_COUNT] | tail[i + EOCD_COUNT + 1] << 8;
	free(tail);
	if (count < 0)
		refuse_damaged(zip, "", "its archive breaks off, or has no end");
	else if (count > BOUND_BOOK_ENTRIES)
		refusal_set(&zip->refusal, "FILE_TOO_LARGE", 0, "Check where the file is from.",
			"the archive of the workbook has more than %d entries", BOUND_BOOK_ENTRIES);
	return true;
}

bool xlsx_zip_open(struct xlsx_zip *zip, struct source *source, struct fault *fault)
{
	zip_source_t *bytes;
	zip_error_t error;

	*zip = (struct xlsx_zip){.source = source, .size = source_size(source)};
	zip_error_init(&zip->error);
	if (!count_entries(zip, fault))
		return false;
	if (zip->refusal.code != NULL)
		return true;
	zip_error_init(&error);
	bytes = zip_source_function_create(answer, zip, &error);
	if (bytes == NULL)
		abort();
	zip->archive = zip_open_from_source(bytes, ZIP_RDONLY, &error);
	if (zip->archive == NULL) {
		zip_source_free(bytes);
		if (!zip->fault.set)
			refuse_damaged(zip, "", zip_error_strerror(&error));
	} else if (zip_get_num_entries(zip->archive, 0) > BOUND_BOOK_ENTRIES) {
		refuse_damaged(zip, "", "its archive has another number of entries than it says");
	}
	zip_error_fini(&error);
	if (zip->fault.set)
		*fault = zip->fault;
	return !zip->fault.set;
}

void xlsx_zip_close(struct xlsx_zip *zip)
{
	if (zip->archive != NULL)
		zip_discard(zip->archive);
	zip_error_fini(&zip->error);
	refusal_release(&zip->refusal);
}

/* --- parts -------------------------------------------------------------------------------------------------------- */

static char plain(char byte)
{
	if (byte == '\\') /* an old library writes names so */
		return '/';
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool same_part(const char *a, const char *b)
{
	while (*a != '\0' && plain(*a) == plain(*b)) {
		a++;
		b++;
	}
	return *a == '\0' && *b == '\0';
}

zip_int64_t xlsx_zip_find(struct xlsx_zip *zip, const char *part)
{
	zip_int64_t count = zip_get_num_entries(zip->archive, 0), found = -1;

	for (zip_int64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(zip->archive, (zip_uint64_t)i, ZIP_FL_ENC_RAW);

		if (name == NULL || !same_part(name, part))
			continue;
		if (found >= 0) {
			refuse_damaged(zip, part, "the archive has two parts of that name");
			return -1;
		}
		found = i;
	}
	return found;
}

bool xlsx_zip_has_ending(const struct xlsx_zip *zip, const char *ending)
{
	zip_int64_t count = zip_get_num_entries(zip->archive, 0);
	size_t len = strlen(ending);

	for (zip_int64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(zip->archive, (zip_uint64_t)i, ZIP_FL_ENC_RAW);

		if (name != NULL && strlen(name) >= len && same_part(name + strlen(name) - len, ending))
			return true;
	}
	return false;
}

static bool refuse_entry(struct xlsx_zip *zip, const char *part, const zip_stat_t *stat)
{
	const zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;

	if ((stat->valid & wanted) != wanted)
		refuse_damaged(zip, part, "the archive doesn't say how long it is");
	else if ((stat->valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat->encryption_method != ZIP_EM_NONE)
		refusal_set(&zip->refusal, "XLSX_UNSUPPORTED", 0,
			"Open it in a spreadsheet and save it as .xlsx without a password.",
			"the workbook is encrypted: %s needs a password", part);
	else if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
		refuse_damaged(zip, part, "it is packed in a way that workbooks are not");
	return zip->refusal.code != NULL;
}

/* Reading it failed, or opening it. */
static void refuse_read(struct xlsx_zip *zip, const char *part, zip_error_t *error)
{
	if (!zip->fault.set)
		refuse_damaged(zip, part, error != NULL ? zip_error_strerror(error) : "it can't be read");
}

bool xlsx_entry_open(
	struct xlsx_entry *entry, struct xlsx_zip *zip, const char *part, uint64_t most, struct fault *fault)
{
	zip_int64_t place = xlsx_zip_find(zip, part);
	uint64_t packed;
	zip_stat_t stat;

	*entry = (struct xlsx_entry){.part = part};
	if (place < 0) {
		refuse_damaged(zip, part, "the part is missing"); /* unless it stands twice: told already */
		return false;
	}
	zip_stat_init(&stat);
	if (zip_stat_index(zip->archive, (zip_uint64_t)place, 0, &stat) != 0) {
		refuse_read(zip, part, zip_get_error(zip->archive));
		return false;
	}
	if (refuse_entry(zip, part, &stat))
		return false;
	packed = stat.comp_size < (uint64_t)zip->size ? stat.comp_size : (uint64_t)zip->size;
	entry->size = stat.size;
	entry->most = packed * BOUND_BOOK_RATIO;
	if (entry->most < BOUND_BOOK_RATIO_FREE)
		entry->most = BOUND_BOOK_RATIO_FREE;
	if (entry->most > most)
		entry->most = most;
	entry->file = zip_fopen_index(zip->archive, (zip_uint64_t)place, 0);
	if (entry->file != NULL)
		return true;
	refuse_read(zip, part, zip_get_error(zip->archive));
	if (zip->fault.set)
		*fault = zip->fault;
	return false;
}

int xlsx_entry_read(struct xlsx_entry *entry, struct xlsx_zip *zip, char *buffer, int size)
{
	zip_int64_t count = zip_fread(entry->file, buffer, (zip_uint64_t)size);

	if (count < 0) {
		refuse_read(zip, entry->part, zip_file_get_error(entry->file));
		return -1;
	}
	entry->read += (uint64_t)count;
	if (entry->read > entry->most) {
		refusal_set(&zip->refusal, "FILE_TOO_LARGE", 0,
			"Check where the file is from; split it if it is right.",
			"the part %s of the workbook unpacks to more than %llu bytes", entry->part,
			(unsigned long long)entry->most);
		return -1;
	}
	if (entry->read > entry->size || (count == 0 && entry->read < entry->size)) {
		refuse_damaged(zip, entry->part, "it has another length than the archive says");
		return -1;
	}
	return (int)count;
}

void xlsx_entry_close(struct xlsx_entry *entry)
{
	if (entry->file != NULL)
		zip_fclose(entry->file);
	entry->file = NULL;
}
