#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define GREETING "hello, whoever you are"

/* What the object's page holds. */
struct letter {
	char greeting[64];
	char reply[64]; /* at p + 64 */
	void *address;  /* where the second process has mapped it */
};

struct object {
	size_t size;
	const char *name;
	bool exists; /* under its name */
	int fd;
	struct letter *letter; /* the mapping */
	pid_t other;
};

static int give_up(struct demo_stage *stage, const char *call, const char *why)
{
	int r = demo_fact(stage, call, false, why);

	return r ? r : -ECANCELED;
}

static void undo(void *data)
{
	struct object *o = data;

	if (o->letter)
		munmap(o->letter, o->size);
	if (o->fd >= 0)
		close(o->fd);
	if (o->exists)
		shm_unlink(o->name);
	*o = (struct object){ .fd = -1 };
}

static void *map_object(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	/* Where shared memory comes in huge pages, one touch would bring all of it. */
	if (p != MAP_FAILED)
		madvise(p, size, MADV_NOHUGEPAGE);
	return p;
}

/* In the second process: all that it knows is the name. */
static bool open_and_reply(struct object *o)
{
	int fd = shm_open(o->name, O_RDWR, 0);
	struct letter *letter;

	if (fd < 0)
		return false;
	letter = map_object(fd, o->size);
	close(fd);
	if (letter == MAP_FAILED || strcmp(letter->greeting, GREETING) != 0)
		return false;
	strcpy(letter->reply, "hello back");
	letter->address = letter;
	return true;
}

/* Any command: open the object by its name. */
static int other_main(void *data, int commands)
{
	char command;

	while (read(commands, &command, 1) == 1) {
		if (!open_and_reply(data) || write(commands, &command, 1) != 1)
			return 1;
	}
	return 0;
}

/* Both in pages: in memory here, and of these mapped by the second process too. */
static struct demo_expect expect_object(const struct object *o, size_t rss, size_t shared_now)
{
	return (struct demo_expect){
		.kind = VM_KIND_POSIX_SHM,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_SHARED,
		.perms = "rw-s",
		.size = o->size,
		.rss = DEMO_EXACTLY(rss * demo_page_size()),
		.shared_now = DEMO_EXACTLY(shared_now * demo_page_size()),
	};
}

static int show(struct demo_stage *stage, const void *address, const char *call, const char *result,
		const char *look, struct demo_expect expect)
{
	struct demo_step step = { call, result, address, 0, look, expect };

	return demo_step(stage, &step);
}

/* Forked first: the second process is to have nothing of the object but its name. */
static int start_other(struct demo_stage *stage, struct object *o)
{
	o->other = demo_fork(stage, other_main, o);
	return o->other < 0 ? give_up(stage, "fork();", demo_errno(stage, errno)) : 0;
}

static int create(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(
		stage, "int fd = shm_open(\"%s\", O_CREAT|O_EXCL|O_RDWR, 0600);", o->name);
	int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC); /* then so is the next one */

	close(lowest);
	o->fd = shm_open(o->name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (o->fd < 0)
		return give_up(stage, call, demo_errno(stage, errno));
	o->exists = true;
	return demo_fact(
		stage, call, o->fd == lowest,
		demo_text(stage,
			  "fd is %d: as open does, shm_open returns the lowest descriptor that\n"
			  "is free. `ls -l /dev/shm` shows the object, a file in memory with 0\n"
			  "bytes. vmview shows nothing new: the object is not mapped yet.",
			  o->fd));
}

static int enlarge(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage, "ftruncate(fd, %zu);", o->size);
	struct stat status;

	if (ftruncate(o->fd, (off_t)o->size) != 0 || fstat(o->fd, &status) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	return demo_fact(
		stage, call, (size_t)status.st_size == o->size,
		"0: a new object is empty, now it has room. To touch a mapping behind the\n"
		"object's end would be a SIGBUS, as with a file.");
}

static int map(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_SHARED, fd, 0);",
				     o->size);
	void *p = map_object(o->fd, o->size);

	if (p == MAP_FAILED)
		return give_up(stage, call, demo_errno(stage, errno));
	o->letter = p;
	return show(stage, o->letter, call, NULL,
		    "A new row, rw-s, with the object's path below /dev/shm in MAPPING. The\n"
		    "letter in T is s and the colour that of anonymous memory: there is a\n"
		    "name, but no disk behind it. RSS is 0.",
		    expect_object(o, 0, 0));
}

static int greet(struct demo_stage *stage, struct object *o)
{
	strcpy(o->letter->greeting, GREETING);
	return show(stage, o->letter, "strcpy(p, \"" GREETING "\");",
		    "the greeting is in the first page",
		    "One page was touched, and RSS, PSS and DIRTY are the size of one page.",
		    expect_object(o, 1, 0));
}

static int close_it(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage, "close(fd);   /* fd is %d */", o->fd);
	int r = close(o->fd);

	o->fd = -1;
	if (r != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	return show(stage, o->letter, call,
		    demo_text(stage, "0, and p still says: %s", o->letter->greeting),
		    "Nothing changes: the mapping has its own hold on the object, and the\n"
		    "descriptor was only needed to make it.",
		    expect_object(o, 1, 0));
}

static int other_opens(struct demo_stage *stage, struct object *o)
{
	struct demo_step step = {
		.call = demo_text(stage,
				  "/* in process %d, which knows nothing but the name: */\n"
				  "int fd = shm_open(\"%s\", O_RDWR, 0);\n"
				  "char *q = mmap(NULL, %zu, PROT_READ|PROT_WRITE,\n"
				  "               MAP_SHARED, fd, 0);",
				  (int)o->other, o->name, o->size),
		.pid = o->other,
		.look = "A vmview on that process has the row too. It has read the greeting\n"
			"and written a reply. In both processes RSS is one page and PSS half\n"
			"of it: one page, two users. Any process with the rights may do this.\n"
			"Pointers into p are of no use there, if q is another address.",
		.expect = expect_object(o, 1, 1),
	};

	if (!demo_tell(stage, o->other, 'o'))
		return give_up(stage, step.call,
			       "the process could not open it or found no greeting");
	step.address = o->letter->address;
	step.result =
		demo_text(stage, "mapped there at %p, here at %p", step.address, (void *)o->letter);
	return demo_step(stage, &step);
}

static int read_reply(struct demo_stage *stage, struct object *o)
{
	return demo_fact(stage, "puts(p + 64);", strcmp(o->letter->reply, "hello back") == 0,
			 demo_text(stage, "p + 64 says: %.63s", o->letter->reply));
}

static int unlink_it(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage, "shm_unlink(\"%s\");", o->name);

	if (shm_unlink(o->name) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	o->exists = false;
	if (shm_open(o->name, O_RDWR, 0) >= 0)
		return give_up(stage, call, "the object can still be opened by its name");
	return show(stage, o->letter, call,
		    demo_text(stage, "0; shm_open now fails: %s", demo_errno(stage, errno)),
		    "The name is gone, and MAPPING begins with [deleted]. The memory is not:\n"
		    "both mappings stay, with what is in them.",
		    expect_object(o, 1, 1));
}

static int other_ends(struct demo_stage *stage, struct object *o)
{
	demo_end(stage, o->other);
	return show(stage, o->letter, "wait(NULL);   /* the second process has ended */",
		    demo_text(stage, "p still says: %s", o->letter->greeting),
		    "One of two mappings is gone: PSS is as large as RSS again, and the\n"
		    "object lives on for the other.",
		    expect_object(o, 1, 0));
}

static int unmap(struct demo_stage *stage, struct object *o)
{
	const char *call = demo_text(stage, "munmap(p, %zu);", o->size);
	void *p = o->letter;

	if (munmap(p, o->size) != 0)
		return give_up(stage, call, demo_errno(stage, errno));
	o->letter = NULL;
	return show(stage, p, call, "0",
		    "The row goes (-). No name, no descriptor and no mapping is left: only\n"
		    "now the memory is free. Without shm_unlink the object would stay in\n"
		    "/dev/shm, and in memory, until the machine is restarted.",
		    (struct demo_expect){ .gone = true });
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct object * o) = {
		start_other, create,     enlarge,   map,        greet, close_it,
		other_opens, read_reply, unlink_it, other_ends, unmap,
	};
	/* The number in the name lets an object of a demo that was killed be found and removed. */
	struct object o = {
		.size = 4 * demo_page_size(),
		.name = demo_text(stage, "/vmview-demo-%d", (int)getpid()),
		.fd = -1,
	};
	int r = 0;

	demo_on_cleanup(stage, undo, &o);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &o);
	undo(&o);
	demo_undone(stage, &o);
	return r;
}

const struct demo_scene demo_scene_posix_shm = {
	.name = "posix-shm",
	.title = "POSIX shared memory: shm_open",
	.teaches = "Shared memory with a name, which unrelated processes can open. The mapping\n"
		   "needs neither the descriptor nor the name to live on; the memory is free\n"
		   "when name, descriptors and mappings are all gone.",
	.run = run,
};
