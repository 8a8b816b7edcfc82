#include "scene.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

/* int f(void) { return 42; } */
#if defined(__x86_64__)
static const unsigned char machine_code[] = { 0xb8, 0x2a, 0, 0, 0, 0xc3 };
static const char assembly[] = "mov eax, 42; ret";
#elif defined(__aarch64__)
static const unsigned char machine_code[] = { 0x40, 5, 0x80, 0x52, 0xc0, 3, 0x5f, 0xd6 };
static const char assembly[] = "mov w0, #42; ret";
#else
static const unsigned char machine_code[] = { 0 };
static const char assembly[] = "";
#endif

struct memory {
	size_t page, size;
	char *pages, *middle;
	bool gone;
};

static void undo(void *data)
{
	struct memory *m = data;

	if (m->pages && !m->gone)
		munmap(m->pages, m->size);
	m->gone = true;
}

static int read_byte(void *address)
{
	return *(volatile char *)address;
}

static int write_byte(void *address)
{
	*(volatile char *)address = 'w';
	return 'w';
}

static int call_code(void *address)
{
	int (*function)(void);

	/* ISO C converts no object's address to a function's. */
	memcpy(&function, &address, sizeof(function));
	return function();
}

/* An access that must be refused because of the mapping's permissions. */
static int refused(struct demo_stage *stage, const char *call, int (*access)(void *), void *address,
		   int code)
{
	struct demo_fault fault = { 0 };

	if (!demo_try(stage, access, address, &fault))
		return demo_give_up(stage, call);
	if (fault.signal == 0)
		return demo_fact(stage, call, false, "the access was allowed");
	return demo_fact(
		stage, call, fault.signal == SIGSEGV && fault.code == code,
		demo_text(stage, "in a child process: %s", demo_fault_text(stage, &fault)));
}

static int show(struct demo_stage *stage, const char *call, void *address, const char *look,
		struct demo_expect expect)
{
	struct demo_step step = {
		.call = call, .address = address, .look = look, .expect = expect
	};

	/* The address stands below the result anyway; only the first call returns one. */
	step.result = strncmp(call, "char *p", 7) == 0 ? NULL : "0";
	step.expect.backing = VM_BACKING_ANONYMOUS;
	step.expect.sharing = VM_SHARING_PRIVATE;
	return demo_step(stage, &step);
}

static int map(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "memset(p, 'x', %zu);",
				     m->size, m->size);
	char *p = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	m->pages = p;
	m->middle = p + m->page;
	demo_set_apart(p, m->size);
	memset(p, 'x', m->size);
	return show(
		stage, call, p,
		demo_text(stage,
			  "A new row of three pages, %zuK, all in memory. PERM is rw-p: it can be\n"
			  "read and written, not executed, and it is private.",
			  m->size / 1024),
		(struct demo_expect){ .kind = VM_KIND_ANON,
				      .perms = "rw-p",
				      .size = m->size,
				      .rss = DEMO_EXACTLY(m->size) });
}

static int make_readonly(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "mprotect(p + %zu, %zu, PROT_READ);", m->page, m->page);
	int r;

	if (mprotect(m->middle, m->page, PROT_READ) == -1)
		return demo_give_up(stage, call);
	r = show(stage, call, m->middle,
		 "The middle page may only be read now. A mapping has one set of\n"
		 "permissions, so the kernel has cut it in three: mark /, \"split\".\n"
		 "Between two rows rw-p there is one row r--p. RSS stays.",
		 (struct demo_expect){ .kind = VM_KIND_ANON,
				       .perms = "r--p",
				       .size = m->page,
				       .rss = DEMO_EXACTLY(m->page) });
	r = r ? r :
		show(stage, "(the first of the three)", m->pages,
		     "The first page kept what it had: PERM rw-p, and RSS is all of SIZE.",
		     (struct demo_expect){ .kind = VM_KIND_ANON,
					   .perms = "rw-p",
					   .size = m->page,
					   .rss = DEMO_EXACTLY(m->page) });
	return r ? r :
		   refused(stage, demo_text(stage, "p[%zu] = 'w';", m->page), write_byte, m->middle,
			   SEGV_ACCERR);
}

static int forbid_all(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "mprotect(p + %zu, %zu, PROT_NONE);", m->page, m->page);
	int r;

	if (mprotect(m->middle, m->page, PROT_NONE) == -1)
		return demo_give_up(stage, call);
	r = show(stage, call, m->middle,
		 "No access at all: PERM is ---p, mark ~, and MAPPING says [reserved], the\n"
		 "way guard pages look. RSS is still one page: protection takes away\n"
		 "access, not memory. What was written is still there.",
		 (struct demo_expect){ .kind = VM_KIND_RESERVED,
				       .perms = "---p",
				       .size = m->page,
				       .rss = DEMO_EXACTLY(m->page) });
	return r ? r :
		   refused(stage, demo_text(stage, "char c = p[%zu];", m->page), read_byte,
			   m->middle, SEGV_ACCERR);
}

static int allow_again(struct demo_stage *stage, struct memory *m)
{
	const char *call =
		demo_text(stage, "mprotect(p + %zu, %zu, PROT_READ|PROT_WRITE);", m->page, m->page);
	int r;

	if (mprotect(m->middle, m->page, PROT_READ | PROT_WRITE) == -1)
		return demo_give_up(stage, call);
	r = show(stage, call, m->middle,
		 "Three neighbours with the same permissions: the kernel has made one of\n"
		 "them again. Mark =, \"merged\".",
		 (struct demo_expect){ .kind = VM_KIND_ANON,
				       .perms = "rw-p",
				       .size = m->size,
				       .rss = DEMO_EXACTLY(m->size) });
	return r ? r :
		   demo_fact(stage, demo_text(stage, "char c = p[%zu];", m->page),
			     m->middle[0] == 'x',
			     demo_text(stage, "c is '%c': the page has kept its content",
				       m->middle[0]));
}

/* What reading does here is up to the processor; both answers are right. */
static int write_only(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "mprotect(p, %zu, PROT_WRITE);", m->size);
	struct demo_fault fault = { 0 };
	int r;

	if (mprotect(m->pages, m->size, PROT_WRITE) == -1)
		return demo_give_up(stage, call);
	r = show(stage, call, m->pages,
		 "Writing but not reading: PERM is -w-p, mark ~ in front of the row.",
		 (struct demo_expect){ .kind = VM_KIND_ANON,
				       .perms = "-w-p",
				       .size = m->size,
				       .rss = DEMO_EXACTLY(m->size) });
	if (r)
		return r;
	call = "char c = p[0];";
	if (!demo_try(stage, read_byte, m->pages, &fault))
		return demo_give_up(stage, call);
	return demo_fact(
		stage, call, true,
		fault.signal ?
			demo_text(stage, "in a child process: %s", demo_fault_text(stage, &fault)) :
			"allowed all the same! This processor cannot let a page be written\n"
			"without letting it be read. PERM is what was asked for; what is\n"
			"enforced is what the hardware can do.");
}

static int put_code(struct demo_stage *stage, struct memory *m)
{
	const char *call;

	call = demo_text(stage, "mprotect(p, %zu, PROT_READ|PROT_WRITE);", m->size);
	if (mprotect(m->pages, m->size, PROT_READ | PROT_WRITE) == -1)
		return demo_give_up(stage, call);
	memcpy(m->pages, machine_code, sizeof(machine_code));
	call = demo_text(stage,
			 "%s\n"
			 "memcpy(p, machine_code, %zu); /* %s */\n"
			 "int n = ((int (*)(void))p)();",
			 call, sizeof(machine_code), assembly);
	return refused(stage, call, call_code, m->pages, SEGV_ACCERR);
}

static int execute(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "mprotect(p, %zu, PROT_READ|PROT_EXEC);", m->size);
	int r, n;

	if (mprotect(m->pages, m->size, PROT_READ | PROT_EXEC) == -1) {
		if (errno != EACCES && errno != EPERM)
			return demo_give_up(stage, call);
		return demo_skip(
			stage, call,
			"a security module (SELinux: execmem) lets no program write code and\n"
			"then run it; where that is off, this step works");
	}
	/* Processors with a cache of their own for code must be told of new code. */
	__builtin___clear_cache(m->pages, m->pages + sizeof(machine_code));
	r = show(stage, call, m->pages,
		 "PERM is r-xp: data has become code. This is how a compiler that works at\n"
		 "run time (a JIT) makes functions. A program's own code looks like this\n"
		 "as well, with its file in MAPPING and an x in T.",
		 (struct demo_expect){ .kind = VM_KIND_ANON,
				       .perms = "r-xp",
				       .size = m->size,
				       .rss = DEMO_EXACTLY(m->size) });
	if (r)
		return r;
	n = call_code(m->pages);
	r = demo_fact(stage, "int n = ((int (*)(void))p)();", n == 42,
		      demo_text(stage, "n is %d: the bytes were executed", n));
	return r ? r : refused(stage, "p[0] = 'w';", write_byte, m->pages, SEGV_ACCERR);
}

static int write_and_execute(struct demo_stage *stage, struct memory *m)
{
	const char *call =
		demo_text(stage, "mprotect(p, %zu, PROT_READ|PROT_WRITE|PROT_EXEC);", m->size);

	if (mprotect(m->pages, m->size, PROT_READ | PROT_WRITE | PROT_EXEC) == -1) {
		if (errno != EACCES && errno != EPERM)
			return demo_give_up(stage, call);
		return demo_skip(stage, call, "a security module allows no such mapping");
	}
	return show(stage, call, m->pages,
		    "PERM is rwxp, and vmview warns: ! and !W+X in red. Whoever can make the\n"
		    "program write here can make it run anything; have write or execute,\n"
		    "one at a time.",
		    (struct demo_expect){ .kind = VM_KIND_ANON,
					  .perms = "rwxp",
					  .size = m->size,
					  .rss = DEMO_EXACTLY(m->size) });
}

static int run_code(struct demo_stage *stage, struct memory *m)
{
	int r;

	if (!assembly[0])
		return demo_skip(stage, "int n = ((int (*)(void))p)();",
				 "this scene has machine code for x86-64 and arm64 only");
	r = put_code(stage, m);
	r = r ? r : execute(stage, m);
	return r ? r : write_and_execute(stage, m);
}

static int unmap(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage, "munmap(p, %zu);", m->size);
	int r;

	if (munmap(m->pages, m->size) == -1)
		return demo_give_up(stage, call);
	m->gone = true;
	r = show(stage, call, m->pages, "The row is marked - and goes.",
		 (struct demo_expect){ .gone = true });
	return r ? r : refused(stage, "char c = p[0];", read_byte, m->pages, SEGV_MAPERR);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct memory * m) = {
		map, make_readonly, forbid_all, allow_again, write_only, run_code, unmap,
	};
	size_t page = demo_page_size();
	struct memory m = { .page = page, .size = 3 * page };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_protections = {
	.name = "protections",
	.title = "Who may do what: PROT_READ, PROT_WRITE, PROT_EXEC, PROT_NONE",
	.teaches = "Every mapping has permissions, and the processor enforces them.\n"
		   "mprotect of a part splits a mapping; made equal again, the parts merge.\n"
		   "A forbidden access is SIGSEGV: SEGV_ACCERR, or SEGV_MAPERR where nothing is.",
	.run = run,
};
