/*
 * measure: runs a command and writes what it cost to a file, as one line: wall-clock ms, CPU ms (user and system), most
 * resident KiB, exit code.
 *   measure RESULT SECONDS COMMAND [ARGUMENT]...
 * The command and its children are killed after SECONDS; the exit code is then 124. Else it is that of the command, 128
 * and its number for a signal.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMED_OUT 124

static int64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		abort();
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t time_ms(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

/* Waits for SIGCHLD or the limit; the child is its own process group. */
static bool wait_limited(pid_t child, const sigset_t *signals, int64_t limit_ms)
{
	int64_t end_ms = now_ms() + limit_ms;

	for (;;) {
		siginfo_t info = {0};
		int64_t left_ms = end_ms - now_ms();
		struct timespec wait;

		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child)
			return true;
		if (left_ms <= 0)
			return false;
		wait = (struct timespec){.tv_sec = left_ms / 1000, .tv_nsec = left_ms % 1000 * 1000000};
		(void)sigtimedwait(signals, NULL, &wait);
	}
}

static int exit_code(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int write_result(const char *path, int64_t wall_ms, const struct rusage *usage, int code)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fprintf(file, "%" PRId64 " %" PRId64 " %ld %d\n", wall_ms,
				    time_ms(usage->ru_utime) + time_ms(usage->ru_stime), usage->ru_maxrss, code) < 0) {
		perror(path);
		code = 2;
	}
	if (file != NULL && fclose(file) != 0)
		code = 2;
	return code;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	sigset_t signals;
	int64_t begin_ms, wall_ms;
	long limit_s = argc > 3 ? strtol(argv[2], NULL, 10) : 0;
	pid_t child;
	bool in_time;
	int status;

	if (limit_s <= 0) {
		(void)fputs("usage: measure RESULT SECONDS COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	begin_ms = now_ms();
	child = fork();
	if (child == 0) {
		(void)setpgid(0, 0);
		(void)sigprocmask(SIG_UNBLOCK, &signals, NULL);
		(void)execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	if (child < 0) {
		perror("measure: fork");
		return 2;
	}
	in_time = wait_limited(child, &signals, (int64_t)limit_s * 1000);
	if (!in_time)
		(void)kill(-child, SIGKILL);
	while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR)
		continue;
	wall_ms = now_ms() - begin_ms;
	return write_result(argv[1], wall_ms, &usage, in_time ? exit_code(status) : TIMED_OUT);
}
