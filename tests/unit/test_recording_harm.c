/*
 * Recordings that are made to do harm.
 */
#include "recording_support.h"

#include <errno.h>

static const char maps[] = "1000-2000 r-xp 00000000 08:01 7 /bin/x\n";

/* The only frame of a recording that holds it. */
static int read_raw(const struct raw_frame *frame, const char *name, struct vm_buf *text,
		    struct vm_recording_fault *fault)
{
	vm_cleanup(tape_deinit) struct tape tape = tape_make();
	vm_cleanup(vm_recording_close) struct vm_recording recording = { 0 };
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf bytes = { 0 };
	int r;

	raw_put_line(&bytes);
	raw_put_frame(&bytes, frame);
	tape_write(&tape, vm_buf_str(&bytes));
	recording = tape_open(&tape);
	assert_int_equal(recording.count, 1);
	r = vm_recording_open_frame(&recording, 0, &source, fault);
	if (r == 0)
		r = vm_source_read_entry(&source, name, SIZE_MAX, text);
	return r;
}

static void check_text(struct vm_str packed, uint64_t size, int wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_recording_fault fault;
	const struct raw_frame frame = { .text = packed, .text_size = size };

	assert_int_equal(read_raw(&frame, "maps", &text, &fault), wanted);
	assert_true(text.len <= size);
}

static void check_facts(struct vm_str packed, uint64_t size, int wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	struct vm_recording_fault fault = { 0 };
	const struct raw_frame frame = { .facts = packed, .facts_size = size };

	assert_int_equal(read_raw(&frame, "stat", &text, &fault), wanted);
	assert_int_equal(fault.reason != NULL, wanted == -EBADMSG || wanted == -EFBIG);
}

TEST(text_that_unpacks_to_more_or_less_than_it_says_is_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf zeros = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	vm_buf_put_repeat(&zeros, '0', 1000000);
	raw_pack(vm_buf_str(&zeros), &packed);
	check_text(vm_buf_str(&packed), 1000000, 0);
	check_text(vm_buf_str(&packed), 999999, -EBADMSG);
	check_text(vm_buf_str(&packed), 1000001, -EBADMSG);
	check_text(vm_buf_str(&packed), 0, -EBADMSG);
	check_facts(vm_buf_str(&packed), 1, -EBADMSG);
}

TEST(recording_that_unpacks_without_end_is_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf zeros = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	/* 256 MiB in a few kilobytes. */
	vm_buf_put_repeat(&zeros, '0', 256 << 20);
	raw_pack(vm_buf_str(&zeros), &packed);
	assert_true(packed.len < 65536);
	check_text(vm_buf_str(&packed), 4096, -EBADMSG);
	check_text(vm_buf_str(&packed), VM_RECORDING_TEXT_MAX + 1, -EFBIG);
	check_text(vm_buf_str(&packed), UINT64_MAX, -EFBIG);
	check_facts(vm_buf_str(&packed), 4096, -EBADMSG);
	check_facts(vm_buf_str(&packed), VM_RECORDING_FACTS_MAX, -EBADMSG);
	check_facts(vm_buf_str(&packed), VM_RECORDING_FACTS_MAX + 1, -EFBIG);
	check_facts(vm_buf_str(&packed), UINT32_MAX, -EFBIG);
}

TEST(packed_text_that_ends_early_or_has_something_behind_it_is_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };
	size_t len;

	raw_pack(VM_STR(maps), &packed);
	len = packed.len;
	for (size_t cut = 1; cut < len; cut++)
		check_text((struct vm_str){ packed.p, cut }, sizeof(maps) - 1, -EBADMSG);
	vm_buf_put_char(&packed, '\0');
	check_text(vm_buf_str(&packed), sizeof(maps) - 1, -EBADMSG);
	check_text(VM_STR("1000-2000 r-xp 00000000 08:01 7 /bin/x\n"), sizeof(maps) - 1, -EBADMSG);
}

TEST(packed_frame_that_is_to_be_skipped_is_no_text)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	raw_put_number(&packed, 0x184d2a50, 4);
	raw_put_number(&packed, 8, 4);
	vm_buf_put_text(&packed, "anything");
	check_text(vm_buf_str(&packed), 8, -EBADMSG);
}

/* One block that is not packed, as RFC 8878 has it: the window's logarithm is in the sixth byte. */
static void check_window(unsigned log, int wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	raw_put_number(&packed, 0xfd2fb528, 4);
	raw_put_number(&packed, 0, 1);
	raw_put_number(&packed, (log - 10) << 3, 1);
	raw_put_number(&packed, 4 << 3 | 1, 3);
	vm_buf_put_text(&packed, "1000");
	check_text(vm_buf_str(&packed), 4, wanted);
}

TEST(window_that_asks_for_much_memory_is_refused)
{
	check_window(19, 0);
	check_window(23, 0);
	check_window(24, -EBADMSG);
	check_window(41, -EBADMSG);
}

static void check_listed(struct vm_str facts, int wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf packed = { 0 };

	raw_pack(facts, &packed);
	check_facts(vm_buf_str(&packed), facts.len, wanted);
}

TEST(facts_that_run_over_are_refused)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };
	size_t whole;

	raw_put_fact(&facts, "stat", 0, VM_STR("x"));
	raw_put_fact(&facts, "status", 0, VM_STR("some text"));
	whole = 8 + 4 + 1;
	for (size_t len = 0; len <= facts.len; len++)
		check_listed((struct vm_str){ facts.p, len }, len == 0 ? -ENOENT :
							      len == whole || len == facts.len ?
									 0 :
									 -EBADMSG);
	vm_buf_clear(&facts);
	raw_put_number(&facts, UINT16_MAX, 2);
	raw_put_number(&facts, 0, 2);
	raw_put_number(&facts, UINT32_MAX, 4);
	vm_buf_put_text(&facts, "stat");
	check_listed(vm_buf_str(&facts), -EBADMSG);
}

/* As many as fit, all alike: looking for them must not take longer and longer. */
TEST(crowd_of_facts_keeps_nobody_waiting)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf facts = { 0 };

	while (facts.len + 8 <= VM_RECORDING_FACTS_MAX)
		raw_put_fact(&facts, "", 0, VM_STR(""));
	check_listed(vm_buf_str(&facts), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_unpacks_to_more_or_less_than_it_says_is_refused),
		cmocka_unit_test(recording_that_unpacks_without_end_is_refused),
		cmocka_unit_test(packed_text_that_ends_early_or_has_something_behind_it_is_refused),
		cmocka_unit_test(packed_frame_that_is_to_be_skipped_is_no_text),
		cmocka_unit_test(window_that_asks_for_much_memory_is_refused),
		cmocka_unit_test(facts_that_run_over_are_refused),
		cmocka_unit_test(crowd_of_facts_keeps_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
