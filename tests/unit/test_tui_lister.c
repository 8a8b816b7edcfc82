#include "helper.h"

#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "tui/lister.h"

/* The next list, which must come. */
static struct tui_processes next_list(struct tui_lister *lister)
{
	struct pollfd fd = { .fd = tui_lister_fd(lister), .events = POLLIN };
	struct tui_processes processes = { 0 };
	int error = -1;

	do
		assert_int_equal(poll(&fd, 1, 60000), 1);
	while (!tui_lister_take(lister, &processes, &error));
	assert_int_equal(error, 0);
	return processes;
}

static bool holds(const struct tui_processes *processes, pid_t pid)
{
	for (size_t i = 0; i < processes->count; i++) {
		if (processes->items[i].pid == pid)
			return true;
	}
	return false;
}

static void lister_free(struct tui_lister **lister)
{
	assert_null(tui_lister_free(*lister));
}

TEST(processes_are_listed_but_for_the_one_that_asks)
{
	vm_cleanup(lister_free) struct tui_lister *lister = NULL;
	vm_cleanup(tui_processes_deinit) struct tui_processes processes = { 0 };

	assert_int_equal(tui_lister_new(&lister), 0);
	processes = next_list(lister);
	assert_true(holds(&processes, getppid()));
	assert_false(holds(&processes, getpid()));
}

TEST(they_are_listed_again_and_again)
{
	vm_cleanup(lister_free) struct tui_lister *lister = NULL;

	assert_int_equal(tui_lister_new(&lister), 0);
	for (int i = 0; i < 2; i++) {
		vm_cleanup(tui_processes_deinit) struct tui_processes processes = next_list(lister);

		assert_true(holds(&processes, getppid()));
	}
}

TEST(it_can_be_left_at_any_time)
{
	for (int i = 0; i < 20; i++) {
		struct tui_lister *lister;

		assert_int_equal(tui_lister_new(&lister), 0);
		for (int j = 0; j < i; j++)
			sched_yield();
		assert_null(tui_lister_free(lister));
	}
	assert_null(tui_lister_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processes_are_listed_but_for_the_one_that_asks),
		cmocka_unit_test(they_are_listed_again_and_again),
		cmocka_unit_test(it_can_be_left_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
