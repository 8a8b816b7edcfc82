#include "helper.h"

#include <errno.h>

#include "vmview/stat.h"

/* Fields 4 to 28 of a stat line: parent 41, flags 0x400040, start time 267123, start of the stack 0x7ffc. */
#define REST \
	" 41 42 43 -1 -1 4194368 257 0 6 0 0 0 0 0 20 0 2 0 267123 9691136 158 18446744073709551615 1 1 32764"
#define TAIL " 0 0 0 0 6 0\n"

static int parse_stat(const char *text, struct vm_process *process)
{
	*process = (struct vm_process){ 0 };
	return vm_stat_parse(vm_str_from(text), process);
}

TEST(stat_tells_what_its_fields_hold)
{
	vm_cleanup(vm_process_deinit) struct vm_process process;

	assert_int_equal(parse_stat("17 (kinds) S" REST TAIL, &process), 0);
	assert_true(process.has_stat);
	assert_int_equal(process.pid, 17);
	assert_int_equal(process.state, 'S');
	assert_int_equal(process.parent, 41);
	assert_int_equal(process.flags, 0x400040);
	assert_int_equal(process.start_time, 267123);
	assert_int_equal(process.start_stack, 32764);
	assert_slice(vm_buf_str(&process.comm), "kinds");
}

TEST(command_may_hold_anything)
{
	static const char *const names[] = { "",    " ",  ")",          "(",        ") S 1 2 (",
					     "a b", "()", "((sd-pam))", "\033[31m", "x\ny" };

	for (size_t i = 0; i < COUNT(names); i++) {
		vm_cleanup(vm_process_deinit) struct vm_process process;
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_text(&text, "17 (");
		vm_buf_put_text(&text, names[i]);
		vm_buf_put(&text, ") R" REST TAIL "", sizeof(") R" REST TAIL));
		assert_row(parse_stat(text.p, &process) == 0, names[i]);
		assert_same(vm_buf_str(&process.comm), vm_str_from(names[i]));
		assert_int_equal(process.state, 'R');
	}
}

TEST(pid_that_is_known_is_not_replaced)
{
	vm_cleanup(vm_process_deinit) struct vm_process process = { .pid = 5 };

	assert_int_equal(vm_stat_parse(VM_STR("17 (x) S" REST TAIL), &process), 0);
	assert_int_equal(process.pid, 5);
}

TEST(negative_numbers_read_as_zero)
{
	vm_cleanup(vm_process_deinit) struct vm_process process;

	assert_int_equal(
		parse_stat("1 (x) S -41 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -7 0 0 0 0 0 9 0",
			   &process),
		0);
	assert_int_equal(process.parent, 0);
	assert_int_equal(process.start_time, 0);
	assert_int_equal(process.start_stack, 9);
}

TEST(stat_that_ends_with_the_start_of_the_stack_is_enough)
{
	vm_cleanup(vm_process_deinit) struct vm_process process;

	assert_int_equal(parse_stat("17 (x) S" REST, &process), 0);
	assert_int_equal(process.start_stack, 32764);
}

TEST(text_that_is_no_stat_is_refused)
{
	static const char *const texts[] = {
		"",
		"17",
		"17 (x",
		"17 x) S" REST,
		"17 (x)",
		"17 (x) ",
		"17 (x) S",
		"17 (x) S 41 42 43",
		"17 (x)S" REST,
		"17 (x) S x 42 43 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
		"17 (x) S 99999999999999999999 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
		")(",
		"<html>",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		vm_cleanup(vm_process_deinit) struct vm_process process;

		assert_row(parse_stat(texts[i], &process) == -EBADMSG, texts[i]);
		assert_row(!process.has_stat, texts[i]);
	}
}

TEST(zombies_and_kernel_threads_are_recognised)
{
	static const struct {
		const char *text;
		bool zombie, kernel_thread;
	} rows[] = {
		{ "1 (x) S" REST, false, false },
		{ "1 (x) Z" REST, true, false },
		{ "1 (x) X" REST, true, false },
		{ "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0 0 0 0 0", false,
		  true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_process_deinit) struct vm_process process;

		assert_int_equal(parse_stat(rows[i].text, &process), 0);
		assert_int_equal(vm_process_is_zombie(&process), rows[i].zombie);
		assert_int_equal(vm_process_is_kernel_thread(&process), rows[i].kernel_thread);
	}
}

/* status */

TEST(status_tells_process_owner_and_threads)
{
	struct vm_process process = { 0 };

	vm_status_parse(
		VM_STR("Name:\tx\nTgid:\t17\nPid:\t18\nUid:\t1000\t1001\t1002\t1003\nThreads:\t2\n"),
		&process);
	assert_int_equal(process.tgid, 17);
	assert_true(process.has_uid);
	assert_int_equal(process.uid, 1001);
	assert_int_equal(process.threads, 2);
}

TEST(status_tells_memory_in_bytes)
{
	struct vm_process process = { 0 };

	vm_status_parse(VM_STR("VmPeak:\t    9 kB\nVmSize:\t    8 kB\nVmLck:\t       1 kB\n"
			       "VmHWM:\t     7 kB\nVmRSS:\t     6 kB\nVmSwap:\t       2 kB\n"),
			&process);
	assert_true(process.has_memory);
	assert_int_equal(process.vm_size, 8192);
	assert_int_equal(process.vm_rss, 6144);
	assert_int_equal(process.vm_swap, 2048);
	assert_int_equal(process.vm_locked, 1024);
}

TEST(status_without_a_line_leaves_what_it_tells)
{
	struct vm_process process = { .tgid = 3 };

	vm_status_parse(VM_STR("Name:\tTgid: 9\nTgid: x\nUid: none\nThreads: x\nVmSize: x\n"),
			&process);
	assert_int_equal(process.tgid, 3);
	assert_false(process.has_uid);
	assert_false(process.has_memory);
	assert_int_equal(process.threads, 0);
}

TEST(owner_zero_and_no_owner_differ)
{
	struct vm_process root = { 0 };

	vm_status_parse(VM_STR("Uid:\t0\t0\t0\t0"), &root);
	assert_true(root.has_uid);
	assert_int_equal(root.uid, 0);
}

TEST(largest_numbers_of_status_fit)
{
	struct vm_process process = { 0 };

	vm_status_parse(VM_STR("Tgid:\t2147483647\nUid:\t0\t4294967295\nThreads:\t4294967295\n"
			       "VmSize:\t18014398509481983 kB\n"),
			&process);
	assert_int_equal(process.tgid, 2147483647);
	assert_int_equal(process.uid, UINT32_MAX);
	assert_int_equal(process.threads, UINT32_MAX);
	assert_int_equal(process.vm_size, UINT64_MAX - 1023);
}

TEST(numbers_of_status_that_do_not_fit_are_left_out)
{
	struct vm_process process = { 0 };

	vm_status_parse(VM_STR("Tgid:\t2147483648\nUid:\t0\t4294967296\nThreads:\t4294967296\n"
			       "VmSize:\t18014398509481984 kB\n"),
			&process);
	assert_int_equal(process.tgid, 0);
	assert_false(process.has_uid);
	assert_int_equal(process.threads, 0);
	assert_false(process.has_memory);
}

/* syscall */

TEST(stack_pointer_is_the_last_but_one_number_of_a_blocked_thread)
{
	static const struct {
		const char *text;
		bool blocked;
		uint64_t pointer;
	} rows[] = {
		{ "270 0xfb 0x7ffd3fb394b0 0x0 0x0 0x7ffd3fb393c0 0x1 0x7ffd3fb39390 0x7f6175882aec\n",
		  true, 0x7ffd3fb39390 },
		{ "-1 0x7ffc00001000 0x7f0000002000\n", true, 0x7ffc00001000 },
		{ "-1 0x7ffc00001000 0x7f0000002000", true, 0x7ffc00001000 },
		{ "7 0x1 0xffffffffffffffff 0x0\n", true, UINT64_MAX },
		{ "running\n", false, 0 },
		{ "", false, 0 },
		{ "\n", false, 0 },
		{ "0x1", false, 0 },
		{ "0x1 0x2", false, 0 },
		{ "-1 0x 0x2", false, 0 },
		{ "-1 1 2", false, 0 },
		{ "-1 0x1 2", false, 0 },
		{ "-1 1 0x2", false, 0 },
		{ "-1 0x1z 0x2", false, 0 },
		{ "-1 0x10000000000000000 0x2", false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t pointer = 0;

		assert_row(vm_syscall_parse(vm_str_from(rows[i].text), &pointer) == rows[i].blocked,
			   rows[i].text);
		assert_row(!rows[i].blocked || pointer == rows[i].pointer, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_tells_what_its_fields_hold),
		cmocka_unit_test(command_may_hold_anything),
		cmocka_unit_test(pid_that_is_known_is_not_replaced),
		cmocka_unit_test(negative_numbers_read_as_zero),
		cmocka_unit_test(stat_that_ends_with_the_start_of_the_stack_is_enough),
		cmocka_unit_test(text_that_is_no_stat_is_refused),
		cmocka_unit_test(zombies_and_kernel_threads_are_recognised),
		cmocka_unit_test(status_tells_process_owner_and_threads),
		cmocka_unit_test(status_tells_memory_in_bytes),
		cmocka_unit_test(status_without_a_line_leaves_what_it_tells),
		cmocka_unit_test(owner_zero_and_no_owner_differ),
		cmocka_unit_test(largest_numbers_of_status_fit),
		cmocka_unit_test(numbers_of_status_that_do_not_fit_are_left_out),
		cmocka_unit_test(stack_pointer_is_the_last_but_one_number_of_a_blocked_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
