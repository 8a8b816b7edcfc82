#include "calls.h"

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Stopped, so that its tracer can say what it wants to be told of. */
static void run_traced(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(127);
	raise(SIGSTOP);
	execvp(argv[0], argv);
	_exit(127);
}

static bool follow(pid_t pid)
{
	const unsigned long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL |
				      PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
				      PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSTOPPED(status) &&
	       ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options) == 0 &&
	       ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0;
}

/* Whether it is stopped before a system call, and not after one. */
static bool enters(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

/* The signal that it is to get on going on: none of those that only say that it is traced. */
static int signal_of(int status)
{
	int number = WSTOPSIG(status);

	return number == (SIGTRAP | 0x80) || number == SIGTRAP || number == SIGSTOP ? 0 : number;
}

long count_calls(char **argv)
{
	pid_t pid = fork(), stopped;
	long count = 0;
	int status;

	if (pid < 0)
		err(2, "fork");
	if (pid == 0)
		run_traced(argv);
	if (!follow(pid)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		return -1;
	}
	while ((stopped = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status))
			continue;
		count += WSTOPSIG(status) == (SIGTRAP | 0x80) && enters(stopped);
		ptrace(PTRACE_SYSCALL, stopped, NULL, (void *)(long)signal_of(status));
	}
	return count ? count : -1;
}
