/*
 * The program under test, as a job of a shell: it has a process group of its own in the session of
 * a leader. Without that leader the kernel would not let it be stopped from the keyboard, for want
 * of somebody to continue it.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

enum vt_child_state { VT_CHILD_NONE, VT_CHILD_RUNNING, VT_CHILD_STOPPED, VT_CHILD_ENDED };

struct vt_child {
	enum vt_child_state state;
	pid_t leader, pid;     /* pid 0: not known yet */
	int control, report;   /* pipes to and from the leader */
	int status;            /* of waitpid(), once it has ended */
	struct termios before; /* the terminal's settings before the program had it */
	char mark[64];         /* in the environment of the program and whatever it starts */
};

/*
 * Start the words of @argv in @folder, in a new terminal of this size. Returns its master, that
 * does not block, or a negative errno. A command that cannot be run tells it on the terminal and
 * ends with 127.
 */
int vt_child_start(struct vt_child *child, char *const *argv, const char *folder, int cols,
		   int rows);

/* Take note of what the leader reported. Never blocks. */
void vt_child_update(struct vt_child *child);

/* Into the foreground and on, as `fg` does. */
void vt_child_continue(struct vt_child *child);

/* Is there a process that the program has started, or itself? */
bool vt_child_left_any(const struct vt_child *child);

/* End it, the leader and all that it has started. */
void vt_child_deinit(struct vt_child *child);
