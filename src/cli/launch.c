#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmview/clock.h"
#include "vmview/source.h"

#define AWAKE_NS 5000000

static void close_link(struct vm_launch *launch)
{
	if (launch->link >= 0)
		close(launch->link);
	launch->link = -1;
}

void vm_launch_deinit(struct vm_launch *launch)
{
	close_link(launch);
	free(launch->output);
	*launch = VM_LAUNCH_NONE;
}

/* Returns a descriptor or a negative errno; the file's name is left in launch->output. */
static int open_output(const char *path, struct vm_launch *launch)
{
	const char *folder = getenv("TMPDIR");
	int fd;

	if (path) {
		launch->output = strdup(path);
		fd = launch->output ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) :
				      -1;
	} else {
		if (asprintf(&launch->output, "%s/vmview-output-XXXXXX",
			     folder && folder[0] ? folder : "/tmp") < 0)
			return -ENOMEM;
		fd = mkostemp(launch->output, O_CLOEXEC);
	}
	return fd < 0 ? -errno : fd;
}

/* Only calls that are safe between fork and exec. */
static void become(char **argv, int output, int link)
{
	int null = open("/dev/null", O_RDONLY), error;
	sigset_t none;
	char byte;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	/* Else nobody is there to watch any more. */
	if (vm_read(link, &byte, 1) == 1) {
		execvp(argv[0], argv);
		error = errno;
		send(link, &error, sizeof(error), MSG_NOSIGNAL);
	}
	_exit(127);
}

static int start(char **argv, int output, struct vm_launch *launch)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	launch->link = ends[0];
	launch->pid = fork();
	if (launch->pid == 0) {
		close(ends[0]);
		become(argv, output, ends[1]);
	}
	close(ends[1]);
	return launch->pid < 0 ? -errno : 0;
}

int vm_launch_start(char **argv, const char *output, struct vm_launch *launch, bool *of_output)
{
	int fd, r;

	*launch = VM_LAUNCH_NONE;
	*of_output = false;
	fd = open_output(output, launch);
	*of_output = fd < 0;
	r = fd < 0 ? fd : start(argv, fd, launch);
	if (fd >= 0)
		close(fd);
	launch->own_output = fd >= 0 && !output;
	if (r < 0)
		vm_launch_forget(launch);
	return r;
}

/* A short program ends in less time than it takes to be woken up: look again and again for a few milliseconds, then sleep. */
static ssize_t receive(int link, void *room, size_t size)
{
	uint64_t begin = vm_now_ns(CLOCK_MONOTONIC);
	ssize_t n;

	do
		n = recv(link, room, size, MSG_DONTWAIT);
	while (n < 0 && errno == EAGAIN && vm_now_ns(CLOCK_MONOTONIC) - begin < AWAKE_NS);
	return n < 0 ? vm_read(link, room, size) : n;
}

/* The link closes when the program executes; otherwise it says why it could not. */
int vm_launch_go(int link)
{
	int error = 0;

	if (send(link, "", 1, MSG_NOSIGNAL) != 1 ||
	    receive(link, &error, sizeof(error)) != sizeof(error))
		return 0;
	return -error;
}

void vm_launch_forget(struct vm_launch *launch)
{
	if (launch->own_output)
		unlink(launch->output);
	close_link(launch);
	if (launch->pid > 0)
		waitpid(launch->pid, NULL, 0);
	vm_launch_deinit(launch);
}

/* How long it may take to end by itself. */
#define PATIENCE_MS 500

void vm_launch_end(struct vm_launch *launch)
{
	/* Its session is its own: everything that it started and that did not leave goes with it. */
	if (kill(-launch->pid, SIGHUP) < 0)
		return;
	kill(-launch->pid, SIGTERM);
	/* One that is stopped hears nothing until it goes on. */
	kill(-launch->pid, SIGCONT);
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(launch->pid, NULL, WNOHANG) == launch->pid)
			break;
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	kill(-launch->pid, SIGKILL);
}
