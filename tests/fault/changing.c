#include "changing.h"

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NAME "a-mapping-that-comes-and-goes"

/* What is called while vmview waits has no parameters. */
static int orders[2], answers[2];

static _Noreturn void obey(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create(NAME, MFD_CLOEXEC);
	bool mapped = false;
	void *p = NULL;
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || ftruncate(fd, (off_t)page) < 0)
		err(1, "memfd");
	while (read(orders[0], &order, 1) == 1) {
		if (mapped)
			munmap(p, page);
		else
			p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);
		mapped = !mapped;
		if (p == MAP_FAILED || write(answers[1], &order, 1) != 1)
			break;
	}
	_exit(1);
}

pid_t changing_start(void)
{
	pid_t pid;

	if (pipe2(orders, O_CLOEXEC) < 0 || pipe2(answers, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		err(1, "cannot start what changes");
	if (pid == 0) {
		close(orders[1]);
		close(answers[0]);
		obey();
	}
	close(orders[0]);
	close(answers[1]);
	/* Whatever happens at a first time only has happened. */
	changing_change();
	changing_change();
	return pid;
}

void changing_change(void)
{
	char order = '!';

	if (write(orders[1], &order, 1) != 1 || read(answers[0], &order, 1) != 1)
		errx(1, "what changes has gone");
}
