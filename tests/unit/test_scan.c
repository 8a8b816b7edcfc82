#include "helper.h"

#include "vmview/scan.h"

struct row {
	const char *text;
	bool matches;
	uint64_t value;
	const char *rest;
};

/* Where nothing matches neither the cursor nor the result may change. */
static void check_rows(bool (*scan)(struct vm_str *, uint64_t *), const struct row *rows,
		       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct vm_str cursor = vm_str_from(rows[i].text);
		uint64_t value = 77;

		assert_row(scan(&cursor, &value) == rows[i].matches, rows[i].text);
		assert_row(value == (rows[i].matches ? rows[i].value : 77), rows[i].text);
		assert_same(cursor, vm_str_from(rows[i].matches ? rows[i].rest : rows[i].text));
	}
}

TEST(hex_takes_digits_up_to_64_bits_and_leaves_the_rest)
{
	static const struct row rows[] = {
		{ "0", true, 0, "" },
		{ "7f00-8000", true, 0x7f00, "-8000" },
		{ "DeadBeef p", true, 0xdeadbeef, " p" },
		{ "ffffffffffffffff", true, UINT64_MAX, "" },
		{ "00000000ffffffffff600000", true, 0xffffffffff600000, "" },
		{ "12g", true, 0x12, "g" },
		{ "10000000000000000", false, 0, NULL },
		{ "", false, 0, NULL },
		{ " 1", false, 0, NULL },
		{ "-1", false, 0, NULL },
		{ "+1", false, 0, NULL },
		{ "g", false, 0, NULL },
	};

	check_rows(vm_scan_hex, rows, COUNT(rows));
}

TEST(hex_does_not_take_a_prefix)
{
	static const struct row rows[] = { { "0x1f", true, 0, "x1f" } };

	check_rows(vm_scan_hex, rows, COUNT(rows));
}

TEST(dec_takes_digits_up_to_64_bits_and_leaves_the_rest)
{
	static const struct row rows[] = {
		{ "0", true, 0, "" },
		{ "12 kB", true, 12, " kB" },
		{ "007", true, 7, "" },
		{ "1a", true, 1, "a" },
		{ "18446744073709551615", true, UINT64_MAX, "" },
		{ "18446744073709551616", false, 0, NULL },
		{ "99999999999999999999", false, 0, NULL },
		{ "", false, 0, NULL },
		{ " 1", false, 0, NULL },
		{ "-1", false, 0, NULL },
		{ "+1", false, 0, NULL },
	};

	check_rows(vm_scan_dec, rows, COUNT(rows));
}

TEST(numbers_end_where_the_slice_ends)
{
	struct vm_str cursor = { "1234", 2 };
	uint64_t value;

	assert_true(vm_scan_dec(&cursor, &value));
	assert_int_equal(value, 12);
	assert_int_equal(cursor.len, 0);
	cursor = (struct vm_str){ "abcd", 3 };
	assert_true(vm_scan_hex(&cursor, &value));
	assert_int_equal(value, 0xabc);
}

TEST(char_moves_behind_itself_only_where_it_stands)
{
	struct vm_str cursor = VM_STR("-a");

	assert_false(vm_scan_char(&cursor, 'a'));
	assert_slice(cursor, "-a");
	assert_true(vm_scan_char(&cursor, '-'));
	assert_slice(cursor, "a");
}

TEST(char_is_not_found_in_the_empty_slice)
{
	struct vm_str cursor = { 0 };

	assert_false(vm_scan_char(&cursor, '\0'));
}

TEST(blanks_and_tabs_are_skipped_and_counted)
{
	struct vm_str cursor = VM_STR(" \t x ");

	assert_int_equal(vm_scan_blanks(&cursor), 3);
	assert_slice(cursor, "x ");
	assert_int_equal(vm_scan_blanks(&cursor), 0);
	assert_slice(cursor, "x ");
}

TEST(newline_is_no_blank)
{
	struct vm_str cursor = VM_STR("\n ");

	assert_int_equal(vm_scan_blanks(&cursor), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_takes_digits_up_to_64_bits_and_leaves_the_rest),
		cmocka_unit_test(hex_does_not_take_a_prefix),
		cmocka_unit_test(dec_takes_digits_up_to_64_bits_and_leaves_the_rest),
		cmocka_unit_test(numbers_end_where_the_slice_ends),
		cmocka_unit_test(char_moves_behind_itself_only_where_it_stands),
		cmocka_unit_test(char_is_not_found_in_the_empty_slice),
		cmocka_unit_test(blanks_and_tabs_are_skipped_and_counted),
		cmocka_unit_test(newline_is_no_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
