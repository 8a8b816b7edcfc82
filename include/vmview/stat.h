/*
 * Parsers for /proc/PID/stat, status and task/TID/syscall.
 */
#pragma once

#include "vmview/process.h"
#include "vmview/str.h"

/*
 * Fills state, parent, threads, start_time, start_stack, flags, comm, and pid where it is still 0. 0, -EBADMSG or
 * -ENOMEM.
 */
int vm_stat_parse(struct vm_str text, struct vm_process *process);

/* Fills tgid, uid, threads and the vm_ numbers where they are reported. */
void vm_status_parse(struct vm_str text, struct vm_process *process);

/*
 * The stack pointer that /proc/PID/task/TID/syscall shows for a thread that is blocked
 * (proc_pid_syscall(5)). False for a running thread.
 */
bool vm_syscall_parse(struct vm_str text, uint64_t *stack_pointer);
