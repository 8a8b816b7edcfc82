/*
 * What a process does to its memory, and what is told of it.
 */
#include "changes_support.h"

#include <fnmatch.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmview/sample.h"

#define RW (PROT_READ | PROT_WRITE)

/* A call, and what is told of it (a pattern). */
struct step {
	enum { MAP, SHARE, UNMAP, PROTECT, MOVE, BRK, STACK } call;
	int first, count; /* pages of an area that nothing lies beside */
	int prot;
	const char *expected;
};

/* clang-format off */
static const struct step steps[] = {
	{ MAP, 0, 8, RW, "new 0>1 +8" },
	{ PROTECT, 2, 2, PROT_READ, "split 1>3 +0 ~" },
	{ PROTECT, 4, 1, PROT_READ, "grown 1>1 +1, shrunk 1>1 -1" },
	{ PROTECT, 0, 8, RW, "merged 3>1 +0 ~" },
	{ PROTECT, 0, 8, PROT_READ, "perms 1>1 +0 ~" },
	{ PROTECT, 0, 8, RW, "perms 1>1 +0 ~" },
	{ UNMAP, 6, 2, 0, "shrunk 1>1 -2" },
	{ MAP, 6, 2, RW, "grown 1>1 +2" },
	{ UNMAP, 3, 1, 0, "split 1>2 -1" },
	{ MAP, 3, 1, RW, "merged 2>1 +1" },
	{ SHARE, 0, 2, RW, "shrunk 1>1 -2, new 0>1 +2" },
	{ SHARE, 4, 2, RW, "split 1>2 -2, new 0>1 +2" },
	{ MOVE, 0, 2, 0, "gone 1>0 -2, new 0>1 +2" },
	{ UNMAP, 0, 16, 0, "gone 1>0 -2, gone 1>0 -2, gone 1>0 -2, gone 1>0 -2" },
	/* Not always joined to what there was: a heap that a fork handed down cannot be. */
	{ BRK, 0, 16, 0, "*1 +16" },
	{ BRK, 0, 4, 0, "grown 1>1 +4" },
	{ BRK, 0, -8, 0, "shrunk 1>1 -8" },
	{ STACK, 0, 0, 0, "grown 1>1 +*" },
};
/* clang-format on */

/* The kernel extends the stack at the first touch; nobody may see that the rest is not used. */
__attribute__((noinline)) static bool use_stack(void)
{
	char deep[1 << 20];

	deep[0] = 1;
	__asm__ volatile("" : : "r"(deep) : "memory");
	return true;
}

static bool take(const struct step *step, char *area)
{
	char *at = area + step->first * PAGE, *to = area + 12 * PAGE;
	int flags = (step->call == SHARE ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_FIXED;
	size_t size = (size_t)step->count * PAGE;

	switch (step->call) {
	case MAP:
	case SHARE:
		return mmap(at, size, step->prot, flags, -1, 0) == at;
	case UNMAP:
		return munmap(at, size) == 0;
	case PROTECT:
		return mprotect(at, size, step->prot) == 0;
	case MOVE:
		return mremap(at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
	case BRK:
		return sbrk((intptr_t)step->count * PAGE) != (void *)-1;
	case STACK:
		return use_stack();
	}
	return false;
}

/* Take one step for every byte read, answer it, and live until no more can come. */
static _Noreturn void act(int fd, char *area)
{
	char byte;

	for (size_t i = 0; read(fd, &byte, 1) == 1; i++) {
		if (!take(&steps[i], area) || write(fd, &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static void follow(const struct vm_source *source, int fd)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot before = { 0 };
	struct vm_report report;

	assert_int_equal(vm_sample_snapshot(source, VM_DETAIL_MAPS, &before, &report), 0);
	for (size_t i = 0; i < COUNT(steps); i++) {
		vm_cleanup(vm_changes_deinit) struct vm_changes changes = { 0 };
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
		struct vm_snapshot after = { 0 };
		char byte = 0;

		assert_int_equal(send(fd, &byte, 1, MSG_NOSIGNAL), 1);
		assert_int_equal(read(fd, &byte, 1), 1);
		assert_int_equal(vm_sample_snapshot(source, VM_DETAIL_MAPS, &after, &report), 0);
		changes_find(&before, &after, &changes);
		vm_snapshot_deinit(&before);
		before = after;
		changes_write(&changes, &text);
		if (fnmatch(steps[i].expected, text.p, 0) != 0)
			assert_string_equal(text.p, steps[i].expected);
	}
}

/* An area in the middle of a hole, for a child to inherit. */
static char *make_hole(void)
{
	char *hole = mmap(NULL, 48 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(hole != MAP_FAILED);
	assert_int_equal(munmap(hole, 48 * PAGE), 0);
	return hole + 16 * PAGE;
}

TEST(calls_of_a_live_process_are_told_by_their_names)
{
	struct vm_source source;
	char *area = make_hole();
	pid_t child;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		act(fds[1], area);
	}
	assert_true(child > 0);
	close(fds[1]);
	assert_int_equal(vm_source_open_process(child, &source), 0);
	follow(&source, fds[0]);
	vm_source_close(&source);
	close(fds[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_a_live_process_are_told_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
