#include "helper.h"

#include "vmview/tally_text.h"

static void add(struct vm_tally *tally, const char *text, bool unreadable)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(text);
	uint32_t rows[8];

	assert_true(parsed.snapshot.count <= COUNT(rows));
	for (uint32_t i = 0; i < parsed.snapshot.count; i++)
		rows[i] = i;
	assert_int_equal(
		vm_tally_add(tally, &parsed.snapshot, rows, parsed.snapshot.count, unreadable), 0);
	vm_tally_arrange(tally, VM_TALLY_RSS, false);
}

static void assert_table(const struct vm_tally *tally, struct vm_tally_style style,
			 const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	vm_tally_put_table(&text, tally, &style);
	assert_false(text.failed);
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

#define HEAP "1000-3000 rw-p 0 00:00 0 [heap]\nRss: 8 kB\nPss: 8 kB\n"
#define FILE_(name) "4000-104000 r-xp 0 08:01 5 " name "\nRss: 1024 kB\nPss: 12 kB\n"

static const struct vm_tally_style plain = { VM_SIZE_KIB, true, false };

TEST(kinds_are_named_first_and_totals_last)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, HEAP FILE_("/a"), false);
	assert_table(&tally, plain,
		     "KIND  MAPS SIZE  RSS PSS USS SHARED DIRTY SWAP\n"
		     "code     1 1024 1024  12   -      -     -    -\n"
		     "heap     1    8    8   8   -      -     -    -\n"
		     "total    2 1032 1032  20   -      -     -    -\n");
}

TEST(names_of_files_stand_last_and_are_safe)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_FILE };

	add(&tally, HEAP FILE_("/a\x1b[31m b\xc3\xa4"), false);
	assert_table(&tally, plain,
		     "MAPS SIZE  RSS PSS USS DIRTY SWAP KIND FILE\n"
		     "   1 1024 1024  12   -     -    - code /a?[31m b\xc3\xa4\n"
		     "   1    8    8   8   -     -    - heap [heap]\n"
		     "   2 1032 1032  20   -     -    -      total\n");
}

TEST(kinds_of_one_row_are_listed)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_PERMS };

	add(&tally, HEAP "5000-6000 rw-p 0 00:00 0 [stack]\n", false);
	assert_table(&tally, (struct vm_tally_style){ VM_SIZE_HUMAN, false, false },
		     "rw-p 2 12K 8K 8K - - - stack,heap\n");
}

TEST(several_processes_are_counted_and_what_sums_mean_is_said)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };
	struct vm_tally_style style = { VM_SIZE_BYTES, true, true };

	add(&tally, HEAP, false);
	add(&tally, HEAP, false);
	assert_table(
		&tally, style,
		"KIND  PROCS MAPS  SIZE   RSS   PSS USS SHARED DIRTY SWAP\n"
		"heap      2    2 16384 16384 16384   -      -     -    -\n"
		"total     2    2 16384 16384 16384   -      -     -    -\n"
		"PSS and USS add up to memory that is there; in the others what several processes\n"
		"share counts once for each.\n");
}

TEST(what_could_not_be_read_is_not_what_is_not_reported)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, "1000-3000 rw-p 0 00:00 0 [heap]\n", true);
	assert_table(&tally, plain,
		     "KIND  MAPS SIZE RSS PSS USS SHARED DIRTY SWAP\n"
		     "heap     1    8 n/a n/a n/a    n/a   n/a  n/a\n"
		     "total    1    8 n/a n/a n/a    n/a   n/a  n/a\n");
}

TEST(limits_are_told_as_far_as_they_are_known)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };
	vm_cleanup(vm_limits_deinit) struct vm_limits limits = { 0 };
	struct vm_limit *items = limits.items;

	for (enum vm_limit_id id = 0; id < VM_LIMIT_COUNT; id++)
		items[id].source = vm_limit_info(id)->source;
	items[VM_LIMIT_MAPPINGS].now.known = VM_KNOWN_UNREADABLE;
	items[VM_LIMIT_MAPPINGS].most = (struct vm_quantity){ VM_KNOWN_NUMBER, 65530 };
	items[VM_LIMIT_DATA].now = (struct vm_quantity){ VM_KNOWN_NUMBER, 4096 };
	items[VM_LIMIT_STACK].now = (struct vm_quantity){ VM_KNOWN_NUMBER, 4096 };
	items[VM_LIMIT_STACK].most = (struct vm_quantity){ VM_KNOWN_NUMBER, 8388608 };
	items[VM_LIMIT_LOCKED].now = (struct vm_quantity){ VM_KNOWN_NUMBER, 0 };
	items[VM_LIMIT_LOCKED].most = (struct vm_quantity){ VM_KNOWN_NUMBER, 8388608 };
	items[VM_LIMIT_CGROUP].now = (struct vm_quantity){ VM_KNOWN_NUMBER, 6144 };
	items[VM_LIMIT_CGROUP].most = (struct vm_quantity){ VM_KNOWN_NUMBER, 4096 };
	vm_buf_put_text(&items[VM_LIMIT_CGROUP].group, "/a\x1b");
	items[VM_LIMIT_CGROUP_SWAP].most.known = VM_KNOWN_UNLIMITED;
	vm_limits_put_table(&text, &limits, VM_SIZE_KIB);
	assert_slice(vm_buf_str(&text), "NOW     LIMIT USED WHAT IS LIMITED\n"
					"n/a     65530    - mappings (vm.max_map_count)\n"
					"  4         -    - data (RLIMIT_DATA)\n"
					"  4      8192  <1% stack (RLIMIT_STACK)\n"
					"  0      8192   0% locked memory (RLIMIT_MEMLOCK)\n"
					"  6         4 150% cgroup memory (memory.max) of /a?\n"
					"  - unlimited    - cgroup swap (memory.swap.max)\n");
}

TEST(records_have_every_column_and_quotes_where_they_are_needed)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_FILE };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	add(&tally, FILE_("/a,\"b\x1b"), false);
	vm_tally_put_csv_names(&text);
	vm_tally_put_csv(&text, &tally.rows[0], false);
	vm_tally_put_csv(&text, &tally.rows[0], true);
	assert_slice(vm_buf_str(&text),
		     "name,processes,mappings,size,rss,pss,uss,shared,dirty,swap,locked,hugetlb,"
		     "copied,kind\r\n"
		     "\"/a,\"\"b\x1b\",1,1,1048576,1048576,12288,,,,,,,,code\r\n"
		     "\"/a,\"\"b?\",1,1,1048576,1048576,12288,,,,,,,,code\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_named_first_and_totals_last),
		cmocka_unit_test(names_of_files_stand_last_and_are_safe),
		cmocka_unit_test(kinds_of_one_row_are_listed),
		cmocka_unit_test(several_processes_are_counted_and_what_sums_mean_is_said),
		cmocka_unit_test(what_could_not_be_read_is_not_what_is_not_reported),
		cmocka_unit_test(limits_are_told_as_far_as_they_are_known),
		cmocka_unit_test(records_have_every_column_and_quotes_where_they_are_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
