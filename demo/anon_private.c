#include "scene.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Around the size from which on glibc takes a block from mmap: 128 KiB, until larger ones are freed. */
#define THRESHOLD ((size_t)128 * 1024)
#define SMALL ((size_t)120 * 1024)
#define LARGE ((size_t)512 * 1024)
/* glibc's note of a block's size and state lies before the block. */
#define NOTE (2 * sizeof(size_t))

struct memory {
	size_t page;
	size_t asked, size; /* bytes: as given to mmap, and rounded up */
	char *pages;
	char *small, *large; /* from malloc */
};

/* The first byte behind the program's variables; what brk adds comes later. */
extern char end[];

static void undo(void *data)
{
	struct memory *m = data;

	if (m->pages)
		munmap(m->pages, m->size);
	free(m->large);
	free(m->small);
	*m = (struct memory){ 0 };
}

static struct demo_expect expect_anon(size_t size, size_t rss)
{
	return (struct demo_expect){
		.kind = VM_KIND_ANON,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_PRIVATE,
		.perms = "rw-p",
		.size = size,
		.rss = DEMO_EXACTLY(rss),
		.private_dirty = DEMO_EXACTLY(rss),
	};
}

static int show(struct demo_stage *stage, const struct memory *m, const char *call,
		const char *result, const char *look, size_t rss)
{
	struct demo_step step = { call, result, m->pages, 0, look, expect_anon(m->size, rss) };

	return demo_step(stage, &step);
}

static int map(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     m->asked);
	char *p = mmap(NULL, m->asked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	m->pages = p;
	demo_set_apart(p, m->size);
	demo_say(stage, "So that memory comes in small pages on every machine, and no neighbour\n"
			"joins in, madvise(p, size, MADV_NOHUGEPAGE) follows.");
	return show(
		stage, m, call, NULL,
		demo_text(stage,
			  "A new row, marked +, with \"new\" in CHANGE, [anon] in MAPPING and\n"
			  "the letter a (anonymous, private) in T. PERM is rw-p: p is private.\n"
			  "%zu bytes were asked for, yet SIZE is %zuK: mappings consist of\n"
			  "whole pages of %zuK, so the size is rounded up.\n"
			  "RSS is 0 and IN is empty: these are addresses, not memory.",
			  m->asked, m->size / 1024, m->page / 1024),
		0);
}

static int touch_one(struct demo_stage *stage, const struct memory *m, size_t number)
{
	bool zero = m->pages[number * m->page] == 0;

	m->pages[number * m->page] = 'x';
	return show(
		stage, m, demo_text(stage, "p[%zu] = 'x';", number * m->page),
		zero ? "the byte was 0 before, as are all bytes of new memory" :
		       "the byte was not 0 before: it should have been",
		number == 0 ?
			demo_text(stage,
				  "One byte written, one page in memory: RSS is %zuK.\n"
				  "The access caused a page fault, the kernel found a free page,\n"
				  "filled it with zeros, and the program went on.\n"
				  "DIRTY is %zuK as well: no file holds what was written.",
				  m->page / 1024, m->page / 1024) :
			demo_text(stage,
				  "Each page comes when it is first touched: RSS is now %zuK,\n"
				  "and the bar under IN grows. SIZE stays what it was.",
				  (number + 1) * m->page / 1024),
		(number + 1) * m->page);
}

static int touch_some(struct demo_stage *stage, struct memory *m)
{
	int r = 0;

	for (size_t i = 0; i < 3 && r == 0; i++)
		r = touch_one(stage, m, i);
	return r;
}

static int read_some(struct demo_stage *stage, struct memory *m)
{
	int sum = 0;

	for (size_t i = 8; i < 12; i++)
		sum += m->pages[i * m->page];
	return show(
		stage, m,
		demo_text(stage,
			  "for (i = 8; i < 12; i++)\n"
			  "        sum += p[i * %zu];",
			  m->page),
		demo_text(stage, "sum is %d", sum),
		demo_text(stage,
			  "Four more pages have been read, and RSS is still %zuK. Whoever only\n"
			  "reads new memory gets the zero page: one page full of zeros that\n"
			  "all processes share, and that counts as nobody's memory.",
			  3 * m->page / 1024),
		3 * m->page);
}

static int touch_all(struct demo_stage *stage, struct memory *m)
{
	memset(m->pages, 'x', m->size);
	return show(stage, m, demo_text(stage, "memset(p, 'x', %zu);", m->size), "every byte is x",
		    demo_text(stage,
			      "RSS is %zuK, the same as SIZE, and IN is full. Pages that had been\n"
			      "the zero page became real ones at the write. The bytes behind the\n"
			      "%zu that were asked for can be used too, up to the page's end.",
			      m->size / 1024, m->asked),
		    m->size);
}

static int give_back(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "munmap(p, %zu);", m->asked);
	struct demo_step step = {
		.call = call,
		.result = "0",
		.address = m->pages,
		.look = "The row is marked -, with \"gone\" in CHANGE, and leaves soon after.\n"
			"The addresses and the memory behind them are both given back.\n"
			"The Log (press 4) has kept all of it.",
		.expect = { .gone = true },
	};

	if (munmap(m->pages, m->asked) != 0)
		return demo_give_up(stage, call);
	m->pages = NULL;
	return demo_step(stage, &step);
}

static bool in_heap(const char *block)
{
	return (uintptr_t)block > (uintptr_t)end && (uintptr_t)block < (uintptr_t)sbrk(0);
}

static int allocate_small(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "char *small = malloc(%zu);", SMALL);
	void *before, *after;
	struct demo_step step = { .call = call };

	before = sbrk(0);
	m->small = malloc(SMALL);
	after = sbrk(0);
	if (!m->small)
		return demo_give_up(stage, call);
	if (!in_heap(m->small))
		return demo_skip(stage, call, "this malloc does not keep small blocks in the heap");
	step.result = demo_text(stage, "%p; the heap's end was %p and is %p", (void *)m->small,
				before, after);
	step.address = m->small;
	step.look =
		demo_text(stage,
			  "malloc takes blocks below its threshold (%zuK) from the heap, the\n"
			  "row [heap] with the letter h in T. Where there is not enough room\n"
			  "left in it, malloc moves its end up with brk(2): the row is marked ^,\n"
			  "\"grown\". There is no new row.",
			  THRESHOLD / 1024);
	step.expect = (struct demo_expect){
		.kind = VM_KIND_HEAP,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_PRIVATE,
		.perms = "rw-p",
	};
	return demo_step(stage, &step);
}

static int allocate_large(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "char *large = malloc(%zu);", LARGE);
	size_t size = LARGE + m->page;
	struct demo_step step = { .call = call, .expect = expect_anon(size, 0) };

	m->large = malloc(LARGE);
	if (!m->large)
		return demo_give_up(stage, call);
	if (in_heap(m->large) || (uintptr_t)m->large % m->page != NOTE) {
		free(m->large);
		m->large = NULL;
		return demo_skip(stage, call, "this malloc does not take large blocks from mmap");
	}
	demo_set_apart(m->large - NOTE, size);
	step.address = m->large;
	step.look =
		demo_text(stage,
			  "A block above the threshold gets a mapping of its own, from the same\n"
			  "mmap(MAP_PRIVATE|MAP_ANONYMOUS): a new row [anon], far from the heap.\n"
			  "SIZE is %zuK: before the block malloc keeps a note of %zu bytes, and\n"
			  "that takes one more page. Only that page has been touched: RSS is\n"
			  "%zuK. malloc gives out addresses; memory comes at the first write.",
			  size / 1024, NOTE, m->page / 1024);
	/* Touched before it was set apart: more than a page where huge pages come in many sizes. */
	step.expect.rss = DEMO_BETWEEN(m->page, size);
	step.expect.private_dirty = step.expect.rss;
	return demo_step(stage, &step);
}

static int free_large(struct demo_stage *stage, struct memory *m)
{
	struct demo_step step = {
		.call = "free(large);",
		.result = "nothing: free returns no value",
		.address = m->large,
		.look = "For a block with a mapping of its own free calls munmap: the row goes,\n"
			"and the memory is the system's again. A freed small block mostly stays\n"
			"in [heap] for the next malloc: RSS of the heap does not fall.",
		.expect = { .gone = true },
	};

	if (!m->large)
		return 0;
	free(m->large);
	m->large = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct memory * m) = {
		map,       touch_some,     read_some,      touch_all,
		give_back, allocate_small, allocate_large, free_large,
	};
	size_t page = demo_page_size();
	struct memory m = { .page = page, .asked = 15 * page + 1, .size = 16 * page };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_anon_private = {
	.name = "anon-private",
	.title = "Private anonymous memory: MAP_PRIVATE|MAP_ANONYMOUS",
	.teaches = "mmap gives addresses; memory comes page by page, when it is touched.\n"
		   "Sizes are rounded up to whole pages, and reads of new memory cost nothing.\n"
		   "malloc takes its large blocks this way, and its small ones from the heap.",
	.run = run,
};
