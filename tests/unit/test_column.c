#include "helper.h"

#include <ctype.h>

#include "vmview/column.h"
#include "vmview/kind.h"

static const char library[] = "1000-4000 rwxp 00002000 fe:01 77         /usr/lib/x.so (deleted)\n"
			      "Size:                 16 kB\n"
			      "KernelPageSize:        4 kB\n"
			      "Rss:                  12 kB\n"
			      "Private_Dirty:         8 kB\n"
			      "Private_Clean:         4 kB\n"
			      "THPeligible:           1\n"
			      "VmFlags: rd wr ex \n";

static void assert_text(const struct vm_mapping *m, enum vm_column column, const char *wanted)
{
	char room[32];

	assert_row(vm_str_equal(vm_column_text(m, column, room), vm_str_from(wanted)), wanted);
}

TEST(texts_tell_what_a_mapping_is)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(library);
	const struct vm_mapping *m = only(&parsed);

	assert_text(m, VM_COLUMN_PERMS, "rwxp");
	assert_text(m, VM_COLUMN_KIND, "code");
	assert_text(m, VM_COLUMN_BACKING, "file");
	assert_text(m, VM_COLUMN_SHARING, "private");
	assert_text(m, VM_COLUMN_FLAGS, "deleted,wx");
	assert_text(m, VM_COLUMN_DEVICE, "fe:01");
	assert_text(m, VM_COLUMN_VM_FLAGS, "rd wr ex");
	assert_text(m, VM_COLUMN_MAPPING, "x.so");
	assert_text(m, VM_COLUMN_PATH, "/usr/lib/x.so");
}

TEST(numbers_are_bytes_or_plain)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(library);
	const struct vm_mapping *m = only(&parsed);

	assert_int_equal(vm_column_number(m, VM_COLUMN_ADDRESS), 0x1000);
	assert_int_equal(vm_column_number(m, VM_COLUMN_END), 0x4000);
	assert_int_equal(vm_column_number(m, VM_COLUMN_SIZE), 0x3000);
	assert_int_equal(vm_column_number(m, VM_COLUMN_RSS), 12288);
	assert_int_equal(vm_column_number(m, VM_COLUMN_USS), 12288);
	assert_int_equal(vm_column_number(m, VM_COLUMN_OFFSET), 0x2000);
	assert_int_equal(vm_column_number(m, VM_COLUMN_INODE), 77);
	assert_int_equal(vm_column_number(m, VM_COLUMN_DELETED), 1);
	assert_int_equal(vm_column_number(m, vm_column_find(VM_STR("kernel_size"))), 16384);
	assert_int_equal(vm_column_number(m, vm_column_find(VM_STR("thpeligible"))), 1);
}

TEST(unreported_is_not_zero)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(library);
	const struct vm_mapping *m = only(&parsed);

	assert_true(vm_column_has(m, VM_COLUMN_RSS));
	assert_true(vm_column_has(m, VM_COLUMN_SIZE));
	assert_true(vm_column_has(m, VM_COLUMN_VM_FLAGS));
	assert_false(vm_column_has(m, VM_COLUMN_PSS));
	assert_false(vm_column_has(m, VM_COLUMN_DIRTY));
	assert_false(vm_column_has(m, vm_column_find(VM_STR("ksm"))));
}

TEST(a_slash_in_a_name_that_is_no_path_is_a_letter)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		classified("1000-2000 rw-p 0 00:00 0 [anon:a/b]\n");

	assert_text(only(&parsed), VM_COLUMN_MAPPING, "[anon:a/b]");
}

TEST(a_memfd_has_all_of_its_name)
{
	static const char *const texts[] = {
		"1000-2000 rw-s 0 00:01 7 /memfd:/jit/cache (deleted)\n",
		"1000-2000 rw-s 0 00:01 7 /memfd:/jit/cache (deleted)\nVmFlags: rd ht\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		vm_cleanup(parsed_deinit) struct parsed parsed = classified(texts[i]);

		assert_text(only(&parsed), VM_COLUMN_MAPPING, "memfd:/jit/cache (deleted)");
	}
}

/* Each listed name is found again, and as what it was; a field is called as smaps calls it. */
TEST(every_name_is_unique_and_lower_case)
{
	for (enum vm_column column = 0; column < VM_COLUMN_COUNT; column++) {
		struct vm_column_info info = vm_column_info(column);
		enum vm_column found = vm_column_find(vm_str_from(info.name));

		assert_row(info.help && info.help[0], info.name);
		assert_row((found == column) == vm_column_is_listed(column), info.name);
		for (const char *c = info.name; *c; c++)
			assert_row(islower((unsigned char)*c) || *c == '_', info.name);
	}
	assert_int_equal(vm_column_find(VM_STR("nonsense")), VM_COLUMN_COUNT);
	assert_int_equal(vm_column_find(VM_STR("")), VM_COLUMN_COUNT);
}

/* Titles are in upper case, smaps has both. */
TEST(a_name_is_found_in_upper_case_too)
{
	assert_int_equal(vm_column_find(VM_STR("RSS")), VM_COLUMN_RSS);
	assert_int_equal(vm_column_find(VM_STR("Private_Dirty")),
			 VM_COLUMN_FIELDS + VM_FIELD_PRIVATE_DIRTY);
}

TEST(fields_are_called_as_smaps_calls_them)
{
	for (enum vm_field field = VM_FIELD_KERNEL_PAGE_SIZE; field < VM_FIELD_COUNT; field++) {
		const char *name = vm_column_info(VM_COLUMN_FIELDS + field).name;
		struct vm_str key = vm_field_info(field)->key;

		assert_row(strlen(name) == key.len, name);
		for (size_t i = 0; i < key.len; i++)
			assert_row(name[i] == tolower((unsigned char)key.p[i]), name);
	}
}

TEST(only_sizes_and_counts_of_bytes_are_summed)
{
	assert_true(vm_column_info(VM_COLUMN_SIZE).summable);
	assert_true(vm_column_info(vm_column_find(VM_STR("anonymous"))).summable);
	assert_false(vm_column_info(vm_column_find(VM_STR("kernelpagesize"))).summable);
	assert_false(vm_column_info(vm_column_find(VM_STR("thpeligible"))).summable);
	assert_false(vm_column_info(VM_COLUMN_ADDRESS).summable);
	assert_false(vm_column_info(VM_COLUMN_INODE).summable);
}

TEST(what_maps_tells_needs_no_smaps)
{
	assert_false(vm_column_needs_smaps(VM_COLUMN_SIZE));
	assert_false(vm_column_needs_smaps(VM_COLUMN_PATH));
	assert_true(vm_column_needs_smaps(VM_COLUMN_RSS));
	assert_true(vm_column_needs_smaps(VM_COLUMN_VM_FLAGS));
	assert_true(vm_column_needs_smaps(vm_column_find(VM_STR("ksm"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_tell_what_a_mapping_is),
		cmocka_unit_test(numbers_are_bytes_or_plain),
		cmocka_unit_test(unreported_is_not_zero),
		cmocka_unit_test(a_slash_in_a_name_that_is_no_path_is_a_letter),
		cmocka_unit_test(a_memfd_has_all_of_its_name),
		cmocka_unit_test(every_name_is_unique_and_lower_case),
		cmocka_unit_test(a_name_is_found_in_upper_case_too),
		cmocka_unit_test(fields_are_called_as_smaps_calls_them),
		cmocka_unit_test(only_sizes_and_counts_of_bytes_are_summed),
		cmocka_unit_test(what_maps_tells_needs_no_smaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
