#include "helper.h"

#include <assert.h>

#include "vmview/selection.h"

struct row {
	enum vm_measure measure;
	uint64_t value;
};

static void check_rows(const char *text, const struct row *rows, size_t count)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(text);

	for (size_t i = 0; i < count; i++) {
		const char *name = vm_measure_name(rows[i].measure);

		assert_row(vm_measure_has(only(&parsed), rows[i].measure), name);
		assert_row(vm_measure_of(only(&parsed), rows[i].measure) == rows[i].value, name);
	}
}

#define FIRST_LINE "10000-30000 rw-p 00000000 08:01 5 /lib/a.so\n"

TEST(measures_are_made_of_the_fields_of_smaps)
{
	static const struct row rows[] = {
		{ VM_MEASURE_SIZE, 0x20000 },
		{ VM_MEASURE_RSS, 1 * 1024 },
		{ VM_MEASURE_PSS, 2 * 1024 },
		{ VM_MEASURE_USS, (300 + 400) * 1024 },
		{ VM_MEASURE_SHARED, (100 + 200) * 1024 },
		{ VM_MEASURE_DIRTY, (200 + 400) * 1024 },
		{ VM_MEASURE_SWAP, 3 * 1024 },
		{ VM_MEASURE_LOCKED, 4 * 1024 },
		{ VM_MEASURE_HUGETLB, (10 + 20) * 1024 },
		{ VM_MEASURE_COPIED, 5 * 1024 },
	};

	static_assert(COUNT(rows) == VM_MEASURE_COUNT, "check every measure");
	check_rows(FIRST_LINE "Rss: 1 kB\nPss: 2 kB\nShared_Clean: 100 kB\nShared_Dirty: 200 kB\n"
			      "Private_Clean: 300 kB\nPrivate_Dirty: 400 kB\nAnonymous: 5 kB\n"
			      "Shared_Hugetlb: 10 kB\nPrivate_Hugetlb: 20 kB\nSwap: 3 kB\n"
			      "Locked: 4 kB\n",
		   rows, COUNT(rows));
}

TEST(size_is_that_of_the_addresses)
{
	static const struct row rows[] = { { VM_MEASURE_SIZE, 0x20000 } };

	check_rows(FIRST_LINE "Size: 4 kB\n", rows, COUNT(rows));
}

TEST(measure_that_is_not_reported_is_told_from_0)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(FIRST_LINE "Rss: 0 kB\n");

	assert_true(vm_measure_has(only(&parsed), VM_MEASURE_SIZE));
	assert_true(vm_measure_has(only(&parsed), VM_MEASURE_RSS));
	for (enum vm_measure measure = VM_MEASURE_PSS; measure < VM_MEASURE_COUNT; measure++) {
		assert_row(!vm_measure_has(only(&parsed), measure), vm_measure_name(measure));
		assert_row(vm_measure_of(only(&parsed), measure) == 0, vm_measure_name(measure));
	}
}

TEST(sum_of_which_a_part_is_missing_is_not_reported)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		classified(FIRST_LINE "Private_Dirty: 4 kB\n");

	assert_false(vm_measure_has(only(&parsed), VM_MEASURE_USS));
	assert_int_equal(vm_measure_of(only(&parsed), VM_MEASURE_USS), 0);
}

TEST(sum_stops_at_the_largest_number)
{
	static const struct row rows[] = { { VM_MEASURE_USS, UINT64_MAX } };

	check_rows(FIRST_LINE "Private_Clean: 18014398509481983 kB\n"
			      "Private_Dirty: 18014398509481983 kB\n",
		   rows, COUNT(rows));
}

/* Elsewhere Anonymous counts memory that never was a file's. */
TEST(only_private_file_mappings_have_copies)
{
	static const struct row none[] = { { VM_MEASURE_COPIED, 0 } };

	check_rows("1000-2000 rw-s 0 08:01 5 /tmp/a\nAnonymous: 4 kB\n", none, COUNT(none));
	check_rows("1000-2000 rw-p 0 00:00 0 [heap]\nAnonymous: 4 kB\n", none, COUNT(none));
	check_rows("1000-2000 rw-p 0 00:05 3 /dev/zero\nAnonymous: 4 kB\n", none, COUNT(none));
}

TEST(every_measure_has_a_name_of_its_own)
{
	for (enum vm_measure a = 0; a < VM_MEASURE_COUNT; a++) {
		for (enum vm_measure b = 0; b < a; b++)
			assert_string_not_equal(vm_measure_name(a), vm_measure_name(b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_are_made_of_the_fields_of_smaps),
		cmocka_unit_test(size_is_that_of_the_addresses),
		cmocka_unit_test(measure_that_is_not_reported_is_told_from_0),
		cmocka_unit_test(sum_of_which_a_part_is_missing_is_not_reported),
		cmocka_unit_test(sum_stops_at_the_largest_number),
		cmocka_unit_test(only_private_file_mappings_have_copies),
		cmocka_unit_test(every_measure_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
