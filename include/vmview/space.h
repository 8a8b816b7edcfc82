/*
 * Whether a process still has the address space that it had: execve(2) gives it another one, be it of the same program.
 *
 * An open maps belongs to the address space that there was when it was opened, and has nothing to tell any more once
 * the last process has left that. What is kept meanwhile is the kernel's description of it, not its memory.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "vmview/source.h"

struct vm_space {
	int fd; /* of the maps; -1: none */
};

#define VM_SPACE_NONE ((struct vm_space){ -1 })

/*
 * Remember the address space that the live process of @source has now; through its @thread where that is not 0. 0, -ESRCH: it
 * has none, or another negative errno (-EACCES, -EPERM); then @space is VM_SPACE_NONE.
 */
int vm_space_enter(const struct vm_source *source, pid_t thread, struct vm_space *space);

/*
 * Whether nobody uses it any more: its process has executed a program, or ended. False where somebody else does (a child of
 * vfork(2) shares its parent's), and of VM_SPACE_NONE.
 */
bool vm_space_left(const struct vm_space *space);

/* Makes it VM_SPACE_NONE. */
void vm_space_leave(struct vm_space *space);
