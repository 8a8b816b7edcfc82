/*
 * What a shell cannot do, or not everywhere: run a command in other circumstances.
 *
 *   run nobody COMMAND...          as user and group 65534, with nothing of root's
 *   run powerless COMMAND...       as root, but without what lets it read all processes, as in containers
 *   run pipe-kills COMMAND...      SIGPIPE does what it does by default
 *   run pipe-ignored COMMAND...    SIGPIPE is ignored
 *   run broken-pipe COMMAND...     standard output is a pipe that nobody reads
 *   run terminal COMMAND...        standard output is a terminal; what it gets goes to run's own
 *   run user-namespace COMMAND...  as root of a user namespace that knows nobody else
 *   run processes COMMAND...       as the first process of a PID namespace, with a /proc for that
 *   run hidden COMMAND...          the same, and /proc hides the processes of other users
 *   run no-proc COMMAND...         in a mount namespace with nothing in /proc
 *
 * They can be nested. 77: that is not possible here. Nothing is changed outside of the namespaces.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
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

static _Noreturn void end_as(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0 || fflush(stdout) != 0)
		err(1, "waitpid");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Goes on in a child, whose exit status becomes that of the parent. */
static void open_terminal(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), side;
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
	end_as(child);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(CANNOT, "%s", path);
	close(fd);
}

static void write_map(const char *path, unsigned id)
{
	char line[32];

	snprintf(line, sizeof(line), "0 %u 1", id);
	write_file(path, line);
}

static void enter_user_namespace(void)
{
	unsigned user = geteuid(), group = getegid();

	/* Whoever has just become nobody may not write to its own /proc/self. */
	if (prctl(PR_SET_DUMPABLE, 1) < 0 || unshare(CLONE_NEWUSER) < 0)
		err(CANNOT, "no user namespaces");
	write_file("/proc/self/setgroups", "deny");
	write_map("/proc/self/uid_map", user);
	write_map("/proc/self/gid_map", group);
}

/* Whoever is not root may make other namespaces in one of users. */
static void leave_namespaces(int flags)
{
	if (geteuid() != 0)
		enter_user_namespace();
	if (unshare(flags | CLONE_NEWNS) < 0)
		err(CANNOT, "no namespaces");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		err(CANNOT, "mounts stay shared");
}

static void empty_proc(void)
{
	leave_namespaces(0);
	if (mount("none", "/proc", "tmpfs", 0, NULL) < 0)
		err(CANNOT, "nothing can be mounted");
}

/* Goes on in a child, as only children are in the new namespace. It dies with its parent, and all others with it. */
static void leave_processes(const char *options)
{
	pid_t child;

	leave_namespaces(CLONE_NEWPID);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child > 0)
		end_as(child);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		err(1, "prctl");
	if (mount("proc", "/proc", "proc", 0, options) < 0)
		err(CANNOT, "no new /proc");
}

static void see_own_processes(void)
{
	leave_processes(NULL);
}

static void hide_processes(void)
{
	leave_processes("hidepid=2");
}

static const struct {
	const char *name;
	void (*prepare)(void);
} circumstances[] = {
	{ "nobody", become_nobody },
	{ "powerless", drop_capabilities },
	{ "pipe-kills", let_pipe_kill },
	{ "pipe-ignored", ignore_pipe },
	{ "broken-pipe", break_pipe },
	{ "terminal", open_terminal },
	{ "user-namespace", enter_user_namespace },
	{ "processes", see_own_processes },
	{ "hidden", hide_processes },
	{ "no-proc", empty_proc },
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
