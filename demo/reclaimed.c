#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PAGES 32
/* How often to ask: pages that were just used on another processor are not seen at once. */
#define TRIES 100

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* From linux/magic.h: file systems that are memory. */
#define TMPFS 0x01021994
#define RAMFS 0x858458f6

struct mapped {
	size_t page, size;
	char *pages;
	int fd;
	const char *path;
};

static void undo(void *data)
{
	struct mapped *m = data;

	if (m->pages)
		munmap(m->pages, m->size);
	if (m->fd != -1)
		close(m->fd);
	m->pages = NULL;
	m->fd = -1;
}

/* Pages in memory, as pagemap tells it: bit 63 of a page's entry. */
static size_t count_present(const struct mapped *m)
{
	uint64_t entries[PAGES];
	off_t offset = (off_t)((uintptr_t)m->pages / m->page * sizeof(entries[0]));
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t count = 0;

	if (fd == -1)
		return PAGES;
	if (pread(fd, entries, sizeof(entries), offset) == (ssize_t)sizeof(entries)) {
		for (size_t i = 0; i < PAGES; i++)
			count += (size_t)(entries[i] >> 63);
	}
	close(fd);
	return count;
}

static long count_major_faults(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_majflt : 0;
}

static bool has_swap(void)
{
	struct sysinfo info;

	return sysinfo(&info) == 0 && info.totalswap > 0;
}

/* Nothing is checked of the copied page once it could have gone to swap. */
static int show(struct demo_stage *stage, const struct mapped *m, const char *call,
		const char *result, const char *look, struct demo_range rss,
		struct demo_range copied)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = m->pages,
		.look = look,
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = m->size,
			    .rss = rss,
			    .copied = copied },
	};

	return demo_step(stage, &step);
}

static int make_file(struct demo_stage *stage, struct mapped *m)
{
	struct statfs info;
	const char *call;
	int r;

	m->fd = demo_file(stage, "reclaimed", m->size, "text in a file\n", &m->path);
	if (m->fd == -1)
		return -ECANCELED;
	call = demo_text(stage, "int fd = open(\"%s\", O_RDWR);\nfsync(fd);", m->path);
	if (fstatfs(m->fd, &info) == -1)
		return demo_give_up(stage, call);
	if (info.f_type == TMPFS || (unsigned long)info.f_type == RAMFS) {
		r = demo_skip(stage, call,
			      "the temporary folder is itself in memory (tmpfs); set TMPDIR to a\n"
			      "folder on a disk, for example TMPDIR=/var/tmp");
		return r ? r : -ECANCELED;
	}
	if (fsync(m->fd) == -1)
		return demo_give_up(stage, call);
	return demo_fact(
		stage, call, true,
		demo_text(stage,
			  "%zuK are on the disk. A page of a file that has not changed since it\n"
			  "was read or written is clean: memory and disk have the same.",
			  m->size / 1024));
}

static int map(struct demo_stage *stage, struct mapped *m)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE, fd, 0);\n"
				     "for (i = 0; i < %zu; i += %zu)\n"
				     "        sum += p[i];",
				     m->size, m->size, m->page);
	char *p = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, m->fd, 0);
	volatile int sum = 0;

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	m->pages = p;
	for (size_t i = 0; i < m->size; i += m->page)
		sum = sum + *(volatile char *)(p + i);
	return show(stage, m, call, NULL,
		    "All pages were read: RSS is as large as SIZE. They are the file's pages\n"
		    "in memory (the page cache), and DIRTY is 0, for all of them are clean.",
		    DEMO_EXACTLY(m->size), DEMO_EXACTLY(0));
}

/* -1: the call failed. Otherwise how many pages are left. */
static long page_out(const struct mapped *m, size_t wanted)
{
	size_t left = PAGES;

	for (int i = 0; i < TRIES && left > wanted; i++) {
		if (madvise(m->pages, m->size, MADV_PAGEOUT) == -1)
			return -1;
		left = count_present(m);
	}
	return (long)left;
}

static int drop_clean(struct demo_stage *stage, struct mapped *m)
{
	const char *call = demo_text(stage, "madvise(p, %zu, MADV_PAGEOUT);", m->size);
	long left = page_out(m, 0);
	int r = 0;

	if (left == -1 && errno != EINVAL)
		return demo_give_up(stage, call);
	if (left == -1)
		r = demo_skip(stage, call, "MADV_PAGEOUT needs Linux 5.4 or newer");
	else if (left == PAGES)
		r = demo_skip(stage, call,
			      "nothing has gone: some file systems and kernels keep such pages");
	if (left == -1 || left == PAGES)
		return r ? r : -ECANCELED;
	return show(stage, m, call, demo_text(stage, "0; %ld of %d pages are left", left, PAGES),
		    "The clean pages just went: RSS has fallen, and SWAP stays 0. Nothing had\n"
		    "to be written anywhere, for the file has it all. This is the first\n"
		    "thing that the kernel does when memory is short; it needs no swap.",
		    DEMO_EXACTLY((size_t)left * m->page), DEMO_EXACTLY(0));
}

static int read_again(struct demo_stage *stage, struct mapped *m)
{
	const char *call = "char c = p[0];";
	long before = count_major_faults();
	char c = *(volatile char *)m->pages;
	long major = count_major_faults() - before;

	if (c != 't')
		return demo_fact(stage, call, false, "it is not what is in the file");
	return show(stage, m, call, demo_text(stage, "c is 't', major page faults: %ld", major),
		    "One access, and the page is back, read from the file again (a major\n"
		    "page fault waits for the disk). Its neighbours may have come along, for\n"
		    "the kernel reads ahead.",
		    DEMO_BETWEEN(m->page, m->size), DEMO_EXACTLY(0));
}

static int change_one(struct demo_stage *stage, struct mapped *m)
{
	m->pages[0] = 'T';
	return show(stage, m, "p[0] = 'T';", "written to a copy; the file is not changed",
		    demo_text(stage,
			      "DIRTY is %zuK and so is COPY (F2): copy-on-write has made one page\n"
			      "anonymous. The file does not have its content.",
			      m->page / 1024),
		    DEMO_BETWEEN(m->page, m->size), DEMO_EXACTLY(m->page));
}

static int keep_changed(struct demo_stage *stage, struct mapped *m)
{
	const char *call = demo_text(stage, "madvise(p, %zu, MADV_PAGEOUT);", m->size);
	struct demo_range any = { 0 };
	bool swap = has_swap();
	long left = page_out(m, swap ? 0 : 1);
	int r;

	if (left == -1)
		return demo_give_up(stage, call);
	r = show(
		stage, m, call, demo_text(stage, "0; %ld of %d pages are left", left, PAGES),
		swap ? "The changed page can only go to swap, which this machine has: see SWAP\n"
		       "(F2). The clean ones just went." :
		       "All but the changed page can go. That one stays, as there is no swap, and\n"
		       "it would be lost: COPY is still one page.",
		DEMO_EXACTLY((size_t)left * m->page), swap ? any : DEMO_EXACTLY(m->page));
	return r ? r :
		   demo_fact(stage, "char c = p[0];", m->pages[0] == 'T',
			     demo_text(stage, "c is '%c': nothing was lost", m->pages[0]));
}

static int unmap(struct demo_stage *stage, struct mapped *m)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);", m->size),
		.result = "0",
		.address = m->pages,
		.look = "The row is marked - and goes, and the changed page is lost with it.",
		.expect = { .gone = true },
	};

	if (munmap(m->pages, m->size) == -1)
		return demo_give_up(stage, step.call);
	m->pages = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct mapped * m) = {
		make_file, map, drop_clean, read_again, change_one, keep_changed, unmap,
	};
	size_t page = demo_page_size();
	struct mapped m = { .page = page, .size = PAGES * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_reclaimed = {
	.name = "reclaimed",
	.title = "A file's pages leave: MADV_PAGEOUT on a mapped file",
	.teaches = "Clean pages of a file can leave memory at any time: the file has them.\n"
		   "They come back from it at the next access. Copied pages are anonymous\n"
		   "and need swap to leave.",
	.run = run,
};
