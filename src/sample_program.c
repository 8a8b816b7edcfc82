#include "vmview/program.h"

#include <errno.h>

#include "vmview/sample.h"

/*
 * Signs of execve(2) that show even where the address space does not tell: that of a child of vfork(2) stays its parent's,
 * and it may not be one that we may look at.
 */
static bool shows_exec(const struct vm_process *before, const struct vm_process *now)
{
	if (!before->has_stat || !now->has_stat)
		return false;
	if (!vm_process_has_executed(before) && vm_process_has_executed(now))
		return true;
	return before->start_stack && now->start_stack && before->start_stack != now->start_stack;
}

static void enter_space(struct vm_program *program, const struct vm_source *source)
{
	vm_space_leave(&program->space);
	if (vm_space_enter(source, 0, &program->space) == -ESRCH)
		vm_space_enter(source, vm_sample_other_thread(source), &program->space);
}

void vm_program_follow(struct vm_program *program, const struct vm_source *source)
{
	bool had = program->space.fd >= 0;

	if (source->type != VM_SOURCE_LIVE || (had && !vm_space_left(&program->space)))
		return;
	enter_space(program, source);
	program->count += had;
}

void vm_program_see(struct vm_program *program, const struct vm_source *source,
		    const struct vm_process *process)
{
	if (shows_exec(&program->last, process)) {
		enter_space(program, source);
		program->count++;
	}
	program->last = (struct vm_process){ .has_stat = process->has_stat,
					     .flags = process->flags,
					     .start_stack = process->start_stack };
}

bool vm_program_has_changed(const struct vm_program *program, const struct vm_source *source)
{
	struct vm_process now = { 0 };
	bool changed = vm_space_left(&program->space) ||
		       (vm_sample_process(source, &now) == 0 && shows_exec(&program->last, &now));

	vm_process_deinit(&now);
	return changed;
}

void vm_program_deinit(struct vm_program *program)
{
	vm_space_leave(&program->space);
	*program = VM_PROGRAM_NONE;
}
