#include "tui_support.h"

#include <errno.h>

/* Pages of one process, by their letters. */
#define A(perms) ANON("1000-2000", perms, "") KB("Rss", 4)
#define AB(perms) ANON("1000-3000", perms, "") KB("Rss", 8)
#define ABC(perms) ANON("1000-4000", perms, "") KB("Rss", 12)
#define B(perms) ANON("2000-3000", perms, "") KB("Rss", 4)
#define C(perms) ANON("3000-4000", perms, "") KB("Rss", 4)
#define BC(perms) ANON("2000-4000", perms, "") KB("Rss", 8)
#define X FILE_AT("9000-a000", "r-xp", "5", "/bin/x") KB("Rss", 4)

/* The marks of all mappings, a blank for none. */
static struct vm_buf marks_of(const struct tui_data *data)
{
	struct vm_buf text = { 0 };

	for (size_t i = 0; i < data->now.count; i++) {
		uint8_t change = data->marks[i].change;

		vm_buf_put_char(&text, change ? vm_change_info(change - 1)->mark : ' ');
	}
	return text;
}

#define assert_marks(data, wanted) check_marks((data), (wanted), __FILE__, __LINE__)

static void check_marks(const struct tui_data *data, const char *wanted, const char *file, int line)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = marks_of(data);

	check_slice(vm_buf_str(&text), vm_str_from(wanted), file, line);
}

static const struct tui_log_entry *last_entry(const struct tui_data *data)
{
	assert_true(data->log_count > 0);
	return &data->log[data->log_count - 1];
}

TEST(each_change_marks_the_mappings_that_it_is_about)
{
	static const struct {
		const char *before, *after, *marks;
		size_t ghosts, entries;
	} cases[] = {
		{ X, A("rw-p") X, "+ ", 0, 1 },
		{ A("rw-p") X, X, " ", 1, 1 },
		{ A("rw-p") X, AB("rw-p") X, "^ ", 0, 1 },
		{ AB("rw-p") X, A("rw-p") X, "v ", 0, 1 },
		{ A("rw-p") X, A("r--p") X, "~ ", 0, 1 },
		{ ABC("rw-p") X, A("rw-p") B("r--p") C("rw-p") X, "/// ", 0, 1 },
		{ ABC("rw-p") X, A("rw-p") C("rw-p") X, "// ", 0, 1 },
		{ A("rw-p") B("r--p") C("rw-p") X, ABC("rw-p") X, "= ", 0, 1 },
		{ A("rw-p") C("rw-p") X, ABC("rw-p") X, "= ", 0, 1 },
		{ A("rw-p") X, B("rw-p") X, "+ ", 1, 2 },
		{ A("rw-p") X, A("rw-p") X, "  ", 0, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

		feed(&data, cases[i].before);
		assert_int_equal(data.log_count, 0);
		feed(&data, cases[i].after);
		assert_marks(&data, cases[i].marks);
		assert_int_equal(data.ghost_count, cases[i].ghosts);
		assert_int_equal(data.log_count, cases[i].entries);
	}
}

TEST(the_first_reading_is_no_change)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, A("rw-p") X);
	assert_marks(&data, "  ");
	assert_int_equal(data.log_count, 0);
	assert_true(data.has_now);
}

TEST(a_mark_is_seen_for_two_refreshes)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, X);
	feed(&data, A("rw-p") X);
	assert_marks(&data, "+ ");
	feed(&data, A("rw-p") X);
	assert_marks(&data, "+ ");
	feed(&data, A("rw-p") X);
	assert_marks(&data, "  ");
}

TEST(a_later_change_replaces_the_mark)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, X);
	feed(&data, A("rw-p") X);
	feed(&data, A("r--p") X);
	assert_marks(&data, "~ ");
	feed(&data, A("r--p") C("rw-p") X);
	assert_marks(&data, "~+ ");
	feed(&data, A("r--p") C("rw-p") X);
	assert_marks(&data, " + ");
}

TEST(what_is_gone_is_seen_for_two_refreshes)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, A("rw-p") C("rw-p") X);
	feed(&data, C("rw-p") X);
	assert_int_equal(data.ghost_count, 1);
	assert_int_equal(data.ghosts[0].mapping.start, 0x1000);
	feed(&data, X);
	assert_int_equal(data.ghost_count, 2);
	assert_int_equal(data.ghosts[0].mapping.start, 0x1000);
	assert_int_equal(data.ghosts[1].mapping.start, 0x3000);
	feed(&data, X);
	assert_int_equal(data.ghost_count, 1);
	assert_int_equal(data.ghosts[0].mapping.start, 0x3000);
	feed(&data, X);
	assert_int_equal(data.ghost_count, 0);
}

/* Its snapshot is freed with the reading after it. */
TEST(what_is_gone_keeps_its_name_and_kind_but_no_numbers)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, A("rw-p") X);
	feed(&data, A("rw-p"));
	feed(&data, A("rw-p"));
	assert_int_equal(data.ghost_count, 1);
	assert_slice(data.ghosts[0].mapping.name, "/bin/x");
	assert_int_equal(data.ghosts[0].mapping.kind, VM_KIND_CODE);
	assert_int_equal(data.ghosts[0].mapping.usage.present, 0);
	assert_int_equal(vm_usage_get(&data.ghosts[0].mapping.usage, VM_FIELD_RSS), 0);
}

TEST(log_entries_tell_what_where_and_how_much)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	const struct tui_log_entry *entry;

	feed(&data, X);
	feed(&data, FILE_AT("1000-3000", "rw-p", "6", "/lib/\x1b.so") KB("Rss", 4) X);
	entry = last_entry(&data);
	assert_int_equal(entry->event.change, VM_CHANGE_NEW);
	assert_int_equal(entry->event.mapping.start, 0x1000);
	assert_int_equal(vm_mapping_size(&entry->event.mapping), 0x2000);
	assert_int_equal(entry->event.realtime_ns, 1000000000);
	assert_memory_equal(entry->event.mapping.perms, "rw-p", 4);
	assert_int_equal(entry->event.old_perms[0], 0);
	assert_int_equal(entry->event.mapping.backing, VM_BACKING_FILE);
	assert_string_equal(entry->text, "/lib/?.so");
}

TEST(log_entries_tell_old_permissions_where_they_changed)
{
	static const struct {
		const char *before, *after, *old_perms;
		size_t entries;
	} cases[] = {
		{ A("rw-p"), A("r--p"), "rw-p", 1 },
		{ AB("rw-p"), A("r--p"), "rw-p", 1 },
		{ A("rw-p"), AB("rw-p"), "\0\0\0\0", 1 },
		{ A("rw-p") B("r--p"), AB("r--p"), "rw-p", 1 },
		/* The first part is as it was: that is not what changed. */
		{ A("rw-p") B("r--p") C("rw-p"), ABC("rw-p"), "\0\0\0\0", 1 },
		{ A("rw-p") C("rw-p"), ABC("rw-p"), "\0\0\0\0", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

		feed(&data, cases[i].before);
		feed(&data, cases[i].after);
		assert_int_equal(data.log_count, cases[i].entries);
		assert_memory_equal(last_entry(&data)->event.old_perms, cases[i].old_perms, 4);
	}
}

TEST(log_entries_of_splits_and_merges_count_the_pieces)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, ABC("rw-p"));
	feed(&data, A("rw-p") B("r--p") C("rw-p"));
	assert_int_equal(last_entry(&data)->event.change, VM_CHANGE_SPLIT);
	assert_int_equal(last_entry(&data)->event.pieces, 3);
	assert_int_equal(vm_mapping_size(&last_entry(&data)->event.mapping), 0x3000);
	feed(&data, ABC("rw-p"));
	assert_int_equal(last_entry(&data)->event.change, VM_CHANGE_MERGED);
	assert_int_equal(last_entry(&data)->event.pieces, 3);
	feed(&data, A("rw-p") C("rw-p"));
	assert_int_equal(last_entry(&data)->event.change, VM_CHANGE_SPLIT);
	assert_int_equal(last_entry(&data)->event.delta, -0x1000);
	assert_int_equal(data.log_count, 3);
}

TEST(another_program_starts_afresh_with_a_remark)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample sample = sample_of(C("rw-p") X);

	feed(&data, A("rw-p") B("r--p") X);
	feed(&data, B("r--p") X);
	assert_int_equal(data.log_count, 1);
	sample.program++;
	vm_buf_clear(&sample.process.comm);
	vm_buf_put_text(&sample.process.comm, "new\x1b");
	assert_int_equal(tui_data_take(&data, &sample), 0);
	assert_int_equal(data.log_count, 2);
	assert_int_equal(last_entry(&data)->event.change, VM_CHANGE_COUNT);
	assert_string_equal(last_entry(&data)->text, "executed new?: the list starts afresh");
	assert_marks(&data, "  ");
	assert_int_equal(data.ghost_count, 0);
	assert_int_equal(data.now.count, 2);
	assert_int_equal(data.history_count, 1);
	feed(&data, C("rw-p") X);
	assert_int_equal(data.history_count, 1);
}

TEST(another_program_that_may_not_be_read_is_told_as_well)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample denied = sample_of("");

	feed(&data, A("rw-p") X);
	denied.program++;
	denied.error = -EACCES;
	assert_int_equal(tui_data_take(&data, &denied), 0);
	assert_int_equal(data.error, -EACCES);
	assert_int_equal(data.log_count, 1);
	assert_int_equal(last_entry(&data)->event.change, VM_CHANGE_COUNT);
	assert_int_equal(data.now.count, 0);
}

TEST(what_cannot_be_read_any_more_is_not_gone)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample denied = sample_of("");

	feed(&data, A("rw-p") X);
	denied.error = -EACCES;
	assert_int_equal(tui_data_take(&data, &denied), 0);
	assert_int_equal(data.error, -EACCES);
	assert_int_equal(data.log_count, 0);
	assert_int_equal(data.ghost_count, 0);
	feed(&data, A("rw-p") X);
	assert_int_equal(data.error, 0);
	assert_int_equal(data.log_count, 0);
	assert_marks(&data, "  ");
}

/* The others go on, with all that is mapped. */
TEST(the_end_of_the_main_thread_alone_is_no_change)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample zombie = sample_of("");

	feed(&data, A("rw-p") X);
	zombie.process.state = 'Z';
	zombie.process.threads = 3;
	assert_int_equal(tui_data_take(&data, &zombie), 0);
	assert_false(data.gone);
	assert_int_equal(data.now.count, 0);
	assert_int_equal(data.ghost_count, 0);
	assert_int_equal(data.log_count, 0);
}

static struct tui_sample gone_sample(const char *text)
{
	struct tui_sample sample = sample_of(text);

	sample.gone = true;
	sample.realtime_ns = 5000000000;
	return sample;
}

TEST(the_end_of_the_process_keeps_the_last_snapshot)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p") B("rw-p"));

	feed(&data, A("rw-p") X);
	assert_int_equal(tui_data_take(&data, &end), 0);
	assert_true(data.gone);
	assert_int_equal(data.gone_ns, 5000000000);
	assert_int_equal(data.now.count, 2);
	assert_int_equal(data.total.sums[VM_FIELD_RSS], 8192);
	assert_int_equal(data.ghost_count, 0);
	assert_int_equal(data.process.pid, 7);
	assert_string_equal(last_entry(&data)->text, "the process has ended");
}

/* Numbers that were merged are borrowed from a reading that ends without being taken. */
TEST(numbers_that_had_arrived_outlive_the_process)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p"));

	feed(&data, ANON("1000-2000", "rw-p", "") FILE_AT("9000-a000", "r-xp", "5", "/bin/x"));
	data.now.mappings[0].usage = end.snapshot.mappings[0].usage;
	assert_int_equal(tui_data_take(&data, &end), 0);
	tui_data_sum(&data);
	assert_int_equal(vm_usage_get(&data.now.mappings[0].usage, VM_FIELD_RSS), 4096);
	assert_int_equal(data.total.sums[VM_FIELD_RSS], 4096);
}

/* Whatever the process mapped, the top of its address space was there to its end. */
TEST(what_was_read_to_its_end_is_the_last_snapshot)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p") B("rw-p") X);

	feed(&data, A("rw-p") X);
	end.error = -ESRCH;
	assert_int_equal(tui_data_take(&data, &end), 0);
	assert_true(data.gone);
	assert_int_equal(data.error, 0);
	assert_int_equal(data.now.count, 3);
	assert_string_equal(last_entry(&data)->text, "the process has ended");
}

TEST(of_a_process_that_ended_at_once_all_that_was_read_is_shown)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p"));

	assert_int_equal(tui_data_take(&data, &end), 0);
	assert_true(data.gone && data.has_now);
	assert_int_equal(data.now.count, 1);
}

TEST(a_program_that_ended_at_once_is_not_the_one_before)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p"));

	feed(&data, B("r--p") X);
	end.program++;
	assert_int_equal(tui_data_take(&data, &end), 0);
	assert_true(data.gone);
	assert_int_equal(data.now.count, 1);
	assert_int_equal(data.ghost_count, 0);
}

TEST(facts_that_are_not_there_any_more_are_those_of_before)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample end = gone_sample(A("rw-p") X);

	feed(&data, A("rw-p") X);
	vm_process_deinit(&end.process);
	assert_int_equal(tui_data_take(&data, &end), 0);
	assert_int_equal(data.process.pid, 7);
	assert_slice(vm_buf_str(&data.process.comm), "test");
}

static void remark(struct tui_data *data, int count)
{
	for (int i = 0; i < count; i++) {
		vm_cleanup(vm_buf_deinit) struct vm_buf text = { 0 };

		vm_buf_put_dec(&text, data->log_total, 0, ' ');
		vm_buf_put_char(&text, '\0');
		tui_data_remark(data, 1, text.p);
	}
}

TEST(of_a_full_log_the_oldest_entries_make_room)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	remark(&data, TUI_LOG_LIMIT);
	assert_int_equal(data.log_count, TUI_LOG_LIMIT);
	assert_string_equal(data.log[0].text, "0");
	remark(&data, 1);
	assert_int_equal(data.log_count, TUI_LOG_LIMIT - TUI_LOG_LIMIT / 10 + 1);
	assert_int_equal(data.log_total, TUI_LOG_LIMIT + 1);
	assert_string_equal(data.log[0].text, "1000");
	assert_string_equal(last_entry(&data)->text, "10000");
	remark(&data, 3 * TUI_LOG_LIMIT);
	assert_in_range(data.log_count, TUI_LOG_LIMIT / 10 * 9, TUI_LOG_LIMIT);
	assert_int_equal(data.log_total, 4 * TUI_LOG_LIMIT + 1);
	assert_string_equal(last_entry(&data)->text, "40000");
}

TEST(sums_are_those_of_the_latest_reading)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, A("rw-p") C("rw-p") X);
	feed(&data, AB("rw-p") X);
	assert_int_equal(data.total.count, 2);
	assert_int_equal(data.total.size, 0x3000);
	assert_int_equal(data.total.sums[VM_FIELD_RSS], 12288);
	assert_int_equal(data.by_kind[VM_KIND_ANON].count, 1);
	assert_int_equal(data.by_kind[VM_KIND_ANON].sums[VM_FIELD_RSS], 8192);
	assert_int_equal(data.by_kind[VM_KIND_CODE].size, 0x1000);
}

TEST(history_keeps_the_latest_readings_that_have_numbers)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, ANON("1000-2000", "rw-p", ""));
	assert_int_equal(data.history_count, 0);
	assert_int_equal(data.refreshes, 0);
	feed(&data, AB("rw-p"));
	for (int i = 0; i < TUI_HISTORY; i++) {
		assert_int_equal(data.history[0], 8192);
		feed(&data, A("rw-p"));
	}
	assert_int_equal(data.history_count, TUI_HISTORY);
	assert_int_equal(data.history[0], 4096);
	assert_int_equal(data.refreshes, TUI_HISTORY + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_marks_the_mappings_that_it_is_about),
		cmocka_unit_test(the_first_reading_is_no_change),
		cmocka_unit_test(a_mark_is_seen_for_two_refreshes),
		cmocka_unit_test(a_later_change_replaces_the_mark),
		cmocka_unit_test(what_is_gone_is_seen_for_two_refreshes),
		cmocka_unit_test(what_is_gone_keeps_its_name_and_kind_but_no_numbers),
		cmocka_unit_test(log_entries_tell_what_where_and_how_much),
		cmocka_unit_test(log_entries_tell_old_permissions_where_they_changed),
		cmocka_unit_test(log_entries_of_splits_and_merges_count_the_pieces),
		cmocka_unit_test(another_program_starts_afresh_with_a_remark),
		cmocka_unit_test(another_program_that_may_not_be_read_is_told_as_well),
		cmocka_unit_test(what_cannot_be_read_any_more_is_not_gone),
		cmocka_unit_test(the_end_of_the_main_thread_alone_is_no_change),
		cmocka_unit_test(the_end_of_the_process_keeps_the_last_snapshot),
		cmocka_unit_test(what_was_read_to_its_end_is_the_last_snapshot),
		cmocka_unit_test(of_a_process_that_ended_at_once_all_that_was_read_is_shown),
		cmocka_unit_test(a_program_that_ended_at_once_is_not_the_one_before),
		cmocka_unit_test(facts_that_are_not_there_any_more_are_those_of_before),
		cmocka_unit_test(numbers_that_had_arrived_outlive_the_process),
		cmocka_unit_test(of_a_full_log_the_oldest_entries_make_room),
		cmocka_unit_test(sums_are_those_of_the_latest_reading),
		cmocka_unit_test(history_keeps_the_latest_readings_that_have_numbers),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
