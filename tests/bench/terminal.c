#include "terminal.h"

#include <err.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"

/* What never comes will not come after this either. */
#define PATIENCE_MS 60000
#define END_MS 5000

static void become(char **argv)
{
	setenv("TERM", "xterm-256color", 1);
	execvp(argv[0], argv);
	_exit(127);
}

void terminal_start(struct terminal *terminal, char **argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	*terminal = (struct terminal){ 0 };
	terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
	if (terminal->pid < 0)
		err(2, "forkpty");
	if (terminal->pid == 0)
		become(argv);
}

bool terminal_take(struct terminal *terminal, int wait_ms)
{
	struct pollfd polled = { terminal->fd, POLLIN, 0 };
	ssize_t n;

	if (poll(&polled, 1, wait_ms) <= 0)
		return false;
	if (terminal->last_len > sizeof(terminal->last) / 2)
		terminal->last_len = 0;
	n = read(terminal->fd, terminal->last + terminal->last_len, sizeof(terminal->last) / 2 - 1);
	if (n <= 0)
		return false;
	terminal->last_len += (size_t)n;
	return true;
}

bool terminal_wait_for(struct terminal *terminal, const char *text)
{
	double end = now_ms() + PATIENCE_MS;

	while (!memmem(terminal->last, terminal->last_len, text, strlen(text))) {
		if (now_ms() > end || !terminal_take(terminal, PATIENCE_MS))
			return false;
	}
	return true;
}

void terminal_type(struct terminal *terminal, const char *keys)
{
	if (write(terminal->fd, keys, strlen(keys)) < 0)
		err(2, "cannot type");
}

void terminal_watch(struct terminal *terminal, double ms)
{
	double end = now_ms() + ms, rest;

	while ((rest = end - now_ms()) > 0) {
		/* It is over: there is nothing to wait for any more. */
		if (!terminal_take(terminal, (int)rest + 1) && now_ms() < end)
			return;
	}
}

double terminal_cpu_ms(const struct terminal *terminal)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(terminal->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		return 0;
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static bool has_ended(struct terminal *terminal, double within_ms, struct rusage *usage)
{
	double end = now_ms() + within_ms;
	int status;

	for (;;) {
		pid_t pid = wait4(terminal->pid, &status, WNOHANG, usage);

		if (pid != 0)
			return true;
		if (now_ms() > end)
			return false;
		/* A full terminal would keep it from ending. */
		if (!terminal_take(terminal, 5))
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

void terminal_stop(struct terminal *terminal, const char *keys, struct rusage *usage)
{
	if (keys)
		terminal_type(terminal, keys);
	else
		kill(-terminal->pid, SIGTERM);
	if (!has_ended(terminal, END_MS, usage)) {
		kill(-terminal->pid, SIGKILL);
		has_ended(terminal, END_MS, usage);
	}
	close(terminal->fd);
}
