#include "cmd/payrun/files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/payrun/controls.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"

/* --- options ------------------------------------------------------------------------------------------------------ */

static char delimiter_of(const char *name)
{
	static const struct {
		const char *name;
		char byte;
	} known[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}};
	for (size_t i = 0; name != NULL && i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].byte;
	return 0;
}

static bool single_file_options(struct program *program)
{
	static const enum option_id single[] = {
		OPTION_BATCH_ID, OPTION_EXPECT_COUNT, OPTION_EXPECT_TOTAL, OPTION_ERRORS};
	if (program->options.word_count == 1)
		return true;
	for (size_t i = 0; i < sizeof single / sizeof *single; i++)
		if (option_given(&program->options, single[i])) {
			program_usage(program, "--%s goes with one FILE", option_entry(single[i])->name);
			return false;
		}
	return true;
}

static bool read_totals(struct program *program, struct receive_options *to)
{
	const struct options *options = &program->options;
	for (int i = 0; i < options->repeated_count[OPTION_EXPECT_TOTAL]; i++) {
		const char *text = options->repeated[OPTION_EXPECT_TOTAL][i];
		const char *sign = strchr(text, '=');
		struct expected_total *total = &to->expect_totals[to->expect_total_count];
		if (to->expect_total_count == RECEIVE_TOTALS_MAX) {
			program_usage(program, "more than %d times --expect-total", RECEIVE_TOTALS_MAX);
			return false;
		}
		memcpy(total->currency, text, (size_t)(sign - text));
		total->amount = text_of(sign + 1);
		to->expect_total_count++;
	}
	return true;
}

static void read_error_rule(const struct options *options, struct receive_options *to)
{
	const char *rule = option_text(options, OPTION_ON_ERROR);
	if (rule == NULL || strcmp(rule, "refuse") == 0)
		return;
	to->on_error = strcmp(rule, "skip") == 0 ? ON_ERROR_SKIP : ON_ERROR_MAX;
	to->max_share_ppm = option_number(options, OPTION_ON_ERROR, 0);
}

static bool read_options(struct program *program, struct receive_options *to)
{
	const struct options *options = &program->options;
	const char *decimal = option_text(options, OPTION_DECIMAL);
	to->channel = option_text(options, OPTION_CHANNEL);
	to->format = option_text(options, OPTION_FORMAT);
	to->encoding = option_text(options, OPTION_ENCODING);
	to->delimiter = delimiter_of(option_text(options, OPTION_DELIMITER));
	if (decimal != NULL)
		to->decimal_mark = strcmp(decimal, "comma") == 0 ? ',' : '.';
	to->profile = option_text(options, OPTION_PROFILE);
	to->batch_id = option_text(options, OPTION_BATCH_ID);
	to->expect_count = option_number(options, OPTION_EXPECT_COUNT, -1);
	to->errors_path = option_text(options, OPTION_ERRORS);
	to->write_errors = true;
	read_error_rule(options, to);
	return read_totals(program, to);
}

static bool named_twice(struct program *program)
{
	const struct options *options = &program->options;
	for (int i = 0; i < options->word_count; i++)
		for (int j = 0; j < i; j++)
			if (strcmp(options->words[i], options->words[j]) == 0) {
				struct buf shown = {0};
				text_show(&shown, text_of(options->words[i]), 200);
				program_usage(program, "%s is named twice", buf_str(&shown));
				buf_release(&shown);
				return true;
			}
	return false;
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

static void list_finding(void *context, const struct finding *finding)
{
	struct listing *listing = context;
	struct output *output = &listing->program->output;
	output_finding(output, finding, listing->program->options.word_count > 1 ? listing->path : NULL);
	if (output->json)
		return;
	if (listing->shown >= BOUND_FINDINGS_SHOWN) {
		listing->left_out++;
		return;
	}
	listing->shown++;
	text_show(&listing->text, text_of(listing->path), 0);
	if (finding->row > 0)
		buf_addf(&listing->text, ": row %" PRId64, finding->row);
	if (finding->line > 0 && finding->line != finding->row)
		buf_addf(&listing->text, " (line %" PRId64 ")", finding->line);
	buf_addf(&listing->text, ": %s %s", finding_severity_name(finding->severity), finding->code);
	if (finding->field[0] != '\0')
		buf_addf(&listing->text, " %s", finding->field);
	buf_addz(&listing->text, ": ");
	text_show(&listing->text, text_of(finding->message), 0);
	buf_addz(&listing->text, "\n    ");
	text_show(&listing->text, text_of(finding->cure), 0);
	buf_addc(&listing->text, '\n');
}

bool files_read(struct program *program, struct files *files)
{
	int count = program->options.word_count;
	memset(files, 0, sizeof *files);
	if (!program_words(program, 1, RECEIVE_FILES_MAX) || !single_file_options(program) || named_twice(program))
		return false;
	run_files_init(&files->run, count);
	files->listings = memory_new(sizeof *files->listings * (size_t)count);
	for (int i = 0; i < count; i++) {
		struct listing *listing = &files->listings[i];
		if (!read_options(program, &files->run.options[i]))
			return false;
		files->run.options[i].path = program->options.words[i];
		listing->program = program;
		listing->path = program->options.words[i];
		files->run.sinks[i] = (struct finding_sink){.add = list_finding, .context = listing};
	}
	return true;
}

void files_release(struct files *files)
{
	for (int i = 0; files->listings != NULL && i < files->run.count; i++)
		buf_release(&files->listings[i].text);
	run_files_release(&files->run);
	free(files->listings);
	files->listings = NULL;
}

void files_conclude(struct program *program, const struct files *files, int index)
{
	const struct receive_result *result = &files->run.results[index];
	struct output *output = &program->output;
	struct listing *listing = &files->listings[index];
	if (listing->concluded)
		return;
	listing->concluded = true;
	output_add(output, buf_text(&listing->text));
	if (listing->left_out > 0)
		output_say(output, "and %" PRId64 " more findings\n", listing->left_out);
	if (result->error_file[0] != '\0') {
		output_say(output, "error file ");
		output_show(output, text_of(result->error_file));
		output_say(output, "%s%s\n", result->error_file_lacks[0] != '\0' ? ", without " : "",
			result->error_file_lacks);
	}
	output_show(output, text_of(listing->path));
	output_say(output, ": %" PRId64 " rows, %" PRId64 " good, %" PRId64 " with errors", result->rows, result->good,
		result->bad);
	if (result->duplicate > 0)
		output_say(output, ", %" PRId64 " duplicate", result->duplicate);
	if (result->warnings > 0)
		output_say(output, ", %" PRId64 " warnings", result->warnings);
	output_say(output, result->verdict == RECEIVE_REFUSED ? ": refused\n" : "\n");
}

/* --- preview ------------------------------------------------------------------------------------------------------ */

static void preview_channel(const struct program *program, const char *name, struct buf *text)
{
	const struct channel *channel = config_channel(program->session.config, text_of(name));
	buf_addf(text, "channel %s", name);
	if (channel != NULL)
		buf_addf(text, "  %s  %s", channel->host, channel->sandbox ? "SANDBOX" : "LIVE");
	buf_addc(text, '\n');
}

static bool is_first_of_channel(const struct receive_result *result, int index)
{
	for (int i = 0; i < index; i++)
		if (strcmp(result->sums[i].channel, result->sums[index].channel) == 0)
			return false;
	return true;
}

/* What of a sum waits for approval, or for a date. */
static void preview_held(const struct receive_sum *sum, struct buf *text)
{
	if (sum->held_count > 0) {
		buf_addf(text, ", %" PRId64 " of them held: ", sum->held_count);
		summary_amount(text, sum->currency, sum->held_minor, sum->decimals);
	}
	buf_addc(text, '\n');
}

/* Sums stand in the order in which the file has them first. */
static void preview_sums(const struct program *program, const struct receive_result *result, struct buf *text)
{
	struct buf amount = {0};
	for (int i = 0; i < result->sum_count; i++) {
		if (!is_first_of_channel(result, i))
			continue;
		preview_channel(program, result->sums[i].channel, text);
		for (int j = i; j < result->sum_count; j++) {
			const struct receive_sum *sum = &result->sums[j];
			if (strcmp(sum->channel, result->sums[i].channel) != 0)
				continue;
			buf_reset(&amount);
			summary_amount(&amount, sum->currency, sum->minor, sum->decimals);
			buf_addf(text, "  %10" PRId64 " payouts  %22s %s", sum->count, buf_str(&amount), sum->currency);
			preview_held(sum, text);
		}
	}
	buf_release(&amount);
}

static void preview_largest(const struct receive_result *result, struct buf *text)
{
	struct buf amount = {0};
	for (int i = 0; i < result->largest_count; i++) {
		const struct receive_large *large = &result->largest[i];
		buf_reset(&amount);
		summary_amount(&amount, large->currency, large->minor, large->decimals);
		buf_addf(text, "%s %22s %s  row %" PRId64 "  %s\n", i == 0 ? "largest" : "       ", buf_str(&amount),
			large->currency, large->row, large->reference);
	}
	buf_release(&amount);
}

void files_preview(const struct program *program, const struct run_files *files, struct buf *text)
{
	for (int i = 0; i < files->count; i++) {
		const struct receive_result *result = &files->results[i];
		if (result->verdict != RECEIVE_NEW || result->good == 0)
			continue;
		if (files->count > 1) {
			text_show(text, text_of(files->options[i].path), 200);
			buf_addc(text, '\n');
		}
		preview_sums(program, result, text);
		if (result->new_beneficiaries >= 0)
			buf_addf(text, "new beneficiaries %" PRId64 "\n", result->new_beneficiaries);
		preview_largest(result, text);
		if (result->held_suspected)
			buf_addf(text, "%" PRId64 " look like payouts made before: they wait for `payrun approve`\n",
				result->suspected);
		controls_preview(program, result, text);
	}
}

/* --- json --------------------------------------------------------------------------------------------------------- */

static void add_sum(struct buf *json, const struct receive_sum *sum, const char *state, int64_t count, int64_t minor)
{
	struct buf amount = {0};
	if (count == 0)
		return;
	summary_amount(&amount, sum->currency, minor, sum->decimals);
	doc_open(json, '{');
	doc_member_string(json, "currency", sum->currency);
	if (sum->channel[0] != '\0')
		doc_member_string(json, "channel", sum->channel);
	doc_member_string(json, "state", state);
	doc_member_number(json, "count", count);
	doc_member(json, "amount", buf_text(&amount));
	doc_close(json, '}');
	buf_release(&amount);
}

static void add_sums(struct buf *json, const char *name, const struct receive_sum *sums, int count)
{
	doc_name(json, name);
	doc_open(json, '[');
	for (int i = 0; i < count; i++) {
		const struct receive_sum *sum = &sums[i];
		add_sum(json, sum, "ready", sum->count - sum->held_count, sum->minor - sum->held_minor);
		add_sum(json, sum, "held", sum->held_count, sum->held_minor);
	}
	doc_close(json, ']');
}

/* Over all channels, as the totals of a received batch are; the sums of one channel stay where they would overflow. */
static void add_totals(struct buf *json, const struct receive_result *result)
{
	struct receive_sum totals[RECEIVE_SUMS_MAX];
	int count = 0;
	for (int i = 0; i < result->sum_count; i++) {
		const struct receive_sum *sum = &result->sums[i];
		int at = 0;
		while (at < count &&
			(strcmp(totals[at].currency, sum->currency) != 0 || totals[at].decimals != sum->decimals ||
				totals[at].minor > INT64_MAX - sum->minor))
			at++;
		if (at == count) {
			totals[count] = *sum;
			totals[count++].channel[0] = '\0';
			continue;
		}
		totals[at].count += sum->count;
		totals[at].minor += sum->minor;
		totals[at].held_count += sum->held_count;
		totals[at].held_minor += sum->held_minor;
	}
	add_sums(json, "totals", totals, count);
}

static void add_largest(struct buf *json, const struct receive_result *result)
{
	struct buf amount = {0};
	doc_name(json, "largest");
	doc_open(json, '[');
	for (int i = 0; i < result->largest_count; i++) {
		const struct receive_large *large = &result->largest[i];
		buf_reset(&amount);
		summary_amount(&amount, large->currency, large->minor, large->decimals);
		doc_open(json, '{');
		doc_member_number(json, "row", large->row);
		doc_member_string(json, "reference", large->reference);
		doc_member(json, "amount", buf_text(&amount));
		doc_member_string(json, "currency", large->currency);
		doc_close(json, '}');
	}
	doc_close(json, ']');
	buf_release(&amount);
}

/* Where each channel of the file leads. */
static void add_hosts(const struct program *program, struct buf *json, const struct receive_result *result)
{
	doc_name(json, "hosts");
	doc_open(json, '[');
	for (int i = 0; i < result->sum_count; i++) {
		const struct channel *channel =
			config_channel(program->session.config, text_of(result->sums[i].channel));
		if (channel == NULL || !is_first_of_channel(result, i))
			continue;
		doc_open(json, '{');
		doc_member_string(json, "channel", channel->name);
		doc_member_string(json, "host", channel->host);
		doc_member_bool(json, "sandbox", channel->sandbox);
		doc_close(json, '}');
	}
	doc_close(json, ']');
}

/* What the preview shows, besides the sums. */
static void add_preview(const struct program *program, struct buf *json, const struct receive_result *result)
{
	add_hosts(program, json, result);
	add_largest(json, result);
	doc_name(json, "new_beneficiaries");
	if (result->new_beneficiaries >= 0)
		doc_number(json, result->new_beneficiaries);
	else
		doc_raw(json, TEXT("null"));
}

void files_add_json(struct program *program, const struct receive_result *result)
{
	const struct {
		const char *name;
		int64_t count;
	} states[] = {{"ready", result->good - result->held}, {"held", result->held}, {"rejected", result->bad},
		{"duplicate", result->duplicate}};
	struct buf *json = &program->output.batches;
	doc_open(json, '{');
	doc_member_string(json, "id", result->batch_name);
	doc_member_string(json, "file", result->file_name);
	doc_member_string(json, "sha256", result->sha256_hex);
	doc_member_bool(json, "new", result->verdict == RECEIVE_NEW);
	doc_member_bool(json, "refused", result->verdict == RECEIVE_REFUSED);
	doc_member_number(json, "rows", result->rows);
	add_totals(json, result);
	add_sums(json, "channels", result->sums, result->sum_count);
	doc_name(json, "by_state");
	doc_open(json, '{');
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (states[i].count > 0)
			doc_member_number(json, states[i].name, states[i].count);
	doc_close(json, '}');
	controls_json(result, json);
	add_preview(program, json, result);
	doc_member_string(json, "error_file", result->error_file);
	if (result->error_file_lacks[0] != '\0')
		doc_member_string(json, "error_file_lacks", result->error_file_lacks);
	doc_name(json, "reports");
	doc_open(json, '[');
	doc_close(json, ']');
	doc_close(json, '}');
}
