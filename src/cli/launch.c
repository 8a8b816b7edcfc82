#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vmview/source.h"

void vm_launch_deinit(struct vm_launch *launch)
{
	free(launch->output);
	*launch = (struct vm_launch){ 0 };
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
static void become(char **argv, int output, int report)
{
	int null = open("/dev/null", O_RDONLY), error;
	sigset_t none;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execvp(argv[0], argv);
	error = errno;
	(void)!write(report, &error, sizeof(error));
	_exit(127);
}

/* The pipe closes when the program executes; otherwise it says why it could not. */
static int wait_for_exec(int report, pid_t pid)
{
	int error = 0;

	if (vm_read(report, &error, sizeof(error)) != sizeof(error))
		return 0;
	waitpid(pid, NULL, 0);
	return -error;
}

static int start(char **argv, int output, struct vm_launch *launch)
{
	int report[2], r;

	if (pipe2(report, O_CLOEXEC) < 0)
		return -errno;
	launch->pid = fork();
	if (launch->pid == 0)
		become(argv, output, report[1]);
	r = launch->pid < 0 ? -errno : 0;
	close(report[1]);
	if (r == 0)
		r = wait_for_exec(report[0], launch->pid);
	close(report[0]);
	return r;
}

int vm_launch_start(char **argv, const char *output, struct vm_launch *launch, bool *of_output)
{
	int fd, r;

	*launch = (struct vm_launch){ 0 };
	*of_output = false;
	fd = open_output(output, launch);
	*of_output = fd < 0;
	r = fd < 0 ? fd : start(argv, fd, launch);
	if (fd >= 0)
		close(fd);
	if (r < 0 && fd >= 0 && !output)
		unlink(launch->output);
	if (r < 0)
		vm_launch_deinit(launch);
	return r;
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
