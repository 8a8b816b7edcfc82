/*
 * Processes that live fast: whoever looks at one never sees it twice the same.
 *
 *   restless again PID     children with this PID, each as soon as the one before it is gone
 *   restless exec          executes itself again and again
 *   restless stay          stays what it is
 *
 * says `ready PID` of what is to be looked at, and goes on until it is killed. Each life has a number, which its command
 * line and its mappings tell, `life-7`, and a name, odd or even. It maps, unmaps, protects, moves and forks without end,
 * or a few times before the next one.
 */
#include <err.h>
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CANNOT 77

/* Of an area that is mapped over and over, and how often in a life at most. */
#define PAGES 256
#define STEPS 40

static uint64_t draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void fork_for_a_moment(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* What fails has changed nothing: it does not matter. */
static void change(char *area, size_t page, uint64_t number)
{
	static const int protections[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE };
	size_t first = number / 8 % PAGES, count = 1 + number / 2048 % (PAGES - first);
	char *at = area + first * page;

	switch (number % 8) {
	case 0:
	case 1:
	case 2:
		mmap(at, count * page, protections[number / 64 % 3],
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	case 3:
	case 4:
		munmap(at, count * page);
		break;
	case 5:
	case 6:
		mprotect(at, count * page, protections[number / 64 % 3]);
		break;
	case 7:
		fork_for_a_moment();
		break;
	}
}

/* Three mappings with the life's number, apart from each other. */
static void map_name(const char *name, size_t page)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)page) < 0)
		err(CANNOT, "no memfd");
	for (int i = 0; i < 3; i++) {
		char *p = mmap(NULL, page * 4, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED ||
		    mmap(p, page, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
			err(1, "mmap");
	}
	close(fd);
}

static void live(unsigned long number, bool forever)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint64_t seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	char name[32], *area;

	snprintf(name, sizeof(name), "life-%lu", number);
	prctl(PR_SET_NAME, number % 2 ? "odd" : "even");
	map_name(name, page);
	area = mmap(NULL, PAGES * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		err(1, "mmap");
	for (uint64_t i = draw(&seed) % STEPS; forever || i < STEPS; i++)
		change(area, page, draw(&seed));
}

/* @how is what comes after that life: "end", "exec", or "stay" for nothing. */
static void begin_life(unsigned long number, const char *how)
{
	char name[32], digits[32];

	snprintf(name, sizeof(name), "life-%lu", number);
	snprintf(digits, sizeof(digits), "%lu", number);
	execl("/proc/self/exe", name, "life", digits, how, (char *)NULL);
	err(1, "exec");
}

static void go_on(unsigned long number, const char *how)
{
	live(number, strcmp(how, "stay") == 0);
	if (strcmp(how, "exec") == 0)
		begin_life(number + 1, how);
	_exit(0);
}

/* fork(2) with a PID that is free. */
static pid_t fork_as(pid_t pid)
{
	struct clone_args arguments = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};

	return (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
}

static void live_again(pid_t pid)
{
	for (unsigned long number = 1;; number++) {
		pid_t child = fork_as(pid);

		if (child < 0)
			err(CANNOT, "a PID cannot be chosen");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			begin_life(number, "end");
		}
		if (number == 1)
			printf("ready %d\n", (int)pid), fflush(stdout);
		waitpid(child, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (argc == 4 && strcmp(mode, "life") == 0)
		go_on(strtoul(argv[2], NULL, 10), argv[3]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (argc == 3 && strcmp(mode, "again") == 0)
		live_again((pid_t)strtol(argv[2], NULL, 10));
	if (argc != 2 || (strcmp(mode, "exec") != 0 && strcmp(mode, "stay") != 0))
		errx(2, "usage: restless again PID | exec | stay");
	printf("ready %d\n", (int)getpid()), fflush(stdout);
	begin_life(1, mode);
}
