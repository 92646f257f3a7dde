#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/file.h"
#include "config/loader.h"

#define NAME "payrun.conf"
#define OTHERS_WRITE (S_IWGRP | S_IWOTH)
#define OTHERS_READ (S_IRGRP | S_IROTH)

/* --- where it is -------------------------------------------------------------------------------------------------- */

/* Only what surely isn't there is passed over: one that can't be reached is a fault when it is opened. */
static bool is_missing(const char *path)
{
	struct stat found;

	return stat(path, &found) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static char *user_path(void)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	struct buf path = {0};

	if (base != NULL && base[0] == '/')
		buf_addf(&path, "%s/payrun/" NAME, base);
	else if (home != NULL && home[0] == '/')
		buf_addf(&path, "%s/.config/payrun/" NAME, home);
	return path.data;
}

char *config_find(const char *path, struct fault *fault)
{
	const char *named = path != NULL ? path : getenv("PAYRUN_CONF");
	char *user;

	if (named != NULL && (named == path || named[0] != '\0'))
		return memory_string(named);
	if (!is_missing(NAME))
		return memory_string(NAME);
	user = user_path();
	if (user != NULL && !is_missing(user))
		return user;
	if (!is_missing("/etc/payrun/" NAME)) {
		free(user);
		return memory_string("/etc/payrun/" NAME);
	}
	fault_set(fault, FAULT_USAGE, "", "Write one with `payrun init`, or name it with --config FILE.",
		"there is no configuration: looked for ./" NAME ", %s and /etc/payrun/" NAME,
		user != NULL ? user : "the user's (HOME is not set)");
	free(user);
	return NULL;
}

/* --- its bytes ---------------------------------------------------------------------------------------------------- */

static bool check_rights(const struct place *place, const struct stat *found)
{
	if (!S_ISREG(found->st_mode))
		return place_fault(place, 0, "Name a file.", "the configuration is not a regular file");
	if (found->st_uid != geteuid() && found->st_uid != 0)
		return place_fault(place, 0, "Let it belong to the user who runs payrun, or to root: chown USER FILE.",
			"the configuration belongs neither to you nor to root (owner %ld)", (long)found->st_uid);
	if ((found->st_mode & OTHERS_WRITE) != 0)
		return place_fault(place, 0, "Take that right away: chmod go-w FILE.",
			"others may write the configuration (mode %04o), and so say where money goes",
			(unsigned)found->st_mode & 07777);
	if (found->st_size > BOUND_CONFIG_BYTES)
		return place_fault(place, 0, "Check that it is the right file.",
			"the configuration has more than %d bytes", BOUND_CONFIG_BYTES);
	return true;
}

/* Rights are those of the open file, not of whatever the path names a moment later. */
static bool read_bytes(const char *path, const struct place *place, mode_t *mode, struct buf *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat found;
	ssize_t count = 1;
	bool done = false;

	if (fd < 0)
		return place_errno(place, 0, "Check the name and the permissions, or write one with `payrun init`.",
			"could not open the configuration");
	if (fstat(fd, &found) != 0)
		place_errno(place, 0, NULL, "could not look at the configuration");
	else
		done = check_rights(place, &found);
	*mode = found.st_mode;
	while (done && count != 0 && bytes->len <= BOUND_CONFIG_BYTES) {
		count = read(fd, buf_room(bytes, 65536), 65536);
		if (count < 0 && errno != EINTR)
			done = place_errno(place, 0, NULL, "could not read the configuration");
		bytes->len += count > 0 ? (size_t)count : 0;
	}
	close(fd);
	if (done && bytes->len > BOUND_CONFIG_BYTES)
		return place_fault(place, 0, NULL, "the configuration has more than %d bytes", BOUND_CONFIG_BYTES);
	return done;
}

/* --- its sections ------------------------------------------------------------------------------------------------- */

static bool unknown_section(struct loader *loader, const struct section *section)
{
	struct text title = text_of(section->title);
	const char *blank = memchr(title.ptr, ' ', title.len);
	struct nearest nearest = {.name = {title.ptr, blank != NULL ? (size_t)(blank - title.ptr) : title.len}};
	char shown[PLACE_SHOWN];

	place_show(shown, title);
	nearest_try(&nearest, "payrun");
	nearest_try(&nearest, "channel");
	nearest_try(&nearest, "profile");
	if (nearest.best != NULL)
		return place_fault(&loader->place, section->line, "Correct the name.",
			"there is no section [%s]: did you mean [%s%s]?", shown, nearest.best,
			strcmp(nearest.best, "payrun") == 0 ? "" : " NAME");
	return place_fault(&loader->place, section->line, "Write [payrun], [channel NAME] or [profile NAME].",
		"there is no section [%s]", shown);
}

static bool take_section(struct loader *loader, const struct section *section)
{
	const struct text channel = TEXT("channel "), profile = TEXT("profile ");
	struct text title = text_of(section->title);

	if (text_is(title, "payrun"))
		return loader_take_payrun(loader, section);
	if (text_starts(title, channel))
		return loader_take_channel(
			loader, section, (struct text){title.ptr + channel.len, title.len - channel.len});
	if (text_starts(title, profile))
		return loader_take_profile(
			loader, section, (struct text){title.ptr + profile.len, title.len - profile.len});
	return unknown_section(loader, section);
}

/* Channels of one group share a limiter, which can have one rate only. */
static bool check_groups(struct loader *loader)
{
	const struct config *config = loader->config;

	for (int i = 1; i < config->channel_count; i++)
		for (int j = 0; j < i; j++) {
			const struct channel *a = &config->channels[j], *b = &config->channels[i];

			if (strcmp(a->rate_group, b->rate_group) != 0)
				continue;
			if (a->rate_count != b->rate_count || a->rate_period_ms != b->rate_period_ms ||
				a->burst != b->burst)
				return place_fault(&loader->place, loader->channel_lines[i],
					"Give both the same rate and burst, or let them have groups of their own.",
					"the channels %s and %s share the rate_group %s, but not rate and burst",
					a->name, b->name, b->rate_group);
		}
	return true;
}

static void add_warning(struct config *config, struct buf *text)
{
	struct config_memory *memory = config->memory;

	if (config->warning_count < CONFIG_WARNINGS_MAX)
		config->warnings[config->warning_count++] = text_string(&memory->arena, buf_text(text));
	buf_release(text);
}

/* Secrets in the configuration itself: nobody else may read it, and better they were not there. */
static bool check_bare_secrets(struct loader *loader, mode_t mode)
{
	const struct secrets *secrets = &loader->memory->secrets;
	struct buf warning = {0};

	if (secrets->bare_count == 0)
		return true;
	if ((mode & OTHERS_READ) != 0)
		return place_fault(&loader->place, secrets->bare_line,
			"Take the right to read away (chmod 600 FILE), or put the secret into a file (file:PATH); and "
			"change "
			"a secret that others could read.",
			"a secret stands in the configuration, and others may read it (mode %04o)",
			(unsigned)mode & 07777);
	buf_addf(&warning, "%s:%d: ", loader->place.file, secrets->bare_line);
	if (secrets->bare_count == 1)
		buf_addz(&warning, "a secret stands in the configuration itself");
	else
		buf_addf(&warning, "%d secrets stand in the configuration itself", secrets->bare_count);
	buf_addz(&warning, "; file:PATH, env:NAME or credential:NAME keep it apart");
	add_warning(loader->config, &warning);
	return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void name_channels(struct loader *loader)
{
	struct config *config = loader->config;
	struct buf names = {0};

	for (int i = 0; i < config->channel_count; i++)
		buf_addf(&names, "%s%s", i > 0 ? ", " : "", config->channels[i].name);
	config->channel_names = text_string(&loader->memory->arena, buf_text(&names));
	buf_release(&names);
}

static bool take_all(struct loader *loader)
{
	struct config *config = loader->config;
	const struct config_options *options = loader->options;

	for (size_t i = 0; i < loader->entries.section_count; i++)
		if (!take_section(loader, &loader->entries.sections[i]))
			return false;
	if (config->namespace_text == NULL)
		return place_fault(&loader->place, 0, "Add [payrun] with a namespace, or write one with `payrun init`.",
			"there is no section [payrun]");
	if (options->journal_url != NULL && !loader_take_journal(loader, text_of(options->journal_url), ".", 0))
		return false;
	if (config->journal == NULL && !loader_take_journal(loader, TEXT("sqlite:payrun.db"), config->folder, 0))
		return false;
	name_channels(loader);
	return check_groups(loader);
}

static struct config *config_new(const char *path)
{
	struct config *config = memory_new(sizeof(*config));
	struct config_memory *memory = memory_new(sizeof(*memory));
	char *folder = file_folder(path);

	config->memory = memory;
	config->path = text_string(&memory->arena, text_of(path));
	config->folder = text_string(&memory->arena, text_of(folder));
	config->timezone = text_string(&memory->arena, TEXT("UTC"));
	config->duplicate_days = 7;
	config->channels = arena_alloc(&memory->arena, BOUND_CHANNELS * sizeof(struct channel));
	config->profiles = arena_alloc(&memory->arena, BOUND_PROFILES * sizeof(struct profile));
	free(folder);
	return config;
}

static bool load(struct loader *loader)
{
	struct config *config = loader->config;
	struct buf bytes = {0};
	mode_t mode = 0;
	bool done;

	config->reports = loader_path(loader, config->folder, "reports");
	done = read_bytes(config->path, &loader->place, &mode, &bytes) &&
	       entries_parse(&loader->entries, buf_text(&bytes), &loader->place) && take_all(loader) &&
	       check_bare_secrets(loader, mode);
	entries_release(&loader->entries);
	buf_wipe(&bytes);
	return done;
}

struct config *config_load(const struct config_options *options, struct fault *fault)
{
	char *path = config_find(options->path, fault);
	struct loader loader = {.options = options};
	struct buf shown = {0};
	bool done;

	if (path == NULL)
		return NULL;
	text_show(&shown, text_of(path), 0);
	loader.place = (struct place){.file = buf_str(&shown), .fault = fault};
	loader.config = config_new(path);
	loader.memory = loader.config->memory;
	done = load(&loader);
	free(path);
	buf_release(&shown);
	if (done)
		return loader.config;
	config_free(loader.config);
	return NULL;
}

void config_free(struct config *config)
{
	struct config_memory *memory;

	if (config == NULL)
		return;
	memory = config->memory;
	secrets_free(&memory->secrets);
	arena_release(&memory->arena);
	free(memory);
	free(config);
}

const struct channel *config_channel(const struct config *config, struct text name)
{
	for (int i = 0; i < config->channel_count; i++)
		if (text_is(name, config->channels[i].name))
			return &config->channels[i];
	return NULL;
}

const struct profile *config_profile(const struct config *config, struct text name)
{
	for (int i = 0; i < config->profile_count; i++)
		if (text_is(name, config->profiles[i].name))
			return &config->profiles[i];
	return NULL;
}
