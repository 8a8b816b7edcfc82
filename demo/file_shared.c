#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TEXT "written through p"

struct board {
	size_t page, size;
	const char *path;
	int fd;
	char *p;      /* the mapping that is written to */
	char *q;      /* a second mapping of the same file */
	pid_t reader; /* a process that maps nothing of the file */
};

static int give_up(struct demo_stage *stage, const char *call, const char *why)
{
	int r = demo_fact(stage, call, false, why);

	return r ? r : -ECANCELED;
}

static void undo(void *data)
{
	struct board *b = data;

	if (b->q)
		munmap(b->q, b->size);
	if (b->p)
		munmap(b->p, b->size);
	if (b->fd >= 0)
		close(b->fd);
	*b = (struct board){ .fd = -1 };
}

/* RSS is between @low and @high: how many pages a single access maps is the kernel's choice. */
static struct demo_expect expect_shared(const struct board *b, const char *perms, size_t low,
					size_t high)
{
	return (struct demo_expect){
		.kind = VM_KIND_MAPPED_FILE,
		.backing = VM_BACKING_FILE,
		.sharing = VM_SHARING_SHARED,
		.perms = perms,
		.size = b->size,
		.rss = DEMO_BETWEEN(low, high),
		.copied = DEMO_EXACTLY(0),
	};
}

static int show(struct demo_stage *stage, const void *address, const char *call, const char *result,
		const char *look, struct demo_expect expect)
{
	struct demo_step step = { call, result, address, 0, look, expect };

	return demo_step(stage, &step);
}

/* Any command: read the file with read(2) and end unless TEXT is at its start. */
static int reader_main(void *data, int commands)
{
	const struct board *b = data;
	char command, text[sizeof(TEXT)];

	while (read(commands, &command, 1) == 1) {
		int fd = open(b->path, O_RDONLY | O_CLOEXEC);

		if (read(fd, text, sizeof(text)) != (ssize_t)sizeof(text) ||
		    memcmp(text, TEXT, sizeof(text)) != 0 || write(commands, &command, 1) != 1)
			return 1;
		close(fd);
	}
	return 0;
}

/* The file, and a process that is forked before it is mapped: that has nothing but its path. */
static int set_up(struct demo_stage *stage, struct board *b)
{
	b->fd = demo_file(stage, "board.txt", b->size, "nothing on the board so far", &b->path);
	if (b->fd < 0)
		return -ECANCELED;
	/* What has just been written counts as dirty wherever it is mapped, until it is on the disk. */
	fsync(b->fd);
	b->reader = demo_fork(stage, reader_main, b);
	return b->reader < 0 ? give_up(stage, "fork();", demo_errno(stage, errno)) : 0;
}

static int map(struct demo_stage *stage, struct board *b)
{
	const char *call = demo_text(stage,
				     "int fd = open(\"%s\", O_RDWR);\n"
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_SHARED, fd, 0);",
				     b->path, b->size);
	void *p = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd, 0);

	if (p == MAP_FAILED)
		return give_up(stage, call, demo_errno(stage, errno));
	b->p = p;
	return show(stage, p, call, NULL,
		    "A new row with the file's path in MAPPING, the letter f in T and rw-s\n"
		    "in PERM: backed by a file, and shared. RSS is 0, nothing was touched.",
		    expect_shared(b, "rw-s", 0, 0));
}

static int map_again(struct demo_stage *stage, struct board *b)
{
	const char *call = demo_text(
		stage, "char *q = mmap(NULL, %zu, PROT_READ, MAP_SHARED, fd, 0);", b->size);
	void *q = mmap(NULL, b->size, PROT_READ, MAP_SHARED, b->fd, 0);

	if (q == MAP_FAILED)
		return give_up(stage, call, demo_errno(stage, errno));
	b->q = q;
	return show(stage, q, call, NULL,
		    "A second row for the same file, which may only be read: r--s.",
		    expect_shared(b, "r--s", 0, 0));
}

static int write_it(struct demo_stage *stage, struct board *b)
{
	strcpy(b->p, TEXT);
	return show(stage, b->p, "strcpy(p, \"" TEXT "\");", demo_text(stage, "p says: %s", b->p),
		    "RSS and DIRTY are no longer 0: a page came in, and differs from what is\n"
		    "on the disk. It is the file's own page, in the page cache, not a copy.",
		    expect_shared(b, "rw-s", b->page, b->size));
}

static int second_sees(struct demo_stage *stage, struct board *b)
{
	struct demo_expect expect = expect_shared(b, "r--s", b->page, b->size);

	expect.shared_now = expect.rss;
	if (strcmp(b->q, TEXT) != 0)
		return give_up(stage, "puts(q);", "q does not have what was written to p");
	return show(stage, b->q, "puts(q);", "q says: " TEXT,
		    "The second mapping has it at once, because both have the same page:\n"
		    "RSS counts it in both rows; PSS shares it out, half of it to each.",
		    expect);
}

static int reader_sees(struct demo_stage *stage, struct board *b)
{
	const char *call =
		demo_text(stage, "read(open(\"%s\", O_RDONLY), text, %zu);", b->path, sizeof(TEXT));

	if (!demo_tell(stage, b->reader, 'r'))
		return give_up(stage, call, "another process has not read what was written to p");
	return demo_fact(stage, call, true,
			 "another process, which maps nothing, has read \"" TEXT "\":\n"
			 "read(2) and mappings use the same pages, those of the page cache");
}

/* Of a file system in memory every page counts as dirty: there is no disk to be in step with. */
static bool has_no_disk(int fd)
{
	struct statfs fs;

	/* Its type is signed, the numbers are not. */
	return fstatfs(fd, &fs) == 0 &&
	       ((uint32_t)fs.f_type == TMPFS_MAGIC || (uint32_t)fs.f_type == RAMFS_MAGIC);
}

static int sync_it(struct demo_stage *stage, struct board *b)
{
	const char *call =
		demo_text(stage, "munmap(q, %zu);\nmsync(p, %zu, MS_SYNC);", b->size, b->size);
	struct demo_expect expect = expect_shared(b, "rw-s", b->page, b->size);

	expect.private_dirty.checked = !has_no_disk(b->fd);
	munmap(b->q, b->size);
	b->q = NULL;
	if (msync(b->p, b->size, MS_SYNC) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	return show(stage, b->p, call, "0: the file on the disk has it",
		    "q is gone (-). DIRTY of p is 0, page and disk are the same again (but not\n"
		    "in tmpfs, which has no disk). Without msync the kernel writes the page by\n"
		    "itself, within half a minute or so, even if the process ends.",
		    expect);
}

static int read_byte(void *data)
{
	return *(const volatile char *)data;
}

/* Where the page cache has large folios, a cut may unmap more than is cut off: hence the read. */
static int set_length(struct demo_stage *stage, struct board *b, size_t length, const char *look,
		      size_t rss)
{
	const char *call = demo_text(stage, "ftruncate(fd, %zu);\nc = p[0];", length);

	if (ftruncate(b->fd, (off_t)length) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	return show(
		stage, b->p, call,
		demo_text(stage, "0: the file has %zu bytes; c is '%c'", length, read_byte(b->p)),
		look, expect_shared(b, "rw-s", rss, rss));
}

static int write_all(struct demo_stage *stage, struct board *b)
{
	memset(b->p, 'w', b->size);
	return show(stage, b->p, demo_text(stage, "memset(p, 'w', %zu);", b->size), "all is w",
		    "RSS is the same as SIZE, IN is full: every page of the file is mapped.",
		    expect_shared(b, "rw-s", b->size, b->size));
}

static int grow(struct demo_stage *stage, struct board *b)
{
	return set_length(stage, b, 2 * b->size,
			  "The file is twice as long, the mapping is not: SIZE stays what it was.\n"
			  "What was added is reached by a new mapping, or by mremap.",
			  b->size);
}

static int cut(struct demo_stage *stage, struct board *b)
{
	return set_length(
		stage, b, b->page,
		"Only one page of the file is left: RSS has fallen to that. SIZE is what\n"
		"it was, for the addresses behind the file's end remain mapped.",
		b->page);
}

static int read_behind_end(struct demo_stage *stage, struct board *b)
{
	const char *call = demo_text(stage, "c = p[%zu];   /* in a child */", 2 * b->page);
	struct demo_fault fault;
	const char *text;

	if (!demo_try(stage, read_byte, b->p + 2 * b->page, &fault))
		return give_up(stage, call, "the child could not be run");
	text = demo_text(
		stage,
		"%s\nThe address is mapped, so it is not SIGSEGV; but the file has no page\n"
		"for it. Programs that map other people's files must expect this.",
		demo_fault_text(stage, &fault));
	return demo_fact(stage, call, fault.signal == SIGBUS, text);
}

static int grow_again(struct demo_stage *stage, struct board *b)
{
	return set_length(
		stage, b, b->size,
		"All of p may be used again. RSS is still one page, until more is touched.",
		b->page);
}

static int read_again(struct demo_stage *stage, struct board *b)
{
	int c = read_byte(b->p + 2 * b->page);

	return demo_fact(stage, demo_text(stage, "c = p[%zu];", 2 * b->page), c == 0,
			 demo_text(stage, "c is %d: what was cut off is lost", c));
}

static int unmap(struct demo_stage *stage, struct board *b)
{
	const char *call = demo_text(stage, "munmap(p, %zu);", b->size);
	void *p = b->p;

	if (munmap(p, b->size) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	b->p = NULL;
	return show(stage, p, call, "0",
		    "The row goes (-). The file stays, with what was in p at the end.",
		    (struct demo_expect){ .gone = true });
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct board * b) = {
		set_up,    map,  map_again, write_it,        second_sees, reader_sees, sync_it,
		write_all, grow, cut,       read_behind_end, grow_again,  read_again,  unmap,
	};
	struct board b = { demo_page_size(), 4 * demo_page_size(), .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &b);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &b);
	undo(&b);
	demo_undone(stage, &b);
	return r;
}

const struct demo_scene demo_scene_file_shared = {
	.name = "file-shared",
	.title = "A file, shared: MAP_SHARED",
	.teaches = "The mapping is the file: a write is seen at once by every other mapping of\n"
		   "it and by read(2), and reaches the disk later, or at msync. When the file is\n"
		   "cut, an access behind its end is a SIGBUS.",
	.run = run,
};
