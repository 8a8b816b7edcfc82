/*
 * What a shell cannot do, or not everywhere: run a command in other circumstances.
 *
 *   run nobody COMMAND...          as user and group 65534, with nothing of root's
 *   run powerless COMMAND...       as root, but without what lets it read all processes, as in containers
 *   run pipe-kills COMMAND...      SIGPIPE does what it does by default
 *   run pipe-ignored COMMAND...    SIGPIPE is ignored
 *   run broken-pipe COMMAND...     standard output is a pipe that nobody reads
 *   run terminal COMMAND...        standard output is a terminal; what it gets goes to run's own
 *
 * They can be nested. 77: that is not possible here.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT 77
#define NOBODY 65534

static void become_nobody(void)
{
	if (geteuid() != 0)
		errx(CANNOT, "only root can become somebody else");
	if (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		err(CANNOT, "cannot become user %d", NOBODY);
}

/* What is gone from the bounding set is gone once a program is executed. CAP_PERFMON is of Linux 5.8. */
static void drop_capabilities(void)
{
	static const int capabilities[] = { CAP_SYS_PTRACE, 38 /* CAP_PERFMON */, CAP_SYS_ADMIN };

	if (geteuid() != 0)
		errx(CANNOT, "only root has any");
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		if (prctl(PR_CAPBSET_DROP, capabilities[i]) < 0 && errno != EINVAL)
			err(CANNOT, "cannot drop capabilities");
	}
}

static void let_pipe_kill(void)
{
	signal(SIGPIPE, SIG_DFL);
}

static void ignore_pipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

static void break_pipe(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		err(1, "pipe");
	close(ends[0]);
	if (dup2(ends[1], STDOUT_FILENO) < 0)
		err(1, "dup2");
	close(ends[1]);
}

/* Until all who had the terminal have closed it, which the kernel tells by EIO. */
static void copy(int from)
{
	char block[4096];
	ssize_t n;

	while ((n = read(from, block, sizeof(block))) > 0) {
		if (fwrite(block, 1, (size_t)n, stdout) != (size_t)n)
			err(1, "write");
	}
}

/* Goes on in a child, whose exit status becomes that of the parent. */
static void open_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), side, status;
	const char *name;
	pid_t child;

	if (terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
		err(CANNOT, "no terminal");
	name = ptsname(terminal);
	side = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
	if (side < 0)
		err(CANNOT, "no terminal");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		if (dup2(side, STDOUT_FILENO) < 0)
			err(1, "dup2");
		return;
	}
	close(side);
	copy(terminal);
	if (waitpid(child, &status, 0) < 0 || fflush(stdout) != 0)
		err(1, "waitpid");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static const struct {
	const char *name;
	void (*prepare)(void);
} circumstances[] = {
	{ "nobody", become_nobody },     { "powerless", drop_capabilities },
	{ "pipe-kills", let_pipe_kill }, { "pipe-ignored", ignore_pipe },
	{ "broken-pipe", break_pipe },   { "terminal", open_terminal },
};

static bool prepare(const char *name)
{
	for (size_t i = 0; i < sizeof(circumstances) / sizeof(circumstances[0]); i++) {
		if (strcmp(name, circumstances[i].name) == 0) {
			circumstances[i].prepare();
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	int i = 1;

	while (i < argc && prepare(argv[i]))
		i++;
	if (i >= argc)
		errx(2, "usage: run CIRCUMSTANCE... COMMAND...");
	execvp(argv[i], argv + i);
	err(errno == ENOENT ? 127 : 126, "%s", argv[i]);
}
