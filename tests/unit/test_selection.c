#include "helper.h"

#include <errno.h>

#include "vmview/selection.h"

/* The first letter of a mapping's name stands for it. */
static const char five[] = "1000-2000 rw-p 0 00:00 0 a\n"
			   "2000-4000 rw-p 0 00:00 0 b\n"
			   "4000-7000 r--p 0 00:00 0 c\n"
			   "9000-b000 rw-p 0 00:00 0 d\n"
			   "b000-c000 rw-p 0 00:00 0 e\n";

static void assert_selected(const struct vm_selection *selection, const char *wanted)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(five);
	char letters[8] = "";
	uint32_t rows[8];
	size_t count;

	count = vm_selection_rows(selection, &parsed.snapshot, rows);
	for (size_t i = 0; i < count; i++)
		letters[i] = parsed.snapshot.mappings[rows[i]].name.p[0];
	assert_string_equal(letters, wanted);
}

static void add(struct vm_selection *selection, const char *expression)
{
	struct vm_buf error = { 0 };

	assert_int_equal(vm_filter_add(&selection->filter, vm_str_from(expression), &error), 0);
	vm_buf_deinit(&error);
}

static void add_value(struct vm_selection *selection, const char *key, const char *value)
{
	struct vm_buf error = { 0 };

	assert_int_equal(vm_filter_add_value(&selection->filter, key, vm_str_from(value), &error),
			 0);
	vm_buf_deinit(&error);
}

TEST(nothing_asked_is_all_by_address)
{
	struct vm_selection selection = { 0 };

	assert_true(vm_selection_streams(&selection));
	assert_selected(&selection, "abcde");
}

TEST(an_address_selects_the_mapping_that_holds_it)
{
	assert_selected(&(struct vm_selection){ .has_at = true, .at = 0x2000 }, "b");
	assert_selected(&(struct vm_selection){ .has_at = true, .at = 0x3fff }, "b");
	assert_selected(&(struct vm_selection){ .has_at = true, .at = 0x8000 }, "");
	assert_selected(&(struct vm_selection){ .has_at = true, .at = UINT64_MAX }, "");
}

TEST(neighbours_stand_on_either_side)
{
	struct vm_selection selection = { .has_at = true, .at = 0x4000, .neighbours = 1 };

	assert_false(vm_selection_streams(&selection));
	assert_selected(&selection, "bcd");
	selection.at = 0x8000;
	assert_selected(&selection, "cd");
	selection.at = 0x1000;
	assert_selected(&selection, "ab");
	selection.neighbours = UINT64_MAX;
	assert_selected(&selection, "abcde");
}

TEST(neighbours_match_too)
{
	struct vm_selection selection = { .has_at = true, .at = 0x9000, .neighbours = 1 };

	add(&selection, "perm:w");
	assert_selected(&selection, "bde");
	vm_selection_deinit(&selection);
}

TEST(sizes_come_largest_first_the_rest_ascends)
{
	assert_selected(&(struct vm_selection){ .sort = VM_COLUMN_SIZE }, "cbdae");
	assert_selected(&(struct vm_selection){ .sort = VM_COLUMN_SIZE, .reverse = true }, "aebdc");
	assert_selected(&(struct vm_selection){ .sort = VM_COLUMN_PERMS }, "cabde");
	assert_selected(&(struct vm_selection){ .sort = VM_COLUMN_END, .reverse = true }, "edcba");
}

TEST(filters_add_up)
{
	struct vm_selection selection = { 0 };

	add(&selection, "perm:w");
	assert_selected(&selection, "abde");
	add_value(&selection, "match", "[a-d]");
	assert_selected(&selection, "abd");
	add(&selection, "!name:b");
	assert_selected(&selection, "ad");
	vm_selection_deinit(&selection);
}

TEST(a_wrong_term_leaves_the_filter_as_it_was)
{
	struct vm_selection selection = { 0 };
	struct vm_buf error = { 0 };

	add(&selection, "perm:w");
	assert_int_equal(vm_filter_add(&selection.filter, VM_STR("match:a kind:x"), &error),
			 -EINVAL);
	assert_int_equal(selection.filter.count, 1);
	assert_selected(&selection, "abde");
	assert_int_equal(vm_filter_add_value(&selection.filter, "match", VM_STR("a("), &error),
			 -EINVAL);
	assert_true(vm_str_starts(vm_buf_str(&error),
				  VM_STR("a(: this is no extended regular expression: ")));
	assert_int_equal(vm_filter_add_value(&selection.filter, "kind", VM_STR("x"), &error),
			 -EINVAL);
	assert_true(vm_str_starts(vm_buf_str(&error), VM_STR("x: there is no such kind; ")));
	vm_buf_deinit(&error);
	vm_selection_deinit(&selection);
}

TEST(expressions_match_anywhere_and_at_the_ends)
{
	static const struct {
		const char *regex, *wanted;
	} rows[] = {
		{ "^[bc]$", "bc" }, { "b|e", "be" }, { "x", "" }, { "^", "abcde" }, { "a b", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct vm_selection selection = { 0 };

		add_value(&selection, "match", rows[i].regex);
		assert_selected(&selection, rows[i].wanted);
		vm_selection_deinit(&selection);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_asked_is_all_by_address),
		cmocka_unit_test(an_address_selects_the_mapping_that_holds_it),
		cmocka_unit_test(neighbours_stand_on_either_side),
		cmocka_unit_test(neighbours_match_too),
		cmocka_unit_test(sizes_come_largest_first_the_rest_ascends),
		cmocka_unit_test(filters_add_up),
		cmocka_unit_test(a_wrong_term_leaves_the_filter_as_it_was),
		cmocka_unit_test(expressions_match_anywhere_and_at_the_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
