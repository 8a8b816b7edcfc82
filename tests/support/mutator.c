/*
 * A process whose mappings change on command.
 *
 *   mutator [FIFO]
 *
 * says `ready PID`, then obeys lines of standard input (or of the FIFO) until its end. Each is
 * answered by `ok NAME ADDRESS`, once it is done, or by `error WHAT WHY`. Addresses are
 * hexadecimal, as in /proc/PID/maps. What is done to some pages of a mapping is answered by its
 * address and theirs.
 *
 *   map NAME PAGES [shared] [file PATH] [prot rwx] [after OTHER] [guard]
 *                                      anonymous, private and rw unless told otherwise; a file is
 *                                      made as long as that at least. It lies far from all others,
 *                                      so that the kernel merges none, but for one that is asked to
 *                                      begin where OTHER ends. With `guard`, a PROT_NONE page on
 *                                      either side
 *   unmap NAME [FIRST COUNT]
 *   protect NAME FIRST COUNT PROT      PROT is of r, w and x, or -
 *   touch NAME FIRST COUNT             write to each page
 *   peek NAME FIRST COUNT              read from each page
 *   drop NAME FIRST COUNT              give the memory back, not the addresses
 *   lock NAME FIRST COUNT
 *   remap NAME PAGES                   to another length, and another place if need be
 *   many COUNT                         so many mappings of a page, side by side
 *   grow-heap PAGES, shrink-heap PAGES
 *   grow-stack PAGES
 *   fork                               a child that does nothing; `ok fork PID`
 *   end-fork                           ends the last one
 *   thread                             one that does nothing; `ok thread TID`
 *   leave-main                         the main thread ends, another one obeys from now on
 *   hide, show                         from others of its user (PR_SET_DUMPABLE)
 *   exec COMMAND...                    answers before it tries
 *   exit STATUS                        answers before it goes
 *   pid, help
 *
 * It uses no memory of its own for that: neither heap nor mappings change but on command.
 */
#include "mutator.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

size_t mutator_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Answers */

bool mutator_done(const char *name, const void *address)
{
	dprintf(STDOUT_FILENO, "ok %s %jx\n", name, (uintmax_t)(uintptr_t)address);
	return true;
}

bool mutator_done_with_number(const char *name, long number)
{
	dprintf(STDOUT_FILENO, "ok %s %ld\n", name, number);
	return true;
}

bool mutator_done_part(const char *name, const void *address, const void *part)
{
	dprintf(STDOUT_FILENO, "ok %s %jx %jx\n", name, (uintmax_t)(uintptr_t)address,
		(uintmax_t)(uintptr_t)part);
	return true;
}

bool mutator_refuse(const char *what, const char *why)
{
	dprintf(STDOUT_FILENO, "error %s %s\n", what, why);
	return false;
}

bool mutator_refuse_errno(const char *what)
{
	return mutator_refuse(what, strerror(errno));
}

/* Lines, without stdio, that would need a heap */

char *mutator_next_line(struct reader *reader)
{
	char *end;

	reader->len -= reader->taken;
	memmove(reader->text, reader->text + reader->taken, reader->len);
	reader->taken = 0;
	while (!(end = memchr(reader->text, '\n', reader->len))) {
		ssize_t n = read(reader->fd, reader->text + reader->len,
				 sizeof(reader->text) - reader->len);

		if (n == 0 || (n < 0 && errno != EINTR))
			return NULL;
		if (n > 0)
			reader->len += (size_t)n;
	}
	*end = '\0';
	reader->taken = (size_t)(end - reader->text) + 1;
	return reader->text;
}

static void split(struct mutator *mutator, char *line)
{
	char *rest = NULL;

	mutator->count = 0;
	for (char *word = strtok_r(line, " \t", &rest); word && mutator->count < WORDS_MAX;
	     word = strtok_r(NULL, " \t", &rest))
		mutator->words[mutator->count++] = word;
	mutator->words[mutator->count] = NULL;
}

bool mutator_read_count(const char *word, size_t *count)
{
	char *end;
	unsigned long value;

	if (!word || word[0] < '0' || word[0] > '9')
		return false;
	value = strtoul(word, &end, 10);
	*count = value;
	return *end == '\0' && value <= UINT32_MAX;
}

/* Processes and threads */

static bool do_fork(struct mutator *mutator)
{
	pid_t child = fork();

	if (child < 0)
		return mutator_refuse_errno("fork");
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	mutator->child = child;
	return mutator_done_with_number("fork", child);
}

static bool do_end_fork(struct mutator *mutator)
{
	if (mutator->child <= 0)
		return mutator_refuse("end-fork", "there is no child");
	kill(mutator->child, SIGKILL);
	waitpid(mutator->child, NULL, 0);
	mutator->child = 0;
	return mutator_done_with_number("end-fork", 0);
}

static void *do_nothing(void *started)
{
	dprintf(STDOUT_FILENO, "ok thread %ld\n", (long)syscall(SYS_gettid));
	for (;;)
		pause();
	return started;
}

/* The thread answers itself: it knows its number, and that it is there. */
static bool do_thread(struct mutator *mutator)
{
	pthread_t thread;

	(void)mutator;
	errno = pthread_create(&thread, NULL, do_nothing, NULL);
	return errno ? mutator_refuse_errno("thread") : true;
}

static void *obey_in_thread(void *mutator);

static bool do_leave_main(struct mutator *mutator)
{
	pthread_t thread;

	if (mutator->in_thread)
		return mutator_refuse("leave-main", "it was left before");
	mutator->in_thread = true;
	errno = pthread_create(&thread, NULL, obey_in_thread, mutator);
	if (errno)
		return mutator_refuse_errno("leave-main");
	pthread_exit(NULL);
}

static bool do_exec(struct mutator *mutator)
{
	if (mutator->count < 2)
		return mutator_refuse("exec", "what?");
	mutator_done_with_number("exec", 0);
	execvp(mutator->words[1], mutator->words + 1);
	return mutator_refuse_errno("exec");
}

static bool do_exit(struct mutator *mutator)
{
	size_t status = 0;

	if (mutator->count > 1 && !mutator_read_count(mutator->words[1], &status))
		return mutator_refuse("exit", "with what status?");
	mutator_done_with_number("exit", (long)status);
	_exit((int)status);
}

static bool set_dumpable(const char *name, unsigned long dumpable)
{
	if (prctl(PR_SET_DUMPABLE, dumpable) < 0)
		return mutator_refuse_errno(name);
	return mutator_done_with_number(name, (long)dumpable);
}

static bool do_hide(struct mutator *mutator)
{
	(void)mutator;
	return set_dumpable("hide", 0);
}

static bool do_show(struct mutator *mutator)
{
	(void)mutator;
	return set_dumpable("show", 1);
}

static bool do_pid(struct mutator *mutator)
{
	(void)mutator;
	return mutator_done_with_number("pid", getpid());
}

static bool do_help(struct mutator *mutator);

static const struct mutator_command process_commands[] = {
	/* clang-format off */
	{ "fork", do_fork },
	{ "end-fork", do_end_fork },
	{ "thread", do_thread },
	{ "leave-main", do_leave_main },
	{ "hide", do_hide },
	{ "show", do_show },
	{ "exec", do_exec },
	{ "exit", do_exit },
	{ "pid", do_pid },
	{ "help", do_help },
	{ 0 },
	/* clang-format on */
};

static void list_commands(const struct mutator_command *table)
{
	for (; table->name; table++)
		dprintf(STDOUT_FILENO, " %s", table->name);
}

static bool do_help(struct mutator *mutator)
{
	(void)mutator;
	dprintf(STDOUT_FILENO, "ok help");
	list_commands(mutator_map_commands);
	list_commands(process_commands);
	dprintf(STDOUT_FILENO, "\n");
	return true;
}

static const struct mutator_command *find_command(const struct mutator_command *table,
						  const char *name)
{
	while (table->name && strcmp(table->name, name) != 0)
		table++;
	return table->name ? table : NULL;
}

static bool obey(struct mutator *mutator, char *line)
{
	const struct mutator_command *command;

	split(mutator, line);
	if (mutator->count == 0)
		return true;
	command = find_command(mutator_map_commands, mutator->words[0]);
	if (!command)
		command = find_command(process_commands, mutator->words[0]);
	if (!command)
		return mutator_refuse(mutator->words[0], "there is no such command; try help");
	return command->run(mutator);
}

static void obey_all(struct mutator *mutator)
{
	char *line;

	while ((line = mutator_next_line(&mutator->lines)))
		obey(mutator, line);
	_exit(0);
}

/* The main thread that starts this ends: only then is it left. */
static void *obey_in_thread(void *mutator)
{
	char path[64], stat[256];
	const char *state;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)getpid());
	do {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? 0 : read(fd, stat, sizeof(stat) - 1);

		if (fd >= 0)
			close(fd);
		stat[len > 0 ? len : 0] = '\0';
		state = strrchr(stat, ')');
	} while (state && state[2] != 'Z');
	mutator_done_with_number("leave-main", (long)syscall(SYS_gettid));
	obey_all(mutator);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct mutator mutator;

	/* Both ways, so that it does not end when the first writer does. */
	mutator.lines.fd = argc > 1 ? open(argv[1], O_RDWR | O_CLOEXEC) : STDIN_FILENO;
	mutator.zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (mutator.lines.fd < 0 || mutator.zero < 0 || pipe2(mutator.pipe, O_CLOEXEC) < 0) {
		mutator_refuse_errno(argc > 1 ? argv[1] : "start");
		return 1;
	}
	dprintf(STDOUT_FILENO, "ready %d\n", (int)getpid());
	obey_all(&mutator);
}
