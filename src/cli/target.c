#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "status.h"
#include "vmview/source.h"

/* The kernel keeps this many bytes of a program's name (TASK_COMM_LEN less the NUL); its own threads' are longer. */
#define COMM_LENGTH 15

void vm_targets_deinit(struct vm_targets *targets)
{
	free(targets->items);
	*targets = (struct vm_targets){ 0 };
}

static int add(struct vm_targets *targets, pid_t pid, const char *name)
{
	if (targets->count == targets->cap) {
		size_t cap = targets->cap ? targets->cap * 2 : 16;
		struct vm_target *items = reallocarray(targets->items, cap, sizeof(*items));

		if (!items)
			return -ENOMEM;
		targets->items = items;
		targets->cap = cap;
	}
	targets->items[targets->count++] = (struct vm_target){ pid, name };
	return 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As pmap: decimal, octal with a leading 0, hexadecimal with 0x. */
static bool parse_pid(const char *text, pid_t *pid)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (errno || *end || number < 1 || number > INT32_MAX)
		return false;
	*pid = (pid_t)number;
	return true;
}

struct search {
	struct vm_targets *targets;
	const char *name;
	struct vm_buf text;
	size_t found;
};

/*
 * Of a long name the arguments are the only place where all of it stands: as the first, or, of a script, behind its
 * interpreter and one argument of that.
 */
static bool is_called(struct vm_str cmdline, struct vm_str name)
{
	for (int i = 0; i < 3 && cmdline.len; i++) {
		size_t end = vm_str_find(cmdline, '\0');
		struct vm_str word = { cmdline.p, end };
		size_t slash = vm_str_find_last(word, '/');

		if (vm_str_equal(slash < word.len ? vm_str_skip(word, slash + 1) : word, name))
			return true;
		cmdline = vm_str_skip(cmdline, end + 1);
	}
	return false;
}

static bool has_name(const struct vm_source *source, struct vm_str name, struct vm_buf *text)
{
	struct vm_str comm, cut = name;

	if (cut.len > COMM_LENGTH)
		cut.len = COMM_LENGTH;
	if (vm_source_read_entry(source, "comm", 256, text) < 0)
		return false;
	comm = vm_buf_str(text);
	if (comm.len && comm.p[comm.len - 1] == '\n')
		comm.len--;
	if (vm_str_equal(comm, name))
		return true;
	if (!vm_str_equal(comm, cut))
		return false;
	return vm_source_read_entry(source, "cmdline", 65536, text) == 0 &&
	       is_called(vm_buf_str(text), name);
}

int vm_target_open(const struct vm_target *target, struct vm_source *source)
{
	struct vm_source found = { 0 };
	struct vm_buf text = { 0 };
	int r = vm_source_open_process(target->pid, &found);

	if (r == 0 && target->name && !has_name(&found, vm_str_from(target->name), &text))
		r = -ESRCH;
	vm_buf_deinit(&text);
	if (r == 0)
		*source = found;
	else
		vm_source_close(&found);
	return r;
}

int vm_target_put_absent(const struct vm_target *target, int error, struct vm_buf *text)
{
	if (target->name && error == -ESRCH)
		vm_putf(text, "it ended before it could be read");
	else
		vm_put_absent(text, error);
	return error == -ESRCH ? VM_EXIT_NOT_FOUND : VM_EXIT_FAILURE;
}

int vm_target_say_absent(const char *program, const struct vm_target *target, int error)
{
	struct vm_buf reason = { 0 };
	int status = vm_target_put_absent(target, error, &reason);

	vm_say(program, "%d: %.*s", (int)target->pid, VM_TEXT(reason));
	vm_buf_deinit(&reason);
	return status;
}

static int try_process(pid_t pid, void *user)
{
	struct search *search = user;
	struct vm_source source = { 0 };
	bool hit;

	if (pid == getpid() || vm_source_open_process(pid, &source) < 0)
		return 0;
	hit = has_name(&source, vm_str_from(search->name), &search->text);
	vm_source_close(&source);
	search->found += hit;
	return hit ? add(search->targets, pid, search->name) : 0;
}

static int add_named(struct vm_targets *targets, const char *name, size_t *found)
{
	struct search search = { .targets = targets, .name = name };
	int r = vm_source_each_task(NULL, try_process, &search);

	vm_buf_deinit(&search.text);
	*found = search.found;
	return r;
}

static void say_cannot_look(const char *program, const char *word, int error)
{
	if (error == -ENODEV)
		vm_say(program,
		       "cannot look for '%s': there is no /proc here; try mount -t proc proc /proc",
		       word);
	else
		vm_say(program, "cannot look for '%s' in /proc: %s", word, strerror(-error));
}

static void say_not_found(const char *program, const char *word)
{
	if (vm_source_hides_others())
		vm_say(program,
		       "no process that /proc shows is called '%s'; it hides those of others (hidepid): "
		       "try sudo, or CAP_SYS_PTRACE",
		       word);
	else
		vm_say(program, "no process is called '%s'", word);
}

int vm_targets_find(const char *program, const char *name, struct vm_targets *targets)
{
	size_t found;
	int r = add_named(targets, name, &found);

	if (r < 0) {
		say_cannot_look(program, name, r);
		return VM_EXIT_FAILURE;
	}
	if (!found)
		say_not_found(program, name);
	return found ? VM_EXIT_OK : VM_EXIT_NOT_FOUND;
}

bool vm_target_is_pid(const char *word, pid_t *pid)
{
	if (strncmp(word, "/proc/", 6) == 0)
		word += 6;
	return is_digit(word[0]) && parse_pid(word, pid);
}

static bool resolve_name(const struct vm_options *options, const char *word,
			 struct vm_targets *targets)
{
	size_t found;
	int r = add_named(targets, word, &found);

	if (r < 0) {
		say_cannot_look(options->program, word, r);
		return false;
	}
	if (found)
		return true;
	if (is_digit(word[0])) {
		vm_say(options->program,
		       "'%s' is not a PID (a number from 1 to 2147483647), and no process is called that",
		       word);
		return false;
	}
	say_not_found(options->program, word);
	targets->status |= VM_EXIT_NOT_FOUND;
	return true;
}

static bool resolve(const struct vm_options *options, const char *word, struct vm_targets *targets)
{
	bool folder = strncmp(word, "/proc/", 6) == 0;
	pid_t pid;

	if (folder)
		word += 6;
	/* `pmap /proc/[a-z0-9]*` passes over what is not a process. */
	if (folder && !is_digit(word[0]))
		return true;
	if (is_digit(word[0]) && parse_pid(word, &pid)) {
		if (add(targets, pid, NULL) == 0)
			return true;
		vm_say(options->program, "out of memory");
		return false;
	}
	if (!folder && !options->as_pmap && word[0])
		return resolve_name(options, word, targets);
	vm_say(options->program, "'%s' is not a PID: that is a number from 1 to 2147483647", word);
	return false;
}

bool vm_targets_resolve(const struct vm_options *options, struct vm_targets *targets)
{
	for (int i = 0; i < options->target_count; i++) {
		if (!resolve(options, options->targets[i], targets))
			return false;
	}
	if (targets->count || targets->status)
		return true;
	vm_say(options->program, "none of the folders given is that of a process");
	return false;
}
