#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

struct segment {
	size_t page;
	size_t asked, size; /* bytes: as given to shmget, and rounded up */
	int id;             /* -1: none, or marked for removal */
	char *first, *second;
};

static void undo(void *data)
{
	struct segment *s = data;

	if (s->first)
		shmdt(s->first);
	if (s->second)
		shmdt(s->second);
	if (s->id != -1)
		shmctl(s->id, IPC_RMID, NULL);
	s->first = s->second = NULL;
	s->id = -1;
}

static struct demo_expect expect_segment(const struct segment *s, const char *perms, size_t rss)
{
	return (struct demo_expect){
		.kind = VM_KIND_SYSV_SHM,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_SHARED,
		.perms = perms,
		.size = s->size,
		.rss = DEMO_EXACTLY(rss),
	};
}

/* Limits and kernels without System V are the machine's matter, not a mistake. */
static int cannot_get(struct demo_stage *stage, const char *call)
{
	const char *reason = NULL;
	int r;

	if (errno == ENOSYS)
		reason = "this kernel was built without System V IPC (CONFIG_SYSVIPC)";
	else if (errno == ENOSPC || errno == EINVAL || errno == ENOMEM)
		reason = demo_text(stage,
				   "%s: a limit on shared memory is reached; see ipcs -lm,\n"
				   "and ipcs -m for segments that somebody has left behind",
				   demo_errno(stage, errno));
	else
		return demo_give_up(stage, call);
	r = demo_skip(stage, call, reason);
	return r ? r : -ECANCELED;
}

static int create(struct demo_stage *stage, struct segment *s)
{
	const char *call =
		demo_text(stage, "int id = shmget(IPC_PRIVATE, %zu, IPC_CREAT|0600);", s->asked);
	int id = shmget(IPC_PRIVATE, s->asked, IPC_CREAT | 0600);

	if (id == -1)
		return cannot_get(stage, call);
	s->id = id;
	demo_say(stage, "System V shared memory is the oldest way to memory that processes share.\n"
			"It needs no file and no descriptor: a segment has a number, its id.");
	return demo_fact(
		stage, call, true,
		demo_text(stage,
			  "id %d. The kernel has a segment now (ipcs -m lists it), but no\n"
			  "process has it in its address space: vmview shows nothing new.",
			  id));
}

static int attach(struct demo_stage *stage, struct segment *s)
{
	const char *call = demo_text(stage, "char *p = shmat(%d, NULL, 0);", s->id);
	struct demo_step step = { .call = call, .expect = expect_segment(s, "rw-s", 0) };
	void *p = shmat(s->id, NULL, 0);

	if (p == (void *)-1)
		return demo_give_up(stage, call);
	s->first = p;
	step.address = p;
	step.look =
		demo_text(stage,
			  "shmat is this segment's mmap: a new row, marked +, with the letter s\n"
			  "in T. PERM is rw-s: s for shared. MAPPING is /SYSV and the key, 0\n"
			  "for IPC_PRIVATE; no such file exists, and its pages are anonymous.\n"
			  "SIZE is %zuK: %zu bytes rounded up to whole pages. RSS is 0.",
			  s->size / 1024, s->asked);
	return demo_step(stage, &step);
}

static int mark_for_removal(struct demo_stage *stage, struct segment *s)
{
	const char *call = demo_text(stage, "shmctl(%d, IPC_RMID, NULL);", s->id);
	struct demo_step step = {
		.call = call,
		.result = "0",
		.address = s->first,
		.look = "Nothing changes: the segment lives until the last process detaches it.\n"
			"Without this call it would stay even after that, until the machine is\n"
			"switched off: nothing else ever removes a System V segment. Calling it\n"
			"right after shmat is how a crash leaves nothing behind.",
		.expect = expect_segment(s, "rw-s", 0),
	};

	if (shmctl(s->id, IPC_RMID, NULL) == -1)
		return demo_give_up(stage, call);
	s->id = -1;
	return demo_step(stage, &step);
}

static int write_two_pages(struct demo_stage *stage, struct segment *s)
{
	struct demo_step step = {
		.call = demo_text(stage, "p[0] = 'a'; p[%zu] = 'b';", s->page),
		.result = "two pages written",
		.address = s->first,
		.look = demo_text(
			stage,
			"RSS and DIRTY are %zuK: two of three pages are in memory. They came\n"
			"when they were touched, as with any other mapping.",
			2 * s->page / 1024),
		.expect = expect_segment(s, "rw-s", 2 * s->page),
	};

	s->first[0] = 'a';
	s->first[s->page] = 'b';
	step.expect.private_dirty = DEMO_EXACTLY(2 * s->page);
	step.expect.shared_now = DEMO_EXACTLY(0);
	return demo_step(stage, &step);
}

/* Linux lets a segment be attached again although it is marked for removal; others do not. */
static int attach_again(struct demo_stage *stage, struct segment *s, int id)
{
	const char *call = demo_text(stage, "const char *q = shmat(%d, NULL, SHM_RDONLY);", id);
	struct demo_step step = { .call = call, .expect = expect_segment(s, "r--s", 0) };
	void *q = shmat(id, NULL, SHM_RDONLY);

	if (q == (void *)-1)
		return demo_give_up(stage, call);
	s->second = q;
	step.address = q;
	step.look = "The same segment a second time, at another address and read-only: PERM\n"
		    "is r--s. RSS of this row is 0: which pages of a segment are in use is\n"
		    "counted for each mapping by itself.";
	return demo_step(stage, &step);
}

static int read_second(struct demo_stage *stage, struct segment *s)
{
	volatile const char *q = s->second;
	char seen = q[0];
	struct demo_step step = {
		.call = "char c = q[0];",
		.result = demo_text(stage, "'%c', as was written through p", seen),
		.address = s->second,
		.look = "One page in memory, mapped twice: it counts in RSS of both rows, and\n"
			"half in PSS of each. (A read often brings the neighbouring page along,\n"
			"where it is in memory anyway.)",
		.expect = expect_segment(s, "r--s", s->page),
	};

	if (seen != 'a')
		return demo_fact(stage, step.call, false,
				 "not the byte that was written through p");
	/* How many neighbours a read fault maps is a setting of the kernel's: fault_around_bytes. */
	step.expect.rss = DEMO_BETWEEN(s->page, 2 * s->page);
	step.expect.shared_now = step.expect.rss;
	return demo_step(stage, &step);
}

static int child_main(void *data, int commands)
{
	const struct segment *s = data;
	char command;

	while (read(commands, &command, 1) == 1) {
		s->first[0] = 'c';
		if (write(commands, &command, 1) != 1)
			break;
	}
	return 0;
}

static int child_writes(struct demo_stage *stage, struct segment *s)
{
	volatile const char *p = s->first;
	const char *call = "if (fork() == 0)\n        p[0] = 'c';";
	struct demo_step step = { .call = call,
				  .address = s->first,
				  .expect = expect_segment(s, "rw-s", s->page) };
	pid_t child = demo_fork(stage, child_main, s);
	int r;

	if (child == -1)
		return demo_give_up(stage, call);
	if (!demo_tell(stage, child, 'w') || p[0] != 'c')
		return demo_fact(stage, call, false, "p[0] of the parent is not 'c'");
	step.pid = child;
	step.result = demo_text(stage, "p[0] of the parent is '%c', too", p[0]);
	step.look =
		demo_text(stage,
			  "A child has the parent's attached segments. This row is the child's\n"
			  "(process %d): it has touched one page, so its RSS is %zuK. The page\n"
			  "is the parent's as well: nothing was copied, and both see 'c'.",
			  (int)child, s->page / 1024);
	step.expect.shared_now = DEMO_EXACTLY(s->page);
	r = demo_step(stage, &step);
	demo_end(stage, child);
	return r;
}

static int detach(struct demo_stage *stage, struct segment *s, int id)
{
	struct shmid_ds info;
	struct demo_step step = {
		.call = "shmdt(q);\nshmdt(p);",
		.result = "0 and 0",
		.address = s->first,
		.look = "Both rows are marked - and go. shmdt wants only the address: it knows\n"
			"the size, munmap does not.",
		.expect = { .gone = true },
	};
	int r;

	if (shmdt(s->second) == -1 || shmdt(s->first) == -1)
		return demo_give_up(stage, step.call);
	s->first = s->second = NULL;
	r = demo_step(stage, &step);
	if (r)
		return r;
	r = shmctl(id, IPC_STAT, &info);
	return demo_fact(
		stage, demo_text(stage, "shmctl(%d, IPC_STAT, &info);", id), r == -1,
		r == 0 ? "the segment is still there" :
			 demo_text(stage,
				   "%s: there is no such segment any more.\n"
				   "It went with the last shmdt, for it was marked for removal.",
				   demo_errno(stage, errno)));
}

static int run_steps(struct demo_stage *stage, struct segment *s)
{
	int r, id;

	r = create(stage, s);
	id = s->id;
	r = r ? r : attach(stage, s);
	r = r ? r : mark_for_removal(stage, s);
	r = r ? r : write_two_pages(stage, s);
	r = r ? r : attach_again(stage, s, id);
	r = r ? r : read_second(stage, s);
	r = r ? r : child_writes(stage, s);
	return r ? r : detach(stage, s, id);
}

static int run(struct demo_stage *stage)
{
	size_t page = demo_page_size();
	struct segment s = { .page = page, .asked = 2 * page + 1, .size = 3 * page, .id = -1 };
	int r;

	demo_on_cleanup(stage, undo, &s);
	r = run_steps(stage, &s);
	undo(&s);
	demo_undone(stage, &s);
	return r;
}

const struct demo_scene demo_scene_sysv_shm = {
	.name = "sysv-shm",
	.title = "System V shared memory: shmget and shmat",
	.teaches = "A segment is shared memory with a number instead of a name or descriptor.\n"
		   "It outlives processes unless it is marked for removal.\n"
		   "Its pages are anonymous, although the kernel prints a name for it.",
	.run = run,
};
