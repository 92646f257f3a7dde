#include "stages/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "formats/encoding.h"
#include "values/column.h"

#define SNIFF_BYTES 4096

static const struct terms *find_terms(const void *context, struct text name)
{
	const struct intake *intake = context;
	const struct config *config = intake->stage->config;

	for (int i = 0; i < config->channel_count; i++)
		if (text_is(name, config->channels[i].name))
			return &intake->terms[i];
	return NULL;
}

static bool encoding_known(const char *name, struct fault *fault)
{
	const struct encoding *encoding;
	bool by_mark;

	return encoding_find(name, &encoding, &by_mark, fault);
}

static bool profile_check(const struct config *config, const struct receive_options *options, struct fault *fault)
{
	const char *name = options->profile;
	const struct profile *profile = name != NULL ? config_profile(config, text_of(name)) : NULL;
	struct buf names = {0};

	if (profile != NULL && profile->amounts.grouping != '\0' && profile->amounts.grouping == options->decimal_mark)
		return fault_set(fault, FAULT_USAGE, "", "Leave --decimal out.",
			"--decimal %s: the profile %s has that mark for thousands",
			options->decimal_mark == ',' ? "comma" : "point", name);
	if (profile != NULL)
		return encoding_known(profile->encoding, fault);
	if (name == NULL)
		return true;
	for (int i = 0; i < config->profile_count; i++)
		buf_addf(&names, "%s%s", i > 0 ? ", " : "", config->profiles[i].name);
	fault_set(fault, FAULT_USAGE, "", NULL, "--profile %s: no such profile; configured are: %s", name,
		names.len > 0 ? buf_str(&names) : "none");
	buf_release(&names);
	return false;
}

bool intake_options_check(const struct stage *stage, const struct receive_options *options, struct fault *fault)
{
	if (!profile_check(stage->config, options, fault) || !encoding_known(options->encoding, fault))
		return false;
	if (options->format != NULL && reader_format_named(text_of(options->format)) == NULL)
		return fault_set(fault, FAULT_USAGE, "", "this version reads csv, json, ndjson, xlsx and pain.001",
			"--format %s: no such format", options->format);
	if (options->batch_id != NULL && intake_batch_id_fault(text_of(options->batch_id)) != NULL)
		return fault_set(fault, FAULT_USAGE, "", "choose another one", "--batch-id %s %s", options->batch_id,
			intake_batch_id_fault(text_of(options->batch_id)));
	if (options->channel != NULL && config_channel(stage->config, text_of(options->channel)) == NULL)
		return fault_set(fault, FAULT_USAGE, "", NULL, "--channel %s: no such channel; configured are: %s",
			options->channel, stage->config->channel_names);
	return control_options_check(options, fault);
}

static void rules_fill(struct intake *intake)
{
	const struct config *config = intake->stage->config;
	struct rules *rules = &intake->rules;

	rules->namespace_text = text_of(config->namespace_text);
	rules->timezone = config->timezone;
	rules->now_utc_ms = clock_now(intake->stage->clock).utc_ms;
	/* A zone that does not exist ends in config_load(). */
	if (!clock_zone_date(rules->timezone, rules->now_utc_ms, rules->today))
		abort();
	rules->decimal_mark = intake->amounts.decimal_mark;
	rules->decimal_told = intake->options->decimal_mark != '\0' ||
			      (intake->profile != NULL && (intake->profile->amounts.decimal_mark != '\0' ||
								  intake->profile->amounts.grouping != '\0'));
	rules->amounts = intake->profile != NULL ? &intake->amounts : NULL;
	rules->fixed = intake->options->channel != NULL ? find_terms(intake, text_of(intake->options->channel)) : NULL;
	rules->find = find_terms;
	rules->context = intake;
	rules->channel_names = config->channel_names;
	rules->sha = intake->sha;
	rules->day = &intake->day;
}

const char *intake_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

bool intake_digests_open(struct intake_digests *digests, const char *folder, bool alike, struct fault *fault)
{
	*digests = (struct intake_digests){.references = repeats_open(folder), .balances = repeats_open(folder)};
	if (alike)
		digests->likeness = repeats_open(folder);
	return fingerprint_draw(&digests->fingerprint, fault);
}

void intake_digests_close(struct intake_digests *digests)
{
	repeats_close(digests->references);
	repeats_close(digests->balances);
	repeats_close(digests->likeness);
	*digests = (struct intake_digests){0};
}

static bool reader_start(struct intake *intake, const struct reader_options *options, struct fault *fault)
{
	intake->reader = intake->format->open(intake->source, options, fault);
	return intake->reader != NULL;
}

/* What a profile says of tables would be ignored. */
static bool constants_check(const struct intake *intake, struct fault *fault)
{
	const struct profile *profile = intake->profile;

	if (!profile_tabular(profile))
		return true;
	return fault_set(fault, FAULT_USAGE, "",
		"Make another profile for such files, of constants (constant.X) and purposes (purpose.X) alone.",
		"--profile %s: it says how a table reads, and %s is %s", profile->name, intake->result->file_name,
		intake->format->name);
}

static bool reader_open(struct intake *intake, struct fault *fault)
{
	const struct profile *profile = intake->profile;
	struct reader_options options = {.delimiter = intake->options->delimiter,
		.encoding = intake->options->encoding,
		.decimal_mark = intake->amounts.decimal_mark,
		.amounts = profile != NULL ? &intake->amounts : NULL,
		.profile = profile,
		.folder = intake->folder};

	/* Only here a spreadsheet may have taken text for numbers on the way to the file. */
	intake->rules.numbers = intake->format != &reader_csv ? ~(column_set)0 : profile != NULL ? profile->numbers : 0;
	if (profile != NULL && intake->format->takes_constants)
		return constants_check(intake, fault) && reader_start(intake, &options, fault);
	if (profile != NULL && intake->format != &reader_csv && intake->format != &reader_xlsx)
		return fault_set(fault, FAULT_USAGE, "", "Leave --profile out: a profile says how a table reads.",
			"--profile %s: %s is %s", profile->name, intake->result->file_name, intake->format->name);
	if (profile != NULL && intake->format == &reader_csv && options.delimiter == '\0')
		options.delimiter = profile->delimiter;
	if (profile != NULL && intake->format == &reader_csv && options.encoding == NULL)
		options.encoding = profile->encoding;
	return reader_start(intake, &options, fault);
}

static bool format_choose(struct intake *intake, struct fault *fault)
{
	char head[SNIFF_BYTES];
	size_t len;

	if (intake->options->format != NULL) {
		intake->format = reader_format_named(text_of(intake->options->format));
		return true;
	}
	if (!source_peek(intake->source, head, sizeof(head), &len, fault))
		return false;
	intake->format = reader_format_sniffed((struct text){head, len});
	if (intake->format == NULL)
		return fault_set(fault, FAULT_REFUSED, "FILE_ENCODING", "name the format with --format",
			"the content is of no known format");
	return true;
}

static bool header_has(const struct intake *intake, enum column column)
{
	const struct terms *fixed = intake->rules.fixed;

	if (intake->format->has_column(intake->reader, column))
		return true;
	for (enum column i = COLUMN_COUNT; i < COLUMN_CELLS; i++)
		if (intake->format->has_column(intake->reader, i) && fixed != NULL &&
			column_resolve(i, fixed->channel->provider) == column)
			return true;
	return column == COLUMN_REFERENCE && intake->format->has_column(intake->reader, COLUMN_OWN_REFERENCE);
}

/* True when the header's findings speak of the column already. */
static bool header_told(const struct intake *intake, enum column column)
{
	for (size_t i = 0; i < intake->file.count; i++)
		if (intake->file.items[i].severity == FINDING_ERROR &&
			strcmp(intake->file.items[i].field, column_name(column)) == 0)
			return true;
	return false;
}

static const char *missing_cure(enum column column)
{
	if (column == COLUMN_REFERENCE)
		return "add a column reference with a name of its own for each payout, or give --batch-id";
	if (column == COLUMN_CHANNEL)
		return "name the channel with --channel, or add a column channel";
	return "add the column; `payrun help columns` lists the names";
}

/* False where there is no header to judge: the file is no table, or its first line is none. */
static bool header_usable(const struct intake *intake)
{
	for (size_t i = 0; i < intake->file.count; i++)
		if (intake->file.items[i].severity == FINDING_ERROR &&
			strncmp(intake->file.items[i].code, "HEADER_", strlen("HEADER_")) != 0)
			return false;
	for (enum column i = 0; i < COLUMN_CELLS; i++)
		if (intake->format->has_column(intake->reader, i))
			return true;
	return false;
}

/* Columns that no row can do without, or none of this channel's. */
static column_set needed_columns(const struct intake *intake)
{
	column_set needed = COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CHANNEL) | COLUMN_SET(COLUMN_REFERENCE);

	if (intake->rules.fixed != NULL)
		needed = (needed & ~COLUMN_SET(COLUMN_CHANNEL)) | intake->rules.fixed->required;
	return intake->derives ? needed & ~COLUMN_SET(COLUMN_REFERENCE) : needed;
}

/* References are made where the batch has an id and the file has none. */
static bool derives_judge(struct intake *intake, struct fault *fault)
{
	intake->derives = intake->batch_id != NULL && !intake->format->has_column(intake->reader, COLUMN_REFERENCE);
	if (intake->batch_id != NULL && intake->format->names != NULL && intake->file.errors == 0 &&
		!intake_lacks_references(intake, &intake->derives, fault))
		return false;
	intake->rules.references_optional = intake->derives;
	intake->rules.undigested = !intake->derives; /* the journal makes its own of those that it needs */
	intake->rules.unkeyed = intake->taker.row == NULL && !intake->derives &&
				(intake->options->tally == NULL || intake->options->tally->unkeyed);
	return true;
}

/* What every row would lack is said once, of the header. */
static bool header_judge(struct intake *intake, struct fault *fault)
{
	column_set needed;

	intake->format->header(intake->reader, &intake->file);
	intake_batch_judge(intake);
	if (!derives_judge(intake, fault))
		return false;
	if (!header_usable(intake))
		return true;
	needed = needed_columns(intake);
	for (enum column i = 0; i < COLUMN_COUNT; i++) {
		if ((needed & COLUMN_SET(i)) == 0 || header_has(intake, i))
			continue;
		intake->missing |= COLUMN_SET(i);
		if (!header_told(intake, i))
			intake_refuse_with(intake, "HEADER_MISSING", column_name(i),
				intake->format->missing_cure != NULL ? intake->format->missing_cure : missing_cure(i),
				"no column holds the %s", column_name(i));
	}
	return true;
}

bool intake_open(struct intake *intake, struct stage *stage, const struct receive_options *options,
	struct source *source, const char *folder, const struct intake_digests *digests,
	const struct intake_taker *taker, struct receive_result *result, struct fault *fault)
{
	memset(intake, 0, sizeof(*intake));
	memset(result, 0, sizeof(*result));
	result->new_beneficiaries = -1;
	snprintf(result->file_name, sizeof(result->file_name), "%s", source_name(source));
	intake->stage = stage;
	intake->options = options;
	if (options->profile != NULL)
		intake->profile = config_profile(stage->config, text_of(options->profile));
	intake->amounts = profile_amounts(intake->profile, options->decimal_mark);
	intake->result = result;
	intake->source = source;
	intake->folder = folder;
	intake->digests = digests;
	if (taker != NULL)
		intake->taker = *taker;
	intake->sha = sha256_new();
	findings_begin(&intake->file, &intake->file_arena, 0, 0);
	intake->spill = spill_new(folder);
	intake->causes = causes_new();
	intake->marks = marks_new(folder);
	if (!stage_terms(stage, intake->terms, fault))
		return false;
	rules_fill(intake);
	if (!format_choose(intake, fault) || !reader_open(intake, fault))
		return false;
	return header_judge(intake, fault);
}

void intake_close(struct intake *intake)
{
	if (intake->reader != NULL)
		intake->format->close(intake->reader);
	source_close(intake->source);
	sorter_free(intake->numbers);
	marks_free(intake->marks);
	causes_free(intake->causes);
	spill_free(intake->spill);
	arena_release(&intake->row_arena);
	arena_release(&intake->file_arena);
	sha256_free(intake->sha);
}

bool intake_reopen(struct intake *intake, struct fault *fault)
{
	struct findings again;

	intake->format->close(intake->reader);
	intake->reader = NULL;
	if (!source_rewind(intake->source, fault) || !reader_open(intake, fault))
		return false;
	findings_begin(&again, &intake->row_arena, 0, 0);
	intake->format->header(intake->reader, &again); /* told the first time */
	intake->batch = intake->format->batch != NULL ? intake->format->batch(intake->reader) : NULL;
	return true;
}
