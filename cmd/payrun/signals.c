#include "cmd/payrun/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

/* Handlers have no argument of their own: what they touch stands here, set once before the first may run. */
static struct stop *caught;
static int wake_write_fd = -1;

static void on_signal(int number)
{
	int kept = errno;
	if (caught->count > 0)
		_exit(128 + number);
	caught->signal = number;
	caught->count = caught->count + 1;
	if (write(wake_write_fd, "!", 1) < 0) {
		/* a full pipe wakes as well */
	}
	errno = kept;
}

static bool catch_one(int number, struct fault *fault)
{
	struct sigaction old, action = {.sa_handler = on_signal};
	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return true;
	if (sigaction(number, &action, NULL) != 0)
		return fault_errno(fault, FAULT_USAGE, "", NULL, "could not catch signal %d", number);
	return true;
}

bool signals_catch(struct stop *stop, struct fault *fault)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	int ends[2];
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	if (pipe(ends) != 0)
		return fault_errno(fault, FAULT_USAGE, "", NULL, "could not make a pipe");
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	stop->count = 0;
	stop->signal = 0;
	stop->wake_fd = ends[0];
	caught = stop;
	wake_write_fd = ends[1];
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a file that may not grow is a failed write like a full disk */
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!catch_one(numbers[i], fault))
			return false;
	return true;
}
