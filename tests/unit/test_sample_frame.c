/*
 * What is read from frames that no vmview made.
 */
#include "recording_support.h"
#include "sample_support.h"

#include <errno.h>

#include "vmview/limits.h"

/* The machine */

static void put_machine(struct vm_buf *facts)
{
	raw_put_fact(facts, "max_map_count", 0, VM_STR("12\n"));
	raw_put_fact(facts, "overcommit_memory", 0, VM_STR("2\n"));
	raw_put_fact(facts, "meminfo", 0, VM_STR("CommitLimit: 7 kB\nCommitted_AS: 5 kB\n"));
	raw_put_fact(facts, "memory.max", 0, VM_STR("65536\n"));
	raw_put_fact(facts, "memory.current", 0, VM_STR("4096\n"));
	raw_put_fact(facts, "vmview/group/memory.max", 0, VM_STR("/a/b"));
	raw_put_fact(facts, "memory.swap.max", EACCES, VM_STR(""));
	raw_put_fact(facts, "vmview/shm_minor", 0, VM_STR("3\n"));
	raw_put_fact(facts, "vmview/linked", 0, VM_STR("3000-4000\n9000-a000\n"));
}

/* A recording with one frame that was put together by hand. */
static void write_raw(const struct tape *tape, struct raw_frame frame, struct vm_str text,
		      struct vm_str facts)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_text = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed_facts = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };

	raw_pack(text, &packed_text);
	raw_pack(facts, &packed_facts);
	frame.text = vm_buf_str(&packed_text);
	frame.text_size = text.len;
	frame.facts = vm_buf_str(&packed_facts);
	frame.facts_size = facts.len;
	raw_put_line(&bytes);
	raw_put_frame(&bytes, &frame);
	tape_write(tape, vm_buf_str(&bytes));
}

static struct vm_source only_frame(const struct tape *tape)
{
	vm_cleanup(vm_recording_close) struct vm_recording recording = tape_open(tape);
	struct vm_source source = { 0 };
	struct vm_recording_fault fault;

	assert_int_equal(recording.count, 1);
	assert_int_equal(vm_recording_open_frame(&recording, 0, &source, &fault), 0);
	return source;
}

static void assert_limit(const struct vm_limit *limit, enum vm_known known, uint64_t now,
			 uint64_t most)
{
	assert_int_equal(limit->most.known, known);
	assert_int_equal(limit->most.number, most);
	assert_int_equal(limit->now.number, now);
}

TEST(limits_of_a_frame_are_those_of_the_machine_that_recorded_it)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	vm_cleanup(vm_limits_deinit) struct vm_limits limits = { 0 };
	const struct vm_limit *items = limits.items;

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_limits(&source, &limits), 0);
	assert_limit(&items[VM_LIMIT_MAPPINGS], VM_KNOWN_NUMBER, 0, 12);
	assert_limit(&items[VM_LIMIT_COMMITTED], VM_KNOWN_NUMBER, 5 * 1024, 7 * 1024);
	assert_limit(&items[VM_LIMIT_CGROUP], VM_KNOWN_NUMBER, 4096, 65536);
	assert_slice(vm_buf_str(&items[VM_LIMIT_CGROUP].group), "/a/b");
	assert_limit(&items[VM_LIMIT_CGROUP_SWAP], VM_KNOWN_UNREADABLE, 0, 0);
	assert_limit(&items[VM_LIMIT_STACK], VM_KNOWN_NOT, 0, 0);
}

TEST(device_of_shared_memory_is_that_of_the_machine_that_recorded_it)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	uint32_t minor;

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_true(vm_sample_shm_device(&source, &minor));
	assert_int_equal(minor, 3);
}

TEST(machine_that_is_not_told_of_is_not_known)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_limits_deinit) struct vm_limits limits = { 0 };
	uint32_t minor;

	write_raw(&tape, (struct raw_frame){ 0 }, VM_STR(""), VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_limits(&source, &limits), 0);
	assert_null(limits.unread);
	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		assert_int_equal(limits.items[id].most.known, VM_KNOWN_NOT);
	assert_false(vm_sample_shm_device(&source, &minor));
	assert_false(vm_sample_shm_device(&(struct vm_source){ .type = VM_SOURCE_FOLDER }, &minor));
}

TEST(mapping_that_is_listed_as_linked_is_not_deleted)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	static const bool deleted[] = { true, false, true, false };

	put_machine(&facts);
	write_raw(&tape, (struct raw_frame){ 0 },
		  VM_STR("1000-2000 r--p 00000000 08:01 7 /x (deleted)\n"
			 "3000-4000 r--p 00000000 08:01 8 /y (deleted)\n"
			 "5000-6000 r--p 00000000 08:01 9 /z (deleted)\n"
			 "9000-a000 r--p 00000000 08:01 8 /y (deleted)\n"),
		  vm_buf_str(&facts));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_MAPS);
	assert_int_equal(sample.snapshot.count, COUNT(deleted));
	for (size_t i = 0; i < COUNT(deleted); i++)
		assert_int_equal(sample.snapshot.mappings[i].deleted, deleted[i]);
}

/* Hostile frames */

TEST(overlapping_mappings_of_a_frame_are_left_out)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();

	write_raw(
		&tape, (struct raw_frame){ 0 },
		VM_STR("1000-3000 r--p 00000000 08:01 7 /x\n2000-4000 r--p 00000000 08:01 7 /x\n"),
		VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	vm_cleanup(sample_deinit) struct sample sample = sample_source(&source, VM_DETAIL_MAPS);
	assert_int_equal(sample.snapshot.count, 1);
	assert_int_equal(sample.report.dropped, 1);
}

TEST(frame_with_more_mappings_than_any_process_has_is_refused)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_report report;

	for (uint64_t i = 0; i <= VM_RECORDING_MAPPINGS_MAX; i++) {
		vm_buf_put_hex(&text, 2 * i, 8, '0');
		vm_buf_put_char(&text, '-');
		vm_buf_put_hex(&text, 2 * i + 1, 8, '0');
		vm_buf_put_text(&text, " r--p 0 0:0 0\n");
	}
	assert_false(text.failed);
	write_raw(&tape, (struct raw_frame){ 0 }, vm_buf_str(&text), VM_STR(""));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore_mapping, NULL, &report),
			 -EFBIG);
	assert_int_equal(report.mappings, VM_RECORDING_MAPPINGS_MAX);
}

TEST(text_that_cannot_be_unpacked_is_told_in_words)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	struct vm_report report;

	raw_put_line(&bytes);
	raw_put_frame(&bytes, &(struct raw_frame){ .text = VM_STR("no zstd"), .text_size = 7 });
	tape_write(&tape, vm_buf_str(&bytes));
	vm_cleanup(vm_source_close) struct vm_source source = only_frame(&tape);
	assert_int_equal(vm_sample_stream(&source, VM_DETAIL_MAPS, ignore_mapping, NULL, &report),
			 -EBADMSG);
	assert_non_null(report.reason);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_of_a_frame_are_those_of_the_machine_that_recorded_it),
		cmocka_unit_test(device_of_shared_memory_is_that_of_the_machine_that_recorded_it),
		cmocka_unit_test(machine_that_is_not_told_of_is_not_known),
		cmocka_unit_test(mapping_that_is_listed_as_linked_is_not_deleted),
		cmocka_unit_test(overlapping_mappings_of_a_frame_are_left_out),
		cmocka_unit_test(frame_with_more_mappings_than_any_process_has_is_refused),
		cmocka_unit_test(text_that_cannot_be_unpacked_is_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
