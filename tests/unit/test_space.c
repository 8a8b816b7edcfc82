#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmview/sample.h"
#include "vmview/space.h"

/* A process that executes this program again whenever it is told to. */
struct subject {
	pid_t pid;
	int orders, answers;
	struct vm_source source;
	struct vm_space space;
};

enum { EXECUTE = 'x', LEAVE_MAIN = 'm' };

static void answer(void)
{
	if (write(4, "ready", 1) != 1)
		_exit(1);
}

/* What /proc/self leads to is gone with the main thread. */
static void execute_again(void)
{
	execl("/proc/thread-self/exe", "subject", (char *)NULL);
	_exit(1);
}

static void *obey(void *unused)
{
	char order = 0;

	answer();
	while (vm_read(3, &order, 1) == 1) {
		if (order == EXECUTE)
			execute_again();
	}
	_exit(0);
	return unused;
}

/* What the program is when it is called so. */
static int be_subject(void)
{
	pthread_t thread;
	char order = 0;

	answer();
	if (vm_read(3, &order, 1) != 1)
		_exit(0);
	if (order == EXECUTE)
		execute_again();
	if (order == LEAVE_MAIN && pthread_create(&thread, NULL, obey, NULL) == 0)
		syscall(SYS_exit, 0);
	_exit(1);
}

static void await_answer(const struct subject *subject)
{
	char byte;

	assert_int_equal(vm_read(subject->answers, &byte, 1), 1);
}

static void become_subject(int orders, int answers)
{
	/* The same addresses again and again: nothing else is to show that it is another one. */
	personality(ADDR_NO_RANDOMIZE);
	if (dup2(orders, 3) == 3 && dup2(answers, 4) == 4)
		execute_again();
	_exit(127);
}

static struct subject subject_start(void)
{
	struct subject subject = { .space = VM_SPACE_NONE };
	int orders[2], answers[2];

	assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
	assert_int_equal(pipe2(answers, O_CLOEXEC), 0);
	subject.pid = fork();
	assert_true(subject.pid >= 0);
	if (subject.pid == 0)
		become_subject(fcntl(orders[0], F_DUPFD, 10), fcntl(answers[1], F_DUPFD, 10));
	close(orders[0]);
	close(answers[1]);
	subject.orders = orders[1];
	subject.answers = answers[0];
	assert_int_equal(vm_source_open_process(subject.pid, &subject.source), 0);
	await_answer(&subject);
	assert_int_equal(vm_space_enter(&subject.source, 0, &subject.space), 0);
	return subject;
}

static void subject_deinit(struct subject *subject)
{
	vm_space_leave(&subject->space);
	vm_source_close(&subject->source);
	close(subject->orders);
	close(subject->answers);
	if (subject->pid) {
		kill(subject->pid, SIGKILL);
		assert_int_equal(waitpid(subject->pid, NULL, 0), subject->pid);
	}
}

static void tell(struct subject *subject, char order)
{
	assert_int_equal(write(subject->orders, &order, 1), 1);
	await_answer(subject);
}

TEST(what_a_process_stays_in_it_has_not_left)
{
	vm_cleanup(subject_deinit) struct subject subject = subject_start();

	for (int i = 0; i < 3; i++)
		assert_false(vm_space_left(&subject.space));
}

TEST(the_very_same_program_executed_again_has_another_one)
{
	vm_cleanup(subject_deinit) struct subject subject = subject_start();

	for (int i = 0; i < 3; i++) {
		tell(&subject, EXECUTE);
		assert_true(vm_space_left(&subject.space));
		vm_space_leave(&subject.space);
		assert_int_equal(vm_space_enter(&subject.source, 0, &subject.space), 0);
		assert_false(vm_space_left(&subject.space));
	}
}

/* The thread answers before the main one has ended: only then can it be seen to have. */
static void await_zombie(const struct subject *subject)
{
	bool ended = false;

	while (!ended) {
		struct vm_process process = { 0 };

		assert_int_equal(vm_sample_process(&subject->source, &process), 0);
		ended = vm_process_is_zombie(&process);
		vm_process_deinit(&process);
		sched_yield();
	}
}

TEST(threads_that_live_on_without_the_main_one_have_not_left)
{
	vm_cleanup(subject_deinit) struct subject subject = subject_start();
	pid_t thread;

	tell(&subject, LEAVE_MAIN);
	await_zombie(&subject);
	assert_false(vm_space_left(&subject.space));
	vm_space_leave(&subject.space);
	assert_int_equal(vm_space_enter(&subject.source, 0, &subject.space), -ESRCH);
	thread = vm_sample_other_thread(&subject.source);
	assert_int_equal(vm_space_enter(&subject.source, thread, &subject.space), 0);
	assert_false(vm_space_left(&subject.space));
	/* Who executes a program takes the main thread's place. */
	tell(&subject, EXECUTE);
	assert_true(vm_space_left(&subject.space));
}

TEST(a_process_that_ended_has_left)
{
	vm_cleanup(subject_deinit) struct subject subject = subject_start();
	siginfo_t info;

	kill(subject.pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)subject.pid, &info, WEXITED | WNOWAIT), 0);
	assert_true(vm_space_left(&subject.space));
	assert_int_equal(waitpid(subject.pid, NULL, 0), subject.pid);
	subject.pid = 0;
	assert_true(vm_space_left(&subject.space));
	vm_space_leave(&subject.space);
	assert_int_equal(vm_space_enter(&subject.source, 0, &subject.space), -ESRCH);
}

TEST(none_is_never_left)
{
	struct vm_source none = { 0 };
	struct vm_space space;

	assert_int_equal(vm_space_enter(&none, 0, &space), -ESRCH);
	assert_int_equal(space.fd, -1);
	assert_false(vm_space_left(&space));
	vm_space_leave(&space);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_process_stays_in_it_has_not_left),
		cmocka_unit_test(the_very_same_program_executed_again_has_another_one),
		cmocka_unit_test(threads_that_live_on_without_the_main_one_have_not_left),
		cmocka_unit_test(a_process_that_ended_has_left),
		cmocka_unit_test(none_is_never_left),
	};

	if (argc > 0 && strcmp(argv[0], "subject") == 0)
		return be_subject();

	return cmocka_run_group_tests(tests, NULL, NULL);
}
