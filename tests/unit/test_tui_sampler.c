#include "tui_support.h"

#include <pwd.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "vmview/build_id.h"

static void assert_next(struct tui_sampler *sampler, enum vm_detail detail)
{
	vm_cleanup(tui_sample_deinit) struct tui_sample sample = next_sample(sampler);

	assert_int_equal(sample.error, 0);
	assert_false(sample.gone);
	assert_int_equal(sample.detail, detail);
	assert_true(sample.snapshot.count > 3);
	assert_int_equal(vm_usage_has(&sample.snapshot.mappings[0].usage, VM_FIELD_RSS),
			 detail == VM_DETAIL_SMAPS);
}

/* Another one may have been under way. */
static void skip_until(struct tui_sampler *sampler, enum vm_detail detail)
{
	enum vm_detail got;
	int left = 3;

	do {
		vm_cleanup(tui_sample_deinit) struct tui_sample sample = next_sample(sampler);

		got = sample.detail;
		assert_true(left-- > 0);
	} while (got != detail);
}

static void await_build_id(struct tui_sampler *sampler, uint64_t wanted_start,
			   char build_id[TUI_BUILD_ID_SIZE])
{
	uint64_t start = 0;

	while (!tui_sampler_take_build_id(sampler, &start, build_id)) {
		struct tui_sample sample;

		assert_true(tells_within(sampler, SOON_MS));
		if (tui_sampler_take(sampler, &sample))
			tui_sample_deinit(&sample);
	}
	assert_int_equal(start, wanted_start);
	assert_false(tui_sampler_take_build_id(sampler, &start, build_id));
}

/* It is paused: wait until what was under way is over. Questions are answered between readings only. */
static void drain(struct tui_sampler *sampler)
{
	char build_id[TUI_BUILD_ID_SIZE];
	struct tui_sample sample;

	tui_sampler_ask_build_id(sampler, 0x1000, 0x2000);
	await_build_id(sampler, 0x1000, build_id);
	if (tui_sampler_take(sampler, &sample))
		tui_sample_deinit(&sample);
}

TEST(the_first_reading_is_of_maps_and_the_second_of_smaps)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, HOUR);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	assert_next(watched.sampler, VM_DETAIL_SMAPS);
}

TEST(after_the_first_all_readings_are_of_smaps)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, SHORT);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	for (int i = 0; i < 4; i++)
		assert_next(watched.sampler, VM_DETAIL_SMAPS);
}

TEST(a_reading_tells_facts_time_and_cost)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample sample = { 0 };
	struct timespec now;

	watch(&watched, 1, HOUR);
	sample = next_sample(watched.sampler);
	clock_gettime(CLOCK_REALTIME, &now);
	assert_int_equal(sample.process.pid, watched.pid);
	assert_true(sample.process.threads > 0);
	assert_true(sample.realtime_ns <= now.tv_sec * INT64_C(1000000000) + now.tv_nsec);
	assert_true(sample.realtime_ns > (now.tv_sec - 100) * INT64_C(1000000000));
	assert_true(sample.cost_ns > 0);
	assert_int_equal(sample.interval_ns, HOUR);
}

/* The very process that reads: its list changes while it is being read. */
TEST(the_own_process_can_be_read)
{
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	struct tui_sampler *sampler;

	assert_int_equal(vm_source_open_process(getpid(), &source), 0);
	assert_int_equal(tui_sampler_new(&source, HOUR, false, &sampler), 0);
	assert_next(sampler, VM_DETAIL_MAPS);
	assert_next(sampler, VM_DETAIL_SMAPS);
	assert_null(tui_sampler_free(sampler));
	assert_null(tui_sampler_free(NULL));
}

TEST(a_saved_capture_is_read_once_with_its_numbers)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "capture");
	vm_cleanup(vm_source_close) struct vm_source source = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample sample = { 0 };
	struct tui_sampler *sampler;

	folder_write(&folder, "capture", ANON("1000-2000", "rw-p", "") KB("Rss", 4));
	assert_int_equal(vm_source_open_saved(path, &source), 0);
	assert_int_equal(tui_sampler_new(&source, SHORT, false, &sampler), 0);
	sample = next_sample(sampler);
	assert_int_equal(sample.detail, VM_DETAIL_SMAPS);
	assert_int_equal(sample.snapshot.count, 1);
	assert_false(sample.gone);
	tui_sampler_hurry(sampler);
	assert_false(tells_within(sampler, NEVER_MS));
	tui_sampler_free(sampler);
}

TEST(maps_only_leaves_the_numbers_out_until_they_are_wanted)
{
	vm_cleanup(watched_deinit) struct watched watched = { .maps_only = true };

	watch(&watched, 1, HOUR);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	tui_sampler_hurry(watched.sampler);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	tui_sampler_set_maps_only(watched.sampler, false);
	skip_until(watched.sampler, VM_DETAIL_SMAPS);
	tui_sampler_set_maps_only(watched.sampler, true);
	skip_until(watched.sampler, VM_DETAIL_MAPS);
}

TEST(a_shorter_interval_holds_at_once)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, HOUR);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	assert_next(watched.sampler, VM_DETAIL_SMAPS);
	tui_sampler_set_interval(watched.sampler, SHORT);
	for (int i = 0; i < 3; i++)
		assert_next(watched.sampler, VM_DETAIL_SMAPS);
}

TEST(a_paused_sampler_reads_only_when_it_is_hurried)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, SHORT);
	assert_next(watched.sampler, VM_DETAIL_MAPS);
	tui_sampler_set_paused(watched.sampler, true);
	drain(watched.sampler);
	for (int i = 0; i < 2; i++) {
		tui_sampler_hurry(watched.sampler);
		assert_next(watched.sampler, VM_DETAIL_SMAPS);
		assert_false(tells_within(watched.sampler, NEVER_MS));
	}
	tui_sampler_set_paused(watched.sampler, false);
	for (int i = 0; i < 3; i++)
		assert_next(watched.sampler, VM_DETAIL_SMAPS);
}

/* Whoever changes one setting tells all of them. */
TEST(a_setting_that_stays_what_it_is_reads_nothing)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, SHORT);
	tui_sampler_set_paused(watched.sampler, true);
	drain(watched.sampler);
	tui_sampler_set_paused(watched.sampler, true);
	tui_sampler_set_maps_only(watched.sampler, false);
	tui_sampler_set_interval(watched.sampler, SHORT);
	assert_false(tells_within(watched.sampler, NEVER_MS));
}

TEST(a_costly_reading_stretches_the_interval)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample maps = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample smaps = { 0 };

	watch(&watched, MANY, SHORT);
	maps = next_sample(watched.sampler);
	smaps = next_sample(watched.sampler);
	assert_true(smaps.snapshot.count > MANY);
	assert_true(smaps.interval_ns > SHORT);
	assert_true(smaps.interval_ns > maps.interval_ns);
}

/* Numbers */

static size_t count_numbers(const struct vm_snapshot *snapshot)
{
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		count += vm_usage_has(&snapshot->mappings[i].usage, VM_FIELD_RSS);
	return count;
}

TEST(numbers_are_merged_while_they_are_being_read)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample maps = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample smaps = { 0 };
	size_t merged;

	watch(&watched, MANY, HOUR);
	maps = next_sample(watched.sampler);
	assert_int_equal(count_numbers(&maps.snapshot), 0);
	merge_some(watched.sampler, &maps.snapshot);
	merged = count_numbers(&maps.snapshot);
	assert_in_range(merged, 1, maps.snapshot.count);
	/* From the lowest on. */
	assert_true(vm_usage_has(&maps.snapshot.mappings[merged - 1].usage, VM_FIELD_RSS));
	smaps = next_sample(watched.sampler);
	assert_int_equal(smaps.detail, VM_DETAIL_SMAPS);
	assert_int_equal(tui_sampler_merge(watched.sampler, &maps.snapshot), 0);
	/* They are borrowed from the reading that was taken. */
	for (size_t i = 0; i < merged; i++)
		assert_int_equal(vm_usage_get(&maps.snapshot.mappings[i].usage, VM_FIELD_RSS),
				 vm_usage_get(&smaps.snapshot.mappings[i].usage, VM_FIELD_RSS));
}

/* Questions */

/* Where it may not be known the answer is that there is none. */
static void check_build_id(struct watched *watched, const struct vm_mapping *mapping)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf wanted = { 0 };
	char build_id[TUI_BUILD_ID_SIZE] = "?";

	vm_build_id_read(&watched->source, mapping->start, mapping->end, &wanted);
	tui_sampler_ask_build_id(watched->sampler, mapping->start, mapping->end);
	await_build_id(watched->sampler, mapping->start, build_id);
	assert_same(vm_str_from(build_id), vm_buf_str(&wanted));
}

TEST(a_question_is_answered_between_readings_though_they_are_paused)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	vm_cleanup(tui_sample_deinit) struct tui_sample maps = { 0 };

	watch(&watched, 1, HOUR);
	maps = next_sample(watched.sampler);
	tui_sampler_set_paused(watched.sampler, true);
	for (size_t i = 0; i < maps.snapshot.count; i++) {
		if (maps.snapshot.mappings[i].kind == VM_KIND_CODE)
			check_build_id(&watched, &maps.snapshot.mappings[i]);
	}
	check_build_id(&watched, &maps.snapshot.mappings[maps.snapshot.count - 1]);
}

TEST(of_two_questions_the_last_is_answered)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	char build_id[TUI_BUILD_ID_SIZE] = "?";

	watch(&watched, 1, HOUR);
	for (uint64_t start = 0x1000; start <= 0x20000; start += 0x1000)
		tui_sampler_ask_build_id(watched.sampler, start, start + 0x1000);
	await_build_id(watched.sampler, 0x20000, build_id);
	assert_string_equal(build_id, "");
}

TEST(the_owner_is_told_once)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	const struct passwd *user = getpwuid(geteuid());
	char name[TUI_USER_SIZE];

	watch(&watched, 1, SHORT);
	while (!tui_sampler_take_user(watched.sampler, name)) {
		struct tui_sample sample = next_sample(watched.sampler);

		tui_sample_deinit(&sample);
	}
	if (user)
		assert_string_equal(name, user->pw_name);
	else
		assert_int_equal(atoi(name), geteuid());
	for (int i = 0; i < 4; i++) {
		struct tui_sample sample = next_sample(watched.sampler);

		tui_sample_deinit(&sample);
	}
	assert_false(tui_sampler_take_user(watched.sampler, name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_reading_is_of_maps_and_the_second_of_smaps),
		cmocka_unit_test(after_the_first_all_readings_are_of_smaps),
		cmocka_unit_test(a_reading_tells_facts_time_and_cost),
		cmocka_unit_test(the_own_process_can_be_read),
		cmocka_unit_test(a_saved_capture_is_read_once_with_its_numbers),
		cmocka_unit_test(maps_only_leaves_the_numbers_out_until_they_are_wanted),
		cmocka_unit_test(a_shorter_interval_holds_at_once),
		cmocka_unit_test(a_paused_sampler_reads_only_when_it_is_hurried),
		cmocka_unit_test(a_setting_that_stays_what_it_is_reads_nothing),
		cmocka_unit_test(a_costly_reading_stretches_the_interval),
		cmocka_unit_test(numbers_are_merged_while_they_are_being_read),
		cmocka_unit_test(a_question_is_answered_between_readings_though_they_are_paused),
		cmocka_unit_test(of_two_questions_the_last_is_answered),
		cmocka_unit_test(the_owner_is_told_once),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
