#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define QUESTION "6 times 7?"
#define ANSWER "42"

struct exchange {
	size_t page, size;
	char *pages; /* the question in the first page, the answer in the second */
	pid_t child;
};

static int give_up(struct demo_stage *stage, const char *call, const char *why)
{
	int r = demo_fact(stage, call, false, why);

	return r ? r : -ECANCELED;
}

static void undo(void *data)
{
	struct exchange *x = data;

	if (x->pages)
		munmap(x->pages, x->size);
	x->pages = NULL;
}

/* What the parent and the child have: only the numbers differ from step to step. */
static struct demo_expect expect_shared(const struct exchange *x, size_t rss, size_t shared_now)
{
	return (struct demo_expect){
		.kind = VM_KIND_SHARED_ANON,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_SHARED,
		.perms = "rw-s",
		.size = x->size,
		.rss = DEMO_EXACTLY(rss),
		.shared_now = DEMO_EXACTLY(shared_now),
		.private_dirty = DEMO_EXACTLY(rss - shared_now),
	};
}

static int map(struct demo_stage *stage, struct exchange *x)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_SHARED|MAP_ANONYMOUS, -1, 0);",
				     x->size);
	void *p = mmap(NULL, x->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct demo_step step = {
		.call = call,
		.look = "A new row with s at the end of PERM: shared. The kernel keeps such\n"
			"memory in a file without a path, which it calls /dev/zero (deleted);\n"
			"no file on a disk is involved, so its letter in T is s and its colour\n"
			"that of anonymous memory. RSS is 0: nothing has been touched.",
		.expect = expect_shared(x, 0, 0),
	};

	if (p == MAP_FAILED)
		return give_up(stage, call, demo_errno(stage, errno));
	x->pages = p;
	step.address = p;
	/* Where shared memory comes in huge pages, one touch would bring all of it. */
	madvise(p, x->size, MADV_NOHUGEPAGE);
	return demo_step(stage, &step);
}

static int ask(struct demo_stage *stage, struct exchange *x)
{
	struct demo_step step = {
		.call = "strcpy(p, \"" QUESTION "\");",
		.result = "the first page holds a question",
		.address = x->pages,
		.look = demo_text(
			stage,
			"RSS and DIRTY are %zuK, one page. PSS is %zuK too: so far this\n"
			"process is the only one that uses the page. Shared memory is not\n"
			"yet memory that is shared.",
			x->page / 1024, x->page / 1024),
		.expect = expect_shared(x, x->page, 0),
	};

	strcpy(x->pages, QUESTION);
	return demo_step(stage, &step);
}

/* r: read the question; w: write the answer. A child that finds something else ends. */
static int child_main(void *data, int commands)
{
	struct exchange *x = data;
	char command;

	while (read(commands, &command, 1) == 1) {
		if (command == 'r' && strcmp(x->pages, QUESTION) != 0)
			return 1;
		if (command == 'w')
			strcpy(x->pages + x->page, ANSWER);
		if (write(commands, &command, 1) != 1)
			return 1;
	}
	return 0;
}

static int start_child(struct demo_stage *stage, struct exchange *x)
{
	struct demo_step step = {
		.call = "pid_t child = fork();",
		.address = x->pages,
		.look = "fork gave the child the same mapping at the same address. A second\n"
			"vmview, started with the child's number, shows it with RSS 0: the\n"
			"child has not touched it. Nothing was copied, here nothing changes.",
		.expect = expect_shared(x, 0, 0),
	};

	x->child = demo_fork(stage, child_main, x);
	if (x->child < 0)
		return give_up(stage, step.call, demo_errno(stage, errno));
	step.result = demo_text(stage, "the child is process %d", (int)x->child);
	step.pid = x->child;
	return demo_step(stage, &step);
}

static int child_reads(struct demo_stage *stage, struct exchange *x)
{
	struct demo_step step = {
		.call = "puts(p);   /* in the child */",
		.result = "the child has read \"" QUESTION "\"",
		.address = x->pages,
		.pid = x->child,
		.look = demo_text(
			stage,
			"The page that the parent wrote is now in the child too: RSS is %zuK\n"
			"in both processes, but there is one page of memory only. PSS says\n"
			"so: each page divided by the number of its users, %zuK in each.",
			x->page / 1024, x->page / 2 / 1024),
		.expect = expect_shared(x, x->page, x->page),
	};

	if (!demo_tell(stage, x->child, 'r'))
		return give_up(stage, step.call, "the child did not find the question there");
	return demo_step(stage, &step);
}

static int child_answers(struct demo_stage *stage, struct exchange *x)
{
	struct demo_step step = {
		.call = demo_text(stage, "strcpy(p + %zu, \"" ANSWER "\");   /* in the child */",
				  x->page),
		.result = "the child has written to the second page",
		.address = x->pages,
		.pid = x->child,
		.look = demo_text(
			stage,
			"In the child RSS is %zuK: two pages. In the parent it is still %zuK,\n"
			"for it has not looked at the second page yet. RSS counts what a\n"
			"process has touched, not what exists.",
			2 * x->page / 1024, x->page / 1024),
		.expect = expect_shared(x, 2 * x->page, x->page),
	};

	if (!demo_tell(stage, x->child, 'w'))
		return give_up(stage, step.call, "the child is gone");
	return demo_step(stage, &step);
}

static int parent_reads(struct demo_stage *stage, struct exchange *x)
{
	bool right = strcmp(x->pages + x->page, ANSWER) == 0;
	const char *call = demo_text(stage, "puts(p + %zu);", x->page);
	struct demo_step step = {
		.call = call,
		.result = "the parent has read \"" ANSWER "\"",
		.address = x->pages,
		.look = demo_text(
			stage,
			"Data has gone both ways without read, write or any other call, and\n"
			"without a copy: RSS is %zuK in each process and PSS half of that,\n"
			"so together they use two pages. In private memory (rw-p) each would\n"
			"have written to a copy of its own and never seen the other's.",
			2 * x->page / 1024),
		.expect = expect_shared(x, 2 * x->page, 2 * x->page),
	};

	if (!right)
		return give_up(stage, call, "the answer is not there");
	return demo_step(stage, &step);
}

static int end_child(struct demo_stage *stage, struct exchange *x)
{
	struct demo_step step = {
		.call = "wait(NULL);   /* the child has ended */",
		.result = "the child is gone",
		.address = x->pages,
		.look = demo_text(
			stage,
			"The row stays: PSS is again as large as RSS, %zuK. The memory lives\n"
			"as long as one process maps it.",
			2 * x->page / 1024),
		.expect = expect_shared(x, 2 * x->page, 0),
	};

	demo_end(stage, x->child);
	return demo_step(stage, &step);
}

static int unmap(struct demo_stage *stage, struct exchange *x)
{
	const char *call = demo_text(stage, "munmap(p, %zu);", x->size);
	struct demo_step step = {
		.call = call,
		.result = "0",
		.address = x->pages,
		.look = "The row is marked - and goes. This was the last mapping: the memory\n"
			"is free, and what was in it is lost. Without a name there is no way\n"
			"back to it; the scene posix-shm shows shared memory that has one.",
		.expect = { .gone = true },
	};

	if (munmap(x->pages, x->size) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	x->pages = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct exchange * x) = {
		map, ask, start_child, child_reads, child_answers, parent_reads, end_child, unmap,
	};
	struct exchange x = { .page = demo_page_size(), .size = 4 * demo_page_size() };
	int r = 0;

	demo_on_cleanup(stage, undo, &x);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &x);
	undo(&x);
	demo_undone(stage, &x);
	return r;
}

const struct demo_scene demo_scene_anon_shared = {
	.name = "anon-shared",
	.title = "Shared anonymous memory: MAP_SHARED|MAP_ANONYMOUS",
	.teaches = "After fork parent and child use the same memory: what one writes the other\n"
		   "reads at once, without a call and without a copy. It has no name, so only\n"
		   "relatives share it, and it lives as long as one of them maps it.",
	.run = run,
};
