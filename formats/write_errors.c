#include "formats/write_errors.h"

#include <string.h>

#include "formats/cell.h"

#define OWN_COLUMNS ERROR_COLUMNS

const char *const error_columns[ERROR_COLUMNS] = {
	"payrun_row", "payrun_severity", "payrun_field", "payrun_code", "payrun_message", "payrun_reference"};

/* The last fields of a record: where each starts, a count of all. */
struct tail {
	size_t starts[OWN_COLUMNS]; /* of the last six, from the left; only whole when count is more than six */
	size_t count;
};

static struct text body(struct text raw)
{
	if (raw.len > 0 && raw.ptr[raw.len - 1] == '\n')
		raw.len--;
	if (raw.len > 0 && raw.ptr[raw.len - 1] == '\r')
		raw.len--;
	return raw;
}

static void find_tail(struct text record, char delimiter, struct tail *tail)
{
	bool quoted = false;

	*tail = (struct tail){.count = 1};
	for (size_t i = 0; i < record.len; i++) {
		if (record.ptr[i] == '"')
			quoted = !quoted;
		if (record.ptr[i] != delimiter || quoted)
			continue;
		tail->count++;
		memmove(tail->starts, tail->starts + 1, sizeof(tail->starts) - sizeof(tail->starts[0]));
		tail->starts[OWN_COLUMNS - 1] = i + 1;
	}
}

/* One of the last six fields without blanks and plain quotes. */
static struct text tail_field(struct text record, const struct tail *tail, size_t index)
{
	size_t start = tail->starts[index];
	size_t end = index + 1 < OWN_COLUMNS ? tail->starts[index + 1] - 1 : record.len;
	struct text field = text_trim((struct text){record.ptr + start, end - start});

	if (field.len >= 2 && field.ptr[0] == '"' && field.ptr[field.len - 1] == '"')
		field = text_trim((struct text){field.ptr + 1, field.len - 2});
	return field;
}

static bool ends_with_own(struct text header, const struct tail *tail)
{
	if (tail->count <= OWN_COLUMNS)
		return false;
	for (size_t i = 0; i < OWN_COLUMNS; i++)
		if (!text_equal_nocase(tail_field(header, tail, i), text_of(error_columns[i])))
			return false;
	return true;
}

/* A row of another length than the header has the old columns where their first is the number that payrun wrote. */
static bool has_own(const struct error_writer *writer, struct text record, const struct tail *tail)
{
	int64_t number;

	if (!writer->handed_back || tail->count <= OWN_COLUMNS)
		return false;
	if (tail->count == writer->field_count)
		return true;
	return tail->count != writer->field_count - OWN_COLUMNS &&
	       text_number(tail_field(record, tail, 0), INT64_MAX, &number);
}

static void put(struct error_writer *writer, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	if (writer->encoder == NULL) {
		file_write(&writer->out, bytes, len);
		return;
	}
	buf_reset(&writer->encoded);
	encoder_add(writer->encoder, (struct text){bytes, len}, &writer->encoded);
	file_write(&writer->out, writer->encoded.data, writer->encoded.len);
}

/* The user's bytes, payrun's cells, the user's line end. */
static void write_record(struct error_writer *writer, struct text raw, size_t kept)
{
	size_t end = body(raw).len;

	put(writer, raw.ptr, kept);
	put(writer, writer->cells.data, writer->cells.len);
	put(writer, raw.ptr + end, raw.len - end);
}

bool error_writer_begin(struct error_writer *writer, const char *path, struct text header,
	const struct dialect *dialect, struct fault *fault)
{
	char delimiter = dialect->delimiter;
	struct text names = body(header);
	struct tail tail;

	*writer = (struct error_writer){.delimiter = delimiter};
	if (dialect->encoding != NULL) {
		writer->encoder = encoder_open(dialect->encoding, fault);
		if (writer->encoder == NULL)
			return false;
	}
	if (!file_create(&writer->out, path, fault)) {
		encoder_close(writer->encoder);
		return false;
	}
	put(writer, dialect->preface.ptr, dialect->preface.len);
	find_tail(names, delimiter, &tail);
	writer->field_count = tail.count;
	writer->handed_back = ends_with_own(names, &tail);
	for (size_t i = 0; i < OWN_COLUMNS; i++) {
		buf_addc(&writer->cells, delimiter);
		buf_addz(&writer->cells, error_columns[i]);
	}
	if (header.len > 0) /* a file without a header stays one */
		write_record(writer, header, writer->handed_back ? tail.starts[0] - 1 : names.len);
	return true;
}

void error_message(struct buf *buf, const struct finding *finding)
{
	size_t len = strlen(finding->message);

	buf_addz(buf, finding->message);
	if (finding->cure[0] == '\0')
		return;
	if (len > 0 && strchr(".?!", finding->message[len - 1]) == NULL)
		buf_addc(buf, '.');
	buf_addc(buf, ' ');
	buf_addz(buf, finding->cure);
}

void error_join(struct buf *buf, enum error_column column, const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = &findings[i];

		buf_addz(buf, i > 0 ? " | " : "");
		switch (column) {
		case ERROR_SEVERITY:
			buf_addz(buf, finding_severity_name(finding->severity));
			break;
		case ERROR_FIELD:
			buf_addz(buf, finding->field);
			break;
		case ERROR_CODE:
			buf_addz(buf, finding->code);
			break;
		case ERROR_MESSAGE:
			error_message(buf, finding);
			break;
		case ERROR_ROW:
		case ERROR_REFERENCE:
		default:
			break; /* of the row, not of a finding */
		}
	}
}

void error_writer_row(struct error_writer *writer, struct text raw, int64_t row, const struct finding *findings,
	size_t count, struct text reference)
{
	struct text record = body(raw);
	struct tail tail;

	buf_reset(&writer->cells);
	buf_addc(&writer->cells, writer->delimiter);
	buf_addi(&writer->cells, row);
	for (enum error_column column = ERROR_SEVERITY; column <= ERROR_MESSAGE; column++) {
		buf_reset(&writer->joined);
		error_join(&writer->joined, column, findings, count);
		buf_addc(&writer->cells, writer->delimiter);
		cell_add(&writer->cells, buf_text(&writer->joined), writer->delimiter, true);
	}
	buf_addc(&writer->cells, writer->delimiter);
	cell_add(&writer->cells, reference, writer->delimiter, true);
	find_tail(record, writer->delimiter, &tail);
	write_record(writer, raw, has_own(writer, record, &tail) ? tail.starts[0] - 1 : record.len);
}

void error_writer_blanks(struct error_writer *writer, struct text raw)
{
	put(writer, raw.ptr, raw.len);
}

static void release(struct error_writer *writer)
{
	buf_release(&writer->cells);
	buf_release(&writer->joined);
	buf_release(&writer->encoded);
	encoder_close(writer->encoder);
}

bool error_writer_commit(struct error_writer *writer, struct fault *fault)
{
	release(writer);
	return file_commit(&writer->out, true, fault);
}

void error_writer_abandon(struct error_writer *writer)
{
	release(writer);
	file_abandon(&writer->out);
}
