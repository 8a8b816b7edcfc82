#include "message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "owner.h"
#include "vmview/safe.h"

/* Even without memory somebody must learn that there was none. */
static void say_out_of_memory(void)
{
	fputs("vmview: out of memory\n", stderr);
}

void vm_say(const char *program, const char *format, ...)
{
	struct vm_buf line = { 0 };
	char *sentence = NULL;
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vasprintf(&sentence, format, arguments);
	va_end(arguments);
	if (len < 0) {
		say_out_of_memory();
		return;
	}
	vm_safe_put(&line, vm_str_from(program));
	vm_buf_put_text(&line, ": ");
	vm_safe_put(&line, (struct vm_str){ sentence, (size_t)len });
	vm_buf_put_char(&line, '\n');
	if (line.failed)
		say_out_of_memory();
	else
		fwrite(line.p, 1, line.len, stderr);
	vm_buf_deinit(&line);
	free(sentence);
}

void vm_say_of(const char *program, const struct vm_process *process, struct vm_str reason)
{
	const struct vm_buf *name = &process->comm;

	vm_say(program, "%d%s%.*s%s: %.*s", (int)process->pid, name->len ? " (" : "",
	       VM_TEXT(*name), name->len ? ")" : "", VM_TEXT(reason));
}

void vm_say_pace(const char *program, uint64_t cpu_ns, uint64_t interval_ns)
{
	uint64_t hundredths = interval_ns / 10000000;

	vm_say(program,
	       "a reading takes %" PRIu64 " ms of a processor: it is done every %" PRIu64
	       ".%02" PRIu64 " s, so that it costs at most 5 %%",
	       cpu_ns / 1000000, hundredths / 100, hundredths % 100);
}

void vm_putf(struct vm_buf *text, const char *format, ...)
{
	va_list arguments;
	char *sentence;
	int len;

	va_start(arguments, format);
	len = vasprintf(&sentence, format, arguments);
	va_end(arguments);
	if (len < 0) {
		text->failed = true;
		return;
	}
	vm_buf_put(text, sentence, (size_t)len);
	free(sentence);
}

static void put_not_permitted(struct vm_buf *text, const struct vm_process *process,
			      const char *entry)
{
	vm_putf(text, "not permitted to read its %s", entry);
	if (geteuid() == 0) {
		vm_putf(text,
			", even as root: it needs CAP_SYS_PTRACE in the user namespace of the "
			"process, which belongs to ");
		vm_put_owner(text, process);
		return;
	}
	if (process->has_uid && process->uid == geteuid()) {
		vm_putf(text,
			": it is yours, but it protects itself (it gained privileges, or asked "
			"for it)");
	} else {
		vm_putf(text, ": it belongs to ");
		vm_put_owner(text, process);
	}
	vm_putf(text, "; try sudo, or CAP_SYS_PTRACE");
}

void vm_put_absent(struct vm_buf *text, int error)
{
	if (error == -ESRCH)
		vm_putf(text, "there is no such process");
	else if (error == -EACCES)
		vm_putf(text,
			"/proc hides it, as it does with processes of others (hidepid); try sudo, "
			"or CAP_SYS_PTRACE");
	else if (error == -ENODEV)
		vm_putf(text, "there is no /proc here; try mount -t proc proc /proc");
	else
		vm_putf(text, "cannot open its folder in /proc: %s", strerror(-error));
}

/* Only of maps and smaps there is more to say. */
static bool is_odd(int error, const struct vm_report *report)
{
	return error == -EBADMSG && !report->reason;
}

void vm_put_bad_capture(struct vm_buf *text, int error, const struct vm_report *report)
{
	if (is_odd(error, report))
		vm_putf(text, "it is not what the kernel writes there");
	else if (error == -EBADMSG)
		vm_putf(text, "line %" PRIu64 ": %s: this is not the text of maps or smaps",
			report->line, report->reason);
	else if (error == -ELOOP || error == -EINVAL)
		vm_putf(text, "it is not a regular file");
	else
		vm_putf(text, "cannot read it: %s", strerror(-error));
}

void vm_put_unreadable(struct vm_buf *text, const struct vm_process *process, int error,
		       const struct vm_report *report)
{
	if (error == -EACCES || error == -EPERM)
		put_not_permitted(text, process, report->entry);
	else if (report->lacks_smaps)
		vm_putf(text,
			"its kernel has no smaps (CONFIG_PROC_PAGE_MONITOR): only maps was read");
	else if (error == -ESRCH || error == -ENOENT)
		vm_putf(text, "it ended before its %s could be read", report->entry);
	else if (is_odd(error, report))
		vm_putf(text, "its %s is not what the kernel writes there", report->entry);
	else if (error == -EBADMSG)
		vm_putf(text, "line %" PRIu64 " of its %s: %s", report->line, report->entry,
			report->reason);
	else
		vm_putf(text, "cannot read its %s: %s", report->entry, strerror(-error));
}

static void put_zombie(struct vm_buf *text, const char *program, const struct vm_source *source,
		       const struct vm_process *process)
{
	pid_t thread = vm_sample_other_thread(source);

	if (thread)
		vm_putf(text,
			"its main thread has ended, so its maps is empty; the others share its memory: "
			"%s%s %d",
			program, strcmp(program, "pmap") == 0 ? "" : " --once", (int)thread);
	else
		vm_putf(text,
			"it is a zombie: it has ended and its memory is gone; it waits for its parent, "
			"process %d, to notice",
			(int)process->parent);
}

void vm_put_empty(struct vm_buf *text, const char *program, const struct vm_source *source,
		  const struct vm_process *process)
{
	if (vm_process_is_kernel_thread(process))
		vm_putf(text, "it is a kernel thread: it has no address space of its own");
	else if (vm_process_is_zombie(process))
		put_zombie(text, program, source, process);
	else
		vm_putf(text, "it has no mappings: it is ending or has just begun");
}
