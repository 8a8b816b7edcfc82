#include "helper.h"

TEST(slices_are_equal_when_their_bytes_are)
{
	assert_true(vm_str_equal(VM_STR("a\0b"), VM_STR("a\0b")));
	assert_false(vm_str_equal(VM_STR("a\0b"), VM_STR("a\0c")));
	assert_false(vm_str_equal(VM_STR("ab"), VM_STR("abc")));
	assert_true(vm_str_equal((struct vm_str){ 0 }, VM_STR("")));
}

TEST(slice_of_no_text_is_empty)
{
	assert_int_equal(vm_str_from(NULL).len, 0);
}

TEST(slice_starts_and_ends_with_what_fits_into_it)
{
	assert_true(vm_str_starts(VM_STR("abc"), VM_STR("ab")));
	assert_true(vm_str_ends(VM_STR("abc"), VM_STR("bc")));
	assert_true(vm_str_starts(VM_STR("abc"), VM_STR("")));
	assert_true(vm_str_ends(VM_STR("abc"), VM_STR("")));
	assert_false(vm_str_starts(VM_STR("ab"), VM_STR("abc")));
	assert_false(vm_str_ends(VM_STR("bc"), VM_STR("abc")));
}

TEST(skip_stops_at_the_end)
{
	assert_slice(vm_str_skip(VM_STR("abc"), 1), "bc");
	assert_slice(vm_str_skip(VM_STR("abc"), 3), "");
	assert_slice(vm_str_skip(VM_STR("abc"), SIZE_MAX), "");
}

TEST(nothing_can_be_skipped_of_no_text)
{
	assert_int_equal(vm_str_skip((struct vm_str){ 0 }, 3).len, 0);
	assert_null(vm_str_skip((struct vm_str){ 0 }, 0).p);
}

TEST(find_tells_the_first_or_the_length)
{
	assert_int_equal(vm_str_find(VM_STR("a/b/"), '/'), 1);
	assert_int_equal(vm_str_find(VM_STR("ab"), '/'), 2);
	assert_int_equal(vm_str_find((struct vm_str){ 0 }, '/'), 0);
}

TEST(find_last_tells_the_last_or_the_length)
{
	assert_int_equal(vm_str_find_last(VM_STR("a/b/"), '/'), 3);
	assert_int_equal(vm_str_find_last(VM_STR("ab"), '/'), 2);
	assert_int_equal(vm_str_find_last((struct vm_str){ 0 }, '/'), 0);
}

TEST(contains_finds_parts_and_the_empty_part)
{
	assert_true(vm_str_contains(VM_STR("/SYSV0001"), VM_STR("SYSV")));
	assert_true(vm_str_contains(VM_STR("abc"), VM_STR("")));
	assert_true(vm_str_contains((struct vm_str){ 0 }, VM_STR("")));
	assert_false(vm_str_contains(VM_STR("ab"), VM_STR("abc")));
	assert_false(vm_str_contains((struct vm_str){ 0 }, VM_STR("a")));
}

TEST(letters_are_equal_in_either_case_and_nothing_else_is)
{
	assert_true(vm_str_equal_fold(VM_STR("Private_Dirty"), VM_STR("private_dirty")));
	assert_true(vm_str_equal_fold((struct vm_str){ 0 }, VM_STR("")));
	assert_false(vm_str_equal_fold(VM_STR("rss"), VM_STR("rs")));
	assert_false(vm_str_equal_fold(VM_STR("@"), VM_STR("`")));
	assert_false(vm_str_equal_fold(VM_STR("\xc4"), VM_STR("\xe4")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_equal_when_their_bytes_are),
		cmocka_unit_test(slice_of_no_text_is_empty),
		cmocka_unit_test(slice_starts_and_ends_with_what_fits_into_it),
		cmocka_unit_test(skip_stops_at_the_end),
		cmocka_unit_test(nothing_can_be_skipped_of_no_text),
		cmocka_unit_test(find_tells_the_first_or_the_length),
		cmocka_unit_test(find_last_tells_the_last_or_the_length),
		cmocka_unit_test(contains_finds_parts_and_the_empty_part),
		cmocka_unit_test(letters_are_equal_in_either_case_and_nothing_else_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
