/*
 * Sentences on standard error. Whatever foreign text is in them is made safe as a whole.
 */
#pragma once

#include "vmview/process.h"
#include "vmview/sample.h"

/* `PROGRAM: sentence`, one line. */
__attribute__((format(printf, 2, 3))) void vm_say(const char *program, const char *format, ...);

/* Length and bytes of a buffer, for "%.*s". */
#define VM_TEXT(buf) (int)(buf).len, (buf).p ? (buf).p : ""

/* `PROGRAM: PID (NAME): @reason`; a name that is not known is left out. */
void vm_say_of(const char *program, const struct vm_process *process, struct vm_str reason);

/* A reading took so much of a processor that the next ones are @interval_ns apart, further than was asked for. */
void vm_say_pace(const char *program, uint64_t cpu_ns, uint64_t interval_ns);

/* Append text to @text. */
__attribute__((format(printf, 2, 3))) void vm_putf(struct vm_buf *text, const char *format, ...);

/*
 * Reasons: sentences without whom they are about, appended to @text. The foreign text in them is as it is; vm_say()
 * makes it safe.
 */

/* Why this process cannot be read, and what would help. @error is a negative errno. */
void vm_put_unreadable(struct vm_buf *text, const struct vm_process *process, int error,
		       const struct vm_report *report);

/* Why a process cannot be found, and what would help. @error is what vm_source_open_process() gave. */
void vm_put_absent(struct vm_buf *text, int error);

/* Why a file of a capture cannot be read. */
void vm_put_bad_capture(struct vm_buf *text, int error, const struct vm_report *report);

/* Why a process that could be read has no mappings. */
void vm_put_empty(struct vm_buf *text, const char *program, const struct vm_source *source,
		  const struct vm_process *process);
