#include "split.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"

/* Rows that a step of the demo wants. */
#define DEMO_ROWS 12

/* Of a call of tmux. */
#define ARGUMENTS_MAX 31

bool demo_split_is_inside(void)
{
	const char *tmux = getenv("TMUX"), *pane = getenv("TMUX_PANE");

	return tmux && tmux[0] && pane && pane[0];
}

static bool is_program(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

bool demo_split_find_program(const char *name, char path[PATH_MAX])
{
	const char *rest = getenv("PATH");

	while (rest && *rest) {
		size_t n = strcspn(rest, ":");

		if (n && snprintf(path, PATH_MAX, "%.*s/%s", (int)n, rest, name) < PATH_MAX &&
		    is_program(path))
			return true;
		rest += n + (rest[n] == ':');
	}
	return false;
}

bool demo_split_find_self(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (n <= 0)
		return false;
	path[n] = '\0';
	return true;
}

bool demo_split_find_vmview(char path[PATH_MAX])
{
	static const char *const beside[] = { "vmview", "../src/vmview" };
	char self[PATH_MAX];

	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]) && demo_split_find_self(self);
	     i++) {
		char *slash = strrchr(self, '/');

		if (!slash)
			break;
		*slash = '\0';
		if (snprintf(path, PATH_MAX, "%s/%s", self, beside[i]) < PATH_MAX &&
		    is_program(path))
			return true;
	}
	return demo_split_find_program("vmview", path);
}

/*
 * Run @argv with its output to @out (-1: to nobody) and wait. Signals are as they were before we
 * blocked them: tmux needs them. Returns the exit status, or -1.
 */
static int run(const char *const argv[], int out)
{
	char *words[ARGUMENTS_MAX + 1] = { 0 };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r, status = -1;
	sigset_t none, pipe;
	pid_t pid;

	sigemptyset(&none);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	/* posix_spawn() writes to none of them, whatever it says. */
	for (size_t i = 0; i < ARGUMENTS_MAX && argv[i]; i++)
		memcpy(&words[i], &argv[i], sizeof(words[i]));
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &pipe);
	posix_spawn_file_actions_init(&actions);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	r = posix_spawnp(&pid, words[0], &actions, &attributes, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (r != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* How many rows vmview gets: what the demo does not want, and not less than half. */
static int rows_for_vmview(void)
{
	struct winsize size;
	int rows = 24;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row)
		rows = size.ws_row;
	return rows > 2 * DEMO_ROWS ?
		       rows - 1 - (rows * 2 / 5 > DEMO_ROWS ? rows * 2 / 5 : DEMO_ROWS) :
		       rows / 2;
}

static bool read_pane(int fd, char pane[DEMO_PANE_SIZE])
{
	ssize_t n = read(fd, pane, DEMO_PANE_SIZE - 1);

	if (n <= 0)
		return false;
	pane[n] = '\0';
	pane[strcspn(pane, "\n")] = '\0';
	return pane[0] == '%';
}

bool demo_split_open(const char *program, const char *follow, char pane[DEMO_PANE_SIZE])
{
	char vmview[PATH_MAX], rows[16], pid[16];
	const char *const argv[] = {
		"tmux",
		"split-window",
		"-b",
		"-v",
		"-d",
		"-t",
		getenv("TMUX_PANE"),
		"-l",
		rows,
		"-P",
		"-F",
		"#{pane_id}",
		vmview,
		"--follow-demo",
		follow,
		pid,
		NULL,
	};
	int ends[2];
	bool opened;

	pane[0] = '\0';
	if (!demo_split_find_vmview(vmview)) {
		fprintf(stderr, "%s: there is no vmview beside it, and none in PATH\n", program);
		return false;
	}
	snprintf(rows, sizeof(rows), "%d", rows_for_vmview());
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	opened = run(argv, ends[1]) == 0;
	close(ends[1]);
	opened = opened && read_pane(ends[0], pane);
	close(ends[0]);
	return opened;
}

void demo_split_close(const char *pane)
{
	const char *const argv[] = { "tmux", "kill-pane", "-t", pane, NULL };
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	run(argv, null);
	if (null >= 0)
		close(null);
}
