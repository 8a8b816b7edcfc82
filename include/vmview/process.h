/*
 * What is known of a process besides its mappings.
 *
 * Sources: /proc/PID/stat, /proc/PID/status and /proc/PID/cmdline, proc_pid_stat(5) and its siblings.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmview/buf.h"

struct vm_process {
	pid_t pid;    /* as in its /proc folder; a thread's there is a TID */
	pid_t tgid;   /* the process that it belongs to; 0: not known */
	pid_t parent; /* 0: none, or not known */
	char state;   /* R S D T t Z X I, or 0: not known */
	uint64_t
		start_time; /* clock ticks after boot; with the PID this names a process for good */
	uint64_t start_stack; /* an address in the main stack; 0: none, or not shown to this user */
	uint64_t flags;       /* PF_ bits of the kernel's include/linux/sched.h */
	uid_t uid;            /* effective user, who owns the /proc folder */
	uint32_t threads;     /* 0: not known */
	bool has_stat, has_uid;

	/* Bytes, as status counts them: what is known without permission to read the maps. */
	uint64_t vm_size, vm_rss, vm_swap, vm_locked;
	bool has_memory;

	const char *unread; /* a file that is there and could not be read; static. NULL: none */
	int unread_error;   /* why: a negative errno */

	struct vm_buf comm; /* command name as the kernel keeps it: any bytes */
	struct vm_buf
		cmdline; /* arguments, each with its closing NUL; empty for kernel threads and zombies */
};

void vm_process_deinit(struct vm_process *process);

/* What the process is called, be it looked at through one of its threads; 0: not known. */
static inline pid_t vm_process_number(const struct vm_process *process)
{
	return process->tgid ? process->tgid : process->pid;
}

static inline bool vm_process_is_zombie(const struct vm_process *process)
{
	return process->state == 'Z' || process->state == 'X';
}

/* PF_EXITING: it has begun to end; its memory goes before it is a zombie. */
static inline bool vm_process_is_exiting(const struct vm_process *process)
{
	return process->flags & 0x00000004;
}

/* PF_FORKNOEXEC: it is still the copy of its parent, with whom it may even share its memory. */
static inline bool vm_process_has_executed(const struct vm_process *process)
{
	return !(process->flags & 0x00000040);
}

/* PF_KTHREAD: works for the kernel, has no memory of its own. */
static inline bool vm_process_is_kernel_thread(const struct vm_process *process)
{
	return process->flags & 0x00200000;
}
