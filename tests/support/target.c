/*
 * A process in a known state, to be looked at.
 *
 *   target MODE [ARGUMENT]
 *
 * makes the state, writes the line `ready NUMBER` (the PID or TID to look at) and stops itself with
 * SIGSTOP. It dies with the process that started it. 77: the kernel here cannot make that state.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#define CANNOT 77

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Says so and stops. Nothing of the process changes from here on. */
static void settle(int number)
{
	char line[32];
	int len = snprintf(line, sizeof(line), "ready %d\n", number);

	if (write(STDOUT_FILENO, line, (size_t)len) != len)
		err(1, "cannot say that all is ready");
	raise(SIGSTOP);
}

/* Mappings */

static char *map(size_t pages, int protection, int flags, int fd, off_t offset)
{
	void *p = mmap(NULL, pages * page_size(), protection, flags, fd, offset);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void touch(char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		((volatile char *)p)[i * page_size()] = 1;
}

static void look_at(const char *p, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		(void)((const volatile char *)p)[i * page_size()];
}

static void fill(int fd, size_t pages)
{
	char *block = calloc(1, page_size());

	if (!block)
		err(1, "calloc");
	memset(block, 'v', page_size());
	for (size_t i = 0; i < pages; i++) {
		if (write(fd, block, page_size()) != (ssize_t)page_size())
			err(1, "write");
	}
	free(block);
}

static int make_file(const char *path, size_t pages)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		err(1, "%s", path);
	fill(fd, pages);
	return fd;
}

static void enter(const char *folder)
{
	if (!folder || chdir(folder) < 0)
		err(1, "a folder is needed: %s", folder ? folder : "none given");
}

/* Modes */

static void make_plain(const char *argument)
{
	(void)argument;
}

static void map_anonymous(void)
{
	const int private = MAP_PRIVATE | MAP_ANONYMOUS, shared = MAP_SHARED | MAP_ANONYMOUS;
	char *p;

	touch(map(5, PROT_READ | PROT_WRITE, private, -1, 0), 3);
	touch(map(6, PROT_READ | PROT_WRITE, shared, -1, 0), 2);
	map(7, PROT_NONE, private | MAP_NORESERVE, -1, 0);
	touch(map(2, PROT_READ | PROT_WRITE | PROT_EXEC, private, -1, 0), 1);
	p = map(4, PROT_READ | PROT_WRITE, private, -1, 0);
	touch(p, 4);
	/* A limit of 0 is none of this program's business. */
	(void)mlock(p, page_size());
	p = mmap(NULL, 1 << 21, PROT_READ | PROT_WRITE, private | MAP_HUGETLB, -1, 0);
	if (p != MAP_FAILED)
		touch(p, 1);
}

static void map_zero(void)
{
	int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	touch(map(3, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), 1);
	touch(map(3, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 1);
	close(fd);
}

static void map_files(void)
{
	int fd = make_file("data.bin", 8);
	char *p = map(8, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	look_at(p, 4);
	touch(p, 2);
	p = map(4, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 2 * (off_t)page_size());
	look_at(p, 4);
	touch(p, 1);
	look_at(map(1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0), 1);
	close(fd);

	fd = make_file("gone.bin", 2);
	touch(map(2, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 1);
	close(fd);
	unlink("gone.bin");

	fd = make_file("x (deleted)", 2);
	look_at(map(2, PROT_READ, MAP_SHARED, fd, 0), 2);
	close(fd);
}

/* System V, POSIX and memfd. Whoever started this removes /dev/shm/vmview-target.PID. */
static void map_shared_memory(void)
{
	char name[64];
	int id = shmget(IPC_PRIVATE, 3 * page_size(), IPC_CREAT | 0600);
	int fd;

	if (id >= 0) {
		char *p = shmat(id, NULL, 0);

		shmctl(id, IPC_RMID, NULL);
		if (p == (void *)-1)
			err(1, "shmat");
		touch(p, 2);
	}
	snprintf(name, sizeof(name), "/dev/shm/vmview-target.%d", (int)getpid());
	fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		fill(fd, 2);
		touch(map(2, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 1);
		close(fd);
	}
	fd = memfd_create("a memfd", MFD_CLOEXEC);
	if (fd >= 0) {
		fill(fd, 2);
		touch(map(2, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 2);
		close(fd);
	}
}

static void grow_heap(void)
{
	char *p = sbrk((intptr_t)(16 * page_size()));

	if (p == (void *)-1)
		err(1, "sbrk");
	/* The break need not be at a page's start. */
	touch(p + page_size(), 8);
}

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void start_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, wait_for_ever, NULL);
	if (errno)
		err(1, "pthread_create");
}

static void make_all(const char *folder)
{
	enter(folder);
	map_anonymous();
	map_zero();
	map_files();
	map_shared_memory();
	grow_heap();
	start_thread();
}

static void map_named(const char *name)
{
	int fd = make_file(name, 1);

	look_at(map(1, PROT_READ, MAP_SHARED, fd, 0), 1);
	close(fd);
}

/* What a name can hold. tests/differential/ has the same list, with what is to be printed for each. */
static void make_names(const char *folder)
{
	static const char *const names[] = {
		"a name with  blanks",
		"trailing blank ",
		"gr\303\274n \342\202\254 \360\237\230\200",
		"invalid \377\376 \303",
		"overlong \300\257 surrogate \355\240\200",
		"esc \033[31mred\033[0m",
		"title \033]0;owned\007",
		"bell \007 delete \177 tab \t",
		"c1 \302\23331m",
		"bidi \342\200\256txt.exe",
		"isolate \342\201\246x\342\201\251",
		"new\nline",
		"back\\slash \\012",
		"[heap]",
		"ends in [stack]",
		"x=1 y:z Rss: 5 kB",
	};

	enter(folder);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		map_named(names[i]);
}

static void make_long_name(const char *folder)
{
	char name[201];

	enter(folder);
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = (char)(i % 10 == 9 ? ' ' : 'a' + i / 10);
	name[sizeof(name) - 1] = '\0';
	map_named(name);
}

/* Seven folders of 200 bytes each, then the file. */
static void make_long_path(const char *folder)
{
	char name[201];

	enter(folder);
	for (int i = 0; i < 7; i++) {
		memset(name, 'a' + i, sizeof(name) - 1);
		name[sizeof(name) - 1] = '\0';
		if (mkdir(name, 0700) < 0 && errno != EEXIST)
			err(1, "mkdir");
		enter(name);
	}
	map_named("deep.dat");
}

static void make_anonymous_name(const char *name)
{
	char *p = map(4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, 4 * page_size(), name ? name : "a/b") < 0)
		err(CANNOT, "this kernel has no names for anonymous memory");
}

static void make_comm(const char *name)
{
	if (prctl(PR_SET_NAME, name ? name : "") < 0)
		err(1, "prctl");
}

static size_t parse_count(const char *argument)
{
	char *end;
	unsigned long n = strtoul(argument ? argument : "", &end, 10);

	if (!argument || !argument[0] || *end)
		errx(1, "a number is needed");
	return n;
}

/* Neighbours of different protection do not merge. */
static void split(char *p, size_t count)
{
	for (size_t i = 1; i < count; i += 2) {
		if (mprotect(p + i * page_size(), page_size(), PROT_READ) < 0)
			err(CANNOT, "mprotect number %zu (vm.max_map_count?)", i);
	}
}

static void make_many(const char *argument)
{
	size_t count = parse_count(argument);
	char *p = map(count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	touch(p, count < 1000 ? count : 1000);
	split(p, count);
}

/* As `many`, but with a name for the kernel to print on each line. */
static void make_many_files(const char *argument)
{
	size_t count = parse_count(argument);
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "/proc/self/exe");
	split(map(count, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0), count);
	close(fd);
}

/* Small pages: these cost the kernel most when it counts them. */
static void make_resident(const char *argument)
{
	size_t pages = parse_count(argument) * ((1 << 20) / page_size());

	for (int i = 0; i < 4; i++) {
		char *p =
			map(pages / 4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		(void)madvise(p, pages / 4 * page_size(), MADV_NOHUGEPAGE);
		touch(p, pages / 4);
	}
}

static void make_nondumpable(const char *argument)
{
	(void)argument;
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		err(1, "prctl");
}

/* States with another number than the process's own */

static void run_zombie(const char *name)
{
	siginfo_t info;
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		if (name)
			make_comm(name);
		_exit(0);
	}
	if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0)
		err(1, "waitid");
	settle(child);
}

static char state_of(pid_t pid)
{
	char path[40], text[512];
	const char *end;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		err(1, "%s", path);
	text[n] = '\0';
	end = strrchr(text, ')');
	return end && end[1] == ' ' ? end[2] : '\0';
}

static void *outlive_main_thread(void *unused)
{
	while (state_of(getpid()) != 'Z')
		sched_yield();
	settle((int)syscall(SYS_gettid));
	_exit(0);
	return unused;
}

static void run_thread_group(const char *argument)
{
	pthread_t thread;

	(void)argument;
	errno = pthread_create(&thread, NULL, outlive_main_thread, NULL);
	if (errno)
		err(1, "pthread_create");
	syscall(SYS_exit, 0);
}

/*
 * Command lines. The process executes itself with the arguments wanted; this variable of the environment
 * tells it what is left to do.
 */
#define STAGE "VMVIEW_TARGET_STAGE"

struct command {
	const char *name;
	const char *stage;
	const char *const *arguments;
};

static const char *const hostile_arguments[] = {
	"evil\033]0;owned\007",
	"\033[31mred",
	"c1\302\233m",
	"\177",
	"tab\t",
	"new\nline",
	"\r",
	NULL,
};
static const char *const utf8_arguments[] = {
	"gr\303\274n", "\342\202\254", "\360\237\230\200", "bidi\342\200\256cod", NULL,
};
static const char *const invalid_arguments[] = {
	"a\377b",           "\303",  "\303\050", "\342\202", "\300\257", "\355\240\200",
	"\365\200\200\200", "z\342", NULL,
};
static const char *const empty_arguments[] = { "target", "", "x", "", "", NULL };
static const char *const blank_arguments[] = { " ", " a ", "  ", NULL };
static const char *const no_arguments[] = { NULL };
static const char *const plain_arguments[] = { "target", "one", "two", NULL };

static const struct command commands[] = {
	{ "hostile", "settle", hostile_arguments }, { "utf8", "settle", utf8_arguments },
	{ "invalid", "settle", invalid_arguments }, { "empty", "settle", empty_arguments },
	{ "blank", "settle", blank_arguments },     { "none", "settle", no_arguments },
	{ "nul", "erase", plain_arguments },        { "title", "title", plain_arguments },
	{ "open", "open", plain_arguments },
};

static void execute(const char *stage, const char *const *arguments)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0 || setenv(STAGE, stage, 1) < 0)
		err(1, "cannot execute itself");
	path[n] = '\0';
	execv(path, (char *const *)(uintptr_t)arguments);
	err(1, "%s", path);
}

/* More than a page, and more than pmap reads. */
static void execute_long(void)
{
	static char argument[100000];
	const char *arguments[] = { argument, argument, argument, NULL };

	for (size_t i = 0; i < sizeof(argument) - 1; i++)
		argument[i] = (char)('a' + i % 26);
	execute("settle", arguments);
}

static void run_cmdline(const char *name)
{
	for (size_t i = 0; name && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(name, commands[i].name) == 0)
			execute(commands[i].stage, commands[i].arguments);
	}
	if (!name || strcmp(name, "long") != 0)
		errx(1, "no such command line");
	execute_long();
}

/* The arguments lie one behind the other in memory, the environment follows them. */
static int run_stage(const char *stage, int argc, char **argv)
{
	char *begin = argv[0], *end = argc ? argv[argc - 1] + strlen(argv[argc - 1]) + 1 : begin;

	if (strcmp(stage, "erase") == 0) {
		memset(begin, 0, (size_t)(end - begin));
	} else if (strcmp(stage, "title") == 0) {
		/* As setproctitle() does it where the title is short. */
		memset(begin, 0, (size_t)(end - begin));
		memcpy(begin, "my title", 8);
	} else if (strcmp(stage, "open") == 0) {
		/* As it does where it is long: the text runs on into the environment. */
		memset(begin, 'o', (size_t)(end - begin));
	}
	settle(getpid());
	return 0;
}

struct mode {
	const char *name;
	void (*make)(const char *argument); /* then settle, or */
	void (*run)(const char *argument);  /* this one does it */
};

static const struct mode modes[] = {
	{ "plain", make_plain, NULL },
	{ "all", make_all, NULL },
	{ "names", make_names, NULL },
	{ "long-name", make_long_name, NULL },
	{ "long-path", make_long_path, NULL },
	{ "anonymous-name", make_anonymous_name, NULL },
	{ "comm", make_comm, NULL },
	{ "many", make_many, NULL },
	{ "many-files", make_many_files, NULL },
	{ "resident", make_resident, NULL },
	{ "nondumpable", make_nondumpable, NULL },
	{ "cmdline", NULL, run_cmdline },
	{ "zombie", NULL, run_zombie },
	{ "thread-group", NULL, run_thread_group },
};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(name, modes[i].name) == 0)
			return &modes[i];
	}
	errx(2, "there is no mode '%s'", name);
}

int main(int argc, char **argv)
{
	const char *stage = getenv(STAGE);
	const struct mode *mode;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		err(1, "prctl");
	if (stage)
		return run_stage(stage, argc, argv);
	if (argc < 2)
		errx(2, "usage: target MODE [ARGUMENT]");
	mode = find_mode(argv[1]);
	if (mode->run) {
		mode->run(argv[2]);
		return 0;
	}
	mode->make(argv[2]);
	settle(getpid());
	return 0;
}
