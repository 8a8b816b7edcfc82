/*
 * What the command line calls a process by: PID, /proc/PID, or the name of its command.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "options.h"

struct vm_targets {
	pid_t *pids;
	size_t count, cap;
	int status; /* exit status so far: 42 where a name was not found */
};

void vm_targets_deinit(struct vm_targets *targets);

/* Resolve all that @options names. False: something is wrong, which has been said. */
bool vm_targets_resolve(const struct vm_options *options, struct vm_targets *targets);
