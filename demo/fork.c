#include "fork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stage.h"

void demo_fork_bind(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have ended before. */
	if (getppid() != parent)
		_exit(1);
}

/* What is ours alone: a child that held these would hide the end of others from whoever waits for it. */
static void close_inherited(struct demo_stage *stage)
{
	close(stage->keeper.fd);
	for (size_t i = 0; i < stage->children.count; i++)
		close(stage->children.items[i].fd);
}

static bool make_room(struct demo_children *children)
{
	size_t cap = children->cap ? children->cap * 2 : 8;
	struct demo_child *items;

	if (children->count < children->cap)
		return true;
	items = reallocarray(children->items, cap, sizeof(*items));
	if (!items)
		return false;
	children->items = items;
	children->cap = cap;
	return true;
}

pid_t demo_fork(struct demo_stage *stage, int (*main)(void *data, int commands), void *data)
{
	struct demo_children *children = &stage->children;
	pid_t parent = getpid(), pid;
	int ends[2], error;

	if (!make_room(children)) {
		errno = ENOMEM;
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	fflush(stdout);
	pid = fork();
	error = errno;
	if (pid == 0) {
		demo_fork_bind(parent);
		close(ends[0]);
		close_inherited(stage);
		_exit(main(data, ends[1]));
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		errno = error;
		return -1;
	}
	children->items[children->count++] = (struct demo_child){ pid, ends[0] };
	return pid;
}

static struct demo_child *find_child(struct demo_children *children, pid_t pid)
{
	for (size_t i = 0; i < children->count; i++) {
		if (children->items[i].pid == pid)
			return &children->items[i];
	}
	return NULL;
}

bool demo_tell(struct demo_stage *stage, pid_t pid, char command)
{
	struct demo_child *child = find_child(&stage->children, pid);
	char answer;

	return child && send(child->fd, &command, 1, MSG_NOSIGNAL) == 1 &&
	       demo_input_await(&stage->input, child->fd) && read(child->fd, &answer, 1) == 1;
}

static void end_child(const struct demo_child *child)
{
	close(child->fd);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void demo_end(struct demo_stage *stage, pid_t pid)
{
	struct demo_children *children = &stage->children;
	struct demo_child *child = find_child(children, pid);

	if (!child)
		return;
	end_child(child);
	*child = children->items[--children->count];
}

void demo_children_end(struct demo_children *children)
{
	while (children->count)
		end_child(&children->items[--children->count]);
}

void demo_children_deinit(struct demo_children *children)
{
	free(children->items);
	*children = (struct demo_children){ 0 };
}

/* Copies of @data are the child's, and the answer is read before anything else happens. */
static bool read_fault(struct demo_stage *stage, int fd, struct demo_fault *fault)
{
	return demo_input_await(&stage->input, fd) &&
	       read(fd, fault, sizeof(*fault)) == (ssize_t)sizeof(*fault);
}

bool demo_try(struct demo_stage *stage, int (*access)(void *data), void *data,
	      struct demo_fault *fault)
{
	pid_t parent = getpid(), pid;
	struct demo_child child;
	bool told;
	int ends[2];

	*fault = (struct demo_fault){ 0 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		demo_fork_bind(parent);
		close(ends[0]);
		close_inherited(stage);
		demo_fork_try(access, data, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	child = (struct demo_child){ pid, ends[0] };
	told = read_fault(stage, child.fd, fault);
	end_child(&child);
	return told;
}
