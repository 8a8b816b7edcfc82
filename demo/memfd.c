#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct object {
	size_t page, size;
	int fd;
	char *shared, *copy; /* MAP_SHARED and MAP_PRIVATE of the same */
};

static void undo(void *data)
{
	struct object *o = data;

	if (o->shared)
		munmap(o->shared, o->size);
	if (o->copy)
		munmap(o->copy, o->size);
	if (o->fd != -1)
		close(o->fd);
	o->shared = o->copy = NULL;
	o->fd = -1;
}

static struct demo_expect expect_memfd(const struct object *o, bool shared, size_t rss)
{
	return (struct demo_expect){
		.kind = VM_KIND_MEMFD,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = shared ? VM_SHARING_SHARED : VM_SHARING_PRIVATE,
		.perms = shared ? "rw-s" : "rw-p",
		.size = o->size,
		.rss = DEMO_EXACTLY(rss),
	};
}

static int create(struct demo_stage *stage, struct object *o)
{
	const char *call = "int fd = memfd_create(\"course\", MFD_CLOEXEC|MFD_ALLOW_SEALING);";
	int fd = memfd_create("course", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int r;

	if (fd == -1 && errno == ENOSYS) {
		r = demo_skip(stage, call, "this kernel has no memfd_create: 3.17 or newer has it");
		return r ? r : -ECANCELED;
	}
	if (fd == -1)
		return demo_give_up(stage, call);
	o->fd = fd;
	return demo_fact(
		stage, call, true,
		demo_text(stage,
			  "descriptor %d. It is a file in memory that stands in no folder:\n"
			  "like shm_open and an immediate shm_unlink, but nobody else can\n"
			  "open it by name, and nothing can be left behind.",
			  fd));
}

static int set_size(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage, "ftruncate(%d, %zu);", o->fd, o->size);

	if (ftruncate(o->fd, (off_t)o->size) == -1)
		return demo_give_up(stage, call);
	return demo_fact(stage, call, true,
			 "0. A new object is empty; its size is set as that of any file.");
}

static int map_shared(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_SHARED, %d, 0);",
				     o->size, o->fd);
	struct demo_step step = { .call = call, .expect = expect_memfd(o, true, 0) };
	char *p = mmap(NULL, o->size, PROT_READ | PROT_WRITE, MAP_SHARED, o->fd, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	o->shared = p;
	step.address = p;
	step.look = "A new row, marked +. MAPPING is /memfd:course, the name given above: it\n"
		    "only serves to tell such objects apart. T is s, as for all the ways to\n"
		    "shared memory, and PERM is rw-s. RSS is 0, for nothing was touched.";
	return demo_step(stage, &step);
}

static int write_shared(struct demo_stage *stage, struct object *o)
{
	struct demo_step step = { .call = "strcpy(p, \"hello\");\npread(fd, buffer, 6, 0);",
				  .address = o->shared,
				  .expect = expect_memfd(o, true, o->page) };
	char buffer[6] = "";

	memcpy(o->shared, "hello", 6);
	if (pread(o->fd, buffer, sizeof(buffer), 0) != sizeof(buffer) ||
	    memcmp(buffer, "hello", 6) != 0)
		return demo_fact(stage, step.call, false, "pread did not return \"hello\"");
	step.result = "buffer is \"hello\"";
	step.look =
		demo_text(stage,
			  "RSS is %zuK: one page. What is written to the mapping is at once in\n"
			  "the file, for the mapping's pages are the file's only pages.",
			  o->page / 1024);
	step.expect.private_dirty = DEMO_EXACTLY(o->page);
	return demo_step(stage, &step);
}

static int map_private(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage,
				     "char *q = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE, %d, 0);\n"
				     "char c = q[0];",
				     o->size, o->fd);
	struct demo_step step = { .call = call, .expect = expect_memfd(o, false, o->page) };
	volatile char *q = mmap(NULL, o->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, o->fd, 0);

	if (q == MAP_FAILED)
		return demo_give_up(stage, call);
	o->copy = (char *)(uintptr_t)q;
	if (q[0] != 'h')
		return demo_fact(stage, call, false, "q[0] is not what was written through p");
	step.address = o->copy;
	step.result = demo_text(stage, "q is %p, c is 'h'", step.address);
	step.look = "The same object once more, private this time: PERM is rw-p. It shows\n"
		    "what is in the object: page 0 is one page in memory, counted in RSS of\n"
		    "both rows and half in PSS of each.";
	step.expect.shared_now = DEMO_EXACTLY(o->page);
	return demo_step(stage, &step);
}

static int write_private(struct demo_stage *stage, struct object *o)
{
	struct demo_step step = { .call = "q[0] = 'J';",
				  .address = o->copy,
				  .result = "q is \"Jello\", p is still \"hello\"",
				  .expect = expect_memfd(o, false, o->page) };

	o->copy[0] = 'J';
	if (o->shared[0] != 'h')
		return demo_fact(stage, step.call, false, "p changed as well");
	step.look =
		demo_text(stage,
			  "The write made a copy of the page, for q alone. RSS is unchanged, but\n"
			  "PSS is all of it, and so is USS (F2 shows that column), %zuK: q has a\n"
			  "page that no longer belongs to the object.",
			  o->page / 1024);
	step.expect.private_dirty = DEMO_EXACTLY(o->page);
	step.expect.shared_now = DEMO_EXACTLY(0);
	return demo_step(stage, &step);
}

static int seal(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage,
				     "fcntl(%d, F_ADD_SEALS, F_SEAL_SHRINK);\n"
				     "ftruncate(%d, 0);",
				     o->fd, o->fd);
	int r;

	if (fcntl(o->fd, F_ADD_SEALS, F_SEAL_SHRINK) == -1)
		return demo_give_up(stage, call);
	r = ftruncate(o->fd, 0);
	return demo_fact(
		stage, call, r == -1 && errno == EPERM,
		r == 0 ?
			"the sealed object was cut all the same" :
			demo_text(
				stage,
				"0 and %s.\n"
				"A seal cannot be taken off again. Whoever receives the object may\n"
				"rely on it: nobody cuts it, so no access will end in SIGBUS.",
				demo_errno(stage, errno)));
}

static int child_main(void *data, int commands)
{
	const struct object *o = data;
	char command;

	while (read(commands, &command, 1) == 1) {
		/* By the descriptor, as a process would that was sent it over a socket. */
		if (pwrite(o->fd, "child", 6, 0) != 6)
			return 1;
		o->shared[o->page] = 'x';
		if (write(commands, &command, 1) != 1)
			break;
	}
	return 0;
}

static int child_writes(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage,
				     "if (fork() == 0) {\n"
				     "        pwrite(fd, \"child\", 6, 0);\n"
				     "        p[%zu] = 'x';\n"
				     "}",
				     o->page);
	struct demo_step step = { .call = call,
				  .address = o->shared,
				  .expect = expect_memfd(o, true, o->page) };
	pid_t child = demo_fork(stage, child_main, o);
	int r;

	if (child == -1)
		return demo_give_up(stage, call);
	if (!demo_tell(stage, child, 'w') || memcmp(o->shared, "child", 6) != 0 ||
	    o->shared[o->page] != 'x')
		return demo_fact(stage, call, false,
				 "the parent does not see what the child wrote");
	step.pid = child;
	step.result = "in the parent p is \"child\", and the 'x' is there";
	step.look =
		demo_text(stage,
			  "The child (process %d) inherited the descriptor and the mapping;\n"
			  "an unrelated process would be sent the descriptor over a socket. In\n"
			  "the child's row RSS is %zuK: it touched one page through p.",
			  (int)child, o->page / 1024);
	step.expect.shared_now = DEMO_EXACTLY(o->page);
	r = demo_step(stage, &step);
	demo_end(stage, child);
	return r;
}

static int close_descriptor(struct demo_stage *stage, struct object *o)
{
	struct demo_step step = {
		.call = demo_text(stage, "close(%d);", o->fd),
		.result = "0; p is still \"child\"",
		.address = o->shared,
		.look = "Nothing changes: a mapping holds the object by itself, the descriptor\n"
			"was only needed for mmap.",
		.expect = expect_memfd(o, true, 2 * o->page),
	};

	if (close(o->fd) == -1)
		return demo_give_up(stage, step.call);
	o->fd = -1;
	return demo_step(stage, &step);
}

static int unmap(struct demo_stage *stage, struct object *o)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(q, %zu);\nmunmap(p, %zu);", o->size, o->size),
		.result = "0 and 0",
		.address = o->shared,
		.look = "Both rows are marked - and go. With the last mapping the object is gone\n"
			"as well, and its memory is free again.",
		.expect = { .gone = true },
	};

	if (munmap(o->copy, o->size) == -1 || munmap(o->shared, o->size) == -1)
		return demo_give_up(stage, step.call);
	o->copy = o->shared = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct object * o) = {
		create,        set_size, map_shared,   write_shared,     map_private,
		write_private, seal,     child_writes, close_descriptor, unmap,
	};
	size_t page = demo_page_size();
	struct object o = { .page = page, .size = 4 * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &o);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &o);
	undo(&o);
	demo_undone(stage, &o);
	return r;
}

const struct demo_scene demo_scene_memfd = {
	.name = "memfd",
	.title = "Memory behind a descriptor: memfd_create",
	.teaches = "A file that is in no folder: shared memory known by its descriptor only.\n"
		   "Mapped shared it is one memory for all; mapped private, writes make copies.\n"
		   "Seals let processes share it that do not trust each other.",
	.run = run,
};
