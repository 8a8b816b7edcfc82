/*
 * What the command line calls a process by: PID, /proc/PID, or the name of its command.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "options.h"
#include "vmview/source.h"

struct vm_target {
	pid_t pid;
	const char *name; /* by which it was found; NULL: by its number */
};

struct vm_targets {
	struct vm_target *items;
	size_t count, cap;
	int status; /* exit status so far: 42 where a name was not found */
};

void vm_targets_deinit(struct vm_targets *targets);

/* Whether the word is a PID or /proc/PID, be there such a process or not. */
bool vm_target_is_pid(const char *word, pid_t *pid);

/* Add every process whose command is called @name. Returns the exit status; where there is none, this has been said. */
int vm_targets_find(const char *program, const char *name, struct vm_targets *targets);

/* Resolve all that @options names, and lend the names. False: something is wrong, which has been said. */
bool vm_targets_resolve(const struct vm_options *options, struct vm_targets *targets);

/*
 * As vm_source_open_process(). -ESRCH too where the process that had the name has ended, and the number belongs to another
 * one by now.
 */
int vm_target_open(const struct vm_target *target, struct vm_source *source);

/* Append why it could not be opened, and what would help: @error is what vm_target_open() gave. Returns the exit status. */
int vm_target_put_absent(const struct vm_target *target, int error, struct vm_buf *text);

/* Say the same. */
int vm_target_say_absent(const char *program, const struct vm_target *target, int error);
