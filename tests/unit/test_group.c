#include "helper.h"

#include "vmview/selection.h"
#include "vmview/totals.h"

struct grouped {
	struct parsed parsed;
	struct vm_groups groups;
};

static void grouped_deinit(struct grouped *grouped)
{
	vm_groups_deinit(&grouped->groups);
	parsed_deinit(&grouped->parsed);
}

/* What matches @expression of the mappings in @text. */
static struct grouped group(enum vm_group_key key, const char *expression, const char *text)
{
	struct grouped grouped = { .parsed = classified(text) };
	vm_cleanup(vm_filter_deinit) struct vm_filter filter = { 0 };
	vm_cleanup(vm_buf_deinit) struct vm_buf error = { 0 };
	struct vm_snapshot *snapshot = &grouped.parsed.snapshot;

	assert_int_equal(vm_filter_parse(vm_str_from(expression), &filter, &error), 0);
	assert_int_equal(vm_groups_make(snapshot, &filter, key, &grouped.groups), 0);
	return grouped;
}

/* The groups are `NAME=ROW,ROW...`, one a line, with a ! behind the name of a deleted file. */
static void assert_are(const struct vm_groups *groups, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	for (size_t i = 0; i < groups->count; i++) {
		const struct vm_group *item = &groups->items[i];

		vm_buf_put_str(&text, item->name);
		if (item->deleted)
			vm_buf_put_char(&text, '!');
		for (size_t row = 0; row < item->count; row++) {
			vm_buf_put_char(&text, row ? ',' : '=');
			vm_buf_put_dec(&text, groups->rows[item->first + row], 0, ' ');
		}
		vm_buf_put_char(&text, '\n');
	}
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

static void assert_groups(enum vm_group_key key, const char *text, const char *wanted)
{
	vm_cleanup(grouped_deinit) struct grouped grouped = group(key, "", text);

	assert_are(&grouped.groups, wanted);
}

TEST(mappings_of_a_file_are_together_though_others_lie_between)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 r-xp 0 08:01 5 /lib/a.so\n"
		      "3000-4000 r-xp 0 08:01 6 /lib/b.so\n"
		      "5000-7000 rw-p 0 08:01 5 /lib/a.so\n",
		      "/lib/a.so=0,2\n/lib/b.so=1\n");
}

TEST(file_with_two_names_is_one_and_has_the_first)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 r-xp 0 08:01 5 /lib/z.so\n"
		      "3000-4000 r-xp 0 08:01 5 /lib/a.so\n",
		      "/lib/z.so=0,1\n");
}

TEST(files_of_one_name_are_two)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 r-xp 0 08:01 5 /lib/a.so\n"
		      "3000-4000 r-xp 0 08:01 6 /lib/a.so\n"
		      "5000-6000 r-xp 0 08:02 5 /lib/a.so\n"
		      "7000-8000 r-xp 0 09:01 5 /lib/a.so\n",
		      "/lib/a.so=0\n/lib/a.so=1\n/lib/a.so=2\n/lib/a.so=3\n");
}

TEST(without_a_file_the_name_tells)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 rw-p 0 00:00 0 [anon:x]\n"
		      "3000-4000 rw-p 0 00:00 0 [heap]\n"
		      "5000-6000 rw-p 0 00:00 0 [anon:x]\n",
		      "[anon:x]=0,2\n[heap]=1\n");
}

TEST(without_a_name_the_kind_tells)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 rw-p 0 00:00 0\n"
		      "3000-4000 ---p 0 00:00 0\n"
		      "5000-6000 r--p 0 00:00 0\n",
		      "anon=0,2\nreserved=1\n");
}

/* They all share one inode. */
TEST(kernel_objects_are_told_by_their_names)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 rw-s 0 00:0e 9 anon_inode:[perf_event]\n"
		      "3000-4000 rw-s 0 00:0e 9 anon_inode:[io_uring]\n"
		      "5000-6000 rw-s 0 00:0e 9 anon_inode:[perf_event]\n",
		      "anon_inode:[perf_event]=0,2\nanon_inode:[io_uring]=1\n");
}

TEST(deleted_file_has_a_flag_and_its_name_no_remark)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 r-xp 0 08:01 5 /lib/a.so (deleted)\n"
		      "3000-4000 r-xp 0 08:01 6 /lib/a.so\n",
		      "/lib/a.so!=0\n/lib/a.so=1\n");
}

TEST(kinds_and_permissions_can_be_grouped)
{
	static const char text[] = "1000-2000 r-xp 0 08:01 5 /lib/a.so\n"
				   "3000-4000 rw-p 0 00:00 0 [heap]\n"
				   "5000-6000 r-xp 0 08:01 6 /lib/b.so\n"
				   "7000-8000 rw-p 0 00:00 0\n";

	assert_groups(VM_GROUP_KIND, text, "code=0,2\nheap=1\nanon=3\n");
	assert_groups(VM_GROUP_PERMS, text, "r-xp=0,2\nrw-p=1,3\n");
}

TEST(groups_come_by_rss_then_size_then_address)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-2000 rw-p 0 00:00 0 a\nRss: 4 kB\n"
		      "3000-4000 rw-p 0 00:00 0 b\nRss: 8 kB\n"
		      "5000-7000 rw-p 0 00:00 0 c\nRss: 4 kB\n"
		      "8000-9000 rw-p 0 00:00 0 f\nRss: 4 kB\n"
		      "a000-b000 rw-p 0 00:00 0 a\nRss: 1 kB\n"
		      "c000-d000 rw-p 0 00:00 0 A\nRss: 4 kB\n",
		      "b=1\na=0,4\nc=2\nf=3\nA=5\n");
}

TEST(group_that_reports_no_rss_comes_behind_one_of_0)
{
	assert_groups(VM_GROUP_FILE,
		      "1000-9000 rw-p 0 00:00 0 a\n"
		      "a000-b000 rw-p 0 00:00 0 b\nRss: 0 kB\n",
		      "b=1\na=0\n");
}

TEST(measures_are_summed_and_what_nobody_reports_is_not_0)
{
	vm_cleanup(grouped_deinit) struct grouped grouped =
		group(VM_GROUP_PERMS, "",
		      "1000-2000 rw-p 0 00:00 0 a\nRss: 4 kB\nPss: 1 kB\nSwap: 0 kB\n"
		      "3000-5000 rw-p 0 00:00 0 b\nRss: 8 kB\n");
	const struct vm_group *item = &grouped.groups.items[0];

	assert_int_equal(item->measures[VM_MEASURE_SIZE], 0x3000);
	assert_int_equal(item->measures[VM_MEASURE_RSS], 12 * 1024);
	assert_int_equal(item->reported, 1u << VM_MEASURE_SIZE | 1u << VM_MEASURE_RSS |
						 1u << VM_MEASURE_PSS | 1u << VM_MEASURE_SWAP);
}

TEST(sums_stop_at_the_largest_number)
{
	vm_cleanup(grouped_deinit) struct grouped grouped =
		group(VM_GROUP_PERMS, "",
		      "1000-2000 rw-p 0 00:00 0 a\nRss: 18014398509481983 kB\n"
		      "3000-4000 rw-p 0 00:00 0 b\nRss: 18014398509481983 kB\n");

	assert_int_equal(grouped.groups.items[0].measures[VM_MEASURE_RSS], UINT64_MAX);
}

TEST(group_tells_the_kind_of_its_first_and_whether_others_differ)
{
	vm_cleanup(grouped_deinit) struct grouped grouped = group(VM_GROUP_FILE, "",
								  "1000-2000 r-xp 0 08:01 5 /a\n"
								  "2000-3000 rw-p 0 08:01 5 /a\n"
								  "3000-4000 r--p 0 08:01 6 /b\n"
								  "4000-5000 r--s 0 08:01 6 /b\n");
	const struct vm_group *a = &grouped.groups.items[0], *b = &grouped.groups.items[1];

	assert_int_equal(a->kind, VM_KIND_CODE);
	assert_int_equal(a->backing, VM_BACKING_FILE);
	assert_true(a->mixed_kind);
	assert_false(a->mixed_sharing);
	assert_false(b->mixed_kind);
	assert_true(b->mixed_sharing);
}

TEST(only_what_matches_the_filter_is_grouped)
{
	vm_cleanup(grouped_deinit) struct grouped grouped = group(VM_GROUP_FILE, "perm:w",
								  "1000-2000 r-xp 0 08:01 5 /a\n"
								  "2000-3000 rw-p 0 08:01 5 /a\n"
								  "3000-4000 r--p 0 08:01 6 /b\n");

	assert_are(&grouped.groups, "/a=1\n");
}

TEST(there_are_no_groups_where_nothing_matches)
{
	vm_cleanup(grouped_deinit) struct grouped grouped =
		group(VM_GROUP_FILE, "perm:w", "1000-2000 r-xp 0 08:01 5 /a\n");

	assert_are(&grouped.groups, "");
	assert_groups(VM_GROUP_FILE, "", "");
}

static void check_sums(const char *path, struct vm_str text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = parse_in_pieces(text, 0);
	struct vm_totals totals = { 0 };

	assert_int_equal(parsed.result, 0);
	assert_int_equal(vm_snapshot_classify(&parsed.snapshot, NULL, 0), 0);
	for (size_t i = 0; i < parsed.snapshot.count; i++)
		vm_totals_add(&totals, &parsed.snapshot.mappings[i]);
	for (enum vm_group_key key = 0; key < VM_GROUP_COUNT; key++) {
		vm_cleanup(vm_groups_deinit) struct vm_groups groups = { 0 };
		uint64_t count = 0, size = 0, rss = 0;

		assert_int_equal(vm_groups_make(&parsed.snapshot, NULL, key, &groups), 0);
		for (size_t i = 0; i < groups.count; i++) {
			count += groups.items[i].count;
			size += groups.items[i].measures[VM_MEASURE_SIZE];
			rss += groups.items[i].measures[VM_MEASURE_RSS];
		}
		assert_row(count == totals.count && size == totals.size, path);
		assert_row(rss == totals.sums[VM_FIELD_RSS], path);
	}
}

TEST(groups_of_every_fixture_add_up_to_its_totals)
{
	each_fixture(check_sums);
}

#define MANY 64000

/* As many as the kernel allows, unnamed, or each of a file of its own in no order. */
static void add_many(struct vm_snapshot *snapshot, bool file)
{
	for (uint64_t i = 0; i < MANY; i++) {
		struct vm_mapping m = { .start = i << 13, .end = (i << 13) + 1, .perms = "rw-p" };

		m.inode = file ? 1 + i * 40503 % 65537 : 0;
		assert_int_equal(vm_snapshot_add(snapshot, &m), 0);
	}
	assert_int_equal(vm_snapshot_classify(snapshot, NULL, 0), 0);
}

static void check_many(bool file, size_t groups)
{
	vm_cleanup(vm_snapshot_deinit) struct vm_snapshot snapshot = { 0 };
	vm_cleanup(vm_groups_deinit) struct vm_groups made = { 0 };

	add_many(&snapshot, file);
	assert_int_equal(vm_groups_make(&snapshot, NULL, VM_GROUP_FILE, &made), 0);
	assert_int_equal(made.count, groups);
}

TEST(many_mappings_are_grouped_in_time)
{
	check_many(false, 1);
	check_many(true, MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_of_a_file_are_together_though_others_lie_between),
		cmocka_unit_test(file_with_two_names_is_one_and_has_the_first),
		cmocka_unit_test(files_of_one_name_are_two),
		cmocka_unit_test(without_a_file_the_name_tells),
		cmocka_unit_test(without_a_name_the_kind_tells),
		cmocka_unit_test(kernel_objects_are_told_by_their_names),
		cmocka_unit_test(deleted_file_has_a_flag_and_its_name_no_remark),
		cmocka_unit_test(kinds_and_permissions_can_be_grouped),
		cmocka_unit_test(groups_come_by_rss_then_size_then_address),
		cmocka_unit_test(group_that_reports_no_rss_comes_behind_one_of_0),
		cmocka_unit_test(measures_are_summed_and_what_nobody_reports_is_not_0),
		cmocka_unit_test(sums_stop_at_the_largest_number),
		cmocka_unit_test(group_tells_the_kind_of_its_first_and_whether_others_differ),
		cmocka_unit_test(only_what_matches_the_filter_is_grouped),
		cmocka_unit_test(there_are_no_groups_where_nothing_matches),
		cmocka_unit_test(groups_of_every_fixture_add_up_to_its_totals),
		cmocka_unit_test(many_mappings_are_grouped_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
