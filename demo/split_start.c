/*
 * Outside of tmux: a tmux of our own, in which the demo runs again and splits its window. A server
 * of its own, because the user's may have other settings and lives on when we end.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "split.h"

#define WORDS_MAX 64

static bool has_tmux(void)
{
	char path[PATH_MAX];

	return demo_split_find_program("tmux", path);
}

static int say_commands(const char *program)
{
	char vmview[PATH_MAX] = "vmview", self[PATH_MAX];

	if (!demo_split_find_self(self))
		snprintf(self, sizeof(self), "%s", program);
	demo_split_find_vmview(vmview);
	printf("There is no tmux to split this terminal with. Type in one terminal:\n"
	       "  %s\n"
	       "and in another one:\n"
	       "  %s vmview-demo\n",
	       self, vmview);
	return DEMO_EXIT_OK;
}

/* It has a name that no other tmux has; tmux leaves it behind when it ends. */
static void remove_socket(void)
{
	const char *folder = getenv("TMUX_TMPDIR");
	char path[PATH_MAX];

	if (!folder || !folder[0])
		folder = "/tmp";
	if (snprintf(path, PATH_MAX, "%s/tmux-%u/vmview-demo-%d", folder, (unsigned)getuid(),
		     (int)getpid()) < PATH_MAX)
		unlink(path);
}

/* The one pane runs this program again, with the same arguments. */
static void exec_tmux(int argc, char **argv, const char *self)
{
	static const char *const settings[] = {
		"-f",
		"/dev/null",
		"start-server",
		";",
		/* More than eight colours; the mouse goes to the pane under it. */
		"set-option",
		"-g",
		"default-terminal",
		"screen-256color",
		";",
		"set-option",
		"-g",
		"mouse",
		"on",
		";",
		"set-option",
		"-g",
		"status",
		"off",
		";",
		/* The terminal may be closed: nothing stays. */
		"set-option",
		"-g",
		"destroy-unattached",
		"on",
		";",
		"new-session",
	};
	char name[32];
	const char *words[WORDS_MAX] = { "tmux", "-L", name };
	char *copies[WORDS_MAX] = { 0 };
	size_t n = 3;

	snprintf(name, sizeof(name), "vmview-demo-%d", (int)getppid());
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		words[n++] = settings[i];
	words[n++] = self;
	for (int i = 1; i < argc && n < WORDS_MAX - 1; i++)
		words[n++] = argv[i];
	memcpy(copies, words, sizeof(copies));
	execvp("tmux", copies);
	_exit(127);
}

/* Whoever tells us to end means tmux: it leaves the terminal, which ends what runs in it. */
static int wait_for(pid_t pid, const sigset_t *mask)
{
	int status, number;

	while (sigwait(mask, &number) == 0) {
		if (number == SIGTERM || number == SIGHUP)
			kill(pid, SIGTERM);
		if (number == SIGCHLD && waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	}
	return -1;
}

static int run_tmux(int argc, char **argv, const char *self)
{
	static const int numbers[] = { SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	sigset_t mask, before;
	int status = -1;
	pid_t pid;

	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaddset(&mask, numbers[i]);
	sigprocmask(SIG_BLOCK, &mask, &before);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		sigprocmask(SIG_SETMASK, &before, NULL);
		exec_tmux(argc, argv, self);
	}
	if (pid > 0)
		status = wait_for(pid, &mask);
	/* Before signals can end us: that the terminal has gone is often told twice. */
	remove_socket();
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

int demo_split_start(const char *program, int argc, char **argv)
{
	char self[PATH_MAX], path[PATH_MAX];
	int status;

	if (!has_tmux())
		return say_commands(program);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "%s: --split needs a terminal to split\n", program);
		return DEMO_EXIT_USAGE;
	}
	/* In a terminal that closes at once nobody would read this. */
	if (!demo_split_find_vmview(path)) {
		fprintf(stderr, "%s: there is no vmview beside it, and none in PATH\n", program);
		return DEMO_EXIT_DIFFERS;
	}
	if (!demo_split_find_self(self) || argc > WORDS_MAX / 2)
		return DEMO_EXIT_DIFFERS;
	status = run_tmux(argc, argv, self);
	if (status == 0)
		return DEMO_EXIT_OK;
	fprintf(stderr, "%s: tmux could not show it\n", program);
	return DEMO_EXIT_DIFFERS;
}
