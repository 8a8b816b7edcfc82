#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 4

struct family {
	size_t page, size;
	char *pages;  /* private: copied on write */
	char *common; /* MAP_SHARED: one page for both, which the child answers through */
	pid_t child;
};

static void undo(void *data)
{
	struct family *f = data;

	if (f->pages)
		munmap(f->pages, f->size);
	if (f->common)
		munmap(f->common, f->page);
	f->pages = f->common = NULL;
}

/* All pages are in memory throughout; @own of them are this process's alone. */
static int show(struct demo_stage *stage, const struct family *f, pid_t pid, const char *call,
		const char *result, const char *look, size_t own)
{
	struct demo_step step = {
		.call = call,
		.result = result,
		.address = f->pages,
		.pid = pid,
		.look = look,
		.expect = { .kind = VM_KIND_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = f->size,
			    .rss = DEMO_EXACTLY(f->size),
			    .private_dirty = DEMO_EXACTLY(own * f->page),
			    .shared_now = DEMO_EXACTLY(f->size - own * f->page) },
	};

	return demo_step(stage, &step);
}

static const char *in_child(struct demo_stage *stage, const struct family *f, const char *text)
{
	return demo_text(stage, "(the child, process %d: vmview %d shows it)%s%s", (int)f->child,
			 (int)f->child, *text ? "\n" : "", text);
}

static int map(struct demo_stage *stage, struct family *f)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "memset(p, 'p', %zu);",
				     f->size, f->size);
	int access = PROT_READ | PROT_WRITE;
	char *p = mmap(NULL, f->size, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	f->pages = p;
	demo_set_apart(p, f->size);
	memset(p, 'p', f->size);
	return show(
		stage, f, 0, call, NULL,
		demo_text(stage,
			  "Four pages, all in memory and only here: RSS, PSS and USS (F2\n"
			  "shows that column) are %zuK. Remember this row: the scene is about it.",
			  f->size / 1024),
		PAGES);
}

static int map_common(struct demo_stage *stage, struct family *f)
{
	const char *call = demo_text(stage,
				     "char *s = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_SHARED|MAP_ANONYMOUS, -1, 0);",
				     f->page);
	struct demo_step step = {
		.call = call,
		.look = "One shared page beside it, for comparison: T is s and PERM is rw-s.",
		.expect = { .kind = VM_KIND_SHARED_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_SHARED,
			    .perms = "rw-s",
			    .size = f->page,
			    .rss = DEMO_EXACTLY(0) },
	};
	int access = PROT_READ | PROT_WRITE;
	char *s = mmap(NULL, f->page, access, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return demo_give_up(stage, call);
	f->common = s;
	step.address = s;
	return demo_step(stage, &step);
}

/* Commands: w: write to page 0; s: write to the shared page; r: tell what is in page 1. */
static int child_main(void *data, int commands)
{
	const struct family *f = data;
	volatile char *p = f->pages;
	char command;

	while (read(commands, &command, 1) == 1) {
		if (command == 'w')
			p[0] = 'c';
		else if (command == 's')
			f->common[0] = 's';
		else
			f->common[1] = p[f->page];
		if (write(commands, &command, 1) != 1)
			break;
	}
	return 0;
}

static int fork_child(struct demo_stage *stage, struct family *f)
{
	const char *call = "pid_t child = fork();";
	int r;

	f->child = demo_fork(stage, child_main, f);
	if (f->child == -1)
		return demo_give_up(stage, call);
	r = show(stage, f, 0, call, demo_text(stage, "%d", (int)f->child),
		 demo_text(
			 stage,
			 "The child has everything that the parent has, yet nothing was copied:\n"
			 "both processes map the same four pages. SIZE and RSS stay %zuK, but USS\n"
			 "is 0 and SHARD (F2) is %zuK: no page is this process's alone. PSS is\n"
			 "half, for each page counts half here and half in the child.\n"
			 "PERM stays rw-p: private says what a write will do.",
			 f->size / 1024, f->size / 1024),
		 0);
	return r ? r :
		   show(stage, f, f->child, in_child(stage, f, ""), "the same address in the child",
			"The child's row looks the same: same ADDRESS, same SIZE, same RSS.", 0);
}

static int child_writes(struct demo_stage *stage, struct family *f)
{
	const char *call = in_child(stage, f, "p[0] = 'c';");
	int r;

	if (!demo_tell(stage, f->child, 'w') || f->pages[0] != 'p')
		return demo_fact(stage, call, false, "p[0] of the parent is not what it was");
	r = show(stage, f, f->child, call, "p[0] is 'c' here and still 'p' in the parent",
		 demo_text(stage,
			   "At the write the kernel copied this one page: %zuK are the child's\n"
			   "alone now (USS), three pages are still common (SHARD).",
			   f->page / 1024),
		 1);
	return r ? r :
		   show(stage, f, 0, "(the parent, which did nothing)", "p[0] is 'p'",
			"The original has one owner left: USS is one page here as well, and PSS\n"
			"has grown by half a page. Together the two now use five pages.",
			1);
}

static int parent_writes(struct demo_stage *stage, struct family *f)
{
	const char *call = demo_text(stage, "p[%zu] = 'P';", f->page);
	int r;

	f->pages[f->page] = 'P';
	if (!demo_tell(stage, f->child, 'r') || f->common[1] != 'p')
		return demo_fact(stage, call, false, "the child does not see its 'p' any more");
	r = show(stage, f, 0, call, "the child still reads 'p' there",
		 "It works the same the other way round: whoever writes first gets the\n"
		 "copy, here the parent. USS is two pages now, two are common.",
		 2);
	return r ? r :
		   show(stage, f, f->child, in_child(stage, f, ""), "p[0] 'c', the rest 'p'",
			"The child kept the original of this page: two pages of its own, too.", 2);
}

static int write_again(struct demo_stage *stage, struct family *f)
{
	f->pages[0] = 'P';
	return show(stage, f, 0, "p[0] = 'P';", "no copy was needed",
		    "Nothing changes: since the child has a copy of this page, nobody else\n"
		    "uses the original, and it is written to in place.",
		    2);
}

static int write_common(struct demo_stage *stage, struct family *f)
{
	const char *call = in_child(stage, f, "s[0] = 's';");
	struct demo_step step = {
		.call = call,
		.result = "s[0] is 's' in the parent as well",
		.address = f->common,
		.look = "The shared page, for comparison: written by the child, seen by the\n"
			"parent, never copied. One page in memory, in RSS of both rows.",
		.expect = { .kind = VM_KIND_SHARED_ANON,
			    .backing = VM_BACKING_ANONYMOUS,
			    .sharing = VM_SHARING_SHARED,
			    .perms = "rw-s",
			    .size = f->page,
			    .rss = DEMO_EXACTLY(f->page),
			    .shared_now = DEMO_EXACTLY(f->page) },
	};

	if (!demo_tell(stage, f->child, 's') || f->common[0] != 's')
		return demo_fact(stage, call, false, "the parent does not see what was written");
	return demo_step(stage, &step);
}

static int end_child(struct demo_stage *stage, struct family *f)
{
	demo_end(stage, f->child);
	return show(stage, f, 0, "waitpid(child, NULL, 0); /* the child has ended */",
		    demo_text(stage, "%d", (int)f->child),
		    demo_text(stage,
			      "What the child had is free again. All four pages are the parent's\n"
			      "alone once more: RSS, PSS and USS are %zuK, as before the fork.",
			      f->size / 1024),
		    PAGES);
}

static int unmap(struct demo_stage *stage, struct family *f)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);\nmunmap(s, %zu);", f->size, f->page),
		.result = "0 and 0",
		.address = f->pages,
		.look = "Both rows are marked - and go.",
		.expect = { .gone = true },
	};

	if (munmap(f->pages, f->size) == -1 || munmap(f->common, f->page) == -1)
		return demo_give_up(stage, step.call);
	f->pages = f->common = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct family * f) = {
		map,         map_common,   fork_child, child_writes, parent_writes,
		write_again, write_common, end_child,  unmap,
	};
	size_t page = demo_page_size();
	struct family f = { .page = page, .size = PAGES * page, .child = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &f);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &f);
	undo(&f);
	demo_undone(stage, &f);
	return r;
}

const struct demo_scene demo_scene_fork_cow = {
	.name = "fork-cow",
	.title = "Copy-on-write: private memory before and after fork",
	.teaches = "fork copies no memory: parent and child share all pages until one writes.\n"
		   "The write makes a copy of that page, and only of that page.\n"
		   "USS and PSS show it from both sides; shared mappings stay shared.",
	.run = run,
};
