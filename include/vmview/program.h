/*
 * Which program a live process executes, from one reading to the next: mappings before and after an execve(2)
 * have nothing to do with each other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmview/process.h"
#include "vmview/source.h"
#include "vmview/space.h"

struct vm_program {
	unsigned count; /* another number after another program */

	/* its own */
	struct vm_space space;
	struct vm_process last; /* as it was last seen: numbers only */
};

#define VM_PROGRAM_NONE ((struct vm_program){ .space = VM_SPACE_NONE })

/* Look at the process before a reading of it. */
void vm_program_follow(struct vm_program *program, const struct vm_source *source);

/* What the reading begins with: @process. */
void vm_program_see(struct vm_program *program, const struct vm_source *source,
		    const struct vm_process *process);

/* Whether it has executed another one since: what was read then may end where the old one did. */
bool vm_program_has_changed(const struct vm_program *program, const struct vm_source *source);

/* Makes it VM_PROGRAM_NONE. */
void vm_program_deinit(struct vm_program *program);
