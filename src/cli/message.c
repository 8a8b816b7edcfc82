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

/* Length and bytes of a buffer, for "%.*s". */
#define TEXT(buf) (int)(buf).len, (buf).p ? (buf).p : ""

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

static void say_not_permitted(const char *program, const struct vm_process *process,
			      const char *entry)
{
	char owner[300];

	put_owner(process, owner, sizeof(owner));
	if (geteuid() == 0)
		vm_say(program,
		       "%d (%.*s): not permitted to read its %s, even as root: it needs CAP_SYS_PTRACE "
		       "in the user namespace of the process, which belongs to %s",
		       (int)process->pid, TEXT(process->comm), entry, owner);
	else if (process->has_uid && process->uid == geteuid())
		vm_say(program,
		       "%d (%.*s): not permitted to read its %s: it is yours, but it protects itself "
		       "(it gained privileges, or asked for it); try sudo, or CAP_SYS_PTRACE",
		       (int)process->pid, TEXT(process->comm), entry);
	else
		vm_say(program,
		       "%d (%.*s): not permitted to read its %s: it belongs to %s; try sudo, or "
		       "CAP_SYS_PTRACE",
		       (int)process->pid, TEXT(process->comm), entry, owner);
}

/* @entry: the file's name in a saved folder, or nothing where @path is the file. */
static void say_bad_file(const char *program, const char *path, const char *entry, int error,
			 const struct vm_report *report)
{
	const char *slash = entry[0] ? "/" : "";

	if (error == -EBADMSG)
		vm_say(program,
		       "%s%s%s: line %" PRIu64 ": %s: this is not the text of maps or smaps", path,
		       slash, entry, report->line, report->reason);
	else if (error == -ELOOP || error == -EINVAL)
		vm_say(program, "%s%s%s: it is not a regular file", path, slash, entry);
	else
		vm_say(program, "%s%s%s: cannot read it: %s", path, slash, entry, strerror(-error));
}

void vm_say_bad_capture(const char *program, const char *path, int error,
			const struct vm_report *report)
{
	if (error == -ENOENT)
		vm_say(program, "%s: there is neither a maps nor a smaps in it", path);
	else
		say_bad_file(program, path, report->entry, error, report);
}

void vm_say_unreadable(const char *program, const struct vm_process *process, int error,
		       const struct vm_report *report)
{
	if (error == -EACCES || error == -EPERM)
		say_not_permitted(program, process, report->entry);
	else if (error == -ESRCH || error == -ENOENT)
		vm_say(program, "%d (%.*s): it ended before its %s could be read",
		       (int)process->pid, TEXT(process->comm), report->entry);
	else if (error == -EBADMSG)
		vm_say(program, "%d (%.*s): line %" PRIu64 " of its %s: %s", (int)process->pid,
		       TEXT(process->comm), report->line, report->entry, report->reason);
	else
		vm_say(program, "%d (%.*s): cannot read its %s: %s", (int)process->pid,
		       TEXT(process->comm), report->entry, strerror(-error));
}

static void say_zombie(const char *program, const struct vm_source *source,
		       const struct vm_process *process)
{
	pid_t thread = vm_sample_other_thread(source);

	if (thread)
		vm_say(program,
		       "%d (%.*s): its main thread has ended, so its maps is empty; the others share its "
		       "memory: %s%s %d",
		       (int)process->pid, TEXT(process->comm), program,
		       strcmp(program, "pmap") == 0 ? "" : " --once", (int)thread);
	else
		vm_say(program,
		       "%d (%.*s): it is a zombie: it has ended and its memory is gone; it waits for its "
		       "parent, process %d, to notice",
		       (int)process->pid, TEXT(process->comm), (int)process->parent);
}

void vm_say_empty(const char *program, const struct vm_source *source,
		  const struct vm_process *process)
{
	if (vm_process_is_kernel_thread(process))
		vm_say(program,
		       "%d (%.*s): it is a kernel thread: it has no address space of its own",
		       (int)process->pid, TEXT(process->comm));
	else if (vm_process_is_zombie(process))
		say_zombie(program, source, process);
	else
		vm_say(program, "%d (%.*s): it has no mappings: it is ending or has just begun",
		       (int)process->pid, TEXT(process->comm));
}

void vm_say_report(const char *program, const struct vm_process *process,
		   const struct vm_report *report)
{
	if (report->dropped)
		vm_say(program,
		       "%d (%.*s): its mappings changed while they were being read: %" PRIu64
		       " left out that overlapped others",
		       (int)process->pid, TEXT(process->comm), report->dropped);
	if (report->ended)
		vm_say(program,
		       "%d (%.*s): it ended while it was being read: the list may be incomplete",
		       (int)process->pid, TEXT(process->comm));
}
