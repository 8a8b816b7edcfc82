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

/* Whether the word is a PID or /proc/PID, be there such a process or not. */
bool vm_target_is_pid(const char *word, pid_t *pid);

/* Add every process whose command is called @name. Returns the exit status; where there is none, this has been said. */
int vm_targets_find(const char *program, const char *name, struct vm_targets *targets);

/* Resolve all that @options names. False: something is wrong, which has been said. */
bool vm_targets_resolve(const struct vm_options *options, struct vm_targets *targets);
