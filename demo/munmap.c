#include "scene.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

/*
 * The lesson cuts this many pages into two of 2 pages:
 *	0 1 2 3 4 5 6 7
 *	xxx     xxx
 */
#define PAGES 8

struct memory {
	size_t page;
	char *left, *right; /* what is left of it */
	size_t left_size, right_size;
};

/* Piece by piece: somebody else may have got the room in between. */
static void undo(void *data)
{
	struct memory *m = data;

	if (m->left)
		munmap(m->left, m->left_size);
	if (m->right)
		munmap(m->right, m->right_size);
	m->left = m->right = NULL;
}

static int show(struct demo_stage *stage, const char *call, const char *result, const char *address,
		const char *look, size_t size, size_t rss)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = address,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = size,
			    .rss = DEMO_EXACTLY(rss) },
	};

	return demo_step(stage, &step);
}

/* Pages after MADV_FREE: the kernel takes them when it likes, except the @dirty ones. */
static int show_lazy(struct demo_stage *stage, const struct memory *m, const char *call,
		     const char *result, const char *look, size_t dirty)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = m->right,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = m->right_size,
			    .rss = DEMO_BETWEEN(dirty, m->right_size),
			    .private_dirty = DEMO_EXACTLY(dirty) },
	};

	return demo_step(stage, &step);
}

static int read_byte(void *address)
{
	return *(volatile char *)address;
}

static int nothing_there(struct demo_stage *stage, const char *call, char *address)
{
	struct demo_fault fault = { 0 };

	if (!demo_try(stage, read_byte, address, &fault))
		return demo_give_up(stage, call);
	return demo_fact(
		stage, call, fault.signal == SIGSEGV && fault.code == SEGV_MAPERR,
		demo_text(stage, "in a child process: %s",
			  fault.signal ? demo_fault_text(stage, &fault) : "the access worked"));
}

static int map(struct demo_stage *stage, struct memory *m)
{
	size_t size = PAGES * m->page;
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "memset(p, 'x', %zu);",
				     size, size);
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	m->left = p;
	m->left_size = size;
	demo_set_apart(p, size);
	memset(p, 'x', size);
	return show(stage, call, NULL, p,
		    "Eight pages, all of them in memory: RSS is as large as SIZE.", size, size);
}

static int unmap_end(struct demo_stage *stage, struct memory *m)
{
	size_t size = 2 * m->page;
	const char *call = demo_text(stage, "munmap(p + %zu, %zu);", 6 * m->page, size);

	if (munmap(m->left + 6 * m->page, size) == -1)
		return demo_give_up(stage, call);
	m->left_size = 6 * m->page;
	return show(
		stage, call, "0", m->left,
		demo_text(stage,
			  "munmap takes any pages, not only what one mmap returned. The last two\n"
			  "are gone: mark v, \"shrunk\". SIZE and RSS are %zuK: addresses and\n"
			  "memory are both given back at once.",
			  m->left_size / 1024),
		m->left_size, m->left_size);
}

static int unmap_middle(struct demo_stage *stage, struct memory *m)
{
	size_t size = 2 * m->page;
	char *hole = m->left + size;
	const char *call = demo_text(stage, "munmap(p + %zu, %zu);", size, size);
	int r;

	if (munmap(hole, size) == -1)
		return demo_give_up(stage, call);
	m->left_size = m->right_size = size;
	m->right = m->left + 4 * m->page;
	r = nothing_there(stage, demo_text(stage, "%s\nchar c = p[%zu];", call, size), hole);
	r = r ? r :
		show(stage, "(what is left before the hole)", "p", m->left,
		     "A hole in the middle: one mapping has become two, mark /, \"split\".\n"
		     "Two pages are left before it...",
		     size, size);
	return r ? r :
		   show(stage, "(what is left behind the hole)",
			demo_text(stage, "p + %zu", 4 * m->page), m->right,
			"... and two behind it, a row of its own. The hole itself is no row:\n"
			"vmview lists mappings, and nothing is mapped there.",
			size, size);
}

static int unmap_odd(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "munmap(p + 1, %zu);", m->page);
	int r = munmap(m->left + 1, m->page);

	return demo_fact(stage, call, r == -1 && errno == EINVAL,
			 r == 0 ? "half a page was unmapped" :
				  demo_text(stage,
					    "%s: the address must be that of a page.\n"
					    "A length is rounded up to whole pages instead.",
					    demo_errno(stage, errno)));
}

static int drop_content(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "madvise(p, %zu, MADV_DONTNEED);", m->left_size);
	int r, c;

	if (madvise(m->left, m->left_size, MADV_DONTNEED) == -1)
		return demo_give_up(stage, call);
	r = show(stage, call, "0", m->left,
		 "The row stays, but RSS is 0: only the memory is given back, the addresses\n"
		 "are kept. malloc does this with free space in the middle of its heap.",
		 m->left_size, 0);
	if (r)
		return r;
	c = (unsigned char)m->left[0];
	return demo_fact(stage, "char c = p[0];", c == 0,
			 demo_text(stage,
				   "c is %d: no fault, but what was written is lost, and the page\n"
				   "begins with zeros again, as a new one",
				   c));
}

static int free_lazily(struct demo_stage *stage, struct memory *m)
{
	const char *call =
		demo_text(stage, "madvise(p + %zu, %zu, MADV_FREE);", 4 * m->page, m->right_size);
	int r;

	if (madvise(m->right, m->right_size, MADV_FREE) == -1) {
		if (errno != EINVAL)
			return demo_give_up(stage, call);
		return demo_skip(stage, call, "MADV_FREE needs Linux 4.5 or newer");
	}
	r = show_lazy(stage, m, call, "0",
		      "MADV_FREE says: take it when you need it. RSS mostly stays for now, but\n"
		      "DIRTY is 0: these pages can be dropped without being saved anywhere.\n"
		      "That is why RSS of a program may not fall although it has freed memory.",
		      0);
	if (r)
		return r;
	m->right[0] = 'y';
	return show_lazy(
		stage, m, demo_text(stage, "p[%zu] = 'y';", 4 * m->page), "written",
		demo_text(stage,
			  "Whoever writes to such a page keeps it: DIRTY is %zuK again, and only\n"
			  "the page that was not written to is still free to be taken.",
			  m->page / 1024),
		m->page);
}

static int unmap_rest(struct demo_stage *stage, struct memory *m)
{
	char *left = m->left;
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);\nmunmap(p + %zu, %zu);", m->left_size,
				  4 * m->page, m->right_size),
		.result = "0 and 0",
		.address = left,
		.look = "Both rows are marked - and go. munmap(p, size) over everything would\n"
			"do it as well, for holes are no mistake; but another mapping may have\n"
			"come into the hole meanwhile, and that would go with it.",
		.expect = { .gone = true },
	};
	int r;

	if (munmap(left, m->left_size) == -1 || munmap(m->right, m->right_size) == -1)
		return demo_give_up(stage, step.call);
	m->left = m->right = NULL;
	r = demo_step(stage, &step);
	return r ? r : nothing_there(stage, "char c = p[0];", left);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct memory * m) = {
		map, unmap_end, unmap_middle, unmap_odd, drop_content, free_lazily, unmap_rest,
	};
	struct memory m = { .page = demo_page_size() };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_munmap = {
	.name = "munmap",
	.title = "Giving back: munmap, MADV_DONTNEED and MADV_FREE",
	.teaches = "munmap gives back addresses and memory, of any whole pages.\n"
		   "MADV_DONTNEED and MADV_FREE give back the memory and keep the addresses.\n"
		   "An access to what is not mapped is SIGSEGV with SEGV_MAPERR.",
	.run = run,
};
