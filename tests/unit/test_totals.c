#include "helper.h"

#include "vmview/totals.h"

#define HEAD "1000-3000 rw-p 00000000 00:00 0 \n"
#define NEXT "4000-5000 r--p 00000000 00:00 0 \n"

static struct vm_totals sum(const char *text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(text);
	struct vm_totals totals = { 0 };

	assert_int_equal(parsed.result, 0);
	for (size_t i = 0; i < parsed.snapshot.count; i++)
		vm_totals_add(&totals, &parsed.snapshot.mappings[i]);
	return totals;
}

static bool is_present(const struct vm_totals *totals, enum vm_field field)
{
	return totals->present >> field & 1;
}

TEST(sizes_and_mappings_are_summed)
{
	const struct vm_totals totals = sum(HEAD NEXT);

	assert_int_equal(totals.count, 2);
	assert_int_equal(totals.size, 0x3000);
}

TEST(each_field_is_summed_by_itself)
{
	const struct vm_totals totals =
		sum(HEAD "Rss: 4 kB\nPss: 3 kB\nLocked: 0 kB\nTHPeligible: 1\n" NEXT
			 "Pss: 1 kB\nSwap: 9 kB\nRss: 2 kB\nTHPeligible: 1\n");

	assert_int_equal(totals.sums[VM_FIELD_RSS], 6 * 1024);
	assert_int_equal(totals.sums[VM_FIELD_PSS], 4 * 1024);
	assert_int_equal(totals.sums[VM_FIELD_SWAP], 9 * 1024);
	assert_int_equal(totals.sums[VM_FIELD_THP_ELIGIBLE], 2);
	assert_int_equal(totals.sums[VM_FIELD_LOCKED], 0);
}

TEST(sum_of_zero_and_sum_that_nobody_reports_differ)
{
	const struct vm_totals totals = sum(HEAD "Rss: 0 kB\n" NEXT);

	assert_true(is_present(&totals, VM_FIELD_RSS));
	assert_false(is_present(&totals, VM_FIELD_PSS));
	assert_int_equal(totals.sums[VM_FIELD_RSS], 0);
	assert_int_equal(totals.sums[VM_FIELD_PSS], 0);
}

TEST(field_that_one_mapping_reports_is_present)
{
	const struct vm_totals totals = sum(HEAD NEXT "Nonlinear: 4 kB\n");

	assert_true(is_present(&totals, VM_FIELD_NONLINEAR));
}

TEST(sums_stop_at_the_largest_number)
{
	const struct vm_totals totals =
		sum("0-ffffffffffffffff rw-p 0 0:0 0\nRss: 18014398509481983 kB\n"
		    "0-ffffffffffffffff rw-p 0 0:0 0\nRss: 18014398509481983 kB\n");

	assert_int_equal(totals.size, UINT64_MAX);
	assert_int_equal(totals.sums[VM_FIELD_RSS], UINT64_MAX);
}

TEST(nothing_sums_to_nothing)
{
	const struct vm_totals totals = sum("");

	assert_int_equal(totals.count, 0);
	assert_int_equal(totals.size, 0);
	assert_int_equal(totals.present, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_and_mappings_are_summed),
		cmocka_unit_test(each_field_is_summed_by_itself),
		cmocka_unit_test(sum_of_zero_and_sum_that_nobody_reports_differ),
		cmocka_unit_test(field_that_one_mapping_reports_is_present),
		cmocka_unit_test(sums_stop_at_the_largest_number),
		cmocka_unit_test(nothing_sums_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
