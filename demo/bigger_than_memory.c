#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define GIB (UINT64_C(1) << 30)
/* How many places are touched. */
#define PLACES 64

struct giant {
	size_t page, size, step; /* @step: from one place to the next */
	uint64_t memory;         /* what the machine has */
	const char *path;
	int fd;
	char *file, *anonymous;
};

static void undo(void *data)
{
	struct giant *g = data;

	if (g->file)
		munmap(g->file, g->size);
	if (g->anonymous)
		munmap(g->anonymous, g->size);
	if (g->fd != -1)
		close(g->fd);
	g->file = g->anonymous = NULL;
	g->fd = -1;
}

/* Four times the memory, in whole GiB. False: more than this process has addresses for. */
static bool choose_size(struct giant *g)
{
	uint64_t size;

	g->memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * g->page;
	size = (g->memory / GIB + 1) * 4 * GIB;
	if (size > SIZE_MAX / 4)
		return false;
	g->size = (size_t)size;
	g->step = g->size / PLACES;
	return true;
}

static int tell_memory(struct demo_stage *stage, struct giant *g)
{
	const char *call = "sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE)";
	int r;

	if (!choose_size(g)) {
		r = demo_skip(stage, call,
			      "a 32-bit process has fewer addresses than this machine has memory");
		return r ? r : -ECANCELED;
	}
	return demo_fact(
		stage, call, true,
		demo_text(stage,
			  "%.1f GiB of physical memory. What follows maps %zu GiB, more than\n"
			  "four times as much.",
			  (double)g->memory / (double)GIB, g->size >> 30));
}

/* The signal for a file beyond the limit would end the program: look before. */
static bool file_too_large(const struct giant *g)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	       limit.rlim_cur < g->size;
}

static int make_file(struct demo_stage *stage, struct giant *g)
{
	struct stat info;
	const char *call;

	g->fd = demo_file(stage, "sparse", 0, "", &g->path);
	if (g->fd == -1)
		return -ECANCELED;
	call = demo_text(stage, "int fd = open(\"%s\", O_RDWR);\nftruncate(fd, %zu);", g->path,
			 g->size);
	if (file_too_large(g) || ftruncate(g->fd, (off_t)g->size) == -1) {
		close(g->fd);
		g->fd = -1;
		return demo_skip(
			stage, call,
			"files here cannot be that large (RLIMIT_FSIZE, or a limit of the file\n"
			"system); another folder in TMPDIR may help");
	}
	if (fstat(g->fd, &info) == -1)
		return demo_give_up(stage, call);
	return demo_fact(
		stage, call, (uint64_t)info.st_size == g->size,
		demo_text(stage,
			  "a file of %zu GiB that takes %lluK on disk: a sparse file is a hole,\n"
			  "and holes read as zeros",
			  g->size >> 30, (unsigned long long)info.st_blocks / 2));
}

static struct demo_expect expect_file(const struct giant *g)
{
	return (struct demo_expect){
		.kind = VM_KIND_MAPPED_FILE,
		.backing = VM_BACKING_FILE,
		.sharing = VM_SHARING_SHARED,
		.perms = "r--s",
		.size = g->size,
		.rss = DEMO_EXACTLY(0),
	};
}

static int map_file(struct demo_stage *stage, struct giant *g)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ,\n"
				     "               MAP_SHARED, fd, 0);",
				     g->size);
	struct demo_step step = { .call = call, .expect = expect_file(g) };
	char *p;

	if (g->fd == -1)
		return demo_skip(stage, call, "there is no such file, see above");
	p = mmap(NULL, g->size, PROT_READ, MAP_SHARED, g->fd, 0);
	if (p == MAP_FAILED && errno == ENOMEM)
		return demo_skip(stage, call, "ENOMEM: RLIMIT_AS (ulimit -v) limits addresses");
	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	g->file = p;
	step.address = p;
	/* Else the kernel reads ahead, and a fault maps whatever is in memory around it. */
	madvise(p, g->size, MADV_RANDOM);
	step.look =
		demo_text(stage,
			  "SIZE is %zuG, more than the machine has memory, and RSS is 0. VIRT in\n"
			  "the header has jumped; RSS there has not. Addresses cost nothing: a\n"
			  "64-bit process has far more of them than there is memory.",
			  g->size >> 30);
	return demo_step(stage, &step);
}

static int walk_file(struct demo_stage *stage, struct giant *g)
{
	const volatile char *p = g->file;
	struct demo_step step = { .address = g->file, .expect = expect_file(g) };
	int sum = 0;

	step.call = demo_text(stage,
			      "for (i = 0; i < %d; i++)\n"
			      "        sum += p[i * %zu];",
			      PLACES, g->step);
	if (!g->file)
		return demo_skip(stage, step.call, "there is no such mapping, see above");
	for (size_t i = 0; i < PLACES; i++)
		sum += p[i * g->step];
	if (sum != 0)
		return demo_fact(stage, step.call, false, "a hole does not read as zeros");
	step.result = "sum is 0";
	step.look = demo_text(stage,
			      "One byte in each of %d places all over the file was read: so many\n"
			      "pages came into memory, RSS is %zuK. The rest is only addresses. A\n"
			      "program can work on a file larger than memory as on an array.",
			      PLACES, PLACES * g->page / 1024);
	/* File systems may keep the file in larger blocks, and then more comes in at once. */
	step.expect.rss = DEMO_BETWEEN(PLACES * g->page, PLACES * g->page * 16);
	return demo_step(stage, &step);
}

static int unmap_file(struct demo_stage *stage, struct giant *g)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);", g->size),
		.result = "0",
		.address = g->file,
		.look = "The row is marked - and goes, and VIRT is what it was.",
		.expect = { .gone = true },
	};

	if (!g->file)
		return 0;
	if (munmap(g->file, g->size) == -1)
		return demo_give_up(stage, step.call);
	g->file = NULL;
	return demo_step(stage, &step);
}

/* -1: not known. */
static int overcommit_mode(void)
{
	FILE *file = fopen("/proc/sys/vm/overcommit_memory", "re");
	int mode = -1;

	if (!file)
		return -1;
	mode = getc(file) - '0';
	fclose(file);
	return mode;
}

static int map_promised(struct demo_stage *stage, struct giant *g)
{
	const char *call = demo_text(stage,
				     "char *q = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     g->size);
	char *q = mmap(NULL, g->size, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
	int mode = overcommit_mode();

	if (q == MAP_FAILED)
		return demo_fact(
			stage, call, errno == ENOMEM,
			demo_text(
				stage,
				"%s: memory that can be written to is a\n"
				"promise, and the kernel does not promise what it obviously has not\n"
				"got (vm.overcommit_memory is %d).",
				demo_errno(stage, errno), mode));
	munmap(q, g->size);
	return demo_fact(
		stage, call, true,
		demo_text(stage,
			  "%p, and unmapped again. This machine promises more than it has\n"
			  "(vm.overcommit_memory is %d); at the usual 0 this is ENOMEM.",
			  (void *)q, mode));
}

static int show_anonymous(struct demo_stage *stage, const struct giant *g, const char *call,
			  const char *result, const char *look, size_t rss)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = g->anonymous,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = g->size,
			    .rss = DEMO_EXACTLY(rss) },
	};

	return demo_step(stage, &step);
}

static int map_unpromised(struct demo_stage *stage, struct giant *g)
{
	const char *call =
		demo_text(stage,
			  "char *q = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
			  "               MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0);",
			  g->size);
	char *q = mmap(NULL, g->size, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_NORESERVE, -1, 0);
	int r;

	if (q == MAP_FAILED && errno == ENOMEM) {
		r = demo_skip(stage, call,
			      "ENOMEM: with vm.overcommit_memory 2, or a limit on addresses\n"
			      "(ulimit -v), not even MAP_NORESERVE gets more than there is");
		return r ? r : -ECANCELED;
	}
	if (q == MAP_FAILED)
		return demo_give_up(stage, call);
	g->anonymous = q;
	demo_set_apart(q, g->size);
	return show_anonymous(
		stage, g, call, NULL,
		"MAP_NORESERVE asks for addresses without a promise. SIZE is huge, RSS\n"
		"is 0. Who then writes to more than there is will be killed for it.\n"
		"Garbage collectors and sanitizers take room to grow this way.",
		0);
}

static int walk_anonymous(struct demo_stage *stage, struct giant *g)
{
	volatile char *q = g->anonymous;
	int sum = 0, r;

	for (size_t i = 0; i < PLACES; i++)
		sum += q[i * g->step];
	r = show_anonymous(
		stage, g,
		demo_text(stage, "for (i = 0; i < %d; i++)\n        sum += q[i * %zu];", PLACES,
			  g->step),
		demo_text(stage, "sum is %d", sum),
		"Reading brings nothing: every one of these pages is the zero page, which\n"
		"counts as nobody's. RSS stays 0.",
		0);
	if (r)
		return r;
	for (size_t i = 0; i < PLACES; i++)
		q[i * g->step] = 'x';
	return show_anonymous(
		stage, g,
		demo_text(stage, "for (i = 0; i < %d; i++)\n        q[i * %zu] = 'x';", PLACES,
			  g->step),
		demo_text(stage, "%d bytes written", PLACES),
		demo_text(stage,
			  "Each byte took a page: RSS is %zuK. Address space is used as a\n"
			  "table that is mostly empty, and only what is filled takes memory.",
			  PLACES * g->page / 1024),
		PLACES * g->page);
}

static int unmap_anonymous(struct demo_stage *stage, struct giant *g)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(q, %zu);", g->size),
		.result = "0",
		.address = g->anonymous,
		.look = "The row is marked - and goes. The file is removed as well.",
		.expect = { .gone = true },
	};

	if (munmap(g->anonymous, g->size) == -1)
		return demo_give_up(stage, step.call);
	g->anonymous = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct giant * g) = {
		tell_memory,  make_file,      map_file,       walk_file,       unmap_file,
		map_promised, map_unpromised, walk_anonymous, unmap_anonymous,
	};
	struct giant g = { .page = demo_page_size(), .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &g);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &g);
	undo(&g);
	demo_undone(stage, &g);
	return r;
}

const struct demo_scene demo_scene_bigger_than_memory = {
	.name = "bigger-than-memory",
	.title = "Mappings that are larger than the machine's memory",
	.teaches = "Address space is not memory: a mapping may be larger than all memory.\n"
		   "A sparse file and MAP_NORESERVE show it: SIZE is huge, RSS is small.\n"
		   "Only what is touched is there.",
	.run = run,
};
