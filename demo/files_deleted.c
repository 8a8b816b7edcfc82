#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LINE "still here"
#define PAGES 4

struct deleted {
	size_t size, page;
	const char *path;
	int fd;
	char *p;
};

static void undo(void *data)
{
	struct deleted *d = data;

	if (d->p)
		munmap(d->p, d->size);
	if (d->fd >= 0)
		close(d->fd);
	d->p = NULL;
	d->fd = -1;
}

static struct demo_expect expect_file(const struct deleted *d, bool deleted)
{
	return (struct demo_expect){
		.kind = VM_KIND_MAPPED_FILE,
		.backing = VM_BACKING_FILE,
		.sharing = VM_SHARING_SHARED,
		.perms = "rw-s",
		.size = d->size,
		.rss = DEMO_BETWEEN(d->page, d->size),
		.copied = DEMO_EXACTLY(0),
		.deleted = deleted,
	};
}

static int fail(struct demo_stage *stage, const char *call)
{
	int r = demo_fact(stage, call, false, demo_errno(stage, errno));

	return r ? r : -ECANCELED;
}

static int map(struct demo_stage *stage, struct deleted *d)
{
	struct demo_step step = {
		.call = demo_text(stage,
				  "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				  "               MAP_SHARED, fd, 0);\n"
				  "char c = p[0];",
				  d->size),
		.look = "A new row for the file: rw-s, the letter f in T, and its path under\n"
			"MAPPING.",
		.expect = expect_file(d, false),
	};
	void *p = mmap(NULL, d->size, PROT_READ | PROT_WRITE, MAP_SHARED, d->fd, 0);

	if (p == MAP_FAILED)
		return fail(stage, step.call);
	d->p = p;
	(void)*(volatile char *)p;
	step.address = p;
	return demo_step(stage, &step);
}

static int remove_name(struct demo_stage *stage, struct deleted *d)
{
	struct demo_step step = {
		.call = demo_text(stage, "unlink(\"%s\");", d->path),
		.result = "0",
		.address = d->p,
		.look = "Before the path stands [deleted] now. The row is the same otherwise:\n"
			"the same address, the same pages. A name is one thing, a file another.",
		.expect = expect_file(d, true),
	};

	if (unlink(d->path) < 0)
		return fail(stage, step.call);
	return demo_step(stage, &step);
}

static int open_again(struct demo_stage *stage, struct deleted *d)
{
	const char *call = demo_text(stage, "open(\"%s\", O_RDONLY);", d->path);
	int fd = open(d->path, O_RDONLY | O_CLOEXEC), error = errno;

	if (fd >= 0) {
		close(fd);
		return demo_fact(stage, call, false, "it is still there");
	}
	return demo_fact(stage, call, error == ENOENT,
			 demo_text(stage, "-1, %s: nobody finds it by its name any more",
				   demo_errno(stage, error)));
}

static int close_it(struct demo_stage *stage, struct deleted *d)
{
	struct demo_step step = {
		.call = "close(fd);\nputs(p);",
		.address = d->p,
		.look = "No name, no descriptor, and the row stays: the mapping alone keeps\n"
			"the file and its blocks on the disk. df counts them, du does not find\n"
			"them. This is how a log that was removed still fills a disk.",
		.expect = expect_file(d, true),
	};

	close(d->fd);
	d->fd = -1;
	if (strncmp(d->p, LINE, strlen(LINE)) != 0)
		return demo_fact(stage, step.call, false, "p has changed");
	step.result = "p says: " LINE;
	return demo_step(stage, &step);
}

static int write_it(struct demo_stage *stage, struct deleted *d)
{
	struct demo_step step = {
		.call = "strcpy(p, \"and new\");",
		.address = d->p,
		.look = "It can be written to as well: nothing is different for p. A program\n"
			"whose libraries were replaced by an update runs on like this, with\n"
			"the old ones; [deleted] says that it should be started again.",
		.expect = expect_file(d, true),
	};

	strcpy(d->p, "and new");
	step.result = demo_text(stage, "p says: %s", d->p);
	return demo_step(stage, &step);
}

static int unmap(struct demo_stage *stage, struct deleted *d)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);", d->size),
		.result = "0",
		.address = d->p,
		.look = "The row goes, and with the last user the file itself.",
		.expect = { .gone = true },
	};

	if (munmap(d->p, d->size) < 0)
		return fail(stage, step.call);
	d->p = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct deleted * d) = {
		map, remove_name, open_again, close_it, write_it, unmap,
	};
	struct deleted d = { .page = demo_page_size(), .fd = -1 };
	int r = 0;

	d.size = PAGES * d.page;
	d.fd = demo_file(stage, "deleted", d.size, LINE, &d.path);
	if (d.fd < 0)
		return 0;
	demo_on_cleanup(stage, undo, &d);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &d);
	undo(&d);
	demo_undone(stage, &d);
	return r;
}

const struct demo_scene demo_scene_deleted = {
	.name = "deleted",
	.title = "A file without a name: unlink",
	.teaches =
		"unlink removes a name, not a file. The file lives for as long as a process has\n"
		"it open or mapped; only then are its blocks given back.",
	.run = run,
};
