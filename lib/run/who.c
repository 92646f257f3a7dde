#include "run/who.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define NAME_SIZE 60 /* two of them and " as " fit in journal_who.user */

static void clean(char *name)
{
	for (; *name != '\0'; name++)
		if ((unsigned char)*name <= ' ' || *name == 0x7F)
			*name = '?';
}

static void name_of(uid_t uid, char out[NAME_SIZE])
{
	struct passwd entry, *found = NULL;
	char memory[4096];
	if (getpwuid_r(uid, &entry, memory, sizeof memory, &found) == 0 && found != NULL)
		snprintf(out, NAME_SIZE, "%s", entry.pw_name);
	else
		snprintf(out, NAME_SIZE, "uid%lu", (unsigned long)uid);
	clean(out);
}

/* The kernel keeps who logged in, whatever sudo or su did since; 4294967295 says that nobody did. */
static bool login_uid(uid_t *uid)
{
	struct buf text = {0};
	struct fault ignored = {0};
	int64_t number;
	bool known = file_read("/proc/self/loginuid", 64, &text, NULL, &ignored) &&
		     text_number(text_trim(buf_text(&text)), 4294967294, &number);
	if (known)
		*uid = (uid_t)number;
	buf_release(&text);
	return known;
}

static void login_name(char out[NAME_SIZE])
{
	uid_t uid;
	const char *sudo = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
	if (login_uid(&uid)) {
		name_of(uid, out);
	} else if (sudo != NULL && sudo[0] != '\0') {
		snprintf(out, NAME_SIZE, "%s", sudo);
		clean(out);
	} else {
		name_of(getuid(), out);
	}
}

void who_find(struct journal_who *who, const char *program)
{
	char login[NAME_SIZE], effective[NAME_SIZE];
	login_name(login);
	name_of(geteuid(), effective);
	if (strcmp(login, effective) == 0)
		snprintf(who->user, sizeof who->user, "%s", login);
	else
		snprintf(who->user, sizeof who->user, "%s as %s", login, effective);
	if (gethostname(who->host, sizeof who->host - 1) != 0 || who->host[0] == '\0')
		snprintf(who->host, sizeof who->host, "localhost");
	who->host[sizeof who->host - 1] = '\0';
	clean(who->host);
	snprintf(who->program, sizeof who->program, "%s", program);
}
