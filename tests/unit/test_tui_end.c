/*
 * How a reading ends: with the process, with the program that it runs, or with the sampler.
 */
#include "tui_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* What matters of a reading here. */
struct look {
	size_t count;
	bool gone;
};

static struct look next_look(struct tui_sampler *sampler)
{
	vm_cleanup(tui_sample_deinit) struct tui_sample sample = next_sample(sampler);

	return (struct look){ sample.snapshot.count, sample.gone };
}

static void skip_until_gone(struct tui_sampler *sampler)
{
	while (!next_look(sampler).gone)
		;
}

TEST(numbers_merged_before_the_process_ended_stay_readable)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample sample;

	watch(&watched, MANY, HOUR);
	sample = next_sample(watched.sampler);
	assert_int_equal(tui_data_take(&data, &sample), 0);
	merge_some(watched.sampler, &data.now);
	stop_child(&watched);
	for (;;) {
		sample = next_sample(watched.sampler);
		assert_int_equal(tui_data_take(&data, &sample), 0);
		if (data.gone)
			break;
		tui_sampler_hurry(watched.sampler);
	}
	tui_data_sum(&data);
	assert_true(data.now.count > MANY);
	assert_true(vm_usage_has(&data.now.mappings[0].usage, VM_FIELD_RSS));
}

/* What was read of the old program when it went is not shown, but its numbers have been. */
TEST(numbers_merged_before_the_process_executed_stay_readable)
{
	vm_cleanup(watched_deinit) struct watched watched = { .executes = true };
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample sample;

	watch(&watched, MANY, HOUR);
	sample = next_sample(watched.sampler);
	assert_int_equal(tui_data_take(&data, &sample), 0);
	merge_some(watched.sampler, &data.now);
	close(watched.go);
	watched.go = -1;
	while (!tui_sampler_take(watched.sampler, &sample))
		assert_true(tells_within(watched.sampler, SOON_MS));
	for (size_t i = 0; i < data.now.count; i++)
		assert_true(data.now.mappings[i].vm_flags.len < 1000);
	tui_data_sum(&data);
	assert_int_equal(tui_data_take(&data, &sample), 0);
}

TEST(the_end_of_the_process_is_told_and_nothing_after_it)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, SHORT);
	assert_true(next_look(watched.sampler).count > 0);
	stop_child(&watched);
	skip_until_gone(watched.sampler);
	tui_sampler_hurry(watched.sampler);
	assert_false(tells_within(watched.sampler, NEVER_MS));
}

/* Its memory goes before it is a zombie, and its main thread, by which it is read, may go before the others. */
static void end_while_reading(bool threaded, bool again)
{
	vm_cleanup(watched_deinit) struct watched watched = { .threaded = threaded };
	struct look first, look;

	watch(&watched, MANY, SHORT);
	first = next_look(watched.sampler);
	if (again)
		next_look(watched.sampler);
	assert_int_equal(kill(watched.pid, SIGKILL), 0);
	do {
		tui_sampler_hurry(watched.sampler);
		look = next_look(watched.sampler);
		assert_true(look.gone || look.count == first.count);
	} while (!look.gone);
}

TEST(a_process_that_ends_is_never_seen_with_half_of_its_mappings)
{
	for (int i = 0; i < 6; i++)
		end_while_reading(false, i % 2);
}

TEST(a_process_with_threads_is_never_seen_with_half_of_its_mappings)
{
	for (int i = 0; i < 12; i++)
		end_while_reading(true, i % 2);
}

TEST(a_process_that_nobody_waited_for_has_ended)
{
	vm_cleanup(watched_deinit) struct watched watched = { 0 };

	watch(&watched, 1, SHORT);
	assert_true(next_look(watched.sampler).count > 0);
	assert_int_equal(kill(watched.pid, SIGKILL), 0);
	skip_until_gone(watched.sampler);
}

TEST(a_process_that_executes_another_program_starts_afresh)
{
	vm_cleanup(watched_deinit) struct watched watched = { .executes = true };
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample sample;

	watch(&watched, 1, SHORT);
	sample = next_sample(watched.sampler);
	assert_int_equal(tui_data_take(&data, &sample), 0);
	close(watched.go);
	watched.go = -1;
	while (data.log_count == 0 ||
	       data.log[data.log_count - 1].event.change != VM_CHANGE_COUNT) {
		sample = next_sample(watched.sampler);
		assert_int_equal(tui_data_take(&data, &sample), 0);
		assert_false(data.gone);
	}
	assert_string_equal(data.log[data.log_count - 1].text,
			    "executed sleep: the list starts afresh");
	assert_int_equal(data.ghost_count, 0);
}

TEST(freeing_gives_up_a_reading_at_any_time)
{
	struct watched watched = { 0 };

	start_child(&watched, MANY);
	for (int i = 0; i < 24; i++) {
		struct tui_sample sample;

		assert_int_equal(vm_source_open_process(watched.pid, &watched.source), 0);
		assert_int_equal(tui_sampler_new(&watched.source, SHORT, false, &watched.sampler),
				 0);
		if (i % 3 > 0)
			assert_true(tells_within(watched.sampler, SOON_MS));
		if (i % 3 > 1 && tui_sampler_take(watched.sampler, &sample)) {
			merge_some(watched.sampler, &sample.snapshot);
			tui_sample_deinit(&sample);
		}
		watched.sampler = tui_sampler_free(watched.sampler);
		vm_source_close(&watched.source);
	}
	watched_deinit(&watched);
}

/* A pipe into which nobody writes until the end of the test. */
TEST(a_reading_that_does_not_end_is_left_behind)
{
	vm_cleanup(folder_deinit) struct folder folder = folder_make();
	vm_cleanup(text_free) char *path = folder_join(&folder, "pipe");
	struct vm_source source = { 0 };
	struct tui_sampler *sampler;
	int writer;

	assert_int_equal(mkfifo(path, 0600), 0);
	writer = open(path, O_RDWR | O_CLOEXEC);
	assert_true(writer >= 0);
	assert_int_equal(vm_source_open_saved(path, &source), 0);
	assert_int_equal(tui_sampler_new(&source, SHORT, false, &sampler), 0);
	vm_source_close(&source);
	tui_sampler_ask_build_id(sampler, 0x1000, 0x2000);
	assert_null(tui_sampler_free(sampler));
	/* It has a descriptor of its own, and ends with the pipe. */
	close(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_merged_before_the_process_ended_stay_readable),
		cmocka_unit_test(numbers_merged_before_the_process_executed_stay_readable),
		cmocka_unit_test(the_end_of_the_process_is_told_and_nothing_after_it),
		cmocka_unit_test(a_process_that_ends_is_never_seen_with_half_of_its_mappings),
		cmocka_unit_test(a_process_with_threads_is_never_seen_with_half_of_its_mappings),
		cmocka_unit_test(a_process_that_nobody_waited_for_has_ended),
		cmocka_unit_test(a_process_that_executes_another_program_starts_afresh),
		cmocka_unit_test(freeing_gives_up_a_reading_at_any_time),
		cmocka_unit_test(a_reading_that_does_not_end_is_left_behind),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
