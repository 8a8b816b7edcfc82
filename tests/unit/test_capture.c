#include "helper.h"

#include "vmview/capture.h"

static void write_all(const struct vm_snapshot *snapshot, struct vm_buf *text)
{
	for (size_t i = 0; i < snapshot->count; i++)
		vm_capture_put(text, &snapshot->mappings[i]);
	assert_false(text->failed);
}

/* What is written can be read again and says the same. */
static void check_way_back(struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed read = parse_in_pieces(text, 0);
	vm_cleanup(vm_buf_deinit) struct vm_buf written = { 0 };

	assert_int_equal(read.result, 0);
	write_all(&read.snapshot, &written);
	vm_cleanup(parsed_deinit) struct parsed back = parse_in_pieces(vm_buf_str(&written), 0);
	assert_int_equal(back.result, 0);
	assert_int_equal(back.snapshot.count, read.snapshot.count);
	for (size_t i = 0; i < read.snapshot.count; i++)
		assert_same_mapping(&read.snapshot.mappings[i], &back.snapshot.mappings[i]);
}

static void check_fixture(const char *path, struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed read = parse_in_pieces(text, 0);

	(void)path;
	/* Some are malformed. */
	if (read.result == 0)
		check_way_back(text);
}

TEST(every_fixture_is_the_same_again)
{
	each_fixture(check_fixture);
}

TEST(text_of_a_kernel_is_written_byte_for_byte)
{
	static const char text[] =
		"00400000-00402000 r-xp 00001000 08:02 12345                              /bin/sleep\n"
		"Size:                  8 kB\n"
		"Rss:                   4 kB\n"
		"Pss_Dirty:             0 kB\n"
		"Private_Hugetlb:       0 kB\n"
		"THPeligible:           1\n"
		"VmFlags: rd ex mr mw me \n"
		"7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]\n";
	vm_cleanup(parsed_deinit) struct parsed read = parse(text);
	vm_cleanup(vm_buf_deinit) struct vm_buf written = { 0 };

	write_all(&read.snapshot, &written);
	assert_same(vm_buf_str(&written), vm_str_from(text));
}

TEST(odd_names_and_long_keys_come_back)
{
	static const char text[] =
		"1000-2000 rw-p 0 00:00 0 \n"
		"2000-3000 rw-p 0 00:00 0   [anon: with blanks ]\n"
		"3000-4000 r--p 0 fd:0001f 18446744073709551615 /a\x1b[31m\\012 (deleted)\n"
		"AKeyThatIsLongerThanFifteen: 123456789012 kB\n"
		"Rss: 123456789012 kB\n"
		"Empty:\n"
		"VmFlags: \n";

	check_way_back(vm_str_from(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fixture_is_the_same_again),
		cmocka_unit_test(text_of_a_kernel_is_written_byte_for_byte),
		cmocka_unit_test(odd_names_and_long_keys_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
