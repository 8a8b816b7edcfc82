#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

struct memory {
	size_t page, size;
	char *pages;              /* of the step at hand; NULL: none */
	unsigned long long limit; /* RLIMIT_MEMLOCK */
	bool locked;              /* mlock worked */
	int fd;
};

static void unmap(struct memory *m)
{
	if (m->pages)
		munmap(m->pages, m->size);
	m->pages = NULL;
}

static void undo(void *data)
{
	struct memory *m = data;

	unmap(m);
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
}

/* Not by mlock() and munlock(): AddressSanitizer replaces these by some that do nothing. */
static long lock_pages(const void *address, size_t size)
{
	return syscall(SYS_mlock, address, size);
}

static long unlock_pages(const void *address, size_t size)
{
	return syscall(SYS_munlock, address, size);
}

static struct demo_expect expect_anon(size_t size, size_t rss, size_t locked)
{
	return (struct demo_expect){
		.kind = VM_KIND_ANON,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_PRIVATE,
		.perms = "rw-p",
		.size = size,
		.rss = DEMO_EXACTLY(rss),
		.locked = DEMO_EXACTLY(locked),
	};
}

static bool map_anonymous(struct memory *m, int flags)
{
	char *p = mmap(NULL, m->size, PROT_READ | PROT_WRITE, ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		return false;
	m->pages = p;
	demo_set_apart(p, m->size);
	return true;
}

/* The limit, or a failure of another kind. */
static int cannot_lock(struct demo_stage *stage, const struct memory *m, const char *call)
{
	if (errno != ENOMEM && errno != EPERM && errno != EAGAIN)
		return demo_give_up(stage, call);
	return demo_skip(
		stage, call,
		demo_text(stage,
			  "%s: RLIMIT_MEMLOCK allows %llu bytes.\n"
			  "A higher limit (ulimit -l, limits.conf) or CAP_IPC_LOCK would help.",
			  demo_errno(stage, errno), m->limit));
}

static int tell_limit(struct demo_stage *stage, struct memory *m)
{
	const char *call = "getrlimit(RLIMIT_MEMLOCK, &limit);";
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) == -1)
		return demo_give_up(stage, call);
	m->limit = limit.rlim_cur;
	demo_say(stage, "Memory in use can be taken away for a while: swapped out, or dropped\n"
			"where a file has it. Locked memory stays. Who needs that: secrets that\n"
			"must not reach a disk, and programs that must not wait for one.");
	return demo_fact(
		stage, call, true,
		limit.rlim_cur == RLIM_INFINITY ?
			"no limit on locked memory" :
			demo_text(
				stage,
				"%llu bytes may be locked by this process (%lluK), for locked memory is\n"
				"taken from everybody. Privileged processes are not limited.",
				m->limit, m->limit / 1024));
}

static int lock(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "mlock(p, %zu);",
				     m->size, m->size);
	struct demo_step step = { .call = call, .expect = expect_anon(m->size, m->size, m->size) };

	if (!map_anonymous(m, 0))
		return demo_give_up(stage, call);
	if (lock_pages(m->pages, m->size) == -1)
		return cannot_lock(stage, m, call);
	m->locked = true;
	step.address = m->pages;
	step.look =
		demo_text(stage,
			  "RSS is %zuK, all of SIZE, although nothing was touched: mlock brings\n"
			  "every page into memory first. LOCK (F2 shows that column) is the same,\n"
			  "LOCKED in the header has grown, and the explain pane says locked.",
			  m->size / 1024);
	return demo_step(stage, &step);
}

static int unlock_half(struct demo_stage *stage, struct memory *m)
{
	size_t half = m->size / 2;
	const char *call = demo_text(stage, "munlock(p + %zu, %zu);", half, half);
	struct demo_step step = { .call = call,
				  .result = "0",
				  .expect = expect_anon(half, half, 0) };
	int r;

	if (unlock_pages(m->pages + half, half) == -1)
		return demo_give_up(stage, call);
	step.address = m->pages + half;
	step.look = "Locked or not is said of a whole mapping, so it was cut in two (mark /).\n"
		    "This half is not locked any more: LOCK 0. Its pages are still in\n"
		    "memory: RSS stays until the kernel needs them elsewhere.";
	r = demo_step(stage, &step);
	if (r)
		return r;
	step.call = "(the first half)";
	step.address = m->pages;
	step.look = "This half is still locked: LOCK is as large as RSS.";
	step.expect = expect_anon(half, half, half);
	return demo_step(stage, &step);
}

static int lock_and_unlock(struct demo_stage *stage, struct memory *m)
{
	int r;

	r = lock(stage, m);
	if (r == 0 && m->locked)
		r = unlock_half(stage, m);
	unmap(m);
	return r;
}

static int lock_by_flag(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "munmap(p, %zu); /* the one before */\n"
				     "p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "         MAP_PRIVATE|MAP_ANONYMOUS|MAP_LOCKED, -1, 0);",
				     m->size, m->size);
	struct demo_step step = { .call = call, .expect = expect_anon(m->size, m->size, m->size) };
	int r;

	if (!map_anonymous(m, MAP_LOCKED))
		return cannot_lock(stage, m, call);
	step.address = m->pages;
	step.look = "mmap and mlock in one call: RSS and LOCK are as large as SIZE.";
	r = demo_step(stage, &step);
	unmap(m);
	return r;
}

static int lock_on_fault(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "munmap(p, %zu); /* the one before */\n"
				     "p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "         MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);\n"
				     "mlock2(p, %zu, MLOCK_ONFAULT);\n"
				     "p[0] = 'x';",
				     m->size, m->size, m->size);
	struct demo_step step = { .call = call, .expect = expect_anon(m->size, m->page, m->page) };
	int r;

	if (!map_anonymous(m, 0))
		return demo_give_up(stage, call);
	if (mlock2(m->pages, m->size, MLOCK_ONFAULT) == -1) {
		r = errno == ENOSYS ? demo_skip(stage, call, "mlock2 needs Linux 4.4 or newer") :
				      cannot_lock(stage, m, call);
		unmap(m);
		return r;
	}
	m->pages[0] = 'x';
	step.address = m->pages;
	step.look =
		demo_text(stage,
			  "With MLOCK_ONFAULT pages are locked as they come, not fetched at once:\n"
			  "one page was touched, so RSS and LOCK are %zuK.",
			  m->page / 1024);
	r = demo_step(stage, &step);
	unmap(m);
	return r;
}

/* In a child: its limit is its own. */
static int lock_beyond_limit(void *data)
{
	struct memory *m = data;
	struct rlimit limit = { m->page, m->page };

	if (setrlimit(RLIMIT_MEMLOCK, &limit) == -1)
		return errno;
	return lock_pages(m->pages, m->size) == -1 ? errno : 0;
}

static int exceed_limit(struct demo_stage *stage, struct memory *m)
{
	const char *call = demo_text(stage,
				     "struct rlimit limit = { %zu, %zu };\n"
				     "setrlimit(RLIMIT_MEMLOCK, &limit); /* in a child */\n"
				     "mlock(p, %zu);",
				     m->page, m->page, m->size);
	struct demo_fault fault = { 0 };
	bool tried;

	/* A hard limit that is lower than this already does as well, but not for this lesson. */
	if (m->limit < m->page)
		return demo_skip(stage, call, "RLIMIT_MEMLOCK is below one page already");
	if (!map_anonymous(m, 0))
		return demo_give_up(stage, call);
	tried = demo_try(stage, lock_beyond_limit, m, &fault);
	unmap(m);
	if (!tried)
		return demo_give_up(stage, call);
	if (fault.signal == 0 && fault.status == 0)
		return demo_skip(
			stage, call,
			"mlock went beyond the limit: this process is privileged\n"
			"(CAP_IPC_LOCK). Run it as an ordinary user to see the limit work.");
	return demo_fact(
		stage, call, fault.status == ENOMEM,
		demo_text(stage,
			  "%s: the limit allows one page.\n"
			  "Without privileges a process cannot take memory from everybody.",
			  demo_errno(stage, fault.status)));
}

static int populate(struct demo_stage *stage, struct memory *m)
{
	const char *call =
		demo_text(stage,
			  "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
			  "               MAP_PRIVATE|MAP_ANONYMOUS|MAP_POPULATE, -1, 0);",
			  m->size);
	struct demo_step step = { .call = call, .expect = expect_anon(m->size, m->size, 0) };
	int r;

	if (!map_anonymous(m, MAP_POPULATE))
		return demo_give_up(stage, call);
	step.address = m->pages;
	step.look =
		demo_text(stage,
			  "MAP_POPULATE fetches every page at once, too: RSS is %zuK. But nothing\n"
			  "is locked: LOCK is 0. It saves the page faults to come, no more.",
			  m->size / 1024);
	r = demo_step(stage, &step);
	unmap(m);
	return r;
}

static int populate_file(struct demo_stage *stage, struct memory *m)
{
	const char *path, *call;
	struct demo_step step = {
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "r--p",
			    .size = m->size,
			    .rss = DEMO_EXACTLY(m->size) },
	};
	char *p;

	m->fd = demo_file(stage, "populated", m->size, "read ahead of time\n", &path);
	if (m->fd == -1)
		return -ECANCELED;
	call = demo_text(stage,
			 "int fd = open(\"%s\", O_RDWR);\n"
			 "p = mmap(NULL, %zu, PROT_READ,\n"
			 "         MAP_PRIVATE|MAP_POPULATE, fd, 0);",
			 path, m->size);
	p = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, m->fd, 0);
	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	step.call = call;
	m->pages = p;
	step.address = p;
	step.look = "A file's pages are read in with the mmap, ahead of the first access.";
	return demo_step(stage, &step);
}

static int finish(struct demo_stage *stage, struct memory *m)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);", m->size),
		.result = "0",
		.address = m->pages,
		.look = "The row goes. Unmapping unlocks as well: LOCKED in the header is again\n"
			"what it was.",
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
		tell_limit,   lock_and_unlock, lock_by_flag,  lock_on_fault,
		exceed_limit, populate,        populate_file, finish,
	};
	size_t page = demo_page_size();
	struct memory m = { .page = page, .size = 4 * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &m);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &m);
	undo(&m);
	demo_undone(stage, &m);
	return r;
}

const struct demo_scene demo_scene_locked = {
	.name = "locked",
	.title = "Memory that stays: mlock and MAP_LOCKED; MAP_POPULATE",
	.teaches = "Locked memory is brought in at once and is never taken away.\n"
		   "RLIMIT_MEMLOCK says how much of it an ordinary process may have.\n"
		   "MAP_POPULATE brings pages in, too, but does not hold them.",
	.run = run,
};
