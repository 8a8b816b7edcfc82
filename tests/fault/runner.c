#include "runner.h"

#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The linker gives us the place of main(), and this name to vmview's. */
int __real_main(int argc, char **argv);

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

/* Said again in front of every run: what stands in the environment has the last word. */
const char *__asan_default_options(void)
{
	return "exitcode=99";
}

const char *__ubsan_default_options(void)
{
	return "halt_on_error=1:exitcode=99";
}

void bench_init(struct bench *bench)
{
	/* Not what whoever runs it likes. */
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "dumb", 1);
	*bench = (struct bench){ .new_file = "/tmp/vmview-fault-XXXXXX" };
	bench->out = mkstemp(bench->new_file);
	bench->err = memfd_create("err", MFD_CLOEXEC);
	bench->fault = mmap(NULL, sizeof(*bench->fault), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (bench->out < 0 || bench->err < 0 || bench->fault == MAP_FAILED)
		err(1, "cannot prepare");
}

void bench_deinit(struct bench *bench)
{
	unlink(bench->new_file);
	if (bench->tape[0])
		unlink(bench->tape);
	if (bench->story[0])
		unlink(bench->story);
	close(bench->out);
	close(bench->err);
	munmap(bench->fault, sizeof(*bench->fault));
}

void outcome_deinit(struct outcome *outcome)
{
	vm_buf_deinit(&outcome->out);
	vm_buf_deinit(&outcome->err);
}

bool outcome_exited(const struct outcome *outcome, int status)
{
	return WIFEXITED(outcome->status) && WEXITSTATUS(outcome->status) == status;
}

bool outcome_is_orderly(const struct outcome *outcome)
{
	return WIFEXITED(outcome->status) && WEXITSTATUS(outcome->status) != FINDING;
}

static void empty(int fd)
{
	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		err(1, "cannot empty a file");
}

static void read_back(int fd, struct vm_buf *text)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *room = vm_buf_reserve(text, (size_t)size + 1);

	if (!room || pread(fd, room, (size_t)size, 0) != size)
		err(1, "cannot read back what was written");
	text->len = (size_t)size;
}

static char *copy_word(const struct bench *bench, const char *word)
{
	if (strcmp(word, "PID") == 0)
		word = bench->pid;
	else if (strcmp(word, "NAME") == 0)
		word = bench->name;
	else if (strcmp(word, "NEW") == 0)
		word = bench->new_file;
	else if (strcmp(word, "CHANGING") == 0)
		word = bench->changing;
	else if (strcmp(word, "TAPE") == 0)
		word = bench->tape;
	else if (strcmp(word, "STORY") == 0)
		word = bench->story;
	return strdup(word);
}

static _Noreturn void be_vmview(const struct bench *bench, const char *words)
{
	/* Static, so that it is not taken for a leak. */
	static char *argv[16], *copy;
	char *next = NULL;
	int argc = 0, status;

	argv[argc++] = strdup("vmview");
	copy = strdup(words);
	for (char *word = strtok_r(copy, " ", &next); word; word = strtok_r(NULL, " ", &next))
		argv[argc++] = copy_word(bench, word);
	/* Whatever hangs is ended; nothing here takes a second. */
	alarm(120);
	fault_meanwhile(bench->meanwhile);
	fault_arm(bench->fault);
	status = bench->play ? bench->play() : __real_main(argc, argv);
	fault_arm(NULL);
	exit(status);
}

struct outcome bench_run(const struct bench *bench, const char *words, struct fault fault,
			 void (*prepare)(void))
{
	struct outcome outcome = { 0 };
	pid_t pid;

	*bench->fault = fault;
	unlink(bench->new_file);
	empty(bench->out);
	empty(bench->err);
	/* What is not written yet would be written by both. */
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		dup2(bench->out, STDOUT_FILENO);
		dup2(bench->err, STDERR_FILENO);
		if (prepare)
			prepare();
		be_vmview(bench, words);
	}
	if (waitpid(pid, &outcome.status, 0) != pid)
		err(1, "waitpid");
	outcome.struck = bench->fault->struck;
	read_back(bench->out, &outcome.out);
	read_back(bench->err, &outcome.err);
	return outcome;
}
