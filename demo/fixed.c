#include "scene.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

struct area {
	size_t page, size;
	char *start; /* of the reservation, with everything that comes into it */
	char *other; /* where the second hint led */
	int fd;
};

static void undo(void *data)
{
	struct area *a = data;

	if (a->start)
		munmap(a->start, a->size);
	if (a->other)
		munmap(a->other, a->page);
	if (a->fd != -1)
		close(a->fd);
	a->start = a->other = NULL;
	a->fd = -1;
}

static struct demo_expect expect_anon(enum vm_kind kind, const char *perms, size_t size, size_t rss)
{
	return (struct demo_expect){
		.kind = kind,
		.backing = VM_BACKING_ANONYMOUS,
		.sharing = VM_SHARING_PRIVATE,
		.perms = perms,
		.size = size,
		.rss = DEMO_EXACTLY(rss),
	};
}

/* Page @number of the area. */
static char *at(const struct area *a, size_t number)
{
	return a->start + number * a->page;
}

static int reserve(struct demo_stage *stage, struct area *a)
{
	const char *call = demo_text(stage,
				     "char *p = mmap(NULL, %zu, PROT_NONE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     a->size);
	struct demo_step step = { .call = call,
				  .expect = expect_anon(VM_KIND_RESERVED, "---p", a->size, 0) };
	char *p = mmap(NULL, a->size, PROT_NONE, ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	a->start = p;
	demo_set_apart(p, a->size);
	step.address = p;
	step.look = "With NULL the kernel chooses the address. This is a reservation of eight\n"
		    "pages: PERM ---p, [reserved], RSS 0. Nobody else gets these addresses,\n"
		    "so the next steps can put things there without hitting anything.";
	return demo_step(stage, &step);
}

/* Frees room in the reservation right before it is used, so that nobody else takes it in between. */
static char *map_at(struct area *a, size_t number, size_t pages, size_t offset, int prot)
{
	char *p;

	if (munmap(at(a, number), pages * a->page) == -1)
		return MAP_FAILED;
	p = mmap(at(a, number) + offset, pages * a->page, prot, ANONYMOUS, -1, 0);
	if (p != MAP_FAILED)
		demo_set_apart(p, pages * a->page);
	return p;
}

static int follow_hint(struct demo_stage *stage, struct area *a)
{
	size_t size = 2 * a->page;
	const char *call = demo_text(stage,
				     "munmap(%p, %zu);\n"
				     "char *q = mmap(%p, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     (void *)at(a, 2), size, (void *)at(a, 2), size);
	struct demo_step step = { .call = call,
				  .expect = expect_anon(VM_KIND_ANON, "rw-p", size, size) };
	char *q = map_at(a, 2, 2, 0, PROT_READ | PROT_WRITE);

	if (q == MAP_FAILED)
		return demo_give_up(stage, call);
	if (q != at(a, 2)) {
		munmap(q, size);
		return demo_fact(stage, call, false, "the kernel chose another address");
	}
	memset(q, 'q', size);
	step.address = q;
	step.look = "An address without a flag is a hint: the kernel takes it if the place is\n"
		    "free. Here it is, for a part of the reservation was just unmapped: two\n"
		    "pages rw-p in the middle, [reserved] before and behind (mark /). They\n"
		    "were filled with 'q': RSS is all of SIZE.";
	return demo_step(stage, &step);
}

static int miss_hint(struct demo_stage *stage, struct area *a)
{
	const char *call = demo_text(stage,
				     "char *r = mmap(%p, %zu, PROT_READ,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     (void *)at(a, 2), a->page);
	struct demo_step step = { .call = call,
				  .expect = expect_anon(VM_KIND_ANON, "r--p", a->page, 0) };
	char *p = mmap(at(a, 2), a->page, PROT_READ, ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	if (p >= a->start && p < a->start + a->size)
		return demo_fact(stage, call, false, "the hint was followed over a mapping");
	a->other = p;
	demo_set_apart(p, a->page);
	step.address = p;
	step.look = "The same hint again, but the place is taken. A hint never replaces\n"
		    "anything and never fails: the kernel chose another address. Compare\n"
		    "the new row's ADDRESS with the one that was asked for.";
	return demo_step(stage, &step);
}

static int refuse_to_replace(struct demo_stage *stage, struct area *a)
{
	const char *call = demo_text(stage,
				     "mmap(%p, %zu, PROT_READ,\n"
				     "     MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0);",
				     (void *)at(a, 2), a->page);
	char *p = mmap(at(a, 2), a->page, PROT_READ, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != MAP_FAILED) {
		munmap(p, a->page);
		return demo_skip(
			stage, call,
			"this kernel does not know MAP_FIXED_NOREPLACE and took the address\n"
			"as a hint: Linux 4.17 or newer refuses");
	}
	return demo_fact(stage, call, errno == EEXIST,
			 demo_text(stage,
				   "%s: something is mapped there.\n"
				   "Exactly this address or none: the safe way to ask for a place.",
				   demo_errno(stage, errno)));
}

static int replace(struct demo_stage *stage, struct area *a)
{
	const char *path, *call;
	struct demo_step step = {
		.expect = { .kind = VM_KIND_MAPPED_FILE,
			    .backing = VM_BACKING_FILE,
			    .sharing = VM_SHARING_PRIVATE,
			    .perms = "r--p",
			    .size = a->page,
			    .rss = DEMO_EXACTLY(0) },
	};
	char *p;

	a->fd = demo_file(stage, "fixed", a->page, "the file's text\n", &path);
	if (a->fd == -1)
		return -ECANCELED;
	call = demo_text(stage,
			 "int fd = open(\"%s\", O_RDWR);\n"
			 "mmap(%p, %zu, PROT_READ,\n"
			 "     MAP_PRIVATE|MAP_FIXED, fd, 0);",
			 path, (void *)at(a, 3), a->page);
	p = mmap(at(a, 3), a->page, PROT_READ, MAP_PRIVATE | MAP_FIXED, a->fd, 0);
	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	step.call = call;
	step.address = p;
	step.look =
		demo_text(stage,
			  "MAP_FIXED takes the address whatever is there: the second page of q\n"
			  "is gone without a question. Mark v (shrunk) at q, SIZE is %zuK, and +\n"
			  "(new) at the file. Used without care it destroys malloc's memory or\n"
			  "a library; inside a reservation of one's own it is safe.",
			  a->page / 1024);
	return demo_step(stage, &step);
}

static int look_at_replaced(struct demo_stage *stage, struct area *a)
{
	char first = at(a, 2)[0], second = at(a, 3)[0];

	return demo_fact(
		stage, demo_text(stage, "char c = q[0], d = q[%zu];", a->page),
		first == 'q' && second == 't',
		demo_text(stage,
			  "c is '%c', d is '%c': the file's first letter instead of the 'q'\n"
			  "that was written there",
			  first, second));
}

static int unaligned(struct demo_stage *stage, struct area *a)
{
	const char *call = demo_text(stage,
				     "mmap(%p, %zu, PROT_READ|PROT_WRITE,\n"
				     "     MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);",
				     (void *)(at(a, 5) + 1), a->page);
	char *p = mmap(at(a, 5) + 1, a->page, PROT_READ | PROT_WRITE, ANONYMOUS | MAP_FIXED, -1, 0);

	return demo_fact(stage, call, p == MAP_FAILED && errno == EINVAL,
			 p != MAP_FAILED ? "an address in the middle of a page was accepted" :
					   demo_text(stage,
						     "%s: mappings begin where pages begin,\n"
						     "at multiples of %zu (0x%zx).",
						     demo_errno(stage, errno), a->page, a->page));
}

static int unaligned_hint(struct demo_stage *stage, struct area *a)
{
	const char *call = demo_text(stage,
				     "munmap(%p, %zu);\n"
				     "char *s = mmap(%p, %zu, PROT_READ|PROT_WRITE,\n"
				     "               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);",
				     (void *)at(a, 5), a->page, (void *)(at(a, 5) + 1), a->page);
	struct demo_step step = { .call = call,
				  .expect = expect_anon(VM_KIND_ANON, "rw-p", a->page, 0) };
	char *p = map_at(a, 5, 1, 1, PROT_READ | PROT_WRITE);

	if (p == MAP_FAILED)
		return demo_give_up(stage, call);
	if (p != at(a, 5)) {
		munmap(p, a->page);
		return demo_fact(stage, call, false, "the kernel chose another address");
	}
	step.address = p;
	step.look = "The same odd address as a hint: a hint is only rounded to a page.";
	return demo_step(stage, &step);
}

static int beyond_user_space(struct demo_stage *stage, struct area *a)
{
	uintptr_t last = UINTPTR_MAX - a->page + 1;
	char *p = mmap((void *)last, a->page, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);
	const char *call = demo_text(stage,
				     "mmap(%p, %zu, PROT_READ,\n"
				     "     MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0);",
				     (void *)last, a->page);

	return demo_fact(stage, call, p == MAP_FAILED && (errno == ENOMEM || errno == EINVAL),
			 p != MAP_FAILED ?
				 "the last page of all addresses was mapped" :
				 demo_text(stage,
					   "%s: the upper part of all addresses is\n"
					   "the kernel's; no process can map anything there.",
					   demo_errno(stage, errno)));
}

static int unmap(struct demo_stage *stage, struct area *a)
{
	struct demo_step step = {
		.call = demo_text(stage, "munmap(p, %zu);\nmunmap(r, %zu);", a->size, a->page),
		.result = "0 and 0",
		.address = a->start,
		.look = "One call takes down the reservation with all that was put into it:\n"
			"munmap knows addresses, not what mmap once returned.",
		.expect = { .gone = true },
	};

	if (munmap(a->start, a->size) == -1 || munmap(a->other, a->page) == -1)
		return demo_give_up(stage, step.call);
	a->start = a->other = NULL;
	return demo_step(stage, &step);
}

static int run(struct demo_stage *stage)
{
	static int (*const steps[])(struct demo_stage * stage, struct area * a) = {
		reserve,          follow_hint, miss_hint,      refuse_to_replace, replace,
		look_at_replaced, unaligned,   unaligned_hint, beyond_user_space, unmap,
	};
	size_t page = demo_page_size();
	struct area a = { .page = page, .size = 8 * page, .fd = -1 };
	int r = 0;

	demo_on_cleanup(stage, undo, &a);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](stage, &a);
	undo(&a);
	demo_undone(stage, &a);
	return r;
}

const struct demo_scene demo_scene_fixed = {
	.name = "fixed",
	.title = "Which address: hints, MAP_FIXED and MAP_FIXED_NOREPLACE",
	.teaches = "The address given to mmap is a hint, which the kernel may follow or not.\n"
		   "MAP_FIXED insists and replaces what was there; MAP_FIXED_NOREPLACE refuses\n"
		   "instead. Addresses of mappings are multiples of the page size.",
	.run = run,
};
