#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGES 1024
#define CHUNK 16384
#define LINE "count the lines of this file ..."

struct count {
	size_t page, size;
	const char *path;
	int fd;
	const char *text; /* the file, mapped */
};

/* What a job found and what it took. */
struct job {
	size_t lines;
	long calls;  /* system calls, of the job itself */
	long faults; /* page faults */
};

static int give_up(struct demo_stage *stage, const char *call, const char *why)
{
	int r = demo_fact(stage, call, false, why);

	return r ? r : -ECANCELED;
}

static void unmap_text(struct count *c)
{
	if (c->text)
		munmap((void *)(uintptr_t)c->text, c->size);
	c->text = NULL;
}

static void undo(void *data)
{
	struct count *c = data;

	unmap_text(c);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static long page_faults(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt + usage.ru_majflt : 0;
}

static size_t count_lines(const char *text, size_t size)
{
	size_t lines = 0;

	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	return lines;
}

/* False: errno says why. */
static bool count_by_read(int fd, struct job *job)
{
	char chunk[CHUNK];
	ssize_t n;

	*job = (struct job){ .calls = 1, .faults = -page_faults() };
	if (lseek(fd, 0, SEEK_SET) < 0)
		return false;
	do {
		n = read(fd, chunk, sizeof(chunk));
		job->calls++;
		job->lines += count_lines(chunk, n > 0 ? (size_t)n : 0);
	} while (n > 0);
	job->faults += page_faults();
	return n == 0;
}

static void count_by_mapping(const struct count *c, struct job *job)
{
	*job = (struct job){ .faults = -page_faults() };
	job->lines = count_lines(c->text, c->size);
	job->faults += page_faults();
}

static size_t expected_lines(const struct count *c)
{
	return c->size / sizeof(LINE);
}

static int by_read(struct demo_stage *stage, struct count *c)
{
	const char *call = demo_text(stage,
				     "lseek(fd, 0, SEEK_SET);\n"
				     "while ((n = read(fd, chunk, %d)) > 0)\n"
				     "        for (i = 0; i < n; i++)\n"
				     "                lines += chunk[i] == '\\n';",
				     CHUNK);
	struct job job;

	c->fd = demo_file(stage, "lines.txt", c->size, LINE, &c->path);
	if (c->fd < 0)
		return -ECANCELED;
	/* What has just been written counts as dirty wherever it is mapped, until it is on the disk. */
	fsync(c->fd);
	demo_say(stage, demo_text(stage, "Count the lines of a file of %zuM, first with read(2).",
				  c->size >> 20));
	if (!count_by_read(c->fd, &job))
		return give_up(stage, call, demo_errno(stage, errno));
	return demo_fact(
		stage, call, job.lines == expected_lines(c),
		demo_text(stage,
			  "%zu lines, %ld system calls, %ld page faults.\n"
			  "Each read copied %d bytes from the kernel's page cache to chunk.\n"
			  "vmview has nothing new to show: chunk is on the stack.",
			  job.lines, job.calls, job.faults, CHUNK));
}

static struct demo_expect expect_text(const struct count *c, struct demo_range rss)
{
	return (struct demo_expect){
		.kind = VM_KIND_MAPPED_FILE,
		.backing = VM_BACKING_FILE,
		.sharing = VM_SHARING_PRIVATE,
		.perms = "r--p",
		.size = c->size,
		.rss = rss,
		.copied = DEMO_EXACTLY(0),
	};
}

static int map(struct demo_stage *stage, struct count *c)
{
	struct demo_step step = {
		.call = demo_text(stage,
				  "const char *text = mmap(NULL, %zu, PROT_READ,\n"
				  "                        MAP_PRIVATE, fd, 0);",
				  c->size),
		.look = demo_text(
			stage,
			"Now the file as an array: a new row of SIZE %zuM, r--p, the letter f\n"
			"in T. One system call, and RSS is 0: not a byte has been read.",
			c->size >> 20),
		.expect = expect_text(c, DEMO_EXACTLY(0)),
	};
	void *text = mmap(NULL, c->size, PROT_READ, MAP_PRIVATE, c->fd, 0);

	if (text == MAP_FAILED)
		return give_up(stage, step.call, demo_errno(stage, errno));
	c->text = text;
	step.address = text;
	return demo_step(stage, &step);
}

static int pick(struct demo_stage *stage, struct count *c)
{
	size_t middle = c->size / 2, last = c->size - 1;
	struct demo_step step = {
		.call = demo_text(stage, "a = text[0];\nb = text[%zu];\nc = text[%zu];", middle,
				  last),
		.result = demo_text(stage, "'%c', '%c' and '%c'", c->text[0], c->text[middle],
				    c->text[last]),
		.address = c->text,
		.look = demo_text(
			stage,
			"Any element at once, without lseek and read. RSS is %zuK or somewhat\n"
			"more: the three pages, and neighbours that were in the page cache and\n"
			"are mapped along with them (mostly up to 64K). IN is nearly empty.",
			3 * c->page / 1024),
		/* With huge pages in the page cache it may be all of them. */
		.expect = expect_text(c, DEMO_BETWEEN(3 * c->page, c->size)),
	};

	return demo_step(stage, &step);
}

static int by_mapping(struct demo_stage *stage, struct count *c)
{
	const char *call = demo_text(stage,
				     "for (i = 0; i < %zu; i++)\n"
				     "        lines += text[i] == '\\n';",
				     c->size);
	struct job job;
	struct demo_step step = {
		.call = call,
		.address = c->text,
		.look = demo_text(
			stage,
			"RSS is %zuM, the same as SIZE, and IN is full: the loop came by every\n"
			"page. Nothing is copied: these are the page cache's own pages,\n"
			"and the kernel may take them back at any time.",
			c->size >> 20),
		.expect = expect_text(c, DEMO_EXACTLY(c->size)),
	};

	count_by_mapping(c, &job);
	if (job.lines != expected_lines(c) || job.faults < 1)
		return give_up(
			stage, call,
			demo_text(stage, "%zu lines, %ld page faults", job.lines, job.faults));
	step.result = demo_text(
		stage, "%zu lines as before, %ld system calls, %ld page faults for %zu pages",
		job.lines, job.calls, job.faults, c->size / c->page);
	return demo_step(stage, &step);
}

static int again(struct demo_stage *stage, struct count *c)
{
	struct job reading, mapped;
	bool read_all = count_by_read(c->fd, &reading);

	count_by_mapping(c, &mapped);
	return demo_fact(
		stage, "/* both once more */",
		read_all && reading.lines == mapped.lines && mapped.calls == 0,
		demo_text(stage,
			  "                system calls   page faults\n"
			  "  read(2)       %12ld  %12ld\n"
			  "  the mapping   %12ld  %12ld\n"
			  "read(2) has to call and to copy again. The mapping is there: as long\n"
			  "as its pages are in memory, it costs no more than any other array.",
			  reading.calls, reading.faults, mapped.calls, mapped.faults));
}

static int unmap(struct demo_stage *stage, struct count *c)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap((void *)text, %zu);", c->size),
		.result = "0",
		.address = c->text,
		.look = "The row goes (-). The file's pages stay in the page cache, which\n"
			"belongs to the kernel, until the memory is needed for something else.",
		.expect = { .gone = true },
	};

	unmap_text(c);
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct count * c) = {
		by_read, map, pick, by_mapping, again, unmap,
	};
	size_t page = demo_page_size();
	struct count c = { .page = page, .size = PAGES * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &c);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &c);
	undo(&c);
	demo_undone(stage, &c);
	return r;
}

const struct demo_scene demo_scene_read_like_an_array = {
	.name = "read-like-an-array",
	.title = "A file read like an array, and with read(2)",
	.teaches = "A mapped file is processed with a loop over an array: one system call, no\n"
		   "buffer, no copy. It costs page faults instead, one for several pages, and\n"
		   "only where the array is touched.",
	.run = run,
};
