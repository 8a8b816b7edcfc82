#include "helper.h"

#include <stdio.h>

#define LINE(range, perms, file, name) range " " perms " 00000000 " file " " name "\n"

static struct vm_mapping range(uint64_t start, uint64_t end)
{
	return (struct vm_mapping){ .start = start, .end = end, .perms = "rw-p" };
}

/* Add one mapping per letter: "a" is 0x1000-0x2000, "b" is 0x2000-0x3000, and so on. */
static void add_letters(struct vm_snapshot *snapshot, const char *letters)
{
	for (; *letters; letters++) {
		uint64_t start = (uint64_t)(*letters - 'a' + 1) * 0x1000;
		struct vm_mapping m = range(start, start + 0x1000);

		assert_int_equal(vm_snapshot_add(snapshot, &m), 0);
	}
}

static void assert_letters(const struct vm_snapshot *snapshot, const char *letters)
{
	assert_int_equal(snapshot->count, strlen(letters));
	for (size_t i = 0; i < snapshot->count; i++)
		assert_int_equal(snapshot->mappings[i].start / 0x1000 + 'a' - 1, letters[i]);
}

TEST(mapping_is_copied_with_all_it_points_to)
{
	char text[] = "1000-2000 rw-p 00000000 00:00 0 /a\nRss: 4 kB\nOdd: 1 2\nVmFlags: rd wr\n";
	vm_cleanup(parsed_deinit) struct parsed parsed = parse(text);
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot copy = { 0 };

	assert_int_equal(vm_snapshot_add(&copy, only(&parsed)), 0);
	assert_same_mapping(&copy.mappings[0], only(&parsed));
	assert_true(copy.mappings[0].name.p != only(&parsed)->name.p);
	assert_true(copy.mappings[0].usage.values != only(&parsed)->usage.values);
	assert_true(copy.mappings[0].usage.order != only(&parsed)->usage.order);
	assert_true(copy.mappings[0].usage.extras != only(&parsed)->usage.extras);
}

TEST(neighbours_share_equal_text)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	struct vm_mapping m = range(0x1000, 0x2000);

	m.name = VM_STR("/lib/libc.so.6");
	assert_int_equal(vm_snapshot_add(&snapshot, &m), 0);
	assert_int_equal(vm_snapshot_add(&snapshot, &m), 0);
	assert_ptr_equal(snapshot.mappings[0].name.p, snapshot.mappings[1].name.p);
}

TEST(flags_that_are_not_reported_stay_so)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	struct vm_mapping with = range(0x1000, 0x2000), without = range(0x2000, 0x3000);

	with.vm_flags = VM_STR("");
	assert_int_equal(vm_snapshot_add(&snapshot, &with), 0);
	assert_int_equal(vm_snapshot_add(&snapshot, &without), 0);
	assert_non_null(snapshot.mappings[0].vm_flags.p);
	assert_null(snapshot.mappings[1].vm_flags.p);
}

TEST(thousands_of_mappings_are_held_in_order)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	char name[32];

	for (uint64_t i = 0; i < 5000; i++) {
		struct vm_mapping m = range(i << 12, (i + 1) << 12);

		snprintf(name, sizeof(name), "/file-%u", (unsigned)i);
		m.name = vm_str_from(name);
		assert_int_equal(vm_snapshot_add(&snapshot, &m), 0);
	}
	assert_int_equal(snapshot.count, 5000);
	assert_slice(snapshot.mappings[0].name, "/file-0");
	assert_slice(snapshot.mappings[4999].name, "/file-4999");
}

TEST(deinit_leaves_an_empty_snapshot)
{
	struct vm_snapshot snapshot = { 0 };

	add_letters(&snapshot, "ab");
	vm_snapshot_deinit(&snapshot);
	assert_null(snapshot.mappings);
	assert_int_equal(snapshot.count, 0);
}

/* Order */

TEST(arrange_sorts_and_drops_repeated_mappings)
{
	static const struct {
		const char *added, *kept;
		size_t dropped;
	} rows[] = {
		{ "", "", 0 },    { "a", "a", 0 },     { "abc", "abc", 0 },    { "cba", "abc", 0 },
		{ "aa", "a", 1 }, { "abab", "ab", 2 }, { "dcbad", "abcd", 1 }, { "bbbbbb", "b", 5 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };

		add_letters(&snapshot, rows[i].added);
		assert_int_equal(vm_snapshot_arrange(&snapshot), rows[i].dropped);
		assert_letters(&snapshot, rows[i].kept);
	}
}

TEST(arrange_drops_what_overlaps_an_earlier_mapping)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	const struct vm_mapping ranges[] = { range(0x5000, 0x6000), range(0x1000, 0x3000),
					     range(0x2000, 0x4000), range(0x2fff, 0x3001),
					     range(0x3000, 0x5000) };

	for (size_t i = 0; i < COUNT(ranges); i++)
		assert_int_equal(vm_snapshot_add(&snapshot, &ranges[i]), 0);
	assert_int_equal(vm_snapshot_arrange(&snapshot), 2);
	assert_int_equal(snapshot.mappings[0].end, 0x3000);
	assert_int_equal(snapshot.mappings[1].end, 0x5000);
	assert_int_equal(snapshot.mappings[2].end, 0x6000);
}

TEST(arrange_keeps_what_begins_first)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	const struct vm_mapping ranges[] = { range(0x2000, 0x3000), range(0x1000, 0x9000),
					     range(0x4000, 0x5000) };

	for (size_t i = 0; i < COUNT(ranges); i++)
		assert_int_equal(vm_snapshot_add(&snapshot, &ranges[i]), 0);
	assert_int_equal(vm_snapshot_arrange(&snapshot), 2);
	assert_int_equal(snapshot.mappings[0].start, 0x1000);
}

TEST(arrange_leaves_any_mappings_sorted_and_disjoint)
{
	uint32_t seed = 1;

	for (int round = 0; round < 200; round++) {
		vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
		size_t dropped;

		for (int i = 0; i < 20; i++) {
			uint64_t start = (seed = seed * 1664525 + 1013904223) >> 26;
			struct vm_mapping m = range(start, start + (seed >> 10) % 8);

			assert_int_equal(vm_snapshot_add(&snapshot, &m), 0);
		}
		dropped = vm_snapshot_arrange(&snapshot);
		assert_int_equal(snapshot.count + dropped, 20);
		for (size_t i = 1; i < snapshot.count; i++)
			assert_true(snapshot.mappings[i - 1].end <= snapshot.mappings[i].start);
	}
}

/* Classification */

static const char *kind_name(const struct vm_mapping *m)
{
	return vm_kind_info(m->kind)->name;
}

static struct parsed classify(const char *text, const uint64_t *pointers, size_t count)
{
	struct parsed parsed = parse(text);

	assert_int_equal(parsed.result, 0);
	assert_int_equal(vm_snapshot_classify(&parsed.snapshot, pointers, count), 0);
	return parsed;
}

TEST(constants_before_and_variables_behind_the_code_are_data)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		classify(LINE("1000-2000", "r--p", "08:01 7",
			      "/lib/x.so") LINE("2000-3000", "r-xp", "08:01 7", "/lib/x.so")
				 LINE("3000-4000", "rw-p", "08:01 7", "/lib/x.so")
					 LINE("4000-5000", "r--p", "08:02 7", "/mnt/x.so")
						 LINE("5000-6000", "r--p", "08:01 8", "/lib/y.so"),
			 NULL, 0);
	const struct vm_mapping *m = parsed.snapshot.mappings;

	assert_string_equal(kind_name(&m[0]), "data");
	assert_string_equal(kind_name(&m[1]), "code");
	assert_string_equal(kind_name(&m[2]), "data");
	assert_string_equal(kind_name(&m[3]), "mapped-file");
	assert_string_equal(kind_name(&m[4]), "mapped-file");
}

TEST(stack_pointers_mark_the_stacks_of_threads)
{
	static const uint64_t pointers[] = { 0x2f00 };
	vm_cleanup(parsed_deinit) struct parsed parsed = classify(
		LINE("1000-2000", "---p", "00:00 0", "") LINE("2000-3000", "rw-p", "00:00 0", ""),
		pointers, 1);

	assert_string_equal(kind_name(&parsed.snapshot.mappings[0]), "reserved");
	assert_string_equal(kind_name(&parsed.snapshot.mappings[1]), "stack");
}

TEST(backing_and_deletion_are_told_with_the_kind)
{
	vm_cleanup(parsed_deinit) struct parsed parsed =
		classify(LINE("1000-2000", "rw-s", "00:01 7", "/memfd:x (deleted)")
				 LINE("2000-3000", "rw-s", "08:01 7", "/tmp/x (deleted)"),
			 NULL, 0);
	const struct vm_mapping *m = parsed.snapshot.mappings;

	assert_int_equal(m[0].backing, VM_BACKING_ANONYMOUS);
	assert_false(m[0].deleted);
	assert_int_equal(m[1].backing, VM_BACKING_FILE);
	assert_true(m[1].deleted);
}

TEST(empty_snapshot_can_be_classified)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classify("", NULL, 0);

	assert_int_equal(parsed.snapshot.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mapping_is_copied_with_all_it_points_to),
		cmocka_unit_test(neighbours_share_equal_text),
		cmocka_unit_test(flags_that_are_not_reported_stay_so),
		cmocka_unit_test(thousands_of_mappings_are_held_in_order),
		cmocka_unit_test(deinit_leaves_an_empty_snapshot),
		cmocka_unit_test(arrange_sorts_and_drops_repeated_mappings),
		cmocka_unit_test(arrange_drops_what_overlaps_an_earlier_mapping),
		cmocka_unit_test(arrange_keeps_what_begins_first),
		cmocka_unit_test(arrange_leaves_any_mappings_sorted_and_disjoint),
		cmocka_unit_test(constants_before_and_variables_behind_the_code_are_data),
		cmocka_unit_test(stack_pointers_mark_the_stacks_of_threads),
		cmocka_unit_test(backing_and_deletion_are_told_with_the_kind),
		cmocka_unit_test(empty_snapshot_can_be_classified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
