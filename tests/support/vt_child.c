#include "vt_child.h"

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the leader is told. */
enum { GO = 'g', CONTINUE = 'c' };

/* What the leader tells: a status as of waitpid(), or the program's PID. */
struct report {
	int is_pid;
	int value;
};

/* The leader: everything up to lead() runs in the new session. */

struct job {
	pid_t pid;
	int control, report, signals;
};

static void report(const struct job *job, bool is_pid, int value)
{
	struct report line = { is_pid, value };

	/* When nobody listens any more, there is nobody to tell that. */
	(void)!write(job->report, &line, sizeof(line));
}

static _Noreturn void become_program(char *const *argv)
{
	sigset_t none;

	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	/* Whoever started the driver may ignore some, which would be inherited. */
	for (int number = 1; number < SIGRTMIN; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}

/*
 * Returns once it runs in the foreground: what is typed sooner would find neither it nor its
 * signals' defaults.
 */
static pid_t start_program(char *const *argv)
{
	int executed[2];
	pid_t pid;
	char c;

	if (pipe2(executed, O_CLOEXEC) < 0)
		_exit(1);
	pid = fork();
	if (pid == 0)
		become_program(argv);
	close(executed[1]);
	while (read(executed[0], &c, 1) < 0 && errno == EINTR)
		;
	close(executed[0]);
	return pid;
}

/* True until the program has ended. */
static bool note_changes(const struct job *job)
{
	int status;

	while (waitpid(job->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) > 0) {
		if (WIFSTOPPED(status))
			tcsetpgrp(STDIN_FILENO, getpgrp());
		report(job, false, status);
		if (WIFEXITED(status) || WIFSIGNALED(status))
			return false;
	}
	return true;
}

static void heed_signal(const struct job *job)
{
	struct signalfd_siginfo info;

	if (read(job->signals, &info, sizeof(info)) != sizeof(info))
		return;
	/* The terminal is gone: the kernel tells the leader, and a shell tells its jobs. */
	if (info.ssi_signo == SIGHUP)
		kill(-job->pid, SIGHUP);
}

static void heed_control(const struct job *job)
{
	char c;

	if (read(job->control, &c, 1) != 1) {
		kill(-job->pid, SIGKILL);
		_exit(0);
	}
	if (c == CONTINUE) {
		tcsetpgrp(STDIN_FILENO, job->pid);
		kill(-job->pid, SIGCONT);
	}
}

/* Lives on after the program, so that the session and with it the terminal do. */
static _Noreturn void watch(const struct job *job)
{
	bool runs = true;

	for (;;) {
		struct pollfd fds[] = { { .fd = job->control, .events = POLLIN },
					{ .fd = job->signals, .events = POLLIN } };

		poll(fds, 2, -1);
		if (fds[1].revents)
			heed_signal(job);
		if (runs)
			runs = note_changes(job);
		if (fds[0].revents)
			heed_control(job);
	}
}

static _Noreturn void lead(struct job job, char *const *argv, const char *folder)
{
	/* As a shell does, which is in the foreground while its job is stopped. */
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU };
	sigset_t set;
	char go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	job.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (job.signals < 0 || chdir(folder) < 0 || read(job.control, &go, 1) != 1)
		_exit(1);
	job.pid = start_program(argv);
	report(&job, true, job.pid);
	watch(&job);
}

/* The driver's side. */

static void tell_leader(const struct vt_child *child, char what)
{
	if (write(child->control, &what, 1) != 1)
		err(1, "the session's leader is gone");
}

static int start_session(struct vt_child *child, char *const *argv, const char *folder,
			 struct winsize size)
{
	int control[2], reports[2], master;

	if (pipe2(control, O_CLOEXEC) < 0 || pipe2(reports, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	child->leader = forkpty(&master, NULL, NULL, &size);
	if (child->leader < 0)
		return -errno;
	if (child->leader == 0) {
		close(control[1]);
		lead((struct job){ .control = control[0], .report = reports[1] }, argv, folder);
	}
	close(control[0]);
	close(reports[1]);
	child->control = control[1];
	child->report = reports[0];
	return master;
}

/* Another one at every start, of any driver. */
static void make_mark(struct vt_child *child)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(child->mark, sizeof(child->mark), "VTDRIVER_START=%d.%lld.%ld", (int)getpid(),
		 (long long)now.tv_sec, now.tv_nsec);
}

int vt_child_start(struct vt_child *child, char *const *argv, const char *folder, int cols,
		   int rows)
{
	struct winsize size = { .ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows };
	int master;

	*child = (struct vt_child){ .state = VT_CHILD_RUNNING };
	make_mark(child);
	putenv(child->mark);
	master = start_session(child, argv, folder, size);
	unsetenv("VTDRIVER_START");
	if (master < 0)
		return master;
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	if (tcgetattr(master, &child->before) < 0)
		err(1, "tcgetattr");
	tell_leader(child, GO);
	return master;
}

static void note_status(struct vt_child *child, int status)
{
	child->status = status;
	if (WIFSTOPPED(status))
		child->state = VT_CHILD_STOPPED;
	else if (WIFCONTINUED(status))
		child->state = VT_CHILD_RUNNING;
	else
		child->state = VT_CHILD_ENDED;
}

void vt_child_update(struct vt_child *child)
{
	struct report line;

	if (child->state == VT_CHILD_NONE)
		return;
	while (read(child->report, &line, sizeof(line)) == sizeof(line)) {
		if (line.is_pid)
			child->pid = line.value;
		else
			note_status(child, line.value);
	}
}

void vt_child_continue(struct vt_child *child)
{
	child->state = VT_CHILD_RUNNING;
	tell_leader(child, CONTINUE);
}

/* Of no use for a process of somebody else's; the program's own are of the same user. */
static bool has_mark(const char *pid, const char *mark)
{
	char path[64], text[65536];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, sizeof(text));
	close(fd);
	return len > 0 && memmem(text, (size_t)len, mark, strlen(mark) + 1);
}

/* Calls @each for every process with the mark; returns how many. */
static size_t find_marked(const struct vt_child *child, void (*each)(pid_t pid))
{
	DIR *proc = opendir("/proc");
	size_t count = 0;
	struct dirent *entry;

	if (!proc)
		err(1, "/proc");
	while ((entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !has_mark(entry->d_name, child->mark))
			continue;
		count++;
		if (each)
			each(pid);
	}
	closedir(proc);
	return count;
}

bool vt_child_left_any(const struct vt_child *child)
{
	return find_marked(child, NULL) > 0;
}

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
}

void vt_child_deinit(struct vt_child *child)
{
	if (child->state == VT_CHILD_NONE)
		return;
	/* One that forks all the time would be found a few times. */
	for (int i = 0; i < 10 && find_marked(child, end_process) > 0; i++)
		usleep(1000);
	close(child->control);
	close(child->report);
	kill(child->leader, SIGKILL);
	waitpid(child->leader, NULL, 0);
	*child = (struct vt_child){ 0 };
}
