/*
 * Whom a process belongs to.
 */
#pragma once

#include "vmview/buf.h"
#include "vmview/process.h"

/* Append words for the user that @process belongs to. The name is as it is. */
void vm_put_owner(struct vm_buf *text, const struct vm_process *process);
