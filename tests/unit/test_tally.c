#include "helper.h"

#include "vmview/tally.h"

/* Add the mappings in @text as those of another process. */
static void add(struct vm_tally *tally, const char *text)
{
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(text);
	uint32_t rows[16];

	assert_true(parsed.snapshot.count <= COUNT(rows));
	for (uint32_t i = 0; i < parsed.snapshot.count; i++)
		rows[i] = i;
	assert_int_equal(vm_tally_add(tally, &parsed.snapshot, rows, parsed.snapshot.count, false),
			 0);
}

/* The rows are `NAME PROCESSES MAPPINGS RSS`, one a line; RSS is in kB, or - where it is not reported. */
static void put_row(struct vm_buf *text, const struct vm_tally_row *row)
{
	vm_buf_put_str(text, row->name);
	vm_buf_put_char(text, ' ');
	vm_buf_put_dec(text, row->processes, 0, ' ');
	vm_buf_put_char(text, ' ');
	vm_buf_put_dec(text, row->mappings, 0, ' ');
	vm_buf_put_char(text, ' ');
	if (vm_tally_has(row, VM_TALLY_RSS))
		vm_buf_put_dec(text, vm_tally_number(row, VM_TALLY_RSS) / 1024, 0, ' ');
	else
		vm_buf_put_char(text, '-');
	vm_buf_put_char(text, '\n');
}

static void assert_rows(const struct vm_tally *tally, const char *wanted)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	for (size_t i = 0; i < tally->count; i++)
		put_row(&text, &tally->rows[i]);
	put_row(&text, &tally->total);
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

#define HEAP "1000-2000 rw-p 0 00:00 0 [heap]\n"
#define ANON "3000-5000 rw-p 0 00:00 0\n"
#define CODE "6000-7000 r-xp 0 08:01 5 /lib/a.so\n"
#define DATA "8000-9000 rw-p 0 08:01 5 /lib/a.so\n"

TEST(mappings_of_one_process_are_summed_by_kind)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, HEAP "Rss: 4 kB\n" ANON "Rss: 8 kB\n"
			 "a000-b000 rw-p 0 00:00 0\nRss: 1 kB\n");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "anon 1 2 9\nheap 1 1 4\n 1 3 13\n");
}

TEST(kinds_of_several_processes_are_joined)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, HEAP "Rss: 4 kB\n" ANON "Rss: 8 kB\n");
	add(&tally, HEAP "Rss: 16 kB\n");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "heap 2 2 20\nanon 1 1 8\n 2 3 28\n");
}

TEST(file_of_several_processes_is_one_and_has_the_first_name)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_FILE };

	add(&tally, CODE "Rss: 4 kB\n" DATA "Rss: 4 kB\n");
	add(&tally, "1000-2000 r-xp 0 08:01 5 /chroot/lib/a.so\nRss: 4 kB\n"
		    "3000-4000 r-xp 0 08:02 5 /lib/a.so\nRss: 1 kB\n");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "/lib/a.so 2 3 12\n/lib/a.so 1 1 1\n 2 4 13\n");
	assert_int_equal(tally.rows[0].kinds, 1u << VM_KIND_CODE | 1u << VM_KIND_DATA);
}

TEST(permissions_have_names_of_their_own)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_PERMS };

	add(&tally, CODE "Rss: 1 kB\n" DATA "Rss: 2 kB\n" HEAP "Rss: 3 kB\n");
	add(&tally, CODE "Rss: 1 kB\n");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "rw-p 1 2 5\nr-xp 2 2 2\n 2 4 7\n");
}

TEST(what_nobody_reports_is_not_0)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, HEAP ANON "Rss: 0 kB\n");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "anon 1 1 0\nheap 1 1 -\n 1 2 0\n");
}

TEST(size_of_nothing_is_0)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, "");
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_true(vm_tally_has(&tally.total, VM_TALLY_MEASURES + VM_MEASURE_SIZE));
	assert_int_equal(tally.total.measures[VM_MEASURE_SIZE], 0);
}

TEST(process_with_nothing_selected_counts)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };

	add(&tally, "");
	add(&tally, HEAP);
	vm_tally_arrange(&tally, VM_TALLY_RSS, false);
	assert_rows(&tally, "heap 1 1 -\n 2 1 -\n");
}

TEST(nothing_at_all_can_be_arranged)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_FILE };

	vm_tally_arrange(&tally, VM_TALLY_NAME, false);
	assert_rows(&tally, " 0 0 -\n");
}

TEST(what_could_not_be_read_is_remembered)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_KIND };
	vm_cleanup(parsed_deinit) struct parsed parsed = classified(HEAP);
	uint32_t row = 0;

	add(&tally, HEAP "Rss: 4 kB\n" ANON "Rss: 4 kB\n");
	assert_int_equal(vm_tally_add(&tally, &parsed.snapshot, &row, 1, true), 0);
	vm_tally_arrange(&tally, VM_TALLY_NAME, false);
	assert_false(tally.rows[0].unreadable);
	assert_true(tally.rows[1].unreadable);
	assert_true(tally.total.unreadable);
}

/* Names in the order of @column. */
static void assert_order(enum vm_tally_column column, bool reverse, const char *wanted)
{
	vm_cleanup(vm_tally_deinit) struct vm_tally tally = { .key = VM_GROUP_FILE };
	vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

	add(&tally, "1000-2000 rw-p 0 00:00 0 [heap]\nRss: 4 kB\nSwap: 1 kB\n"
		    "3000-6000 rw-p 0 00:00 0 [anon:b]\nRss: 8 kB\n"
		    "7000-9000 rw-p 0 00:00 0 [anon:a]\nSwap: 2 kB\n"
		    "a000-b000 rw-p 0 00:00 0 [anon:a]\n");
	add(&tally, "1000-2000 rw-p 0 00:00 0 [heap]\n");
	vm_tally_arrange(&tally, column, reverse);
	for (size_t i = 0; i < tally.count; i++) {
		vm_buf_put_str(&text, tally.rows[i].name);
		vm_buf_put_char(&text, '\n');
	}
	assert_same(vm_buf_str(&text), vm_str_from(wanted));
}

TEST(numbers_come_largest_first_and_text_ascending)
{
	assert_order(VM_TALLY_NAME, false, "[anon:a]\n[anon:b]\n[heap]\n");
	assert_order(VM_TALLY_PROCESSES, false, "[heap]\n[anon:b]\n[anon:a]\n");
	assert_order(VM_TALLY_MAPPINGS, false, "[anon:a]\n[heap]\n[anon:b]\n");
	assert_order(VM_TALLY_RSS, false, "[anon:b]\n[heap]\n[anon:a]\n");
	assert_order(VM_TALLY_KIND, false, "[anon:b]\n[anon:a]\n[heap]\n");
}

TEST(reversed_is_the_other_way_round_but_what_is_not_reported_stays_last)
{
	assert_order(VM_TALLY_NAME, true, "[heap]\n[anon:b]\n[anon:a]\n");
	assert_order(VM_TALLY_RSS, true, "[heap]\n[anon:b]\n[anon:a]\n");
	assert_order(VM_TALLY_MEASURES + VM_MEASURE_SWAP, true, "[heap]\n[anon:a]\n[anon:b]\n");
}

TEST(columns_are_found_by_their_names)
{
	for (enum vm_tally_column column = 0; column < VM_TALLY_COLUMN_COUNT; column++)
		assert_int_equal(vm_tally_column_find(vm_str_from(vm_tally_column_name(column))),
				 column);
	assert_int_equal(vm_tally_column_find(VM_STR("address")), VM_TALLY_COLUMN_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_of_one_process_are_summed_by_kind),
		cmocka_unit_test(kinds_of_several_processes_are_joined),
		cmocka_unit_test(file_of_several_processes_is_one_and_has_the_first_name),
		cmocka_unit_test(permissions_have_names_of_their_own),
		cmocka_unit_test(what_nobody_reports_is_not_0),
		cmocka_unit_test(size_of_nothing_is_0),
		cmocka_unit_test(process_with_nothing_selected_counts),
		cmocka_unit_test(nothing_at_all_can_be_arranged),
		cmocka_unit_test(what_could_not_be_read_is_remembered),
		cmocka_unit_test(numbers_come_largest_first_and_text_ascending),
		cmocka_unit_test(
			reversed_is_the_other_way_round_but_what_is_not_reported_stays_last),
		cmocka_unit_test(columns_are_found_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
