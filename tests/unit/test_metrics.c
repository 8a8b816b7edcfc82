#include "helper.h"

#include "vmview/metrics.h"

/* A process with the mappings in @text; of those of smaps, if any. */
static struct vm_metrics_process make(pid_t pid, struct vm_str command, const char *text)
{
	struct vm_metrics_process process = {
		.pid = pid,
		.has_uid = true,
		.uid = 1000,
		.readable = true,
		.max_mappings = { VM_KNOWN_NUMBER, 65530 },
		.kinds.key = VM_GROUP_KIND,
	};
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(text);
	uint32_t rows[8];

	assert_true(parsed.snapshot.count <= COUNT(rows));
	for (uint32_t i = 0; i < parsed.snapshot.count; i++)
		rows[i] = i;
	vm_buf_put_str(&process.command, command);
	assert_int_equal(
		vm_tally_add(&process.kinds, &parsed.snapshot, rows, parsed.snapshot.count, false),
		0);
	vm_tally_arrange(&process.kinds, VM_TALLY_NAME, false);
	return process;
}

/* The lines in which @part stands, of what is written about @processes. */
static void assert_lines(const struct vm_metrics_process *processes, size_t count, const char *part,
			 const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 }, lines = { 0 };
	struct vm_str rest;

	vm_metrics_put(&text, processes, count, "1.2.3");
	for (rest = vm_buf_str(&text); rest.len;) {
		struct vm_str line = { rest.p, vm_str_find(rest, '\n') + 1 };

		if (vm_str_contains(line, vm_str_from(part)))
			vm_buf_put_str(&lines, line);
		rest = vm_str_skip(rest, line.len);
	}
	assert_same(vm_buf_str(&lines), vm_str_from(wanted));
}

#define HEAP "1000-3000 rw-p 0 00:00 0 [heap]\nRss: 8 kB\nPss: 4 kB\nSwap: 0 kB\n"
#define STACK "4000-5000 rw-p 0 00:00 0 [stack]\nRss: 4 kB\nPss: 4 kB\nSwap: 0 kB\n"
#define LABELS "pid=\"7\",command=\"x\""

TEST(family_has_its_head_and_a_sample_for_each_process)
{
	struct vm_metrics_process processes[] = { make(7, VM_STR("x"), HEAP STACK),
						  make(8, VM_STR("y"), HEAP) };

	assert_lines(processes, 2, "vmview_process_resident_memory_bytes",
		     "# HELP vmview_process_resident_memory_bytes In memory now (RSS).\n"
		     "# TYPE vmview_process_resident_memory_bytes gauge\n"
		     "# UNIT vmview_process_resident_memory_bytes bytes\n"
		     "vmview_process_resident_memory_bytes{" LABELS "} 12288\n"
		     "vmview_process_resident_memory_bytes{pid=\"8\",command=\"y\"} 8192\n");
	vm_metrics_process_deinit(&processes[0]);
	vm_metrics_process_deinit(&processes[1]);
}

TEST(kinds_are_a_family_with_a_label)
{
	vm_cleanup(vm_metrics_process_deinit) struct vm_metrics_process process =
		make(7, VM_STR("x"), STACK HEAP);

	assert_lines(
		&process, 1, "kind_proportional_memory_bytes{",
		"vmview_process_kind_proportional_memory_bytes{" LABELS ",kind=\"heap\"} 4096\n"
		"vmview_process_kind_proportional_memory_bytes{" LABELS ",kind=\"stack\"} 4096\n");
}

TEST(mappings_are_told_with_their_limit)
{
	vm_cleanup(vm_metrics_process_deinit) struct vm_metrics_process process =
		make(7, VM_STR("x"), STACK HEAP);

	assert_lines(&process, 1, "mappings{" LABELS "}",
		     "vmview_process_mappings{" LABELS "} 2\n"
		     "vmview_process_max_mappings{" LABELS "} 65530\n");
	process.max_mappings.known = VM_KNOWN_NOT;
	assert_lines(&process, 1, "max_mappings", "");
}

TEST(what_is_0_has_a_sample_and_what_is_not_reported_has_none)
{
	vm_cleanup(vm_metrics_process_deinit) struct vm_metrics_process process =
		make(7, VM_STR("x"), HEAP);

	assert_lines(&process, 1, "vmview_process_swapped_memory_bytes{",
		     "vmview_process_swapped_memory_bytes{" LABELS "} 0\n");
	assert_lines(&process, 1, "vmview_process_unique_memory_bytes", "");
}

TEST(process_that_could_not_be_read_is_told_without_numbers)
{
	vm_cleanup(vm_metrics_process_deinit) struct vm_metrics_process process = { .pid = 7 };

	vm_buf_put_text(&process.command, "x");
	assert_lines(&process, 1, "{",
		     "vmview_build_info{version=\"1.2.3\"} 1\n"
		     "vmview_process_info{" LABELS ",uid=\"\"} 1\n"
		     "vmview_process_readable{" LABELS "} 0\n");
}

TEST(label_values_are_escaped_and_made_valid)
{
	vm_cleanup(vm_metrics_process_deinit) struct vm_metrics_process process =
		make(7, VM_STR("a\"b\\c\nd\xc3\xa4\xff\x1b"), HEAP);

	assert_lines(&process, 1, "readable{",
		     "vmview_process_readable{pid=\"7\",command=\"a\\\"b\\\\c\\nd\xc3\xa4"
		     "\xef\xbf\xbd\xef\xbf\xbd\"} 1\n");
}

TEST(nobody_leaves_the_program_itself_and_the_end)
{
	assert_lines(NULL, 0, "",
		     "# HELP vmview_build_info The vmview that wrote this; always 1.\n"
		     "# TYPE vmview_build_info gauge\n"
		     "vmview_build_info{version=\"1.2.3\"} 1\n"
		     "# EOF\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(family_has_its_head_and_a_sample_for_each_process),
		cmocka_unit_test(kinds_are_a_family_with_a_label),
		cmocka_unit_test(mappings_are_told_with_their_limit),
		cmocka_unit_test(what_is_0_has_a_sample_and_what_is_not_reported_has_none),
		cmocka_unit_test(process_that_could_not_be_read_is_told_without_numbers),
		cmocka_unit_test(label_values_are_escaped_and_made_valid),
		cmocka_unit_test(nobody_leaves_the_program_itself_and_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
