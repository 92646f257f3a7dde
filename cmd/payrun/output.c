#include "cmd/payrun/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/payrun/doc.h"

#define FLOW_BYTES 65536

void output_init(struct output *output, bool json)
{
	const char *folder = getenv("TMPDIR");
	memset(output, 0, sizeof *output);
	output->json = json;
	scratch_init(&output->findings, folder != NULL && folder[0] != '\0' ? folder : "/tmp");
}

void output_release(struct output *output)
{
	if (output->report_path != NULL)
		unlink(output->report_path);
	free(output->report_path);
	scratch_release(&output->findings);
	buf_release(&output->text);
	buf_release(&output->finding);
	buf_release(&output->batches);
	buf_release(&output->errors);
	buf_release(&output->members);
}

static void write_out(struct output *output)
{
	size_t done = 0;
	while (done < output->text.len && output->error == 0) {
		ssize_t count = write(STDOUT_FILENO, output->text.data + done, output->text.len - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			output->error = count < 0 ? errno : EIO;
		else
			done += (size_t)count;
	}
	buf_reset(&output->text);
}

void output_flow(struct output *output)
{
	if (output->text.len >= FLOW_BYTES)
		write_out(output);
}

void output_flush(struct output *output)
{
	if (!output->json)
		write_out(output);
}

void output_say(struct output *output, const char *format, ...)
{
	va_list list;
	if (output->json)
		return;
	va_start(list, format);
	buf_addv(&output->text, format, list);
	va_end(list);
	output_flow(output);
}

void output_show(struct output *output, struct text text)
{
	if (!output->json)
		text_show(&output->text, text, 0);
}

void output_add(struct output *output, struct text text)
{
	if (output->json)
		return;
	buf_addt(&output->text, text);
	output_flow(output);
}

void output_finding(struct output *output, const struct finding *finding, const char *file)
{
	output->finding_count++;
	if (!output->json || output->fault.set)
		return;
	buf_reset(&output->finding);
	if (output->findings.size > 0)
		buf_addc(&output->finding, ',');
	finding_json(&output->finding, finding);
	if (file != NULL) {
		output->finding.len--; /* its brace */
		doc_member_string(&output->finding, "file", file);
		doc_close(&output->finding, '}');
	}
	if (!scratch_append(&output->findings, output->finding.data, output->finding.len, &output->fault))
		return;
}

void output_error(struct output *output, const char *code, const char *channel, const char *message, const char *cure)
{
	struct buf *errors = &output->errors;
	doc_open(errors, '{');
	doc_member_string(errors, "code", code);
	doc_member_string(errors, "channel", channel);
	doc_member_string(errors, "message", message);
	doc_member_string(errors, "cure", cure);
	doc_close(errors, '}');
}

static void add_findings(struct output *output)
{
	char bytes[16384];
	for (int64_t at = 0; at < output->findings.size;) {
		int64_t left = output->findings.size - at;
		size_t len = left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes;
		if (!scratch_read(&output->findings, at, bytes, len, &output->fault))
			return;
		buf_add(&output->text, bytes, len);
		output_flow(output);
		at += (int64_t)len;
	}
}

static void add_report(struct output *output)
{
	char bytes[16384];
	ssize_t count;
	int fd = open(output->report_path, O_RDONLY | O_CLOEXEC);
	doc_name(&output->text, "report");
	while (fd >= 0 && (count = read(fd, bytes, sizeof bytes)) > 0) {
		buf_add(&output->text, bytes, (size_t)count);
		output_flow(output);
	}
	if (fd >= 0)
		close(fd);
}

static void add_document(struct output *output, const char *version, const char *command, int exit_code)
{
	struct buf *text = &output->text;
	doc_open(text, '{');
	doc_member_number(text, "schema", 1);
	doc_member_string(text, "version", version);
	doc_member_string(text, "command", command);
	doc_member_number(text, "exit", exit_code);
	doc_name(text, "batches");
	doc_open(text, '[');
	doc_raw(text, buf_text(&output->batches));
	doc_close(text, ']');
	doc_name(text, "findings");
	doc_open(text, '[');
	add_findings(output);
	doc_close(text, ']');
	doc_name(text, "errors");
	doc_open(text, '[');
	doc_raw(text, buf_text(&output->errors));
	doc_close(text, ']');
	doc_raw(text, buf_text(&output->members));
	if (output->report_path != NULL)
		add_report(output);
	doc_close(text, '}');
	buf_addc(text, '\n');
}

bool output_end(struct output *output, const char *version, const char *command, int exit_code)
{
	if (output->json) {
		buf_reset(&output->text);
		add_document(output, version, command, exit_code);
	}
	write_out(output);
	return output->error == 0;
}
