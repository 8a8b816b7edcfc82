#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define PAGES 16
/* How often to ask: pages that were just used on another processor are not seen at once. */
#define TRIES 100

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

struct memory {
	size_t page, size, swapped; /* @swapped in pages */
	char *pages;
};

static void undo(void *data)
{
	struct memory *m = data;

	if (m->pages)
		munmap(m->pages, m->size);
	m->pages = NULL;
}

/* As pagemap tells it: bit 62 of a page's entry. */
static size_t count_swapped(const struct memory *m)
{
	uint64_t entries[PAGES];
	off_t offset = (off_t)((uintptr_t)m->pages / m->page * sizeof(entries[0]));
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t count = 0;

	if (fd == -1)
		return 0;
	if (pread(fd, entries, sizeof(entries), offset) == (ssize_t)sizeof(entries)) {
		for (size_t i = 0; i < PAGES; i++)
			count += entries[i] >> 62 & 1;
	}
	close(fd);
	return count;
}

static bool has_swap(void)
{
	struct sysinfo info;

	return sysinfo(&info) == 0 && info.totalswap > 0;
}

static int show(struct demo_stage *stage, const struct memory *m, const char *call,
		const char *result, const char *look)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = m->pages,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = m->size,
			    .rss = DEMO_EXACTLY(m->size - m->swapped * m->page),
			    .swap = DEMO_EXACTLY(m->swapped * m->page) },
	};

	return demo_step(stage, &step);
}

static int map(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "memset(p, 'x', %zu);",
				     m->size, m->size);
	int access = PROT_READ | PROT_WRITE;
	char *p = mmap(NULL, m->size, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	m->pages = p;
	demo_set_apart(p, m->size);
	memset(p, 'x', m->size);
	return show(
		stage, m, call, NULL,
		demo_text(stage,
			  "%d pages in memory: RSS is as large as SIZE, and SWAP (F2 shows that\n"
			  "column) is 0. No file has these bytes. If the kernel wants the memory\n"
			  "for something else, it must write them down first: to swap.",
			  PAGES));
}

static int page_out(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "madvise(p, %zu, MADV_PAGEOUT);", m->size);
	int r;

	for (int i = 0; i < TRIES && m->swapped < PAGES; i++) {
		if (madvise(m->pages, m->size, MADV_PAGEOUT) == -1) {
			if (errno != EINVAL)
				return demo_give_up(stage, call);
			r = demo_skip(stage, call, "MADV_PAGEOUT needs Linux 5.4 or newer");
			return r ? r : -ECANCELED;
		}
		m->swapped = count_swapped(m);
		if (!has_swap())
			break;
	}
	if (m->swapped == 0)
		return show(
			stage, m, call, "0",
			"The call asks the kernel to take these pages out of memory now. It did\n"
			"not fail, but nothing has gone: RSS is the same, SWAP is 0. There is no\n"
			"swap to write to, so anonymous memory has to stay where it is.");
	return show(stage, m, call,
		    demo_text(stage, "0; %zu of %d pages are in swap", m->swapped, PAGES),
		    "The pages have been written to swap: what RSS has lost, SWAP (F2) has won.\n"
		    "SIZE and content are the same; the program has not noticed anything. The\n"
		    "kernel does this by itself when memory is short.");
}

static int touch(struct demo_stage *stage, struct memory *m)
{
	const char *call = "char c = p[0];";
	const char *reason =
		has_swap() ?
			"none of the pages went to swap: is it full, or not allowed by a control\n"
			"group (memory.swap.max)?" :
			"this machine has no swap. As root, with a file of 64M:\n"
			"mkswap /swapfile && swapon /swapfile";
	char c;

	if (m->swapped == 0)
		return demo_skip(stage, call, reason);
	c = m->pages[0];
	if (c != 'x')
		return demo_fact(stage, call, false, "it is not what was written");
	/* Others may have come along, or not: that is the kernel's choice. */
	m->swapped = count_swapped(m);
	return show(stage, m, call, "c is 'x'",
		    "One access, and a page is back: a major page fault, which waits for the\n"
		    "disk. RSS has grown, SWAP has shrunk, and the content is what it was.");
}

static int unmap(struct demo_stage *stage, struct memory *m)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);", m->size),
		.result = "0",
		.address = m->pages,
		.look = "The row is marked - and goes; what was in swap is free again, too.",
		.expect = { .gone = true },
	};

	if (munmap(m->pages, m->size) == -1)
		return demo_give_up(stage, step.call);
	m->pages = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct memory * m) = {
		map,
		page_out,
		touch,
		unmap,
	};
	size_t page = demo_page_size();
	struct memory m = { .page = page, .size = PAGES * page };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_swapped = {
	.name = "swapped",
	.title = "Anonymous memory leaves: MADV_PAGEOUT and swap",
	.teaches = "Anonymous pages can leave memory only by being written to swap.\n"
		   "They come back at the next access, and the program does not notice.\n"
		   "Without swap they stay.",
	.run = run,
};
