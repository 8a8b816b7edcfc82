/*
 * Starting the command that is to be watched.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct vm_launch {
	pid_t pid;
	char *output; /* the file that its output goes to; owned */
};

void vm_launch_deinit(struct vm_launch *launch);

/*
 * Start @argv (NULL-terminated) in a session of its own, with nothing to read and its output in the file @output, or a new
 * file in the folder for temporary files where that is NULL. Returns once it is executing. 0 or a
 * negative errno, of the file (@of_output is set) or of executing it.
 */
int vm_launch_start(char **argv, const char *output, struct vm_launch *launch, bool *of_output);

/* End it, if it still runs: it was started to be watched. */
void vm_launch_end(struct vm_launch *launch);
