/*
 * Sentences on standard error. Whatever foreign text is in them is made safe as a whole.
 */
#pragma once

#include "vmview/process.h"
#include "vmview/sample.h"

/* `PROGRAM: sentence`, one line. */
__attribute__((format(printf, 2, 3))) void vm_say(const char *program, const char *format, ...);

/* Why this process cannot be read, and what would help. @error is a negative errno. */
void vm_say_unreadable(const char *program, const struct vm_process *process, int error,
		       const struct vm_report *report);

/* Why the capture @path cannot be read. */
void vm_say_bad_capture(const char *program, const char *path, int error,
			const struct vm_report *report);

/* Why a live process that could be read has no mappings. */
void vm_say_empty(const char *program, const struct vm_source *source,
		  const struct vm_process *process);

/* What a reader of the list should know: it changed, or ended, while it was being read. */
void vm_say_report(const char *program, const struct vm_process *process,
		   const struct vm_report *report);
