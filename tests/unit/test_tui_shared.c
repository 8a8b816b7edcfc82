/*
 * A process that shares memory with the one that reads it, as after vfork(2).
 */
#include "tui_support.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

static unsigned next_program(struct tui_sampler *sampler)
{
	vm_cleanup(tui_sample_deinit) struct tui_sample sample = next_sample(sampler);

	return sample.program;
}

static int share_and_execute(void *go)
{
	char byte;

	if (read(*(int *)go, &byte, 1) == 1)
		execl("/bin/sleep", "sleep", "3600", NULL);
	_exit(1);
}

/* Until then its memory is this test's, which goes on to use it. */
TEST(a_process_that_shares_its_memory_until_it_executes_starts_afresh_then)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	static char stack[65536];
	unsigned first, program;
	int go[2];

	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	watched.pid = clone(share_and_execute, stack + sizeof(stack), CLONE_VM | SIGCHLD, go);
	assert_true(watched.pid > 0);
	watched.go = go[1];
	assert_int_equal(vm_source_open_process(watched.pid, &watched.source), 0);
	assert_int_equal(tui_sampler_new(&watched.source, SHORT, false, &watched.sampler), 0);
	first = next_program(watched.sampler);
	assert_int_equal(next_program(watched.sampler), first);
	assert_int_equal(write(watched.go, "x", 1), 1);
	do
		program = next_program(watched.sampler);
	while (program == first);
	assert_int_equal(next_program(watched.sampler), program);
	close(go[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_process_that_shares_its_memory_until_it_executes_starts_afresh_then),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
