#include "helper.h"

#include <stdlib.h>

#include "vmview/difference.h"

/* A line of maps, anonymous memory or a file; and what smaps puts below it. */
#define ANON(range, perms, name) range " " perms " 00000000 00:00 0 " name "\n"
#define FILE_AT(range, perms, offset, name) range " " perms " " offset " 08:01 7 " name "\n"
#define RSS(kb) "Rss: " #kb " kB\n"
#define STACK ANON("7000-9000", "rw-p", "[stack]") RSS(8)

/* Two snapshots and what differs. */
struct pair {
	struct vm_snapshot before, after;
	struct vm_difference difference;
};

static void pair_deinit(struct pair *pair)
{
	vm_difference_deinit(&pair->difference);
	vm_snapshot_deinit(&pair->before);
	vm_snapshot_deinit(&pair->after);
}

static void compare(struct pair *pair, const char *before, const char *after,
		    enum vm_pairing pairing)
{
	*pair = (struct pair){ .before = snapshot_of(before), .after = snapshot_of(after) };
	assert_int_equal(
		vm_difference_make(&pair->before, &pair->after, pairing, &pair->difference), 0);
}

static void put_delta(struct vm_buf *text, const struct vm_delta *delta)
{
	int64_t value = vm_delta_value(delta);

	if (!vm_delta_known(delta)) {
		vm_buf_put_char(text, '?');
		return;
	}
	vm_buf_put_char(text, value < 0 ? '-' : '+');
	vm_buf_put_dec(text, (uint64_t)(value < 0 ? -value : value) / 1024, 0, ' ');
}

/* `^55000+4+8`: the mark or a dot, where it begins, size and RSS won; sorted by RSS won. */
static void put_row(struct vm_buf *text, const struct vm_difference *difference,
		    const struct vm_difference_row *row)
{
	struct vm_delta size = vm_difference_delta(difference, row, VM_COLUMN_SIZE);
	struct vm_delta rss = vm_difference_delta(difference, row, VM_COLUMN_RSS);

	vm_buf_put_char(text,
			row->change == VM_CHANGE_COUNT ? '.' : vm_change_info(row->change)->mark);
	vm_buf_put_hex(text,
		       vm_difference_member(difference, row, vm_difference_side(row), 0)->start, 0,
		       ' ');
	put_delta(text, &size);
	put_delta(text, &rss);
	vm_buf_put_char(text, ' ');
}

#define assert_rows(pair, selection, wanted) \
	check_rows((pair), (selection), VM_COLUMN_RSS, false, (wanted), __FILE__, __LINE__)
#define assert_sorted(pair, column, reverse, wanted) \
	check_rows((pair), NULL, (column), (reverse), (wanted), __FILE__, __LINE__)

static void check_rows(const struct pair *pair, const struct vm_selection *selection,
		       enum vm_column column, bool reverse, const char *wanted, const char *file,
		       int line)
{
	static const struct vm_selection all;
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	uint32_t rows[16];
	size_t count;

	assert_true(pair->difference.count <= COUNT(rows));
	assert_int_equal(vm_difference_select(&pair->difference, selection ? selection : &all,
					      column, reverse, rows, &count),
			 0);
	for (size_t i = 0; i < count; i++)
		put_row(&text, &pair->difference, &pair->difference.rows[rows[i]]);
	check_slice(vm_buf_str(&text), vm_str_from(wanted), file, line);
}

#define A ANON("1000-2000", "rw-p", "") RSS(4)
#define AB ANON("1000-3000", "rw-p", "") RSS(8)
#define ABC ANON("1000-4000", "rw-p", "") RSS(12)
#define B ANON("2000-3000", "r--p", "") RSS(4)
#define C ANON("3000-4000", "rw-p", "") RSS(4)

TEST(each_change_is_a_row_with_what_was_won)
{
	static const struct {
		const char *before, *after, *rows;
	} cases[] = {
		{ STACK, A STACK, "+1000+4+4 .7000+0+0 " },
		{ A STACK, STACK, ".7000+0+0 -1000-4-4 " },
		{ A STACK, AB STACK, "^1000+4+4 .7000+0+0 " },
		{ AB STACK, A STACK, ".7000+0+0 v1000-4-4 " },
		{ ABC STACK, A B C STACK, "/1000+0+0 .7000+0+0 " },
		{ A B C STACK, ABC STACK, "=1000+0+0 .7000+0+0 " },
		{ ABC STACK, A C STACK, ".7000+0+0 /1000-4-4 " },
		{ A STACK, ANON("1000-2000", "r--p", "") RSS(0) STACK, ".7000+0+0 ~1000+0-4 " },
		{ A STACK, A STACK, ".1000+0+0 .7000+0+0 " },
		{ "", "", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(pair_deinit) struct pair pair;

		compare(&pair, cases[i].before, cases[i].after, VM_PAIRING_ADDRESS);
		assert_rows(&pair, NULL, cases[i].rows);
	}
}

/* It is told as new by a change of its own, and counted once. */
TEST(what_was_mapped_into_the_middle_is_no_part)
{
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair, ABC STACK, A FILE_AT("2000-3000", "r--p", "00000000", "/f") RSS(4) C STACK,
		VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, "+2000+4+4 .7000+0+0 /1000-4-4 ");
}

/* Two changes tell of it, one row does. */
TEST(what_moved_like_a_window_is_one_row)
{
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair, AB, ANON("2000-5000", "rw-p", "") RSS(4), VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, "^2000+4-4 ");
	pair_deinit(&pair);
	compare(&pair, ANON("2000-5000", "rw-p", ""), AB, VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, "v1000-4? ");
}

TEST(numbers_differ_where_the_mapping_did_not_change)
{
	static const enum vm_column size[] = { VM_COLUMN_SIZE, VM_COLUMN_ADDRESS };
	static const enum vm_column rss[] = { VM_COLUMN_MAPPING, VM_COLUMN_RSS };
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair, A, ANON("1000-2000", "rw-p", "") RSS(0), VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, ".1000+0-4 ");
	assert_false(vm_difference_differs(&pair.difference, pair.difference.rows, size, 2));
	assert_true(vm_difference_differs(&pair.difference, pair.difference.rows, rss, 2));
}

TEST(what_one_side_does_not_report_is_not_known)
{
	static const uint32_t both[] = { 0, 1 };
	static const enum vm_column rss[] = { VM_COLUMN_RSS };
	vm_cleanup(pair_deinit) struct pair pair;
	struct vm_delta total;

	compare(&pair, ANON("1000-2000", "rw-p", "") STACK, A STACK, VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, ".7000+0+0 .1000+0? ");
	assert_false(vm_difference_differs(&pair.difference, pair.difference.rows, rss, 1));
	total = vm_difference_total(&pair.difference, both, 2, VM_COLUMN_RSS);
	assert_true(vm_delta_known(&total));
	total = vm_difference_total(&pair.difference, both, 1, VM_COLUMN_RSS);
	assert_false(total.known[VM_SIDE_BEFORE]);
	assert_true(total.known[VM_SIDE_AFTER]);
	assert_int_equal(vm_delta_value(&total), 0);
}

TEST(what_was_not_mapped_had_nothing)
{
	static const uint32_t first[] = { 0 };
	vm_cleanup(pair_deinit) struct pair pair;
	struct vm_delta total;

	compare(&pair, "", A, VM_PAIRING_ADDRESS);
	assert_rows(&pair, NULL, "+1000+4+4 ");
	total = vm_difference_total(&pair.difference, first, 1, VM_COLUMN_RSS);
	assert_true(vm_delta_known(&total));
	assert_int_equal(vm_delta_value(&total), 4096);
}

TEST(the_same_twice_differs_in_nothing)
{
	static const enum vm_column columns[] = { VM_COLUMN_SIZE, VM_COLUMN_RSS };

	for (enum vm_pairing pairing = VM_PAIRING_ADDRESS; pairing <= VM_PAIRING_NAME; pairing++) {
		vm_cleanup(pair_deinit) struct pair pair;

		compare(&pair, A B C STACK, A B C STACK, pairing);
		for (size_t i = 0; i < pair.difference.count; i++)
			assert_false(vm_difference_differs(&pair.difference,
							   &pair.difference.rows[i], columns, 2));
	}
}

#define LIB(range, perms) FILE_AT(range, perms, "00000000", "/lib/x.so") RSS(4)

TEST(by_name_addresses_do_not_matter)
{
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair,
		LIB("1000-2000", "r-xp") LIB("2000-3000", "rw-p")
			ANON("5000-6000", "rw-p", "[heap]") RSS(4) ANON("6000-7000", "rw-p", ""),
		ANON("1000-2000", "rw-p", "") ANON("3000-4000", "rw-p", "")
			LIB("21000-22000", "r-xp") ANON("55000-59000", "rw-p", "[heap]") RSS(12)
				FILE_AT("60000-61000", "r--p", "00000000", "/f") RSS(4),
		VM_PAIRING_NAME);
	assert_rows(&pair, NULL, "^55000+12+8 +60000+4+4 .21000+0+0 -2000-4-4 ^1000+4? ");
}

/* The remark that it was deleted is no part of its name. */
TEST(by_name_a_file_that_was_deleted_is_still_the_same)
{
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair, LIB("1000-2000", "r-xp"),
		FILE_AT("1000-2000", "r-xp", "00000000", "/lib/x.so (deleted)") RSS(0),
		VM_PAIRING_NAME);
	assert_rows(&pair, NULL, ".1000+0-4 ");
}

TEST(by_name_all_of_one_name_are_one_row)
{
	vm_cleanup(pair_deinit) struct pair pair;
	struct vm_delta count;
	uint32_t first = 0;

	compare(&pair, A C, A C ANON("5000-6000", "rw-p", ""), VM_PAIRING_NAME);
	assert_int_equal(pair.difference.count, 1);
	count = vm_difference_mappings(&pair.difference, &first, 1);
	assert_int_equal(count.sums[VM_SIDE_BEFORE], 2);
	assert_int_equal(count.sums[VM_SIDE_AFTER], 3);
	assert_int_equal(vm_delta_value(&count), 1);
}

TEST(the_stack_tells_whether_it_is_one_address_space)
{
	static const struct {
		const char *label, *before, *after;
		enum vm_pairing pairing;
	} cases[] = {
		{ "the same", A STACK, AB STACK, VM_PAIRING_ADDRESS },
		{ "all else has changed", A B C STACK, STACK, VM_PAIRING_ADDRESS },
		{ "it grew", STACK, ANON("6000-9000", "rw-p", "[stack]"), VM_PAIRING_ADDRESS },
		{ "another one", A B C STACK, A B C ANON("17000-18000", "rw-p", "[stack]"),
		  VM_PAIRING_NAME },
		{ "none, and most is the same", A B C, A B, VM_PAIRING_ADDRESS },
		{ "none, and most is not", A B C, A ANON("22000-23000", "rw-p", "") STACK,
		  VM_PAIRING_NAME },
		{ "nothing at all", "", A, VM_PAIRING_ADDRESS },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot a = snapshot_of(cases[i].before);
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot b = snapshot_of(cases[i].after);
		enum vm_pairing pairing;

		assert_int_equal(vm_pairing_find(&a, &b, &pairing), 0);
		assert_row(pairing == cases[i].pairing, cases[i].label);
		assert_int_equal(vm_pairing_find(&b, &a, &pairing), 0);
		assert_row(pairing == cases[i].pairing, cases[i].label);
	}
}

TEST(rows_are_sorted_by_any_column)
{
	vm_cleanup(pair_deinit) struct pair pair;

	compare(&pair, A STACK, AB ANON("5000-6000", "rw-p", "") RSS(0) STACK, VM_PAIRING_ADDRESS);
	assert_sorted(&pair, VM_COLUMN_RSS, false, "^1000+4+4 +5000+4+0 .7000+0+0 ");
	assert_sorted(&pair, VM_COLUMN_RSS, true, "+5000+4+0 .7000+0+0 ^1000+4+4 ");
	assert_sorted(&pair, VM_COLUMN_ADDRESS, true, ".7000+0+0 +5000+4+0 ^1000+4+4 ");
	/* What nobody reports leaves the order to the sizes. */
	assert_sorted(&pair, VM_COLUMN_PSS, false, "^1000+4+4 +5000+4+0 .7000+0+0 ");
}

TEST(a_row_is_selected_where_a_mapping_before_or_after_is)
{
	static const struct {
		const char *filter, *rows;
	} cases[] = {
		{ "perm:r--p", "~1000+0-4 " }, /* after */
		{ "perm:rw-p", ".7000+0+0 ~1000+0-4 " },
		{ "rss>0", ".7000+0+0 ~1000+0-4 " }, /* before */
		{ "kind:stack", ".7000+0+0 " },
		{ "kind:heap", "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(pair_deinit) struct pair pair;
		vm_cleanup(vm_selection_deinit) struct vm_selection selection = { 0 };
		struct vm_buf error = { 0 };

		compare(&pair, A STACK, ANON("1000-2000", "r--p", "") RSS(0) STACK,
			VM_PAIRING_ADDRESS);
		assert_int_equal(
			vm_filter_add(&selection.filter, vm_str_from(cases[i].filter), &error), 0);
		assert_rows(&pair, &selection, cases[i].rows);
	}
}

TEST(an_address_selects_what_held_it)
{
	vm_cleanup(pair_deinit) struct pair pair;
	struct vm_selection selection = { .has_at = true, .at = 0x2800 };

	compare(&pair, AB STACK, A STACK, VM_PAIRING_ADDRESS);
	assert_rows(&pair, &selection, "v1000-4-4 ");
}

/* Totals add up over any rows, and a mapping is in one row only: what holds for any two texts. */
static void check_against_itself(const char *path, struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(text, 0);
	struct vm_snapshot *all = &parsed.snapshot, some = { 0 };

	(void)path;
	vm_snapshot_arrange(all);
	assert_int_equal(vm_snapshot_classify(all, NULL, 0), 0);
	for (size_t i = 0; i < all->count; i++) {
		if (i % 3)
			assert_int_equal(vm_snapshot_add(&some, &all->mappings[i]), 0);
	}
	for (enum vm_pairing pairing = VM_PAIRING_ADDRESS; pairing <= VM_PAIRING_NAME; pairing++) {
		vm_cleanup(vm_difference_deinit) struct vm_difference difference = { 0 };
		static const struct vm_selection everything;
		uint64_t sizes[VM_SIDE_COUNT] = { 0 };
		struct vm_delta total;
		uint32_t *rows;
		size_t count;

		assert_int_equal(vm_difference_make(all, &some, pairing, &difference), 0);
		rows = calloc(difference.count + 1, sizeof(*rows));
		assert_non_null(rows);
		assert_int_equal(vm_difference_select(&difference, &everything, VM_COLUMN_RSS,
						      false, rows, &count),
				 0);
		assert_int_equal(count, difference.count);
		total = vm_difference_total(&difference, rows, count, VM_COLUMN_SIZE);
		for (size_t i = 0; i < all->count; i++) {
			sizes[VM_SIDE_BEFORE] += vm_mapping_size(&all->mappings[i]);
			sizes[VM_SIDE_AFTER] += i % 3 ? vm_mapping_size(&all->mappings[i]) : 0;
		}
		assert_int_equal(total.sums[VM_SIDE_BEFORE], sizes[VM_SIDE_BEFORE]);
		assert_int_equal(total.sums[VM_SIDE_AFTER], sizes[VM_SIDE_AFTER]);
		free(rows);
	}
	vm_snapshot_deinit(&some);
}

TEST(every_mapping_is_counted_once)
{
	each_fixture(check_against_itself);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_a_row_with_what_was_won),
		cmocka_unit_test(what_was_mapped_into_the_middle_is_no_part),
		cmocka_unit_test(what_moved_like_a_window_is_one_row),
		cmocka_unit_test(numbers_differ_where_the_mapping_did_not_change),
		cmocka_unit_test(what_one_side_does_not_report_is_not_known),
		cmocka_unit_test(what_was_not_mapped_had_nothing),
		cmocka_unit_test(the_same_twice_differs_in_nothing),
		cmocka_unit_test(by_name_addresses_do_not_matter),
		cmocka_unit_test(by_name_a_file_that_was_deleted_is_still_the_same),
		cmocka_unit_test(by_name_all_of_one_name_are_one_row),
		cmocka_unit_test(the_stack_tells_whether_it_is_one_address_space),
		cmocka_unit_test(rows_are_sorted_by_any_column),
		cmocka_unit_test(a_row_is_selected_where_a_mapping_before_or_after_is),
		cmocka_unit_test(an_address_selects_what_held_it),
		cmocka_unit_test(every_mapping_is_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
