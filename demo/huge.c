#include "scene.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

/* With small pages of 64K, huge ones are half a GiB. */
#define TOO_LARGE ((size_t)64 << 20)

struct pages {
	size_t page, huge; /* sizes; @huge of transparent huge pages, 0: the kernel has none */
	char *room;        /* three huge pages, to find two that are aligned */
	char *begin;       /* of these two */
	size_t size;
	long faults;    /* that filling small pages took */
	char *reserved; /* from MAP_HUGETLB */
	size_t hugetlb; /* its size: one page */
};

static void unmap_room(struct pages *p)
{
	if (p->room)
		munmap(p->room, 3 * p->huge);
	p->room = NULL;
}

static void undo(void *data)
{
	struct pages *p = data;

	unmap_room(p);
	if (p->reserved)
		munmap(p->reserved, p->hugetlb);
	p->reserved = NULL;
}

/* The number behind @key in a file of numbers, or its first one; 0 where there is none. */
static unsigned long number_in(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	unsigned long number = 0;
	char line[128];

	if (!file)
		return 0;
	while (!number && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) == 0)
			number = strtoul(line + strlen(key), NULL, 10);
	}
	fclose(file);
	return number;
}

static bool are_off(void)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
	char line[128] = "";
	bool off;

	if (!file)
		return true;
	off = !fgets(line, sizeof(line), file) || strstr(line, "[never]");
	fclose(file);
	return off;
}

static long count_faults(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_minflt : 0;
}

static int show(struct demo_stage *stage, const struct pages *p, const char *call,
		const char *result, const char *look, size_t rss, size_t huge)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = p->begin,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = p->size,
			    .rss = DEMO_EXACTLY(rss),
			    .anon_huge = DEMO_EXACTLY(huge) },
	};

	return demo_step(stage, &step);
}

/* Room for two huge pages, of which @advice holds for exactly these. */
static bool map_aligned(struct pages *p, int advice)
{
	char *room = mmap(NULL, 3 * p->huge, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		return false;
	p->room = room;
	p->begin = room + (p->huge - (uintptr_t)room % p->huge) % p->huge;
	p->size = 2 * p->huge;
	return madvise(p->begin, p->size, advice) == 0;
}

static const char *map_text(struct demo_stage *stage, const struct pages *p, const char *advice)
{
	return demo_text(stage,
			 "char *m = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
			 "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
			 "char *p = m rounded up to a multiple of %zu;\n"
			 "madvise(p, %zu, %s);",
			 3 * p->huge, p->huge, 2 * p->huge, advice);
}

static int fill_small(struct demo_stage *stage, struct pages *p)
{
	const char *call = map_text(stage, p, "MADV_NOHUGEPAGE");
	int r;

	if (!map_aligned(p, MADV_NOHUGEPAGE))
		return demo_give_up(stage, call);
	p->begin[0] = 'x';
	r = show(stage, p, demo_text(stage, "%s\np[0] = 'x';", call),
		 demo_text(stage, "p is %p", (void *)p->begin),
		 demo_text(
			 stage,
			 "First without huge pages. The advice holds for these addresses, so they\n"
			 "have a row of their own. One byte, one page: RSS is %zuK.",
			 p->page / 1024),
		 p->page, 0);
	if (r)
		return r;
	p->faults = count_faults();
	for (size_t i = 0; i < p->huge; i += p->page)
		p->begin[i] = 'x';
	p->faults = count_faults() - p->faults;
	r = show(
		stage, p,
		demo_text(stage, "for (i = 0; i < %zu; i += %zu)\n        p[i] = 'x';", p->huge,
			  p->page),
		demo_text(stage, "%ld page faults", p->faults),
		demo_text(stage,
			  "RSS is %zuM, brought in page by page. Each page also needs an entry in\n"
			  "the page table, and one in the processor's small cache of such (TLB).",
			  p->huge >> 20),
		p->huge, 0);
	unmap_room(p);
	return r;
}

/* A huge page is memory in one piece: there may be none, and then the kernel takes small ones. */
static bool came_as_one(const struct pages *p)
{
	size_t count = p->huge / p->page, in = 0;
	unsigned char *present = calloc(count, 1);

	if (!present)
		return false;
	if (mincore(p->begin, p->huge, present) == 0) {
		for (size_t i = 0; i < count; i++)
			in += present[i] & 1;
	}
	free(present);
	return in == count;
}

static int fill_huge(struct demo_stage *stage, struct pages *p)
{
	const char *call = demo_text(stage, "munmap(m, %zu);\n%s", 3 * p->huge,
				     map_text(stage, p, "MADV_HUGEPAGE"));
	long faults;
	int r;

	if (!map_aligned(p, MADV_HUGEPAGE))
		return demo_give_up(stage, call);
	faults = count_faults();
	p->begin[0] = 'x';
	call = demo_text(stage, "%s\np[0] = 'x';", call);
	if (!came_as_one(p)) {
		unmap_room(p);
		return demo_skip(
			stage, call,
			"the kernel had no piece of memory that is large enough at hand, and\n"
			"took a small page; with more free memory it works");
	}
	for (size_t i = 0; i < p->huge; i += p->page)
		p->begin[i] = 'x';
	faults = count_faults() - faults;
	r = show(
		stage, p, call, demo_text(stage, "p is %p", (void *)p->begin),
		demo_text(stage,
			  "One byte written, and RSS is %zuM: the kernel gave a huge page. The\n"
			  "explain pane says so (AnonHugePages). Fast to fill and to use, but who\n"
			  "touches a little here and there pays with memory.",
			  p->huge >> 20),
		p->huge, p->huge);
	if (r)
		return r;
	/* Others of this process may fault in between: no exact numbers. */
	return demo_fact(
		stage,
		demo_text(stage, "for (i = 0; i < %zu; i += %zu)\n        p[i] = 'x';", p->huge,
			  p->page),
		faults < p->faults,
		demo_text(stage, "page faults in all: %ld instead of %ld", faults, p->faults));
}

/* While the first advice holds, khugepaged joins the rest to a huge page again within seconds. */
static int split_huge(struct demo_stage *stage, struct pages *p)
{
	const char *call = demo_text(stage,
				     "madvise(p, %zu, MADV_NOHUGEPAGE);\n"
				     "madvise(p, %zu, MADV_DONTNEED);",
				     p->size, p->page);

	if (!p->room)
		return 0;
	if (madvise(p->begin, p->size, MADV_NOHUGEPAGE) == -1 ||
	    madvise(p->begin, p->page, MADV_DONTNEED) == -1)
		return demo_give_up(stage, call);
	return show(
		stage, p, call, "0 and 0",
		demo_text(
			stage,
			"One small page of it was given back, so the rest can be mapped as small\n"
			"pages only: RSS is %zuK less, and AnonHugePages is 0. Without the first\n"
			"call the kernel (khugepaged) would soon join them again, and bring the\n"
			"page back; programs see no difference but speed.",
			p->page / 1024),
		p->huge - p->page, 0);
}

static int transparent(struct demo_stage *stage, struct pages *p)
{
	const char *call = "madvise(p, size, MADV_HUGEPAGE);";
	int r;

	demo_say(stage, "Transparent huge pages: the kernel uses a large page where it can, and\n"
			"the program need not know.");
	p->huge = number_in("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "");
	if (!p->huge)
		return demo_skip(stage, call,
				 "this kernel has no transparent huge pages\n"
				 "(CONFIG_TRANSPARENT_HUGEPAGE)");
	if (are_off())
		return demo_skip(
			stage, call,
			"they are switched off; root switches them on for programs that ask:\n"
			"echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	if (p->huge > TOO_LARGE)
		return demo_skip(
			stage, call,
			demo_text(
				stage,
				"a huge page is %zuM here (small ones are %zuK): too much to fill",
				p->huge >> 20, p->page / 1024));
	r = fill_small(stage, p);
	r = r ? r : fill_huge(stage, p);
	r = r ? r : split_huge(stage, p);
	unmap_room(p);
	return r;
}

/* Not by touching it: where a limit of the control group stops that, it ends in SIGBUS. */
static bool bring_in(struct pages *p)
{
#ifdef MADV_POPULATE_WRITE
	if (madvise(p->reserved, p->hugetlb, MADV_POPULATE_WRITE) == -1 && errno != EINVAL)
		return false;
#endif
	p->reserved[0] = 'x';
	return true;
}

static int show_reserved(struct demo_stage *stage, const struct pages *p, const char *call,
			 const char *result, const char *look, size_t used)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = p->reserved,
		.look = look,
		.expect = { .kind = VM_KIND_HUGETLB,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = p->hugetlb,
			    .rss = DEMO_EXACTLY(0),
			    .hugetlb = DEMO_EXACTLY(used) },
	};

	return demo_step(stage, &step);
}

static int unmap_reserved(struct demo_stage *stage, struct pages *p)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);\nmunmap(p, %zu);", p->page, p->hugetlb),
		.result = "EINVAL and 0",
		.address = p->reserved,
		.look = "A part of a huge page cannot be unmapped; the whole of it can. The row\n"
			"goes, and the page is back in the pool.",
		.expect = { .gone = true },
	};

	if (munmap(p->reserved, p->page) == 0 || errno != EINVAL)
		return demo_fact(stage, step.call, false, "a part of a huge page was unmapped");
	if (munmap(p->reserved, p->hugetlb) == -1)
		return demo_give_up(stage, step.call);
	p->reserved = NULL;
	return demo_step(stage, &step);
}

static int cannot_reserve(struct demo_stage *stage, const char *call)
{
	if (errno != ENOMEM && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return demo_give_up(stage, call);
	return demo_skip(stage, call,
			 demo_text(stage,
				   "%s: no huge pages are set aside on this machine.\n"
				   "As root: sysctl vm.nr_hugepages=4 (and 0 afterwards).",
				   demo_errno(stage, errno)));
}

static int reserved(struct demo_stage *stage, struct pages *p)
{
	const char *call;
	char *m;
	int r;

	p->hugetlb = number_in("/proc/meminfo", "Hugepagesize:") * 1024;
	call = demo_text(stage,
			 "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
			 "               MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0);",
			 p->hugetlb);
	demo_say(stage, "Hugetlb pages: a pool that the administrator has set aside, for programs\n"
			"that ask for it.");
	if (!p->hugetlb)
		return demo_skip(stage, call,
				 "this kernel has no hugetlb pages (CONFIG_HUGETLBFS)");
	m = mmap(NULL, p->hugetlb, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (m == MAP_FAILED)
		return cannot_reserve(stage, call);
	p->reserved = m;
	r = show_reserved(
		stage, p, call, NULL,
		"H in T: one huge page, kept for this mapping from now on, but not in use.", 0);
	if (r)
		return r;
	if (!bring_in(p))
		return demo_skip(stage, "p[0] = 'x';",
				 "the control group allows no more huge pages (hugetlb limit)");
	r = show_reserved(
		stage, p, "p[0] = 'x';", "written",
		"One byte brings in the whole page. Mind RSS: it is 0, for the kernel does\n"
		"not count these pages in it. HUGETLB in the header has them.",
		p->hugetlb);
	return r ? r : unmap_reserved(stage, p);
}

static int run(struct demo_stage *stage)
{
	struct pages p = { .page = demo_page_size() };
	int r;

	demo_on_cleanup(stage, undo, &p);
	r = transparent(stage, &p);
	r = r ? r : reserved(stage, &p);
	undo(&p);
	demo_undone(stage, &p);
	return r;
}

const struct demo_scene demo_scene_huge = {
	.name = "huge",
	.title = "Huge pages: MADV_HUGEPAGE and MAP_HUGETLB",
	.teaches = "One page of 2M (on most machines) instead of 512 of 4K: fewer page faults.\n"
		   "Transparent ones come where there is room for them; hugetlb ones are set\n"
		   "aside by the administrator, and RSS does not count them.",
	.run = run,
};
