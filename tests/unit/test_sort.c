#include "helper.h"

#include <stdlib.h>

#include "vmview/selection.h"

/* The first letter of a mapping's name stands for it, so that an order is a word. */
struct order {
	char letters[16];
};

static struct order order_of(const struct vm_snapshot *snapshot, const struct vm_filter *filter,
			     enum vm_sort_key key, bool reverse)
{
	struct order order = { 0 };
	uint32_t rows[COUNT(order.letters)];
	size_t count;

	assert_true(snapshot->count < COUNT(order.letters));
	count = vm_select(snapshot, filter, key, reverse, rows);
	for (size_t i = 0; i < count; i++)
		order.letters[i] = snapshot->mappings[rows[i]].name.p[0];
	return order;
}

static void assert_order(const char *text, enum vm_sort_key key, const char *forward,
			 const char *backward)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(text);

	assert_string_equal(order_of(&parsed.snapshot, NULL, key, false).letters, forward);
	assert_string_equal(order_of(&parsed.snapshot, NULL, key, true).letters, backward);
}

TEST(addresses_ascend)
{
	assert_order("1000-2000 rw-p 0 00:00 0 a\n"
		     "3000-4000 rw-p 0 00:00 0 b\n"
		     "5000-6000 rw-p 0 00:00 0 c\n",
		     VM_SORT_ADDRESS, "abc", "cba");
}

TEST(largest_size_comes_first)
{
	assert_order("1000-2000 rw-p 0 00:00 0 a\n"
		     "3000-6000 rw-p 0 00:00 0 b\n"
		     "7000-9000 rw-p 0 00:00 0 c\n",
		     VM_SORT_SIZE, "bca", "acb");
}

/* Each of the numbers has an order of its own. */
TEST(largest_number_comes_first)
{
	static const char text[] = "1000-2000 rw-p 0 00:00 0 a\n"
				   "Rss: 1 kB\nPss: 3 kB\nSwap: 2 kB\nShared_Dirty: 0 kB\n"
				   "Private_Clean: 5 kB\nPrivate_Dirty: 1 kB\n"
				   "3000-4000 rw-p 0 00:00 0 b\n"
				   "Rss: 3 kB\nPss: 2 kB\nSwap: 1 kB\nShared_Dirty: 6 kB\n"
				   "Private_Clean: 0 kB\nPrivate_Dirty: 3 kB\n"
				   "5000-6000 rw-p 0 00:00 0 c\n"
				   "Rss: 2 kB\nPss: 1 kB\nSwap: 3 kB\nShared_Dirty: 0 kB\n"
				   "Private_Clean: 0 kB\nPrivate_Dirty: 4 kB\n";

	assert_order(text, VM_SORT_RSS, "bca", "acb");
	assert_order(text, VM_SORT_PSS, "abc", "cba");
	assert_order(text, VM_SORT_USS, "acb", "bca");
	assert_order(text, VM_SORT_DIRTY, "bca", "acb");
	assert_order(text, VM_SORT_SWAP, "cab", "bac");
}

TEST(numbers_that_differ_beyond_32_bits_are_told_apart)
{
	assert_order("1000-2000 rw-p 0 00:00 0 a\nRss: 4194304 kB\n"
		     "3000-4000 rw-p 0 00:00 0 b\nRss: 8388608 kB\n"
		     "5000-6000 rw-p 0 00:00 0 c\nRss: 4 kB\n",
		     VM_SORT_RSS, "bac", "cab");
}

TEST(number_that_is_not_reported_comes_last_either_way)
{
	assert_order("1000-2000 rw-p 0 00:00 0 a\n"
		     "3000-4000 rw-p 0 00:00 0 b\nRss: 0 kB\n"
		     "5000-6000 rw-p 0 00:00 0 c\nRss: 4 kB\n"
		     "7000-8000 rw-p 0 00:00 0 d\n",
		     VM_SORT_RSS, "cbad", "bcad");
}

TEST(number_of_which_a_part_is_not_reported_comes_last)
{
	assert_order("1000-2000 rw-p 0 00:00 0 a\nPrivate_Clean: 8 kB\n"
		     "3000-4000 rw-p 0 00:00 0 b\nPrivate_Clean: 0 kB\nPrivate_Dirty: 0 kB\n",
		     VM_SORT_USS, "ba", "ba");
}

TEST(ties_stand_in_order_of_address_either_way)
{
	static const char text[] = "1000-2000 rw-p 0 00:00 0 a\nRss: 4 kB\n"
				   "3000-4000 rw-p 0 00:00 0 b\nRss: 8 kB\n"
				   "5000-6000 rw-p 0 00:00 0 c\nRss: 4 kB\n"
				   "7000-8000 rw-p 0 00:00 0 d\nRss: 4 kB\n";

	assert_order(text, VM_SORT_RSS, "bacd", "acdb");
	assert_order(text, VM_SORT_SIZE, "abcd", "abcd");
	assert_order(text, VM_SORT_PERMS, "abcd", "abcd");
}

TEST(permissions_ascend)
{
	assert_order("1000-2000 rwxp 0 00:00 0 a\n"
		     "3000-4000 r--p 0 00:00 0 b\n"
		     "5000-6000 ---p 0 00:00 0 c\n"
		     "7000-8000 r--s 0 00:00 0 d\n",
		     VM_SORT_PERMS, "cbda", "adbc");
}

TEST(kinds_ascend_by_name)
{
	assert_order("1000-2000 rw-p 0 00:00 0 [stack]\n"
		     "3000-4000 rw-p 0 00:00 0 [heap]\n"
		     "5000-6000 r-xp 0 08:01 5 /bin/true\n",
		     VM_SORT_KIND, "/[[", "[[/");
}

TEST(names_ascend_byte_by_byte)
{
	assert_order("1000-2000 rw-p 0 00:00 0 b\n"
		     "3000-4000 rw-p 0 00:00 0 a\n"
		     "5000-6000 rw-p 0 00:00 0 \xff\n"
		     "7000-8000 rw-p 0 00:00 0 B\n",
		     VM_SORT_NAME, "Bab\xff",
		     "\xff"
		     "baB");
}

TEST(name_that_begins_another_comes_before_it)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		classified("1000-2000 rw-p 0 00:00 0 lib.so\n"
			   "3000-4000 rw-p 0 00:00 0\n"
			   "5000-6000 rw-p 0 00:00 0 lib\n");
	uint32_t rows[3];

	assert_int_equal(vm_select(&parsed.snapshot, NULL, VM_SORT_NAME, false, rows), 3);
	assert_int_equal(rows[0], 1);
	assert_int_equal(rows[1], 2);
	assert_int_equal(rows[2], 0);
}

TEST(only_what_matches_the_filter_is_selected)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified("1000-2000 rw-p 0 00:00 0 a\n"
								    "3000-6000 r--p 0 00:00 0 b\n"
								    "7000-9000 rw-p 0 00:00 0 c\n");
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };

	assert_int_equal(vm_filter_parse(VM_STR("perm:w"), &filter, &error), 0);
	assert_string_equal(order_of(&parsed.snapshot, &filter, VM_SORT_SIZE, false).letters, "ca");
}

TEST(nothing_is_selected_of_an_empty_snapshot)
{
	static const struct vm_snapshot empty;

	assert_int_equal(vm_select(&empty, NULL, VM_SORT_RSS, false, NULL), 0);
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void check_permutation(const char *path, struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(text, 0);
	size_t count = parsed.snapshot.count;
	uint32_t *rows = calloc(count + 1, sizeof(*rows));

	assert_non_null(rows);
	for (enum vm_sort_key key = 0; key < VM_SORT_COUNT; key++) {
		assert_row(vm_select(&parsed.snapshot, NULL, key, key % 2, rows) == count, path);
		qsort(rows, count, sizeof(*rows), compare_numbers);
		for (size_t i = 0; i < count; i++)
			assert_row(rows[i] == i, path);
	}
	free(rows);
}

TEST(every_mapping_of_every_fixture_is_selected_once)
{
	each_fixture(check_permutation);
}

TEST(every_sort_key_has_a_name_of_its_own)
{
	for (enum vm_sort_key a = 0; a < VM_SORT_COUNT; a++) {
		for (enum vm_sort_key b = 0; b < a; b++)
			assert_string_not_equal(vm_sort_name(a), vm_sort_name(b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_ascend),
		cmocka_unit_test(largest_size_comes_first),
		cmocka_unit_test(largest_number_comes_first),
		cmocka_unit_test(numbers_that_differ_beyond_32_bits_are_told_apart),
		cmocka_unit_test(number_that_is_not_reported_comes_last_either_way),
		cmocka_unit_test(number_of_which_a_part_is_not_reported_comes_last),
		cmocka_unit_test(ties_stand_in_order_of_address_either_way),
		cmocka_unit_test(permissions_ascend),
		cmocka_unit_test(kinds_ascend_by_name),
		cmocka_unit_test(names_ascend_byte_by_byte),
		cmocka_unit_test(name_that_begins_another_comes_before_it),
		cmocka_unit_test(only_what_matches_the_filter_is_selected),
		cmocka_unit_test(nothing_is_selected_of_an_empty_snapshot),
		cmocka_unit_test(every_mapping_of_every_fixture_is_selected_once),
		cmocka_unit_test(every_sort_key_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
