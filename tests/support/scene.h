/*
 * Recorded exchanges. A folder per provider, tests/exchanges/NAME, holds files *.exchange: what a call is about, the
 * request it must make, the answer, and the receipt it must give. A new case needs no C. Lines:
 *
 *     # what it shows
 *     name: value      of the call (see call_set), or setting.NAME; those of the folder's `defaults` come first
 *     sealed: text     what must come out when the request's body is opened with encryption_secret
 *     > line           the request as it must be: method and URL, headers, an empty line, body; none: not compared
 *     < line           the answer: status, headers, an empty line, body; none: the request alone is compared
 *     = name: value    the receipt, whole: what is not written here must be empty
 */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include "base/arena.h"
#include "base/buf.h"
#include "providers/adapter.h"
#include "values/row.h"

#define SCENE_SETTINGS_MAX 16
#define SCENE_FIELDS_MAX 32
#define SCENE_FEES_MAX 4

/* One of them, read. */
struct scene {
	const struct adapter *adapter;
	const char *path;
	enum operation operation;
	struct call call; /* its payload is the one that a first send would have frozen */
	bool answered;
	struct http_answer answer;

	struct arena arena;
	struct channel channel;
	struct setting_value settings[SCENE_SETTINGS_MAX];
	struct row_recipient fields[SCENE_FIELDS_MAX]; /* of the content: name and value, in byte order of the names */
	size_t field_count;
	struct buf content;
	struct buf payload;
	struct buf request, told, wanted; /* the >, < and = lines, without their marks */
	struct text sealed;
	struct fee_question questions[SCENE_FEES_MAX];
};

/* All of these fail the test that runs when something is wrong. */

/* path NULL: the defaults alone. */
struct scene *scene_open(const struct adapter *adapter, const char *path);
void scene_close(struct scene *scene);
/* All of the adapter's folder, in order; how many there were. */
size_t scene_each(const struct adapter *adapter, void (*each)(void *context, struct scene *scene), void *context);
/* Builds and reads it, and compares with what was recorded. */
void scene_check(struct scene *scene);
/* Checks all of the adapter's folder; how many there were. */
size_t scene_run_all(const struct adapter *adapter);

/* As the = lines have it. */
void scene_receipt_dump(struct buf *buf, const struct receipt *receipt);
/* As the > lines have it. */
void scene_request_dump(struct buf *buf, const struct http_request *request);
/* A request's body as its provider reads it: opened where the adapter seals. */
void scene_open_body(const struct scene *scene, struct text body, struct buf *opened);
/* The folder that has tests/. */
const char *scene_source(void);

#endif
