#include "helper.h"

TEST(size_is_the_distance_from_start_to_end)
{
	const struct vm_mapping vsyscall = { .start = 0xffffffffff600000,
					     .end = 0xffffffffff601000 };
	const struct vm_mapping all = { .start = 0, .end = UINT64_MAX };

	assert_int_equal(vm_mapping_size(&vsyscall), 4096);
	assert_int_equal(vm_mapping_size(&all), UINT64_MAX);
}

TEST(each_permission_has_its_own_character)
{
	const struct vm_mapping all = { .perms = "rwxs" }, none = { .perms = "---p" };

	assert_true(vm_mapping_readable(&all) && vm_mapping_writable(&all));
	assert_true(vm_mapping_executable(&all) && vm_mapping_shared(&all));
	assert_false(vm_mapping_readable(&none) || vm_mapping_writable(&none));
	assert_false(vm_mapping_executable(&none) || vm_mapping_shared(&none));
}

TEST(flag_is_found_as_a_whole_word)
{
	static const struct {
		const char *flags, *code;
		bool found;
	} rows[] = {
		{ "rd wr ht", "ht", true }, { "ht rd", "ht", true },   { "rd ht wr ", "ht", true },
		{ "ht", "ht", true },       { "rd hta", "ht", false }, { "rd aht", "ht", false },
		{ "h t", "ht", false },     { "", "ht", false },       { "rd  ht", "ht", true },
		{ "rd wr", "ht", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct vm_mapping m = { .vm_flags = vm_str_from(rows[i].flags) };

		assert_row(vm_mapping_has_flag(&m, rows[i].code) == rows[i].found, rows[i].flags);
	}
}

TEST(flag_that_is_not_reported_is_not_there)
{
	const struct vm_mapping m = { 0 };

	assert_false(vm_mapping_has_flag(&m, "ht"));
}

TEST(values_are_found_by_their_place_among_those_that_are_not_zero)
{
	static const uint64_t values[] = { 7, 8, 9 };
	const struct vm_usage usage = {
		.present = UINT64_C(1) << VM_FIELD_SIZE | UINT64_C(1) << VM_FIELD_RSS |
			   UINT64_C(1) << VM_FIELD_PSS | UINT64_C(1) << VM_FIELD_PROTECTION_KEY,
		.nonzero = UINT64_C(1) << VM_FIELD_SIZE | UINT64_C(1) << VM_FIELD_PSS |
			   UINT64_C(1) << VM_FIELD_PROTECTION_KEY,
		.values = values,
	};

	assert_int_equal(vm_usage_get(&usage, VM_FIELD_SIZE), 7);
	assert_int_equal(vm_usage_get(&usage, VM_FIELD_RSS), 0);
	assert_int_equal(vm_usage_get(&usage, VM_FIELD_PSS), 8);
	assert_int_equal(vm_usage_get(&usage, VM_FIELD_PROTECTION_KEY), 9);
	assert_true(vm_usage_has(&usage, VM_FIELD_RSS));
	assert_false(vm_usage_has(&usage, VM_FIELD_SWAP));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_is_the_distance_from_start_to_end),
		cmocka_unit_test(each_permission_has_its_own_character),
		cmocka_unit_test(flag_is_found_as_a_whole_word),
		cmocka_unit_test(flag_that_is_not_reported_is_not_there),
		cmocka_unit_test(values_are_found_by_their_place_among_those_that_are_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
