/*
 * Starting the command that is to be watched.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct vm_launch {
	pid_t pid;
	char *output;    /* the file that its output goes to; owned */
	bool own_output; /* nobody else has named it */
	int link;        /* to the process, until it executes; -1: none */
};

#define VM_LAUNCH_NONE ((struct vm_launch){ .link = -1 })

void vm_launch_deinit(struct vm_launch *launch);

/*
 * Prepare a process for @argv (NULL-terminated) in a session of its own, with nothing to read and its output in the file @output,
 * or a new file in the folder for temporary files where that is NULL. 0 or a negative errno, of the
 * file where @of_output is set.
 */
int vm_launch_start(char **argv, const char *output, struct vm_launch *launch, bool *of_output);

/* Let it execute, once. Returns when it does: 0, or a negative errno where it cannot. */
int vm_launch_go(int link);

/* Nothing came of it: leave neither it behind nor a file that nobody has named. */
void vm_launch_forget(struct vm_launch *launch);

/* End it, if it still runs: it was started to be watched. */
void vm_launch_end(struct vm_launch *launch);
