#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

struct files {
	size_t page;
	const char *path;
	int fd;             /* a file of one page, for reading and writing */
	int opened[2];      /* what the step at hand opened; -1: nothing */
	char *copy, *empty; /* the two mappings that succeed */
};

/* One mmap(NULL, ...) that must fail. */
struct attempt {
	const char *open; /* the lines before it */
	size_t size;
	int prot, flags, fd;
	off_t offset;
	const char *shown; /* the arguments between NULL and the end, as written */
	int error;         /* what it must fail with */
	const char *why;
};

static void close_opened(struct files *f)
{
	for (int i = 0; i < 2; i++) {
		if (f->opened[i] != -1)
			close(f->opened[i]);
		f->opened[i] = -1;
	}
}

static void undo(void *data)
{
	struct files *f = data;

	close_opened(f);
	if (f->copy)
		munmap(f->copy, f->page);
	if (f->empty)
		munmap(f->empty, f->page);
	if (f->fd != -1)
		close(f->fd);
	f->copy = f->empty = NULL;
	f->fd = -1;
}

static int try(struct demo_stage *stage, struct files *f, const struct attempt *attempt)
{
	const char *call = demo_text(stage, "%s%smmap(NULL, %s);", attempt->open,
				     *attempt->open ? "\n" : "", attempt->shown);
	void *p = mmap(NULL, attempt->size, attempt->prot, attempt->flags, attempt->fd,
		       attempt->offset);
	int error = errno;

	close_opened(f);
	if (p == MAP_FAILED)
		return demo_fact(stage, call, error == attempt->error,
				 demo_text(stage, "MAP_FAILED, errno is %s.\n%s",
					   demo_errno(stage, error), attempt->why));
	munmap(p, attempt->size);
	return demo_fact(stage, call, false, "was mapped, although it should not be possible");
}

/* A whole page of opened[0], shared and for reading. */
static int try_opened(struct demo_stage *stage, struct files *f, const char *open, int error,
		      const char *why)
{
	struct attempt attempt = {
		.open = open,
		.size = f->page,
		.prot = PROT_READ,
		.flags = MAP_SHARED,
		.fd = f->opened[0],
		.shown = demo_text(stage, "%zu, PROT_READ, MAP_SHARED, fd, 0", f->page),
		.error = error,
		.why = why,
	};

	return try(stage, f, &attempt);
}

static int map_failed(struct demo_stage *stage, struct files *f)
{
	const char *call = demo_text(stage, "char *p = mmap(NULL, 0, PROT_READ,\n"
					    "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);");
	void *p = mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = errno;

	f->fd = demo_file(stage, "file", f->page, "mapped or not\n", &f->path);
	if (f->fd == -1)
		return -ECANCELED;
	demo_say(stage, "Every call here fails, and errno says why. In vmview nothing changes:\n"
			"the Log (press 4) gets no new line until the end of the scene.");
	return demo_fact(
		stage, call, p == MAP_FAILED && error == EINVAL,
		demo_text(stage,
			  "p is %p, errno is %s:\n"
			  "a mapping of length 0 is none. Mind the value: it is MAP_FAILED, not\n"
			  "NULL, so if (!p) would not notice. Write if (p == MAP_FAILED).",
			  p, demo_errno(stage, error)));
}

static int pipe_and_socket(struct demo_stage *stage, struct files *f)
{
	int r;

	if (pipe2(f->opened, O_CLOEXEC) == -1)
		return demo_give_up(stage, "pipe(fds)");
	r = try_opened(stage, f, "pipe(fds);\nint fd = fds[0];", ENODEV,
		       "What went through a pipe is gone: there are no pages that could be\n"
		       "looked at in any order, as a mapping would need.");
	if (r)
		return r;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, f->opened) == -1)
		return demo_give_up(stage, "socketpair(AF_UNIX, SOCK_STREAM, 0, fds)");
	return try_opened(stage, f, "socketpair(AF_UNIX, SOCK_STREAM, 0, fds);\nint fd = fds[0];",
			  ENODEV, "The same with a socket: a stream has no pages.");
}

static int devices(struct demo_stage *stage, struct files *f)
{
	const char *call = "int fd = open(\"/dev/null\", O_RDONLY);";
	int r = 0;

	f->opened[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	r = f->opened[0] == -1 ?
		    demo_skip(stage, call, "there is no /dev/null here") :
		    try_opened(stage, f, call, ENODEV,
			       "A character device can be mapped only if its driver knows how:\n"
			       "/dev/zero and graphics cards do, /dev/null does not.");
	if (r)
		return r;
	call = "int fd = posix_openpt(O_RDWR|O_NOCTTY);";
	f->opened[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (f->opened[0] == -1)
		return demo_skip(stage, call, "no terminal can be opened: is /dev/ptmx missing?");
	return try_opened(stage, f, call, ENODEV,
			  "Nor does a terminal, here a new pseudo terminal.");
}

static int folder(struct demo_stage *stage, struct files *f)
{
	const char *call = "int fd = open(\"/\", O_RDONLY|O_DIRECTORY);";

	f->opened[0] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->opened[0] == -1)
		return demo_give_up(stage, call);
	return try_opened(stage, f, call, ENODEV,
			  "A folder is read entry by entry (readdir), not as bytes.");
}

static int no_descriptor(struct demo_stage *stage, struct files *f)
{
	struct attempt attempt = {
		.open = "",
		.size = f->page,
		.prot = PROT_READ,
		.flags = MAP_PRIVATE,
		.fd = -1,
		.shown = demo_text(stage, "%zu, PROT_READ, MAP_PRIVATE, -1, 0", f->page),
		.error = EBADF,
		.why = "Without MAP_ANONYMOUS there must be an open file.",
	};

	return try(stage, f, &attempt);
}

static int no_sharing(struct demo_stage *stage, struct files *f)
{
	struct attempt attempt = {
		.open = demo_text(stage, "int fd = open(\"%s\", O_RDWR);", f->path),
		.size = f->page,
		.prot = PROT_READ,
		.fd = f->fd,
		.shown = demo_text(stage, "%zu, PROT_READ, 0, fd, 0", f->page),
		.error = EINVAL,
		.why = "One of MAP_SHARED and MAP_PRIVATE must be chosen.",
	};

	return try(stage, f, &attempt);
}

static int odd_offset(struct demo_stage *stage, struct files *f)
{
	struct attempt attempt = {
		.open = "",
		.size = f->page,
		.prot = PROT_READ,
		.flags = MAP_SHARED,
		.fd = f->fd,
		.offset = 100,
		.shown = demo_text(stage, "%zu, PROT_READ, MAP_SHARED, fd, 100", f->page),
		.error = EINVAL,
		.why = demo_text(
			stage,
			"Pages of the file become pages of memory: the offset must be a multiple\n"
			"of the page size, %zu. Map from 0 and add 100 to the address.",
			f->page),
	};

	return try(stage, f, &attempt);
}

static int too_long(struct demo_stage *stage, struct files *f)
{
	size_t size = SIZE_MAX - f->page + 1;
	struct attempt attempt = {
		.open = "",
		.size = size,
		.prot = PROT_READ,
		.flags = MAP_PRIVATE | MAP_ANONYMOUS,
		.fd = -1,
		.shown = demo_text(stage, "%zu, PROT_READ,\n     MAP_PRIVATE|MAP_ANONYMOUS, -1, 0",
				   size),
		.error = ENOMEM,
		.why = "There are not that many addresses. ENOMEM is also the answer where\n"
		       "a process has too many mappings (vm.max_map_count).",
	};

	return try(stage, f, &attempt);
}

static int write_only(struct demo_stage *stage, struct files *f)
{
	const char *call = demo_text(stage, "int fd = open(\"%s\", O_WRONLY);", f->path);

	f->opened[0] = open(f->path, O_WRONLY | O_CLOEXEC);
	if (f->opened[0] == -1)
		return demo_give_up(stage, call);
	return try_opened(stage, f, call, EACCES,
			  "Opened for writing only. A mapping needs the file open for reading,\n"
			  "even one with PROT_WRITE alone: pages are read before they change.");
}

static int read_only(struct demo_stage *stage, struct files *f)
{
	const char *call = demo_text(stage, "int fd = open(\"%s\", O_RDONLY);", f->path);
	struct attempt attempt = {
		.open = call,
		.size = f->page,
		.prot = PROT_READ | PROT_WRITE,
		.flags = MAP_SHARED,
		.shown = demo_text(stage, "%zu, PROT_READ|PROT_WRITE, MAP_SHARED, fd, 0", f->page),
		.error = EACCES,
		.why = "Writing to a shared mapping writes to the file, so the file must be\n"
		       "open for reading and writing (O_RDWR).",
	};

	f->opened[0] = attempt.fd = open(f->path, O_RDONLY | O_CLOEXEC);
	if (attempt.fd == -1)
		return demo_give_up(stage, call);
	return try(stage, f, &attempt);
}

static int read_only_private(struct demo_stage *stage, struct files *f)
{
	struct demo_step step = {
		.call = demo_text(stage,
				  "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				  "               MAP_PRIVATE, fd, 0);",
				  f->page),
		.look = "With MAP_PRIVATE the same succeeds: a new row, PERM rw-p. Writing makes\n"
			"copies, and to make a copy reading the file is enough.",
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "rw-p",
			    .size = f->page,
			    .rss = DEMO_EXACTLY(0) },
	};
	int fd = open(f->path, O_RDONLY | O_CLOEXEC);
	char *p = mmap(NULL, f->page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	if (fd != -1)
		close(fd);
	if (p == MAP_FAILED)
		return demo_give_up(stage, step.call);
	f->copy = p;
	step.address = p;
	return demo_step(stage, &step);
}

static int sealed(struct demo_stage *stage, struct files *f)
{
	const char *call = "int fd = memfd_create(\"sealed\", MFD_ALLOW_SEALING);\n"
			   "fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE);";
	struct attempt attempt = {
		.open = call,
		.size = f->page,
		.prot = PROT_READ | PROT_WRITE,
		.flags = MAP_SHARED,
		.shown = demo_text(stage, "%zu, PROT_READ|PROT_WRITE, MAP_SHARED, fd, 0", f->page),
		.error = EPERM,
		.why = "Open for writing, but sealed: nobody may ever write to it again.",
	};

	f->opened[0] = attempt.fd = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	if (attempt.fd == -1 && errno == ENOSYS)
		return demo_skip(stage, call, "this kernel has no memfd_create");
	if (attempt.fd == -1 || fcntl(attempt.fd, F_ADD_SEALS, F_SEAL_WRITE) == -1)
		return demo_give_up(stage, call);
	return try(stage, f, &attempt);
}

static int read_byte(void *address)
{
	return *(volatile char *)address;
}

static int empty_file(struct demo_stage *stage, struct files *f)
{
	struct demo_fault fault = { 0 };
	const char *path;
	int fd = demo_file(stage, "empty", 0, "", &path);
	struct demo_step step = {
		.look = "This one succeeds, and it is the trap: mmap does not ask how long the\n"
			"file is. A new row, SIZE one page, RSS 0.",
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_SHARED,
			    .perms = "r--s",
			    .size = f->page,
			    .rss = DEMO_EXACTLY(0) },
	};
	char *p;
	int r;

	if (fd == -1)
		return -ECANCELED;
	step.call = demo_text(stage,
			      "/* an empty file */\n"
			      "int fd = open(\"%s\", O_RDWR);\n"
			      "char *q = mmap(NULL, %zu, PROT_READ, MAP_SHARED, fd, 0);",
			      path, f->page);
	p = mmap(NULL, f->page, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return demo_give_up(stage, step.call);
	f->empty = p;
	step.address = p;
	r = demo_step(stage, &step);
	if (r)
		return r;
	if (!demo_try(stage, read_byte, p, &fault))
		return demo_give_up(stage, "char c = q[0];");
	return demo_fact(stage, "char c = q[0];", fault.signal == SIGBUS,
			 fault.signal ?
				 demo_text(stage,
					   "in a child process: %s.\n"
					   "The mapping is there, but the file has no such page.",
					   demo_fault_text(stage, &fault)) :
				 "the access worked");
}

static int unmap(struct demo_stage *stage, struct files *f)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(q, %zu);\nmunmap(p, %zu);", f->page, f->page),
		.result = "0 and 0",
		.address = f->empty,
		.look = "The two rows are marked - and go.",
		.expect = { .gone = true },
	};

	if (munmap(f->empty, f->page) == -1 || munmap(f->copy, f->page) == -1)
		return demo_give_up(stage, step.call);
	f->copy = f->empty = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct files * f) = {
		map_failed, pipe_and_socket,   devices,    folder,     no_descriptor,
		no_sharing, odd_offset,        too_long,   write_only, read_only,
		sealed,     read_only_private, empty_file, unmap,
	};
	struct files f = { .page = demo_page_size(), .fd = -1, .opened = { -1, -1 } };
	int r = 0;

	demo_on_cleanup(stage, undo, &f);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &f);
	undo(&f);
	demo_undone(stage, &f);
	return r;
}

const struct demo_scene demo_scene_cannot_map = {
	.name = "cannot-map",
	.title = "What cannot be mapped, and what errno says about it",
	.teaches = "mmap tells of failure by MAP_FAILED, which is not NULL, and by errno.\n"
		   "Only what consists of pages can be mapped, and only as it was opened.\n"
		   "Length, offset and flags have their rules, too.",
	.run = run,
};
