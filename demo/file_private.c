#include "scene.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 16
/* With its newline 32 bytes, so that every page begins with a line. */
#define LINE "this line is what the file says"
#define LENGTH (sizeof(LINE) - 1)
#define NEWS "NEWS"

struct letter {
	size_t page, size;
	const char *path;
	int fd;
	char *p; /* private: the mapping that is written to */
	char *q; /* another mapping of the same file */
};

static int give_up(struct demo_stage *stage, const char *call, const char *why)
{
	int r = demo_fact(stage, call, false, why);

	return r ? r : -ECANCELED;
}

static void undo(void *data)
{
	struct letter *l = data;

	if (l->p)
		munmap(l->p, l->size);
	if (l->q)
		munmap(l->q, l->size);
	if (l->fd >= 0)
		close(l->fd);
	*l = (struct letter){ .fd = -1 };
}

/* The line that the file itself has at @offset, as read(2) gives it. */
static const char *in_file(struct demo_stage *stage, const struct letter *l, size_t offset)
{
	char line[LENGTH];
	ssize_t n = pread(l->fd, line, sizeof(line), (off_t)offset);

	if (n < 0)
		return demo_errno(stage, errno);
	return demo_text(stage, "%.*s", (int)n, line);
}

/* How many pages appear at a read is the kernel's choice; how many are copied is not. */
static struct demo_expect expect_private(const struct letter *l, size_t copied)
{
	return (struct demo_expect){
		.kind = VM_KIND_MAPPED_FILE,
		.backing = VM_BACKING_FILE,
		.sharing = VM_SHARING_PRIVATE,
		.perms = "rw-p",
		.size = l->size,
		.rss = DEMO_BETWEEN(l->page, l->size),
		.copied = DEMO_EXACTLY(copied),
		.private_dirty = { copied > 0, copied, l->size },
	};
}

static int map(struct demo_stage *stage, struct letter *l)
{
	const char *call;
	struct demo_step step = { .expect = expect_private(l, 0) };

	l->fd = demo_file(stage, "letter.txt", l->size, LINE, &l->path);
	if (l->fd < 0)
		return -ECANCELED;
	/* What has just been written still counts as dirty wherever it is mapped, until it is on the disk. */
	fsync(l->fd);
	call = demo_text(stage,
			 "int fd = open(\"%s\", O_RDWR);\n"
			 "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
			 "               MAP_PRIVATE, fd, 0);",
			 l->path, l->size);
	l->p = mmap(NULL, l->size, PROT_READ | PROT_WRITE, MAP_PRIVATE, l->fd, 0);
	if (l->p == MAP_FAILED) {
		l->p = NULL;
		return give_up(stage, call, demo_errno(stage, errno));
	}
	step.call = call;
	step.address = l->p;
	step.look = "A new row with the file's path in MAPPING, the letter f in T and rw-p\n"
		    "in PERM: backed by a file, private. Its colour is that of files.\n"
		    "RSS is 0: mmap has read nothing.";
	step.expect.rss = DEMO_EXACTLY(0);
	return demo_step(stage, &step);
}

static int read_it(struct demo_stage *stage, struct letter *l)
{
	bool same = strncmp(l->p, LINE, LENGTH) == 0;
	struct demo_step step = {
		.call = demo_text(stage, "write(1, p, %zu);", LENGTH),
		.result = demo_text(stage, "p says: %.*s", (int)LENGTH, l->p),
		.address = l->p,
		.look = "Reading p gives what is in the file, without read(2). RSS may show\n"
			"more than the one page: pages of the file that are in memory already\n"
			"(the page cache) are mapped along with it, up to 64K around the access.\n"
			"F9 says: no page was written and so copied.",
		.expect = expect_private(l, 0),
	};

	if (!same)
		return give_up(stage, step.call, "p does not hold what was written to the file");
	return demo_step(stage, &step);
}

static int map_again(struct demo_stage *stage, struct letter *l)
{
	const char *call = demo_text(
		stage, "char *q = mmap(NULL, %zu, PROT_READ, MAP_SHARED, fd, 0);", l->size);
	struct demo_step step = {
		.call = call,
		.look = "A second row with the same path, r--s in PERM. It will tell what\n"
			"others see of the writes that are to come. Screen 3 (press 3) has\n"
			"both rows under the name of their file.",
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_SHARED,
			    .perms = "r--s",
			    .size = l->size,
			    .rss = DEMO_EXACTLY(0) },
	};
	void *q = mmap(NULL, l->size, PROT_READ, MAP_SHARED, l->fd, 0);

	if (q == MAP_FAILED)
		return give_up(stage, call, demo_errno(stage, errno));
	l->q = q;
	step.address = q;
	return demo_step(stage, &step);
}

static int write_one(struct demo_stage *stage, struct letter *l)
{
	struct demo_step step = {
		.call = "memcpy(p, \"" NEWS "\", 4);",
		.address = l->p,
		.look = demo_text(
			stage,
			"The write did not go to the file's page. The kernel copied that page\n"
			"first, and p has the copy: copy-on-write. F9 says that %zuK are copies\n"
			"(Anonymous): they belong to no file any more, and count as DIRTY.\n"
			"SIZE, PERM and MAPPING are as before.",
			l->page / 1024),
		.expect = expect_private(l, l->page),
	};

	memcpy(l->p, NEWS, 4);
	step.result = demo_text(stage, "p says: %.*s", (int)LENGTH, l->p);
	return demo_step(stage, &step);
}

static int write_more(struct demo_stage *stage, struct letter *l)
{
	struct demo_step step = {
		.call = demo_text(stage, "memcpy(p + %zu, \"" NEWS "\", 4);", 5 * l->page),
		.address = l->p,
		.look = demo_text(
			stage,
			"Another page written, another page copied: F9 says %zuK. The rest\n"
			"of p is still the file's. A thousand more writes to these two pages\n"
			"would copy nothing more.",
			2 * l->page / 1024),
		.expect = expect_private(l, 2 * l->page),
	};

	memcpy(l->p + 5 * l->page, NEWS, 4);
	step.result = demo_text(stage, "p + %zu says: %.*s", 5 * l->page, (int)LENGTH,
				l->p + 5 * l->page);
	return demo_step(stage, &step);
}

static int file_unchanged(struct demo_stage *stage, struct letter *l)
{
	const char *first = in_file(stage, l, 0), *sixth = in_file(stage, l, 5 * l->page);
	bool same = strncmp(first, LINE, LENGTH) == 0 && strncmp(sixth, LINE, LENGTH) == 0;

	return demo_fact(stage, demo_text(stage, "pread(fd, line, %zu, 0);", LENGTH), same,
			 demo_text(stage, "the file says: %s", first));
}

static int other_unchanged(struct demo_stage *stage, struct letter *l)
{
	bool same =
		strncmp(l->q, LINE, LENGTH) == 0 && strncmp(l->q + 5 * l->page, LINE, LENGTH) == 0;
	struct demo_step step = {
		.call = demo_text(stage, "write(1, q, %zu);", LENGTH),
		.result = demo_text(stage, "q says: %.*s", (int)LENGTH, l->q),
		.address = l->q,
		.look = "The other mapping has not changed either: it still has the file's\n"
			"pages, and F9 says nothing of copies there.",
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_SHARED,
			    .perms = "r--s",
			    .size = l->size,
			    .rss = DEMO_BETWEEN(l->page, l->size),
			    .copied = DEMO_EXACTLY(0) },
	};

	if (!same)
		return give_up(stage, step.call, "q has changed");
	return demo_step(stage, &step);
}

static int unmap_one(struct demo_stage *stage, const char *name, const char *look, void *address,
		     size_t size)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(%s, %zu);", name, size),
		.result = "0",
		.address = address,
		.look = look,
		.expect = { .gone = true },
	};

	if (munmap(address, size) != 0)
		return give_up(stage, step.call, demo_errno(stage, errno));
	return demo_step(stage, &step);
}

static int unmap(struct demo_stage *stage, struct letter *l)
{
	char *p = l->p, *q = l->q;
	int r;

	l->p = NULL;
	r = unmap_one(stage, "p",
		      "The row goes, and with it the two copies: nobody else had them, and\n"
		      "they were written nowhere. Programs and libraries are mapped like\n"
		      "this: all processes share the file's pages, and a variable that is\n"
		      "written to becomes a page of its own (the letter D in T, rw-p).",
		      p, l->size);
	if (r != 0)
		return r;
	l->q = NULL;
	return unmap_one(stage, "q", "The other row goes as well. The file stays, unchanged.", q,
			 l->size);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct letter * l) = {
		map,        read_it,        map_again,       write_one,
		write_more, file_unchanged, other_unchanged, unmap,
	};
	size_t page = demo_page_size();
	struct letter l = { .page = page, .size = PAGES * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &l);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &l);
	undo(&l);
	demo_undone(stage, &l);
	return r;
}

const struct demo_scene demo_scene_file_private = {
	.name = "file-private",
	.title = "A file, private: MAP_PRIVATE",
	.teaches = "Reading the mapping reads the file. Writing to it copies the page first\n"
		   "(copy-on-write), so neither the file nor any other mapping of it changes.\n"
		   "Only pages that are written to cost memory of this process's own.",
	.run = run,
};
