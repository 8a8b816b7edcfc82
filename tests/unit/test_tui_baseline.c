#include "tui_support.h"

#include <stdio.h>
#include <stdlib.h>

#define MAPPING(range, kb) ANON(range, "rw-p", "") KB("Rss", kb)

/* The deltas of all mappings in kB, `?` where there is none. */
static struct vm_buf deltas_of(const struct tui_data *data)
{
	struct vm_buf text = { 0 };

	for (size_t i = 0; i < data->now.count; i++) {
		char number[32] = "?";
		int64_t delta;

		if (tui_data_delta(data, &data->now.mappings[i], &delta))
			snprintf(number, sizeof(number), "%+d", (int)(delta / 1024));
		vm_buf_put_text(&text, i ? " " : "");
		vm_buf_put_text(&text, number);
	}
	return text;
}

#define assert_deltas(data, wanted) check_deltas((data), (wanted), __FILE__, __LINE__)

static void check_deltas(const struct tui_data *data, const char *wanted, const char *file,
			 int line)
{
	vm_cleanup(vm_buf_deinit) struct vm_buf text = deltas_of(data);

	check_slice(vm_buf_str(&text), vm_str_from(wanted), file, line);
}

TEST(memory_is_counted_once_whatever_became_of_its_mapping)
{
	static const struct {
		const char *before, *after, *deltas;
	} cases[] = {
		{ MAPPING("1000-4000", 12), MAPPING("1000-4000", 12), "+0" },
		{ MAPPING("1000-4000", 12), MAPPING("1000-4000", 4), "-8" },
		/* grown at either end */
		{ MAPPING("1000-2000", 4), MAPPING("1000-4000", 12), "+8" },
		{ MAPPING("3000-4000", 4), MAPPING("1000-4000", 12), "+8" },
		/* new, and new above what was there */
		{ MAPPING("1000-2000", 4), MAPPING("1000-2000", 4) MAPPING("2000-4000", 8),
		  "+0 +8" },
		{ MAPPING("3000-4000", 4), MAPPING("1000-2000", 4) MAPPING("3000-4000", 8),
		  "+4 +4" },
		/* split: all of it was the first part's */
		{ MAPPING("1000-4000", 12),
		  MAPPING("1000-2000", 4) MAPPING("2000-3000", 4) MAPPING("3000-4000", 4),
		  "-8 +4 +4" },
		/* merged */
		{ MAPPING("1000-2000", 4) MAPPING("2000-4000", 8), MAPPING("1000-4000", 12), "+0" },
		{ MAPPING("1000-2000", 4) MAPPING("3000-4000", 4), MAPPING("1000-4000", 12), "+4" },
		/* unmapped at the front, at the end, in the middle */
		{ MAPPING("1000-4000", 12), MAPPING("2000-4000", 8), "-4" },
		{ MAPPING("1000-4000", 12), MAPPING("1000-3000", 8), "-4" },
		{ MAPPING("1000-4000", 12), MAPPING("1000-2000", 4) MAPPING("3000-4000", 4),
		  "-8 +4" },
		{ MAPPING("1000-4000", 12), MAPPING("2000-3000", 4) MAPPING("3000-4000", 4),
		  "-8 +4" },
		/* the boundary between neighbours moved */
		{ MAPPING("1000-2000", 4) MAPPING("2000-4000", 12),
		  MAPPING("1000-3000", 8) MAPPING("3000-4000", 4), "-8 +4" },
		{ MAPPING("1000-3000", 8) MAPPING("3000-4000", 4),
		  MAPPING("1000-2000", 4) MAPPING("2000-4000", 8), "-4 +4" },
		/* without numbers */
		{ MAPPING("1000-2000", 4), MAPPING("1000-2000", 4) ANON("2000-3000", "rw-p", ""),
		  "+0 ?" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

		feed(&data, cases[i].before);
		feed(&data, cases[i].after);
		assert_deltas(&data, cases[i].deltas);
	}
}

TEST(there_is_no_delta_before_there_are_numbers)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, ANON("1000-2000", "rw-p", ""));
	assert_deltas(&data, "?");
	assert_false(data.has_base);
	feed(&data, MAPPING("1000-2000", 4));
	assert_true(data.has_base);
	assert_deltas(&data, "+0");
}

TEST(a_new_baseline_counts_from_then_on)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };

	feed(&data, MAPPING("1000-4000", 4));
	feed(&data, MAPPING("1000-4000", 8));
	assert_deltas(&data, "+4");
	assert_int_equal(tui_data_set_base(&data), 0);
	assert_deltas(&data, "+0");
	feed(&data, MAPPING("1000-4000", 12));
	assert_deltas(&data, "+4");
	feed(&data, MAPPING("1000-4000", 0));
	assert_deltas(&data, "-8");
}

TEST(with_a_baseline_that_was_chosen_the_sum_of_what_grows_on_is_told)
{
	vm_cleanup(tui_app_deinit) struct tui_app app = app_with(MAPPING("10000-20000", 64));

	app_feed(&app, MAPPING("10000-30000", 128));
	draw(&app);
	assert_true(has_text(&app.canvas, "grown"));
	press(&app, "b");
	draw(&app);
	assert_true(has_text(&app.canvas, "grown"));
	app_feed(&app, MAPPING("10000-40000", 192));
	app_feed(&app, MAPPING("10000-50000", 256));
	draw(&app);
	assert_true(has_text(&app.canvas, ">^"));
	assert_true(has_text(&app.canvas, "+128K"));
	assert_false(has_text(&app.canvas, "grown"));
}

TEST(another_program_gets_a_baseline_of_its_own)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample sample = sample_of(MAPPING("1000-4000", 12));

	feed(&data, MAPPING("1000-4000", 4));
	sample.program++;
	assert_int_equal(tui_data_take(&data, &sample), 0);
	assert_deltas(&data, "+0");
}

/* What could not be read is not a process without memory. */
TEST(a_reading_that_failed_is_no_baseline)
{
	vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
	struct tui_sample denied = sample_of("");

	denied.detail = VM_DETAIL_SMAPS;
	denied.error = -13;
	assert_int_equal(tui_data_take(&data, &denied), 0);
	assert_false(data.has_base);
	feed(&data, MAPPING("1000-4000", 12));
	assert_deltas(&data, "+0");
}

/* Layouts of 32 pages, at random but always the same. */
struct layout {
	struct vm_buf text;
	struct {
		uint64_t start, end, rss;
	} mappings[32];
	size_t count;
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

static void make_layout(uint32_t *seed, struct layout *layout)
{
	layout->count = 0;
	vm_buf_clear(&layout->text);
	for (uint64_t page = 1; page < 32;) {
		uint64_t length = 1 + next_random(seed) % 5, rss = next_random(seed) % 30;
		char line[96];

		if (next_random(seed) % 3) {
			snprintf(line, sizeof(line), "%x-%x rw-p 0 0:0 0\nRss: %u kB\n",
				 (unsigned)page * 4096, (unsigned)(page + length) * 4096,
				 (unsigned)rss);
			vm_buf_put_text(&layout->text, line);
			layout->mappings[layout->count].start = page * 4096;
			layout->mappings[layout->count].end = (page + length) * 4096;
			layout->mappings[layout->count++].rss = rss * 1024;
		}
		page += length;
	}
	vm_buf_put_char(&layout->text, '\0');
}

/* RSS now, less that of each mapping of before of which anything is left. */
static int64_t wanted_sum(const struct layout *before, const struct layout *after)
{
	int64_t sum = 0;

	for (size_t i = 0; i < after->count; i++)
		sum += (int64_t)after->mappings[i].rss;
	for (size_t i = 0; i < before->count; i++) {
		bool left = false;

		for (size_t j = 0; j < after->count; j++)
			left |= after->mappings[j].start < before->mappings[i].end &&
				after->mappings[j].end > before->mappings[i].start;
		sum -= left ? (int64_t)before->mappings[i].rss : 0;
	}
	return sum;
}

static void layout_deinit(struct layout *layout)
{
	vm_buf_deinit(&layout->text);
}

TEST(deltas_add_up_to_what_was_won_and_lost)
{
	vm_cleanup(layout_deinit) struct layout before = { 0 };
	vm_cleanup(layout_deinit) struct layout after = { 0 };
	uint32_t seed = 1;

	for (int i = 0; i < 2000; i++) {
		vm_cleanup(tui_data_deinit) struct tui_data data = { 0 };
		int64_t sum = 0, delta;

		make_layout(&seed, &before);
		make_layout(&seed, &after);
		if (!before.count || !after.count)
			continue;
		feed(&data, before.text.p);
		feed(&data, after.text.p);
		for (size_t j = 0; j < data.now.count; j++) {
			assert_true(tui_data_delta(&data, &data.now.mappings[j], &delta));
			sum += delta;
		}
		assert_int_equal(sum, wanted_sum(&before, &after));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_counted_once_whatever_became_of_its_mapping),
		cmocka_unit_test(there_is_no_delta_before_there_are_numbers),
		cmocka_unit_test(a_new_baseline_counts_from_then_on),
		cmocka_unit_test(with_a_baseline_that_was_chosen_the_sum_of_what_grows_on_is_told),
		cmocka_unit_test(another_program_gets_a_baseline_of_its_own),
		cmocka_unit_test(a_reading_that_failed_is_no_baseline),
		cmocka_unit_test(deltas_add_up_to_what_was_won_and_lost),
	};

	return cmocka_run_group_tests(tests, tui_setup, NULL);
}
