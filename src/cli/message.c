#include "message.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmview/safe.h"

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
		/* Even without memory somebody must learn that there was none. */
		fprintf(stderr, "vmview: out of memory\n");
		return;
	}
	vm_safe_put(&line, vm_str_from(program));
	vm_buf_put_text(&line, ": ");
	vm_safe_put(&line, (struct vm_str){ sentence, (size_t)len });
	vm_buf_put_char(&line, '\n');
	fwrite(line.p, 1, line.len, stderr);
	vm_buf_deinit(&line);
	free(sentence);
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

static void put_owner(const struct vm_process *process, char *owner, size_t size)
{
	const struct passwd *user = process->has_uid ? getpwuid(process->uid) : NULL;

	if (user)
		snprintf(owner, size, "user %s", user->pw_name);
	else if (process->has_uid)
		snprintf(owner, size, "user number %u", process->uid);
	else
		snprintf(owner, size, "another user");
}

static void put_not_permitted(struct vm_buf *text, const struct vm_process *process,
			      const char *entry)
{
	char owner[300];

	put_owner(process, owner, sizeof(owner));
	if (geteuid() == 0)
		vm_putf(text,
			"not permitted to read its %s, even as root: it needs CAP_SYS_PTRACE in the user "
			"namespace of the process, which belongs to %s",
			entry, owner);
	else if (process->has_uid && process->uid == geteuid())
		vm_putf(text,
			"not permitted to read its %s: it is yours, but it protects itself (it gained "
			"privileges, or asked for it); try sudo, or CAP_SYS_PTRACE",
			entry);
	else
		vm_putf(text,
			"not permitted to read its %s: it belongs to %s; try sudo, or CAP_SYS_PTRACE",
			entry, owner);
}

void vm_put_bad_capture(struct vm_buf *text, int error, const struct vm_report *report)
{
	if (error == -EBADMSG)
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
	else if (error == -ESRCH || error == -ENOENT)
		vm_putf(text, "it ended before its %s could be read", report->entry);
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
