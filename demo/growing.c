#include "scene.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
/* A frame too large for the fake stack on which AddressSanitizer puts small ones. */
#define FRAME ((size_t)128 * 1024)
#define MIB ((size_t)1024 * 1024)
#define STACK_PAGES 64

struct growth {
	size_t page;
	char *stack; /* of the thread, with its guard */
	size_t stack_size;
	pthread_t thread;
	pid_t thread_id; /* as the kernel counts */
	bool runs;
	sem_t begun, end;
	char *heap;            /* one MiB that sbrk added; NULL: none */
	char *mapping, *guard; /* that mremap changes, and what is behind it */
	size_t mapping_size;
};

static void end_thread(struct growth *g)
{
	if (!g->runs)
		return;
	sem_post(&g->end);
	pthread_join(g->thread, NULL);
	g->runs = false;
}

/* Only while nobody, malloc above all, has moved the end further: not their memory with ours. */
static bool take_heap_back(struct growth *g)
{
	char *end = g->heap ? g->heap + MIB : NULL;

	g->heap = NULL;
	return end && sbrk(0) == end && sbrk(-(intptr_t)MIB) != (void *)-1;
}

static void undo(void *data)
{
	struct growth *g = data;

	end_thread(g);
	if (g->stack)
		munmap(g->stack, g->stack_size);
	if (g->mapping)
		munmap(g->mapping, g->mapping_size);
	if (g->guard)
		munmap(g->guard, g->page);
	take_heap_back(g);
	g->stack = g->mapping = g->guard = NULL;
}

static struct demo_expect expect_private(enum vm_kind kind, const char *perms, size_t size)
{
	return (struct demo_expect){
		.kind = kind,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_PRIVATE,
		.perms = perms,
		.size = size,
	};
}

/* Touches @depth frames of the stack, from the top down, as the stack grows. */
static int descend(size_t depth)
{
	volatile char frame[FRAME];

	for (size_t i = FRAME; i > 0; i -= 1024)
		frame[i - 1024] = (char)depth;
	return depth > 1 ? descend(depth - 1) + frame[0] : frame[0];
}

static int descend_without_end(void *data)
{
	struct rlimit limit;

	(void)data;
	/* Soon enough, also where the stack is not limited. */
	if (getrlimit(RLIMIT_STACK, &limit) == -1)
		return errno;
	if (limit.rlim_cur > 4 * MIB)
		limit.rlim_cur = 4 * MIB;
	if (setrlimit(RLIMIT_STACK, &limit) == -1)
		return errno;
	return descend(SIZE_MAX);
}

static int overflow_stack(struct demo_stage *stage)
{
	const char *call = "f(INT_MAX);";
	struct demo_fault fault;

	if (!demo_try(stage, descend_without_end, NULL, &fault))
		return demo_give_up(stage, call);
	return demo_fact(
		stage, call, fault.signal == SIGSEGV,
		demo_text(stage,
			  "in a child process: %s.\n"
			  "Calls without end: the stack grew to its limit (here 4M at most),\n"
			  "and the kernel keeps a gap below it, its guard, unmapped.",
			  demo_fault_text(stage, &fault)));
}

static int grow_stack(struct demo_stage *stage, struct growth *g)
{
	const char *call = "int f(int n)\n"
			   "{\n"
			   "        char a[131072];\n"
			   "        memset(a, n, sizeof(a));\n"
			   "        return n > 1 ? f(n - 1) + a[0] : a[0];\n"
			   "}\n"
			   "f(8);";
	char here = 0;
	struct demo_step step = { .call = call,
				  .address = &here,
				  .expect = expect_private(VM_KIND_STACK, "rw-p", 0) };
	struct rlimit limit;
	int r;

	(void)g;
	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < 2 * MIB)
		return demo_skip(stage, call,
				 "RLIMIT_STACK is below 2M; ulimit -s 8192 gives the usual 8M");
	step.result = demo_text(stage, "%d", descend(8));
	step.look = "Eight calls, each with 128K of local variables. The row [stack] (S in T)\n"
		    "has grown to more than 1M: mark ^, \"grown\", and its ADDRESS is lower,\n"
		    "for the stack grows down. No call asked for it: the kernel made it\n"
		    "longer at each page fault below its end. The functions have returned,\n"
		    "yet SIZE and RSS stay: a stack never shrinks.";
	step.expect.rss = DEMO_AT_LEAST(MIB);
	r = demo_step(stage, &step);
	return r ? r : overflow_stack(stage);
}

static void *wait_in_thread(void *data)
{
	struct growth *g = data;

	g->thread_id = (pid_t)syscall(SYS_gettid);
	sem_post(&g->begun);
	while (sem_wait(&g->end) == -1 && errno == EINTR)
		;
	return NULL;
}

/* The first character of a file; 0 where there is none. */
static char first_of(const char *path)
{
	FILE *file = fopen(path, "re");
	int c;

	if (!file)
		return 0;
	c = getc(file);
	fclose(file);
	return c == EOF ? 0 : (char)c;
}

/* The kernel tells a thread's stack pointer while the thread waits; else it says "running". */
static void await_sleep(pid_t thread_id)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)thread_id);
	while (first_of(path) == 'r')
		sched_yield();
}

/* From 2 on, Yama lets only root see where a thread of another process is. */
static bool may_be_seen(void)
{
	char scope = first_of("/proc/sys/kernel/yama/ptrace_scope");

	return scope < '2' || geteuid() == 0;
}

static bool start_thread(struct growth *g)
{
	pthread_attr_t attributes;
	int error;

	if (sem_init(&g->begun, 0, 0) == -1 || sem_init(&g->end, 0, 0) == -1)
		return false;
	error = pthread_attr_init(&attributes);
	if (!error)
		error = pthread_attr_setstack(&attributes, g->stack + g->page,
					      g->stack_size - g->page);
	if (!error)
		error = pthread_create(&g->thread, &attributes, wait_in_thread, g);
	pthread_attr_destroy(&attributes);
	g->runs = !error;
	errno = error;
	while (g->runs && sem_wait(&g->begun) == -1 && errno == EINTR)
		;
	if (g->runs)
		await_sleep(g->thread_id);
	return g->runs;
}

static int read_byte(void *address)
{
	return *(volatile char *)address;
}

static int guard_thread(struct demo_stage *stage, struct growth *g)
{
	struct demo_fault fault;
	struct demo_step step = {
		.call = "(the page below it)",
		.result = demo_text(stage, "%p", (void *)g->stack),
		.address = g->stack,
		.look = "Its guard: one page ---p, [reserved]. A thread's stack cannot grow, so\n"
			"whatever goes past its end must not reach the mapping below.",
		.expect = expect_private(VM_KIND_RESERVED, "---p", g->page),
	};
	int r = demo_step(stage, &step);

	if (r)
		return r;
	if (!demo_try(stage, read_byte, g->stack, &fault))
		return demo_give_up(stage, "char c = s[0];");
	return demo_fact(
		stage, "char c = s[0];", fault.signal == SIGSEGV && fault.code == SEGV_ACCERR,
		demo_text(stage, "in a child process: %s", demo_fault_text(stage, &fault)));
}

/* The same calls as pthread_create() makes, which would keep the stack for the next thread. */
static int thread_stack(struct demo_stage *stage, struct growth *g)
{
	const char *call = demo_text(stage,
				     "char *s = mmap(NULL, %zu, PROT_NONE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK, -1, 0);\n"
				     "mprotect(s + %zu, %zu, PROT_READ|PROT_WRITE);\n"
				     "pthread_attr_setstack(&attributes, s + %zu, %zu);\n"
				     "pthread_create(&thread, &attributes, work, NULL);",
				     g->stack_size, g->page, g->stack_size - g->page, g->page,
				     g->stack_size - g->page);
	struct demo_step step = { .call = call,
				  .expect = expect_private(VM_KIND_STACK, "rw-p",
							   g->stack_size - g->page) };
	char *s = mmap(NULL, g->stack_size, PROT_NONE, ANONYMOUS | MAP_STACK, -1, 0);
	int r;

	if (s == MAP_FAILED)
		return demo_give_up(stage, call);
	g->stack = s;
	demo_set_apart(s, g->stack_size);
	if (mprotect(s + g->page, g->stack_size - g->page, PROT_READ | PROT_WRITE) == -1 ||
	    !start_thread(g))
		return demo_give_up(stage, call);
	step.address = s + g->page;
	step.result = demo_text(stage, "s is %p, the thread runs", (void *)s);
	step.look =
		demo_text(stage,
			  "A thread has a stack of its own: a mapping made for it, of fixed SIZE\n"
			  "(%zuK; usually 8M). pthread_create does all this by itself. vmview\n"
			  "finds the thread's stack pointer in it: S in T, [thread stack].",
			  (g->stack_size - g->page) / 1024);
	step.expect.rss = DEMO_BETWEEN(g->page, g->stack_size - g->page);
	if (!may_be_seen())
		step.expect.kind = VM_KIND_COUNT;
	/* Where Yama asks for leave, vmview and the check may see it now. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	r = demo_step(stage, &step);
	prctl(PR_SET_PTRACER, 0, 0, 0, 0);
	r = r ? r : guard_thread(stage, g);
	end_thread(g);
	munmap(g->stack, g->stack_size);
	g->stack = NULL;
	return r;
}

static int shrink_heap(struct demo_stage *stage, struct growth *g)
{
	struct demo_step step = {
		.call = demo_text(stage, "sbrk(-%zu);", MIB),
		.address = g->heap + MIB / 2,
		.look = "The end of [heap] moved down again: mark v, \"shrunk\". Here nothing is\n"
			"mapped any more. free does so when enough is free at the very end; one\n"
			"small block there that is still in use keeps everything below.",
		.expect = { .gone = true },
	};

	if (!take_heap_back(g))
		return demo_skip(stage, step.call,
				 "malloc has taken heap behind it meanwhile, so it has to stay");
	step.result = demo_text(stage, "the end is %p", sbrk(0));
	return demo_step(stage, &step);
}

static int grow_heap(struct demo_stage *stage, struct growth *g)
{
	const char *call = demo_text(stage, "char *h = sbrk(%zu);\nmemset(h, 'x', %zu);", MIB, MIB);
	struct demo_step step = { .call = call, .expect = expect_private(VM_KIND_HEAP, "rw-p", 0) };
	char *added = sbrk((intptr_t)MIB);
	int r;

	if (added == (void *)-1)
		return demo_skip(stage, call,
				 demo_text(stage,
					   "%s: RLIMIT_DATA (ulimit -d) is reached, or another\n"
					   "mapping lies behind the heap",
					   demo_errno(stage, errno)));
	g->heap = added;
	memset(added, 'x', MIB);
	step.address = added + MIB / 2;
	step.result =
		demo_text(stage, "%p, the end that was; it is now %p", (void *)added, sbrk(0));
	step.look = "The heap is one mapping whose end a program moves: with brk, or sbrk as\n"
		    "here. Row [heap], h in T: mark ^, \"grown\" by 1M, and so has RSS. It is\n"
		    "how malloc gets memory for small blocks.";
	step.expect.rss = DEMO_AT_LEAST(MIB);
	r = demo_step(stage, &step);
	return r ? r : shrink_heap(stage, g);
}

static int show_mapping(struct demo_stage *stage, const struct growth *g, const char *call,
			const char *look)
{
	struct demo_step step = {
		.call = call,
		.address = g->mapping,
		.look = look,
		.expect = expect_private(VM_KIND_ANON, "rw-p", g->mapping_size),
	};

	step.expect.rss = DEMO_EXACTLY(2 * g->page);
	return demo_step(stage, &step);
}

/* Two pages with a guard behind two more: where there is room and where not is known then. */
static int map_with_guard(struct demo_stage *stage, struct growth *g)
{
	size_t size = 5 * g->page;
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "memset(p, 'x', %zu);\n"
				     "mprotect(p + %zu, %zu, PROT_NONE);",
				     size, 2 * g->page, 4 * g->page, g->page);
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	g->guard = p + 4 * g->page;
	g->mapping = p;
	g->mapping_size = 4 * g->page;
	demo_set_apart(p, size);
	memset(p, 'x', 2 * g->page);
	if (mprotect(g->guard, g->page, PROT_NONE) == -1)
		return demo_give_up(stage, call);
	return show_mapping(
		stage, g, call,
		"Four pages, two of them in memory, and behind them a guard: a page ---p,\n"
		"[reserved], that the next steps will run into.");
}

static int resize_in_place(struct demo_stage *stage, struct growth *g)
{
	size_t small = 2 * g->page, large = 4 * g->page;
	const char *call = demo_text(stage, "mremap(p, %zu, %zu, 0);", large, small);
	int r;

	if (mremap(g->mapping, large, small, 0) == MAP_FAILED)
		return demo_give_up(stage, call);
	g->mapping_size = small;
	r = show_mapping(
		stage, g, call,
		"mremap changes the size of a mapping. Made smaller it stays where it is:\n"
		"mark v, \"shrunk\".");
	if (r)
		return r;
	call = demo_text(stage, "mremap(p, %zu, %zu, 0);", small, large);
	if (mremap(g->mapping, small, large, 0) == MAP_FAILED)
		return demo_give_up(stage, call);
	g->mapping_size = large;
	return show_mapping(
		stage, g, call,
		"And larger again: mark ^, \"grown\", for the addresses behind it were\n"
		"free. RSS does not change: new pages come when they are touched.");
}

static int no_room(struct demo_stage *stage, struct growth *g)
{
	const char *call =
		demo_text(stage, "mremap(p, %zu, %zu, 0);", g->mapping_size, 2 * g->mapping_size);
	void *p = mremap(g->mapping, g->mapping_size, 2 * g->mapping_size, 0);

	if (p != MAP_FAILED)
		g->mapping_size *= 2;
	return demo_fact(stage, call, p == MAP_FAILED && errno == ENOMEM,
			 p != MAP_FAILED ?
				 "it grew over the guard" :
				 demo_text(stage,
					   "MAP_FAILED, errno is %s:\nthe guard is in the way.",
					   demo_errno(stage, errno)));
}

static int move(struct demo_stage *stage, struct growth *g)
{
	size_t large = 2 * g->mapping_size;
	const char *call = demo_text(stage, "char *q = mremap(p, %zu, %zu, MREMAP_MAYMOVE);",
				     g->mapping_size, large);
	struct demo_step old = {
		.call = "(where it was)",
		.result = demo_text(stage, "%p", (void *)g->mapping),
		.address = g->mapping,
		.look = "At the old address nothing is left: pointers into it are wrong now. A\n"
			"realloc of a large block does just this.",
		.expect = { .gone = true },
	};
	char *q = mremap(g->mapping, g->mapping_size, large, MREMAP_MAYMOVE);
	int r;

	if (q == MAP_FAILED)
		return demo_give_up(stage, call);
	g->mapping = q;
	g->mapping_size = large;
	if (q[0] != 'x' || q[2 * g->page - 1] != 'x')
		return demo_fact(stage, call, false, "its content did not come along");
	r = show_mapping(stage, g, call,
			 "Allowed to move, it has found room: one row -, another + with twice the\n"
			 "SIZE. RSS came along: no byte was copied, the same pages in memory have\n"
			 "got other addresses. q[0] is still 'x'.");
	return r ? r : demo_step(stage, &old);
}

static int unmap(struct demo_stage *stage, struct growth *g)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(q, %zu);\nmunmap(p + %zu, %zu);", g->mapping_size,
				  4 * g->page, g->page),
		.result = "0 and 0",
		.address = g->mapping,
		.look = "The mapping and the guard are marked - and go.",
		.expect = { .gone = true },
	};

	if (munmap(g->mapping, g->mapping_size) == -1 || munmap(g->guard, g->page) == -1)
		return demo_give_up(stage, step.call);
	g->mapping = g->guard = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct growth * g) = {
		grow_stack,      thread_stack, grow_heap, map_with_guard,
		resize_in_place, no_room,      move,      unmap,
	};
	size_t page = demo_page_size();
	struct growth g = { .page = page, .stack_size = (STACK_PAGES + 1) * page };
	int r = 0;

	demo_on_cleanup(stage, undo, &g);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &g);
	undo(&g);
	demo_undone(stage, &g);
	return r;
}

const struct demo_scene demo_scene_growing = {
	.name = "growing",
	.title = "What grows: the stack, threads' stacks, the heap, and mremap",
	.teaches = "The main stack grows by itself, down to a limit; a thread's never does.\n"
		   "The heap ends where brk says. mremap makes any mapping larger or smaller,\n"
		   "and moves it where there is no room, without copying.",
	.run = run,
};
