#include "helper.h"

#include "vmview/field.h"

TEST(every_field_is_found_by_its_key)
{
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++)
		assert_int_equal(vm_field_find(vm_field_info(field)->key), field);
}

TEST(every_field_has_a_line_of_help)
{
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++) {
		struct vm_str help = vm_str_from(vm_field_info(field)->help);

		assert_row(help.len > 0, vm_field_info(field)->key.p);
		assert_row(vm_str_find(help, '\n') == help.len, vm_field_info(field)->key.p);
	}
}

TEST(only_flags_and_indexes_are_plain_numbers)
{
	for (enum vm_field field = 0; field < VM_FIELD_COUNT; field++) {
		bool number = field == VM_FIELD_THP_ELIGIBLE || field == VM_FIELD_PROTECTION_KEY;

		assert_int_equal(vm_field_info(field)->unit,
				 number ? VM_UNIT_NUMBER : VM_UNIT_BYTES);
	}
}

TEST(key_is_found_only_as_a_whole_and_in_its_case)
{
	static const char *const keys[] = { "",    "P",    "Ps",    "Pss_",     "rss",
					    "RSS", "Rss ", "Swaps", "Pss_Dirt", "VmFlags" };

	for (size_t i = 0; i < COUNT(keys); i++)
		assert_row(vm_field_find(vm_str_from(keys[i])) == VM_FIELD_COUNT, keys[i]);
}

TEST(key_ends_where_its_slice_ends)
{
	assert_int_equal(vm_field_find((struct vm_str){ "Pss_Dirty", 3 }), VM_FIELD_PSS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_found_by_its_key),
		cmocka_unit_test(every_field_has_a_line_of_help),
		cmocka_unit_test(only_flags_and_indexes_are_plain_numbers),
		cmocka_unit_test(key_is_found_only_as_a_whole_and_in_its_case),
		cmocka_unit_test(key_ends_where_its_slice_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
